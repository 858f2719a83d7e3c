// Package agent answers the effects by which programs reach agents and models.
//
// A Registry holds agents that a file describes (agents.yaml). It selects them
// by capability and answers tasks; how an agent is called is its transport. An
// agent that crashes, is slow or lies about its confidence gives an error answer
// or a sane one, never a crash.
package agent

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// Agent is one agent of a registry.
type Agent struct {
	ID           string
	Name         string
	Capabilities []string
	Expertise    float64 // in [0, 1]
	Region       string
	Historical   float64 // confidence it had so far, in [0, 1]
	call         func(ctx context.Context, task string, n int) reply
	calls        counter
}

// reply is what a transport brings back.
type reply struct {
	result     value.Value
	confidence value.Value // null when the agent stated none
	reasoning  string
	err        string
}

// Value is the agent as programs see it.
func (a *Agent) Value() value.Value {
	return value.ObjectOf(
		[]string{"id", "name", "capabilities", "expertise", "historicalConfidence", "region"},
		[]value.Value{value.Str(a.ID), value.Str(a.Name), effect.Texts(a.Capabilities), value.Num(a.Expertise),
			value.Num(a.Historical), value.Str(a.Region)},
	).Value()
}

// Registry is a set of agents in order of registration, with the models that
// llm() may ask. It is safe for concurrent use.
type Registry struct {
	agents []*Agent
	byKey  map[string]*Agent // by id, by name, by capability: the first that has it
	model  *mockModel
}

// Kinds of keys of Registry.byKey.
const (
	keyID         = "id "
	keyName       = "name "
	keyCapability = "capability "
)

// register adds an agent; it reports false when the id is taken.
func (r *Registry) register(a *Agent) bool {
	if r.byKey == nil {
		r.byKey = map[string]*Agent{}
	}
	if r.byKey[keyID+a.ID] != nil {
		return false
	}
	r.agents = append(r.agents, a)
	keys := []string{keyID + a.ID, keyName + a.Name}
	for _, c := range a.Capabilities {
		keys = append(keys, keyCapability+c)
	}
	for _, k := range keys {
		if r.byKey[k] == nil {
			r.byKey[k] = a
		}
	}
	return true
}

// Agents returns the agents in order.
func (r *Registry) Agents() []*Agent { return slices.Clone(r.agents) }

// Handlers returns what answers the effects of agents and models.
func (r *Registry) Handlers() map[string]engine.Handler {
	h := map[string]engine.Handler{
		effect.Select: engine.HandlerFunc(r.selectAgents),
		effect.Agent:  engine.HandlerFunc(r.ask),
	}
	if r.model != nil {
		h[effect.LLM] = engine.HandlerFunc(r.model.answer)
	}
	return h
}

func fail(code string, name, format string, args ...any) effect.Outcome {
	return effect.Outcome{Err: &effect.Error{Code: codes[code], Name: name, Message: fmt.Sprintf(format, args...)}}
}

var codes = map[string]codeType{"few": engine.CodeNotEnoughAgents, "unknown": engine.CodeUnknownAgent, "llm": engine.CodeLLMFailed}

// selectAgents answers select(...): all capabilities, minus excluded, preferred
// ones first, at most max.
func (r *Registry) selectAgents(_ context.Context, e *effect.Effect) effect.Outcome {
	want := fields(e.Request)
	caps := texts(want("capabilities"))
	if c := want("capability"); c.Kind() == value.StringKind {
		caps = append(caps, c.AsString().Go())
	}
	exclude, prefer := texts(want("exclude")), texts(want("prefer"))
	least := number(want("minConfidence"), 0)
	region := ""
	if v := want("region"); v.Kind() == value.StringKind {
		region = v.AsString().Go()
	}
	var found []*Agent
	for _, a := range r.agents {
		if a.has(caps) && !a.named(exclude) && a.Historical >= least && (region == "" || a.Region == region) {
			found = append(found, a)
		}
	}
	slices.SortStableFunc(found, func(a, b *Agent) int { return a.rank(prefer) - b.rank(prefer) })
	minimum := int(max(number(want("min"), 0), number(want("minAgents"), 0)))
	if len(found) < minimum {
		return fail("few", "NOT_ENOUGH_AGENTS", "Not enough agents available%s. Required: %d, Available: %d", withCapabilities(caps), minimum, len(found))
	}
	if m := number(want("max"), number(want("maxAgents"), 0)); m > 0 && int(m) < len(found) {
		found = found[:int(m)]
	}
	out := make([]value.Value, len(found))
	for i, a := range found {
		out[i] = a.Value()
	}
	return effect.Outcome{Value: value.NewArray(out)}
}

