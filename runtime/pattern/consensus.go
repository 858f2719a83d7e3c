package pattern

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
)

// ConsensusOptions say when answers agree.
type ConsensusOptions struct {
	Threshold     float64 // agreement needed; default 0.7
	MinVotes      int
	MinConfidence float64     // answers below are dropped first
	Resolution    string      // weighted (default), first, highest-confidence, majority, fail
	Fields        []FieldRule // of objects; nil is every field
}

// FieldRule is how one field is agreed on.
type FieldRule struct {
	Name      string
	Threshold float64 // 0 is that of the options
	Method    string  // "", union, average, majority
}

// Consensus is the outcome. Its confidence is agreement x mean confidence of
// the answers that counted.
type Consensus struct {
	Value      value.Value
	Agreement  float64
	Confidence float64
	Reached    bool
	Agreeing   []string // agents that gave the value
	Fields     []Field  // of objects
	Answers    []Answer
	Dissent    []Answer
}

// Field is the agreement on one field of objects.
type Field struct {
	Name       string
	Value      value.Value
	Agreement  float64
	Confidence float64
	Reached    bool
}

// Agree finds what answers have in common.
//
//	values   agreement = size of the largest camp / answers
//	numbers  value = mean, agreement = max(0, 1 - sigma/|mean|), sigma of the
//	         population; a mean of 0 agrees only if all are 0
//	objects  every field by itself; agreement = mean of the fields'
func Agree(list []Answer, o ConsensusOptions) (Consensus, error) {
	var counted []Answer
	for _, a := range valid(list) {
		if a.Confidence >= o.MinConfidence {
			counted = append(counted, a)
		}
	}
	if len(counted) < max(o.MinVotes, 1) {
		if o.MinVotes > 0 {
			return Consensus{}, &Error{"INSUFFICIENT_VOTES", fmt.Sprintf("Not enough votes. Required: %d, Received: %d", o.MinVotes, len(counted))}
		}
		return Consensus{}, nil
	}
	c := Consensus{Answers: counted}
	if objects(counted) {
		if err := c.agreeObjects(o); err != nil {
			return c, err
		}
	} else {
		f, agreeing, err := agreeValues(ballots(counted, ""), o, "")
		if err != nil {
			return c, err
		}
		c.Value, c.Agreement, c.Reached = f.Value, f.Agreement, f.Reached
		for _, a := range agreeing {
			if a.Agent != "" {
				c.Agreeing = append(c.Agreeing, a.Agent)
			}
		}
		c.Dissent = dissent(counted, c.Value)
	}
	c.Confidence = c.Agreement * mean(counted)
	return c, nil
}

// objects reports whether all answers are objects without a vote of their own.
func objects(list []Answer) bool {
	for _, a := range list {
		if a.Value.Kind() != value.ObjectKind {
			return false
		}
		o := a.Value.AsObject()
		if _, ok := o.Get("decision"); ok {
			return false
		}
		if _, ok := o.Get("vote"); ok {
			return false
		}
	}
	return true
}

func (c *Consensus) agreeObjects(o ConsensusOptions) error {
	rules := o.Fields
	if rules == nil {
		seen := map[string]bool{}
		for _, a := range c.Answers {
			for _, k := range a.Value.AsObject().Keys() {
				if !seen[k] {
					seen[k] = true
					rules = append(rules, FieldRule{Name: k})
				}
			}
		}
	}
	var keys []string
	var vals []value.Value
	sum := 0.0
	c.Reached = true
	for _, rule := range rules {
		var with []Answer
		for _, a := range c.Answers {
			if v := path(a.Value, rule.Name); !v.IsNull() {
				a.Value = v
				with = append(with, a)
			}
		}
		if len(with) == 0 {
			continue
		}
		fo := o
		if rule.Threshold > 0 {
			fo.Threshold = rule.Threshold
		}
		f, _, err := agreeValues(with, fo, rule.Method)
		if err != nil {
			return err
		}
		f.Name = rule.Name
		f.Confidence = f.Agreement * mean(with)
		f.Value.Share()
		c.Fields = append(c.Fields, f)
		keys, vals = append(keys, rule.Name), append(vals, f.Value)
		sum += f.Agreement
		c.Reached = c.Reached && f.Reached
	}
	c.Value = value.ObjectOf(keys, vals).Value()
	if len(c.Fields) > 0 {
		c.Agreement = sum / float64(len(c.Fields))
	} else {
		c.Reached = false
	}
	return nil
}

