// Package prism lets patterns be agents: the task's data is the input of the
// pattern, its result the answer.
//
// Such a pattern runs in an execution of its own, over the same agents, models
// and people as the one that asks. Its id is the asking one's with the path of
// the call (".../0/3.1"), and its outcomes stand in the asking one's journal below
// that path, see engine.Nested: what was interrupted goes on where it was.
package prism

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// MaxDepth is how deep patterns may ask patterns.
const MaxDepth = 16

// Host is what the program provides.
type Host struct {
	// Compile makes a program of a file; pattern names one of its patterns, "" for
	// the only or main one. It is called once for each agent.
	Compile func(file, pattern string) (*engine.Program, error)
	// Handlers answer the effects of patterns that are asked outside of an
	// execution; within one its own handlers do.
	Handlers func() map[string]engine.Handler
}

// Kind returns the kind "prism". Its block is {file: other.prism, pattern: name};
// the file may be all that the language comes in: .prism, .yaml or .prismc.
func Kind(h Host) agent.Kind {
	return agent.Kind{
		Name:   "prism",
		Open:   func(b *settings.Block, env agent.Env) agent.Transport { return open(b, env, h) },
		Inline: func(text string) (map[string]any, error) { return map[string]any{"file": text}, nil },
	}
}

func open(b *settings.Block, env agent.Env, h Host) agent.Transport {
	file := b.Required("file")
	pattern := b.Text("pattern")
	if file == "" {
		return nil
	}
	path := file
	if !filepath.IsAbs(path) {
		path = filepath.Join(env.Dir, filepath.FromSlash(file))
	}
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		b.Get("file").Errorf(settings.CodeWrong, "there is no file %s", filepath.ToSlash(path)).
			WithHint("paths are relative to the file that describes the agents")
		return nil
	case err != nil:
		b.Get("file").Errorf(settings.CodeWrong, "%v", err)
		return nil
	case info.IsDir():
		b.Get("file").Errorf(settings.CodeWrong, "%s is a folder", filepath.ToSlash(path)).WithHint("name one of the files in it")
		return nil
	}
	t := &transport{file: filepath.ToSlash(path), host: h, env: env}
	t.program = sync.OnceValues(func() (*engine.Program, error) { return h.Compile(path, pattern) })
	return t
}

type transport struct {
	file    string
	host    Host
	env     agent.Env
	program func() (*engine.Program, error)
}

// depthKey is the key of the number of patterns around one, in its context.
type depthKey struct{}

// Call runs the pattern. Without data its input is {task}.
func (t *transport) Call(ctx context.Context, task agent.Task) (agent.Reply, error) {
	depth, _ := ctx.Value(depthKey{}).(int)
	if depth >= MaxDepth {
		return agent.Reply{}, agent.Failf("patterns ask each other more than %d deep; the last one is %s", MaxDepth, t.file)
	}
	p, err := t.program()
	if err != nil {
		return agent.Reply{}, agent.Failf("%s can't be run: %w", t.file, err)
	}
	input := task.Data
	if input.IsNull() {
		input = value.ObjectOf([]string{"task"}, []value.Value{value.Str(task.Description)}).Value()
	}
	opts := engine.Nested(ctx)
	if opts == nil {
		opts = []engine.Option{engine.WithHandlers(t.host.Handlers())}
		if task.ID != "" {
			opts = append(opts, engine.WithID(task.ID))
		}
	}
	opts = append(opts, engine.WithEvents(t.tell))
	res, err := p.Run(context.WithValue(ctx, depthKey{}, depth+1), input, opts...)
	if err != nil {
		return agent.Reply{}, agent.Failf("%s: %w", t.file, err)
	}
	reply := agent.Reply{Usage: agent.Usage{TokensIn: res.Usage.TokensIn, TokensOut: res.Usage.TokensOut, Cost: res.Usage.Cost}, Metadata: metadata(res)}
	switch res.Status {
	case engine.StatusSuccess:
	case engine.StatusNeedsReview:
		return reply, agent.Failf("%s waits for a person: %s", t.file, res.Escalation)
	default:
		return reply, agent.Failf("%s %s: %s", t.file, res.Status, describe(res.Error))
	}
	reply.Result = value.Freeze(res.Value.Plain())
	if res.Confidence != nil {
		reply.Confidence = value.Num(*res.Confidence)
	}
	for _, w := range res.Warnings {
		reply.Uncertainties = append(reply.Uncertainties, w.Message)
	}
	return reply, nil
}

// describe gives an error with its place.
func describe(e *engine.Error) string {
	if e == nil {
		return "for an unknown reason"
	}
	if e.Line > 0 {
		return fmt.Sprintf("%s at %s:%d:%d", e.Message, e.File, e.Line, e.Column)
	}
	return e.Message
}

func metadata(res *engine.Result) value.Value {
	return value.ObjectOf([]string{"executionId", "pattern", "version", "durationMs", "calls"}, []value.Value{value.Str(res.ExecutionID),
		value.Str(res.Pattern), value.Str(res.Version), value.Num(float64(res.Duration) / float64(time.Millisecond)), value.Int(len(res.Calls))}).Value()
}

// tell passes on what the pattern prints and logs.
func (t *transport) tell(e engine.Event) {
	switch e.Type {
	case engine.Printed, engine.Logged:
		t.env.Log.Info(fmt.Sprint(e.Data["text"]), "agent", t.env.Name, "execution", e.ExecutionID)
	}
}

// Health compiles the pattern.
func (t *transport) Health(context.Context) error {
	_, err := t.program()
	return err
}

// Describe tells what the pattern says about itself.
func (t *transport) Describe(context.Context) (agent.Description, error) {
	p, err := t.program()
	if err != nil {
		return agent.Description{}, err
	}
	m := p.Meta()
	return agent.Description{Name: m.Name, Version: m.Version, Summary: m.Description, Capabilities: m.Agents.Capabilities}, nil
}

// Close does nothing: executions end with their contexts.
func (*transport) Close() error { return nil }
