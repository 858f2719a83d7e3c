package a2aagent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a2aproject/a2a-go/a2a"
	"github.com/a2aproject/a2a-go/a2asrv"
	"github.com/a2aproject/a2a-go/a2asrv/eventqueue"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/a2aagent"
	"github.com/parallaxai/parallax/runtime/value"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// executor is an agent built with the SDK; what it does is in the first word of
// the message.
type executor struct {
	cancelled chan a2a.TaskID
	streams   sync.Map // of message ids to channels that are closed when the first event is out
}

// stream is middleware that tells the executor when the first event of a stream
// has been written: the SDK's server changes the task that it is still writing if
// more events come before.
func (x *executor) stream(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var call struct {
			Method string
			Params struct{ Message struct{ MessageID string } }
		}
		if err := json.Unmarshal(body, &call); err == nil && call.Method == "message/stream" {
			out := make(chan struct{})
			x.streams.Store(call.Params.Message.MessageID, out)
			w = &firstFlush{ResponseWriter: w, done: sync.OnceFunc(func() { close(out) })}
		}
		next.ServeHTTP(w, r)
	})
}

type firstFlush struct {
	http.ResponseWriter
	done func()
}

func (f *firstFlush) Flush() {
	f.ResponseWriter.(http.Flusher).Flush()
	f.done()
}

func text(s string) a2a.Part { return a2a.TextPart{Text: s} }

