// Package builtin holds small agents that work without a network: analysers of
// sentiment, a language identifier, extractors, a summariser, validators.
//
// They are real: each computes its answer and its confidence from the text it is
// given, and the three analysers of sentiment work by different methods and
// disagree where the methods have different blind spots. Word lists and corpora
// are embedded and read when an agent is first asked. The same text always gives
// the same answer. How well each one does on labelled data that it has never
// seen is in docs/agents-builtin.md, which a test keeps equal to what it measures.
package builtin

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/value"
)

// Input is what an agent is asked to look at.
type Input struct {
	Task string      // what to do, in words; the text itself when Data is null
	Data value.Value // a text, or an object with the text in one of its fields
}

// Answer is what an agent found.
type Answer struct {
	Result        value.Value
	Confidence    float64 // in [0, 1]
	Reasoning     string
	Uncertainties []string
}

// Agent is an agent that is ready to answer. It is safe for concurrent use.
type Agent func(Input) (Answer, error)

// kind is a row of the table of agents.
type kind struct {
	name    string
	about   string // one line
	options []string
	make    func(options) (Agent, error)
}

// kinds is in the order of the documentation.
var kinds = []kind{
	{"sentiment-lexicon", "positive, negative or neutral, by a lexicon of valences with negation and intensifiers", textOptions, newSentiment(lexicon)},
	{"sentiment-bayes", "positive, negative or neutral, by naive Bayes over words and pairs of words", textOptions, newSentiment(bayes)},
	{"sentiment-rules", "positive, negative or neutral, by phrases, emoticons, punctuation, ratings and contrast", textOptions, newSentiment(rules)},
	{"language", "the language of a text, by frequencies of character sequences", append([]string{"languages"}, textOptions...), newLanguage},
	{"keywords", "the phrases a text is about", append([]string{"max"}, textOptions...), newKeywords},
	{"entities", "names, places, organisations, dates, amounts, addresses", append([]string{"types"}, textOptions...), newEntities},
	{"summary", "the most central sentences of a text", append([]string{"sentences"}, textOptions...), newSummary},
	{"json-schema", "whether data satisfies a JSON Schema, and where not", []string{"schema", "field"}, newSchema},
	{"regexp", "whether a text matches regular expressions, and what they capture", append([]string{"pattern", "patterns"}, textOptions...), newRegexp},
}

var textOptions = []string{"field"}

// Names returns the names of the agents.
func Names() []string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = k.name
	}
	return out
}

// About returns one line on what the agent of that name answers, "" when there
// is none.
func About(name string) string {
	for _, k := range kinds {
		if k.name == name {
			return k.about
		}
	}
	return ""
}

// OptionError is an option that an agent does not have or can't use.
type OptionError struct {
	Option string // "name" when there is no such agent
	Key    bool   // the option itself is wrong, not its value
	Text   string
	Hint   string // what to write instead, "" when Text says it
}

func (e *OptionError) Error() string {
	if e.Hint != "" {
		return e.Text + "; " + e.Hint
	}
	return e.Text
}

func optionError(name, format string, args ...any) error {
	return &OptionError{Option: name, Text: name + " " + fmt.Sprintf(format, args...)}
}

// New returns the agent of that name. The options are an object, or null for
// none. The error is an *OptionError.
func New(name string, opts value.Value) (Agent, error) {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	if i < 0 {
		return nil, &OptionError{Option: "name", Text: fmt.Sprintf("there is no builtin agent %q", name), Hint: near(name, Names(), "agents")}
	}
	k := kinds[i]
	opts = opts.Plain()
	o := options{}
	if !opts.IsNull() {
		if opts.Kind() != value.ObjectKind {
			return nil, &OptionError{Option: "name", Text: "the options of an agent are a map"}
		}
		for key, v := range opts.AsObject().All() {
			if slices.Contains(k.options, key) {
				o[key] = v.Plain()
				continue
			}
			return nil, &OptionError{Option: key, Key: true, Text: fmt.Sprintf("%s has no option %q", name, key), Hint: near(key, k.options, "options")}
		}
	}
	return k.make(o)
}

