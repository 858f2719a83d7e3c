package pattern

import (
	"fmt"
	"slices"

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
	Weights    map[string]float64 // by name or id of the agent; "default" for the others; nil weighs by confidence
	TieBreaker string             // "", first, highest-confidence, random
	NoMajority string             // none (default), plurality, fail, retry (fails too, for the caller to try again)
	Field      string             // path to the vote in a result; "" is decision, vote or the whole
	Normalize  bool               // texts count equal but for case and white space around them
	Share      bool               // confidence is share x mean confidence of the winners
	Seed       uint64             // of the random tie breaker
}

// Vote is the outcome of a vote. Winner is null when nobody won.
type Vote struct {
	Winner     value.Value
	Confidence float64
	Share      float64 // of the winner, 0 without one
	Score      float64 // weight of the winner's camp, 0 without one
	Ballots    []Answer
	Camps      []*camp
	Unanimous  bool    // there are ballots and all are equal
	AllPassed  bool    // there are ballots and all are true values
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
	ballots := ballots(valid(list), o.Field, o.Normalize)
	if need := max(o.MinVotes, 1); len(ballots) < need && !o.Proceed {
		return Vote{}, &Error{"INSUFFICIENT_VOTES", fmt.Sprintf("Not enough votes. Required: %d, Received: %d", need, len(ballots))}
	}
	weight := o.weight()
	v := Vote{Ballots: ballots, Camps: camps(ballots, weight)}
	for _, a := range ballots {
		v.Total += weight(a)
	}
	v.Unanimous = len(v.Camps) == 1
	v.AllPassed = len(ballots) > 0 && !slices.ContainsFunc(ballots, func(a Answer) bool { return !a.Value.Truthy() })
	best := v.top(o)
	switch {
	case best == nil:
		return v, nil
	case o.Method == "unanimous":
		if v.Unanimous {
			v.win(best, o)
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
		case o.NoMajority == "fail" || o.NoMajority == "retry":
			return v, &Error{"NO_MAJORITY", fmt.Sprintf("No majority: the largest camp has %d of %d votes", len(best.answers), len(ballots))}
		}
	}
	if !v.Winner.IsNull() {
		v.Dissent = dissent(ballots, v.Winner)
	}
	return v, nil
}

// weight returns what a ballot counts by the method.
func (o VoteOptions) weight() func(Answer) float64 {
	switch {
	case o.Method != "weighted":
		return one
	case o.Weights != nil:
		return func(a Answer) float64 { return weightOf(o.Weights, a) }
	}
	return func(a Answer) float64 { return a.Confidence }
}

// weightOf is what the ballot of an agent weighs: 1 for one that the map leaves
// out and that has no default.
func weightOf(weights map[string]float64, a Answer) float64 {
	if w, ok := weights[a.Agent]; ok && a.Agent != "" {
		return w
	}
	if w, ok := weights[a.AgentID]; ok && a.AgentID != "" {
		return w
	}
	if w, ok := weights["default"]; ok {
		return w
	}
	return 1
}

func (v *Vote) win(c *camp, o VoteOptions) {
	v.Winner, v.Score, v.Share = c.value, c.weight, 1
	if v.Total > 0 && !v.Unanimous {
		v.Share = c.weight / v.Total
	} else if v.Total == 0 && o.Method == "weighted" {
		v.Share = 0
	}
	v.Confidence = min(v.Share, 1)
	if o.Share {
		v.Confidence *= mean(c.answers)
	}
}

// Kind is unanimous, majority (the winner has more than half) or split.
func (v *Vote) Kind() string {
	switch {
	case v.Unanimous:
		return "unanimous"
	case v.Share > 0.5:
		return "majority"
	}
	return "split"
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
