package check

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// open makes the scope that belongs to a node, inside the current one.
func (r *resolver) open(n ast.Node) *scope {
	sc := &scope{parent: r.scope, fn: r.frame.fn, start: n.Range().Start}
	r.scopes[n] = sc
	return sc
}

// within runs f with sc as the current scope.
func (r *resolver) within(sc *scope, f func()) {
	saved := r.scope
	r.scope = sc
	f()
	r.scope = saved
}

// maybe runs f for a part that may be left out at run time.
func (r *resolver) maybe(n ast.Node, f func()) {
	saved := r.frame.region
	r.frame.region = n.Range()
	f()
	r.frame.region = saved
}

// repeat runs f for a part that a loop repeats.
func (r *resolver) repeat(span source.Span, f func()) {
	fr := r.frame
	saved := fr.loop
	if fr.loops++; fr.loops == 1 {
		fr.loop = span
	}
	f()
	fr.loops--
	fr.loop = saved
}

// declare is the first walk: it makes the scopes below a node and finds the
// variables of the current function. It doesn't enter other functions.
func (r *resolver) declare(n ast.Node) {
	switch n := n.(type) {
	case *ast.FuncLit, *ast.FuncDecl, *ast.PatternDecl, *ast.TestDecl, *ast.Import:
	case *ast.Block:
		r.within(r.open(n), func() { r.declareStmts(n.Stmts) })
	case *ast.Assign:
		r.declareAssign(n, false)
	case *ast.If:
		r.declareExpr(n.Cond)
		r.declareBody(n.Then)
		r.declareBody(n.Else)
	case *ast.UncertainIf:
		r.declareExpr(n.Cond)
		r.declareExpr(n.High)
		r.declareExpr(n.Medium)
		r.declareBranches(n.Branches)
	case *ast.Ternary:
		r.declareExpr(n.Cond)
		r.declareMaybe(n.Then)
		r.declareMaybe(n.Else)
	case *ast.Binary:
		r.declareBinary(n)
	case *ast.For:
		r.declareFor(n)
	case *ast.ForIn:
		r.declareExpr(n.X)
		r.within(r.open(n), func() {
			for _, p := range []ast.Pattern{n.First, n.Second} {
				for _, b := range bindings(p) {
					r.add(&Symbol{Name: b.id.Name, Kind: LoopVar, Ident: b.id, DeclEnd: b.part.End,
						InLoop: true, fixed: n.Const, omitted: b.omitted})
				}
			}
			r.repeat(afterStart(n, n.First, n.Second, n.Body), func() {
				r.declarePattern(n.First)
				r.declarePattern(n.Second)
				r.declareBody(n.Body)
			})
		})
	case *ast.While:
		r.repeat(n.Span, func() {
			r.declareExpr(n.Cond)
			r.declareExpr(n.High)
			r.declareExpr(n.Medium)
			r.declareBody(n.Body)
			r.declareBranches(n.Branches)
		})
	case *ast.DoWhile:
		r.repeat(n.Span, func() {
			r.declareBody(n.Body)
			r.declareExpr(n.Cond)
		})
	case *ast.Match:
		r.declareExpr(n.X)
		for _, arm := range n.Arms {
			r.maybe(arm, func() {
				r.within(r.open(arm), func() {
					r.declareArm(arm.Pattern)
					ast.Children(arm, r.declare)
				})
			})
		}
	case *ast.Try:
		if n.Body != nil {
			r.maybe(n.Body, func() { r.declare(n.Body) })
		}
		if n.Catch != nil {
			r.maybe(n.Catch, func() {
				r.within(r.open(n), func() {
					for _, b := range bindings(n.Param) {
						r.add(&Symbol{Name: b.id.Name, Kind: CatchVar, Ident: b.id, DeclEnd: b.part.End, omitted: b.omitted})
					}
					r.declarePattern(n.Param)
					r.declare(n.Catch)
				})
			})
		}
		if n.Finally != nil {
			r.declare(n.Finally)
		}
	case *ast.Parallel:
		r.declareExpr(n.Agents)
		for _, c := range n.Options {
			r.declare(c)
		}
		if n.Agents == nil && n.Body != nil {
			r.declareParallel(n.Body.Stmts)
		}
	case *ast.Race:
		r.declareExpr(n.Agents)
		for _, c := range n.Options {
			r.declare(c)
		}
	case *ast.TypeDecl:
		r.declareType(n)
	default:
		ast.Children(n, r.declare)
	}
}

func (r *resolver) declareExpr(e ast.Expr) {
	if e != nil {
		r.declare(e)
	}
}

func (r *resolver) declareMaybe(e ast.Expr) {
	if e != nil {
		r.maybe(e, func() { r.declare(e) })
	}
}

