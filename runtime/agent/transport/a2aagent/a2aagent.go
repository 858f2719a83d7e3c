// Package a2aagent calls agents that speak the Agent2Agent protocol, by the
// official SDK, with JSON-RPC over HTTP.
//
// The agent's card tells where tasks go and whether it streams. A task becomes a
// message: a text part with what is to be done, then the data, a text as a text
// part and an object as a data part. The agent answers with a message, or with a
// task, which is followed until it has ended: by its stream of events where
// somebody wants to know of parts, else by asking again. Of what it made, a data
// part is the result, else the texts are. When a call is given up, the task is
// cancelled.
package a2aagent

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/a2aproject/a2a-go/a2a"
	"github.com/a2aproject/a2a-go/a2aclient"
	"github.com/a2aproject/a2a-go/a2aclient/agentcard"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/content"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/web"
	"github.com/parallaxai/parallax/runtime/value"
)

// Kind returns the kind "a2a".
func Kind() agent.Kind {
	return agent.Kind{Name: "a2a", Real: true, Open: open,
		Inline: func(text string) (map[string]any, error) { return map[string]any{"url": text}, nil }}
}

// client is an agent behind a card.
type client struct {
	access web.Access
	path   string            // of the card, "" for the usual one
	text   settings.Template // of the message, nil: the task's description
	stream bool              // events are wanted where the agent has them
	parse  content.Parse

	opening chan struct{} // holds a token while nobody reads the card
	life    context.Context
	end     context.CancelFunc
	work    sync.WaitGroup // calls and cancellations under way

	mu     sync.Mutex
	opened *peer
}

// peer is an agent whose card has been read.
type peer struct {
	*a2aclient.Client
	card *a2a.AgentCard
	idle func()
}

func open(b *settings.Block, _ agent.Env) agent.Transport {
	c := &client{access: web.Read(b), path: b.Text("card"), opening: make(chan struct{}, 1), stream: b.Bool("stream", true), parse: content.ReadParse(b)}
	if n := b.Get("message"); n.Exists() {
		if !n.IsScalar() {
			n.Errorf(settings.CodeWrong, "message is a text, such as 'Judge this: ${input.text}'")
		}
		c.text = n.Template()
	}
	c.life, c.end = context.WithCancel(context.Background())
	return c
}

// errClosed is the error of calls after Close.
var errClosed = agent.Failf("the agent has been closed")

// peer reads the agent's card if nobody has.
func (c *client) peer(ctx context.Context) (*peer, error) {
	select {
	case c.opening <- struct{}{}:
		defer func() { <-c.opening }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	c.mu.Lock()
	p := c.opened
	c.mu.Unlock()
	if c.life.Err() != nil {
		return nil, errClosed
	}
	if p != nil {
		return p, nil
	}
	hc, idle, err := c.access.Client("A2A agent")
	if err != nil {
		return nil, err
	}
	p, err = c.resolve(ctx, hc)
	if err != nil {
		idle()
		return nil, err
	}
	p.idle = idle
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life.Err() != nil {
		idle()
		return nil, errClosed
	}
	c.opened = p
	return p, nil
}

func (c *client) resolve(ctx context.Context, hc *http.Client) (*peer, error) {
	var opts []agentcard.ResolveOption
	if c.path != "" {
		opts = append(opts, agentcard.WithPath(c.path))
	}
	card, err := agentcard.NewResolver(hc).Resolve(ctx, c.access.URL, opts...)
	if err != nil {
		return nil, c.failed(ctx, "no card of the A2A agent", err)
	}
	if card.PreferredTransport == "" { // the protocol's default
		card.PreferredTransport = a2a.TransportProtocolJSONRPC
	}
	cl, err := a2aclient.NewFromCard(ctx, card, a2aclient.WithDefaultsDisabled(), a2aclient.WithJSONRPCTransport(hc))
	if err != nil {
		return nil, agent.Failf("the A2A agent %q can't be called by JSON-RPC: %w", agent.Shorten(card.Name), err)
	}
	return &peer{Client: cl, card: card}, nil
}

// failed makes an error of a failed request. Those of the connection come typed
// from package web.
func (c *client) failed(ctx context.Context, what string, err error) error {
	var known *agent.Error
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &known):
		return known
	}
	return agent.Failf("%s: %w", what, err)
}

