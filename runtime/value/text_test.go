package value_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/value"
)

func TestNumberText(t *testing.T) {
	for want, f := range map[string]float64{
		"0": 0, "7": 7, "-1": -1, "10": 10, "0.1": 0.1, "-0.5": -0.5, "1.5": 1.5, "123.456": 123.456,
		"0.30000000000000004": 0.30000000000000004, "0.000001": 1e-6, "1e-7": 1e-7, "1.5e-7": 1.5e-7, "-1e-10": -1e-10, "1e-323": 1e-323,
		"9007199254740992": 1 << 53, "9007199254740994": 1<<53 + 2, "100000000000000000000": 1e20,
		"123456789012345680000": 123456789012345678901, "1e+21": 1e21, "1.7976931348623157e+308": math.MaxFloat64,
		"-1.2e+30": -1.2e30, "NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1),
	} {
		if got := value.NumberText(f); got != want {
			t.Errorf("%v prints %s, want %s", f, got, want)
		}
	}
	if got := value.NumberText(math.Copysign(0, -1)); got != "0" {
		t.Errorf("-0 prints %s", got)
	}
}

func TestNumberTextReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64().Draw(t, "f")
		s := value.NumberText(f)
		back, err := strconv.ParseFloat(s, 64)
		if err != nil || back != f || value.ParseNumber(s) != f {
			t.Fatalf("%v prints %s, which reads %v", f, s, back)
		}
	})
}

func TestText(t *testing.T) {
	v := obj("a", value.Int(1), "b", arr(value.Int(2)), "two words", value.Str("x"), "", value.NullValue, "é", value.Bool(true), "$_9", obj(), "9", arr())
	for _, tt := range []struct {
		v             value.Value
		text, inspect string
	}{
		{value.NullValue, "null", "null"},
		{value.UnsetValue(), "null", "null"},
		{value.Bool(true), "true", "true"},
		{value.Str("a\"b\n"), "a\"b\n", `"a\"b\n"`},
		{arr(value.Int(1), value.Str("two"), value.NullValue), "[1, two, null]", `[1, "two", null]`},
		{v, `{ a: 1, b: [2], "two words": x, "": null, "é": true, $_9: {}, "9": [] }`, `{ a: 1, b: [2], "two words": "x", "": null, "é": true, $_9: {}, "9": [] }`},
		{conf(arr(conf(value.Int(5), 0.8)), 0.25), "[5]", "[5 (~0.8)] (~0.25)"},
	} {
		if got := value.Text(tt.v); got != tt.text {
			t.Errorf("text %s, want %s", got, tt.text)
		}
		if got := string(value.AppendText([]byte("> "), tt.v)); got != "> "+tt.text {
			t.Errorf("appended %s, want %s", got, tt.text)
		}
		if got := value.TextOf(tt.v).Go(); got != tt.text {
			t.Errorf("text value %s, want %s", got, tt.text)
		}
		if got := value.Inspect(tt.v); got != tt.inspect {
			t.Errorf("inspected %s, want %s", got, tt.inspect)
		}
	}
	cell := value.Header{Kind: value.Cell}
	if got := value.Text(value.FromObject(&cell)); got != "[cell]" {
		t.Error(got)
	}
}

// TestTextIsBounded: values nested a million deep, and small values with huge
// texts, must neither exhaust the stack nor the memory.
func TestTextIsBounded(t *testing.T) {
	deep := value.Text(nested(value.Int(1), 1_000_000))
	if len(deep) != 2*1000+3 || !strings.Contains(deep, "[...]") {
		t.Errorf("%d bytes", len(deep))
	}
	o := obj()
	for range 2000 {
		o = obj("o", o)
	}
	if s := value.Text(o); !strings.Contains(s, "o: ...") {
		t.Errorf("%d bytes", len(s))
	}
	if s := value.Text(doubled(value.Str("0123456789"), 60)); len(s) > 70<<20 || !strings.Contains(s, "...") {
		t.Errorf("%d bytes", len(s))
	}
	both := obj("x", value.Str("0123456789"))
	for range 60 {
		both.Share()
		both = obj("x", both, "y", both)
	}
	if s := value.Text(both); len(s) > 70<<20 {
		t.Errorf("%d bytes", len(s))
	}
}

// TestSummary: the confidences of parts show where they differ from that of what
// contains them, rounded.
func TestSummary(t *testing.T) {
	at := func(v value.Value, c float64) value.Value { return v.WithConfidence(c, nil) }
	object := value.ObjectOf([]string{"a", "b"}, []value.Value{
		at(value.Num(1), 0.5),
		at(value.NewArray([]value.Value{at(value.Str("x"), 0.8004), at(value.Str("y"), 0.25)}), 0.8),
	}).Value()
	tests := []struct {
		v      value.Value
		within float64
		want   string
	}{
		{value.Str("x"), math.NaN(), `"x"`},
		{at(value.Num(5), 0.123456), math.NaN(), `5 (~0.12)`},
		{at(value.Num(5), 0.123456), 0.1188, `5`},
		{object, math.NaN(), `{ a: 1 (~0.5), b: ["x", "y" (~0.25)] (~0.8) }`},
		{object, 0.5, `{ a: 1, b: ["x", "y" (~0.25)] (~0.8) }`},
		{at(object, 0.25), math.NaN(), `{ a: 1 (~0.5), b: ["x", "y" (~0.25)] (~0.8) } (~0.25)`},
	}
	for _, tt := range tests {
		if got := value.Summary(tt.v, tt.within); got != tt.want {
			t.Errorf("%s within %v: %s, want %s", value.Inspect(tt.v), tt.within, got, tt.want)
		}
	}
}
