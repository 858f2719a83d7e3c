package agent_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// calls is a program that calls the agent a n times, one after another, and gives
// what came back.
func callsInTurn(n int) string {
	return fmt.Sprintf(`let out = []
for let i = 0; i < %d; i++ {
  try { out = [...out, call("a", "work")] } catch (e) { out = [...out, e.message] }
}
out`, n)
}

// callsAtOnce calls it n times concurrently.
func callsAtOnce(n int) string {
	return fmt.Sprintf(`let tasks = []
for let i = 0; i < %d; i++ { tasks = [...tasks, () => call("a", "work")] }
parallel(tasks)`, n)
}

const second = time.Second

func TestLimits(t *testing.T) {
	tests := []struct {
		name, agent, program string
		want                 string
		took                 time.Duration // of virtual time
	}{
		{"no retries by default", `mock: {sequence: [{error: busy, retryable: true}, {result: 1}]}`, callsInTurn(2), `["a: busy",1]`, 0},
		{"retries what may be retried", `retry: {retries: 2, jitter: 0}, mock: {sequence: [{error: busy, retryable: true}, {error: busy, retryable: true}, {result: 1}]}`,
			callsInTurn(1), `[1]`, 3 * second},
		{"not more often", `retry: {retries: 1, jitter: 0}, mock: {sequence: [{error: busy, retryable: true}, {error: busy, retryable: true}, {result: 1}]}`,
			callsInTurn(2), `["a: busy (after 2 attempts)",1]`, second},
		{"attempts are one more than retries", `retry: {attempts: 2, jitter: 0}, mock: {error: busy, retryable: true}`, callsInTurn(1), `["a: busy (after 2 attempts)"]`, second},
		{"nothing else", `retry: 5, mock: {sequence: [{error: no}, {result: 1}]}`, callsInTurn(1), `["a: no"]`, 0},
		{"pauses have a bound", `retry: {retries: 4, delay: 10s, factor: 3, maxDelay: 20s, jitter: 0}, mock: {error: busy, retryable: true}`,
			callsInTurn(1), `["a: busy (after 5 attempts)"]`, 70 * second},
		{"timeout", `timeout: 100, mock: {result: 1, delayMs: 2000}`, callsInTurn(1), `["a: timed out after 100ms"]`, 100 * time.Millisecond},
		{"timeouts are retried", `timeout: 2s, retry: {retries: 1, delay: 500, jitter: 0}, mock: {sequence: [{result: 1, delayMs: 5000}, {result: 2, delayMs: 1000}]}`,
			callsInTurn(1), `[2]`, 3500 * time.Millisecond},
		{"in time", `timeout: 3s, mock: {result: 1, delayMs: 2000}`, callsInTurn(2), `[1,1]`, 4 * second},
		{"concurrency", `concurrency: 2, mock: {result: 1, delayMs: 1000}`, callsAtOnce(5), `[1,1,1,1,1]`, 3 * second},
		{"waiting for a place is no part of the timeout", `concurrency: 1, timeout: 1500, mock: {result: 1, delayMs: 1000}`, callsAtOnce(3), `[1,1,1]`, 3 * second},
		{"rate", `rateLimit: {calls: 2, per: 10s, burst: 1}, mock: {result: 1}`, callsAtOnce(5), `[1,1,1,1,1]`, 20 * second},
		{"rate as text", `rateLimit: 3/60s, mock: {result: 1}`, callsAtOnce(5), `[1,1,1,1,1]`, 40 * second},
		{"rate a second", `rateLimit: 1, mock: {result: 1}`, callsInTurn(3), `[1,1,1]`, 2 * second},
		{"breaker", `breaker: {failures: 2, pause: 10s}, mock: {error: busy, retryable: true}`, callsInTurn(4),
			`["a: busy","a: busy","a: not called: it failed too often, and is tried again in 10s","a: not called: it failed too often, and is tried again in 10s"]`, 0},
		{"breaker closes", `breaker: {failures: 1, pause: 10s, trials: 1}, mock: {sequence: [{error: busy, retryable: true}, {result: 1}]}`,
			`let first = fallback(() => call("a", "w"), () => "failed")
let second = fallback(() => call("a", "w"), () => "not called")
sleep(10000)
[first, second, call("a", "w"), call("a", "w")]`, `["failed","not called",1,1]`, 10 * second},
		{"breaker takes no notice of refusals", `breaker: {failures: 1}, mock: {error: no}`, callsInTurn(2), `["a: no","a: no"]`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for range 3 { // virtual time makes it the same each time
				res := execute(t, tt.program, "- {name: a, "+tt.agent+"}")
				if diff := cmp.Diff(tt.want, string(res.JSON())); diff != "" {
					t.Error(diff, res.Error)
				}
				if diff := cmp.Diff(tt.took.Round(time.Millisecond).String(), res.Duration.Round(time.Millisecond).String()); diff != "" {
					t.Errorf("virtual time: %s", diff)
				}
			}
		})
	}
}

