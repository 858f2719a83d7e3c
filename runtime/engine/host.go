package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// host is the Execution as the machine sees it. Its methods run inside
// machine.Run and never block.
type host Execution

// Start begins an effect.
func (h *host) Start(e *effect.Effect) (effect.Outcome, bool) {
	x := (*Execution)(h)
	if x.failure != nil || x.broken != nil {
		return effect.Outcome{}, false // the execution ends as soon as the machine pauses
	}
	x.asked++
	c := &call{effect: e, index: x.asked}
	if x.cfg.journal != nil {
		var err error
		if c.digest, err = effect.DigestOf(e.Kind, e.Request); err != nil {
			return effect.Outcome{Err: &effect.Error{Code: CodeJournal, Name: "JOURNAL_FAILED", Message: err.Error()}}, true
		}
	}
	x.observeStart(c)
	if answer := x.immediate(e.Kind); answer != nil {
		return x.atOnce(c, answer)
	}
	x.waiting[e.Path] = c
	if !x.replaying() {
		x.goLive(c)
	}
	return effect.Outcome{}, false
}

// immediate returns the engine's own answer to a kind of effect, nil without.
func (x *Execution) immediate(kind string) func() value.Value {
	if x.cfg.handlers[kind] != nil {
		return nil
	}
	switch kind {
	case effect.Now:
		return func() value.Value { return value.Num(float64(x.flight.now().UnixMilli())) }
	case effect.Random:
		return func() value.Value { return value.Num(randomFloat(x.cfg.rand)) }
	case effect.UUID:
		return func() value.Value { return value.Str(newUUID(x.flight.now(), x.cfg.rand)) }
	}
	return nil
}

// atOnce answers an effect without suspending the program.
func (x *Execution) atOnce(c *call, answer func() value.Value) (effect.Outcome, bool) {
	if x.replaying() {
		e := x.entries[x.cursor]
		if !x.matches(c, e) {
			return effect.Outcome{}, false
		}
		c.outcome = e.Outcome
		x.observeOutcome(c)
		x.advance()
		return c.outcome, true
	}
	c.outcome = effect.Outcome{Value: answer()}
	if !x.record(c.effect, c.digest, c.outcome) {
		return effect.Outcome{}, false
	}
	x.observeOutcome(c)
	return c.outcome, true
}

// goLive has an effect done.
func (x *Execution) goLive(c *call) {
	h := x.cfg.handlers[c.effect.Kind]
	switch {
	case h != nil:
	case c.effect.Kind == effect.Chunk:
		x.flight.read(c)
		return
	case c.effect.Kind == effect.Sleep:
		h = HandlerFunc(sleep)
	case c.effect.Kind == effect.Ask:
		x.asks = append(x.asks, c.effect)
		return
	default:
		h = HandlerFunc(unsupported)
	}
	x.flight.start(c, h)
}

// Cancel gives up an effect.
func (h *host) Cancel(path string) {
	x := (*Execution)(h)
	if c := x.waiting[path]; c != nil {
		x.flight.abandon(c)
	}
	delete(x.waiting, path)
	x.asks = slices.DeleteFunc(x.asks, func(e *effect.Effect) bool { return e.Path == path })
	x.flight.drop(path)
}

// Notice passes on what the program said.
func (h *host) Notice(n effect.Notice) {
	x := (*Execution)(h)
	switch n.Kind {
	case effect.Print:
		x.emit(Printed, map[string]any{"text": texts(n.Value)})
	case effect.Log:
		o := n.Value.Plain()
		if !isObject(o) {
			x.emit(Logged, map[string]any{"level": "info", "text": value.Text(o)})
			return
		}
		level, _ := o.AsObject().Get("level")
		vals, _ := o.AsObject().Get("values")
		x.emit(Logged, map[string]any{"level": value.Text(level), "text": texts(vals)})
	case effect.Emit:
		x.emitted(n)
	}
}

// emitted passes on an event of the program's own. The event "escalated" marks
// the execution.
func (x *Execution) emitted(n effect.Notice) {
	o := n.Value.Plain()
	if !isObject(o) {
		return
	}
	name, _ := o.AsObject().Get("event")
	data, _ := o.AsObject().Get("data")
	raw := jsonOf(data)
	if value.Text(name) == "escalated" {
		x.escalate = raw
	}
	x.emit(Emitted, map[string]any{"event": value.Text(name), "data": raw})
}

// observeStart keeps count of an effect that begins.
func (x *Execution) observeStart(c *call) {
	e := c.effect
	if x.cfg.trace {
		x.emit(EffectStarted, map[string]any{"kind": e.Kind, "path": e.Path, "file": e.File, "line": e.Line, "column": e.Column})
	}
	c.started = x.flight.now()
	if e.Kind != effect.Agent {
		return
	}
	id, name := agentOf(e)
	u := x.agents[name]
	if u == nil {
		u = &AgentUse{ID: id, Name: name}
		x.agents[name] = u
		x.order = append(x.order, name)
	}
	u.Calls++
	c.number = u.Calls
	x.calls = append(x.calls, name)
	if !x.heard() {
		return
	}
	x.emit(AgentStarted, map[string]any{"agent": name, "id": id, "task": textOf(e.Request, "task")})
}

