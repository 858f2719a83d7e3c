package document

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// Limits of what a file may hold.
const (
	MaxSize     = 1 << 20 // bytes of a file
	MaxExpanded = 10_000  // nodes that the aliases of a file stand for
	MaxDepth    = 64      // levels of nesting that go through an alias
	MaxNesting  = 1000    // levels of nesting altogether
)

// Parse reads a file that holds one YAML document. The node is nil when the list
// has errors.
func Parse(f *source.File) (*Node, diag.List) {
	p := &builder{file: f, src: f.Src, built: map[*yaml.Node]*Node{}}
	root := p.parse()
	if p.list.HasErrors() {
		p.list.Sort()
		return nil, p.list
	}
	return root, p.list
}

type builder struct {
	file *source.File
	list diag.List
	// src is what the reader gets: the text of the file, the version directive
	// made a comment of the same length.
	src      string
	lines    []int32                        // start of each line as the reader counts them
	last     struct{ line, column, at int } // the last place that was looked up
	built    map[*yaml.Node]*Node
	open     []*yaml.Node // the nodes that are being built, outermost first
	expanded int
}

func (p *builder) fail(code diag.Code, span source.Span, format string, args ...any) *diag.Diagnostic {
	return p.list.Add(code, diag.Error, p.file, span, format, args...)
}

func (p *builder) parse() *Node {
	if len(p.src) > MaxSize {
		p.fail(YAMLSyntax, source.Span{End: 1}, "the file has %d bytes; a pattern may have %d", len(p.src), MaxSize)
		return nil
	}
	if !p.checkText() {
		return nil
	}
	p.blankPrologue()
	p.lines = []int32{0}
	for i := 0; i < len(p.src); {
		n, _ := breakAt(p.src, i)
		if i += max(n, 1); n > 0 {
			p.lines = append(p.lines, int32(i))
		}
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(strings.NewReader(p.src))
	err := decode(dec, &doc)
	if errors.Is(err, io.EOF) || (err == nil && p.isEmpty(&doc)) {
		p.fail(EmptyDocument, source.Span{End: 1}, "the document is empty").
			WithHint("a pattern has at least a name and an output")
		return nil
	}
	if err != nil {
		p.syntaxError(err)
		return nil
	}
	var second yaml.Node
	switch err := decode(dec, &second); {
	case err == nil:
		at := p.offset(second.Line, second.Column)
		p.fail(YAMLSyntax, source.Span{Start: at, End: at + 3}, "a second document begins here; a file holds one pattern")
	case !errors.Is(err, io.EOF):
		p.syntaxError(err)
	}
	return p.build(doc.Content[0])
}

// decode reads a document. The reader is known to panic on some malformed texts;
// that is a syntax error as well.
func decode(dec *yaml.Decoder, doc *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	return dec.Decode(doc)
}

// isEmpty tells a document without any text.
func (p *builder) isEmpty(doc *yaml.Node) bool {
	if len(doc.Content) == 0 {
		return true
	}
	n := doc.Content[0]
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 && n.Anchor == ""
}

// checkText refuses bytes that no YAML file may have.
func (p *builder) checkText() bool {
	for i, r := range p.src {
		span := source.Span{Start: int32(i), End: int32(i + 1)}
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(p.src[i:], "\uFFFD"):
			p.fail(YAMLSyntax, span, "the file is not valid UTF-8 (byte 0x%02X)", p.src[i])
			return false
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7F, r >= 0x80 && r < 0xA0 && r != 0x85:
			p.fail(YAMLSyntax, span, "the control character U+%04X is not allowed", r).
				WithHint(`write it as an escape in double quotes: "\x%02X"`, r)
			return false
		}
	}
	return true
}

// blankPrologue makes a comment of the directive %YAML, of which the reader takes
// no version above 1.1.
func (p *builder) blankPrologue() {
	at := len(p.src) - len(strings.TrimPrefix(p.src, byteOrderMark))
	for at < len(p.src) {
		line, _, _ := strings.Cut(p.src[at:], "\n")
		if strings.HasPrefix(line, "%YAML ") {
			p.src = p.src[:at] + "#" + p.src[at+1:]
		} else if text := strings.TrimSpace(line); text != "" && text[0] != '#' {
			return
		}
		at += len(line) + 1
	}
}

const byteOrderMark = "\uFEFF"

// offset converts a place as the reader counts: lines with its own idea of line
// breaks, columns in code points, a byte order mark not counted.
func (p *builder) offset(line, column int) int32 {
	if line < 1 || line > len(p.lines) {
		return int32(len(p.src))
	}
	at := int(p.lines[line-1])
	if at == 0 && strings.HasPrefix(p.src, byteOrderMark) {
		at = len(byteOrderMark)
	}
	// The nodes of a long line come from left to right: go on from the last one.
	rest := column - 1
	if p.last.line == line && p.last.column <= column {
		at, rest = p.last.at, column-p.last.column
	}
	for ; rest > 0 && at < len(p.src); rest-- {
		_, n := utf8.DecodeRuneInString(p.src[at:])
		at += n
	}
	p.last.line, p.last.column, p.last.at = line, column-rest, at
	return int32(at)
}

