package builtin

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/runtime/value"
)

// ask returns the result of an agent as JSON.
func ask(t testing.TB, name, opts, data string) (string, Answer) {
	t.Helper()
	v, err := value.FromJSON([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	ans, err := agentOf(t, name, opts)(Input{Data: v})
	if err != nil {
		t.Fatalf("%s %s: %v", name, data, err)
	}
	text, err := value.ToJSON(ans.Result, "")
	if err != nil {
		t.Fatal(err)
	}
	return string(text.Text), ans
}

func TestAnswers(t *testing.T) {
	tests := []struct{ name, opts, data, want string }{
		{"sentiment-lexicon", ``, `"This is not good."`, `"negative"`},
		{"sentiment-lexicon", ``, `"This is good."`, `"positive"`},
		{"sentiment-lexicon", ``, `{"id": 7, "review": "A terrible, boring film"}`, `"negative"`},
		{"sentiment-bayes", ``, `"The staff were friendly and the room was clean."`, `"positive"`},
		{"sentiment-rules", ``, `"It looks great, but I want my money back."`, `"negative"`},
		{"sentiment-rules", ``, `"9/10"`, `"positive"`},
		{"sentiment-rules", ``, `"1/10"`, `"negative"`},
		{"sentiment-rules", ``, `"no crashes"`, `"positive"`},
		{"sentiment-lexicon", `{"field": "note"}`, `{"text": "awful", "note": "wonderful"}`, `"positive"`},
		{"language", ``, `"Wo ist der Bahnhof, bitte?"`, `"de"`},
		{"language", `{"languages": ["sv", "da"]}`, `"Jag vet inte vad det är"`, `"sv"`},
		{"language", ``, `"12345 !?"`, `null`},
		{"language", ``, `"これは日本語の文章です"`, `null`},
		{"keywords", `{"max": 2}`, `"The engine failed. The engine was old, the oil pump leaked; nobody had checked the oil pump."`, `["oil pump","engine"]`},
		{"keywords", ``, `"it is what it is"`, `[]`},
		{"entities", `{"types": "email"}`, `"Mail Dr. Lee at lee@example.org on Monday"`,
			`[{"type":"email","text":"lee@example.org","start":16,"end":31,"confidence":0.99}]`},
		{"entities", `{"types": ["place"]}`, `"Über Köln nach Berlin"`, `[{"type":"place","text":"Berlin","start":15,"end":21,"confidence":0.93}]`},
		{"summary", `{"sentences": 1}`, `"One sentence only."`, `"One sentence only."`},
		{"summary", `{"sentences": 1}`, `"Hello. Dr. Ray found water on the moon. The water on the moon is ice. Bye."`, `"Dr. Ray found water on the moon."`},
		{"json-schema", `{"schema": {"type": "object", "required": ["a"]}}`, `{"a": 1}`, `{"valid":true,"errors":[]}`},
		{"json-schema", `{"schema": {"type": "object", "required": ["a"]}}`, `{"b": 1}`, `{"valid":false,"errors":[{"path":"","message":"missing property 'a'"}]}`},
		{"json-schema", `{"schema": {"properties": {"a/b": {"type": "number"}, "c": {"maximum": 3}}}}`, `{"a/b": "x", "c": 4}`,
			`{"valid":false,"errors":[{"path":"/a~1b","message":"got string, want number"},{"path":"/c","message":"maximum: got 4, want 3"}]}`},
		{"json-schema", `{"schema": {"type": "array"}}`, `"[1, 2]"`, `{"valid":true,"errors":[]}`},
		{"json-schema", `{"schema": {"type": "array"}, "field": "x"}`, `{"x": 5}`, `{"valid":false,"errors":[{"path":"","message":"got number, want array"}]}`},
		{"regexp", `{"pattern": "[0-9]{3}"}`, `"a 123 b 456"`, `{"valid":true,"matches":{"pattern":["123","456"]},"missing":[]}`},
		{"regexp", `{"patterns": {"day": "(?P<d>\\d\\d)\\.(?P<m>\\d\\d)", "id": "ID-\\d+"}}`, `"on 24.12"`,
			`{"valid":false,"matches":{"day":[{"d":"24","m":"12"}],"id":[]},"missing":["id"]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name+" "+tt.data, func(t *testing.T) {
			got, ans := ask(t, tt.name, tt.opts, tt.data)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s%s", diff, ans.Reasoning)
			}
			if !(ans.Confidence >= 0 && ans.Confidence <= 1) {
				t.Errorf("confidence %v", ans.Confidence)
			}
		})
	}
}

// The analysers of sentiment are worth asking together because each sees what
// another is blind to.
func TestDisagreement(t *testing.T) {
	tests := []struct{ text, lexicon, bayes, rules string }{
		{"Five stars, will definitely order again.", neutral, neutral, positive},
		{"The author's jokes are stale and offensive.", negative, negative, neutral},
		{"Oh great, it crashed again.", positive, positive, negative},
	}
	for _, tt := range tests {
		for name, want := range map[string]string{"lexicon": tt.lexicon, "bayes": tt.bayes, "rules": tt.rules} {
			got, ans := ask(t, "sentiment-"+name, "", `"`+tt.text+`"`)
			if got != `"`+want+`"` {
				t.Errorf("%s says %s of %q, want %s: %s", name, got, tt.text, want, ans.Reasoning)
			}
		}
	}
}

func TestReasoning(t *testing.T) {
	_, ans := ask(t, "sentiment-lexicon", "", `"very good, not friendly"`)
	if diff := cmp.Diff("good +3.0; not … friendly -1.6", ans.Reasoning); diff != "" {
		t.Error(diff)
	}
	_, ans = ask(t, "sentiment-lexicon", "", `"The box is blue."`)
	if diff := cmp.Diff("nothing in the text speaks for or against anything", ans.Reasoning); diff != "" {
		t.Error(diff)
	}
	_, ans = ask(t, "language", "", `"vi er her"`)
	if len(ans.Uncertainties) == 0 {
		t.Errorf("a text that may be Danish or Swedish is certain: %s", ans.Reasoning)
	}
}

func TestOptionErrors(t *testing.T) {
	tests := []struct {
		name, opts, option, text string
		key                      bool
	}{
		{"sentiment", ``, "name", `there is no builtin agent "sentiment"; the agents are sentiment-lexicon, `, false},
		{"sentiment-lexikon", ``, "name", "did you mean sentiment-lexicon?", false},
		{"language", `{"langauges": []}`, "langauges", "did you mean languages?", true},
		{"language", `{"colour": 1}`, "colour", `language has no option "colour"; the options are languages, field`, true},
		{"language", `{"languages": ["xx"]}`, "languages", `languages knows no "xx"`, false},
		{"language", `{"languages": [1]}`, "languages", "languages is a list of texts", false},
		{"language", `{"languages": []}`, "languages", "languages is empty", false},
		{"language", `[]`, "name", "the options of an agent are a map", false},
		{"keywords", `{"max": 0}`, "max", "max is a whole number from 1 to 1000, not 0", false},
		{"summary", `{"sentences": 1.5}`, "sentences", "not 1.5", false},
		{"summary", `{"field": 3}`, "field", "field is the name of a field", false},
		{"json-schema", ``, "schema", "schema is needed", false},
		{"json-schema", `{"schema": {"type": "objekt"}}`, "schema", "schema can't be used", false},
		{"json-schema", `{"schema": {"$ref": "file:///etc/passwd"}}`, "schema", "may not refer to file:///etc/passwd", false},
		{"regexp", ``, "pattern", "pattern is needed", false},
		{"regexp", `{"pattern": "("}`, "pattern", "missing closing )", false},
		{"regexp", `{"patterns": {"a": 1}}`, "patterns", "is a regular expression, not 1", false},
		{"regexp", `{"patterns": "a"}`, "patterns", "is a map from names", false},
	}
	for _, tt := range tests {
		t.Run(tt.name+tt.opts, func(t *testing.T) {
			opts := value.NullValue
			if tt.opts != "" {
				var err error
				if opts, err = value.FromJSON([]byte(tt.opts)); err != nil {
					t.Fatal(err)
				}
			}
			_, err := New(tt.name, opts)
			var oe *OptionError
			if !errors.As(err, &oe) {
				t.Fatalf("got %v", err)
			}
			if oe.Option != tt.option || oe.Key != tt.key || !strings.Contains(oe.Error(), tt.text) {
				t.Errorf("got %+v, want option %s with %q", oe, tt.option, tt.text)
			}
		})
	}
}

func TestInputs(t *testing.T) {
	a := agentOf(t, "sentiment-lexicon", "")
	obj := func(text string) value.Value {
		v, err := value.FromJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if ans, err := a(Input{Task: "what a wonderful day"}); err != nil || ans.Result.AsString().Go() != positive {
		t.Errorf("the task itself is the text when there is no data: %v %v", ans, err)
	}
	for _, tt := range []struct {
		in   value.Value
		want string
	}{
		{obj(`{"title": "x"}`), "the data has no text in any of text, content"},
		{obj(`[1]`), "a text is wanted, not"},
		{obj(`"  "`), "there is no text to look at"},
		{value.Str(strings.Repeat("x", maxText+1)), "at most 1048576 are looked at"},
	} {
		if _, err := a(Input{Data: tt.in}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
	if _, err := agentOf(t, "summary", `{"field": "a"}`)(Input{Data: obj(`{"b": ""}`)}); err == nil || err.Error() != `the data has no field "a"` {
		t.Errorf("got %v", err)
	}
	if _, err := agentOf(t, "json-schema", `{"schema": {}, "field": "a"}`)(Input{Data: obj(`{}`)}); err == nil {
		t.Error("a missing field was validated")
	}
	if got, _ := ask(t, "json-schema", `{"schema": {}}`, `"{broken"`); !strings.Contains(got, "the text is no JSON") {
		t.Error(got)
	}
}

// Agents may be asked from many goroutines, the first time too, and say the
// same each time.
func TestConcurrent(t *testing.T) {
	agents := map[string]string{"sentiment-lexicon": "", "sentiment-bayes": "", "sentiment-rules": "", "language": "", "keywords": "",
		"entities": "", "summary": "", "regexp": `{"pattern": "a"}`}
	text := value.Str("Anna loves the new tram in Lyon. It is fast, but the seats are hard. Would ride again!")
	var wg sync.WaitGroup
	for name, opts := range agents {
		a := agentOf(t, name, opts)
		answers := make([]Answer, 8)
		for i := range answers {
			wg.Go(func() {
				ans, err := a(Input{Data: text})
				if err != nil {
					t.Error(name, err)
				}
				answers[i] = ans
			})
		}
		wg.Wait()
		for _, ans := range answers[1:] {
			if ans.Reasoning != answers[0].Reasoning || ans.Confidence != answers[0].Confidence || value.Inspect(ans.Result) != value.Inspect(answers[0].Result) {
				t.Errorf("%s says %v, then %v", name, answers[0], ans)
			}
		}
	}
}

func TestTable(t *testing.T) {
	for _, name := range Names() {
		if About(name) == "" {
			t.Errorf("%s has no description", name)
		}
	}
	if About("nobody") != "" {
		t.Error("nobody is described")
	}
	if n := len(Languages()); n < 12 {
		t.Errorf("only %d languages", n)
	}
}

func TestSentences(t *testing.T) {
	got := sentences("Mr. A. Lee paid 3.50 today.  \"Really?\" Yes!!\n\nA title\n\nThe end")
	want := []string{"Mr. A. Lee paid 3.50 today.", `"Really?"`, "Yes!!", "A title", "The end"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// FuzzAgents checks that no text makes an agent panic, or claim a confidence
// outside [0, 1].
func FuzzAgents(f *testing.F) {
	for _, seed := range []string{"", "Anna's 5/0 stars!!! but :( ", "\xff\xfe", "’’s A’s", "1/10 zero stars 9/9", "Prof. of Of OF", "ß ẞ İ ı", "a\n\n\n.b!?\"'", "+1 23 45"} {
		f.Add(seed)
	}
	var agents []Agent
	for _, name := range Names() {
		opts := ""
		switch name {
		case "regexp":
			opts = `{"patterns": {"a": "(?P<x>a*)b?"}}`
		case "json-schema":
			opts = `{"schema": {"type": "object"}}`
		}
		agents = append(agents, agentOf(f, name, opts))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 { // summaries are quadratic in the number of sentences
			return
		}
		for i, a := range agents {
			ans, err := a(Input{Data: value.Str(text)})
			if err == nil && !(ans.Confidence >= 0 && ans.Confidence <= 1) {
				t.Errorf("%s has a confidence of %v", Names()[i], ans.Confidence)
			}
		}
	})
}

// BenchmarkSentiment is what one answer costs once the lists are read.
func BenchmarkSentiment(b *testing.B) {
	in := Input{Data: value.Str("The first half was slow, but the ending is magnificent and I would watch it again.")}
	for _, name := range []string{"sentiment-lexicon", "sentiment-bayes", "sentiment-rules", "language"} {
		b.Run(name, func(b *testing.B) {
			a := agentOf(b, name, "")
			for b.Loop() {
				if _, err := a(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
