package mcpagent_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"go.uber.org/goleak"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/mcpagent"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// serverEnv makes the test binary a server over its standard input and output.
const serverEnv = "MCPAGENT_TEST_SERVER"

func TestMain(m *testing.M) {
	switch os.Getenv(serverEnv) {
	case "":
		goleak.VerifyTestMain(m)
	case "sdk":
		if err := newServer(nil).Run(context.Background(), &mcp.StdioTransport{}); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	case "one":
		s := mcp.NewServer(&mcp.Implementation{Name: "one", Version: "1"}, nil)
		addEcho(s)
		if err := s.Run(context.Background(), &mcp.StdioTransport{}); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	case "none":
		s := mcp.NewServer(&mcp.Implementation{Name: "none", Version: "1"}, &mcp.ServerOptions{Capabilities: &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{}}})
		if err := s.Run(context.Background(), &mcp.StdioTransport{}); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	case "garbage":
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			fmt.Println("welcome to my server!")
		}
	case "silent": // reads, never answers, ignores the end of its input and requests to end
		signals := make(chan os.Signal, 1)
		ignoreTerm(signals)
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		}
		select {}
	case "exits":
		fmt.Fprintln(os.Stderr, "no licence found")
		os.Exit(3)
	}
	os.Exit(0)
}

type question struct {
	Text string `json:"text" jsonschema:"what to judge"`
}

type opinion struct {
	Label      string  `json:"label"`
	Confidence float64 `json:"confidence"`
}

func addEcho(s *mcp.Server) {
	mcp.AddTool(s, &mcp.Tool{Name: "echo", Description: "gives back its text"},
		func(_ context.Context, _ *mcp.CallToolRequest, q question) (*mcp.CallToolResult, any, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: q.Text}}}, nil, nil
		})
}

// newServer has a tool for each way to answer.
func newServer(end <-chan struct{}) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "tester", Version: "2.0"}, nil)
	addEcho(s)
	mcp.AddTool(s, &mcp.Tool{Name: "judge", Description: "tells sentiment"},
		func(_ context.Context, _ *mcp.CallToolRequest, q question) (*mcp.CallToolResult, opinion, error) {
			if strings.Contains(q.Text, "bad") {
				return nil, opinion{"negative", 0.8}, nil
			}
			return nil, opinion{"positive", 0.6}, nil
		})
	mcp.AddTool(s, &mcp.Tool{Name: "full"},
		func(context.Context, *mcp.CallToolRequest, map[string]any) (*mcp.CallToolResult, map[string]any, error) {
			return nil, map[string]any{"result": []int{1, 2}, "confidence": 7, "reasoning": "I counted", "uncertainties": []string{"tired"},
				"usage": map[string]any{"tokensIn": 3}}, nil
		})
	mcp.AddTool(s, &mcp.Tool{Name: "fails"},
		func(context.Context, *mcp.CallToolRequest, map[string]any) (*mcp.CallToolResult, any, error) {
			return nil, nil, errors.New("the archive is closed")
		})
	mcp.AddTool(s, &mcp.Tool{Name: "picture"},
		func(context.Context, *mcp.CallToolRequest, map[string]any) (*mcp.CallToolResult, any, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: "a dot"}, &mcp.ImageContent{Data: []byte{1, 2}, MIMEType: "image/png"}}}, nil, nil
		})
	mcp.AddTool(s, &mcp.Tool{Name: "json"},
		func(context.Context, *mcp.CallToolRequest, map[string]any) (*mcp.CallToolResult, any, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: `{"a": 1, "confidence": 0.3}`}}}, nil, nil
		})
	mcp.AddTool(s, &mcp.Tool{Name: "add"},
		func(_ context.Context, _ *mcp.CallToolRequest, in struct {
			A float64 `json:"a"`
			B float64 `json:"b"`
		}) (*mcp.CallToolResult, map[string]float64, error) {
			return nil, map[string]float64{"sum": in.A + in.B}, nil
		})
	mcp.AddTool(s, &mcp.Tool{Name: "waits"},
		func(ctx context.Context, r *mcp.CallToolRequest, _ map[string]any) (*mcp.CallToolResult, any, error) {
			if token := r.Params.GetProgressToken(); token != nil {
				err := r.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: token, Progress: 1, Total: 4, Message: "reading"})
				if err != nil {
					return nil, nil, err
				}
			}
			select {
			case <-ctx.Done():
				return nil, nil, ctx.Err()
			case <-end: // a session that ends at once does not cancel its calls
				return nil, nil, errors.New("the server ends")
			}
		})
	mcp.AddTool(s, &mcp.Tool{Name: "dies"},
		func(context.Context, *mcp.CallToolRequest, map[string]any) (*mcp.CallToolResult, any, error) {
			fmt.Fprintln(os.Stderr, "out of memory")
			os.Exit(7)
			return nil, nil, nil
		})
	return s
}

