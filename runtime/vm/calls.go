package vm

import (
	"github.com/parallaxai/parallax/runtime/value"
)

// top returns the register at which a call made by the top frame may place its
// arguments.
func (f *fiber) top() int {
	fr := &f.frames[len(f.frames)-1]
	if fr.fn == nil {
		return fr.base
	}
	return fr.base + fr.fn.Regs
}

// callValue calls any value with arguments that stand in the register stack
// from base on. The result goes to register dst of the top frame, now or later.
func (vm *VM) callValue(f *fiber, v value.Value, args []value.Value, base, dst int) *Error {
	if v.IsConfident() {
		vm.pushStepper(f, &inheritor{from: v}, nil, dst)
		return vm.finishCall(f, v.Plain(), args, dst, true)
	}
	if v.Kind() != value.Function {
		return vm.notCallable(f, v)
	}
	switch c := callableOf(v); c.form {
	case isClosure:
		return vm.enterSlow(f, c.closure().fn, c.closure(), args, base, dst)
	case isNative:
		return vm.runNative(f, c.native(), value.NullValue, args, dst)
	default:
		b := c.bound()
		return vm.runNative(f, b.native, b.this, args, dst)
	}
}

// finishCall calls a plain function below a frame that was pushed for its
// result.
func (vm *VM) finishCall(f *fiber, v value.Value, args []value.Value, dst int, _ bool) *Error {
	ret, done, err := vm.invoke(f, v, args, false)
	if err != nil {
		return err
	}
	if done {
		return vm.complete(f, ret)
	}
	return nil
}

// enterSlow enters a function whose arguments need checking, filling or packing,
// or starts a fiber for an async one.
func (vm *VM) enterSlow(f *fiber, callee *function, closure *Closure, args []value.Value, base, dst int) *Error {
	if len(args) < callee.MinArgs || (len(args) > callee.Params && !callee.Rest) {
		return arityError(callee.Name, len(args), callee.MinArgs, callee.Params, callee.Rest)
	}
	if callee.Async {
		p, err := vm.spawn(f, callee, closure, args)
		if err != nil {
			return err
		}
		top := &f.frames[len(f.frames)-1]
		f.stack[top.base+dst] = p.done.value()
		// The new fiber runs at once, up to its first wait; then the caller goes on.
		vm.ready.pushFront(f)
		vm.ready.pushFront(p)
		vm.switched = true
		return nil
	}
	return vm.enterFrame(f, callee, closure, args, base, dst)
}

// enterFrame pushes the frame of a function that is not async.
func (vm *VM) enterFrame(f *fiber, callee *function, closure *Closure, args []value.Value, base, dst int) *Error {
	if len(f.frames) >= vm.limits.CallDepth {
		return vm.depthError()
	}
	n := len(args)
	var rest value.Value
	if callee.Rest {
		var elems []value.Value
		if n >= callee.Params {
			elems = append(elems, args[callee.Params-1:]...)
		}
		rest = value.NewArray(elems)
	}
	if need := base + max(callee.Regs, n); need > len(f.stack) {
		f.grow(need)
	}
	copy(f.stack[base:], args)
	for i := n; i < callee.Params; i++ {
		f.stack[base+i] = value.UnsetValue()
	}
	if callee.Rest {
		f.stack[base+callee.Params-1] = rest
	}
	f.frames = append(f.frames, frame{fn: callee, closure: closure, caches: vm.cachesOf(callee), base: base, dst: dst})
	return nil
}

// spawn starts a fiber that runs a function; it is not yet in the ready queue.
func (vm *VM) spawn(parent *fiber, callee *function, closure *Closure, args []value.Value) (*fiber, *Error) {
	if vm.fibers >= vm.limits.Fibers {
		return nil, limitError("the program has too many fibers at a time", false)
	}
	child := vm.newFiber(parent)
	vm.allocated += 1024
	// A frame of its own below takes the result, as the fiber's.
	if err := vm.enterFrame(child, callee, closure, args, 0, 0); err != nil {
		vm.end(child, value.NullValue, err)
		return nil, err
	}
	return child, nil
}

// pushStepper makes a native that is not done yet a frame.
func (vm *VM) pushStepper(f *fiber, s Stepper, n *Native, dst int) {
	f.frames = append(f.frames, frame{stepper: s, native: n, base: f.top(), dst: dst})
}

