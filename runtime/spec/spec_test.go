package spec_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/spec"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// compile compiles as the commands do.
func compile(path, pattern string, plain bool) (*spec.Program, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file := source.NewFile(path, string(text))
	res, list := build.Compile(file, build.Options{Loader: module.Dir("."), Pattern: pattern, NoOptimise: plain})
	p := &spec.Program{Code: res.Program, List: list}
	ast.Walk(res.Graph.Entry().File, func(n ast.Node) bool {
		if t, ok := n.(*ast.TestDecl); ok {
			p.Tests = append(p.Tests, spec.Block{Name: t.Name.Value, File: file, Span: t.Name.Span})
		}
		return true
	})
	return p, nil
}

// open opens agents that are called over HTTP.
func open(path, _ string) (*agent.Registry, diag.List, error) {
	r := &agent.Registry{}
	if path == "" {
		return r, nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	return r, r.Read(source.NewFile(path, string(text)), agent.Options{Kinds: transport.Kinds()}), nil
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func run(t *testing.T, opts spec.Options, files ...string) *spec.Report {
	t.Helper()
	opts.Compile, opts.Agents = compile, open
	report, err := spec.Run(context.Background(), files, library.Std(), opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Files {
		for _, d := range f.List {
			t.Error(d)
		}
	}
	return report
}

// verdicts lists the tests with what they came to.
func verdicts(r *spec.Report) []string {
	var out []string
	for _, f := range r.Files {
		for _, x := range f.Results {
			line := x.Name + ": " + string(x.Status)
			for _, e := range x.Failures {
				line += "; " + e.Message
			}
			for _, n := range x.Notes {
				line += "; " + n
			}
			out = append(out, line)
		}
	}
	return out
}

// TestRecording records a real agent once, replays without it, and notices when
// the recording does not fit any more.
func TestRecording(t *testing.T) {
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var task struct {
			Input any `json:"input"`
		}
		if err := json.NewDecoder(r.Body).Decode(&task); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		n := calls.Add(1)
		fmt.Fprintf(w, `{"result": {"seen": %d}, "confidence": 0.8}`, n)
	}))
	defer server.Close()
	dir := t.TempDir()
	agents := fmt.Sprintf("- {name: real, capabilities: [x], transport: http, http: {url: %q}}\n", server.URL)
	write(t, dir, "agents.yaml", agents)
	pattern := "let a = select(capabilities: [\"x\"])\nlet r = a.map(one => call(one, \"analyze\", input.text))\n{ seen: r.map(v => typeof v == \"object\" ? v.seen : v) } ~> <~ r[0]\n"
	write(t, dir, "p.prism", pattern)
	cases := func(text string) string {
		return write(t, dir, "p.test.yaml", `
agents: agents.yaml
cases:
  - name: real
    input: {text: `+text+`}
    expect: {result: {seen: [1]}, confidence: 0.8}
  - name: mocked beside it
    input: {text: other}
    agents: {mock: {result: 7, confidence: 0.9}}
    expect: {result: {seen: [2, 7]}}
`)
	}
	file := cases("hello")
	one := spec.Options{Parallel: 1}
	record := spec.Options{Parallel: 1, Record: true}

	passed := []string{"real: passed", "mocked beside it: passed"}
	if diff := cmp.Diff(passed, verdicts(run(t, record, file))); diff != "" {
		t.Fatalf("recording (-want +got):\n%s", diff)
	}
	recorded := filepath.Join(dir, "p.recorded.json")
	text, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"asked": "real: analyze"`) {
		t.Errorf("the recording is not readable:\n%s", text)
	}
	server.Close()
	if diff := cmp.Diff(passed, verdicts(run(t, one, file))); diff != "" {
		t.Errorf("replay without the agent (-want +got):\n%s", diff)
	}
	if calls.Load() != 2 {
		t.Errorf("the agent was called %d times, want 2", calls.Load())
	}

	// Another question than the recorded one.
	got := verdicts(run(t, one, cases("changed")))
	if len(got) != 2 || !strings.Contains(got[0], "The recording has no answer to real: analyze; record anew with --record") {
		t.Errorf("a changed request: %q", got)
	}
	// An answer that nobody asks for.
	write(t, dir, "p.prism", "let a = select(capabilities: [\"x\"])\n{ seen: a.map((one, i) => i + 1) } ~> 0.8\n")
	got = verdicts(run(t, spec.Options{Parallel: 1, Filter: regexp.MustCompile("real$")}, cases("hello")))
	want := []string{"real: passed; the recording is out of date: 1 answer in it that nobody asked for; record anew with --record"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a stale recording (-want +got):\n%s", diff)
	}
	// Recording anew a pattern that asks nobody removes the file.
	run(t, record, file)
	if _, err := os.Stat(recorded); !os.IsNotExist(err) {
		t.Errorf("the recording is still there: %v", err)
	}
	// A damaged one is an error, not a failure of a test.
	write(t, dir, "p.recorded.json", `{"format": "prism-recording", "version": 1, "tests": {"real": [{"kind": "agent"}]}}`)
	if _, err := spec.Run(context.Background(), []string{file}, library.Std(), spec.Options{Compile: compile, Agents: open}); err == nil ||
		!strings.Contains(err.Error(), `answer 1 of the test "real" is damaged`) {
		t.Errorf("a damaged recording: %v", err)
	}
}

// TestRecordingOfOne keeps what is recorded of tests that are not run.
func TestRecordingOfOne(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"result": 1, "confidence": 0.8}`)
	}))
	defer server.Close()
	dir := t.TempDir()
	write(t, dir, "agents.yaml", fmt.Sprintf("- {name: real, transport: http, http: {url: %q}}\n", server.URL))
	write(t, dir, "p.prism", "call(\"real\", \"analyze\", input)\n")
	file := write(t, dir, "p.test.yaml", "agents: agents.yaml\ncases:\n  - {name: a, input: 1, expect: {result: 1}}\n  - {name: b, input: 2, expect: {result: 1}}\n")
	run(t, spec.Options{Record: true}, file)
	run(t, spec.Options{Record: true, Filter: regexp.MustCompile("a$")}, file)
	server.Close()
	if diff := cmp.Diff([]string{"a: passed", "b: passed"}, verdicts(run(t, spec.Options{}, file))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCancel ends the tests that run.
func TestCancel(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "p.prism", "while (true) { }\n")
	file := write(t, dir, "p.test.yaml", "cases: [{name: endless, expect: {result: 1}}, {name: too, expect: {result: 1}}]\n")
	ctx, cancel := context.WithCancelCause(context.Background())
	report := make(chan *spec.Report)
	go func() {
		r, _ := spec.Run(ctx, []string{file}, library.Std(), spec.Options{Compile: func(path, pattern string, plain bool) (*spec.Program, error) {
			defer cancel(fmt.Errorf("enough"))
			return compile(path, pattern, plain)
		}})
		report <- r
	}()
	r := <-report
	if passed, failed, _ := r.Counts(); passed != 0 || failed != 2 {
		t.Errorf("%d passed and %d failed, want 0 and 2", passed, failed)
	}
}

