package check

import (
	"math"
	"strconv"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

func isPipe(b *ast.Binary) bool   { return b.Op == token.Pipe || b.Op == token.ConfPipe }
func isAttach(b *ast.Binary) bool { return b.Op == token.Attach }

func (r *resolver) exprs(list []ast.Expr) {
	for _, e := range list {
		r.expr(e)
	}
}

func (r *resolver) expr(e ast.Expr) {
	switch e := e.(type) {
	case nil:
	case *ast.Ident:
		r.name(e)
	case *ast.Template:
		r.exprs(e.Exprs)
	case *ast.ArrayLit:
		r.exprs(e.Elems)
	case *ast.Spread:
		r.expr(e.X)
	case *ast.ObjectLit:
		r.object(e)
	case *ast.FuncLit:
		r.function(e, nil)
	case *ast.Unary:
		r.expr(e.X)
	case *ast.Update:
		r.assignExpr(e.X, e.Op)
	case *ast.Await:
		r.expr(e.X)
	case *ast.Binary:
		r.binary(e)
	case *ast.Ternary:
		r.expr(e.Cond)
		r.expr(e.Then)
		r.expr(e.Else)
	case *ast.Call:
		r.call(e, false)
	case *ast.NamedArg:
		r.expr(e.Value)
	case *ast.Member:
		r.expr(e.X)
	case *ast.Index:
		r.expr(e.X)
		r.expr(e.Index)
	case *ast.Paren:
		r.expr(e.X)
	case *ast.Block:
		r.block(e)
	case *ast.If:
		r.expr(e.Cond)
		r.body(e.Then)
		r.body(e.Else)
	case *ast.UncertainIf:
		r.expr(e.Cond)
		r.thresholds(e.High, e.Medium)
		r.branches(e.Branches, e.Span, "if")
	case *ast.Match:
		r.match(e)
	case *ast.Try:
		r.try(e)
	case *ast.Context:
		r.block(e.Body)
	case *ast.Parallel:
		r.parallel(e)
	case *ast.Sequential:
		r.block(e.Body)
	case *ast.Race:
		r.race(e)
	case *ast.WithAgents:
		r.exprs(e.Args)
		tasks, agent := r.frame.tasks, r.frame.taskAgent
		r.frame.tasks, r.frame.taskAgent = true, nil
		r.block(e.Body)
		r.frame.tasks, r.frame.taskAgent = tasks, agent
	}
}

// name resolves an identifier that is read.
func (r *resolver) name(id *ast.Ident) {
	sym, early := r.lookup(r.scope, id.Name, id.Start)
	switch {
	case sym == nil:
		if p := r.patterns[id.Name]; p != nil {
			r.read(id, p)
			return
		}
		r.unknownName(id, false)
	case sym.poisoned:
	case early && sym.Kind == Bare:
		r.checkEarly(id, sym)
		r.read(id, sym)
	case early:
		r.beforeDeclaration(id, sym, "used")
	default:
		r.read(id, sym)
	}
}

func (r *resolver) object(o *ast.ObjectLit) {
	first := make(map[string]*ast.Property, len(o.Props))
	for _, p := range o.Props {
		if p.Computed {
			r.expr(p.Key)
		} else if key, ok := keyText(p.Key); ok {
			if prev := first[key]; prev != nil {
				r.warn(codeDuplicateKey, p.Key.Range(), "the key `%s` appears twice; this one replaces the first", key).
					WithRelated(prev.Key.Range(), "first one here").
					WithHint("remove one of the two")
			} else {
				first[key] = p
			}
		}
		r.expr(p.Value)
	}
}

// keyText returns the name of a property whose key is not computed.
func keyText(key ast.Expr) (string, bool) {
	switch k := key.(type) {
	case *ast.Ident:
		return k.Name, true
	case *ast.StringLit:
		return k.Value, true
	case *ast.NumberLit:
		return strconv.FormatFloat(k.Value, 'g', -1, 64), true
	}
	return "", false
}

func (r *resolver) binary(b *ast.Binary) {
	r.expr(b.X)
	switch {
	case isAttach(b):
		r.attached(b.Y)
		r.expr(b.Y)
	case b.Op == token.ThresholdGate:
		gate := b.Y
		if list, ok := ast.Unparen(b.Y).(*ast.ArrayLit); ok && len(list.Elems) > 0 {
			gate = list.Elems[0]
		}
		r.confidence(gate)
		r.expr(b.Y)
	case !isPipe(b):
		r.expr(b.Y)
	case r.info.Placeholders[b] != nil:
		r.within(r.scopeOf(b), func() { r.expr(b.Y) })
	default:
		if call, ok := b.Y.(*ast.Call); ok {
			r.call(call, true)
			return
		}
		r.expr(b.Y)
		r.pendCall(b.Y, ast.Unparen(b.Y), nil, true)
	}
}

// hasPlaceholder reports whether the right side of a pipeline uses _: not one
// that a function or a block in it binds, and not one that belongs to the
// right side of a pipeline in it.
func hasPlaceholder(n ast.Node) bool {
	found := false
	var visit func(n ast.Node)
	visit = func(n ast.Node) {
		if found {
			return
		}
		switch n := n.(type) {
		case *ast.Ident:
			found = n.Name == "_"
		case *ast.Binary:
			if n.X != nil {
				visit(n.X)
			}
			if n.Y != nil && !isPipe(n) {
				visit(n.Y)
			}
		case *ast.FuncLit:
			for _, p := range n.Params {
				if binds(p.Pattern) {
					return
				}
			}
			ast.Children(n, visit)
		case *ast.Block:
			for _, s := range n.Stmts {
				if d, ok := s.(*ast.VarDecl); ok {
					for _, decl := range d.Decls {
						if binds(decl.Pattern) {
							return
						}
					}
				}
			}
			ast.Children(n, visit)
		case *ast.Member:
			if n.X != nil {
				visit(n.X)
			}
		case *ast.NamedArg:
			if n.Value != nil {
				visit(n.Value)
			}
		case *ast.Property:
			if n.Computed && n.Key != nil {
				visit(n.Key)
			}
			if n.Value != nil {
				visit(n.Value)
			}
		case *ast.IdentPattern, ast.TypeExpr:
		case *ast.Assign:
			if _, name := n.Target.(*ast.Ident); !name && n.Target != nil {
				visit(n.Target)
			}
			if n.Value != nil {
				visit(n.Value)
			}
		case *ast.ForIn:
			if n.X != nil {
				visit(n.X)
			}
			if n.Body != nil && !binds(n.First) && !binds(n.Second) {
				visit(n.Body)
			}
		default:
			ast.Children(n, visit)
		}
	}
	if n != nil {
		visit(n)
	}
	return found
}

func binds(p ast.Pattern) bool { return hasBinding(bindings(p), "_") }

// ---- Functions ----

// function resolves a function literal; hoisted is the scope that a declared
// function belongs to, nil for an expression.
func (r *resolver) function(f *ast.FuncLit, hoisted *scope) {
	fr := r.newFrame(f, hoisted)
	r.enter(fr, func() {
		if hoisted == nil && f.Name != nil && f.Keyword != ast.KeywordMethod && f.Keyword != ast.KeywordArrow {
			fr.fn.Self = &Symbol{Name: f.Name.Name, Kind: Func, Ident: f.Name, Decl: f.Name.Span, DeclEnd: f.Start,
				Owner: fr.fn, Func: f, value: f}
			r.setSymbol(f.Name, fr.fn.Self)
			fr.outer.set(fr.fn.Self)
		}
		for _, p := range f.Params {
			for _, b := range bindings(p.Pattern) {
				sym := &Symbol{Name: b.id.Name, Kind: Param, Ident: b.id, DeclEnd: p.End, own: p.Span, omitted: b.omitted}
				sym.place(p.Pattern, b, nil)
				r.add(sym)
			}
		}
		for _, p := range f.Params {
			r.declarePattern(p.Pattern)
			r.declareExpr(p.Default)
		}
		for _, p := range f.Params {
			r.pattern(p.Pattern, false)
			r.typ(p.Type)
			r.expr(p.Default)
		}
		r.typ(f.Result)
		if f.Confidence != nil {
			r.declareExpr(f.Confidence)
			r.attached(f.Confidence)
			r.expr(f.Confidence)
		}
		r.functionBody(f.Body)
		if f.Expr != nil {
			r.within(fr.body, func() {
				r.declare(f.Expr)
				r.expr(f.Expr)
			})
		}
	})
}

// implicit declares a parameter that the source doesn't write.
func (r *resolver) implicit(name string) *Symbol {
	fr := r.frame
	sym := &Symbol{Name: name, Kind: Param, Owner: fr.fn, DeclEnd: fr.created}
	fr.outer.set(sym)
	fr.fn.Implicit = append(fr.fn.Implicit, sym)
	return sym
}

// ---- Control structures ----

func (r *resolver) branches(list []*ast.LevelBranch, at source.Span, word string) {
	if len(list) == 0 && !r.opts.SyntaxErrors {
		r.err(codeNoBranches, at, "this `uncertain %s` has no branches", word).
			WithHint("write at least one of `high { }`, `medium { }`, `low { }` and `default { }`")
	}
	for _, b := range list {
		r.block(b.Body)
	}
}

func (r *resolver) match(m *ast.Match) {
	r.expr(m.X)
	var all *ast.Arm
	literals := make(map[string]*ast.Arm)
	for _, arm := range m.Arms {
		r.within(r.scopeOf(arm), func() {
			r.pattern(arm.Pattern, false)
			r.expr(arm.Threshold)
			r.confidence(arm.Threshold)
			r.expr(arm.Guard)
			r.expr(arm.Body)
		})
		if all != nil {
			r.warn(codeUnreachableArm, arm.Pattern.Range(), "this arm is never reached").
				WithRelated(all.Pattern.Range(), "this one matches everything").
				WithHint("move it before the arm that matches everything, or remove it")
			continue
		}
		if arm.Threshold != nil || arm.Guard != nil {
			continue
		}
		if catchAll(arm.Pattern) {
			all = arm
		}
		r.duplicateLiterals(arm, literals)
	}
}

// duplicateLiterals reports literals that an earlier arm has dealt with.
func (r *resolver) duplicateLiterals(arm *ast.Arm, seen map[string]*ast.Arm) {
	alts := []ast.Pattern{arm.Pattern}
	if alt, ok := arm.Pattern.(*ast.AltPattern); ok {
		alts = alt.Alts
	}
	for _, p := range alts {
		lit, ok := p.(*ast.LiteralPattern)
		if !ok {
			continue
		}
		key, ok := literalKey(lit.Value)
		if !ok {
			continue
		}
		if first := seen[key]; first != nil {
			r.warn(codeDuplicateArm, lit.Span, "an earlier arm matches the same value").
				WithRelated(first.Pattern.Range(), "the earlier one").
				WithHint("remove one of the two")
		} else {
			seen[key] = arm
		}
	}
}

// catchAll reports whether a pattern without conditions matches every value.
func catchAll(p ast.Pattern) bool {
	switch p := p.(type) {
	case *ast.Wildcard:
		return true
	case *ast.IdentPattern:
		return p.Type == nil
	}
	return false
}

// literalKey gives equal texts to equal literals.
func literalKey(e ast.Expr) (string, bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.StringLit:
		return "s" + e.Value, true
	case *ast.BoolLit:
		return strconv.FormatBool(e.Value), true
	case *ast.NullLit:
		return "null", true
	}
	if v, ok := constant(e); ok && !math.IsNaN(v) {
		return "n" + strconv.FormatFloat(v+0, 'g', -1, 64), true
	}
	return "", false
}

