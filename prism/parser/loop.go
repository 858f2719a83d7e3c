package parser

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/token"
)

// uncertainStmt parses uncertain if, uncertain for and uncertain while.
func (p *parser) uncertainStmt(start int32) ast.Stmt {
	switch p.peek(1).kind {
	case token.For:
		p.next()
		p.next()
		return p.forStmt(start, true)
	case token.While:
		p.next()
		p.next()
		return p.whileStmt(start, true)
	}
	return p.afterControl(p.uncertainIf(start))
}

func (p *parser) uncertainIf(start int32) control {
	n := &ast.UncertainIf{}
	p.next()
	if p.kind != token.If {
		p.fail(expectedToken, p.place(), "expected `if`, `for` or `while` after `uncertain`, found %s", p.describe()).
			WithHint("write `uncertain if (e) { high { ... } low { ... } }`")
		n.Cond = &ast.BadExpr{Span: p.gap()}
		n.Span = p.from(start)
		return n
	}
	p.next()
	if p.kind == token.LBrace {
		n.Cond = p.braceInHead("uncertain if")
	} else {
		n.Cond = p.condition()
	}
	n.High, n.Medium = p.thresholds()
	n.Branches = p.branches("`uncertain if`")
	n.Span = p.from(start)
	return n
}

// thresholds parses threshold(h, m) behind the head of an uncertain statement.
func (p *parser) thresholds() (high, medium ast.Expr) {
	if !p.word("threshold") || p.peek(1).kind != token.LParen {
		return nil, nil
	}
	span := p.here()
	p.next()
	args := p.args("`threshold`")
	if p.failed {
		return nil, nil
	}
	if len(args) == 0 || len(args) > 2 {
		p.report(expectedToken, span, "`threshold` takes one or two numbers, not %d", len(args)).
			WithHint("write `threshold(high, medium)`")
		return nil, nil
	}
	high = args[0]
	if len(args) == 2 {
		medium = args[1]
	}
	return high, medium
}

var levelWords = map[string]ast.Level{
	"high": ast.High, "medium": ast.Medium, "low": ast.Low, "default": ast.Default,
}

// branches parses { high {...} medium {...} ... }.
func (p *parser) branches(what string) []*ast.LevelBranch {
	branches := []*ast.LevelBranch{}
	if p.kind != token.LBrace {
		p.fail(expectedBlock, p.place(), "expected `{` and the branches of the %s, found %s", what, p.describe()).
			WithHint("write `{ high { ... } medium { ... } low { ... } default { ... } }`")
		return branches
	}
	open := p.pos
	p.next()
	outer := p.context()
	limit := p.narrow(open)
	seen := map[ast.Level]*ast.LevelBranch{}
	for p.kind != token.RBrace && p.kind != token.EOF {
		if p.accept(token.Comma) || p.accept(token.Semicolon) {
			continue
		}
		start := p.pos
		p.first = start
		b := p.branch(what)
		if p.failed && !p.recoverItem(start, open) {
			break
		}
		if b == nil {
			continue
		}
		if first := seen[b.Level]; first != nil && !p.failed {
			p.report(duplicateBranch, b.LevelSpan, "the %s has two `%s` branches", what, b.Level).
				WithHint("remove one of them").WithRelated(first.LevelSpan, "the first one")
		}
		seen[b.Level] = b
		branches = append(branches, b)
	}
	p.limit = limit
	p.restore(outer)
	p.closeBrace(open, "the "+what)
	return branches
}

func (p *parser) branch(what string) *ast.LevelBranch {
	start := p.start()
	level, ok := levelWords[p.text()]
	if p.kind != token.Ident || !ok {
		p.fail(expectedToken, p.place(), "expected `high`, `medium`, `low` or `default` in the %s, found %s", what, p.describe()).
			WithHint("an uncertain statement has one block for each level of confidence")
		return nil
	}
	b := &ast.LevelBranch{Level: level, LevelSpan: p.here()}
	p.next()
	if (p.kind == token.Colon || p.kind == token.Arrow) && p.peek(1).kind == token.LBrace {
		p.report(expectedBlock, p.here(), "expected `{` after `%s`, found `%s`", level, p.kind).
			WithHint("write `%s { ... }`", level).WithFix("Remove it", fix(p.here(), ""))
		p.next()
	}
	if p.kind == token.Arrow || p.kind == token.Colon {
		p.fail(expectedBlock, p.here(), "expected `{` to open the `%s` branch, found `%s`", level, p.kind).
			WithHint("write `%s { ... }`", level)
	}
	b.Body = p.block("the `" + level.String() + "` branch")
	b.Span = p.from(start)
	return b
}

func (p *parser) whileStmt(start int32, uncertain bool) ast.Stmt {
	n := &ast.While{}
	if p.kind == token.LBrace {
		n.Cond = p.braceInHead("while")
	} else {
		n.Cond = p.condition()
	}
	if uncertain {
		n.High, n.Medium = p.thresholds()
		n.Branches = p.branches("`uncertain while`")
	} else {
		p.passDo("while")
		n.Body = p.body("the body of the `while`")
	}
	n.Span = p.from(start)
	return n
}

