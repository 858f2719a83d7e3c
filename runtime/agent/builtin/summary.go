package builtin

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
)

// newSummary makes agents whose result is a text of the most central sentences
// in their order. The confidence is the share of the weight of all words with
// content (a word weighs as often as it occurs) that the summary holds.
func newSummary(o options) (Agent, error) {
	n, err := o.count("sentences", 2)
	if err != nil {
		return nil, err
	}
	return onText(o, func(text string) Answer {
		all := sentences(text)
		keep, share := central(all, n)
		parts := make([]string, len(keep))
		for i, k := range keep {
			parts[i] = all[k]
		}
		return Answer{Result: value.Str(strings.Join(parts, " ")), Confidence: share,
			Reasoning: fmt.Sprintf("%d of %d sentences", len(keep), len(all))}
	})
}

// Values of Mihalcea and Tarau, "TextRank", 2004.
const (
	damping    = 0.85
	rankRounds = 50
)

// central picks n sentences by their rank in the graph of sentences that share
// words (TextRank, with words that occur in fewer sentences counting more), the
// first one preferred a little, as writers of news do. It returns their places in
// order.
func central(list []string, n int) (keep []int, share float64) {
	stop := stopwords()
	sets := make([]map[string]float64, len(list))
	df := map[string]float64{}
	freq := map[string]float64{}
	for i, s := range list {
		sets[i] = map[string]float64{}
		for _, w := range words(s) {
			if w.mark || stop[w.low] || len(w.low) < 2 {
				continue
			}
			st := stem(w.low)
			if sets[i][st] == 0 {
				df[st]++
			}
			sets[i][st]++
			freq[st]++
		}
	}
	var vocabulary []string // sorted, so that sums are the same in every run
	for w := range freq {
		vocabulary = append(vocabulary, w)
	}
	slices.Sort(vocabulary)
	idf := func(w string) float64 { return math.Log(1 + float64(len(list))/df[w]) }
	norm := make([]float64, len(list))
	for i := range list {
		for _, w := range vocabulary {
			if c := sets[i][w]; c > 0 {
				norm[i] += c * idf(w) * c * idf(w)
			}
		}
		norm[i] = math.Sqrt(norm[i])
	}
	like := make([][]float64, len(list))
	sums := make([]float64, len(list))
	for i := range list {
		like[i] = make([]float64, len(list))
		for j := range list {
			if i == j || norm[i] == 0 || norm[j] == 0 {
				continue
			}
			for _, w := range vocabulary {
				if a, b := sets[i][w], sets[j][w]; a > 0 && b > 0 {
					like[i][j] += a * b * idf(w) * idf(w)
				}
			}
			like[i][j] /= norm[i] * norm[j]
			sums[i] += like[i][j]
		}
	}
	rank := make([]float64, len(list))
	for i := range rank {
		rank[i] = 1
	}
	for range rankRounds {
		next := make([]float64, len(list))
		for i := range list {
			next[i] = 1 - damping
			for j := range list {
				if sums[j] > 0 {
					next[i] += damping * rank[j] * like[j][i] / sums[j]
				}
			}
		}
		rank = next
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	score := func(i int) float64 {
		s := rank[i] * (1 + 0.3/float64(i+1))
		if len(sets[i]) < 3 {
			s *= 0.3 // greetings and the like
		}
		return s
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := score(a), score(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	keep = order[:min(n, len(order))]
	slices.Sort(keep)
	held, total := 0.0, 0.0
	for _, w := range vocabulary {
		total += freq[w] * freq[w]
		for _, k := range keep {
			if sets[k][w] > 0 {
				held += freq[w] * freq[w]
				break
			}
		}
	}
	if total == 0 {
		return keep, 0
	}
	return keep, held / total
}
