package llm_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/llm"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func load(t *testing.T, text string) *agent.Registry {
	t.Helper()
	models := llm.New()
	r := &agent.Registry{}
	list := r.Read(source.NewFile("agents.yaml", text), agent.Options{Kinds: []agent.Kind{models.Kind()}, Models: models.Read})
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// configured is a file with one model, of the service, and more settings of it.
func (s *service) configured(more string) string {
	return fmt.Sprintf("agents: []\nllm:\n  m: {type: %s, baseUrl: '%s', model: some-model, retry: {retries: 2, delay: 0}%s}\n", s.kind, s.url, more)
}

// ask has llm(prompt, options) answered and sums it up.
func ask(t *testing.T, r *agent.Registry, options string) string {
	t.Helper()
	req, err := value.FromJSON([]byte(`{"prompt": "Q", "options": ` + options + `, "context": []}`))
	if err != nil {
		t.Fatal(err)
	}
	out := r.Handlers()[effect.LLM].Handle(context.Background(), &effect.Effect{Kind: effect.LLM, Path: "0.1", Request: value.Freeze(req)})
	if out.Err != nil {
		return "error: " + out.Err.Message
	}
	get := func(key string) value.Value { x, _ := out.Value.AsObject().Get(key); return x }
	c := get("confidence")
	if c.IsNumber() {
		c = value.Num(math.Round(c.Float()*1000) / 1000)
	}
	return value.Inspect(get("content")) + " " + value.Inspect(c) + " " + value.Text(get("model")) + " " + value.Text(get("tokensUsed"))
}

var kinds = []string{"openai", "anthropic", "gemini"}

var models = map[string]string{"openai": "gpt-x", "anthropic": "claude-x", "gemini": "gemini-x"}

func TestConfidence(t *testing.T) {
	half := []float64{math.Log(0.5), math.Log(0.5)}
	for _, tt := range []struct {
		kind, settings string
		script         []step
		want           string
		requests       int
	}{
		{"openai", "", []step{{text: "very good", logprobs: half}}, `"very good" 0.5 gpt-x 8`, 1},
		{"gemini", "", []step{{text: "very good", logprobs: half}}, `"very good" 0.5 gemini-x 8`, 1},
		{"openai", "", []step{{text: "very good", logprobs: []float64{0, math.Log(0.25)}}}, `"very good" 0.5 gpt-x 8`, 1},
		{"openai", "", []step{{text: "very good", logprobs: []float64{math.Log(0.3), 5}}}, `"very good" 0.3 gpt-x 8`, 1},
		{"openai", "", []step{{text: "very good"}, {text: "very good\nCONFIDENCE: 0.8"}}, `"very good" 0.8 gpt-x 16`, 2},
		{"gemini", "", []step{{text: "very good"}, {text: "very good\n\n**Confidence:** 85%"}}, `"very good" 0.85 gemini-x 16`, 2},
		{"openai", "", []step{{status: 400, text: "logprobs is not supported"}, {text: "very good"}, {text: "so\nConfidence: .7"}}, `"so" 0.7 gpt-x 16`, 3},
		{"anthropic", "", []step{{text: "very good\nCONFIDENCE: 0.8"}}, `"very good" 0.8 claude-x 8`, 1},
		{"anthropic", "", []step{{text: `{"answer": "very good", "confidence": 0.6}`}}, `"very good" 0.6 claude-x 8`, 1},
		{"anthropic", "", []step{{text: "very good\nCONFIDENCE: 7"}}, `"very good" 1 claude-x 8`, 1},
		{"anthropic", "", []step{{text: "very good\nCONFIDENCE: high"}}, `"very good\nCONFIDENCE: high" null claude-x 8`, 1},
		{"anthropic", "", []step{{text: "very good"}}, `"very good" null claude-x 8`, 1},
		{"anthropic", ", confidence: none", []step{{text: "very good"}}, `"very good" null claude-x 8`, 1},
		{"openai", ", confidence: stated", []step{{text: "very good\nconfidence = 0.25", logprobs: half}}, `"very good" 0.25 gpt-x 8`, 1},
		{"openai", ", confidence: logprobs", []step{{text: "very good"}}, `"very good" null gpt-x 8`, 1},
	} {
		s := newService(t, tt.kind, tt.script...)
		if diff := cmp.Diff(tt.want, ask(t, load(t, s.configured(tt.settings)), "null")); diff != "" {
			t.Errorf("%s %s: %s", tt.kind, tt.script[0].text, diff)
		}
		if len(s.requests) != tt.requests {
			t.Errorf("%s %s: %d requests, want %d", tt.kind, tt.script[0].text, len(s.requests), tt.requests)
		}
	}
}

