package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
)

// seeds returns the programs of testdata.
func seeds(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.prism")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	var list []string
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, chunk := range strings.Split(string(text), "\n---\n") {
			list = append(list, wantComment.ReplaceAllString(chunk, ""))
		}
	}
	return list
}

// FuzzResolve resolves arbitrary texts and checks what must hold for each.
func FuzzResolve(f *testing.F) {
	for _, src := range seeds(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) < 10_000 {
			checkInvariants(t, src)
		}
	})
}

// TestMutatedPrograms checks the same for programs whose words were removed,
// repeated or exchanged with those of others.
func TestMutatedPrograms(t *testing.T) {
	programs := seeds(t)
	var words []string
	for _, p := range programs {
		words = append(words, strings.Fields(p)...)
	}
	rapid.Check(t, func(t *rapid.T) {
		var text []string
		for range rapid.IntRange(1, 3).Draw(t, "programs") {
			text = append(text, strings.SplitAfter(rapid.SampledFrom(programs).Draw(t, "program"), " ")...)
			text = append(text, "\n")
		}
		for range rapid.IntRange(0, 4).Draw(t, "mutations") {
			if len(text) == 0 {
				break
			}
			i := rapid.IntRange(0, len(text)-1).Draw(t, "at")
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				text = append(text[:i:i], text[i+1:]...)
			case 1:
				text = append(text[:i+1:i+1], text[i:]...)
			case 2:
				text = append(text[:i:i], append([]string{rapid.SampledFrom(words).Draw(t, "word") + " "}, text[i+1:]...)...)
			}
		}
		checkInvariants(t, strings.Join(text, ""))
	})
}

type fataler interface {
	Helper()
	Errorf(format string, args ...any)
}

func checkInvariants(t fataler, src string) {
	t.Helper()
	file, errs := parser.ParseFile(source.NewFile("fuzz.prism", src))
	opts := testOptions()
	opts.SyntaxErrors = errs.HasErrors()
	info, list := Resolve(file, opts)
	again, listAgain := Resolve(file, opts)
	if d := cmp.Diff(shown(list), shown(listAgain)); d != "" {
		t.Errorf("resolving twice gives different findings: %s\n%s", d, src)
	}
	if d := cmp.Diff(describe(info), describe(again)); d != "" {
		t.Errorf("resolving twice gives different symbols: %s\n%s", d, src)
	}
	for _, d := range list {
		if d.Span.Start < 0 || d.Span.End > int32(len(src)) || d.Span.Start > d.Span.End || d.Hint == "" {
			t.Errorf("%v: span %v, hint %q\n%s", d, d.Span, d.Hint, src)
		}
		if _, ok := diag.Lookup(d.Code); !ok {
			t.Errorf("%v: unknown code\n%s", d, src)
		}
		for _, fix := range d.Fixes {
			at := int32(0)
			for _, e := range fix.Edits {
				if e.Span.Start < at || e.Span.End < e.Span.Start || e.Span.End > int32(len(src)) {
					t.Errorf("%v: the fix %q edits %v\n%s", d, fix.Title, e.Span, src)
				}
				at = e.Span.End
			}
		}
	}
	Suppress(file, list)
	for _, sym := range info.Symbols {
		if sym != nil && sym.Owner != nil && info.Functions[sym.Owner.Node] != sym.Owner {
			t.Errorf("%s is owned by a function that the table lacks\n%s", sym.Name, src)
		}
	}
	for _, fn := range info.Functions {
		for _, sym := range fn.Captures {
			if sym.TopLevel || !encloses(sym.Owner, fn) || !sym.Captured {
				t.Errorf("%s is no capture\n%s", sym.Name, src)
			}
		}
	}
	if !errs.HasErrors() && !list.HasErrors() {
		checkBound(t, file, info, src)
	}
}

// checkBound verifies that in a file without errors each variable that is used
// can be reached: it is of the same function, captured, or of the module.
func checkBound(t fataler, file *ast.File, info *Info, src string) {
	t.Helper()
	var walk func(n ast.Node, fn *Function)
	walk = func(n ast.Node, fn *Function) {
		if inner := info.Functions[n]; inner != nil {
			fn = inner
		}
		if id, ok := n.(*ast.Ident); ok {
			sym := info.SymbolOf(id)
			if sym != nil && id != sym.Ident && sym.Owner != nil && sym.Owner != fn && !sym.TopLevel && encloses(sym.Owner, fn) {
				found := false
				for _, c := range fn.Captures {
					found = found || c == sym
				}
				if !found && !keyedTarget(info, fn, id) {
					t.Errorf("%s is not captured\n%s", id.Name, src)
				}
			}
		}
		ast.Children(n, func(c ast.Node) { walk(c, fn) })
	}
	walk(file, info.Functions[file])
}

// keyedTarget reports whether a function is a statement of "parallel { }" and
// the identifier lies in what it sets, which belongs to the function around.
func keyedTarget(info *Info, fn *Function, id *ast.Ident) bool {
	switch n := fn.Node.(type) {
	case *ast.Assign:
		return n.Value == nil || id.Start < n.Value.Range().Start
	case *ast.VarDecl:
		for _, d := range n.Decls {
			if d.Pattern.Range().Contains(id.Start) {
				return true
			}
		}
	}
	return false
}

func encloses(outer, inner *Function) bool {
	for fn := inner; fn != nil; fn = fn.Parent {
		if fn == outer {
			return fn != inner
		}
	}
	return false
}

func shown(list diag.List) []string {
	var out []string
	for _, d := range list {
		text := d.Error() + " / " + d.Hint
		for _, rel := range d.Related {
			text += " / " + rel.Message
		}
		out = append(out, text)
	}
	return out
}
