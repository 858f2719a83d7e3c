package pattern

import (
	"cmp"
	"slices"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// voteNative is vote(results, options).
func voteNative(c *vm.Call) (value.Value, error) {
	list, err := answersOf(c, "vote")
	if err != nil {
		return value.NullValue, err
	}
	o := optionsOf(c, "vote")
	vo := VoteOptions{
		Method:     o.word("method", "majority", "plurality", "unanimous", "weighted"),
		MinVotes:   o.count("minVotes"),
		Proceed:    o.word("onInsufficientVotes", "fail", "proceed") == "proceed",
		TieBreaker: o.word("tieBreaker", "first", "random", "highest-confidence"),
		NoMajority: o.word("noMajorityBehavior", "none", "plurality", "fail", "retry"),
		Field:      cmp.Or(o.text("field"), o.text("by")),
		Normalize:  o.flag("normalize"),
		Seed:       uint64(o.count("seed")),
		Share:      o.word("confidence", "share", "weighted-share") == "weighted-share",
	}
	if vo.Weights = o.weights(); vo.Weights != nil && vo.Method == "" {
		vo.Method = "weighted"
	}
	if o.err != nil {
		return value.NullValue, o.err
	}
	if vo.MinVotes == 0 && len(ballots(valid(list), vo.Field, false)) == 0 {
		vo.Proceed = true // nothing to count: null at confidence 0
	}
	v, err := Count(list, vo)
	if err != nil {
		return value.NullValue, wrap(err)
	}
	return c.Derive(v.object(c), v.Confidence, "vote", func() (string, []*value.Why) {
		var weight func(Answer) float64
		if vo.Method == "weighted" {
			weight = vo.weight()
		}
		return v.explain(vo), said(v.Ballots, weight)
	}), nil
}

func sources(list []Answer) []value.Value {
	out := make([]value.Value, len(list))
	for i, a := range list {
		out[i] = a.Source
	}
	return out
}

// object is the vote as programs see it.
func (v *Vote) object(c *vm.Call) value.Value {
	shares, counts := tally{}, tally{}
	rankings := make([]value.Value, len(v.Camps))
	order := slices.Clone(v.Camps)
	slices.SortStableFunc(order, func(a, b *camp) int { return cmp.Compare(b.weight, a.weight) })
	for i, camp := range order {
		rankings[i] = c.Object("value", camp.value, "score", value.Num(camp.weight), "count", value.Int(len(camp.answers)))
	}
	for _, camp := range v.Camps {
		key := keyOf(camp.value)
		if v.Total > 0 {
			shares.add(key, camp.weight/v.Total)
		} else {
			shares.add(key, 0)
		}
		counts.add(key, float64(len(camp.answers)))
	}
	kind := v.Kind()
	return c.Object(
		"result", v.Winner, "winner", v.Winner, "confidence", value.Num(v.Confidence),
		"distribution", shares.object(), "counts", counts.object(),
		"rankings", value.NewArray(rankings), "votes", votes(c, v.Ballots),
		"unanimous", value.Bool(v.Unanimous), "isUnanimous", value.Bool(v.Unanimous),
		"isSplit", value.Bool(v.Winner.IsNull() || v.Share <= 0.5), "allPassed", value.Bool(v.AllPassed),
		"consensusType", value.Str(kind), "count", value.Int(len(v.Ballots)), "score", value.Num(v.Score),
		"agents", agents(v.Ballots), "dissent", votes(c, v.Dissent))
}

// tally sums numbers by key, in order of first appearance. The text "1" and the
// number 1 have the same key.
type tally struct {
	keys []string
	sums map[string]float64
}

func (t *tally) add(key string, n float64) {
	if t.sums == nil {
		t.sums = map[string]float64{}
	}
	if _, ok := t.sums[key]; !ok {
		t.keys = append(t.keys, key)
	}
	t.sums[key] += n
}

func (t *tally) object() value.Value {
	vals := make([]value.Value, len(t.keys))
	for i, k := range t.keys {
		vals[i] = value.Num(t.sums[k])
	}
	return value.ObjectOf(slices.Clone(t.keys), vals).Value()
}

// keyOf names a value as a key: text as it is, anything else as compact JSON.
func keyOf(v value.Value) string {
	if v.Kind() == value.StringKind {
		return v.AsString().Go()
	}
	return string(appendKey(nil, v, 0))
}

func appendKey(b []byte, v value.Value, depth int) []byte {
	v = v.Plain()
	switch {
	case depth > maxDepth:
		return append(b, "..."...)
	case v.Kind() == value.StringKind:
		return value.AppendJSONString(b, v.AsString().Go())
	case v.Kind() == value.ArrayKind:
		b = append(b, '[')
		for i, e := range v.AsArray().Elems() {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendKey(b, e, depth+1)
		}
		return append(b, ']')
	case v.Kind() == value.ObjectKind:
		b = append(b, '{')
		for i, k := range v.AsObject().Keys() {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(value.AppendJSONString(b, k), ':')
			b = appendKey(b, v.AsObject().Slot(i), depth+1)
		}
		return append(b, '}')
	}
	return value.AppendText(b, v)
}

// votes lists answers as {agent, value, confidence}.
func votes(c *vm.Call, list []Answer) value.Value {
	out := make([]value.Value, len(list))
	for i, a := range list {
		out[i] = c.Object("agent", name(a), "value", a.Value, "confidence", value.Num(a.Confidence))
	}
	return value.NewArray(out)
}

func name(a Answer) value.Value {
	if a.Agent == "" {
		return value.NullValue
	}
	return value.Str(a.Agent)
}

// agents lists the names of those who answered.
func agents(list []Answer) value.Value {
	var out []value.Value
	for _, a := range list {
		if a.Agent != "" {
			out = append(out, value.Str(a.Agent))
		}
	}
	return value.NewArray(out)
}
