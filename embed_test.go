package prism_test

import (
	"context"
	"fmt"

	prism "github.com/parallaxai/parallax"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

func ExampleCompile() {
	p, diags := prism.Compile("double.prism", "(input.n * 2) ~> 0.9")
	if diags.HasErrors() {
		fmt.Println(diags[0])
		return
	}
	res, err := p.Run(context.Background(), []byte(`{"n": 21}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(res.JSON()), *res.Confidence)
	// Output: 42 0.9
}

func ExampleCompile_errors() {
	_, diags := prism.Compile("typo.prism", "let total = 1\ntotl + 1")
	for _, d := range diags {
		fmt.Println(d, "-", d.Hint)
	}
	// Output: typo.prism:2:1: error N0001: there is no name `totl` - did you mean `total`?
}

// A handler answers what the program asks of the world, here a question to a
// person.
func ExampleProgram_Run() {
	p, _ := prism.Compile("ask.prism", `"Hello, ${ask("Your name?")}!"`)
	res, err := p.Run(context.Background(), nil, engine.WithHandler(effect.Ask,
		engine.HandlerFunc(func(context.Context, *effect.Effect) effect.Outcome {
			return effect.Outcome{Value: value.Str("Ada")}
		})))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(res.JSON()))
	// Output: "Hello, Ada!"
}
