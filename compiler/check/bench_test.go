package check

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
)

// tenThousandLines is a program of 10,000 lines of functions.
func tenThousandLines() string {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, `function work%[1]d(items, limit = 10) {
  let total = 0
  for item in items {
    if (item.size > limit) { total += item.size ~> 0.9 }
    else { extra%[1]d = items.map(x => x.size * total) }
  }
  uncertain if (total) { high { return total } default { print("no", total) } }
  return match total { 0 => null, n => n + limit }
}
print(work%[1]d([{size: %[1]d}]))
`, i)
	}
	return b.String()
}

// BenchmarkResolve keeps name resolution of 10,000 lines a small part of the
// 250 ms that compiling them may take.
func BenchmarkResolve(b *testing.B) {
	src := tenThousandLines()
	file, errs := parser.ParseFile(source.NewFile("bench.prism", src))
	if errs.HasErrors() {
		b.Fatal(errs)
	}
	opts := testOptions()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		Resolve(file, opts)
	}
}

// TestLargePrograms resolves programs that are large in one respect. The time
// they may take is generous; what it catches is work that grows with the
// square of the size.
func TestLargePrograms(t *testing.T) {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, src := range map[string]string{
		"variables":        many(20_000, "variable%[1]d = 1\nprint(variable%[1]d)\n"),
		"similar names":    many(20_000, "value%[1]dx = 1\nprint(value%[1]dx)\n"),
		"unknown names":    many(5_000, "let known%[1]d = 1\nprint(known%[1]d, unknwon%[1]dname)\n"),
		"captures":         "fn f() {\n" + many(5_000, "let v%d = 1\n") + "return () => [" + many(5_000, "v%d, ") + "]\n}\nf()",
		"functions":        many(5_000, "fn f%d(a) { a }\n") + many(5_000, "f%d(1)\n"),
		"one variable":     "x = 1\nfn f() {\n" + many(20_000, "x = x + %d\n") + "}\nf()",
		"loops":            many(20_000, "for i = 0; i < %d; i++ { print(i) }\n") + "fn f() { i }\nf()",
		"a long pipeline":  "1" + many(20_000, " |> _ + %d"),
		"a long sum":       "1" + many(20_000, " + %d"),
		"keys":             "{" + many(20_000, "k%d: 1, ") + "}",
		"nested functions": strings.Repeat("fn f(a) { let b = a\n", 200) + "b" + strings.Repeat("\nreturn () => [a, b]\n}", 200),
		"parallel":         "parallel {\n" + many(5_000, "a%d = 1\n") + "}",
		"match arms":       "match 1 {\n" + many(20_000, "%d => 1\n") + "}",
		"early reads":      many(10_000, "print(v%[1]d)\nv%[1]d = 1\n"),
	} {
		t.Run(name, func(t *testing.T) {
			file, _ := parser.ParseFile(source.NewFile("large.prism", src))
			start := time.Now()
			Resolve(file, testOptions())
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %v", d)
			} else {
				t.Logf("%s: %v for %d bytes", name, d, len(src))
			}
		})
	}
}
