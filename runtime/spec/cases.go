package spec

import (
	"context"
	"fmt"
	"path"
	"time"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// caseFile is what stands in a name.test.yaml beside its cases.
type caseFile struct {
	pattern string // its path
	choose  string // the pattern to run, of a file with several
	agents  settings.Node
	llm     settings.Node
	start   time.Time
	program *engine.Program
}

// testCase is one of its cases.
type testCase struct {
	file    *caseFile
	input   value.Value
	agents  settings.Node
	llm     settings.Node
	answers []answer
	timeout time.Duration // of the execution, in virtual time
	expect  *expectation
}

// readCases reads a file of cases and adds its tests. Agents that a path names
// are opened by the runner.
func (r *Runner) readCases(f *testFile) {
	list := &f.report.List
	root := settings.Parse(f.src, list)
	if list.HasErrors() {
		return
	}
	b := root.Block("a file of tests")
	cf := &caseFile{agents: b.Get("agents"), llm: b.Get("llm"), start: epoch, choose: b.Text("choose")}
	cf.pattern = r.patternOf(f, b)
	if text := b.Text("now"); text != "" {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			b.Get("now").Errorf(settings.CodeWrong, "now is a time such as 2026-01-01T09:00:00Z, not %q", text)
		}
		cf.start = t
	}
	cases := b.Get("cases")
	if !cases.IsList() || len(cases.Items()) == 0 {
		if cases.Present() {
			cases.Errorf(settings.CodeWrong, "cases is a list of tests, each with name and expect")
		} else {
			b.Missing("cases").WithHint("cases: [{name: ..., input: ..., expect: {result: ...}}]")
		}
	}
	b.Done()
	base := r.baseAgents(f, cf)
	_, named := cf.agents.Text()
	seen := map[string]settings.Node{}
	for _, n := range cases.Items() {
		cb := n.Block("a case")
		name := cb.Required("name")
		if first, ok := seen[name]; ok && name != "" {
			cb.Get("name").Errorf(settings.CodeDuplicate, "there are two tests %q", name).
				WithHint("the first stands on line %d", first.Position().Line)
		}
		seen[name] = n
		c := readCase(cf, cb)
		f.tests = append(f.tests, &test{file: f, name: name, at: n.Position(), base: base, named: named, run: c.run})
	}
	if list.HasErrors() || cf.pattern == "" {
		return
	}
	p, err := r.program(cf.pattern, cf.choose)
	switch {
	case err == nil:
		cf.program = p
	case isNotExist(err):
		b.Key("pattern").Errorf(settings.CodeWrong, "there is no file %s", cf.pattern)
	default:
		r.reportProgram(f, err)
	}
}

// patternOf is the path of the pattern under test.
func (r *Runner) patternOf(f *testFile, b *settings.Block) string {
	if name := b.Text("pattern"); name != "" {
		return path.Join(path.Dir(f.path), name)
	}
	if found := patternBeside(f.path); found != "" {
		return found
	}
	b.Errorf(settings.CodeMissing, "there is no pattern beside %s", path.Base(f.path)).
		WithHint("put it there, or name it: pattern: ./review.prism")
	return ""
}

// baseAgents opens the agents that are not mocked: those of the file that "agents"
// names, else those of the project or of the command line.
func (r *Runner) baseAgents(f *testFile, cf *caseFile) *agent.Registry {
	name := ""
	if text, ok := cf.agents.Text(); ok && cf.agents.IsScalar() {
		name = path.Join(path.Dir(f.path), text)
	} else if cf.agents.Exists() && !cf.agents.IsMap() && !cf.agents.IsList() {
		cf.agents.Errorf(settings.CodeWrong, "agents is the name of a file, a map from names to answers, or a list of agents")
		return &agent.Registry{}
	}
	registry, list, err := r.openAgents(name, f.path)
	f.report.List = append(f.report.List, list...)
	if err != nil {
		cf.agents.Errorf(settings.CodeWrong, "the agents can't be read: %v", err)
	}
	if registry == nil {
		return &agent.Registry{}
	}
	return registry
}

