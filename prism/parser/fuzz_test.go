package parser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// FuzzParse checks on any text that parsing ends, never panics, gives a sound
// tree (see checkTree), and that sections change nothing.
func FuzzParse(f *testing.F) {
	for _, src := range seeds(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		file, diags := ParseFile(source.NewFile("fuzz.prism", src))
		checkTree(t, file, diags)
		checkSections(t, src)
		Incomplete(src)
		x, _ := ParseExpr(source.NewFile("fuzz.prism", src))
		if x == nil {
			t.Fatal("no expression")
		}
	})
}

// seeds returns the programs of testdata.
func seeds(f testing.TB) []string {
	f.Helper()
	var all []string
	names, err := filepath.Glob("testdata/*/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		if strings.Contains(name, "fuzz") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if strings.HasSuffix(name, ".txtar") {
			for _, text := range archive(string(data)) {
				src, _, _ := strings.Cut(text, golden)
				all = append(all, src)
			}
			continue
		}
		all = append(all, strings.Split(string(data), "\n---\n")...)
	}
	if len(all) < 100 {
		f.Fatalf("only %d seeds", len(all))
	}
	return all
}

// checkSections compares parsing in sections of any length with parsing a file
// as a whole: the same tree, numbering, places and diagnostics.
func checkSections(t *testing.T, src string) {
	t.Helper()
	whole := parseFile(source.NewFile("fuzz.prism", src), 0)
	parts := parseFile(source.NewFile("fuzz.prism", src), 1)
	if diff := cmp.Diff(summary(whole), summary(parts)); diff != "" {
		t.Fatalf("sections change the result (-whole +sections)\n%s\n%s", src, diff)
	}
}

func summary(r result) map[string]any {
	file := &ast.File{Stmts: r.stmts}
	var diags []string
	for _, d := range r.diags {
		diags = append(diags, d.Error()+"\n"+d.Hint)
	}
	var ids []int32
	ast.Walk(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			ids = append(ids, id.ID)
		}
		return true
	})
	return map[string]any{
		"tree": ast.Dump(file), "diags": diags, "idents": r.idents, "ids": ids,
		"comments": len(r.comments), "incomplete": r.incomplete,
	}
}
