package prism_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/prism"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func program(name, src string) (*engine.Program, error) {
	res, list := build.Compile(source.NewFile(name, src), build.Options{})
	if list.HasErrors() {
		return nil, list[0]
	}
	return engine.Load(res.Program, library.Std())
}

func compile(file, _ string) (*engine.Program, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return program(filepath.Base(file), string(text))
}

// registry reads agents that may be patterns; files are written beside them.
func registry(t *testing.T, agents string, files map[string]string) *agent.Registry {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r := &agent.Registry{}
	list := r.Read(source.NewFile("agents.yaml", agents), agent.Options{Dir: dir, Log: slog.New(slog.DiscardHandler),
		Kinds: []agent.Kind{prism.Kind(prism.Host{Compile: compile, Handlers: r.Handlers})}})
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	return r
}

func run(t *testing.T, r *agent.Registry, src string, opts ...engine.Option) *engine.Result {
	t.Helper()
	p, err := program("main.prism", src)
	if err != nil {
		t.Fatal(err)
	}
	opts = append([]engine.Option{engine.WithHandlers(r.Handlers()), engine.WithVirtualTime(time.UnixMilli(0)), engine.WithID("x1")}, opts...)
	res, err := p.Run(context.Background(), value.NullValue, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

const panel = `/**
 * @name panel
 * @version 2.1.0
 * @description Two judges vote
 * @agents judge
 */
vote(agentResults).result ~> 0.75
`

func TestPatternAsAgent(t *testing.T) {
	r := registry(t, `
- {name: ada, capabilities: [judge], result: yes, confidence: 0.9, delayMs: 300, usage: {tokensIn: 10, tokensOut: 5, cost: 0.25}}
- {name: bob, capabilities: [judge], result: yes, confidence: 0.7, delayMs: 200, usage: {tokensIn: 1, tokensOut: 2, cost: 0.5}}
- {name: jury, prism: {file: panel.prism}}
`, map[string]string{"panel.prism": panel})
	res := run(t, r, `call("jury", "decide", { text: "x" })`)
	if res.Status != engine.StatusSuccess {
		t.Fatal(res.Error)
	}
	if diff := cmp.Diff(`"yes"`, string(res.JSON())); diff != "" {
		t.Error(diff)
	}
	if res.Confidence == nil || *res.Confidence != 0.75 {
		t.Errorf("confidence %v, want that of the pattern", res.Confidence)
	}
	if diff := cmp.Diff([]string{"jury"}, res.Calls); diff != "" {
		t.Errorf("calls of the asking execution: %s", diff)
	}
	if res.Duration != 300*time.Millisecond {
		t.Errorf("took %v of virtual time, want the 300ms of the slower judge", res.Duration)
	}
	rep, err := r.Agents()[2].Transport.Call(context.Background(), agent.Task{ID: "e7/0.1"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(agent.Usage{TokensIn: 11, TokensOut: 7, Cost: 0.75}, rep.Usage); diff != "" {
		t.Error(diff)
	}
	if got := value.Inspect(rep.Metadata); !strings.Contains(got, `executionId: "e7/0.1", pattern: "panel", version: "2.1.0"`) {
		t.Error(got)
	}
	d, err := r.Agents()[2].Transport.(agent.Describer).Describe(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(agent.Description{Name: "panel", Version: "2.1.0", Summary: "Two judges vote", Capabilities: []string{"judge"}}, d); diff != "" {
		t.Error(diff)
	}
}

// The task reaches the pattern as its input, the input itself when there is data.
func TestInput(t *testing.T) {
	r := registry(t, "- {name: echo, prism: {file: echo.prism}}", map[string]string{"echo.prism": "input"})
	tests := []struct{ call, want string }{
		{`call("echo", "do it")`, `{"task":"do it"}`},
		{`call("echo", "do it", { a: [1, null] })`, `{"a":[1,null]}`},
		{`call("echo", "do it", "text")`, `"text"`},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, string(run(t, r, tt.call).JSON())); diff != "" {
			t.Error(diff)
		}
	}
}

// A failing pattern is a failing agent, not a failing execution.
func TestFailures(t *testing.T) {
	r := registry(t, `
- {name: throws, prism: {file: throws.prism}}
- {name: broken, prism: {file: broken.prism}}
- {name: asks, prism: {file: asks.prism}}
- {name: slow, prism: {file: slow.prism}}
- {name: nap, capabilities: [nap], result: 1, delayMs: 600000}
`, map[string]string{
		"throws.prism": "let x = 1\nthrow \"no luck\"",
		"broken.prism": "let = 3",
		"asks.prism":   `ask("sure?")`,
		"slow.prism":   "/** @timeout 50 */\ncall(\"nap\", \"sleep\")",
	})
	tests := []struct{ agent, want string }{
		{"throws", "throws.prism failed: no luck at throws.prism:2:1"},
		{"broken", "broken.prism can't be run: broken.prism:1:5: error"},
		{"asks", "asks.prism waits for a person: "},
		{"slow", "slow.prism timed_out: Execution timed out after 50ms"},
	}
	for _, tt := range tests {
		out := r.Handlers()[effect.Agent].Handle(context.Background(), request(t, tt.agent))
		if answer := value.Inspect(out.Value); !strings.Contains(answer, tt.want) {
			t.Errorf("%s answered %s, want the error %q", tt.agent, answer, tt.want)
		}
	}
}

func request(t *testing.T, name string) *effect.Effect {
	t.Helper()
	v, err := value.FromJSON([]byte(fmt.Sprintf(`{"agent": %q, "task": "go"}`, name)))
	if err != nil {
		t.Fatal(err)
	}
	return &effect.Effect{Kind: effect.Agent, Request: v}
}

func TestRecursion(t *testing.T) {
	r := registry(t, "- {name: self, prism: {file: self.prism}}", map[string]string{
		"self.prism": `let n = (input.n ?? 0) + 1
		try { call("self", "again", { n: n }) } catch (e) { [n, e.message] }`,
	})
	res := run(t, r, `call("self", "start", { n: 0 })`)
	got := string(res.JSON())
	if !strings.Contains(got, fmt.Sprintf("[%d,", prism.MaxDepth)) || !strings.Contains(got, "patterns ask each other more than 16 deep") {
		t.Errorf("got %s %v", got, res.Error)
	}
}

// Replaying the asking execution takes the pattern's answer from the journal.
func TestReplay(t *testing.T) {
	r := registry(t, `
- {name: jury, prism: {file: panel.prism}}
- {name: ada, capabilities: [judge], result: yes, confidence: 0.9}
`, map[string]string{"panel.prism": panel})
	journal := effect.NewMemory()
	const src = `call("jury", "decide")`
	first := run(t, r, src, engine.WithJournal(journal))
	entries, err := journal.Entries()
	if err != nil {
		t.Fatal(err)
	}
	nobody := engine.HandlerFunc(func(context.Context, *effect.Effect) effect.Outcome {
		t.Error("a replayed execution asked again")
		return effect.Outcome{}
	})
	again := run(t, r, src, engine.WithJournal(effect.NewMemory(entries...)), engine.WithHandler(effect.Agent, nobody))
	if diff := cmp.Diff(string(first.JSON()), string(again.JSON())); diff != "" || first.Status != engine.StatusSuccess {
		t.Error(diff, first.Error)
	}
}

// A pattern that was interrupted goes on where it was: agents that have answered
// are not asked again.
func TestResume(t *testing.T) {
	r := registry(t, `
- {name: outer, prism: {file: outer.prism}}
- {name: inner, prism: {file: inner.prism}}
- {name: ada, result: 1, confidence: 0.9}
- {name: bob, result: 2, confidence: 0.9}
- {name: cyd, result: 3, confidence: 0.9}
`, map[string]string{
		"outer.prism": `[call("ada", "count"), call("inner", "count more"), random() < 2]`,
		"inner.prism": `[call("bob", "count"), call("cyd", "count")]`,
	})
	const src = `call("outer", "count")`
	journal := effect.NewMemory()
	whole := run(t, r, src, engine.WithJournal(journal))
	if diff := cmp.Diff("[1,[2,3],true]", string(whole.JSON())); diff != "" {
		t.Fatal(diff, whole.Error)
	}
	entries, err := journal.Entries()
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for i, e := range entries {
		paths = append(paths, e.Path)
		if e.Seq != uint64(i+1) {
			t.Errorf("entry %d has the number %d", i+1, e.Seq)
		}
	}
	want := []string{"", "0.0>0>", "0.0>0>0.0", "0.0>0>0.1>0>", "0.0>0>0.1>0>0.0", "0.0>0>0.1>0>0.1", "0.0>0>0.1", "0.0>0>0.2", "0.0"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error(diff)
	}
	// Wherever it is cut off, the rest is asked for, each once.
	for cut := 1; cut <= len(entries); cut++ {
		asked := map[string]int{}
		agents := r.Handlers()[effect.Agent]
		count := engine.HandlerFunc(func(ctx context.Context, e *effect.Effect) effect.Outcome {
			out := agents.Handle(ctx, e)
			name, _ := e.Request.Plain().AsObject().Get("agent")
			asked[value.Text(name)]++
			return out
		})
		resumed := effect.NewMemory(entries[:cut]...)
		res := run(t, r, src, engine.WithJournal(resumed), engine.WithHandler(effect.Agent, count))
		if diff := cmp.Diff("[1,[2,3],true]", string(res.JSON())); diff != "" {
			t.Errorf("cut after %d: %s %v", cut, diff, res.Error)
		}
		for _, e := range entries[:cut] {
			if e.Kind == effect.Agent {
				name := map[float64]string{1: "ada", 2: "bob", 3: "cyd"}[resultOf(e.Outcome)]
				if asked[name] > 0 {
					t.Errorf("cut after %d: %s was asked again", cut, name)
				}
			}
		}
		all, err := resumed.Entries()
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range all {
			if e.Seq != uint64(i+1) {
				t.Errorf("cut after %d: entry %d has the number %d", cut, i+1, e.Seq)
			}
		}
		if len(all) != len(entries) {
			t.Errorf("cut after %d: %d entries in the end, want %d", cut, len(all), len(entries))
		}
	}
}

func resultOf(o effect.Outcome) float64 {
	v, _ := o.Value.Plain().AsObject().Get("result")
	if v = v.Plain(); v.IsNumber() {
		return v.Float()
	}
	return 0
}

// The pattern shares the clock of the execution that asks, so that both can wait
// for the same agent, which does one thing at a time.
func TestSharedClock(t *testing.T) {
	r := registry(t, `
- {name: clerk, concurrency: 1, result: done, delayMs: 100}
- {name: desk, prism: {file: desk.prism}}
- {name: late, prism: {file: late.prism}}
`, map[string]string{
		"desk.prism": `parallel([() => call("clerk", "b"), () => call("clerk", "c")]).length`,
		"late.prism": "/** @timeout 40 */\ncall(\"clerk\", \"d\")",
	})
	res := run(t, r, `parallel([() => call("clerk", "a"), () => call("desk", "go"), () => call("clerk", "e")])`)
	if diff := cmp.Diff(`["done",2,"done"]`, string(res.JSON())); diff != "" {
		t.Fatal(diff, res.Error)
	}
	if res.Duration != 400*time.Millisecond {
		t.Errorf("took %v of virtual time, want 400ms for four tasks one after another", res.Duration)
	}
	// A time limit within counts on the same clock, and one around cuts it off.
	res = run(t, r, `let before = now()
	try { call("late", "go") } catch (e) { [now() - before, e.message.includes("timed out after 40ms")] }`)
	if diff := cmp.Diff(`[40,true]`, string(res.JSON())); diff != "" {
		t.Error(diff, res.Error)
	}
	res = run(t, r, `let before = now()
	[timeout(30, () => call("desk", "go"), "cut off"), now() - before]`)
	if diff := cmp.Diff(`["cut off",30]`, string(res.JSON())); diff != "" {
		t.Error(diff, res.Error)
	}
}

// What answers the asking execution answers the pattern as well, so that tests
// and servers can put themselves in the place of agents and people.
func TestSurroundings(t *testing.T) {
	r := registry(t, "- {name: clerk, prism: {file: asks.prism}}", map[string]string{"asks.prism": `ask("sure?")`})
	yes := engine.HandlerFunc(func(_ context.Context, e *effect.Effect) effect.Outcome {
		return effect.Outcome{Value: value.Str("quite sure")}
	})
	res := run(t, r, `call("clerk", "ask around")`, engine.WithHandler(effect.Ask, yes))
	if diff := cmp.Diff(`"quite sure"`, string(res.JSON())); diff != "" {
		t.Error(diff, res.Error)
	}
}

// Cancelling the asking execution ends the pattern's, in real time too.
func TestCancel(t *testing.T) {
	r := registry(t, `
- {name: sleepy, prism: {file: sleepy.prism}}
- {name: nap, capabilities: [nap], result: 1, delayMs: 600000}
`, map[string]string{"sleepy.prism": `call("nap", "sleep")`})
	started := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-started
		cancel()
	}()
	p, err := program("main.prism", `call("sleepy", "go")`)
	if err != nil {
		t.Fatal(err)
	}
	res, err := p.Run(ctx, value.NullValue, engine.WithHandlers(r.Handlers()), engine.WithEvents(func(e engine.Event) {
		if e.Type == engine.AgentStarted {
			close(started)
		}
	}))
	if err != nil || res.Status != engine.StatusCancelled {
		t.Errorf("%v %v", res, err)
	}
}

func TestSettings(t *testing.T) {
	dir := t.TempDir()
	tests := []struct{ text, want string }{
		{"- {name: a, transport: prism}", "1:3: error Y0904: prism needs the key file"},
		{"- name: a\n  prism: {file: gone.prism}", "2:17: error Y0903: there is no file"},
		{"- name: a\n  prism: {file: .}", "2:17: error Y0903: "},
		{"- name: a\n  prism: {fil: x}", `error Y0902: prism has no key "fil"; did you mean file?`},
	}
	for _, tt := range tests {
		r := &agent.Registry{}
		list := r.Read(source.NewFile("agents.yaml", tt.text), agent.Options{Dir: dir, Kinds: []agent.Kind{prism.Kind(prism.Host{Compile: compile, Handlers: r.Handlers})}})
		if err := error(&agent.FileError{List: list}); !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.text, err, tt.want)
		}
	}
}

// A file that can't be compiled is found by a health check.
func TestHealth(t *testing.T) {
	r := registry(t, "- {name: a, prism: {file: a.prism}}", map[string]string{"a.prism": "let = 3"})
	tr := r.Agents()[0].Transport
	err := tr.(agent.HealthChecker).Health(context.Background())
	if err == nil || !strings.Contains(err.Error(), "a.prism:1:5") {
		t.Errorf("got %v", err)
	}
	if _, err := tr.(agent.Describer).Describe(context.Background()); err == nil {
		t.Error("a broken file describes itself")
	}
	if err := errors.Join(r.Close()); err != nil {
		t.Error(err)
	}
}
