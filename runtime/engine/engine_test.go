package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// epoch is where virtual clocks begin.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// compile compiles and links a program.
func compile(t testing.TB, src string) *engine.Program {
	t.Helper()
	res, list := build.Compile(source.NewFile("test.prism", src), build.Options{})
	for _, d := range list {
		if list.HasErrors() {
			t.Error(d)
		}
	}
	if list.HasErrors() {
		t.FailNow()
	}
	p, err := engine.Load(res.Program, library.Std())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// run compiles and runs a program under virtual time with fixed random numbers,
// and checks that no goroutine is left.
func run(t testing.TB, src, input string, opts ...engine.Option) *engine.Result {
	t.Helper()
	return runProgram(t, compile(t, src), input, opts...)
}

func runProgram(t testing.TB, p *engine.Program, input string, opts ...engine.Option) *engine.Result {
	t.Helper()
	res, err := p.Run(context.Background(), parse(t, input), append(fixed(), opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// fixed are options that make an execution the same each time.
func fixed() []engine.Option {
	return []engine.Option{engine.WithVirtualTime(epoch), engine.WithRand(rand.NewPCG(1, 2)), engine.WithID("run-1")}
}

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	if text == "" {
		return value.NullValue
	}
	v, err := value.FromJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// inspect sums up a result in a line.
func inspect(r *engine.Result) string {
	if r.Error != nil {
		return fmt.Sprintf("%s %s: %s", r.Status, r.Error.PublicCode(), r.Error.Message)
	}
	s := fmt.Sprintf("%s %s", r.Status, r.JSON())
	if r.Confidence != nil {
		s += fmt.Sprintf(" ~%v", *r.Confidence)
	}
	return s
}

func TestResults(t *testing.T) {
	tests := []struct{ name, src, input, want string }{
		{"plain value", `1 + 2`, ``, `success 3`},
		{"confident value", `"yes" ~> 0.8`, ``, `success "yes" ~0.8`},
		{"own confidence beats the field", `{confidence: 0.2} ~> 0.9`, ``, `success {"confidence":0.2} ~0.9`},
		{"confidence field", `{a: 1, confidence: 0.25}`, ``, `success {"a":1,"confidence":0.25} ~0.25`},
		{"confident confidence field", `{confidence: 0.25 ~> 0.5}`, ``, `success {"confidence":0.25} ~0.25`},
		{"confidence field of another kind", `{confidence: "high"}`, ``, `success {"confidence":"high"}`},
		{"order of keys", `{b: 1, a: [true, null, "x<y"]}`, ``, `success {"b":1,"a":[true,null,"x<y"]}`},
		{"input", `input.a[1]`, `{"a": [1, "two"]}`, `success "two"`},
		{"no input", `input`, ``, `success null`},
		{"execution", `[execution.id, execution.pattern, execution.version, execution.startedAt]`, ``, `success ["run-1","test","1.0.0",1767225600000]`},
		{"header", "/**\n * @name greeter\n * @version 2.1.0\n */\npattern.name + pattern.version", ``, `success "greeter2.1.0"`},
		{"clock", `let a = now(); sleep(1500); now() - a`, ``, `success 1500`},
		{"thrown text", `throw "bad"`, ``, `failed R0002: bad`},
		{"division", `1 / input`, `0`, `failed R0103: division by zero`},
		{"no model", `try { llm("hi") } catch (e) { e.name }`, ``, `success "LLM_NOT_CONFIGURED"`},
		{"no agents", `try { call("x", "work") } catch (e) { e.name }`, ``, `success "UNSUPPORTED_EFFECT"`},
		{"bad sleep", `try { sleep(0 - 1) } catch (e) { "no" }`, ``, `success "no"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := inspect(run(t, tt.src, tt.input))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhereItFailed(t *testing.T) {
	res := run(t, "function f(x) {\n  return x.name.first\n}\nf({})", "")
	if res.Error == nil {
		t.Fatal(inspect(res))
	}
	if res.Error.File != "test.prism" || res.Error.Line != 2 {
		t.Errorf("failed at %s:%d:%d, want line 2 of test.prism", res.Error.File, res.Error.Line, res.Error.Column)
	}
	var lines []int
	for _, f := range res.Error.Stack {
		lines = append(lines, f.Line)
	}
	if diff := cmp.Diff([]int{2, 4}, lines); diff != "" {
		t.Error(diff)
	}
}

func TestUnprintableParts(t *testing.T) {
	res := run(t, `{a: Infinity, "b/~": [x => x], c: 1 ~> 0.5}`, "")
	if diff := cmp.Diff(`{"a":null,"b/~":[null],"c":1}`, string(res.JSON())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]float64{"/c": 0.5}, res.Confidences); diff != "" {
		t.Error(diff)
	}
	want := []engine.Warning{
		{Code: "R0702", Message: "In the result, Infinity at /a has no JSON form; it became null"},
		{Code: "R0702", Message: "In the result, a function at /b~1~0/0 has no JSON form; it became null"},
	}
	if diff := cmp.Diff(want, res.Warnings); diff != "" {
		t.Error(diff)
	}
}

func TestConfidenceFieldOutOfRange(t *testing.T) {
	res := run(t, `{confidence: 85}`, "")
	if res.Confidence != nil || len(res.Warnings) != 1 || res.Warnings[0].Code != "R0703" {
		t.Errorf("confidence %v, warnings %v", res.Confidence, res.Warnings)
	}
}

func TestTooDeepResult(t *testing.T) {
	res := run(t, "let x = 1\nfor i = 0; i < 20000; i++ { x = [x] }\nx", "")
	if diff := cmp.Diff("failed RESULT_INVALID: the result can't be handed out: value is nested deeper than 10000 levels", inspect(res)); diff != "" {
		t.Error(diff)
	}
}

func TestResultJSON(t *testing.T) {
	tests := []struct {
		name string
		res  *engine.Result
		want string
	}{
		{"success", run(t, `[1 ~> 0.5, 2]`, ""), `{"status":"success","value":[1,2],"confidence":null,"confidences":{"/0":0.5},` +
			`"pattern":"test","version":"1.0.0","executionId":"run-1","durationMs":0,"agents":[],"calls":[],"escalation":null,"warnings":[]}`},
		{"failure", run(t, `fail("no <agreement>", {votes: [1, 2]})`, ""), `{"status":"failed","error":{"code":"FAILED","message":"no <agreement>",` +
			`"file":"test.prism","line":1,"column":1,"stack":[{"function":"","file":"test.prism","line":1,"column":1}],"data":{"votes":[1,2]}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.res.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			var a, b map[string]any
			if err := json.Unmarshal(got, &a); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(tt.want), &b); err != nil {
				t.Fatal(err)
			}
			if tt.name == "failure" { // the code of fail() is the library's affair
				delete(a["error"].(map[string]any), "code")
				delete(b["error"].(map[string]any), "code")
				delete(a["error"].(map[string]any), "stack")
				delete(b["error"].(map[string]any), "stack")
			} else if string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if diff := cmp.Diff(b, a); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// counting answers every effect of a kind with the number of the call.
func counting() engine.Handler {
	var n atomic.Int64
	return engine.HandlerFunc(func(context.Context, *effect.Effect) effect.Outcome {
		return effect.Outcome{Value: value.Num(float64(n.Add(1))).WithConfidence(0.5, nil)}
	})
}

func TestTimeouts(t *testing.T) {
	tests := []struct {
		name, src string
		opts      []engine.Option
		want      string
	}{
		{"option", `sleep(5000)`, []engine.Option{engine.WithTimeout(time.Second)}, "timed_out TIMEOUT: Execution timed out after 1000ms"},
		{"header", "/** @timeout 250 */\nsleep(5000)", nil, "timed_out TIMEOUT: Execution timed out after 250ms"},
		{"option beats header", "/** @timeout 250 */\nsleep(5000)", []engine.Option{engine.WithTimeout(7 * time.Second)}, "success null"},
		{"default", `sleep(600000)`, nil, "timed_out TIMEOUT: Execution timed out after 300000ms"},
		{"none", `sleep(600000)`, []engine.Option{engine.WithTimeout(-1)}, "success null"},
		{"exactly in time", `sleep(999)`, []engine.Option{engine.WithTimeout(time.Second)}, "success null"},
		{"very long sleep", `sleep(9e11)`, nil, "timed_out TIMEOUT: Execution timed out after 300000ms"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, inspect(run(t, tt.src, "", tt.opts...))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The place of a timeout is the effect that has been under way longest.
func TestTimeoutHasAPlace(t *testing.T) {
	res := run(t, "let a = 1\nsleep(5000)", "", engine.WithTimeout(time.Second))
	if res.Error == nil || res.Error.File != "test.prism" || res.Error.Line != 2 {
		t.Errorf("got %+v", res.Error)
	}
}

func TestRealTime(t *testing.T) {
	p := compile(t, "let a = now(); sleep(20); now() - a")
	res, err := p.Run(context.Background(), value.NullValue)
	if err != nil {
		t.Fatal(err)
	}
	if ms := res.Value.Plain().Float(); res.Status != engine.StatusSuccess || ms < 20 || ms > 10_000 {
		t.Errorf("%s; slept %v ms, want about 20", inspect(res), ms)
	}
	if len(res.ExecutionID) != 36 || res.ExecutionID[14] != '7' {
		t.Errorf("%q is no UUID of version 7", res.ExecutionID)
	}

	res, err = compile(t, "sleep(60000)").Run(context.Background(), value.NullValue, engine.WithTimeout(5*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("timed_out TIMEOUT: Execution timed out after 5ms", inspect(res)); diff != "" {
		t.Error(diff)
	}

	res, err = compile(t, "while true { 1 }").Run(context.Background(), value.NullValue, engine.WithTimeout(5*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if res.Status != engine.StatusTimedOut {
		t.Error(inspect(res))
	}
}

func TestCancel(t *testing.T) {
	for _, src := range []string{"sleep(60000)", "while true { 1 }"} {
		ctx, cancel := context.WithCancelCause(context.Background())
		p := compile(t, src)
		res, err := p.Run(ctx, value.NullValue, engine.WithEvents(func(e engine.Event) {
			if e.Type == engine.Started {
				cancel(errors.New("no longer wanted"))
			}
		}))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff("cancelled CANCELLED: Execution cancelled: no longer wanted", inspect(res)); diff != "" {
			t.Errorf("%s: %s", src, diff)
		}
	}
}

func TestLimits(t *testing.T) {
	res := run(t, "while true { 1 }", "", engine.WithLimits(vm.Limits{Steps: 1000}), engine.WithTimeout(-1))
	if res.Status != engine.StatusFailed || res.Error.Name != "LimitExceeded" {
		t.Error(inspect(res))
	}
}

func TestRaceCancelsTheLoser(t *testing.T) {
	ended := make(chan error, 1)
	slow := engine.HandlerFunc(func(ctx context.Context, _ *effect.Effect) effect.Outcome {
		err := engine.Sleep(ctx, time.Hour)
		ended <- err
		return effect.Outcome{Value: value.Str("late")}
	})
	src := `async fn ask() { llm("x") }
async fn wait() { sleep(10); "first" }
await Promise.race([ask(), wait()])`
	res := run(t, src, "", engine.WithHandler(effect.LLM, slow))
	if diff := cmp.Diff(`success "first"`, inspect(res)); diff != "" {
		t.Error(diff)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the handler ended with %v, want a cancellation", err)
	}
	if res.Duration != 10*time.Millisecond {
		t.Errorf("took %v of virtual time, want 10ms", res.Duration)
	}
}

func TestHandlerPanics(t *testing.T) {
	boom := engine.HandlerFunc(func(context.Context, *effect.Effect) effect.Outcome { panic("boom") })
	res := run(t, `try { llm("x") } catch (e) { e.message }`, "", engine.WithHandler(effect.LLM, boom))
	if diff := cmp.Diff(`success "The handler of \"llm\" failed: boom"`, inspect(res)); diff != "" {
		t.Error(diff)
	}
}

func TestOwnClockHandler(t *testing.T) {
	res := run(t, `now()`, "", engine.WithHandler(effect.Now, counting()))
	if diff := cmp.Diff("success 1 ~0.5", inspect(res)); diff != "" {
		t.Error(diff)
	}
}

func TestRandomIsReproducible(t *testing.T) {
	src := `[random(), random(), uuid()]`
	a, b := run(t, src, ""), run(t, src, "")
	if diff := cmp.Diff(inspect(a), inspect(b)); diff != "" {
		t.Error(diff)
	}
	c := run(t, src, "", engine.WithRand(rand.NewPCG(3, 4)))
	if inspect(a) == inspect(c) {
		t.Error("another seed gives the same numbers")
	}
	for _, v := range a.Value.AsArray().Elems()[:2] {
		if f := v.Float(); f < 0 || f >= 1 {
			t.Errorf("%v is not in [0, 1)", f)
		}
	}
}

// Handlers that finish at the same virtual time are delivered in the order in
// which they were asked, whatever the goroutines do.
func TestVirtualTimeIsDeterministic(t *testing.T) {
	src := `async fn one(i) { llm("q" + i); print(i); i }
await Promise.all(range(0, 40).map(i => one(i)))`
	h := engine.HandlerFunc(func(ctx context.Context, e *effect.Effect) effect.Outcome {
		for range len(e.Path) % 3 {
			runtime.Gosched()
		}
		if err := engine.Sleep(ctx, time.Duration(len(e.Path)%2)*time.Second); err != nil {
			return effect.Outcome{Err: &effect.Error{Message: err.Error()}}
		}
		return effect.Outcome{Value: value.Int(engine.Now(ctx).Second())}
	})
	p := compile(t, src)
	var first string
	for i := range 20 {
		var said []string
		res := runProgram(t, p, "", engine.WithHandler(effect.LLM, h), engine.WithEvents(func(e engine.Event) {
			if e.Type == engine.Printed {
				said = append(said, e.Data["text"].(string))
			}
		}))
		got := inspect(res) + strings.Join(said, " ")
		if i == 0 {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Fatalf("round %d: %s", i, diff)
		}
	}
}

func TestEvents(t *testing.T) {
	var got []string
	last := int64(0)
	opts := []engine.Option{engine.WithTrace(), engine.WithHandler(effect.LLM, counting()), engine.WithEvents(func(e engine.Event) {
		if e.Seq != last+1 || e.ExecutionID != "run-1" {
			t.Errorf("event %d after %d of %q", e.Seq, last, e.ExecutionID)
		}
		last = e.Seq
		data, err := json.Marshal(e.Data)
		if err != nil {
			t.Error(err)
		}
		got = append(got, string(e.Type)+" "+string(data))
	})}
	run(t, "print(1, [\"a\"])\nlog(\"warn\", \"careful\", 2)\nemit(\"stage\", {n: 1})\nllm(\"hi\")", "", opts...)
	want := []string{
		`started {"pattern":"test","version":"1.0.0"}`,
		`print {"text":"1 [a]"}`,
		`log {"level":"warn","text":"careful 2"}`,
		`emit {"data":{"n":1},"event":"stage"}`,
		`effect_started {"column":1,"file":"test.prism","kind":"llm","line":4,"path":"0.0"}`,
		`effect_ended {"durationMs":0,"kind":"llm","path":"0.0"}`,
		`completed {"agentCount":0,"confidence":0.5,"durationMs":0}`,
	}
	for i := range got { // the form of paths is the machine's affair
		if j := strings.Index(got[i], `"path":"`); j >= 0 {
			k := j + 8 + strings.IndexByte(got[i][j+8:], '"')
			got[i] = got[i][:j+8] + "0.0" + got[i][k:]
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEscalation(t *testing.T) {
	res := run(t, `emit("escalated", {to: "lead", reason: "unsure"}); 1`, "")
	if diff := cmp.Diff(`{"to":"lead","reason":"unsure"}`, string(res.Escalation)); diff != "" {
		t.Error(diff)
	}
}

// Ten thousand calls at once, and not a goroutine left after them.
func TestManyAndNoLeak(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	src := `async fn one(i) { <~ llm("q" + i) }
let all = await Promise.all(range(0, 10000).map(i => one(i)))
all.length`
	res := run(t, src, "", engine.WithHandler(effect.LLM, counting()))
	if diff := cmp.Diff("success 10000", inspect(res)); diff != "" {
		t.Error(diff)
	}
	stuck := run(t, "async fn one(i) { sleep(i * 1000) }\nrange(0, 100).map(i => one(i))\nthrow \"enough\"", "")
	if stuck.Status != engine.StatusFailed {
		t.Error(inspect(stuck))
	}
}
