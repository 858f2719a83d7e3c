// Package builtin calls the agents of runtime/agent/builtin, which work in this
// process.
package builtin

import (
	"context"
	"errors"
	"strings"

	"github.com/parallaxai/parallax/runtime/agent"
	agents "github.com/parallaxai/parallax/runtime/agent/builtin"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/value"
)

// Kind returns the kind "builtin". Its block is {name: sentiment-lexicon} with
// the options of that agent beside the name.
func Kind() agent.Kind {
	return agent.Kind{Name: "builtin", Open: open, Inline: inline}
}

func inline(text string) (map[string]any, error) { return map[string]any{"name": text}, nil }

func open(b *settings.Block, _ agent.Env) agent.Transport {
	if !b.Has("name") {
		b.Ignore("name")
		b.Missing("name").WithHint("name is one of %s", strings.Join(agents.Names(), ", "))
		return nil
	}
	name := b.Text("name")
	var keys []string
	var vals []value.Value
	for _, key := range b.Keys() {
		if key != "name" {
			keys, vals = append(keys, key), append(vals, b.Value(key))
		}
	}
	a, err := agents.New(name, value.ObjectOf(keys, vals).Value())
	if err == nil {
		return transport{name, a}
	}
	var oe *agents.OptionError
	if !errors.As(err, &oe) {
		b.Errorf(settings.CodeWrong, "%v", err)
		return nil
	}
	at, code := b.Get(oe.Option), settings.CodeWrong
	switch {
	case oe.Key:
		at, code = b.Key(oe.Option), settings.CodeUnknown
	case !at.Exists():
		at, code = b.Node, settings.CodeMissing
	}
	d := at.Errorf(code, "%s", oe.Text)
	if oe.Hint != "" {
		d.WithHint("%s", oe.Hint)
	}
	return nil
}

// transport answers in this process.
type transport struct {
	name string
	ask  agents.Agent
}

// Call computes the answer. It takes milliseconds at most and does not look at
// ctx in between.
func (t transport) Call(ctx context.Context, task agent.Task) (agent.Reply, error) {
	if err := context.Cause(ctx); err != nil {
		return agent.Reply{}, err
	}
	ans, err := t.ask(agents.Input{Task: task.Description, Data: task.Data})
	if err != nil {
		return agent.Reply{}, agent.Failf("%w", err)
	}
	return agent.Reply{Result: ans.Result, Confidence: value.Num(ans.Confidence), Reasoning: ans.Reasoning, Uncertainties: ans.Uncertainties}, nil
}

// Describe tells what the agent answers.
func (t transport) Describe(context.Context) (agent.Description, error) {
	return agent.Description{Name: t.name, Summary: agents.About(t.name)}, nil
}

// Close does nothing.
func (transport) Close() error { return nil }
