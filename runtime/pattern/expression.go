package pattern

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
)

// The functions below are what the expressions of YAML patterns are made of.
// They forgive where Prism itself is strict: a field that is missing is null, and
// a comparison with null is false.
//
// A record (an agent's answer, a vote, the outcome of a step) is an object with a
// field "result" that carries a confidence; data never does. Written as a whole a
// record stands for its result.

// isRecord reports whether a value is a record, and gives its fields.
func isRecord(v value.Value) (*value.Object, bool) {
	if !v.IsConfident() || v.PlainKind() != value.ObjectKind {
		return nil, false
	}
	o := v.Plain().AsObject()
	return o, o.Lookup("result") >= 0
}

// Unwrap is the result of a record, and any other value without its confidence.
func Unwrap(v value.Value) value.Value {
	if o, ok := isRecord(v); ok {
		r, _ := o.Get("result")
		return Unwrap(r)
	}
	return v.Plain()
}

// part keeps the confidence of records, which makes them what they are, and
// drops any other.
func part(v value.Value) value.Value {
	if _, ok := isRecord(v); ok {
		return v
	}
	return v.Plain()
}

// joinedStrategy marks records whose value's fields win over their own.
const joinedStrategy = "merge"

// PartOf is a part of a value by name or position; null when there is none. A
// record's own fields come first, then those of its result; the other way round
// for merged records.
func PartOf(v, key value.Value) value.Value {
	key = Unwrap(key)
	o, ok := isRecord(v)
	if !ok {
		return plainField(v.Plain(), key)
	}
	inner, _ := o.Get("result")
	inner = Unwrap(inner)
	if key.Kind() != value.StringKind {
		return plainField(inner, key)
	}
	name := key.AsString().Go()
	if s, _ := o.Get("strategy"); s.PlainKind() == value.StringKind && s.Plain().AsString().Go() == joinedStrategy && inner.Kind() == value.ObjectKind {
		if x, ok := inner.AsObject().Get(name); ok {
			return part(x)
		}
	}
	if x, ok := o.Get(name); ok {
		return part(x)
	}
	return plainField(inner, key)
}

func plainField(v, key value.Value) value.Value {
	switch {
	case v.Kind() == value.ObjectKind && (key.Kind() == value.StringKind || key.IsNumber() || key.IsBool()):
		name := keyOf(key)
		o := v.AsObject()
		if x, ok := o.Get(name); ok {
			return part(x)
		}
		if name == "length" {
			return value.Int(o.Len())
		}
	case v.Kind() == value.ArrayKind && key.IsNumber():
		if i := key.Float(); i >= 0 && i < float64(v.AsArray().Len()) {
			return part(v.AsArray().At(int(i)))
		}
	case key.Kind() == value.StringKind && key.AsString().Go() == "length":
		switch v.Kind() {
		case value.ArrayKind:
			return value.Int(v.AsArray().Len())
		case value.StringKind:
			return value.Int(v.AsString().Len())
		}
	}
	return value.NullValue
}

// Show is a value as it is written out: records, also inside lists and maps, by
// their results, without confidences.
func Show(v value.Value) value.Value { return show(v, 0) }

func show(v value.Value, depth int) value.Value {
	v = Unwrap(v)
	if depth > maxDepth {
		return v
	}
	switch v.Kind() {
	case value.ArrayKind:
		list := v.AsArray().Elems()
		var out []value.Value
		for i, e := range list {
			s := show(e, depth+1)
			if out == nil && !value.Identical(s, e) {
				out = append(make([]value.Value, 0, len(list)), list[:i]...)
			}
			if out != nil {
				s.Share()
				out = append(out, s)
			}
		}
		if out != nil {
			value.ShareAll(out)
			return value.NewArray(out)
		}
	case value.ObjectKind:
		o := v.AsObject()
		changed := false
		vals := make([]value.Value, o.Len())
		for i, e := range o.Slots() {
			vals[i] = show(e, depth+1)
			vals[i].Share()
			changed = changed || !value.Identical(vals[i], e)
		}
		if changed {
			return value.ObjectOf(append([]string(nil), o.Keys()...), vals).Value()
		}
	}
	return v
}

// fullFields are what a list of answers shows of each when it is written as a
// whole.
var fullFields = []string{"agentId", "agentName", "capabilities", "result", "confidence", "reasoning", "error", "timestamp"}

var fullShape = value.NewShape(fullFields...)

