package value

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// maxJSONDepth bounds the nesting of what is read and written as JSON.
const maxJSONDepth = 10_000

// ErrTooDeep is the error of values that nest deeper than JSON may.
var ErrTooDeep = errors.New("the value nests deeper than 10,000 levels")

// ToJSON writes a value as JSON, keys in order, each level indented by indent;
// "" writes it on one line without spaces. Beside the text it gives the
// confidences of confident parts by JSON pointer (the root's own is not among
// them) and warnings for what JSON can't say: NaN, infinities, functions and
// promises, which become null.
func ToJSON(v Value, indent string) (data []byte, confidences map[string]float64, warnings []string, err error) {
	w := jsonWriter{indent: indent}
	w.value(v.Plain(), 0)
	return w.out, w.confidences, w.warnings, w.err
}

type jsonWriter struct {
	out         []byte
	indent      string
	pointer     []byte
	confidences map[string]float64
	warnings    []string
	err         error
}

func (w *jsonWriter) part(v Value, depth int) {
	if c, ok := v.Confidence(); ok {
		if w.confidences == nil {
			w.confidences = map[string]float64{}
		}
		w.confidences[string(w.pointer)] = c
		v = v.Plain()
	}
	w.value(v, depth)
}

func (w *jsonWriter) null(what string) {
	at := string(w.pointer)
	if at == "" {
		at = "the value"
	}
	w.warnings = append(w.warnings, at+": "+what+" becomes null in JSON")
	w.out = append(w.out, "null"...)
}

func (w *jsonWriter) value(v Value, depth int) {
	if depth > maxJSONDepth {
		w.err = ErrTooDeep
		return
	}
	switch v.Kind() {
	case Null, Unset:
		w.out = append(w.out, "null"...)
	case Boolean:
		w.out = strconv.AppendBool(w.out, v.True())
	case Number:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			w.null(NumberText(f))
		} else {
			w.out = AppendNumber(w.out, f)
		}
	case StringKind:
		w.out = AppendJSONString(w.out, v.AsString().Go())
	case ArrayKind:
		w.open('[')
		n := len(w.pointer)
		for i, e := range v.AsArray().Elems() {
			if w.err != nil {
				return
			}
			w.separate(i, depth+1)
			w.pointer = strconv.AppendInt(append(w.pointer, '/'), int64(i), 10)
			w.part(e, depth+1)
			w.pointer = w.pointer[:n]
		}
		w.close(']', v.AsArray().Len(), depth)
	case ObjectKind:
		w.open('{')
		n, i := len(w.pointer), 0
		for k, e := range v.AsObject().All() {
			if w.err != nil {
				return
			}
			w.separate(i, depth+1)
			i++
			w.out = append(AppendJSONString(w.out, k), ':')
			if w.indent != "" {
				w.out = append(w.out, ' ')
			}
			w.pointer = append(append(w.pointer, '/'), pointerEscape.Replace(k)...)
			w.part(e, depth+1)
			w.pointer = w.pointer[:n]
		}
		w.close('}', i, depth)
	default:
		w.null("a " + v.Kind().String())
	}
}

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")

func (w *jsonWriter) open(c byte) { w.out = append(w.out, c) }

// separate goes to the place of element i.
func (w *jsonWriter) separate(i, depth int) {
	if i > 0 {
		w.out = append(w.out, ',')
	}
	w.newline(depth)
}

func (w *jsonWriter) close(c byte, n, depth int) {
	if n > 0 {
		w.newline(depth)
	}
	w.out = append(w.out, c)
}

func (w *jsonWriter) newline(depth int) {
	if w.indent == "" {
		return
	}
	w.out = append(w.out, '\n')
	for range depth {
		w.out = append(w.out, w.indent...)
	}
}
