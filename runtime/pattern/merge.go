package pattern

import (
	"slices"

	"github.com/parallaxai/parallax/runtime/value"
)

// MergeOptions say how results become one.
type MergeOptions struct {
	Method        string   // shallow (default), deep, concat, union, intersection
	Fields        []string // keep only these keys; nil is all
	Arrays        string   // of deep: concat (default), union, replace, vote
	Conflict      string   // of scalars: last (default), first, majority, highest-confidence
	Deduplicate   bool     // drop elements equal to an earlier one
	DedupKey      string   // path in an element; elements with an equal part are equal
	MergeFields   []string // of elements found equal: their values of these keys become lists
	Scoring       *Scoring // nil leaves elements as they are
	Limit         int      // of joined lists; 0 is none
	MinConfidence float64  // answers below are dropped first
}

// Scoring gives each object of a joined list a confidence by how many agents
// found it. Objects below MinScore are dropped.
type Scoring struct {
	MinScore float64
	// Score judges one element; nil is FoundBy / Total. The result is clamped
	// to [0, 1], NaN counts 0.
	Score func(Found) float64
}

// Found is what a formula knows about an element of a joined list.
type Found struct {
	FoundBy int     // answers that have it
	Total   int     // answers that counted
	Mean    float64 // confidence of those that have it
	Max     float64
}

// Merge joins the valid answers: objects by key, lists by their elements, a mix
// of other values as a list. The confidence is the mean of the answers.
//
//	shallow       the later answer's keys win
//	deep          objects inside objects are joined, lists as Arrays says
//	concat        lists are joined; of other fields Conflict chooses
//	union         as concat, each distinct element once
//	intersection  elements that every list has; fields that all have alike
func Merge(list []Answer, o MergeOptions) (v value.Value, confidence float64, counted []Answer) {
	for _, a := range valid(list) {
		if a.Confidence >= o.MinConfidence {
			counted = append(counted, a)
		}
	}
	for i := range counted {
		counted[i].index = i
	}
	switch {
	case len(counted) == 0:
		return value.NullValue, 0, nil
	case allKind(counted, value.ObjectKind):
		v = o.objects(counted, 0)
	case allKind(counted, value.ArrayKind):
		v = o.lists(counted, len(counted))
	case len(counted) == 1:
		v = counted[0].Value
	default:
		v = o.mix(counted)
	}
	return v, min(mean(counted), 1), counted
}

func allKind(list []Answer, k value.Kind) bool {
	return !slices.ContainsFunc(list, func(a Answer) bool { return a.Value.Kind() != k })
}

// mix joins values of different kinds as a list.
func (o MergeOptions) mix(list []Answer) value.Value {
	var items []item
	for _, a := range list {
		for _, e := range elements(a.Value) {
			items = append(items, item{e, a})
		}
	}
	return o.joined(items, o.Method == "union" || o.Method == "intersection", len(list))
}

// maxDepth bounds how deep objects are merged into each other.
const maxDepth = 200

func (o MergeOptions) objects(list []Answer, depth int) value.Value {
	var keys []string
	parts := map[string][]Answer{}
	for _, a := range list {
		for k, v := range a.Value.AsObject().All() {
			if depth == 0 && o.Fields != nil && !slices.Contains(o.Fields, k) {
				continue
			}
			if parts[k] == nil {
				keys = append(keys, k)
			}
			a.Value = v.Plain()
			parts[k] = append(parts[k], a)
		}
	}
	var names []string
	var vals []value.Value
	for _, k := range keys {
		if v, ok := o.field(parts[k], len(list), depth); ok {
			v.Share()
			names, vals = append(names, k), append(vals, v)
		}
	}
	return value.ObjectOf(names, vals).Value()
}

// field merges what the answers say about one key; total is how many answers
// there are. ok is false when the key is left out.
func (o MergeOptions) field(list []Answer, total, depth int) (v value.Value, ok bool) {
	lists := allKind(list, value.ArrayKind)
	switch o.Method {
	case "deep":
		switch {
		case depth < maxDepth && allKind(list, value.ObjectKind):
			return o.objects(list, depth+1), true
		case lists:
			return o.lists(list, total), true
		}
	case "concat", "union":
		if lists {
			return o.lists(list, total), true
		}
	case "intersection":
		switch {
		case len(list) < total:
			return value.NullValue, false
		case lists:
			return o.lists(list, total), true
		}
		v = list[0].Value
		return v, !slices.ContainsFunc(list, func(a Answer) bool { return !value.Same(a.Value, v) })
	}
	return o.scalar(list), true
}

// scalar resolves a conflict.
func (o MergeOptions) scalar(list []Answer) value.Value {
	switch o.Conflict {
	case "first":
		return list[0].Value
	case "majority":
		return largest(camps(list, one)).value
	case "highest-confidence":
		a, _ := mostConfident(list)
		return a.Value
	}
	return list[len(list)-1].Value
}

// lists joins answers that are all lists.
func (o MergeOptions) lists(list []Answer, total int) value.Value {
	distinct := o.Method == "union"
	switch o.Method {
	case "intersection":
		return o.joined(o.common(list), true, total)
	case "deep":
		switch o.Arrays {
		case "replace":
			last := list[len(list)-1]
			return o.joined(itemsOf(last, last.Value.AsArray().Elems()), false, total)
		case "vote":
			return voteLists(list, 0)
		}
		distinct = o.Arrays == "union"
	}
	var items []item
	for _, a := range list {
		items = append(items, itemsOf(a, a.Value.AsArray().Elems())...)
	}
	return o.joined(items, distinct, total)
}

// common is the elements, of all lists, that every list has.
func (o MergeOptions) common(list []Answer) []item {
	sets := make([]*set, len(list))
	for i, a := range list {
		sets[i] = &set{}
		for _, e := range a.Value.AsArray().Elems() {
			sets[i].add(o.key(e))
		}
	}
	var out []item
	for _, a := range list {
		for _, e := range a.Value.AsArray().Elems() {
			key := o.key(e)
			if !slices.ContainsFunc(sets, func(s *set) bool { return !s.has(key) }) {
				out = append(out, item{e, a})
			}
		}
	}
	return out
}

// voteLists takes at each position the most frequent element (the first of
// equals), of lists recursively; its length is the most frequent length.
func voteLists(list []Answer, depth int) value.Value {
	lengths := make([]Answer, len(list))
	for i, a := range list {
		lengths[i] = Answer{Value: value.Int(a.Value.AsArray().Len())}
	}
	n := int(largest(camps(lengths, one)).value.Float())
	out := make([]value.Value, n)
	for i := range out {
		var at []Answer
		for _, a := range list {
			if arr := a.Value.AsArray(); i < arr.Len() {
				a.Value = arr.At(i).Plain()
				at = append(at, a)
			}
		}
		if depth < maxDepth && allKind(at, value.ArrayKind) {
			out[i] = voteLists(at, depth+1)
		} else {
			out[i] = largest(camps(at, one)).value
		}
		out[i].Share()
	}
	return value.NewArray(out)
}
