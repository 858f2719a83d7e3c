package vm

import (
	"unsafe"

	"github.com/parallaxai/parallax/runtime/value"
)

// callable begins every function value; form tells which struct it begins.
type callable struct {
	value.FunctionHeader
	form form
}

type form uint8

const (
	isClosure form = iota
	isNative
	isBound
)

func newCallable(f form, name string) callable {
	return callable{value.NewFunctionHeader(name), f}
}

// Closure is a function of the program with the values it captured.
type Closure struct {
	callable
	fn       *function
	captures []value.Value
}

func newClosure(fn *function, captures []value.Value) *Closure {
	return &Closure{newCallable(isClosure, fn.Name), fn, captures}
}

// bound is a method taken off its receiver.
type bound struct {
	callable
	this   value.Value
	native *Native
}

// cell is a variable that closures share.
type cell struct {
	value.Header
	v value.Value
}

func newCell(v value.Value) value.Value {
	return value.FromObject(&(&cell{value.Header{Kind: value.Cell}, v}).Header)
}

// The conversions below turn a Value back into the struct whose Header it points
// to. They are sound because the kind, or form, is set by the constructor of
// that struct alone and the verifier keeps programs from reaching cells.

func callableOf(v value.Value) *callable   { return (*callable)(unsafe.Pointer(v.Object())) }
func (c *callable) closure() *Closure      { return (*Closure)(unsafe.Pointer(c)) }
func (c *callable) native() *Native        { return (*Native)(unsafe.Pointer(c)) }
func (c *callable) bound() *bound          { return (*bound)(unsafe.Pointer(c)) }
func cellOf(v value.Value) *cell           { return (*cell)(unsafe.Pointer(v.Object())) }
func promiseOf(v value.Value) *promise     { return (*promise)(unsafe.Pointer(v.Object())) }
func iteratorOf(v value.Value) *iterator   { return (*iterator)(unsafe.Pointer(v.Object())) }
func exceptionOf(v value.Value) *exception { return (*exception)(unsafe.Pointer(v.Object())) }

// exception is an error on its way to a handler.
type exception struct {
	value.Header
	err *Error
}

func newException(err *Error) value.Value {
	return value.FromObject(&(&exception{value.Header{Kind: value.Cell}, err}).Header)
}

// Describe returns the name of a function value and the number of arguments it
// takes; max -1 is no bound. ok is false for other values.
func Describe(v value.Value) (name string, min, max int, ok bool) {
	v = v.Plain()
	if v.Kind() != value.Function {
		return "", 0, 0, false
	}
	switch c := callableOf(v); c.form {
	case isClosure:
		fn := c.closure().fn
		max = fn.Params
		if fn.Rest {
			max = -1
		}
		return fn.Name, fn.MinArgs, max, true
	case isNative:
		n := c.native()
		return n.Name, n.Min, n.Max, true
	default:
		n := c.bound().native
		return n.Name, n.Min, n.Max, true
	}
}

// iterator walks over a container for a for-in loop.
type iterator struct {
	value.Header
	src  value.Value // plain array, string or object
	from value.Value // the container as it was given; its confidence is passed on
	i    int
	off  int // byte offset in a string
	keys []string
}

func newIterator(v value.Value) (value.Value, bool) {
	it := &iterator{Header: value.Header{Kind: value.Cell}, src: v.Plain(), from: v}
	switch it.src.Kind() {
	case value.ArrayKind, value.StringKind:
	case value.ObjectKind:
		it.keys = it.src.AsObject().Keys()
	default:
		return value.NullValue, false
	}
	// The loop goes over the container as it is now.
	v.Share()
	return value.FromObject(&it.Header), true
}

// Members returns the properties of a native that is a namespace as well, nil for
// other values.
func Members(v value.Value) map[string]value.Value {
	if v.Kind() == value.Function {
		if c := callableOf(v); c.form == isNative {
			return c.native().Members
		}
	}
	return nil
}
