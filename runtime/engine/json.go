package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
)

// maxDepth bounds the nesting of inputs and results.
const maxDepth = 1000

// InputFromJSON decodes a JSON text. Errors tell the byte offset.
func InputFromJSON(text []byte) (value.Value, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := decode(d, 0)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = &JSONError{Offset: d.InputOffset(), Message: "there is something after the JSON value"}
		}
	}
	var syntax *json.SyntaxError
	var own *JSONError
	switch {
	case err == nil:
		return v, nil
	case errors.As(err, &own):
		return value.NullValue, own
	case errors.As(err, &syntax):
		return value.NullValue, &JSONError{Offset: max(syntax.Offset-1, 0), Message: syntax.Error()}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return value.NullValue, &JSONError{Offset: int64(len(text)), Message: "the JSON text ends too early"}
	}
	return value.NullValue, &JSONError{Offset: d.InputOffset(), Message: err.Error()}
}

// JSONError says where a text is not valid JSON.
type JSONError struct {
	Offset  int64 // in bytes
	Message string
}

func (e *JSONError) Error() string { return e.Message }

// Position returns the 1-based line and column (in code points) of the error in
// the text that was decoded.
func (e *JSONError) Position(text []byte) (line, column int) {
	before := string(text[:min(e.Offset, int64(len(text)))])
	start := strings.LastIndexByte(before, '\n') + 1
	return 1 + strings.Count(before, "\n"), 1 + len([]rune(before[start:]))
}

// decode reads one value, keeping the order of keys.
func decode(d *json.Decoder, depth int) (value.Value, error) {
	if depth > maxDepth {
		return value.NullValue, &JSONError{Offset: d.InputOffset(), Message: fmt.Sprintf("nested deeper than %d levels", maxDepth)}
	}
	tok, err := d.Token()
	if err != nil {
		return value.NullValue, err
	}
	switch tok {
	case json.Delim('['):
		var elems []value.Value
		for d.More() {
			v, err := decode(d, depth+1)
			if err != nil {
				return value.NullValue, err
			}
			elems = append(elems, v)
		}
		_, err = d.Token()
		return value.NewArray(elems), err
	case json.Delim('{'):
		var keys []string
		var vals []value.Value
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return value.NullValue, err
			}
			v, err := decode(d, depth+1)
			if err != nil {
				return value.NullValue, err
			}
			keys, vals = append(keys, key.(string)), append(vals, v)
		}
		_, err = d.Token()
		return value.ObjectOf(keys, vals).Value(), err
	}
	return fromAny(tok), nil
}

// fromAny converts what package json decodes; keys of maps are sorted.
func fromAny(x any) value.Value {
	switch x := x.(type) {
	case bool:
		return value.Bool(x)
	case float64:
		return value.Num(x)
	case json.Number:
		f, _ := x.Float64() // beyond the range of a float: an infinity
		return value.Num(f)
	case string:
		return value.Str(x)
	case []any:
		elems := make([]value.Value, len(x))
		for i, e := range x {
			elems[i] = fromAny(e)
		}
		return value.NewArray(elems)
	case map[string]any:
		keys := make([]string, 0, len(x))
		for k := range x {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		vals := make([]value.Value, len(keys))
		for i, k := range keys {
			vals[i] = fromAny(x[k])
		}
		return value.ObjectOf(keys, vals).Value()
	}
	return value.NullValue
}

// toAny converts to what package json would decode. Confidences are left out;
// what JSON does not know becomes nil.
func toAny(v value.Value) any {
	v = v.Plain()
	switch v.Kind() {
	case value.Boolean:
		return v.True()
	case value.Number:
		if f := v.Float(); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f
		}
	case value.StringKind:
		return v.AsString().Go()
	case value.ArrayKind:
		a := v.AsArray()
		out := make([]any, a.Len())
		for i, e := range a.Elems() {
			out[i] = toAny(e)
		}
		return out
	case value.ObjectKind:
		out := map[string]any{}
		for k, e := range v.AsObject().All() {
			out[k] = toAny(e)
		}
		return out
	}
	return nil
}

// plainJSON prints a value as JSON and collects what JSON can't say.
type plainJSON struct {
	buf         bytes.Buffer
	confidences map[string]float64 // by JSON pointer, the root excluded
	nonFinite   []string           // pointers of NaN and infinities, printed as null
	foreign     []string           // pointers of functions and promises, printed as null
}

var errTooDeep = fmt.Errorf("the value is nested deeper than %d levels", maxDepth)

func (w *plainJSON) value(v value.Value, pointer string, depth int) error {
	if depth > maxDepth {
		return errTooDeep
	}
	if c, ok := v.Confidence(); ok && depth > 0 {
		w.confidences[pointer] = c
	}
	v = v.Plain()
	switch v.Kind() {
	case value.Null, value.Unset:
		w.buf.WriteString("null")
	case value.Boolean:
		fmt.Fprint(&w.buf, v.True())
	case value.Number:
		f := v.Float()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			w.nonFinite = append(w.nonFinite, pointer)
			w.buf.WriteString("null")
			break
		}
		return w.scalar(f + 0)
	case value.StringKind:
		return w.scalar(v.AsString().Go())
	case value.ArrayKind:
		w.buf.WriteByte('[')
		for i, e := range v.AsArray().Elems() {
			if i > 0 {
				w.buf.WriteByte(',')
			}
			if err := w.value(e, fmt.Sprintf("%s/%d", pointer, i), depth+1); err != nil {
				return err
			}
		}
		w.buf.WriteByte(']')
	case value.ObjectKind:
		w.buf.WriteByte('{')
		first := true
		for k, e := range v.AsObject().All() {
			if !first {
				w.buf.WriteByte(',')
			}
			first = false
			if err := w.scalar(k); err != nil {
				return err
			}
			w.buf.WriteByte(':')
			if err := w.value(e, pointer+"/"+escapePointer(k), depth+1); err != nil {
				return err
			}
		}
		w.buf.WriteByte('}')
	default:
		w.foreign = append(w.foreign, pointer)
		w.buf.WriteString("null")
	}
	return nil
}

// scalar prints a number or a string.
func (w *plainJSON) scalar(x any) error {
	enc := json.NewEncoder(&w.buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(x); err != nil {
		return err
	}
	w.buf.Truncate(w.buf.Len() - 1) // Encode ends in a line break
	return nil
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func escapePointer(key string) string { return pointerEscapes.Replace(key) }
