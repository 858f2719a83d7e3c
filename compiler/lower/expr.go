package lower

import (
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/token"
)

// operand evaluates an expression to something an instruction can read: a
// constant, the register of a local variable, or a temporary.
func (f *fn) operand(e ast.Expr) ir.Operand {
	if r, ok := f.ownRegister(e); ok {
		return ir.R(r)
	}
	if c, ok := literal(e); ok {
		return f.konst(c)
	}
	r := f.alloc()
	f.exprBorrow(e, r)
	return ir.R(r)
}

// ownRegister returns the register of the local variable that an expression is.
func (f *fn) ownRegister(e ast.Expr) (ir.Reg, bool) {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return 0, false
	}
	s := f.u.info.SymbolOf(id)
	if s == nil {
		return 0, false
	}
	v, ok := f.vars[s]
	if !ok || v.cell {
		return 0, false
	}
	defer f.at(id.Span)()
	f.checkSet(s, v.reg)
	return v.reg, true
}

// register is operand for instructions that take registers only.
func (f *fn) register(e ast.Expr) ir.Reg {
	o := f.operand(e)
	if !o.IsConst() {
		return o.Reg()
	}
	r := f.alloc()
	f.emit(ir.Instr{Op: ir.OpLoad, Dst: r, A: o})
	return r
}

// owned is operand for a value that is kept: in the result of the instruction,
// or while other code runs.
func (f *fn) owned(e ast.Expr) ir.Operand {
	if c, ok := literal(e); ok {
		return f.konst(c)
	}
	return ir.R(f.temp(e))
}

// pair evaluates two operands in order. When evaluating the second may change
// what the first one reads, the first is copied.
func (f *fn) pair(x, y ast.Expr) (ir.Operand, ir.Operand) {
	if f.exposed(x, y) {
		return f.owned(x), f.operand(y)
	}
	return f.operand(x), f.operand(y)
}

// exposed reports whether evaluating one of the expressions that follow may
// change the variable that x reads, or update its value in place.
func (f *fn) exposed(x ast.Expr, then ...ast.Expr) bool {
	local := false
	switch root, _ := pathOf(x); root := ast.Unparen(root).(type) {
	case *ast.Ident:
		s := f.u.info.SymbolOf(root)
		if s == nil || s.Kind == check.Library || s.Kind == check.Host {
			return false
		}
		v, ok := f.vars[s]
		local = ok && !v.cell
	default:
		return false
	}
	for _, e := range then {
		// Functions that are called can reach variables outside registers alone.
		if !pure(e) || !local && calls(e) {
			return true
		}
	}
	return false
}

// calls reports whether evaluating a pure expression runs other code.
func calls(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Paren:
		return calls(e.X)
	case *ast.Member:
		return calls(e.X)
	case *ast.Index:
		return calls(e.X) || calls(e.Index)
	case *ast.Unary:
		return calls(e.X)
	case *ast.Binary:
		return calls(e.X) || calls(e.Y)
	case *ast.Ternary:
		return calls(e.Cond) || calls(e.Then) || calls(e.Else)
	case *ast.Call:
		return true
	}
	return false
}

// keeps tells which operands an operator may give as its result.
func keeps(op ir.Op) (a, b bool) {
	switch op {
	case ir.OpAttach:
		return true, false
	case ir.OpChain:
		return false, true
	case ir.OpStronger:
		return true, true
	}
	return false, false
}

// pure reports whether evaluating an expression can't assign a variable of the
// function that evaluates it.
func pure(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident, *ast.NumberLit, *ast.StringLit, *ast.BoolLit, *ast.NullLit, *ast.FuncLit:
		return true
	case *ast.Paren:
		return pure(e.X)
	case *ast.Member:
		return pure(e.X)
	case *ast.Index:
		return pure(e.X) && pure(e.Index)
	case *ast.Unary:
		return pure(e.X)
	case *ast.Binary:
		return pure(e.X) && pure(e.Y)
	case *ast.Ternary:
		return pure(e.Cond) && pure(e.Then) && pure(e.Else)
	case *ast.Call:
		if !pure(e.Fun) {
			return false
		}
		for _, a := range e.Args {
			if !pure(a) {
				return false
			}
		}
		return true
	}
	return false
}

