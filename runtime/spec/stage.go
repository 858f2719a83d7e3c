package spec

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// Kinds of effects that only tests ask for.
const (
	effectMock = "mock" // {agent}, {llm} or {answers} -> null
	effectRun  = "run"  // {path, input, options} -> what came out
)

// epoch is when executions of tests begin unless the test says otherwise.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// seed makes random numbers and ids the same in each run.
const seed = 20260101

// stage is what surrounds the executions of one test: stand-ins, and behind them
// the agents and models that are not mocked, possibly as they were recorded.
type stage struct {
	runner *Runner
	file   *testFile
	base   *agent.Registry
	named  bool  // the test names the file of base, whose agents stay beside stand-ins
	take   *take // of the recording

	mu       sync.Mutex
	standIns []*agent.Agent
	registry *agent.Registry // base with the stand-ins
	rules    []string        // answers of the mock model, as JSON
	models   *agent.MockModels
	answers  []answer
	asks     bool // answers may be added later
	steps    []string
	printed  []string
	entered  bool // the test has begun
}

// answer is that of a person.
type answer struct {
	question string // a part of the question; "" answers any
	value    value.Value
}

func newStage(r *Runner, t *test, take *take) *stage {
	return &stage{runner: r, file: t.file, base: t.base, named: t.named, registry: t.base, take: take}
}

// stand adds stand-ins for agents.
func (s *stage) stand(agents []*agent.Agent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(agents) == 0 {
		return
	}
	s.standIns = append(slices.Clone(s.standIns), agents...)
	s.registry = s.base.With(s.standIns)
	if s.named {
		return
	}
	only := &agent.Registry{}
	for _, a := range s.registry.Agents() {
		if slices.ContainsFunc(s.standIns, func(i *agent.Agent) bool { return i.ID == a.ID || i.Name == a.Name }) {
			if err := only.Add(a); err != nil {
				panic("spec: " + err.Error()) // they have been in one registry
			}
		}
	}
	s.registry = only
}

func (s *stage) current() *agent.Registry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.registry
}

// options are those of every execution of the test.
func (s *stage) options(start time.Time) []engine.Option {
	opts := []engine.Option{
		engine.WithVirtualTime(start),
		engine.WithRand(rand.NewPCG(seed, seed)),
		engine.WithID("00000000-0000-7000-8000-000000000000"),
		engine.WithEvents(s.observe),
		engine.WithHandlers(map[string]engine.Handler{
			effect.Select: engine.HandlerFunc(s.selectAgents),
			effect.Agent:  engine.HandlerFunc(s.ask),
			effect.LLM:    engine.HandlerFunc(s.model),
			effectMock:    engine.HandlerFunc(s.mock),
			effectRun:     engine.HandlerFunc(s.run),
		}),
	}
	if s.peopled() {
		opts = append(opts, engine.WithHandler(effect.Ask, engine.HandlerFunc(s.person)))
	}
	return opts
}

// peopled reports whether anybody answers questions; otherwise an execution that
// asks ends in need of review.
func (s *stage) peopled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asks || len(s.answers) > 0
}

// observe keeps what an execution says about itself.
func (s *stage) observe(e engine.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e.Type {
	case engine.Printed:
		s.printed = append(s.printed, strings.Split(fmt.Sprint(e.Data["text"]), "\n")...)
	case engine.Emitted:
		name, _ := e.Data["event"].(string)
		switch name {
		case "test":
			s.entered = true
		case "step_started", "step":
			if step := stepOf(e.Data["data"]); step != "" {
				s.steps = append(s.steps, step)
			}
		}
	}
}

func (s *stage) selectAgents(ctx context.Context, e *effect.Effect) effect.Outcome {
	return s.current().Handlers()[effect.Select].Handle(ctx, e)
}

// ask has a stand-in answer at once, and other agents by way of the recording.
func (s *stage) ask(ctx context.Context, e *effect.Effect) effect.Outcome {
	h := s.current().Handlers()[effect.Agent]
	if s.isStandIn(e) || s.take == nil {
		return h.Handle(ctx, e)
	}
	return s.take.answer(ctx, e, h)
}

