package bytecode_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/codegen"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/compiler/lower"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/compiler/opt"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/stdlib"
)

// sources returns the programs of the machine's language tests, by name. They
// use every construct of the language.
func sources(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../runtime/vm/testdata/*.prism")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	out := make(map[string]string)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, chunk := range strings.Split(string(text), "\n---\n") {
			out[fmt.Sprintf("%s/%d", filepath.Base(file), i+1)] = chunk
		}
	}
	out["concurrency"] = "r = parallel { a = 1 + 1\nb = \"x\" }\nr"
	return out
}

var exported = regexp.MustCompile(`(?m)^export (?:async )?(?:fn|function) (\w+)`)

// inPrism finds the module of the standard library that exports a function.
var inPrism = sync.OnceValues(func() (map[string]string, error) {
	out := make(map[string]string)
	err := fs.WalkDir(stdlib.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(stdlib.FS, path)
		for _, m := range exported.FindAllSubmatch(text, -1) {
			out[string(m[1])] = "std/" + strings.TrimSuffix(path, ".prism")
		}
		return err
	})
	return out, err
})

// lowered returns the IR of a program, nil if the program has errors.
func lowered(t *testing.T, name, src string) *ir.Program {
	t.Helper()
	modules, err := inPrism()
	if err != nil {
		t.Fatal(err)
	}
	g, list := module.Load(source.NewFile(name, src), module.Dir("."), module.Options{
		Std: stdlib.FS,
		Implicit: func(name string) (string, bool) {
			path, ok := modules[name]
			return path, ok
		},
		Check: check.Options{Library: func(string) bool { return true }},
	})
	if list.HasErrors() {
		return nil
	}
	p, list := lower.Program(g, lower.Options{Meta: bytecode.Meta{Name: name, Strategy: bytecode.DefaultStrategy}})
	if list.HasErrors() {
		return nil
	}
	return p
}

// canonical clears what the text form does not keep: source texts and fields
// that an operation does not use.
func canonical(p *ir.Program) {
	for _, m := range p.Modules {
		m.Source = source.NewFile(m.Source.Name, "")
	}
	for _, f := range p.Funcs {
		for _, b := range f.Blocks {
			if b.Handler < 0 {
				b.HandlerReg = 0
			}
			for i := range b.Instrs {
				in := &b.Instrs[i]
				form := &ir.Forms[in.Op]
				if !form.Dst {
					in.Dst = 0
				}
				for j, o := range []*ir.Operand{&in.A, &in.B, &in.C} {
					if form.Args[j] == '-' && (j < 2 || form.CIndex == 0) {
						*o = 0
					}
				}
				if form.Index == 0 {
					in.N = 0
				}
				if form.Succ < 1 {
					in.To = 0
				}
				if form.Succ < 2 {
					in.Else = 0
				}
			}
		}
	}
}

// TestPipeline takes real programs through every form: IR, its text, bytecode
// and the file.
func TestPipeline(t *testing.T) {
	compiled := 0
	for name, src := range sources(t) {
		for _, optimise := range []bool{false, true} {
			p := lowered(t, name, src)
			if p == nil {
				continue // a program that is there for its errors
			}
			if optimise {
				opt.Program(p)
			}
			if err := ir.Verify(p); err != nil {
				t.Errorf("%s: IR: %v\n%s", name, err, p)
				continue
			}
			b, list := codegen.Program(p)
			if list.HasErrors() {
				t.Errorf("%s: %v", name, list[0])
				continue
			}
			checkText(t, name, p)
			checkFile(t, name, b)
			compiled++
		}
	}
	if compiled < 100 {
		t.Errorf("only %d programs were compiled", compiled)
	}
}

func checkText(t *testing.T, name string, p *ir.Program) {
	t.Helper()
	text := p.String()
	got, err := ir.Parse(text)
	if err != nil {
		t.Errorf("%s: Parse(Print(p)): %v\n%s", name, err, text)
		return
	}
	if diff := cmp.Diff(text, got.String()); diff != "" {
		t.Errorf("%s: Print(Parse(text)) (-want +got):\n%s", name, diff)
	}
	canonical(p)
	if diff := cmp.Diff(p, got, cmp.Comparer(func(a, b *source.File) bool { return a.Name == b.Name }), emptyIsNil); diff != "" {
		t.Errorf("%s: Parse(Print(p)) (-want +got):\n%s", name, diff)
	}
}

func checkFile(t *testing.T, name string, p *bytecode.Program) {
	t.Helper()
	if err := bytecode.Verify(p); err != nil {
		var b strings.Builder
		if err := bytecode.Disassemble(&b, p); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s: bytecode: %v\n%s", name, err, b.String())
		return
	}
	got, err := bytecode.Decode(bytecode.Encode(p))
	if err != nil {
		t.Errorf("%s: Decode(Encode(p)): %v", name, err)
		return
	}
	if diff := cmp.Diff(p, got, cmp.Comparer(func(a, b *source.File) bool { return a.Name == b.Name && a.Src == b.Src }), emptyIsNil); diff != "" {
		t.Errorf("%s: Decode(Encode(p)) (-want +got):\n%s", name, diff)
	}
}

// emptyIsNil compares empty slices as equal to nil.
var emptyIsNil = cmp.FilterValues(func(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	return x.IsValid() && y.IsValid() && x.Kind() == reflect.Slice && y.Kind() == reflect.Slice && x.Len() == 0 && y.Len() == 0
}, cmp.Comparer(func(a, b any) bool { return true }))