func (r *resolver) declarePattern(p ast.Pattern) {
	if p != nil {
		r.declare(p)
	}
}

// declareBody walks the body of an if or a loop. A declaration that stands
// there without braces gets a scope of its own.
func (r *resolver) declareBody(s ast.Stmt) {
	if s == nil {
		return
	}
	r.maybe(s, func() {
		if needsScope(s) {
			r.within(r.open(s), func() { r.declareStmts([]ast.Stmt{s}) })
		} else {
			r.declare(s)
		}
	})
}

func needsScope(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.VarDecl, *ast.FuncDecl, *ast.AgentsDecl, *ast.Import, *ast.Export:
		return true
	}
	return false
}

func (r *resolver) declareBranches(list []*ast.LevelBranch) {
	for _, b := range list {
		if b.Body != nil {
			r.maybe(b.Body, func() { r.declare(b.Body) })
		}
	}
}

func (r *resolver) declareStmts(list []ast.Stmt) {
	for _, s := range list {
		r.hoist(s)
	}
	for _, s := range list {
		if s != nil {
			r.declare(s)
		}
	}
}

// hoist declares in the current scope what a statement directly in it
// declares there.
func (r *resolver) hoist(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.VarDecl:
		r.hoistVar(s, false)
	case *ast.FuncDecl:
		if s.Func != nil && s.Func.Name != nil {
			r.add(&Symbol{Name: s.Func.Name.Name, Kind: Func, Ident: s.Func.Name, DeclEnd: r.scope.start,
				Func: s.Func, block: r.scope, value: s.Func})
		}
	case *ast.AgentsDecl:
		for _, a := range s.Agents {
			if a.Name != nil {
				r.add(&Symbol{Name: a.Name.Name, Kind: Agent, Ident: a.Name, DeclEnd: a.End, own: a.Span})
			}
		}
	case *ast.Import:
		r.hoistImport(s)
	case *ast.PatternDecl:
		if s.Name != nil {
			sym := &Symbol{Name: s.Name.Name, Kind: Pattern, Ident: s.Name, Decl: s.Name.Span, DeclEnd: s.End,
				Owner: r.frame.fn, TopLevel: r.topLevel(r.scope)}
			r.setSymbol(s.Name, sym)
			if first := r.patterns[sym.Name]; first != nil {
				r.redeclared(s.Name, first)
			} else {
				r.patterns[sym.Name] = sym
			}
		}
	case *ast.Export:
		if s.Decl != nil {
			r.hoist(s.Decl)
		}
	}
}

func (r *resolver) hoistVar(d *ast.VarDecl, keyed bool) {
	kind := Let
	if d.Const {
		kind = Const
	}
	for _, decl := range d.Decls {
		for _, b := range bindings(decl.Pattern) {
			sym := &Symbol{Name: b.id.Name, Kind: kind, Ident: b.id, DeclEnd: decl.End, own: decl.Span,
				omitted: b.omitted, keyed: keyed}
			sym.place(decl.Pattern, b, decl.Value)
			r.add(sym)
		}
	}
}

// place notes where in a destructuring pattern the name is bound, or the
// value when the pattern is the name alone.
func (s *Symbol) place(p ast.Pattern, b binding, value ast.Expr) {
	if _, simple := p.(*ast.IdentPattern); simple {
		s.value = value
		return
	}
	s.partEnd, s.patternEnd = b.part.End, p.Range().End
}

func (r *resolver) hoistImport(s *ast.Import) {
	path := ""
	if s.Path != nil {
		path = s.Path.Value
	}
	bind := func(id *ast.Ident, name string) {
		if id != nil {
			r.add(&Symbol{Name: id.Name, Kind: Import, Ident: id, DeclEnd: r.scope.start,
				Import: &ImportRef{Path: path, Name: name, Stmt: s}})
		}
	}
	bind(s.Default, "default")
	bind(s.Namespace, "*")
	for _, n := range s.Names {
		if n.Name != nil {
			local := n.Alias
			if local == nil {
				local = n.Name
			}
			bind(local, n.Name.Name)
		}
	}
}

func (r *resolver) declareType(d *ast.TypeDecl) {
	if d.Name == nil {
		return
	}
	if first := r.info.Types[d.Name.Name]; first != nil {
		r.err(codeRedeclaration, d.Name.Span, "the type `%s` is declared twice", d.Name.Name).
			WithRelated(first.Name.Span, "first declared here").
			WithHint("rename one of the two or remove it")
		return
	}
	r.info.Types[d.Name.Name] = d
}

