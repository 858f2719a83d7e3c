package lower

import (
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

var nullConst = bytecode.Const{}

// blockStmt lowers a block in a scope of its own; dst, when >= 0, gets its value.
func (f *fn) blockStmt(b *ast.Block, dst ir.Reg) {
	mark := f.next
	f.block0(b.Stmts, dst, dst >= 0)
	f.next = mark
}

// block0 lowers statements in the current register scope. The value of a run of
// statements is that of its last one that is no declaration, null without.
func (f *fn) block0(stmts []ast.Stmt, dst ir.Reg, want bool) {
	scope := f.out.Span
	if len(stmts) > 0 {
		scope = source.Span{Start: stmts[0].Range().Start, End: max(stmts[len(stmts)-1].Range().End, stmts[0].Range().Start)}
	}
	f.scopeStart(stmts, scope)
	last := -1
	if want {
		for i, s := range stmts {
			if hasValue(s) {
				last = i
			}
		}
		if last < 0 {
			f.load(dst, nullConst)
		}
	}
	for i, s := range stmts {
		if i == last {
			f.stmt(s, dst)
		} else {
			f.stmt(s, -1)
		}
	}
}

// hasValue reports whether a statement gives a value to the block it ends.
func hasValue(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.VarDecl, *ast.FuncDecl, *ast.Import, *ast.TypeDecl, *ast.AgentsDecl, *ast.PatternDecl, *ast.TestDecl, *ast.BadStmt:
		return false
	case *ast.Export:
		return s.Default != nil
	}
	return true
}

// stmt lowers a statement. A dst >= 0 is a register that nothing else uses; it
// gets the statement's value.
func (f *fn) stmt(s ast.Stmt, dst ir.Reg) {
	defer f.at(s.Range())()
	switch s.(type) {
	case *ast.VarDecl, *ast.AgentsDecl, *ast.FuncDecl, *ast.Export:
		// Variables that these declare stay in their registers.
	default:
		mark := f.next
		defer func() { f.next = mark }()
	}
	switch s := s.(type) {
	case *ast.ExprStmt:
		if u, ok := ast.Unparen(s.X).(*ast.Update); ok {
			f.update(u, dst)
			return
		}
		if dst < 0 {
			dst = f.alloc()
		}
		f.expr(s.X, dst)
	case *ast.Assign:
		f.assign(s, dst)
	case *ast.VarDecl:
		f.varDecl(s)
	case *ast.Block:
		f.blockStmt(s, dst)
	case *ast.If:
		f.ifStmt(s, dst)
	case *ast.UncertainIf:
		f.uncertainIf(s, dst)
	case *ast.For:
		f.forStmt(s, dst)
	case *ast.ForIn:
		f.forIn(s, dst)
	case *ast.While:
		f.while(s, dst)
	case *ast.DoWhile:
		f.doWhile(s, dst)
	case *ast.Break:
		l := f.loops[len(f.loops)-1]
		f.runCleanups(l.cleanups)
		f.jump(l.breakTo)
	case *ast.Continue:
		l := f.loops[len(f.loops)-1]
		f.runCleanups(l.cleanups)
		f.jump(l.continueTo)
	case *ast.Return:
		r := f.alloc()
		if s.X != nil {
			// A finally block could change the variable that is returned.
			if len(f.cleanups) > 0 {
				f.expr(s.X, r)
			} else if own, ok := f.ownRegister(s.X); ok {
				r = own
			} else {
				f.expr(s.X, r)
			}
		} else {
			f.load(r, nullConst)
		}
		f.ret(r)
	case *ast.FuncDecl, *ast.Import, *ast.TypeDecl, *ast.BadStmt:
		// Functions were made when their scope began.
	case *ast.Match:
		f.match(s, dst)
	case *ast.Try:
		f.try(s, dst)
	case *ast.Throw:
		f.emit(ir.Instr{Op: ir.OpThrow, A: ir.R(f.register(s.X))})
	case *ast.Context:
		c := ir.Context{Span: s.Body.Span}
		if s.Name != nil {
			c.Name = s.Name.Name
		}
		if s.To != nil {
			c.To = s.To.Name
		}
		f.out.Contexts = append(f.out.Contexts, c)
		f.blockStmt(s.Body, dst)
	case *ast.AgentsDecl:
		f.agentsDecl(s)
	case *ast.Export:
		f.export(s, dst)
	case *ast.PatternDecl:
		f.patternDecl(s)
	case *ast.TestDecl:
		f.testDecl(s)
	case *ast.Parallel:
		f.parallel(s, f.or(dst))
	case *ast.Sequential:
		f.blockStmt(s.Body, dst)
	case *ast.Race:
		f.race(s, f.or(dst))
	case *ast.WithAgents:
		f.withAgents(s, dst)
	default:
		panic("lower: unexpected statement")
	}
}

