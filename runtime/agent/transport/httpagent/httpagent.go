// Package httpagent calls agents by HTTP.
//
// A call is a POST of the task in JSON, see agent.Task; the answer is 200 with the
// reply in JSON, see agent.DecodeReply, or a stream of server-sent events:
//
//	event: partial    data: {"delta": "text"}
//	event: progress   data: {"percent": 40, "text": "reading"}
//	event: result     data: the reply
//	event: error      data: {"message": "...", "retryable": true}
//
// Any status outside 200 to 299 is a failure; 429, 503 and 504 may be retried, when
// the header Retry-After says. An attempt has the header Idempotency-Key
// EXECUTION/STEP/AGENT/ATTEMPT. Where a service has a form of its own, "body" says
// what is sent and "response" where in the answer things are.
package httpagent

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/web"
	"github.com/parallaxai/parallax/runtime/value"
)

// Kind returns the kind "http". Agents without TLS settings of their own share
// connections.
func Kind() agent.Kind {
	shared := newTransport()
	return agent.Kind{
		Name: "http", Real: true,
		Open: func(b *settings.Block, env agent.Env) agent.Transport { return open(b, env, shared) },
		Inline: func(text string) (map[string]any, error) {
			if !strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://") {
				return nil, fmt.Errorf("%q is no URL", text)
			}
			return map[string]any{"url": text}, nil
		},
	}
}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          1000,
		MaxIdleConnsPerHost:   100,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// client is an agent behind a URL.
type client struct {
	http    *http.Client
	rt      *http.Transport
	url     string
	health  string // "" without
	method  string
	headers []header
	auth    auth
	query   []field
	body    settings.Template // nil: the task
	answer  *mapping          // nil: the reply as it is
	stream  bool
	limit   int64
}

type header struct {
	name string
	text settings.Secret
}

type field struct {
	name string
	text settings.Template
}

const maxRedirects = 10

func open(b *settings.Block, env agent.Env, shared *http.Transport) agent.Transport {
	c := &client{rt: shared}
	c.readURL(b)
	c.method = b.OneOf("method", http.MethodPost, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodGet)
	names, texts := b.TextMap("headers")
	for i, name := range names {
		if !validHeader(name) {
			texts[i].Errorf(settings.CodeWrong, "%q can't be the name of a header", name)
		}
		text, _ := texts[i].Text()
		c.headers = append(c.headers, header{name, settings.SecretOf(text)})
	}
	names, texts = b.TextMap("query")
	for i, name := range names {
		c.query = append(c.query, field{name, texts[i].Template()})
	}
	c.auth = readAuth(b)
	if n := b.Get("body"); n.Exists() {
		c.body = n.Template()
	}
	c.answer = readMapping(b)
	c.stream = b.Bool("stream", false)
	c.limit = int64(b.Int("maxBytes", agent.MaxReply, 1, 1<<30))
	redirects := b.Int("redirects", 3, 0, maxRedirects)
	if tls := web.ReadTLS(b, env.Dir); tls != nil {
		c.rt = newTransport()
		c.rt.TLSClientConfig = tls
	}
	c.http = &http.Client{Transport: c.rt, CheckRedirect: func(r *http.Request, via []*http.Request) error { return redirect(r, via, redirects) }}
	return c
}

// readURL takes "url", where tasks go, or "endpoint", whose "analyze" they go to
// and whose "health" tells whether the agent is there.
func (c *client) readURL(b *settings.Block) {
	endpoint, health := b.Text("endpoint"), b.Text("health")
	switch {
	case b.Has("url"):
		c.url = b.Required("url")
	case endpoint != "":
		c.url = strings.TrimRight(endpoint, "/") + "/analyze"
		c.health = strings.TrimRight(endpoint, "/") + "/health"
	default:
		b.Required("url")
		return
	}
	if health != "" {
		c.health = health
	}
	for _, key := range [...]string{"url", "endpoint", "health"} {
		text := b.Text(key)
		if text == "" {
			continue
		}
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			b.Get(key).Errorf(settings.CodeWrong, "%s is no URL: %q", key, text).WithHint("it is like https://host/path")
		} else if u.User != nil {
			b.Get(key).Errorf(settings.CodeWrong, "%s holds a password", key).WithHint("write auth: {basic: {user: ..., password: env:NAME}}")
		}
	}
}

func validHeader(name string) bool {
	for _, c := range []byte(name) {
		if c <= ' ' || c >= 0x7F || strings.IndexByte("()<>@,;:\\\"/[]?={}", c) >= 0 {
			return false
		}
	}
	return name != ""
}

// redirect allows few redirects, none that would lose the task or show it, and the
// secrets with it, to another host.
func redirect(r *http.Request, via []*http.Request, most int) error {
	first := via[0]
	switch {
	case len(via) > most:
		return agent.Failf("more than %d redirects, the last one to %s", most, r.URL.Redacted())
	case r.Method != first.Method:
		return agent.Failf("redirected to %s in a way that does not repeat the request", r.URL.Redacted())
	case r.URL.Host != first.URL.Host || first.URL.Scheme == "https" && r.URL.Scheme != "https":
		return agent.Failf("redirected to another host, %s", r.URL.Redacted())
	}
	return nil
}

