package pattern

import "github.com/parallaxai/parallax/runtime/value"

// elements of an answer: those of a list, else the value itself.
func elements(v value.Value) []value.Value {
	if v.Kind() == value.ArrayKind {
		return v.AsArray().Elems()
	}
	return []value.Value{v}
}

// unite returns the distinct elements of the answers in order of first
// appearance. An element that one answer repeats counts once for it.
//
//	agreement = occurrences / (answers x distinct elements)
//
// Answers that are all empty agree fully.
func unite(list []Answer) (v value.Value, agreement float64, answers []Answer) {
	var out []value.Value
	occurrences := 0
	seen := &set{}
	for _, a := range list {
		own := &set{}
		for _, e := range elements(a.Value) {
			e = e.Plain()
			if !own.add(e) {
				continue
			}
			occurrences++
			if seen.add(e) {
				e.Share()
				out = append(out, e)
			}
		}
	}
	if len(out) == 0 {
		return value.NewArray(nil), 1, list
	}
	return value.NewArray(out), float64(occurrences) / float64(len(list)*len(out)), list
}

// index finds what was stored under a value that is equal by ===, in one step
// however many there are: thousands of agents must cost no quadratic time.
type index[T any] struct{ buckets map[uint64][]indexed[T] }

type indexed[T any] struct {
	key  value.Value
	item T
}

// get returns what is stored under v.
func (x *index[T]) get(v value.Value) (item T, ok bool) {
	for _, e := range x.buckets[value.Hash(v)] {
		if value.Same(e.key, v) {
			return e.item, true
		}
	}
	return item, false
}

// put stores an item under a value that is not there yet.
func (x *index[T]) put(v value.Value, item T) {
	if x.buckets == nil {
		x.buckets = map[uint64][]indexed[T]{}
	}
	h := value.Hash(v)
	x.buckets[h] = append(x.buckets[h], indexed[T]{v, item})
}

// set holds values by ===.
type set struct{ index index[struct{}] }

func (s *set) has(v value.Value) bool {
	_, ok := s.index.get(v)
	return ok
}

// add reports whether v is new.
func (s *set) add(v value.Value) bool {
	if s.has(v) {
		return false
	}
	s.index.put(v, struct{}{})
	return true
}
