package bytecode

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

const (
	// maxRegs is how many registers 16-bit operands can name, one less so that
	// an empty window can begin after the last.
	maxRegs = 1<<16 - 1
	// maxFaults bounds the faults that Verify reports.
	maxFaults = 20
)

// VerifyError is one fault that Verify found.
type VerifyError struct {
	Func  int    // index of the function, -1 for the program itself
	Name  string // of the function
	PC    int    // -1 for the function itself
	Op    Op     // of the instruction at PC
	Fault string
}

func (e *VerifyError) Error() string {
	switch {
	case e.Func < 0:
		return "program: " + e.Fault
	case e.PC < 0:
		return fmt.Sprintf("function %d %q: %s", e.Func, e.Name, e.Fault)
	}
	return fmt.Sprintf("function %d %q: instruction %d (%v): %s", e.Func, e.Name, e.PC, e.Op, e.Fault)
}

// Verify reports what makes a program unfit to run. A machine that runs a
// verified program may rely on this, for every instruction it can reach:
//
//   - operands name registers, constants, names, shapes, caches, captures,
//     globals, functions and library names that exist; constants of the K forms
//     of arithmetic and order are numbers;
//   - registers and windows lie in the frame, and a register that is read has
//     been written on every path, with a value, cell, iterator or exception as
//     the operation needs it; a call forgets its window and all registers above;
//   - arrays and objects that literals are built in are referred to by nothing
//     else;
//   - control stays in the code and off second words; only OpLoop jumps
//     backward (a handler may also stand before the code it protects, so that
//     entering one must count against the budget, too);
//   - instructions share an inline cache only if they are the same operation on
//     the same name or shape;
//   - functions that need captures are made by OpClosure only, from registers
//     and captures that fit; those that start a program or module take nothing.
//
// What calls need (arguments, stack) is checked when they happen. The error
// joins at most 20 *VerifyError. Time and memory are linear in the code for all
// but contrived control flow, which is refused.
func Verify(p *Program) error {
	v := &verifier{p: p, fn: -1, pc: -1}
	v.program()
	for i, f := range p.Funcs {
		v.fn, v.f, v.pc = i, f, -1
		if f == nil {
			v.f = &Func{}
			v.failf("the function is missing")
			continue
		}
		before := v.count
		v.header()
		v.code()
		v.handlers()
		v.lines()
		if v.count == before {
			v.flow()
		}
	}
	return errors.Join(v.faults...)
}

type verifier struct {
	p      *Program
	faults []error
	count  int // of faults, reported or not

	fn int
	f  *Func
	pc int

	starts  []bool // pc is the first word of an instruction
	targets []int  // pcs at which blocks begin: of jumps, handlers and protected ranges
	nesting []int  // handlers by the start of their ranges, outer ones first
}

func (v *verifier) failf(format string, args ...any) {
	if v.count++; v.count > maxFaults {
		return
	}
	e := &VerifyError{Func: v.fn, PC: v.pc, Fault: fmt.Sprintf(format, args...)}
	if v.fn >= 0 {
		e.Name = v.f.Name
	}
	if v.pc >= 0 {
		e.Op = v.f.Code[v.pc].Op
	}
	v.faults = append(v.faults, e)
}

func within(i, n int) bool { return 0 <= i && i < n }

func (v *verifier) program() {
	p := v.p
	start := func(what string, i int) {
		switch {
		case !within(i, len(p.Funcs)) || p.Funcs[i] == nil:
			v.failf("%s is function %d, which does not exist", what, i)
		case p.Funcs[i].Params != 0 || len(p.Funcs[i].Captures) != 0:
			v.failf("%s is function %d, which takes parameters or captures", what, i)
		}
	}
	start("the entry", p.Entry)
	for _, m := range p.Modules {
		start(fmt.Sprintf("the body of module %q", m.Path), m.Init)
	}
	for _, g := range p.Globals {
		if g.Module != -1 && !within(g.Module, len(p.Modules)) { // -1: of the host
			v.failf("global %q belongs to module %d, which does not exist", g.Name, g.Module)
		}
	}
	v.meta()
}

