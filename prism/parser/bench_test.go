package parser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/prism/source"
)

// generated returns a program of about n lines that uses most of the syntax.
func generated(n int) string {
	var b strings.Builder
	for i := range n / 20 {
		fmt.Fprintf(&b, `// scores of group %[1]d, checked before use
function score%[1]d(items, limit = %[1]d, ...rest) {
  let total = 0
  for item, i in items {
    if (item.value > limit && !item.hidden || i %% 2 == 0) {
      total += item.value * 1.5 - i
    } else {
      total = total ~+ (item.weight ?? 1) ~> 0.75
    }
  }
  uncertain if (total) {
    high { return { total: total, ok: true } ~> 0.9 }
    medium { print("group ${items.length}: ${total}") }
    default { fail("no score", [total, rest?.length]) }
  }
  const names = items.filter(x => x.value >= 3).map((x, i) => x.name + i)
  return names |> sortBy("length") |> join(_, ", ")
}
result%[1]d = match score%[1]d([{value: %[1]d, name: "a"}]) { {ok} if ok => 1, 0..5 => 2, _ => null }

`, i)
	}
	return b.String()
}

// BenchmarkParse protects the time an editor and a build wait for a tree:
// 10,000 lines at no less than 8 MB/s.
func BenchmarkParse(b *testing.B) {
	f := source.NewFile("bench.prism", generated(10_000))
	if _, diags := ParseFile(f); len(diags) > 0 {
		b.Fatal(diags[0])
	}
	b.SetBytes(int64(len(f.Src)))
	b.ReportAllocs()
	for b.Loop() {
		ParseFile(f)
	}
}
