package agent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// Registry is a set of agents in order of registration, with what answers llm().
// It is safe for concurrent use; agents are added before it is used.
type Registry struct {
	agents []*Agent
	byKey  map[key]*Agent // the first that has it
	models Models
}

// Models answers llm() and stream_llm().
type Models interface {
	engine.Handler
	Close() error
}

// key is one way to name an agent.
type key struct {
	kind byte // 'i' id, 'n' name, 'c' capability
	text string
}

// Add appends an agent. It fails when the id is taken.
func (r *Registry) Add(a *Agent) error {
	if r.byKey == nil {
		r.byKey = map[key]*Agent{}
	}
	if r.byKey[key{'i', a.ID}] != nil {
		return fmt.Errorf("there are two agents %q", a.ID)
	}
	if a.self.IsNull() { // other registries may have it, and use it at this moment
		a.remember()
	}
	r.agents = append(r.agents, a)
	r.index(key{'i', a.ID}, a)
	r.index(key{'n', a.Name}, a)
	for _, c := range a.Capabilities {
		r.index(key{'c', c}, a)
	}
	return nil
}

func (r *Registry) index(k key, a *Agent) {
	if r.byKey[k] == nil {
		r.byKey[k] = a
	}
}

// Agents returns the agents in order.
func (r *Registry) Agents() []*Agent { return slices.Clone(r.agents) }

// Scripted reports whether everything that can be asked gives scripted answers,
// so that an execution may run in virtual time. A registry without agents is not
// scripted.
func (r *Registry) Scripted() bool {
	if _, mocked := r.models.(*MockModels); r.models != nil && !mocked {
		return false
	}
	return len(r.agents) > 0 && !slices.ContainsFunc(r.agents, func(a *Agent) bool { return a.Kind != mockName })
}

// Close closes all transports and models, side by side: a program may take a while
// to end.
func (r *Registry) Close() error {
	errs := make([]error, len(r.agents)+1)
	var group sync.WaitGroup
	for i, a := range r.agents {
		group.Go(func() {
			if err := a.Transport.Close(); err != nil {
				errs[i] = fmt.Errorf("close the agent %s: %w", a.Name, err)
			}
		})
	}
	if r.models != nil {
		errs[len(r.agents)] = r.models.Close()
	}
	group.Wait()
	return errors.Join(errs...)
}

// Abort ends by force what transports have running, so that Close does not wait
// for it. It may be called at any time, also beside Close.
func (r *Registry) Abort() {
	for _, a := range r.agents {
		if t, ok := a.Transport.(Aborter); ok {
			t.Abort()
		}
	}
}

// Handlers returns what answers the effects of agents and models.
func (r *Registry) Handlers() map[string]engine.Handler {
	h := map[string]engine.Handler{
		effect.Select: engine.HandlerFunc(r.selectAgents),
		effect.Agent:  asker{r},
	}
	if r.models != nil {
		h[effect.LLM] = r.models
	}
	return h
}

func fail(code diag.Code, name, format string, args ...any) effect.Outcome {
	return effect.Outcome{Err: &effect.Error{Code: code, Name: name, Message: fmt.Sprintf(format, args...)}}
}

// selectAgents answers select(...): all capabilities, minus excluded, preferred
// ones first, at most max. Whether an agent is well or busy does not matter: a
// limit never changes how many agents a pattern may have.
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
	if len(prefer) > 0 {
		slices.SortStableFunc(found, func(a, b *Agent) int { return a.rank(prefer) - b.rank(prefer) })
	}
	minimum := int(max(number(want("min"), 0), number(want("minAgents"), 0)))
	if len(found) < minimum {
		return fail(engine.CodeNotEnoughAgents, "NOT_ENOUGH_AGENTS", "Not enough agents available%s. Required: %d, Available: %d",
			withCapabilities(caps), minimum, len(found))
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

// find looks an agent up by its object, id, name, or a capability it has.
func (r *Registry) find(v value.Value) *Agent {
	var names [2]string
	n := 0
	switch v.Kind() {
	case value.StringKind:
		names[0], n = v.AsString().Go(), 1
	case value.ObjectKind:
		for _, k := range [...]string{"id", "name"} {
			if x, ok := v.AsObject().Get(k); ok && x.PlainKind() == value.StringKind {
				names[n] = x.Plain().AsString().Go()
				n++
			}
		}
	case value.Null: // no agent was bound: the only one there is
		if len(r.agents) == 1 {
			return r.agents[0]
		}
	}
	for _, kind := range [...]byte{'i', 'n', 'c'} {
		for _, name := range names[:n] {
			if a := r.byKey[key{kind, name}]; a != nil {
				return a
			}
		}
	}
	return nil
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