// literal returns the constant an expression is.
func literal(e ast.Expr) (bytecode.Const, bool) {
	switch e := e.(type) {
	case *ast.Paren:
		return literal(e.X)
	case *ast.NumberLit:
		return numberConst(e.Value), true
	case *ast.StringLit:
		return stringConst(e.Value), true
	case *ast.BoolLit:
		c := bytecode.Const{Kind: bytecode.ConstBool}
		if e.Value {
			c.Bits = 1
		}
		return c, true
	case *ast.NullLit, *ast.Hole:
		return bytecode.Const{}, true
	case *ast.Unary:
		if n, ok := e.X.(*ast.NumberLit); ok && e.Op == token.Minus {
			return numberConst(-n.Value), true
		}
	}
	return bytecode.Const{}, false
}

// exprBorrow evaluates an expression whose value is used at once and not kept.
func (f *fn) exprBorrow(e ast.Expr, dst ir.Reg) {
	switch e := e.(type) {
	case *ast.Paren:
		f.exprBorrow(e.X, dst)
	case *ast.Ident:
		if s := f.u.info.SymbolOf(e); s != nil {
			defer f.at(e.Span)()
			f.read(s, dst, true)
			return
		}
		f.expr(e, dst)
	case *ast.Member, *ast.Index:
		f.chain(e, dst, true)
	default:
		f.expr(e, dst)
	}
}

// temp evaluates an expression into a fresh register.
func (f *fn) temp(e ast.Expr) ir.Reg {
	r := f.alloc()
	f.expr(e, r)
	return r
}

// expr evaluates an expression into dst. Every register it takes is free again
// afterwards. It writes dst only once everything it reads has been read, except
// for the forms that direct reports as false.
func (f *fn) expr(e ast.Expr, dst ir.Reg) {
	mark := f.next
	defer func() { f.next = mark }()
	if c, ok := literal(e); ok {
		f.load(dst, c)
		return
	}
	defer f.at(e.Range())()
	switch e := e.(type) {
	case *ast.Paren:
		f.expr(e.X, dst)
	case *ast.Ident:
		f.read(f.u.info.SymbolOf(e), dst, false)
	case *ast.Template:
		f.template(e, dst)
	case *ast.ArrayLit:
		f.array(e.Elems, dst)
	case *ast.ObjectLit:
		f.objectLit(e, dst)
	case *ast.FuncLit:
		f.closure(e, dst)
	case *ast.Unary:
		f.unary(e, dst)
	case *ast.Update:
		f.update(e, dst)
	case *ast.Await:
		f.emit(ir.Instr{Op: ir.OpAwait, Dst: dst, A: ir.R(f.temp(e.X))})
	case *ast.Binary:
		f.binary(e, dst)
	case *ast.Ternary:
		f.ternary(e, dst)
	case *ast.Call, *ast.Member, *ast.Index:
		f.chain(e, dst, false)
	case *ast.Block:
		f.blockStmt(e, dst)
	case *ast.If, *ast.UncertainIf, *ast.Match, *ast.Try, *ast.Context,
		*ast.Parallel, *ast.Sequential, *ast.Race, *ast.WithAgents:
		f.stmt(e.(ast.Stmt), dst)
	default:
		panic("lower: unexpected expression")
	}
}

// direct reports whether expr(e, dst) may be used with the register of a
// variable that e reads.
func direct(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Paren:
		return direct(e.X)
	case *ast.Ident, *ast.NumberLit, *ast.StringLit, *ast.BoolLit, *ast.NullLit, *ast.Template, *ast.Unary, *ast.Await:
		return true
	case *ast.Binary:
		_, ok := binaryOps[e.Op]
		return ok
	case *ast.Call:
		return !hasOptional(e)
	case *ast.Member, *ast.Index:
		return !hasOptional(e)
	}
	return false
}

// hasOptional reports whether a chain of members and calls has a ?. in it.
func hasOptional(e ast.Expr) bool {
	for {
		switch x := e.(type) {
		case *ast.Member:
			if x.Op == token.QuestionDot {
				return true
			}
			e = x.X
		case *ast.Index:
			if x.Optional {
				return true
			}
			e = x.X
		case *ast.Call:
			if x.Optional {
				return true
			}
			e = x.Fun
		default:
			return false
		}
	}
}