// or returns dst, or a fresh register when no value is wanted.
func (f *fn) or(dst ir.Reg) ir.Reg {
	if dst >= 0 {
		return dst
	}
	return f.alloc()
}

func (f *fn) varDecl(s *ast.VarDecl) {
	scope := source.Span{Start: s.Span.Start, End: f.out.Span.End}
	for _, d := range s.Decls {
		if p, ok := d.Pattern.(*ast.IdentPattern); ok && d.Threshold == nil {
			f.declareIdent(p, d.Value, scope)
			continue
		}
		// Temporaries stand above the variables that the pattern declares.
		mark := f.next
		f.reserveVars(d.Pattern, scope)
		keep := f.next
		v := f.alloc()
		if d.Value != nil {
			f.expr(d.Value, v)
		} else {
			f.load(v, nullConst)
		}
		f.destructure(d.Pattern, v, f.threshold(d.Threshold), declareMode, scope)
		f.next = max(keep, mark)
	}
}

// declareIdent declares "let x = e".
func (f *fn) declareIdent(p *ast.IdentPattern, value ast.Expr, scope source.Span) {
	s := f.u.info.SymbolOf(p.Name)
	if s == nil {
		return
	}
	eval := func(r ir.Reg) {
		if value != nil {
			f.nameFor(value, s.Name)
			f.expr(value, r)
		} else {
			f.load(r, nullConst)
		}
	}
	if reg, ok := f.home(s, scope); ok {
		eval(reg)
		f.vars[s] = variable{reg, false}
		f.local(s, reg, false, scope)
		return
	}
	mark := f.next
	tmp := f.alloc()
	eval(tmp)
	f.declareKeeping(s, tmp, mark, scope)
}

// reserveVars gives the variables of a pattern their registers before the value
// is computed.
func (f *fn) reserveVars(p ast.Pattern, scope source.Span) {
	patternIdents(p, func(id *ast.Ident) {
		s := f.u.info.SymbolOf(id)
		if s == nil {
			return
		}
		if _, ok := f.vars[s]; ok {
			return
		}
		if _, ok := f.u.p.globals[s]; ok {
			return
		}
		reg := f.alloc()
		if f.needsCell(s) {
			f.emit(ir.Instr{Op: ir.OpNewCell, Dst: reg, A: f.konst(bytecode.Const{Kind: bytecode.ConstUnset})})
		}
		f.vars[s] = variable{reg, f.needsCell(s)}
		f.local(s, reg, f.needsCell(s), scope)
	})
}

func (f *fn) agentsDecl(s *ast.AgentsDecl) {
	scope := source.Span{Start: s.Span.Start, End: f.out.Span.End}
	for _, a := range s.Agents {
		sym := f.u.info.SymbolOf(a.Name)
		if sym == nil {
			continue
		}
		// The object of an agent knows its name, as those of the registry do.
		obj, ok := a.Value.(*ast.ObjectLit)
		value := a.Value
		if ok && !hasKey(obj, "name") {
			withName := *obj
			withName.Props = append([]*ast.Property{{
				Span: a.Name.Span, Key: &ast.StringLit{Span: a.Name.Span, Value: "name"},
				Value: &ast.StringLit{Span: a.Name.Span, Value: a.Name.Name},
			}}, obj.Props...)
			value = &withName
		}
		f.declareIdent(&ast.IdentPattern{Span: a.Name.Span, Name: a.Name}, value, scope)
	}
}

