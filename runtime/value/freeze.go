package value

import "slices"

// Freeze prepares a value for being read by several goroutines at once, such as
// the constants of a program or an input given to several machines: nothing
// reachable from it is ever written again, not even in unused capacity. It must
// be called before the value is handed out, and returns v.
func Freeze(v Value) Value {
	work := []Value{v}
	for len(work) > 0 {
		v := work[len(work)-1].Plain()
		work = work[:len(work)-1]
		switch v.Kind() {
		case StringKind:
			// Appending to a frozen string starts a buffer of its own.
			if s := v.AsString(); s.tail.Load() != nil {
				s.tail.Store(nil)
			}
		case ArrayKind:
			if a := v.AsArray(); a.vec != frozen {
				a.Shared, a.vec, a.start = true, frozen, 0
				work = append(work, a.elems...)
			}
		case ObjectKind:
			if o := v.AsObject(); !o.frozen {
				o.Shared, o.frozen = true, true
				if o.dict != nil {
					o.shape, o.dict = NewShape(slices.Clone(o.Keys())...), nil
				}
				work = append(work, o.slots...)
			}
		}
	}
	return v
}
