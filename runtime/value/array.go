package value

// Array is a sequence of values. Programs see it as immutable; the machine may
// update it in place under these rules:
//
//   - An Array's own fields change only while Shared is clear, that is, while
//     one reference to it exists, which the change replaces.
//   - A backing store may be seen by several Arrays (after Push and Slice).
//     They all have the same vector then; an Array with vec == nil is the only
//     one to see its store. Elements inside a store are overwritten only by an
//     unshared Array with vec == nil (see Writable). Unused capacity behind
//     vec.used belongs to nobody: the Array that ends there may claim it, since
//     no other one reaches that far.
//   - A value held by two Arrays is Shared. Within one store vec.marked counts
//     the leading elements that are; every Array has start <= vec.marked, so
//     sharing a store marks each element once, not once per Push.
type Array struct {
	Header
	elems []Value
	vec   *vector
	start int // position of elems[0] in the store; 0 when vec is nil
}

// vector is what the Arrays that see one backing store have in common.
type vector struct {
	used   int // elements claimed
	marked int // leading elements known to be Shared
	cap    int // elements allocated
}

// frozen belongs to the arrays that several goroutines may see: nothing in it
// or in them is ever written again.
var frozen = &vector{used: -1, marked: int(^uint(0) >> 1)}

// ViewMin is the length from which a Slice shares the store instead of copying.
const ViewMin = 64

// NewArray returns an array of elems, which it takes over: the caller must keep
// no reference to the slice. Elements that are kept elsewhere have to be Shared
// by the caller.
func NewArray(elems []Value) Value { return MakeArray(elems).Value() }

// MakeArray is NewArray for those who need the Array.
func MakeArray(elems []Value) *Array {
	return &Array{Header: Header{Kind: ArrayKind}, elems: elems}
}

// CopyArray returns a new array of the same elements, which it marks Shared;
// the slice stays the caller's.
func CopyArray(elems []Value) *Array { return MakeArray(copyShared(elems, len(elems))) }

// copyShared returns a copy of elems with room for n elements.
func copyShared(elems []Value, n int) []Value {
	c := make([]Value, len(elems), max(n, len(elems)))
	copy(c, elems)
	ShareAll(c)
	return c
}

// ShareAll marks every element, as copying them to a second container requires.
func ShareAll(elems []Value) {
	for _, v := range elems {
		v.Share()
	}
}

// AsArray returns the array behind v, which must be a plain array.
func (v Value) AsArray() *Array { return (*Array)(v.p) }

// Value returns a as a value.
func (a *Array) Value() Value { return FromObject(&a.Header) }

// Len returns the number of elements.
func (a *Array) Len() int { return len(a.elems) }

// Elems returns the elements, to be read only. The slice is valid until the
// array is updated in place.
func (a *Array) Elems() []Value { return a.elems }

// At returns element i, with 0 <= i < Len.
func (a *Array) At(i int) Value { return a.elems[i] }

// Writable reports whether an element, or something inside an element that is
// itself unshared, may be updated in place.
func (a *Array) Writable() bool { return !a.Shared && a.vec == nil }

// SetElem replaces element i of a Writable array.
func (a *Array) SetElem(i int, v Value) { a.elems[i] = v }

// share prepares the store for a second Array: elements up to position end of
// the store become Shared.
func (a *Array) share(end int) *vector {
	if a.vec == nil {
		a.vec = &vector{used: len(a.elems), cap: cap(a.elems)}
	}
	v := a.vec
	if v.marked < end {
		ShareAll(a.elems[v.marked-a.start : end-a.start])
		v.marked = end
	}
	return v
}

// claim reports whether n more elements fit behind a in its store without
// anybody else noticing.
func (a *Array) claim(n int) bool {
	if cap(a.elems)-len(a.elems) < n {
		return false
	}
	return a.vec == nil || a.vec.used == a.start+len(a.elems)
}

// grown is the capacity for a store that must hold n elements.
func grown(n int) int {
	if n < 8 {
		return 8
	}
	if n < 1024 {
		return 2 * n
	}
	return n + n/2
}

// Push returns an array with vals appended; a is unchanged. Repeated
// a = a.Push(x) costs amortised constant time.
func (a *Array) Push(vals ...Value) *Array {
	if len(vals) == 0 {
		return a
	}
	n := len(a.elems) + len(vals)
	if a.claim(len(vals)) {
		v := a.share(a.start + len(a.elems))
		v.used = a.start + n
		return &Array{Header: Header{Kind: ArrayKind}, elems: append(a.elems, vals...), vec: v, start: a.start}
	}
	return MakeArray(append(copyShared(a.elems, grown(n)), vals...))
}

// PushOwned returns an array with vals appended like Push, and may update a
// itself to be that array: the caller gives up a. It keeps a writable, so that
// alternating pushes and updates stay amortised constant.
func (a *Array) PushOwned(vals ...Value) *Array {
	if a.Shared {
		return a.Push(vals...)
	}
	n := len(a.elems) + len(vals)
	switch {
	case a.claim(len(vals)):
		if a.vec != nil {
			a.vec.used = a.start + n
		}
		a.elems = append(a.elems, vals...)
	case a.vec == nil:
		e := make([]Value, len(a.elems), grown(n))
		copy(e, a.elems)
		a.elems = append(e, vals...)
	default:
		a.elems = append(copyShared(a.elems, grown(n)), vals...)
		a.vec, a.start = nil, 0
	}
	return a
}

// Set returns an array with element i, 0 <= i <= Len, replaced by v; i = Len
// appends. It updates a in place if a is Writable; otherwise a is unchanged.
func (a *Array) Set(i int, v Value) *Array {
	if i == len(a.elems) {
		return a.PushOwned(v)
	}
	if !a.Writable() {
		a = CopyArray(a.elems)
	}
	a.elems[i] = v
	return a
}

// Slice returns the elements from i up to, not including, j, with
// 0 <= i <= j <= Len. Long slices share the store of a; short ones are copies,
// so that they neither keep a alive nor take away its right to updates in place.
func (a *Array) Slice(i, j int) *Array {
	if n := j - i; n < ViewMin || n < len(a.elems)/2 {
		return CopyArray(a.elems[i:j])
	}
	v := a.share(a.start + j)
	return &Array{Header: Header{Kind: ArrayKind}, elems: a.elems[i:j], vec: v, start: a.start + i}
}