// Call sends a task.
func (c *client) Call(ctx context.Context, t agent.Task) (agent.Reply, error) {
	req, err := c.request(ctx, t)
	if err != nil {
		return agent.Reply{}, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return agent.Reply{}, networkError(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return agent.Reply{}, statusError(resp)
	}
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err == nil && kind == "text/event-stream" {
		return c.events(resp.Body, t)
	}
	text, err := readAll(resp.Body, c.limit)
	if err != nil {
		return agent.Reply{}, err
	}
	return c.reply(text)
}

func (c *client) reply(text []byte) (agent.Reply, error) {
	if c.answer == nil {
		return agent.DecodeReply(text)
	}
	return c.answer.reply(text)
}

func (c *client) request(ctx context.Context, t agent.Task) (*http.Request, error) {
	object := t.Object()
	var body []byte
	if c.method != http.MethodGet {
		v := object
		if c.body != nil {
			v = c.body.Fill(object)
		}
		j, err := value.ToJSON(v, "")
		if err != nil {
			return nil, agent.Failf("the task can't be sent: %w", err)
		}
		body = j.Text
	}
	req, err := http.NewRequestWithContext(ctx, c.method, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, agent.Failf("%w", err)
	}
	if len(c.query) > 0 {
		q := req.URL.Query()
		for _, f := range c.query {
			q.Set(f.name, value.Text(f.text.Fill(object)))
		}
		req.URL.RawQuery = q.Encode()
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	if c.stream {
		req.Header.Set("Accept", "text/event-stream, application/json;q=0.5")
	}
	req.Header.Set("Idempotency-Key", visible(t.Key()))
	req.Header.Set("User-Agent", "parallax")
	for _, h := range c.headers {
		text, err := h.text.Reveal()
		if err != nil {
			return nil, agent.Failf("the header %s: %w", h.name, err)
		}
		req.Header.Set(h.name, text)
	}
	if err := c.auth.apply(req); err != nil {
		return nil, agent.Failf("auth: %w", err)
	}
	return req, nil
}

// visible escapes what can't stand in a header.
func visible(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c <= ' ' || c >= 0x7F || c == '%' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// readAll reads a body of at most limit bytes, after decompression.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, agent.Retryf("the reply broke off: %w", err)
	}
	if int64(len(text)) > limit {
		return nil, agent.Failf("the reply is larger than %d bytes", limit)
	}
	return text, nil
}

// networkError is the error of a request that got no answer. What a certificate or
// a redirect is wrong with stays wrong.
func networkError(err error) error {
	var own *agent.Error
	if errors.As(err, &own) {
		return own
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	if errors.As(err, &unknown) || errors.As(err, &invalid) || errors.As(err, &host) {
		return agent.Failf("no trusted connection: %w", err)
	}
	if strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		return agent.Failf("the agent speaks http, not https")
	}
	return agent.Retryf("no answer: %w", err)
}

// maxErrorBody is how much of the body of a failure is looked at.
const maxErrorBody = 64 << 10

// statusError is the error of an answer that is no success.
func statusError(resp *http.Response) error {
	text, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody)) // what came is good enough
	e := agent.Failf("HTTP %d", resp.StatusCode)
	if reason := http.StatusText(resp.StatusCode); reason != "" {
		e.Message += " " + reason
	}
	if v, err := value.FromJSON(text); err == nil && v.Kind() == value.ObjectKind {
		inner, ok := v.AsObject().Get("error")
		if !ok {
			inner = v
		}
		if told := agent.ErrorOf(inner); told != nil {
			e.Message += ": " + agent.Shorten(told.Message)
		}
	} else if t := strings.TrimSpace(strings.ToValidUTF8(string(text), "\uFFFD")); t != "" && !strings.HasPrefix(t, "<") {
		e.Message += ": " + agent.Shorten(strings.Join(strings.Fields(t), " "))
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		e.Retryable, e.RetryAfter = true, RetryAfter(resp.Header, time.Now())
	}
	return e
}

// RetryAfter reads the header of that name, seconds or a date; 0 without.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(text, 64); err == nil && s >= 0 && s < 1e9 {
		return time.Duration(s * float64(time.Second))
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

// Health asks whether the agent is there, where the settings say how.
func (c *client) Health(ctx context.Context) error {
	if c.health == "" {
		return agent.ErrUnchecked
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.health, nil)
	if err != nil {
		return agent.Failf("%w", err)
	}
	if err := c.auth.apply(req); err != nil {
		return agent.Failf("auth: %w", err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return networkError(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return statusError(resp)
	}
	return nil
}

// Close closes idle connections.
func (c *client) Close() error {
	c.rt.CloseIdleConnections()
	return nil
}
