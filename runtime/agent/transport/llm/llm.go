// Package llm asks language models: for llm() and stream_llm() in programs, and
// for agents whose transport is "llm".
//
// Three forms of service are spoken, in plain HTTP: "openai" (chat completions,
// which Ollama, vLLM, llama.cpp and many others offer too), "anthropic" (messages)
// and "gemini" (generateContent). The vendors' own libraries are not used: they
// are 13 to 28 MB in a binary each, would put retries and timeouts of their own
// below those of package agent, and fail on services that are only nearly
// compatible.
//
// The confidence of an answer comes, first, from the log-probabilities of its
// tokens: the geometric mean of their probabilities, exp(mean(log p)). A service
// that gives none is asked to state a confidence with its answer. Where that is
// missing too the answer has none, and whoever asked assumes 0.5.
//
// An answer under a schema is validated. One that is malformed, cut off or does
// not fit is sent back with what is wrong with it, a few times.
package llm

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
)

// Models is the set of models that a file of agents configures under "llm". Its
// Kind shares them with agents of the same file.
type Models struct {
	providers []*provider
	initial   *provider // asked when nobody says which; nil without any
	mock      *agent.MockModels
	http      *http.Client
}

// New returns a set without models, to be filled by Read.
func New() *Models {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 100
	return &Models{http: &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error {
		return agent.Failf("the service answered with a redirect, which is not followed: it would get the key")
	}}}
}

// Close closes idle connections.
func (m *Models) Close() error {
	m.http.CloseIdleConnections()
	return nil
}

// provider is one service, or one model of it.
type provider struct {
	name        string
	dialect     dialect
	base        string
	key         settings.Secret
	keyless     bool // no key is needed
	model       string
	headers     []header
	temperature *float64
	maxTokens   int
	confidence  string // "auto", "logprobs", "stated" or "none"
	price       price
	prices      map[string]price // by model
	repairs     int
	limit       int64
	guard       *agent.Guard
	http        *http.Client

	// What the service turned out not to have.
	noLogprobs, noSchema atomic.Bool
}

type header struct {
	name string
	text settings.Secret
}

// price is in US dollars for a million tokens.
type price struct{ input, output float64 }

// of returns the cost of a call.
func (p *provider) cost(model string, u agent.Usage) float64 {
	per, ok := p.prices[model]
	if !ok {
		per = p.price
	}
	return (float64(u.TokensIn)*per.input + float64(u.TokensOut)*per.output) / 1e6
}

// preset is what is known about a service by its name.
type preset struct {
	kind, base, model, keyVariable string
}

var presets = map[string]preset{
	"openai":    {"openai", "https://api.openai.com/v1", "gpt-4o-mini", "OPENAI_API_KEY"},
	"anthropic": {"anthropic", "https://api.anthropic.com", "claude-3-5-haiku-latest", "ANTHROPIC_API_KEY"},
	"gemini":    {"gemini", "https://generativelanguage.googleapis.com", "gemini-2.0-flash", "GEMINI_API_KEY"},
	"ollama":    {"openai", "http://localhost:11434/v1", "llama3.2", ""},
}

const maxOutput = 10_000_000

// Read fills the set from the block "llm": a map of services by name, and "default"
// naming the one that is asked when a program does not say; without it the first.
func (m *Models) Read(b *settings.Block, env agent.Env) agent.Models {
	m.providers, m.initial, m.mock = nil, nil, nil
	initial := b.Text("default")
	if b.Has("mock") {
		m.mock = agent.OpenMockModels(b)
	}
	for _, name := range b.Keys() {
		if name == "default" || name == "mock" {
			continue
		}
		m.providers = append(m.providers, m.readProvider(b.Get(name).Block("the model "+name), name))
	}
	if initial != "" && initial != "mock" {
		if m.initial = m.find(initial); m.initial == nil {
			d := b.Get("default").Errorf(settings.CodeWrong, "there is no model %q", initial)
			if near := diag.Suggest(initial, m.names()); near != "" {
				d.WithHint("did you mean %s?", near)
			}
		}
	}
	if initial == "" && m.mock == nil && len(m.providers) > 0 {
		m.initial = m.providers[0]
	}
	if len(m.providers) == 0 && m.mock == nil {
		b.Errorf(settings.CodeMissing, "llm names no model").WithHint("llm: {openai: {model: gpt-4o-mini, apiKey: env:OPENAI_API_KEY}}")
	}
	if len(m.providers) == 0 && m.mock != nil {
		return m.mock // scripted, and known to be
	}
	return m
}

