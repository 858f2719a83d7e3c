// Package codegen turns IR into bytecode.
//
// Blocks are laid out in their order, so that most jumps fall through; a jump
// backward becomes a loop instruction, which counts against the budget.
// Comparisons with a constant and comparisons that end a block are fused into
// one instruction. Registers are those of the IR.
//
// The input passes ir.Verify; the output passes bytecode.Verify. A function
// that does not fit the instruction format is reported, not truncated.
package codegen

import (
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/prism/diag"
)

// Program translates all functions.
func Program(p *ir.Program) (*bytecode.Program, diag.List) {
	out := &bytecode.Program{Libs: p.Libs, Entry: p.Entry, Meta: p.Meta}
	var diags diag.List
	for _, m := range p.Modules {
		out.Modules = append(out.Modules, bytecode.Module{Path: m.Path, Source: m.Source, Digest: m.Digest, Init: m.Init})
	}
	for _, g := range p.Globals {
		out.Globals = append(out.Globals, bytecode.Global(g))
	}
	for _, f := range p.Funcs {
		g := &gen{in: f, out: &bytecode.Func{
			Name: f.Name, Module: f.Module, Span: f.Span, Params: f.Params, MinArgs: f.MinArgs, Rest: f.Rest,
			Async: f.Async, Regs: f.Regs, Consts: f.Consts, Names: f.Names, Shapes: f.Shapes,
		}}
		for _, c := range f.Captures {
			g.out.Captures = append(g.out.Captures, bytecode.Capture(c))
		}
		for _, l := range f.Locals {
			g.out.Locals = append(g.out.Locals, bytecode.Local{Name: l.Name, Reg: int(l.Reg), Cell: l.Cell, Scope: l.Scope})
		}
		for _, c := range f.Contexts {
			g.out.Contexts = append(g.out.Contexts, bytecode.Context(c))
		}
		g.run()
		if reason := g.tooLarge(); reason != "" {
			diags.Add("N0901", diag.Error, p.Modules[f.Module].Source, f.Span, "this function has too many %s", reason).
				WithHint("split it into smaller functions")
		}
		out.Funcs = append(out.Funcs, g.out)
	}
	return out, diags
}

// limit is the number of values a 16-bit operand can name.
const limit = 1 << 16

// tooLarge names what does not fit the operands of an instruction.
func (g *gen) tooLarge() string {
	switch {
	case g.out.Regs >= limit:
		return "variables and temporaries"
	case len(g.out.Names) >= limit:
		return "different property names"
	case len(g.out.Shapes) >= limit:
		return "different object literals"
	case g.out.Caches >= limit:
		return "property accesses"
	case len(g.out.Captures) >= limit:
		return "captured variables"
	}
	return ""
}

// gen translates one function.
type gen struct {
	in     *ir.Func
	out    *bytecode.Func
	starts []int // pc of each block
	fixups []fixup
	line   int32
}

// fixup is a jump whose target is not known yet.
type fixup struct {
	pc    int
	block int
	ext   bool // the target stands in an Ext word
}

func (g *gen) run() {
	g.starts = make([]int, len(g.in.Blocks))
	g.line = -1
	for i, b := range g.in.Blocks {
		g.starts[i] = len(g.out.Code)
		for j := range b.Instrs {
			g.instr(&b.Instrs[j], i)
		}
	}
	for _, f := range g.fixups {
		target := g.starts[f.block]
		in := &g.out.Code[f.pc]
		if f.ext {
			*in = bytecode.Ext(target)
			continue
		}
		*in = in.WithK32(target)
		if in.Op == bytecode.OpJump && target <= f.pc {
			in.Op = bytecode.OpLoop
		}
	}
	g.handlers()
}

// handlers makes the table of protected ranges. Blocks with the same handler
// that follow each other share an entry.
func (g *gen) handlers() {
	for i, b := range g.in.Blocks {
		if b.Handler < 0 {
			continue
		}
		end := len(g.out.Code)
		if i+1 < len(g.in.Blocks) {
			end = g.starts[i+1]
		}
		if g.starts[i] == end {
			continue
		}
		h := bytecode.Handler{Start: g.starts[i], End: end, Target: g.starts[b.Handler], Reg: int(b.HandlerReg)}
		if n := len(g.out.Handlers); n > 0 {
			if last := &g.out.Handlers[n-1]; last.End == h.Start && last.Target == h.Target && last.Reg == h.Reg {
				last.End = h.End
				continue
			}
		}
		g.out.Handlers = append(g.out.Handlers, h)
	}
}

