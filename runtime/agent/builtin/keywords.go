package builtin

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
)

// maxPhrase is the number of words of the longest key phrase.
const maxPhrase = 3

type phrase struct {
	text  string
	stems []string
	first int // place of the first occurrence, in words
	count int
	score float64
}

// newKeywords makes agents whose result is a list of phrases, the best first.
// Candidates are runs of words without stop words and punctuation, as in Rose
// and others, "Automatic keyword extraction from individual documents", 2010;
// they are weighed by how often they and their words occur and how early.
// The confidence is the share of all words with content that the phrases cover.
func newKeywords(o options) (Agent, error) {
	limit, err := o.count("max", 6)
	if err != nil {
		return nil, err
	}
	return onText(o, func(text string) Answer {
		found, covered := keyPhrases(text, limit)
		list := make([]value.Value, len(found))
		why := make([]string, 0, len(found))
		for i, p := range found {
			list[i] = value.Str(p.text)
			why = append(why, fmt.Sprintf("%s ×%d", p.text, p.count))
		}
		out := Answer{Result: value.NewArray(list), Confidence: covered, Reasoning: strings.Join(why, ", ")}
		if len(found) == 0 {
			out.Reasoning = "the text has no words with content"
		}
		return out
	})
}

// stem maps the inflections of a word to one form: the shortest that it may be
// derived from.
func stem(w string) string {
	best := w
	for _, s := range stems(w) {
		if len(s) < len(best) {
			best = s
		}
	}
	return strings.TrimSuffix(best, "e")
}

// keyPhrases returns up to limit phrases and the share of words with content
// that they cover.
func keyPhrases(text string, limit int) ([]phrase, float64) {
	stop := stopwords()
	ws := words(text)
	freq := map[string]int{}
	content := 0
	byKey := map[string]*phrase{}
	var all []*phrase
	add := func(run []word, at int) {
		for n := 1; n <= min(maxPhrase, len(run)); n++ {
			for i := 0; i+n <= len(run); i++ {
				var low, st []string
				for _, w := range run[i : i+n] {
					low, st = append(low, w.low), append(st, stem(w.low))
				}
				key := strings.Join(st, " ")
				if byKey[key] == nil {
					byKey[key] = &phrase{text: strings.Join(low, " "), stems: st, first: at + i}
					all = append(all, byKey[key])
				}
				byKey[key].count++
			}
		}
	}
	for i := 0; i < len(ws); {
		j := i
		for j < len(ws) && !ws[j].mark && !stop[ws[j].low] && len(ws[j].low) > 1 && !strings.ContainsAny(ws[j].low[:1], "0123456789") {
			freq[stem(ws[j].low)]++
			content++
			j++
		}
		if j > i {
			add(ws[i:j], i)
		}
		i = max(j, i+1)
	}
	for _, p := range all {
		sum := 0.0
		for _, s := range p.stems {
			sum += float64(freq[s])
		}
		n := float64(len(p.stems))
		early := 1 + 0.3*(1-float64(p.first)/float64(len(ws)))
		// Repeating a phrase is worth more than repeating its words apart.
		p.score = sum / math.Sqrt(n) * (1 + math.Log(float64(p.count))) * early
		if p.count == 1 && n > 1 {
			p.score *= 0.6
		}
	}
	slices.SortStableFunc(all, func(a, b *phrase) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return a.first - b.first
	})
	var out []phrase
	taken := map[string]bool{}
	covered := 0
	for _, p := range all {
		if len(out) == limit {
			break
		}
		fresh := false
		for _, s := range p.stems {
			fresh = fresh || !taken[s]
		}
		if !fresh || (len(out) > 0 && p.score < out[0].score/8) {
			continue
		}
		for _, s := range p.stems {
			if !taken[s] {
				taken[s] = true
				covered += freq[s]
			}
		}
		out = append(out, *p)
	}
	if content == 0 {
		return nil, 0
	}
	return out, float64(covered) / float64(content)
}
