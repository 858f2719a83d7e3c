package mcpagent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
)

// program is a server that is a process of this machine.
type program struct {
	args []string
	dir  string
	env  []variable
	log  func(line string)
}

type variable struct {
	name string
	text settings.Secret
}

func openProgram(b *settings.Block, env agent.Env) peer {
	p := &program{args: b.Texts("command"), dir: env.Dir, log: func(line string) { env.Log.Info(line, "agent", env.Name) }}
	if b.Get("command").IsScalar() && len(p.args) == 1 {
		p.args = strings.Fields(p.args[0])
	}
	p.args = append(p.args, b.Texts("args")...)
	if len(p.args) == 0 {
		b.Get("command").Errorf(settings.CodeWrong, "command is empty")
	}
	if dir := filepath.FromSlash(b.Text("dir")); dir != "" {
		if p.dir = dir; !filepath.IsAbs(dir) {
			p.dir = filepath.Join(env.Dir, dir)
		}
	}
	names, texts := b.TextMap("env")
	for i, name := range names {
		text, _ := texts[i].Text()
		p.env = append(p.env, variable{name, settings.SecretOf(text)})
	}
	b.Ignore("url")
	return p
}

// stopWait is how long a server has to end by itself after its input has ended,
// and again after it was told to terminate.
const stopWait = 500 * time.Millisecond

func (p *program) connect() (mcp.Transport, func() string, error) {
	path := p.args[0]
	if strings.ContainsAny(path, `/\`) && !filepath.IsAbs(path) {
		path = filepath.Join(p.dir, path)
		if abs, err := filepath.Abs(path); err == nil {
			path = abs
		}
	}
	cmd := exec.Command(path, p.args[1:]...)
	cmd.Dir, cmd.Env = p.dir, os.Environ()
	for _, v := range p.env {
		text, err := v.text.Reveal()
		if err != nil {
			return nil, nil, agent.Failf("%w", err)
		}
		cmd.Env = append(cmd.Env, v.name+"="+text)
	}
	words := &lastWords{log: p.log}
	cmd.Stderr = words
	cmd.WaitDelay = stopWait // for children that keep the output open
	ownGroup(cmd)
	if errors.Is(cmd.Err, exec.ErrNotFound) || errors.Is(cmd.Err, fs.ErrNotExist) {
		return nil, nil, agent.Failf("there is no program %s", p.args[0])
	}
	leave := func() string {
		if cmd.Process != nil {
			killGroup(cmd)
		}
		return words.String()
	}
	return starter{&mcp.CommandTransport{Command: cmd, TerminateDuration: stopWait}, p.args[0]}, leave, nil
}

// starter says which program it was that did not start.
type starter struct {
	*mcp.CommandTransport
	name string
}

// Connect implements mcp.Transport.
func (s starter) Connect(ctx context.Context) (mcp.Connection, error) {
	conn, err := s.CommandTransport.Connect(ctx)
	if err != nil {
		return nil, agent.Failf("%s does not start: %w", s.name, err)
	}
	return conn, nil
}

// lastWords logs lines and keeps the end of what a process writes to its standard
// error.
type lastWords struct {
	log  func(string)
	mu   sync.Mutex
	line []byte
	last []string
}

// Bounds of what is kept: bytes of a line, lines.
const (
	maxLine  = 500
	maxLines = 5
)

func (w *lastWords) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	rest := p
	for {
		i := bytes.IndexByte(rest, '\n')
		part := rest
		if i >= 0 {
			part = rest[:i]
		}
		w.line = append(w.line, part[:min(len(part), maxLine-min(maxLine, len(w.line)))]...)
		if i < 0 {
			return len(p), nil
		}
		if text := strings.ToValidUTF8(strings.TrimSpace(string(w.line)), "?"); text != "" {
			w.log(text)
			if w.last = append(w.last, text); len(w.last) > maxLines {
				w.last = w.last[1:]
			}
		}
		w.line, rest = w.line[:0], rest[i+1:]
	}
}

func (w *lastWords) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.last
	if text := strings.TrimSpace(string(w.line)); text != "" {
		out = append(out, strings.ToValidUTF8(text, "?"))
	}
	return strings.Join(out, " | ")
}

// remote is a server behind a URL.
type remote struct {
	url     string
	headers []variable
	base    http.RoundTripper
}

func openRemote(b *settings.Block) peer {
	r := &remote{url: b.Required("url")}
	if u, err := url.Parse(r.url); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		b.Get("url").Errorf(settings.CodeWrong, "url is no URL: %q", r.url).WithHint("it is like https://host/mcp")
	}
	names, texts := b.TextMap("headers")
	for i, name := range names {
		text, _ := texts[i].Text()
		r.headers = append(r.headers, variable{name, settings.SecretOf(text)})
	}
	if token := b.Secret("bearer"); token.IsSet() {
		r.headers = append(r.headers, variable{"Authorization", token})
	}
	b.Ignore("command", "args", "env", "dir")
	return r
}

func (r *remote) connect() (mcp.Transport, func() string, error) {
	base := http.DefaultTransport.(*http.Transport).Clone()
	w := &wire{base: base, headers: http.Header{}}
	for _, h := range r.headers {
		text, err := h.text.Reveal()
		if err != nil {
			return nil, nil, agent.Failf("%w", err)
		}
		if h.name == "Authorization" && !strings.Contains(text, " ") {
			text = "Bearer " + text
		}
		w.headers.Set(h.name, text)
	}
	leave := func() string {
		base.CloseIdleConnections()
		return ""
	}
	return &mcp.StreamableClientTransport{Endpoint: r.url, HTTPClient: &http.Client{Transport: w}, MaxRetries: -1,
		DisableStandaloneSSE: true, MaxEventSize: agent.MaxReply}, leave, nil
}

// wire adds headers to requests and makes errors of answers that are no answer of
// an MCP server, so that it is known which may be tried again.
type wire struct {
	base    http.RoundTripper
	headers http.Header
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	for name, list := range w.headers {
		req.Header[name] = list
	}
	res, err := w.base.RoundTrip(req)
	if err != nil {
		if req.Context().Err() != nil {
			return nil, err
		}
		return nil, agent.Retryf("the MCP server can't be reached: %w", err)
	}
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		_ = res.Body.Close()
		return nil, agent.RetryIn(retryAfter(res), "the MCP server answers %s", res.Status)
	case http.StatusUnauthorized, http.StatusForbidden:
		_ = res.Body.Close()
		return nil, agent.Failf("the MCP server answers %s", res.Status)
	}
	res.Body = &bounded{ReadCloser: res.Body, left: agent.MaxReply, sse: strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream")}
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

// bounded fails a body that is larger than a reply may be. A stream of events has
// its own bound.
type bounded struct {
	io.ReadCloser
	left int
	sse  bool
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left < 0 && !b.sse {
		return 0, fmt.Errorf("the reply is larger than %d bytes", agent.MaxReply)
	}
	return n, err
}
