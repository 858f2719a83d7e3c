package builtin

import (
	_ "embed"
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/parallaxai/parallax/runtime/value"
)

// Labels of sentiment.
const (
	positive = "positive"
	negative = "negative"
	neutral  = "neutral"
)

var labels = []string{positive, negative, neutral}

// verdict is what an analyser of sentiment says before its confidence is known.
type verdict struct {
	label  string
	margin float64 // how clear it is, from 0; only comparable within one analyser
	why    []string
}

// analyser is one method of telling sentiment.
type analyser struct {
	judge     func(text string) verdict
	confident func() calibration
}

var (
	lexicon = &analyser{judge: judgeByLexicon}
	bayes   = &analyser{judge: judgeByBayes}
	rules   = &analyser{judge: judgeByRules}
)

func init() {
	for _, a := range []*analyser{lexicon, bayes, rules} {
		a.confident = sync.OnceValue(func() calibration { return fit(a.judge, labelled(calibrationText)) })
	}
}

// newSentiment makes agents whose result is a label, a text, so that answers
// can be voted on; the reasoning lists the evidence.
func newSentiment(a *analyser) func(options) (Agent, error) {
	return func(o options) (Agent, error) {
		return onText(o, func(text string) Answer {
			v := a.judge(text)
			out := Answer{Result: value.Str(v.label), Confidence: a.confident().of(v), Reasoning: strings.Join(v.why, "; ")}
			if len(v.why) == 0 {
				out.Reasoning = "nothing in the text speaks for or against anything"
			}
			if out.Confidence < 0.6 {
				out.Uncertainties = []string{"the evidence is thin or contradicts itself"}
			}
			return out
		})
	}
}

//go:embed data/calibration.tsv
var calibrationText string

//go:embed data/sentiment.tsv
var sentimentText string

// example is a labelled text.
type example struct{ label, text string }

// labelled reads lines of a label (+, -, 0 or a word), a tab and a text; lines
// that begin with # are comments.
func labelled(file string) []example {
	signs := map[string]string{"+": positive, "-": negative, "0": neutral}
	var out []example
	for line := range strings.Lines(file) {
		label, text, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		if l := signs[label]; l != "" {
			label = l
		}
		out = append(out, example{label, text})
	}
	return out
}

// calibration turns margins into confidences: the chance that a verdict is
// right is 1 / (1 + exp(-(a + b·margin))), with a and b of its own for each kind
// of verdict (Platt, "Probabilistic outputs for support vector machines", 1999).
type calibration struct{ polar, neutral [2]float64 }

func (c calibration) of(v verdict) float64 {
	p := c.polar
	if v.label == neutral {
		p = c.neutral
	}
	return min(max(sigmoid(p[0]+p[1]*v.margin), 0.05), 0.99)
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// fit finds the calibration of a method on labelled examples by gradient
// descent on the log loss, with a pull towards zero that keeps it sane for few
// examples.
func fit(judge func(string) verdict, examples []example) calibration {
	var margins, right [2][]float64
	for _, e := range examples {
		v := judge(e.text)
		k := 0
		if v.label == neutral {
			k = 1
		}
		ok := 0.0
		if v.label == e.label {
			ok = 1
		}
		margins[k] = append(margins[k], v.margin)
		right[k] = append(right[k], ok)
	}
	return calibration{polar: logistic(margins[0], right[0]), neutral: logistic(margins[1], right[1])}
}

func logistic(x, y []float64) [2]float64 {
	const steps, rate, pull = 400, 0.5, 0.005
	var p [2]float64
	if len(x) == 0 {
		return p
	}
	for range steps {
		var g [2]float64
		for i := range x {
			d := sigmoid(p[0]+p[1]*x[i]) - y[i]
			g[0] += d
			g[1] += d * x[i]
		}
		for k := range p {
			p[k] -= rate * (g[k]/float64(len(x)) + pull*p[k])
		}
	}
	return p
}

//go:embed data/valence.txt
var valenceText string

//go:embed data/modifiers.txt
var modifiersText string

// wordLists are the valences of words and the factors of words that modify
// others; negations are factors of 0.
type wordLists struct{ valence, factor map[string]float64 }

var lists = sync.OnceValue(func() wordLists {
	read := func(text string) map[string]float64 {
		out := map[string]float64{}
		for line := range strings.Lines(text) {
			f := strings.Fields(line)
			if len(f) == 0 || f[0] == "#" {
				continue
			}
			var n float64 // "not" stays 0
			if f[0] != "not" {
				if _, err := fmt.Sscan(f[0], &n); err != nil {
					panic("embedded word list: " + line)
				}
			}
			for _, w := range f[1:] {
				out[w] = n
			}
		}
		return out
	}
	return wordLists{valence: read(valenceText), factor: read(modifiersText)}
})

// valenceOf looks a word up, then what it may be derived from.
func (l wordLists) valenceOf(w string) (float64, bool) {
	for _, s := range stems(w) {
		if v, ok := l.valence[s]; ok {
			return v, true
		}
	}
	return 0, false
}

// How the lexicon combines: a negation within the three words before a word
// turns its valence round and weakens it; a sum s becomes s/√(s²+damping), as in
// Hutto and Gilbert, "VADER", 2014; below threshold a text is neutral.
const (
	negationReach    = 3
	negationFactor   = -0.7
	lexiconDamping   = 15
	lexiconThreshold = 0.12
)

// judgeByLexicon adds up the valences of words. Its blind spots: words that are
// not in the list, contrast ("great, but ..."), irony.
func judgeByLexicon(text string) verdict {
	l := lists()
	ws := words(text)
	sum := 0.0
	var why []string
	for i, w := range ws {
		v, ok := l.valenceOf(w.low)
		if !ok || w.mark {
			continue
		}
		if f, modifies := l.factor[w.low]; modifies && f != 0 && i+1 < len(ws) && !ws[i+1].mark {
			if _, next := l.valenceOf(ws[i+1].low); next {
				continue // "super nice", "pretty bad"
			}
		}
		factor, negated := 1.0, false
		for k := i - 1; k >= 0 && k >= i-negationReach && !ws[k].mark; k-- {
			f, ok := l.factor[ws[k].low]
			switch {
			case !ok:
			case f == 0:
				negated = !negated
			case k >= i-2:
				factor *= f
			}
		}
		v *= factor
		if negated {
			v *= negationFactor
		}
		if w.text == strings.ToUpper(w.text) && len(w.text) > 2 && text != strings.ToUpper(text) {
			v *= 1.2
		}
		sum += v
		name := w.low
		if negated {
			name = "not … " + name
		}
		why = append(why, fmt.Sprintf("%s %+.1f", name, v))
	}
	s := sum / math.Sqrt(sum*sum+lexiconDamping)
	switch {
	case s > lexiconThreshold:
		return verdict{positive, s * 4, why}
	case s < -lexiconThreshold:
		return verdict{negative, -s * 4, why}
	case len(why) > 0: // words that cancel out
		return verdict{neutral, 0, why}
	}
	return verdict{neutral, 1, why}
}
