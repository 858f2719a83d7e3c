package library_test

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// compiled returns a function that runs a program with an input. It returns the
// error's message in the place of a result.
func compiled(t testing.TB, std *vm.Library, program string) func(input value.Value) (v value.Value, failure string) {
	t.Helper()
	res, list := build.Compile(source.NewFile("case.prism", program), build.Options{})
	if list.HasErrors() {
		return func(value.Value) (value.Value, string) { return value.NullValue, list[0].Message }
	}
	p, err := engine.Load(res.Program, std)
	if err != nil {
		t.Fatal(err)
	}
	return func(input value.Value) (value.Value, string) {
		r, err := p.Run(context.Background(), input, engine.WithVirtualTime(time.Unix(0, 0)))
		if err != nil {
			return value.NullValue, err.Error()
		}
		if r.Error != nil {
			return value.NullValue, r.Error.Message
		}
		return r.Value, ""
	}
}

// TestCases runs the lines of testdata: "program => result" as Inspect shows it,
// with "~ confidence" behind it if the result is confident, or
// "program !! part of the message".
func TestCases(t *testing.T) {
	std := library.Std()
	input := value.Freeze(value.ObjectOf(
		[]string{"n", "s", "a", "o", "nan", "none"},
		[]value.Value{value.Int(5), value.Str("text"), value.NewArray([]value.Value{value.Int(1), value.Int(2)}),
			value.ObjectOf([]string{"a"}, []value.Value{value.Int(1)}).Value(), value.Num(math.NaN()), value.NullValue},
	).Value())
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases: ", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			for i, line := range strings.Split(string(data), "\n") {
				if line == "" || strings.HasPrefix(line, "#") {
					continue
				}
				at := fmt.Sprintf("%s:%d: ", name, i+1)
				if program, want, ok := strings.Cut(line, " !! "); ok {
					v, failure := compiled(t, std, program)(input)
					if failure == "" || !strings.Contains(failure, want) {
						t.Errorf("%s%s\ngot  %s %s\nwant %s", at, program, value.Inspect(v), failure, want)
					}
					continue
				}
				program, want, ok := cutLast(line, " => ")
				if !ok {
					t.Fatal(at, "neither => nor !!")
				}
				v, failure := compiled(t, std, program)(input)
				got := value.Inspect(v.Plain())
				if c, ok := v.Confidence(); ok {
					got += " ~ " + value.NumberText(c)
				}
				if failure != "" || got != want {
					t.Errorf("%s%s\ngot  %s %s\nwant %s", at, program, got, failure, want)
				}
			}
		})
	}
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// ints and intsOf convert between Go and Prism.
func ints(xs []int) value.Value {
	out := make([]value.Value, len(xs))
	for i, x := range xs {
		out[i] = value.Int(x)
	}
	return value.NewArray(out)
}

func intsOf(v value.Value) []int {
	out := []int{}
	for _, e := range v.AsArray().Elems() {
		out = append(out, int(e.Float()))
	}
	return out
}

