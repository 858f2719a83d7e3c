package pattern

import (
	"cmp"
	"math"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
)

// Answer is one opinion.
type Answer struct {
	Agent      string // name of the agent, "" when nobody in particular gave it
	AgentID    string // "" when unknown or the same as Agent
	Value      value.Value
	Confidence float64 // in [0, 1]
	Failed     bool
	Source     value.Value // the element it was read from
	index      int         // among the answers of one merge
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
	a.Agent, a.AgentID = agentOf(o)
	if f, ok := o.Get("error"); ok && f.Truthy() {
		a.Failed = true
	}
	return a
}

// agentOf reads who gave a result: agentName or agent (text, or an object with
// a name), and agentId, which also stands in for a missing name.
func agentOf(o *value.Object) (name, id string) {
	text := func(o *value.Object, key string) string {
		if v, ok := o.Get(key); ok && v.PlainKind() == value.StringKind {
			return v.Plain().AsString().Go()
		}
		return ""
	}
	name, id = text(o, "agentName"), text(o, "agentId")
	if name == "" {
		name = text(o, "agent")
	}
	if v, ok := o.Get("agent"); ok && v.PlainKind() == value.ObjectKind {
		agent := v.Plain().AsObject()
		name, id = cmp.Or(name, text(agent, "name")), cmp.Or(id, text(agent, "id"))
	}
	return cmp.Or(name, id), id
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

// one weighs every answer alike.
func one(Answer) float64 { return 1 }

// camps groups answers by value.
func camps(list []Answer, weight func(Answer) float64) []*camp {
	var out []*camp
	var known index[*camp]
	for _, a := range list {
		c, ok := known.get(a.Value)
		if !ok {
			c = &camp{value: a.Value}
			out = append(out, c)
			known.put(a.Value, c)
		}
		c.answers = append(c.answers, a)
		c.weight += weight(a)
	}
	return out
}

// expert is the confidence from which an answer that disagrees is pointed out.
const expert = 0.7

// dissent lists the confident answers outside the winning value: experts who
// disagree are a signal that no average may hide.
func dissent(list []Answer, winner value.Value) []Answer {
	var out []Answer
	for _, a := range list {
		if a.Confidence >= expert && !value.Same(a.Value, winner) {
			out = append(out, a)
		}
	}
	return out
}

// path follows "a.b.c" into objects; null where it ends. A key that contains
// dots itself is found first.
func path(v value.Value, p string) value.Value {
	for {
		if v.Kind() != value.ObjectKind {
			return value.NullValue
		}
		if x, ok := v.AsObject().Get(p); ok {
			return x.Plain()
		}
		head, rest, more := strings.Cut(p, ".")
		if !more {
			return value.NullValue
		}
		x, _ := v.AsObject().Get(head)
		v, p = x.Plain(), rest
	}
}

// normalized is text in lower case without white space around it; other values
// come back as they are.
func normalized(v value.Value) value.Value {
	if v.Kind() != value.StringKind {
		return v
	}
	return value.Str(strings.ToLower(strings.TrimSpace(v.AsString().Go())))
}

// ballots replaces each answer's value by its vote: the part at a path, else the
// field "decision" or "vote" of an object, else the value; null is no ballot.
func ballots(list []Answer, field string, normalize bool) []Answer {
	var out []Answer
	for _, a := range list {
		if field != "" {
			if a.Value.Kind() == value.ObjectKind {
				a.Value = path(a.Value, field)
			}
		} else if v, ok := decision(a.Value); ok {
			a.Value = v
		}
		if normalize {
			a.Value = normalized(a.Value)
		}
		if !a.Value.IsNull() {
			out = append(out, a)
		}
	}
	return out
}

// decision is the field "decision" or "vote" of an object.
func decision(v value.Value) (value.Value, bool) {
	if v.Kind() != value.ObjectKind {
		return v, false
	}
	for _, key := range []string{"decision", "vote"} {
		if d, ok := v.AsObject().Get(key); ok {
			return d.Plain(), true
		}
	}
	return v, false
}

// mostConfident is the answer with the highest confidence, the first of equals;
// ok is false for an empty list.
func mostConfident(list []Answer) (best Answer, ok bool) {
	for i, a := range list {
		if i == 0 || a.Confidence > best.Confidence {
			best = a
		}
	}
	return best, len(list) > 0
}
