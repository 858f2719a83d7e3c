package pattern

import (
	"math"

	"github.com/parallaxai/parallax/runtime/value"
)

// Answer is one opinion.
type Answer struct {
	Agent      string // "" when nobody in particular gave it
	Value      value.Value
	Confidence float64 // in [0, 1]
	Failed     bool
	Source     value.Value // the element it was read from
}

// Valid reports whether the answer counts: no error, a result, some confidence.
func (a Answer) Valid() bool {
	return !a.Failed && !a.Value.IsNull() && a.Confidence > 0
}

// assumed is the confidence of an agent's answer that states none.
const assumed = 0.5

// Answers reads a list of agent results, objects with a field "result", or of
// any values. A result's confidence is that of its field, else what the element
// carries, else 0.5; a plain value counts 1.
func Answers(elems []value.Value) []Answer {
	out := make([]Answer, len(elems))
	for i, e := range elems {
		out[i] = answer(e)
	}
	return out
}

func answer(e value.Value) Answer {
	p := e.Plain()
	a := Answer{Value: p, Confidence: e.C(), Source: e}
	if p.Kind() != value.ObjectKind {
		return a
	}
	o := p.AsObject()
	result, ok := o.Get("result")
	if !ok {
		if result, ok = o.Get("value"); !ok || !hasConfidence(o) {
			return a
		}
	}
	a.Value = result.Plain()
	switch c, stated := confidenceField(o); {
	case stated:
		a.Confidence = c
	case result.IsConfident():
		a.Confidence = result.C()
	case e.IsConfident():
		a.Confidence = e.C()
	default:
		a.Confidence = assumed
	}
	for _, key := range []string{"agentName", "agent", "agentId"} {
		if n, ok := o.Get(key); ok && n.PlainKind() == value.StringKind {
			a.Agent = n.Plain().AsString().Go()
			break
		}
	}
	if f, ok := o.Get("error"); ok && f.Truthy() {
		a.Failed = true
	}
	return a
}

func hasConfidence(o *value.Object) bool {
	_, ok := o.Get("confidence")
	return ok
}

// confidenceField reads the number "confidence" of an agent's result, clamped.
func confidenceField(o *value.Object) (float64, bool) {
	v, ok := o.Get("confidence")
	if p := v.Plain(); ok && p.IsNumber() && !math.IsNaN(p.Float()) {
		return min(max(p.Float(), 0), 1), true
	}
	return 0, false
}

// valid keeps the answers that count.
func valid(list []Answer) []Answer {
	var out []Answer
	for _, a := range list {
		if a.Valid() {
			out = append(out, a)
		}
	}
	return out
}

// mean is the mean confidence of answers, 0 of none.
func mean(list []Answer) float64 {
	if len(list) == 0 {
		return 0
	}
	sum := 0.0
	for _, a := range list {
		sum += a.Confidence
	}
	return sum / float64(len(list))
}

// camp is the answers that agree on a value, in order of first appearance.
type camp struct {
	value   value.Value
	answers []Answer
	weight  float64
}

// camps groups answers by value.
func camps(list []Answer, weight func(Answer) float64) []*camp {
	var out []*camp
next:
	for _, a := range list {
		for _, c := range out {
			if value.Same(c.value, a.Value) {
				c.answers = append(c.answers, a)
				c.weight += weight(a)
				continue next
			}
		}
		out = append(out, &camp{a.Value, []Answer{a}, weight(a)})
	}
	return out
}

// dissent lists the confident answers outside the winning value: experts who
// disagree are a signal that no average may hide.
func dissent(list []Answer, winner value.Value) []Answer {
	var out []Answer
	for _, a := range list {
		if a.Confidence >= 0.7 && !value.Same(a.Value, winner) {
			out = append(out, a)
		}
	}
	return out
}