func (r *resolver) try(t *ast.Try) {
	r.block(t.Body)
	if t.Catch != nil {
		r.within(r.scopeOf(t), func() {
			r.pattern(t.Param, false)
			r.block(t.Catch)
		})
	}
	r.block(t.Finally)
}

// ---- Concurrency ----

func (r *resolver) constraints(list []*ast.Constraint) {
	for _, c := range list {
		r.exprs(c.Args)
		r.constraints(c.Items)
	}
}

func (r *resolver) parallel(p *ast.Parallel) {
	r.expr(p.Agents)
	r.constraints(p.Options)
	if p.Agents != nil {
		r.agentBody(p, p.Body)
		return
	}
	if p.Body == nil {
		return
	}
	for i, s := range p.Body.Stmts {
		r.parallelStmt(s, p.Body.Stmts[:i])
	}
}

// parallelStmt resolves one statement of "parallel { }": the names it sets
// belong to the function around, its value is a function of its own.
func (r *resolver) parallelStmt(s ast.Stmt, before []ast.Stmt) {
	switch s := s.(type) {
	case nil:
	case *ast.Assign:
		r.assign(s, false)
		r.statementFunc(s, before, func() {
			r.declareExpr(s.Value)
			r.expr(s.Value)
		})
	case *ast.VarDecl:
		r.varDecl(s, false)
		r.statementFunc(s, before, func() {
			for _, d := range s.Decls {
				r.declareExpr(d.Value)
				r.expr(d.Value)
			}
		})
	case *ast.FuncDecl, *ast.BadStmt:
		r.stmt(s)
	default:
		r.statementFunc(s, before, func() { r.within(r.frame.body, func() { r.declareStmts([]ast.Stmt{s}); r.stmt(s) }) })
	}
}

