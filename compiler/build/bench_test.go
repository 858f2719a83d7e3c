package build_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
)

// generated is a program of about 10,000 lines.
func generated() string {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, `
function step%[1]d(input, options = {}) {
  let score = input.value * %[1]d + (options.bias ?? 0.5)
  let label = score > 100 ? "high" : "low"
  uncertain if (score ~> 0.8) {
    high { return { label, score, tags: ["a", "b", label] } ~> 0.9 }
    low { return null }
  }
  let total = [1, 2, 3].map(x => x * score).reduce((a, x) => a + x, 0)
  return "${label}: ${total}"
}
`, i)
	}
	b.WriteString("[step1({value: 2}), step999({value: 3})]\n")
	return b.String()
}

// BenchmarkCompile protects the whole way from source text to bytecode.
func BenchmarkCompile(b *testing.B) {
	src := generated()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, list := build.Compile(source.NewFile("bench.prism", src), build.Options{}); list.HasErrors() {
			b.Fatal(list[0])
		}
	}
}

// BenchmarkCheck protects what editors and "prism check" wait for.
func BenchmarkCheck(b *testing.B) {
	src := generated()
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, list := build.Check(source.NewFile("bench.prism", src), build.Options{}); list.HasErrors() {
			b.Fatal(list[0])
		}
	}
}

// TestCompileIsReproducible compiles a large program twice.
func TestCompileIsReproducible(t *testing.T) {
	src := generated()
	var first string
	for range 2 {
		res, list := build.Compile(source.NewFile("bench.prism", src), build.Options{})
		if list.HasErrors() {
			t.Fatal(list[0])
		}
		text := res.IR.String()
		if first == "" {
			first = text
		} else if text != first {
			t.Fatal("two compilations differ")
		}
	}
}
