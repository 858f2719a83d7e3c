package value

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// maxDepth bounds the nesting of JSON and of encoded values.
	maxDepth = 10_000
	// maxBytes bounds the size of JSON and of encoded values: a small value may
	// have many paths to the same part.
	maxBytes = 256 << 20
	// maxWarnings bounds the warnings of one ToJSON.
	maxWarnings = 100
)

// JSON is what ToJSON makes of a value.
type JSON struct {
	Text []byte
	// Confidences maps JSON pointers (RFC 6901) to the confidences of the parts
	// that carry one, the whole value excepted; nil if none does.
	Confidences map[string]float64
	// Warnings tell what JSON could not express, at most 100 of them.
	Warnings []string
}

// ToJSON writes a value as JSON, keys in their order; indent, if not empty, is
// the white space for each level. Numbers that JSON lacks and functions become
// null with a warning. Nesting beyond 10,000 levels or a text beyond 256 MiB is
// an error.
func ToJSON(v Value, indent string) (JSON, error) {
	w := jsonWriter{root: v, indent: indent}
	if err := w.value(v.Plain(), 0); err != nil {
		return JSON{}, err
	}
	return JSON{w.b, w.confidences, w.warnings}, nil
}

type jsonWriter struct {
	root        Value
	sized       bool // root is known not to have too many parts
	b           []byte
	indent      string
	path        []step
	confidences map[string]float64
	warnings    []string
}

// step is one level of the path to the value being written.
type step struct {
	key   string
	index int // -1 for a key
}

func (w *jsonWriter) pointer() string {
	var b strings.Builder
	for _, s := range w.path {
		b.WriteByte('/')
		if s.index >= 0 {
			b.WriteString(strconv.Itoa(s.index))
		} else {
			b.WriteString(strings.ReplaceAll(strings.ReplaceAll(s.key, "~", "~0"), "/", "~1"))
		}
	}
	return b.String()
}

func (w *jsonWriter) null(what string) {
	w.b = append(w.b, "null"...)
	if len(w.warnings) < maxWarnings {
		at := w.pointer()
		if at != "" {
			at = " at " + at
		}
		w.warnings = append(w.warnings, what+at+" has no JSON form; it became null")
	}
}

func (w *jsonWriter) value(v Value, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("value is nested deeper than %d levels", maxDepth)
	}
	if len(w.b) > maxBytes || len(w.b) > sizeCheckFrom && !w.sized && treeSize(w.root, maxBytes) > maxBytes {
		return fmt.Errorf("JSON text is longer than %d MiB", maxBytes>>20)
	}
	w.sized = w.sized || len(w.b) > sizeCheckFrom
	if c, ok := v.Confidence(); ok {
		if w.confidences == nil {
			w.confidences = make(map[string]float64)
		}
		w.confidences[w.pointer()] = c
		v = v.Plain()
	}
	switch v.Kind() {
	case Null, Unset:
		w.b = append(w.b, "null"...)
	case Boolean:
		w.b = strconv.AppendBool(w.b, v.True())
	case Number:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			w.null(NumberText(f))
		} else {
			w.b = AppendNumber(w.b, f)
		}
	case StringKind:
		w.b = AppendJSONString(w.b, v.AsString().text)
	case ArrayKind:
		return w.array(v.AsArray(), depth)
	case ObjectKind:
		return w.object(v.AsObject(), depth)
	default:
		w.null("a " + v.Kind().String())
	}
	return nil
}

func (w *jsonWriter) array(a *Array, depth int) error {
	w.b = append(w.b, '[')
	top := len(w.path)
	w.path = append(w.path, step{})
	for i, e := range a.elems {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.newLine(depth + 1)
		w.path[top] = step{index: i}
		if err := w.value(e, depth+1); err != nil {
			return err
		}
	}
	w.path = w.path[:top]
	if len(a.elems) > 0 {
		w.newLine(depth)
	}
	w.b = append(w.b, ']')
	return nil
}

func (w *jsonWriter) object(o *Object, depth int) error {
	w.b = append(w.b, '{')
	top := len(w.path)
	w.path = append(w.path, step{})
	for i, k := range o.Keys() {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.newLine(depth + 1)
		w.b = append(AppendJSONString(w.b, k), ':')
		if w.indent != "" {
			w.b = append(w.b, ' ')
		}
		w.path[top] = step{key: k, index: -1}
		if err := w.value(o.slots[i], depth+1); err != nil {
			return err
		}
	}
	w.path = w.path[:top]
	if o.Len() > 0 {
		w.newLine(depth)
	}
	w.b = append(w.b, '}')
	return nil
}

func (w *jsonWriter) newLine(depth int) {
	if w.indent == "" {
		return
	}
	w.b = append(w.b, '\n')
	// Deep levels are not indented further: the text would grow quadratically.
	for range min(depth, 100) {
		w.b = append(w.b, w.indent...)
	}
}

// JSONError tells where a text stops being JSON.
type JSONError struct {
	Offset  int // bytes
	Line    int // from 1
	Column  int // code points, from 1
	Message string
}

