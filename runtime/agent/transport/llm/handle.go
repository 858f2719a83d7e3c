package llm

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// options are what a program passes to llm().
type options struct{ v value.Value }

// get returns the first of the keys that is there, plain.
func (o options) get(keys ...string) value.Value {
	p := o.v.Plain()
	if p.Kind() != value.ObjectKind {
		return value.NullValue
	}
	for _, k := range keys {
		if v, ok := p.AsObject().Get(k); ok && !v.Plain().IsNull() {
			return v.Plain()
		}
	}
	return value.NullValue
}

func (o options) text(keys ...string) string {
	if v := o.get(keys...); v.Kind() == value.StringKind {
		return v.AsString().Go()
	}
	return ""
}

func (o options) number(keys ...string) (float64, bool) {
	v := o.get(keys...)
	if !v.IsNumber() {
		return 0, false
	}
	return v.Float(), true
}

func failed(format string, args ...any) effect.Outcome {
	return effect.Outcome{Err: &effect.Error{Code: engine.CodeLLMFailed, Name: "LLM_FAILED", Message: fmt.Sprintf(format, args...)}}
}

// Handle answers an effect of the kind LLM with {content, confidence, model,
// provider, tokensUsed, usage}; confidence is null when the model gave none.
func (m *Models) Handle(ctx context.Context, e *effect.Effect) effect.Outcome {
	request := options{e.Request}
	opts := options{request.get("options")}
	name := opts.text("provider")
	if m.mock != nil && (name == "mock" || name == "" && m.initial == nil) {
		return m.mock.Handle(ctx, e)
	}
	p, err := m.pick(name)
	if err != nil {
		return failed("%v", err)
	}
	pr, err := promptOf(request, opts)
	if err != nil {
		return failed("%v", err)
	}
	x := engine.About(ctx)
	pr.task = agent.Task{ID: x.ID + "/" + e.Path, ExecutionID: x.ID, Pattern: x.Pattern, Step: e.Path, Attempt: 1}
	if request.get("stream").Kind() == value.StringKind {
		pr.stream = func(delta string) { engine.TextChunk(ctx, delta) }
	}
	a, err := p.ask(ctx, pr)
	if err != nil {
		return failed("%s: %v", p.name, err)
	}
	usage := effect.Usage{TokensIn: a.usage.TokensIn, TokensOut: a.usage.TokensOut, Cost: a.usage.Cost}
	return effect.Outcome{Value: value.ObjectOf(
		[]string{"content", "confidence", "model", "provider", "tokensUsed", "usage"},
		[]value.Value{a.content, number(a.confidence), value.Str(a.model), value.Str(p.name), value.Int(usage.TokensIn + usage.TokensOut), usage.Value()},
	).Value()}
}

func number(f *float64) value.Value {
	if f == nil {
		return value.NullValue
	}
	return value.Num(*f)
}

// promptOf reads the request of llm().
func promptOf(request, opts options) (prompt, error) {
	pr := prompt{text: value.Text(request.get("prompt")), model: opts.text("model"), system: opts.text("system")}
	if c := opts.get("context"); !c.IsNull() {
		text, err := asText(c)
		if err != nil {
			return pr, fmt.Errorf("the context can't be sent: %w", err)
		}
		pr.text = "Context:\n" + text + "\n\n" + pr.text
	}
	if names := request.get("context"); names.Kind() == value.ArrayKind && names.AsArray().Len() > 0 {
		var list []string
		for _, n := range names.AsArray().Elems() {
			list = append(list, value.Text(n))
		}
		pr.system = join(pr.system, "Context: "+strings.Join(list, ", "))
	}
	if t, ok := opts.number("temperature"); ok {
		if !(t >= 0 && t <= 2) {
			return pr, fmt.Errorf("temperature is a number from 0 to 2, not %s", value.NumberText(t))
		}
		pr.temperature = &t
	}
	if n, ok := opts.number("maxTokens", "max_tokens"); ok {
		if !(n >= 1 && n <= maxOutput) {
			return pr, fmt.Errorf("maxTokens is a number from 1 to %d, not %s", maxOutput, value.NumberText(n))
		}
		pr.maxTokens = int(n)
	}
	if ms, ok := opts.number("timeout", "timeoutMs", "timeout_ms"); ok {
		if !(ms > 0 && ms <= float64(longest.Milliseconds())) {
			return pr, fmt.Errorf("timeout is a number of milliseconds above 0, not %s", value.NumberText(ms))
		}
		pr.timeout = time.Duration(ms * float64(time.Millisecond))
	}
	if s := opts.get("schema", "output_schema", "outputSchema"); !s.IsNull() {
		var err error
		if pr.schema, err = newSchema(s); err != nil {
			return pr, err
		}
	}
	return pr, nil
}