// TestArraysLikeSlices compares functions of arrays with the same in Go.
func TestArraysLikeSlices(t *testing.T) {
	std := library.Std()
	reversed := func(xs []int) []int {
		out := slices.Clone(xs)
		slices.Reverse(out)
		return out
	}
	for _, tt := range []struct {
		program string
		model   func(xs []int) []int
	}{
		{"input.sort()", func(xs []int) []int { return slices.Sorted(slices.Values(xs)) }},
		{"input.sort((a, b) => b - a)", func(xs []int) []int { return reversed(slices.Sorted(slices.Values(xs))) }},
		{"input.reverse()", reversed},
		{"input.filter(x => x > 0)", func(xs []int) []int {
			return slices.DeleteFunc(slices.Clone(xs), func(x int) bool { return x <= 0 })
		}},
		{"input.unique()", func(xs []int) []int {
			var out []int
			for _, x := range xs {
				if !slices.Contains(out, x) {
					out = append(out, x)
				}
			}
			return out
		}},
		{"input.flatMap(x => [x, x])", func(xs []int) []int {
			var out []int
			for _, x := range xs {
				out = append(out, x, x)
			}
			return out
		}},
		{"input.map(x => [x]).flat()", func(xs []int) []int { return xs }},
		{"input.slice(2, -1)", func(xs []int) []int {
			if len(xs) < 3 {
				return nil
			}
			return xs[2 : len(xs)-1]
		}},
		{"input.splice(1, 2, 7)", func(xs []int) []int {
			i := min(1, len(xs))
			j := min(3, len(xs))
			return slices.Concat(xs[:i], []int{7}, xs[j:])
		}},
		{"[input.sum(), input.length, ...input.keys()]", func(xs []int) []int {
			sum := 0
			for _, x := range xs {
				sum += x
			}
			out := []int{sum, len(xs)}
			for i := range xs {
				out = append(out, i)
			}
			return out
		}},
		{"[input.indexOf(3), input.findIndex(x => x == 3), input.findLast(x => x == 3) ?? -1]", func(xs []int) []int {
			i := slices.Index(xs, 3)
			last := -1
			if i >= 0 {
				last = 3
			}
			return []int{i, i, last}
		}},
		{"sortBy(x => x % 5)(input)", func(xs []int) []int {
			out := slices.Clone(xs)
			slices.SortStableFunc(out, func(a, b int) int { return a%5 - b%5 })
			return out
		}},
		{"input.sort((a, b) => a % 5 - b % 5)", func(xs []int) []int {
			out := slices.Clone(xs)
			slices.SortStableFunc(out, func(a, b int) int { return a%5 - b%5 })
			return out
		}},
		{"g = input |> groupBy(x => x % 3)\ng.values().flat()", func(xs []int) []int {
			var order []int
			groups := map[int][]int{}
			for _, x := range xs {
				if groups[x%3] == nil {
					order = append(order, x%3)
				}
				groups[x%3] = append(groups[x%3], x)
			}
			var out []int
			for _, k := range order {
				out = append(out, groups[k]...)
			}
			return out
		}},
	} {
		t.Run(tt.program, func(t *testing.T) {
			run := compiled(t, std, tt.program)
			rapid.Check(t, func(t *rapid.T) {
				xs := rapid.SliceOf(rapid.IntRange(-20, 20)).Draw(t, "xs")
				got, failure := run(ints(xs))
				if failure != "" {
					t.Fatal(failure)
				}
				if want := tt.model(slices.Clone(xs)); !slices.Equal(intsOf(got), want) {
					t.Fatalf("%v gives %v, want %v", xs, intsOf(got), want)
				}
			})
		})
	}
}

// TestStringsLikeGo compares functions of strings with the same in Go.
func TestStringsLikeGo(t *testing.T) {
	std := library.Std()
	for _, tt := range []struct {
		program string
		model   func(s, part string) string
	}{
		{"input[0].split(input[1]).join(input[1])", func(s, _ string) string { return s }},
		{"input[0].replaceAll(input[1], \"☃\")", func(s, part string) string { return strings.ReplaceAll(s, part, "☃") }},
		{"input[0].replaceAll(input[1], x => \"☃\")", func(s, part string) string { return strings.ReplaceAll(s, part, "☃") }},
		{"input[0].replace(input[1], x => x + x)", func(s, part string) string { return strings.Replace(s, part, part+part, 1) }},
		{"i = input[0].indexOf(input[1])\ni < 0 ? \"none\" : input[0].slice(i)", func(s, part string) string {
			if i := strings.Index(s, part); i >= 0 {
				return s[i:]
			}
			return "none"
		}},
		{"input[0].padStart(20, input[1]).length < 20 ? input[1] : \"\"", func(_, _ string) string { return "" }},
		{"JSON.parse(JSON.stringify(input))[0]", func(s, _ string) string { return s }},
	} {
		t.Run(tt.program, func(t *testing.T) {
			run := compiled(t, std, tt.program)
			rapid.Check(t, func(t *rapid.T) {
				s, part := rapid.StringMatching(`[ab☃é]{0,12}`).Draw(t, "s"), rapid.StringMatching(`[ab☃é]{0,2}`).Draw(t, "part")
				if part == "" && strings.Contains(tt.program, "pad") {
					part = "x"
				}
				got, failure := run(value.NewArray([]value.Value{value.Str(s), value.Str(part)}))
				if want := tt.model(s, part); failure != "" || got.AsString().Go() != want {
					t.Fatalf("%q, %q gives %s %s, want %q", s, part, value.Inspect(got), failure, want)
				}
			})
		})
	}
}