var binaryOps = map[token.Kind]ir.Op{
	token.Plus: ir.OpAdd, token.Minus: ir.OpSub, token.Star: ir.OpMul, token.Slash: ir.OpDiv,
	token.Percent: ir.OpMod, token.Power: ir.OpPow,
	token.Equal: ir.OpEqual, token.NotEqual: ir.OpNotEqual, token.Same: ir.OpSame, token.NotSame: ir.OpNotSame,
	token.Less: ir.OpLess, token.LessEqual: ir.OpLessEqual, token.Greater: ir.OpGreater, token.GreaterEqual: ir.OpGreaterEqual,
	token.In: ir.OpIn, token.Instanceof: ir.OpInstanceof,
	token.ConfPlus: ir.OpConfAdd, token.ConfMinus: ir.OpConfSub, token.ConfStar: ir.OpConfMul, token.ConfSlash: ir.OpConfDiv,
	token.ConfEqual: ir.OpConfEqual, token.ConfNotEqual: ir.OpConfNotEqual, token.ConfLess: ir.OpConfLess,
	token.ConfLessEqual: ir.OpConfLessEqual, token.ConfGreaterEqual: ir.OpConfGreaterEqual,
	token.ConfAnd: ir.OpConfAnd, token.ConfOr: ir.OpConfOr,
	token.Attach: ir.OpAttach, token.Chain: ir.OpChain, token.Stronger: ir.OpStronger,
}

func (f *fn) binary(e *ast.Binary, dst ir.Reg) {
	if op, ok := binaryOps[e.Op]; ok {
		f.binaryChain(e, op, dst)
		return
	}
	switch e.Op {
	case token.AndAnd, token.OrOr, token.Nullish:
		f.expr(e.X, dst)
		right, end := f.block(), f.block()
		switch e.Op {
		case token.AndAnd:
			f.branch(ir.Instr{Op: ir.OpBranch, A: ir.R(dst)}, right, end)
		case token.OrOr:
			f.branch(ir.Instr{Op: ir.OpBranch, A: ir.R(dst)}, end, right)
		default:
			f.branch(ir.Instr{Op: ir.OpBranchNull, A: ir.R(dst)}, right, end)
		}
		f.start(right)
		f.maybe(func() { f.expr(e.Y, dst) })
		f.jump(end)
		f.start(end)
	case token.ConfNullish:
		f.expr(e.X, dst)
		right, end := f.block(), f.block()
		c := f.alloc()
		f.emit(ir.Instr{Op: ir.OpExtract, Dst: c, A: ir.R(dst)})
		f.branch(f.atLeast(c, ir.R(f.strategy(ir.StrategyCoalesce))), end, right)
		f.start(right)
		f.maybe(func() { f.expr(e.Y, dst) })
		f.jump(end)
		f.start(end)
	case token.Gate:
		f.gate(e, dst)
	case token.ThresholdGate:
		f.callLib("__gate", dst, e.X, e.Y)
	case token.Pipe, token.ConfPipe:
		f.pipe(e, dst)
	default:
		panic("lower: unexpected operator " + e.Op.String())
	}
}

// binaryChain lowers a left-leaning chain of strict operators without recursion,
// so that sums of any length work.
func (f *fn) binaryChain(e *ast.Binary, op ir.Op, dst ir.Reg) {
	type link struct {
		e  *ast.Binary
		op ir.Op
	}
	chain := []link{{e, op}}
	for {
		x, ok := chain[len(chain)-1].e.X.(*ast.Binary)
		if !ok {
			break
		}
		xop, ok := binaryOps[x.Op]
		if !ok {
			break
		}
		chain = append(chain, link{x, xop})
	}
	acc := ir.Reg(-1)
	for i := len(chain) - 1; i >= 0; i-- {
		l := chain[i]
		mark := f.next
		keepA, keepB := keeps(l.op)
		a := ir.R(acc)
		switch {
		case acc >= 0:
		case keepA || f.exposed(l.e.X, l.e.Y):
			a = f.owned(l.e.X)
		default:
			a = f.operand(l.e.X)
		}
		var b ir.Operand
		if keepB {
			b = f.owned(l.e.Y)
		} else {
			b = f.operand(l.e.Y)
		}
		to := dst
		if i > 0 {
			if acc < 0 {
				f.next = mark
				acc = f.alloc()
				mark = f.next
			}
			to = acc
		}
		restore := f.at(l.e.Span)
		f.emit(ir.Instr{Op: l.op, Dst: to, A: a, B: b, Facts: resultFacts(l.op)})
		restore()
		f.next = mark
	}
}

