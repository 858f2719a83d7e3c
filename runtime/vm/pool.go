package vm

import (
	"github.com/parallaxai/parallax/runtime/value"
)

// poolStep is __pool(thunks, limit, done): it runs functions in fibers of their
// own, at most limit at a time, and calls done(index, settlement) for each as
// it ends. When done gives a true value, or fails, the others are cancelled. The
// result tells whether that happened.
type poolStep struct {
	thunks   []value.Value
	done     value.Value
	limit    int
	promises []*promise
	running  int
	ended    []int // indices not yet handed to done
	left     int
	wake     *promise // what the pool waits for
	calling  bool
}

func poolNative(c *Call) (value.Value, error) {
	list, limit := c.Args[0].Plain(), c.Args[1].Plain()
	if list.Kind() != value.ArrayKind || !limit.IsNumber() {
		return value.NullValue, c.Errorf("R0120", "__pool needs an array of functions and a limit")
	}
	elems := list.AsArray().Elems()
	c.Args[0].Share()
	return c.Begin(&poolStep{thunks: elems, done: c.Args[2], limit: int(min(max(limit.Float(), 1), 1<<30)), left: len(elems)})
}

func (s *poolStep) Step(c *Call, ret value.Value) (value.Value, error) {
	if s.calling {
		s.calling = false
		if ret.Truthy() {
			s.cancel(c.vm)
			return value.Bool(true), nil
		}
	}
	for s.running < s.limit && len(s.promises) < len(s.thunks) {
		i := len(s.promises)
		p, err := c.vm.startFiber(s.thunks[i].Plain(), nil)
		if err != nil {
			s.cancel(c.vm)
			return value.NullValue, err
		}
		s.promises = append(s.promises, p)
		s.running++
		c.vm.react(p, poolSlot{s, i})
	}
	if len(s.ended) > 0 {
		i := s.ended[0]
		s.ended = s.ended[1:]
		s.running--
		s.left--
		s.calling = true
		return c.Invoke(s.done, value.Int(i), c.vm.settlement(s.promises[i]))
	}
	if s.left == 0 {
		return value.Bool(false), nil
	}
	s.wake = newPromise()
	return c.Await(s.wake.value())
}

// Catch ends the pool when done fails.
func (s *poolStep) Catch(c *Call, thrown value.Value) (value.Value, error) {
	s.cancel(c.vm)
	return value.NullValue, c.vm.thrown(thrown)
}

func (s *poolStep) cancel(vm *VM) {
	for _, p := range s.promises {
		vm.cancel(p, &Error{Code: "R0021", Name: "Cancelled", Message: "the call was cancelled"})
	}
}

// poolSlot tells the pool which of its fibers has ended.
type poolSlot struct {
	*poolStep
	i int
}

func (s poolSlot) settled(vm *VM, _ *promise) {
	s.poolStep.ended = append(s.poolStep.ended, s.i)
	if w := s.wake; w != nil {
		s.poolStep.wake = nil
		vm.settle(w, value.NullValue, nil)
	}
}
