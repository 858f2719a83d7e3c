package pattern_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/compiler/pattern"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/format"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

var update = flag.Bool("update", false, "rewrite what the cases expect")

// TestConformance runs the cases of testdata. Each archive testdata/KIND/*.txtar
// holds cases that begin with a file "pattern.yaml" (or, to share it, follow an
// earlier one): agents.yaml, input.json, module files, and "expect", which is what
// comes of it, one line each:
//
//	warning CODE line:column message
//	error CODE line:column message
//	asked NAME task DATA
//	answer VALUE at CONFIDENCE
//
// Each pattern is run once more as the Prism that it means, formatted: the outcome
// must be the same.
func TestConformance(t *testing.T) {
	archives, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(archives) < 10 {
		t.Fatal("no cases", err)
	}
	std := library.Std()
	cases := 0
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{"agents.yaml": "[]", "input.json": "{}"}
		for i, f := range a.Files {
			files[f.Name] = string(f.Data)
			if f.Name != "expect" {
				continue
			}
			cases++
			title := fmt.Sprintf("%s/%d", strings.TrimSuffix(strings.TrimPrefix(name, "testdata/"), ".txtar"), cases)
			t.Run(title, func(t *testing.T) {
				got := outcome(t, std, "pattern.yaml", files)
				if *update {
					a.Files[i].Data = []byte(got)
				} else if diff := cmp.Diff(string(f.Data), got); diff != "" {
					t.Errorf("%s(-want +got):\n%s", files["pattern.yaml"], diff)
				}
				asPrism(t, std, files, got)
			})
		}
		if *update {
			if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d cases", cases)
}

// asPrism runs what a pattern means as a program of its own.
func asPrism(t *testing.T, std *vm.Library, files map[string]string, want string) {
	t.Helper()
	tree, list := pattern.Compile(source.NewFile("pattern.yaml", files["pattern.yaml"]))
	if list.HasErrors() {
		return
	}
	text := format.Node(tree)
	again, list := format.Source(source.NewFile("pattern.prism", text))
	if list.HasErrors() {
		t.Fatalf("%v in\n%s", list[0], text)
	}
	if again != text {
		t.Errorf("the Prism is not formatted:\n%s", cmp.Diff(text, again))
	}
	files["pattern.prism"] = text
	got := outcome(t, std, "pattern.prism", files)
	if diff := cmp.Diff(comparable(want), comparable(got)); diff != "" {
		t.Errorf("the Prism does something else (-yaml +prism):\n%s\n%s", diff, text)
	}
}

// comparable leaves out what the Prism can't know: warnings about the YAML, its
// places, and the symbols of errors.
func comparable(outcome string) string {
	var out strings.Builder
	for line := range strings.Lines(outcome) {
		if kind, rest, _ := strings.Cut(line, " "); kind == "error" {
			_, rest, _ = strings.Cut(rest, " ")
			_, rest, _ = strings.Cut(rest, " ")
			out.WriteString(kind + " " + rest)
		} else if kind != "warning" {
			out.WriteString(line)
		}
	}
	return out.String()
}

// outcome compiles and runs a program and writes down what comes of it.
func outcome(t *testing.T, std *vm.Library, name string, files map[string]string) string {
	t.Helper()
	var out strings.Builder
	dir := t.TempDir()
	for n, text := range files {
		if ext := filepath.Ext(n); ext == ".prism" || ext == ".yaml" {
			if err := os.WriteFile(filepath.Join(dir, n), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	res, list := build.Compile(source.NewFile(name, files[name]), build.Options{Loader: module.Dir(dir)})
	for _, d := range list {
		p := d.Position()
		fmt.Fprintf(&out, "%s %s %d:%d %s\n", d.Severity, d.Code.Public(), p.Line, p.Column, d.Message)
		if d.Severity == diag.Error && len(d.Fixes) > 0 {
			t.Errorf("a fix for something that nobody has written: %v", d)
		}
	}
	if list.HasErrors() {
		return out.String()
	}
	program, err := engine.Load(res.Program, std)
	if err != nil {
		t.Fatal(err)
	}
	registry, err := agent.Load("agents.yaml", []byte(files["agents.yaml"]))
	if err != nil {
		t.Fatal(err)
	}
	input, err := value.FromJSON([]byte(files["input.json"]))
	if err != nil {
		t.Fatal(err)
	}
	handlers := registry.Handlers()
	var mu sync.Mutex
	var asked []string
	call := handlers[effect.Agent]
	handlers[effect.Agent] = engine.HandlerFunc(func(ctx context.Context, e *effect.Effect) effect.Outcome {
		mu.Lock()
		asked = append(asked, request(e.Request))
		mu.Unlock()
		return call.Handle(ctx, e)
	})
	r, err := program.Run(t.Context(), input, engine.WithVirtualTime(time.Unix(0, 0)), engine.WithRand(rand.NewPCG(1, 2)),
		engine.WithID("run-1"), engine.WithHandlers(handlers))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(asked)
	for _, a := range asked {
		out.WriteString(a)
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(&out, "warning %s %d:%d %s\n", w.Code, w.Line, w.Column, w.Message)
	}
	if len(r.Calls) > 0 {
		fmt.Fprintf(&out, "calls %s\n", strings.Join(r.Calls, " "))
	}
	if r.Escalation != nil {
		fmt.Fprintf(&out, "escalated %s\n", r.Escalation)
	}
	switch {
	case r.Error != nil:
		fmt.Fprintf(&out, "error %s %d:%d %s\n", r.Error.PublicCode(), r.Error.Line, r.Error.Column, r.Error.Message)
	case r.Confidence == nil:
		fmt.Fprintf(&out, "answer %s\n", r.JSON())
	default:
		fmt.Fprintf(&out, "answer %s at %.6g\n", r.JSON(), *r.Confidence)
	}
	if r.Duration > 0 {
		fmt.Fprintf(&out, "after %s\n", r.Duration)
	}
	return out.String()
}

// request writes down what an agent is asked.
func request(v value.Value) string {
	o := v.Plain().AsObject()
	part := func(name string) string {
		x, _ := o.Get(name)
		j, err := value.ToJSON(x, "")
		if err != nil {
			return err.Error()
		}
		return string(j.Text)
	}
	a, _ := o.Get("agent")
	name := value.Text(a)
	if a.PlainKind() == value.ObjectKind {
		n, _ := a.Plain().AsObject().Get("name")
		name = value.Text(n)
	}
	line := fmt.Sprintf("asked %s %s %s", name, part("task"), part("data"))
	if c := part("context"); c != "null" {
		line += " " + c
	}
	return line + "\n"
}

// TestDetect tells the kinds of documents and files apart.
func TestDetect(t *testing.T) {
	files := []struct {
		name, text string
		want       bool
	}{
		{"p.yaml", "name: x\noutput: 1\n", true},
		{"p.yml", "name: x\nsteps: []\n", true},
		{"p.yaml", "\"name\": x\naggregation: {}\n", true},
		{"p.yaml", "name: x\nstructure:\n  roles: {}\nworkflow:\n  steps: []\n", true},
		{"p.yaml", "name: x\nworkflow:\n  steps: []\n", false},
		{"p.yaml", "name: broken\noutput: [1\n", true},
		{"agents.yaml", "name: x\noutput: 1\n", false},
		{"sub/prism.yaml", "name: x\noutput: 1\n", false},
		{"p.test.yaml", "name: x\noutput: 1\n", false},
		{"docker-compose.yaml", "services:\n  a:\n    image: x\n", false},
		{"ci.yml", "name: ci\non: [push]\njobs:\n  a:\n    steps:\n      - run: x\n", false},
		{"p.json", "name: x\noutput: 1\n", false},
		{"empty.yaml", "", false},
	}
	for _, tt := range files {
		if got := pattern.LooksLikePattern(tt.name, tt.text); got != tt.want {
			t.Errorf("LooksLikePattern(%s, %q) = %t", tt.name, tt.text, got)
		}
	}
}

// TestIR checks that the code of patterns has places in their text.
func TestOrigins(t *testing.T) {
	text := "name: p\nstructure:\n  roles:\n    a: {capabilities: [x]}\nworkflow:\n  steps:\n    - assign a: go\n"
	res, list := build.Compile(source.NewFile("p.yaml", text), build.Options{})
	if len(list) > 0 {
		t.Fatal(list)
	}
	last := len(res.Program.Modules) - 1
	found := false
	for _, f := range res.Program.Funcs {
		if f.Module != last {
			continue
		}
		for _, l := range f.Lines {
			if int(l.Span.End) > len(text) || l.Span.Start > l.Span.End {
				t.Errorf("the span %v is not in the text", l.Span)
			} else if strings.HasPrefix(text[l.Span.Start:], "assign a") {
				found = true
			}
		}
	}
	if !found {
		t.Error("no instruction has the place of the step")
	}
}

func FuzzCompile(f *testing.F) {
	archives, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if file.Name == "pattern.yaml" {
				f.Add(string(file.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 8192 {
			return
		}
		res, list := build.Compile(source.NewFile("p.yaml", text), build.Options{})
		for _, d := range list {
			if strings.HasPrefix(string(d.Code), "N") || strings.HasPrefix(string(d.Code), "P") {
				t.Fatalf("the Prism of a pattern is wrong: %v\n%s", d, text)
			}
			if d.Message == "" || d.File == nil {
				t.Fatalf("%v", d)
			}
		}
		if list.HasErrors() {
			return
		}
		tree, _ := pattern.Compile(source.NewFile("p.yaml", text))
		printed := format.Node(tree)
		again, list := format.Source(source.NewFile("p.prism", printed))
		if list.HasErrors() || again != printed {
			t.Fatalf("%q\ngives\n%s\nwhich is formatted to\n%s\n%v", text, printed, again, list)
		}
		if !bytes.Contains([]byte(printed), []byte("import")) {
			t.Fatalf("%q gives %s", text, printed)
		}
		if !json.Valid(res.Program.Meta.Input) && len(res.Program.Meta.Input) > 0 {
			t.Fatalf("%q has the schema %s", text, res.Program.Meta.Input)
		}
	})
}