// Calls of one scripted agent at once take their answers in the order in which
// the program asked.
func TestScriptInOrder(t *testing.T) {
	script := make([]string, 50)
	want := make([]string, 50)
	for i := range script {
		script[i], want[i] = fmt.Sprintf("{result: %d, confidence: 1}", i), fmt.Sprint(i)
	}
	res := execute(t, callsAtOnce(50), "- {name: a, mock: {sequence: ["+strings.Join(script, ", ")+"]}}")
	if diff := cmp.Diff("["+strings.Join(want, ",")+"]", string(res.JSON())); diff != "" {
		t.Error(diff)
	}
}

// A pattern that gives up waits neither for a place nor for the rate, and a place
// that nobody wants any more is free.
func TestGivesUpWaiting(t *testing.T) {
	for _, limit := range []string{"concurrency: 1", "rateLimit: {calls: 1, per: 1000s}"} {
		res := execute(t, `let slow = async () => call("a", "work")
let first = slow()
let second = timeout(100, () => call("a", "work"), "gave up")
[second, await first]`, "- {name: a, "+limit+", mock: {result: 1, confidence: 1, delayMs: 5000}}")
		if diff := cmp.Diff(`["gave up",1]`, string(res.JSON())); diff != "" {
			t.Error(limit, diff, res.Error)
		}
	}
}

// A breaker or a limit never shrinks how many agents a pattern may have.
func TestLimitsDoNotSelect(t *testing.T) {
	res := execute(t, `fallback(() => call("a", "w"), () => 0)
fallback(() => call("a", "w"), () => 0)
select(min: 2).length`, "- {name: a, breaker: {failures: 1}, concurrency: 1, mock: {error: x, retryable: true}}\n- {name: b, result: 1}")
	if diff := cmp.Diff("2", string(res.JSON())); diff != "" {
		t.Error(diff, res.Error)
	}
}

// fake is a transport that does what a test says.
type fake struct {
	call   func(ctx context.Context, t agent.Task) (agent.Reply, error)
	closed atomic.Int32
}

func (f *fake) Call(ctx context.Context, t agent.Task) (agent.Reply, error) { return f.call(ctx, t) }
func (f *fake) Close() error                                                { f.closed.Add(1); return nil }

// kind is a way of calling agents by f.
func (f *fake) kind(real bool) agent.Kind {
	return agent.Kind{Name: "fake", Real: real, Open: func(b *settings.Block, _ agent.Env) agent.Transport {
		b.Keys()
		return f
	}}
}

// askFake calls an agent behind f once, in real time.
func askFake(t *testing.T, f *fake, yaml string) effect.Outcome {
	t.Helper()
	r, err := agent.Load("agents.yaml", []byte("- {name: a, transport: fake, "+yaml+"}"), f.kind(false))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.Close(); err != nil || f.closed.Load() != 1 {
			t.Errorf("closed %d times: %v", f.closed.Load(), err)
		}
	}()
	return handle(t, r, effect.Agent, `{"agent": "a", "task": "t", "data": [1]}`)
}