func (g *gen) emit(in bytecode.Instr) int {
	g.out.Code = append(g.out.Code, in)
	return len(g.out.Code) - 1
}

func (g *gen) op3(op bytecode.Op, a, b, c int) {
	g.emit(bytecode.Instr{Op: op, A: uint16(a), B: uint16(b), C: uint16(c)})
}

func (g *gen) wide(op bytecode.Op, a, k int) {
	g.emit(bytecode.Instr{Op: op, A: uint16(a)}.WithK32(k))
}

func (g *gen) cache() bytecode.Instr {
	g.out.Caches++
	return bytecode.Instr{Op: bytecode.OpExt, A: uint16(g.out.Caches - 1)}
}

// reg returns the register of an operand; a constant is loaded into a scratch
// register above the frame, one for each operand position.
func (g *gen) reg(o ir.Operand, scratch int) int {
	if !o.IsConst() {
		return int(o.Reg())
	}
	r := g.in.Regs + scratch
	g.out.Regs = max(g.out.Regs, r+1)
	g.loadConst(r, o.Const())
	return r
}

func (g *gen) loadConst(dst, k int) {
	switch c := g.in.Consts[k]; c.Kind {
	case bytecode.ConstNull:
		g.op3(bytecode.OpLoadNull, dst, 0, 0)
	case bytecode.ConstUnset:
		g.op3(bytecode.OpLoadUnset, dst, 0, 0)
	case bytecode.ConstBool:
		g.op3(bytecode.OpLoadBool, dst, int(c.Bits), 0)
	default:
		g.wide(bytecode.OpLoadK, dst, k)
	}
}

func (g *gen) numberConst(o ir.Operand) (int, bool) {
	if !o.IsConst() || o.Const() >= limit || g.in.Consts[o.Const()].Kind != bytecode.ConstNumber {
		return 0, false
	}
	return o.Const(), true
}

func (g *gen) jumpTo(block int) {
	g.fixups = append(g.fixups, fixup{pc: g.emit(bytecode.Instr{Op: bytecode.OpJump}), block: block})
}

