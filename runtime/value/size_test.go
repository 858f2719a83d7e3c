package value_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/runtime/value"
)

func live(roots ...value.Value) int { return value.LiveSize(slices.Values(roots), nil) }

func TestSize(t *testing.T) {
	for _, v := range []value.Value{value.NullValue, value.Int(1), value.Bool(true)} {
		if value.Size(v) != 0 || live(v) != 0 {
			t.Errorf("%s occupies memory", value.Inspect(v))
		}
	}
	if n := value.Size(conf(value.Int(1), 0.5)); n == 0 || n > 64 {
		t.Errorf("a confidence takes %d bytes", n)
	}
	text := value.Str(strings.Repeat("x", 1000))
	if n := value.Size(text); n < 1000 || n > 1100 {
		t.Errorf("a string of 1000 bytes takes %d", n)
	}
	a := value.NewArray(make([]value.Value, 100))
	if n := value.Size(a); n < 1600 || n > 1700 {
		t.Errorf("an array of 100 elements takes %d", n)
	}
	if n := value.Size(arr(text)); n > 200 {
		t.Errorf("the size of an array includes its elements: %d", n)
	}
	o := value.NewObject(nil, value.NewShape(), nil)
	for i := range 1000 {
		o = o.Set(nil, "key"+strconv.Itoa(i), value.NullValue)
	}
	if n := value.Size(o.Value()); n < 16_000 {
		t.Errorf("a dictionary of 1000 keys takes %d", n)
	}
}

func TestLiveSizeCountsOnce(t *testing.T) {
	text := value.Str(strings.Repeat("x", 10_000))
	one := live(text)
	if two := live(text, arr(text, text), conf(text, 0.5)); two > one+300 {
		t.Errorf("a string counts several times: %d and %d", one, two)
	}
	if n := live(doubled(text, 60)); n > one+60*200 {
		t.Errorf("shared parts count several times: %d", n)
	}

	a := value.MakeArray(nil)
	for i := range 1000 {
		a = a.PushOwned(value.Int(i))
	}
	alone := live(a.Value())
	b, c := a.Push(value.Int(1)), a.Slice(0, 900)
	if n := live(a.Value(), b.Value(), c.Value()); n > alone+500 {
		t.Errorf("a store counts several times: %d and %d", alone, n)
	}

	s := value.NewString("")
	var versions []value.Value
	for range 1000 {
		s = value.Concat(s, value.NewString("0123456789"))
		versions = append(versions, s.Value())
	}
	if n := live(versions...); n > 200_000 {
		t.Errorf("a buffer counts several times: %d", n)
	}

	o := value.NewObject(nil, value.NewShape(), nil)
	for i := range 1000 {
		o = o.Set(nil, "key"+strconv.Itoa(i), value.NullValue)
	}
	alone = live(o.Value())
	if n := live(o.Value(), o.Copy().Value()); n > alone+17_000 {
		t.Errorf("a dictionary counts twice: %d and %d", alone, n)
	}
}

func TestLiveSizeIsIterative(t *testing.T) {
	if n := live(nested(value.Int(1), 1_000_000)); n < 16_000_000 {
		t.Errorf("a million nested arrays take %d", n)
	}
}

func TestLiveSizeVisitsFunctions(t *testing.T) {
	captured := value.Str(strings.Repeat("x", 1000))
	h := value.NewFunctionHeader("f")
	f := value.FromObject(&h.Header)
	visits := 0
	n := value.LiveSize(slices.Values([]value.Value{f, arr(f)}), func(v value.Value, visit func(value.Value)) int {
		visits++
		if v != f {
			t.Errorf("visited %s", value.Inspect(v))
		}
		visit(captured)
		visit(f)
		return 50_000
	})
	if visits != 1 || n < 51_000 || n > 52_000 {
		t.Errorf("%d visits, %d bytes", visits, n)
	}
}