func (m *Models) names() []string {
	var out []string
	for _, p := range m.providers {
		out = append(out, p.name)
	}
	if m.mock != nil {
		out = append(out, "mock")
	}
	return out
}

func (m *Models) find(name string) *provider {
	i := slices.IndexFunc(m.providers, func(p *provider) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return m.providers[i]
}

func (m *Models) readProvider(b *settings.Block, name string) *provider {
	known, isPreset := presets[name]
	kind := b.OneOf("type", known.kind, "openai", "anthropic", "gemini")
	if kind == "" {
		b.Missing("type").WithHint("type: openai, for a service that is compatible with it; or anthropic or gemini")
		kind = "openai"
	}
	if !isPreset || kind != known.kind {
		known = presets[kind]
		known.model = ""
	}
	p := &provider{name: name, dialect: dialects[kind], base: known.base, model: known.model, http: m.http}
	if base := b.Text("baseUrl"); base != "" {
		u, err := url.Parse(base)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			b.Get("baseUrl").Errorf(settings.CodeWrong, "baseUrl is no URL: %q", base).WithHint("it is like https://host/v1")
		}
		p.base, p.keyless = base, true // what is compatible need not want a key
	}
	p.base = strings.TrimRight(p.base, "/")
	p.key = b.Secret("apiKey")
	if !p.key.IsSet() && !p.keyless && known.keyVariable != "" {
		p.key = settings.SecretOf("env:" + known.keyVariable)
	}
	if model := b.Text("model"); model != "" {
		p.model = model
	}
	if p.model == "" {
		b.Missing("model")
	}
	names, texts := b.TextMap("headers")
	for i, n := range names {
		text, _ := texts[i].Text()
		p.headers = append(p.headers, header{n, settings.SecretOf(text)})
	}
	if b.Has("temperature") {
		t := b.Number("temperature", 0, 0, 2)
		p.temperature = &t
	}
	b.Ignore("temperature")
	p.maxTokens = b.Int("maxTokens", 0, 1, maxOutput)
	p.confidence = b.OneOf("confidence", "auto", "auto", "logprobs", "stated", "none")
	p.price = readPrice(b.Inner("price"))
	if all := b.Inner("prices"); all != nil {
		p.prices = map[string]price{}
		for _, model := range all.Keys() {
			p.prices[model] = readPrice(all.Get(model).Block("the price of " + model))
		}
	}
	p.repairs = b.Int("repairs", 2, 0, 10)
	p.limit = int64(b.Int("maxBytes", agent.MaxReply, 1, 1<<30))
	p.guard = agent.ReadGuard(b, true)
	b.Done()
	return p
}

func readPrice(b *settings.Block) price {
	if b == nil {
		return price{}
	}
	const most = 1e6
	p := price{b.Number("input", 0, 0, most), b.Number("output", 0, 0, most)}
	b.Done()
	return p
}

// pick returns the model that a request wants: a service by name, else the one that
// a model's name begins with ("anthropic/claude..."), else the default.
func (m *Models) pick(name string) (*provider, error) {
	if name == "" {
		if m.initial == nil {
			return nil, fmt.Errorf("no language model is configured")
		}
		return m.initial, nil
	}
	if p := m.find(name); p != nil {
		return p, nil
	}
	text := fmt.Sprintf("there is no model %q", name)
	if near := diag.Suggest(name, m.names()); near != "" {
		return nil, fmt.Errorf("%s; did you mean %s?", text, near)
	}
	return nil, fmt.Errorf("%s; there are %s", text, strings.Join(m.names(), ", "))
}

// do calls the service within its limits.
func (p *provider) do(ctx context.Context, q query) (completion, error) {
	var c completion
	t := q.task
	t.Agent = p.name
	if q.timeout > 0 {
		t.Timeout = q.timeout
	}
	err := p.guard.Do(ctx, t, func(ctx context.Context, _ agent.Task) (err error) {
		c, err = p.send(ctx, q)
		return err
	})
	return c, err
}

// longest is how long a caller may allow.
const longest = 24 * time.Hour