// TestExpectations holds pairs of what is expected and what comes out.
func TestExpectations(t *testing.T) {
	tests := []struct{ program, expect, want string }{
		{`1`, `result: 1`, "passed"},
		{`1`, `result: 2`, "result is not what was expected"},
		{`"1"`, `result: 1`, "result is not what was expected"},
		{`0.1 + 0.2`, `result: 0.3`, "passed"},
		{`null`, `result: null`, "passed"},
		{`1`, `result: null`, "result is not what was expected"},
		{`({ "a b": [1, { c: 2 }] })`, `result: {a b: [1, {c: 3}]}`, `result["a b"][1].c is not what was expected`},
		{`({ a: 1, b: { c: 1, d: 2 } })`, `result: {b: {c: 1}}`, "passed"},
		{`({ a: 1, b: { c: 1, d: 2 } })`, "result: {a: 1, b: {c: 1}}\n      match: exact", "result.b.d is not what was expected"},
		{`[]`, `result: {}`, "result is not what was expected"},
		{`({})`, `result: []`, "result is not what was expected"},
		{`1 ~> 0.9`, `confidence: 0.9`, "passed"},
		{`1 ~> 0.91`, `confidence: 0.9`, "confidence is not what was expected"},
		{`1 ~> 0.91`, `confidence: "0.9 +/- 0.02"`, "passed"},
		{`1 ~> 0.91`, `confidence: {value: 0.9, tolerance: 0.001}`, "confidence is not what was expected"},
		{`1 ~> 0.91`, `confidence: {min: 0.92}`, "confidence is not what was expected"},
		{`1 ~> 0.91`, `confidence: {max: 0.95}`, "passed"},
		{`1`, `confidence: {min: 0}`, "confidence is not what was expected"},
		{`1`, `confidence: null`, "passed"},
		{`fail("oh dear")`, `error: dear`, "passed"},
		{`fail("oh dear")`, `error: {message: deer}`, "error.message is not what was expected"},
		{`null.x`, `error: {code: R0112, line: 1, column: 2}`, "error.column is not what was expected"},
		{`null.x`, `status: failed`, "passed"},
		{`sleep(1000000)`, `status: timed_out`, "passed"},
		{`emit("step_started", { id: "a" }); emit("step", "b"); 1`, `path: [a, b]`, "passed"},
		{`emit("escalated", { target: "human", reason: "x" }); 1`, `escalation: {target: human}`, "passed"},
		{`print("a\nb"); 1`, `printed: [a, b]`, "passed"},
		{`ask("Who?")`, "status: needs_review\n      escalation: {question: \"Who?\"}", "passed"},
	}
	for _, tt := range tests {
		t.Run(tt.program+" "+tt.expect, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "p.prism", tt.program+"\n")
			file := write(t, dir, "p.test.yaml", "cases:\n  - name: x\n    expect:\n      "+tt.expect+"\n")
			got := verdicts(run(t, spec.Options{}, file))
			if len(got) != 1 || !strings.HasSuffix(got[0], tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzCases reads any text as a file of tests.
func FuzzCases(f *testing.F) {
	f.Add("cases:\n  - name: a\n    input: {x: 1}\n    agents: {a: {result: 1, confidence: 0.5, sequence: [1, 2]}}\n    expect: {result: {a: [1]}, confidence: {min: 0.1}, calls: {a: 1}, path: [x]}\n")
	f.Add("agents: [{name: a, result: 1}]\nllm: [{match: x, result: y}]\nnow: 2026-01-01T00:00:00Z\ncases: [{name: a, answers: {q: 1}, expect: {error: x, status: failed}}]\n")
	f.Add("cases: &a [*a]\n")
	f.Add("cases: [{name: x, input: &b {k: *b}, expect: {result: *b}}]")
	f.Add("cases: [{expect: {confidence: '0.5 ± x', result: .nan, escalation: [~]}}]")
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "p.prism"), []byte("input"), 0o644); err != nil {
		f.Fatal(err)
	}
	lib := library.Std()
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(dir, "p.test.yaml")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		report, err := spec.Run(context.Background(), []string{file}, lib, spec.Options{Compile: func(path, pattern string, plain bool) (*spec.Program, error) {
			return compile(filepath.Join(dir, "p.prism"), pattern, plain)
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range report.Files {
			for _, d := range f.List {
				if d.File != nil && (d.Span.Start < 0 || int(d.Span.End) > len(d.File.Src) || d.Span.Start > d.Span.End) {
					t.Errorf("%v has no place in the file: %v", d, d.Span)
				}
			}
			for _, r := range f.Results {
				if (r.Status == spec.Failed) != (len(r.Failures) > 0) {
					t.Errorf("status %s with %d failures", r.Status, len(r.Failures))
				}
			}
		}
		if _, err := json.Marshal(report); err != nil {
			t.Error(err)
		}
		if err := report.JUnit(&strings.Builder{}); err != nil {
			t.Error(err)
		}
	})
}
