package vm

import (
	"github.com/parallaxai/parallax/runtime/value"
)

// promises defines the Promise namespace.
func promises(out map[string]value.Value) {
	ns := NewNative("Promise", 0, 0, func(c *Call) (value.Value, error) {
		return value.NullValue, c.Errorf("R0111", "Promise is no constructor; async functions and delay give promises")
	})
	ns.Members = map[string]value.Value{}
	def := func(name string, min, max int, fn NativeFunc) {
		ns.Members[name] = NewNative("Promise."+name, min, max, fn).Value()
	}
	def("resolve", 0, 1, func(c *Call) (value.Value, error) {
		if v := c.Arg(0); v.PlainKind() == value.Promise {
			return v, nil
		}
		p := newPromise()
		c.vm.settle(p, c.Arg(0), nil)
		return p.value(), nil
	})
	def("reject", 0, 1, func(c *Call) (value.Value, error) {
		p := newPromise()
		v := c.Arg(0)
		v.Share()
		err := c.vm.thrown(v)
		err.Stack = c.vm.trace(c.vm.running)
		c.vm.settle(p, value.NullValue, err)
		return p.value(), nil
	})
	def("all", 1, 1, joinNative(joinAll))
	def("race", 1, 1, joinNative(joinRace))
	def("any", 1, 1, joinNative(joinAny))
	def("allSettled", 1, 1, joinNative(joinSettled))
	out["Promise"] = ns.Value()
}

// joinKind is how several promises become one.
type joinKind uint8

const (
	joinAll joinKind = iota
	joinRace
	joinAny
	joinSettled
)

var joinNames = [...]string{"all", "race", "any", "allSettled"}

// join collects the outcomes of several promises.
type join struct {
	kind   joinKind
	vals   []value.Value
	left   int
	errs   []value.Value
	result *promise
}

// slot tells a join which of its promises was settled.
type slot struct {
	*join
	i int
}

func joinNative(kind joinKind) NativeFunc {
	return func(c *Call) (value.Value, error) {
		list := c.Args[0].Plain()
		if list.Kind() != value.ArrayKind {
			return value.NullValue, c.Errorf("R0120", "Promise.%s needs an array of promises, not %s", joinNames[kind], article(list.Kind()))
		}
		elems := list.AsArray().Elems()
		j := &join{kind: kind, vals: make([]value.Value, len(elems)), left: len(elems), result: newPromise()}
		if kind == joinAny {
			j.errs = make([]value.Value, len(elems))
		}
		for i, e := range elems {
			if p := e.Plain(); p.Kind() == value.Promise {
				c.vm.react(promiseOf(p), slot{j, i})
				continue
			}
			p := newPromise()
			c.vm.settle(p, e, nil)
			c.vm.react(p, slot{j, i})
		}
		if len(elems) == 0 {
			j.finish(c.vm)
		}
		return j.result.value(), nil
	}
}

func (s slot) settled(vm *VM, p *promise) {
	if s.result.settled {
		return
	}
	switch {
	case s.kind == joinRace:
		vm.settle(s.result, p.val, p.err)
		return
	case s.kind == joinSettled:
		s.vals[s.i] = vm.settlement(p)
	case s.kind == joinAny:
		if p.err == nil {
			vm.settle(s.result, p.val, nil)
			return
		}
		s.errs[s.i] = vm.caught(p.err)
	case p.err != nil:
		vm.settle(s.result, value.NullValue, p.err)
		return
	default:
		s.vals[s.i] = p.val
	}
	if s.left--; s.left == 0 {
		s.finish(vm)
	}
}

func (j *join) finish(vm *VM) {
	switch j.kind {
	case joinAny:
		vm.settle(j.result, value.NullValue, &Error{Code: "R0022", Name: "AggregateError",
			Message: "every promise was rejected", Data: value.NewArray(j.errs)})
	case joinRace: // of nothing: never settled, which the machine reports if somebody waits
	default:
		vm.settle(j.result, value.NewArray(j.vals), nil)
	}
}

// settlement describes the outcome of a promise as an object.
func (vm *VM) settlement(p *promise) value.Value {
	p.handled = true
	if p.err != nil {
		return value.NewObject(vm.realm, vm.realm.ShapeOf("status", "reason"),
			[]value.Value{value.Str("rejected"), vm.caught(p.err)}).Value()
	}
	p.val.Share()
	return value.NewObject(vm.realm, vm.realm.ShapeOf("status", "value"),
		[]value.Value{value.Str("fulfilled"), p.val}).Value()
}
