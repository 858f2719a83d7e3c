package settings

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/value"
)

// Block is a mapping that is being read.
type Block struct {
	Node
	what  string
	pairs []pair
	asked []string // keys that were read, in order
}

type pair struct {
	key, val *yaml.Node
	read     bool
}

// Empty returns a block without keys in the place of b, for settings that are
// left out.
func (b *Block) Empty(what string) *Block { return &Block{Node: b.Node, what: what} }

// maxMerge bounds how deep "<<" may refer on.
const maxMerge = 16

// Block reads the node as a mapping that messages call what. Anything else is
// reported and gives a block without keys.
func (n Node) Block(what string) *Block {
	b := &Block{Node: n, what: what}
	r := n.resolved()
	if r == nil || r.Kind != yaml.MappingNode {
		if r != nil {
			n.Errorf(CodeWrong, "%s is a map of settings, not %s", what, n.describe())
		}
		return b
	}
	b.pairs = make([]pair, 0, len(r.Content)/2)
	b.add(r, false, 0)
	return b
}

// add takes the keys of a mapping; those that are merged in give way to its own.
func (b *Block) add(r *yaml.Node, merged bool, depth int) {
	var merges []*yaml.Node
	for i := 0; i+1 < len(r.Content); i += 2 {
		key, val := r.Content[i], r.Content[i+1]
		if key.Tag == "!!merge" {
			merges = append(merges, val)
			continue
		}
		if p := b.find(key.Value); p != nil {
			if !merged {
				Node{b.doc, key}.Errorf(CodeDuplicate, "%s has the key %s twice", b.what, key.Value).
					WithRelated(b.doc.span(p.key), "first here")
			}
			continue
		}
		b.pairs = append(b.pairs, pair{key: key, val: val})
	}
	for _, m := range merges {
		list := []*yaml.Node{m}
		if n := (Node{b.doc, m}); n.IsList() {
			list = n.resolved().Content
		}
		for _, e := range list {
			n := Node{b.doc, e}
			if !n.IsMap() || depth >= maxMerge {
				n.Errorf(CodeWrong, "<< merges another map into this one; this is %s", n.describe())
				continue
			}
			b.add(n.resolved(), true, depth+1)
		}
	}
}

func (b *Block) find(key string) *pair {
	for i := range b.pairs {
		if b.pairs[i].key.Value == key {
			return &b.pairs[i]
		}
	}
	return nil
}

// Get returns the value of the first of the keys that is there and marks all as
// known; an absent node without.
func (b *Block) Get(keys ...string) Node {
	var found Node
	if b.asked == nil {
		b.asked = b.doc.buffer()
	}
	for _, k := range keys {
		b.asked = append(b.asked, k)
		if p := b.find(k); p != nil {
			p.read = true
			if found.n == nil {
				found = Node{b.doc, p.val}
			}
		}
	}
	return found
}

// Has reports whether a key is there and not null; it does not count as read.
func (b *Block) Has(key string) bool {
	p := b.find(key)
	return p != nil && Node{b.doc, p.val}.Exists()
}

// Keys returns the keys that are there, in order, and marks all as known.
func (b *Block) Keys() []string {
	out := make([]string, len(b.pairs))
	for i := range b.pairs {
		out[i] = b.pairs[i].key.Value
		b.pairs[i].read = true
	}
	return out
}

// Key returns the node of a key itself, for reports about it; of the whole block
// when it is not there.
func (b *Block) Key(key string) Node {
	if p := b.find(key); p != nil {
		return Node{b.doc, p.key}
	}
	return b.Node
}

// Ignore marks keys as known.
func (b *Block) Ignore(keys ...string) { b.Get(keys...) }

// Done reports the keys that nobody asked for. It is the last use of a block.
func (b *Block) Done() {
	for _, p := range b.pairs {
		if p.read {
			continue
		}
		d := Node{b.doc, p.key}.Errorf(CodeUnknown, "%s has no key %q", b.what, p.key.Value)
		if near := diag.Suggest(p.key.Value, b.asked); near != "" {
			d.WithHint("did you mean %s?", near)
			if p.key.Style == 0 {
				d.WithFix("write "+near, diag.Edit{Span: b.doc.span(p.key), NewText: near})
			}
		} else {
			d.WithHint("the keys are %s", strings.Join(distinct(b.asked), ", "))
		}
	}
	if b.asked != nil && b.doc != nil {
		b.doc.mu.Lock()
		b.doc.buffers = append(b.doc.buffers, b.asked[:0])
		b.doc.mu.Unlock()
		b.asked = nil
	}
}

// buffer returns an empty list for keys; those of blocks that are done are used
// again, as a file may have thousands of blocks.
func (d *document) buffer() []string {
	if d == nil {
		return make([]string, 0, 64)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.buffers) == 0 {
		return make([]string, 0, 64)
	}
	n := len(d.buffers)
	last := d.buffers[n-1]
	d.buffers = d.buffers[:n-1]
	return last
}