func (g *gen) instr(in *ir.Instr, block int) {
	if in.Span.Start != g.line || len(g.out.Lines) == 0 || g.out.Lines[len(g.out.Lines)-1].Span != in.Span {
		pc := len(g.out.Code)
		if n := len(g.out.Lines); n > 0 && g.out.Lines[n-1].PC == pc {
			g.out.Lines[n-1].Span = in.Span
		} else {
			g.out.Lines = append(g.out.Lines, bytecode.Line{PC: pc, Span: in.Span})
		}
		g.line = in.Span.Start
	}
	d := int(in.Dst)
	if op := withConst[in.Op]; op != 0 {
		if k, ok := g.numberConst(in.B); ok {
			g.op3(op, d, g.reg(in.A, 0), k)
			return
		}
	}
	if op := threeRegs[in.Op]; op != 0 {
		a := g.reg(in.A, 0)
		g.op3(op, d, a, g.reg(in.B, 1))
		return
	}
	if op := twoRegs[in.Op]; op != 0 {
		g.op3(op, d, g.reg(in.A, 0), 0)
		return
	}
	if op := wideIndex[in.Op]; op != 0 {
		g.wide(op, d, in.N)
		return
	}
	if op := property[in.Op]; op != 0 {
		g.op3(op, d, int(in.A.Reg()), in.N)
		g.emit(g.cache())
		return
	}
	a := 0
	if !in.A.IsConst() {
		a = int(in.A.Reg())
	}
	switch in.Op {
	case ir.OpNop:
	case ir.OpLoad:
		g.loadConst(d, in.A.Const())
	case ir.OpSetGlobal:
		g.wide(bytecode.OpSetGlobal, a, in.N)
	case ir.OpGetCell:
		g.op3(bytecode.OpGetCell, d, a, in.N)
	case ir.OpBorrowCell:
		g.op3(bytecode.OpBorrowCell, d, a, in.N)
	case ir.OpSetCell:
		g.op3(bytecode.OpSetCell, a, int(in.B.Reg()), 0)
	case ir.OpGetCapture:
		g.op3(bytecode.OpGetCapture, d, in.N, 0)
	case ir.OpGetCaptureCell:
		g.op3(bytecode.OpGetCaptureCell, d, in.N, 0)
	case ir.OpBorrowCaptureCell:
		g.op3(bytecode.OpBorrowCaptureCell, d, in.N, 0)
	case ir.OpSetCaptureCell:
		g.op3(bytecode.OpSetCaptureCell, a, in.N, 0)
	case ir.OpCheckSet:
		g.op3(bytecode.OpCheckSet, a, in.N, 0)
	case ir.OpArray:
		g.op3(bytecode.OpArray, d, a, in.N)
	case ir.OpArrayPush:
		g.op3(bytecode.OpArrayPush, d, a, in.N)
	case ir.OpObject:
		g.op3(bytecode.OpObject, d, a, in.N)
		g.emit(g.cache())
	case ir.OpObjectSet:
		g.op3(bytecode.OpObjectSet, d, a, int(in.B.Reg()))
	case ir.OpText:
		g.op3(bytecode.OpText, d, a, in.N)
	case ir.OpStrategy:
		g.op3(bytecode.OpStrategy, d, in.N, 0)
	case ir.OpSetProp:
		g.op3(bytecode.OpSetProp, d, in.N, a)
		g.emit(g.cache())
	case ir.OpSetIndex:
		g.op3(bytecode.OpSetIndex, d, a, int(in.B.Reg()))
	case ir.OpSetPath:
		g.op3(bytecode.OpSetPath, d, a, in.N)
	case ir.OpRest:
		g.op3(bytecode.OpRest, d, a, in.N)
	case ir.OpPart:
		g.op3(bytecode.OpPart, d, a, in.N)
	case ir.OpOmit:
		g.op3(bytecode.OpOmit, d, a, int(in.B.Reg()))
		g.emit(bytecode.Instr{Op: bytecode.OpExt, A: uint16(in.N)})
	case ir.OpFieldOf:
		g.op3(bytecode.OpFieldOf, d, a, int(in.B.Reg()))
	case ir.OpNeedArray:
		g.op3(bytecode.OpNeedArray, a, 0, 0)
	case ir.OpNeedObject:
		g.op3(bytecode.OpNeedObject, a, 0, 0)
	case ir.OpCall:
		g.op3(bytecode.OpCall, a, in.N, d)
	case ir.OpCallFunc:
		g.op3(bytecode.OpCallFunc, a, in.N, d)
		g.emit(bytecode.Ext(int(in.C)))
	case ir.OpCallLib:
		g.op3(bytecode.OpCallLib, a, in.N, d)
		g.emit(bytecode.Ext(int(in.C)))
	case ir.OpCallMethod, ir.OpCallMethodSpread:
		op := bytecode.OpCallMethod
		if in.Op == ir.OpCallMethodSpread {
			op = bytecode.OpCallMethodSpread
		}
		g.op3(op, a, in.N, d)
		ext := g.cache()
		ext.A, ext.B = uint16(in.C), ext.A
		g.emit(ext)
	case ir.OpCallSpread:
		g.op3(bytecode.OpCallSpread, a, 0, d)
	case ir.OpPush:
		g.op3(bytecode.OpPush, d, a, in.N)
	case ir.OpReturn:
		g.op3(bytecode.OpReturn, a, 0, 0)
	case ir.OpThrow:
		g.op3(bytecode.OpThrow, a, 0, 0)
	case ir.OpRethrow:
		g.op3(bytecode.OpRethrow, a, 0, 0)
	case ir.OpJump:
		if in.To != block+1 {
			g.jumpTo(in.To)
		}
	case ir.OpBranch:
		g.test(bytecode.OpJumpTrue, bytecode.OpJumpFalse, a, in, block)
	case ir.OpBranchNull:
		g.test(bytecode.OpJumpNull, bytecode.OpJumpNotNull, a, in, block)
	case ir.OpBranchSet:
		// There is no negated form: jump to To, fall or jump to Else.
		jump := bytecode.Instr{Op: bytecode.OpJumpSet, A: uint16(a)}
		if in.To <= block {
			g.over(jump, false)
			g.jumpTo(in.Else)
			g.jumpTo(in.To)
			return
		}
		g.condJump(jump, in.To, block)
		g.fall(in.Else, block)
	case ir.OpBranchCmp:
		g.compare(in, block)
	case ir.OpNext:
		if in.Else <= block {
			g.over(bytecode.Instr{Op: bytecode.OpNext, A: uint16(a), B: uint16(d), C: uint16(in.N)}, true)
			g.jumpTo(in.To)
			g.jumpTo(in.Else)
			return
		}
		g.op3(bytecode.OpNext, a, d, in.N)
		g.fixups = append(g.fixups, fixup{pc: g.emit(bytecode.Instr{Op: bytecode.OpExt}), block: in.Else, ext: true})
		g.fall(in.To, block)
	default:
		panic("codegen: no translation for " + in.Op.String())
	}
}

