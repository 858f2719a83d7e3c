// Package layout puts YAML patterns into their canonical layout: keys in the order
// of package shape, two blanks of indentation, at most one empty line between
// parts. Comments, quotes and the choice between lists in brackets and in lines
// are the author's.
//
// The printing is that of gopkg.in/yaml.v3, which knows comments but is not
// always right about them. So every result is read again: when it does not say
// the same as the text before, comments included, or would be printed otherwise
// the next time, the text stays as it is.
package layout

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/shape"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// indent is the indentation of one level.
const indent = 2

// rounds is how often a text is printed at most until it no longer changes.
const rounds = 4

// Source formats the text of a pattern, or of another YAML file, whose keys keep
// their order. When the text has errors it returns the text unchanged, with the
// diagnostics.
func Source(f *source.File) (string, diag.List) {
	root, list := document.Parse(f)
	if list.HasErrors() {
		return f.Src, list
	}
	want := meaning(root)
	for _, order := range []*shape.Order{orderOf(root), nil} {
		if text, ok := settle(f.Src, order, want); ok {
			return text, nil
		}
	}
	return f.Src, nil
}

// orderOf is the order of a document, nil where keys keep theirs.
func orderOf(root *document.Node) *shape.Order {
	chart := root.Get("structure") != nil || root.Get("workflow") != nil
	if !chart && root.Get("output") == nil && root.Get("steps") == nil && root.Get("agents") == nil {
		return nil
	}
	return shape.OrderOf(chart)
}

// settle prints a text until it no longer changes.
func settle(text string, order *shape.Order, want string) (string, bool) {
	comments := commentsOf(text)
	for range rounds {
		next, err := reprint(text, order)
		if err != nil || !slices.Equal(comments, commentsOf(next)) {
			return "", false
		}
		n, list := document.Parse(source.NewFile("", next))
		if list.HasErrors() || meaning(n) != want {
			return "", false
		}
		if next == text {
			return text, true
		}
		text = next
	}
	return "", false
}

// meaning writes a document down so that equal ones give equal texts: keys of
// maps sorted, since their order is the layout's.
func meaning(n *document.Node) string {
	var b strings.Builder
	write(&b, n)
	return b.String()
}

func write(b *strings.Builder, n *document.Node) {
	switch n.Kind {
	case document.List:
		b.WriteString("[")
		for _, item := range n.Items {
			write(b, item)
			b.WriteString(",")
		}
		b.WriteString("]")
	case document.Map:
		entries := slices.Clone(n.Entries)
		slices.SortFunc(entries, func(x, y document.Entry) int { return strings.Compare(x.Key.Text, y.Key.Text) })
		b.WriteString("{")
		for _, e := range entries {
			fmt.Fprintf(b, "%q:", e.Key.Text)
			write(b, e.Value)
			b.WriteString(",")
		}
		b.WriteString("}")
	case document.Null:
		b.WriteString("null")
	default:
		fmt.Fprintf(b, "%d%q", n.Kind, n.Text)
	}
}

// blankMark is a comment that stands for an empty line while a text is printed.
const blankMark = "#\u2063empty line\u2063"

// reprint reads a text and prints it.
func reprint(text string, order *shape.Order) (string, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return "", fmt.Errorf("read the pattern: %w", err)
	}
	if len(doc.Content) == 0 {
		return "", fmt.Errorf("the document is empty")
	}
	p := &printer{lines: strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), anchors: hasAnchors(&doc)}
	root := doc.Content[0]
	head, foot := frame(root)
	p.node(root, order, true)
	reframe(root, head, foot)
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(indent)
	if err := enc.Encode(&doc); err != nil {
		return "", fmt.Errorf("print the pattern: %w", err)
	}
	if err := enc.Close(); err != nil {
		return "", fmt.Errorf("print the pattern: %w", err)
	}
	return tidy(b.String()), nil
}

