package agent

import (
	"context"
	"time"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// asker answers the effects by which programs give agents tasks.
type asker struct{ *Registry }

// Prompt answers for mocks without limits.
func (r asker) Prompt(e *effect.Effect, x engine.Info, now time.Time) (out effect.Outcome, after time.Duration, ok bool) {
	want := fields(e.Request)
	a := r.find(want("agent"))
	if a == nil || a.guard != nil || !want("options").IsNull() {
		return out, 0, false
	}
	m, ok := a.Transport.(*mock)
	if !ok {
		return out, 0, false
	}
	s := m.next(Task{Number: x.Number, Attempt: 1})
	reply, err := s.Reply, error(nil)
	if s.failure != nil {
		reply, err = Reply{}, s.failure
	}
	return effect.Outcome{Value: a.sum(reply, err, now, now.Add(s.delay)).Value()}, s.delay, true
}

// Handle sends a task to an agent and gives its answer. Of the request's options
// it takes "timeout", in milliseconds, for this call.
func (r asker) Handle(ctx context.Context, e *effect.Effect) effect.Outcome {
	want := fields(e.Request)
	a := r.find(want("agent"))
	if a == nil {
		return fail(engine.CodeUnknownAgent, "UNKNOWN_AGENT", "There is no agent %s", value.Inspect(want("agent")))
	}
	x := engine.About(ctx)
	t := Task{ID: x.ID + "/" + e.Path, ExecutionID: x.ID, Agent: a.ID, Name: a.Name, Data: want("data"), Context: want("context"),
		Pattern: x.Pattern, Step: e.Path, Attempt: 1, Number: x.Number}
	if task := want("task"); task.Kind() == value.StringKind {
		t.Description = task.AsString().Go()
	}
	if a.Kind != mockName {
		t.Partial = func(p Partial) { engine.Chunk(ctx, p.value()) }
	}
	t.Timeout = milliseconds(number(fields(want("options"))("timeout"), 0))
	return effect.Outcome{Value: a.answer(ctx, t).Value()}
}

// value is the chunk that listeners get: a part of a text, or how far the agent
// is.
func (p Partial) value() value.Value {
	if p.Percent == 0 && p.Note == "" {
		return value.ObjectOf([]string{"type", "text"}, []value.Value{value.Str("text"), value.Str(p.Text)}).Value()
	}
	return value.ObjectOf([]string{"type", "percent", "note"},
		[]value.Value{value.Str("progress"), value.Num(min(max(p.Percent, 0), 100)), value.Str(p.Note)}).Value()
}

// milliseconds converts a time that a program gave; 0 for what is none.
func milliseconds(ms float64) time.Duration {
	if !(ms > 0 && ms <= float64(366*24*time.Hour/time.Millisecond)) {
		return 0
	}
	return time.Duration(ms * float64(time.Millisecond))
}

// answer calls the agent within its limits and makes sense of the reply.
func (a *Agent) answer(ctx context.Context, t Task) effect.Answer {
	started := engine.Now(ctx)
	var reply Reply
	err := a.guard.Do(ctx, t, func(ctx context.Context, t Task) (err error) {
		reply, err = a.Transport.Call(ctx, t)
		return err
	})
	return a.sum(reply, err, started, engine.Now(ctx))
}

// sum makes an answer of a reply or an error.
func (a *Agent) sum(reply Reply, err error, started, ended time.Time) effect.Answer {
	ans := effect.Answer{Agent: a.identity, Reasoning: reply.Reasoning, Timestamp: ended, Duration: ended.Sub(started), Uncertainties: reply.Uncertainties,
		Usage: effect.Usage{TokensIn: reply.Usage.TokensIn, TokensOut: reply.Usage.TokensOut, Cost: reply.Usage.Cost}}
	if err != nil {
		ans.Error, ans.Retryable = message(err), a.retryable(err)
		return ans
	}
	ans.Result = reply.Result
	ans.Confidence, ans.Stated = a.trust.judge(reply)
	return ans
}

// retryable tells whether a pattern should ask again after a failure. An agent that
// was asked again by itself already leaves that to the pattern; so does a mock that
// does not say.
func (a *Agent) retryable(err error) value.Value {
	switch transient := Retryable(err); {
	case transient && (a.guard == nil || a.guard.retries == nil):
		return value.Bool(true)
	case !transient && a.Kind != mockName:
		return value.Bool(false)
	}
	return value.NullValue
}

// message is the text of an error, which marks the answer as failed and so is
// never empty.
func message(err error) string {
	if text := err.Error(); text != "" {
		return text
	}
	return "the agent failed without a message"
}
