package value

import "iter"

// Object maps string keys to values, in the order in which keys were added.
//
// Its values are in slots. Which key has which slot is told by a Shape, shared
// by all objects of that layout, or, once many keys were added one by one, by a
// dictionary of its own. Like arrays, objects are updated in place only while
// Shared is clear; slots are never seen by two objects.
type Object struct {
	Header
	isError bool
	frozen  bool   // by Freeze, with everything in it
	shape   *Shape // nil in dictionary mode
	slots   []Value
	dict    *dictionary
}

// dictionary is the layout of a large object. Keys are only ever appended: it
// can serve several objects, each of which uses the first len(slots) keys, and
// grows in place for the one that uses them all.
type dictionary struct {
	keys  []string
	index map[string]int
}

// NewObject returns an object of the given layout. It takes over slots, one for
// each key of the shape.
func NewObject(_ *Realm, shape *Shape, slots []Value) *Object {
	return &Object{Header: Header{Kind: ObjectKind}, shape: shape, slots: slots}
}

// NewErrorObject returns an object whose text form is its "message" alone: what
// a program catches for a run-time error. It takes over slots.
func NewErrorObject(shape *Shape, slots []Value) *Object {
	return &Object{Header: Header{Kind: ObjectKind}, isError: true, shape: shape, slots: slots}
}

// ObjectOf returns an object with a layout of its own, for callers outside any
// machine. It takes over both slices, which have the same length; of equal keys
// the first gives the place and the last the value.
func ObjectOf(keys []string, vals []Value) *Object {
	s := NewShape(keys...)
	if !distinct(s) {
		at := make(map[string]int, len(keys))
		n := 0
		for i, k := range keys {
			if j, ok := at[k]; ok {
				vals[j] = vals[i]
				continue
			}
			at[k] = n
			keys[n], vals[n] = k, vals[i]
			n++
		}
		s, vals = NewShape(keys[:n]...), vals[:n]
	}
	return NewObject(nil, s, vals)
}

func distinct(s *Shape) bool {
	if s.index != nil {
		return len(s.index) == len(s.keys)
	}
	for i, k := range s.keys {
		if s.Lookup(k) != i {
			return false
		}
	}
	return true
}

// AsObject returns the object behind v, which must be a plain object.
func (v Value) AsObject() *Object { return (*Object)(v.p) }

// Value returns o as a value.
func (o *Object) Value() Value { return FromObject(&o.Header) }

// IsError reports whether o stands for a run-time error.
func (o *Object) IsError() bool { return o.isError }

// Shape returns the layout, nil for a dictionary.
func (o *Object) Shape() *Shape { return o.shape }

// Slot returns the value in slot i.
func (o *Object) Slot(i int) Value { return o.slots[i] }

// SetSlot replaces the value in slot i of an unshared object.
func (o *Object) SetSlot(i int, v Value) { o.slots[i] = v }

// Slots returns all values in key order, to be read only.
func (o *Object) Slots() []Value { return o.slots }

// AddSlot gives an unshared object the layout next, which has one key more than
// its own, with value v.
func (o *Object) AddSlot(next *Shape, v Value) {
	o.shape = next
	o.slots = append(o.slots, v)
}

// Len returns the number of keys.
func (o *Object) Len() int { return len(o.slots) }

// Keys returns the keys in order, to be read only.
func (o *Object) Keys() []string {
	if o.shape != nil {
		return o.shape.keys
	}
	return o.dict.keys[:len(o.slots)]
}

// Lookup returns the slot of key, -1 if o lacks it.
func (o *Object) Lookup(key string) int {
	if o.shape != nil {
		return o.shape.Lookup(key)
	}
	if i, ok := o.dict.index[key]; ok && i < len(o.slots) {
		return i
	}
	return -1
}

// Get returns the value of key and whether o has it.
func (o *Object) Get(key string) (Value, bool) {
	if i := o.Lookup(key); i >= 0 {
		return o.slots[i], true
	}
	return NullValue, false
}

// All yields keys and values in order.
func (o *Object) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for i, k := range o.Keys() {
			if !yield(k, o.slots[i]) {
				return
			}
		}
	}
}

// Copy returns an unshared object with the same keys and values, which become
// Shared.
func (o *Object) Copy() *Object {
	c := *o
	c.Shared, c.frozen = false, false
	c.slots = copyShared(o.slots, len(o.slots)+1)
	return &c
}

// Set returns an object with the value of key replaced or added. It updates o
// in place if o is not Shared; otherwise o is unchanged. The realm may be nil.
func (o *Object) Set(r *Realm, key string, v Value) *Object {
	if o.Shared {
		o = o.Copy()
	}
	if i := o.Lookup(key); i >= 0 {
		o.slots[i] = v
		return o
	}
	if o.shape != nil && len(o.slots) < maxShapeKeys {
		o.AddSlot(r.Extend(o.shape, key), v)
		return o
	}
	o.addToDictionary(key)
	o.slots = append(o.slots, v)
	return o
}

// addToDictionary makes key the name of the next slot.
func (o *Object) addToDictionary(key string) {
	n := len(o.slots)
	if d := o.dict; d == nil || n < len(d.keys) {
		if d != nil && d.keys[n] == key {
			return
		}
		keys := make([]string, n, 2*n+1)
		copy(keys, o.Keys())
		index := make(map[string]int, 2*n+1)
		for i, k := range keys {
			index[k] = i
		}
		o.shape, o.dict = nil, &dictionary{keys, index}
	}
	o.dict.keys = append(o.dict.keys, key)
	o.dict.index[key] = n
}

// Without returns an object that lacks the given keys, o itself if it has none
// of them.
func (o *Object) Without(keys ...string) *Object {
	drop := make(map[int]bool, len(keys))
	for _, k := range keys {
		if i := o.Lookup(k); i >= 0 {
			drop[i] = true
		}
	}
	if len(drop) == 0 {
		return o
	}
	n := len(o.slots) - len(drop)
	names, vals := make([]string, 0, n), make([]Value, 0, n)
	for i, k := range o.Keys() {
		if !drop[i] {
			names, vals = append(names, k), append(vals, o.slots[i])
		}
	}
	ShareAll(vals)
	return NewObject(nil, NewShape(names...), vals)
}
