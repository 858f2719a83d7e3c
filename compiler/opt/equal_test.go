package opt_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
)

// program is one of those that the tests of other packages hold.
type program struct {
	name, src, dir string
	input          string // JSON
}

// programs gathers the programs of the machine's, the library's, the standard
// library's and the documentation's tests, and the examples.
func programs(t *testing.T) []program {
	t.Helper()
	var all []program
	each := func(pattern string, f func(name, text string)) {
		t.Helper()
		names, err := filepath.Glob(filepath.FromSlash("../../" + pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("no programs in %s: %v", pattern, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f(name, string(data))
		}
	}
	add := func(name string, i int, src string) {
		p := program{name: fmt.Sprintf("%s:%d", filepath.ToSlash(strings.TrimPrefix(name, "../../")), i), src: src, dir: filepath.Dir(name),
			input: `{"n": 5, "s": "text", "a": [1, 2], "o": {"a": 1}, "none": null, "text": "hello"}`}
		for _, line := range strings.Split(src, "\n") {
			for _, mark := range []string{"// input: ", "// input "} {
				if in, ok := strings.CutPrefix(line, mark); ok {
					p.input = in
				}
			}
		}
		all = append(all, p)
	}
	each("runtime/vm/testdata/*.prism", func(name, text string) {
		for i, chunk := range strings.Split(text, "\n---\n") {
			add(name, i+1, chunk)
		}
	})
	each("runtime/library/testdata/*.txt", func(name, text string) {
		for i, line := range strings.Split(text, "\n") {
			if line != "" && !strings.HasPrefix(line, "#") {
				src, _, _ := strings.Cut(line, " !! ")
				if j := strings.LastIndex(src, " => "); j >= 0 && src == line {
					src = src[:j]
				}
				add(name, i+1, src)
			}
		}
	})
	each("stdlib/testdata/*.txtar", func(name, text string) {
		for i, c := range strings.Split("\n"+text, "\n-- ")[1:] {
			_, src, _ := strings.Cut(c, " --\n")
			add(name, i+1, src)
		}
	})
	each("docs/*.md", func(name, text string) {
		for i, block := range strings.Split(text, "\n```prism")[1:] {
			_, block, _ = strings.Cut(block, "\n")
			src, _, _ := strings.Cut(block, "\n```\n")
			add(name, i+1, src)
		}
	})
	each("examples/*.prism", func(name, text string) {
		add(name, 1, text)
		if in, err := os.ReadFile(strings.TrimSuffix(name, ".prism") + ".in.json"); err == nil {
			all[len(all)-1].input = string(in)
		}
	})
	each("examples/modules/main.prism", func(name, text string) { add(name, 1, text) })
	return all
}

// agents answer the programs.
const agents = `agents:
  - {name: ann, capabilities: [read, sentiment], mock: {result: positive, confidence: 0.9, delayMs: 30}}
  - {name: bob, capabilities: [read, write, sentiment], mock: {result: negative, confidence: 0.8, delayMs: 10}}
  - {name: cleo, capabilities: [read, sentiment], mock: {result: positive, confidence: 0.95, delayMs: 20}}
  - {name: dave, capabilities: [slow], mock: {result: late, confidence: 0.7, delayMs: 60000}}
  - {name: eve, capabilities: [slow, broken], mock: {error: out of order, delayMs: 5}}
llm:
  mock:
    - {match: ".", result: fine, confidence: 0.8}
`

// outcome runs a program and tells everything that can be seen of it: the
// result with all confidences and how they arose, errors with their places,
// calls, what was printed and asked for, and how long it took.
func outcome(t *testing.T, p program, optimise bool) (text string, ran bool) {
	t.Helper()
	res, list := build.Compile(source.NewFile("case.prism", p.src), build.Options{Loader: module.Dir(p.dir), NoOptimise: !optimise})
	if list.HasErrors() {
		return fmt.Sprint(list), false
	}
	loaded, err := engine.Load(res.Program, library.Std())
	if err != nil {
		t.Fatal(err)
	}
	input, err := value.FromJSON([]byte(p.input))
	if err != nil {
		t.Fatalf("the input: %v", err)
	}
	registry, err := agent.Load("agents.yaml", []byte(agents))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	r, err := loaded.Run(t.Context(), input, engine.WithHandlers(registry.Handlers()),
		engine.WithVirtualTime(time.Unix(1_700_000_000, 0)), engine.WithRand(rand.NewPCG(1, 2)), engine.WithID("test"),
		engine.WithExplain(), engine.WithTrace(), engine.WithTimeout(time.Hour),
		engine.WithEvents(func(e engine.Event) {
			delete(e.Data, "durationMs")
			data, err := json.Marshal(e.Data)
			if err != nil {
				t.Error(err)
			}
			fmt.Fprintf(&b, "%s %s\n", e.Type, data)
		}))
	if err != nil {
		t.Fatal(err)
	}
	if err := registry.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range r.Agents {
		r.Agents[i].DurationMs = 0
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "%s\n%s\n", data, value.Inspect(r.Value))
	explain(&b, r.Value, "")
	if r.Error != nil {
		for _, f := range r.Error.Stack {
			fmt.Fprintf(&b, "at %s %s:%d:%d\n", f.Function, f.File, f.Line, f.Column)
		}
	}
	return b.String(), true
}

// explain writes how the confidences in a value arose.
func explain(b *strings.Builder, v value.Value, at string) {
	if b.Len() > 1<<20 {
		return
	}
	why(b, v.Why(), at)
	switch p := v.Plain(); p.Kind() {
	case value.ArrayKind:
		for i, e := range p.AsArray().Elems() {
			explain(b, e, fmt.Sprintf("%s/%d", at, i))
		}
	case value.ObjectKind:
		for k, e := range p.AsObject().All() {
			explain(b, e, at+"/"+k)
		}
	}
}

func why(b *strings.Builder, w *value.Why, at string) {
	if w == nil || b.Len() > 1<<20 {
		return
	}
	fmt.Fprintf(b, "%s %s %v %s %d:%d\n", at, w.Rule, w.C, w.Note, w.Line, w.Column)
	for _, o := range w.Operands {
		why(b, o, at+">")
	}
}

// TestSameOutcome runs every program as it was lowered and optimised: nothing
// that can be seen may differ.
func TestSameOutcome(t *testing.T) {
	all := programs(t)
	ran := 0
	for _, p := range all {
		plain, ok := outcome(t, p, false)
		optimised, _ := outcome(t, p, true)
		if ok {
			ran++
		}
		if diff := cmp.Diff(plain, optimised); diff != "" {
			t.Errorf("%s (-lowered +optimised)\n%s\n%s", p.name, p.src, diff)
		}
	}
	if ran < 1000 {
		t.Errorf("only %d of %d programs run", ran, len(all))
	}
	t.Logf("%d programs, %d of them without errors in the source", len(all), ran)
}
