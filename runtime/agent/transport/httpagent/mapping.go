package httpagent

import (
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/value"
)

// mapping says where in a foreign answer the parts of a reply are.
type mapping struct {
	result, confidence, reasoning, failure settings.Path
	tokensIn, tokensOut, cost              settings.Path
	parse                                  bool // the result is JSON in a text
}

// readMapping reads "response".
func readMapping(b *settings.Block) *mapping {
	m := b.Inner("response")
	if m == nil {
		return nil
	}
	out := &mapping{result: m.Path("result"), confidence: m.Path("confidence"), reasoning: m.Path("reasoning"), failure: m.Path("error"),
		tokensIn: m.Path("tokensIn"), tokensOut: m.Path("tokensOut"), cost: m.Path("cost"), parse: m.Bool("parse", false)}
	m.Done()
	return out
}

func (m *mapping) reply(text []byte) (agent.Reply, error) {
	v, err := value.FromJSON(text)
	if err != nil {
		return agent.Reply{}, agent.Failf("the reply is no JSON: %w", err)
	}
	if m.failure != nil {
		if f, ok := m.failure.Find(v); ok && f.Truthy() {
			return agent.Reply{}, agent.ErrorOf(f)
		}
	}
	r := agent.Reply{}
	ok := true
	if r.Result, ok = m.result.Find(v); !ok {
		return agent.Reply{}, agent.Failf("the reply has nothing where the result is looked for")
	}
	if m.parse && r.Result.Kind() == value.StringKind {
		inner, err := value.FromJSON([]byte(r.Result.AsString().Go()))
		if err != nil {
			return agent.Reply{}, agent.Failf("the result is no JSON: %w", err)
		}
		r.Result = inner
	}
	find := func(p settings.Path) value.Value {
		if p == nil {
			return value.NullValue
		}
		found, _ := p.Find(v)
		return found
	}
	r.Confidence = find(m.confidence)
	if t := find(m.reasoning); t.Kind() == value.StringKind {
		r.Reasoning = t.AsString().Go()
	}
	r.Usage = agent.UsageOf(value.ObjectOf([]string{"tokensIn", "tokensOut", "cost"},
		[]value.Value{find(m.tokensIn), find(m.tokensOut), find(m.cost)}).Value())
	return r, nil
}