// frame takes the comments at the beginning and at the end of a document off the
// keys that stand there: they belong to the document, whose keys may move.
func frame(root *yaml.Node) (head, foot string) {
	if root.Kind != yaml.MappingNode || len(root.Content) < 2 {
		return "", ""
	}
	first, last := root.Content[0], root.Content[len(root.Content)-2]
	head, foot = first.HeadComment, last.FootComment
	first.HeadComment, last.FootComment = "", ""
	return head, foot
}

// reframe puts the comments of frame back.
func reframe(root *yaml.Node, head, foot string) {
	if root.Kind != yaml.MappingNode || len(root.Content) < 2 {
		return
	}
	first, last := root.Content[0], root.Content[len(root.Content)-2]
	for _, c := range []struct {
		to   *string
		text string
	}{{&first.HeadComment, head}, {&last.FootComment, foot}} {
		switch {
		case *c.to == "" || *c.to == blankMark:
			*c.to = c.text
		case c.text != "":
			*c.to = c.text + "\n\n" + *c.to
		}
	}
}

// tidy puts empty lines where the marks are, and no two in a row.
func tidy(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.TrimSpace(line) == blankMark {
			line = ""
		}
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return strings.Join(out, "\n") + "\n"
}

type printer struct {
	lines   []string // of the text that was read
	anchors bool
}

func hasAnchors(n *yaml.Node) bool {
	return n.Anchor != "" || n.Kind == yaml.AliasNode || slices.ContainsFunc(n.Content, hasAnchors)
}

// node orders the keys of a node and of those below it, and marks empty lines.
// first is set where the node begins on a line that something else has begun.
func (p *printer) node(n *yaml.Node, order *shape.Order, first bool) {
	if n.Style&yaml.FlowStyle != 0 {
		p.reorder(n, order)
		return
	}
	switch n.Kind {
	case yaml.SequenceNode:
		for i, item := range n.Content {
			if i > 0 {
				p.mark(item, item.Line)
			}
			p.node(item, order.Item(), true)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 || !first {
				p.mark(n.Content[i], n.Content[i].Line)
			}
			p.node(n.Content[i+1], order.Key(n.Content[i].Value), false)
		}
		p.reorder(n, order)
	}
}

// reorder sorts the known keys of a map. Unknown ones stay behind those they
// stood behind, and with anchors everything does: an alias must not come before
// its anchor.
func (p *printer) reorder(n *yaml.Node, order *shape.Order) {
	if n.Kind != yaml.MappingNode || order == nil || p.anchors {
		return
	}
	type pair struct {
		key, value *yaml.Node
		rank       int
	}
	var pairs []pair
	rank := -1
	for i := 0; i+1 < len(n.Content); i += 2 {
		if r, known := order.Rank(n.Content[i].Value); known {
			rank = r
		}
		pairs = append(pairs, pair{n.Content[i], n.Content[i+1], rank})
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return a.rank - b.rank })
	n.Content = n.Content[:0]
	for _, x := range pairs {
		n.Content = append(n.Content, x.key, x.value)
	}
	for i := 0; i+1 < len(n.Content) && n.Style&yaml.FlowStyle != 0; i += 2 {
		p.reorder(n.Content[i+1], order.Key(n.Content[i].Value))
	}
}

// mark notes that an empty line stands before a node and its comment.
func (p *printer) mark(n *yaml.Node, line int) {
	above := line - 2 // index of the line above
	if n.HeadComment != "" {
		above -= strings.Count(n.HeadComment, "\n") + 1
	}
	if above < 0 || above >= len(p.lines) || strings.TrimSpace(p.lines[above]) != "" {
		return
	}
	if n.HeadComment != "" {
		n.HeadComment = blankMark + "\n" + n.HeadComment
	} else {
		n.HeadComment = blankMark
	}
}

// commentsOf lists the comments of a text, sorted: the layout may move them with
// what they belong to.
func commentsOf(text string) []string {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil
	}
	var list []string
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for _, c := range []string{n.HeadComment, n.LineComment, n.FootComment} {
			for line := range strings.Lines(c) {
				if line = strings.TrimSpace(line); line != "" && line != blankMark {
					list = append(list, line)
				}
			}
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(&doc)
	slices.Sort(list)
	return list
}
