package library

import (
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// each goes over the elements of an array and calls a function with (element,
// index, array).
type each struct {
	elems []value.Value
	whole value.Value // the array, as third argument
	f     value.Value
	i     int  // elements asked for so far
	down  bool // elems are in reverse
}

// next asks for the result of the next element; more is false at the end.
func (e *each) next(c *vm.Call) (more bool) {
	if e.i >= len(e.elems) {
		return false
	}
	v := e.elems[e.i]
	v.Share()
	i := e.i
	if e.down {
		i = len(e.elems) - 1 - i
	}
	c.Invoke(e.f, v, value.Int(i), e.whole)
	e.i++
	return true
}

// iterating defines the methods with a callback and the global functions that
// take the array first. A confident array makes the global's result confident.
func (b *builder) iterating() {
	type maker func(e each) vm.Stepper
	for name, mk := range map[string]maker{
		"map":       func(e each) vm.Stepper { return &mapStep{each: e} },
		"filter":    func(e each) vm.Stepper { return &filterStep{each: e} },
		"forEach":   func(e each) vm.Stepper { return &forEachStep{each: e} },
		"find":      func(e each) vm.Stepper { return &findStep{each: e} },
		"findIndex": func(e each) vm.Stepper { return &findStep{each: e, index: true} },
		"findLast":  func(e each) vm.Stepper { return &findStep{each: reversed(e)} },
		"some":      func(e each) vm.Stepper { return &testStep{each: e, stop: true} },
		"every":     func(e each) vm.Stepper { return &testStep{each: e} },
		"flatMap":   func(e each) vm.Stepper { return &flatMapStep{each: e} },
	} {
		b.array(name, 1, 1, func(c *vm.Call, a *value.Array) (value.Value, error) {
			if err := callback(c, name, c.Args[0]); err != nil {
				return value.NullValue, err
			}
			c.This.Share()
			return c.Begin(mk(each{elems: a.Elems(), whole: c.This, f: c.Args[0]}))
		})
		if name == "findIndex" || name == "findLast" || name == "flatMap" {
			continue
		}
		b.global(name, 2, 2, func(c *vm.Call) (value.Value, error) {
			a, err := list(c, name, c.Args[0])
			if err != nil {
				return value.NullValue, err
			}
			if err := callback(c, name, c.Args[1]); err != nil {
				return value.NullValue, err
			}
			c.Args[0].Share()
			return c.Begin(&likeStep{step: mk(each{elems: a.Elems(), whole: c.Args[0].Plain(), f: c.Args[1]}), arg: c.Args[0]})
		})
	}
	b.array("reduce", 1, 2, func(c *vm.Call, a *value.Array) (value.Value, error) {
		return reduce(c, a, c.This, c.Args, value.NullValue)
	})
	b.global("reduce", 2, 3, func(c *vm.Call) (value.Value, error) {
		a, err := list(c, "reduce", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		return reduce(c, a, c.Args[0].Plain(), c.Args[1:], c.Args[0])
	})
}

// likeStep gives the result of another stepper the confidence of the array.
type likeStep struct {
	step vm.Stepper
	arg  value.Value
}

func (s *likeStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	v, err := s.step.Step(c, ret)
	if err != nil || c.Busy() {
		return v, err
	}
	return like(c, v, s.arg), nil
}

type mapStep struct {
	each
	out []value.Value
}

func (s *mapStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	if s.i == 0 {
		s.out = make([]value.Value, 0, len(s.elems))
	} else {
		s.out = append(s.out, ret)
	}
	if s.next(c) {
		return value.NullValue, nil
	}
	return made(s.out), nil
}

type filterStep struct {
	each
	out []value.Value
}

func (s *filterStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	if s.i > 0 && ret.Truthy() {
		s.out = append(s.out, s.elems[s.i-1])
	}
	if s.next(c) {
		return value.NullValue, nil
	}
	return made(s.out), nil
}

type forEachStep struct{ each }

func (s *forEachStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	s.next(c)
	return value.NullValue, nil
}

// reversed makes each go from the last element to the first.
func reversed(e each) each {
	out := make([]value.Value, len(e.elems))
	for i, v := range e.elems {
		out[len(out)-1-i] = v
	}
	e.elems, e.down = out, true
	return e
}

type findStep struct {
	each
	index bool
}

func (s *findStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	if s.i > 0 && ret.Truthy() {
		if s.index {
			return value.Int(s.i - 1), nil
		}
		return s.elems[s.i-1], nil
	}
	if s.next(c) {
		return value.NullValue, nil
	}
	if s.index {
		return value.Int(-1), nil
	}
	return value.NullValue, nil
}

// testStep is some (stop at true) and every (stop at false).
type testStep struct {
	each
	stop bool
}

func (s *testStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	if s.i > 0 && ret.Truthy() == s.stop {
		return value.Bool(s.stop), nil
	}
	if s.next(c) {
		return value.NullValue, nil
	}
	return value.Bool(!s.stop), nil
}

// flatMapStep keeps what the function returned until it knows how much it is.
type flatMapStep struct {
	each
	parts []value.Value
	n     int
}

func (s *flatMapStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	if s.i > 0 {
		if p := ret.Plain(); p.Kind() == value.ArrayKind {
			s.n += p.AsArray().Len()
		} else {
			s.n++
		}
		if s.n > c.Limits().Array {
			return value.NullValue, c.Errorf("R0010", "flatMap: an array may have at most %d elements", c.Limits().Array)
		}
		s.parts = append(s.parts, ret)
	}
	if s.next(c) {
		return value.NullValue, nil
	}
	out := make([]value.Value, 0, s.n)
	for _, part := range s.parts {
		if p := part.Plain(); p.Kind() == value.ArrayKind {
			for _, e := range p.AsArray().Elems() {
				out = append(out, like(c, e, part))
			}
		} else {
			out = append(out, part)
		}
	}
	value.ShareAll(out)
	return made(out), nil
}

// reduce folds from the left; without an initial value the first element is it.
func reduce(c *vm.Call, a *value.Array, whole value.Value, args []value.Value, arg value.Value) (value.Value, error) {
	if err := callback(c, "reduce", args[0]); err != nil {
		return value.NullValue, err
	}
	s := &reduceStep{each: each{elems: a.Elems(), whole: whole, f: args[0]}, arg: arg}
	whole.Share()
	if len(args) > 1 {
		s.acc = args[1]
	} else {
		if a.Len() == 0 {
			return value.NullValue, c.Errorf(codeEmpty, "reduce of an empty array needs an initial value")
		}
		s.acc, s.i = a.At(0), 1
	}
	s.acc.Share()
	return c.Begin(s)
}

type reduceStep struct {
	each
	acc     value.Value
	arg     value.Value
	started bool
}

func (s *reduceStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	if s.started {
		s.acc = ret
	}
	s.started = true
	if s.i >= len(s.elems) {
		return like(c, s.acc, s.arg), nil
	}
	v := s.elems[s.i]
	v.Share()
	i := s.i
	s.i++
	// What the function returned is handed back to it without a second
	// reference, so that it may update it in place.
	acc := s.acc
	s.acc = value.NullValue
	return c.Invoke(s.f, acc, v, value.Int(i), s.whole)
}
