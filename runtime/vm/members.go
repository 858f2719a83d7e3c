package vm

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/value"
)

// propCache remembers where an instruction found its property last.
type propCache struct {
	shape *value.Shape
	slot  int
}

// lookup finds a property and remembers its slot; null when it is missing.
func (c *propCache) lookup(o *value.Object, name string) value.Value {
	if i := c.find(o, name); i >= 0 {
		return o.Slot(i)
	}
	return value.NullValue
}

func (c *propCache) find(o *value.Object, name string) int {
	i := o.Lookup(name)
	if i >= 0 && o.Shape() != nil {
		c.shape, c.slot = o.Shape(), i
	}
	return i
}

// access is the form of a member expression.
type access uint8

const (
	plainMember     access = iota // x.p
	optionalMember                // x?.p
	confidentMember               // x~.p
)

// member reads a property of anything but a plain object.
func (vm *VM) member(fn *function, x value.Value, name int, how access) (value.Value, *Error) {
	p := x.Plain()
	key := fn.Names[name]
	v, ok := vm.memberOf(p, key, fn.methods[name])
	if !ok {
		switch how {
		case plainMember:
			return v, readError(p, key)
		case confidentMember:
			if p.Kind() != value.Null {
				return v, readError(p, key)
			}
		}
	}
	v = vm.inherit(x, v)
	if how == confidentMember && !v.IsConfident() {
		v = vm.withConfidence(v, 1, "plain", "~.")
	}
	return v, nil
}

// memberOf reads a property of a plain value; ok is false for kinds that have
// none.
func (vm *VM) memberOf(p value.Value, key string, m *methods) (v value.Value, ok bool) {
	switch p.Kind() {
	case value.ObjectKind:
		v, _ = p.AsObject().Get(key)
		return v, true
	case value.ArrayKind:
		if key == "length" {
			return value.Int(p.AsArray().Len()), true
		}
	case value.StringKind:
		if key == "length" {
			return value.Int(p.AsString().Len()), true
		}
	case value.Function:
		if c := callableOf(p); c.form == isNative && c.native().Members != nil {
			return c.native().Members[key], true
		}
		return v, false
	}
	if m != nil {
		if n := m[p.Kind()]; n != nil {
			p.Share()
			b := &bound{newCallable(isBound, n.Name), p, n}
			return value.FromObject(&b.Header), true
		}
	}
	return v, p.Kind() == value.ArrayKind || p.Kind() == value.StringKind
}

func readError(p value.Value, key string) *Error {
	err := errorf("R0112", "TypeError", "can't read .%s of %s", key, article(p.Kind()))
	if p.Kind() == value.Null {
		err.Hint = fmt.Sprintf("if the value may be missing, write ?.%s", key)
	}
	return err
}