// TestLibraryIsBounded: calls whose result or work is out of proportion to
// their arguments end in an error soon.
func TestLibraryIsBounded(t *testing.T) {
	std := library.Std()
	for _, program := range []string{
		"a = []\nfor i in range(60) { a = [a, a] }\na.flat(Infinity)",
		"a = [1, 2]\nfor i in range(60) { a = [a, a] }\na.flat(Infinity)",
		"a = [1]\nfor i in range(20000) { a = [a] }\na.flat(Infinity)",
		"s = \"0123456789\".repeat(100000)\nrange(100000).map(x => s).join()",
		"s = \"0123456789\".repeat(100000)\ns.replaceAll(\"0\", x => s)",
		"s = \"0123456789\".repeat(100000)\ns.replaceAll(\"0\", s)",
		"a = range(100000)\na.flatMap(x => a)",
		"a = [1]\nfor i in range(60) { a = [a, a] }\nJSON.stringify(a)",
		"a = [1]\nfor i in range(60) { a = [a, a] }\nhash(a)",
	} {
		t0 := time.Now()
		v, failure := compiled(t, std, program)(value.NullValue)
		t.Log(time.Since(t0), program, failure)
		if failure == "" {
			t.Errorf("%s\ngives a %s", program, v.PlainKind())
		}
	}
	for program, want := range map[string]string{
		"a = range(100000).map(x => {n: x, tag: \"t\" + x})\na.concat(a).unique().length":            "100000",
		"a = range(200000).map(x => [x])\nconfidence.from_consistency(a)":                            "0.000005",
		"range(100000).reduce((acc, x) => { acc[\"k\" + x] = x; acc }, {}) |> Object.keys(_).length": "100000",
	} {
		t0 := time.Now()
		v, failure := compiled(t, std, program)(value.NullValue)
		t.Log(time.Since(t0), program, failure)
		if failure != "" || value.Inspect(v) != want {
			t.Errorf("%s\ngives %s %s", program, value.Inspect(v), failure)
		}
	}
}

// TestRadixReadsBack: the digits of toString(radix) are those of the number and
// no other.
func TestRadixReadsBack(t *testing.T) {
	run := compiled(t, library.Std(), "input[0].toString(input[1])")
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.OneOf(rapid.Float64Range(-2, 2), rapid.Float64Range(-1e25, 1e25)).Draw(t, "f")
		radix := rapid.IntRange(2, 36).Draw(t, "radix")
		got, failure := run(value.NewArray([]value.Value{value.Num(f), value.Int(radix)}))
		if failure != "" {
			t.Fatal(failure)
		}
		if radix == 10 {
			return
		}
		whole, fraction, _ := strings.Cut(got.AsString().Go(), ".")
		n, ok := new(big.Int).SetString(whole+fraction, radix)
		if !ok {
			t.Fatalf("%v in radix %d is %s", f, radix, got.AsString().Go())
		}
		scale := new(big.Int).Exp(big.NewInt(int64(radix)), big.NewInt(int64(len(fraction))), nil)
		if back, _ := new(big.Rat).SetFrac(n, scale).Float64(); back != f {
			t.Fatalf("%v in radix %d is %s, which is %v", f, radix, got.AsString().Go(), back)
		}
	})
}
