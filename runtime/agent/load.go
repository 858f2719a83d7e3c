package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

type codeType = diag.Code

// counter counts the calls of an agent.
type counter struct{ n *atomic.Int64 }

func (c counter) next() int { return int(c.n.Add(1) - 1) }

// transports that a file may name; only mock is built in here.
var transports = []string{"http", "grpc", "exec", "mcp", "a2a", "llm", "builtin", "prism", "mock"}

// spec is one agent of the file. The short form has the mock's fields on the
// agent itself.
type spec struct {
	ID           string   `yaml:"id"`
	Name         string   `yaml:"name"`
	Capabilities []string `yaml:"capabilities"`
	Expertise    *float64 `yaml:"expertise"`
	Region       string   `yaml:"region"`
	Historical   *float64 `yaml:"historicalConfidence"`
	Transport    string   `yaml:"transport"`
	Mock         *mock    `yaml:"mock"`
	mock         `yaml:",inline"`
}

// mock is a fixed or scripted answer.
type mock struct {
	Result     yaml.Node   `yaml:"result"`
	Value      yaml.Node   `yaml:"value"`
	Confidence yaml.Node   `yaml:"confidence"`
	Reasoning  string      `yaml:"reasoning"`
	DelayMs    float64     `yaml:"delayMs"`
	Delay      float64     `yaml:"delay_ms"`
	Error      string      `yaml:"error"`
	Sequence   []yaml.Node `yaml:"sequence"`
	Responses  []yaml.Node `yaml:"responses"`
}

// Load reads agents.yaml: a list of agents, or a map with the list under
// "agents" and models under "llm". The name is used in errors, which tell the
// line.
func Load(name string, text []byte) (*Registry, error) {
	var doc yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: the file is empty", name)
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	root := doc.Content[0]
	r := &Registry{}
	list := root
	if root.Kind == yaml.MappingNode {
		list = nil
		for i := 0; i+1 < len(root.Content); i += 2 {
			key, v := root.Content[i], root.Content[i+1]
			switch key.Value {
			case "agents":
				list = v
			case "llm":
				model, err := loadModel(v)
				if err != nil {
					return nil, fmt.Errorf("%s:%d: %w", name, v.Line, err)
				}
				r.model = model
			default:
				return nil, fmt.Errorf("%s:%d:%d: unknown key %q; the file has agents and llm", name, key.Line, key.Column, key.Value)
			}
		}
	}
	if list == nil {
		return r, nil
	}
	if list.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("%s:%d:%d: agents is a list", name, list.Line, list.Column)
	}
	for _, n := range list.Content {
		a, err := loadAgent(n)
		if err != nil {
			return nil, fmt.Errorf("%s:%d:%d: %w", name, n.Line, n.Column, err)
		}
		if !r.register(a) {
			return nil, fmt.Errorf("%s:%d:%d: there are two agents %q", name, n.Line, n.Column, a.ID)
		}
	}
	return r, nil
}

// mockKeys and agentKeys are what may stand in an answer and in an agent; the
// block of a transport has its name.
var (
	mockKeys  = []string{"result", "value", "confidence", "reasoning", "delayMs", "delay_ms", "error", "sequence", "responses"}
	agentKeys = slices.Concat([]string{"id", "name", "capabilities", "expertise", "region", "historicalConfidence", "transport"}, transports, mockKeys)
)

// checkKeys reports the first key of a map that has no meaning there.
func checkKeys(n *yaml.Node, what string, known []string) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("%s is a map with keys such as %s", what, strings.Join(known[:min(len(known), 3)], ", "))
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		if slices.Contains(known, key) || key == "<<" {
			continue
		}
		if near := diag.Suggest(key, known); near != "" {
			return fmt.Errorf("%s has no key %q; did you mean %s?", what, key, near)
		}
		return fmt.Errorf("%s has no key %q; the keys are %s", what, key, strings.Join(known, ", "))
	}
	return nil
}