// resultFacts is what is known of the result of an operator from the operator
// alone.
func resultFacts(op ir.Op) ir.Facts {
	switch op {
	case ir.OpSub, ir.OpMul, ir.OpDiv, ir.OpMod, ir.OpPow, ir.OpNeg, ir.OpPlus, ir.OpConfAdd, ir.OpConfSub, ir.OpConfMul, ir.OpConfDiv:
		return ir.Facts{Kinds: ir.KindNumber}
	case ir.OpAdd:
		return ir.Facts{Kinds: ir.KindNumber | ir.KindString}
	case ir.OpExtract:
		return ir.Facts{Kinds: ir.KindNumber, Plain: true}
	case ir.OpTypeof:
		return ir.Facts{Kinds: ir.KindString, Plain: true}
	case ir.OpText:
		return ir.Facts{Kinds: ir.KindString}
	}
	if op.IsComparison() || op == ir.OpNot || op == ir.OpIn || op == ir.OpInstanceof {
		return ir.Facts{Kinds: ir.KindBoolean}
	}
	return ir.Facts{}
}

// maybe lowers code that runs on one path only.
func (f *fn) maybe(code func()) {
	mark := f.mark()
	code()
	f.release(mark)
}

func (f *fn) strategy(field int) ir.Reg {
	r := f.alloc()
	f.emit(ir.Instr{Op: ir.OpStrategy, Dst: r, N: field})
	return r
}

// atLeast is the test c >= t.
func (f *fn) atLeast(c ir.Reg, t ir.Operand) ir.Instr {
	return ir.Instr{Op: ir.OpBranchCmp, A: ir.R(c), B: t, N: int(ir.OpGreaterEqual)}
}

// gate lowers a ~@> b: with a number literal a threshold on a, else b behind
// the strategy's gate.
func (f *fn) gate(e *ast.Binary, dst ir.Reg) {
	x := f.temp(e.X)
	c := f.alloc()
	f.emit(ir.Instr{Op: ir.OpExtract, Dst: c, A: ir.R(x)})
	open, closed, end := f.block(), f.block(), f.block()
	if n, ok := ast.Unparen(e.Y).(*ast.NumberLit); ok && n.Value >= 0 && n.Value <= 1 {
		f.branch(f.atLeast(c, f.konst(numberConst(n.Value))), open, closed)
		f.start(open)
		f.move(dst, x)
		f.jump(end)
		f.start(closed)
		f.load(dst, bytecode.Const{})
	} else {
		f.branch(f.atLeast(c, ir.R(f.strategy(ir.StrategyGate))), open, closed)
		f.start(open)
		f.maybe(func() { f.expr(e.Y, dst) })
		f.jump(end)
		f.start(closed)
		f.emit(ir.Instr{Op: ir.OpScale, Dst: dst, A: ir.R(x), B: ir.R(f.strategy(ir.StrategyReduction))})
	}
	f.jump(end)
	f.start(end)
}

