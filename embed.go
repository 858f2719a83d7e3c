// Package prism embeds the Prism language in Go programs: compile a source text,
// run it with an input, read the value and its confidence.
//
//	p, diags := prism.Compile("hello.prism", src)
//	if diags.HasErrors() { ... }
//	res, err := p.Run(ctx, input)
//
// A Program may be run any number of times and by several goroutines at once.
// What programs ask of the world is answered by handlers (see
// runtime/engine.WithHandler); without any they can compute, print, wait and
// draw random numbers, nothing else.
package prism

import (
	"context"
	"sync"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// Program is a compiled program.
type Program struct{ p *engine.Program }

// Result is what a run came to; see engine.Result.
type Result = engine.Result

// Option sets up a run; see runtime/engine for the options there are.
type Option = engine.Option

// Value is a Prism value.
type Value = value.Value

// std is the library that all programs share; it never changes.
var std = sync.OnceValue(func() *vm.Library { return library.Std() })

// Compile compiles a source text that may import "std/..." and the files that
// loader finds; the name is used in messages. The program is nil when the
// diagnostics have errors.
func Compile(name, src string, loader ...module.Loader) (*Program, diag.List) {
	opts := build.Options{}
	if len(loader) > 0 {
		opts.Loader = loader[0]
	}
	res, list := build.Compile(source.NewFile(name, src), opts)
	if list.HasErrors() {
		return nil, list
	}
	p, err := engine.Load(res.Program, std())
	if err != nil {
		list.Add("R0099", diag.Error, nil, source.Span{}, "%v", err)
		return nil, list
	}
	return &Program{p}, list
}

// Run runs the program with an input given as JSON; nil is no input. A program
// that fails is no error: Result.Status and Result.Error tell. The error is that
// of an input that is not JSON or of a journal.
func (p *Program) Run(ctx context.Context, input []byte, opts ...Option) (*Result, error) {
	v := value.NullValue
	if input != nil {
		var err error
		if v, err = value.FromJSON(input); err != nil {
			return nil, err
		}
	}
	return p.p.Run(ctx, v, opts...)
}
