package value

import (
	"iter"
	"unsafe"
)

// Approximate sizes in bytes of what the allocator hands out.
const (
	valueBytes     = int(unsafe.Sizeof(Value{}))
	stringBytes    = 48
	arrayBytes     = 64
	objectBytes    = 80
	confidentBytes = 48
	keyBytes       = 48 // of a dictionary, for its map
)

// Size returns the bytes that v itself occupies outside its 16-byte Value,
// parts not included: 0 for null, booleans and numbers.
func Size(v Value) int {
	n := 0
	if v.IsConfident() {
		n = confidentBytes
		v = v.Plain()
	}
	switch v.Kind() {
	case StringKind:
		n += stringBytes + len(v.AsString().text)
	case ArrayKind:
		n += arrayBytes + valueBytes*cap(v.AsArray().elems)
	case ObjectKind:
		o := v.AsObject()
		n += objectBytes + valueBytes*cap(o.slots)
		if o.dict != nil {
			n += keyBytes * len(o.dict.keys)
		}
	}
	return n
}

// LiveSize returns the bytes of everything reachable from roots. What several
// values share (stores, buffers, dictionaries) counts once. For heap objects of
// the kinds that package vm defines, extra returns their size and visits the
// values they refer to; it may be nil.
func LiveSize(roots iter.Seq[Value], extra func(v Value, visit func(Value)) int) int {
	l := liveness{seen: make(map[unsafe.Pointer]struct{}), extra: extra}
	l.push = func(v Value) {
		if v.p != nil && !v.IsNumber() && !v.IsBool() {
			l.work = append(l.work, v)
		}
	}
	for v := range roots {
		l.push(v)
		l.drain()
	}
	return l.total
}

type liveness struct {
	seen  map[unsafe.Pointer]struct{}
	work  []Value
	total int
	extra func(v Value, visit func(Value)) int
	push  func(Value)
}

// first reports whether p has not been met yet.
func (l *liveness) first(p unsafe.Pointer) bool {
	if _, ok := l.seen[p]; ok {
		return false
	}
	l.seen[p] = struct{}{}
	return true
}

func (l *liveness) drain() {
	for len(l.work) > 0 {
		v := l.work[len(l.work)-1]
		l.work = l.work[:len(l.work)-1]
		if !l.first(v.p) {
			continue
		}
		if v.IsConfident() {
			l.total += confidentBytes
			l.push(v.Plain())
			continue
		}
		switch v.Kind() {
		case StringKind:
			l.str(v.AsString())
		case ArrayKind:
			l.array(v.AsArray())
		case ObjectKind:
			l.object(v.AsObject())
		case Function, Promise, Cell:
			if l.extra != nil {
				l.total += l.extra(v, l.push)
			}
		}
	}
}

func (l *liveness) str(s *String) {
	l.total += stringBytes
	if t := s.tail.Load(); t != nil && t.b != nil {
		if l.first(unsafe.Pointer(t)) {
			l.total += cap(t.b)
		}
	} else {
		l.total += len(s.text)
	}
}

func (l *liveness) array(a *Array) {
	l.total += arrayBytes
	if a.vec == nil || a.vec == frozen {
		l.total += valueBytes * cap(a.elems)
	} else if l.first(unsafe.Pointer(a.vec)) {
		l.total += valueBytes * a.vec.cap
	}
	for _, e := range a.elems {
		l.push(e)
	}
}

func (l *liveness) object(o *Object) {
	l.total += objectBytes + valueBytes*cap(o.slots)
	if o.dict != nil && l.first(unsafe.Pointer(o.dict)) {
		for _, k := range o.dict.keys {
			l.total += keyBytes + len(k)
		}
	}
	for _, e := range o.slots {
		l.push(e)
	}
}

// treeSize returns how many values v consists of when every path to a part
// counts, as far as that is at most limit: what a text form of v is made of. It
// takes time in proportion to the distinct parts alone.
func treeSize(v Value, limit int) int {
	known := make(map[unsafe.Pointer]int)
	var size func(v Value, depth int) int
	size = func(v Value, depth int) int {
		v = v.Plain()
		var parts []Value
		switch v.Kind() {
		case ArrayKind:
			parts = v.AsArray().elems
		case ObjectKind:
			parts = v.AsObject().slots
		}
		if len(parts) == 0 || depth > maxDepth {
			return 1
		}
		if n, ok := known[v.p]; ok {
			return n
		}
		n := 1
		for _, e := range parts {
			if n += size(e, depth+1); n > limit {
				break
			}
		}
		known[v.p] = n
		return n
	}
	return size(v, 0)
}

// sizeCheckFrom is the length of a text form in bytes at which its writer finds
// out how large it will be at least.
const sizeCheckFrom = 1 << 20