// noMethod explains a call of a method that does not exist.
func (vm *VM) noMethod(p value.Value, name string) *Error {
	switch p.Kind() {
	case value.Null:
		return readError(p, name)
	case value.ObjectKind:
		err := errorf("R0111", "TypeError", "the object has no function .%s", name)
		if _, ok := p.AsObject().Get(name); ok {
			err.Message = fmt.Sprintf(".%s of the object is null, not a function", name)
		}
		if s := diag.Suggest(name, p.AsObject().Keys()); s != "" {
			err.Hint = "did you mean ." + s + "?"
		}
		return err
	}
	err := errorf("R0111", "TypeError", "%s has no method .%s", article(p.Kind()), name)
	var names []string
	for n, m := range vm.img.library.methodTable() {
		if m[p.Kind()] != nil {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	if s := diag.Suggest(name, names); s != "" {
		err.Hint = "did you mean ." + s + "?"
	}
	return err
}

// index reads x[i].
func (vm *VM) index(x, i value.Value, optional bool) (value.Value, *Error) {
	p, k := x.Plain(), i.Plain()
	var v value.Value
	switch p.Kind() {
	case value.ArrayKind:
		n, err := arrayIndex(k, p.AsArray().Len(), "array")
		if err != nil {
			if optional && k.IsNumber() {
				break
			}
			return v, err
		}
		v = p.AsArray().At(n)
	case value.StringKind:
		n, err := arrayIndex(k, p.AsString().Len(), "string")
		if err != nil {
			if optional && k.IsNumber() {
				break
			}
			return v, err
		}
		v = p.AsString().At(n).Value()
	case value.ObjectKind:
		if k.Kind() != value.StringKind {
			return v, errorf("R0113", "TypeError", "the key of an object is a string, not %s", article(k.Kind()))
		}
		v, _ = p.AsObject().Get(k.AsString().Go())
	case value.Function:
		if c := callableOf(p); c.form == isNative && c.native().Members != nil && k.Kind() == value.StringKind {
			v = c.native().Members[k.AsString().Go()]
			break
		}
		fallthrough
	default:
		if optional {
			break
		}
		err := errorf("R0112", "TypeError", "can't index %s", article(p.Kind()))
		if p.Kind() == value.Null {
			err.Hint = "if the value may be missing, write ?.[...]"
		}
		return v, err
	}
	return vm.inherit(x, v), nil
}

// arrayIndex checks an index: a number, whose fraction is dropped, within the
// elements.
func arrayIndex(k value.Value, n int, what string) (int, *Error) {
	if !k.IsNumber() {
		return 0, errorf("R0113", "TypeError", "the index of %s is a number, not %s", article(kindOf(what)), article(k.Kind()))
	}
	f := math.Floor(k.Float())
	if !(f >= 0 && f < float64(n)) {
		err := errorf("R0114", "RangeError", "index %s is outside the %s, which has %d elements", value.NumberText(k.Float()), what, n)
		if f < 0 {
			err.Hint = "count from the end with .at(-1)"
		} else if n == 1 {
			err.Message = fmt.Sprintf("index %s is outside the %s, which has 1 element", value.NumberText(k.Float()), what)
		}
		return 0, err
	}
	return int(f), nil
}

func kindOf(what string) value.Kind {
	if what == "string" {
		return value.StringKind
	}
	return value.ArrayKind
}

// setProp rebinds *x to an object in which a property is replaced.
func (vm *VM) setProp(x *value.Value, name string, v value.Value, c *propCache) *Error {
	p := x.Plain()
	if p.Kind() != value.ObjectKind {
		return vm.setError(p, name)
	}
	o := p.AsObject()
	if o.Len() >= vm.limits.Array {
		return vm.arrayLimit()
	}
	vm.allocated += 16
	o = o.Set(vm.realm, name, v)
	if c != nil {
		c.find(o, name)
	}
	*x = rewrap(*x, o.Value())
	return nil
}

func (vm *VM) setError(p value.Value, name string) *Error {
	return errorf("R0115", "TypeError", "can't set .%s of %s; only objects have properties", name, article(p.Kind()))
}

// rewrap puts an updated container in the place of the old one, which keeps its
// confidence.
func rewrap(old, updated value.Value) value.Value {
	if old.IsConfident() {
		return updated.LikeConfident(old)
	}
	return updated
}

// setKey rebinds *x to a container in which the element or property under a key
// is replaced.
func (vm *VM) setKey(x *value.Value, key, v value.Value) *Error {
	p, k := x.Plain(), key.Plain()
	switch p.Kind() {
	case value.ArrayKind:
		a := p.AsArray()
		n := a.Len()
		if !k.IsNumber() || math.Floor(k.Float()) != float64(n) {
			i, err := arrayIndex(k, n, "array")
			if err != nil {
				if k.IsNumber() && k.Float() > float64(n) {
					err.Hint = "an array grows by push, or by assigning the element right after the last one"
				}
				return err
			}
			*x = rewrap(*x, a.Set(i, v).Value())
			return nil
		}
		if n >= vm.limits.Array {
			return vm.arrayLimit()
		}
		vm.allocated += 16
		*x = rewrap(*x, a.Set(n, v).Value())
		return nil
	case value.ObjectKind:
		if k.Kind() != value.StringKind {
			if !k.IsNumber() {
				return errorf("R0113", "TypeError", "the key of an object is a string, not %s", article(k.Kind()))
			}
			k = value.Str(value.Text(k))
		}
		return vm.setProp(x, k.AsString().Go(), v, nil)
	}
	return vm.setError(p, value.Text(k))
}

// setPath rebinds *x to a container in which something deeper is replaced.
// Levels that nobody else sees are updated in place.
func (vm *VM) setPath(x *value.Value, keys []value.Value, v value.Value) *Error {
	if len(keys) == 1 {
		return vm.setKey(x, keys[0], v)
	}
	part, err := vm.index(x.Plain(), keys[0], false)
	if err != nil {
		return err
	}
	if part.PlainKind() == value.Null {
		return errorf("R0115", "TypeError", "can't set a part of .%s, which is null", value.Text(keys[0]))
	}
	// A child of a shared container is shared too, whatever its own bit says.
	if shared(x.Plain()) {
		part.Share()
	}
	if err := vm.setPath(&part, keys[1:], v); err != nil {
		return err
	}
	return vm.setKey(x, keys[0], part)
}

// shared reports whether somebody else may see a container or its elements.
func shared(p value.Value) bool {
	switch p.Kind() {
	case value.ArrayKind:
		return !p.AsArray().Writable()
	case value.ObjectKind:
		return p.AsObject().Shared
	}
	return true
}

// ---- Destructuring ----

func (vm *VM) part(x value.Value, i int) value.Value {
	elems := x.Plain().AsArray().Elems()
	if i >= len(elems) {
		return value.UnsetValue()
	}
	v := vm.inherit(x, elems[i])
	v.Share()
	return v
}

func (vm *VM) field(x value.Value, name string) value.Value {
	v, ok := x.Plain().AsObject().Get(name)
	if !ok {
		return value.UnsetValue()
	}
	v = vm.inherit(x, v)
	v.Share()
	return v
}

func (vm *VM) rest(x value.Value, from int) value.Value {
	a := x.Plain().AsArray()
	if !x.IsConfident() {
		return a.Slice(min(from, a.Len()), a.Len()).Value()
	}
	elems := a.Elems()[min(from, a.Len()):]
	out := make([]value.Value, len(elems))
	for i, e := range elems {
		out[i] = vm.inherit(x, e)
		out[i].Share()
	}
	return value.NewArray(out)
}

func (vm *VM) omit(x value.Value, keys []value.Value) value.Value {
	drop := map[string]bool{}
	for _, k := range keys {
		drop[k.AsString().Go()] = true
	}
	var names []string
	var vals []value.Value
	for k, v := range x.Plain().AsObject().All() {
		if !drop[k] {
			v = vm.inherit(x, v)
			v.Share()
			names, vals = append(names, k), append(vals, v)
		}
	}
	return value.NewObject(vm.realm, vm.realm.ShapeOf(names...), vals).Value()
}

// ---- Literals ----

// newObject makes the object of a literal. Its shape comes from the realm, so
// that objects of equal layout share caches wherever they were made.
func (vm *VM) newObject(fn *function, R []value.Value, in bytecode.Instr, c *propCache) value.Value {
	s := c.shape
	if s == nil {
		s = vm.realm.ShapeOf(fn.Shapes[in.C]...)
		c.shape = s
	}
	n := s.Len()
	slots := make([]value.Value, n)
	copy(slots, R[in.B:int(in.B)+n])
	vm.allocated += int64(n)*16 + 64
	return value.NewObject(vm.realm, s, slots).Value()
}

func (vm *VM) spread(R []value.Value, in bytecode.Instr) *Error {
	src := R[in.B]
	p := src.Plain()
	if p.Kind() != value.ArrayKind {
		return errorf("R0116", "TypeError", "can't spread %s into an array or call; only arrays", article(p.Kind()))
	}
	a := R[in.A].AsArray()
	elems := p.AsArray().Elems()
	if a.Len()+len(elems) > vm.limits.Array {
		return vm.arrayLimit()
	}
	if a.Len() == 0 && !src.IsConfident() {
		// [...xs, x] costs no more than xs.push(x): the store is shared.
		view := p.AsArray().Slice(0, len(elems))
		vm.allocated += 64
		if len(elems) < value.ViewMin {
			vm.allocated += int64(len(elems)) * 16
		}
		R[in.A] = view.Value()
		return nil
	}
	vm.allocated += int64(len(elems)) * 16
	if src.IsConfident() {
		out := make([]value.Value, len(elems))
		for i, e := range elems {
			out[i] = vm.inherit(src, e)
		}
		elems = out
	}
	value.ShareAll(elems)
	R[in.A] = a.PushOwned(elems...).Value()
	return nil
}

func (vm *VM) spreadObject(x *value.Value, src value.Value) *Error {
	p := src.Plain()
	if p.Kind() != value.ObjectKind {
		return errorf("R0117", "TypeError", "can't spread %s into an object; only objects", article(p.Kind()))
	}
	o := x.AsObject()
	for k, v := range p.AsObject().All() {
		v = vm.inherit(src, v)
		v.Share()
		o = o.Set(vm.realm, k, v)
	}
	vm.allocated += int64(p.AsObject().Len()) * 16
	*x = o.Value()
	return nil
}

func (vm *VM) makeClosure(fn *function, fr *frame, R []value.Value) value.Value {
	captures := make([]value.Value, len(fn.Captures))
	for i, c := range fn.Captures {
		if c.FromReg {
			captures[i] = R[c.Index]
		} else {
			captures[i] = fr.closure.captures[c.Index]
		}
		if !c.Cell {
			captures[i].Share()
		}
	}
	vm.allocated += int64(len(captures))*16 + 48
	return value.FromObject(&newClosure(fn, captures).Header)
}

// next puts the next element, and with pair its index or value, into the first
// registers of R. It reports false at the end.
func (it *iterator) next(vm *VM, R []value.Value, pair bool) bool {
	switch it.src.Kind() {
	case value.ArrayKind:
		elems := it.src.AsArray().Elems()
		if it.i >= len(elems) {
			return false
		}
		v := vm.inherit(it.from, elems[it.i])
		v.Share()
		R[0] = v
		if pair {
			R[1] = value.Int(it.i)
		}
	case value.StringKind:
		s := it.src.AsString()
		text := s.Go()
		if it.off >= len(text) {
			return false
		}
		n := 1
		for it.off+n < len(text) && text[it.off+n]&0xC0 == 0x80 {
			n++
		}
		R[0] = vm.inherit(it.from, value.Str(strings.Clone(text[it.off:it.off+n])))
		it.off += n
		if pair {
			R[1] = value.Int(it.i)
		}
	default:
		if it.i >= len(it.keys) {
			return false
		}
		R[0] = value.Str(it.keys[it.i])
		if pair {
			v := vm.inherit(it.from, it.src.AsObject().Slot(it.i))
			v.Share()
			R[1] = v
		}
	}
	it.i++
	return true
}