func (v *verifier) meta() {
	m := &v.p.Meta
	if m.Input != nil && !json.Valid(m.Input) {
		v.failf("the schema of the input is not JSON")
	}
	if m.Output != nil && !json.Valid(m.Output) {
		v.failf("the schema of the output is not JSON")
	}
	s := &m.Strategy
	for _, c := range [...]Combine{s.Combine, s.Logic, s.Either, s.Choose} {
		if c > Average {
			v.failf("the strategy has the unknown rule %d", c)
		}
	}
	for _, c := range [...]float64{s.Coalesce, s.Gate, s.Reduction, s.High, s.Medium, m.Agents.MinConfidence} {
		if !(0 <= c && c <= 1) {
			v.failf("the confidence %v is not in [0, 1]", c)
		}
	}
	if m.Agents.Min < 0 || m.Agents.Max < 0 {
		v.failf("the number of agents is negative")
	}
	if m.TimeoutMs < 0 {
		v.failf("the timeout is negative")
	}
}

func (v *verifier) header() {
	f := v.f
	if !within(f.Module, len(v.p.Modules)) {
		v.failf("module %d does not exist", f.Module)
	}
	if !within(f.Regs, maxRegs+1) {
		v.failf("%d registers are too many", f.Regs)
	}
	if f.Params < 0 || f.Params > f.Regs {
		v.failf("%d parameters do not fit %d registers", f.Params, f.Regs)
	}
	fixed := f.Params
	if f.Rest {
		fixed--
	}
	if f.MinArgs < 0 || f.MinArgs > fixed {
		v.failf("%d arguments are required of %d parameters", f.MinArgs, fixed)
	}
	if !within(f.Caches, 1<<16+1) {
		v.failf("%d inline caches are too many", f.Caches)
	}
	for i, c := range f.Captures {
		if c.Index < 0 {
			v.failf("capture %d comes from nowhere", i)
		}
	}
	for i, c := range f.Consts {
		if c.Kind > ConstUnset || c.Kind == ConstBool && c.Bits > 1 {
			v.failf("constant %d has no meaning", i)
		}
	}
	for i, s := range f.Shapes {
		if key, twice := repeated(s); twice {
			v.failf("shape %d has the key %q twice", i, key)
		}
	}
	for _, l := range f.Locals {
		if !within(l.Reg, f.Regs) {
			v.failf("local %q is in register %d of %d", l.Name, l.Reg, f.Regs)
		}
	}
}

// repeated returns a string that occurs more than once.
func repeated(list []string) (string, bool) {
	seen := make(map[string]bool, len(list))
	for _, s := range list {
		if seen[s] {
			return s, true
		}
		seen[s] = true
	}
	return "", false
}

// handlers checks that protected ranges and targets lie on instructions, and
// that ranges are nested, inner ones first.
func (v *verifier) handlers() {
	v.pc = -1
	f := v.f
	at := func(pc int) bool { return within(pc, len(f.Code)) && v.starts[pc] }
	order := make([]int, len(f.Handlers))
	v.nesting = order
	for i, h := range f.Handlers {
		order[i] = i
		switch {
		case !at(h.Start) || h.End != len(f.Code) && !at(h.End) || h.Start >= h.End:
			v.failf("handler %d protects %d to %d, which is no range of instructions", i, h.Start, h.End)
			return
		case !at(h.Target):
			v.failf("handler %d is at %d, where no instruction begins", i, h.Target)
			return
		case h.Start <= h.Target && h.Target < h.End:
			v.failf("handler %d stands in the range it protects", i)
			return
		case !within(h.Reg, f.Regs):
			v.failf("handler %d puts the exception in register %d of %d", i, h.Reg, f.Regs)
			return
		}
		v.targets = append(v.targets, h.Target, h.Start)
		if h.End < len(f.Code) {
			v.targets = append(v.targets, h.End)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := &f.Handlers[a], &f.Handlers[b]
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(y.End, x.End), cmp.Compare(b, a))
	})
	var open []int // ranges around the current one, outer first
	for _, i := range order {
		h := &f.Handlers[i]
		for len(open) > 0 && f.Handlers[open[len(open)-1]].End <= h.Start {
			open = open[:len(open)-1]
		}
		if len(open) > 0 {
			outer := open[len(open)-1]
			if h.End > f.Handlers[outer].End {
				v.failf("the ranges of handlers %d and %d overlap", outer, i)
				return
			}
			if i > outer {
				v.failf("handler %d is never reached, since %d around it comes first", i, outer)
				return
			}
		}
		open = append(open, i)
	}
}

// lines checks that every instruction has a place in the source.
func (v *verifier) lines() {
	v.pc = -1
	last := -1
	for i, l := range v.f.Lines {
		if l.PC <= last || l.PC >= len(v.f.Code) {
			v.failf("entry %d of the line table is for instruction %d, after %d", i, l.PC, last)
			return
		}
		last = l.PC
	}
	if len(v.f.Lines) == 0 || v.f.Lines[0].PC != 0 {
		v.failf("the line table does not begin with the first instruction")
	}
}