// asText is a text as it is, anything else as JSON.
func asText(v value.Value) (string, error) {
	if p := v.Plain(); p.Kind() == value.StringKind {
		return p.AsString().Go(), nil
	}
	j, err := value.ToJSON(v, "")
	return string(j.Text), err
}

// Kind returns the kind "llm": agents that are a model with instructions. They ask
// the models that the same file configures.
func (m *Models) Kind() agent.Kind {
	return agent.Kind{Name: "llm", Open: m.open, Inline: func(text string) (map[string]any, error) {
		name, model, _ := strings.Cut(text, "/")
		block := map[string]any{}
		if name != "" {
			block["provider"] = name
		}
		if model != "" {
			block["model"] = model
		}
		return block, nil
	}}
}

// modelAgent is an agent of that kind.
type modelAgent struct {
	models   *Models
	provider string
	pr       prompt
	template settings.Template // nil: the task and its input
	stream   bool
}

func (m *Models) open(b *settings.Block, env agent.Env) agent.Transport {
	a := &modelAgent{models: m, provider: b.Text("provider"), stream: b.Bool("stream", false)}
	a.pr = prompt{model: b.Text("model"), system: b.Text("system"), maxTokens: b.Int("maxTokens", 0, 1, maxOutput)}
	if a.provider != "" && a.provider != "mock" && m.find(a.provider) == nil {
		b.Get("provider").Errorf(settings.CodeWrong, "there is no model %q under llm of this file", a.provider)
	}
	if a.provider == "" && m.initial == nil && m.mock == nil {
		b.Errorf(settings.CodeMissing, "the agent %s asks a model, but this file has none under llm", env.Name).
			WithHint("llm: {openai: {model: gpt-4o-mini, apiKey: env:OPENAI_API_KEY}}")
	}
	if b.Has("temperature") {
		t := b.Number("temperature", 0, 0, 2)
		a.pr.temperature = &t
	}
	b.Ignore("temperature")
	if n := b.Get("prompt"); n.Exists() {
		a.template = n.Template()
	}
	if n := b.Get("schema"); n.Exists() {
		s, err := newSchema(b.Value("schema"))
		if err != nil {
			n.Errorf(settings.CodeWrong, "%v", err)
		}
		a.pr.schema = s
	}
	return a
}

// Call asks the model.
func (a *modelAgent) Call(ctx context.Context, t agent.Task) (agent.Reply, error) {
	pr := a.pr
	pr.task = t
	if a.template != nil {
		pr.text = value.Text(a.template.Fill(t.Object()))
	} else {
		input, err := asText(t.Data)
		if err != nil {
			return agent.Reply{}, agent.Failf("the input can't be sent: %w", err)
		}
		pr.text = "Task: " + t.Description + "\n\nInput:\n" + input
	}
	if a.models.mock != nil && (a.provider == "mock" || a.provider == "" && a.models.initial == nil) {
		return a.mock(ctx, pr)
	}
	p, err := a.models.pick(a.provider)
	if err != nil {
		return agent.Reply{}, agent.Failf("%w", err)
	}
	if a.stream && t.Partial != nil {
		pr.stream = func(delta string) { t.Partial(agent.Partial{Text: delta}) }
	}
	ans, err := p.ask(ctx, pr)
	if err != nil {
		return agent.Reply{Usage: ans.usage}, err
	}
	return agent.Reply{Result: ans.content, Confidence: number(ans.confidence), TokenEvidence: ans.evidence, Usage: ans.usage}, nil
}

// mock asks the mock model of the file.
func (a *modelAgent) mock(ctx context.Context, pr prompt) (agent.Reply, error) {
	request := value.ObjectOf([]string{"prompt"}, []value.Value{value.Str(pr.text)}).Value()
	out := a.models.mock.Handle(ctx, &effect.Effect{Kind: effect.LLM, Request: request})
	if out.Err != nil {
		return agent.Reply{}, agent.Failf("%s", out.Err.Message)
	}
	o := options{out.Value}
	return agent.Reply{Result: o.get("content"), Confidence: o.get("confidence")}, nil
}

// Close does nothing: the models are closed with the registry.
func (a *modelAgent) Close() error { return nil }
