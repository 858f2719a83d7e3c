package value

import "iter"

// Freeze makes all of a value safe to be read by other goroutines while the
// program goes on: everything in it becomes Shared, so that nothing in it is
// ever updated in place again.
func Freeze(v Value) {
	work := []Value{v}
	for len(work) > 0 {
		v := work[len(work)-1].Plain()
		work = work[:len(work)-1]
		switch v.Kind() {
		case ArrayKind:
			a := v.AsArray()
			if a.vec == frozen {
				continue
			}
			a.Shared = true
			work = append(work, a.elems...)
			// The store may have room that another array could claim; this one
			// must not be extended through it.
			a.elems = a.elems[:len(a.elems):len(a.elems)]
			a.vec, a.start = frozen, 0
		case ObjectKind:
			o := v.AsObject()
			if o.Shared && o.frozen {
				continue
			}
			o.Shared, o.frozen = true, true
			work = append(work, o.slots...)
		}
	}
}

// LiveSize estimates the bytes of everything reachable from the roots, each
// object once. inside lists, for heap objects of kinds this package does not
// know (functions, promises, cells), what they refer to, and returns their own
// size.
func LiveSize(roots iter.Seq[Value], inside func(v Value, visit func(Value)) int) int {
	total := 0
	seen := map[*Header]bool{}
	var work []Value
	visit := func(v Value) {
		switch v.Kind() {
		case Null, Boolean, Number, Unset:
			return
		}
		if h := v.Object(); !seen[h] {
			seen[h] = true
			work = append(work, v)
		}
	}
	drain := func() {
		for len(work) > 0 {
			v := work[len(work)-1]
			work = work[:len(work)-1]
			switch v.Kind() {
			case ConfidentKind:
				total += 48
				visit(v.Plain())
			case StringKind:
				total += 48 + v.AsString().BytesLen()
			case ArrayKind:
				total += 64 + 16*cap(v.AsArray().elems)
				for _, e := range v.AsArray().elems {
					visit(e)
				}
			case ObjectKind:
				o := v.AsObject()
				total += 64 + 16*cap(o.slots)
				if o.dict != nil {
					total += 40 * len(o.dict.keys)
				}
				for _, e := range o.slots {
					visit(e)
				}
			default:
				total += inside(v, visit)
			}
		}
	}
	for v := range roots {
		visit(v)
		drain()
	}
	return total
}
