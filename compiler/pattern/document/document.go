// Package document reads YAML for the front ends of patterns: in comes a source
// file, out goes a tree of nodes that know their exact place, and everything
// that is wrong with the text.
//
// Values follow the core schema of YAML 1.2, whatever the reader below thinks:
// yes, no, dates and 1.2.3 are text, 010 is ten. gopkg.in/yaml.v3 makes the
// nodes; where they end, and where each byte of a decoded text came from, is
// worked out here from the source. github.com/goccy/go-yaml is asked only where
// a syntax error is, since the former does not tell.
package document

import (
	"math"

	"github.com/parallaxai/parallax/prism/source"
)

// Kind is what a node is.
type Kind uint8

const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

func (k Kind) String() string {
	return [...]string{"null", "a boolean", "a number", "text", "a list", "a map"}[k]
}

// Node is one value of a document. Nodes are shared where the text uses an
// alias, so a tree of nodes must not be changed.
type Node struct {
	Kind Kind
	// Span is where the value stands, quotes and brackets included, anchors and
	// tags not. Nothing at all ("key:") has the empty span behind the colon.
	Span source.Span
	// Text is the spelling of a null, boolean or number, and the decoded text of
	// a string.
	Text    string
	Num     float64 // of a Number; infinite or NaN for .inf and .nan
	Bool    bool    // of a Bool
	Items   []*Node // of a List
	Entries []Entry // of a Map, in the order of the text, merged keys last
	// Plain marks text without quotes that is no block either.
	Plain bool

	offsets []int32 // file offset of each byte of Text; nil: Text is verbatim at Span.Start
	size    int     // nodes of the tree with aliases expanded
	depth   int     // levels of the tree with aliases expanded
}

// Entry is one key of a map with its value. The key is a scalar; its name is
// Key.Text.
type Entry struct{ Key, Value *Node }

// Get returns the value of a key; nil if n is nil, no map, or lacks the key.
func (n *Node) Get(key string) *Node {
	if e := n.Entry(key); e != nil {
		return e.Value
	}
	return nil
}

// Entry returns the entry of a key, nil like Get.
func (n *Node) Entry(key string) *Entry {
	if n == nil {
		return nil
	}
	for i := range n.Entries {
		if n.Entries[i].Key.Text == key {
			return &n.Entries[i]
		}
	}
	return nil
}

// Offset returns the place in the file of byte i of Text, also inside quotes,
// escapes, folded lines and blocks. For i = len(Text) it is the end of what Text
// was read from.
func (n *Node) Offset(i int) int {
	i = min(max(i, 0), len(n.Text))
	if n.offsets == nil {
		return int(n.Span.Start) + i
	}
	return int(n.offsets[i])
}

// TextSpan returns the place in the file of bytes i to j of Text.
func (n *Node) TextSpan(i, j int) source.Span {
	start := n.Offset(i)
	end := start
	if j > i {
		end = n.Offset(j-1) + 1
	}
	return source.Span{Start: int32(start), End: int32(end)}
}

// First is the place to point at when something is missing in a value: the
// first key of a map, else its start.
func (n *Node) First() source.Span {
	if n.Kind == Map && len(n.Entries) > 0 {
		return n.Entries[0].Key.Span
	}
	return n.Span
}

// Data returns the value as nil, bool, float64, string, []any and
// map[string]any.
func (n *Node) Data() any {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case Bool:
		return n.Bool
	case Number:
		return n.Num
	case String:
		return n.Text
	case List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Data()
		}
		return list
	case Map:
		m := make(map[string]any, len(n.Entries))
		for _, e := range n.Entries {
			m[e.Key.Text] = e.Value.Data()
		}
		return m
	}
	return nil
}

// IsInteger reports whether n is a number without a fraction.
func (n *Node) IsInteger() bool {
	return n.Kind == Number && n.Num == math.Trunc(n.Num) && !math.IsInf(n.Num, 0)
}