// forStmt parses both kinds of for behind the keyword.
func (p *parser) forStmt(start int32, uncertain bool) ast.Stmt {
	open := -1
	if p.kind == token.LParen && p.parenthesisedHead() {
		open = p.pos
		p.next()
	}
	if p.word("var") && p.peek(1).kind == token.Ident {
		p.reportVar()
	}
	if p.forInAhead() {
		return p.forIn(start, open, uncertain)
	}
	n := &ast.For{}
	outer := p.flags
	p.flags = flags{head: open < 0}
	if p.kind != token.Semicolon {
		if p.kind == token.Let || p.kind == token.Const {
			n.Init = p.varDecl(p.start())
		} else {
			n.Init = p.simple(p.start())
		}
	}
	if p.kind != token.Semicolon {
		p.fail(expectedToken, p.place(), "expected `;` after the first part of the `for`, found %s", p.describe()).
			WithHint("write `for let i = 0; i < n; i++ { ... }` or `for x in xs { ... }`")
	}
	p.next()
	if p.kind != token.Semicolon {
		n.Cond = p.expr()
		for p.kind == token.Assign {
			p.reportAssignInCondition()
			op := p.here()
			p.next()
			y := p.expr()
			n.Cond = &ast.Binary{Span: p.from(n.Cond.Range().Start), Op: token.Equal, OpSpan: op, X: n.Cond, Y: y}
		}
	}
	p.expect(token.Semicolon, "after the condition of the `for`")
	if p.kind != token.LBrace && p.kind != token.RParen && !p.failed && !(uncertain && p.word("threshold")) {
		n.Post = p.simple(p.start())
	}
	p.flags = outer
	if open >= 0 {
		p.closeBracket(token.RParen, open, "the head of the `for`")
	}
	if uncertain {
		n.High, n.Medium = p.thresholds()
		n.Branches = p.branches("`uncertain for`")
	} else {
		p.passDo("for")
		n.Body = p.body("the body of the `for`")
	}
	n.Span = p.from(start)
	return n
}

// simple parses an assignment, a destructuring or an expression in a for head.
func (p *parser) simple(start int32) ast.Stmt {
	if (p.kind == token.LBracket || p.kind == token.LBrace) && p.destructures(p.pos) {
		return p.destructuring(start)
	}
	return p.simpleStmt(start)
}

// parenthesisedHead reports whether the "(" that is next holds the whole head
// of a for, rather than a part of its first expression.
func (p *parser) parenthesisedHead() bool {
	end := int(p.cur().match)
	if end < 0 {
		return true
	}
	for i := p.pos + 1; i < end; i++ {
		t := &p.toks[i]
		switch {
		case int(t.match) > i:
			i = int(t.match)
			if p.toks[i].kind == token.StringMiddle {
				i--
			}
		case t.kind == token.Semicolon:
			return true
		case t.kind == token.Ident && (p.raw[i].Value == "in" || p.raw[i].Value == "of"):
			return true
		}
	}
	k := p.at(end + 1)
	return k == token.LBrace
}

// forInAhead reports whether loop variables and "in" are next.
func (p *parser) forInAhead() bool {
	i := p.pos
	if p.kind == token.Let || p.kind == token.Const {
		i++
	}
	for n := 0; n < 2; n++ {
		switch p.at(i) {
		case token.Ident:
			i++
		case token.LBracket, token.LBrace:
			if p.toks[i].match < 0 {
				return false
			}
			i = int(p.toks[i].match) + 1
		default:
			return false
		}
		if p.at(i) == token.Ident && (p.raw[i].Value == "in" || p.raw[i].Value == "of") {
			return true
		}
		if p.at(i) != token.Comma {
			return false
		}
		i++
	}
	return false
}

func (p *parser) forIn(start int32, open int, uncertain bool) ast.Stmt {
	n := &ast.ForIn{}
	if p.kind == token.Let || p.kind == token.Const {
		n.Declare, n.Const = true, p.kind == token.Const
		p.next()
	}
	n.First = p.pattern(bindMode)
	if p.accept(token.Comma) {
		n.Second = p.pattern(bindMode)
	}
	if p.word("of") {
		p.report(foreignKeyword, p.here(), "a `for` runs over its values with `in`, not `of`").
			WithHint("write `in`").WithFix("Replace by `in`", fix(p.here(), "in"))
	}
	p.next()
	outer := p.flags
	p.flags = flags{head: open < 0}
	if p.kind == token.LBrace { // for k, v in {a: 1} { ... }
		n.X = p.pipeTail(p.ternaryTail(p.binary(p.postfix(p.object(p.start())), lowest)))
	} else {
		n.X = p.expr()
	}
	p.flags = outer
	if open >= 0 {
		p.closeBracket(token.RParen, open, "the head of the `for`")
	}
	if uncertain {
		p.fail(expectedToken, p.spanOf(p.pos), "`uncertain for` needs a condition").
			WithHint("write `uncertain for let i = 0; i < n; i++ { high { ... } }`")
		n.Body = &ast.BadStmt{Span: p.gap()}
	} else {
		p.passDo("for")
		n.Body = p.body("the body of the `for`")
	}
	n.Span = p.from(start)
	return n
}
