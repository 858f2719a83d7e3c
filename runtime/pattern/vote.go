package pattern

import (
	"fmt"

	"github.com/parallaxai/parallax/runtime/value"
)

// Error is a failed aggregation; Code is its symbolic name.
type Error struct {
	Code    string
	Message string
}

func (e *Error) Error() string { return e.Message }

// VoteOptions say how ballots are counted.
type VoteOptions struct {
	Method     string             // majority (default), plurality, unanimous, weighted
	MinVotes   int                // ballots needed; default 1
	Proceed    bool               // go on with fewer instead of failing
	Weights    map[string]float64 // by agent; "default" for the others; nil weighs by confidence
	TieBreaker string             // "", first, highest-confidence, random
	NoMajority string             // none (default), plurality, fail
	Field      string             // property of a result that holds the vote
	Share      bool               // confidence is share x mean confidence of the winners
	Seed       uint64             // of the random tie breaker
}

// Vote is the outcome of a vote. Winner is null when nobody won.
type Vote struct {
	Winner     value.Value
	Confidence float64
	Ballots    []Answer
	Camps      []*camp
	Unanimous  bool
	Total      float64 // sum of weights, or number of ballots
	Dissent    []Answer
}

// Count counts the ballots of the valid answers. A ballot is a scalar result
// itself, the field "decision" or "vote" of an object, else the object.
//
//	majority   winner by more than half of the ballots; confidence = share
//	plurality  most ballots, the earliest on a tie;     confidence = share
//	unanimous  all equal;                               confidence 1, else 0
//	weighted   largest sum of weights;                  confidence = sum / total
func Count(list []Answer, o VoteOptions) (Vote, error) {
	ballots := ballots(valid(list), o.Field)
	if need := max(o.MinVotes, 1); len(ballots) < need && !o.Proceed {
		return Vote{}, &Error{"INSUFFICIENT_VOTES", fmt.Sprintf("Not enough votes. Required: %d, Received: %d", need, len(ballots))}
	}
	weight := func(Answer) float64 { return 1 }
	if o.Method == "weighted" {
		weight = func(a Answer) float64 { return a.Confidence }
		if o.Weights != nil {
			weight = func(a Answer) float64 { return weightOf(o.Weights, a.Agent) }
		}
	}
	v := Vote{Ballots: ballots, Camps: camps(ballots, weight)}
	for _, c := range v.Camps {
		v.Total += c.weight
	}
	v.Unanimous = len(v.Camps) == 1
	best := v.top(o)
	switch {
	case best == nil:
		return v, nil
	case o.Method == "unanimous":
		if v.Unanimous {
			v.Winner, v.Confidence = best.value, 1
		}
	case o.Method == "plurality" || o.Method == "weighted":
		v.win(best, o)
	default:
		tied := v.tied(best)
		switch {
		case best.weight > v.Total/2:
			v.win(best, o)
		case tied && o.TieBreaker != "":
			v.win(best, o)
		case o.NoMajority == "plurality":
			v.win(best, o)
		case o.NoMajority == "fail":
			return v, &Error{"NO_MAJORITY", fmt.Sprintf("No majority: the largest camp has %d of %d votes", len(best.answers), len(ballots))}
		}
	}
	if !v.Winner.IsNull() {
		v.Dissent = dissent(ballots, v.Winner)
	}
	return v, nil
}

func weightOf(weights map[string]float64, agent string) float64 {
	if w, ok := weights[agent]; ok {
		return w
	}
	if w, ok := weights["default"]; ok {
		return w
	}
	return 1
}

func (v *Vote) win(c *camp, o VoteOptions) {
	v.Winner = c.value
	if v.Total > 0 {
		v.Confidence = c.weight / v.Total
	}
	if o.Share {
		v.Confidence *= mean(c.answers)
	}
}

func (v *Vote) tied(best *camp) bool {
	n := 0
	for _, c := range v.Camps {
		if c.weight == best.weight {
			n++
		}
	}
	return n > 1
}

// top is the camp with the largest weight; ties go by the tie breaker, the
// earliest ballot by default.
func (v *Vote) top(o VoteOptions) *camp {
	var best *camp
	var equal []*camp
	for _, c := range v.Camps {
		switch {
		case best == nil || c.weight > best.weight:
			best, equal = c, []*camp{c}
		case c.weight == best.weight:
			equal = append(equal, c)
			if o.TieBreaker == "highest-confidence" && mean(c.answers) > mean(best.answers) {
				best = c
			}
		}
	}
	if o.TieBreaker == "random" && len(equal) > 1 {
		return equal[o.Seed%uint64(len(equal))]
	}
	return best
}

// ballots replaces each answer's value by its vote; null is no ballot.
func ballots(list []Answer, field string) []Answer {
	var out []Answer
	for _, a := range list {
		if a.Value.Kind() == value.ObjectKind {
			o := a.Value.AsObject()
			if field != "" {
				a.Value = path(a.Value, field)
			} else if d, ok := o.Get("decision"); ok {
				a.Value = d.Plain()
			} else if d, ok := o.Get("vote"); ok {
				a.Value = d.Plain()
			}
		}
		if !a.Value.IsNull() {
			out = append(out, a)
		}
	}
	return out
}