// child returns the value of a key of a map, nil without.
func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func loadAgent(n *yaml.Node) (*Agent, error) {
	if err := checkKeys(n, "an agent", agentKeys); err != nil {
		return nil, err
	}
	if m := child(n, "mock"); m != nil {
		if err := checkKeys(m, "mock", mockKeys); err != nil {
			return nil, err
		}
	}
	var s spec
	if err := n.Decode(&s); err != nil {
		return nil, err
	}
	if s.Name == "" && s.ID == "" {
		return nil, errors.New("an agent needs a name")
	}
	a := &Agent{ID: s.ID, Name: s.Name, Capabilities: s.Capabilities, Expertise: 0.7, Historical: 0.75, Region: s.Region,
		calls: counter{new(atomic.Int64)}}
	if a.ID == "" {
		a.ID = a.Name
	}
	if a.Name == "" {
		a.Name = a.ID
	}
	for _, f := range []struct {
		from *float64
		to   *float64
		name string
	}{{s.Expertise, &a.Expertise, "expertise"}, {s.Historical, &a.Historical, "historicalConfidence"}} {
		if f.from == nil {
			continue
		}
		if !(*f.from >= 0 && *f.from <= 1) {
			return nil, fmt.Errorf("%s is a number from 0 to 1, not %v", f.name, *f.from)
		}
		*f.to = *f.from
	}
	if s.Transport != "" && s.Transport != "mock" {
		near := diag.Suggest(s.Transport, transports)
		for _, t := range transports {
			if t == s.Transport {
				return nil, fmt.Errorf("this edition of prism can't call agents by %s yet; only mock agents run here", t)
			}
		}
		if near != "" {
			return nil, fmt.Errorf("there is no transport %q; did you mean %s?", s.Transport, near)
		}
		return nil, fmt.Errorf("there is no transport %q; the transports are %s", s.Transport, strings.Join(transports, ", "))
	}
	m := &s.mock
	if s.Mock != nil {
		m = s.Mock
	}
	call, err := m.caller()
	if err != nil {
		return nil, err
	}
	a.call = call
	return a, nil
}

// caller answers call n with element n of the sequence, the last one repeating,
// or always with the one answer there is.
func (m *mock) caller() (func(context.Context, string, int) reply, error) {
	list := m.Sequence
	if list == nil {
		list = m.Responses
	}
	var script []scripted
	for i := range list {
		var one mock
		if list[i].Kind != yaml.MappingNode {
			one.Result = list[i]
		} else if err := checkKeys(&list[i], "an answer", mockKeys); err != nil {
			return nil, err
		} else if err := list[i].Decode(&one); err != nil {
			return nil, err
		}
		s, err := one.scripted()
		if err != nil {
			return nil, err
		}
		script = append(script, s)
	}
	if script == nil {
		s, err := m.scripted()
		if err != nil {
			return nil, err
		}
		script = []scripted{s}
	}
	return func(ctx context.Context, _ string, n int) reply {
		s := script[min(n, len(script)-1)]
		if err := wait(ctx, s.delay); err != nil {
			return reply{err: err.Error()}
		}
		return s.reply
	}, nil
}

type scripted struct {
	reply
	delay time.Duration
}

// maxDelayMs is a year.
const maxDelayMs = 366 * 24 * 3600 * 1000

func (m *mock) scripted() (scripted, error) {
	ms := m.DelayMs
	if ms == 0 {
		ms = m.Delay
	}
	if !(ms >= 0 && ms <= maxDelayMs) {
		return scripted{}, fmt.Errorf("the delay is a number of milliseconds from 0 to %d, not %v", int64(maxDelayMs), ms)
	}
	s := scripted{delay: time.Duration(ms * float64(time.Millisecond))}
	s.reasoning, s.err = m.Reasoning, m.Error
	node := m.Result
	if node.Kind == 0 {
		node = m.Value
	}
	var err error
	if s.result, err = fromYAML(&node); err != nil {
		return s, err
	}
	s.confidence, err = fromYAML(&m.Confidence)
	value.Freeze(s.result)
	return s, err
}

// maxNodes bounds what aliases can blow a document up to.
const maxNodes = 100_000

// fromYAML turns a YAML node into a value; keys keep their order.
func fromYAML(n *yaml.Node) (value.Value, error) {
	budget := maxNodes
	return convert(n, &budget, 0)
}

