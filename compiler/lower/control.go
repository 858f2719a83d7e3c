package lower

import (
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// try lowers try/catch/finally. The finally block is lowered once for each way
// out: the normal end, an error, and every return, break or continue that
// crosses it.
func (f *fn) try(s *ast.Try, dst ir.Reg) {
	outer, outerReg := f.handler, f.handlerReg
	end := f.block()
	if dst >= 0 {
		f.load(dst, nullConst)
	}
	var finalBlock int
	var finalReg ir.Reg
	cleanups := f.cleanups
	if s.Finally != nil {
		finalBlock, finalReg = f.block(), f.alloc()
		f.cleanups = append(f.cleanups[:len(f.cleanups):len(f.cleanups)],
			cleanup{s.Finally, outer, outerReg, len(f.loops)})
		f.setHandler(finalBlock, finalReg)
	}
	inner, innerReg := f.handler, f.handlerReg

	caught, after := f.block(), f.block()
	if s.Catch != nil {
		raw := f.alloc()
		f.setHandler(caught, raw)
		f.maybe(func() { f.blockStmt(s.Body, dst) })
		f.setHandler(inner, innerReg)
		f.jump(after)

		f.start(caught)
		f.maybe(func() {
			mark := f.next
			if s.Param != nil {
				v := f.alloc()
				f.emit(ir.Instr{Op: ir.OpCaught, Dst: v, A: ir.R(raw)})
				f.loopVar(s.Param, v, s.Catch.Span)
			}
			f.blockStmt(s.Catch, dst)
			f.next = mark
		})
		f.jump(after)
	} else {
		f.maybe(func() { f.blockStmt(s.Body, dst) })
		f.jump(after)
	}
	f.handler, f.handlerReg = inner, innerReg
	f.start(after)

	if s.Finally != nil {
		f.cleanups = cleanups
		f.setHandler(outer, outerReg)
		f.finally(s.Finally)
		f.jump(end)
		f.start(finalBlock)
		f.maybe(func() { f.finally(s.Finally) })
		f.emit(ir.Instr{Op: ir.OpRethrow, A: ir.R(finalReg)})
	} else {
		f.jump(end)
	}
	f.start(end)
}

// function lowers a function literal that captures nothing into the reserved
// place index.
func (f *fn) function(e *ast.FuncLit, index int) *ir.Func {
	name := f.naming
	f.naming = ""
	if e.Name != nil {
		name = e.Name.Name
	}
	g := f.u.newFn(f, f.u.info.Functions[e], index, name, e.Span)
	g.out.Async = e.Async
	g.factor = e.Confidence
	g.params(e.Params)
	if e.Expr != nil {
		g.declareBare()
		result := g.alloc()
		g.expr(e.Expr, result)
		g.ret(result)
	} else {
		g.body(e.Body.Stmts)
	}
	g.finish()
	return g.out
}

// closure makes a function value.
func (f *fn) closure(e *ast.FuncLit, dst ir.Reg) {
	index, ok := f.u.p.static[e]
	if !ok {
		index = f.u.p.reserve()
	}
	self := f.u.info.Functions[e].Self
	if self == nil || self.Uses+self.Assignments == 0 || ok && self.Assignments == 0 {
		f.closureOf(f.function(e, index), index, dst)
		return
	}
	// A named expression that captures something finds itself in a cell, which it
	// captures, too.
	mark := f.next
	cell := f.alloc()
	f.emit(ir.Instr{Op: ir.OpNewCell, Dst: cell, A: f.konst(bytecode.Const{Kind: bytecode.ConstUnset})})
	f.vars[self] = variable{cell, true}
	f.closureOf(f.function(e, index), index, dst)
	f.emit(ir.Instr{Op: ir.OpSetCell, A: ir.R(cell), B: ir.R(dst)})
	delete(f.vars, self)
	f.next = mark
}

func (f *fn) closureOf(out *ir.Func, index int, dst ir.Reg) {
	op := ir.OpClosure
	if len(out.Captures) == 0 {
		op = ir.OpFunc
	}
	f.emit(ir.Instr{Op: op, Dst: dst, N: index})
}

// params binds the parameters, which stand in the first registers: absent ones
// are unset.
func (f *fn) params(params []*ast.Param) {
	for i, p := range params {
		f.alloc()
		if p.Rest {
			f.out.Rest = true
		} else if p.Default == nil && !p.Optional {
			f.out.MinArgs = i + 1
		}
	}
	f.out.Params = len(params)
	for i, p := range params {
		reg := ir.Reg(i)
		if p.Default != nil || p.Optional {
			f.fillDefault(reg, p.Default)
		}
		if id, ok := p.Pattern.(*ast.IdentPattern); ok {
			if s := f.u.info.SymbolOf(id.Name); s != nil {
				f.bind(s, reg, reg, f.out.Span)
			}
		}
	}
	for i, p := range params {
		if _, ok := p.Pattern.(*ast.IdentPattern); !ok {
			f.reserveVars(p.Pattern, f.out.Span)
			mark := f.next
			f.destructure(p.Pattern, ir.Reg(i), noThreshold, declareMode, f.out.Span)
			f.next = mark
		}
	}
}

// fillDefault replaces an unset register by a default, null without.
func (f *fn) fillDefault(reg ir.Reg, value ast.Expr) {
	set, unset := f.block(), f.block()
	f.branch(ir.Instr{Op: ir.OpBranchSet, A: ir.R(reg)}, set, unset)
	f.start(unset)
	if value != nil {
		f.maybe(func() { f.expr(value, reg) })
	} else {
		f.load(reg, nullConst)
	}
	f.jump(set)
	f.start(set)
}

// thunk lowers an expression or block to a function of its own and makes it a
// value. param, when not nil, is the symbol of its only parameter.
func (f *fn) thunk(node ast.Node, name string, span source.Span, setup func(*fn), body func(*fn, ir.Reg), dst ir.Reg) {
	index := f.u.p.reserve()
	g := f.u.newFn(f, f.u.info.Functions[node], index, name, span)
	if setup != nil {
		setup(g)
	}
	g.declareBare()
	result := g.alloc()
	body(g, result)
	g.ret(result)
	g.finish()
	f.closureOf(g.out, index, dst)
}
