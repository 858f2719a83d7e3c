package agent_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
)

func load(t testing.TB, text string) *agent.Registry {
	t.Helper()
	r, err := agent.Load("agents.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.FromJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// handle asks the registry for the outcome of one effect.
func handle(t testing.TB, r *agent.Registry, kind, request string) effect.Outcome {
	t.Helper()
	v := parse(t, request)
	h := r.Handlers()[kind]
	if h == nil {
		t.Fatalf("nothing answers %s", kind)
	}
	return h.Handle(context.Background(), &effect.Effect{Kind: kind, Request: v})
}

const team = `
- {name: ada, id: a-1, capabilities: [read, write], expertise: 0.9, region: eu, result: x}
- {name: bob, capabilities: [read], historicalConfidence: 0.4, result: x}
- {name: cyd, capabilities: [write, read, draw], region: us, result: x}
`

func TestSelect(t *testing.T) {
	r := load(t, team)
	tests := []struct{ name, request, want string }{
		{"all", `{}`, "ada bob cyd"},
		{"one capability", `{"capabilities": ["read"]}`, "ada bob cyd"},
		{"as text", `{"capabilities": "write"}`, "ada cyd"},
		{"singular", `{"capability": "draw"}`, "cyd"},
		{"all capabilities are needed", `{"capabilities": ["read", "draw"]}`, "cyd"},
		{"max cuts in order of registration", `{"max": 2}`, "ada bob"},
		{"maxAgents", `{"maxAgents": 1}`, "ada"},
		{"preferred by name", `{"prefer": ["cyd", "bob"]}`, "cyd bob ada"},
		{"preferred by capability", `{"prefer": ["draw"], "max": 2}`, "cyd ada"},
		{"excluded by name and id", `{"exclude": ["a-1", "bob"]}`, "cyd"},
		{"excluded as objects", `{"exclude": [{"name": "ada"}]}`, "bob cyd"},
		{"region", `{"region": "us"}`, "cyd"},
		{"confidence so far", `{"minConfidence": 0.5}`, "ada cyd"},
		{"enough", `{"min": 3}`, "ada bob cyd"},
		{"nobody wanted", `{"capabilities": ["fly"]}`, ""},
		{"too few", `{"min": 4}`, "NOT_ENOUGH_AGENTS: Not enough agents available. Required: 4, Available: 3"},
		{"too few able", `{"capabilities": ["draw", "read"], "minAgents": 2}`,
			"NOT_ENOUGH_AGENTS: Not enough agents available with draw, read. Required: 2, Available: 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := handle(t, r, effect.Select, tt.request)
			got := ""
			if out.Err != nil {
				got = out.Err.Name + ": " + out.Err.Message
			} else {
				var names []string
				for _, a := range out.Value.AsArray().Elems() {
					n, _ := a.AsObject().Get("name")
					names = append(names, value.Text(n))
				}
				got = strings.Join(names, " ")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAgentValue(t *testing.T) {
	r := load(t, team)
	want := `{ id: "a-1", name: "ada", capabilities: ["read", "write"], expertise: 0.9, historicalConfidence: 0.75, region: "eu" }`
	if diff := cmp.Diff(want, value.Inspect(r.Agents()[0].Value())); diff != "" {
		t.Error(diff)
	}
}

// answers asks an agent n times and sums up result, confidence and error.
func answers(t testing.TB, r *agent.Registry, name string, n int) []string {
	t.Helper()
	var out []string
	for range n {
		o := handle(t, r, effect.Agent, `{"agent": "`+name+`", "task": "t"}`)
		if o.Err != nil {
			out = append(out, o.Err.Name+": "+o.Err.Message)
			continue
		}
		var parts []string
		for _, k := range []string{"result", "confidence", "confidenceStated", "reasoning", "error"} {
			v, _ := o.Value.AsObject().Get(k)
			parts = append(parts, value.Inspect(v))
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		name, yaml string
		want       []string // result confidence stated reasoning error
	}{
		{"mock block", `mock: {result: yes, confidence: 0.9, reasoning: because}`, []string{`"yes" 0.9 true "because" null`, `"yes" 0.9 true "because" null`}},
		{"short form", `result: {b: 1, a: [true, null]}, confidence: 0.25`, []string{`{ b: 1, a: [true, null] } 0.25 true null null`}},
		{"value for result", `value: 3`, []string{`3 0.5 false null null`}},
		{"no confidence", `result: 1`, []string{`1 0.5 false null null`}},
		{"NaN counts as none", `result: 1, confidence: .nan`, []string{`1 0.5 false null null`}},
		{"above one", `result: 1, confidence: 85`, []string{`1 1 true null null`}},
		{"negative", `result: 1, confidence: -1`, []string{`1 0 true null null`}},
		{"text", `result: 1, confidence: "high"`, []string{`1 0.5 false null null`}},
		{"error", `error: out of order`, []string{`null 0 false null "out of order"`}},
		{"error beside a confidence", `error: no, confidence: 0.9`, []string{`null 0 false null "no"`}},
		{"sequence, the last one repeats", `mock: {sequence: [{result: a, confidence: 0.1}, {error: busy}, plain]}`,
			[]string{`"a" 0.1 true null null`, `null 0 false null "busy"`, `"plain" 0.5 false null null`, `"plain" 0.5 false null null`}},
		{"responses", `responses: [{result: 1}, {result: 2}]`, []string{`1 0.5 false null null`, `2 0.5 false null null`}},
		{"scalars by the core schema", `result: [yes, on, 012, 0x1F, 0o17, 1e3, "1", ~, 2001-01-01, -.inf, +1.5]`,
			[]string{`["yes", "on", 12, 31, 15, 1000, "1", null, "2001-01-01", -Infinity, 1.5] 0.5 false null null`}},
		{"anchors", `mock: {result: {a: &x [1], b: *x}}`, []string{`{ a: [1], b: [1] } 0.5 false null null`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := answers(t, load(t, "- {name: a, "+tt.yaml+"}"), "a", len(tt.want))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFindAgent(t *testing.T) {
	r := load(t, "- {name: ada, id: a-1, capabilities: [read], result: 1}\n- {name: bob, capabilities: [draw], result: 2}")
	tests := []struct{ agent, want string }{
		{`"ada"`, "1"}, {`"a-1"`, "1"}, {`"bob"`, "2"}, {`"draw"`, "2"}, {`{"name": "bob"}`, "2"}, {`{"id": "a-1"}`, "1"},
		{`"eve"`, `UNKNOWN_AGENT: There is no agent "eve"`}, {`null`, `UNKNOWN_AGENT: There is no agent null`}, {`7`, `UNKNOWN_AGENT: There is no agent 7`},
	}
	for _, tt := range tests {
		o := handle(t, r, effect.Agent, `{"agent": `+tt.agent+`, "task": "t"}`)
		got := ""
		if o.Err != nil {
			got = o.Err.Name + ": " + o.Err.Message
		} else {
			v, _ := o.Value.AsObject().Get("result")
			got = value.Inspect(v)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.agent, diff)
		}
	}
	only := load(t, "- {name: ada, result: 1}")
	if o := handle(t, only, effect.Agent, `{"agent": null, "task": "t"}`); o.Err != nil {
		t.Errorf("the only agent is not taken: %v", o.Err)
	}
}

func TestModel(t *testing.T) {
	r := load(t, `
agents: []
llm:
  mock:
    - {match: "^hi", result: hello, confidence: 2}
    - {match: fail, error: overloaded}
    - {match: "."  , result: {a: 1}}
`)
	tests := []struct{ prompt, want string }{
		{"hi there", `{ content: "hello", confidence: 1, model: "mock", provider: "mock", tokensUsed: 2 }`},
		{"please fail", "LLM_FAILED: overloaded"},
		{"else", `{ content: { a: 1 }, confidence: null, model: "mock", provider: "mock", tokensUsed: 1 }`},
		{"", "LLM_FAILED: No mock answer matches the prompt"},
	}
	for _, tt := range tests {
		o := handle(t, r, effect.LLM, `{"prompt": "`+tt.prompt+`"}`)
		got := ""
		if o.Err != nil {
			got = o.Err.Name + ": " + o.Err.Message
		} else {
			got = value.Inspect(o.Value)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q: %s", tt.prompt, diff)
		}
	}
	if _, ok := load(t, team).Handlers()[effect.LLM]; ok {
		t.Error("a registry without a model answers llm()")
	}
}

func TestLoadFails(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "agents.yaml:1:1: error Y0901: the file is empty"},
		{"comment only", "# nothing\n", "agents.yaml:1:1: error Y0901: the file is empty"},
		{"no YAML", "- {name: [", "agents.yaml:1:1: error Y0901: this is no YAML: did not find expected node content"},
		{"scalar", "hello", "agents.yaml:1:1: error Y0903: a file of agents is a list of agents, or a map with agents and llm"},
		{"unknown key", "agents: []\nmodels: []", `agents.yaml:2:1: error Y0902: the file has no key "models"; the keys are llm, agents`},
		{"no name", "- {capabilities: [x]}", "agents.yaml:1:3: error Y0904: an agent needs a name"},
		{"no map", "- ada", "agents.yaml:1:3: error Y0903: an agent is a map with keys such as id, name, capabilities"},
		{"twice", "- {name: a}\n- {name: a}", `agents.yaml:2:4: error Y0905: there are two agents "a"`},
		{"misspelt key", "- {name: a, capabilites: [x]}", `an agent has no key "capabilites"; did you mean capabilities?`},
		{"unknown key of an agent", "- {name: a, salary: 5}", `an agent has no key "salary"; the keys are id, name`},
		{"misspelt key of a mock", "- {name: a, mock: {reslt: 1}}", `mock has no key "reslt"; did you mean result?`},
		{"misspelt key of an answer", "- {name: a, responses: [{confidance: 1}]}", `an answer has no key "confidance"; did you mean confidence?`},
		{"expertise", "- {name: a, expertise: 7}", "expertise is a number from 0 to 1, not 7"},
		{"expertise NaN", "- {name: a, expertise: .nan}", "expertise is a number from 0 to 1"},
		{"history", "- {name: a, historicalConfidence: -1}", "historicalConfidence is a number from 0 to 1"},
		{"other transport", "- {name: a, transport: http, http: {url: x}}", "agents.yaml:1:24: error Y0906: agents can't be called by http here; the transports here are mock"},
		{"unknown transport", "- {name: a, transport: htpt}", `there is no transport "htpt"; did you mean http?`},
		{"very unknown transport", "- {name: a, transport: pigeon-post}", `there is no transport "pigeon-post"; the transports are http, grpc`},
		{"negative delay", "- {name: a, delayMs: -5}", "delayMs is a time: milliseconds from 0 to 31622400000, or a text such as 30s, not -5"},
		{"endless delay", "- {name: a, delay_ms: .inf}", "delay_ms is a time: milliseconds from 0 to 31622400000, or a text such as 30s, not .inf"},
		{"endless value", "- name: a\n  result: &x [*x]", "too large or refers to itself"},
		{"two transports", "- {name: a, http: {url: x}, exec: {}}", "an agent has one transport; this one is called by http; remove the block exec"},
		{"key twice", "- {name: a, region: x, region: y}", "agents.yaml:1:24: error Y0905: an agent has the key region twice"},
		{"tab", "- name: a\n\tregion: x", "YAML is indented with blanks, never with tabs"},
		{"merge of no map", "- {name: a, <<: 5}", "<< merges another map into this one; this is 5"},
		{"source of confidence", "- {name: a, result: 1, confidence: {from: filed}}", "from is one of field, logprobs, stated, fixed, not \"filed\"; did you mean field?"},
		{"field without path", "- {name: a, result: 1, confidence: {from: field}}", "confidence needs the key path"},
		{"bad path", "- {name: a, result: 1, confidence: {from: field, path: 'a..b'}}", `the path "a..b" has no name behind a dot`},
		{"several faults", "- {name: a, regio: x}\n- {name: b, expertise: 2}", "agents.yaml:1:13: error Y0902: an agent has no key \"regio\"; did you mean region?\nagents.yaml:2:24: error Y0903: expertise"},
		{"wrong kind", "- {name: a, capabilities: {}}", "capabilities is a list of texts, not a map"},
		{"model without mock", "llm: {}", "only a mock model can be configured here"},
		{"other model", "llm: {openai: {}}", `llm has no key "openai"`},
		{"bad pattern", "llm: {mock: [{match: '(', result: 1}]}", "match: error parsing regexp"},
		{"misspelt key of a model", "llm: {mock: [{mtch: x}]}", `a mock answer has no key "mtch"; did you mean match?`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := agent.Load("agents.yaml", []byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	for _, seed := range []string{team, "agents: []\nllm: {mock: [{match: x, result: 1}]}", "- name: a\n  result: &x [*x]", "- {name: a, mock: {sequence: [1, {error: x}]}}",
		"- {name: a, timeout: 5s, retry: {retries: 2, jitter: 0}, rateLimit: 3/m, breaker: {failures: 2}, concurrency: 3, http: {url: 'http://x', body: {a: '${b[0]}'}, response: {result: /a/b}}}",
		"- {name: a, exec: {command: [x], env: {A: 'env:B'}}, confidence: {from: field, path: $.a}}",
		"llm: {openai: {model: x, price: {input: 1}}, o: {type: gemini, model: x}}\nagents: [{<<: &d {region: x}, name: a, llm: {schema: {label: string}}}, {<<: *d, name: b, builtin: sentiment-lexicon}]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := &agent.Registry{}
		list := r.Read(source.NewFile("f", string(text)), transport.Options())
		for _, d := range list {
			if p := d.Position(); p.Line < 1 || p.Column < 1 || d.Message == "" {
				t.Errorf("%v has no place", d)
			}
		}
		for _, a := range r.Agents() {
			if a.ID == "" || a.Name == "" || !(a.Expertise >= 0 && a.Expertise <= 1) || a.Transport == nil {
				t.Errorf("accepted the agent %+v", a)
			}
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
}

func FuzzReadInline(f *testing.F) {
	for _, seed := range []string{"a=mock:yes@0.9", "a:x,y=http://h/p", "a=exec:./p q", "a=mock:{a: [1]}", "a=llm:m/x", "=", "a=b:c", "a=mock:\n- @@1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := load(t, "- {name: old, capabilities: [x], result: 1}")
		before := len(r.Agents())
		err := r.ReadInline(text, transport.Options())
		if n := len(r.Agents()); err != nil && n != before || n < before {
			t.Errorf("%d agents became %d: %v", before, n, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
}

func FuzzDecodeReply(f *testing.F) {
	for _, seed := range []string{`{"result": 1, "confidence": 7, "usage": {"tokens": 1e308}}`, `{"value": null, "uncertainties": [1, "x"], "reasoning": 5}`,
		`{"error": {"message": "", "retryAfterMs": -1}}`, `{"error": []}`, `{"error": false, "result": 1}`, `{"confidence": "high"}`, "[", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		reply, err := agent.DecodeReply(text)
		fake := &fake{call: func(context.Context, agent.Task) (agent.Reply, error) { return reply, err }}
		out := askFake(t, fake, "region: x")
		get := func(key string) value.Value { v, _ := out.Value.AsObject().Get(key); return v }
		if c := get("confidence").Float(); !(c >= 0 && c <= 1) || get("error").IsNull() != (err == nil) {
			t.Errorf("%v gives the answer %s", err, value.Inspect(out.Value))
		}
		if err == nil {
			agent.PartialOf(string(text))
		}
	})
}

// Mocks wait in real time too.
func TestRealTime(t *testing.T) {
	r := load(t, "- {name: slow, result: slow, confidence: 1, delayMs: 30}\n- {name: quick, result: quick, confidence: 1, delayMs: 1}")
	res := run(t, r, `race([() => call("slow", "w"), () => call("quick", "w"), () => { sleep(100000); "sleeper" }])`)
	if diff := cmp.Diff(`"quick"`, string(res.JSON())); diff != "" {
		t.Error(diff, res.Error)
	}
	res = run(t, r, `call("slow", "w") + call("quick", "w")`)
	if diff := cmp.Diff(`"slowquick"`, string(res.JSON())); diff != "" || res.Duration < 30*time.Millisecond {
		t.Error(diff, res.Error, res.Duration)
	}
	res = run(t, r, `call("slow", "w")`, engine.WithTimeout(time.Millisecond))
	if res.Status != engine.StatusTimedOut {
		t.Error(res.Status)
	}
}

// A text is short for the block of a transport.
func TestShortBlocks(t *testing.T) {
	r := &agent.Registry{}
	list := r.Read(source.NewFile("agents.yaml", `- {name: a, http: "http://localhost:1/x"}
- {name: b, exec: node x.mjs}
- {name: c, builtin: language}
- {name: d, builtin: langage}
- {name: e, http: localhost}
- {name: f, grpc: 5}`), transport.Options())
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	var got []string
	for _, d := range list {
		got = append(got, d.Error())
	}
	want := []string{
		`agents.yaml:4:22: error Y0903: there is no builtin agent "langage"`,
		`agents.yaml:5:19: error Y0903: http: "localhost" is no URL`,
	}
	if diff := cmp.Diff(want, got[:min(2, len(got))]); diff != "" {
		t.Error(diff)
	}
}

// What agents tell that they used is summed up, for each and for all.
func TestUsage(t *testing.T) {
	var events []any
	res := execute(t, `call("a", "x")
call("a", "x")
call("b", "x")
fallback(() => call("c", "x"), () => 0)`, `
- {name: a, result: 1, usage: {tokensIn: 10, tokensOut: 5, cost: 0.5}}
- {name: b, result: 1, usage: {tokens: 7}}
- {name: c, error: x, usage: {tokens: 7}}
`, engine.WithEvents(func(e engine.Event) {
		if e.Type == engine.UsageGrew {
			events = append(events, e.Data["calls"], e.Data["tokensIn"], e.Data["tokensOut"], e.Data["cost"])
		}
	}))
	if diff := cmp.Diff(engine.Usage{Calls: 4, TokensIn: 20, TokensOut: 17, Cost: 1}, res.Usage); diff != "" {
		t.Error(diff, res.Error)
	}
	if diff := cmp.Diff([]any{1, 10, 5, 0.5, 2, 20, 10, 1.0, 3, 20, 17, 1.0}, events); diff != "" {
		t.Error(diff)
	}
	if a := res.Agents[0]; a.TokensIn != 20 || a.TokensOut != 10 || a.Cost != 1 {
		t.Errorf("%+v", a)
	}
}

// A pattern over 10,000 agents that is cancelled ends and leaves no goroutine
// behind; see TestMain.
func TestCancelMany(t *testing.T) {
	for _, limits := range []string{"", ", timeout: 2h"} { // in goroutines of their own with these
		cancelMany(t, limits)
	}
}

func cancelMany(t *testing.T, limits string) {
	const n = 10_000
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "- {name: a%d, capabilities: [judge], result: 1, delayMs: 3600000%s}\n", i, limits)
	}
	r := load(t, text.String())
	res, list := build.Compile(source.NewFile("test.prism", `parallel select({}) { analyze(1) }`), build.Options{})
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	p, err := engine.Load(res.Program, library.Std())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	started := 0
	out, err := p.Run(ctx, value.NullValue, engine.WithHandlers(r.Handlers()), engine.WithEvents(func(e engine.Event) {
		if e.Type == engine.AgentStarted {
			if started++; started == n {
				cancel()
			}
		}
	}))
	if err != nil || out.Status != engine.StatusCancelled || started != n {
		t.Errorf("%v, %v after %d starts", err, out.Status, started)
	}
}

// execute runs a program with agents under virtual time.
func execute(t *testing.T, src, agents string, opts ...engine.Option) *engine.Result {
	t.Helper()
	return run(t, load(t, agents), src, append(opts, engine.WithVirtualTime(time.UnixMilli(0)))...)
}

// run runs a program with the agents of a registry.
func run(t *testing.T, r *agent.Registry, src string, opts ...engine.Option) *engine.Result {
	t.Helper()
	res, list := build.Compile(source.NewFile("test.prism", src), build.Options{})
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	p, err := engine.Load(res.Program, library.Std())
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Run(context.Background(), value.NullValue, append(opts, engine.WithHandlers(r.Handlers()))...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestExecution(t *testing.T) {
	var events []string
	res := execute(t, "/** @agents {\"capabilities\": [\"judge\"]} */\nagentResults.map(r => r.agent + \":\" + r.result)", `
- {name: slow, capabilities: [judge], result: yes, confidence: 0.6, delayMs: 2000}
- {name: broken, capabilities: [judge], error: no power, delayMs: 500}
- {name: quick, capabilities: [judge], result: no, confidence: 0.9, delayMs: 1000}
- {name: other, capabilities: [cook], result: soup}
`, engine.WithEvents(func(e engine.Event) {
		switch e.Type {
		case engine.AgentCompleted, engine.AgentFailed, engine.AgentStarted:
			events = append(events, string(e.Type)+" "+e.Data["agent"].(string))
		case engine.AgentsSelected, engine.Progress:
			events = append(events, string(e.Type))
		}
	}))
	if res.Status != engine.StatusSuccess {
		t.Fatal(res.Error)
	}
	if diff := cmp.Diff(`["quick:no","slow:yes","broken:null"]`, string(res.JSON())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"slow", "broken", "quick"}, res.Calls); diff != "" {
		t.Error(diff)
	}
	conf := func(c float64) *float64 { return &c }
	use := []engine.AgentUse{
		{ID: "slow", Name: "slow", Calls: 1, Confidence: conf(0.6), DurationMs: 2000},
		{ID: "broken", Name: "broken", Calls: 1, Failed: 1, DurationMs: 500},
		{ID: "quick", Name: "quick", Calls: 1, Confidence: conf(0.9), DurationMs: 1000},
	}
	if diff := cmp.Diff(use, res.Agents); diff != "" {
		t.Error(diff)
	}
	if res.Duration != 2*time.Second {
		t.Errorf("took %v of virtual time, want 2s: the agents work at the same time", res.Duration)
	}
	want := []string{"agents_selected", "agent_started slow", "agent_started broken", "agent_started quick",
		"agent_failed broken", "progress", "agent_completed quick", "progress", "agent_completed slow", "progress"}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Error(diff)
	}
}

// An agent that is too slow for its caller is cancelled, and its answer is
// never seen.
func TestSlowAgent(t *testing.T) {
	res := execute(t, `timeout(100, () => call("slow", "work"), "too late")`, `- {name: slow, result: 1, delayMs: 60000}`)
	if diff := cmp.Diff(`"too late"`, string(res.JSON())); diff != "" {
		t.Error(diff, res.Error)
	}
	if res.Duration != 100*time.Millisecond {
		t.Errorf("took %v of virtual time, want 100ms", res.Duration)
	}
}
