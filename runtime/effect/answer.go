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
	AgentID      string
	AgentName    string
	Capabilities []string
	Expertise    float64 // in [0, 1]
	Result       value.Value
	Confidence   float64 // in [0, 1]; AssumedConfidence when none was stated, 0 for a failed agent
	Stated       bool    // the agent gave the confidence itself
	Reasoning    string
	Timestamp    time.Time // when the answer arrived
	Duration     time.Duration
	Error        string // "" for success
}

// Value returns the answer as programs see it: {agentId, agentName, agent,
// capabilities, expertise, result, confidence, confidenceStated, reasoning,
// timestamp (milliseconds since 1970), durationMs, error}. Missing texts are null.
func (a Answer) Value() value.Value {
	return value.NewObject(nil, answerShape, []value.Value{value.Str(a.AgentID), value.Str(a.AgentName), value.Str(a.AgentName),
		Texts(a.Capabilities), value.Num(a.Expertise), a.Result, value.Num(a.Confidence), value.Bool(a.Stated),
		textOrNull(a.Reasoning), value.Num(float64(a.Timestamp.UnixMilli())), value.Num(milliseconds(a.Duration)), textOrNull(a.Error),
	}).Value()
}

// answerShape is common to all answers, so that ten thousand of them have one.
var answerShape = value.NewShape("agentId", "agentName", "agent", "capabilities", "expertise", "result", "confidence",
	"confidenceStated", "reasoning", "timestamp", "durationMs", "error")

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
