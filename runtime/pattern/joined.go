package pattern

import (
	"math"

	"github.com/parallaxai/parallax/runtime/value"
)

// item is one element of a list on its way into a joined one.
type item struct {
	value value.Value
	by    Answer // who found it
}

func itemsOf(a Answer, elems []value.Value) []item {
	out := make([]item, len(elems))
	for i, e := range elems {
		out[i] = item{e, a}
	}
	return out
}

// group is the items that count as the same element, the first one in front.
type group struct {
	key   value.Value
	items []item
}

// joined makes the list: it removes duplicates, collects the fields that are to
// be merged, scores what is left and cuts to the limit.
func (o MergeOptions) joined(items []item, distinct bool, total int) value.Value {
	groups := o.groups(items, distinct || o.Deduplicate || o.DedupKey != "" || o.Scoring != nil)
	var out []value.Value
	for _, g := range groups {
		if o.Limit > 0 && len(out) == o.Limit {
			break
		}
		v := g.items[0].value
		if v.PlainKind() == value.ObjectKind {
			v = o.collected(v, g)
			scored, ok := o.scored(v, g, total)
			if !ok {
				continue
			}
			v = scored
		}
		v.Share()
		out = append(out, v)
	}
	return value.NewArray(out)
}

// groups puts equal items together, or each into a group of its own.
func (o MergeOptions) groups(items []item, distinct bool) []*group {
	var out []*group
	var known index[*group]
	for _, it := range items {
		if !distinct {
			out = append(out, &group{items: []item{it}})
			continue
		}
		key := o.key(it.value)
		g, ok := known.get(key)
		if !ok {
			g = &group{key: key}
			out = append(out, g)
			known.put(key, g)
		}
		g.items = append(g.items, it)
	}
	return out
}

// key is what tells two elements apart: the part of an object at DedupKey, else
// the element itself.
func (o MergeOptions) key(v value.Value) value.Value {
	v = v.Plain()
	if o.DedupKey != "" && v.Kind() == value.ObjectKind {
		if k := path(v, o.DedupKey); !k.IsNull() {
			return k
		}
	}
	return v
}

// collected makes lists of the differing values of the fields to be merged.
func (o MergeOptions) collected(v value.Value, g *group) value.Value {
	if len(o.MergeFields) == 0 {
		return v
	}
	obj := v.Plain().AsObject().Copy()
	for _, field := range o.MergeFields {
		var vals []value.Value
		seen := &set{}
		for _, it := range g.items {
			p := it.value.Plain()
			if p.Kind() != value.ObjectKind {
				continue
			}
			if x, ok := p.AsObject().Get(field); ok && seen.add(x.Plain()) {
				x.Share()
				vals = append(vals, x)
			}
		}
		if len(vals) > 0 {
			obj = obj.Set(nil, field, value.NewArray(vals))
		}
	}
	return likeConfident(obj.Value(), v)
}

// scored adds the confidence of an element; ok is false below the least score.
func (o MergeOptions) scored(v value.Value, g *group, total int) (out value.Value, ok bool) {
	if o.Scoring == nil {
		return v, true
	}
	found := Found{Total: total}
	agents := map[int]bool{}
	sum := 0.0
	for _, it := range g.items {
		if agents[it.by.index] {
			continue
		}
		agents[it.by.index] = true
		sum += it.by.Confidence
		found.Max = max(found.Max, it.by.Confidence)
	}
	found.FoundBy = len(agents)
	found.Mean = sum / float64(len(agents))
	score := float64(found.FoundBy) / float64(max(total, 1))
	if o.Scoring.Score != nil {
		score = o.Scoring.Score(found)
	}
	if math.IsNaN(score) {
		score = 0
	}
	score = min(max(score, 0), 1)
	if score < o.Scoring.MinScore-tolerance {
		return v, false
	}
	return likeConfident(v.Plain().AsObject().Copy().Set(nil, "confidence", value.Num(score)).Value(), v), true
}

// likeConfident gives v the confidence of another value, if that has one.
func likeConfident(v, of value.Value) value.Value {
	if c, ok := of.Confidence(); ok {
		return v.WithConfidence(c, of.Why())
	}
	return v
}