// Error returns the place and the message.
func (e *JSONError) Error() string {
	return fmt.Sprintf("invalid JSON at line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// FromJSON reads a JSON text, which must be UTF-8 and hold one value. Of equal
// keys the last one counts, at the place of the first. Errors are *JSONError.
func FromJSON(data []byte) (Value, error) { return NewRealm().FromJSON(string(data)) }

// FromJSON is like the function of that name; objects get shapes of the realm.
func (r *Realm) FromJSON(text string) (Value, error) {
	p := jsonReader{s: text, r: r}
	if !utf8.ValidString(text) {
		for i := 0; i < len(text); {
			c, n := utf8.DecodeRuneInString(text[i:])
			if c == utf8.RuneError && n == 1 {
				return NullValue, p.errorAt(i, "invalid UTF-8")
			}
			i += n
		}
	}
	p.space()
	v, err := p.value(0)
	if err != nil {
		return NullValue, err
	}
	if p.space(); p.i < len(p.s) {
		return NullValue, p.errorAt(p.i, "unexpected %s after the value", p.found())
	}
	return v, nil
}

type jsonReader struct {
	s    string
	i    int
	r    *Realm
	vals []Value // of the containers being read, innermost last
	keys []string
	last *Shape // of the object read last
}

func (p *jsonReader) errorAt(offset int, format string, args ...any) error {
	e := &JSONError{Offset: offset, Message: fmt.Sprintf(format, args...)}
	before := p.s[:offset]
	e.Line = 1 + strings.Count(before, "\n")
	e.Column = 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return e
}

// found describes what stands at the current position.
func (p *jsonReader) found() string {
	if p.i >= len(p.s) {
		return "end of text"
	}
	r, _ := utf8.DecodeRuneInString(p.s[p.i:])
	return strconv.QuoteRune(r)
}

func (p *jsonReader) space() {
	for p.i < len(p.s) {
		if c := p.s[p.i]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return
		}
		p.i++
	}
}

// at reports whether character c comes next.
func (p *jsonReader) at(c byte) bool { return p.i < len(p.s) && p.s[p.i] == c }

func (p *jsonReader) value(depth int) (Value, error) {
	if p.i >= len(p.s) {
		return NullValue, p.errorAt(p.i, "expected a value, found end of text")
	}
	if depth > maxDepth {
		return NullValue, p.errorAt(p.i, "nested deeper than %d levels", maxDepth)
	}
	switch c := p.s[p.i]; {
	case c == '"':
		s, err := p.str()
		return Str(s), err
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	}
	switch rest := p.s[p.i:]; {
	case strings.HasPrefix(rest, "null"):
		p.i += len("null")
		return NullValue, nil
	case strings.HasPrefix(rest, "true"):
		p.i += len("true")
		return Bool(true), nil
	case strings.HasPrefix(rest, "false"):
		p.i += len("false")
		return Bool(false), nil
	}
	return NullValue, p.errorAt(p.i, "expected a value, found %s", p.found())
}

func (p *jsonReader) array(depth int) (Value, error) {
	p.i++
	base := len(p.vals)
	if p.space(); p.at(']') {
		p.i++
		return NewArray(nil), nil
	}
	for {
		p.space()
		v, err := p.value(depth + 1)
		if err != nil {
			return NullValue, err
		}
		p.vals = append(p.vals, v)
		p.space()
		switch {
		case p.at(','):
			p.i++
		case p.at(']'):
			p.i++
			elems := make([]Value, len(p.vals)-base)
			copy(elems, p.vals[base:])
			p.vals = p.vals[:base]
			return NewArray(elems), nil
		default:
			return NullValue, p.errorAt(p.i, "expected ',' or ']' in the array, found %s", p.found())
		}
	}
}

func (p *jsonReader) object(depth int) (Value, error) {
	p.i++
	base, keyBase := len(p.vals), len(p.keys)
	if p.space(); p.at('}') {
		p.i++
		return NewObject(p.r, rootShape, nil).Value(), nil
	}
	for {
		if p.space(); !p.at('"') {
			return NullValue, p.errorAt(p.i, "expected a key in double quotes, found %s", p.found())
		}
		k, err := p.str()
		if err != nil {
			return NullValue, err
		}
		if p.space(); !p.at(':') {
			return NullValue, p.errorAt(p.i, "expected ':' after the key, found %s", p.found())
		}
		p.i++
		p.space()
		v, err := p.value(depth + 1)
		if err != nil {
			return NullValue, err
		}
		p.keys, p.vals = append(p.keys, k), append(p.vals, v)
		p.space()
		switch {
		case p.at(','):
			p.i++
		case p.at('}'):
			p.i++
			o := p.record(p.keys[keyBase:], p.vals[base:])
			clear(p.vals[base:])
			p.keys, p.vals = p.keys[:keyBase], p.vals[:base]
			return o.Value(), nil
		default:
			return NullValue, p.errorAt(p.i, "expected ',' or '}' in the object, found %s", p.found())
		}
	}
}

// record is RecordOf for lists of objects, which mostly have the keys of the one
// before.
func (p *jsonReader) record(keys []string, vals []Value) *Object {
	if p.last != nil && slices.Equal(p.last.keys, keys) {
		return NewObject(p.r, p.last, slices.Clone(vals))
	}
	o := RecordOf(p.r, keys, vals)
	p.last = o.shape
	return o
}

// RecordOf copies keys and values, of equal number, into an object; small
// layouts are those of the realm. Of equal keys the last one counts, at the
// place of the first.
func RecordOf(r *Realm, keys []string, vals []Value) *Object {
	if len(keys) > maxShapeKeys {
		return ObjectOf(append([]string(nil), keys...), append([]Value(nil), vals...))
	}
	s := rootShape
	slots := make([]Value, 0, len(keys))
	for i, k := range keys {
		next := r.transitions[transition{s, k}]
		if next == nil {
			if j := s.Lookup(k); j >= 0 {
				slots[j] = vals[i]
				continue
			}
			next = r.Extend(s, strings.Clone(k))
		}
		s, slots = next, append(slots, vals[i])
	}
	return NewObject(r, s, slots)
}

func (p *jsonReader) number() (Value, error) {
	from := p.i
	neg := p.at('-')
	if neg {
		p.i++
	}
	digits := func() int {
		i := p.i
		for p.i < len(p.s) && p.s[p.i]-'0' <= 9 {
			p.i++
		}
		return p.i - i
	}
	start := p.i
	n := digits()
	switch {
	case n == 0:
		return NullValue, p.errorAt(p.i, "expected a digit, found %s", p.found())
	case n > 1 && p.s[start] == '0':
		return NullValue, p.errorAt(start, "a number must not begin with 0")
	}
	whole := true
	if p.at('.') {
		whole = false
		p.i++
		if digits() == 0 {
			return NullValue, p.errorAt(p.i, "expected a digit after the point, found %s", p.found())
		}
	}
	if p.at('e') || p.at('E') {
		whole = false
		p.i++
		if p.at('+') || p.at('-') {
			p.i++
		}
		if digits() == 0 {
			return NullValue, p.errorAt(p.i, "expected a digit of the exponent, found %s", p.found())
		}
	}
	if whole && n <= 15 {
		var i int64
		for _, c := range []byte(p.s[start:p.i]) {
			i = i*10 + int64(c-'0')
		}
		if f := float64(i); neg {
			return Num(math.Copysign(f, -1)), nil
		} else {
			return Num(f), nil
		}
	}
	f, err := strconv.ParseFloat(p.s[from:p.i], 64)
	if err != nil {
		return NullValue, p.errorAt(from, "number %s is out of range", p.s[from:p.i])
	}
	return Num(f), nil
}

func (p *jsonReader) str() (string, error) {
	p.i++
	from := p.i
	for p.i < len(p.s) {
		switch c := p.s[p.i]; {
		case c == '"':
			s := p.s[from:p.i]
			p.i++
			return s, nil
		case c == '\\':
			return p.escaped(from)
		case c < ' ':
			return "", p.errorAt(p.i, "control character in a string; write it as an escape")
		}
		p.i++
	}
	return "", p.errorAt(from-1, "string is not closed")
}

// escaped reads on in a string that began at from, at its first backslash.
func (p *jsonReader) escaped(from int) (string, error) {
	b := []byte(p.s[from:p.i])
	for p.i < len(p.s) {
		c := p.s[p.i]
		switch {
		case c == '"':
			p.i++
			return string(b), nil
		case c < ' ':
			return "", p.errorAt(p.i, "control character in a string; write it as an escape")
		case c != '\\':
			b = append(b, c)
			p.i++
			continue
		}
		at := p.i
		p.i += 2
		if p.i > len(p.s) {
			break
		}
		switch e := p.s[at+1]; e {
		case '"', '\\', '/':
			b = append(b, e)
		case 'n':
			b = append(b, '\n')
		case 't':
			b = append(b, '\t')
		case 'r':
			b = append(b, '\r')
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'u':
			r, ok := p.hex4()
			if !ok {
				return "", p.errorAt(at, `\u must be followed by four hexadecimal digits`)
			}
			if 0xD800 <= r && r < 0xDC00 && strings.HasPrefix(p.s[p.i:], `\u`) {
				back := p.i
				p.i += 2
				if low, ok := p.hex4(); ok && 0xDC00 <= low && low < 0xE000 {
					r = (r-0xD800)<<10 + (low - 0xDC00) + 0x10000
				} else {
					p.i = back
				}
			}
			b = utf8.AppendRune(b, r) // U+FFFD for half a surrogate pair
		default:
			return "", p.errorAt(at, "unknown escape in a string")
		}
	}
	return "", p.errorAt(from-1, "string is not closed")
}

func (p *jsonReader) hex4() (rune, bool) {
	if p.i+4 > len(p.s) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(p.s[p.i : p.i+4]) {
		d := strings.IndexByte(hexDigits, c|0x20)
		if d < 0 || c < '0' {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	p.i += 4
	return r, true
}
