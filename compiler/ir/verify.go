package ir

import (
	"errors"
	"fmt"

	"github.com/parallaxai/parallax/compiler/bytecode"
)

// maxFaults bounds the faults that Verify reports.
const maxFaults = 50

// VerifyError is one fault that Verify found.
type VerifyError struct {
	Func  int    // index of the function, -1 for the program itself
	Name  string // of the function
	Block int    // -1 for the function itself
	Instr int    // index in the block, -1 for the block itself
	Text  string // the instruction, "" without
	Fault string
}

func (e *VerifyError) Error() string {
	switch {
	case e.Func < 0:
		return "program: " + e.Fault
	case e.Block < 0:
		return fmt.Sprintf("function %d %q: %s", e.Func, e.Name, e.Fault)
	case e.Instr < 0:
		return fmt.Sprintf("function %d %q: b%d: %s", e.Func, e.Name, e.Block, e.Fault)
	}
	return fmt.Sprintf("function %d %q: b%d, instruction %d: %s: %s", e.Func, e.Name, e.Block, e.Instr, e.Text, e.Fault)
}

// Verify reports what is wrong with a program: operands that refer to nothing,
// blocks without proper ends, registers read before they are written on some
// path or after a call overwrote them, captures that don't fit the function
// they are taken from. The error joins at most 50 *VerifyError; it is nil for a
// program that the code generator can take.
func Verify(p *Program) error {
	v := &verifier{p: p}
	v.program()
	for i, f := range p.Funcs {
		v.fn, v.f, v.block, v.at = i, f, -1, -1
		if f == nil {
			v.f = &Func{}
			v.failf("the function is missing")
			continue
		}
		before := v.count
		v.header()
		v.body()
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

	fn    int
	f     *Func
	block int
	at    int
	in    *Instr
}

func (v *verifier) failf(format string, args ...any) {
	if v.count++; v.count > maxFaults {
		return
	}
	e := &VerifyError{Func: v.fn, Block: v.block, Instr: v.at, Fault: fmt.Sprintf(format, args...)}
	if v.fn >= 0 {
		e.Name = v.f.Name
	}
	if v.at >= 0 {
		e.Text = (&printer{p: v.p, f: v.f}).instr(v.in)
	}
	v.faults = append(v.faults, e)
}

// in reports whether an index lies in a table of n entries.
func within(i, n int) bool { return 0 <= i && i < n }

func (v *verifier) program() {
	v.fn, v.block, v.at = -1, -1, -1
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
	for i, m := range p.Modules {
		if m == nil {
			v.failf("module %d is missing", i)
			continue
		}
		start(fmt.Sprintf("the body of module %q", m.Path), m.Init)
	}
	for _, g := range p.Globals {
		if g.Module != -1 && !within(g.Module, len(p.Modules)) { // -1: of the host
			v.failf("global %q belongs to module %d, which does not exist", g.Name, g.Module)
		}
	}
}

func (v *verifier) header() {
	f := v.f
	if !within(f.Module, len(v.p.Modules)) {
		v.failf("module %d does not exist", f.Module)
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
	for i, c := range f.Consts {
		if c.Kind > bytecode.ConstUnset || c.Kind == bytecode.ConstBool && c.Bits > 1 {
			v.failf("constant %d has no meaning", i)
		}
	}
	for i, s := range f.Shapes {
		seen := make(map[string]bool, len(s))
		for _, k := range s {
			if seen[k] {
				v.failf("shape %d has the key %q twice", i, k)
			}
			seen[k] = true
		}
	}
	for _, l := range f.Locals {
		if !within(int(l.Reg), f.Regs) {
			v.failf("local %q is in r%d of %d registers", l.Name, l.Reg, f.Regs)
		}
	}
	if len(f.Blocks) == 0 {
		v.failf("the function has no blocks")
	}
}

// body checks everything that can be told from one instruction alone.
func (v *verifier) body() {
	for i, b := range v.f.Blocks {
		v.block, v.at = i, -1
		if b == nil {
			v.failf("the block is missing")
			continue
		}
		if b.ID != i {
			v.failf("the block is numbered b%d", b.ID)
		}
		if b.Handler != -1 {
			if !within(b.Handler, len(v.f.Blocks)) {
				v.failf("the handler b%d does not exist", b.Handler)
			}
			if !within(int(b.HandlerReg), v.f.Regs) {
				v.failf("the handler's r%d is beyond %d registers", b.HandlerReg, v.f.Regs)
			}
		}
		if len(b.Instrs) == 0 {
			v.failf("the block is empty")
			continue
		}
		for j := range b.Instrs {
			v.at, v.in = j, &b.Instrs[j]
			v.instr(j == len(b.Instrs)-1)
		}
	}
	v.block, v.at = -1, -1
}

func (v *verifier) instr(last bool) {
	in := v.in
	if in.Op >= OpCount {
		v.failf("the operation does not exist")
		return
	}
	form := &Forms[in.Op]
	switch {
	case form.Term && !last:
		v.failf("a terminator stands inside the block")
	case !form.Term && last:
		v.failf("the block does not end in a terminator")
	}
	if form.Dst {
		v.reg(in.Dst)
	}
	if form.Index == '#' && form.Window != 0 && in.N < 0 {
		v.failf("the window has %d registers", in.N)
		return
	}
	v.index(form.Index, in.N)
	v.index(form.CIndex, int(in.C))
	for i, o := range [...]Operand{in.A, in.B, in.C} {
		switch kind := form.Args[i]; {
		case kind == '-':
		case form.Window != 0 && int(form.Window-'A') == i, form.Index == 's' && i == 0:
			if n := v.f.WindowLen(in); o.IsConst() || int(o.Reg()) > v.f.Regs || n > v.f.Regs-int(o.Reg()) {
				v.failf("the window is not inside %d registers", v.f.Regs)
			}
		case !o.IsConst():
			v.reg(o.Reg())
		case kind == 'r':
			v.failf("operand %c is a constant where a register is due", 'A'+i)
		case o.Const() >= len(v.f.Consts):
			v.failf("constant %d of %d does not exist", o.Const(), len(v.f.Consts))
		}
	}
	if form.Succ > 0 {
		v.successor(in.To)
	}
	if form.Succ > 1 {
		v.successor(in.Else)
	}
	v.special()
	v.facts()
}

func (v *verifier) reg(r Reg) {
	if !within(int(r), v.f.Regs) {
		v.failf("r%d is beyond %d registers", r, v.f.Regs)
	}
}

func (v *verifier) successor(to int) {
	if !within(to, len(v.f.Blocks)) {
		v.failf("b%d does not exist", to)
	}
}

func (v *verifier) index(kind byte, i int) {
	var what string
	var n int
	switch kind {
	case 'g':
		what, n = "global", len(v.p.Globals)
	case 'c':
		what, n = "capture", len(v.f.Captures)
	case 'f':
		what, n = "function", len(v.p.Funcs)
	case 'l':
		what, n = "library name", len(v.p.Libs)
	case 'n':
		what, n = "name", len(v.f.Names)
	case 's':
		what, n = "shape", len(v.f.Shapes)
	case '#':
		what, n = "number", 1<<31-1
	case 'o':
		if !within(i, int(OpCount)) || !Op(i).IsComparison() {
			v.failf("N is no comparison")
		}
		return
	default:
		return
	}
	if !within(i, n) {
		v.failf("%s %d of %d does not exist", what, i, n)
	} else if kind == 'f' && v.p.Funcs[i] == nil {
		v.failf("function %d is missing", i)
	}
}

// special checks what the table of forms does not tell.
func (v *verifier) special() {
	in := v.in
	switch in.Op {
	case OpLoad:
		if !in.A.IsConst() {
			v.failf("a load takes a constant")
		}
	case OpGetCapture, OpGetCaptureCell, OpBorrowCaptureCell, OpSetCaptureCell:
		if within(in.N, len(v.f.Captures)) && v.f.Captures[in.N].Cell != (in.Op != OpGetCapture) {
			v.failf("capture %d is %s", in.N, cellOrValue(v.f.Captures[in.N].Cell))
		}
	case OpFunc:
		v.plainFunc(in.N)
	case OpCallFunc:
		v.plainFunc(int(in.C))
	case OpClosure:
		if within(in.N, len(v.p.Funcs)) && v.p.Funcs[in.N] != nil {
			v.closure(v.p.Funcs[in.N])
		}
	case OpStrategy:
		if in.N > StrategyMedium {
			v.failf("number %d of the strategy does not exist", in.N)
		}
	case OpNext:
		switch {
		case in.N > 1:
			v.failf("the iterator gives one or two values")
		case in.N == 1:
			v.reg(in.Dst + 1)
		}
	}
}

func cellOrValue(cell bool) string {
	if cell {
		return "a cell"
	}
	return "a value"
}

// plainFunc checks a function that is used without a closure.
func (v *verifier) plainFunc(i int) {
	if within(i, len(v.p.Funcs)) && v.p.Funcs[i] != nil && len(v.p.Funcs[i].Captures) != 0 {
		v.failf("function %d has captures and needs a closure", i)
	}
}

// closure checks that the captures of a function fit the function of v.
func (v *verifier) closure(g *Func) {
	for i, c := range g.Captures {
		switch {
		case c.FromReg:
			if !within(c.Index, v.f.Regs) {
				v.failf("capture %d comes from r%d of %d registers", i, c.Index, v.f.Regs)
			}
		case !within(c.Index, len(v.f.Captures)):
			v.failf("capture %d comes from capture %d of %d", i, c.Index, len(v.f.Captures))
		case v.f.Captures[c.Index].Cell != c.Cell:
			v.failf("capture %d is %s, the enclosing function's capture %d is not", i, cellOrValue(c.Cell), c.Index)
		}
	}
}

func (v *verifier) facts() {
	f := &v.in.Facts
	if f.Kinds&^allKinds != 0 {
		v.failf("the facts name unknown kinds")
	}
	if f.HasConf && !(0 <= f.Lo && f.Lo <= f.Hi && f.Hi <= 1) {
		v.failf("the confidence of the facts is no range in [0, 1]")
	}
}
