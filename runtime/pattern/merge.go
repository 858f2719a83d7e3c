package pattern

import (
	"github.com/parallaxai/parallax/runtime/value"
)

// MergeOptions say how results become one.
type MergeOptions struct {
	Method        string   // shallow (default), deep, concat, union, intersection
	Fields        []string // keep only these keys; nil is all
	Arrays        string   // of deep: concat (default), union, replace
	Conflict      string   // of scalars: last (default), first, majority, highest-confidence
	Deduplicate   bool
	DedupKey      string // elements with an equal value of this key are equal
	Limit         int    // of joined lists; 0 is none
	MinConfidence float64
}

// Merge joins the valid answers: objects by key, lists by their elements, a mix
// of other values as a list. The confidence is the mean of the answers.
func Merge(list []Answer, o MergeOptions) (value.Value, float64, []Answer) {
	var counted []Answer
	for _, a := range valid(list) {
		if a.Confidence >= o.MinConfidence {
			counted = append(counted, a)
		}
	}
	if len(counted) == 0 {
		return value.NullValue, 0, nil
	}
	var v value.Value
	switch {
	case allKind(counted, value.ObjectKind):
		v = o.objects(counted, 0)
	case allKind(counted, value.ArrayKind):
		v = o.lists(counted)
	case len(counted) == 1:
		v = counted[0].Value
	default:
		var parts []value.Value
		for _, a := range counted {
			parts = append(parts, a.Value)
		}
		v = o.list(parts)
	}
	return v, mean(counted), counted
}

func allKind(list []Answer, k value.Kind) bool {
	for _, a := range list {
		if a.Value.Kind() != k {
			return false
		}
	}
	return true
}

// maxDepth bounds how deep objects are merged into each other.
const maxDepth = 200

func (o MergeOptions) objects(list []Answer, depth int) value.Value {
	var keys []string
	parts := map[string][]Answer{}
	for _, a := range list {
		for k, v := range a.Value.AsObject().All() {
			if depth == 0 && o.Fields != nil && !has(o.Fields, k) {
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
		v, ok := o.field(parts[k], len(list), depth)
		if ok {
			v.Share()
			names, vals = append(names, k), append(vals, v)
		}
	}
	return value.ObjectOf(names, vals).Value()
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// field merges what the answers say about one key; of is how many answers there
// are.
func (o MergeOptions) field(list []Answer, of, depth int) (value.Value, bool) {
	lists := allKind(list, value.ArrayKind)
	switch o.Method {
	case "deep":
		if allKind(list, value.ObjectKind) && depth < maxDepth {
			return o.objects(list, depth+1), true
		}
		if lists {
			switch o.Arrays {
			case "replace":
				return list[len(list)-1].Value, true
			case "union":
				v, _ := union(list)
				return v, true
			}
			return o.join(list), true
		}
	case "concat":
		if lists {
			return o.join(list), true
		}
	case "union":
		if lists {
			v, _ := union(list)
			return v, true
		}
	case "intersection":
		if len(list) < of {
			return value.NullValue, false
		}
		if lists {
			return common(list), true
		}
		for _, a := range list[1:] {
			if !value.Same(a.Value, list[0].Value) {
				return value.NullValue, false
			}
		}
		return list[0].Value, true
	}
	return o.scalar(list), true
}

// scalar resolves a conflict.
func (o MergeOptions) scalar(list []Answer) value.Value {
	switch o.Conflict {
	case "first":
		return list[0].Value
	case "majority":
		return largest(camps(list, func(Answer) float64 { return 1 })).value
	case "highest-confidence":
		top := list[0]
		for _, a := range list[1:] {
			if a.Confidence > top.Confidence {
				top = a
			}
		}
		return top.Value
	}
	return list[len(list)-1].Value
}

func (o MergeOptions) lists(list []Answer) value.Value {
	switch o.Method {
	case "union":
		v, _ := union(list)
		return o.list(v.AsArray().Elems())
	case "intersection":
		return common(list)
	}
	return o.join(list)
}

func (o MergeOptions) join(list []Answer) value.Value {
	var all []value.Value
	for _, a := range list {
		all = append(all, a.Value.AsArray().Elems()...)
	}
	return o.list(all)
}

// list removes duplicates when asked to and cuts to the limit.
func (o MergeOptions) list(elems []value.Value) value.Value {
	var out, keys []value.Value
	for _, e := range elems {
		if o.Deduplicate || o.DedupKey != "" {
			key := e.Plain()
			if o.DedupKey != "" {
				key = path(key, o.DedupKey)
			}
			if contains(keys, key) {
				continue
			}
			keys = append(keys, key)
		}
		if o.Limit > 0 && len(out) == o.Limit {
			break
		}
		e.Share()
		out = append(out, e)
	}
	return value.NewArray(out)
}

// common is the elements that every list has, in the order of the first.
func common(list []Answer) value.Value {
	var out []value.Value
next:
	for _, e := range list[0].Value.AsArray().Elems() {
		for _, a := range list[1:] {
			if !contains(a.Value.AsArray().Elems(), e) {
				continue next
			}
		}
		if !contains(out, e) {
			e.Share()
			out = append(out, e)
		}
	}
	return value.NewArray(out)
}
