package parser

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// mutate deletes, replaces or inserts one token of a program.
func mutate(r *rand.Rand, f *source.File) string {
	var toks []lexer.Token
	for l := lexer.New(f); ; {
		t := l.Next()
		if t.Kind == token.EOF {
			break
		}
		toks = append(toks, t)
	}
	at, other := toks[r.IntN(len(toks))], toks[r.IntN(len(toks))]
	before, after := f.Src[:at.Start], f.Src[at.End:]
	text := f.Src[other.Start:other.End]
	switch r.IntN(3) {
	case 0:
		return before + after
	case 1:
		return before + text + after
	}
	return before + text + " " + f.Src[at.Start:]
}

// TestMutations: one mistake in a program is, as good as always, one diagnostic,
// seldom two, and hardly ever more. The bounds are what the parser reaches with a
// margin; a cascade that comes back breaks them.
func TestMutations(t *testing.T) {
	var files []*source.File
	for _, pattern := range []string{"../../examples/*.prism", "../../stdlib/*.prism", "../../stdlib/*/*.prism"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no programs in %s: %v", pattern, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, source.NewFile(name, string(data)))
		}
	}
	const n = 2000
	r := rand.New(rand.NewPCG(1, 2))
	broken, total, many := 0, 0, 0
	for range n {
		f := files[r.IntN(len(files))]
		bad := source.NewFile(f.Name, mutate(r, f))
		tree, diags := ParseFile(bad)
		checkTree(t, tree, diags)
		if len(diags) == 0 {
			continue // what came out is a program too
		}
		broken++
		total += len(diags)
		if len(diags) > 2 {
			many++
		}
	}
	if mean := float64(total) / float64(broken); broken < n/2 || mean > 1.2 {
		t.Errorf("%.2f diagnostics for a mistake, of %d programs", mean, broken)
	}
	if share := float64(many) / float64(broken); share > 0.03 {
		t.Errorf("%.1f %% of the mistakes have more than two diagnostics", 100*share)
	}
	t.Logf("%d mistakes, %d diagnostics, %d with more than two", broken, total, many)
}
