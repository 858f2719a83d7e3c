package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/httpagent"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/sse"
)

// query is what a service is asked, in no dialect yet.
type query struct {
	task        agent.Task // whom the call belongs to
	model       string
	system      string
	messages    []message
	temperature *float64
	maxTokens   int
	timeout     time.Duration
	schema      json.RawMessage // nil for a text
	logprobs    bool
	stream      func(delta string) // nil for an answer at once
}

type message struct {
	role string // "user" or "assistant"
	text string
}

// completion is what a service answered.
type completion struct {
	text     string
	tokens   tokens
	finish   finish
	note     string // of a service that does not answer: why
	usage    agent.Usage
	model    string
	streamed bool // something of it has been passed on
}

// finish is why an answer ended.
type finish uint8

const (
	complete finish = iota
	cutOff          // by the limit of tokens
	refused
)

// tokens sums up the log-probabilities of an answer. The zero value has none.
type tokens struct {
	sum   float64
	count int
}

// add takes the log-probability of a token. What is no probability is left out, so
// is what a schema dictates: tokens without a letter or digit.
func (t *tokens) add(text string, logprob float64) {
	if !(logprob <= 0) || math.IsInf(logprob, -1) || text != "" && !strings.ContainsFunc(text, meaningful) {
		return
	}
	t.sum += logprob
	t.count++
}

func meaningful(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x7F
}

// confidence is the geometric mean of the probabilities, nil without any.
func (t tokens) confidence() *float64 {
	if t.count == 0 {
		return nil
	}
	c := min(max(math.Exp(t.sum/float64(t.count)), 0), 1)
	return &c
}

// dialect is the form of a service.
type dialect interface {
	// request returns the path and body of a query.
	request(p *provider, q query) (path string, body any)
	// prepare adds the headers that the form wants; key may be empty.
	prepare(h http.Header, key string)
	// decode reads an answer that came at once.
	decode(text []byte) (completion, error)
	// event reads one event of a stream into c and passes on text; done is true at
	// the end of the answer.
	event(e sse.Event, c *completion, text func(string)) (done bool, err error)
	// logprobs tells whether services of this form may give log-probabilities.
	logprobs() bool
}

var dialects = map[string]dialect{"openai": openAI{}, "anthropic": anthropic{}, "gemini": gemini{}}

