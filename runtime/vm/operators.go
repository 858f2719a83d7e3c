package vm

import (
	"math"
	"strings"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/runtime/value"
)

// opNames are the spellings of operators in messages.
var opNames = map[bytecode.Op]string{
	bytecode.OpAdd: "+", bytecode.OpSub: "-", bytecode.OpMul: "*", bytecode.OpDiv: "/", bytecode.OpMod: "%", bytecode.OpPow: "**",
	bytecode.OpLess: "<", bytecode.OpLessEqual: "<=", bytecode.OpGreater: ">", bytecode.OpGreaterEqual: ">=",
	bytecode.OpConfAdd: "~+", bytecode.OpConfSub: "~-", bytecode.OpConfMul: "~*", bytecode.OpConfDiv: "~/",
	bytecode.OpConfLess: "~<", bytecode.OpConfLessEqual: "~<=", bytecode.OpConfGreaterEqual: "~>=",
	bytecode.OpJumpLess: "<", bytecode.OpJumpLessEqual: "<=", bytecode.OpJumpGreater: ">", bytecode.OpJumpGreaterEqual: ">=",
}

// binary is every operator with two operands, for operands that the fast paths
// of run do not take.
func (vm *VM) binary(op bytecode.Op, a, b value.Value) (value.Value, *Error) {
	switch op {
	case bytecode.OpAttach:
		return vm.attach(a, b)
	case bytecode.OpChain:
		return vm.join(vm.strategy().Combine, b.Plain(), a, b, "~~", true), nil
	case bytecode.OpStronger:
		if b.C() > a.C() {
			return b, nil
		}
		return a, nil
	case bytecode.OpScale:
		return vm.withConfidence(a, clamp(a.C()*b.Float()), "scale", "", a, b), nil
	case bytecode.OpScaleBy:
		return vm.join(vm.strategy().Choose, b.Plain(), a, b, "~?", true), nil
	case bytecode.OpInherit:
		return vm.inherit(a, b), nil
	case bytecode.OpConfAnd:
		return vm.join(vm.strategy().Logic, value.Bool(a.Truthy() && b.Truthy()), a, b, "~&&", true), nil
	case bytecode.OpConfOr:
		return vm.join(vm.strategy().Either, value.Bool(a.Truthy() || b.Truthy()), a, b, "~||", true), nil
	}
	always := false
	if op >= bytecode.OpConfAdd && op <= bytecode.OpConfGreaterEqual {
		always = true
	}
	v, err := vm.plainBinary(op, a.Plain(), b.Plain())
	if err != nil || op == bytecode.OpIn || op == bytecode.OpInstanceof {
		return v, err
	}
	if !always && !a.IsConfident() && !b.IsConfident() {
		return v, nil
	}
	return vm.join(vm.strategy().Combine, v, a, b, opNames[op], always), nil
}

// plainBinary is an operator on operands without confidence.
func (vm *VM) plainBinary(op bytecode.Op, a, b value.Value) (value.Value, *Error) {
	switch op {
	case bytecode.OpEqual:
		return value.Bool(value.Loose(a, b)), nil
	case bytecode.OpNotEqual:
		return value.Bool(!value.Loose(a, b)), nil
	case bytecode.OpSame, bytecode.OpConfEqual:
		return value.Bool(value.Same(a, b)), nil
	case bytecode.OpNotSame, bytecode.OpConfNotEqual:
		return value.Bool(!value.Same(a, b)), nil
	case bytecode.OpIn:
		return vm.in(a, b)
	case bytecode.OpInstanceof:
		return instanceof(a, b)
	case bytecode.OpAdd:
		if a.Kind() == value.StringKind || b.Kind() == value.StringKind {
			return vm.concat(a, b)
		}
	case bytecode.OpLess, bytecode.OpConfLess:
		return relation(op, a, b, func(c int) bool { return c < 0 })
	case bytecode.OpLessEqual, bytecode.OpConfLessEqual:
		return relation(op, a, b, func(c int) bool { return c <= 0 })
	case bytecode.OpGreater:
		return relation(op, a, b, func(c int) bool { return c > 0 })
	case bytecode.OpGreaterEqual, bytecode.OpConfGreaterEqual:
		return relation(op, a, b, func(c int) bool { return c >= 0 })
	}
	if !value.BothNumbers(a, b) {
		return a, operandError(op, a, b)
	}
	x, y := a.Float(), b.Float()
	switch op {
	case bytecode.OpAdd, bytecode.OpConfAdd:
		return value.Num(x + y), nil
	case bytecode.OpSub, bytecode.OpConfSub:
		return value.Num(x - y), nil
	case bytecode.OpMul, bytecode.OpConfMul:
		return value.Num(x * y), nil
	case bytecode.OpDiv, bytecode.OpConfDiv:
		if y == 0 {
			return a, errorf("R0103", "RangeError", "division by zero")
		}
		return value.Num(x / y), nil
	case bytecode.OpMod:
		if y == 0 {
			return a, errorf("R0103", "RangeError", "modulo by zero")
		}
		return value.Num(mod(x, y)), nil
	case bytecode.OpPow:
		return value.Num(math.Pow(x, y)), nil
	}
	return a, errorf("R0099", "InternalError", "unexpected operator %s", op)
}

