package value

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// JSONError tells where a JSON text is wrong. Line and Column start at 1 and
// count code points.
type JSONError struct {
	Offset, Line, Column int
	Message              string
}

func (e *JSONError) Error() string {
	return fmt.Sprintf("%s at line %d, column %d", e.Message, e.Line, e.Column)
}

// FromJSON reads one JSON text. Keys keep their order; of equal keys the last
// one gives the value. The error is a *JSONError.
func FromJSON(data []byte) (Value, error) {
	r := jsonReader{text: string(data), realm: NewRealm()}
	r.space()
	v := r.value(0)
	r.space()
	if r.err == nil && r.i < len(r.text) {
		r.fail("unexpected text after the value")
	}
	if r.err != nil {
		return Value{}, r.err
	}
	return v, nil
}

type jsonReader struct {
	text  string
	i     int
	err   error
	realm *Realm // objects of equal layout share their shape
}

func (r *jsonReader) fail(format string, args ...any) {
	if r.err != nil {
		return
	}
	before := r.text[:min(r.i, len(r.text))]
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	r.err = &JSONError{r.i, line, column, fmt.Sprintf(format, args...)}
}

func (r *jsonReader) space() {
	for r.i < len(r.text) {
		switch r.text[r.i] {
		case ' ', '\t', '\n', '\r':
			r.i++
		default:
			return
		}
	}
}

func (r *jsonReader) value(depth int) Value {
	if depth > maxJSONDepth {
		r.fail("the text nests deeper than %d levels", maxJSONDepth)
		return Value{}
	}
	if r.i >= len(r.text) {
		r.fail("the text ends where a value should be")
		return Value{}
	}
	switch c := r.text[r.i]; {
	case c == '{':
		return r.object(depth)
	case c == '[':
		return r.array(depth)
	case c == '"':
		return Str(r.str())
	case c == '-' || (c >= '0' && c <= '9'):
		return r.number()
	}
	for word, v := range map[string]Value{"null": {}, "true": Bool(true), "false": Bool(false)} {
		if strings.HasPrefix(r.text[r.i:], word) {
			r.i += len(word)
			return v
		}
	}
	c, _ := utf8.DecodeRuneInString(r.text[r.i:])
	switch c {
	case '\'':
		r.fail("strings need double quotes")
	default:
		r.fail("unexpected %q where a value should be", c)
	}
	return Value{}
}

func (r *jsonReader) number() Value {
	start := r.i
	digits := func() bool {
		from := r.i
		for r.i < len(r.text) && r.text[r.i] >= '0' && r.text[r.i] <= '9' {
			r.i++
		}
		return r.i > from
	}
	next := func(c byte) bool {
		if r.i < len(r.text) && r.text[r.i] == c {
			r.i++
			return true
		}
		return false
	}
	next('-')
	if !next('0') && !digits() {
		r.fail("a number needs digits")
		return Value{}
	}
	if next('.') && !digits() {
		r.fail("a number needs digits after the point")
		return Value{}
	}
	if next('e') || next('E') {
		if !next('+') {
			next('-')
		}
		if !digits() {
			r.fail("a number needs digits in the exponent")
			return Value{}
		}
	}
	f, err := strconv.ParseFloat(r.text[start:r.i], 64)
	if err != nil && f == 0 {
		r.i = start
		r.fail("%s is no number", r.text[start:r.i])
	}
	return Num(f)
}

func (r *jsonReader) str() string {
	r.i++ // the quote
	start := r.i
	var b []byte
	for r.i < len(r.text) {
		switch c := r.text[r.i]; {
		case c == '"':
			s := r.text[start:r.i]
			if b != nil {
				s = string(append(b, s...))
			} else {
				s = strings.Clone(s) // not the whole text
			}
			r.i++
			if !utf8.ValidString(s) {
				s = strings.ToValidUTF8(s, "\ufffd")
			}
			return s
		case c == '\\':
			b = append(b, r.text[start:r.i]...)
			b = r.escape(b)
			if r.err != nil {
				return ""
			}
			start = r.i
		case c < ' ':
			if c == '\n' {
				r.fail("a string must end on the line it begins on")
			} else {
				r.fail("control character %q in a string", c)
			}
			return ""
		default:
			r.i++
		}
	}
	r.fail("the text ends inside a string")
	return ""
}

func (r *jsonReader) escape(b []byte) []byte {
	if r.i+1 >= len(r.text) {
		r.fail("the text ends inside a string")
		return b
	}
	c := r.text[r.i+1]
	if c == 'u' {
		u, ok := r.hex(r.i + 2)
		if !ok {
			r.fail(`\u needs four hexadecimal digits`)
			return b
		}
		r.i += 6
		if utf16.IsSurrogate(u) {
			if r.i+1 < len(r.text) && r.text[r.i] == '\\' && r.text[r.i+1] == 'u' {
				if low, ok := r.hex(r.i + 2); ok {
					if full := utf16.DecodeRune(u, low); full != utf8.RuneError {
						r.i += 6
						return utf8.AppendRune(b, full)
					}
				}
			}
			u = utf8.RuneError
		}
		return utf8.AppendRune(b, u)
	}
	i := strings.IndexByte(`"\/bfnrt`, c)
	if i < 0 {
		r.fail(`unknown escape \%c`, c)
		return b
	}
	r.i += 2
	return append(b, "\"\\/\b\f\n\r\t"[i])
}

func (r *jsonReader) hex(at int) (rune, bool) {
	if at+4 > len(r.text) {
		return 0, false
	}
	n, err := strconv.ParseUint(r.text[at:at+4], 16, 32)
	return rune(n), err == nil
}

func (r *jsonReader) array(depth int) Value {
	r.i++
	var elems []Value
	r.space()
	if r.i < len(r.text) && r.text[r.i] == ']' {
		r.i++
		return NewArray(nil)
	}
	for {
		r.space()
		elems = append(elems, r.value(depth+1))
		if r.err != nil || !r.more(']') {
			return NewArray(elems)
		}
	}
}

// more reads the comma between elements, or the end.
func (r *jsonReader) more(end byte) bool {
	r.space()
	if r.i >= len(r.text) {
		r.fail("the text ends before the closing %q", end)
		return false
	}
	switch r.text[r.i] {
	case ',':
		r.i++
		at := r.i
		if r.space(); r.i < len(r.text) && r.text[r.i] == end {
			r.i = at - 1
			r.fail("a comma before the closing %q", end)
			return false
		}
		return true
	case end:
		r.i++
		return false
	}
	r.fail("expected a comma or %q", end)
	return false
}

func (r *jsonReader) object(depth int) Value {
	r.i++
	o := NewObject(r.realm, r.realm.Root(), nil)
	r.space()
	if r.i < len(r.text) && r.text[r.i] == '}' {
		r.i++
		return o.Value()
	}
	for {
		r.space()
		if r.i >= len(r.text) || r.text[r.i] != '"' {
			r.fail("expected a key in double quotes")
			return Value{}
		}
		key := r.str()
		r.space()
		if r.err == nil && (r.i >= len(r.text) || r.text[r.i] != ':') {
			r.fail("expected a colon after the key")
		}
		if r.err != nil {
			return Value{}
		}
		r.i++
		r.space()
		v := r.value(depth + 1)
		if r.err != nil {
			return Value{}
		}
		o = o.Set(r.realm, key, v)
		if !r.more('}') {
			return o.Value()
		}
	}
}
