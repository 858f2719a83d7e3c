package engine_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// busy is a program with every kind of effect, many under way at a time.
const busy = `async fn one(i) {
  let n = llm("question " + i)
  sleep(n * 10)
  print("done", i, n)
  n
}
let id = uuid()
let all = await Promise.all(range(0, 8).map(i => one(i)))
let failed = null
try { ask("who?") } catch (e) { failed = e.message }
[id, random(), now(), all, failed, execution.id, execution.startedAt]`

// entriesOf returns what a journal holds.
func entriesOf(t testing.TB, j effect.Journal) []effect.Entry {
	t.Helper()
	entries, err := j.Entries()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// refuse answers questions with an error.
var refuse = engine.HandlerFunc(func(context.Context, *effect.Effect) effect.Outcome {
	return effect.Outcome{Err: &effect.Error{Code: "R0509", Name: "ASK_FAILED", Message: "nobody there", Data: value.NullValue}}
})

// unexpected fails the test when it is asked.
func unexpected(t testing.TB) engine.Handler {
	return engine.HandlerFunc(func(_ context.Context, e *effect.Effect) effect.Outcome {
		t.Errorf("%s was really done", e.Kind)
		return effect.Outcome{}
	})
}

// recordBusy runs the program in real time and returns its result and journal.
func recordBusy(t testing.TB, p *engine.Program) (*engine.Result, []effect.Entry) {
	t.Helper()
	var j effect.Memory
	res, err := p.Run(context.Background(), value.NullValue, engine.WithJournal(&j),
		engine.WithHandler(effect.LLM, counting()), engine.WithHandler(effect.Ask, refuse))
	if err != nil {
		t.Fatal(err)
	}
	if res.Status != engine.StatusSuccess {
		t.Fatal(inspect(res))
	}
	return res, entriesOf(t, &j)
}

func TestReplayIsExact(t *testing.T) {
	p := compile(t, busy)
	want, entries := recordBusy(t, p)
	journal := effect.NewMemory(entries...)
	var said int
	got, err := p.Run(context.Background(), value.NullValue, engine.WithJournal(journal),
		engine.WithHandler(effect.LLM, unexpected(t)), engine.WithHandler(effect.Ask, unexpected(t)), engine.WithHandler(effect.Sleep, unexpected(t)),
		engine.WithEvents(func(e engine.Event) {
			if e.Type == engine.Printed {
				said++
			}
		}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(inspect(want), inspect(got)); diff != "" {
		t.Error(diff)
	}
	if want.ExecutionID != got.ExecutionID {
		t.Errorf("the id changed from %s to %s", want.ExecutionID, got.ExecutionID)
	}
	if said != 0 {
		t.Errorf("%d texts were printed again", said)
	}
	if n := len(entriesOf(t, journal)); n != len(entries) {
		t.Errorf("the replay added entries: %d before, %d after", len(entries), n)
	}
}

// An execution that stopped after any number of outcomes goes on from there and
// ends in the same way, as far as the recorded outcomes decide it.
func TestResumeAnywhere(t *testing.T) {
	p := compile(t, `let a = llm("a")
let b = await Promise.all([1, 2, 3].map(async i => llm("b" + i)))
sleep(5)
[execution.id, a, b, llm("c"), random() < 2]`)
	answer := engine.HandlerFunc(func(_ context.Context, e *effect.Effect) effect.Outcome {
		prompt, _ := e.Request.Plain().AsObject().Get("prompt")
		return effect.Outcome{Value: value.Str("answer to " + value.Text(prompt))}
	})
	var full effect.Memory
	opts := func(j effect.Journal) []engine.Option {
		return []engine.Option{engine.WithJournal(j), engine.WithHandler(effect.LLM, answer), engine.WithVirtualTime(epoch)}
	}
	want, err := p.Run(context.Background(), value.NullValue, opts(&full)...)
	if err != nil {
		t.Fatal(err)
	}
	entries := entriesOf(t, &full)
	if len(entries) != 8 {
		t.Fatalf("%d entries, want start, five models, a sleep and a random number", len(entries))
	}
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, len(entries)).Draw(rt, "kept")
		j := effect.NewMemory(entries[:n]...)
		got, err := p.Run(context.Background(), value.NullValue, opts(j)...)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(inspect(want), inspect(got)); diff != "" {
			rt.Fatal(diff)
		}
		after := entriesOf(t, j)
		for i, e := range after {
			if e.Seq != uint64(i+1) || e.Path != entries[i].Path || e.Kind != entries[i].Kind || e.Digest != entries[i].Digest {
				rt.Fatalf("entry %d is %d %s %s, want %s %s", i+1, e.Seq, e.Path, e.Kind, entries[i].Path, entries[i].Kind)
			}
		}
	})
}

