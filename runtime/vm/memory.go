package vm

import (
	"fmt"

	"github.com/parallaxai/parallax/runtime/value"
)

// checkSize accounts for what a native made and refuses what is too large.
func (vm *VM) checkSize(v value.Value) *Error {
	p := v.Plain()
	switch p.Kind() {
	case value.StringKind:
		n := p.AsString().BytesLen()
		if n > vm.limits.String {
			return limitError("a string grew larger than the limit", false)
		}
		vm.allocated += int64(n) + 48
	case value.ArrayKind:
		n := p.AsArray().Len()
		if n > vm.limits.Array {
			return vm.arrayLimit()
		}
		vm.allocated += int64(n)*16 + 64
	case value.ObjectKind:
		vm.allocated += int64(p.AsObject().Len())*16 + 64
	}
	// A few calls can make more than there is memory, so don't wait for the end of
	// the slice.
	if vm.allocated > vm.nextLook {
		return vm.checkMemory()
	}
	return nil
}

// checkMemory measures the program's data and says when to look again.
func (vm *VM) checkMemory() *Error {
	live := vm.liveSize()
	if live > vm.limits.Memory {
		return limitError(fmt.Sprintf("the program's data is larger than %d MB", vm.limits.Memory>>20), true)
	}
	vm.allocated = 0
	vm.nextLook = max((vm.limits.Memory-live)/2, vm.limits.Memory/64)
	return nil
}

// liveSize estimates the bytes that the program's data takes.
func (vm *VM) liveSize() int64 {
	roots := func(yield func(value.Value) bool) {
		for _, v := range vm.globals {
			if !yield(v) {
				return
			}
		}
		stack := []*fiber{vm.main}
		for len(stack) > 0 {
			f := stack[len(stack)-1]
			stack = append(stack[:len(stack)-1], f.kids...)
			for _, v := range f.stack {
				if !yield(v) {
					return
				}
			}
			for i := range f.frames {
				if c := f.frames[i].closure; c != nil && !yield(value.FromObject(&c.Header)) {
					return
				}
			}
		}
	}
	return int64(value.LiveSize(roots, vm.inside))
}

// inside lists what the heap objects of this package refer to.
func (vm *VM) inside(v value.Value, visit func(value.Value)) int {
	switch v.Kind() {
	case value.Function:
		switch c := callableOf(v); c.form {
		case isClosure:
			for _, x := range c.closure().captures {
				visit(x)
			}
			return 48 + 16*len(c.closure().captures)
		case isBound:
			visit(c.bound().this)
			return 48
		}
	case value.Promise:
		p := promiseOf(v)
		visit(p.val)
		return 96
	}
	return 0
}