// fall continues at a block, which needs no jump when it comes next.
func (g *gen) fall(to, block int) {
	if to != block+1 {
		g.jumpTo(to)
	}
}

// condJump emits a conditional jump. It never goes backward: a jump to an
// earlier block is a forward jump over a loop instruction, so that only loops
// count rounds.
func (g *gen) condJump(in bytecode.Instr, to, block int) {
	g.fixups = append(g.fixups, fixup{pc: g.emit(in), block: to})
}

// test emits a two-way branch on one register. The sense of the jump is chosen
// so that the following block falls through and jumps go forward.
func (g *gen) test(yes, no bytecode.Op, a int, in *ir.Instr, block int) {
	switch {
	case in.To == block+1 && in.Else > block:
		g.condJump(bytecode.Instr{Op: no, A: uint16(a)}, in.Else, block)
	case in.To > block:
		g.condJump(bytecode.Instr{Op: yes, A: uint16(a)}, in.To, block)
		g.fall(in.Else, block)
	case in.Else > block:
		g.condJump(bytecode.Instr{Op: no, A: uint16(a)}, in.Else, block)
		g.fall(in.To, block)
	default:
		g.over(bytecode.Instr{Op: no, A: uint16(a)}, false)
		g.jumpTo(in.To)
		g.jumpTo(in.Else)
	}
}

// over emits a jump over the jump that follows.
func (g *gen) over(in bytecode.Instr, ext bool) {
	pc := g.emit(in)
	if ext {
		g.emit(bytecode.Ext(pc + 3))
	} else {
		g.out.Code[pc] = in.WithK32(pc + 2)
	}
}

var compareJumps = map[ir.Op]struct {
	op, opK bytecode.Op
	negate  bool
}{
	ir.OpEqual:        {bytecode.OpJumpEqual, bytecode.OpJumpEqualK, false},
	ir.OpNotEqual:     {bytecode.OpJumpEqual, bytecode.OpJumpEqualK, true},
	ir.OpSame:         {bytecode.OpJumpSame, bytecode.OpJumpSameK, false},
	ir.OpNotSame:      {bytecode.OpJumpSame, bytecode.OpJumpSameK, true},
	ir.OpLess:         {bytecode.OpJumpLess, bytecode.OpJumpLessK, false},
	ir.OpLessEqual:    {bytecode.OpJumpLessEqual, bytecode.OpJumpLessEqualK, false},
	ir.OpGreater:      {bytecode.OpJumpGreater, bytecode.OpJumpGreaterK, false},
	ir.OpGreaterEqual: {bytecode.OpJumpGreaterEqual, bytecode.OpJumpGreaterEqualK, false},
}

func (g *gen) compare(in *ir.Instr, block int) {
	j := compareJumps[ir.Op(in.N)]
	a := g.reg(in.A, 0)
	op, b := j.op, 0
	equality := j.op == bytecode.OpJumpEqual || j.op == bytecode.OpJumpSame
	if k, ok := g.numberConst(in.B); ok {
		op, b = j.opK, k
	} else if in.B.IsConst() && in.B.Const() < limit && equality && g.in.Consts[in.B.Const()].Kind != bytecode.ConstUnset {
		op, b = j.opK, in.B.Const()
	} else {
		b = g.reg(in.B, 1)
	}
	jump := func(when bool, to int) {
		flag := uint16(0)
		if when != j.negate {
			flag = 1
		}
		g.emit(bytecode.Instr{Op: op, A: uint16(a), B: uint16(b), C: flag})
		g.fixups = append(g.fixups, fixup{pc: g.emit(bytecode.Instr{Op: bytecode.OpExt}), block: to, ext: true})
	}
	switch {
	case in.To == block+1 && in.Else > block:
		jump(false, in.Else)
	case in.To > block:
		jump(true, in.To)
		g.fall(in.Else, block)
	case in.Else > block:
		jump(false, in.Else)
		g.fall(in.To, block)
	default:
		flag := uint16(0)
		if j.negate {
			flag = 1
		}
		g.over(bytecode.Instr{Op: op, A: uint16(a), B: uint16(b), C: flag}, true)
		g.jumpTo(in.To)
		g.jumpTo(in.Else)
	}
}
