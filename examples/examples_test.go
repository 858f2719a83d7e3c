// Package examples_test runs every example and compares what it gives with the
// file beside it.
package examples_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/format"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport"
	"github.com/parallaxai/parallax/runtime/agent/transport/prism"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/spec"
	"github.com/parallaxai/parallax/runtime/value"
)

var update = flag.Bool("update", false, "rewrite the expected outputs")

// programs returns the paths of all programs below this folder, in Prism and in
// YAML. Those in a folder with a main.prism other than that one are its modules.
func programs(t *testing.T) (runnable, modules []string) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		pattern := filepath.Ext(path) == ".yaml" && !strings.HasSuffix(path, ".test.yaml") && d != nil && d.Name() != "agents.yaml"
		if err != nil || d.IsDir() || filepath.Ext(path) != ".prism" && !pattern {
			return err
		}
		if strings.HasPrefix(path, "patterns"+string(filepath.Separator)) { // tested by their own tests
			if filepath.Ext(path) == ".prism" {
				modules = append(modules, path)
			}
			return nil
		}
		main := filepath.Join(filepath.Dir(path), "main.prism")
		if _, err := os.Stat(main); err == nil && path != main {
			modules = append(modules, path)
			return nil
		}
		runnable = append(runnable, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return runnable, modules
}

// run runs a program as "prism run" does, on a clock that does not wait.
func run(t *testing.T, path string) *engine.Result {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(path)
	entry := source.NewFile(filepath.Base(path), string(text))
	res, list := build.Compile(entry, build.Options{Loader: module.Dir(dir)})
	if len(list) > 0 {
		t.Fatalf("an example has no errors or warnings: %v", list[0])
	}
	p, err := engine.Load(res.Program, library.Std())
	if err != nil {
		t.Fatal(err)
	}
	registry := agents(t, dir)
	given, err := os.ReadFile(strings.TrimSuffix(path, filepath.Ext(path)) + ".in.json")
	if errors.Is(err, fs.ErrNotExist) {
		given, err = []byte("null"), nil
	}
	if err != nil {
		t.Fatal(err)
	}
	input, err := value.FromJSON(given)
	if err != nil {
		t.Fatal(err)
	}
	result, err := p.Run(context.Background(), input,
		engine.WithHandlers(registry.Handlers()),
		engine.WithVirtualTime(time.Unix(1_700_000_000, 0)))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// agents reads the agents of a folder, else those of this one.
func agents(t *testing.T, dir string) *agent.Registry {
	t.Helper()
	name := filepath.Join(dir, "agents.yaml")
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		dir, name = ".", "agents.yaml"
		text, err = os.ReadFile(name)
	}
	if err != nil {
		t.Fatal(err)
	}
	compile := func(path, pattern string) (*engine.Program, error) {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		res, list := build.Compile(source.NewFile(path, string(text)), build.Options{Loader: module.Dir("."), Pattern: pattern})
		if list.HasErrors() {
			return nil, list[0]
		}
		return engine.Load(res.Program, library.Std())
	}
	r := &agent.Registry{}
	kinds := append(transport.Kinds(), prism.Kind(prism.Host{Compile: compile, Handlers: r.Handlers}))
	if list := r.Read(source.NewFile(name, string(text)), agent.Options{Kinds: kinds, Dir: dir}); list.HasErrors() {
		t.Fatal(list[0])
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// stable returns the JSON of a result without what differs from run to run.
func stable(t *testing.T, r *engine.Result) string {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	delete(fields, "executionId")
	delete(fields, "durationMs")
	if agents, ok := fields["agents"].([]any); ok {
		for _, a := range agents {
			delete(a.(map[string]any), "durationMs")
		}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(fields); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestExamples(t *testing.T) {
	runnable, _ := programs(t)
	if len(runnable) < 12 {
		t.Errorf("only %d examples", len(runnable))
	}
	for _, path := range runnable {
		t.Run(path, func(t *testing.T) {
			result := run(t, path)
			if result.Error != nil {
				t.Fatalf("%s:%d:%d: %s", result.Error.File, result.Error.Line, result.Error.Column, result.Error.Message)
			}
			got, golden := stable(t, result), strings.TrimSuffix(path, filepath.Ext(path))+".out.json"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestExamplesAreFormatted(t *testing.T) {
	runnable, modules := programs(t)
	for _, path := range append(runnable, modules...) {
		if filepath.Ext(path) != ".prism" {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got, list := format.Source(source.NewFile(path, string(text)))
		if list.HasErrors() {
			t.Errorf("%v", list[0])
		}
		if diff := format.Diff(string(text), got, path); diff != "" {
			t.Errorf("not in the canonical layout:\n%s", diff)
		}
	}
}

// TestReadme keeps the table of examples complete.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	runnable, _ := programs(t)
	for _, path := range append(runnable, patterns(t)...) {
		if !strings.Contains(string(text), "("+filepath.ToSlash(path)+")") {
			t.Errorf("README.md does not list %s", path)
		}
	}
}

// TestPatterns runs the tests of the patterns, offline, and wants one for each.
func TestPatterns(t *testing.T) {
	files, err := spec.Find([]string{"patterns"})
	if err != nil {
		t.Fatal(err)
	}
	tested := map[string]bool{}
	report, err := spec.Run(context.Background(), files, library.Std(), spec.Options{Cover: true,
		Compile: func(path, pattern string, plain bool) (*spec.Program, error) {
			tested[path] = true
			return compile(path, pattern, plain)
		},
		Agents: func(path, _ string) (*agent.Registry, diag.List, error) {
			r := &agent.Registry{}
			if path == "" {
				return r, nil, nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, nil, err
			}
			return r, r.Read(source.NewFile(path, string(text)), agent.Options{Kinds: transport.Kinds()}), nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Files {
		for _, d := range f.List {
			t.Error(d)
		}
		for _, r := range f.Results {
			for _, x := range r.Failures {
				t.Errorf("%s: %s", r.Name, x)
			}
		}
	}
	for _, path := range patterns(t) {
		if beside, err := spec.Find([]string{path}); err != nil || len(beside) == 0 && !tested[path] {
			t.Errorf("%s has no test", path)
		}
	}
	if _, _, ways, run := report.Cover.Totals(); spec.Percent(run, ways) < 90 {
		t.Errorf("the tests of the patterns take %d of %d ways", run, ways)
	}
}

// patterns returns the paths of the example patterns.
func patterns(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("patterns")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		name := e.Name()
		if (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".prism")) && !spec.IsTest(name) && !strings.HasSuffix(name, ".agents.yaml") {
			out = append(out, "patterns/"+name)
		}
	}
	if len(out) < 15 {
		t.Errorf("only %d patterns", len(out))
	}
	return out
}

func compile(path, pattern string, plain bool) (*spec.Program, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file := source.NewFile(path, string(text))
	res, list := build.Compile(file, build.Options{Loader: module.Dir("."), Pattern: pattern, NoOptimise: plain})
	p := &spec.Program{Code: res.Program, List: list}
	for _, s := range res.Graph.Entry().File.Stmts {
		if d, ok := s.(*ast.TestDecl); ok {
			p.Tests = append(p.Tests, spec.Block{Name: d.Name.Value, File: file, Span: d.Name.Span})
		}
	}
	return p, nil
}