func (f *fn) pipe(e *ast.Binary, dst ir.Reg) {
	keep := ir.Reg(-1) // the left value, when the result inherits from it
	result := dst
	if e.Op == token.ConfPipe {
		keep = f.alloc()
		result = f.alloc()
		f.expr(e.X, keep)
	}
	left := func(to ir.Reg) {
		if keep >= 0 {
			f.emit(ir.Instr{Op: ir.OpCopy, Dst: to, A: ir.R(keep)})
		} else {
			f.expr(e.X, to)
		}
	}
	if s := f.u.info.Placeholders[e]; s != nil {
		tmp := f.alloc()
		left(tmp)
		if f.needsCell(s) {
			f.emit(ir.Instr{Op: ir.OpNewCell, Dst: tmp, A: ir.R(tmp)})
		}
		f.vars[s] = variable{tmp, f.needsCell(s)}
		f.expr(e.Y, result)
	} else if call, ok := ast.Unparen(e.Y).(*ast.Call); ok && !call.Optional {
		f.call(call, result, left)
	} else {
		base := f.alloc()
		arg := f.alloc()
		left(arg)
		f.expr(e.Y, base)
		f.emit(ir.Instr{Op: ir.OpCall, Dst: result, A: ir.R(base), N: 1})
	}
	if keep >= 0 {
		f.callLibRegs("__carry", dst, result, keep)
	}
}

func (f *fn) ternary(e *ast.Ternary, dst ir.Reg) {
	yes, no, end := f.block(), f.block(), f.block()
	if !e.Confident {
		f.cond(e.Cond, yes, no)
		f.start(yes)
		f.maybe(func() { f.expr(e.Then, dst) })
		f.jump(end)
		f.start(no)
		f.maybe(func() { f.expr(e.Else, dst) })
		f.jump(end)
		f.start(end)
		return
	}
	c := f.temp(e.Cond)
	v := f.alloc()
	f.branch(ir.Instr{Op: ir.OpBranch, A: ir.R(c)}, yes, no)
	f.start(yes)
	f.maybe(func() { f.expr(e.Then, v) })
	f.jump(end)
	f.start(no)
	f.maybe(func() { f.expr(e.Else, v) })
	f.jump(end)
	f.start(end)
	f.emit(ir.Instr{Op: ir.OpScaleBy, Dst: dst, A: ir.R(c), B: ir.R(v)})
}

// cond evaluates an expression for its truth only.
func (f *fn) cond(e ast.Expr, yes, no int) {
	mark := f.next
	defer func() { f.next = mark }()
	defer f.at(e.Range())()
	switch x := ast.Unparen(e).(type) {
	case *ast.BoolLit:
		if x.Value {
			f.jump(yes)
		} else {
			f.jump(no)
		}
		return
	case *ast.Unary:
		if x.Op == token.Not {
			f.cond(x.X, no, yes)
			return
		}
	case *ast.Binary:
		switch x.Op {
		case token.AndAnd, token.OrOr:
			right := f.block()
			if x.Op == token.AndAnd {
				f.cond(x.X, right, no)
			} else {
				f.cond(x.X, yes, right)
			}
			f.start(right)
			f.maybe(func() { f.cond(x.Y, yes, no) })
			return
		}
		if op, ok := binaryOps[x.Op]; ok && op.IsComparison() {
			a, b := f.pair(x.X, x.Y)
			f.branch(ir.Instr{Op: ir.OpBranchCmp, A: a, B: b, N: int(op)}, yes, no)
			return
		}
	}
	f.branch(ir.Instr{Op: ir.OpBranch, A: ir.R(f.register(e))}, yes, no)
}

func (f *fn) unary(e *ast.Unary, dst ir.Reg) {
	op := map[token.Kind]ir.Op{token.Not: ir.OpNot, token.Minus: ir.OpNeg, token.Plus: ir.OpPlus,
		token.Tilde: ir.OpExtract, token.Extract: ir.OpExtract, token.Typeof: ir.OpTypeof}[e.Op]
	f.emit(ir.Instr{Op: op, Dst: dst, A: f.operand(e.X), Facts: resultFacts(op)})
}

func (f *fn) template(e *ast.Template, dst ir.Reg) {
	var parts []ir.Reg
	for i, t := range e.Texts {
		if t.Value != "" {
			r := f.alloc()
			f.load(r, stringConst(t.Value))
			parts = append(parts, r)
		}
		if i < len(e.Exprs) {
			r := f.alloc()
			if f.exposed(e.Exprs[i], e.Exprs[i+1:]...) {
				f.expr(e.Exprs[i], r)
			} else {
				f.exprBorrow(e.Exprs[i], r)
			}
			parts = append(parts, r)
		}
	}
	if len(parts) == 0 {
		f.load(dst, stringConst(""))
		return
	}
	f.emit(ir.Instr{Op: ir.OpText, Dst: dst, A: ir.R(parts[0]), N: len(parts), Facts: resultFacts(ir.OpText)})
}

