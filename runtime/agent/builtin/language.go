package builtin

import (
	"embed"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/parallaxai/parallax/runtime/value"
)

//go:embed data/languages/*.txt
var languageFiles embed.FS

// languageNames are the languages that are known, by ISO 639-1 code.
var languageNames = map[string]string{
	"cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fi": "Finnish", "fr": "French",
	"it": "Italian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
}

// Languages returns the codes of the languages that the identifier knows, in
// alphabetical order.
func Languages() []string {
	out := make([]string, 0, len(languageNames))
	for code := range languageNames {
		out = append(out, code)
	}
	slices.Sort(out)
	return out
}

// Character sequences of up to maxGram characters are counted. The longest says
// most, so each length has a weight; gramSmoothing is added to each count.
const (
	maxGram       = 4
	gramSmoothing = 0.25
	// temperature divides differences of scores before they become chances: what
	// is left of naive Bayes' overconfidence after that is measured by the test.
	temperature = 7.0
	// strangeShare of unknown letters is too much for an answer.
	strangeShare = 0.4
)

var gramWeight = [maxGram + 1]float64{0, 0.5, 0.8, 1, 1}

// profile is how often sequences occur in texts of one language.
type profile struct {
	code   string
	counts map[string]float64
	totals [maxGram + 1]float64
}

type languageModel struct {
	profiles []profile
	distinct [maxGram + 1]float64 // sequences of a length in all languages
	letters  map[rune]bool        // that occur in any language
}

var languages = sync.OnceValue(func() *languageModel {
	m := &languageModel{letters: map[rune]bool{}}
	all := map[string]bool{}
	for _, code := range Languages() {
		text, err := languageFiles.ReadFile("data/languages/" + code + ".txt")
		if err != nil {
			panic(err) // the file is embedded
		}
		p := profile{code: code, counts: map[string]float64{}}
		grams(string(text), func(g string, n int) {
			p.counts[g]++
			p.totals[n]++
			if !all[g] {
				all[g] = true
				m.distinct[n]++
			}
		})
		for _, r := range strings.ToLower(string(text)) {
			m.letters[r] = true
		}
		m.profiles = append(m.profiles, p)
	}
	return m
})

// grams calls f for each sequence of 1 to maxGram characters within the words of
// a text; a word begins and ends with a space.
func grams(text string, f func(gram string, length int)) {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' })
	for _, w := range words {
		w = " " + w + " "
		var starts []int
		for i := range w {
			starts = append(starts, i)
		}
		starts = append(starts, len(w))
		for i := range starts[:len(starts)-1] {
			for n := 1; n <= maxGram && i+n < len(starts); n++ {
				if g := w[starts[i]:starts[i+n]]; g != " " {
					f(g, n)
				}
			}
		}
	}
}

// newLanguage makes agents whose result is a language code, null when the text
// is in no language they know.
func newLanguage(o options) (Agent, error) {
	among, err := o.texts("languages", Languages())
	if err != nil {
		return nil, err
	}
	return onText(o, func(text string) Answer {
		scores, strange := languages().scores(text, among)
		if len(scores) == 0 {
			return Answer{Confidence: 0.05, Reasoning: "there are no letters in the text", Uncertainties: []string{"no letters"}}
		}
		best := scores[0]
		if strange > strangeShare {
			return Answer{Confidence: 0.9 * strange, Reasoning: fmt.Sprintf("%.0f %% of the letters occur in no language I know", 100*strange)}
		}
		out := Answer{Result: value.Str(best.code), Confidence: best.chance,
			Reasoning: fmt.Sprintf("%s %.2f", languageNames[best.code], best.chance)}
		for _, s := range scores[1:min(3, len(scores))] {
			out.Reasoning += fmt.Sprintf(", %s %.2f", languageNames[s.code], s.chance)
			if s.chance > 0.2 {
				out.Uncertainties = append(out.Uncertainties, "may be "+languageNames[s.code])
			}
		}
		return out
	})
}

type languageScore struct {
	code   string
	chance float64 // among the languages looked at, in [0, 1]
}

// scores ranks languages, the likeliest first; strange is the share of letters
// that no language has.
func (m *languageModel) scores(text string, among []string) (list []languageScore, strange float64) {
	letters, unknown := 0, 0
	for _, r := range strings.ToLower(text) {
		if unicode.IsLetter(r) {
			letters++
			if !m.letters[r] {
				unknown++
			}
		}
	}
	if letters == 0 {
		return nil, 0
	}
	type gram struct {
		text   string
		length int
	}
	var seen []gram
	grams(text, func(g string, n int) { seen = append(seen, gram{g, n}) })
	var logs []float64
	for _, p := range m.profiles {
		if among != nil && !slices.Contains(among, p.code) {
			continue
		}
		sum := 0.0
		for _, g := range seen {
			sum += gramWeight[g.length] * math.Log((p.counts[g.text]+gramSmoothing)/(p.totals[g.length]+gramSmoothing*m.distinct[g.length]))
		}
		list = append(list, languageScore{code: p.code})
		logs = append(logs, sum/temperature)
	}
	top, total := slices.Max(logs), 0.0
	for i := range list {
		list[i].chance = math.Exp(logs[i] - top)
		total += list[i].chance
	}
	for i := range list {
		list[i].chance /= total
	}
	slices.SortStableFunc(list, func(a, b languageScore) int {
		switch {
		case a.chance > b.chance:
			return -1
		case a.chance < b.chance:
			return 1
		}
		return 0
	})
	return list, float64(unknown) / float64(letters)
}