// declareAssign finds out which names an assignment declares.
func (r *resolver) declareAssign(a *ast.Assign, keyed bool) {
	creates := a.Op == token.Assign || a.Op == token.NullishAssign
	if id, ok := ast.Unparen(a.Target).(*ast.Ident); ok {
		if creates {
			r.bare(id, a.Span, nil, binding{}, a.Value, keyed)
		}
	} else {
		r.declareExpr(a.Target)
	}
	for _, b := range bindings(a.Pattern) {
		r.bare(b.id, a.Span, a.Pattern, b, nil, keyed)
	}
	r.declarePattern(a.Pattern)
	r.declareExpr(a.Threshold)
	if !keyed {
		r.declareExpr(a.Value)
	}
}

// bare declares the variable that an assignment makes, unless there is one.
func (r *resolver) bare(id *ast.Ident, own source.Span, p ast.Pattern, b binding, value ast.Expr, keyed bool) *Symbol {
	if r.assignTarget(r.scope, id.Name, id.Start) != nil {
		return nil
	}
	fr := r.frame
	sym := &Symbol{Name: id.Name, Kind: Bare, Ident: id, DeclEnd: own.End, own: own,
		from: r.scope, region: fr.region, loop: fr.loop, omitted: b.omitted, keyed: keyed}
	if p != nil {
		sym.place(p, b, nil)
	} else {
		sym.value = value
	}
	r.addTo(fr.outer, sym)
	return sym
}

func (r *resolver) declareBinary(n *ast.Binary) {
	r.declareExpr(n.X)
	switch {
	case isPipe(n) && hasPlaceholder(n.Y):
		sc := r.open(n)
		sym := &Symbol{Name: "_", Kind: Placeholder, DeclEnd: n.OpSpan.Start, Owner: r.frame.fn, InLoop: r.frame.loops > 0}
		sc.set(sym)
		r.info.Placeholders[n] = sym
		r.within(sc, func() { r.declareExpr(n.Y) })
	case shortCircuits(n.Op):
		r.declareMaybe(n.Y)
	default:
		r.declareExpr(n.Y)
	}
}

func shortCircuits(op token.Kind) bool {
	switch op {
	case token.AndAnd, token.OrOr, token.Nullish, token.ConfNullish, token.Gate, token.ConfAnd, token.ConfOr:
		return true
	}
	return false
}

// declareFor treats the variable of "for i = 0; ..." without let: where no
// variable i is visible the loop has one of its own, fresh in each round, and
// a variable of the function takes its last value.
func (r *resolver) declareFor(n *ast.For) {
	sc := r.open(n)
	switch init := n.Init.(type) {
	case *ast.VarDecl:
		r.within(sc, func() {
			for _, decl := range init.Decls {
				for _, b := range bindings(decl.Pattern) {
					sym := &Symbol{Name: b.id.Name, Kind: LoopVar, Ident: b.id, DeclEnd: decl.End, own: decl.Span,
						InLoop: true, fixed: init.Const, omitted: b.omitted}
					sym.place(decl.Pattern, b, decl.Value)
					r.add(sym)
				}
			}
			r.declare(init)
		})
	case *ast.Assign:
		id, simple := init.Target.(*ast.Ident)
		if !simple || init.Op != token.Assign || !r.declareLoopVar(sc, id, init) {
			r.declare(init)
			break
		}
		r.declareExpr(init.Value)
	case nil:
	default:
		r.declare(init)
	}
	r.within(sc, func() {
		r.repeat(afterStart(n, n.Cond, n.Post, n.Body), func() {
			r.declareExpr(n.Cond)
			if n.Post != nil {
				r.declare(n.Post)
			}
			r.declareExpr(n.High)
			r.declareExpr(n.Medium)
			r.declareBody(n.Body)
			r.declareBranches(n.Branches)
		})
	})
}

func (r *resolver) declareLoopVar(sc *scope, id *ast.Ident, init *ast.Assign) bool {
	after := r.assignTarget(r.scope, id.Name, id.Start)
	switch {
	case after == nil:
		after = r.bare(id, init.Span, nil, binding{}, nil, false)
		after.fromLoop = true
	case !after.fromLoop || after.Owner != r.frame.fn:
		return false
	}
	sym := &Symbol{Name: id.Name, Kind: LoopVar, Ident: id, DeclEnd: init.End, own: init.Span, InLoop: true, After: after}
	r.within(sc, func() { r.add(sym) })
	r.loopVars = append(r.loopVars, sym)
	return true
}

// afterStart returns the part of a loop from the first of the given parts on:
// what runs in each round.
func afterStart(loop ast.Node, parts ...ast.Node) source.Span {
	span := loop.Range()
	start := span.End
	for _, p := range parts {
		if present(p) {
			start = min(start, p.Range().Start)
		}
	}
	if start == span.End {
		return span
	}
	return source.Span{Start: start, End: span.End}
}

