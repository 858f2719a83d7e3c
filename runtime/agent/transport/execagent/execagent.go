// Package execagent calls agents that are programs on this machine.
//
// A program reads tasks from its standard input and writes replies to its standard
// output, each as JSON on one line, see agent.Task and agent.DecodeReply. Before
// the reply it may write any number of lines that tell how far it is:
//
//	{"event": "partial", "delta": "text"}
//	{"event": "progress", "percent": 40, "text": "reading"}
//
// A reply may hold the "taskId" of its task; with another one it is left out.
//
// What it writes to standard error goes to the log, and the end of it into the
// message when it fails.
//
// A program is kept alive and given one task after another ("keep: true"), by as
// many processes at once as "processes" says; or each task has a process of its
// own ("keep: false"), whose standard input ends behind the task. A process that
// writes garbage, exits, or whose task is given up is killed with all its
// children; the next task starts another one.
package execagent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// Kind returns the kind "exec".
func Kind() agent.Kind {
	return agent.Kind{Name: "exec", Real: true, Open: open, Inline: func(text string) (map[string]any, error) {
		words := strings.Fields(text)
		if len(words) == 0 {
			return nil, errors.New("exec: needs a command, such as exec:./program")
		}
		return map[string]any{"command": words}, nil
	}}
}

// program is an agent that is a program.
type program struct {
	command command
	keep    bool
	slots   *engine.Slots // one for each process there may be

	mu     sync.Mutex
	idle   []*process
	busy   map[*process]struct{} // all others, until they have ended
	closed bool
}

// command is how a process is started.
type command struct {
	args  []string
	dir   string
	env   []variable
	limit int
	log   func(line string)
}

type variable struct {
	name string
	text settings.Secret
}

func open(b *settings.Block, env agent.Env) agent.Transport {
	p := &program{busy: map[*process]struct{}{}}
	p.command.args = b.Texts("command")
	switch n := b.Get("command"); {
	case !n.Exists():
		b.Missing("command").WithHint("command: [node, agent.mjs]")
	case n.IsScalar() && len(p.command.args) == 1:
		p.command.args = append(strings.Fields(p.command.args[0]), b.Texts("args")...)
	default:
		p.command.args = append(p.command.args, b.Texts("args")...)
	}
	if len(p.command.args) == 0 && b.Has("command") {
		b.Get("command").Errorf(settings.CodeWrong, "command is empty")
	}
	b.Ignore("args")
	p.command.dir = env.Dir
	if dir := b.Text("dir"); dir != "" {
		if p.command.dir = filepath.FromSlash(dir); !filepath.IsAbs(dir) {
			p.command.dir = filepath.Join(env.Dir, p.command.dir)
		}
	}
	names, texts := b.TextMap("env")
	for i, name := range names {
		text, _ := texts[i].Text()
		p.command.env = append(p.command.env, variable{name, settings.SecretOf(text)})
	}
	p.command.limit = b.Int("maxBytes", agent.MaxReply, 1, 1<<30)
	p.command.log = func(line string) { env.Log.Info(line, "agent", env.Name) }
	p.keep = b.Bool("keep", true)
	p.slots = engine.NewSlots(b.Int("processes", 1, 1, 1000))
	return p
}

// Call gives a task to a process.
func (p *program) Call(ctx context.Context, t agent.Task) (agent.Reply, error) {
	text, err := t.JSON()
	if err != nil {
		return agent.Reply{}, err
	}
	if err := p.slots.Acquire(ctx); err != nil {
		return agent.Reply{}, agent.Failf("%w", err)
	}
	defer p.slots.Release()
	proc, err := p.take()
	if err != nil {
		return agent.Reply{}, err
	}
	reply, healthy, err := proc.do(ctx, t, text, !p.keep)
	p.give(proc, healthy)
	return reply, err
}

// take returns an idle process, else a new one.
func (p *program) take() (*process, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, agent.Failf("the agent is closed")
	}
	for len(p.idle) > 0 {
		proc := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if proc.alive() {
			p.busy[proc] = struct{}{}
			return proc, nil
		}
		proc.kill()
	}
	proc, err := start(p.command)
	if err != nil {
		return nil, err
	}
	p.busy[proc] = struct{}{}
	return proc, nil
}

// give takes a process back: for the next task when it is well and kept, else to
// its end.
func (p *program) give(proc *process, healthy bool) {
	p.mu.Lock()
	kept := healthy && p.keep && !p.closed
	if kept {
		delete(p.busy, proc)
		p.idle = append(p.idle, proc)
	}
	p.mu.Unlock()
	switch {
	case kept:
		return
	case healthy:
		proc.finish(grace)
	default:
		proc.kill()
	}
	p.mu.Lock()
	delete(p.busy, proc)
	p.mu.Unlock()
}

// grace is how long a process may take to end by itself when its input has ended.
const grace = 2 * time.Second

// Close ends all processes: idle ones by the end of their input, the others by
// force.
func (p *program) Close() error {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	for proc := range p.busy {
		proc.signal()
	}
	for _, proc := range idle {
		p.busy[proc] = struct{}{}
	}
	p.mu.Unlock()
	var group sync.WaitGroup
	for _, proc := range idle {
		group.Go(func() { proc.finish(grace) })
	}
	group.Wait()
	return nil
}

// Abort ends all processes by force; no task is taken any more.
func (p *program) Abort() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for proc := range p.busy {
		proc.abort()
	}
	for _, proc := range p.idle {
		proc.abort()
	}
}

// Health starts the program when none runs.
func (p *program) Health(context.Context) error {
	proc, err := p.take()
	if err != nil {
		return err
	}
	p.give(proc, true)
	return nil
}

// environ returns the environment of a process.
func (c command) environ() ([]string, error) {
	env := os.Environ()
	for _, v := range c.env {
		text, err := v.text.Reveal()
		if err != nil {
			return nil, agent.Failf("env: %s: %w", v.name, err)
		}
		env = append(env, v.name+"="+text)
	}
	return env, nil
}

// decode reads a line of a process: a part, or the reply, which is the end.
func decode(line []byte, t agent.Task) (reply agent.Reply, done bool, err error) {
	v, err := value.FromJSON(line)
	if err != nil {
		return reply, true, garbage{fmt.Sprintf("wrote a line that is no JSON: %s", quoted(line))}
	}
	if v.Kind() != value.ObjectKind {
		return reply, true, garbage{fmt.Sprintf("wrote a line that is no reply: %s", quoted(line))}
	}
	if id, ok := v.AsObject().Get("taskId"); ok && value.Text(id) != t.ID {
		return reply, false, nil
	}
	event := ""
	if e, ok := v.AsObject().Get("event"); ok && e.Kind() == value.StringKind {
		event = e.AsString().Go()
	}
	switch event {
	case "partial", "progress":
		if p, ok := agent.PartialOf(string(line)); ok && t.Partial != nil {
			t.Partial(p)
		}
		return reply, false, nil
	case "error":
		if e, ok := v.AsObject().Get("error"); ok {
			v = e
		}
		if told := agent.ErrorOf(v); told != nil {
			return reply, true, told
		}
		return reply, true, agent.Failf("the program failed without a message")
	}
	reply, err = agent.ReplyOf(v)
	return reply, true, err
}

// garbage is the error of a process that does not keep to the form, so that
// nothing it writes can be trusted.
type garbage struct{ text string }

func (g garbage) Error() string { return "the program " + g.text }

func quoted(line []byte) string {
	return fmt.Sprintf("%q", agent.Shorten(string(bytes.ToValidUTF8(line, []byte("\uFFFD")))))
}
