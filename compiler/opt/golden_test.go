package opt_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/internal/golden"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/compiler/opt"
)

// passes are those of opt.Program, in its order.
var passes = []struct {
	name string
	run  func(*ir.Program, *ir.Func)
}{
	{"Fold", func(_ *ir.Program, f *ir.Func) { opt.Fold(f) }},
	{"CheckedSet", func(_ *ir.Program, f *ir.Func) { opt.CheckedSet(f) }},
	{"Thread", func(_ *ir.Program, f *ir.Func) { opt.Thread(f) }},
	{"Prune", func(_ *ir.Program, f *ir.Func) { f.Prune() }},
	{"LastUse", opt.LastUse},
}

// TestPasses compares the IR of programs before the passes and after each that
// changes it. In the end it is what opt.Program gives.
func TestPasses(t *testing.T) {
	golden.Run(t, 15, func(t *testing.T, src string) []golden.Text {
		p := golden.Compile(t, src, false).IR
		last := golden.IR(t, p)
		texts := []golden.Text{{Name: "lowered", Text: last}}
		for _, pass := range passes {
			for _, f := range p.Funcs {
				pass.run(p, f)
			}
			if text := golden.IR(t, p); text != last {
				texts = append(texts, golden.Text{Name: pass.name, Text: text})
				last = text
			}
		}
		if diff := cmp.Diff(golden.IR(t, golden.Compile(t, src, true).IR), last); diff != "" {
			t.Errorf("the passes of opt.Program differ from those here (-Program +here)\n%s", diff)
		}
		return texts
	})
}