// build makes the node of a reader's node, and of those below it.
func (p *builder) build(y *yaml.Node) *Node {
	if n := p.built[y]; n != nil {
		return n
	}
	n := &Node{size: 1, depth: 1}
	if len(p.open) >= MaxNesting {
		at := p.offset(y.Line, y.Column)
		p.fail(YAMLSyntax, source.Span{Start: at, End: at + 1}, "the values are nested more than %d levels deep", MaxNesting)
		return n
	}
	p.open = append(p.open, y)
	defer func() { p.open = p.open[:len(p.open)-1] }()
	start := int(p.offset(y.Line, y.Column))
	if y.Anchor != "" || y.Style&yaml.TaggedStyle != 0 {
		start = p.skipProperties(start, y)
	}
	n.Span = source.Span{Start: int32(start), End: int32(start)}
	switch y.Kind {
	case yaml.ScalarNode:
		p.scalar(n, y, start)
	case yaml.SequenceNode:
		n.Kind = List
		p.checkTag(y, "!!seq", n)
		for _, c := range y.Content {
			item := p.child(n, c)
			n.Items = append(n.Items, item)
		}
		p.close(n, y, start, ']')
	case yaml.MappingNode:
		n.Kind = Map
		p.checkTag(y, "!!map", n)
		p.mapping(n, y)
		p.close(n, y, start, '}')
	}
	p.built[y] = n
	return n
}

// child builds an item, the value of a key or what an alias stands for.
func (p *builder) child(parent *Node, y *yaml.Node) *Node {
	if y.Kind != yaml.AliasNode {
		n := p.build(y)
		parent.grow(n)
		return n
	}
	at := p.offset(y.Line, y.Column)
	span := source.Span{Start: at, End: at + int32(1+len(y.Value))}
	if slices.Contains(p.open, y.Alias) {
		p.fail(YAMLSyntax, span, "the alias *%s stands inside of what it refers to", y.Value)
		return &Node{Span: span}
	}
	n := p.build(y.Alias)
	if p.expanded += n.size; p.expanded > MaxExpanded {
		if p.expanded-n.size <= MaxExpanded {
			p.fail(YAMLSyntax, span, "the aliases of this file stand for more than %d values", MaxExpanded)
		}
		return &Node{Span: span}
	}
	if n.depth+len(p.open) > MaxDepth {
		p.fail(YAMLSyntax, span, "the alias *%s leads to more than %d levels of nesting", y.Value, MaxDepth)
		return &Node{Span: span}
	}
	parent.grow(n)
	return n
}

func (n *Node) grow(child *Node) {
	n.size += child.size
	n.depth = max(n.depth, child.depth+1)
}

// mapping reads keys and values, and merges what << refers to.
func (p *builder) mapping(n *Node, y *yaml.Node) {
	var merged []*Node
	seen := make(map[string]*Node, len(y.Content)/2) // keys by name
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		key := p.child(n, k)
		value := p.child(n, v)
		if key.Kind == List || key.Kind == Map {
			p.fail(WrongType, key.Span, "a key must be text, not %s", key.Kind)
			continue
		}
		if key.Text == "<<" && key.Plain {
			merged = append(merged, p.sources(value, v)...)
			continue
		}
		if first := seen[key.Text]; first != nil {
			p.fail(DuplicateKey, key.Span, "duplicate key '%s'", key.Text).WithRelated(first.Span, "the first one")
			continue
		}
		seen[key.Text] = key
		n.Entries = append(n.Entries, Entry{key, value})
	}
	for _, m := range merged {
		for _, e := range m.Entries {
			if seen[e.Key.Text] == nil {
				seen[e.Key.Text] = e.Key
				n.Entries = append(n.Entries, e)
			}
		}
	}
}

// sources are the maps that a merge key takes its entries from.
func (p *builder) sources(value *Node, y *yaml.Node) []*Node {
	all := []*Node{value}
	if value.Kind == List {
		all = value.Items
	}
	for _, m := range all {
		if m.Kind != Map && !p.list.HasErrors() {
			at := p.offset(y.Line, y.Column)
			p.fail(WrongType, source.Span{Start: at, End: at + 1}, "<< merges maps, not %s", m.Kind)
			return nil
		}
	}
	return all
}

// skipProperties goes over the anchor and the tag of a node.
func (p *builder) skipProperties(at int, y *yaml.Node) int {
	for at < len(p.src) && (p.src[at] == '&' || p.src[at] == '!') {
		for at < len(p.src) {
			if n, _ := breakAt(p.src, at); n > 0 || blankAt(p.src, at) {
				break
			}
			if y.Style&yaml.FlowStyle == 0 && y.Kind == yaml.ScalarNode && y.Value == "" && strings.IndexByte(",]}", p.src[at]) >= 0 {
				break
			}
			at++
		}
		if y.Kind == yaml.ScalarNode && y.Value == "" && y.Style&^yaml.TaggedStyle == 0 {
			for blankAt(p.src, at) && at+1 < len(p.src) && (p.src[at+1] == '&' || p.src[at+1] == '!') {
				at++
			}
			continue // nothing follows
		}
		at = p.skipSpace(at)
	}
	return at
}