// command is the YAML of the test binary as a server.
func command(t testing.TB, kind string) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("command: [%s], env: {%s: %s}", strconv.Quote(exe), serverEnv, kind)
}

func load(t testing.TB, text string) *agent.Registry {
	t.Helper()
	r, err := agent.Load("agents.yaml", []byte(text), mcpagent.Kind())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func transportOf(t testing.TB, block string) agent.Transport {
	t.Helper()
	return load(t, "- {name: a, mcp: {"+block+"}}").Agents()[0].Transport
}

func data(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.FromJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// servers runs a test over both transports.
func servers(t *testing.T, f func(t *testing.T, where string)) {
	t.Run("stdio", func(t *testing.T) { f(t, command(t, "sdk")) })
	t.Run("http", func(t *testing.T) {
		end := make(chan struct{})
		s := newServer(end)
		h := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, nil))
		t.Cleanup(func() { close(end); h.Close() })
		f(t, "url: "+h.URL)
	})
	t.Run("http, JSON answers", func(t *testing.T) {
		end := make(chan struct{})
		s := newServer(end)
		h := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s },
			&mcp.StreamableHTTPOptions{JSONResponse: true, Stateless: true}))
		t.Cleanup(func() { close(end); h.Close() })
		f(t, "url: "+h.URL)
	})
}

func TestAnswers(t *testing.T) {
	tests := []struct{ block, data, result, confidence, failure string }{
		{"tool: echo", `"hello"`, `"hello"`, "null", ""},
		{"tool: echo", `{"text": "hello", "more": 1}`, `"hello"`, "null", ""},
		{"tool: echo", `null`, `"look"`, "null", ""},
		{"tool: echo, arguments: {text: '${task}: ${input.words[1]}'}", `{"words": ["a", "b"]}`, `"look: b"`, "null", ""},
		{"tool: echo, parse: always", `"{\"x\": 1}"`, `{ x: 1 }`, "null", ""},
		{"tool: echo, parse: always", `"x"`, "", "", "the text is no JSON"},
		{"tool: echo, parse: never", `"[1]"`, `"[1]"`, "null", ""},
		{"tool: echo", `"[1"`, `"[1"`, "null", ""},
		{"tool: judge", `"not bad"`, `{ confidence: 0.8, label: "negative" }`, "0.8", ""},
		{"tool: full", `{}`, `[1, 2]`, "7", ""},
		{"tool: json", `{}`, `{ a: 1, confidence: 0.3 }`, "0.3", ""},
		{"tool: add", `{"a": 1, "b": 2}`, `{ sum: 3 }`, "null", ""},
		{"tool: add", `5`, "", "", "the tool add takes the arguments a, b; say with arguments what they get"},
		{"tool: add", `{"a": "x", "b": 2}`, "", "", ``},
		{"tool: fails", `{}`, "", "", "the archive is closed"},
		{"tool: picture", `{}`, `["a dot", { type: "image", mimeType: "image/png", data: "AQI=" }]`, "null", ""},
		{"tool: ecko", `{}`, "", "", `the MCP server has no tool "ecko"; its tools are add, dies, echo`},
		{"", `{}`, "", "", "the MCP server has several tools; tool says which: add, dies"},
	}
	servers(t, func(t *testing.T, where string) {
		for _, tt := range tests {
			t.Run(tt.block+" "+tt.data, func(t *testing.T) {
				block := where
				if tt.block != "" {
					block += ", " + tt.block
				}
				rep, err := transportOf(t, block).Call(within(t, patience), agent.Task{ID: "1", Description: "look", Data: data(t, tt.data)})
				if tt.result == "" {
					if err == nil || !strings.Contains(err.Error(), tt.failure) || agent.Retryable(err) {
						t.Fatalf("got %v and %v, want the error %q", value.Inspect(rep.Result), err, tt.failure)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.result+" "+tt.confidence, value.Inspect(rep.Result)+" "+value.Inspect(rep.Confidence)); diff != "" {
					t.Error(diff)
				}
			})
		}
	})
}

// A whole reply keeps its parts, and the registry mends what is no confidence.
func TestWholeReply(t *testing.T) {
	r := load(t, "- {name: a, mcp: {"+command(t, "sdk")+", tool: full}}")
	rep, err := r.Agents()[0].Transport.Call(within(t, patience), agent.Task{})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Reasoning != "I counted" || len(rep.Uncertainties) != 1 || rep.Usage.TokensIn != 3 {
		t.Errorf("%+v", rep)
	}
	out := r.Handlers()[effect.Agent].Handle(within(t, patience), &effect.Effect{Kind: effect.Agent, Request: data(t, `{"agent": "a"}`)})
	if got := value.Inspect(out.Value); !strings.Contains(got, "confidence: 1, confidenceStated: true") {
		t.Errorf("a confidence of 7 became %s", got)
	}
}

// Many calls share one session.
func TestConcurrent(t *testing.T) {
	servers(t, func(t *testing.T, where string) {
		tr := transportOf(t, where+", tool: echo")
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				want := fmt.Sprint("text ", i)
				rep, err := tr.Call(within(t, patience), agent.Task{Data: value.Str(want)})
				if err != nil || value.Text(rep.Result) != want {
					t.Errorf("%v %v", rep.Result, err)
				}
			})
		}
		wg.Wait()
		d, err := tr.(agent.Describer).Describe(within(t, patience))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(agent.Description{Name: "echo", Version: "tester 2.0", Summary: "gives back its text"}, d); diff != "" {
			t.Error(diff)
		}
		if err := tr.(agent.HealthChecker).Health(within(t, patience)); err != nil {
			t.Error(err)
		}
	})
}

