package value_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/value"
)

func TestSame(t *testing.T) {
	h := value.NewFunctionHeader("f")
	g := value.NewFunctionHeader("f")
	f := value.FromObject(&h.Header)
	for _, tt := range []struct {
		a, b value.Value
		want bool
	}{
		{value.Int(1), value.Int(1), true},
		{value.Num(0), value.Num(math.Copysign(0, -1)), true},
		{value.Int(1), value.Str("1"), false},
		{value.Num(math.NaN()), value.Num(math.NaN()), false},
		{arr(value.Num(math.NaN())), arr(value.Num(math.NaN())), false},
		{value.Str("ab"), value.Str("ab"), true},
		{value.Bool(true), value.Bool(false), false},
		{value.NullValue, value.NullValue, true},
		{value.NullValue, value.Bool(false), false},
		{f, f, true},
		{f, value.FromObject(&g.Header), false},
		{arr(), arr(), true},
		{arr(value.Int(1), arr(value.Int(2))), arr(value.Int(1), arr(value.Int(2))), true},
		{arr(value.Int(1), arr(value.Int(2))), arr(value.Int(1), arr(value.Int(3))), false},
		{arr(value.Int(1)), arr(value.Int(1), value.Int(2)), false},
		{arr(arr(value.Int(1))), arr(arr()), false},
		{obj("a", value.Int(1), "b", value.Int(2)), obj("b", value.Int(2), "a", value.Int(1)), true},
		{obj("a", value.Int(1)), obj("b", value.Int(1)), false},
		{obj("a", value.Int(1)), obj("a", value.Int(2)), false},
		{obj("a", value.Int(1)), obj(), false},
		{obj(), arr(), false},
		{conf(value.Int(1), 0.5), value.Int(1), true},
		{arr(conf(arr(value.Int(1)), 0.2)), conf(arr(arr(value.Int(1))), 0.9), true},
	} {
		if got := value.Same(tt.a, tt.b); got != tt.want {
			t.Errorf("%s === %s is %v", value.Inspect(tt.a), value.Inspect(tt.b), got)
		}
		if tt.want && value.Hash(tt.a) != value.Hash(tt.b) {
			t.Errorf("%s and %s are the same, their hashes are not", value.Inspect(tt.a), value.Inspect(tt.b))
		}
	}
	r := value.NewRealm()
	s := r.ShapeOf("a", "b")
	if value.Same(value.NewObject(r, s, []value.Value{value.Int(1), value.Int(2)}).Value(), value.NewObject(r, s, []value.Value{value.Int(1), value.Int(3)}).Value()) {
		t.Error("objects of one shape with different values are the same")
	}
}

// reordered returns a copy with the keys of all objects in reverse and without
// confidences.
func reordered(v value.Value) value.Value {
	v = v.Plain()
	switch v.Kind() {
	case value.ArrayKind:
		var out []value.Value
		for _, e := range v.AsArray().Elems() {
			out = append(out, reordered(e))
		}
		return value.NewArray(out)
	case value.ObjectKind:
		o := value.NewObject(nil, value.NewShape(), nil)
		keys := v.AsObject().Keys()
		for i := len(keys) - 1; i >= 0; i-- {
			o = o.Set(nil, keys[i], reordered(v.AsObject().Slot(i)))
		}
		return o.Value()
	}
	return v
}

func TestSameIgnoresOrderAndConfidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyValue(t, 3), anyValue(t, 3)
		if !value.Same(a, reordered(a)) || !value.Same(reordered(a), a) {
			t.Fatalf("%s is not its own copy", value.Inspect(a))
		}
		if value.Hash(a) != value.Hash(reordered(a)) {
			t.Fatalf("%s hashes differently as a copy", value.Inspect(a))
		}
		if value.Same(a, b) != value.Same(b, a) || value.Loose(a, b) != value.Loose(b, a) {
			t.Fatalf("%s and %s: not symmetric", value.Inspect(a), value.Inspect(b))
		}
		if value.Same(a, b) && (!value.Loose(a, b) || value.Hash(a) != value.Hash(b)) {
			t.Fatalf("%s and %s: same, yet not equal", value.Inspect(a), value.Inspect(b))
		}
	})
}