// skipSpace goes over blanks, breaks and comments.
func (p *builder) skipSpace(at int) int {
	for at < len(p.src) {
		n, _ := breakAt(p.src, at)
		switch {
		case n > 0:
			at += n
		case blankAt(p.src, at):
			at++
		case p.src[at] == '#':
			for at < len(p.src) && p.src[at] != '\n' && p.src[at] != '\r' {
				at++
			}
		default:
			return at
		}
	}
	return at
}

// close sets the end of a list or map: that of its last part, or its bracket.
func (p *builder) close(n *Node, y *yaml.Node, start int, bracket byte) {
	end := start
	for _, c := range y.Content {
		if b := p.built[c]; b != nil {
			end = max(end, int(b.Span.End))
		} else if c.Kind == yaml.AliasNode {
			end = max(end, int(p.offset(c.Line, c.Column))+1+len(c.Value))
		}
	}
	if y.Style&yaml.FlowStyle != 0 && start < len(p.src) && (p.src[start] == '[' || p.src[start] == '{') {
		end = max(end, start+1)
		for end < len(p.src) && p.src[end] != bracket {
			if next := p.skipSpace(end); next > end {
				end = next
			} else {
				end++ // a comma, or the colon of a key without a value
			}
		}
		end = min(end+1, len(p.src))
	}
	n.Span.End = int32(end)
}

// scalar decodes text and gives it its value.
func (p *builder) scalar(n *Node, y *yaml.Node, start int) {
	var t text
	end := start
	style := y.Style &^ (yaml.TaggedStyle | yaml.FlowStyle)
	switch {
	case start >= len(p.src):
	case style == yaml.DoubleQuotedStyle && p.src[start] == '"':
		t, end = double(p.src, start)
	case style == yaml.SingleQuotedStyle && p.src[start] == '\'':
		t, end = single(p.src, start)
	case (style == yaml.LiteralStyle || style == yaml.FoldedStyle) && strings.IndexByte("|>", p.src[start]) >= 0:
		t, end = block(p.src, start, y.Value)
	case style == 0:
		t, end = plain(p.src, start, y.Value)
	}
	n.Text, n.Plain = y.Value, style == 0
	n.Span.End = int32(end)
	if string(t.b) == y.Value {
		for i, at := range t.offsets {
			t.offsets[i] = min(at, int32(end)) // line breaks behind a block are not in its span
		}
		n.offsets = append(t.offsets, int32(end))
	} else {
		// A rare form that is decoded otherwise here: near enough.
		for i := range len(y.Value) + 1 {
			n.offsets = append(n.offsets, int32(min(start+i, max(end, start))))
		}
	}
	if n.Plain {
		n.resolve()
		verbatim := end-start == len(n.Text)
		if verbatim {
			n.offsets = nil
		}
	} else {
		n.Kind = String
	}
	if y.Style&yaml.TaggedStyle != 0 {
		p.tagged(n, y)
	}
}

// tagged applies an explicit tag. "!$name" is no tag but the negation of a
// reference that its author forgot to quote.
func (p *builder) tagged(n *Node, y *yaml.Node) {
	at := p.offset(y.Line, y.Column)
	if strings.HasPrefix(y.Tag, "!$") && n.Plain && at < int32(len(p.src)) && p.src[at] == '!' {
		n.Span.Start, n.Kind, n.offsets = at, String, nil
		n.Text = p.src[at:n.Span.End]
		return
	}
	if n.Kind == String || y.Tag == "!!str" {
		plain := *n
		if plain.resolve(); y.Tag != "!!str" {
			*n = plain
		} else {
			n.Kind = String
		}
	}
	want, ok := map[string]Kind{"!!str": String, "!!int": Number, "!!float": Number, "!!bool": Bool, "!!null": Null}[y.Tag]
	switch {
	case !ok:
		p.fail(YAMLSyntax, source.Span{Start: at, End: n.Span.Start}, "the tag %s has no meaning here", y.Tag).
			WithHint("text that begins with ! needs quotes")
	case n.Kind != want || (y.Tag == "!!int" && !n.IsInteger()):
		p.fail(WrongType, n.Span, "this is not what the tag %s says", y.Tag)
	}
}

// checkTag refuses a tag on a list or map that says something else.
func (p *builder) checkTag(y *yaml.Node, want string, n *Node) {
	if y.Style&yaml.TaggedStyle != 0 && y.Tag != want {
		at := p.offset(y.Line, y.Column)
		p.fail(YAMLSyntax, source.Span{Start: at, End: n.Span.Start}, "the tag %s has no meaning here", y.Tag)
	}
}
