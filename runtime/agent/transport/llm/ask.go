package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/value"
)

// prompt is what somebody wants from a model, for whatever service.
type prompt struct {
	task        agent.Task
	model       string // "" for the provider's
	system      string
	text        string
	temperature *float64
	maxTokens   int
	timeout     time.Duration
	schema      *schema
	stream      func(delta string)
}

// answer is what came of it.
type answer struct {
	content    value.Value // a text, or what the schema wants
	confidence *float64    // nil when there is none
	evidence   *float64    // of these, from log-probabilities
	usage      agent.Usage
	model      string
}

const (
	statePlease = "End your answer with a line of its own that says how sure you are: CONFIDENCE: and the probability, from 0 to 1, that the answer is right."
	jsonPlease  = "Answer with JSON alone, without any other text, that fits this JSON Schema:\n"
)

// ask gets an answer from a provider.
func (p *provider) ask(ctx context.Context, pr prompt) (answer, error) {
	a := answer{model: pr.model}
	if a.model == "" {
		a.model = p.model
	}
	logprobs := (p.confidence == "auto" || p.confidence == "logprobs") && p.dialect.logprobs() && !p.noLogprobs.Load()
	stated := p.confidence == "stated" || p.confidence == "auto" && !logprobs
	c, err := p.converse(ctx, pr, &a, logprobs, stated)
	if err == nil && logprobs && a.evidence == nil && p.confidence == "auto" && c.finish == complete {
		// The service gives none. It is asked to state a confidence instead, from now
		// on and now, unless the answer is on its way already.
		p.noLogprobs.Store(true)
		if !c.streamed {
			_, err = p.converse(ctx, pr, &a, false, true)
		}
	}
	a.usage.Cost = p.cost(a.model, a.usage)
	return a, err
}

// converse asks until an answer fits the schema.
func (p *provider) converse(ctx context.Context, pr prompt, a *answer, logprobs, stated bool) (completion, error) {
	q := query{task: pr.task, model: a.model, system: pr.system, messages: []message{{"user", pr.text}}, temperature: pr.temperature,
		maxTokens: pr.maxTokens, timeout: pr.timeout, logprobs: logprobs}
	if q.temperature == nil {
		q.temperature = p.temperature
	}
	if q.maxTokens == 0 {
		q.maxTokens = p.maxTokens
	}
	var wrapped *schema
	if pr.schema != nil {
		wrapped = pr.schema
		if stated {
			wrapped = pr.schema.withConfidence()
		}
		q.schema = wrapped.text
	} else if stated {
		q.system = join(q.system, statePlease)
	}
	if q.schema == nil && pr.stream != nil {
		q.stream = pr.stream
		if stated {
			hold := &holdBack{pass: pr.stream}
			q.stream = hold.add
		}
	}
	system := q.system
	for repairs := 0; ; repairs++ {
		q.system = system
		c, err := p.lenient(ctx, &q)
		a.usage = a.usage.Add(c.usage)
		if err != nil {
			return c, err
		}
		if c.finish == refused {
			return c, agent.Failf("the model does not answer: %s", agent.Shorten(c.note))
		}
		a.evidence = nil
		if logprobs {
			a.evidence = c.tokens.confidence()
		}
		a.confidence = a.evidence
		problem := a.accept(c, wrapped, stated)
		if problem == nil {
			return c, nil
		}
		if repairs == p.repairs {
			return c, agent.Failf("the answer does not fit the schema: %w", problem)
		}
		if c.finish == cutOff && q.maxTokens > 0 {
			q.maxTokens = min(2*q.maxTokens, maxOutput)
		}
		shown := c.text
		if strings.TrimSpace(shown) == "" {
			shown = "(nothing)"
		}
		q.messages = append(q.messages[:1:1], message{"assistant", shown},
			message{"user", fmt.Sprintf("This answer can't be used: %v. Give the whole answer again, as JSON alone.", problem)})
	}
}

// lenient asks without what a service turns out not to have: log-probabilities,
// then schemas, which it is told in words instead.
func (p *provider) lenient(ctx context.Context, q *query) (completion, error) {
	if q.logprobs && p.noLogprobs.Load() {
		q.logprobs = false
	}
	inWords := func() {
		q.system = join(q.system, jsonPlease+string(q.schema))
	}
	native := *q
	if q.schema != nil && p.noSchema.Load() {
		inWords()
		native = *q
		native.schema = nil
	}
	c, err := p.do(ctx, native)
	if native.logprobs && errors.Is(err, errBadRequest) {
		native.logprobs = false
		if c, err = p.do(ctx, native); err == nil {
			p.noLogprobs.Store(true)
		}
	}
	if native.schema != nil && errors.Is(err, errBadRequest) {
		inWords()
		native.schema, native.system = nil, q.system
		if c, err = p.do(ctx, native); err == nil {
			p.noSchema.Store(true)
		}
	}
	return c, err
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "\n\n" + b
}

// accept takes over an answer; it tells what is wrong with one that does not fit.
func (a *answer) accept(c completion, s *schema, stated bool) error {
	if c.model != "" {
		a.model = c.model
	}
	if s == nil {
		text := strings.TrimSpace(c.text)
		if stated {
			var conf *float64
			if text, conf = splitStated(text); conf != nil {
				a.confidence = conf
			}
		}
		a.content = value.Str(strings.ToValidUTF8(text, "\uFFFD"))
		return nil
	}
	text := []byte(unfence(c.text))
	if c.finish == cutOff && !json.Valid(text) {
		return errors.New("it was cut off; it has to be shorter")
	}
	if err := s.check(text); err != nil {
		return err
	}
	v, err := value.FromJSON(text)
	if err != nil {
		return err
	}
	a.content = v
	if s.wrapped {
		inner, _ := v.AsObject().Get("answer")
		conf, _ := v.AsObject().Get("confidence")
		a.content = inner
		if conf = conf.Plain(); conf.IsNumber() {
			f := conf.Float()
			a.confidence = &f
		}
	}
	return nil
}
