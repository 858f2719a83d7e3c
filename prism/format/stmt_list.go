package format

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/token"
)

// stmts prints a list of statements, one a line, with the comments among them.
// The list stands between the offsets open and end.
func (p *printer) stmts(list []ast.Stmt, open, end int32, topLevel bool) *doc {
	var parts []*doc
	prev := open
	started := false
	// separate puts the line break before something that starts at the offset.
	separate := func(start int32, blank bool) {
		switch {
		case !started:
			started = true
		case blank || p.blankBetween(prev, start):
			parts = append(parts, blankHard)
		default:
			parts = append(parts, hard)
		}
	}
	// above prints the comments before the offset on lines of their own, or
	// before what starts there if they stand on its line.
	above := func(next int32) {
		for p.pending(next) {
			c := p.take()
			separate(c.Start, false)
			parts = append(parts, p.comment(c))
			prev = c.End
			follower := next
			if p.pending(next) {
				follower = p.comments[0].Start
			}
			if !isLineComment(c) && follower < end && p.sameLine(c.End, follower) {
				parts = append(parts, space)
				started = false
			}
		}
	}
	for i, s := range list {
		start := s.Range().Start
		above(start)
		separate(start, p.src == nil && i > 0 && topLevel && standsApart(list[i-1], s))
		parts = append(parts, p.stmt(s))
		next := end
		if i+1 < len(list) {
			next = list[i+1].Range().Start
			if continues(s, list[i+1]) {
				parts = append(parts, text(";"))
			}
		}
		prev = s.Range().End
		parts = append(parts, p.behind(s.Range().End, next, &prev))
	}
	above(end)
	return concat(parts...)
}

// behind prints the comments behind a node that ends at the offset: those on
// its line, and any inside it that have found no place. At a // comment it
// stops; what follows gets its own lines. prev is moved behind what it prints.
func (p *printer) behind(end, next int32, prev *int32) *doc {
	var parts []*doc
	for p.pending(next) {
		c := p.comments[0]
		if c.Start >= end && !p.sameLine(*prev, c.Start) {
			break
		}
		p.take()
		*prev = max(*prev, c.End)
		if isLineComment(c) {
			parts = append(parts, suffix(" "+p.comment(c).text))
			break
		}
		parts = append(parts, space, p.comment(c))
	}
	return concat(parts...)
}

// standsApart reports whether an empty line separates two statements at the top
// of a tree that was built by a program.
func standsApart(a, b ast.Stmt) bool {
	return isDeclaration(a) || isDeclaration(b) || isImport(a) != isImport(b)
}

func isImport(s ast.Stmt) bool { _, ok := s.(*ast.Import); return ok }

func isDeclaration(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.FuncDecl, *ast.PatternDecl, *ast.TestDecl, *ast.AgentsDecl:
		return true
	case *ast.Export:
		return s.Decl != nil && isDeclaration(s.Decl)
	}
	return false
}

// continues reports whether a statement on a line of its own would go on with
// the one before it: one that begins with + or -, or with "until" behind what
// may be a race, or with "from" behind exported names.
func continues(before, s ast.Stmt) bool {
	var first ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		first = leftmost(s.X)
	case *ast.Assign:
		if s.Target != nil {
			first = leftmost(s.Target)
		}
	}
	switch x := first.(type) {
	case *ast.Unary:
		return x.Op == token.Plus || x.Op == token.Minus
	case *ast.NumberLit:
		return x.Raw == "" && x.Value < 0
	case *ast.Ident:
		export, ok := before.(*ast.Export)
		return x.Name == "until" || x.Name == "from" && ok && export.Names != nil && export.Path == nil
	}
	return false
}

// blockStyle says where a block stands.
type blockStyle uint8

const (
	// bodyBlock is the body of something, where "{" can only open a block.
	bodyBlock blockStyle = iota
	// freeBlock stands for itself, where "{" may open an object literal.
	freeBlock
)

// block prints { ... }. Comments between the head before it and the "{" move
// into it. The result is not grouped: one that was written on one line has
// line docs, so that the blocks of one statement break together.
func (p *printer) block(b *ast.Block, style blockStyle) *doc {
	open, semicolon := "{", ""
	if style == freeBlock {
		switch {
		case len(b.Stmts) == 0:
			open = "{;" // {} is an object literal
		case len(b.Stmts) == 1 && isBareName(b.Stmts[0]):
			semicolon = ";" // so is {a}
		}
	}
	oneLine := p.oneLine || p.onOneLine(b.Span) && len(b.Stmts) <= 1 && !p.pendingLine(b.End)
	if oneLine && p.oneLine {
		return p.inlineBlock(b, open, semicolon)
	}
	var opening *doc
	first := b.End
	if len(b.Stmts) > 0 {
		first = b.Stmts[0].Range().Start
	}
	if p.pending(first) {
		// A // comment behind the "{" stays there.
		if c := p.comments[0]; c.Start >= b.Start && isLineComment(c) && p.sameLine(b.Start, c.Start) {
			opening = suffix(" " + p.comment(p.take()).text)
		}
	}
	body := concat(p.stmts(b.Stmts, b.Start, b.End, false), textOrNil(semicolon))
	if body == nil && opening == nil {
		return text(open + "}")
	}
	if oneLine {
		return concat(text(open), indent(line, body), line, text("}"))
	}
	if body == nil {
		return concat(text(open), opening, hard, text("}"))
	}
	return concat(text(open), opening, indent(hard, body), hard, text("}"))
}

// inlineBlock prints a block inside a string that may not break.
func (p *printer) inlineBlock(b *ast.Block, open, semicolon string) *doc {
	if len(b.Stmts) == 0 {
		return text(open + "}")
	}
	parts := []*doc{text(open), space}
	for i, s := range b.Stmts {
		if i > 0 {
			parts = append(parts, text("; "))
		}
		parts = append(parts, p.stmt(s))
	}
	return concat(append(parts, textOrNil(semicolon), text(" }"))...)
}

func textOrNil(s string) *doc {
	if s == "" {
		return nil
	}
	return text(s)
}

// isBareName reports whether a statement is printed as a single name.
func isBareName(s ast.Stmt) bool {
	x, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	_, ok = x.X.(*ast.Ident)
	return ok
}
