// Package web makes HTTP clients for protocols whose SDKs bring requests and
// answers of their own: it adds what the settings say, bounds answers, and makes
// errors of answers that are none of the protocol, so that it is known which may
// be tried again.
package web

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
)

// Access is where a server is and how it knows who asks.
type Access struct {
	URL     string
	host    string
	headers []header
}

type header struct {
	name string
	text settings.Secret
}

// Read reads url, headers and bearer of a block.
func Read(b *settings.Block) Access {
	a := Access{URL: b.Required("url")}
	u, err := url.Parse(a.URL)
	switch {
	case a.URL == "":
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		b.Get("url").Errorf(settings.CodeWrong, "url is no URL: %q", a.URL).WithHint("it is like https://host/path")
	case u.User != nil:
		b.Get("url").Errorf(settings.CodeWrong, "url holds a password").WithHint("write bearer: env:TOKEN, or a header")
	default:
		a.host = u.Host
	}
	names, texts := b.TextMap("headers")
	for i, name := range names {
		text, _ := texts[i].Text()
		a.headers = append(a.headers, header{name, settings.SecretOf(text)})
	}
	if token := b.Secret("bearer"); token.IsSet() {
		a.headers = append(a.headers, header{bearer, token})
	}
	return a
}

// bearer is the header that a token goes into.
const bearer = "Authorization"

// Client makes a client that calls its peer what in messages, and a function that
// closes its connections. It fails when a secret is not there.
func (a Access) Client(what string) (*http.Client, func(), error) {
	base := http.DefaultTransport.(*http.Transport).Clone()
	w := &wire{base: base, host: a.host, headers: http.Header{}, what: what}
	for _, h := range a.headers {
		text, err := h.text.Reveal()
		if err != nil {
			return nil, nil, agent.Failf("%w", err)
		}
		if h.name == bearer && !strings.Contains(text, " ") {
			text = "Bearer " + text
		}
		w.headers.Set(h.name, text)
	}
	return &http.Client{Transport: w}, base.CloseIdleConnections, nil
}

// wire carries requests.
type wire struct {
	base    http.RoundTripper
	host    string // the only one that gets the headers: answers may send a client elsewhere
	headers http.Header
	what    string
}

// RoundTrip implements http.RoundTripper. Its errors are those of package agent,
// unless the request was given up.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host == w.host {
		req = req.Clone(req.Context())
		for name, list := range w.headers {
			req.Header[name] = list
		}
	}
	res, err := w.base.RoundTrip(req)
	if err != nil {
		if req.Context().Err() != nil {
			return nil, err
		}
		return nil, agent.Retryf("the %s can't be reached: %w", w.what, err)
	}
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		_ = res.Body.Close()
		return nil, agent.RetryIn(retryAfter(res), "the %s answers %s", w.what, res.Status)
	case http.StatusUnauthorized, http.StatusForbidden:
		_ = res.Body.Close()
		return nil, agent.Failf("the %s answers %s", w.what, res.Status)
	}
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") { // the events of a stream are bounded one by one
		res.Body = &bounded{ReadCloser: res.Body, left: agent.MaxReply}
	}
	return res, nil
}

// retryAfter reads the header that asks for patience, in seconds.
func retryAfter(res *http.Response) time.Duration {
	n, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil || n < 0 || n > 86400 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// bounded fails a body that is larger than a reply may be.
type bounded struct {
	io.ReadCloser
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, fmt.Errorf("the reply is larger than %d bytes", agent.MaxReply)
	}
	return n, err
}
