package vm_test

import (
	"testing"

	"github.com/parallaxai/parallax/runtime/vm"
)

// program runs a program to its end once per iteration, on a new machine.
func program(b *testing.B, src string) {
	b.Helper()
	im, err := compile("bench.prism", src, true)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err, _ := run(im, &world{}, vm.Config{}); err != nil {
			b.Fatal(err.Message)
		}
	}
}

// BenchmarkFib protects calls of known functions and fused comparisons.
func BenchmarkFib(b *testing.B) {
	program(b, "fn fib(n) { if (n < 2) { return n } return fib(n - 1) + fib(n - 2) } fib(32)")
}

// BenchmarkLoop protects arithmetic on registers: ten million steps.
func BenchmarkLoop(b *testing.B) {
	program(b, "let s = 0; for let i = 0; i < 10000000; i++ { s += i * 2 % 7 } s")
}

// BenchmarkSieve protects reading and writing array elements in place.
func BenchmarkSieve(b *testing.B) {
	program(b, `let n = 2000000; let a = Array(n + 1, true); let c = 0
for let i = 2; i <= n; i++ { if (a[i]) { c++
for let j = i * 2; j <= n; j += i { a[j] = false } } } c`)
}

// BenchmarkStrings protects building a string of 1e5 parts: it must stay linear.
func BenchmarkStrings(b *testing.B) {
	program(b, `let s = ""; for let i = 0; i < 100000; i++ { s += "part " } s.length`)
}

// BenchmarkMap protects objects as dictionaries of 1e5 keys.
func BenchmarkMap(b *testing.B) {
	program(b, `let o = {}; for let i = 0; i < 100000; i++ { o["key" + i] = i }
let s = 0; for let i = 0; i < 100000; i++ { s += o["key" + i] } s`)
}

// BenchmarkHigherOrder protects map, filter and reduce with closures over 1e6
// elements.
func BenchmarkHigherOrder(b *testing.B) {
	program(b, "range(1000000).map(x => x * 2).filter(x => x % 3 == 0).reduce((a, x) => a + x, 0)")
}

// BenchmarkProperties protects inline caches: five million rounds.
func BenchmarkProperties(b *testing.B) {
	program(b, "let o = {x: 1, y: 2}; let s = 0; for let i = 0; i < 5000000; i++ { o.x = o.x + 1; s += o.y } s + o.x")
}

// BenchmarkMethods protects calls of functions in objects.
func BenchmarkMethods(b *testing.B) {
	program(b, "let o = {add: (a, b) => a + b}; let s = 0; for let i = 0; i < 2000000; i++ { s = o.add(s, i) } s")
}

// BenchmarkClosures protects shared variables.
func BenchmarkClosures(b *testing.B) {
	program(b, "fn counter() { let n = 0; return () => { n += 1; return n } } let c = counter(); for let i = 0; i < 2000000; i++ { c() } c()")
}

// BenchmarkExceptions protects throwing and catching: a million rounds.
func BenchmarkExceptions(b *testing.B) {
	program(b, "let n = 0; for let i = 0; i < 1000000; i++ { try { throw i } catch (e) { n += 1 } } n")
}

// BenchmarkDestructuring protects taking arrays and objects apart.
func BenchmarkDestructuring(b *testing.B) {
	program(b, "let s = 0; for let i = 0; i < 1000000; i++ { let [a, b] = [i, 1]; let {x} = {x: a}; s += x + b } s")
}

// BenchmarkConfident protects arithmetic on confident numbers; compare with
// BenchmarkPlain.
func BenchmarkConfident(b *testing.B) {
	program(b, "let s = 0 ~> 0.9; for let i = 0; i < 5000000; i++ { s = s + i } s")
}

// BenchmarkPlain is BenchmarkConfident without the confidence.
func BenchmarkPlain(b *testing.B) {
	program(b, "let s = 0; for let i = 0; i < 5000000; i++ { s = s + i } s")
}

// BenchmarkFillPush and BenchmarkFillIndex protect filling an array of 1e6
// elements: each step must be amortised constant.
func BenchmarkFillPush(b *testing.B) {
	program(b, "let a = []; for let i = 0; i < 1000000; i++ { a = a.push(i) } a.length")
}

func BenchmarkFillIndex(b *testing.B) {
	program(b, "let a = []; for let i = 0; i < 1000000; i++ { a[i] = i } a.length")
}

// BenchmarkAwait protects the switch between fibers.
func BenchmarkAwait(b *testing.B) {
	program(b, "async fn f(n) { return n } let s = 0; for let i = 0; i < 200000; i++ { s += await f(i) } s")
}

// BenchmarkParallel protects patterns over many agents: ten thousand fibers.
func BenchmarkParallel(b *testing.B) {
	program(b, "let agents = range(10000).map(i => ({id: \"a\" + i, name: \"a\" + i})); let rs = parallel agents { agent.name.length ~> 0.8 } rs.length")
}

// BenchmarkStart protects the cost of a new machine.
func BenchmarkStart(b *testing.B) { program(b, "1") }