func TestReplayedEvents(t *testing.T) {
	p := compile(t, busy)
	_, entries := recordBusy(t, p)
	said := 0
	_, err := p.Run(context.Background(), value.NullValue, engine.WithJournal(effect.NewMemory(entries...)), engine.WithReplayedEvents(),
		engine.WithEvents(func(e engine.Event) {
			if e.Type == engine.Printed {
				said++
			}
		}))
	if err != nil {
		t.Fatal(err)
	}
	if said != 8 {
		t.Errorf("%d texts were printed, want 8", said)
	}
}

func TestNondeterminism(t *testing.T) {
	recorded := func(src string) []effect.Entry {
		var j effect.Memory
		res := run(t, src, "", engine.WithJournal(&j), engine.WithHandler(effect.LLM, counting()))
		if res.Status != engine.StatusSuccess {
			t.Fatal(inspect(res))
		}
		return entriesOf(t, &j)
	}
	tests := []struct {
		name, before, after, want string
		line                      int
	}{
		{"other request", `llm("a")`, "\n" + `llm("b")`, `the program asks "llm" for something else than what is recorded`, 2},
		{"other kind at once", `random()`, `now()`, `the program asks for "now" where "random" (entry 2) is recorded`, 1},
		{"other kind", `llm("a")`, `sleep(1)`, `the program asks for "sleep" where "llm" (entry 2) is recorded`, 1},
		{"more recorded", `llm("a"); llm("b")`, `llm("a")`, `the program ended, but its record goes on with "llm" (entry 3)`, 0},
		{"not asked", `await Promise.all([1, 2].map(async i => llm("a" + i)))`, `await Promise.all([1].map(async i => { llm("a" + i); llm("z") }))`,
			`the record goes on with "llm" (entry 3), but the program does not wait for it`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j := effect.NewMemory(recorded(tt.before)...)
			res := run(t, tt.after, "", engine.WithJournal(j), engine.WithHandler(effect.LLM, counting()))
			if diff := cmp.Diff("failed NONDETERMINISM: The execution can't be replayed: "+tt.want, inspect(res)); diff != "" {
				t.Error(diff)
			}
			if res.Error != nil && res.Error.Line != tt.line {
				t.Errorf("reported at line %d, want %d", res.Error.Line, tt.line)
			}
		})
	}
}

