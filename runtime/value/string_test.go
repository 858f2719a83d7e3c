package value_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/value"
)

func TestStringOfInvalidUTF8(t *testing.T) {
	for in, want := range map[string]string{
		"\xff":               "\uFFFD",
		"a\xffb":             "a\uFFFDb",
		"\xc3":               "\uFFFD",
		"é\xff":              "é\uFFFD",
		"long text \x80 end": "long text \uFFFD end",
		"12345678\x80":       "12345678\uFFFD",
	} {
		s := value.NewString(in)
		if s.Go() != want || s.Len() != utf8.RuneCountInString(want) {
			t.Errorf("%q becomes %q of length %d", in, s.Go(), s.Len())
		}
	}
}

// TestStringsLikeRunes compares strings with slices of runes. Several strings
// grow from common beginnings, so that buffers and indices are shared.
func TestStringsLikeRunes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		strs := []*value.String{value.NewString(rapid.String().Draw(t, "first"))}
		models := []string{strs[0].Go()}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			i := rapid.IntRange(0, len(strs)-1).Draw(t, "which")
			part := strings.Repeat(rapid.SampledFrom([]string{"", "a", "xyz", "é☃", "😀"}).Draw(t, "part"), rapid.IntRange(1, 200).Draw(t, "times"))
			strs = append(strs, value.Concat(strs[i], value.NewString(part)))
			models = append(models, models[i]+part)
			if rapid.Bool().Draw(t, "drop") {
				strs[i], models[i] = strs[len(strs)-1], models[len(models)-1]
			}
		}
		for i, s := range strs {
			model := []rune(models[i])
			if s.Go() != models[i] || s.Len() != len(model) || s.BytesLen() != len(models[i]) || s.IsASCII() != (len(model) == len(models[i])) {
				t.Fatalf("string %d is %q, want %q", i, s.Go(), models[i])
			}
			if len(model) == 0 {
				continue
			}
			for range 10 {
				k := rapid.IntRange(0, len(model)-1).Draw(t, "index")
				if s.At(k).Go() != string(model[k]) || s.Rune(k) != model[k] {
					t.Fatalf("at %d: %q, want %q", k, s.At(k).Go(), string(model[k]))
				}
				o := len(string(model[:k]))
				if s.Offset(k) != o || s.CodePoint(o) != k {
					t.Fatalf("code point %d begins at %d, want %d", k, s.Offset(k), o)
				}
				j := rapid.IntRange(k, len(model)).Draw(t, "end")
				part := s.Slice(k, j)
				if diff := cmp.Diff(string(model[k:j]), part.Go()); diff != "" || part.Len() != j-k {
					t.Fatalf("slice %d to %d: %s", k, j, diff)
				}
			}
		}
	})
}

func TestConcatEmpty(t *testing.T) {
	a, empty := value.NewString("a"), value.NewString("")
	if value.Concat(a, empty) != a || value.Concat(empty, a) != a {
		t.Error("an empty part needs no new string")
	}
}

// TestAppendIsLinear would take minutes if each append copied the text.
func TestAppendIsLinear(t *testing.T) {
	s, part := value.NewString(""), value.NewString("0123456789")
	allocated := testing.AllocsPerRun(1, func() {
		for range 100_000 {
			s = value.Concat(s, part)
		}
	})
	if s.Len() != 2_000_000 { // AllocsPerRun warms up once
		t.Errorf("length %d", s.Len())
	}
	if allocated > 110_000 {
		t.Errorf("%v allocations for 100,000 appends", allocated)
	}
}