// send makes one request.
func (p *provider) send(ctx context.Context, q query) (completion, error) {
	path, body := p.dialect.request(p, q)
	text, err := encode(body)
	if err != nil {
		return completion{}, agent.Failf("the request can't be sent: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+path, bytes.NewReader(text))
	if err != nil {
		return completion{}, agent.Failf("%w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "parallax")
	key, err := p.key.Reveal()
	if err != nil {
		return completion{}, agent.Failf("the key of %s: %w", p.name, err)
	}
	p.dialect.prepare(req.Header, key)
	for _, h := range p.headers {
		text, err := h.text.Reveal()
		if err != nil {
			return completion{}, agent.Failf("the header %s: %w", h.name, err)
		}
		req.Header.Set(h.name, text)
	}
	resp, err := p.http.Do(req)
	if err != nil {
		var own *agent.Error
		if errors.As(err, &own) {
			return completion{}, own
		}
		return completion{}, agent.Retryf("no answer: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return completion{}, statusError(resp)
	}
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err == nil && kind == "text/event-stream" {
		return p.events(resp.Body, q)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, p.limit+1))
	switch {
	case err != nil:
		return completion{}, agent.Retryf("the answer broke off: %w", err)
	case int64(len(answer)) > p.limit:
		return completion{}, agent.Failf("the answer is larger than %d bytes", p.limit)
	}
	return p.dialect.decode(answer)
}

// encode is json.Marshal without escapes for HTML, which models would have to read.
func encode(body any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(body); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// events reads an answer that comes as a stream. Once something of it has been
// passed on it is not asked for again.
func (p *provider) events(body io.Reader, q query) (completion, error) {
	var c completion
	var text strings.Builder
	r := sse.NewReader(body, p.limit)
	final := func(err *agent.Error) (completion, error) {
		if c.streamed {
			err.Retryable = false
		}
		return c, err
	}
	for {
		e, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return final(agent.Retryf("the answer broke off: its end is missing"))
		case errors.Is(err, sse.ErrTooLong):
			return final(agent.Failf("%w", err))
		case err != nil:
			return final(agent.Retryf("the answer broke off: %w", err))
		}
		done, err := p.dialect.event(e, &c, func(delta string) {
			text.WriteString(delta)
			if q.stream != nil && delta != "" {
				c.streamed = true
				q.stream(delta)
			}
		})
		if err != nil {
			var told *agent.Error
			if !errors.As(err, &told) {
				told = agent.Failf("%w", err)
			}
			return final(told)
		}
		if done {
			c.text = text.String()
			return c, nil
		}
	}
}

// errBadRequest marks an error by which a service says that it does not
// understand the request.
var errBadRequest = errors.New("bad request")

// maxErrorBody is how much of the body of a failure is looked at.
const maxErrorBody = 64 << 10

func statusError(resp *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody)) // what came is good enough
	e := agent.Failf("HTTP %d", resp.StatusCode)
	if reason := http.StatusText(resp.StatusCode); reason != "" {
		e.Message += " " + reason
	}
	if text := errorText(body); text != "" {
		e.Message += ": " + text
	}
	switch resp.StatusCode {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		e.Err = errBadRequest
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, statusOverloaded:
		e.Retryable, e.RetryAfter = true, httpagent.RetryAfter(resp.Header, time.Now())
	}
	return e
}

// statusOverloaded is Anthropic's own.
const statusOverloaded = 529

// failure is the error of all three dialects: {error: {message, type}} or {error:
// text}.
type failure struct {
	Error json.RawMessage `json:"error"`
}

// text is the message of an error, "" when there is none.
func (f failure) text() string {
	if len(f.Error) == 0 || string(f.Error) == "null" {
		return ""
	}
	var inner struct {
		Message string `json:"message"`
		Type    string `json:"type"`
	}
	var plain string
	switch {
	case json.Unmarshal(f.Error, &inner) == nil && inner.Message+inner.Type != "":
		if inner.Message == "" {
			return agent.Shorten(inner.Type)
		}
		return agent.Shorten(inner.Message)
	case json.Unmarshal(f.Error, &plain) == nil && plain != "":
		return agent.Shorten(plain)
	}
	return agent.Shorten(string(f.Error))
}

// errorText is what the body of a failure says.
func errorText(body []byte) string {
	var f failure
	body = bytes.TrimSpace(body)
	if list := []failure(nil); json.Unmarshal(body, &list) == nil && len(list) > 0 { // Gemini streams
		f = list[0]
	} else if json.Unmarshal(body, &f) != nil {
		if len(body) == 0 || body[0] == '<' {
			return ""
		}
		return agent.Shorten(strings.Join(strings.Fields(strings.ToValidUTF8(string(body), "\uFFFD")), " "))
	}
	return f.text()
}

// unmarshal reads JSON of a service.
func unmarshal(text []byte, into any) error {
	if err := json.Unmarshal(text, into); err != nil {
		return agent.Retryf("the answer is no JSON of the service: %s", agent.Shorten(err.Error()))
	}
	return nil
}

// streamFailure is the error that a service reports in an answer with the status
// 200, nil without.
func streamFailure(f failure) error {
	text := f.text()
	if text == "" {
		return nil
	}
	raw := string(f.Error)
	for _, t := range [...]string{"overloaded", "rate_limit", "api_error", "server_error", "timeout", "UNAVAILABLE", "RESOURCE_EXHAUSTED"} {
		if strings.Contains(raw, t) {
			return agent.Retryf("%s", text)
		}
	}
	return agent.Failf("%s", text)
}