func distinct(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// wrong reports the value of a key.
func (b *Block) wrong(n Node, key, format string, args ...any) *diag.Diagnostic {
	return n.Errorf(CodeWrong, "%s is %s, not %s", key, fmt.Sprintf(format, args...), n.describe())
}

// Text returns the text of a key, "" when it is not there.
func (b *Block) Text(key string) string {
	n := b.Get(key)
	if !n.Exists() {
		return ""
	}
	text, ok := n.Text()
	if !ok {
		b.wrong(n, key, "a text")
	}
	return text
}

// Required is Text of a key that must be there and not be empty.
func (b *Block) Required(key string) string {
	if !b.Has(key) {
		b.Ignore(key)
		b.Missing(key)
		return ""
	}
	text := b.Text(key)
	if n := b.Get(key); text == "" && n.IsScalar() {
		n.Errorf(CodeWrong, "%s is empty", key)
	}
	return text
}

// Missing reports that a key must be there.
func (b *Block) Missing(key string) *diag.Diagnostic {
	if b.n == nil {
		return b.doc.list.Add(CodeMissing, diag.Error, b.doc.file, source.Span{}, "%s needs the key %s", b.what, key)
	}
	return b.Errorf(CodeMissing, "%s needs the key %s", b.what, key)
}

// OneOf returns the text of a key that is one of the options; def when it is not
// there or wrong.
func (b *Block) OneOf(key, def string, options ...string) string {
	text := b.Text(key)
	if text == "" || slices.Contains(options, text) {
		if text == "" {
			return def
		}
		return text
	}
	d := b.Get(key).Errorf(CodeWrong, "%s is one of %s, not %q", key, strings.Join(options, ", "), text)
	if near := diag.Suggest(text, options); near != "" {
		d.WithHint("did you mean %s?", near)
	}
	return def
}

// Bool returns true or false of a key.
func (b *Block) Bool(key string, def bool) bool {
	n := b.Get(key)
	if !n.Exists() {
		return def
	}
	if v, err := n.Value(); err == nil && v.IsBool() {
		return v.True()
	}
	b.wrong(n, key, "true or false")
	return def
}

// Number returns a number of a key, from low to high.
func (b *Block) Number(key string, def, low, high float64) float64 {
	n := b.Get(key)
	if !n.Exists() {
		return def
	}
	if v, err := n.Value(); err == nil && v.IsNumber() {
		if f := v.Float(); f >= low && f <= high {
			return f
		}
	}
	if math.IsInf(high, 1) {
		b.wrong(n, key, "a number of at least %s", value.NumberText(low))
	} else {
		b.wrong(n, key, "a number from %s to %s", value.NumberText(low), value.NumberText(high))
	}
	return def
}

// Int returns a whole number of a key, from low to high.
func (b *Block) Int(key string, def, low, high int) int {
	n := b.Get(key)
	if !n.Exists() {
		return def
	}
	if v, err := n.Value(); err == nil && v.IsNumber() {
		if f := v.Float(); f == math.Trunc(f) && f >= float64(low) && f <= float64(high) {
			return int(f)
		}
	}
	b.wrong(n, key, "a whole number from %d to %d", low, high)
	return def
}

// maxDuration is a year.
const maxDuration = 366 * 24 * time.Hour

// Duration returns the time that the first of the keys tells: a number of
// milliseconds, or a text such as 1.5s.
func (b *Block) Duration(def time.Duration, keys ...string) time.Duration {
	n := b.Get(keys...)
	if !n.Exists() {
		return def
	}
	if d, ok := n.duration(); ok {
		return d
	}
	b.wrong(n, b.present(keys), "a time: milliseconds from 0 to %d, or a text such as 30s", maxDuration.Milliseconds())
	return def
}

// present returns the first of the keys that is there.
func (b *Block) present(keys []string) string {
	for _, k := range keys {
		if b.find(k) != nil {
			return k
		}
	}
	return keys[0]
}

func (n Node) duration() (time.Duration, bool) {
	v, err := n.Value()
	if err != nil {
		return 0, false
	}
	var d time.Duration
	switch v.Kind() {
	case value.Number:
		ms := v.Float()
		if !(ms >= 0 && ms <= float64(maxDuration.Milliseconds())) {
			return 0, false
		}
		d = time.Duration(ms * float64(time.Millisecond))
	case value.StringKind:
		if d, err = time.ParseDuration(v.AsString().Go()); err != nil {
			return 0, false
		}
	default:
		return 0, false
	}
	return d, d >= 0 && d <= maxDuration
}

// Texts returns the texts of a list; one text stands for a list of one.
func (b *Block) Texts(key string) []string {
	n := b.Get(key)
	if !n.Exists() {
		return nil
	}
	if text, ok := n.Text(); ok {
		return []string{text}
	}
	if !n.IsList() {
		b.wrong(n, key, "a list of texts")
		return nil
	}
	out := []string{}
	for _, e := range n.Items() {
		text, ok := e.Text()
		if !ok {
			b.wrong(e, "an element of "+key, "a text")
			continue
		}
		out = append(out, text)
	}
	return out
}

// TextMap returns a map of texts, in the order of the file.
func (b *Block) TextMap(key string) (keys []string, texts []Node) {
	n := b.Get(key)
	if !n.Exists() {
		return nil, nil
	}
	inner := n.Block(key)
	for _, k := range inner.Keys() {
		v := inner.Get(k)
		if _, ok := v.Text(); !ok {
			inner.wrong(v, k, "a text")
			continue
		}
		keys, texts = append(keys, k), append(texts, v)
	}
	return keys, texts
}

// Inner returns the mapping of a key, nil when it is not there.
func (b *Block) Inner(key string) *Block {
	n := b.Get(key)
	if !n.Exists() {
		return nil
	}
	return n.Block(key)
}

// Value returns what stands at the first of the keys, null when none is there.
func (b *Block) Value(keys ...string) value.Value {
	n := b.Get(keys...)
	if n.n == nil {
		return value.NullValue
	}
	v, err := n.Value()
	if err != nil {
		n.Errorf(CodeWrong, "%s: %v", b.present(keys), err)
	}
	return v
}