// present reports whether an optional part, converted to a Node, is there.
func present(n ast.Node) bool { return n != nil }

// declareArm binds the names of a match arm. The alternatives of "a | b" bind
// the same variables.
func (r *resolver) declareArm(p ast.Pattern) {
	bind := func(b binding) {
		r.add(&Symbol{Name: b.id.Name, Kind: MatchVar, Ident: b.id, DeclEnd: b.part.End, omitted: b.omitted})
	}
	switch p := p.(type) {
	case *ast.IdentPattern:
		for _, b := range bindings(p) {
			bind(b)
		}
	case *ast.ArrayPattern:
		for _, e := range p.Elems {
			r.declareArm(e.Pattern)
		}
	case *ast.ObjectPattern:
		for _, e := range p.Elems {
			r.declareArm(e.Pattern)
		}
	case *ast.AltPattern:
		r.declareAlternatives(p)
	}
}

func (r *resolver) declareAlternatives(p *ast.AltPattern) {
	if len(p.Alts) == 0 {
		return
	}
	r.declareArm(p.Alts[0])
	first := bindings(p.Alts[0])
	for _, alt := range p.Alts[1:] {
		rest := bindings(alt)
		for _, b := range rest {
			if hasBinding(first, b.id.Name) {
				r.setSymbol(b.id, r.scope.names[b.id.Name])
				continue
			}
			r.warn(codeUnevenAlternatives, b.id.Span, "`%s` is bound by this alternative only", b.id.Name).
				WithHint("bind `%s` in each alternative, or split the arm", b.id.Name)
			r.add(&Symbol{Name: b.id.Name, Kind: MatchVar, Ident: b.id, DeclEnd: b.part.End})
		}
		for _, b := range first {
			if !hasBinding(rest, b.id.Name) {
				r.warn(codeUnevenAlternatives, alt.Range(), "this alternative doesn't bind `%s`", b.id.Name).
					WithRelated(b.id.Span, "`%s` is bound here", b.id.Name).
					WithHint("bind `%s` in each alternative, or split the arm", b.id.Name)
			}
		}
	}
}

func hasBinding(list []binding, name string) bool {
	for _, b := range list {
		if b.id.Name == name {
			return true
		}
	}
	return false
}

// declareParallel declares, in the scope around it, the names that the
// statements of "parallel { }" set.
func (r *resolver) declareParallel(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.Assign:
			r.declareAssign(s, true)
		case *ast.VarDecl:
			r.hoistVar(s, true)
			for _, d := range s.Decls {
				r.declarePattern(d.Pattern)
			}
		case *ast.FuncDecl:
			r.hoist(s)
		}
	}
}

// add declares a symbol in the current scope.
func (r *resolver) add(sym *Symbol) { r.addTo(r.scope, sym) }

func (r *resolver) addTo(sc *scope, sym *Symbol) {
	sym.Owner = sc.fn
	sym.scope = sc
	sym.TopLevel = r.topLevel(sc)
	if sym.Ident != nil {
		sym.Decl = sym.Ident.Span
	}
	if sym.Kind != Param && r.frame.loops > 0 {
		sym.InLoop = true
	}
	if first := sc.names[sym.Name]; first != nil && sym.Name != "_" && first != sc.fn.Self {
		if first.Decl.Start > sym.Decl.Start {
			first.poisoned = true
			first, sym = sym, first
			r.setSymbol(first.Ident, first)
			sc.set(first)
		}
		r.redeclared(sym.Ident, first)
		r.setSymbol(sym.Ident, nil)
		return
	}
	sc.set(sym)
	if sym.Ident != nil {
		r.setSymbol(sym.Ident, sym)
	}
	r.symbols = append(r.symbols, sym)
	r.byName[sym.Name] = append(r.byName[sym.Name], sym)
}

func (r *resolver) redeclared(id *ast.Ident, first *Symbol) {
	if id == nil {
		return
	}
	if first.Kind == Param {
		r.err(codeDuplicateParam, id.Span, "the parameter `%s` appears twice", id.Name).
			WithRelated(first.Decl, "first one here").
			WithHint("rename one of the two; each parameter needs a name of its own")
		return
	}
	d := r.err(codeRedeclaration, id.Span, "`%s` is already declared in this scope", id.Name).
		WithRelated(first.Decl, "first declared here")
	if first.Kind == Let || first.Kind == Bare {
		d.WithHint("assign it with `%s = ...`, or choose another name", id.Name)
	} else {
		d.WithHint("choose another name for one of the two")
	}
}

func (r *resolver) topLevel(sc *scope) bool {
	return sc == r.module.outer || sc == r.module.body
}