func TestBadTransports(t *testing.T) {
	tests := []struct {
		name, yaml, want string
		call             func(ctx context.Context, t agent.Task) (agent.Reply, error)
	}{
		{"panics", "", "the transport failed: oops", func(context.Context, agent.Task) (agent.Reply, error) { panic("oops") }},
		{"never answers", "timeout: 5ms", "timed out after 5ms", func(ctx context.Context, _ agent.Task) (agent.Reply, error) {
			<-ctx.Done()
			return agent.Reply{}, ctx.Err()
		}},
		{"plain error", "retry: 3", "no idea", func(context.Context, agent.Task) (agent.Reply, error) {
			return agent.Reply{}, fmt.Errorf("no idea")
		}},
		{"empty error", "", "the agent failed without a message", func(context.Context, agent.Task) (agent.Reply, error) {
			return agent.Reply{}, &agent.Error{}
		}},
		{"asks to wait too long", "retry: {retries: 3, maxDelay: 1s}", "later", func(context.Context, agent.Task) (agent.Reply, error) {
			return agent.Reply{}, &agent.Error{Message: "later", Retryable: true, RetryAfter: time.Hour}
		}},
		{"asks to wait", "retry: {retries: 1, delay: 0}", "later (after 2 attempts)", func(context.Context, agent.Task) (agent.Reply, error) {
			return agent.Reply{}, &agent.Error{Message: "later", Retryable: true, RetryAfter: time.Millisecond}
		}},
		{"finds a context that has not ended", "", "context deadline exceeded", func(context.Context, agent.Task) (agent.Reply, error) {
			return agent.Reply{}, context.DeadlineExceeded
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := askFake(t, &fake{call: tt.call}, tt.yaml)
			if out.Err != nil {
				t.Fatal(out.Err)
			}
			e, _ := out.Value.AsObject().Get("error")
			if diff := cmp.Diff(tt.want, e.AsString().Go()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Attempts have keys of their own; what a task holds is what was asked.
func TestTask(t *testing.T) {
	var keys []string
	f := &fake{call: func(_ context.Context, task agent.Task) (agent.Reply, error) {
		keys = append(keys, fmt.Sprint(task.Key(), " ", task.Description, " ", task.Timeout, " ", task.Agent, " ", task.Pattern, " ", task.Number))
		return agent.Reply{}, agent.Retryf("busy")
	}}
	r, err := agent.Load("agents.yaml", []byte("- {name: a, id: a-1, transport: fake, retry: {retries: 1, delay: 0}}"), f.kind(true))
	if err != nil {
		t.Fatal(err)
	}
	res := run(t, r, "call(\"a\", \"work\", 5)", engine.WithID("x1"), engine.WithVirtualTime(time.Unix(0, 0)))
	if res.Error == nil || !strings.Contains(res.Error.Message, "busy (after 2 attempts)") {
		t.Fatal(res.Error)
	}
	step := strings.Split(keys[0], "/a-1/")[0]
	want := []string{step + "/a-1/1 work 30s a-1 test 0", step + "/a-1/2 work 30s a-1 test 0"}
	if diff := cmp.Diff(want, keys); diff != "" || !strings.HasPrefix(step, "x1/") {
		t.Error(diff, step)
	}
}

func TestConfidenceSources(t *testing.T) {
	half := 0.5
	claims := func(v string) agent.Reply {
		return agent.Reply{Result: parse(t, `{"score": 0.3, "deep": {"list": [0.1, 0.2]}, "text": "high", "big": 85}`), Confidence: parse(t, v), TokenEvidence: &half}
	}
	tests := []struct{ yaml, claim, want string }{
		{"region: x", "0.9", "0.9 true"},
		{"region: x", "null", "0.5 false"},
		{"region: x", `"high"`, "0.5 false"},
		{"region: x", "7", "1 true"},
		{"region: x", "-3", "0 true"},
		{"region: x", "[1]", "0.5 false"},
		{"confidence: {from: stated}", "0.9", "0.9 true"},
		{"confidence: {from: field, path: score}", "0.9", "0.3 true"},
		{"confidence: {from: field, path: '$.deep.list[-1]'}", "0.9", "0.2 true"},
		{"confidence: {from: field, path: /deep/list/0}", "0.9", "0.1 true"},
		{"confidence: {from: field, path: text}", "0.9", "0.5 false"},
		{"confidence: {from: field, path: nowhere}", "0.9", "0.5 false"},
		{"confidence: {from: field, path: big}", "0.9", "1 true"},
		{"confidence: {from: logprobs}", "0.9", "0.5 true"},
		{"confidence: {from: fixed, value: 0.4}", "0.9", "0.4 true"},
		{"confidence: 0.6", "0.9", "0.6 true"},
	}
	for _, tt := range tests {
		out := askFake(t, &fake{call: func(context.Context, agent.Task) (agent.Reply, error) { return claims(tt.claim), nil }}, tt.yaml)
		c, _ := out.Value.AsObject().Get("confidence")
		stated, _ := out.Value.AsObject().Get("confidenceStated")
		if diff := cmp.Diff(tt.want, fmt.Sprint(c.Float(), stated.True())); diff != "" {
			t.Errorf("%s, claims %s: %s", tt.yaml, tt.claim, diff)
		}
	}
	nan := math.NaN()
	out := askFake(t, &fake{call: func(context.Context, agent.Task) (agent.Reply, error) { return agent.Reply{TokenEvidence: &nan}, nil }}, "confidence: {from: logprobs}")
	if c, _ := out.Value.AsObject().Get("confidence"); c.Float() != 0.5 {
		t.Errorf("NaN as evidence gives %v", c.Float())
	}
}
