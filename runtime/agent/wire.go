package agent

import (
	"math"
	"time"

	"github.com/parallaxai/parallax/runtime/value"
)

// MaxReply is how many bytes a reply may have unless an agent's settings say
// otherwise.
const MaxReply = 10 << 20

// Object is the task as agents get it in JSON: {taskId, executionId, task, input,
// data, context, agent, pattern, step, attempt, timeoutMs}; input and data are the
// same.
func (t Task) Object() value.Value {
	return value.NewObject(nil, taskShape, []value.Value{value.Str(t.ID), value.Str(t.ExecutionID), value.Str(t.Description), t.Data,
		t.Data, t.Context, value.Str(t.Agent), value.Str(t.Pattern), value.Str(t.Step), value.Int(t.Attempt),
		value.Num(float64(t.Timeout.Milliseconds()))}).Value()
}

var taskShape = value.NewShape("taskId", "executionId", "task", "input", "data", "context", "agent", "pattern", "step", "attempt", "timeoutMs")

// JSON is the task as agents get it, on one line. What JSON can't express is null.
func (t Task) JSON() ([]byte, error) {
	j, err := value.ToJSON(t.Object(), "")
	if err != nil {
		return nil, Failf("the task can't be sent: %w", err)
	}
	return j.Text, nil
}

// DecodeReply reads the JSON object with which agents answer:
//
//	{result | value, confidence?, reasoning?, uncertainties?, metadata?, usage?}
//
// or {error: text | {message, retryable, retryAfterMs}}, which gives an *Error.
// Fields of the wrong kind are left out; the confidence is taken as it is.
func DecodeReply(text []byte) (Reply, error) {
	v, err := value.FromJSON(text)
	if err != nil {
		return Reply{}, Failf("the reply is no JSON: %w", err)
	}
	return ReplyOf(v)
}

// ReplyOf is DecodeReply for JSON that has been read.
func ReplyOf(v value.Value) (Reply, error) {
	if v.PlainKind() != value.ObjectKind {
		return Reply{}, Failf("the reply is %s, not an object with a result", article(v))
	}
	if err := errorOf(v); err != nil {
		return Reply{}, err
	}
	o := v.Plain().AsObject()
	result, ok := o.Get("result")
	if !ok {
		if result, ok = o.Get("value"); !ok {
			return Reply{}, Failf("the reply has neither result nor value")
		}
	}
	get := fields(v)
	r := Reply{Result: result, Confidence: get("confidence"), Metadata: get("metadata"), Usage: UsageOf(get("usage"))}
	if s := get("reasoning"); s.Kind() == value.StringKind {
		r.Reasoning = s.AsString().Go()
	}
	if list := get("uncertainties"); list.Kind() == value.ArrayKind {
		r.Uncertainties = texts(list)
	}
	return r, nil
}

// ErrorOf reads what an agent says about a failure: a text, or {message,
// retryable, retryAfterMs}. nil is no failure.
func ErrorOf(v value.Value) *Error {
	v = v.Plain()
	switch v.Kind() {
	case value.Null:
		return nil
	case value.StringKind:
		return &Error{Message: v.AsString().Go()}
	case value.ObjectKind:
		get := fields(v)
		e := &Error{Retryable: get("retryable").IsBool() && get("retryable").True(), RetryAfter: milliseconds(number(get("retryAfterMs"), 0))}
		for _, k := range [...]string{"message", "error", "detail", "code"} {
			if m := get(k); m.Kind() == value.StringKind && m.AsString().Len() > 0 {
				e.Message = m.AsString().Go()
				return e
			}
		}
		e.Message = Shorten(value.Inspect(v))
		return e
	}
	return &Error{Message: Shorten(value.Inspect(v))}
}

// errorOf returns the failure that a reply tells of. An error beside a result that
// is false or empty is none.
func errorOf(v value.Value) error {
	e, ok := v.Plain().AsObject().Get("error")
	if !ok || !e.Truthy() {
		return nil
	}
	return ErrorOf(e)
}

// UsageOf reads what a call used up, in the spellings that are common: tokensIn
// and tokensOut, input_tokens and output_tokens, prompt_tokens and
// completion_tokens; cost in US dollars. Amounts that can't be are left out.
func UsageOf(v value.Value) Usage {
	get := fields(v)
	amount := func(keys ...string) float64 {
		for _, k := range keys {
			if n := get(k); n.IsNumber() && n.Float() >= 0 && !math.IsInf(n.Float(), 1) {
				return n.Float()
			}
		}
		return 0
	}
	const most = 1 << 50
	return Usage{
		TokensIn:  int(min(amount("tokensIn", "input_tokens", "prompt_tokens", "inputTokens", "promptTokenCount"), most)),
		TokensOut: int(min(amount("tokensOut", "output_tokens", "completion_tokens", "outputTokens", "candidatesTokenCount", "tokens"), most)),
		Cost:      amount("cost", "costUsd", "cost_usd"),
	}
}

// maxQuoted is how much of what an agent sent is shown in messages, in code points.
const maxQuoted = 200

// Shorten cuts a text that came from an agent for a message.
func Shorten(text string) string {
	n := 0
	for i := range text {
		if n++; n > maxQuoted {
			return text[:i] + "..."
		}
	}
	return text
}

// article names the kind of a value with its article.
func article(v value.Value) string {
	switch k := v.PlainKind(); k {
	case value.Null:
		return "null"
	case value.ArrayKind, value.ObjectKind:
		return "an " + k.String()
	default:
		return "a " + k.String()
	}
}

// RetryIn is the error of an agent that asks to be called again after a while.
func RetryIn(d time.Duration, format string, args ...any) *Error {
	e := newError(true, format, args)
	e.RetryAfter = d
	return e
}

// PartialOf reads a part of a reply that comes as JSON: {delta} or {text} for a
// part of a text, {percent, text} for how far the agent is. ok is false for
// anything else.
func PartialOf(data string) (p Partial, ok bool) {
	v, err := value.FromJSON([]byte(data))
	if err != nil || v.Kind() != value.ObjectKind {
		return Partial{}, false
	}
	get := fields(v)
	if d := get("delta"); d.Kind() == value.StringKind {
		return Partial{Text: d.AsString().Go()}, true
	}
	text := ""
	if s := get("text"); s.Kind() == value.StringKind {
		text = s.AsString().Go()
	}
	if n := get("percent"); n.IsNumber() && !math.IsNaN(n.Float()) {
		return Partial{Percent: min(max(n.Float(), 0), 100), Note: text}, true
	}
	return Partial{Text: text}, text != ""
}
