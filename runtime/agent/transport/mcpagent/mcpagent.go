// Package mcpagent calls tools of Model Context Protocol servers as agents, by the
// official SDK.
//
// A server is a program that speaks over its standard input and output, or a URL
// with the streamable HTTP transport. One session serves all calls of an agent; it
// is opened by the first one, and again after it broke. The tool's arguments are
// made from the task, its structured content, or else its text, is the result. A
// tool that reports an error (isError) is an agent that fails.
package mcpagent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/content"
)

// Kind returns the kind "mcp".
func Kind() agent.Kind {
	return agent.Kind{Name: "mcp", Real: true, Open: open, Inline: inline}
}

// inline reads TOOL@URL or URL.
func inline(text string) (map[string]any, error) {
	tool, url, ok := strings.Cut(text, "@")
	if !ok || strings.Contains(tool, "/") {
		tool, url = "", text
	}
	if !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "https://") {
		return nil, fmt.Errorf("mcp: needs a URL, such as mcp:search@http://localhost:3000/mcp; describe programs in a file of agents")
	}
	block := map[string]any{"url": url}
	if tool != "" {
		block["tool"] = tool
	}
	return block, nil
}

// client is an agent behind a tool.
type client struct {
	peer  peer
	tool  string            // "" for the only tool of the server
	args  settings.Template // nil: made from the data and the tool's schema
	parse content.Parse

	opening chan struct{} // holds a token while nobody opens a session
	life    context.Context
	end     context.CancelFunc
	work    sync.WaitGroup // calls and closings under way

	mu      sync.Mutex
	current *session
	tasks   map[string]chan agent.Partial // by progress token
}

// peer is how a session begins.
type peer interface {
	// connect returns what speaks to the server, and a function that tells what the
	// server last complained about and ends what remains of it.
	connect() (mcp.Transport, func() string, error)
}

// session is an open connection with a server.
type session struct {
	*mcp.ClientSession
	leave func() string
	tool  *mcp.Tool
	once  sync.Once
	last  string // words of the server when it was closed
}

// close ends the session and all that belongs to it. It returns what the server
// said at last.
func (s *session) close() string {
	s.once.Do(func() {
		_ = s.ClientSession.Close() // a server that has gone can't be told
		s.last = s.leave()
	})
	return s.last
}

func open(b *settings.Block, env agent.Env) agent.Transport {
	c := &client{opening: make(chan struct{}, 1), tasks: map[string]chan agent.Partial{}}
	c.life, c.end = context.WithCancel(context.Background())
	switch {
	case b.Has("command") && b.Has("url"):
		b.Key("url").Errorf(settings.CodeUnknown, "an MCP server is a command or a url, not both")
		b.Ignore("command", "args", "env", "dir", "url", "headers", "bearer")
	case b.Has("url"):
		c.peer = openRemote(b)
	case b.Has("command"):
		c.peer = openProgram(b, env)
	default:
		b.Ignore("command", "args", "env", "dir", "url", "headers", "bearer")
		b.Missing("command").WithHint("mcp needs command: [node, server.js] or url: https://host/mcp")
	}
	c.tool = b.Text("tool")
	if n := b.Get("arguments"); n.Exists() {
		if !n.IsMap() {
			n.Errorf(settings.CodeWrong, "arguments is a map from the tool's arguments to values, such as {query: '${input.text}'}")
		} else {
			c.args = n.Template()
		}
	}
	c.parse = content.ReadParse(b)
	if c.peer == nil {
		return nil
	}
	return c
}

// Call calls the tool.
func (c *client) Call(ctx context.Context, t agent.Task) (agent.Reply, error) {
	s, err := c.session(ctx)
	if err != nil {
		return agent.Reply{}, err
	}
	args, err := c.arguments(s.tool, t)
	if err != nil {
		return agent.Reply{}, err
	}
	params := &mcp.CallToolParams{Name: s.tool.Name, Arguments: args}
	progress := c.follow(params, t)
	defer c.unfollow(params)

	type outcome struct {
		res *mcp.CallToolResult
		err error
	}
	done := make(chan outcome, 1)
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	if !c.begin() {
		return agent.Reply{}, errClosed
	}
	go func() {
		defer c.work.Done()
		stop := context.AfterFunc(c.life, cancel)
		defer stop()
		res, err := s.CallTool(inner, params)
		done <- outcome{res, err}
	}()
	ended := ctx.Done()
	var late <-chan time.Time
	for {
		select {
		case o := <-done:
			for len(progress) > 0 {
				t.Partial(<-progress)
			}
			if o.err != nil {
				return agent.Reply{}, c.failed(ctx, s, o.err)
			}
			return c.reply(o.res)
		case p := <-progress:
			t.Partial(p)
		case <-ended:
			// The SDK tells the server and returns. It can't when the server does not
			// read: then the session is of no use any more.
			ended = nil
			timer := time.NewTimer(grace)
			defer timer.Stop()
			late = timer.C
		case <-late:
			c.drop(s)
			return agent.Reply{}, context.Cause(ctx)
		}
	}
}

// grace is how long a call that was given up may take to return.
const grace = 500 * time.Millisecond

// errClosed is the error of calls after Close.
var errClosed = agent.Failf("the agent has been closed")