func operandError(op bytecode.Op, a, b value.Value) *Error {
	err := errorf("R0102", "TypeError", "can't use %s on %s and %s", opNames[op], article(a.Kind()), article(b.Kind()))
	switch {
	case op == bytecode.OpAdd && a.Kind() == value.ArrayKind && b.Kind() == value.ArrayKind:
		err.Hint = "join arrays with [...a, ...b] or a.concat(b)"
	case a.Kind() == value.StringKind || b.Kind() == value.StringKind:
		err.Hint = "turn text into a number with Number(text)"
	}
	return err
}

// relation compares two numbers or two strings.
func relation(op bytecode.Op, a, b value.Value, holds func(int) bool) (value.Value, *Error) {
	switch {
	case value.BothNumbers(a, b):
		x, y := a.Float(), b.Float()
		switch {
		case x < y:
			return value.Bool(holds(-1)), nil
		case x > y:
			return value.Bool(holds(1)), nil
		case x == y:
			return value.Bool(holds(0)), nil
		}
		return value.Bool(false), nil // NaN
	case a.Kind() == value.StringKind && b.Kind() == value.StringKind:
		return value.Bool(holds(strings.Compare(a.AsString().Go(), b.AsString().Go()))), nil
	}
	return a, operandError(op, a, b)
}

// compare is a comparison that jumps; op is a jump without constant.
func (vm *VM) compare(op bytecode.Op, a, b value.Value) (bool, *Error) {
	a, b = a.Plain(), b.Plain()
	switch op {
	case bytecode.OpJumpEqual:
		return value.Loose(a, b), nil
	case bytecode.OpJumpSame:
		return value.Same(a, b), nil
	}
	var holds func(int) bool
	switch op {
	case bytecode.OpJumpLess:
		holds = func(c int) bool { return c < 0 }
	case bytecode.OpJumpLessEqual:
		holds = func(c int) bool { return c <= 0 }
	case bytecode.OpJumpGreater:
		holds = func(c int) bool { return c > 0 }
	default:
		holds = func(c int) bool { return c >= 0 }
	}
	v, err := relation(op, a, b, holds)
	return err == nil && v.True(), err
}

// unary is every operator with one operand, off the fast paths.
func (vm *VM) unary(op bytecode.Op, a value.Value) (value.Value, *Error) {
	plain := a.Plain()
	var v value.Value
	switch op {
	case bytecode.OpTypeof:
		return value.Str(typeName(plain)), nil
	case bytecode.OpConfident:
		if a.IsConfident() {
			return a, nil
		}
		return vm.withConfidence(a, 1, "plain", ""), nil
	case bytecode.OpNot:
		v = value.Bool(!plain.Truthy())
	case bytecode.OpNeg, bytecode.OpPlus:
		if !plain.IsNumber() {
			sign := "-"
			if op == bytecode.OpPlus {
				sign = "+"
			}
			return a, errorf("R0102", "TypeError", "can't use unary %s on %s", sign, article(plain.Kind()))
		}
		v = plain
		if op == bytecode.OpNeg {
			v = value.Num(-plain.Float())
		}
	}
	if !a.IsConfident() {
		return v, nil
	}
	if vm.explain {
		return vm.withConfidence(v, a.C(), "keep", op.String(), a), nil
	}
	return v.LikeConfident(a), nil
}

