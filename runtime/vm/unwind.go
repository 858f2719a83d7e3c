package vm

import (
	"errors"
	"fmt"
	"strings"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/value"
)

// wrap makes a machine error of what a native returned.
func (vm *VM) wrap(e error) *Error {
	var err *Error
	if errors.As(e, &err) {
		return err
	}
	return &Error{Code: "R0001", Message: e.Error()}
}

// unwind sends an error to the nearest handler of a fiber. It reports false when
// there is none and the fiber has ended.
func (vm *VM) unwind(f *fiber, err *Error) bool {
	if f.ended {
		return false
	}
	if err.Stack == nil {
		err.Stack = vm.trace(f)
	}
	f.waiting = false
	for len(f.frames) > 0 {
		n := len(f.frames) - 1
		fr := &f.frames[n]
		if err.Final {
			f.frames = f.frames[:n]
			continue
		}
		if fr.fn == nil {
			if c, ok := fr.stepper.(Catcher); ok {
				call := &vm.call
				call.This, call.Args, call.todo = value.NullValue, nil, todoNothing
				v, e := c.Catch(call, vm.caught(err))
				if e == nil {
					ret, again, failed := vm.afterStep(f, v)
					if failed == nil && again {
						failed = vm.complete(f, ret)
					}
					if failed == nil {
						return true
					}
					err = failed
				} else {
					err = vm.wrap(e)
				}
				if err.Stack == nil {
					err.Stack = vm.trace(f)
				}
			}
			if len(f.frames) == n+1 {
				f.frames = f.frames[:n]
			}
			continue
		}
		pc := fr.pc - 1
		for _, h := range fr.fn.Handlers {
			if h.Start <= pc && pc < h.End {
				f.stack[fr.base+h.Reg] = newException(err)
				fr.pc = h.Target
				return true
			}
		}
		f.frames = f.frames[:n]
	}
	vm.end(f, value.NullValue, err)
	return false
}

// maxTrace is how many frames a stack trace keeps at either end.
const maxTrace = 50

// trace describes the frames of a fiber, innermost first.
func (vm *VM) trace(f *fiber) []StackFrame {
	var out []StackFrame
	for i := len(f.frames) - 1; i >= 0; i-- {
		if len(f.frames) > 2*maxTrace && len(out) == maxTrace {
			i = maxTrace - 1
		}
		fr := &f.frames[i]
		if fr.fn != nil && fr.fn.index == vm.img.Program.Entry && fr.fn.image == vm.img {
			continue // the start-up of the program, which is in no source
		}
		if fr.fn == nil {
			if fr.native != nil {
				out = append(out, StackFrame{Function: fr.native.Name})
			}
			continue
		}
		out = append(out, place(fr))
	}
	return out
}

// place returns where a frame of the program is.
func place(fr *frame) StackFrame {
	span := fr.fn.SpanAt(max(fr.pc-1, 0))
	s := StackFrame{Function: fr.fn.Name, Span: span}
	if m := fr.fn.module; m != nil && m.Source != nil {
		pos := m.Source.Position(span.Start)
		s.File, s.Line, s.Column = m.Source.Name, pos.Line, pos.Column
		s.Source = m.Source
		if fr.fn.Name == m.Source.Name {
			s.Function = ""
		}
	}
	return s
}

// position returns the place in the program's own source that a fiber is at:
// the innermost frame outside the library's modules.
func (vm *VM) position(f *fiber) StackFrame {
	var first StackFrame
	for i := len(f.frames) - 1; i >= 0; i-- {
		if fr := &f.frames[i]; fr.fn != nil {
			s := place(fr)
			if !strings.HasPrefix(s.File, "std/") {
				return s
			}
			if first.File == "" {
				first = s
			}
		}
	}
	return first
}

// Place returns where in the program's own source the error arose: the first
// frame outside the library, zero without any.
func (e *Error) Place() StackFrame {
	for _, s := range e.Stack {
		if s.File != "" && !strings.HasPrefix(s.File, "std/") {
			return s
		}
	}
	for _, s := range e.Stack {
		if s.File != "" {
			return s
		}
	}
	return StackFrame{}
}

// Trace renders the stack, a line a frame.
func (e *Error) Trace() string {
	var b strings.Builder
	for _, s := range e.Stack {
		name := s.Function
		if name == "" {
			name = "(top level)"
		}
		if s.File == "" {
			fmt.Fprintf(&b, "    at %s (library)\n", name)
			continue
		}
		fmt.Fprintf(&b, "    at %s (%s:%d:%d)\n", name, s.File, s.Line, s.Column)
	}
	return strings.TrimRight(b.String(), "\n")
}