// begin counts work that Close waits for; false after Close.
func (c *client) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life.Err() != nil {
		return false
	}
	c.work.Add(1)
	return true
}

// failed makes an error of a failed request. A session that is not known to be
// well is dropped.
func (c *client) failed(ctx context.Context, s *session, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var known *agent.Error
	if errors.As(err, &known) {
		return known
	}
	var rpc *jsonrpc.Error
	if errors.As(err, &rpc) && !errors.Is(err, mcp.ErrConnectionClosed) {
		return agent.Failf("the MCP server refuses: %s (code %d)", agent.Shorten(rpc.Message), rpc.Code)
	}
	c.forget(s)
	last := s.close()
	if c.life.Err() != nil {
		return errClosed
	}
	if last != "" {
		return agent.Retryf("the MCP server failed: %w; it said: %s", err, last)
	}
	return agent.Retryf("the MCP server failed: %w", err)
}

// forget lets the next call open another session.
func (c *client) forget(s *session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == s {
		c.current = nil
	}
}

// drop closes a session without waiting for it.
func (c *client) drop(s *session) {
	c.forget(s)
	if c.begin() {
		go func() {
			defer c.work.Done()
			s.close()
		}()
	}
}

// session returns the open session, or opens one.
func (c *client) session(ctx context.Context) (*session, error) {
	select {
	case c.opening <- struct{}{}:
		defer func() { <-c.opening }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	c.mu.Lock()
	s := c.current
	c.mu.Unlock()
	if s != nil {
		return s, nil
	}
	if !c.begin() {
		return nil, errClosed
	}
	defer c.work.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.life, cancel)()
	s, err := c.connect(ctx)
	if err != nil {
		if c.life.Err() != nil {
			return nil, errClosed
		}
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = s
	return s, nil
}

// connect begins a session and finds the tool.
func (c *client) connect(ctx context.Context) (*session, error) {
	tr, leave, err := c.peer.connect()
	if err != nil {
		return nil, err
	}
	sdk := mcp.NewClient(&mcp.Implementation{Name: "parallax", Version: "1"}, &mcp.ClientOptions{
		Capabilities:                &mcp.ClientCapabilities{}, // it answers no questions of servers
		ProgressNotificationHandler: c.progressed,
		MultiRoundTrip:              &mcp.MultiRoundTripOptions{Disabled: true},
	})
	cs, err := sdk.Connect(ctx, tr, nil)
	if err != nil {
		last := leave()
		var known *agent.Error
		switch {
		case errors.As(err, &known):
			return nil, known
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case last != "":
			return nil, agent.Retryf("no session with the MCP server: %w; it said: %s", err, last)
		}
		return nil, agent.Retryf("no session with the MCP server: %w", err)
	}
	s := &session{ClientSession: cs, leave: leave}
	if err := c.findTool(ctx, s); err != nil {
		err = c.failed(ctx, s, err)
		s.close()
		return nil, err
	}
	return s, nil
}

// maxTools bounds how many tools of a server are looked at.
const maxTools = 10_000

// findTool looks for the tool of the settings, or the only one there is.
func (c *client) findTool(ctx context.Context, s *session) error {
	var names []string
	for tool, err := range s.Tools(ctx, nil) {
		if err != nil {
			return err
		}
		if tool.Name == c.tool {
			s.tool = tool
			return nil
		}
		if len(names) == 0 {
			s.tool = tool
		}
		if names = append(names, tool.Name); len(names) == maxTools {
			break
		}
	}
	list := strings.Join(names[:min(len(names), 20)], ", ")
	switch {
	case len(names) == 0:
		return agent.Failf("the MCP server has no tools")
	case c.tool != "":
		return agent.Failf("the MCP server has no tool %q; its tools are %s", c.tool, list)
	case len(names) > 1:
		return agent.Failf("the MCP server has several tools; tool says which: %s", list)
	}
	return nil
}

// Health asks for a sign of life.
func (c *client) Health(ctx context.Context) error {
	s, err := c.session(ctx)
	if err != nil {
		return err
	}
	// Newer servers know no ping; the tools tell as well that the server is there.
	if _, err := s.ListTools(ctx, nil); err != nil {
		return c.failed(ctx, s, err)
	}
	return nil
}

// Describe tells about the tool and its server.
func (c *client) Describe(ctx context.Context) (agent.Description, error) {
	s, err := c.session(ctx)
	if err != nil {
		return agent.Description{}, err
	}
	d := agent.Description{Name: s.tool.Name, Summary: s.tool.Description}
	if info := s.InitializeResult(); info != nil && info.ServerInfo != nil {
		d.Version = info.ServerInfo.Name + " " + info.ServerInfo.Version
	}
	return d, nil
}

// Abort ends the program of the session, if it has one, by force.
func (c *client) Abort() {
	c.mu.Lock()
	c.end()
	s := c.current
	c.mu.Unlock()
	if s != nil {
		s.leave()
	}
}

// Close ends the session and waits for calls under way, which fail.
func (c *client) Close() error {
	c.mu.Lock()
	c.end()
	s := c.current
	c.current = nil
	c.mu.Unlock()
	if s != nil {
		s.close()
	}
	c.work.Wait()
	return nil
}