func withCapabilities(caps []string) string {
	if len(caps) == 0 {
		return ""
	}
	return " with " + strings.Join(caps, ", ")
}

func (a *Agent) has(caps []string) bool {
	for _, c := range caps {
		if !slices.Contains(a.Capabilities, c) {
			return false
		}
	}
	return true
}

func (a *Agent) named(names []string) bool {
	return slices.Contains(names, a.Name) || slices.Contains(names, a.ID)
}

// rank is the place of the first preference that names the agent or one of its
// capabilities.
func (a *Agent) rank(prefer []string) int {
	for i, p := range prefer {
		if a.Name == p || a.ID == p || slices.Contains(a.Capabilities, p) {
			return i
		}
	}
	return len(prefer)
}

// ask sends a task to an agent and gives its answer.
func (r *Registry) ask(ctx context.Context, e *effect.Effect) effect.Outcome {
	want := fields(e.Request)
	task := ""
	if t := want("task"); t.Kind() == value.StringKind {
		task = t.AsString().Go()
	}
	a := r.find(want("agent"))
	if a == nil {
		return fail("unknown", "UNKNOWN_AGENT", "There is no agent %s", value.Inspect(want("agent")))
	}
	started := engine.Now(ctx)
	rep := a.call(ctx, task, a.calls.next())
	ended := engine.Now(ctx)
	ans := effect.Answer{AgentID: a.ID, AgentName: a.Name, Capabilities: a.Capabilities, Expertise: a.Expertise,
		Result: rep.result, Reasoning: rep.reasoning, Timestamp: ended, Duration: ended.Sub(started), Error: rep.err}
	if rep.err == "" {
		ans.Confidence, ans.Stated = effect.StatedConfidence(rep.confidence)
	}
	return effect.Outcome{Value: ans.Value()}
}

// find looks an agent up by its object, id, name, or a capability it has.
func (r *Registry) find(v value.Value) *Agent {
	var keys []string
	switch v.Kind() {
	case value.StringKind:
		keys = []string{v.AsString().Go()}
	case value.ObjectKind:
		for _, k := range []string{"id", "name"} {
			if x, ok := v.AsObject().Get(k); ok && x.PlainKind() == value.StringKind {
				keys = append(keys, x.Plain().AsString().Go())
			}
		}
	case value.Null: // no agent was bound: the only one there is
		if len(r.agents) == 1 {
			return r.agents[0]
		}
	}
	for _, kind := range []string{keyID, keyName, keyCapability} {
		for _, k := range keys {
			if a := r.byKey[kind+k]; a != nil {
				return a
			}
		}
	}
	return nil
}

// wait sleeps on the execution's clock.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	return engine.Sleep(ctx, d)
}

// fields returns a lookup of the plain properties of an object.
func fields(v value.Value) func(string) value.Value {
	p := v.Plain()
	return func(key string) value.Value {
		if p.Kind() != value.ObjectKind {
			return value.NullValue
		}
		x, _ := p.AsObject().Get(key)
		return x.Plain()
	}
}

func texts(v value.Value) []string {
	switch v.Kind() {
	case value.StringKind:
		return []string{v.AsString().Go()}
	case value.ArrayKind:
		var out []string
		for _, e := range v.AsArray().Elems() {
			switch p := e.Plain(); p.Kind() {
			case value.StringKind:
				out = append(out, p.AsString().Go())
			case value.ObjectKind:
				if n, ok := p.AsObject().Get("name"); ok {
					out = append(out, value.Text(n.Plain()))
				}
			}
		}
		return out
	}
	return nil
}

func number(v value.Value, def float64) float64 {
	if v.Kind() != value.Number {
		return def
	}
	return v.Float()
}
