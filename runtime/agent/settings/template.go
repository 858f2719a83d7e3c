package settings

import (
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
)

// Template is a value with gaps: ${path} in its texts stands for a part of what
// it is filled with. A text that is one gap alone becomes that part, of whatever
// kind; otherwise the part's text is put in. $${ is a plain ${. A part that is
// not there is null.
type Template []piece

// piece is a part of a template: an array or object of templates, a value
// without gaps, or a text in pieces.
type piece struct {
	plain value.Value
	path  Path // a gap when gap is set
	gap   bool
	keys  []string // of an object
	parts []Template
	kind  value.Kind // ArrayKind, ObjectKind or StringKind with parts; Null for plain
}

// Template reads the node as a template.
func (n Node) Template() Template {
	v, err := n.Value()
	if err != nil {
		n.Errorf(CodeWrong, "%v", err)
		return nil
	}
	return n.template(v)
}

func (n Node) template(v value.Value) Template {
	switch v.Kind() {
	case value.ArrayKind:
		p := piece{kind: value.ArrayKind}
		for _, e := range v.AsArray().Elems() {
			p.parts = append(p.parts, n.template(e))
		}
		return Template{p}
	case value.ObjectKind:
		p := piece{kind: value.ObjectKind}
		for k, e := range v.AsObject().All() {
			p.keys, p.parts = append(p.keys, k), append(p.parts, n.template(e))
		}
		return Template{p}
	case value.StringKind:
		return n.text(v.AsString().Go())
	}
	return Template{{plain: v}}
}

// text splits a text at its gaps.
func (n Node) text(text string) Template {
	var t Template
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			t = append(t, piece{plain: value.Str(b.String())})
			b.Reset()
		}
	}
	for text != "" {
		i := strings.Index(text, "${")
		switch {
		case i < 0:
			b.WriteString(text)
			text = ""
		case i > 0 && text[i-1] == '$':
			b.WriteString(text[:i-1] + "${")
			text = text[i+2:]
		default:
			end := strings.IndexByte(text[i:], '}')
			if end < 0 {
				n.Errorf(CodeWrong, "a gap that begins with ${ does not end with }").WithHint("write $${ for a plain ${")
				return nil
			}
			p, err := ParsePath(strings.TrimSpace(text[i+2 : i+end]))
			if err != nil {
				n.Errorf(CodeWrong, "%v", err).WithHint("a gap is like ${input.text}")
				return nil
			}
			b.WriteString(text[:i])
			flush()
			t = append(t, piece{path: p, gap: true})
			text = text[i+end+1:]
		}
	}
	flush()
	if t == nil {
		return Template{{plain: value.Str("")}}
	}
	return t
}

// Fill returns the value with its gaps filled from v.
func (t Template) Fill(v value.Value) value.Value {
	if len(t) == 1 {
		return t[0].fill(v)
	}
	var b strings.Builder
	for _, p := range t {
		if part := p.fill(v); !part.IsNull() {
			b.WriteString(value.Text(part))
		}
	}
	return value.Str(b.String())
}

func (p piece) fill(v value.Value) value.Value {
	switch {
	case p.gap:
		part, _ := p.path.Find(v)
		return part
	case p.kind == value.ArrayKind:
		out := make([]value.Value, len(p.parts))
		for i, e := range p.parts {
			out[i] = e.Fill(v)
		}
		return value.NewArray(out)
	case p.kind == value.ObjectKind:
		out := make([]value.Value, len(p.parts))
		for i, e := range p.parts {
			out[i] = e.Fill(v)
		}
		return value.ObjectOf(p.keys, out).Value()
	}
	return p.plain
}
