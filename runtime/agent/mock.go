package agent

import (
	"context"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

const mockName = "mock"

// mockKeys are what may stand in an answer.
var mockKeys = []string{"result", "value", "confidence", "reasoning", "delayMs", "delay_ms", "error", "retryable",
	"uncertainties", "usage", "sequence", "responses"}

// mock answers call n with element n of its script, the last one repeating.
type mock struct {
	script []scripted
	// retries is how many second attempts there were, which take an element each;
	// calls counts those outside of an execution.
	retries, calls atomic.Int64
}

// scripted is a fixed answer, after a while.
type scripted struct {
	Reply
	failure *Error
	delay   time.Duration
}

func openMock(b *settings.Block) Transport {
	list := b.Get("sequence", "responses")
	m := &mock{}
	if !list.Exists() {
		m.script = []scripted{readAnswer(b)}
		return m
	}
	if !list.IsList() || len(list.Items()) == 0 {
		list.Errorf(settings.CodeWrong, "a sequence is a list of answers, one for each call")
		return m
	}
	b.Ignore(mockKeys...)
	for _, e := range list.Items() {
		if !e.IsMap() {
			v, err := e.Value()
			if err != nil {
				e.Errorf(settings.CodeWrong, "%v", err)
			}
			m.script = append(m.script, scripted{Reply: Reply{Result: v}})
			continue
		}
		one := e.Block("an answer")
		m.script = append(m.script, readAnswer(one))
		one.Done()
	}
	return m
}

func readAnswer(b *settings.Block) scripted {
	s := scripted{delay: b.Duration(0, "delayMs", "delay_ms")}
	b.Ignore(mockKeys...)
	s.Result = b.Value("result", "value")
	s.Confidence = b.Value("confidence")
	s.Reasoning = b.Text("reasoning")
	if b.Has("uncertainties") {
		s.Uncertainties = b.Texts("uncertainties")
	}
	if u := b.Inner("usage"); u != nil {
		const most = 1 << 31
		s.Usage = Usage{u.Int("tokensIn", 0, 0, most), u.Int("tokensOut", u.Int("tokens", 0, 0, most), 0, most), u.Number("cost", 0, 0, 1e9)}
		u.Done()
	}
	if text := b.Text("error"); text != "" {
		s.failure = &Error{Message: text, Retryable: b.Bool("retryable", false)}
	}
	return s
}

// next returns the answer to a task.
func (m *mock) next(t Task) *scripted {
	n := int64(t.Number)
	if n < 0 {
		n = m.calls.Add(1) - 1
	} else if t.Attempt > 1 {
		n += m.retries.Add(1)
	} else {
		n += m.retries.Load()
	}
	return &m.script[min(n, int64(len(m.script)-1))]
}

// Call waits on the clock of the execution.
func (m *mock) Call(ctx context.Context, t Task) (Reply, error) {
	s := m.next(t)
	if s.delay > 0 {
		if err := engine.Sleep(ctx, s.delay); err != nil {
			return Reply{}, err
		}
	}
	if s.failure != nil {
		return Reply{}, s.failure
	}
	return s.Reply, nil
}

func (m *mock) Close() error { return nil }

// MockModels answers llm() from a list of patterns over the prompt.
type MockModels struct{ rules []modelRule }

type modelRule struct {
	match *regexp.Regexp // nil matches every prompt
	scripted
}

// OpenMockModels reads the key "mock" of a block: a list of {match, result,
// confidence, error, delayMs}.
func OpenMockModels(b *settings.Block) *MockModels { return ReadMockModels(b.Get(mockName)) }

// ReadMockModels reads the list itself.
func ReadMockModels(n settings.Node) *MockModels {
	m := &MockModels{}
	if n.Exists() && !n.IsList() {
		n.Errorf(settings.CodeWrong, "mock is a list of answers, each with a pattern of the prompt: {match, result}")
	}
	for _, e := range n.Items() {
		one := e.Block("a mock answer")
		r := modelRule{}
		if text := one.Text("match"); text != "" {
			var err error
			if r.match, err = regexp.Compile(text); err != nil {
				one.Get("match").Errorf(settings.CodeWrong, "match: %v", err)
			}
		}
		r.scripted = readAnswer(one)
		one.Done()
		m.rules = append(m.rules, r)
	}
	return m
}

// Handle gives {content, confidence, model, provider, tokensUsed}.
func (m *MockModels) Handle(ctx context.Context, e *effect.Effect) effect.Outcome {
	prompt := value.Text(fields(e.Request)("prompt"))
	for _, r := range m.rules {
		if r.match != nil && !r.match.MatchString(prompt) {
			continue
		}
		if err := engine.Sleep(ctx, r.delay); err != nil {
			return fail(engine.CodeLLMFailed, "LLM_FAILED", "%v", err)
		}
		if r.failure != nil {
			return fail(engine.CodeLLMFailed, "LLM_FAILED", "%s", r.failure.Message)
		}
		confidence := value.NullValue
		if c, ok := effect.StatedConfidence(r.Confidence); ok {
			confidence = value.Num(c)
		}
		return effect.Outcome{Value: value.ObjectOf(
			[]string{"content", "confidence", "model", "provider", "tokensUsed"},
			[]value.Value{r.Result, confidence, value.Str(mockName), value.Str(mockName), value.Num(float64(len(strings.Fields(prompt))))},
		).Value()}
	}
	return fail(engine.CodeLLMFailed, "LLM_FAILED", "No mock answer matches the prompt")
}

// Close does nothing.
func (m *MockModels) Close() error { return nil }
