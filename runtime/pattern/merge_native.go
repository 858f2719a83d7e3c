package pattern

import (
	"fmt"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// mergeNative is merge(results, options).
func mergeNative(c *vm.Call) (value.Value, error) {
	list, err := answersOf(c, "merge")
	if err != nil {
		return value.NullValue, err
	}
	o := optionsOf(c, "merge")
	mo := MergeOptions{
		Method:        o.word("method", "shallow", "deep", "concat", "union", "intersection"),
		Fields:        o.texts("fields"),
		Arrays:        o.word("arrayStrategy", "concat", "union", "replace", "vote"),
		Conflict:      o.word("conflictResolution", "last", "first", "majority", "highest-confidence"),
		Deduplicate:   o.flag("deduplication") || o.flag("deduplicate"),
		DedupKey:      o.text("deduplicationKey"),
		MergeFields:   o.texts("mergeFields"),
		Limit:         o.count("limit"),
		MinConfidence: o.number("minConfidence", 0, 1, 0),
	}
	formula := o.scoring(&mo)
	if o.err != nil {
		return value.NullValue, o.err
	}
	if formula.IsNull() {
		return merged(c, list, mo), nil
	}
	return c.Begin(newScoreStep(list, mo, formula))
}

// merged is the outcome as programs see it.
func merged(c *vm.Call, list []Answer, mo MergeOptions) value.Value {
	v, confidence, counted := Merge(list, mo)
	obj := c.Object("result", v, "confidence", value.Num(confidence), "count", value.Int(len(counted)), "agents", agents(counted))
	return c.Derive(obj, confidence, "merge", func() (string, []*value.Why) {
		return fmt.Sprintf("%d of %d answers merged", len(counted), len(list)), said(counted, nil)
	})
}

// scoring reads {formula, minScore}; the formula is a function or null.
func (o *options) scoring(mo *MergeOptions) value.Value {
	v := o.get("scoring")
	if v.IsNull() {
		return v
	}
	if v.Kind() != value.ObjectKind {
		o.fail("scoring", "an object {formula, minScore}", v)
		return value.NullValue
	}
	sub := &options{c: o.c, who: o.who, obj: v.AsObject()}
	mo.Scoring = &Scoring{MinScore: sub.number("minScore", 0, 1, 0)}
	f := sub.get("formula")
	if !f.IsNull() && f.Kind() != value.Function {
		sub.fail("scoring.formula", "a function of {foundByCount, totalAgents, avgConfidence, maxConfidence}", f)
	}
	if o.err == nil {
		o.err = sub.err
	}
	return f
}

// scoreStep calls a formula for each way in which an element can have been
// found, then merges with the scores.
type scoreStep struct {
	list    []Answer
	options MergeOptions
	formula value.Value
	cases   []Found
	scores  map[Found]float64
	asked   int
}

func newScoreStep(list []Answer, mo MergeOptions, formula value.Value) *scoreStep {
	s := &scoreStep{list: list, options: mo, formula: formula, scores: map[Found]float64{}}
	collect := mo
	collect.Limit = 0
	collect.Scoring = &Scoring{Score: func(f Found) float64 {
		if _, ok := s.scores[f]; !ok {
			s.scores[f] = 0
			s.cases = append(s.cases, f)
		}
		return 1
	}}
	Merge(list, collect)
	return s
}

// Step implements vm.Stepper.
func (s *scoreStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	if s.asked > 0 {
		p := ret.Plain()
		if !p.IsNumber() {
			return value.NullValue, c.Errorf(codeArgument, "merge: scoring.formula must give a number, not %s", value.Inspect(p))
		}
		s.scores[s.cases[s.asked-1]] = p.Float()
	}
	if s.asked < len(s.cases) {
		f := s.cases[s.asked]
		s.asked++
		return c.Invoke(s.formula, c.Object("foundByCount", value.Int(f.FoundBy), "totalAgents", value.Int(f.Total),
			"avgConfidence", value.Num(f.Mean), "maxConfidence", value.Num(f.Max)))
	}
	s.options.Scoring.Score = func(f Found) float64 { return s.scores[f] }
	return merged(c, s.list, s.options), nil
}
