package pattern

import (
	"slices"

	"github.com/parallaxai/parallax/runtime/value"
)

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
	seen := newSet()
	for _, a := range list {
		own := newSet()
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

// set holds values by ===.
type set struct {
	scalars    map[scalar]bool
	containers []value.Value
}

func newSet() *set { return &set{scalars: map[scalar]bool{}} }

func (s *set) has(v value.Value) bool {
	if key, ok := scalarOf(v); ok {
		return s.scalars[key]
	}
	return slices.ContainsFunc(s.containers, func(x value.Value) bool { return value.Same(x, v) })
}

// add reports whether v is new.
func (s *set) add(v value.Value) bool {
	if s.has(v) {
		return false
	}
	if key, ok := scalarOf(v); ok {
		s.scalars[key] = true
	} else {
		s.containers = append(s.containers, v)
	}
	return true
}
