package engine_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// talker gives its answer word by word, a second apart, except for the last
// words, which only the answer itself has.
func talker(kept int, words ...string) engine.Handler {
	return engine.HandlerFunc(func(ctx context.Context, e *effect.Effect) effect.Outcome {
		for _, w := range words[:len(words)-kept] {
			engine.TextChunk(ctx, w)
			if err := engine.Sleep(ctx, time.Second); err != nil {
				return effect.Outcome{Err: &effect.Error{Message: err.Error()}}
			}
		}
		return effect.Outcome{Value: value.Str(strings.Join(words, "")).WithConfidence(0.7, nil)}
	})
}

// read is a program that reads an answer in chunks and prints when they came.
const read = `let s = stream_llm("hi")
let parts = []
let began = now()
let c = s.next()
while c != null { parts = parts.push(c.text); print((now() - began) / 1000, c.text); c = s.next() }
let whole = s.result()
[parts, await whole, s.next()]`

func TestStream(t *testing.T) {
	tests := []struct {
		name    string
		handler engine.Handler
		want    string
		said    []string
	}{
		{"all in chunks", talker(0, "a", "bé", "c"), `success [["a","bé","c"],"abéc",null]`, []string{"0 a", "1 bé", "2 c"}},
		{"the answer has more", talker(1, "a", "bé", "c"), `success [["a","bé","c"],"abéc",null]`, []string{"0 a", "1 bé", "2 c"}},
		{"no chunks", talker(3, "a", "b", "c"), `success [["abc"],"abc",null]`, []string{"0 abc"}},
		{"empty answer", talker(0, ""), `success [[],"",null]`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var said []string
			res := run(t, read, "", engine.WithHandler(effect.LLM, tt.handler), engine.WithEvents(func(e engine.Event) {
				if e.Type == engine.Printed {
					said = append(said, e.Data["text"].(string))
				}
			}))
			if diff := cmp.Diff(tt.want, inspect(res)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.said, said); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStreamFailsAndIsCancelled(t *testing.T) {
	failing := engine.HandlerFunc(func(ctx context.Context, e *effect.Effect) effect.Outcome {
		engine.TextChunk(ctx, "so far")
		return effect.Outcome{Err: &effect.Error{Code: engine.CodeLLMFailed, Name: "LLM_FAILED", Message: "line cut"}}
	})
	tests := []struct {
		name, src string
		handler   engine.Handler
		want      string
	}{
		{"next and result throw", `let s = stream_llm("hi")
let first = s.next().text
let seen = [first]
try { s.next() } catch (e) { seen = seen.push(e.message) }
try { await s.result() } catch (e) { seen = seen.push(e.message) }
seen`, failing, `success ["so far","line cut","line cut"]`},
		{"cancel wakes a reader", `let s = stream_llm("hi")
let second = (async () => { s.next(); s.next() })()
sleep(500)
s.cancel()
[await second, s.next()]`, talker(0, "a", "b"), `success [null,null]`},
		{"two readers", `let s = stream_llm("hi")
let r = async () => s.next()?.text
await Promise.all([r(), r(), r()])`, talker(0, "a", "b"), `success ["a","b",null]`},
		{"two streams", `let a = stream_llm("hi"); let b = stream_llm("ho")
[a.next().text, b.next().text, b.next().text, a.next().text]`, talker(0, "x", "y"), `success ["x","x","y","y"]`},
		{"prompt", `stream_llm(5)`, failing, `failed stream_llm needs the prompt as a string, not number`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := run(t, tt.src, "", engine.WithHandler(effect.LLM, tt.handler))
			got := inspect(res)
			if res.Error != nil {
				got = "failed " + res.Error.Message
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A program that stopped after any number of outcomes reads on where it was: it
// sees no part of the answer twice and misses none.
func TestStreamResumes(t *testing.T) {
	p := compile(t, `let s = stream_llm("hi")
let text = ""
let c = s.next()
while c != null { text += c.text; c = s.next() }
[text, await s.result()]`)
	words := []string{"one ", "twö ", "three ", "four"}
	want := `success ["one twö three four","one twö three four"]`
	for _, kept := range []int{0, 2} {
		for _, virtual := range []bool{true, false} {
			quick := engine.HandlerFunc(func(ctx context.Context, e *effect.Effect) effect.Outcome {
				for _, w := range words[:len(words)-kept] {
					engine.TextChunk(ctx, w)
				}
				return effect.Outcome{Value: value.Str(strings.Join(words, "")).WithConfidence(0.7, nil)}
			})
			opts := func(j effect.Journal) []engine.Option {
				o := []engine.Option{engine.WithJournal(j), engine.WithHandler(effect.LLM, quick)}
				if virtual {
					o = append(o, engine.WithVirtualTime(epoch), engine.WithHandler(effect.LLM, talker(kept, words...)))
				}
				return o
			}
			var full effect.Memory
			res, err := p.Run(context.Background(), value.NullValue, opts(&full)...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, inspect(res)); diff != "" {
				t.Fatal(diff)
			}
			entries := entriesOf(t, &full)
			rapid.Check(t, func(rt *rapid.T) {
				n := rapid.IntRange(1, len(entries)).Draw(rt, "kept")
				again, err := p.Run(context.Background(), value.NullValue, opts(effect.NewMemory(entries[:n]...))...)
				if err != nil {
					rt.Fatal(err)
				}
				if diff := cmp.Diff(want, inspect(again)); diff != "" {
					rt.Fatal(diff)
				}
			})
		}
	}
}

func TestPartialEvents(t *testing.T) {
	var got []string
	res := run(t, `llm("hi")`, "", engine.WithHandler(effect.LLM, talker(1, "a", "b")), engine.WithEvents(func(e engine.Event) {
		if e.Type == engine.PartialAnswer {
			got = append(got, e.Data["kind"].(string)+" "+string(jsonText(t, e.Data["chunk"])))
		}
	}))
	if diff := cmp.Diff(`success "ab" ~0.7`, inspect(res)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`llm {"type":"text","text":"a"}`}, got); diff != "" {
		t.Error(diff)
	}
}

func jsonText(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
