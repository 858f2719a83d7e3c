package lower

import (
	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/token"
)

var assignOps = map[token.Kind]ir.Op{
	token.PlusAssign: ir.OpAdd, token.MinusAssign: ir.OpSub, token.StarAssign: ir.OpMul,
	token.SlashAssign: ir.OpDiv, token.PercentAssign: ir.OpMod, token.PowerAssign: ir.OpPow,
	token.ConfPlusAssign: ir.OpConfAdd, token.ConfMinusAssign: ir.OpConfSub,
	token.ConfStarAssign: ir.OpConfMul, token.ConfSlashAssign: ir.OpConfDiv, token.AttachAssign: ir.OpAttach,
}

// moduleMember resolves m.name where m is an import of a whole module.
func (f *fn) moduleMember(e *ast.Member) (module.Target, bool) {
	s := f.symbolOf(e.X)
	if s == nil || s.Kind != check.Import {
		return module.Target{}, false
	}
	t := f.u.m.Imports[s]
	for !t.Namespace && t.Symbol != nil && t.Symbol.Kind == check.Import {
		t = t.Module.Imports[t.Symbol]
	}
	if !t.Namespace {
		return module.Target{}, false
	}
	m, ok := t.Module.Exports[e.Name.Name]
	return m, ok
}

// assign lowers an assignment; dst, when >= 0, gets the new value.
func (f *fn) assign(e *ast.Assign, dst ir.Reg) {
	mark := f.next
	defer func() { f.next = mark }()
	if e.Pattern != nil {
		v := f.temp(e.Value)
		f.destructure(e.Pattern, v, f.threshold(e.Threshold), assignMode, e.Span)
		f.result(dst, v)
		return
	}
	target := ast.Unparen(e.Target)
	s := f.symbolOf(target)
	switch {
	case s != nil && e.Op == token.Assign:
		f.assignVar(s, e.Value, dst)
	case s != nil && e.Op == token.NullishAssign:
		end, set := f.block(), f.block()
		v := f.alloc()
		if s.Kind == check.Bare && !f.definite[s] {
			f.readMaybeUnset(s, v)
		} else {
			f.read(s, v, true)
		}
		f.branch(ir.Instr{Op: ir.OpBranchNull, A: ir.R(v)}, set, end)
		f.start(set)
		f.maybe(func() {
			f.expr(e.Value, v)
			f.write(s, f.copyOf(v))
		})
		f.jump(end)
		f.start(end)
		f.setDefinite(s)
		f.result(dst, v)
	case s != nil:
		f.compoundVar(s, assignOps[e.Op], e.Value, dst)
	default:
		f.assignPath(target, e.Op, e.Value, dst)
	}
}

// readMaybeUnset reads a bare variable, null when it has no value yet.
func (f *fn) readMaybeUnset(s *check.Symbol, dst ir.Reg) {
	v, ok := f.vars[s]
	if !ok || v.cell {
		f.read(s, dst, true)
		return
	}
	set, unset, end := f.block(), f.block(), f.block()
	f.branch(ir.Instr{Op: ir.OpBranchSet, A: ir.R(v.reg)}, set, unset)
	f.start(set)
	f.emit(ir.Instr{Op: ir.OpCopy, Dst: dst, A: ir.R(v.reg)})
	f.jump(end)
	f.start(unset)
	f.emit(ir.Instr{Op: ir.OpLoad, Dst: dst, A: f.konst(nullConst)})
	f.jump(end)
	f.start(end)
}

func (f *fn) copyOf(r ir.Reg) ir.Reg {
	c := f.alloc()
	f.emit(ir.Instr{Op: ir.OpCopy, Dst: c, A: ir.R(r)})
	return c
}

// result copies a value to the completion register of its statement, if any.
func (f *fn) result(dst, v ir.Reg) {
	if dst >= 0 && dst != v {
		f.emit(ir.Instr{Op: ir.OpCopy, Dst: dst, A: ir.R(v)})
	}
}

