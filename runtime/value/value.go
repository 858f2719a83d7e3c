// Package value is the data of a running Prism program.
//
// A Value is 16 bytes: a pointer whose target begins with a Header that tells
// the kind, and a payload word. Null, booleans and numbers need no allocation:
// their pointer is nil or a static header and the payload holds the bits.
// Everything else is a heap object. A confident value of any kind points to a
// small Confident object that names the plain value's pointer and the
// confidence; the payload stays in the Value, so that numbers with the same
// confidence share one Confident and plain values pay nothing at all.
//
// Values are immutable to programs. Arrays and objects carry a sticky "shared"
// bit: as long as it is clear exactly one reference exists, and the machine may
// update in place (see Array.Set, Object.Set).
//
// The package knows nothing of code, fibers or effects.
package value

import (
	"math"
	"unsafe"
)

// Kind is the type of a value as the machine sees it.
type Kind uint8

const (
	Null Kind = iota
	Boolean
	Number
	StringKind
	ArrayKind
	ObjectKind
	Function // closures, natives and bound methods; defined by package vm
	Promise  // defined by package vm

	// The kinds below never reach a program.

	ConfidentKind // a value with a confidence
	Unset         // a variable before its first assignment, an absent argument
	Cell          // a variable shared by closures; defined by package vm

	KindCount
)

// String returns what typeof prints.
func (k Kind) String() string {
	return [KindCount]string{"null", "boolean", "number", "string", "array", "object", "function", "promise",
		"confident", "unset", "cell"}[k]
}

// Header begins every heap object that a Value can point to.
type Header struct {
	Kind Kind
	// Shared is set once a second reference to an array or object may exist.
	// It is never cleared.
	Shared bool
	// Named tells that the object begins with a FunctionHeader.
	Named bool
}

// Value is any Prism value. The zero Value is null.
//
// The representation uses unsafe because an interface would allocate for every
// number (4x on arithmetic loops) and a struct with separate fields would take
// 32 bytes; see docs/rationale.md.
type Value struct {
	p unsafe.Pointer // nil or *Header
	n uint64
}

// scalarHeader is what values without a heap object point to. It is aligned like
// a heap object: where the compiler sees a constant value, it may address fields
// that are read only after the kind was asked for, and on arm64 such an address
// has to be a multiple of eight for the program to link.
type scalarHeader struct {
	Header
	_ [4]uint64
}

var (
	boolHeader   = scalarHeader{Header: Header{Kind: Boolean}}
	numberHeader = scalarHeader{Header: Header{Kind: Number}}
	unsetHeader  = scalarHeader{Header: Header{Kind: Unset}}
)

// NullValue is null.
var NullValue = Value{}

// Num returns a number.
func Num(f float64) Value { return Value{unsafe.Pointer(&numberHeader), math.Float64bits(f)} }

// Int returns an integer as a number.
func Int(i int) Value { return Num(float64(i)) }

// Bool returns a boolean.
func Bool(b bool) Value {
	var n uint64
	if b {
		n = 1
	}
	return Value{unsafe.Pointer(&boolHeader), n}
}

// UnsetValue marks a variable before its first assignment.
func UnsetValue() Value { return Value{unsafe.Pointer(&unsetHeader), 0} }

// FromObject wraps a heap object, which must begin with a Header. It is how
// package vm makes functions, promises and cells.
func FromObject(h *Header) Value { return Value{p: unsafe.Pointer(h)} }

// Object returns the header of the heap object behind a value of a heap kind;
// nil for null.
func (v Value) Object() *Header { return (*Header)(v.p) }

// Kind returns the kind, ConfidentKind for values with a confidence.
func (v Value) Kind() Kind {
	if v.p == nil {
		return Null
	}
	return (*Header)(v.p).Kind
}

// IsNumber reports whether v is a plain number.
func (v Value) IsNumber() bool { return v.p == unsafe.Pointer(&numberHeader) }

// IsBool reports whether v is a plain boolean.
func (v Value) IsBool() bool { return v.p == unsafe.Pointer(&boolHeader) }

// IsNull reports whether v is plain null.
func (v Value) IsNull() bool { return v.p == nil }

// IsUnset reports whether v marks a variable without value.
func (v Value) IsUnset() bool { return v.p == unsafe.Pointer(&unsetHeader) }

// BothNumbers reports whether a and b are plain numbers.
func BothNumbers(a, b Value) bool {
	return a.p == unsafe.Pointer(&numberHeader) && b.p == unsafe.Pointer(&numberHeader)
}