func TestOnlyTool(t *testing.T) {
	rep, err := transportOf(t, command(t, "one")).Call(within(t, patience), agent.Task{Description: "hello"})
	if err != nil || value.Text(rep.Result) != "hello" {
		t.Errorf("%v %v", rep.Result, err)
	}
	if _, err := transportOf(t, command(t, "none")).Call(within(t, patience), agent.Task{}); err == nil || err.Error() != "the MCP server has no tools" {
		t.Errorf("got %v", err)
	}
}

// A call that is given up returns at once, having told how far the tool was; the
// session goes on.
func TestCancelAndProgress(t *testing.T) {
	servers(t, func(t *testing.T, where string) {
		if strings.Contains(t.Name(), "JSON") {
			return // has no way to tell progress
		}
		r := load(t, "- {name: w, mcp: {"+where+", tool: waits}}")
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var told []agent.Partial
		_, err := r.Agents()[0].Transport.Call(ctx, agent.Task{ID: "x/1", Attempt: 1, Partial: func(p agent.Partial) {
			told = append(told, p)
			cancel()
		}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if diff := cmp.Diff([]agent.Partial{{Percent: 25, Note: "reading"}}, told); diff != "" {
			t.Error(diff)
		}
		if err := r.Agents()[0].Transport.(agent.HealthChecker).Health(within(t, patience)); err != nil {
			t.Errorf("the session is gone: %v", err)
		}
	})
}

// A server that dies fails the call; the next call starts another one.
func TestRestart(t *testing.T) {
	r := load(t, "- {name: d, mcp: {"+command(t, "sdk")+", tool: dies}}\n")
	for range 2 {
		_, err := r.Agents()[0].Transport.Call(within(t, patience), agent.Task{})
		if err == nil || !agent.Retryable(err) || !strings.Contains(err.Error(), "it said: out of memory") {
			t.Errorf("got %v", err)
		}
	}
}

func TestBadServers(t *testing.T) {
	tests := []struct {
		kind, want string
		retry      bool
	}{
		{"garbage", "no session with the MCP server", true},
		{"exits", "it said: no licence found", true},
	}
	for _, tt := range tests {
		_, err := transportOf(t, command(t, tt.kind)).Call(within(t, patience), agent.Task{})
		if err == nil || !strings.Contains(err.Error(), tt.want) || agent.Retryable(err) != tt.retry {
			t.Errorf("%s: got %v, want %q", tt.kind, err, tt.want)
		}
	}
	_, err := transportOf(t, "command: [no-such-program-here]").Call(within(t, patience), agent.Task{})
	if err == nil || !strings.Contains(err.Error(), "there is no program no-such-program-here") {
		t.Errorf("got %v", err)
	}
	_, err = transportOf(t, "command: [./nothing]").Call(within(t, patience), agent.Task{})
	if err == nil || agent.Retryable(err) || !strings.Contains(err.Error(), "./nothing") {
		t.Errorf("got %v", err)
	}
	_, err = transportOf(t, "command: [cat], env: {TOKEN: 'env:NO_SUCH_VARIABLE'}").Call(within(t, patience), agent.Task{})
	if err == nil || !strings.Contains(err.Error(), "NO_SUCH_VARIABLE is not set") {
		t.Errorf("got %v", err)
	}
}

// A server that never answers and does not want to end is killed.
func TestSilentServer(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	_, err := transportOf(t, command(t, "silent")).Call(ctx, agent.Task{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// Close ends calls under way and the process; later calls fail.
func TestClose(t *testing.T) {
	servers(t, func(t *testing.T, where string) {
		r := load(t, "- {name: w, mcp: {"+where+", tool: waits}}")
		tr := r.Agents()[0].Transport
		if err := tr.(agent.HealthChecker).Health(within(t, patience)); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() {
			_, err := tr.Call(context.Background(), agent.Task{})
			done <- err
		}()
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; err == nil {
			t.Error("a call survived the end of its transport")
		}
		if _, err := tr.Call(within(t, patience), agent.Task{}); err == nil || err.Error() != "the agent has been closed" {
			t.Errorf("got %v", err)
		}
	})
}

func TestHTTPFailures(t *testing.T) {
	answer := func(status int, header, body string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if header != "" {
				w.Header().Set("Retry-After", header)
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		t.Cleanup(s.Close)
		return "url: " + s.URL
	}
	tests := []struct {
		name, where, want string
		retry             bool
		after             time.Duration
	}{
		{"busy", answer(429, "3", ""), "the MCP server answers 429", true, 3 * time.Second},
		{"down", answer(503, "", "sorry"), "the MCP server answers 503", true, 0},
		{"refused", answer(401, "", ""), "the MCP server answers 401", false, 0},
		{"garbage", answer(200, "", "<html>"), "no session with the MCP server", true, 0},
		{"endless", answer(200, "", `"`+strings.Repeat("x", agent.MaxReply+100)+`"`), "no session with the MCP server", true, 0},
		{"gone", "url: 'http://127.0.0.1:1'", "the MCP server can't be reached", true, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := transportOf(t, tt.where).Call(within(t, patience), agent.Task{})
			var e *agent.Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), tt.want) || e.Retryable != tt.retry || e.RetryAfter != tt.after {
				t.Errorf("got %+v, want %q", err, tt.want)
			}
		})
	}
}

// Secrets go into headers and are read when they are needed.
func TestHeaders(t *testing.T) {
	t.Setenv("MCPAGENT_TEST_TOKEN", "s3cret")
	end := make(chan struct{})
	s := newServer(end)
	inner := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, nil)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer s3cret" || r.Header.Get("X-Team") != "red" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { close(end); h.Close() })
	rep, err := transportOf(t, "url: "+h.URL+", tool: echo, bearer: 'env:MCPAGENT_TEST_TOKEN', headers: {X-Team: red}").
		Call(within(t, patience), agent.Task{Description: "hi"})
	if err != nil || value.Text(rep.Result) != "hi" {
		t.Errorf("%v %v", rep.Result, err)
	}
	if _, err = transportOf(t, "url: "+h.URL+", tool: echo").Call(within(t, patience), agent.Task{}); err == nil || agent.Retryable(err) {
		t.Errorf("without a token: %v", err)
	}
}

func TestSettings(t *testing.T) {
	tests := []struct{ text, want string }{
		{"- {name: a, transport: mcp}", "1:3: error Y0904: mcp needs the key command"},
		{"- name: a\n  mcp: {url: 'ftp://x'}", `2:14: error Y0903: url is no URL: "ftp://x"`},
		{"- name: a\n  mcp: {url: 'http://x', command: y}", "2:9: error Y0902: an MCP server is a command or a url, not both"},
		{"- name: a\n  mcp: {url: 'http://x', tol: y}", `error Y0902: mcp has no key "tol"; did you mean tool?`},
		{"- name: a\n  mcp: {url: 'http://x', arguments: 3}", "arguments is a map from the tool's arguments to values"},
		{"- name: a\n  mcp: {url: 'http://x', arguments: {q: '${input'}}", "a gap that begins with ${ does not end with }"},
		{"- name: a\n  mcp: {url: 'http://x', parse: sometimes}", "parse is one of auto, always, never"},
		{"- name: a\n  mcp: {command: []}", "command is empty"},
	}
	for _, tt := range tests {
		_, err := agent.Load("agents.yaml", []byte(tt.text), mcpagent.Kind())
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.text, err, tt.want)
		}
	}
}

func TestInline(t *testing.T) {
	end := make(chan struct{})
	s := newServer(end)
	h := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, nil))
	t.Cleanup(func() { close(end); h.Close() })
	r := &agent.Registry{}
	opts := agent.Options{Kinds: []agent.Kind{mcpagent.Kind()}}
	if err := r.ReadInline("j=mcp:judge@"+h.URL, opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	rep, err := r.Agents()[0].Transport.Call(within(t, patience), agent.Task{Description: "so bad"})
	if err != nil || value.Inspect(rep.Confidence) != "0.8" {
		t.Errorf("%v %v", value.Inspect(rep.Result), err)
	}
	if err := r.ReadInline("k=mcp:node server.js", opts); err == nil {
		t.Error("a program was taken")
	}
}
