package lower

import (
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// chain lowers a run of members, indices and calls. A ?. that finds null ends
// the whole run with null.
func (f *fn) chain(e ast.Expr, dst ir.Reg, borrow bool) {
	if !hasOptional(e) {
		f.link(e, dst, borrow)
		return
	}
	saved := f.chainEnd
	null, end := f.block(), f.block()
	f.chainEnd = null
	f.link(e, dst, borrow)
	f.chainEnd = saved
	f.jump(end)
	f.start(null)
	f.load(dst, bytecode.Const{})
	f.jump(end)
	f.start(end)
}

// link lowers one link of a chain and, below it, the links before.
func (f *fn) link(e ast.Expr, dst ir.Reg, borrow bool) {
	mark := f.next
	defer func() { f.next = mark }()
	defer f.at(f.place(e))()
	switch e := e.(type) {
	case *ast.Member:
		if t, ok := f.moduleMember(e); ok {
			f.readTarget(t, dst)
			return
		}
		x := f.object0(e.X)
		op := ir.OpGetProp
		switch {
		case e.Op == token.QuestionDot:
			f.orNull(x)
			op = ir.OpGetPropOpt
		case e.Op == token.ConfDot:
			op = ir.OpGetPropConf
		case borrow:
			op = ir.OpBorrowProp
		}
		f.emit(ir.Instr{Op: op, Dst: dst, A: ir.R(x), N: f.name(e.Name.Name)})
	case *ast.Index:
		var x ir.Reg
		if f.exposed(e.X, e.Index) {
			x = f.alloc()
			f.linkOwned(e.X, x)
		} else {
			x = f.object0(e.X)
		}
		if e.Optional {
			f.orNull(x)
		}
		saved := f.chainEnd
		f.chainEnd = -1
		i := f.register(e.Index)
		f.chainEnd = saved
		op := ir.OpGetIndex
		if e.Optional {
			op = ir.OpGetIndexOpt
		} else if borrow {
			op = ir.OpBorrowIndex
		}
		f.emit(ir.Instr{Op: op, Dst: dst, A: ir.R(x), B: ir.R(i)})
	case *ast.Call:
		f.call(e, dst, nil)
	}
}

// place is where an error of a link is: the whole chain up to it, or, when the
// name of its member stands on a later line, from there on.
func (f *fn) place(e ast.Expr) source.Span {
	span := e.Range()
	link := e
	if c, ok := e.(*ast.Call); ok {
		link = c.Fun
	}
	if m, ok := link.(*ast.Member); ok && strings.Contains(f.u.file.Text(source.Span{Start: span.Start, End: m.Name.Start}), "\n") {
		span.Start = m.Name.Start
	}
	return span
}

// object0 evaluates what a member is taken of: a local's own register or a
// temporary that is not kept.
func (f *fn) object0(e ast.Expr) ir.Reg {
	switch x := e.(type) {
	case *ast.Ident:
		return f.register(x)
	case *ast.Member, *ast.Index, *ast.Call:
		r := f.alloc()
		f.link(x, r, true)
		return r
	}
	saved := f.chainEnd
	f.chainEnd = -1
	r := f.register(e)
	f.chainEnd = saved
	return r
}

// orNull leaves the chain with null when a register is null.
func (f *fn) orNull(x ir.Reg) {
	next := f.block()
	f.branch(ir.Instr{Op: ir.OpBranchNull, A: ir.R(x)}, f.chainEnd, next)
	f.start(next)
}

// call lowers a call. first, when not nil, evaluates an additional first
// argument (the left side of a pipeline).
func (f *fn) call(e *ast.Call, dst ir.Reg, first func(ir.Reg)) {
	mark := f.next
	defer func() { f.next = mark }()
	if f.u.info.Tasks[e] {
		f.task(e, dst, first)
		return
	}
	chainEnd := f.chainEnd
	spread := false
	for _, a := range e.Args {
		if _, ok := a.(*ast.Spread); ok {
			spread = true
		}
	}
	fun := e.Fun
	if _, ok := fun.(*ast.Paren); ok {
		if inner := ast.Unparen(fun); !hasOptional(inner) {
			fun = inner
		}
	}
	if m, ok := fun.(*ast.Member); ok && !e.Optional && m.Op != token.ConfDot {
		if t, ok := f.moduleMember(m); ok {
			f.callPlace(f.u.p.target(t), func(r ir.Reg) { f.readTarget(t, r) }, e, dst, first, spread)
			return
		}
		base := f.alloc()
		if f.exposed(m.X, e.Args...) {
			f.linkOwned(m.X, base)
		} else {
			f.linkOrExpr(m.X, base)
		}
		if m.Op == token.QuestionDot {
			f.orNull(base)
		}
		f.chainEnd = -1
		op, n := ir.OpCallMethod, 0
		if spread {
			op = ir.OpCallMethodSpread
			f.spreadArgs(e.Args, first)
		} else {
			n = f.args(e.Args, first)
		}
		f.chainEnd = chainEnd
		f.emit(ir.Instr{Op: op, Dst: dst, A: ir.R(base), N: n, C: ir.Operand(f.name(m.Name.Name))})
		return
	}
	if s := f.symbolOf(fun); s != nil && !e.Optional {
		f.callPlace(f.find(s), func(r ir.Reg) { f.exprBorrow(fun, r) }, e, dst, first, spread)
		return
	}
	f.callPlace(place{}, func(r ir.Reg) { f.linkOrExpr(fun, r) }, e, dst, first, spread)
}

// linkOrExpr evaluates the head of a call as a part of the chain it stands in.
func (f *fn) linkOrExpr(e ast.Expr, dst ir.Reg) {
	switch e.(type) {
	case *ast.Member, *ast.Index, *ast.Call:
		f.link(e, dst, true)
	default:
		saved := f.chainEnd
		f.chainEnd = -1
		f.exprBorrow(e, dst)
		f.chainEnd = saved
	}
}

// linkOwned is linkOrExpr for a value that is kept while other code runs.
func (f *fn) linkOwned(e ast.Expr, dst ir.Reg) {
	switch e.(type) {
	case *ast.Member, *ast.Index:
		f.link(e, dst, false)
	default:
		saved := f.chainEnd
		f.chainEnd = -1
		f.expr(e, dst)
		f.chainEnd = saved
	}
}

// callPlace calls a function that is known by place, or what callee evaluates.
func (f *fn) callPlace(p place, callee func(ir.Reg), e *ast.Call, dst ir.Reg, first func(ir.Reg), spread bool) {
	chainEnd := f.chainEnd
	defer func() { f.chainEnd = chainEnd }()
	if !spread && (p.kind == isFunction || p.kind == isLibrary) {
		f.chainEnd = -1
		base := f.next
		n := f.args(e.Args, first)
		if n == 0 {
			f.loadNull() // the window must exist
		}
		op := ir.OpCallFunc
		if p.kind == isLibrary {
			op = ir.OpCallLib
		}
		f.emit(ir.Instr{Op: op, Dst: dst, A: ir.R(base), N: n, C: ir.Operand(p.index)})
		return
	}
	base := f.alloc()
	callee(base)
	if e.Optional {
		f.orNull(base)
	}
	f.chainEnd = -1
	if spread {
		f.spreadArgs(e.Args, first)
		f.emit(ir.Instr{Op: ir.OpCallSpread, Dst: dst, A: ir.R(base)})
		return
	}
	n := f.args(e.Args, first)
	f.emit(ir.Instr{Op: ir.OpCall, Dst: dst, A: ir.R(base), N: n})
}

// args evaluates arguments into the next registers and returns their number.
func (f *fn) args(args []ast.Expr, first func(ir.Reg)) int {
	n := 0
	if first != nil {
		first(f.alloc())
		n++
	}
	for i, a := range args {
		if _, ok := a.(*ast.NamedArg); ok {
			f.namedArgs(args[i:], f.alloc())
			return n + 1
		}
		f.expr(a, f.alloc())
		n++
	}
	return n
}

// namedArgs makes the trailing options object.
func (f *fn) namedArgs(args []ast.Expr, dst ir.Reg) {
	mark := f.next
	var keys []string
	first := f.next
	for _, a := range args {
		if na, ok := a.(*ast.NamedArg); ok {
			keys = append(keys, na.Name.Name)
			f.expr(na.Value, f.alloc())
		}
	}
	f.object(dst, keys, first)
	f.next = mark
}

// spreadArgs evaluates all arguments into one array in the next register.
func (f *fn) spreadArgs(args []ast.Expr, first func(ir.Reg)) {
	dst := f.alloc()
	base := f.alloc()
	n := 0
	f.load(base, bytecode.Const{})
	if first != nil {
		first(base)
		n = 1
	}
	f.emit(ir.Instr{Op: ir.OpArray, Dst: dst, A: ir.R(base), N: n})
	for i, a := range args {
		switch a := a.(type) {
		case *ast.Spread:
			f.exprBorrow(a.X, base)
			restore := f.at(a.Span)
			f.emit(ir.Instr{Op: ir.OpArraySpread, Dst: dst, A: ir.R(base)})
			restore()
		case *ast.NamedArg:
			f.namedArgs(args[i:], base)
			f.emit(ir.Instr{Op: ir.OpArrayPush, Dst: dst, A: ir.R(base), N: 1})
			f.next = base
			return
		default:
			f.expr(a, base)
			f.emit(ir.Instr{Op: ir.OpArrayPush, Dst: dst, A: ir.R(base), N: 1})
		}
	}
	f.next = base
}

// callLib calls a library function with expressions.
func (f *fn) callLib(name string, dst ir.Reg, args ...ast.Expr) {
	mark := f.next
	base := f.next
	for _, a := range args {
		f.expr(a, f.alloc())
	}
	f.emit(ir.Instr{Op: ir.OpCallLib, Dst: dst, A: ir.R(base), N: len(args), C: ir.Operand(f.u.p.lib(name))})
	f.next = mark
}

// callLibRegs calls a library function with values in registers.
func (f *fn) callLibRegs(name string, dst ir.Reg, args ...ir.Reg) {
	mark := f.next
	base := f.next
	for _, a := range args {
		f.emit(ir.Instr{Op: ir.OpCopy, Dst: f.alloc(), A: ir.R(a)})
	}
	f.emit(ir.Instr{Op: ir.OpCallLib, Dst: dst, A: ir.R(base), N: len(args), C: ir.Operand(f.u.p.lib(name))})
	f.next = mark
}

// callImplicit calls a function of the library that is written in Prism, by the
// name under which the module graph knows it, with n arguments at base.
func (f *fn) callImplicit(name string, dst, base ir.Reg, n int) {
	t, ok := f.u.m.Implicit[name]
	if !ok {
		panic("lower: library module for " + name + " is not in the graph")
	}
	f.callTarget(t, dst, base, n)
}

// task asks the bound agent to do what a call names: the data is the only
// argument, or the array of all.
func (f *fn) task(e *ast.Call, dst ir.Reg, first func(ir.Reg)) {
	base := f.alloc()
	switch {
	case f.agentReg >= 0:
		f.emit(ir.Instr{Op: ir.OpCopy, Dst: base, A: ir.R(f.agentReg)})
	case f.agent != nil:
		f.read(f.agent, base, false)
	default:
		f.load(base, bytecode.Const{})
	}
	name := f.alloc()
	if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
		f.load(name, stringConst(id.Name))
	} else {
		f.load(name, stringConst(f.u.file.Text(f.u.m.File.Origin(e.Fun.Range()))))
	}
	f.spreadArgs(e.Args, first)
	f.callImplicit("__task", dst, base, 3)
}

func numberText(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
