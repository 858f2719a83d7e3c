package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/runtime/schema"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// Program is a compiled program that is ready to run, any number of times and
// by several goroutines at once.
type Program struct {
	image *vm.Image
	input *schema.Schema // nil when any input is accepted
}

// Load joins a program with the library it uses and prepares its input schema.
func Load(p *bytecode.Program, lib *vm.Library) (*Program, error) {
	if p == nil || lib == nil {
		return nil, errors.New("engine.Load needs a program and a library")
	}
	image, err := vm.Link(p, lib)
	if err != nil {
		return nil, fmt.Errorf("the program can't be linked: %w", err)
	}
	out := &Program{image: image}
	if len(p.Meta.Input) > 0 {
		if out.input, err = schema.Compile(p.Meta.Input); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Covered returns the same program with counters of what its executions run.
// They are slower.
func (p *Program) Covered() (*Program, *vm.Coverage) {
	image, coverage := p.image.Covered()
	return &Program{image: image, input: p.input}, coverage
}

// Meta returns what the program says about itself.
func (p *Program) Meta() *bytecode.Meta { return &p.image.Program.Meta }

// Run runs the program once and waits for its end. A program that fails is no
// error of Run: the Result tells. An error means that the execution could not be
// carried out, because its journal failed.
func (p *Program) Run(ctx context.Context, input value.Value, opts ...Option) (*Result, error) {
	return p.New(input, opts...).Run(ctx)
}
