package graph

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

func (b *builder) stmts(list []ast.Stmt) {
	for _, s := range list {
		b.stmt(s)
	}
}

func (b *builder) block(x *ast.Block) {
	if x != nil {
		b.stmts(x.Stmts)
	}
}

func (b *builder) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case nil:
	case *ast.Block:
		b.block(s)
	case *ast.ExprStmt:
		b.expr(s.X)
	case *ast.VarDecl:
		for _, d := range s.Decls {
			if d.Value != nil {
				b.expr(d.Value)
			}
		}
	case *ast.Assign:
		b.expr(s.Value)
	case *ast.Return:
		b.expr(s.X)
		if len(b.open) == 0 {
			b.ends = append(b.ends, b.exits...)
			b.over()
		}
	case *ast.Throw:
		b.expr(s.X)
		b.add(Failure, s.Span, "fails", b.text(s.X))
		b.over()
	case *ast.Export:
		b.stmt(s.Decl)
		b.expr(s.Default)
	case *ast.For:
		b.stmt(s.Init)
		b.loop(s, "repeat while "+b.text(s.Cond), s.Body, s.Branches)
	case *ast.ForIn:
		b.expr(s.X)
		b.loop(s, "for each of "+b.text(s.X), s.Body, nil)
	case *ast.While:
		b.loop(s, "repeat while "+b.text(s.Cond), s.Body, s.Branches)
	case *ast.DoWhile:
		b.loop(s, "repeat while "+b.text(s.Cond), s.Body, nil)
	case *ast.FuncDecl, *ast.PatternDecl, *ast.TestDecl, *ast.Import, *ast.TypeDecl, *ast.AgentsDecl,
		*ast.Break, *ast.Continue, *ast.BadStmt:
	default:
		if e, ok := s.(ast.Expr); ok {
			b.expr(e)
		}
	}
}

// condition draws a decision between two ways. What can't be seen from outside is
// no decision.
func (b *builder) condition(at ast.Node, cond ast.Expr, then, otherwise func(), interesting bool) {
	b.expr(cond)
	if !interesting {
		return
	}
	d := b.add(Decision, at.Range(), b.text(cond))
	var out []exit
	b.way(d, "yes", &out, then)
	b.way(d, "no", &out, otherwise)
	b.exits = out
}

// loop draws what is repeated, and the way back.
func (b *builder) loop(at ast.Node, label string, body ast.Stmt, branches []*ast.LevelBranch) {
	if len(branches) == 0 && !b.interesting(body) {
		return
	}
	r := b.add(Repeat, at.Range(), label)
	b.exits = []exit{{from: r, label: "again"}}
	if len(branches) > 0 {
		b.levels(r, branches)
	} else {
		b.stmt(body)
	}
	for _, e := range b.exits {
		if e.from != r {
			b.edge(Edge{From: e.from, To: r, Label: e.label, Dashed: e.dashed})
		}
	}
	b.exits = []exit{{from: r, label: "done"}}
}

// levels draws the ways of an uncertain statement. A level without a branch goes
// on as if it had an empty one.
func (b *builder) levels(d int, branches []*ast.LevelBranch) {
	var out []exit
	given := map[ast.Level]bool{}
	for _, br := range branches {
		given[br.Level] = true
		b.way(d, br.Level.String(), &out, func() { b.block(br.Body) })
	}
	if !given[ast.Default] && len(given) < 3 {
		missing := ""
		for _, l := range []ast.Level{ast.High, ast.Medium, ast.Low} {
			if !given[l] {
				if missing != "" {
					missing += ", "
				}
				missing += l.String()
			}
		}
		out = append(out, exit{from: d, label: missing})
	}
	b.exits = out
}

func (b *builder) uncertain(s *ast.UncertainIf) {
	b.expr(s.Cond)
	lines := []string{"how sure is " + b.text(s.Cond) + "?"}
	if s.High != nil {
		lines = append(lines, "high from "+b.text(s.High))
		if s.Medium != nil {
			lines[1] += ", medium from " + b.text(s.Medium)
		}
	}
	b.levels(b.add(Decision, s.Span, lines...), s.Branches)
}

func (b *builder) match(s *ast.Match) {
	b.expr(s.X)
	interesting := false
	for _, a := range s.Arms {
		interesting = interesting || b.interesting(a.Body)
	}
	if !interesting {
		return
	}
	d := b.add(Decision, s.Span, "match "+b.text(s.X))
	var out []exit
	for _, a := range s.Arms {
		label := b.text(a.Pattern)
		if a.Guard != nil {
			label += " if " + b.text(a.Guard)
		}
		b.way(d, label, &out, func() { b.expr(a.Body) })
	}
	b.exits = out
}

