package mcpagent

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/web"
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
	b.Ignore("url", "headers", "bearer")
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
type remote struct{ web.Access }

func openRemote(b *settings.Block) peer {
	b.Ignore("command", "args", "env", "dir")
	return remote{web.Read(b)}
}

func (r remote) connect() (mcp.Transport, func() string, error) {
	client, closeIdle, err := r.Client("MCP server")
	if err != nil {
		return nil, nil, err
	}
	leave := func() string {
		closeIdle()
		return ""
	}
	return &mcp.StreamableClientTransport{Endpoint: r.URL, HTTPClient: client, MaxRetries: -1,
		DisableStandaloneSSE: true, MaxEventSize: agent.MaxReply}, leave, nil
}