func (f *fn) assignVar(s *check.Symbol, value ast.Expr, dst ir.Reg) {
	f.nameFor(value, s.Name)
	v, local := f.vars[s]
	if f.pushTo(s, value, dst) {
		return
	}
	if local && !v.cell && direct(value) {
		f.expr(value, v.reg)
		f.setDefinite(s)
		f.result(dst, v.reg)
		return
	}
	r := f.temp(value)
	f.result(dst, r)
	f.write(s, r)
}

// pushTo lowers a = a.push(x, ...), whose old value nobody sees again, to an
// append in place.
func (f *fn) pushTo(s *check.Symbol, value ast.Expr, dst ir.Reg) bool {
	call, ok := value.(*ast.Call)
	if !ok || call.Optional {
		return false
	}
	m, ok := call.Fun.(*ast.Member)
	if !ok || m.Op != token.Dot || m.Name.Name != "push" || f.symbolOf(m.X) != s {
		return false
	}
	if s.Kind == check.Import || s.Kind == check.Library || s.Kind == check.Host {
		return false
	}
	for _, a := range call.Args {
		switch a.(type) {
		case *ast.Spread, *ast.NamedArg:
			return false
		}
		if !pure(a) {
			return false
		}
	}
	defer f.at(call.Span)()
	v, local := f.vars[s]
	reg := v.reg
	if !local || v.cell {
		reg = f.alloc()
	} else {
		f.checkSet(s, reg)
	}
	base := f.next
	n := f.args(call.Args, nil)
	if n == 0 {
		f.loadNull()
	}
	if !local || v.cell {
		f.read(s, reg, true)
	}
	f.emit(ir.Instr{Op: ir.OpPush, Dst: reg, A: ir.R(base), N: n})
	f.result(dst, reg)
	if !local || v.cell {
		f.write(s, reg)
	}
	return true
}

func (f *fn) compoundVar(s *check.Symbol, op ir.Op, value ast.Expr, dst ir.Reg) {
	if v, ok := f.vars[s]; ok && !v.cell {
		f.checkSet(s, v.reg)
		x := ir.R(v.reg)
		if !pure(value) {
			x = ir.R(f.copyOf(v.reg))
		}
		f.emit(ir.Instr{Op: op, Dst: v.reg, A: x, B: f.operand(value), Facts: resultFacts(op)})
		f.result(dst, v.reg)
		return
	}
	r := f.alloc()
	f.read(s, r, true)
	f.emit(ir.Instr{Op: op, Dst: r, A: ir.R(r), B: f.operand(value), Facts: resultFacts(op)})
	f.result(dst, r)
	f.write(s, r)
}

// update lowers ++ and --.
func (f *fn) update(e *ast.Update, dst ir.Reg) {
	op := ir.OpAdd
	if e.Op == token.MinusMinus {
		op = ir.OpSub
	}
	one := f.konst(numberConst(1))
	if s := f.symbolOf(e.X); s != nil {
		if v, ok := f.vars[s]; ok && !v.cell {
			f.checkSet(s, v.reg)
			if !e.Prefix && dst >= 0 {
				f.emit(ir.Instr{Op: ir.OpCopy, Dst: dst, A: ir.R(v.reg)})
			}
			f.emit(ir.Instr{Op: op, Dst: v.reg, A: ir.R(v.reg), B: one, Facts: resultFacts(ir.OpSub)})
			if e.Prefix {
				f.result(dst, v.reg)
			}
			return
		}
		r := f.alloc()
		f.read(s, r, true)
		if !e.Prefix {
			f.result(dst, r)
		}
		f.emit(ir.Instr{Op: op, Dst: r, A: ir.R(r), B: one, Facts: resultFacts(ir.OpSub)})
		if e.Prefix {
			f.result(dst, r)
		}
		f.write(s, r)
		return
	}
	if !e.Prefix && dst >= 0 {
		f.exprBorrow(e.X, dst)
	}
	to := dst
	if !e.Prefix {
		to = -1
	}
	kind := token.PlusAssign
	if e.Op == token.MinusMinus {
		kind = token.MinusAssign
	}
	f.assignPath(ast.Unparen(e.X), kind, &ast.NumberLit{Span: e.Span, Value: 1}, to)
}

