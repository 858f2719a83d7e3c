package build_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

var update = flag.Bool("update", false, "rewrite the expected parts of testdata")

// TestHeaders compiles each program of testdata/*.txtar and compares what the
// host learns about it and what there is to say, in the files name.want.
func TestHeaders(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, path := range archives {
		ar, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for _, f := range ar.Files {
			want[f.Name] = string(f.Data)
		}
		out := &txtar.Archive{Comment: ar.Comment}
		for _, f := range ar.Files {
			if strings.HasSuffix(f.Name, ".want") {
				continue
			}
			got := describe(f.Name, string(f.Data))
			name := strings.TrimSuffix(f.Name, ".prism") + ".want"
			out.Files = append(out.Files, f, txtar.File{Name: name, Data: []byte(got)})
			if *update {
				continue
			}
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar")+"/"+f.Name, func(t *testing.T) {
				if diff := cmp.Diff(want[name], got); diff != "" {
					t.Error(diff)
				}
			})
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(out), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// describe prints what differs from the meta data of an empty program, then the
// diagnostics.
func describe(name, src string) string {
	var b strings.Builder
	res, list := build.Compile(source.NewFile(name, src), build.Options{})
	if res.Program != nil {
		m := res.Program.Meta
		line := func(key string, v any) { fmt.Fprintf(&b, "%s: %v\n", key, v) }
		line("name", m.Name+" "+m.Version)
		if m.Description != "" {
			line("description", m.Description)
		}
		if m.Input != nil {
			line("input", string(m.Input))
		}
		if m.Output != nil {
			line("output", string(m.Output))
		}
		if m.Agents.Declared {
			line("agents", fmt.Sprintf("%q at least %d, at most %d, confidence %v", m.Agents.Capabilities, m.Agents.Min, m.Agents.Max, m.Agents.MinConfidence))
		}
		if m.TimeoutMs != 0 {
			line("timeout", m.TimeoutMs)
		}
		if m.Strategy != bytecode.DefaultStrategy {
			line("strategy", fmt.Sprintf("%+v", m.Strategy))
		}
		for _, e := range m.Entries {
			line("@"+e[0], e[1])
		}
	}
	for _, d := range list {
		fmt.Fprintln(&b, d.Error())
		if d.Hint != "" {
			fmt.Fprintln(&b, "  hint:", d.Hint)
		}
		for _, r := range d.Related {
			fmt.Fprintf(&b, "  related: %s: %s\n", d.File.Text(r.Span), r.Message)
		}
	}
	return b.String()
}

func codes(list diag.List) string {
	var out []string
	for _, d := range list {
		out = append(out, string(d.Code))
	}
	return strings.Join(out, " ")
}

func TestErrorsStopBeforeCode(t *testing.T) {
	res, list := build.Compile(source.NewFile("p.prism", "let a = missing\nlet b = 1 +"), build.Options{})
	if res.Program != nil || res.IR != nil {
		t.Error("a program with errors was compiled")
	}
	if res.Graph == nil || res.Graph.Entry() == nil {
		t.Error("the graph of a program with errors is missing")
	}
	if diff := cmp.Diff("P0101", codes(list)); diff != "" {
		t.Errorf("what follows from a syntax error must not be reported: %s", diff)
	}
}

func TestImports(t *testing.T) {
	files := module.Files{
		"lib/a.prism": "import {b} from \"./b.prism\"\nexport let a = b + 1",
		"lib/b.prism": "export let b = 1",
	}
	res, list := build.Compile(source.NewFile("main.prism", "import {a} from \"./lib/a.prism\"\na"), build.Options{Loader: files})
	if list.HasErrors() {
		t.Fatal(list)
	}
	var paths []string
	for _, m := range res.Program.Modules {
		paths = append(paths, m.Path)
	}
	if diff := cmp.Diff([]string{"lib/b.prism", "lib/a.prism", "main.prism"}, paths); diff != "" {
		t.Error(diff)
	}
}

func TestDeterministic(t *testing.T) {
	src := "/** @input {\"b\": \"string\", \"a\": \"number\"}\n * @tags x\n */\nlet f = x => x + 1\nmap([1, 2], f)"
	encode := func() []byte {
		res, list := build.Compile(source.NewFile("p.prism", src), build.Options{})
		if list.HasErrors() {
			t.Fatal(list)
		}
		return bytecode.Encode(res.Program)
	}
	first := encode()
	for range 10 {
		if !bytes.Equal(first, encode()) {
			t.Fatal("the same source gives different bytes")
		}
	}
}

func TestOptions(t *testing.T) {
	src := "pattern one { return 1 }\npattern two v2.0.0 { return 2 }"
	compile := func(opts build.Options) (string, diag.List) {
		res, list := build.Compile(source.NewFile("p.prism", src), opts)
		if res.Program == nil {
			return "", list
		}
		return res.Program.Meta.Name + " " + res.Program.Meta.Version, list
	}
	for pattern, want := range map[string]string{"": "two 2.0.0", "one": "one 1.0.0", "two": "two 2.0.0"} {
		if got, list := compile(build.Options{Pattern: pattern}); got != want {
			t.Errorf("pattern %q is %q (%v), want %q", pattern, got, list, want)
		}
	}
	if _, list := compile(build.Options{Pattern: "three"}); codes(list) != "M0112" {
		t.Errorf("an unknown pattern gives %v", list)
	}
	strategy := bytecode.DefaultStrategy
	strategy.Gate = 0.9
	res, _ := build.Compile(source.NewFile("p.prism", "/** @confidence {\"gate\": 0.1} */\n1"), build.Options{Strategy: &strategy})
	if res.Program.Meta.Strategy != strategy {
		t.Errorf("the caller's strategy does not win: %+v", res.Program.Meta.Strategy)
	}
	plain, _ := build.Compile(source.NewFile("p.prism", "1 + 2"), build.Options{NoOptimise: true})
	folded, _ := build.Compile(source.NewFile("p.prism", "1 + 2"), build.Options{})
	if plain.IR.String() == folded.IR.String() {
		t.Error("NoOptimise changes nothing")
	}
}

func TestSession(t *testing.T) {
	s := build.NewSession()
	input := func(s *build.Session, src string) diag.List {
		_, list := build.Compile(source.NewFile("input", src), build.Options{Session: s})
		return list
	}
	if list := input(s, "x = 1\nconst y = 2"); list.HasErrors() {
		t.Fatal(list)
	}
	if diff := cmp.Diff([]string{"x", "y"}, s.Names()); diff != "" {
		t.Error(diff)
	}
	if list := input(s, "let z = x + y"); list.HasErrors() {
		t.Error(list)
	}
	if list := input(s, "y = 3"); !list.HasErrors() {
		t.Error("a constant of an earlier input can be assigned")
	}
	if list := input(s, "q = missing"); !list.HasErrors() {
		t.Error("an unknown name is accepted")
	}
	copied := s.Clone()
	if list := input(copied, "w = 1"); list.HasErrors() {
		t.Fatal(list)
	}
	if diff := cmp.Diff([]string{"x", "y", "z"}, s.Names()); diff != "" {
		t.Errorf("the original changed with its copy, or a failed input left names: %s", diff)
	}
}

// TestNoLoader: without a loader an import of a file is a diagnostic.
func TestNoLoader(t *testing.T) {
	_, list := build.Compile(source.NewFile("main.prism", "import {a} from \"./a.prism\"\na"), build.Options{})
	if len(list) != 1 || list[0].Code != "M0001" || list[0].Span.Start != 16 {
		t.Errorf("findings: %v", list)
	}
}