// TestSameIsBounded: depth must not exhaust the stack, many paths not the time.
func TestSameIsBounded(t *testing.T) {
	if !value.Same(nested(value.Int(1), 1_000_000), nested(value.Int(1), 1_000_000)) {
		t.Error("deep arrays differ")
	}
	if value.Same(nested(value.Int(1), 1_000_000), nested(value.Int(2), 1_000_000)) {
		t.Error("deep arrays are equal")
	}
	if !value.Same(doubled(value.Int(1), 60), doubled(value.Int(1), 60)) {
		t.Error("wide arrays differ")
	}
	if value.Same(doubled(value.Int(1), 60), doubled(value.Int(2), 60)) {
		t.Error("wide arrays are equal")
	}
	first, again := value.Hash(doubled(value.Int(1), 60)), value.Hash(doubled(value.Int(1), 60))
	if first != again {
		t.Error("hashes differ")
	}
}

func TestLoose(t *testing.T) {
	for _, tt := range []struct {
		a, b value.Value
		want bool
	}{
		{value.Str("1"), value.Int(1), true},
		{value.Str(" 0x10 "), value.Int(16), true},
		{value.Str("abc"), value.Int(0), false},
		{value.Str(""), value.Bool(false), true},
		{value.Bool(true), value.Int(1), true},
		{value.NullValue, value.Int(0), true},
		{value.NullValue, value.Str(""), true},
		{arr(), value.Bool(false), false},
		{value.Int(0), obj(), false},
		{arr(value.Int(1)), arr(value.Int(1)), true},
		{conf(value.Str("1"), 0.3), value.Int(1), true},
		{value.Num(math.NaN()), value.Str("x"), false},
	} {
		if got := value.Loose(tt.a, tt.b); got != tt.want {
			t.Errorf("%s == %s is %v", value.Inspect(tt.a), value.Inspect(tt.b), got)
		}
	}
}

func TestParseNumber(t *testing.T) {
	nan := math.NaN()
	for s, want := range map[string]float64{
		"": 0, "  ": 0, "5": 5, " -2.5 ": -2.5, "+3": 3, ".5": 0.5, "5.": 5, "1e3": 1000, "0x1F": 31, "0b101": 5, "0o17": 15,
		"Infinity": math.Inf(1), "-Infinity": math.Inf(-1), "1e999": math.Inf(1),
		"x": nan, "1 2": nan, "--1": nan, "-": nan, "inf": nan, "nan": nan, "0x": nan, "0xG": nan, "0b2": nan, "1_000": nan, "-0x1": nan, "0x1p4": nan, "1e": nan, "0x1_0": nan,
	} {
		if got := value.ParseNumber(s); got != want && !(got != got && want != want) {
			t.Errorf("%q is %v, want %v", s, got, want)
		}
	}
}

func TestCompare(t *testing.T) {
	type result struct {
		order         int
		unordered, ok bool
	}
	for _, tt := range []struct {
		a, b value.Value
		want result
	}{
		{value.Int(1), value.Int(2), result{-1, false, true}},
		{value.Int(2), value.Int(1), result{1, false, true}},
		{value.Int(2), value.Int(2), result{0, false, true}},
		{value.Num(math.NaN()), value.Int(2), result{0, true, true}},
		{value.Str("apple"), value.Str("banana"), result{-1, false, true}},
		{value.Str("\uFFFD"), value.Str("😀"), result{-1, false, true}}, // by code point, not UTF-16
		{value.Str("1"), value.Int(1), result{}},
		{value.NullValue, value.NullValue, result{}},
	} {
		order, unordered, ok := value.Compare(tt.a, tt.b)
		if got := (result{order, unordered, ok}); got != tt.want {
			t.Errorf("%s and %s compare %v, want %v", value.Inspect(tt.a), value.Inspect(tt.b), got, tt.want)
		}
	}
}