// near hints at the name that was meant, or at all there are.
func near(name string, known []string, what string) string {
	if s := diag.Suggest(name, known); s != "" {
		return fmt.Sprintf("did you mean %s?", s)
	}
	return fmt.Sprintf("the %s are %s", what, strings.Join(known, ", "))
}

// options are the settings of one agent, plain values by name.
type options map[string]value.Value

// count reads a whole number of at least 1.
func (o options) count(name string, def int) (int, error) {
	v, ok := o[name]
	if !ok {
		return def, nil
	}
	if v.Kind() != value.Number || v.Float() != float64(int(v.Float())) || v.Float() < 1 || v.Float() > 1000 {
		return 0, optionError(name, "is a whole number from 1 to 1000, not %s", value.Inspect(v))
	}
	return int(v.Float()), nil
}

// texts reads a list of strings out of the known ones, or a single one.
func (o options) texts(name string, known []string) ([]string, error) {
	v, ok := o[name]
	if !ok {
		return nil, nil
	}
	elems := []value.Value{v}
	if v.Kind() == value.ArrayKind {
		elems = v.AsArray().Elems()
	}
	var out []string
	for _, e := range elems {
		if e.PlainKind() != value.StringKind {
			return nil, optionError(name, "is a list of texts, not %s", value.Inspect(v))
		}
		s := e.Plain().AsString().Go()
		if !slices.Contains(known, s) {
			return nil, optionError(name, "knows no %q; it may have %s", s, strings.Join(known, ", "))
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, optionError(name, "is empty")
	}
	return out, nil
}

// field reads the name of the field that the agent looks at, "" for none.
func (o options) field() (string, error) {
	v, ok := o["field"]
	if !ok {
		return "", nil
	}
	if v.Kind() != value.StringKind || v.AsString().Len() == 0 {
		return "", optionError("field", "is the name of a field of the data, not %s", value.Inspect(v))
	}
	return v.AsString().Go(), nil
}

// textFields are where a text is looked for when no field is named.
var textFields = []string{"text", "content", "message", "body", "comment", "review", "description"}

// maxText bounds the length of a text in bytes, so that nobody waits for hours.
const maxText = 1 << 20

// data returns the field of the data that the option names, or all of it.
func (in Input) data(field string) (value.Value, error) {
	d := in.Data.Plain()
	if field == "" {
		return d, nil
	}
	if d.Kind() == value.ObjectKind {
		if v, ok := d.AsObject().Get(field); ok {
			return v.Plain(), nil
		}
	}
	return value.Value{}, fmt.Errorf("the data has no field %q", field)
}

// text returns the text of an input.
func (in Input) text(field string) (string, error) {
	d, err := in.data(field)
	if err != nil {
		return "", err
	}
	s := ""
	switch d.Kind() {
	case value.StringKind:
		s = d.AsString().Go()
	case value.Null:
		s = in.Task
	case value.ObjectKind:
		found := false
		for _, name := range textFields {
			if v, ok := d.AsObject().Get(name); ok && v.PlainKind() == value.StringKind {
				s, found = v.Plain().AsString().Go(), true
				break
			}
		}
		if !found {
			return "", fmt.Errorf("the data has no text in any of %s; name the field with the option field", strings.Join(textFields, ", "))
		}
	default:
		return "", fmt.Errorf("a text is wanted, not %s", d.Kind())
	}
	if len(s) > maxText {
		return "", fmt.Errorf("the text has %d bytes; at most %d are looked at", len(s), maxText)
	}
	if strings.TrimSpace(s) == "" {
		return "", errors.New("there is no text to look at")
	}
	return s, nil
}

// onText turns a function of a text into an agent.
func onText(o options, f func(string) Answer) (Agent, error) {
	field, err := o.field()
	if err != nil {
		return nil, err
	}
	return func(in Input) (Answer, error) {
		text, err := in.text(field)
		if err != nil {
			return Answer{}, err
		}
		ans := f(text)
		ans.Confidence = rounded(ans.Confidence)
		return ans, nil
	}, nil
}

// rounded cuts a confidence to three places: more would pretend a precision that
// the methods do not have, and differ between machines.
func rounded(c float64) float64 { return math.Round(c*1000) / 1000 }
