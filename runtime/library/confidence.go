package library

import (
	"math"
	"slices"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// share01 returns an argument that is a number in [0, 1].
func share01(c *vm.Call, who string, v value.Value) (float64, error) {
	f, err := number(c, who, v)
	if err != nil {
		return 0, err
	}
	if !(f >= 0 && f <= 1) {
		return 0, c.Errorf(codeRange, "%s: %s is outside 0 to 1", who, value.NumberText(f))
	}
	return f, nil
}

func (b *builder) confidence() {
	// confidence(c)(f) wraps f: its results carry c.
	confidence := vm.NewNative("confidence", 1, 1, func(c *vm.Call) (value.Value, error) {
		level, err := share01(c, "confidence", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		return fn("confidence", 1, 1, func(c *vm.Call) (value.Value, error) {
			if err := callback(c, "confidence", c.Args[0]); err != nil {
				return value.NullValue, err
			}
			f := c.Args[0]
			return fn("confidence", 0, -1, func(c *vm.Call) (value.Value, error) {
				return c.Begin(&stampStep{f: f, args: append([]value.Value(nil), c.Args...), level: level})
			}), nil
		}), nil
	})
	confidence.Members = map[string]value.Value{
		// The share of the most frequent answer.
		"from_consistency": fn("confidence.from_consistency", 1, 1, func(c *vm.Call) (value.Value, error) {
			a, err := list(c, "confidence.from_consistency", c.Args[0])
			if err != nil {
				return value.NullValue, err
			}
			best := 0
			type camp struct {
				answer value.Value
				size   int
			}
			camps := make(map[uint64][]camp)
			for _, e := range a.Elems() {
				h := value.Hash(e)
				i := slices.IndexFunc(camps[h], func(c camp) bool { return value.Same(c.answer, e) })
				if i < 0 {
					i = len(camps[h])
					camps[h] = append(camps[h], camp{answer: e})
				}
				camps[h][i].size++
				best = max(best, camps[h][i].size)
			}
			if a.Len() == 0 {
				return value.Num(0), nil
			}
			return value.Num(float64(best) / float64(a.Len())), nil
		}),
		"create_budget": fn("confidence.create_budget", 1, 2, createBudget),
	}
	b.lib.Globals["confidence"] = confidence.Value()

	// threshold(t)(array) keeps elements with at least t; threshold(x, min) and
	// xs |> threshold(t) do so at once.
	b.global("threshold", 1, 2, func(c *vm.Call) (value.Value, error) {
		if len(c.Args) == 2 {
			t, err := share01(c, "threshold", c.Args[1])
			if err != nil {
				return value.NullValue, err
			}
			return keep(c, c.Args[0], t)
		}
		t, err := share01(c, "threshold", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		return fn("threshold", 1, 1, func(c *vm.Call) (value.Value, error) { return keep(c, c.Args[0], t) }), nil
	})
	b.global("aggregate", 1, 2, aggregate)
	b.global("combine", 1, 2, func(c *vm.Call) (value.Value, error) {
		a, err := list(c, "combine", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		rule := "average"
		if len(c.Args) > 1 {
			s, err := text(c, "combine", c.Args[1])
			if err != nil {
				return value.NullValue, err
			}
			rule = s.Go()
		}
		level, err := combined(c, "combine", a.Elems(), rule)
		if err != nil {
			return value.NullValue, err
		}
		return value.Num(level), nil
	})
	scaled := func(name string, def float64) {
		b.global(name, 1, 2, func(c *vm.Call) (value.Value, error) {
			f := def
			if len(c.Args) > 1 {
				var err error
				if f, err = number(c, name, c.Args[1]); err != nil {
					return value.NullValue, err
				}
			}
			if !(f >= 0) {
				return value.NullValue, c.Errorf(codeRange, "%s: the factor must not be negative", name)
			}
			return c.Attach(c.Args[0], c.Args[0].C()*f, name, c.Args[0]), nil
		})
	}
	scaled("boost", 1.2)
	scaled("decay", 0.9)
	// clamp(x, lo, hi) bounds the confidence of x; of a plain number, the number.
	b.global("clamp", 3, 3, func(c *vm.Call) (value.Value, error) {
		lo, err := number(c, "clamp", c.Args[1])
		if err != nil {
			return value.NullValue, err
		}
		hi, err := number(c, "clamp", c.Args[2])
		if err != nil {
			return value.NullValue, err
		}
		if lo > hi {
			return value.NullValue, c.Errorf(codeRange, "clamp: the lower bound %s is above the upper bound %s", value.NumberText(lo), value.NumberText(hi))
		}
		if x := c.Args[0]; x.IsConfident() {
			return c.Attach(x, min(max(x.C(), lo), hi), "clamp", x), nil
		}
		x, err := number(c, "clamp", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		return value.Num(min(max(x, lo), hi)), nil
	})
	b.global("normalize", 1, 1, normalize)
}

// stampStep calls a function and gives its result a confidence.
type stampStep struct {
	f      value.Value
	args   []value.Value
	level  float64
	called bool
}

func (s *stampStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	if !s.called {
		s.called = true
		if len(s.args) > 4 {
			return value.NullValue, c.Errorf(codeArgument, "a function wrapped by confidence takes at most 4 arguments")
		}
		return c.Invoke(s.f, s.args...)
	}
	return c.Attach(ret, s.level, "confidence", ret), nil
}

// level returns the confidence of a value: its own, that of a plain record with
// a number in "confidence", such as an agent's result, or 1.
func level(v value.Value) float64 {
	if !v.IsConfident() && v.Kind() == value.ObjectKind {
		if f, ok := v.AsObject().Get("confidence"); ok && f.Plain().IsNumber() {
			return f.Plain().Float()
		}
	}
	return v.C()
}

func keep(c *vm.Call, arg value.Value, t float64) (value.Value, error) {
	p := arg.Plain()
	if p.Kind() != value.ArrayKind {
		if arg.C() >= t {
			return arg, nil
		}
		return value.NullValue, nil
	}
	var out []value.Value
	for _, e := range p.AsArray().Elems() {
		if level(e) >= t {
			out = append(out, e)
		}
	}
	value.ShareAll(out)
	return like(c, made(out), arg), nil
}

// combined computes one confidence of those of several values, plain ones
// counting 1; of none it is 0.
func combined(c *vm.Call, who string, elems []value.Value, rule string) (float64, error) {
	if len(elems) == 0 {
		return 0, nil
	}
	c0 := level(elems[0])
	switch rule {
	case "average":
		total := 0.0
		for _, e := range elems {
			total += level(e)
		}
		return total / float64(len(elems)), nil
	case "min", "max", "product":
		for _, e := range elems[1:] {
			switch rule {
			case "min":
				c0 = min(c0, level(e))
			case "max":
				c0 = max(c0, level(e))
			default:
				c0 *= level(e)
			}
		}
		return c0, nil
	}
	return 0, c.Errorf(codeArgument, "%s: the strategy is average, min, max or product, not %q", who, rule)
}

// aggregate(values, {strategy, combine}) gives the array, or what combine makes
// of it, with the combined confidence.
func aggregate(c *vm.Call) (value.Value, error) {
	a, err := list(c, "aggregate", c.Args[0])
	if err != nil {
		return value.NullValue, err
	}
	rule := "average"
	var f value.Value
	if !c.Arg(1).IsNull() {
		o, err := object(c, "aggregate", c.Args[1])
		if err != nil {
			return value.NullValue, err
		}
		if s, ok := o.Get("strategy"); ok && !s.IsNull() {
			t, err := text(c, "aggregate", s)
			if err != nil {
				return value.NullValue, err
			}
			rule = t.Go()
		}
		f, _ = o.Get("combine")
	}
	level, err := combined(c, "aggregate", a.Elems(), rule)
	if err != nil {
		return value.NullValue, err
	}
	plain := c.Args[0].Plain()
	plain.Share()
	if f.IsNull() {
		return c.Attach(plain, level, rule, a.Elems()...), nil
	}
	if err := callback(c, "aggregate", f); err != nil {
		return value.NullValue, err
	}
	return c.Begin(&stampStep{f: f, args: []value.Value{plain}, level: level})
}

// normalize scales the confidences of an array's elements so that the highest
// is 1.
func normalize(c *vm.Call) (value.Value, error) {
	a, err := list(c, "normalize", c.Args[0])
	if err != nil {
		return value.NullValue, err
	}
	top := 0.0
	for _, e := range a.Elems() {
		top = math.Max(top, e.C())
	}
	out := make([]value.Value, a.Len())
	for i, e := range a.Elems() {
		e.Share()
		out[i] = e
		if top > 0 {
			out[i] = c.Attach(e, e.C()/top, "normalize", e)
		}
	}
	return like(c, made(out), c.Args[0]), nil
}
