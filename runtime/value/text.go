package value

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// Limits of text forms. Values have no cycles, yet they may be nested deeply,
// and a small value may have a huge text ([x, x] of [y, y] of ...).
const (
	maxTextDepth = 1000
	maxTextBytes = 64 << 20
)

// Text returns the text form of a value, as + and string interpolation see it.
// Confidences don't show. Parts nested deeper than 1000 levels and what follows
// the first 64 MiB appear as "...".
func Text(v Value) string {
	v = v.Plain()
	switch v.Kind() {
	case StringKind:
		return v.AsString().Go()
	case Number:
		return NumberText(v.Float())
	}
	w := textWriter{}
	w.value(v, 0)
	return string(w.b)
}

// AppendText appends the text form of v to b.
func AppendText(b []byte, v Value) []byte {
	w := textWriter{b: b, from: len(b)}
	w.value(v, 0)
	return w.b
}

// TextOf returns the text form of v as a string value; strings come back as
// they are.
func TextOf(v Value) *String {
	if v = v.Plain(); v.Kind() == StringKind {
		return v.AsString()
	}
	return NewString(Text(v))
}

// Inspect returns v as a person debugging wants to see it: strings in quotes,
// confidences as in 5 (~0.8).
func Inspect(v Value) string {
	w := textWriter{inspect: true}
	w.value(v, 0)
	return string(w.b)
}

// Summary returns v as Inspect does, with confidences rounded to two decimals
// and only where they differ from that of the value around. The confidence of
// what v stands in is within; NaN when that is plain.
func Summary(v Value, within float64) string {
	w := textWriter{inspect: true, brief: true, within: within}
	w.value(v, 0)
	return string(w.b)
}

type textWriter struct {
	b       []byte
	from    int // where the text begins in b
	inspect bool
	brief   bool    // confidences as Summary shows them
	within  float64 // with brief, the confidence of the value around
	full    bool    // the size limit is reached
}

// round returns a confidence with two decimals.
func round(c float64) float64 { return math.Round(c*100) / 100 }

func (w *textWriter) value(v Value, depth int) {
	if len(w.b)-w.from > maxTextBytes {
		if !w.full {
			w.full = true
			w.b = append(w.b, "..."...)
		}
		return
	}
	c, confident := v.Confidence()
	v = v.Plain()
	if w.brief && confident {
		outer := w.within
		if c = round(c); c == round(outer) {
			confident = false
		}
		w.within = c
		defer func() { w.within = outer }()
	}
	switch v.Kind() {
	case Null, Unset:
		w.b = append(w.b, "null"...)
	case Boolean:
		w.b = strconv.AppendBool(w.b, v.True())
	case Number:
		w.b = AppendNumber(w.b, v.Float())
	case StringKind:
		if w.inspect {
			w.b = AppendJSONString(w.b, v.AsString().Go())
		} else {
			w.b = append(w.b, v.AsString().Go()...)
		}
	case ArrayKind:
		w.array(v.AsArray(), depth)
	case ObjectKind:
		w.object(v.AsObject(), depth)
	case Function:
		w.b = append(w.b, "[function"...)
		if name := FunctionName(v); name != "" {
			w.b = append(append(w.b, ' '), name...)
		}
		w.b = append(w.b, ']')
	case Promise:
		w.b = append(w.b, "[promise]"...)
	default:
		w.b = append(append(append(w.b, '['), v.Kind().String()...), ']')
	}
	if confident && w.inspect {
		w.b = append(w.b, " (~"...)
		w.b = AppendNumber(w.b, c)
		w.b = append(w.b, ')')
	}
}

func (w *textWriter) array(a *Array, depth int) {
	if depth >= maxTextDepth {
		w.b = append(w.b, "..."...)
		return
	}
	w.b = append(w.b, '[')
	for i, e := range a.elems {
		if w.full {
			break
		}
		if i > 0 {
			w.b = append(w.b, ", "...)
		}
		w.value(e, depth+1)
	}
	w.b = append(w.b, ']')
}

func (w *textWriter) object(o *Object, depth int) {
	if o.isError && !w.inspect {
		if m, ok := o.Get("message"); ok {
			w.value(m, depth)
			return
		}
	}
	switch {
	case depth >= maxTextDepth:
		w.b = append(w.b, "..."...)
		return
	case o.Len() == 0:
		w.b = append(w.b, "{}"...)
		return
	}
	w.b = append(w.b, "{ "...)
	for i, k := range o.Keys() {
		if w.full {
			break
		}
		if i > 0 {
			w.b = append(w.b, ", "...)
		}
		if isIdentifier(k) {
			w.b = append(w.b, k...)
		} else {
			w.b = AppendJSONString(w.b, k)
		}
		w.b = append(w.b, ": "...)
		w.value(o.slots[i], depth+1)
	}
	w.b = append(w.b, " }"...)
}

// isIdentifier reports whether a key needs no quotes.
func isIdentifier(k string) bool {
	for i := range len(k) {
		c := k[i]
		if c >= utf8.RuneSelf || !(c == '_' || c == '$' || 'a' <= c|0x20 && c|0x20 <= 'z' || i > 0 && '0' <= c && c <= '9') {
			return false
		}
	}
	return k != ""
}

// NumberText returns a number as JavaScript's Number prints it: the fewest
// digits that read back as f; 1e+21, 1e-7, "0" for -0, "NaN", "Infinity".
func NumberText(f float64) string {
	if i := int(f); uint(i) < 10 && float64(i) == f {
		return "0123456789"[i : i+1]
	}
	var buf [32]byte
	return string(AppendNumber(buf[:0], f))
}

// AppendNumber appends the text form of f to b.
func AppendNumber(b []byte, f float64) []byte {
	abs := math.Abs(f)
	switch {
	case f != f:
		return append(b, "NaN"...)
	case abs > math.MaxFloat64:
		if f < 0 {
			b = append(b, '-')
		}
		return append(b, "Infinity"...)
	case abs < 1<<53 && f == float64(int64(f)):
		return strconv.AppendInt(b, int64(f), 10)
	case abs >= 1e-6 && abs < 1e21:
		return strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	b = strconv.AppendFloat(b, f, 'e', -1, 64)
	// Go writes at least two digits of exponent, JavaScript does not.
	if n := len(b); b[n-2] == '0' && (b[n-3] == '-' || b[n-3] == '+') {
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}