// Float returns the number; v must be a number (plain or confident).
func (v Value) Float() float64 { return math.Float64frombits(v.n) }

// True returns the boolean; v must be a boolean (plain or confident).
func (v Value) True() bool { return v.n != 0 }

// SetNum makes v a number. It writes the pointer only if it changes, which
// spares the garbage collector's write barrier in arithmetic.
func (v *Value) SetNum(f float64) {
	if v.p != unsafe.Pointer(&numberHeader) {
		v.p = unsafe.Pointer(&numberHeader)
	}
	v.n = math.Float64bits(f)
}

// SetBool makes v a boolean.
func (v *Value) SetBool(b bool) {
	if v.p != unsafe.Pointer(&boolHeader) {
		v.p = unsafe.Pointer(&boolHeader)
	}
	v.n = 0
	if b {
		v.n = 1
	}
}

// Share marks an array or object, confident or not, as possibly referenced
// more than once. It does nothing for other kinds.
func (v Value) Share() {
	if v.p == nil || v.p == unsafe.Pointer(&numberHeader) || v.p == unsafe.Pointer(&boolHeader) {
		return
	}
	h := (*Header)(v.p)
	if h.Kind == ConfidentKind {
		h = (*Header)((*Confident)(v.p).base)
		if h == nil {
			return
		}
	}
	if (h.Kind == ArrayKind || h.Kind == ObjectKind) && !h.Shared {
		h.Shared = true
	}
}

// Confident is what the pointer of a confident value refers to.
type Confident struct {
	Header
	base unsafe.Pointer // pointer of the plain value
	c    float64
	why  *Why
}

// Why tells how a confidence arose; it is kept only when a program or its
// caller asked for explanations.
type Why struct {
	Rule     string  // "attach", "min", "product", "agent", ...
	C        float64 // the confidence this rule gave
	Operands []*Why  // confidences it was made from
	Func     string  // function and place in the source, "" for values from outside
	File     string
	Line     int
	Column   int
	Note     string // agent's name, operator, ...
}

// WithConfidence returns the plain value of v with confidence c in [0, 1],
// which replaces any earlier one. why may be nil.
func (v Value) WithConfidence(c float64, why *Why) Value {
	p := v.p
	if p != nil && (*Header)(p).Kind == ConfidentKind {
		old := (*Confident)(p)
		if old.c == c && why == old.why {
			return v
		}
		p = old.base
	}
	return Value{unsafe.Pointer(&Confident{Header: Header{Kind: ConfidentKind}, base: p, c: c, why: why}), v.n}
}

// LikeConfident returns plain v with the confidence of the confident value m,
// sharing m's Confident where the pointers allow (numbers, booleans, null).
func (v Value) LikeConfident(m Value) Value {
	cm := (*Confident)(m.p)
	if v.p == cm.base {
		return Value{m.p, v.n}
	}
	return v.WithConfidence(cm.c, cm.why)
}

// IsConfident reports whether v carries a confidence.
func (v Value) IsConfident() bool { return v.p != nil && (*Header)(v.p).Kind == ConfidentKind }

// Confidence returns the confidence and whether v carries one; 1 and false for
// a plain value.
func (v Value) Confidence() (float64, bool) {
	if v.p != nil && (*Header)(v.p).Kind == ConfidentKind {
		return (*Confident)(v.p).c, true
	}
	return 1, false
}

// C returns the confidence, 1 for a plain value.
func (v Value) C() float64 {
	c, _ := v.Confidence()
	return c
}

// Why returns the explanation kept with v's confidence, nil without.
func (v Value) Why() *Why {
	if v.IsConfident() {
		return (*Confident)(v.p).why
	}
	return nil
}

// Plain returns v without its confidence.
func (v Value) Plain() Value {
	if v.p != nil && (*Header)(v.p).Kind == ConfidentKind {
		return Value{(*Confident)(v.p).base, v.n}
	}
	return v
}

// PlainKind returns the kind of v without its confidence.
func (v Value) PlainKind() Kind { return v.Plain().Kind() }

// Truthy reports whether v counts as true: not false, 0, NaN, "" or null. The
// confidence does not matter.
func (v Value) Truthy() bool {
	v = v.Plain()
	switch v.Kind() {
	case Null, Unset:
		return false
	case Boolean:
		return v.n != 0
	case Number:
		f := v.Float()
		return f != 0 && f == f
	case StringKind:
		return v.AsString().Len() != 0
	}
	return true
}

// Identical reports whether both values are the same bits: the same number, or
// the same heap object.
func Identical(a, b Value) bool { return a == b }