// observeOutcome keeps count of an effect that ends.
func (x *Execution) observeOutcome(c *call) {
	took := milliseconds(x.flight.now().Sub(c.started))
	if x.cfg.trace {
		data := map[string]any{"kind": c.effect.Kind, "path": c.effect.Path, "durationMs": took}
		if c.outcome.Err != nil {
			data["error"] = c.outcome.Err.Message
		}
		x.emit(EffectEnded, data)
	}
	switch c.effect.Kind {
	case effect.Select:
		x.selected(c.outcome)
	case effect.Agent:
		x.agentAnswered(c, took)
	case effect.LLM:
		x.used(c)
	}
}

// used adds what a call used up.
func (x *Execution) used(c *call) effect.Usage {
	x.usage.Calls++
	u := effect.UsageOf(c.outcome.Value)
	if u == (effect.Usage{}) {
		return u
	}
	x.usage.TokensIn += u.TokensIn
	x.usage.TokensOut += u.TokensOut
	x.usage.Cost += u.Cost
	x.emit(UsageGrew, map[string]any{"calls": x.usage.Calls, "tokensIn": x.usage.TokensIn, "tokensOut": x.usage.TokensOut, "cost": x.usage.Cost})
	return u
}

func (x *Execution) selected(out effect.Outcome) {
	list := out.Value.Plain()
	if out.Err != nil || list.Kind() != value.ArrayKind {
		return
	}
	ids := []string{}
	for _, a := range list.AsArray().Elems() {
		ids = append(ids, textOf(a, "id"))
	}
	x.emit(AgentsSelected, map[string]any{"count": len(ids), "ids": ids})
}

func (x *Execution) agentAnswered(c *call, took float64) {
	id, name := agentOf(c.effect)
	u := x.agents[name]
	failed := ""
	answer := c.outcome.Value.Plain()
	if c.outcome.Err != nil {
		failed = c.outcome.Err.Message
	} else if isObject(answer) {
		failed = textOf(answer, "error")
		if d, _ := answer.AsObject().Get("durationMs"); d.PlainKind() == value.Number {
			took = d.Plain().Float()
		}
	}
	if x.cfg.explain && len(x.said) < maxSaid {
		x.said = append(x.said, saidBy(name, c.effect, answer, failed))
	}
	u.DurationMs += took
	used := x.used(c)
	u.TokensIn, u.TokensOut, u.Cost = u.TokensIn+used.TokensIn, u.TokensOut+used.TokensOut, u.Cost+used.Cost
	x.answered++
	if failed != "" {
		u.Failed++
	} else if isObject(answer) {
		if v, _ := answer.AsObject().Get("confidence"); v.PlainKind() == value.Number {
			conf := v.Plain().Float()
			u.Confidence = &conf
		}
	}
	if !x.heard() {
		return
	}
	if failed != "" {
		x.emit(AgentFailed, map[string]any{"agent": name, "id": id, "error": failed, "durationMs": took})
	} else {
		x.emit(AgentCompleted, map[string]any{"agent": name, "id": id, "confidence": u.Confidence, "durationMs": took})
	}
	x.emit(Progress, map[string]any{"done": x.answered, "total": len(x.calls)})
}

// maxSaid bounds how many answers an explanation keeps.
const maxSaid = 1000

// saidBy reads an answer for explanations.
func saidBy(name string, e *effect.Effect, answer value.Value, failed string) Said {
	s := Said{Agent: name, Task: textOf(e.Request, "task"), Error: failed}
	if failed != "" || !isObject(answer) {
		return s
	}
	o := answer.AsObject()
	s.Result, _ = o.Get("result")
	if c, ok := o.Get("confidence"); ok && c.PlainKind() == value.Number {
		s.Confidence = c.Plain().Float()
	}
	if stated, ok := o.Get("confidenceStated"); ok {
		s.Stated = stated.Plain().Truthy()
	}
	s.Reasoning = textOf(answer, "reasoning")
	return s
}

// agentOf returns id and name of the agent that an effect calls: the request's
// agent is an object with id and name, or one of them.
func agentOf(e *effect.Effect) (id, name string) {
	req := e.Request.Plain()
	if !isObject(req) {
		return value.Text(req), value.Text(req)
	}
	agent, _ := req.AsObject().Get("agent")
	if agent = agent.Plain(); !isObject(agent) {
		return value.Text(agent), value.Text(agent)
	}
	id, name = textOf(agent, "id"), textOf(agent, "name")
	return cmp.Or(id, name), cmp.Or(name, id)
}

// textOf returns the text of a field of an object, "" when it is missing or null.
func textOf(v value.Value, field string) string {
	v = v.Plain()
	if !isObject(v) {
		return ""
	}
	f, ok := v.AsObject().Get(field)
	if !ok || f.Plain().IsNull() {
		return ""
	}
	return value.Text(f)
}

// texts joins the text forms of an array's elements with blanks.
func texts(v value.Value) string {
	v = v.Plain()
	if v.Kind() != value.ArrayKind {
		return value.Text(v)
	}
	parts := make([]string, v.AsArray().Len())
	for i, e := range v.AsArray().Elems() {
		parts[i] = value.Text(e)
	}
	return strings.Join(parts, " ")
}

func isObject(v value.Value) bool { return v.Kind() == value.ObjectKind }

func sortCalls(list []*call) {
	slices.SortFunc(list, func(a, b *call) int { return cmp.Compare(a.index, b.index) })
}

func timeOf(ms float64) time.Time { return time.UnixMilli(int64(ms)) }

// describeKind names an effect for people.
func describeKind(kind string) string {
	switch kind {
	case effect.Agent, effect.Select:
		return "call agents"
	case effect.LLM:
		return "call a language model"
	}
	return fmt.Sprintf("do %q", kind)
}
