package engine_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// fuzzLimits keep any program small and short.
var fuzzLimits = vm.Limits{Steps: 200_000, CallDepth: 500, Fibers: 1_000, Memory: 64 << 20, String: 1 << 20, Array: 1 << 20}

// FuzzRun compiles and runs any text. Nothing may panic (the compiler panics
// when it makes code that its own verifiers reject), and every execution ends
// well within the bounds it was given, with a result that is JSON.
func FuzzRun(f *testing.F) {
	for _, pattern := range []string{"../vm/testdata/*.prism", "../../examples/*.prism"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds at %s: %v", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			for _, chunk := range strings.Split(string(text), "\n---\n") {
				f.Add(chunk)
			}
		}
	}
	lib := library.Std()
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4<<10 {
			return // larger texts find the same and cost more
		}
		res, list := build.Compile(source.NewFile("fuzz.prism", text), build.Options{})
		if list.HasErrors() {
			return
		}
		p, err := engine.Load(res.Program, lib)
		if err != nil {
			if strings.Contains(err.Error(), "schema") {
				return // the program's own header asks for an impossible schema
			}
			t.Fatalf("a program that compiles does not load: %v", err)
		}
		began := time.Now()
		result, err := p.Run(context.Background(), value.NullValue,
			engine.WithVirtualTime(time.Unix(1_700_000_000, 0)), engine.WithRand(rand.NewPCG(1, 2)),
			engine.WithHandler(effect.Agent, engine.HandlerFunc(scriptedAgent)),
			engine.WithHandler(effect.Select, engine.HandlerFunc(threeAgents)),
			engine.WithLimits(fuzzLimits), engine.WithTimeout(2*time.Second))
		if err != nil {
			t.Fatalf("the execution could not be carried out: %v", err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Fatalf("the execution took %v", took)
		}
		if _, err := json.Marshal(result); err != nil {
			t.Fatalf("the result is not JSON: %v", err)
		}
	})
}

// scriptedAgent answers with the agent's name and a confidence that depends on
// it, after a time that does too.
func scriptedAgent(ctx context.Context, e *effect.Effect) effect.Outcome {
	req := e.Request.Plain()
	name := "nobody"
	if req.Kind() == value.ObjectKind {
		if a, ok := req.AsObject().Get("agent"); ok {
			if name = value.Text(a.Plain()); a.PlainKind() == value.ObjectKind {
				n, _ := a.Plain().AsObject().Get("name")
				name = value.Text(n.Plain())
			}
		}
	}
	sum := 0
	for _, c := range []byte(name) {
		sum += int(c)
	}
	started := engine.Now(ctx)
	if err := engine.Sleep(ctx, time.Duration(sum%7)*time.Millisecond); err != nil {
		return effect.Outcome{Err: &effect.Error{Code: engine.CodeNoHandler, Name: "CANCELLED", Message: err.Error()}}
	}
	ans := effect.Answer{Agent: effect.NewIdentity(name, name, nil, 0.7), Result: value.Str("answer of " + name),
		Confidence: float64(sum%100) / 100, Stated: true, Timestamp: engine.Now(ctx), Duration: engine.Now(ctx).Sub(started)}
	return effect.Outcome{Value: ans.Value()}
}

// threeAgents answers every select.
func threeAgents(context.Context, *effect.Effect) effect.Outcome {
	var out []value.Value
	for _, name := range []string{"ada", "bob", "eve"} {
		out = append(out, value.ObjectOf([]string{"id", "name"}, []value.Value{value.Str(name), value.Str(name)}).Value())
	}
	return effect.Outcome{Value: value.NewArray(out)}
}