func readCase(cf *caseFile, b *settings.Block) *testCase {
	c := &testCase{file: cf, agents: b.Get("agents"), llm: b.Get("llm"), timeout: b.Duration(0, "timeout")}
	c.input = value.Freeze(b.Value("input"))
	c.answers = readAnswers(b.Get("answers"))
	if n := b.Get("expect"); n.Exists() {
		c.expect = readExpectation(n)
	} else {
		b.Missing("expect").WithHint("say what must come out: expect: {result: ..., confidence: {min: 0.8}}")
	}
	b.Done()
	// Read once to report mistakes; each run reads them again, as sequences of
	// answers count their calls.
	c.standIns()
	for _, n := range []settings.Node{cf.llm, c.llm} {
		agent.ReadMockModels(mocksOf(n))
		for _, item := range mocksOf(n).Items() {
			visit(item)
		}
	}
	return c
}

// readAnswers reads what people answer: one answer, a list of them in order, or a
// map from parts of questions to answers.
func readAnswers(n settings.Node) []answer {
	read := func(question string, n settings.Node) answer {
		v, err := n.Value()
		if err != nil {
			n.Errorf(settings.CodeWrong, "%v", err)
		}
		return answer{question, value.Freeze(v)}
	}
	var out []answer
	switch {
	case n.IsMap():
		b := n.Block("answers")
		for _, q := range b.Keys() {
			out = append(out, read(q, b.Get(q)))
		}
	case n.IsList():
		for _, item := range n.Items() {
			out = append(out, read("", item))
		}
	case n.Exists():
		out = append(out, read("", n))
	}
	return out
}

// mocksOf returns the list of answers of a mock model: it stands there itself or,
// as in a file of agents, under "mock".
func mocksOf(n settings.Node) settings.Node {
	if !n.IsMap() {
		return n
	}
	b := n.Block("llm")
	mocks := b.Get("mock")
	b.Done()
	return mocks
}

// standIns are those of the file, then those of the case.
func (c *testCase) standIns() []*agent.Agent {
	var out []*agent.Agent
	if c.file.agents.IsMap() || c.file.agents.IsList() {
		out = agent.ReadStandIns(c.file.agents, agent.Options{})
	}
	return append(out, agent.ReadStandIns(c.agents, agent.Options{})...)
}

// run runs the pattern with the case's input and compares what comes out.
func (c *testCase) run(ctx context.Context, t *test, s *stage) []Failure {
	s.stand(c.standIns())
	for _, n := range []settings.Node{c.llm, c.file.llm} {
		for _, rule := range mocksOf(n).Items() {
			v, err := rule.Value()
			if err != nil {
				return []Failure{t.failure("llm: %v", err)}
			}
			j, err := value.ToJSON(v, "")
			if err == nil {
				err = s.addRule(string(j.Text))
			}
			if err != nil {
				return []Failure{t.failure("llm: %v", err)}
			}
		}
	}
	s.answers = append(s.answers, c.answers...)
	opts := s.options(c.file.start)
	if c.timeout > 0 {
		opts = append(opts, engine.WithTimeout(c.timeout))
	}
	res, err := c.file.program.Run(ctx, c.input, opts...)
	if err != nil {
		return []Failure{t.failure("%v", err)}
	}
	t.result.Virtual = res.Duration
	if f, ok := t.cutOff(ctx, res); ok {
		return []Failure{f}
	}
	return c.expect.check(t, outcome{res, s.steps, s.printed})
}

// failure is one at the place of the test.
func (t *test) failure(format string, args ...any) Failure {
	return Failure{Message: fmt.Sprintf(format, args...), Path: t.file.path, Line: t.at.Line, Column: t.at.Column,
		Source: t.file.src.LineText(t.at.Line)}
}

// cutOff tells that a test was ended because it took too long.
func (t *test) cutOff(ctx context.Context, res *engine.Result) (Failure, bool) {
	if res.Status != engine.StatusCancelled || ctx.Err() == nil {
		return Failure{}, false
	}
	return t.failure("%v", context.Cause(ctx)), true
}

// reportProgram adds what is wrong with the program of a file of tests.
func (r *Runner) reportProgram(f *testFile, err error) {
	if e, ok := err.(*programError); ok {
		f.report.List = append(f.report.List, e.list...)
		return
	}
	f.report.List.Add(settings.CodeWrong, diag.Error, f.src, source.Span{}, "%v", err)
}
