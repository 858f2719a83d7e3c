// Package docs_test runs every sample of the language's documentation.
//
// A sample is a fenced block marked "prism" (or "prism unformatted", when it is
// not in the canonical layout). Comments in it say what it gives:
//
//	// input: {"a": 1}   the input, as JSON
//	// prints: text      one line that the program prints; in order
//	// => value          the value of the program up to here, as an expression
//	// ~ 0.8             its confidence; without this line it has none
//	// error: text       the error that the program up to here ends with
//	// warning: text     a warning of the checker
//
// A block may have several results: each is that of all lines above it. Agents
// come from the last fenced block marked "yaml agents" above the sample.
package docs_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/format"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	prismvalue "github.com/parallaxai/parallax/runtime/value"
)

// sample is one fenced block.
type sample struct {
	line   int // of its first line, 1-based
	text   string
	agents string // YAML, "" without
	// canonical says that the text is in the canonical layout.
	canonical bool
}

// readSamples returns the Prism samples of a Markdown file.
func readSamples(t *testing.T, path string) []sample {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var samples []sample
	agents, kind, start := "", "", 0
	var block []string
	for i, l := range strings.Split(string(data), "\n") {
		switch {
		case kind == "" && strings.HasPrefix(l, "```"):
			kind, start, block = strings.TrimPrefix(l, "```"), i+2, nil
			if kind == "" {
				kind = "text"
			}
		case l == "```":
			text := strings.Join(block, "\n") + "\n"
			switch kind {
			case "prism", "prism unformatted":
				samples = append(samples, sample{start, text, agents, kind == "prism"})
			case "yaml agents":
				agents = text
			}
			kind = ""
		default:
			block = append(block, l)
		}
	}
	if kind != "" {
		t.Fatalf("%s:%d: the block is not closed", path, start)
	}
	return samples
}

// outcome is what a program came to.
type outcome struct {
	result  *engine.Result // nil when it did not compile
	list    diag.List
	printed []string
}

func run(t *testing.T, src, input, agents string) outcome {
	t.Helper()
	res, list := build.Compile(source.NewFile("sample.prism", src), build.Options{})
	if list.HasErrors() {
		return outcome{list: list}
	}
	p, err := engine.Load(res.Program, library.Std())
	if err != nil {
		t.Fatal(err)
	}
	out := outcome{list: list}
	opts := []engine.Option{
		engine.WithVirtualTime(time.Unix(1_700_000_000, 0)),
		engine.WithEvents(func(e engine.Event) {
			if e.Type == engine.Printed {
				out.printed = append(out.printed, strings.TrimSuffix(fmt.Sprint(e.Data["text"]), "\n"))
			}
		}),
	}
	if agents != "" {
		opts = append(opts, engine.WithHandlers(loadAgents(t, agents).Handlers()))
	}
	if input == "" {
		input = "null"
	}
	in, err := prismvalue.FromJSON([]byte(input))
	if err != nil {
		t.Fatalf("the input of the sample: %v", err)
	}
	if out.result, err = p.Run(context.Background(), in, opts...); err != nil {
		t.Fatal(err)
	}
	return out
}

// value evaluates the text behind "// =>" to JSON.
func value(t *testing.T, text string) string {
	t.Helper()
	out := run(t, "("+text+")", "", "")
	if out.result == nil || out.result.Status != engine.StatusSuccess {
		t.Fatalf("the expected value %s can't be evaluated: %v", text, out.list)
	}
	return string(out.result.JSON())
}

// after returns what follows one of the markers of a result.
func after(line, marker string) (string, bool) {
	return strings.CutPrefix(strings.TrimSpace(line), "// "+marker+" ")
}

func (s sample) check(t *testing.T) {
	lines := strings.Split(s.text, "\n")
	input, results := "", 0
	var prints []string
	for i := 0; i < len(lines); i++ {
		src := strings.Join(lines[:i], "\n")
		if in, ok := after(lines[i], "input:"); ok {
			input = in
		}
		if text, ok := after(lines[i], "prints:"); ok {
			prints = append(prints, text)
		}
		if text, ok := after(lines[i], "warning:"); ok {
			results++
			out := run(t, src, input, s.agents)
			if !mentions(out.list, diag.Warning, text) {
				t.Errorf("line %d: want the warning %q, got %v", s.line+i, text, out.list)
			}
		}
		if text, ok := after(lines[i], "error:"); ok {
			results++
			out := run(t, src, input, s.agents)
			switch {
			case out.result == nil:
				if !mentions(out.list, diag.Error, text) {
					t.Errorf("line %d: want the error %q, got %v", s.line+i, text, out.list)
				}
			case out.result.Error == nil:
				t.Errorf("line %d: want the error %q, got the value %s", s.line+i, text, out.result.JSON())
			case !strings.Contains(out.result.Error.Message, text):
				t.Errorf("line %d: want the error %q, got %q", s.line+i, text, out.result.Error.Message)
			}
		}
		if text, ok := after(lines[i], "=>"); ok {
			results++
			confidence := ""
			if i+1 < len(lines) {
				if c, ok := after(lines[i+1], "~"); ok {
					confidence = c
				}
			}
			s.compare(t, s.line+i, run(t, src, input, s.agents), text, confidence)
		}
	}
	out := run(t, s.text, input, s.agents)
	if results == 0 && out.list.HasErrors() {
		t.Errorf("line %d: %v", s.line, out.list[0])
	}
	if diff := cmp.Diff(prints, out.printed); diff != "" && out.result != nil {
		t.Errorf("line %d: printed lines (-want +got):\n%s", s.line, diff)
	}
}

func mentions(list diag.List, severity diag.Severity, text string) bool {
	for _, d := range list {
		if d.Severity == severity && strings.Contains(d.Message, text) {
			return true
		}
	}
	return false
}

// compare checks the value and confidence of a run.
func (s sample) compare(t *testing.T, line int, out outcome, want, confidence string) {
	t.Helper()
	switch {
	case out.result == nil:
		t.Errorf("line %d: want %s, got errors: %v", line, want, out.list)
		return
	case out.result.Error != nil:
		t.Errorf("line %d: want %s, got the error %v", line, want, out.result.Error)
		return
	}
	if diff := cmp.Diff(value(t, want), string(out.result.JSON())); diff != "" {
		t.Errorf("line %d: (-want +got):\n%s", line, diff)
	}
	got := "none"
	if c := out.result.Confidence; c != nil {
		got = strconv.FormatFloat(math.Round(*c*1e9)/1e9, 'g', -1, 64)
	}
	if confidence == "" {
		confidence = "none"
	}
	if confidence != got {
		t.Errorf("line %d: confidence %s, want %s", line, got, confidence)
	}
}

func TestSamples(t *testing.T) {
	for file, least := range map[string]int{"language.md": 90, "agents.md": 12} {
		samples := readSamples(t, file)
		if len(samples) < least {
			t.Errorf("%s: only %d samples", file, len(samples))
		}
		for _, s := range samples {
			t.Run(fmt.Sprintf("%s line %d", file, s.line), s.check)
		}
	}
}

// TestSamplesAreFormatted keeps the samples in the canonical layout, except
// those that show syntax errors and those marked otherwise.
func TestSamplesAreFormatted(t *testing.T) {
	for _, s := range append(readSamples(t, "language.md"), readSamples(t, "agents.md")...) {
		got, list := format.Source(source.NewFile("sample.prism", s.text))
		if diff := cmp.Diff(got, s.text); diff != "" && s.canonical && !list.HasErrors() {
			t.Errorf("line %d (-canonical +written):\n%s", s.line, diff)
		}
	}
}