// What a service turned out not to have is not asked for again.
func TestLearns(t *testing.T) {
	s := newService(t, "openai", step{text: "a"}, step{text: "a\nCONFIDENCE: 0.8"})
	r := load(t, s.configured(""))
	ask(t, r, "null")
	if diff := cmp.Diff(`"a" 0.8 gpt-x 8`, ask(t, r, "null")); diff != "" || len(s.requests) != 3 {
		t.Error(diff, len(s.requests))
	}
	if s.requests[0].body["logprobs"] != true || s.requests[2].body["logprobs"] != nil {
		t.Errorf("asked for log-probabilities: %v, then %v", s.requests[0].body["logprobs"], s.requests[2].body["logprobs"])
	}
}

const label = `{"schema": {"type": "object", "properties": {"label": {"enum": ["pos", "neg"]}, "n": {"type": "integer"}}, "required": ["label"]}}`

func TestSchema(t *testing.T) {
	sure := []float64{math.Log(0.5)}
	tests := []struct {
		name, kind, options string
		script              []step
		want                string
		requests            int
	}{
		{"fits", "openai", label, []step{{text: `{"label":"pos"}`, logprobs: sure}}, `{ label: "pos" } 0.5 gpt-x 8`, 1},
		{"Gemini", "gemini", label, []step{{text: `{"label":"pos"}`, logprobs: sure}}, `{ label: "pos" } 0.5 gemini-x 8`, 1},
		{"with its confidence", "anthropic", label, []step{{text: `{"answer": {"label": "pos", "n": 3}, "confidence": 0.7}`}}, `{ label: "pos", n: 3 } 0.7 claude-x 8`, 1},
		{"in a fence", "openai", label, []step{{text: "Sure!\n```json\n{\"label\":\"pos\"}\n```", logprobs: sure}}, `{ label: "pos" } 0.5 gpt-x 8`, 1},
		{"in words", "openai", label, []step{{text: "It is {\"label\":\"neg\"}.", logprobs: sure}}, `{ label: "neg" } 0.5 gpt-x 8`, 1},
		{"repaired", "openai", label, []step{{text: `{"label":"positive"}`, logprobs: sure}, {text: `{"label":"pos"}`, logprobs: sure}}, `{ label: "pos" } 0.5 gpt-x 16`, 2},
		{"malformed", "openai", label, []step{{text: `{"label":"pos`, logprobs: sure}, {text: `{"label":"pos"}`, logprobs: sure}}, `{ label: "pos" } 0.5 gpt-x 16`, 2},
		{"cut off", "openai", label, []step{{text: `{"label":"po`, finish: "length", logprobs: sure}, {text: `{"label":"pos"}`, logprobs: sure}}, `{ label: "pos" } 0.5 gpt-x 16`, 2},
		{"hopeless", "openai", label, []step{{text: "no", logprobs: sure}}, "error: m: the answer does not fit the schema: it is no JSON: ", 3},
		{"wrong kind", "openai", label, []step{{text: `{"label":"pos","n":"x"}`, logprobs: sure}}, "error: m: the answer does not fit the schema: at '/n': got string, want integer", 3},
		{"shorthand", "openai", `{"schema": {"label": "string", "inner": {"score": "number"}}}`, []step{{text: `{"label":"x","inner":{}}`, logprobs: sure}, {text: `{"label":"x","inner":{"score":1}}`, logprobs: sure}},
			`{ label: "x", inner: { score: 1 } } 0.5 gpt-x 16`, 2},
		{"other spelling", "openai", strings.Replace(label, "schema", "output_schema", 1), []step{{text: `{"label":"pos"}`, logprobs: sure}}, `{ label: "pos" } 0.5 gpt-x 8`, 1},
		{"not supported", "openai", label, []step{{status: 400, text: "logprobs"}, {status: 400, text: "response_format"}, {text: `{"label":"pos"}`}, {text: `{"answer":{"label":"pos"},"confidence":0.9}`}},
			`{ label: "pos" } 0.9 gpt-x 16`, 4},
		{"no schema", "openai", `{"schema": "text"}`, []step{{text: "x"}}, "error: a schema is an object", 0},
		{"bad schema", "openai", `{"schema": {"type": "objekt", "properties": {}}}`, []step{{text: "x"}}, "error: the schema can't be used", 0},
		{"schema elsewhere", "openai", `{"schema": {"$ref": "file:///etc/passwd"}}`, []step{{text: "x"}}, "error: the schema can't be used", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newService(t, tt.kind, tt.script...)
			got := ask(t, load(t, s.configured("")), tt.options)
			if !strings.HasPrefix(got, tt.want) || !strings.HasPrefix(tt.want, "error") && got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if len(s.requests) != tt.requests {
				t.Errorf("%d requests, want %d", len(s.requests), tt.requests)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	wait := http.Header{"Retry-After": {"0.001"}}
	good := step{text: "fine\nCONFIDENCE: 0.8"}
	for _, kind := range kinds {
		fine := `"fine" 0.8 ` + models[kind] + " "
		tests := []struct {
			name     string
			script   []step
			want     string
			requests int
		}{
			{"limit of rate", []step{{status: 429, text: "slow down", header: wait}, good}, fine, 2},
			{"overloaded", []step{{status: 529, text: "overloaded"}, {status: 503, text: "overloaded"}, good}, fine, 3},
			{"always", []step{{status: 500, text: "broken"}}, "error: m: HTTP 500 Internal Server Error: broken (after 3 attempts)", 3},
			{"asks to wait too long", []step{{status: 429, text: "tomorrow", header: http.Header{"Retry-After": {"86400"}}}}, "error: m: HTTP 429 Too Many Requests: tomorrow", 1},
			{"wrong key", []step{{status: 401, text: "invalid key"}}, "error: m: HTTP 401 Unauthorized: invalid key", 1},
			{"malformed", []step{{raw: "{\"choices\": ["}}, "error: m: the answer is no JSON of the service: ", 3},
			{"HTML", []step{{raw: "<html>"}}, "error: m: the answer is no JSON of the service: ", 3},
			{"wrong kinds", []step{{raw: `{"choices": 5, "content": 5, "candidates": 5}`}}, "error: m: the answer is no JSON of the service: ", 3},
			{"empty", []step{{raw: "{}"}}, "error: m: the answer holds no ", 3},
			{"error with the status 200", []step{{raw: `{"error": {"message": "sorry", "type": "invalid"}}`}}, "error: m: sorry", 1},
			{"refused", []step{{text: "x", finish: "content_filter"}}, "error: m: the model does not answer: ", 1},
			{"too large", []step{{raw: strings.Repeat("x", 20_000)}}, "error: m: the answer is larger than 10000 bytes", 1},
			{"redirect", []step{{status: 307, header: http.Header{"Location": {"http://127.0.0.1:1/"}}}}, "error: m: the service answered with a redirect", 1},
		}
		for _, tt := range tests {
			t.Run(kind+"/"+tt.name, func(t *testing.T) {
				s := newService(t, kind, tt.script...)
				got := ask(t, load(t, s.configured(", confidence: stated, maxBytes: 10000")), "null")
				if !strings.HasPrefix(got, tt.want) {
					t.Errorf("got %s, want %s", got, tt.want)
				}
				if len(s.requests) != tt.requests {
					t.Errorf("%d requests, want %d", len(s.requests), tt.requests)
				}
			})
		}
	}
	s := newService(t, "openai", step{refusal: "I can't help with that"})
	if diff := cmp.Diff("error: m: the model does not answer: I can't help with that", ask(t, load(t, s.configured("")), "null")); diff != "" {
		t.Error(diff)
	}
	s = newService(t, "gemini", step{raw: `{"promptFeedback": {"blockReason": "SAFETY"}}`})
	if diff := cmp.Diff("error: m: the model does not answer: the prompt was blocked: SAFETY", ask(t, load(t, s.configured("")), "null")); diff != "" {
		t.Error(diff)
	}
	r := load(t, "agents: []\nllm: {m: {type: openai, model: x, baseUrl: 'http://127.0.0.1:1', retry: 0}}")
	if got := ask(t, r, "null"); !strings.HasPrefix(got, "error: m: no answer: ") {
		t.Error(got)
	}
	t.Setenv("OPENAI_API_KEY", "")
	r = load(t, "agents: []\nllm: {openai: {}}")
	if diff := cmp.Diff("error: openai: the key of openai: the environment variable OPENAI_API_KEY is not set", ask(t, r, "null")); diff != "" {
		t.Error(diff)
	}
}

func TestRequests(t *testing.T) {
	options := `{"temperature": 0.5, "max_tokens": 50, "model": "other", "system": "Be brief.", "context": {"a": 1}}`
	want := map[string]string{
		"openai": `{"logprobs":true,"max_tokens":50,"messages":[{"content":"Be brief.","role":"system"},{"content":"Context:\n{\"a\":1}\n\nQ","role":"user"}],"model":"other","temperature":0.5}`,
		"anthropic": `{"max_tokens":50,"messages":[{"content":"Context:\n{\"a\":1}\n\nQ","role":"user"}],"model":"other","system":"Be brief.\n\n` +
			`End your answer with a line of its own that says how sure you are: CONFIDENCE: and the probability, from 0 to 1, that the answer is right.","temperature":0.5}`,
		"gemini": `{"contents":[{"parts":[{"text":"Context:\n{\"a\":1}\n\nQ"}],"role":"user"}],"generationConfig":{"maxOutputTokens":50,"responseLogprobs":true,"temperature":0.5},` +
			`"systemInstruction":{"parts":[{"text":"Be brief."}]}}`,
	}
	paths := map[string]string{"openai": "/chat/completions", "anthropic": "/v1/messages", "gemini": "/v1beta/models/other:generateContent"}
	keys := map[string]string{"openai": "Authorization", "anthropic": "X-Api-Key", "gemini": "X-Goog-Api-Key"}
	t.Setenv("LLM_TEST_KEY", "s3cret")
	for _, kind := range kinds {
		s := newService(t, kind, step{text: "x", logprobs: []float64{-1}})
		ask(t, load(t, s.configured(", apiKey: 'env:LLM_TEST_KEY', headers: {X-Team: red}")), options)
		r := s.requests[0]
		delete(r.body, "tools")
		if diff := cmp.Diff(want[kind], marshal(r.body)); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
		if r.path != paths[kind] || r.header.Get("X-Team") != "red" || strings.TrimPrefix(r.header.Get(keys[kind]), "Bearer ") != "s3cret" {
			t.Errorf("%s: %s %v", kind, r.path, r.header)
		}
	}
}

// execute runs a program in real time and gives its result, with the confidence
// behind it when it has one, or its error.
func execute(t *testing.T, r *agent.Registry, src string, opts ...engine.Option) (string, *engine.Result) {
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
	if out.Error != nil {
		return "error: " + out.Error.Message, out
	}
	text := string(out.JSON())
	if out.Confidence != nil {
		text += fmt.Sprintf(" ~ %.3g", *out.Confidence)
	}
	return text, out
}

const readChunks = `let answer = stream_llm("Q")
let parts = []
for let c = answer.next(); c != null; c = answer.next() { parts = [...parts, c.text] }
let whole = await answer.result()
parts.join("|") + " = " + whole ~> <~ whole`

func TestStreams(t *testing.T) {
	half := []float64{math.Log(0.5), math.Log(0.5), math.Log(0.5)}
	for _, kind := range kinds {
		s := newService(t, kind, step{text: "one two three\n\nCONFIDENCE: 0.8", logprobs: nil})
		got, _ := execute(t, load(t, s.configured(", confidence: stated")), readChunks)
		if diff := cmp.Diff(`"one |two |three = one two three" ~ 0.8`, got); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
		// Nothing is asked for twice once something has been passed on.
		s = newService(t, kind, step{text: "one two three four five six", cut: 5})
		got, _ = execute(t, load(t, s.configured(", confidence: none")), readChunks)
		if !strings.HasPrefix(got, "error: m: the answer broke off") || len(s.requests) != 1 {
			t.Errorf("%s: %s, %d requests", kind, got, len(s.requests))
		}
		s = newService(t, kind, step{raw: "data: {\"error\": {\"message\": \"no more\"}}\n\n"})
		if got, _ = execute(t, load(t, s.configured("")), readChunks); got != "error: m: no more" {
			t.Errorf("%s: %s", kind, got)
		}
		s = newService(t, kind, step{raw: "data: }\n\n"})
		if got, _ = execute(t, load(t, s.configured("")), readChunks); !strings.HasPrefix(got, "error: m: the answer is no JSON") || len(s.requests) != 3 {
			t.Errorf("%s: %s, %d requests", kind, got, len(s.requests))
		}
		if kind == "anthropic" {
			continue
		}
		s = newService(t, kind, step{text: "one two three", logprobs: half})
		got, _ = execute(t, load(t, s.configured("")), readChunks)
		if diff := cmp.Diff(`"one |two |three = one two three" ~ 0.5`, got); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
	}
}

func TestLLM(t *testing.T) {
	s := newService(t, "anthropic", step{text: "blue\nCONFIDENCE: 0.9"}, step{text: "red"}, step{text: "grey"})
	r := load(t, s.configured(""))
	got, res := execute(t, r, `llm("What colour is the sky?")`)
	if diff := cmp.Diff(`"blue" ~ 0.9`, got); diff != "" || len(res.Warnings) != 0 {
		t.Error(diff, res.Warnings)
	}
	got, res = execute(t, r, `llm("What colour is the sky?")`)
	if diff := cmp.Diff(`"red" ~ 0.5`, got); diff != "" || len(res.Warnings) != 1 {
		t.Error(diff, res.Warnings)
	}
	got, res = execute(t, r, `llm("What colour is the sky?", {extractor: a => a.tokensUsed / 10})`)
	if diff := cmp.Diff(`"grey" ~ 0.8`, got); diff != "" || len(res.Warnings) != 0 {
		t.Error(diff, res.Warnings)
	}
	for options, want := range map[string]string{
		`{provider: "n"}`:  `error: there is no model "n"; there are m`,
		`{temperature: 9}`: "error: temperature is a number from 0 to 2, not 9",
		`{maxTokens: 0}`:   "error: maxTokens is a number from 1 to 10000000, not 0",
		`{timeout: -1}`:    "error: timeout is a number of milliseconds above 0, not -1",
	} {
		if got, _ := execute(t, r, `llm("Q", `+options+`)`); got != want {
			t.Errorf("%s: got %s, want %s", options, got, want)
		}
	}
}

// answer has an agent do a task and sums it up.
func answer(t *testing.T, r *agent.Registry, name string) string {
	t.Helper()
	req, err := value.FromJSON([]byte(`{"agent": "` + name + `", "task": "rate", "data": {"text": "this"}}`))
	if err != nil {
		t.Fatal(err)
	}
	out := r.Handlers()[effect.Agent].Handle(context.Background(), &effect.Effect{Kind: effect.Agent, Path: "0.1", Request: value.Freeze(req)})
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	get := func(key string) value.Value { x, _ := out.Value.AsObject().Get(key); return x }
	if e := get("error"); !e.IsNull() {
		return "error: " + value.Text(e)
	}
	return value.Inspect(get("result")) + " " + value.Inspect(get("confidence")) + " " + value.Inspect(get("confidenceStated")) + " " + value.Inspect(get("usage"))
}

func TestAgents(t *testing.T) {
	s := newService(t, "anthropic", step{text: `{"answer": {"label": "pos"}, "confidence": 0.7}`}, step{text: "fine\nCONFIDENCE: 0.6"}, step{status: 400, text: "no"})
	r := load(t, fmt.Sprintf(`
agents:
  - {name: judge, transport: llm, llm: {provider: m, schema: {label: string}, prompt: "Judge ${input.text}"}}
  - {name: plain, llm: {stream: true, model: other}}
llm:
  m: {type: anthropic, baseUrl: %q, model: x, price: {input: 2, output: 10}, prices: {claude-x: {input: 200000, output: 100000}}}
`, s.url))
	for i, want := range []string{
		`{ label: "pos" } 0.7 true { tokens: 8, tokensIn: 3, tokensOut: 5, cost: 1.1 }`,
		`"fine" 0.6 true { tokens: 8, tokensIn: 3, tokensOut: 5, cost: 1.1 }`,
		`error: HTTP 400 Bad Request: no`,
	} {
		if diff := cmp.Diff(want, answer(t, r, []string{"judge", "plain", "plain"}[i])); diff != "" {
			t.Error(diff)
		}
	}
	sent := []string{s.requests[0].text(), s.requests[1].text()}
	if diff := cmp.Diff([]string{"Judge this", "Task: rate\n\nInput:\n{\"text\":\"this\"}"}, sent); diff != "" {
		t.Error(diff)
	}
	half := []float64{math.Log(0.5)}
	s = newService(t, "openai", step{text: "fine", logprobs: half})
	r = load(t, fmt.Sprintf("llm: {m: {type: openai, baseUrl: %q, model: x}, mock: [{result: scripted, confidence: 0.3}]}\n"+
		"agents: [{name: a, llm: {provider: m}, confidence: {from: logprobs}}, {name: b, llm: {}}, {name: c, llm: {provider: mock}}]", s.url))
	for name, want := range map[string]string{
		"a": `"fine" 0.5 true { tokens: 8, tokensIn: 3, tokensOut: 5, cost: 0 }`,
		"b": `"scripted" 0.3 true null`, // a mock is asked first when nobody says which
		"c": `"scripted" 0.3 true null`,
	} {
		if diff := cmp.Diff(want, answer(t, r, name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// text is the last message of a request to a service of Anthropic's form.
func (r request) text() string {
	list := r.body["messages"].([]any)
	return list[len(list)-1].(map[string]any)["content"].(string)
}

func TestSettings(t *testing.T) {
	for text, want := range map[string]string{
		"{}":                                   "llm names no model",
		"{m: {}}":                              "the model m needs the key type",
		"{m: {type: opnai}}":                   "type is one of openai, anthropic, gemini, not \"opnai\"; did you mean openai?",
		"{m: {type: openai}}":                  "the model m needs the key model",
		"{openai: {modle: x}}":                 `the model openai has no key "modle"; did you mean model?`,
		"{openai: {baseUrl: x}}":               `baseUrl is no URL: "x"`,
		"{openai: {temperature: 3}}":           "temperature is a number from 0 to 2, not 3",
		"{openai: {price: {in: 3}}}":           `price has no key "in"`,
		"{openai: {prices: {x: {input: -1}}}}": "input is a number from 0 to 1000000, not -1",
		"{openai: {confidence: high}}":         "confidence is one of auto, logprobs, stated, none",
		"{default: opnai, openai: {}}":         `there is no model "opnai"; did you mean openai?`,
		"{openai: 5}":                          "the model openai is a map of settings, not 5",
		"{openai: {}, mock: [{mtch: x}]}":      `a mock answer has no key "mtch"`,
	} {
		models := llm.New()
		r := &agent.Registry{}
		list := r.Read(source.NewFile("agents.yaml", "llm: "+text), agent.Options{Models: models.Read})
		if got := (&agent.FileError{List: list}).Error(); !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"agents: [{name: a, llm: {}}]":                               "the agent a asks a model, but this file has none under llm",
		"llm: {openai: {}}\nagents: [{name: a, llm: {provider: x}}]": `there is no model "x" under llm of this file`,
		"llm: {openai: {}}\nagents: [{name: a, llm: {schema: 5}}]":   "a schema is an object",
	} {
		models := llm.New()
		r := &agent.Registry{}
		list := r.Read(source.NewFile("agents.yaml", text), agent.Options{Models: models.Read, Kinds: []agent.Kind{models.Kind()}})
		if got := (&agent.FileError{List: list}).Error(); !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
