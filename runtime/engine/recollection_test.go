package engine_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
)

// TestRecollection runs a pattern that falls back on its last good outcome with
// the same input.
func TestRecollection(t *testing.T) {
	res, list := build.Compile(source.NewFile("p.yaml", `name: kept
agents: [judge]
validation:
  minConfidence: 0.7
  onFailure: fallback
  fallback: {type: previous, maxAge: 1m}
output: $result
`), build.Options{})
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	p, err := engine.Load(res.Program, library.Std())
	if err != nil {
		t.Fatal(err)
	}
	confidence := 0.9
	agents := map[string]engine.Handler{
		effect.Select: engine.HandlerFunc(func(context.Context, *effect.Effect) effect.Outcome {
			return effect.Outcome{Value: parse(t, `[{"id": "j", "name": "j", "capabilities": ["judge"]}]`)}
		}),
		effect.Agent: engine.HandlerFunc(func(context.Context, *effect.Effect) effect.Outcome {
			return effect.Outcome{Value: effect.Answer{Agent: effect.NewIdentity("j", "j", []string{"judge"}, 0.7), Stated: true, Confidence: confidence,
				Result: value.Str(fmt.Sprintf("at %v", confidence))}.Value()}
		}),
	}
	recollection := engine.NewRecollection(2)
	ask := func(input string, at time.Duration) string {
		t.Helper()
		r, err := p.Run(context.Background(), parse(t, input), engine.WithHandlers(agents), engine.WithHandlers(recollection.Handlers()),
			engine.WithVirtualTime(epoch.Add(at)))
		if err != nil {
			t.Fatal(err)
		}
		if r.Error != nil {
			return r.Error.PublicCode()
		}
		return fmt.Sprintf("%s %v", r.JSON(), *r.Confidence)
	}
	check := func(what, want, got string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	check("a good answer", `"at 0.9" 0.9`, ask(`{"a": 1}`, 0))
	confidence = 0.2
	check("the last good one", `"at 0.9" 0.9`, ask(`{"a": 1}`, time.Second))
	check("with another input", "VALIDATION_FAILED", ask(`{"a": 2}`, time.Second))
	check("too old", "VALIDATION_FAILED", ask(`{"a": 1}`, 2*time.Minute))
	confidence = 0.8
	for _, input := range []string{`{"a": 3}`, `{"a": 4}`} {
		check("another", `"at 0.8" 0.8`, ask(input, time.Second))
	}
	confidence = 0.2
	check("the oldest is gone", "VALIDATION_FAILED", ask(`{"a": 1}`, time.Second))
	check("the newest is there", `"at 0.8" 0.8`, ask(`{"a": 4}`, time.Second))
}
