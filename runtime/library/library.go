// Package library implements in Go the functions and methods that every Prism
// program has. Their documentation is the catalogue of compiler/library; a test
// keeps both sides complete.
//
// A function here is a vm.NativeFunc. One that calls back is a vm.Stepper, so
// that the callback may suspend. Data is never changed: methods return new
// values. Arguments keep their confidence, c.This has lost it (the machine puts
// it on the result).
package library

import (
	"maps"
	"math"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/pattern"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// Std returns the whole library, built anew on each call; a process needs one.
func Std() *vm.Library {
	b := &builder{&vm.Library{Globals: vm.Intrinsics(), Methods: map[string]*vm.Native{}}}
	maps.Copy(b.lib.Globals, pattern.Natives())
	b.arrays()
	b.sorting()
	b.numbers()
	b.strings()
	b.objects()
	b.json()
	b.confidence()
	return b.lib
}

// Error codes of the library.
const (
	codeArgument diag.Code = "R1001" // an argument of the wrong kind
	codeRange    diag.Code = "R1002" // an argument outside what is allowed
	codeEmpty    diag.Code = "R1003" // nothing to work on
	codeSyntax   diag.Code = "R1004" // text that can't be parsed
)

// builder collects the entries.
type builder struct{ lib *vm.Library }

func (b *builder) global(name string, min, max int, fn vm.NativeFunc) {
	b.lib.Globals[name] = vm.NewNative(name, min, max, fn).Value()
}

func (b *builder) method(name string, min, max int, fn vm.NativeFunc) {
	b.lib.Methods[name] = vm.NewNative(name, min, max, fn)
}

// namespace defines name.member functions, callable itself when call is set.
func (b *builder) namespace(name string, call *vm.Native, members map[string]value.Value) {
	if call == nil {
		call = vm.NewNative(name, 0, -1, func(c *vm.Call) (value.Value, error) {
			return value.NullValue, c.Errorf(codeArgument, "%s is a group of functions; call one of them, such as %s.%s", name, name, firstName(members))
		})
	}
	call.Members = members
	b.lib.Globals[name] = call.Value()
}

func firstName(members map[string]value.Value) string {
	first := ""
	for n := range members {
		if first == "" || n < first {
			first = n
		}
	}
	return first
}

// fn makes a member of a namespace.
func fn(name string, min, max int, f vm.NativeFunc) value.Value {
	return vm.NewNative(name, min, max, f).Value()
}

// describe names the kind of a value in a message.
func describe(v value.Value) string {
	switch k := v.PlainKind(); k {
	case value.Null, value.Unset:
		return "null"
	case value.ArrayKind, value.ObjectKind:
		return "an " + k.String()
	default:
		return "a " + k.String()
	}
}

func wrongKind(c *vm.Call, who, want string, got value.Value) error {
	return c.Errorf(codeArgument, "%s needs %s, not %s", who, want, describe(got))
}

// number returns a number argument.
func number(c *vm.Call, who string, v value.Value) (float64, error) {
	p := v.Plain()
	if !p.IsNumber() {
		return 0, wrongKind(c, who, "a number", v)
	}
	return p.Float(), nil
}

// text returns a string argument.
func text(c *vm.Call, who string, v value.Value) (*value.String, error) {
	p := v.Plain()
	if p.Kind() != value.StringKind {
		return nil, wrongKind(c, who, "a string", v)
	}
	return p.AsString(), nil
}

// list returns an array argument.
func list(c *vm.Call, who string, v value.Value) (*value.Array, error) {
	p := v.Plain()
	if p.Kind() != value.ArrayKind {
		return nil, wrongKind(c, who, "an array", v)
	}
	return p.AsArray(), nil
}

// callback checks that an argument is a function.
func callback(c *vm.Call, who string, v value.Value) error {
	if v.PlainKind() != value.Function {
		return wrongKind(c, who, "a function", v)
	}
	return nil
}

// position turns an index argument, negative from the end, into 0..n. An absent
// one is def.
func position(c *vm.Call, who string, v value.Value, n, def int) (int, error) {
	if v.IsNull() {
		return def, nil
	}
	f, err := number(c, who, v)
	if err != nil {
		return 0, err
	}
	if math.IsNaN(f) {
		return 0, c.Errorf(codeRange, "%s: NaN is no position", who)
	}
	f = math.Trunc(f)
	if f < 0 {
		f += float64(n)
	}
	return int(min(max(f, 0), float64(n))), nil
}

// like gives the result of a function the confidence of the argument it worked
// on.
func like(c *vm.Call, result, arg value.Value) value.Value {
	if arg.IsConfident() && !result.IsConfident() {
		return c.Attach(result, arg.C(), "inherit", arg)
	}
	if arg.IsConfident() {
		return c.Attach(result, arg.C()*result.C(), "inherit", arg, result)
	}
	return result
}
