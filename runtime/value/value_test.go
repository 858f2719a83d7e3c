package value_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/value"
)

// arr and obj make test data; obj takes keys and values in turn.
func arr(elems ...value.Value) value.Value { return value.NewArray(elems) }

func obj(pairs ...any) value.Value {
	var keys []string
	var vals []value.Value
	for i := 0; i < len(pairs); i += 2 {
		keys = append(keys, pairs[i].(string))
		vals = append(vals, pairs[i+1].(value.Value))
	}
	return value.ObjectOf(keys, vals).Value()
}

func conf(v value.Value, c float64) value.Value { return v.WithConfidence(c, nil) }

// nested wraps v in n arrays.
func nested(v value.Value, n int) value.Value {
	for range n {
		v = arr(v)
	}
	return v
}

// doubled is [x, x] of [y, y] of ..., n levels.
func doubled(v value.Value, n int) value.Value {
	for range n {
		v.Share()
		v = arr(v, v)
	}
	return v
}

// anyValue draws values of all kinds that have an encoding.
func anyValue(t *rapid.T, depth int) value.Value {
	var v value.Value
	kinds := 5
	if depth > 0 {
		kinds = 7
	}
	switch rapid.IntRange(0, kinds).Draw(t, "kind") {
	case 0:
		v = value.NullValue
	case 1:
		v = value.Bool(rapid.Bool().Draw(t, "bool"))
	case 2:
		v = value.Int(rapid.IntRange(-100, 100).Draw(t, "int"))
	case 3:
		v = value.Num(rapid.Float64().Draw(t, "number"))
	case 4, 5:
		v = value.Str(rapid.StringN(0, 6, -1).Draw(t, "string"))
	case 6:
		elems := make([]value.Value, rapid.IntRange(0, 4).Draw(t, "length"))
		for i := range elems {
			elems[i] = anyValue(t, depth-1)
		}
		v = value.NewArray(elems)
	case 7:
		o := value.NewObject(nil, value.NewShape(), nil)
		for range rapid.IntRange(0, 4).Draw(t, "size") {
			o = o.Set(nil, rapid.StringMatching(`[a-d]?[ -~]?`).Draw(t, "key"), anyValue(t, depth-1))
		}
		v = o.Value()
	}
	if rapid.IntRange(0, 5).Draw(t, "confident") == 0 {
		v = conf(v, rapid.Float64Range(0, 1).Draw(t, "confidence"))
	}
	return v
}

func TestKinds(t *testing.T) {
	for _, tt := range []struct {
		v      value.Value
		kind   string
		truthy bool
	}{
		{value.NullValue, "null", false},
		{value.UnsetValue(), "unset", false},
		{value.Bool(false), "boolean", false},
		{value.Bool(true), "boolean", true},
		{value.Num(0), "number", false},
		{value.Num(math.NaN()), "number", false},
		{value.Num(-1), "number", true},
		{value.Str(""), "string", false},
		{value.Str("x"), "string", true},
		{arr(), "array", true},
		{obj(), "object", true},
	} {
		for _, v := range []value.Value{tt.v, conf(tt.v, 0.5)} {
			if got := v.PlainKind().String(); got != tt.kind {
				t.Errorf("kind of %s is %s, want %s", value.Inspect(v), got, tt.kind)
			}
			if got := v.Truthy(); got != tt.truthy {
				t.Errorf("%s is %v as a condition", value.Inspect(v), got)
			}
		}
	}
}

func TestConfidence(t *testing.T) {
	why := &value.Why{Rule: "attach", C: 0.5}
	for _, plain := range []value.Value{value.NullValue, value.Num(5), value.Bool(true), value.Str("five"), arr(value.Num(5))} {
		if c, ok := plain.Confidence(); ok || c != 1 || plain.Why() != nil {
			t.Errorf("plain %s has confidence %v, %v", value.Inspect(plain), c, ok)
		}
		v := plain.WithConfidence(0.5, why)
		if c, ok := v.Confidence(); !ok || c != 0.5 || v.Why() != why || !v.IsConfident() {
			t.Errorf("%s lost its confidence", value.Inspect(v))
		}
		if v.Plain() != plain {
			t.Errorf("%s is not what it was", value.Inspect(v))
		}
		if again := v.WithConfidence(0.25, nil); again.C() != 0.25 || again.Plain() != plain {
			t.Errorf("%s: the second confidence does not replace the first", value.Inspect(again))
		}
		if like := value.Num(7).LikeConfident(v); like.C() != 0.5 || like.Plain() != value.Num(7) {
			t.Errorf("LikeConfident gives %s", value.Inspect(like))
		}
	}
	v := value.Num(1).WithConfidence(0.5, why)
	if !value.Identical(v, v.WithConfidence(0.5, why)) {
		t.Error("the same confidence again should change nothing")
	}
}

