package schema

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/parallaxai/parallax/runtime/value"
)

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