// runNative calls a native; its result goes to register dst of the top frame.
func (vm *VM) runNative(f *fiber, n *Native, this value.Value, args []value.Value, dst int) *Error {
	v, done, err := vm.native(f, n, this, args, dst)
	if err != nil || !done {
		return err
	}
	top := &f.frames[len(f.frames)-1]
	f.stack[top.base+dst] = v
	return nil
}

// native calls a native. Unless done, the fiber waits or has a new top frame,
// and the result will be completed into register dst.
func (vm *VM) native(f *fiber, n *Native, this value.Value, args []value.Value, dst int) (v value.Value, done bool, err *Error) {
	if len(args) < n.Min || (n.Max >= 0 && len(args) > n.Max) {
		return v, false, arityError(n.Name, len(args), n.Min, n.Max, n.Max < 0)
	}
	c := &vm.call
	c.This, c.Args, c.todo = this, args, todoNothing
	v, e := n.Fn(c)
	if e != nil {
		return v, false, vm.wrap(e)
	}
	switch c.todo {
	case todoNothing:
		return v, true, vm.checkSize(v)
	case todoBegin:
		if len(f.frames) >= vm.limits.CallDepth {
			return v, false, vm.depthError()
		}
		vm.pushStepper(f, c.stepper, n, dst)
		return v, false, vm.complete(f, value.NullValue)
	case todoInvoke:
		return v, false, errorf("R0099", "InternalError", "%s called back outside a stepper", n.Name)
	}
	f.dst = dst
	return vm.request(f)
}

// request carries out what vm.call asks for besides calling functions.
func (vm *VM) request(f *fiber) (v value.Value, done bool, err *Error) {
	c := &vm.call
	switch c.todo {
	case todoEffect:
		out, done := vm.startEffect(f, c.kind, c.fn, waiter{fiber: f})
		if !done {
			f.waiting = true
			return v, false, nil
		}
		v, err = vm.outcome(out)
		return v, true, err
	case todoAwait:
		p := c.fn.Plain()
		if p.Kind() != value.Promise {
			return c.fn, true, nil
		}
		pr := promiseOf(p)
		if vm.await(f, pr) {
			f.waiting = true
			return v, false, nil
		}
		return pr.val, true, pr.err
	}
	return v, false, errorf("R0099", "InternalError", "unexpected request")
}

// invoke calls a function on behalf of the native frame at the top. With trim
// it gets no more arguments than it takes.
func (vm *VM) invoke(f *fiber, v value.Value, args []value.Value, trim bool) (ret value.Value, done bool, err *Error) {
	if v.IsConfident() {
		vm.pushStepper(f, &inheritor{from: v}, nil, 0)
		ret, done, err = vm.invoke(f, v.Plain(), args, trim)
		if done && err == nil {
			f.frames = f.frames[:len(f.frames)-1]
			ret = vm.inherit(v, ret)
		}
		return ret, done, err
	}
	if v.Kind() != value.Function {
		return ret, false, vm.notCallable(f, v)
	}
	base := f.top()
	if need := base + len(args); need > len(f.stack) {
		f.grow(need)
	}
	switch c := callableOf(v); c.form {
	case isClosure:
		fn := c.closure().fn
		if trim && !fn.Rest && len(args) > fn.Params {
			args = args[:fn.Params]
		}
		if len(args) < fn.MinArgs || (len(args) > fn.Params && !fn.Rest) {
			return ret, false, arityError(fn.Name, len(args), fn.MinArgs, fn.Params, fn.Rest)
		}
		if fn.Async {
			child, err := vm.spawn(f, fn, c.closure(), args)
			if err != nil {
				return ret, false, err
			}
			vm.ready.push(child)
			return child.done.value(), true, nil
		}
		return ret, false, vm.enterFrame(f, fn, c.closure(), args, base, 0)
	case isNative:
		return vm.invokeNative(f, c.native(), value.NullValue, args, base, trim)
	default:
		b := c.bound()
		return vm.invokeNative(f, b.native, b.this, args, base, trim)
	}
}

func (vm *VM) invokeNative(f *fiber, n *Native, this value.Value, args []value.Value, base int, trim bool) (value.Value, bool, *Error) {
	if trim && n.Max >= 0 && len(args) > n.Max {
		args = args[:n.Max]
	}
	copy(f.stack[base:], args)
	return vm.native(f, n, this, f.stack[base:base+len(args)], 0)
}