// try draws the body and, from each of its nodes, the way taken when it fails.
func (b *builder) try(s *ast.Try) {
	first := len(b.g.Nodes)
	b.block(s.Body)
	after := b.exits
	if s.Catch != nil && len(b.g.Nodes) > first {
		var failing []exit
		for i := first; i < len(b.g.Nodes); i++ {
			switch b.g.Nodes[i].Kind {
			case Task, Model, Person, Aggregate, Agents, Failure:
				failing = append(failing, exit{from: i, label: "error", dashed: true})
			}
		}
		if len(failing) > 0 {
			b.exits = failing
			if b.interesting(s.Catch) {
				b.block(s.Catch)
			}
			after = append(after, b.exits...)
		}
	}
	b.exits = after
	b.block(s.Finally)
}

// parallel draws both forms: one body for each agent, or statements side by side.
func (b *builder) parallel(s *ast.Parallel) {
	if s.Agents != nil {
		b.expr(s.Agents)
		b.each("ask all of "+b.agents(s.Agents), s.Options, s.Body, s.Span)
		return
	}
	f := b.add(Fork, s.Span, "at the same time")
	var out []exit
	for _, x := range s.Body.Stmts {
		b.way(f, "", &out, func() { b.stmt(x) })
	}
	b.exits = out
}

// agents names a set of agents: the variable that holds it, else nothing much.
func (b *builder) agents(e ast.Expr) string {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident, *ast.Member:
		return b.text(x)
	}
	return "them"
}

// each draws a body that runs once for each agent.
func (b *builder) each(title string, options []*ast.Constraint, body *ast.Block, at source.Span) {
	lines := []string{title}
	if names := b.taskNames(body); names != "" {
		lines = append(lines, names)
	}
	if o := b.options(options); o != "" {
		lines = append(lines, o)
	}
	b.add(Task, at, lines...)
}

// taskNames lists what agents are asked to do in a body.
func (b *builder) taskNames(body *ast.Block) string {
	names := ""
	seen := map[string]bool{}
	ast.Walk(body, func(n ast.Node) bool {
		c, ok := n.(*ast.Call)
		if !ok {
			return true
		}
		id, ok := ast.Unparen(c.Fun).(*ast.Ident)
		name := ""
		switch {
		case !ok:
		case id.Name == "call" && len(c.Args) > 1:
			name = b.text(c.Args[1])
		case known(id.Name) == nil && b.funcs[id.Name] == nil && !isLibrary(id.Name):
			name = id.Name
		}
		if name != "" && !seen[name] {
			seen[name] = true
			if names != "" {
				names += ", "
			}
			names += name
		}
		return true
	})
	return names
}

func (b *builder) options(list []*ast.Constraint) string {
	text := ""
	for _, o := range list {
		if text != "" {
			text += ", "
		}
		text += o.Name.Name
		for _, a := range o.Args {
			text += " " + b.text(a)
		}
	}
	return text
}

func (b *builder) race(s *ast.Race) {
	title := "first good answer"
	if s.Agents != nil {
		b.expr(s.Agents)
		title = "first good answer of " + b.agents(s.Agents)
	}
	lines := []string{title}
	if names := b.taskNames(s.Body); names != "" {
		lines = append(lines, names)
	}
	if s.Until != nil {
		lines = append(lines, "until "+b.text(s.Until))
	}
	if o := b.options(s.Options); o != "" {
		lines = append(lines, o)
	}
	b.add(Task, s.Span, lines...)
}

// interesting reports whether a part of the program does something that is drawn,
// or leaves.
func (b *builder) interesting(n ast.Node) bool {
	if n == nil {
		return false
	}
	found := false
	ast.Walk(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Return, *ast.Throw, *ast.Parallel, *ast.Race, *ast.WithAgents, *ast.UncertainIf:
			found = true
		case *ast.FuncDecl, *ast.PatternDecl:
			return false
		case *ast.Call:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
				f := b.funcs[id.Name]
				switch {
				case f != nil:
					found = b.acts(f)
				case known(id.Name) != nil:
					found = true
				default:
					found = b.tasks > 0 && !isLibrary(id.Name)
				}
			}
		}
		return !found
	})
	return found
}

// acts reports whether a function of the file does something that is drawn. Its
// returns stay inside.
func (b *builder) acts(f *ast.FuncLit) bool {
	if known, ok := b.acting[f]; ok {
		return known
	}
	b.acting[f] = false // as far as its own calls of itself are concerned
	found := f.Expr != nil && b.interesting(f.Expr)
	if f.Body != nil {
		for _, s := range f.Body.Stmts {
			if r, ok := s.(*ast.Return); ok {
				found = found || r.X != nil && b.interesting(r.X)
				continue
			}
			found = found || b.interesting(s)
		}
	}
	b.acting[f] = found
	return found
}
