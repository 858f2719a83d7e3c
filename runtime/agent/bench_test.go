package agent_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
)

// BenchmarkManyAgents protects the cost of a fan-out: one execution that asks
// 10,000 agents at once and votes over their answers. It is to stay below 200 ms.
func BenchmarkManyAgents(b *testing.B) {
	var text strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&text, "- {name: agent%d, capabilities: [judge], result: %d, confidence: 0.8}\n", i, i%3)
	}
	r := load(b, text.String())
	res, list := build.Compile(source.NewFile("bench.prism", "/** @agents judge */\nvote(agentResults).result"), build.Options{})
	if list.HasErrors() {
		b.Fatal(list[0])
	}
	p, err := engine.Load(res.Program, library.Std())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		out, err := p.Run(context.Background(), value.NullValue, engine.WithHandlers(r.Handlers()))
		if err != nil || out.Status != engine.StatusSuccess {
			b.Fatal(err, out.Error)
		}
		if len(out.Calls) != 10_000 {
			b.Fatalf("%d calls", len(out.Calls))
		}
	}
}