// complete gives the top frame the value it waits for. A native's frame goes on
// with it, and so on, until a frame of the program is at the top or the fiber
// waits.
func (vm *VM) complete(f *fiber, ret value.Value) *Error {
	for {
		if len(f.frames) == 0 { // the frame below all others was a native's
			vm.end(f, ret, nil)
			return nil
		}
		top := &f.frames[len(f.frames)-1]
		if top.fn != nil {
			f.stack[top.base+f.dst] = ret
			return nil
		}
		c := &vm.call
		c.This, c.Args, c.todo = value.NullValue, nil, todoNothing
		v, e := top.stepper.Step(c, ret)
		if e != nil {
			return vm.wrap(e)
		}
		var again bool
		var err *Error
		if ret, again, err = vm.afterStep(f, v); err != nil || !again {
			return err
		}
	}
}

// afterStep does what a stepper asked for. With again there is a value for the
// frame that is now at the top.
func (vm *VM) afterStep(f *fiber, v value.Value) (ret value.Value, again bool, err *Error) {
	c := &vm.call
	n := len(f.frames) - 1
	switch c.todo {
	case todoNothing:
		f.dst = f.frames[n].dst
		f.frames[n] = frame{}
		f.frames = f.frames[:n]
		return v, true, vm.checkSize(v)
	case todoBegin:
		f.frames[n].stepper = c.stepper
		return value.NullValue, true, nil
	case todoInvoke:
		if vm.slice--; vm.slice < 0 {
			vm.slice = 0
		}
		vm.steps--
		args := c.args
		return vm.invoke(f, c.fn, args[:c.nargs], true)
	}
	return vm.request(f)
}

// callMethod calls a method of any value.
func (vm *VM) callMethod(f *fiber, fn *function, recv value.Value, name int, args []value.Value, dst int) *Error {
	if m := fn.methods[name]; m != nil && !recv.IsConfident() {
		if n := m[recv.Kind()]; n != nil && recv.Kind() != value.ObjectKind {
			v, done, err := vm.native(f, n, recv, args, dst)
			if err != nil || !done {
				return err
			}
			if v == recv {
				v.Share()
			}
			top := &f.frames[len(f.frames)-1]
			f.stack[top.base+dst] = v
			return nil
		}
	}
	return vm.callNamed(f, recv, fn.Names[name], args, dst)
}

// callNamed is callMethod by name, for the receivers that are rarer.
func (vm *VM) callNamed(f *fiber, recv value.Value, name string, args []value.Value, dst int) *Error {
	plain := recv.Plain()
	confident := recv.IsConfident()
	var target value.Value
	switch plain.Kind() {
	case value.ObjectKind:
		target, _ = plain.AsObject().Get(name)
	case value.Function:
		if c := callableOf(plain); c.form == isNative {
			target = c.native().Members[name]
		}
	}
	var n *Native
	if target.IsNull() {
		if m := vm.img.library.methodTable()[name]; m != nil {
			n = m[plain.Kind()]
		}
		if n == nil {
			return vm.noMethod(plain, name)
		}
	}
	// The arguments may be overwritten once the fiber's stack changes.
	args = append([]value.Value(nil), args...)
	if confident {
		vm.pushStepper(f, &inheritor{from: recv}, nil, dst)
		dst = 0
	}
	if n == nil {
		if confident {
			return vm.finishCall(f, target, args, dst, true)
		}
		base := f.top()
		if need := base + len(args); need > len(f.stack) {
			f.grow(need)
		}
		copy(f.stack[base:], args)
		return vm.callValue(f, target, f.stack[base:base+len(args)], base, dst)
	}
	v, done, err := vm.native(f, n, plain, args, dst)
	if err != nil || !done {
		return err
	}
	if v == plain {
		v.Share()
	}
	f.dst = dst
	return vm.complete(f, v)
}

// callSpread calls a function with the elements of an array.
func (vm *VM) callSpread(f *fiber, v, list value.Value, dst int) *Error {
	args := list.AsArray().Elems()
	base := f.top()
	if need := base + len(args); need > len(f.stack) {
		f.grow(need)
	}
	copy(f.stack[base:], args)
	return vm.callValue(f, v, f.stack[base:base+len(args)], base, dst)
}

// inheritor gives the result of a call the confidence of the function or of the
// receiver.
type inheritor struct{ from value.Value }

func (s *inheritor) Step(c *Call, ret value.Value) (value.Value, error) {
	return c.vm.inherit(s.from, ret), nil
}
