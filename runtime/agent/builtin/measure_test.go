package builtin

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/parallaxai/parallax/runtime/value"
)

var update = flag.Bool("update", false, "write the measured figures into the documentation")

// figures is what is measured of a classifier.
type figures struct {
	n        int
	accuracy float64
	macroF1  float64 // mean over the labels of the harmonic mean of precision and recall
	ece      float64 // expected calibration error over ten bins of equal width
	brier    float64 // mean squared distance of the confidence from being right (1) or wrong (0)
	sure     float64 // accuracy of the answers with a confidence of at least 0.8
	sureN    int
}

// classify asks an agent about every example and compares with the labels.
func classify(t *testing.T, a Agent, examples []example) (figures, []string) {
	t.Helper()
	f := figures{n: len(examples)}
	var right, said, is = map[string]float64{}, map[string]float64{}, map[string]float64{}
	var bins [10]struct{ n, conf, right float64 }
	given := make([]string, len(examples))
	for i, e := range examples {
		ans, err := a(Input{Data: value.Str(e.text)})
		if err != nil {
			t.Fatalf("%q: %v", e.text, err)
		}
		label := "none"
		if ans.Result.Kind() == value.StringKind {
			label = ans.Result.AsString().Go()
		}
		given[i] = label
		ok := 0.0
		if label == e.label {
			ok = 1
			right[label]++
		}
		said[label]++
		is[e.label]++
		f.accuracy += ok / float64(f.n)
		f.brier += (ans.Confidence - ok) * (ans.Confidence - ok) / float64(f.n)
		b := &bins[min(9, int(ans.Confidence*10))]
		b.n, b.conf, b.right = b.n+1, b.conf+ans.Confidence, b.right+ok
		if ans.Confidence >= 0.8 {
			f.sure += ok
			f.sureN++
		}
	}
	for label, n := range is {
		if right[label] > 0 {
			p, r := right[label]/said[label], right[label]/n
			f.macroF1 += 2 * p * r / (p + r) / float64(len(is))
		}
	}
	for _, b := range bins {
		f.ece += math.Abs(b.conf-b.right) / float64(f.n)
	}
	if f.sureN > 0 {
		f.sure /= float64(f.sureN)
	}
	return f, given
}

func agentOf(t testing.TB, name, opts string) Agent {
	t.Helper()
	o := value.NullValue
	if opts != "" {
		var err error
		if o, err = value.FromJSON([]byte(opts)); err != nil {
			t.Fatal(err)
		}
	}
	a, err := New(name, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func examplesIn(t testing.TB, file string) []example {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return labelled(string(text))
}

func readYAML(t testing.TB, file string, into any) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// TestFigures measures every agent on labelled data that it has not learned
// from, demands a least quality, and keeps the documentation equal to what is
// measured.
func TestFigures(t *testing.T) {
	var doc strings.Builder
	fmt.Fprintf(&doc, "| agent | texts | accuracy | macro-F1 | calibration error | Brier score | accuracy where confidence ≥ 0.8 |\n|---|--:|--:|--:|--:|--:|--:|\n")
	row := func(name string, f figures) {
		fmt.Fprintf(&doc, "| `%s` | %d | %.1f %% | %.3f | %.3f | %.3f | %.1f %% of %d |\n", name, f.n, 100*f.accuracy, f.macroF1, f.ece, f.brier, 100*f.sure, f.sureN)
	}
	floor := func(name string, got, least float64) {
		t.Helper()
		if !(got >= least) {
			t.Errorf("%s is %.3f, below the floor %.3f", name, got, least)
		}
	}

	sentiment := examplesIn(t, "sentiment.tsv")
	said := map[string][]string{}
	for _, s := range []struct {
		name         string
		accuracy, f1 float64
		ece          float64
	}{{"sentiment-lexicon", 0.70, 0.70, 0.12}, {"sentiment-bayes", 0.65, 0.65, 0.12}, {"sentiment-rules", 0.60, 0.60, 0.12}} {
		f, given := classify(t, agentOf(t, s.name, ""), sentiment)
		said[s.name] = given
		row(s.name, f)
		floor(s.name+" accuracy", f.accuracy, s.accuracy)
		floor(s.name+" macro-F1", f.macroF1, s.f1)
		if f.ece > s.ece {
			t.Errorf("%s has a calibration error of %.3f, more than %.3f", s.name, f.ece, s.ece)
		}
		if testing.Verbose() {
			for i, g := range given {
				if g != sentiment[i].label {
					t.Logf("%s: %s for %s %q", s.name, g, sentiment[i].label, sentiment[i].text)
				}
			}
		}
	}
	lang, given := classify(t, agentOf(t, "language", ""), examplesIn(t, "languages.tsv"))
	row("language", lang)
	floor("language accuracy", lang.accuracy, 0.95)
	floor("language macro-F1", lang.macroF1, 0.95)
	if lang.ece > 0.06 {
		t.Errorf("language has a calibration error of %.3f", lang.ece)
	}
	if testing.Verbose() {
		for i, e := range examplesIn(t, "languages.tsv") {
			if given[i] != e.label {
				t.Logf("language: %s for %s %q", given[i], e.label, e.text)
			}
		}
	}

	// How the three analysers work together.
	agree, split, majority, oracle := 0, 0, 0, 0
	for i, e := range sentiment {
		votes := map[string]int{}
		hit := 0
		for _, g := range said {
			votes[g[i]]++
			if g[i] == e.label {
				hit = 1
			}
		}
		oracle += hit
		switch len(votes) {
		case 1:
			agree++
		case 3:
			split++
		}
		for l, n := range votes {
			if n >= 2 && l == e.label {
				majority++
			}
		}
	}
	n := float64(len(sentiment))
	fmt.Fprintf(&doc, "\nThe three analysers of sentiment agree on %.1f %% of the sentences and give three different answers to %.1f %%;\na majority of two is right on %.1f %%, at least one of them on %.1f %%.\n",
		100*float64(agree)/n, 100*float64(split)/n, 100*float64(majority)/n, 100*float64(oracle)/n)
	if float64(agree)/n > 0.9 {
		t.Error("the analysers are too much alike to be worth asking all three")
	}

	keywords := measureKeywords(t)
	floor("keywords recall", keywords, 0.75)
	p, r := measureEntities(t)
	floor("entities precision", p, 0.85)
	floor("entities recall", r, 0.85)
	s := measureSummaries(t)
	floor("summary agreement", s, 0.7)
	fmt.Fprintf(&doc, "\n| agent | measured | value |\n|---|---|--:|\n")
	fmt.Fprintf(&doc, "| `keywords` | expected words that are in the phrases returned | %.1f %% |\n", 100*keywords)
	fmt.Fprintf(&doc, "| `entities` | precision; recall (type and text both right) | %.1f %%; %.1f %% |\n", 100*p, 100*r)
	fmt.Fprintf(&doc, "| `summary` | sentences chosen that readers would keep | %.1f %% |\n", 100*s)

	const file = "../../../docs/agents-builtin.md"
	const begin, end = "<!-- figures: go test ./runtime/agent/builtin -update -->\n", "<!-- end of figures -->"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(page), begin)
	old, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the figures", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(head+begin+doc.String()+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(old, doc.String()); diff != "" {
		t.Errorf("%s does not tell what is measured (-file +measured); run with -update:\n%s", file, diff)
	}
}