func hasKey(o *ast.ObjectLit, key string) bool {
	for _, p := range o.Props {
		if k, ok := propertyKey(p); ok && k == key {
			return true
		}
	}
	return false
}

func (f *fn) export(s *ast.Export, dst ir.Reg) {
	switch {
	case s.Decl != nil:
		f.stmt(s.Decl, -1)
	case s.Default != nil:
		mark := f.next
		v := f.temp(s.Default)
		f.result(dst, v)
		f.emit(ir.Instr{Op: ir.OpSetGlobal, A: ir.R(v), N: f.u.defaultExport})
		f.next = mark
	}
}

// patternDecl lowers the body of a pattern to a function of its input.
func (f *fn) patternDecl(s *ast.PatternDecl) {
	index := f.u.p.reserve()
	if f.u.p.opts.Pattern == "" || f.u.p.opts.Pattern == s.Name.Name {
		f.u.pattern = index
	}
	g := f.u.newFn(f, f.u.info.Functions[s], index, s.Name.Name, s.Span)
	g.out.Params, g.out.MinArgs = 1, 1
	g.alloc()
	g.body(s.Body.Stmts)
	g.finish()
	if sym := f.u.info.SymbolOf(s.Name); sym != nil {
		mark := f.next
		tmp := f.alloc()
		f.emit(ir.Instr{Op: ir.OpFunc, Dst: tmp, N: index})
		f.declareKeeping(sym, tmp, mark, s.Span)
	}
}

// testDecl calls __test(name, body), which runs the body of the test that is
// asked for.
func (f *fn) testDecl(s *ast.TestDecl) {
	mark := f.next
	base := f.alloc()
	f.load(base, stringConst(s.Name.Value))
	f.expr(s.Func, f.alloc())
	f.callImplicit("__test", base, base, 2)
	f.next = mark
}

func (f *fn) ifStmt(s *ast.If, dst ir.Reg) {
	yes, end := f.block(), f.block()
	no := end
	if s.Else != nil || dst >= 0 {
		no = f.block()
	}
	f.cond(s.Cond, yes, no)
	f.start(yes)
	f.maybe(func() { f.branchStmt(s.Then, dst) })
	f.jump(end)
	if no != end {
		f.start(no)
		if s.Else != nil {
			f.maybe(func() { f.branchStmt(s.Else, dst) })
		} else {
			f.load(dst, nullConst)
		}
		f.jump(end)
	}
	f.start(end)
}

// branchStmt lowers the body of an if or loop: a block or a single statement.
func (f *fn) branchStmt(s ast.Stmt, dst ir.Reg) {
	if b, ok := s.(*ast.Block); ok {
		f.blockStmt(b, dst)
		return
	}
	mark := f.next
	f.block0([]ast.Stmt{s}, dst, dst >= 0)
	f.next = mark
}

// levels lowers the branches of an uncertain statement over the confidence in
// register c; missing is where control goes when no branch applies.
func (f *fn) levels(c ir.Reg, high, medium ast.Expr, branches []*ast.LevelBranch, dst ir.Reg, end, missing int) {
	find := func(l ast.Level) *ast.LevelBranch {
		var def *ast.LevelBranch
		for _, b := range branches {
			if b.Level == l {
				return b
			}
			if b.Level == ast.Default {
				def = b
			}
		}
		return def
	}
	targets := map[*ast.LevelBranch]int{}
	target := func(l ast.Level) int {
		b := find(l)
		if b == nil {
			return missing
		}
		if _, ok := targets[b]; !ok {
			targets[b] = f.block()
		}
		return targets[b]
	}
	mark := f.next
	var h, m ir.Operand
	if high != nil {
		h = f.operand(high)
	} else {
		h = ir.R(f.strategy(ir.StrategyHigh))
	}
	if medium != nil {
		m = f.operand(medium)
	} else {
		m = ir.R(f.strategy(ir.StrategyMedium))
	}
	below := f.block()
	f.branch(f.atLeast(c, h), target(ast.High), below)
	f.start(below)
	f.branch(f.atLeast(c, m), target(ast.Medium), target(ast.Low))
	f.next = mark
	for _, b := range branches {
		id, ok := targets[b]
		if !ok {
			continue
		}
		delete(targets, b)
		f.start(id)
		f.maybe(func() { f.blockStmt(b.Body, dst) })
		f.jump(end)
	}
}