// Call sends the task and follows it to its end.
func (c *client) Call(ctx context.Context, t agent.Task) (agent.Reply, error) {
	if !c.begin() {
		return agent.Reply{}, errClosed
	}
	defer c.work.Done()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(c.life, func() { cancel(errClosed) })()
	p, err := c.peer(ctx)
	if err != nil {
		return agent.Reply{}, err
	}
	msg, err := c.message(t)
	if err != nil {
		return agent.Reply{}, err
	}
	f := &follower{task: t}
	if t.Partial != nil && c.stream && p.card.Capabilities.Streaming {
		err = f.events(p.SendStreamingMessage(ctx, &a2a.MessageSendParams{Message: msg}))
	} else {
		blocking := true
		var res a2a.SendMessageResult
		res, err = p.SendMessage(ctx, &a2a.MessageSendParams{Message: msg, Config: &a2a.MessageSendConfig{Blocking: &blocking}})
		if err == nil {
			f.see(res)
		}
	}
	for err == nil && f.unfinished() {
		if err = pause(ctx, f.polls); err == nil {
			f.polls++
			var task *a2a.Task
			if task, err = p.GetTask(ctx, &a2a.TaskQueryParams{ID: f.id}); err == nil {
				f.see(task)
			}
		}
	}
	if err != nil {
		if ctx.Err() != nil && f.id != "" {
			c.cancel(p, f.id)
		}
		return agent.Reply{}, c.failed(ctx, "the A2A agent failed", err)
	}
	return f.reply(c.parse)
}

// begin counts a call that Close waits for; false after Close.
func (c *client) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life.Err() != nil {
		return false
	}
	c.work.Add(1)
	return true
}

// Pauses before asking again how far a task is.
const (
	firstPause = 50 * time.Millisecond
	maxPause   = 2 * time.Second
)

func pause(ctx context.Context, polls int) error {
	d := firstPause << min(polls, 10)
	timer := time.NewTimer(min(d, maxPause))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// cancelWait is how long telling an agent that nobody waits any more may take.
const cancelWait = 2 * time.Second

// cancel tells the agent that nobody waits for a task any more. It is called
// within a call that is counted.
func (c *client) cancel(p *peer, id a2a.TaskID) {
	c.work.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cancelWait)
		defer cancel()
		_, _ = p.CancelTask(ctx, &a2a.TaskIDParams{ID: id}) // an agent that can't be told goes on for nobody
	})
}

// message makes the message of a task. Its id is the key of the attempt.
func (c *client) message(t agent.Task) (*a2a.Message, error) {
	var parts []a2a.Part
	if c.text != nil {
		parts = append(parts, a2a.TextPart{Text: value.Text(c.text.Fill(t.Object()))})
	} else {
		if t.Description != "" {
			parts = append(parts, a2a.TextPart{Text: t.Description})
		}
		switch data := t.Data.Plain(); data.Kind() {
		case value.Null:
		case value.StringKind:
			parts = append(parts, a2a.TextPart{Text: data.AsString().Go()})
		default:
			part, err := dataPart(data)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part)
		}
	}
	m := a2a.NewMessage(a2a.MessageRoleUser, parts...)
	if t.ExecutionID != "" {
		m.ID = t.Key()
	}
	return m, nil
}

// Health reads the agent's card again.
func (c *client) Health(ctx context.Context) error {
	p, err := c.peer(ctx)
	if err != nil {
		return err
	}
	hc, idle, err := c.access.Client("A2A agent")
	if err != nil {
		return err
	}
	defer idle()
	fresh, err := c.resolve(ctx, hc)
	if err == nil && fresh.card.URL != p.card.URL { // it has moved
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.opened == p {
			p.idle()
			c.opened = nil
		}
	}
	return err
}

// Describe tells what the card says.
func (c *client) Describe(ctx context.Context) (agent.Description, error) {
	p, err := c.peer(ctx)
	if err != nil {
		return agent.Description{}, err
	}
	d := agent.Description{Name: p.card.Name, Version: p.card.Version, Summary: p.card.Description}
	for _, s := range p.card.Skills {
		d.Capabilities = append(d.Capabilities, s.ID)
	}
	return d, nil
}

// Close ends calls under way and waits until their agents have been told.
func (c *client) Close() error {
	c.mu.Lock()
	c.end()
	c.mu.Unlock()
	c.work.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.opened != nil {
		c.opened.idle()
		c.opened = nil
	}
	return nil
}

// joined is the texts of a list of parts.
func joined(parts a2a.ContentParts) string {
	var texts []string
	for _, p := range parts {
		if t, ok := p.(a2a.TextPart); ok {
			texts = append(texts, t.Text)
		}
	}
	return strings.Join(texts, "\n")
}
