package pattern

import (
	"math"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// record is the outcome of best and first.
func record(c *vm.Call, a Answer, ok bool, score value.Value, rule string) value.Value {
	if !ok {
		obj := c.Object("result", value.NullValue, "confidence", value.Num(0), "agent", value.NullValue, "score", value.NullValue)
		return c.Attach(obj, 0, rule)
	}
	obj := c.Object("result", a.Value, "confidence", value.Num(a.Confidence), "agent", name(a), "score", score)
	return c.Derive(obj, a.Confidence, rule, func() (string, []*value.Why) {
		return "one answer is taken", said([]Answer{a}, nil)
	})
}

// bestNative is best(results) or best(results, by): the most confident answer,
// or the one for which a function gives the highest number.
func bestNative(c *vm.Call) (value.Value, error) {
	list, err := answersOf(c, "best")
	if err != nil {
		return value.NullValue, err
	}
	ok := valid(list)
	by := c.Arg(1)
	if p := by.Plain(); p.Kind() == value.ObjectKind {
		by, _ = p.AsObject().Get("by")
	}
	if by.PlainKind() == value.Function {
		return c.Begin(&bestStep{list: ok, by: by})
	}
	if !by.IsNull() {
		return value.NullValue, c.Errorf(codeArgument, "best: by is a function of the result, not %s", value.Inspect(by))
	}
	a, found := mostConfident(ok)
	return record(c, a, found, value.Num(a.Confidence), "best"), nil
}

type bestStep struct {
	list  []Answer
	by    value.Value
	i     int
	best  int
	score float64
}

func (s *bestStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	if s.i > 0 {
		p := ret.Plain()
		if !p.IsNumber() || math.IsNaN(p.Float()) {
			return value.NullValue, c.Errorf(codeArgument, "best: by must give a number, not %s", value.Inspect(p))
		}
		if s.i == 1 || p.Float() > s.score {
			s.best, s.score = s.i-1, p.Float()
		}
	}
	if s.i < len(s.list) {
		s.i++
		return c.Invoke(s.by, s.list[s.i-1].Source)
	}
	if len(s.list) == 0 {
		return record(c, Answer{}, false, value.NullValue, "best"), nil
	}
	return record(c, s.list[s.best], true, value.Num(s.score), "best"), nil
}

// firstNative is first(results, {minConfidence}): the earliest good answer.
func firstNative(c *vm.Call) (value.Value, error) {
	list, err := answersOf(c, "first")
	if err != nil {
		return value.NullValue, err
	}
	o := optionsOf(c, "first")
	least := o.number("minConfidence", 0, 1, 0)
	if o.err != nil {
		return value.NullValue, o.err
	}
	for _, a := range valid(list) {
		if a.Confidence >= least {
			return record(c, a, true, value.Num(a.Confidence), "first"), nil
		}
	}
	return record(c, Answer{}, false, value.NullValue, "first"), nil
}