func convert(n *yaml.Node, budget *int, depth int) (value.Value, error) {
	if *budget--; *budget < 0 || depth > 200 {
		return value.NullValue, errors.New("the value is too large or refers to itself")
	}
	switch n.Kind {
	case 0:
		return value.NullValue, nil
	case yaml.AliasNode:
		return convert(n.Alias, budget, depth+1)
	case yaml.SequenceNode:
		out := make([]value.Value, 0, len(n.Content))
		for _, c := range n.Content {
			v, err := convert(c, budget, depth+1)
			if err != nil {
				return v, err
			}
			out = append(out, v)
		}
		return value.NewArray(out), nil
	case yaml.MappingNode:
		var keys []string
		var vals []value.Value
		for i := 0; i+1 < len(n.Content); i += 2 {
			v, err := convert(n.Content[i+1], budget, depth+1)
			if err != nil {
				return v, err
			}
			keys, vals = append(keys, n.Content[i].Value), append(vals, v)
		}
		return value.ObjectOf(keys, vals).Value(), nil
	}
	return scalar(n), nil
}

// scalar reads a plain scalar by the YAML 1.2 core schema, in which dates, yes
// and no are text.
func scalar(n *yaml.Node) value.Value {
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 || n.Tag == "!!str" && n.Style&yaml.TaggedStyle != 0 {
		return value.Str(n.Value)
	}
	switch n.Value {
	case "", "~", "null", "Null", "NULL":
		return value.NullValue
	case "true", "True", "TRUE":
		return value.Bool(true)
	case "false", "False", "FALSE":
		return value.Bool(false)
	case ".nan", ".NaN", ".NAN":
		return value.Num(math.NaN())
	case ".inf", ".Inf", "+.inf":
		return value.Num(math.Inf(1))
	case "-.inf", "-.Inf":
		return value.Num(math.Inf(-1))
	}
	if numberText.MatchString(n.Value) {
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil {
			return value.Num(f)
		}
	}
	if strings.HasPrefix(n.Value, "0x") || strings.HasPrefix(n.Value, "0o") {
		if i, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			return value.Num(float64(i))
		}
	}
	return value.Str(n.Value)
}

var numberText = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)

// mockModel answers llm() from a list of patterns over the prompt.
type mockModel struct{ rules []modelRule }

type modelRule struct {
	match *regexp.Regexp // nil matches every prompt
	scripted
}

func loadModel(n *yaml.Node) (*mockModel, error) {
	var doc struct {
		Mock []struct {
			Match string `yaml:"match"`
			mock  `yaml:",inline"`
		} `yaml:"mock"`
	}
	if err := checkKeys(n, "llm", []string{"mock"}); err != nil {
		return nil, err
	}
	if list := child(n, "mock"); list != nil {
		for _, rule := range list.Content {
			if err := checkKeys(rule, "a mock answer", append([]string{"match"}, mockKeys...)); err != nil {
				return nil, err
			}
		}
	}
	if err := n.Decode(&doc); err != nil {
		return nil, err
	}
	if doc.Mock == nil {
		return nil, errors.New("only a mock model can be configured here: llm: {mock: [{match: \"...\", result: ...}]}")
	}
	m := &mockModel{}
	for i := range doc.Mock {
		r := modelRule{}
		var err error
		if doc.Mock[i].Match != "" {
			if r.match, err = regexp.Compile(doc.Mock[i].Match); err != nil {
				return nil, fmt.Errorf("match: %w", err)
			}
		}
		if r.scripted, err = doc.Mock[i].mock.scripted(); err != nil {
			return nil, err
		}
		m.rules = append(m.rules, r)
	}
	return m, nil
}

// answer gives {content, confidence, model, provider, tokensUsed}.
func (m *mockModel) answer(ctx context.Context, e *effect.Effect) effect.Outcome {
	prompt := value.Text(fields(e.Request)("prompt"))
	for _, r := range m.rules {
		if r.match != nil && !r.match.MatchString(prompt) {
			continue
		}
		if err := wait(ctx, r.delay); err != nil {
			return fail("llm", "LLM_FAILED", "%v", err)
		}
		if r.err != "" {
			return fail("llm", "LLM_FAILED", "%s", r.err)
		}
		confidence := r.confidence
		if c, ok := effect.StatedConfidence(confidence); ok {
			confidence = value.Num(c)
		} else {
			confidence = value.NullValue
		}
		return effect.Outcome{Value: value.ObjectOf(
			[]string{"content", "confidence", "model", "provider", "tokensUsed"},
			[]value.Value{r.result, confidence, value.Str("mock"), value.Str("mock"), value.Num(float64(len(strings.Fields(prompt))))},
		).Value()}
	}
	return fail("llm", "LLM_FAILED", "No mock answer matches the prompt")
}
