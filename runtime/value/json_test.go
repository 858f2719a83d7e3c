package value_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/value"
)

func toJSON(t testing.TB, v value.Value, indent string) value.JSON {
	t.Helper()
	j, err := value.ToJSON(v, indent)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestToJSON(t *testing.T) {
	v := obj(
		"z", value.Num(1.5), "a", arr(value.NullValue, value.Bool(true), value.Num(1e21), value.Num(math.Copysign(0, -1))),
		"quote \"", value.Str("tab\t, é, \u2028, \x01\x7f\\\b\f\r\n"), "empty", arr(obj(), arr()))
	want := `{"z":1.5,"a":[null,true,1e+21,0],"quote \"":"tab\t, é, \u2028, \u0001\u007f\\\b\f\r\n","empty":[{},[]]}`
	if diff := cmp.Diff(want, string(toJSON(t, v, "").Text)); diff != "" {
		t.Error(diff)
	}
	want = `{
  "a": [
    1,
    {
      "b": []
    }
  ],
  "c": {}
}`
	v = obj("a", arr(value.Int(1), obj("b", arr())), "c", obj())
	if diff := cmp.Diff(want, string(toJSON(t, v, "  ").Text)); diff != "" {
		t.Error(diff)
	}
}

func TestToJSONKeepsConfidences(t *testing.T) {
	v := conf(obj("a", conf(value.Int(1), 0.5), "b/~", arr(value.Int(0), conf(arr(conf(value.NullValue, 0.1)), 0.25))), 0.9)
	j := toJSON(t, v, "")
	if diff := cmp.Diff(`{"a":1,"b/~":[0,[null]]}`, string(j.Text)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]float64{"/a": 0.5, "/b~1~0/1": 0.25, "/b~1~0/1/0": 0.1}, j.Confidences); diff != "" {
		t.Error(diff)
	}
	if j := toJSON(t, arr(value.Int(1)), ""); j.Confidences != nil || j.Warnings != nil {
		t.Errorf("plain values have %v, %v", j.Confidences, j.Warnings)
	}
}

func TestToJSONWarns(t *testing.T) {
	h := value.NewFunctionHeader("f")
	j := toJSON(t, obj("x", arr(value.Num(math.NaN()), value.Num(math.Inf(-1)), value.FromObject(&h.Header))), "")
	if diff := cmp.Diff(`{"x":[null,null,null]}`, string(j.Text)); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"NaN at /x/0 has no JSON form; it became null",
		"-Infinity at /x/1 has no JSON form; it became null",
		"a function at /x/2 has no JSON form; it became null",
	}
	if diff := cmp.Diff(want, j.Warnings); diff != "" {
		t.Error(diff)
	}
	if j := toJSON(t, value.Num(math.NaN()), ""); j.Warnings[0] != "NaN has no JSON form; it became null" {
		t.Error(j.Warnings)
	}
	many := make([]value.Value, 1000)
	for i := range many {
		many[i] = value.Num(math.NaN())
	}
	if j := toJSON(t, value.NewArray(many), ""); len(j.Warnings) != 100 {
		t.Errorf("%d warnings", len(j.Warnings))
	}
}

func TestSizesAreBounded(t *testing.T) {
	deep, wide := nested(value.Int(1), 20_000), doubled(value.Str(strings.Repeat("x", 1<<20)), 40)
	for name, write := range map[string]func(value.Value) error{
		"JSON":     func(v value.Value) error { _, err := value.ToJSON(v, ""); return err },
		"encoding": func(v value.Value) error { _, err := value.Encode(v); return err },
		"digest":   func(v value.Value) error { _, err := value.Digest(v); return err },
	} {
		if err := write(deep); err == nil || !strings.Contains(err.Error(), "nested deeper than 10000 levels") {
			t.Errorf("%s of a deep value: %v", name, err)
		}
		if err := write(wide); err == nil || !strings.Contains(err.Error(), "256 MiB") {
			t.Errorf("%s of a wide value: %v", name, err)
		}
	}
	if err := func() error { _, err := value.ToJSON(obj("k", deep), " "); return err }(); err == nil {
		t.Error("a deep value in an object was written")
	}
	if err := func() error { _, err := value.Encode(obj("k", deep)); return err }(); err == nil {
		t.Error("a deep value in an object was encoded")
	}
}

