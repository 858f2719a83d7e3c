package vm_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/runtime/vm"
)

// TestUpdatesAreLinear: programs that fill a collection of n elements allocate in
// proportion to n, not to its square.
func TestUpdatesAreLinear(t *testing.T) {
	const n, perStep = 20_000, 2_000 // a copy in each step would take 8 n bytes on average
	for _, src := range []string{
		`range(N).reduce((acc, x) => { acc["k" + x] = x; acc }, {})`,
		`range(N).reduce((acc, x) => { acc[x] = x; acc }, [])`,
		`range(N).reduce((acc, x) => acc.push(x), [])`,
		`range(N).reduce((acc, x) => [...acc, x], [])`,
		`range(N).reduce((s, x) => s + "x", "")`,
		`range(N).reduce((acc, x) => ({...acc, total: acc.total + x, items: acc.items.push(x)}), {total: 0, items: []})`,
		"r = []\nfor i in range(N) { r = [...r, i] }",
		"o = {list: [], n: {m: {}}}\nfor i in range(N) { o.list[i] = i; o.n.m[\"k\" + i] = i }",
		"fn put(acc, k, v) { acc[k] = v; return acc }\nacc = {}\nfor i in range(N) { acc = put(acc, \"k\" + i, i) }",
		"fn put(acc, v) { let a = acc; a[v] = v; if v > 5 { a } else { a } }\nacc = []\nfor i in range(N) { acc = put(acc, i) }",
		"acc = {}; arr = []\nfn go(i) { acc[\"k\" + i] = i; arr[i] = i }\nfor i in range(N) { go(i) }",
		"acc = {}; arr = []\nrange(N).forEach(i => { acc[\"k\" + i] = i; arr = arr.push(i) })",
		"fn step(s, i) { if i % 2 == 0 { s.even[\"\" + i] = 1 } else { s.odd = s.odd.push(i) }\ns.count += 1; s }\ns = {even: {}, odd: [], count: 0}\nfor i in range(N) { s = step(s, i) }",
		"groups = {}\nfor i in range(N) { k = \"g\" + (i % 3)\ngroups[k] = [...(groups[k] ?? []), i] }",
		"groups = {}\nfor i in range(N) { k = \"g\" + (i % 3)\ngroups[k] = (groups[k] ?? []).push(i) }",
		"q = range(N)\nwhile q.length > 100 { [h, ...t] = q\nq = t }",
		"q = range(N)\nwhile q.length > 100 { q = q.slice(1) }",
		"s = \"\"\nfor i in range(N) { s = s + i + \",\" }\nt = \"\"\nfor i in range(N) { t = \"${t}${i},\" }",
		"a = [] ~> 0.5; o = {} ~> 0.5\nfor i in range(N) { a = a.push(i); o[\"k\" + i] = i }",
		"o = {}\nfn up(o, i) { o[\"k\" + i] = i; o }\nfor i in range(N) { o = up(o, i) ~> 0.5 }",
	} {
		im, err := compile("test.prism", strings.ReplaceAll(src, "N", "20000")+"\n0", true)
		if err != nil {
			t.Fatal(err, src)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, failure, _ := run(im, &world{}, vm.Config{})
		runtime.ReadMemStats(&after)
		if failure != nil {
			t.Fatal(failure, src)
		}
		if got := after.TotalAlloc - before.TotalAlloc; got > n*perStep {
			t.Errorf("%d bytes a step for\n%s", got/n, src)
		}
	}
}
