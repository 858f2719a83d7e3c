package spec

import (
	"context"
	"strings"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// readBlocks compiles a name_test.prism and adds its tests.
func (r *Runner) readBlocks(f *testFile) {
	loaded, err := r.load(f.path, "")
	if err != nil {
		r.reportProgram(f, err)
		return
	}
	registry, list, err := r.openAgents("", f.path)
	f.report.List = append(f.report.List, list...)
	if err != nil {
		r.reportProgram(f, err)
		return
	}
	seen := map[string]Block{}
	for _, b := range loaded.tests {
		if first, ok := seen[b.Name]; ok {
			f.report.List.Add(settings.CodeDuplicate, diag.Error, b.File, b.Span, "there are two tests %q", b.Name).
				WithRelated(first.Span, "first here")
			continue
		}
		seen[b.Name] = b
		f.tests = append(f.tests, &test{file: f, name: b.Name, at: f.src.Position(b.Span.Start), base: registry,
			run: func(ctx context.Context, t *test, s *stage) []Failure { return runBlock(ctx, t, s, loaded.program) }})
	}
	if len(loaded.tests) == 0 {
		f.report.List.Add(settings.CodeMissing, diag.Warning, f.src, source.Span{End: int32(min(len(f.src.Src), 1))}, "there is no test in this file").
			WithHint(`a test is a block: test "adds" { expect(1 + 1).toBe(2) }`)
	}
}

// runBlock runs the program up to the test that is asked for.
func runBlock(ctx context.Context, t *test, s *stage, p *engine.Program) []Failure {
	s.asks = true
	opts := append(s.options(epoch), engine.WithBinding("__test", value.Str(t.name)), engine.WithTimeout(-1))
	res, err := p.Run(ctx, value.NullValue, opts...)
	if err != nil {
		return []Failure{t.failure("%v", err)}
	}
	t.result.Virtual = res.Duration
	if f, ok := t.cutOff(ctx, res); ok {
		return []Failure{f}
	}
	if e := res.Error; e != nil {
		f := failureOf(e)
		if f.Path == "" {
			at := t.failure("")
			f.Path, f.Line, f.Column, f.Source = at.Path, at.Line, at.Column, at.Source
		}
		if e.Name == "EXPECTATION_FAILED" {
			f.Message = e.Message
			f.Want, f.Got = claim(e.Data)
		}
		return []Failure{f}
	}
	if !s.entered {
		return []Failure{t.failure("the test never ran: the program ends before it, or it stands in a function that nobody calls")}
	}
	return nil
}

// claim tells what a failed expectation wanted and had.
func claim(data value.Value) (want, got string) {
	matcher := textOr(field(data, "matcher"))
	if field(data, "negated").Truthy() {
		want = "not "
	}
	var words []string
	if list := field(data, "expected"); list.Kind() == value.ArrayKind {
		for _, v := range list.AsArray().Elems() {
			words = append(words, inspect(v))
		}
	}
	switch {
	case len(words) == 1 && (matcher == "toBe" || matcher == "toEqual" || matcher == "toStrictEqual"):
		want += words[0]
	default:
		want += matcher + "(" + strings.Join(words, ", ") + ")"
	}
	actual := value.NullValue
	if o := data.Plain(); o.Kind() == value.ObjectKind {
		actual, _ = o.AsObject().Get("actual")
	}
	return want, inspect(actual)
}