func TestFromJSON(t *testing.T) {
	for in, want := range map[string]string{
		" null ":                                        "null",
		"[true, false]\n":                               "[true, false]",
		`{"b": 1, "a": {"c": [ ]}, "d": { } }`:          "{ b: 1, a: { c: [] }, d: {} }",
		`{"a": 1, "b": 2, "a": 3}`:                      "{ a: 3, b: 2 }",
		"[0, -0, 12, -3.5e2, 1E-2, 123456789012345678]": "[0, 0, 12, -350, 0.01, 123456789012345680]",
		`"\" \\ \/ \b\f\n\r\t \u00e9 \ud83d\ude00"`:     `"\" \\ / \b\f\n\r\t é 😀"`,
		`"\ud83d x \ude00 \ud83d\u0041"`:                `"` + "\uFFFD x \uFFFD \uFFFDA" + `"`,
		`"plain é"`:                                     `"plain é"`,
	} {
		v, err := value.FromJSON([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
		} else if got := value.Inspect(v); got != want {
			t.Errorf("%s reads %s, want %s", in, got, want)
		}
	}
	v, err := value.FromJSON([]byte("-0"))
	if err != nil || !math.Signbit(v.Float()) {
		t.Errorf("-0 reads %v, %v", v.Float(), err)
	}
}

func TestFromJSONErrors(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want value.JSONError
	}{
		{"", value.JSONError{Offset: 0, Line: 1, Column: 1, Message: "expected a value, found end of text"}},
		{"nul", value.JSONError{Offset: 0, Line: 1, Column: 1, Message: "expected a value, found 'n'"}},
		{"[1,]", value.JSONError{Offset: 3, Line: 1, Column: 4, Message: "expected a value, found ']'"}},
		{"[1 2]", value.JSONError{Offset: 3, Line: 1, Column: 4, Message: "expected ',' or ']' in the array, found '2'"}},
		{"{\n \"é\": 1,\n é}", value.JSONError{Offset: 13, Line: 3, Column: 2, Message: "expected a key in double quotes, found 'é'"}},
		{`{"a" 1}`, value.JSONError{Offset: 5, Line: 1, Column: 6, Message: "expected ':' after the key, found '1'"}},
		{`{"a": 1 "b"`, value.JSONError{Offset: 8, Line: 1, Column: 9, Message: `expected ',' or '}' in the object, found '"'`}},
		{`{"a": x}`, value.JSONError{Offset: 6, Line: 1, Column: 7, Message: "expected a value, found 'x'"}},
		{`{"a`, value.JSONError{Offset: 1, Line: 1, Column: 2, Message: "string is not closed"}},
		{`"a\n`, value.JSONError{Offset: 0, Line: 1, Column: 1, Message: "string is not closed"}},
		{`"a\`, value.JSONError{Offset: 0, Line: 1, Column: 1, Message: "string is not closed"}},
		{`"é\x"`, value.JSONError{Offset: 3, Line: 1, Column: 3, Message: "unknown escape in a string"}},
		{`"\u12g4"`, value.JSONError{Offset: 1, Line: 1, Column: 2, Message: `\u must be followed by four hexadecimal digits`}},
		{`"\u12`, value.JSONError{Offset: 1, Line: 1, Column: 2, Message: `\u must be followed by four hexadecimal digits`}},
		{"\"a\nb\"", value.JSONError{Offset: 2, Line: 1, Column: 3, Message: "control character in a string; write it as an escape"}},
		{"\"\\n\n\"", value.JSONError{Offset: 3, Line: 1, Column: 4, Message: "control character in a string; write it as an escape"}},
		{"01", value.JSONError{Offset: 0, Line: 1, Column: 1, Message: "a number must not begin with 0"}},
		{"-", value.JSONError{Offset: 1, Line: 1, Column: 2, Message: "expected a digit, found end of text"}},
		{"1.", value.JSONError{Offset: 2, Line: 1, Column: 3, Message: "expected a digit after the point, found end of text"}},
		{"1e+x", value.JSONError{Offset: 3, Line: 1, Column: 4, Message: "expected a digit of the exponent, found 'x'"}},
		{"[1e999]", value.JSONError{Offset: 1, Line: 1, Column: 2, Message: "number 1e999 is out of range"}},
		{"1 2", value.JSONError{Offset: 2, Line: 1, Column: 3, Message: "unexpected '2' after the value"}},
		{"\"é\xff\"", value.JSONError{Offset: 3, Line: 1, Column: 3, Message: "invalid UTF-8"}},
		{strings.Repeat("[", 20_000), value.JSONError{Offset: 10_001, Line: 1, Column: 10_002, Message: "nested deeper than 10000 levels"}},
	} {
		_, err := value.FromJSON([]byte(tt.in))
		var got *value.JSONError
		if !errors.As(err, &got) {
			t.Errorf("%.20q: %v", tt.in, err)
			continue
		}
		if diff := cmp.Diff(&tt.want, got); diff != "" {
			t.Errorf("%.20q: %s", tt.in, diff)
		}
	}
	_, err := value.FromJSON([]byte("[\n1,]"))
	if diff := cmp.Diff("invalid JSON at line 2, column 3: expected a value, found ']'", err.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestRecordOf(t *testing.T) {
	r := value.NewRealm()
	for _, n := range []int{0, 5, 200} {
		keys, vals := []string{"a", "b", "a"}, []value.Value{value.Int(1), value.Int(2), value.Int(3)}
		for i := range n {
			keys, vals = append(keys, "k"+strconv.Itoa(i)), append(vals, value.NullValue)
		}
		o := value.RecordOf(r, keys, vals)
		if v, _ := o.Get("a"); v != value.Int(3) || o.Len() != n+2 || vals[0] != value.Int(1) {
			t.Errorf("%d keys: %s", n, value.Text(o.Value()))
		}
	}
	if value.RecordOf(r, []string{"x"}, []value.Value{value.Int(1)}).Shape() != r.ShapeOf("x") {
		t.Error("a small record has a shape of its own")
	}
}

func TestJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue(t, 4)
		indent := rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent")
		j, err := value.ToJSON(v, indent)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(j.Text) {
			t.Fatalf("not JSON: %s", j.Text)
		}
		back, err := value.FromJSON(j.Text)
		if err != nil {
			t.Fatal(err)
		}
		if len(j.Warnings) == 0 && value.Text(back) != value.Text(v) {
			t.Fatalf("%s came back as %s", value.Text(v), value.Text(back))
		}
	})
}

// FuzzFromJSON compares with encoding/json, which accepts the same texts save
// for invalid UTF-8, numbers out of range and deep nesting.
func FuzzFromJSON(f *testing.F) {
	for _, s := range []string{`{"a": [1, -2.5e-3, "\u00e9\ud83d\ude00", null, true]}`, "[[]]", `"\`, "-", "1e9999", "\xff", `{"a":1,"a":2}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := value.FromJSON(data)
		var want any
		d := json.NewDecoder(bytes.NewReader(data))
		valid := json.Valid(data) && utf8.Valid(data) && d.Decode(&want) == nil
		if valid != (err == nil) {
			t.Fatalf("%q: %v, encoding/json says %v", data, err, valid)
		}
		if err != nil {
			return
		}
		j := toJSON(t, v, "")
		var got any
		if err := json.Unmarshal(j.Text, &got); err != nil {
			t.Fatal(err)
		}
		// cmp.Diff takes very long for deep values.
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("%q: got %v, want %v", data, got, want)
		}
	})
}
