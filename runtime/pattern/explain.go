package pattern

import (
	"fmt"
	"math"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
)

// maxExplained bounds how many answers an explanation lists.
const maxExplained = 50

// said tells of each answer who gave it, what it says and where its confidence is
// from. weight, when not nil, is what it counted.
func said(list []Answer, weight func(Answer) float64) []*value.Why {
	var out []*value.Why
	for i, a := range list {
		if i == maxExplained {
			out = append(out, &value.Why{Rule: "answers", C: mean(list[i:]), Note: fmt.Sprintf("and %d more", len(list)-i)})
			break
		}
		w := &value.Why{Rule: "answer", C: a.Confidence}
		who := a.Agent
		if who == "" {
			who = fmt.Sprintf("answer %d", i+1)
		}
		w.Note = who + " says " + brief(a.Value)
		if weight != nil {
			w.Note += ", counted " + rounded(weight(a))
		}
		if isAssumed(a) {
			w.Note += ", confidence assumed: none was stated"
		}
		if why := a.Source.Why(); why != nil && a.Agent == "" {
			w.Operands = []*value.Why{why}
		}
		out = append(out, w)
	}
	return out
}

// isAssumed reports whether an agent stated no confidence.
func isAssumed(a Answer) bool {
	p := a.Source.Plain()
	if p.Kind() != value.ObjectKind {
		return false
	}
	v, ok := p.AsObject().Get("confidenceStated")
	v = v.Plain()
	return ok && v.IsBool() && !v.True()
}

// rounded prints a number to four decimals.
func rounded(f float64) string { return value.NumberText(math.Round(f*1e4) / 1e4) }

// brief is a value on one line, cut short.
func brief(v value.Value) string {
	text := value.Inspect(v)
	if r := []rune(text); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return text
}

// explain tells how a vote was counted.
func (v *Vote) explain(o VoteOptions) string {
	method := o.Method
	if method == "" {
		method = "majority"
	}
	var camps []string
	for _, c := range v.Camps {
		camps = append(camps, fmt.Sprintf("%s %s", brief(c.value), rounded(c.weight)))
	}
	text := fmt.Sprintf("%s vote of %d: %s", method, len(v.Ballots), strings.Join(camps, ", "))
	if len(camps) == 0 {
		text = method + " vote without ballots"
	}
	if v.Winner.IsNull() {
		return text + "; nobody wins"
	}
	text += fmt.Sprintf("; %s wins with %s of %s", brief(v.Winner), rounded(v.Score), rounded(v.Total))
	if o.Share {
		text += ", times the mean confidence of its voters"
	}
	if len(v.Dissent) > 0 {
		text += fmt.Sprintf("; %s sure of something else", agentsText(v.Dissent))
	}
	return text
}

func agentsText(list []Answer) string {
	var names []string
	for _, a := range list {
		if a.Agent != "" {
			names = append(names, a.Agent)
		}
	}
	if len(names) == 1 {
		return names[0] + " is"
	}
	return strings.Join(names, ", ") + " are"
}

// explain tells how far answers agree.
func (r *Consensus) explain(threshold float64) string {
	text := fmt.Sprintf("agreement of %d answers %s, needed %s", len(r.Answers), rounded(r.Agreement), rounded(threshold))
	for _, f := range r.Fields {
		text += fmt.Sprintf("; %s %s", f.Name, rounded(f.Agreement))
	}
	if !r.Reached {
		text += "; not reached"
	}
	if len(r.Dissent) > 0 {
		text += fmt.Sprintf("; %s sure of something else", agentsText(r.Dissent))
	}
	return text
}
