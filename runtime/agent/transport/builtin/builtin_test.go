package builtin_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/builtin"
	"github.com/parallaxai/parallax/runtime/value"
)

func TestCall(t *testing.T) {
	r, err := agent.Load("agents.yaml", []byte(`
- {name: a, builtin: {name: sentiment-lexicon, field: note}}
- {name: b, transport: builtin, builtin: {name: regexp, patterns: {id: 'ID-\d+'}}}
`), builtin.Kind())
	if err != nil {
		t.Fatal(err)
	}
	data := value.ObjectOf([]string{"note", "text"}, []value.Value{value.Str("a wonderful day"), value.Str("see ID-7")}).Value()
	a, b := r.Agents()[0].Transport, r.Agents()[1].Transport
	rep, err := a.Call(context.Background(), agent.Task{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`"positive"`, value.Inspect(rep.Result)); diff != "" {
		t.Error(diff)
	}
	if c := rep.Confidence.Float(); !(c > 0.7 && c <= 1) {
		t.Errorf("confidence %v", c)
	}
	if !strings.Contains(rep.Reasoning, "wonderful") {
		t.Errorf("reasoning %q", rep.Reasoning)
	}
	if rep, err = b.Call(context.Background(), agent.Task{Data: data}); err != nil || !strings.Contains(value.Inspect(rep.Result), "ID-7") {
		t.Errorf("%v %v", value.Inspect(rep.Result), err)
	}
	if _, err = a.Call(context.Background(), agent.Task{Data: value.Num(3)}); err == nil || agent.Retryable(err) {
		t.Errorf("a number gave %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := a.Call(ctx, agent.Task{Data: data}); err == nil {
		t.Error("a cancelled call answered")
	}
	d, err := a.(agent.Describer).Describe(context.Background())
	if err != nil || d.Name != "sentiment-lexicon" || d.Summary == "" {
		t.Errorf("%+v %v", d, err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"- {name: a, transport: builtin}", "1:3: error Y0904: builtin needs the key name; name is one of sentiment-lexicon, "},
		{"- name: a\n  builtin: {nam: x}", "2:12: error Y0904: builtin needs the key name; name is one of sentiment-lexicon"},
		{"- name: a\n  builtin: {nam: x}", `2:13: error Y0902: builtin has no key "nam"; did you mean name?`},
		{"- name: a\n  builtin: {name: languag}", `2:19: error Y0903: there is no builtin agent "languag"; did you mean language?`},
		{"- name: a\n  builtin: {name: keywords, maxx: 3}", `2:29: error Y0902: keywords has no option "maxx"; did you mean max?`},
		{"- name: a\n  builtin: {name: keywords, max: many}", `2:34: error Y0903: max is a whole number from 1 to 1000, not "many"`},
		{"- name: a\n  builtin: {name: json-schema}", `2:12: error Y0904: schema is needed: the JSON Schema that data has to satisfy`},
	}
	for _, tt := range tests {
		_, err := agent.Load("agents.yaml", []byte(tt.text), builtin.Kind())
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.text, err, tt.want)
		}
	}
}

func TestInline(t *testing.T) {
	r := &agent.Registry{}
	opts := agent.Options{Kinds: []agent.Kind{builtin.Kind()}}
	if err := r.ReadInline("s=builtin:language", opts); err != nil {
		t.Fatal(err)
	}
	rep, err := r.Agents()[0].Transport.Call(context.Background(), agent.Task{Description: "Guten Morgen, wie geht es Ihnen?"})
	if err != nil || value.Inspect(rep.Result) != `"de"` {
		t.Errorf("%v %v", value.Inspect(rep.Result), err)
	}
	if err := r.ReadInline("s=builtin:languag", opts); err == nil || !strings.Contains(err.Error(), "did you mean language?") {
		t.Error(err)
	}
}
