package library_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/library"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/stdlib"
)

// resolve parses and checks a program as a build does.
func resolve(src string) (*ast.File, diag.List) {
	file, list := parser.ParseFile(source.NewFile("entry.prism", src))
	_, names := check.Resolve(file, check.Options{
		Library:      library.Global,
		LibraryNames: library.Globals(),
		Arity:        library.Arity,
	})
	return file, append(list, names...)
}

// errors keeps what would stop a build.
func errors(list diag.List) []string {
	var out []string
	for _, d := range list {
		if d.Severity == diag.Error {
			out = append(out, d.Error())
		}
	}
	return out
}

func each(t *testing.T, f func(t *testing.T, e *library.Entry)) {
	t.Helper()
	for _, e := range library.All() {
		t.Run(e.Name, func(t *testing.T) { f(t, e) })
	}
}

func TestEntriesAreComplete(t *testing.T) {
	categories := []string{
		"console", "numbers", "arrays", "strings", "objects", "json", "promises", "time",
		"confidence", "aggregation", "control", "agents", "testing", "host",
	}
	seen := map[string]bool{}
	each(t, func(t *testing.T, e *library.Entry) {
		if seen[e.Name] {
			t.Error("the name is there twice")
		}
		seen[e.Name] = true
		if !slices.Contains(categories, e.Category) {
			t.Errorf("category %q", e.Category)
		}
		if e.Signature == "" || e.Example == "" {
			t.Error("signature or example is missing")
		}
		if e.Host != (e.Category == "host") {
			t.Errorf("Host is %v in category %s", e.Host, e.Category)
		}
		summary, details, _ := strings.Cut(e.Doc, "\n\n")
		if !strings.HasSuffix(summary, ".") || len(summary) > 150 {
			t.Errorf("the summary is a sentence of at most 150 bytes, not %q", summary)
		}
		if details != "" && !strings.HasSuffix(details, ".") {
			t.Errorf("the last paragraph ends with a full stop, not %q", details)
		}
		if strings.Contains(e.Doc, "  ") || strings.TrimSpace(e.Doc) != e.Doc {
			t.Errorf("odd white space in %q", e.Doc)
		}
	})
}

// bounds are the least and the most arguments that a parameter list takes.
func bounds(params []*ast.Param) (min, max int) {
	max = len(params)
	for i, p := range params {
		switch {
		case p.Rest:
			max = -1
		case !p.Optional && p.Default == nil:
			min = i + 1
		}
	}
	return min, max
}

// TestSignatures reads every signature as Prism: a function's as the head of a
// declaration, a value's as that of a variable. The types must exist, and the
// bounds on the arguments must be those of the parameters.
func TestSignatures(t *testing.T) {
	each(t, func(t *testing.T, e *library.Entry) {
		own := e.Name
		if owner, member, ok := strings.Cut(e.Name, "."); ok && isKind(owner) {
			own = member
		}
		if !e.Callable() {
			value(t, e, own)
			return
		}
		least, most := 1<<30, 0
		for _, line := range strings.Split(e.Signature, "\n") {
			head, ok := strings.CutPrefix(line, own)
			if !ok {
				t.Fatalf("%q does not begin with %q", line, own)
			}
			file, list := resolve("fn f" + head + " { null }")
			if diff := cmp.Diff([]string(nil), errors(list)); diff != "" {
				t.Fatal(diff)
			}
			decl, ok := file.Stmts[0].(*ast.FuncDecl)
			if !ok || len(file.Stmts) != 1 {
				t.Fatalf("%q is no signature", line)
			}
			if decl.Func.Result == nil {
				t.Errorf("%q has no result type", line)
			}
			for _, p := range decl.Func.Params {
				if p.Type == nil {
					t.Errorf("%q has a parameter without type", line)
				}
				if _, array := p.Type.(*ast.ArrayType); p.Rest && !array {
					t.Errorf("the rest parameter of %q is no array", line)
				}
			}
			min, max := bounds(decl.Func.Params)
			if min < least {
				least = min
			}
			if max < 0 || most < 0 {
				most = -1
			} else if max > most {
				most = max
			}
		}
		min, max, ok := library.Arity(e.Name)
		if !ok || min != least || max != most {
			t.Errorf("Arity gives %d to %d (%v), the signature %d to %d", min, max, ok, least, most)
		}
	})
}

func isKind(owner string) bool {
	return slices.Contains([]string{"array", "string", "number", "boolean", "object"}, owner)
}

