package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
)

// TestCoverage compares what is counted with what the program does.
func TestCoverage(t *testing.T) {
	src := `fn sign(x) {
  if (x < 0) {
    return "minus"
  }
  x == 0 ? "zero" : "plus"
}
fn never() {
  1
}
let signs = [1, 2, 0].map(sign)
for s in signs {
  if (s == "zero") { print(s) }
}
fn risky(x) {
  try { if (x.a.b > 1) { 1 } } catch (e) { "caught" }
}
risky({})
`
	res, list := build.Compile(source.NewFile("signs.prism", src), build.Options{NoOptimise: true})
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	p, err := engine.Load(res.Program, library.Std())
	if err != nil {
		t.Fatal(err)
	}
	covered, coverage := p.Covered()
	r, err := covered.Run(context.Background(), value.NullValue)
	if err != nil || r.Error != nil {
		t.Fatal(err, r.Error)
	}
	lines := map[int]bool{}
	var branches []string
	for _, s := range coverage.Spans() {
		if s.File.Name != "signs.prism" {
			continue
		}
		line := s.File.Position(s.Span.Start).Line
		lines[line] = lines[line] || s.Runs > 0
		if s.Branch {
			branches = append(branches, fmt.Sprintf("%d %s %v", line, s.File.Text(s.Span), s.Ways))
		}
	}
	slices.Sort(branches)
	var missed []int
	for l, hit := range lines {
		if !hit {
			missed = append(missed, l)
		}
	}
	slices.Sort(missed)
	if diff := cmp.Diff([]int{3, 8}, missed); diff != "" {
		t.Errorf("lines that never ran (-want +got):\n%s", diff)
	}
	want := []string{
		`12 (s == "zero") [1 2]`,
		`15 (x.a.b > 1) [0 0]`,
		`2 (x < 0) [0 3]`,
		`5 x == 0 [1 2]`,
	}
	if diff := cmp.Diff(strings.Join(want, "\n"), strings.Join(branches, "\n")); diff != "" {
		t.Errorf("branches (-want +got):\n%s", diff)
	}
	// The program itself is as it was.
	if r, err := p.Run(context.Background(), value.NullValue); err != nil || r.Error != nil {
		t.Fatal(err, r.Error)
	}
}