func TestJournalOfAnotherExecution(t *testing.T) {
	var j effect.Memory
	run(t, `input`, `1`, engine.WithJournal(&j))
	entry := entriesOf(t, &j)[0]
	tests := []struct {
		name    string
		entries []effect.Entry
		want    string
	}{
		{"other input", []effect.Entry{entry}, "belongs to an execution with another input"},
		{"no description", []effect.Entry{{Seq: 1, Kind: effect.Now}}, "does not begin with the description of an execution"},
		{"empty description", []effect.Entry{{Seq: 1, Kind: "start", Digest: entry.Digest, Outcome: effect.Outcome{Value: value.ObjectOf(nil, nil).Value()}}}, "description of an execution"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			input := parse(t, `2`)
			if tt.name == "empty description" {
				input = parse(t, `1`)
			}
			_, err := compile(t, `input`).Run(context.Background(), input, engine.WithJournal(effect.NewMemory(tt.entries...)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// brokenJournal refuses what comes after n entries.
type brokenJournal struct {
	effect.Memory
	left    int
	readErr error
}

func (j *brokenJournal) Append(e effect.Entry) error {
	if j.left--; j.left < 0 {
		return errors.New("disk full")
	}
	return j.Memory.Append(e)
}

func (j *brokenJournal) Entries() ([]effect.Entry, error) {
	if j.readErr != nil {
		return nil, j.readErr
	}
	return j.Memory.Entries()
}

func TestJournalFails(t *testing.T) {
	for left, src := range []string{`1`, `now()`, `now(); llm("x")`} {
		j := &brokenJournal{left: left}
		_, err := compile(t, src).Run(context.Background(), value.NullValue, engine.WithJournal(j), engine.WithHandler(effect.LLM, counting()))
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: got %v", src, err)
		}
	}
	_, err := compile(t, `1`).Run(context.Background(), value.NullValue, engine.WithJournal(&brokenJournal{readErr: errors.New("no such table")}))
	if err == nil || !strings.Contains(err.Error(), "no such table") {
		t.Errorf("got %v", err)
	}
}

func TestUnrecordableRequest(t *testing.T) {
	var j effect.Memory
	res := run(t, `try { ask("ok?", {options: [x => x]}) } catch (e) { e.name }`, "", engine.WithJournal(&j), engine.WithHandler(effect.Ask, unexpected(t)))
	if diff := cmp.Diff(`success "JOURNAL_FAILED"`, inspect(res)); diff != "" {
		t.Error(diff)
	}
}

func TestTerminal(t *testing.T) {
	tests := []struct{ name, src, in, want, shown string }{
		{"line", `ask("Your name?")`, "Ada\r\n", `success "Ada"`, "Your name?\n> "},
		{"last line without an end", `ask("Your name?")`, "Ada", `success "Ada"`, "Your name?\n> "},
		{"option by number", `ask("Which?", ["red", "blue"])`, "2\n", `success "blue"`, "Which?\n  1) red\n  2) blue\n> "},
		{"option by text", `ask("Which?", {options: ["red", "blue"]})`, "RED\n", `success "red"`, "Which?\n  1) red\n  2) blue\n> "},
		{"again", `ask("Which?", {choices: [true, 7]})`, "3\n0\n7\n", `success 7`,
			"Which?\n  1) true\n  2) 7\n> Please answer with one of the options or its number, 1 to 2.\n> Please answer with one of the options or its number, 1 to 2.\n> "},
		{"two questions", `ask("a") + ask("b")`, "1\n2\n", `success "12"`, "a\n> b\n> "},
		{"end of input", `try { ask("a") } catch (e) { e.message }`, "", `success "The question was not answered: there is no answer: the input has ended"`, "a\n> "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			res := run(t, tt.src, "", engine.WithHandler(effect.Ask, engine.NewTerminal(strings.NewReader(tt.in), &out)))
			if diff := cmp.Diff(tt.want, inspect(res)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.shown, out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// blockedReader never has anything to read until it is released.
type blockedReader struct{ release chan struct{} }

func (r *blockedReader) Read([]byte) (int, error) {
	<-r.release
	return 0, errors.New("closed")
}

func TestTerminalIsCancelled(t *testing.T) {
	in := &blockedReader{make(chan struct{})}
	defer close(in.release)
	p := compile(t, `ask("still there?")`)
	res, err := p.Run(context.Background(), value.NullValue, engine.WithTimeout(time.Millisecond),
		engine.WithHandler(effect.Ask, engine.NewTerminal(in, &bytes.Buffer{})))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("timed_out TIMEOUT: Execution timed out after 1ms", inspect(res)); diff != "" {
		t.Error(diff)
	}
}

// Without anybody to ask, an execution goes on as long as it can and then ends
// as one that needs review. With an answer in its journal it goes on from there.
func TestNeedsReview(t *testing.T) {
	src := `async fn other() { sleep(1000); print("other is done") }
let o = other()
let ok = ask("Release it?", ["yes", "no"])
await o
ok`
	var j effect.Memory
	var said []string
	res := run(t, src, "", engine.WithJournal(&j), engine.WithEvents(func(e engine.Event) {
		if e.Type == engine.Printed {
			said = append(said, e.Data["text"].(string))
		}
	}))
	if res.Status != engine.StatusNeedsReview || res.Error != nil {
		t.Fatal(inspect(res))
	}
	if !strings.HasPrefix(string(res.Escalation), `{"reason":"ask","question":"Release it?","options":`) {
		t.Errorf("escalation is %s", res.Escalation)
	}
	if diff := cmp.Diff([]string{"other is done"}, said); diff != "" {
		t.Error(diff)
	}
	answer := engine.HandlerFunc(func(context.Context, *effect.Effect) effect.Outcome { return effect.Outcome{Value: value.Str("yes")} })
	again := run(t, src, "", engine.WithJournal(&j), engine.WithHandler(effect.Ask, answer), engine.WithHandler(effect.Sleep, unexpected(t)))
	if diff := cmp.Diff(`success "yes"`, inspect(again)); diff != "" {
		t.Error(diff)
	}
}