// value checks the signature of what is no function: "name: type", or the name
// alone of a namespace.
func value(t *testing.T, e *library.Entry, own string) {
	if min, max, ok := library.Arity(e.Name); ok || min != 0 || max != 0 {
		t.Errorf("Arity gives %d, %d, %v for a value", min, max, ok)
	}
	if e.MinArgs != 0 || e.MaxArgs != 0 {
		t.Error("a value with arguments")
	}
	head, typ, typed := strings.Cut(e.Signature, ": ")
	if head != own {
		t.Errorf("the signature %q is not about %s", e.Signature, own)
	}
	if !typed {
		if len(library.Members(e.Name)) == 0 {
			t.Errorf("%q has neither type nor members", e.Signature)
		}
		return
	}
	if diff := cmp.Diff([]string(nil), errors(second(resolve("let x: "+typ+" = null\nx")))); diff != "" {
		t.Error(diff)
	}
}

func second(_ *ast.File, list diag.List) diag.List { return list }

// TestExamplesAreClean expects examples without any finding that end in their
// result.
func TestExamplesAreClean(t *testing.T) {
	each(t, func(t *testing.T, e *library.Entry) {
		_, list := resolve(e.Example)
		var got []string
		for _, d := range list {
			got = append(got, d.Error())
		}
		if diff := cmp.Diff([]string(nil), got); diff != "" {
			t.Errorf("%s\n%s", diff, e.Example)
		}
		lines := strings.Split(e.Example, "\n")
		for len(lines) > 0 && strings.HasPrefix(lines[len(lines)-1], "// ~ ") {
			lines = lines[:len(lines)-1]
		}
		if len(lines) < 2 || !strings.HasPrefix(lines[len(lines)-1], "// => ") {
			t.Errorf("the example does not end in its result\n%s", e.Example)
		}
		if name := e.Name[strings.LastIndex(e.Name, ".")+1:]; !strings.Contains(e.Example, name) {
			t.Errorf("the example does not use %s\n%s", name, e.Example)
		}
	})
}

// exportedBy returns the functions that a module of the library exports.
func exportedBy(t *testing.T, module string) map[string]*ast.FuncLit {
	t.Helper()
	name := strings.TrimPrefix(module, "std/") + ".prism"
	text, err := stdlib.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	file, list := parser.ParseFile(source.NewFile(name, string(text)))
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	exports := map[string]*ast.FuncLit{}
	for _, s := range file.Stmts {
		if x, ok := s.(*ast.Export); ok {
			f, ok := x.Decl.(*ast.FuncDecl)
			if !ok {
				t.Errorf("%s exports something other than a function: %s", module, file.Source.Text(x.Span))
				continue
			}
			exports[f.Func.Name.Name] = f.Func
		}
	}
	return exports
}

// TestPrelude compares the entries implemented in Prism with the exports of their
// modules: each exists, takes the arguments that the catalogue promises, and
// nothing is exported that nobody can reach.
func TestPrelude(t *testing.T) {
	modules := map[string]map[string]*ast.FuncLit{}
	for _, module := range []string{"std/prelude", "std/testing"} {
		modules[module] = exportedBy(t, module)
		for name := range modules[module] {
			if found, ok := library.Implicit(name); !ok || found != module {
				t.Errorf("%s exports %s, for which Implicit gives %q, %v", module, name, found, ok)
			}
		}
	}
	each(t, func(t *testing.T, e *library.Entry) {
		if e.Module == "" {
			if _, ok := library.Implicit(e.Name); ok {
				t.Error("Implicit knows a native entry")
			}
			return
		}
		f := modules[e.Module][e.Name]
		if f == nil {
			t.Fatalf("%s does not export it", e.Module)
		}
		min, max := bounds(f.Params)
		if e.MinArgs < min || max >= 0 && (e.MaxArgs < 0 || e.MaxArgs > max) {
			t.Errorf("the catalogue allows %d to %d arguments, %s %d to %d", e.MinArgs, e.MaxArgs, e.Module, min, max)
		}
	})
	for _, name := range []string{
		"__parallel", "__parallelBlock", "__race", "__withAgents", "__task",
		"__agentList", "__agentResults", "__successfulResults", "__agentCount", "__parallax", "__test",
	} {
		if module, ok := library.Implicit(name); !ok || module != "std/prelude" || modules[module][name] == nil {
			t.Errorf("%s: Implicit gives %q, %v; exported: %v", name, module, ok, modules[module][name] != nil)
		}
	}
}
