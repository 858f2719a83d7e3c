package value_test

import (
	"bytes"
	"encoding/hex"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/value"
)

// TestEncoding pins the bytes: stored values outlive the process.
func TestEncoding(t *testing.T) {
	e := value.NewErrorObject(value.NewShape("message"), []value.Value{value.Str("m")}).Value()
	for _, tt := range []struct {
		v    value.Value
		want string
	}{
		{value.NullValue, "01 01"},
		{value.Bool(false), "01 02"},
		{value.Bool(true), "01 03"},
		{value.Int(0), "01 04 00"},
		{value.Int(-1), "01 04 01"},
		{value.Int(300), "01 04 d804"},
		{value.Num(1.5), "01 05 3ff8000000000000"},
		{value.Num(math.Copysign(0, -1)), "01 05 8000000000000000"},
		{value.Num(math.NaN()), "01 05 7ff8000000000001"},
		{value.Num(1e300), "01 05 7e37e43c8800759c"},
		{value.Str("é"), "01 06 02 c3a9"},
		{arr(value.Int(1), arr()), "01 07 02 0402 0700"},
		{obj("b", value.NullValue, "a", value.Bool(true)), "01 08 02 0162 01 0161 03"},
		{e, "01 09 01 076d657373616765 06016d"},
		{conf(value.Int(1), 0.5), "01 0a 3fe0000000000000 0402"},
	} {
		got, err := value.Encode(tt.v)
		if err != nil {
			t.Errorf("%s: %v", value.Inspect(tt.v), err)
			continue
		}
		if diff := cmp.Diff(strings.ReplaceAll(tt.want, " ", ""), hex.EncodeToString(got)); diff != "" {
			t.Errorf("%s: %s", value.Inspect(tt.v), diff)
		}
		back, err := value.Decode(got)
		if err != nil || value.Inspect(back) != value.Inspect(tt.v) {
			t.Errorf("%s comes back as %s, %v", value.Inspect(tt.v), value.Inspect(back), err)
		}
	}
	back, err := value.Decode([]byte{1, 9, 1, 7, 'm', 'e', 's', 's', 'a', 'g', 'e', 6, 1, 'm'})
	if err != nil || !back.AsObject().IsError() {
		t.Errorf("an error comes back as %s, %v", value.Inspect(back), err)
	}
}

func TestEncodingRefuses(t *testing.T) {
	h := value.NewFunctionHeader("f")
	for _, v := range []value.Value{value.FromObject(&h.Header), arr(value.FromObject(&value.Header{Kind: value.Promise})), value.UnsetValue()} {
		if _, err := value.Encode(v); err == nil || !strings.Contains(err.Error(), "can't be stored") {
			t.Errorf("%s: %v", value.Inspect(v), err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "encoded value is empty",
		"02 01":                      "encoded value has version 2, expected 1",
		"01":                         "damaged value at byte 1: unexpected end",
		"01 00":                      "damaged value at byte 2: unknown tag 0",
		"01 0b":                      "damaged value at byte 2: unknown tag 11",
		"01 01 01":                   "damaged value at byte 2: unexpected bytes after the value",
		"01 04":                      "damaged value at byte 2: bad integer",
		"01 04 8000":                 "damaged value at byte 2: bad integer",
		"01 04 ffffffffffffffffff01": "damaged value at byte 2: integer out of range",
		"01 05 00":                   "damaged value at byte 2: unexpected end",
		"01 05 3ff0000000000000":     "damaged value at byte 10: number in an unusual form",
		"01 05 7ff8000000000002":     "damaged value at byte 10: number in an unusual form",
		"01 06 05 6161":              "damaged value at byte 3: length 5 exceeds the data",
		"01 06 8100 61":              "damaged value at byte 2: bad length",
		"01 06 02 c3ff":              "damaged value at byte 5: invalid UTF-8",
		"01 07 ffffffffffffffff7f":   "damaged value at byte 11: length 9223372036854775807 exceeds the data",
		"01 07 02 01 00":             "damaged value at byte 5: unknown tag 0",
		"01 08 02 0161 01 0161 01":   "damaged value at byte 9: duplicate key",
		"01 08 01 0161":              "damaged value at byte 5: unexpected end",
		"01 0a 3ff8000000000000 01":  "damaged value at byte 10: bad confidence",
		"01 0a 8000000000000000 01":  "damaged value at byte 10: bad confidence",
		"01 0a 7ff8000000000001 01":  "damaged value at byte 10: bad confidence",
		"01 0a 3f":                   "damaged value at byte 2: unexpected end",
		"01 0a 3fe0000000000000 0a 3fe0000000000000 01": "damaged value at byte 19: bad confidence",
	} {
		data, err := hex.DecodeString(strings.ReplaceAll(in, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := value.Decode(data); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", in, err, want)
		}
	}
	deep := append([]byte{1}, bytes.Repeat([]byte{7, 1}, 20_000)...)
	if _, err := value.Decode(deep); err == nil || !strings.Contains(err.Error(), "nested deeper") {
		t.Errorf("deep data: %v", err)
	}
}

func TestEncodingRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue(t, 4)
		data, err := value.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		back, err := value.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if value.Inspect(back) != value.Inspect(v) {
			t.Fatalf("%s came back as %s", value.Inspect(v), value.Inspect(back))
		}
		again, err := value.Encode(back)
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%s has two encodings (%v)", value.Inspect(v), err)
		}
		a, err1 := value.Digest(v)
		b, err2 := value.Digest(back)
		if a != b || err1 != nil || err2 != nil {
			t.Fatalf("%s has two digests", value.Inspect(v))
		}
	})
}

// FuzzDecode: whatever the bytes are, Decode refuses them or returns a value
// that encodes to just these bytes.
func FuzzDecode(f *testing.F) {
	for _, v := range []value.Value{value.NullValue, arr(value.Int(300), conf(value.Str("é"), 0.5)), obj("a", value.Num(1.5), "b", obj())} {
		data, err := value.Encode(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := value.Decode(data)
		if err != nil {
			return
		}
		again, err := value.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again, data) {
			t.Fatalf("%x decodes to %s, which encodes to %x", data, value.Inspect(v), again)
		}
	})
}