// chunk is how many elements of a literal are evaluated at a time.
const chunk = 64

func (f *fn) array(elems []ast.Expr, dst ir.Reg) {
	base := f.next
	n, made := 0, false
	flush := func() {
		if !made {
			if n == 0 {
				f.load(f.alloc(), bytecode.Const{}) // the window must exist
			}
			f.emit(ir.Instr{Op: ir.OpArray, Dst: dst, A: ir.R(base), N: n})
			made = true
		} else if n > 0 {
			f.emit(ir.Instr{Op: ir.OpArrayPush, Dst: dst, A: ir.R(base), N: n})
		}
		f.next, n = base, 0
	}
	for _, e := range elems {
		if s, ok := e.(*ast.Spread); ok {
			if n > 0 || !made {
				flush()
			}
			r := f.alloc()
			f.exprBorrow(s.X, r)
			restore := f.at(s.Span)
			f.emit(ir.Instr{Op: ir.OpArraySpread, Dst: dst, A: ir.R(r)})
			restore()
			f.next = base
			continue
		}
		r := f.alloc()
		f.expr(e, r)
		if n++; n == chunk {
			flush()
		}
	}
	if n > 0 || !made {
		flush()
	}
}

// object makes an object of named values in consecutive registers.
func (f *fn) object(dst ir.Reg, keys []string, first ir.Reg) {
	shape := -1
	for i, s := range f.out.Shapes {
		if equalKeys(s, keys) {
			shape = i
			break
		}
	}
	if shape < 0 {
		shape = len(f.out.Shapes)
		f.out.Shapes = append(f.out.Shapes, keys)
	}
	if len(keys) == 0 {
		first = dst
		f.load(dst, bytecode.Const{})
	}
	f.emit(ir.Instr{Op: ir.OpObject, Dst: dst, A: ir.R(first), N: shape})
}

func equalKeys(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (f *fn) objectLit(e *ast.ObjectLit, dst ir.Reg) {
	// The leading run of distinct constant keys becomes one shaped object; what
	// follows is added to it one by one.
	var keys []string
	seen := map[string]bool{}
	first := f.next
	i := 0
	for ; i < len(e.Props) && len(keys) < chunk; i++ {
		p := e.Props[i]
		key, ok := propertyKey(p)
		if !ok || seen[key] {
			break
		}
		seen[key] = true
		keys = append(keys, key)
		r := f.alloc()
		f.nameFor(p.Value, key)
		f.expr(p.Value, r)
	}
	f.object(dst, keys, first)
	for _, p := range e.Props[i:] {
		f.next = first
		restore := f.at(p.Span)
		if s, ok := p.Value.(*ast.Spread); ok && p.Key == nil {
			r := f.alloc()
			f.exprBorrow(s.X, r)
			f.emit(ir.Instr{Op: ir.OpObjectSpread, Dst: dst, A: ir.R(r)})
		} else {
			k, v := f.alloc(), f.alloc()
			if key, ok := propertyKey(p); ok {
				f.load(k, stringConst(key))
			} else {
				f.expr(p.Key, k)
			}
			f.expr(p.Value, v)
			f.emit(ir.Instr{Op: ir.OpObjectSet, Dst: dst, A: ir.R(k), B: ir.R(v)})
		}
		restore()
	}
}

// propertyKey returns the key of a property when it is constant.
func propertyKey(p *ast.Property) (string, bool) {
	if p.Computed || p.Key == nil {
		return "", false
	}
	switch k := p.Key.(type) {
	case *ast.Ident:
		return k.Name, true
	case *ast.StringLit:
		return k.Value, true
	case *ast.NumberLit:
		return numberText(k.Value), true
	}
	return "", false
}

// symbolOf returns the symbol an expression names, nil when it is no name.
func (f *fn) symbolOf(e ast.Expr) *check.Symbol {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		return f.u.info.SymbolOf(id)
	}
	return nil
}