func (x *executor) Execute(ctx context.Context, r *a2asrv.RequestContext, q eventqueue.Queue) error {
	var said []string
	data := map[string]any{}
	for _, p := range r.Message.Parts {
		switch p := p.(type) {
		case a2a.TextPart:
			said = append(said, p.Text)
		case a2a.DataPart:
			data = p.Data
		}
	}
	all := strings.Join(said, "|")
	what, _, _ := strings.Cut(all, "|")
	var events []a2a.Event
	status := func(s a2a.TaskState, words ...string) {
		var m *a2a.Message
		if len(words) > 0 {
			m = a2a.NewMessageForTask(a2a.MessageRoleAgent, r, text(words[0]))
		}
		e := a2a.NewStatusUpdateEvent(r, s, m)
		e.Final = s.Terminal() || s == a2a.TaskStateInputRequired
		events = append(events, e)
	}
	artifact := func(parts ...a2a.Part) *a2a.TaskArtifactUpdateEvent {
		e := a2a.NewArtifactEvent(r, parts...)
		events = append(events, e)
		return e
	}
	switch what {
	case "message":
		m := a2a.NewMessage(a2a.MessageRoleAgent, text("you said "+all))
		m.Metadata = map[string]any{"confidence": 0.4}
		events = append(events, m)
	case "json":
		events = append(events, a2a.NewMessage(a2a.MessageRoleAgent, text(`{"result": "yes", "confidence": 0.9, "reasoning": "clear"}`)))
	case "data":
		status(a2a.TaskStateWorking, "thinking")
		artifact(text("because of x"), a2a.DataPart{Data: map[string]any{"label": data["label"], "confidence": 0.7}})
		status(a2a.TaskStateCompleted)
	case "two":
		artifact(a2a.DataPart{Data: map[string]any{"n": 1}}).Artifact.Metadata = map[string]any{"confidence": 0.3}
		artifact(a2a.DataPart{Data: map[string]any{"n": 2}})
		status(a2a.TaskStateCompleted)
	case "chunks":
		status(a2a.TaskStateWorking, "writing")
		first := artifact(text("one, "))
		events = append(events, a2a.NewArtifactUpdateEvent(r, first.Artifact.ID, text("two, ")), a2a.NewArtifactUpdateEvent(r, first.Artifact.ID, text("three")))
		status(a2a.TaskStateCompleted, "that was all")
	case "large":
		status(a2a.TaskStateWorking)
		artifact(text(strings.Repeat("x", 100_000)))
		status(a2a.TaskStateCompleted)
	case "status":
		status(a2a.TaskStateCompleted, "done in words")
	case "empty":
		status(a2a.TaskStateCompleted)
	case "fail":
		status(a2a.TaskStateFailed, "the press is broken")
	case "reject":
		status(a2a.TaskStateRejected)
	case "ask":
		status(a2a.TaskStateInputRequired, "which one?")
	case "wait":
		status(a2a.TaskStateWorking, "waiting")
	case "panic":
		return errors.New("inner trouble")
	}
	if _, ok := events[0].(*a2a.Message); !ok {
		if err := q.Write(ctx, a2a.NewSubmittedTask(r, r.Message)); err != nil {
			return err
		}
		if out, ok := x.streams.Load(r.Message.ID); ok {
			select {
			case <-out.(chan struct{}):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	for _, e := range events {
		if err := q.Write(ctx, e); err != nil {
			return err
		}
	}
	if what == "wait" {
		<-ctx.Done()
	}
	return nil
}

func (x *executor) Cancel(ctx context.Context, r *a2asrv.RequestContext, q eventqueue.Queue) error {
	x.cancelled <- r.TaskID
	e := a2a.NewStatusUpdateEvent(r, a2a.TaskStateCanceled, nil)
	e.Final = true
	return q.Write(ctx, e)
}

// serve starts an agent with the SDK.
func serve(t *testing.T, x *executor, change func(*a2a.AgentCard)) string {
	t.Helper()
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	card := &a2a.AgentCard{Name: "tester", Version: "3", Description: "answers as it is told", URL: s.URL + "/invoke",
		PreferredTransport: a2a.TransportProtocolJSONRPC, ProtocolVersion: "0.3.0", Capabilities: a2a.AgentCapabilities{Streaming: true},
		DefaultInputModes: []string{"text"}, DefaultOutputModes: []string{"text"},
		Skills: []a2a.AgentSkill{{ID: "talk", Name: "talk"}, {ID: "count", Name: "count"}}}
	if change != nil {
		change(card)
	}
	mux.Handle("/invoke", x.stream(a2asrv.NewJSONRPCHandler(a2asrv.NewHandler(x, a2asrv.WithLogger(slog.New(slog.DiscardHandler))))))
	mux.Handle(a2asrv.WellKnownAgentCardPath, a2asrv.NewStaticAgentCardHandler(card))
	return s.URL
}

func transportOf(t testing.TB, block string) agent.Transport {
	t.Helper()
	r, err := agent.Load("agents.yaml", []byte("- {name: a, a2a: {"+block+"}}"), a2aagent.Kind())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r.Agents()[0].Transport
}

func within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func data(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.FromJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAnswers(t *testing.T) {
	url := serve(t, &executor{}, nil)
	tests := []struct{ task, data, want, failure string }{
		{"message", `"x"`, `"you said message|x" 0.4`, ""},
		{"json", `null`, `"yes" 0.9 clear`, ""},
		{"data", `{"label": "spam"}`, `{ confidence: 0.7, label: "spam" } 0.7 because of x`, ""},
		{"data", `[1]`, `{ confidence: 0.7, label: null } 0.7 because of x`, ""},
		{"two", `null`, `[{ n: 1 }, { n: 2 }] 0.3`, ""},
		{"chunks", `null`, `"one, two, three" null that was all`, ""},
		{"status", `null`, `"done in words" null`, ""},
		{"empty", `null`, "", "the A2A agent's answer is empty"},
		{"fail", `null`, "", "the A2A agent's task is failed: the press is broken"},
		{"reject", `null`, "", "the A2A agent's task is rejected: it does not say why"},
		{"ask", `null`, "", "the A2A agent asks for more: which one?"},
		{"panic", `null`, "", "the A2A agent failed: "},
	}
	for _, way := range []string{"stream", "send"} {
		tr := transportOf(t, "url: "+url)
		for _, tt := range tests {
			t.Run(way+" "+tt.task, func(t *testing.T) {
				task := agent.Task{ID: "1", Description: tt.task, Data: data(t, tt.data)}
				if way == "stream" {
					task.Partial = func(agent.Partial) {}
				}
				rep, err := tr.Call(within(t, patience), task)
				if tt.failure != "" {
					if err == nil || !strings.Contains(err.Error(), tt.failure) || agent.Retryable(err) {
						t.Errorf("got %v and %v, want the error %q", value.Inspect(rep.Result), err, tt.failure)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				got := strings.TrimSpace(value.Inspect(rep.Result) + " " + value.Inspect(rep.Confidence) + " " + rep.Reasoning)
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestStreaming(t *testing.T) {
	tr := transportOf(t, "url: "+serve(t, &executor{}, nil))
	var told []agent.Partial
	_, err := tr.Call(within(t, patience), agent.Task{Description: "chunks", Partial: func(p agent.Partial) { told = append(told, p) }})
	if err != nil {
		t.Fatal(err)
	}
	want := []agent.Partial{{Note: "writing"}, {Text: "one, "}, {Text: "two, "}, {Text: "three"}}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
	// An event that is too long for the SDK does not lose the answer.
	rep, err := tr.Call(within(t, patience), agent.Task{Description: "large", Partial: func(agent.Partial) {}})
	if err != nil {
		t.Fatal(err)
	}
	if n := rep.Result.AsString().Len(); n != 100_000 {
		t.Errorf("%d characters", n)
	}
}

// An agent whose card says that it does not stream is asked without.
func TestNoStreaming(t *testing.T) {
	url := serve(t, &executor{}, func(c *a2a.AgentCard) { c.Capabilities.Streaming, c.PreferredTransport = false, "" })
	rep, err := transportOf(t, "url: "+url+", message: 'message|${input.q}!'").Call(within(t, patience),
		agent.Task{Data: data(t, `{"q": "why"}`), Partial: func(agent.Partial) { t.Error("a part came") }})
	if err != nil || value.Text(rep.Result) != "you said message|why!" {
		t.Errorf("%v %v", value.Inspect(rep.Result), err)
	}
}

// A call that is given up returns, and the agent is told.
func TestCancel(t *testing.T) {
	x := &executor{cancelled: make(chan a2a.TaskID, 2)}
	tr := transportOf(t, "url: "+serve(t, x, nil))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := tr.Call(ctx, agent.Task{Description: "wait", Partial: func(agent.Partial) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	select {
	case <-x.cancelled:
	case <-time.After(patience):
		t.Error("the agent was not told")
	}
}

// Close ends calls under way.
func TestClose(t *testing.T) {
	x := &executor{cancelled: make(chan a2a.TaskID, 2)}
	tr := transportOf(t, "url: "+serve(t, x, nil))
	var closing sync.WaitGroup
	_, err := tr.Call(within(t, patience), agent.Task{Description: "wait", Partial: func(agent.Partial) {
		closing.Go(func() {
			if err := tr.Close(); err != nil {
				t.Error(err)
			}
		})
	}})
	closing.Wait()
	select {
	case <-x.cancelled:
	default:
		t.Error("the agent was not told")
	}
	if err == nil {
		t.Error("a call survived the end of its transport")
	}
	if _, err := tr.Call(within(t, patience), agent.Task{}); err == nil || err.Error() != "the agent has been closed" {
		t.Errorf("got %v", err)
	}
}

func TestDescribe(t *testing.T) {
	tr := transportOf(t, "url: "+serve(t, &executor{}, nil))
	d, err := tr.(agent.Describer).Describe(within(t, patience))
	if err != nil {
		t.Fatal(err)
	}
	want := agent.Description{Name: "tester", Version: "3", Summary: "answers as it is told", Capabilities: []string{"talk", "count"}}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	if err := tr.(agent.HealthChecker).Health(within(t, patience)); err != nil {
		t.Error(err)
	}
	url := "http://127.0.0.1:1"
	if err := transportOf(t, "url: '"+url+"'").(agent.HealthChecker).Health(within(t, patience)); err == nil || !agent.Retryable(err) {
		t.Errorf("nobody there: %v", err)
	}
}

// Whatever a peer sends is an error, never a crash.
func TestBadPeers(t *testing.T) {
	peer := func(card, answer string, status int) string {
		mux := http.NewServeMux()
		s := httptest.NewServer(mux)
		t.Cleanup(s.Close)
		mux.HandleFunc(a2asrv.WellKnownAgentCardPath, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, strings.ReplaceAll(card, "URL", s.URL+"/x"))
		})
		mux.HandleFunc("/x", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, answer)
		})
		return s.URL
	}
	const good = `{"name": "x", "url": "URL", "preferredTransport": "JSONRPC"}`
	tests := []struct {
		name, card, answer string
		status             int
		want               string
		retry              bool
	}{
		{"no card", `<html>`, "", 200, "no card of the A2A agent", false},
		{"no transport", `{"name": "x", "url": "URL", "preferredTransport": "GRPC"}`, "", 200, `the A2A agent "x" can't be called by JSON-RPC`, false},
		{"garbage", good, "<html>", 200, "failed to decode response", false},
		{"wrong result", good, `{"jsonrpc": "2.0", "result": {"kind": "dog"}}`, 200, "the A2A agent failed", false},
		{"null result", good, `{"jsonrpc": "2.0", "result": null}`, 200, "the A2A agent failed", false},
		{"no parts", good, `{"jsonrpc": "2.0", "result": {"kind": "message", "parts": null}}`, 200, "the A2A agent's answer is empty", false},
		{"null part", good, `{"jsonrpc": "2.0", "result": {"kind": "message", "parts": [null]}}`, 200, "the A2A agent", false},
		{"task without id", good, `{"jsonrpc": "2.0", "result": {"kind": "task", "status": {"state": "working"}}}`, 200, "the A2A agent sent neither a message nor a task", false},
		{"unknown state", good, `{"jsonrpc": "2.0", "result": {"kind": "task", "id": "1", "status": {"state": "completed"}, "artifacts": [null]}}`, 200, "the A2A agent", false},
		{"rpc error", good, `{"jsonrpc": "2.0", "error": {"code": -32602, "message": "no such skill"}}`, 200, "invalid params", false},
		{"endless", good, `"` + strings.Repeat("x", agent.MaxReply+10) + `"`, 200, "the reply is larger than", false},
		{"busy", good, ``, 429, "the A2A agent answers 429", true},
		{"down", good, ``, 503, "the A2A agent answers 503", true},
		{"broken", good, ``, 500, "500", false},
		{"refused", good, ``, 401, "the A2A agent answers 401", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := agent.Load("agents.yaml", []byte("- {name: a, a2a: {url: '"+peer(tt.card, tt.answer, tt.status)+"'}}"), a2aagent.Kind())
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			_, err = r.Agents()[0].Transport.Call(within(t, patience), agent.Task{Description: "go"})
			if err == nil || !strings.Contains(err.Error(), tt.want) || agent.Retryable(err) != tt.retry {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// A card that points to another host does not get the secrets.
func TestSecretsStay(t *testing.T) {
	t.Setenv("A2AAGENT_TEST_TOKEN", "s3cret")
	seen := make(chan string, 1)
	thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header.Get("Authorization")
		_ = json.NewEncoder(w).Encode(map[string]any{"jsonrpc": "2.0", "result": a2a.NewMessage(a2a.MessageRoleAgent, text("thanks"))})
	}))
	t.Cleanup(thief.Close)
	home := make(chan string, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		home <- r.Header.Get("Authorization")
		fmt.Fprintf(w, `{"name": "x", "url": %q}`, thief.URL)
	}))
	t.Cleanup(s.Close)
	if _, err := transportOf(t, "url: '"+s.URL+"', bearer: 'env:A2AAGENT_TEST_TOKEN'").Call(within(t, patience), agent.Task{Description: "go"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Bearer s3cret", ""}, []string{<-home, <-seen}); diff != "" {
		t.Error(diff)
	}
}

func TestSettings(t *testing.T) {
	tests := []struct{ text, want string }{
		{"- {name: a, transport: a2a}", "1:3: error Y0904: a2a needs the key url"},
		{"- name: a\n  a2a: {url: x}", `2:14: error Y0903: url is no URL: "x"`},
		{"- name: a\n  a2a: {url: 'http://u:p@x'}", "url holds a password"},
		{"- name: a\n  a2a: {url: 'http://x', strem: true}", `error Y0902: a2a has no key "strem"; did you mean stream?`},
		{"- name: a\n  a2a: {url: 'http://x', message: [1]}", "message is a text"},
		{"- name: a\n  a2a: {url: 'http://x', stream: often}", "stream is true or false"},
	}
	for _, tt := range tests {
		_, err := agent.Load("agents.yaml", []byte(tt.text), a2aagent.Kind())
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.text, err, tt.want)
		}
	}
	r := &agent.Registry{}
	if err := r.ReadInline("k=a2a:http://localhost:9", agent.Options{Kinds: []agent.Kind{a2aagent.Kind()}}); err != nil {
		t.Error(err)
	}
}
