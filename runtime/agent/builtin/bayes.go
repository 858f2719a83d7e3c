package builtin

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
)

// bayesModel is a multinomial naive Bayes classifier over features of texts.
type bayesModel struct {
	counts map[string]*[3]float64 // of a feature by label
	totals [3]float64
}

// smoothing is what each feature is counted beyond what was seen (Lidstone).
const smoothing = 0.35

var bayesOnce = sync.OnceValue(func() *bayesModel { return train(labelled(sentimentText)) })

// train counts the features of labelled texts, each once a text.
func train(examples []example) *bayesModel {
	m := &bayesModel{counts: map[string]*[3]float64{}}
	for _, e := range examples {
		k := slices.Index(labels, e.label)
		for _, f := range features(e.text) {
			c := m.counts[f]
			if c == nil {
				c = new([3]float64)
				m.counts[f] = c
			}
			c[k]++
			m.totals[k]++
		}
	}
	return m
}

// features are the words of a text, folded to a stem, marked when a negation
// stands before them in the clause, pairs of neighbours, and marks that carry
// feeling; each once, in order.
func features(text string) []string {
	seen := map[string]bool{}
	var out []string
	add := func(f string) {
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	negated, last := 0, ""
	for _, w := range words(text) {
		if w.mark {
			negated, last = 0, ""
			if w.text == "!" || w.text == "?" {
				add(w.text)
			}
			continue
		}
		f := fold(w.low)
		if v, ok := lists().factor[w.low]; ok && v == 0 {
			negated = 4
		} else if negated > 0 {
			negated--
			f = "not_" + f
		}
		add(f)
		if last != "" {
			add(last + " " + f)
		}
		last = f
	}
	return out
}

// fold maps the inflections of a word to one form, and all digits to one.
func fold(w string) string {
	if strings.ContainsAny(w, "0123456789") {
		return "#"
	}
	s := stems(w)
	return strings.TrimSuffix(s[min(1, len(s)-1)], "e")
}

// judgeByBayes picks the label under which the features of the text are most
// likely. Its blind spots: words that its corpus does not have, and neutral
// words that stood in sentences with feeling.
func judgeByBayes(text string) verdict { return bayesOnce().judge(text) }

func (m *bayesModel) judge(text string) verdict {
	var score [3]float64
	type evidence struct {
		feature string
		weight  [3]float64
	}
	var seen []evidence
	for _, f := range features(text) {
		c := m.counts[f]
		if c == nil {
			continue
		}
		e := evidence{feature: f}
		for k := range score {
			e.weight[k] = math.Log((c[k] + smoothing) / (m.totals[k] + smoothing*float64(len(m.counts))))
			score[k] += e.weight[k]
		}
		seen = append(seen, e)
	}
	best := 0
	for k := range score {
		if score[k] > score[best] {
			best = k
		}
	}
	if len(seen) == 0 {
		return verdict{neutral, 0, nil}
	}
	margin := math.Inf(1)
	for k := range score {
		if k != best {
			margin = min(margin, score[best]-score[k])
		}
	}
	// The features that speak most for the label, against the next best.
	gain := func(e evidence) float64 {
		g := math.Inf(1)
		for k := range e.weight {
			if k != best {
				g = min(g, e.weight[best]-e.weight[k])
			}
		}
		return g
	}
	slices.SortStableFunc(seen, func(a, b evidence) int {
		if x, y := gain(a), gain(b); x != y {
			if x > y {
				return -1
			}
			return 1
		}
		return 0
	})
	var why []string
	for _, e := range seen[:min(4, len(seen))] {
		if g := gain(e); g > 0 {
			why = append(why, fmt.Sprintf("%q %+.1f", strings.ReplaceAll(e.feature, "not_", "not "), g))
		}
	}
	return verdict{labels[best], margin / 2, why}
}
