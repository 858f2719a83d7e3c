package vm

import (
	"fmt"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/value"
)

// NativeFunc is a function of the library written in Go.
//
// It returns its result at once, or one of
//
//	return c.Begin(stepper)          it has to call Prism functions
//	return c.Effect(kind, request)   the host has to do something
//	return c.Await(promise)          it waits for a promise
//
// whose outcome then becomes the result. It must not keep c or c.Args.
type NativeFunc func(c *Call) (value.Value, error)

// Native is a library function as a value.
type Native struct {
	callable     // Name is "map", "Math.floor", "array.push"
	Min, Max int // number of arguments; Max -1 is no bound
	Fn       NativeFunc
	// Members are properties of the function: String.fromCharCode, ...
	Members map[string]value.Value
}

// NewNative returns a native function. Calls with fewer than min or more than
// max arguments are errors before fn is entered.
func NewNative(name string, min, max int, fn NativeFunc) *Native {
	return &Native{callable: newCallable(isNative, name), Min: min, Max: max, Fn: fn}
}

// Value returns the native as a function value.
func (n *Native) Value() value.Value { return value.FromObject(&n.Header) }

// Stepper is the state of a native that calls Prism functions, which may
// suspend: it never recurses into the machine. Step is first entered with the
// zero Value, then with the result of each call or effect it asked for, until it
// returns a result (without having called Invoke, Effect or Await). An error
// of the called function ends the native too, unless the stepper is a Catcher.
type Stepper interface {
	Step(c *Call, ret value.Value) (value.Value, error)
}

// Catcher is a Stepper that handles errors of what it called: Catch is entered
// instead of Step, with the thrown value.
type Catcher interface {
	Stepper
	Catch(c *Call, thrown value.Value) (value.Value, error)
}

// Call is one call of a native function.
type Call struct {
	This value.Value   // receiver of a method, without its confidence
	Args []value.Value // valid until the native returns or suspends

	vm      *VM
	todo    todo
	stepper Stepper
	fn      value.Value
	args    [4]value.Value
	nargs   int
	kind    string
}

// todo is what a native asked for besides returning a value.
type todo uint8

const (
	todoNothing todo = iota
	todoBegin
	todoInvoke
	todoEffect
	todoAwait
)

// Arg returns argument i, null when it was not given.
func (c *Call) Arg(i int) value.Value {
	if i < len(c.Args) {
		return c.Args[i]
	}
	return value.NullValue
}

// Begin runs a stepper; return its results as the native's own.
func (c *Call) Begin(s Stepper) (value.Value, error) {
	c.todo, c.stepper = todoBegin, s
	return value.NullValue, nil
}

// Invoke asks for fn(args...), at most 4 arguments; the function gets as many
// of them as it declares. Only a stepper may call it, as the last thing before
// it returns.
func (c *Call) Invoke(fn value.Value, args ...value.Value) (value.Value, error) {
	c.todo, c.fn, c.nargs = todoInvoke, fn, copy(c.args[:], args)
	return value.NullValue, nil
}

// Effect asks the host for something; the fiber is suspended until it answers.
func (c *Call) Effect(kind string, request value.Value) (value.Value, error) {
	c.todo, c.kind, c.fn = todoEffect, kind, request
	return value.NullValue, nil
}

// Await waits until a promise is settled; any other value comes back as it is.
func (c *Call) Await(p value.Value) (value.Value, error) {
	c.todo, c.fn = todoAwait, p
	return value.NullValue, nil
}

// Errorf returns a run-time error that the program can catch.
func (c *Call) Errorf(code diag.Code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Busy reports whether the stepper entered last asked for something, so that
// what it returned is not its result.
func (c *Call) Busy() bool { return c.todo != todoNothing }