type marked struct {
	Text     string
	Keywords []string
	Entities []struct{ Type, Text string }
}

func measureKeywords(t *testing.T) float64 {
	var docs []marked
	readYAML(t, "extraction.yaml", &docs)
	a := agentOf(t, "keywords", "")
	found, want := 0, 0
	for _, d := range docs {
		if d.Keywords == nil {
			continue
		}
		ans, err := a(Input{Data: value.Str(d.Text)})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range ans.Result.AsArray().Elems() {
			got = append(got, v.AsString().Go())
		}
		for _, k := range d.Keywords {
			want++
			if slices.ContainsFunc(got, func(g string) bool { return strings.Contains(g, k) }) {
				found++
			} else {
				t.Logf("keywords: %q is not in %q", k, got)
			}
		}
	}
	return float64(found) / float64(want)
}

func measureEntities(t *testing.T) (precision, recall float64) {
	var docs []marked
	readYAML(t, "extraction.yaml", &docs)
	a := agentOf(t, "entities", "")
	hit, said, want := 0, 0, 0
	for _, d := range docs {
		if d.Entities == nil {
			continue
		}
		ans, err := a(Input{Data: value.Str(d.Text)})
		if err != nil {
			t.Fatal(err)
		}
		text, err := value.ToJSON(ans.Result, "")
		if err != nil {
			t.Fatal(err)
		}
		var got []struct {
			Type, Text string
			Start, End int
		}
		if err := json.Unmarshal(text.Text, &got); err != nil {
			t.Fatal(err)
		}
		said += len(got)
		want += len(d.Entities)
		right := 0
		for _, g := range got {
			if r := []rune(d.Text); string(r[g.Start:g.End]) != g.Text {
				t.Errorf("%q is not at %d:%d of %q", g.Text, g.Start, g.End, d.Text)
			}
			if slices.Contains(d.Entities, struct{ Type, Text string }{g.Type, g.Text}) {
				right++
			}
		}
		if right < len(d.Entities) || right < len(got) {
			t.Logf("entities: %v instead of %v", got, d.Entities)
		}
		hit += right
	}
	return float64(hit) / float64(said), float64(hit) / float64(want)
}

func measureSummaries(t *testing.T) float64 {
	var docs []struct {
		Keep      []int
		Sentences []string
	}
	readYAML(t, "summaries.yaml", &docs)
	hit, n := 0, 0
	for _, d := range docs {
		ans, err := agentOf(t, "summary", "")(Input{Data: value.Str(strings.Join(d.Sentences, " "))})
		if err != nil {
			t.Fatal(err)
		}
		got := ans.Result.AsString().Go()
		for i, s := range d.Sentences {
			if strings.Contains(got, s) {
				n++
				if slices.Contains(d.Keep, i) {
					hit++
				} else {
					t.Logf("summary: %q", s)
				}
			}
		}
	}
	return float64(hit) / float64(n)
}