// caught is what a catch clause gets: the thrown value itself, or an object that
// describes a run-time error.
func (vm *VM) caught(err *Error) value.Value {
	if err.IsThrown {
		return err.Thrown
	}
	if vm.errShape == nil {
		vm.errShape = vm.realm.ShapeOf("name", "message", "code", "line", "column", "stack")
	}
	at := err.Place()
	obj := value.NewErrorObject(vm.errShape, []value.Value{
		value.Str(err.name()), value.Str(err.Message), value.Str(string(err.Code)),
		value.Int(at.Line), value.Int(at.Column), value.Str(err.Trace()),
	})
	if !err.Data.IsNull() {
		err.Data.Share()
		obj = obj.Set(vm.realm, "data", err.Data)
	}
	vm.origins[vm.originNext%len(vm.origins)] = origin{obj, err}
	vm.originNext++
	return obj.Value()
}

// origin remembers which error an error object describes, so that throwing it
// again keeps where it came from.
type origin struct {
	obj *value.Object
	err *Error
}

// thrown makes an error of a thrown value. An error object that is thrown again
// keeps its code.
func (vm *VM) thrown(v value.Value) *Error {
	err := &Error{Code: "R0002", Name: "Error", Message: value.Text(v), Thrown: v, IsThrown: true}
	if p := v.Plain(); p.Kind() == value.ObjectKind {
		o := p.AsObject()
		for _, r := range vm.origins {
			if r.obj == o {
				return r.err
			}
		}
		text := func(key string) string {
			if s, ok := o.Get(key); ok && s.PlainKind() == value.StringKind {
				return s.Plain().AsString().Go()
			}
			return ""
		}
		if m := text("message"); m != "" {
			err.Message = m
		}
		if o.IsError() {
			err.Code, err.Name = diag.Code(text("code")), text("name")
		}
	}
	return err
}

func (vm *VM) depthError() *Error {
	return limitError(fmt.Sprintf("functions call each other more than %d deep; is a recursion without end?", vm.limits.CallDepth), false)
}

func (vm *VM) arrayLimit() *Error {
	return limitError(fmt.Sprintf("an array or object may have at most %d elements", vm.limits.Array), false)
}

func arityError(name string, n, min, max int, open bool) *Error {
	if name == "" {
		name = "this function"
	}
	want := ""
	plural := func(n int) string {
		if n == 1 {
			return "1 argument"
		}
		return fmt.Sprintf("%d arguments", n)
	}
	switch {
	case open:
		want = "at least " + plural(min)
	case min == max:
		want = plural(min)
	default:
		want = fmt.Sprintf("%d to %s", min, plural(max))
	}
	return errorf("R0110", "TypeError", "%s takes %s, not %d", name, want, n)
}

// notCallable explains a call of something that is no function.
func (vm *VM) notCallable(f *fiber, v value.Value) *Error {
	what := ""
	if len(f.frames) > 0 {
		if fr := &f.frames[len(f.frames)-1]; fr.fn != nil && fr.fn.module != nil && fr.fn.module.Source != nil {
			span := fr.fn.SpanAt(max(fr.pc-1, 0))
			if text, _, ok := strings.Cut(fr.fn.module.Source.Text(span), "("); ok && text != "" && len(text) < 40 && !strings.ContainsAny(text, "\n{") {
				what = strings.TrimSpace(text) + " is "
			}
		}
	}
	if what == "" {
		return errorf("R0111", "TypeError", "can't call %s; only functions can be called", article(v.PlainKind()))
	}
	return errorf("R0111", "TypeError", "%s%s, not a function", what, article(v.PlainKind()))
}

func article(k value.Kind) string {
	switch k {
	case value.Null, value.Unset:
		return "null"
	case value.ArrayKind, value.ObjectKind:
		return "an " + k.String()
	}
	return "a " + k.String()
}

func unsetVariable(name string) *Error {
	return errorf("R0101", "ReferenceError", "%s has no value yet", name)
}

func (vm *VM) unsetGlobal(i int) *Error {
	return unsetVariable(vm.img.Program.Globals[i].Name).hint("modules that import each other run one after the other: read it later, in a function")
}

func (e *Error) hint(h string) *Error {
	e.Hint = h
	return e
}