func (f *fn) uncertainIf(s *ast.UncertainIf, dst ir.Reg) {
	end := f.block()
	missing := end
	if dst >= 0 {
		missing = f.block()
	}
	c := f.alloc()
	f.emit(ir.Instr{Op: ir.OpExtract, Dst: c, A: f.operand(s.Cond)})
	f.levels(c, s.High, s.Medium, s.Branches, dst, end, missing)
	if missing != end {
		f.start(missing)
		f.load(dst, nullConst)
		f.jump(end)
	}
	f.start(end)
}

// loopBody lowers code as the body of a loop.
func (f *fn) loopBody(breakTo, continueTo int, code func()) {
	f.loops = append(f.loops, loop{breakTo, continueTo, len(f.cleanups)})
	f.maybe(code)
	f.loops = f.loops[:len(f.loops)-1]
}

func (f *fn) while(s *ast.While, dst ir.Reg) {
	if dst >= 0 {
		f.load(dst, nullConst)
	}
	head, body, end := f.block(), f.block(), f.block()
	f.jump(head)
	f.start(head)
	f.round(s.Cond, s.High, s.Medium, s.Branches, s.Body, dst, body, head, end)
	f.jump(head)
	f.start(end)
}

// round lowers the test and the body of one round, plain or uncertain, and
// leaves control at the end of the body.
func (f *fn) round(cond ast.Expr, high, medium ast.Expr, branches []*ast.LevelBranch, stmt ast.Stmt, dst ir.Reg, body, again, end int) {
	if branches == nil {
		if cond != nil {
			f.cond(cond, body, end)
		} else {
			f.jump(body)
		}
		f.start(body)
		f.loopBody(end, again, func() { f.branchStmt(stmt, dst) })
		return
	}
	mark := f.next
	c := f.alloc()
	if cond != nil {
		v := f.register(cond)
		f.branch(ir.Instr{Op: ir.OpBranch, A: ir.R(v)}, body, end)
		f.start(body)
		f.emit(ir.Instr{Op: ir.OpExtract, Dst: c, A: ir.R(v)})
	} else {
		f.jump(body)
		f.start(body)
		f.load(c, numberConst(1))
	}
	done := f.block()
	f.loopBody(end, again, func() { f.levels(c, high, medium, branches, dst, done, end) })
	f.start(done)
	f.next = mark
}

func (f *fn) doWhile(s *ast.DoWhile, dst ir.Reg) {
	if dst >= 0 {
		f.load(dst, nullConst)
	}
	body, test, end := f.block(), f.block(), f.block()
	f.jump(body)
	f.start(body)
	f.loopBody(end, test, func() { f.branchStmt(s.Body, dst) })
	f.jump(test)
	f.start(test)
	f.cond(s.Cond, body, end)
	f.start(end)
}

func (f *fn) forStmt(s *ast.For, dst ir.Reg) {
	if dst >= 0 {
		f.load(dst, nullConst)
	}
	if s.Init != nil {
		f.scopeStart([]ast.Stmt{s.Init}, s.Span)
		f.forInit(s)
	}
	head, body, post, end := f.block(), f.block(), f.block(), f.block()
	f.jump(head)
	f.start(head)
	f.round(s.Cond, s.High, s.Medium, s.Branches, s.Body, dst, body, post, end)
	f.jump(post)
	f.start(post)
	f.freshCells(s.Init)
	if s.Post != nil {
		f.maybe(func() { f.stmt(s.Post, -1) })
	}
	f.jump(head)
	f.start(end)
	f.keepLast(s.Init)
}

