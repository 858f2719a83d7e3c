package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
)

// randomProgram writes a program whose result depends on the order in which its
// effects complete: concurrent functions append to one log.
func randomProgram(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString("log = []\nnote = x => { log = log.push(x) }\n")
	n := 2 + r.IntN(4)
	for i := range n {
		fmt.Fprintf(&b, "async fn task%d(x) {\n", i)
		for range 1 + r.IntN(3) {
			switch r.IntN(6) {
			case 0:
				fmt.Fprintf(&b, "  sleep(%d)\n", r.IntN(20))
			case 1:
				fmt.Fprintf(&b, "  note(call(\"agent%d\", \"t\", x))\n", r.IntN(3))
			case 2:
				b.WriteString("  note(floor(random() * 1000))\n")
			case 3:
				fmt.Fprintf(&b, "  try { call(\"agent%d\", \"fail\") } catch (e) { note(e.message) }\n", r.IntN(3))
			case 4:
				fmt.Fprintf(&b, "  await delay(%d)\n", r.IntN(20))
			case 5:
				if i > 0 {
					fmt.Fprintf(&b, "  note(await task%d(x + 1))\n", r.IntN(i))
				}
			}
			fmt.Fprintf(&b, "  note(\"%d:${x}\")\n", i)
		}
		fmt.Fprintf(&b, "  return (x + %d) ~> 0.%d\n}\n", i, 1+r.IntN(9))
	}
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("task%d(%d)", i, i)
	}
	switch r.IntN(4) {
	case 0:
		fmt.Fprintf(&b, "r = await Promise.race([%s])\n", strings.Join(list, ", "))
	case 1:
		fmt.Fprintf(&b, "r = parallel { a = await %s; b = await %s; c = now() }\n", list[0], list[n-1])
	case 2:
		fmt.Fprintf(&b, "r = race([() => %s, () => %s])\n", list[0], list[1])
	default:
		fmt.Fprintf(&b, "r = await Promise.all([%s])\n", strings.Join(list, ", "))
	}
	b.WriteString("{ r, log, id: uuid() }\n")
	return b.String()
}

// TestRandomProgramsReplay runs a thousand random programs with effects that complete
// in a shuffled order, then again from their journals, whole and cut: the same
// program, input and journal give the same result.
func TestRandomProgramsReplay(t *testing.T) {
	std := library.Std()
	succeeded := 0
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 7))
		src := randomProgram(r)
		res, list := build.Compile(source.NewFile("random.prism", src), build.Options{})
		if list.HasErrors() {
			t.Fatalf("%v\n%s", list[0], src)
		}
		p, err := engine.Load(res.Program, std)
		if err != nil {
			t.Fatal(err)
		}
		delays := rand.New(rand.NewPCG(seed, 99))
		ask := engine.HandlerFunc(func(ctx context.Context, e *effect.Effect) effect.Outcome {
			ms := time.Duration(e.Path[len(e.Path)-1]*7%13) * time.Millisecond
			if err := engine.Sleep(ctx, ms); err != nil {
				return effect.Outcome{Err: &effect.Error{Code: "R0504", Message: err.Error()}}
			}
			task, _ := e.Request.Plain().AsObject().Get("task")
			a := effect.Answer{Agent: effect.NewIdentity("a", "a", nil, 0.7), Result: value.Str("answer " + e.Path), Confidence: 0.75, Stated: true}
			if value.Text(task) == "fail" {
				a.Error = "broken"
			}
			return effect.Outcome{Value: a.Value()}
		})
		run := func(journal effect.Journal, live int64) string {
			r, err := p.Run(context.Background(), value.NullValue, engine.WithVirtualTime(time.Unix(live, 0)), engine.WithJournal(journal),
				engine.WithRand(rand.NewPCG(uint64(live), seed)), engine.WithHandler(effect.Agent, ask), engine.WithID("x"))
			if err != nil {
				t.Fatal(err)
			}
			if r.Error != nil {
				return string(r.Status) + " " + r.Error.Message
			}
			text, err := json.Marshal([]any{r.Status, r.JSON(), r.Confidence, r.Confidences})
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		recorded := effect.NewMemory()
		first := run(recorded, int64(1+delays.IntN(1000)))
		if strings.HasPrefix(first, `["success"`) {
			succeeded++
		}
		entries, err := recorded.Entries()
		if err != nil {
			t.Fatal(err)
		}
		var encoded bytes.Buffer
		if err := effect.Write(&encoded, entries); err != nil {
			t.Fatal(err)
		}
		decoded, err := effect.Read(&encoded)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, run(effect.NewMemory(decoded...), 5000)); diff != "" {
			t.Fatalf("seed %d: replay differs: %s\n%s", seed, diff, src)
		}
		// A journal that ends early is replayed as far as it goes; the rest
		// happens for the first time.
		cut := effect.NewMemory(entries[:r.IntN(len(entries)+1)]...)
		if got := run(cut, 6000); strings.Contains(got, "NONDETERMINISM") || !strings.HasPrefix(got, `["success"`) {
			if strings.HasPrefix(first, `["success"`) {
				t.Fatalf("seed %d: going on from a cut journal: %s\n%s", seed, got, src)
			}
		}
	}
	if succeeded < 800 {
		t.Errorf("only %d of the programs came to a result", succeeded)
	}
}