// typeName is what typeof gives; a namespace is an object although it can be
// called.
func typeName(v value.Value) string {
	if v.Kind() == value.Function {
		if c := callableOf(v); c.form == isNative && c.native().Members != nil {
			return "object"
		}
	}
	return v.Kind().String()
}

var typeNames = map[string]bool{"number": true, "string": true, "boolean": true, "null": true, "array": true,
	"object": true, "function": true, "promise": true}

// instanceof compares typeof with a name in any case, or with the namespace of
// the library that has it.
func instanceof(a, b value.Value) (value.Value, *Error) {
	name := ""
	switch {
	case b.Kind() == value.StringKind:
		name = b.AsString().Go()
	case b.Kind() == value.Function:
		name, _, _, _ = Describe(b)
	}
	want := lower(name)
	if want == "error" {
		return value.Bool(a.Kind() == value.ObjectKind && a.AsObject().IsError()), nil
	}
	if !typeNames[want] {
		return a, errorf("R0104", "TypeError", "instanceof needs the name of a type: number, string, boolean, null, array, object, function or promise").
			hint("write x instanceof \"number\"")
	}
	return value.Bool(typeName(a) == want || (want == "object" && a.Kind() == value.ArrayKind)), nil
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return string(b)
}

// in asks for a key of an object, an element of an array, or a part of a string.
func (vm *VM) in(a, b value.Value) (value.Value, *Error) {
	switch b.Kind() {
	case value.ObjectKind:
		_, ok := b.AsObject().Get(value.Text(a))
		return value.Bool(ok), nil
	case value.ArrayKind:
		for _, e := range b.AsArray().Elems() {
			if value.Same(a, e) {
				return value.Bool(true), nil
			}
		}
		return value.Bool(false), nil
	case value.StringKind:
		if a.Kind() == value.StringKind {
			return value.Bool(strings.Contains(b.AsString().Go(), a.AsString().Go())), nil
		}
	}
	return a, errorf("R0102", "TypeError", "can't look for %s in %s", article(a.Kind()), article(b.Kind()))
}

// concat joins the text forms of two values, at least one of which is a string.
func (vm *VM) concat(a, b value.Value) (value.Value, *Error) {
	x, y := asText(a), asText(b)
	n := x.BytesLen() + y.BytesLen()
	if n > vm.limits.String {
		return a, limitError("a string grew larger than the limit", false)
	}
	vm.allocated += int64(y.BytesLen()) + 48
	return value.Concat(x, y).Value(), nil
}

func asText(v value.Value) *value.String {
	if v.Kind() == value.StringKind {
		return v.AsString()
	}
	return value.NewString(value.Text(v))
}

// text joins the parts of a template.
func (vm *VM) text(parts []value.Value) (value.Value, *Error) {
	if first := parts[0].Plain(); len(parts) > 1 && first.Kind() == value.StringKind && first.AsString().BytesLen() >= longText {
		return vm.appended(first.AsString(), parts)
	}
	n := 0
	var buf []byte
	for _, p := range parts {
		if q := p.Plain(); q.Kind() == value.StringKind {
			n += q.AsString().BytesLen()
		}
	}
	buf = make([]byte, 0, n+16)
	for _, p := range parts {
		if q := p.Plain(); q.Kind() == value.StringKind {
			buf = append(buf, q.AsString().Go()...)
		} else {
			buf = append(buf, value.Text(q)...)
		}
		if len(buf) > vm.limits.String {
			return parts[0], limitError("a string grew larger than the limit", false)
		}
	}
	vm.allocated += int64(len(buf)) + 48
	v := value.Str(string(buf))
	return vm.combined(v, parts, "template"), nil
}

// longText is the length in bytes from which a template appends to its first
// part instead of copying it, so that s = "${s}..." is linear like s += "...".
const longText = 1024

// appended is text for parts of which the first one is long.
func (vm *VM) appended(first *value.String, parts []value.Value) (value.Value, *Error) {
	tail, err := vm.text(parts[1:])
	if err != nil {
		return tail, err
	}
	rest := tail.Plain().AsString()
	if first.BytesLen()+rest.BytesLen() > vm.limits.String {
		return tail, limitError("a string grew larger than the limit", false)
	}
	vm.allocated += int64(rest.BytesLen()) + 48
	return vm.combined(value.Concat(first, rest).Value(), parts, "template"), nil
}
