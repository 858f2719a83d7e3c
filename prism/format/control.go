package format

import (
	"slices"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// control prints a control structure, a statement or an expression alike. Its
// blocks break together.
func (p *printer) control(s ast.Stmt) *doc {
	switch s := s.(type) {
	case *ast.If:
		return bodied(p.ifChain(s, true)...)
	case *ast.UncertainIf:
		return concat(text("uncertain if "), p.condition(s.Cond), p.levels(s.Span, s.Cond.Range().End, s.High, s.Medium, s.Branches))
	case *ast.For:
		return p.forLoop(s)
	case *ast.ForIn:
		return p.forIn(s)
	case *ast.While:
		if s.Branches != nil {
			return concat(text("uncertain while "), p.condition(s.Cond), p.levels(s.Span, s.Cond.Range().End, s.High, s.Medium, s.Branches))
		}
		return bodied(text("while "), p.condition(s.Cond), space, p.loopBody(s.Body, s, true))
	case *ast.DoWhile:
		body := p.loopBody(s.Body, s, false)
		return bodied(text("do "), body, p.clause(s.Body.Range().End, s.Cond.Range().Start, "while "), p.condition(s.Cond))
	case *ast.Match:
		return p.match(s)
	case *ast.Try:
		return p.try(s)
	case *ast.Context:
		parts := []*doc{text("in context "), p.lead(s.Name.Start), text(s.Name.Name + " "), p.block(s.Body, bodyBlock)}
		if s.To != nil {
			parts = append(parts, text(" -> "), p.lead(s.To.Start), text(s.To.Name))
		}
		return group(parts...)
	case *ast.Parallel:
		return group(text("parallel "), p.agentsHead(s.Agents, s.Options), p.block(s.Body, bodyBlock))
	case *ast.Sequential:
		return group(text("sequential "), p.block(s.Body, bodyBlock))
	case *ast.Race:
		parts := []*doc{text("race "), p.agentsHead(s.Agents, s.Options), p.block(s.Body, bodyBlock)}
		if s.Until != nil {
			parts = append(parts, text(" until "), p.condition(s.Until))
		}
		return group(parts...)
	case *ast.WithAgents:
		args := p.args(s.Args, p.enclosing(s.Start, len(s.Args), func(i int) source.Span { return s.Args[i].Range() }, s.Body.Start))
		return group(text("with_agents"), args.doc(), space, p.block(s.Body, bodyBlock))
	case *ast.ExprStmt, *ast.Assign:
		return p.stmt(s)
	}
	return p.verbatim(s)
}

// agentsHead prints the agents and options of parallel and race, with the space
// before the body.
func (p *printer) agentsHead(agents ast.Expr, options []*ast.Constraint) *doc {
	if agents == nil {
		return nil
	}
	var parts []*doc
	if x := ast.Unparen(agents); exposesBrace(x) {
		parts = append(parts, p.lead(agents.Range().Start), p.parens(x, agents.Range().End), space)
	} else {
		parts = append(parts, p.expr(agents, postfixLevel), space)
	}
	for _, o := range options {
		parts = append(parts, p.lead(o.Start), p.constraint(o), space)
	}
	return concat(parts...)
}

// ---- if ----

// bodied groups the parts of a statement whose body may go without braces. Such
// a statement stands on one line, so a text of several lines breaks it.
func bodied(parts ...*doc) *doc {
	d := concat(parts...)
	if d.lines {
		d = concat(d, breakHere)
	}
	return group(d)
}

// ifChain prints an if with all its branches; alone says that it is a statement,
// so that its end is the end of a line or block.
func (p *printer) ifChain(s *ast.If, alone bool) []*doc {
	simple := p.simpleIf(s, alone)
	var parts []*doc
	for {
		parts = append(parts, text("if "), p.condition(s.Cond), space)
		end := s.Then.Range().End
		if s.Else != nil {
			end = s.Else.Range().Start
		}
		parts = append(parts, p.body(s.Then, end, simple))
		if s.Else == nil {
			return parts
		}
		thenEnd := s.Then.Range().End
		next, ok := s.Else.(*ast.If)
		if !ok {
			parts = append(parts, p.clause(thenEnd, s.Else.Range().Start, "else "), p.body(s.Else, s.Else.Range().End, simple))
			return parts
		}
		parts = append(parts, p.clause(thenEnd, next.Cond.Range().Start, "else "))
		s = next
	}
}

// simpleIf reports whether every branch of a chain of ifs is a single statement
// that may go without braces.
func (p *printer) simpleIf(s *ast.If, alone bool) bool {
	if p.pendingLine(s.End) || p.src != nil && !p.onOneLine(s.Span) {
		return false
	}
	for {
		if !isSimple(s.Then, alone && s.Else == nil) {
			return false
		}
		if s.Else == nil {
			return true
		}
		next, ok := s.Else.(*ast.If)
		if !ok {
			return isSimple(s.Else, alone)
		}
		s = next
	}
}

// isSimple reports whether a statement can be a body without braces: it is not
// compound, and cannot be taken for a part of the head before it. A return
// without a value must be the last branch, or it would take what follows.
func isSimple(s ast.Stmt, last bool) bool {
	switch s := s.(type) {
	case *ast.Break, *ast.Continue, *ast.Throw:
		return true
	case *ast.Return:
		return s.X != nil || last
	case *ast.Assign:
		return s.Pattern == nil && beginsWithName(s.Target)
	case *ast.ExprStmt:
		return beginsWithName(s.X)
	}
	return false
}

func beginsWithName(e ast.Expr) bool {
	switch e := leftmost(e).(type) {
	case *ast.Ident:
		switch e.Name {
		case "in", "and", "or", "not", "threshold":
			return false
		}
		return true
	case *ast.StringLit, *ast.Template, *ast.BoolLit, *ast.NullLit:
		return true
	case *ast.NumberLit:
		return e.Raw != "" || e.Value >= 0
	}
	return false
}

// body prints the body of an if or a loop. A simple one stands without braces
// on one line, and gets them when it does not fit there; others have them
// always. Comments up to the end belong to it.
func (p *printer) body(s ast.Stmt, end int32, simple bool) *doc {
	if b, ok := s.(*ast.Block); ok {
		return p.block(b, bodyBlock)
	}
	if simple {
		d := p.stmt(s)
		return concat(choice(text("{"), nil), indent(soft, d), soft, choice(text("}"), nil))
	}
	b := &ast.Block{Stmts: []ast.Stmt{s}, Span: source.Span{Start: s.Range().Start, End: end}}
	if p.src != nil {
		// The block is written over several lines, whatever its span.
		return concat(text("{"), indent(hard, p.stmts(b.Stmts, b.Start, end, false)), hard, text("}"))
	}
	return p.block(b, bodyBlock)
}

// clause prints a keyword behind a "}", with the comments between: those keep
// lines of their own.
func (p *printer) clause(end, next int32, keyword string) *doc {
	if !p.pending(next) {
		return text(" " + keyword)
	}
	prev := end
	parts := []*doc{p.behind(end, next, &prev)}
	if p.pending(next) {
		parts = append(parts, p.lineBreak(prev, p.comments[0].Start))
		parts = append(parts, p.ownLines(prev, next)...)
	}
	return concat(append(parts, hard, text(keyword))...)
}

// ---- Loops ----

// loopBody prints the body of a loop; last says that the loop ends with it.
func (p *printer) loopBody(s ast.Stmt, loop ast.Node, last bool) *doc {
	simple := isSimple(s, last) && !p.pendingLine(s.Range().End) &&
		(p.src == nil || p.sameLine(loop.Range().Start, s.Range().End))
	return p.body(s, s.Range().End, simple)
}

func (p *printer) forLoop(s *ast.For) *doc {
	keyword := "for "
	if s.Branches != nil {
		keyword = "uncertain for "
	}
	parts := []*doc{text(keyword)}
	if s.Init != nil {
		parts = append(parts, p.lead(s.Init.Range().Start), p.headStmt(s.Init))
	}
	parts = append(parts, text("; "))
	headEnd := s.Start
	if s.Cond != nil {
		parts = append(parts, p.head(s.Cond))
		headEnd = s.Cond.Range().End
	}
	parts = append(parts, text("; "))
	if s.Post != nil {
		headEnd = s.Post.Range().End
		parts = append(parts, p.lead(s.Post.Range().Start), p.headStmt(s.Post), space)
	}
	if s.Branches != nil {
		if s.Post != nil {
			parts = parts[:len(parts)-1]
		}
		return concat(append(parts, p.levels(s.Span, headEnd, s.High, s.Medium, s.Branches))...)
	}
	if s.Post == nil { // a body without braces would be taken for it
		return group(append(parts, p.body(s.Body, s.Body.Range().End, false))...)
	}
	return bodied(append(parts, p.loopBody(s.Body, s, true))...)
}

// headStmt prints a statement in the head of a for, where a value with a brace
// needs parentheses.
func (p *printer) headStmt(s ast.Stmt) *doc {
	switch s := s.(type) {
	case *ast.ExprStmt:
		return p.head(s.X)
	case *ast.Assign:
		a := *s
		a.Value = protected(a.Value)
		return p.assign(&a)
	case *ast.VarDecl:
		v := *s
		v.Decls = slices.Clone(s.Decls)
		for i, d := range v.Decls {
			if d.Value != nil {
				with := *d
				with.Value = protected(d.Value)
				v.Decls[i] = &with
			}
		}
		return p.varDecl(&v)
	}
	return p.stmt(s)
}

// guarded is an expression whose parentheses are needed wherever it stands.
type guarded struct{ *ast.Paren }

// protected returns an expression with its braces in parentheses.
func protected(e ast.Expr) ast.Expr {
	if x := ast.Unparen(e); exposesBrace(x) || endsWithWord(x) {
		return guarded{&ast.Paren{Span: e.Range(), X: x}}
	}
	return e
}

func (p *printer) forIn(s *ast.ForIn) *doc {
	keyword := "for "
	switch {
	case s.Const:
		keyword = "for const "
	case s.Declare:
		keyword = "for let "
	}
	parts := []*doc{text(keyword), p.pattern(s.First)}
	if s.Second != nil {
		parts = append(parts, text(", "), p.pattern(s.Second))
	}
	parts = append(parts, text(" in "), p.head(s.X), space, p.loopBody(s.Body, s, true))
	return bodied(parts...)
}

// ---- Branches, arms, clauses ----

// levels prints the thresholds and branches of an uncertain statement; headEnd
// is where the part of its head before the thresholds ends.
func (p *printer) levels(span source.Span, headEnd int32, high, medium ast.Expr, branches []*ast.LevelBranch) *doc {
	var parts []*doc
	if high != nil {
		args := []ast.Expr{high}
		if medium != nil {
			args = append(args, medium)
		}
		end := args[len(args)-1].Range().End
		parts = append(parts, text(" threshold"), p.args(args, source.Span{Start: high.Range().Start, End: end}).doc())
		headEnd = end
	}
	if len(branches) > 0 {
		span.Start = p.find(headEnd, branches[0].Start, "{")
	}
	parts = append(parts, space, p.members(span, branchStyle, p.onOneLine(span) && !p.pendingLine(span.End), len(branches),
		func(i int) source.Span { return branches[i].Span },
		func(i int) *doc {
			b := branches[i]
			return concat(text(b.Level.String()+" "), group(p.block(b.Body, bodyBlock)))
		}))
	return concat(parts...)
}

func (p *printer) match(s *ast.Match) *doc {
	head := concat(text("match "), p.head(s.X), space)
	span := s.Span
	if len(s.Arms) > 0 {
		span.Start = p.find(s.X.Range().End, s.Arms[0].Start, "{")
	}
	return concat(head, p.members(span, armStyle, p.onOneLine(span) && !p.pendingLine(span.End), len(s.Arms),
		func(i int) source.Span { return s.Arms[i].Span },
		func(i int) *doc { return p.arm(s.Arms[i]) }))
}

func (p *printer) arm(a *ast.Arm) *doc {
	parts := []*doc{p.pattern(a.Pattern)}
	if a.Threshold != nil {
		parts = append(parts, text(" ~> "), p.confidence(a.Threshold))
	}
	if a.Guard != nil {
		parts = append(parts, text(" if "), p.head(a.Guard))
	}
	parts = append(parts, text(" =>"))
	if b, ok := a.Body.(*ast.Block); ok {
		return concat(append(parts, space, group(p.block(b, bodyBlock)))...)
	}
	return concat(append(parts, p.arrowBody(a.Body))...)
}

func (p *printer) try(s *ast.Try) *doc {
	parts := []*doc{text("try "), p.block(s.Body, bodyBlock)}
	end := s.Body.End
	if s.Catch != nil {
		next := s.Catch.Start
		if s.Param != nil {
			next = s.Param.Range().Start
		}
		parts = append(parts, p.clause(end, next, "catch "))
		if s.Param != nil {
			parts = append(parts, text("("), p.pattern(s.Param), text(") "))
		}
		parts = append(parts, p.block(s.Catch, bodyBlock))
		end = s.Catch.End
	}
	if s.Finally != nil {
		parts = append(parts, p.clause(end, s.Finally.Start, "finally "), p.block(s.Finally, bodyBlock))
	}
	return group(parts...)
}