// Full writes out a list of answers with what is known about each.
func Full(v value.Value) value.Value {
	p := Unwrap(v)
	if p.Kind() != value.ArrayKind {
		return Show(v)
	}
	out := make([]value.Value, p.AsArray().Len())
	for i, e := range p.AsArray().Elems() {
		o, ok := isRecord(e)
		if !ok || o.Lookup("agentId") < 0 {
			out[i] = Show(e)
			continue
		}
		vals := make([]value.Value, len(fullFields))
		for k, name := range fullFields {
			x, _ := o.Get(name)
			vals[k] = Show(x)
			vals[k].Share()
		}
		out[i] = value.NewObject(nil, fullShape, vals).Value()
	}
	return value.NewArray(out)
}

// errCompare and the like are mistakes of an expression that only its values
// show.
var errCompare = errors.New("only two numbers or two texts can be compared")

// Ordered compares by "<", "<=", ">" or ">="; with null it is false.
func Ordered(op string, a, b value.Value) (bool, error) {
	a, b = Unwrap(a), Unwrap(b)
	if a.IsNull() || b.IsNull() {
		return false, nil
	}
	order, unordered, ok := value.Compare(a, b)
	if !ok {
		return false, fmt.Errorf("%s and %s can't be compared: %w", value.Inspect(a), value.Inspect(b), errCompare)
	}
	if unordered {
		return false, nil
	}
	switch op {
	case "<":
		return order < 0, nil
	case "<=":
		return order <= 0, nil
	case ">":
		return order > 0, nil
	}
	return order >= 0, nil
}

// Contains reports whether a list has an element, a text a part, or a map a key;
// nothing contains anything else.
func Contains(in, x value.Value) bool {
	in, x = Unwrap(in), Unwrap(x)
	switch in.Kind() {
	case value.ArrayKind:
		for _, e := range in.AsArray().Elems() {
			if value.Same(Unwrap(e), x) {
				return true
			}
		}
	case value.StringKind:
		return x.Kind() == value.StringKind && strings.Contains(in.AsString().Go(), x.AsString().Go())
	case value.ObjectKind:
		return x.Kind() == value.StringKind && in.AsObject().Lookup(x.AsString().Go()) >= 0
	}
	return false
}

// Matches reports whether a regular expression (RE2, not anchored) finds
// something in a text; null matches nothing.
func Matches(v, expression value.Value) (bool, error) {
	v, expression = Unwrap(v), Unwrap(expression)
	if v.IsNull() || expression.IsNull() {
		return false, nil
	}
	if expression.Kind() != value.StringKind {
		return false, fmt.Errorf("a regular expression is text, not %s", value.Inspect(expression))
	}
	re, err := regexp.Compile(expression.AsString().Go())
	if err != nil {
		return false, fmt.Errorf("the regular expression is malformed: %w", err)
	}
	return re.MatchString(Spell(v)), nil
}

// Spell is a value inside a text: null is nothing, text itself, anything else
// compact JSON.
func Spell(v value.Value) string {
	switch v = Show(v); v.Kind() {
	case value.Null:
		return ""
	case value.Number:
		return value.NumberText(v.Float())
	}
	return keyOf(v)
}

// Elements are what a star goes over: the elements of a list or the values of a
// map.
func Elements(v value.Value) []value.Value {
	switch p := Unwrap(v); p.Kind() {
	case value.ArrayKind:
		return p.AsArray().Elems()
	case value.ObjectKind:
		return p.AsObject().Slots()
	}
	return nil
}

// Fold is "min", "max", "sum" or "average" of numbers; nulls are left out, and
// without any number it is null.
func Fold(op string, list []value.Value) (value.Value, error) {
	n, acc := 0, 0.0
	for _, e := range list {
		e = Unwrap(e)
		if e.IsNull() {
			continue
		}
		if !e.IsNumber() {
			return value.NullValue, fmt.Errorf("%s needs numbers, not %s", op, value.Inspect(e))
		}
		f := e.Float()
		switch {
		case n == 0 || (op == "min" && f < acc) || (op == "max" && f > acc):
			acc = f
		case op == "sum" || op == "average":
			acc += f
		}
		n++
	}
	switch {
	case n == 0:
		return value.NullValue, nil
	case op == "average":
		acc /= float64(n)
	}
	return value.Num(acc), nil
}

// Rounded rounds half away from zero to a number of decimals.
func Rounded(f float64, digits int) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) || math.Abs(f) >= 1<<53 {
		return f
	}
	scale := math.Pow(10, float64(min(max(digits, -300), 15)))
	return math.Round(f*scale) / scale
}

// Cosine is the cosine similarity of two vectors; 0 when one of them is all
// zeros.
func Cosine(a, b []float64) float64 {
	dot, na, nb := 0.0, 0.0, 0.0
	for i := range a {
		dot += a[i] * b[i]
		na += a[i] * a[i]
		nb += b[i] * b[i]
	}
	if na == 0 || nb == 0 {
		return 0
	}
	return dot / math.Sqrt(na) / math.Sqrt(nb)
}