// assignPath assigns to o.p, a[i] or deeper: the variable at the root is
// rebound to an updated value.
func (f *fn) assignPath(target ast.Expr, op token.Kind, value ast.Expr, dst ir.Reg) {
	root, keys := pathOf(target)
	s := f.symbolOf(root)
	if s == nil {
		panic("lower: assignment to a part of something that is no variable")
	}
	v, ok := f.vars[s]
	local := ok && !v.cell
	reg := v.reg
	if !local {
		reg = f.alloc()
	} else {
		f.checkSet(s, reg)
	}
	window := f.next
	regs := make([]ir.Reg, len(keys))
	for i, k := range keys {
		regs[i] = f.alloc()
		if m, ok := k.(*ast.Member); ok {
			f.load(regs[i], stringConst(m.Name.Name))
		} else {
			f.expr(k.(*ast.Index).Index, regs[i])
		}
	}
	val := f.alloc()
	if op == token.Assign {
		f.expr(value, val)
	}
	if !local {
		f.read(s, reg, true)
	}
	done := -1
	if op != token.Assign {
		cur := reg
		for i, k := range keys {
			next := f.alloc()
			f.part(k, cur, regs[i], next)
			cur = next
		}
		if op == token.NullishAssign {
			set := f.block()
			done = f.block()
			f.result(dst, cur)
			f.branch(ir.Instr{Op: ir.OpBranchNull, A: ir.R(cur)}, set, done)
			f.start(set)
			f.expr(value, val)
		} else {
			f.emit(ir.Instr{Op: assignOps[op], Dst: val, A: ir.R(cur), B: f.operand(value)})
		}
		if !local { // evaluating the value may have changed it
			f.read(s, reg, true)
		}
	}
	restore := f.at(target.Range())
	if len(keys) == 1 {
		if m, ok := keys[0].(*ast.Member); ok {
			f.emit(ir.Instr{Op: ir.OpSetProp, Dst: reg, A: ir.R(f.valueFor(dst, val)), N: f.name(m.Name.Name)})
		} else {
			f.emit(ir.Instr{Op: ir.OpSetIndex, Dst: reg, A: ir.R(regs[0]), B: ir.R(f.valueFor(dst, val))})
		}
	} else {
		f.valueFor(dst, val)
		f.emit(ir.Instr{Op: ir.OpSetPath, Dst: reg, A: ir.R(window), N: len(keys)})
	}
	restore()
	if !local {
		f.write(s, reg)
	}
	if done >= 0 {
		f.jump(done)
		f.start(done)
	}
}

// valueFor copies the assigned value to the completion register before the
// container takes it, so that it is known to be shared.
func (f *fn) valueFor(dst, val ir.Reg) ir.Reg {
	f.result(dst, val)
	return val
}

// part reads one step of a path for a compound assignment.
func (f *fn) part(k ast.Expr, from, key, to ir.Reg) {
	restore := f.at(k.Range())
	if m, ok := k.(*ast.Member); ok {
		f.emit(ir.Instr{Op: ir.OpBorrowProp, Dst: to, A: ir.R(from), N: f.name(m.Name.Name)})
	} else {
		f.emit(ir.Instr{Op: ir.OpBorrowIndex, Dst: to, A: ir.R(from), B: ir.R(key)})
	}
	restore()
}

// pathOf splits a.b[c].d into its root and its steps.
func pathOf(e ast.Expr) (ast.Expr, []ast.Expr) {
	var keys []ast.Expr
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Member:
			keys = append(keys, x)
			e = x.X
			continue
		case *ast.Index:
			keys = append(keys, x)
			e = x.X
			continue
		}
		break
	}
	for i, j := 0, len(keys)-1; i < j; i, j = i+1, j-1 {
		keys[i], keys[j] = keys[j], keys[i]
	}
	return e, keys
}