func TestSetInPlace(t *testing.T) {
	v := value.Str("x")
	v.SetNum(3)
	if !v.IsNumber() || v.Float() != 3 {
		t.Errorf("SetNum gives %s", value.Inspect(v))
	}
	v.SetBool(true)
	if !v.IsBool() || !v.True() {
		t.Errorf("SetBool gives %s", value.Inspect(v))
	}
	v.SetBool(false)
	if v.True() {
		t.Error("SetBool(false) is true")
	}
	if !value.BothNumbers(value.Int(1), value.Int(2)) || value.BothNumbers(value.Int(1), conf(value.Int(2), 1)) {
		t.Error("BothNumbers is for plain numbers")
	}
	if u := value.UnsetValue(); !u.IsUnset() || u.IsNull() {
		t.Error("unset is not null")
	}
}

func TestShareReachesConfidentContainers(t *testing.T) {
	a := arr()
	conf(a, 0.5).Share()
	if !a.Object().Shared {
		t.Error("the array under a confidence is not shared")
	}
	s := value.Str("abc")
	s.Share()
	conf(value.NullValue, 0.5).Share()
	if s.Object().Shared {
		t.Error("strings need no sharing")
	}
}

func TestFunctionNames(t *testing.T) {
	h := value.NewFunctionHeader("twice")
	f := value.FromObject(&h.Header)
	anonymous := value.NewFunctionHeader("")
	bare := value.Header{Kind: value.Function}
	p := value.Header{Kind: value.Promise}
	got := value.Text(arr(f, value.FromObject(&anonymous.Header), value.FromObject(&bare), value.FromObject(&p)))
	if diff := cmp.Diff("[[function twice], [function], [function], [promise]]", got); diff != "" {
		t.Error(diff)
	}
	if value.FunctionName(value.NullValue) != "" {
		t.Error("null has no name")
	}
}

func TestFreezeLeavesNothingToWrite(t *testing.T) {
	text := value.Str("")
	for i := range 200 {
		text = value.Concat(text.AsString(), value.NewString(strconv.Itoa(i)+"é")).Value()
	}
	a := value.MakeArray(nil)
	for i := range 100 {
		a = a.PushOwned(value.Int(i))
	}
	o := value.NewObject(nil, value.NewShape(), nil)
	for i := range 200 {
		o = o.Set(nil, "k"+strconv.Itoa(i), value.Int(i))
	}
	whole := value.Freeze(arr(text, a.Value(), o.Value(), conf(obj("x", value.Int(1)), 0.5)))
	want := value.Text(whole)
	if value.Freeze(whole) != whole {
		t.Error("freezing twice should change nothing")
	}
	// Run with -race: all of these would write if anything were left unfrozen.
	done := make(chan bool)
	for range 4 {
		go func() {
			e := whole.AsArray().Elems()
			ok := value.Concat(e[0].AsString(), value.NewString("!")).Len() == e[0].AsString().Len()+1
			ok = ok && e[0].AsString().Rune(150) != 0
			ok = ok && e[1].AsArray().Push(value.Int(1)).Len() == 101
			ok = ok && e[1].AsArray().PushOwned(value.Int(1)).Len() == 101
			ok = ok && e[1].AsArray().Slice(0, 90).Len() == 90
			ok = ok && e[1].AsArray().Set(5, value.Int(-1)).At(5) == value.Int(-1)
			ok = ok && e[2].AsObject().Set(nil, "more", value.NullValue).Len() == 201
			ok = ok && whole.AsArray().Push(value.NullValue).Len() == 5
			done <- ok
		}()
	}
	for range 4 {
		if !<-done {
			t.Error("an operation on a frozen value gave a wrong result")
		}
	}
	if diff := cmp.Diff(want, value.Text(whole)); diff != "" {
		t.Error("a frozen value changed:\n", diff)
	}
}