// isStandIn reports whether the agent that an effect asks is one.
func (s *stage) isStandIn(e *effect.Effect) bool {
	names := []string{}
	who := field(e.Request, "agent")
	switch who.Kind() {
	case value.StringKind:
		names = append(names, who.AsString().Go())
	case value.ObjectKind:
		for _, key := range []string{"id", "name"} {
			if v := field(who, key); v.Kind() == value.StringKind {
				names = append(names, v.AsString().Go())
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	isAsked := func(a *agent.Agent) bool { return slices.Contains(names, a.ID) || slices.Contains(names, a.Name) }
	if slices.ContainsFunc(s.standIns, isAsked) {
		return true
	}
	// What runs inside this process needs no recording.
	local := func(a *agent.Agent) bool { return a.Kind == "mock" || a.Kind == "builtin" }
	all := s.base.Agents()
	return slices.ContainsFunc(all, func(a *agent.Agent) bool { return isAsked(a) && local(a) }) ||
		!slices.ContainsFunc(all, func(a *agent.Agent) bool { return !local(a) })
}

// model answers llm(): mocks first, then what the agents' file configures.
func (s *stage) model(ctx context.Context, e *effect.Effect) effect.Outcome {
	s.mu.Lock()
	models := s.models
	s.mu.Unlock()
	real := s.base.Models()
	if models != nil {
		out := models.Handle(ctx, e)
		if out.Err == nil || real == nil || !strings.Contains(out.Err.Message, "No mock answer matches") {
			return out
		}
	}
	switch {
	case real == nil:
		return effect.Outcome{Err: &effect.Error{Code: engine.CodeLLMNotConfigured, Name: "LLM_NOT_CONFIGURED",
			Message: "The test has no model: give it answers with llm in the file, or mockModel(prompt, answer)"}}
	case s.take == nil || isMock(real):
		return real.Handle(ctx, e)
	}
	return s.take.answer(ctx, e, real)
}

func isMock(m agent.Models) bool { _, ok := m.(*agent.MockModels); return ok }

// person answers a question; an answer is used once.
func (s *stage) person(_ context.Context, e *effect.Effect) effect.Outcome {
	question := field(e.Request, "question")
	text := value.Text(question)
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, a := range s.answers {
		if a.question == "" || strings.Contains(text, a.question) {
			s.answers = slices.Delete(s.answers, i, i+1)
			return effect.Outcome{Value: a.value}
		}
	}
	return effect.Outcome{Err: &effect.Error{Code: engine.CodeAskFailed, Name: "ASK_FAILED",
		Message: fmt.Sprintf("The test has no answer to %q: give it with answers in the file, or mockAnswers(...)", text)}}
}

// mock takes in what a running test wants mocked.
func (s *stage) mock(_ context.Context, e *effect.Effect) effect.Outcome {
	fail := func(format string, args ...any) effect.Outcome {
		return effect.Outcome{Err: &effect.Error{Code: settings.CodeWrong, Name: "MOCK_INVALID", Message: fmt.Sprintf(format, args...)}}
	}
	if list := field(e.Request, "answers"); list.Kind() == value.ArrayKind {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, v := range list.AsArray().Elems() {
			s.answers = append(s.answers, answer{value: v})
		}
		return effect.Outcome{}
	}
	if a := field(e.Request, "agent"); !a.IsNull() {
		node, list := parsed(a)
		agents := agent.ReadStandIns(node, agent.Options{})
		if list.HasErrors() {
			return fail("mockAgent: %s", (*list)[0].Message)
		}
		s.stand(agents)
		return effect.Outcome{}
	}
	rule, err := value.ToJSON(field(e.Request, "llm"), "")
	if err != nil {
		return fail("mockModel: %v", err)
	}
	if err := s.addRule(string(rule.Text)); err != nil {
		return fail("mockModel: %v", err)
	}
	return effect.Outcome{}
}

// addRule adds an answer of the mock model: {match, result, ...} as JSON.
func (s *stage) addRule(rule string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	rules := append(slices.Clone(s.rules), rule)
	var list diag.List
	node := settings.Parse(source.NewFile("mocks", "["+strings.Join(rules, ",\n")+"]"), &list)
	models := agent.ReadMockModels(node)
	if list.HasErrors() {
		return fmt.Errorf("%s", list[0].Message)
	}
	s.rules, s.models = rules, models
	return nil
}

// parsed reads one value as a list of settings. JSON is YAML.
func parsed(v value.Value) (settings.Node, *diag.List) {
	list := &diag.List{}
	j, err := value.ToJSON(v, "")
	if err != nil {
		list.Add(settings.CodeWrong, diag.Error, nil, source.Span{}, "%v", err)
		return settings.Node{}, list
	}
	return settings.Parse(source.NewFile("mocks", "["+string(j.Text)+"]"), list), list
}

// run runs a pattern for runPattern, on a clock that begins where the test is;
// the test's own clock goes on by what it took.
func (s *stage) run(ctx context.Context, e *effect.Effect) effect.Outcome {
	fail := func(format string, args ...any) effect.Outcome {
		return effect.Outcome{Err: &effect.Error{Code: "R0610", Name: "RUN_FAILED", Message: fmt.Sprintf(format, args...)}}
	}
	name := value.Text(field(e.Request, "path"))
	options := field(e.Request, "options")
	p, err := s.runner.program(path.Join(path.Dir(s.file.path), name), textOr(field(options, "pattern")))
	if err != nil {
		if isNotExist(err) {
			return fail("runPattern: there is no file %s beside %s", name, filepath.Base(s.file.path))
		}
		return fail("runPattern: %v", err)
	}
	inner := &stage{runner: s.runner, file: s.file, base: s.base, named: s.named, take: s.take}
	s.mu.Lock()
	inner.standIns, inner.registry, inner.rules, inner.models = s.standIns, s.registry, s.rules, s.models
	inner.answers = s.answers
	s.mu.Unlock()
	opts := inner.options(engine.Now(ctx))
	if ms := field(options, "timeout"); ms.IsNumber() && ms.Float() > 0 {
		opts = append(opts, engine.WithTimeout(time.Duration(ms.Float()*float64(time.Millisecond))))
	}
	res, err := p.Run(ctx, field(e.Request, "input"), opts...)
	if err != nil {
		return fail("runPattern: %v", err)
	}
	s.mu.Lock()
	s.answers = inner.answers
	s.mu.Unlock()
	if err := engine.Sleep(ctx, res.Duration); err != nil {
		return fail("runPattern: %v", err)
	}
	return effect.Outcome{Value: inner.report(res)}
}

// report is a result as tests in Prism see it.
func (s *stage) report(res *engine.Result) value.Value {
	confidence, failure, escalation := value.NullValue, value.NullValue, value.NullValue
	if res.Confidence != nil {
		confidence = value.Num(*res.Confidence)
	}
	if e := res.Error; e != nil {
		failure = value.ObjectOf([]string{"code", "message", "file", "line", "column"}, []value.Value{value.Str(e.PublicCode()),
			value.Str(e.Message), value.Str(e.File), value.Int(e.Line), value.Int(e.Column)}).Value()
	}
	if v, err := value.FromJSON(res.Escalation); err == nil {
		escalation = v
	}
	agents := make([]string, len(res.Agents))
	for i, a := range res.Agents {
		agents[i] = a.Name
	}
	warnings := make([]string, len(res.Warnings))
	for i, w := range res.Warnings {
		warnings[i] = diag.Code(w.Code).Public()
	}
	out := value.Freeze(res.Value.Plain())
	return value.ObjectOf(
		[]string{"status", "value", "confidence", "calls", "agents", "path", "escalation", "warnings", "printed", "error"},
		[]value.Value{value.Str(string(res.Status)), out, confidence, effect.Texts(res.Calls), effect.Texts(agents), effect.Texts(s.steps),
			escalation, effect.Texts(warnings), effect.Texts(s.printed), failure}).Value()
}

// field returns a plain property, null when there is none.
func field(v value.Value, key string) value.Value {
	p := v.Plain()
	if p.Kind() != value.ObjectKind {
		return value.NullValue
	}
	x, _ := p.AsObject().Get(key)
	return x.Plain()
}

func textOr(v value.Value) string {
	if v.IsNull() {
		return ""
	}
	return value.Text(v)
}

// stepOf reads the data of an event about a step: {step}, {id} or the name.
func stepOf(data any) string {
	raw, ok := data.(interface{ MarshalJSON() ([]byte, error) })
	if !ok {
		return ""
	}
	text, err := raw.MarshalJSON()
	if err != nil {
		return ""
	}
	v, err := value.FromJSON(text)
	if err != nil {
		return ""
	}
	if v.Kind() == value.StringKind {
		return v.AsString().Go()
	}
	for _, key := range []string{"step", "id"} {
		if s := field(v, key); s.Kind() == value.StringKind {
			return s.AsString().Go()
		}
	}
	return ""
}

func isNotExist(err error) bool { return errors.Is(err, fs.ErrNotExist) }
