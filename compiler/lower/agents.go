package lower

import (
	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// The agent blocks become calls of library functions written in Prism, with the
// body as a function: __parallel(agents, body, options), __parallelBlock(keys,
// thunks), __race(agents, body, options, until), __withAgents(options).

// parallel lowers both forms of parallel.
func (f *fn) parallel(s *ast.Parallel, dst ir.Reg) {
	if s.Agents == nil {
		f.parallelBlock(s, dst)
		return
	}
	base := f.alloc()
	f.expr(s.Agents, base)
	f.agentBody(s, s.Body, f.alloc())
	f.options(s.Options, f.alloc())
	f.callImplicit("__parallel", dst, base, 3)
}

func (f *fn) race(s *ast.Race, dst ir.Reg) {
	base := f.alloc()
	if s.Agents != nil {
		f.expr(s.Agents, base)
	} else {
		f.load(base, nullConst)
	}
	f.agentBody(s, s.Body, f.alloc())
	f.options(s.Options, f.alloc())
	until := f.alloc()
	switch node := f.u.info.Functions[s.Until]; {
	case s.Until == nil:
		f.load(until, nullConst)
	case node != nil && node.Node == ast.Node(s.Until) && !isFunc(s.Until):
		f.thunk(s.Until, "until", s.Until.Range(), func(g *fn) { g.onlyParam(node) },
			func(g *fn, r ir.Reg) { g.expr(s.Until, r) }, until)
	default:
		f.expr(s.Until, until)
	}
	f.callImplicit("__race", dst, base, 4)
}

func isFunc(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.FuncLit)
	return ok
}

// agentBody lowers the body of parallel or race to a function of the agent.
func (f *fn) agentBody(node ast.Node, body *ast.Block, dst ir.Reg) {
	info := f.u.info.Functions[node]
	f.thunk(node, "agent body", body.Span, func(g *fn) {
		g.onlyParam(info)
		g.agentReg = -1
	}, func(g *fn, r ir.Reg) { g.block0(body.Stmts, r, true) }, dst)
}

// onlyParam binds the single parameter that the names stage declared for a body.
func (g *fn) onlyParam(node *check.Function) {
	r := g.alloc()
	g.out.Params, g.out.MinArgs = 1, 0
	if s := g.u.implicitParam(node); s != nil {
		g.bind(s, r, r, g.out.Span)
		g.agent = s
	}
}

// implicitParam returns the parameter of a body, which no identifier declares.
func (u *unit) implicitParam(node *check.Function) *check.Symbol {
	if node == nil || len(node.Implicit) == 0 {
		return nil
	}
	return node.Implicit[0]
}

// options makes the object of the options of parallel and race: timeout(30000)
// is {timeout: 30000}, wait_all is {wait_all: true}.
func (f *fn) options(opts []*ast.Constraint, dst ir.Reg) {
	mark := f.next
	var keys []string
	first := f.next
	for _, o := range opts {
		keys = append(keys, o.Name.Name)
		r := f.alloc()
		if len(o.Args) > 0 {
			f.expr(o.Args[0], r)
		} else {
			f.expr(&ast.BoolLit{Span: o.Span, Value: true}, r)
		}
	}
	f.object(dst, keys, first)
	f.next = mark
}

// parallelBlock runs the statements of a block concurrently: the value of each
// is computed by a function of its own. Names that statements assign become keys
// of the result and are assigned after all have ended.
func (f *fn) parallelBlock(s *ast.Parallel, dst ir.Reg) {
	scope := source.Span{Start: s.Span.Start, End: f.out.Span.End}
	type task struct {
		name string
		stmt ast.Stmt
	}
	var tasks []task
	for _, st := range s.Body.Stmts {
		switch st := st.(type) {
		case *ast.VarDecl:
			for _, d := range st.Decls {
				f.reserveVars(d.Pattern, scope)
			}
			name := ""
			if id, ok := st.Decls[0].Pattern.(*ast.IdentPattern); ok {
				name = id.Name.Name
			}
			tasks = append(tasks, task{name, st})
		case *ast.Assign:
			name := ""
			if id, ok := st.Target.(*ast.Ident); ok {
				name = id.Name
			}
			tasks = append(tasks, task{name, st})
		default:
			tasks = append(tasks, task{"", st})
		}
	}
	base := f.alloc()
	thunks := f.alloc()
	mark := f.next
	first := f.next
	for _, t := range tasks {
		f.load(f.alloc(), stringConst(t.name))
	}
	if len(tasks) == 0 {
		f.loadNull()
	}
	f.emit(ir.Instr{Op: ir.OpArray, Dst: base, A: ir.R(first), N: len(tasks)})
	f.next = mark
	for _, t := range tasks {
		r := f.alloc()
		f.thunk(t.stmt, t.name, t.stmt.Range(), nil, func(g *fn, out ir.Reg) { g.taskValue(t.stmt, out) }, r)
	}
	if len(tasks) == 0 {
		f.loadNull()
	}
	f.emit(ir.Instr{Op: ir.OpArray, Dst: thunks, A: ir.R(first), N: len(tasks)})
	f.next = mark
	values := f.alloc() // {values: [...], result: {...}}
	f.callImplicit("__parallelBlock", values, base, 2)
	list := f.alloc()
	f.emit(ir.Instr{Op: ir.OpGetProp, Dst: list, A: ir.R(values), N: f.name("values")})
	for i, t := range tasks {
		m := f.next
		v := f.alloc()
		f.emit(ir.Instr{Op: ir.OpPart, Dst: v, A: ir.R(list), N: i})
		switch st := t.stmt.(type) {
		case *ast.VarDecl:
			f.destructure(st.Decls[0].Pattern, v, f.threshold(st.Decls[0].Threshold), declareMode, scope)
		case *ast.Assign:
			if st.Pattern != nil {
				f.destructure(st.Pattern, v, f.threshold(st.Threshold), assignMode, scope)
			} else if sym := f.symbolOf(st.Target); sym != nil {
				f.write(sym, v)
			} else {
				f.assignRegister(st.Target, v)
			}
		}
		f.next = m
	}
	f.emit(ir.Instr{Op: ir.OpGetProp, Dst: dst, A: ir.R(values), N: f.name("result")})
}

// taskValue computes what one statement of "parallel { }" contributes.
func (g *fn) taskValue(s ast.Stmt, out ir.Reg) {
	switch s := s.(type) {
	case *ast.VarDecl:
		if v := s.Decls[0].Value; v != nil {
			g.expr(v, out)
			return
		}
		g.load(out, nullConst)
	case *ast.Assign:
		g.expr(s.Value, out)
	default:
		g.block0([]ast.Stmt{s}, out, true)
	}
}

// withAgents binds the agent that tasks in the body go to.
func (f *fn) withAgents(s *ast.WithAgents, dst ir.Reg) {
	base := f.alloc()
	saved := f.next
	n := f.args(s.Args, nil)
	if n == 0 {
		f.loadNull()
	}
	f.callImplicit("__withAgents", base, saved, n)
	f.next = saved
	old, oldReg := f.agent, f.agentReg
	f.agentReg = base
	if p := f.u.implicitParam(f.u.info.Functions[s]); p != nil {
		f.bind(p, base, base, s.Body.Span)
		f.agent, f.agentReg = p, -1
	}
	f.blockStmt(s.Body, dst)
	f.agent, f.agentReg = old, oldReg
}
