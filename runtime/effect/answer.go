package effect

import (
	"math"
	"time"

	"github.com/parallaxai/parallax/runtime/value"
)

// AssumedConfidence is the confidence of an answer that states none.
const AssumedConfidence = 0.5

// Answer is what an agent said, the outcome of an Agent effect. An agent that
// failed answers too, with Error set; only a call that could not be made at
// all is an error of the effect.
type Answer struct {
	Agent      Identity
	Result     value.Value
	Confidence float64 // in [0, 1]; AssumedConfidence when none was stated, 0 for a failed agent
	Stated     bool    // the agent gave the confidence itself
	Reasoning  string
	Timestamp  time.Time // when the answer arrived
	Duration   time.Duration
	Error      string // "" for success
	// Uncertainties are what the agent itself is unsure about; may be nil.
	Uncertainties []string
	Usage         Usage
	Retryable     value.Value // of a failure: whether to ask again; null when nobody can tell
}

// Add returns the sum of both.
func (u Usage) Add(v Usage) Usage {
	return Usage{u.TokensIn + v.TokensIn, u.TokensOut + v.TokensOut, u.Cost + v.Cost}
}

// Identity is who answered, as values, which all answers of an agent share.
type Identity struct{ ID, Name, Capabilities, Expertise value.Value }

// NewIdentity returns who an agent is. Its expertise lies in [0, 1].
func NewIdentity(id, name string, capabilities []string, expertise float64) Identity {
	who := Identity{ID: value.Freeze(value.Str(id)), Capabilities: value.Freeze(Texts(capabilities)), Expertise: value.Num(expertise)}
	if who.Name = who.ID; name != id {
		who.Name = value.Freeze(value.Str(name))
	}
	return who
}

// Usage is what a call of an agent or a model used up. The zero Usage is unknown.
type Usage struct {
	TokensIn, TokensOut int
	Cost                float64 // in US dollars
}

// Value returns the usage as programs see it: {tokens, tokensIn, tokensOut, cost},
// where tokens is the sum; null when it is unknown.
func (u Usage) Value() value.Value {
	if u == (Usage{}) {
		return value.NullValue
	}
	return value.NewObject(nil, usageShape, []value.Value{value.Int(u.TokensIn + u.TokensOut), value.Int(u.TokensIn), value.Int(u.TokensOut), value.Num(u.Cost)}).Value()
}

// UsageOf reads the field "usage" of an answer.
func UsageOf(answer value.Value) Usage {
	field := func(v value.Value, key string) value.Value {
		if v = v.Plain(); v.Kind() != value.ObjectKind {
			return value.NullValue
		}
		f, _ := v.AsObject().Get(key)
		return f.Plain()
	}
	amount := func(v value.Value) float64 {
		if !v.IsNumber() || !(v.Float() >= 0) || math.IsInf(v.Float(), 1) {
			return 0
		}
		return v.Float()
	}
	u := field(answer, "usage")
	const most = 1 << 53
	return Usage{int(min(amount(field(u, "tokensIn")), most)), int(min(amount(field(u, "tokensOut")), most)), amount(field(u, "cost"))}
}

var usageShape = value.NewShape("tokens", "tokensIn", "tokensOut", "cost")

// Value returns the answer as programs see it: {agentId, agentName, agent,
// capabilities, expertise, result, confidence, confidenceStated, reasoning,
// timestamp (milliseconds since 1970), durationMs, error}. Missing texts are null.
// Where there is something to tell, uncertainties (an array of texts), usage and
// retryable follow.
func (a Answer) Value() value.Value {
	slots := []value.Value{a.Agent.ID, a.Agent.Name, a.Agent.Name, a.Agent.Capabilities, a.Agent.Expertise, a.Result, value.Num(a.Confidence), value.Bool(a.Stated),
		textOrNull(a.Reasoning), value.Num(float64(a.Timestamp.UnixMilli())), value.Num(milliseconds(a.Duration)), textOrNull(a.Error),
	}
	if len(a.Uncertainties) == 0 && a.Usage == (Usage{}) && a.Retryable.IsNull() {
		return value.NewObject(nil, answerShape, slots).Value()
	}
	return value.NewObject(nil, longShape, append(slots, Texts(a.Uncertainties), a.Usage.Value(), a.Retryable)).Value()
}

// answerShape is common to all answers, so that ten thousand of them have one.
var answerShape = value.NewShape("agentId", "agentName", "agent", "capabilities", "expertise", "result", "confidence",
	"confidenceStated", "reasoning", "timestamp", "durationMs", "error")

// longShape is that of answers that tell more.
var longShape = value.NewShape(append(answerShape.Keys()[:answerShape.Len():answerShape.Len()], "uncertainties", "usage", "retryable")...)

// StatedConfidence reads the confidence that an answer from outside claims: a
// number is clamped to [0, 1]; NaN and anything else counts as missing, with
// ok false and AssumedConfidence.
func StatedConfidence(v value.Value) (c float64, ok bool) {
	v = v.Plain()
	if v.Kind() != value.Number || math.IsNaN(v.Float()) {
		return AssumedConfidence, false
	}
	return min(max(v.Float(), 0), 1), true
}

// Texts returns an array of strings.
func Texts(list []string) value.Value {
	elems := make([]value.Value, len(list))
	for i, s := range list {
		elems[i] = value.Str(s)
	}
	return value.NewArray(elems)
}

func textOrNull(s string) value.Value {
	if s == "" {
		return value.NullValue
	}
	return value.Str(s)
}

// milliseconds returns a duration in milliseconds, to the microsecond.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