func (r *resolver) statementFunc(s ast.Stmt, before []ast.Stmt, f func()) {
	fr := r.newFrame(s, nil)
	fr.noReturn = true
	r.enter(fr, f)
	for _, sym := range fr.used {
		for _, other := range before {
			if sym.keyed && other != nil && other.Range().Contains(sym.Decl.Start) {
				r.warn(codeParallelDependency, s.Range(), "this runs at the same time as the statement that sets `%s`", sym.Name).
					WithRelated(sym.Decl, "`%s` is set here", sym.Name).
					WithHint("move it after the parallel block, or make it part of the other statement")
			}
		}
	}
}

// agentBody resolves the body of a parallel or a race over agents.
func (r *resolver) agentBody(n ast.Node, body *ast.Block) {
	fr := r.newFrame(n, nil)
	r.enter(fr, func() {
		fr.tasks, fr.taskAgent = true, r.implicit("agent")
		r.functionBody(body)
	})
}

func (r *resolver) race(s *ast.Race) {
	r.expr(s.Agents)
	r.constraints(s.Options)
	r.agentBody(s, s.Body)
	if s.Until == nil {
		return
	}
	if _, ok := ast.Unparen(s.Until).(*ast.FuncLit); ok {
		r.expr(s.Until)
		return
	}
	fr := r.newFrame(s.Until, nil)
	r.enter(fr, func() {
		r.implicit("response")
		r.within(fr.body, func() {
			r.declare(s.Until)
			r.expr(s.Until)
		})
	})
}