// keepLast stores the last value of the variable of "for i = 0; ..." in the
// variable that the code after the loop reads.
func (f *fn) keepLast(init ast.Stmt) {
	a, ok := init.(*ast.Assign)
	if !ok {
		return
	}
	id, ok := a.Target.(*ast.Ident)
	if !ok {
		return
	}
	if s := f.u.info.SymbolOf(id); s != nil && s.After != nil {
		r := f.alloc()
		f.read(s, r, false)
		f.write(s.After, r)
	}
}

// forInit runs the first part of a for. Plain "i = 0" may declare a variable of
// the loop.
func (f *fn) forInit(s *ast.For) {
	if a, ok := s.Init.(*ast.Assign); ok && a.Op == token.Assign {
		if id, ok := a.Target.(*ast.Ident); ok {
			if sym := f.u.info.SymbolOf(id); sym != nil && sym.Ident == id && sym.Kind != check.Bare {
				f.declareIdent(&ast.IdentPattern{Span: id.Span, Name: id}, a.Value, s.Span)
				return
			}
		}
	}
	f.stmt(s.Init, -1)
}

// freshCells gives the next round its own copies of the variables that closures
// of this round may have kept.
func (f *fn) freshCells(init ast.Stmt) {
	fresh := func(id *ast.Ident) {
		s := f.u.info.SymbolOf(id)
		if v, ok := f.vars[s]; s != nil && ok && v.cell {
			mark := f.next
			tmp := f.alloc()
			f.emit(ir.Instr{Op: ir.OpGetCell, Dst: tmp, A: ir.R(v.reg), N: f.name(s.Name)})
			f.emit(ir.Instr{Op: ir.OpNewCell, Dst: v.reg, A: ir.R(tmp)})
			f.next = mark
		}
	}
	switch init := init.(type) {
	case *ast.VarDecl:
		for _, decl := range init.Decls {
			patternIdents(decl.Pattern, fresh)
		}
	case *ast.Assign:
		if id, ok := init.Target.(*ast.Ident); ok {
			if s := f.u.info.SymbolOf(id); s != nil && s.Kind == check.LoopVar {
				fresh(id)
			}
		}
	}
}

func (f *fn) forIn(s *ast.ForIn, dst ir.Reg) {
	if dst >= 0 {
		f.load(dst, nullConst)
	}
	it := f.alloc()
	mark := f.next
	x := f.register(s.X)
	f.emit(ir.Instr{Op: ir.OpIter, Dst: it, A: ir.R(x)})
	f.next = mark
	first := f.alloc()
	second, pair := first, 0
	if s.Second != nil {
		second, pair = f.alloc(), 1
	}
	head, body, end := f.block(), f.block(), f.block()
	f.jump(head)
	f.start(head)
	f.branch(ir.Instr{Op: ir.OpNext, Dst: first, A: ir.R(it), N: pair}, body, end)
	f.start(body)
	f.loopBody(end, head, func() {
		f.loopVar(s.First, first, s.Span)
		if s.Second != nil {
			f.loopVar(s.Second, second, s.Span)
		}
		f.branchStmt(s.Body, dst)
	})
	f.jump(head)
	f.start(end)
}

// loopVar binds a loop variable to the element in a register, in place when it
// is a plain name.
func (f *fn) loopVar(p ast.Pattern, r ir.Reg, scope source.Span) {
	if id, ok := p.(*ast.IdentPattern); ok {
		s := f.u.info.SymbolOf(id.Name)
		if s == nil {
			return
		}
		_, known := f.vars[s]
		_, global := f.u.p.globals[s]
		if !known && !global {
			f.bind(s, r, r, scope)
			return
		}
		f.declare(s, f.copyOf(r), scope)
		return
	}
	f.reserveVars(p, scope)
	f.destructure(p, r, noThreshold, declareMode, scope)
}
