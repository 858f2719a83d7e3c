// Package settings reads the YAML files that describe agents and models, and
// finds fault with them as diagnostics at their line and column.
//
// A Block is one mapping. Its methods read a key, report a value that does not
// fit, and then give the default, so that all faults of a file are found in one
// run. Done reports the keys that nobody asked for, with near spellings among
// those that were: a reader states its keys once, by reading them.
//
//	b := node.Block("http")
//	url := b.Required("url")
//	retries := b.Int("retries", 2, 0, 10)
//	b.Done()
package settings

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// Codes of what is wrong with a file.
const (
	CodeSyntax    diag.Code = "Y0901" // no YAML, or empty
	CodeUnknown   diag.Code = "Y0902" // a key that has no meaning there
	CodeWrong     diag.Code = "Y0903" // a value of the wrong kind or outside its range
	CodeMissing   diag.Code = "Y0904" // a key that must be there
	CodeDuplicate diag.Code = "Y0905" // a key or name that stands twice
)

// document is the file that is being read.
type document struct {
	file *source.File
	list *diag.List

	mu      sync.Mutex // guards buffers: the cases of a test file read it at the same time
	buffers [][]string // see buffer
}

// Node is a value somewhere in a file. The zero Node is absent.
type Node struct {
	doc *document
	n   *yaml.Node
}

// Parse reads the first document of a file. What is wrong is added to list; then
// the node is absent.
func Parse(file *source.File, list *diag.List) Node {
	doc := &document{file: file, list: list}
	var root yaml.Node
	err := yaml.NewDecoder(bytes.NewReader([]byte(file.Src))).Decode(&root)
	switch {
	case errors.Is(err, io.EOF):
		list.Add(CodeSyntax, diag.Error, file, source.Span{}, "the file is empty")
		return Node{}
	case err != nil:
		doc.syntax(err)
		return Node{}
	}
	return Node{doc, root.Content[0]}
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntax reports an error of the YAML library, which tells the line in its text.
func (d *document) syntax(err error) {
	text := err.Error()
	span := source.Span{}
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		if line, err := strconv.Atoi(m[1]); err == nil {
			line = min(line, d.file.LineCount())
			start := d.file.LineStart(line)
			content := d.file.LineText(line)
			indent := int32(len(content) - len(strings.TrimLeft(content, " \t")))
			span = source.Span{Start: start + indent, End: start + int32(len(content))}
		}
	}
	f := d.list.Add(CodeSyntax, diag.Error, d.file, span, "this is no YAML: %s", text)
	if strings.Contains(text, "tab character") || strings.Contains(text, "cannot start any token") {
		f.WithHint("YAML is indented with blanks, never with tabs")
	}
}

// span is the place of a node.
func (d *document) span(n *yaml.Node) source.Span {
	start := d.file.Offset(n.Line, n.Column)
	end := start + 1
	switch n.Kind {
	case yaml.ScalarNode:
		end = start + int32(len(n.Value))
		if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
			end += 2
		}
	case yaml.AliasNode:
		end += int32(len(n.Value))
	}
	last := d.file.LineStart(n.Line) + int32(len(d.file.LineText(n.Line)))
	return source.Span{Start: start, End: max(min(end, last), start)}
}

// Exists reports whether the node is there and not null.
func (n Node) Exists() bool {
	r := n.resolved()
	return r != nil && (r.Kind != yaml.ScalarNode || !isNull(r))
}

// Present reports whether the node is there, possibly as null.
func (n Node) Present() bool { return n.n != nil }

// Position returns where the node begins; the zero Position without a node.
func (n Node) Position() source.Position {
	if n.n == nil {
		return source.Position{}
	}
	return n.doc.file.Position(n.doc.span(n.n).Start)
}

// resolved follows aliases.
func (n Node) resolved() *yaml.Node {
	r := n.n
	for r != nil && r.Kind == yaml.AliasNode {
		r = r.Alias
	}
	return r
}

func isNull(n *yaml.Node) bool {
	return n.Style == 0 && (n.Value == "" || n.Value == "~" || n.Value == "null" || n.Value == "Null" || n.Value == "NULL")
}

// IsMap, IsList and IsScalar tell what a node is.
func (n Node) IsMap() bool    { r := n.resolved(); return r != nil && r.Kind == yaml.MappingNode }
func (n Node) IsList() bool   { r := n.resolved(); return r != nil && r.Kind == yaml.SequenceNode }
func (n Node) IsScalar() bool { r := n.resolved(); return r != nil && r.Kind == yaml.ScalarNode }

// Errorf reports something at the node.
func (n Node) Errorf(code diag.Code, format string, args ...any) *diag.Diagnostic {
	return n.doc.list.Add(code, diag.Error, n.doc.file, n.doc.span(n.n), format, args...)
}

// Items returns the elements of a list; nil for anything else.
func (n Node) Items() []Node {
	r := n.resolved()
	if r == nil || r.Kind != yaml.SequenceNode {
		return nil
	}
	out := make([]Node, len(r.Content))
	for i, c := range r.Content {
		out[i] = Node{n.doc, c}
	}
	return out
}

// Text returns a scalar's text; ok is false for anything else and for null.
func (n Node) Text() (text string, ok bool) {
	r := n.resolved()
	if r == nil || r.Kind != yaml.ScalarNode || isNull(r) {
		return "", false
	}
	return r.Value, true
}

// Expand returns a mapping of JSON types in the place of the node, for a text that
// is short for it.
func (n Node) Expand(fields map[string]any) (Node, error) {
	var m yaml.Node
	if err := m.Encode(fields); err != nil {
		return Node{}, err
	}
	place(&m, n.n.Line, n.n.Column)
	return Node{n.doc, &m}, nil
}

func place(n *yaml.Node, line, column int) {
	n.Line, n.Column = line, column
	for _, c := range n.Content {
		place(c, line, column)
	}
}

// describe names the kind of a node for people.
func (n Node) describe() string {
	r := n.resolved()
	switch {
	case r == nil || r.Kind == yaml.ScalarNode && isNull(r):
		return "nothing"
	case r.Kind == yaml.MappingNode:
		return "a map"
	case r.Kind == yaml.SequenceNode:
		return "a list"
	}
	text := r.Value
	if len([]rune(text)) > 40 {
		text = string([]rune(text)[:40]) + "..."
	}
	if v := scalar(r); v.IsNumber() || v.IsBool() {
		return text
	}
	return strconv.Quote(text)
}