// agreeValues agrees on one value or field.
func agreeValues(list []Answer, o ConsensusOptions, method string) (Field, []Answer, error) {
	threshold := o.Threshold
	if threshold == 0 {
		threshold = 0.7
	}
	if method == "union" {
		v, agreement := union(list)
		return Field{Value: v, Agreement: agreement, Reached: agreement >= threshold}, list, nil
	}
	numeric := method == "average" || (method == "" && allNumbers(list))
	var f Field
	var agreeing []Answer
	if numeric {
		f.Value, f.Agreement = average(list)
		agreeing = list
	} else {
		best := largest(camps(list, func(Answer) float64 { return 1 }))
		f.Value, f.Agreement, agreeing = best.value, float64(len(best.answers))/float64(len(list)), best.answers
	}
	if f.Reached = f.Agreement >= threshold-1e-12; f.Reached {
		return f, agreeing, nil
	}
	switch o.Resolution {
	case "fail":
		return f, agreeing, &Error{"CONSENSUS_FAILED", fmt.Sprintf("Agreement (%s) below threshold (%s)",
			value.NumberText(math.Round(f.Agreement*1e4)/1e4), value.NumberText(threshold))}
	case "majority":
	case "first":
		f.Value, f.Agreement, agreeing = chosen(list, list[0].Value)
	case "highest-confidence":
		top := list[0]
		for _, a := range list[1:] {
			if a.Confidence > top.Confidence {
				top = a
			}
		}
		f.Value, f.Agreement, agreeing = chosen(list, top.Value)
	default: // weighted
		if numeric {
			sum, weights := 0.0, 0.0
			for _, a := range list {
				sum += a.Value.Float() * a.Confidence
				weights += a.Confidence
			}
			if weights > 0 {
				f.Value = value.Num(sum / weights)
			}
			break
		}
		var best *camp
		for _, c := range camps(list, func(Answer) float64 { return 1 }) {
			if best == nil || mean(c.answers) > mean(best.answers) ||
				(mean(c.answers) == mean(best.answers) && len(c.answers) > len(best.answers)) {
				best = c
			}
		}
		f.Value, f.Agreement, agreeing = best.value, float64(len(best.answers))/float64(len(list)), best.answers
	}
	return f, agreeing, nil
}

// chosen is a value with the share of the answers that gave it.
func chosen(list []Answer, v value.Value) (value.Value, float64, []Answer) {
	var agreeing []Answer
	for _, a := range list {
		if value.Same(a.Value, v) {
			agreeing = append(agreeing, a)
		}
	}
	return v, float64(len(agreeing)) / float64(len(list)), agreeing
}

// largest is the biggest camp; ties go to the higher mean confidence, then to
// the first.
func largest(list []*camp) *camp {
	best := list[0]
	for _, c := range list[1:] {
		if len(c.answers) > len(best.answers) || (len(c.answers) == len(best.answers) && mean(c.answers) > mean(best.answers)) {
			best = c
		}
	}
	return best
}

func allNumbers(list []Answer) bool {
	for _, a := range list {
		if !a.Value.IsNumber() {
			return false
		}
	}
	return true
}

// average is the mean of the numeric values with their agreement.
func average(list []Answer) (value.Value, float64) {
	var xs []float64
	for _, a := range list {
		if a.Value.IsNumber() {
			xs = append(xs, a.Value.Float())
		}
	}
	if len(xs) == 0 {
		return value.NullValue, 0
	}
	m := 0.0
	for _, x := range xs {
		m += x
	}
	m /= float64(len(xs))
	variance := 0.0
	for _, x := range xs {
		variance += (x - m) * (x - m)
	}
	sigma := math.Sqrt(variance / float64(len(xs)))
	if m == 0 {
		if sigma == 0 {
			return value.Num(0), 1
		}
		return value.Num(0), 0
	}
	return value.Num(m), max(0, 1-sigma/math.Abs(m))
}

// union is the distinct elements of lists in order of first appearance;
// agreement = occurrences / (answers x distinct elements).
func union(list []Answer) (value.Value, float64) {
	var out []value.Value
	occurrences := 0
	for _, a := range list {
		elems := []value.Value{a.Value}
		if a.Value.Kind() == value.ArrayKind {
			elems = a.Value.AsArray().Elems()
		}
		var own []value.Value
		for _, e := range elems {
			if contains(own, e) {
				continue
			}
			own = append(own, e)
			occurrences++
			if !contains(out, e) {
				e.Share()
				out = append(out, e)
			}
		}
	}
	if len(out) == 0 {
		return value.NewArray(nil), 1
	}
	return value.NewArray(out), float64(occurrences) / float64(len(list)*len(out))
}

func contains(list []value.Value, v value.Value) bool {
	return slices.ContainsFunc(list, func(x value.Value) bool { return value.Same(x, v) })
}

// path follows "a.b.c" into objects; null where it ends.
func path(v value.Value, p string) value.Value {
	for _, key := range strings.Split(p, ".") {
		if v.Kind() != value.ObjectKind {
			return value.NullValue
		}
		x, _ := v.AsObject().Get(key)
		v = x.Plain()
	}
	return v
}
