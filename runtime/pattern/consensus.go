package pattern

import (
	"fmt"
	"math"

	"github.com/parallaxai/parallax/runtime/value"
)

// ConsensusOptions say when answers agree.
type ConsensusOptions struct {
	Threshold     float64     // agreement needed, in [0, 1]; see DefaultThreshold
	MinVotes      int         // answers needed; 0 gives null at confidence 0 for none
	MinConfidence float64     // answers below are dropped first
	Resolution    string      // weighted (default), first, highest-confidence, majority, fail
	Fields        []FieldRule // of objects; nil is every field
	Field         string      // path to the value to agree on; "" is decision, vote or the whole
	Normalize     bool        // texts count equal but for case and white space around them
}

// DefaultThreshold is the agreement needed when nothing else is said.
const DefaultThreshold = 0.7

// tolerance keeps rounding from deciding whether an agreement suffices.
const tolerance = 1e-9

// FieldRule is how one field is agreed on.
type FieldRule struct {
	Name      string
	Threshold float64 // negative is that of the options
	Method    string  // "", union, average, majority
}

// Consensus is the outcome. Its confidence is agreement x mean confidence of
// the answers that counted.
type Consensus struct {
	Value      value.Value
	Agreement  float64
	Confidence float64
	Reached    bool
	Agreeing   []Answer // those that gave the value
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
	for i := range counted {
		counted[i].index = i
	}
	c := Consensus{Answers: counted}
	if o.Field == "" && objects(counted) {
		if err := c.agreeObjects(o); err != nil {
			return c, err
		}
	} else {
		list := ballots(counted, o.Field, o.Normalize)
		f, agreeing, err := agreeValues(list, o, "")
		if err != nil {
			return c, err
		}
		c.Value, c.Agreement, c.Reached, c.Agreeing = f.Value, f.Agreement, f.Reached, agreeing
		c.dissent(list, agreeing)
	}
	c.Confidence = min(c.Agreement*mean(counted), 1)
	return c, nil
}

// dissent adds the confident answers that are not among those that agree.
func (c *Consensus) dissent(list, agreeing []Answer) {
	agree := make([]bool, len(c.Answers))
	for _, a := range agreeing {
		agree[a.index] = true
	}
	for _, a := range c.Dissent {
		agree[a.index] = true // known already
	}
	for _, a := range list {
		if a.Confidence >= expert && !agree[a.index] {
			a.Value = c.Answers[a.index].Value
			c.Dissent = append(c.Dissent, a)
		}
	}
}

// objects reports whether all answers are objects without a vote of their own.
func objects(list []Answer) bool {
	for _, a := range list {
		if _, ok := decision(a.Value); ok || a.Value.Kind() != value.ObjectKind {
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
					rules = append(rules, FieldRule{Name: k, Threshold: -1})
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
				if a.Value = v; o.Normalize {
					a.Value = normalized(v)
				}
				with = append(with, a)
			}
		}
		if len(with) == 0 {
			continue
		}
		fo := o
		if rule.Threshold >= 0 {
			fo.Threshold = rule.Threshold
		}
		f, agreeing, err := agreeValues(with, fo, rule.Method)
		if err != nil {
			return err
		}
		c.dissent(with, agreeing)
		f.Name = rule.Name
		f.Confidence = min(f.Agreement*mean(with), 1)
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

// agreeValues agrees on one value or field and tells which answers gave it.
func agreeValues(list []Answer, o ConsensusOptions, method string) (Field, []Answer, error) {
	var f Field
	var agreeing []Answer
	numeric := method == "average" || (method == "" && allNumbers(list))
	switch {
	case len(list) == 0:
		return f, nil, nil
	case method == "union":
		f.Value, f.Agreement, agreeing = unite(list)
	case numeric:
		f.Value, f.Agreement, agreeing = average(list)
	default:
		best := largest(camps(list, one))
		f.Value, f.Agreement, agreeing = best.value, share(best, list), best.answers
	}
	if f.Reached = f.Agreement >= o.Threshold-tolerance; f.Reached {
		return f, agreeing, nil
	}
	if o.Resolution == "fail" {
		return f, agreeing, &Error{"CONSENSUS_FAILED", fmt.Sprintf("Agreement (%s) below threshold (%s)",
			value.NumberText(math.Round(f.Agreement*1e4)/1e4), value.NumberText(o.Threshold))}
	}
	if method != "" {
		return f, agreeing, nil // the pattern says how the value is made
	}
	switch o.Resolution {
	case "majority":
	case "first":
		f.Value, f.Agreement, agreeing = chosen(list, list[0].Value)
	case "highest-confidence":
		top, _ := mostConfident(list)
		f.Value, f.Agreement, agreeing = chosen(list, top.Value)
	default: // weighted
		if numeric {
			f.Value = weightedMean(agreeing)
			break
		}
		best := surest(camps(list, one))
		f.Value, f.Agreement, agreeing = best.value, share(best, list), best.answers
	}
	return f, agreeing, nil
}

// share is the part of the answers that stand in a camp.
func share(c *camp, list []Answer) float64 { return float64(len(c.answers)) / float64(len(list)) }

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

// surest is the camp with the highest mean confidence; ties go to the larger
// one, then to the first.
func surest(list []*camp) *camp {
	best := list[0]
	for _, c := range list[1:] {
		if m, b := mean(c.answers), mean(best.answers); m > b || (m == b && len(c.answers) > len(best.answers)) {
			best = c
		}
	}
	return best
}
