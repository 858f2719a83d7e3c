package parser

import (
	"fmt"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// control is a node that is both expression and statement.
type control interface {
	ast.Expr
	ast.Stmt
}

// stmt parses one statement, without the ";" behind it.
func (p *parser) stmt() ast.Stmt {
	if !p.enter() {
		p.leave()
		return &ast.BadStmt{Span: p.gap()}
	}
	s := p.stmtInside()
	p.leave()
	return s
}

func (p *parser) stmtInside() ast.Stmt {
	start := p.start()
	switch p.kind {
	case token.Ident:
		if s := p.wordStmt(start); s != nil {
			return s
		}
	case token.Let, token.Const:
		return p.varDecl(start)
	case token.LBrace:
		return p.braceStmt(start)
	case token.LBracket:
		if p.destructures(p.pos) {
			return p.destructuring(start)
		}
	case token.If:
		return p.afterControl(p.ifNode())
	case token.Uncertain:
		return p.uncertainStmt(start)
	case token.Match:
		return p.afterControl(p.match())
	case token.Try:
		return p.afterControl(p.try())
	case token.For:
		p.next()
		return p.forStmt(start, false)
	case token.While:
		p.next()
		return p.whileStmt(start, false)
	case token.Do:
		return p.doWhile(start)
	case token.Break:
		p.next()
		return &ast.Break{Span: p.from(start)}
	case token.Continue:
		p.next()
		return &ast.Continue{Span: p.from(start)}
	case token.Return:
		p.next()
		r := &ast.Return{}
		if !p.endsHere() {
			r.X = p.expr()
			p.noAssign()
		}
		r.Span = p.from(start)
		return r
	case token.Throw:
		p.next()
		t := &ast.Throw{}
		if p.endsHere() {
			t.X = p.missingExpr("after `throw`")
		} else {
			t.X = p.expr()
			p.noAssign()
		}
		t.Span = p.from(start)
		return t
	case token.Function, token.Fn:
		if p.peek(1).kind == token.Ident {
			return p.funcDecl(start)
		}
	case token.Async:
		if k := p.peek(1).kind; (k == token.Function || k == token.Fn) && p.peek(2).kind == token.Ident {
			return p.funcDecl(start)
		}
	case token.Import:
		return p.importStmt(start)
	case token.Export:
		return p.exportStmt(start)
	case token.Else:
		p.afterBroken()
		p.fail(unexpectedToken, p.here(), "`else` without an `if` before it")
		return &ast.BadStmt{Span: p.gap()}
	case token.Catch, token.Finally:
		p.afterBroken()
		p.fail(unexpectedToken, p.here(), "`%s` without a `try` before it", p.cur().kind)
		return &ast.BadStmt{Span: p.gap()}
	}
	return p.simpleStmt(start)
}

// afterBroken lets a failure at the first token of a statement go unreported when
// the statement before has failed: it may be a part of that one.
func (p *parser) afterBroken() {
	if p.broken {
		p.reported = p.pos
	}
}

// endsHere reports whether a statement ends before the current token.
func (p *parser) endsHere() bool {
	return p.newline() || p.kind == token.Semicolon || p.kind == token.RBrace || p.kind == token.EOF
}

// wordStmt parses the statements that a contextual word begins, nil for others.
func (p *parser) wordStmt(start int32) ast.Stmt {
	switch p.text() {
	case "in":
		if p.sameLine(1, token.Ident) {
			return p.afterControl(p.contextNode())
		}
	case "agents":
		if p.agentsShape() {
			return p.agentsDecl(start)
		}
	case "pattern":
		if p.sameLine(1, token.Ident) || p.sameLine(1, token.LBrace) {
			return p.patternDecl(start)
		}
	case "test":
		if p.sameLine(1, token.String) && p.sameLine(2, token.LBrace) {
			return p.testDecl(start)
		}
	case "type":
		if p.sameLine(1, token.Ident) && !p.wordAt(1, "in") {
			return p.typeDecl(start)
		}
	case "input":
		if p.sameLine(1, token.LBrace) && p.inputShape() {
			d := p.report(misplacedInput, p.here(), "an `input` block stands at the start of a pattern")
			d.Hint = "move it before the other statements of the pattern"
			p.inputDecl()
			return &ast.BadStmt{Span: p.from(start)}
		}
	case "parallel", "sequential", "race", "with_agents":
		if p.concurrencyShape() {
			return p.afterControl(p.concurrency())
		}
	default:
		return p.foreignStmt(start)
	}
	return nil
}

// afterControl makes a statement of a control structure; an operator that can't
// begin a statement makes it the first operand of an expression.
func (p *parser) afterControl(n control) ast.Stmt {
	switch p.kind {
	case token.Pipe, token.ConfPipe, token.ThresholdGate, token.Dot, token.ConfDot, token.QuestionDot,
		token.Attach, token.Chain, token.Equal, token.Same, token.NotEqual, token.NotSame,
		token.Nullish, token.ConfNullish, token.AndAnd, token.OrOr, token.ConfQuestion, token.Question:
	default:
		return n
	}
	x := p.pipeTail(p.ternaryTail(p.binary(p.postfix(n), lowest)))
	return &ast.ExprStmt{Span: p.from(n.Range().Start), X: x}
}

// simpleStmt parses an assignment or an expression.
func (p *parser) simpleStmt(start int32) ast.Stmt {
	first := p.pos
	x := p.expr()
	if isAssign(p.kind) {
		return p.assign(start, x)
	}
	if p.kind == token.Colon && p.peek(1).kind == token.Assign && p.peek(1).start == p.cur().end && !p.newline() {
		span := spanBetween(p.here(), p.spanOf(p.pos+1))
		p.report(foreignOperator, span, "`:=` is not an operator").
			WithHint("write `=`").WithFix("Replace by `=`", fix(span, "="))
		p.next()
		return p.assign(start, x)
	}
	if p.failed && p.pos == first {
		return &ast.BadStmt{Span: p.gap()}
	}
	return &ast.ExprStmt{Span: p.from(start), X: x}
}

func isAssign(k token.Kind) bool { return token.Assign <= k && k <= token.AttachAssign }

// assign parses the rest of "target op value"; the operator is next.
func (p *parser) assign(start int32, target ast.Expr) ast.Stmt {
	p.checkTarget(target)
	a := &ast.Assign{Target: target, Op: p.cur().kind}
	p.next()
	a.Value = p.expr()
	p.noAssign()
	a.Span = p.from(start)
	return a
}

// checkTarget reports an expression that can't be assigned to.
func (p *parser) checkTarget(x ast.Expr) {
	switch t := x.(type) {
	case *ast.Ident, *ast.BadExpr:
		return
	case *ast.Member:
		if t.Op == token.Dot {
			return
		}
		p.report(invalidTarget, t.Span, "can't assign to a property read with `%s`", t.Op).
			WithHint("write `.`")
		return
	case *ast.Index:
		if !t.Optional {
			return
		}
		p.report(invalidTarget, t.Span, "can't assign to an element read with `?.[ ]`").WithHint("write `[ ]`")
		return
	case *ast.Binary:
		if t.Op.IsOperator() && !p.failed {
			p.report(invalidTarget, t.Span, "can't assign to an expression with `%s`", t.Op).
				WithHint("a name, `o.p` or `a[i]` can stand left of `=`; write `==` to compare")
			return
		}
	}
	what := "this"
	switch t := x.(type) {
	case *ast.NumberLit:
		what = "a number"
	case *ast.StringLit, *ast.Template:
		what = "a string"
	case *ast.BoolLit:
		what = fmt.Sprintf("`%t`", t.Value)
	case *ast.NullLit:
		what = "`null`"
	case *ast.Call:
		what = "the result of a call"
	case *ast.Binary:
		what = "an expression with `in`"
	}
	p.report(invalidTarget, x.Range(), "can't assign to %s", what).
		WithHint("a name, `o.p`, `a[i]`, `[a, b]` or `{a, b}` can stand left of `=`")
}

// noAssign fails at an assignment that stands where a value ends.
func (p *parser) noAssign() {
	if isAssign(p.kind) && !p.newline() {
		p.fail(assignInExpression, p.here(), "an assignment is a statement and has no value").
			WithHint("write two statements, or `==` to compare")
	}
}

// destructures reports whether the bracket at token i closes before "=" or
// before "~> c =": it is a pattern then.
func (p *parser) destructures(i int) bool {
	j := int(p.toks[i].match)
	if j < 0 || p.failed {
		return false
	}
	j++
	if p.at(j) == token.Attach {
		for j++; p.at(j) == token.Extract || p.at(j) == token.Tilde || p.at(j) == token.Minus; j++ {
		}
		j = p.skipOperand(j)
	}
	return p.at(j) == token.Assign
}

// skipOperand returns the index behind a primary and its calls and members.
func (p *parser) skipOperand(j int) int {
	for first := true; j < len(p.toks); first = false {
		switch t := &p.toks[j]; t.kind {
		case token.LParen, token.LBracket, token.LBrace, token.StringHead, token.StringMiddle:
			follows := t.kind == token.StringMiddle || !t.nl && (t.kind == token.LParen || t.kind == token.LBracket)
			if t.match < 0 || !first && !follows {
				return j
			}
			j = int(t.match)
			if p.toks[j].kind != token.StringMiddle {
				j++
			}
		case token.Dot, token.ConfDot, token.QuestionDot:
			j += 2
		case token.EOF:
			return j
		default:
			if !first {
				return j
			}
			j++
		}
	}
	return j
}

// destructuring parses [a, b] = e and {a, b} ~> c = e.
func (p *parser) destructuring(start int32) ast.Stmt {
	a := &ast.Assign{Op: token.Assign}
	a.Pattern = p.pattern(assignMode)
	if p.accept(token.Attach) {
		a.Threshold = p.confidence()
	}
	p.expect(token.Assign, "after the pattern")
	a.Value = p.expr()
	p.noAssign()
	a.Span = p.from(start)
	return a
}

// braceStmt parses a statement that begins with "{": an object literal, a
// destructuring or a block.
func (p *parser) braceStmt(start int32) ast.Stmt {
	if p.destructures(p.pos) {
		return p.destructuring(start)
	}
	if p.objectShape(statementPosition) {
		return p.simpleStmt(start)
	}
	return p.afterControl(p.block("the block"))
}

func (p *parser) varDecl(start int32) ast.Stmt {
	d := &ast.VarDecl{Const: p.kind == token.Const}
	keyword := p.cur().kind
	p.next()
	for {
		d.Decls = append(d.Decls, p.declarator(keyword))
		if p.failed || !p.accept(token.Comma) {
			break
		}
		if p.endsHere() && p.kind != token.Ident { // a trailing comma
			break
		}
	}
	d.Span = p.from(start)
	return d
}

func (p *parser) declarator(keyword token.Kind) *ast.Declarator {
	start := p.start()
	d := &ast.Declarator{}
	if p.kind != token.Ident && p.kind != token.LBracket && p.kind != token.LBrace {
		d.Pattern = p.missingName("after `" + keyword.String() + "`")
	} else {
		d.Pattern = p.pattern(bindMode)
	}
	if p.accept(token.Colon) {
		if p.kind == token.Assign {
			span := source.Span{Start: p.end - 1, End: p.cur().end}
			p.report(foreignOperator, span, "`:=` is not an operator").
				WithHint("write `=`").WithFix("Replace by `=`", fix(span, "="))
		} else {
			d.Type = p.typeExpr()
		}
	}
	if p.accept(token.Attach) {
		d.Threshold = p.confidence()
	}
	switch {
	case p.accept(token.Assign):
		d.Value = p.expr()
		p.noAssign()
	case p.failed:
	case isAssign(p.kind) || p.kind == token.Equal:
		p.fail(expectedToken, p.here(), "expected `=` in the declaration, found %s", p.describe())
	case p.kind == token.Minus && p.start() == p.end && p.peek(1).kind == token.Ident && p.peek(1).start == p.cur().end:
		p.fail(expectedName, p.here(), "a name can't contain `-`").WithHint("write `myName` or `my_name`")
	default:
		_, plain := d.Pattern.(*ast.IdentPattern)
		if keyword == token.Const {
			p.report(missingValue, d.Pattern.Range(), "a `const` needs a value").WithHint("write `const name = value`")
		} else if !plain {
			p.report(missingValue, d.Pattern.Range(), "a destructuring needs a value").WithHint("write `let [a, b] = value`")
		}
	}
	d.Span = p.from(start)
	return d
}

// body parses the body of an if or a loop: a block or a single statement.
func (p *parser) body(what string) ast.Stmt {
	if p.kind == token.LBrace {
		return p.block(what)
	}
	if p.failed || p.kind == token.EOF || p.kind == token.RBrace || p.kind == token.Semicolon {
		p.fail(expectedBlock, p.place(), "expected %s, found %s", what, p.describe())
		return &ast.BadStmt{Span: p.gap()}
	}
	if p.kind == token.Colon {
		p.fail(expectedBlock, p.here(), "expected %s, found `:`", what).WithHint("a body stands in braces: `{ ... }`")
		return &ast.BadStmt{Span: p.gap()}
	}
	outer := p.context()
	s := p.stmt()
	p.restore(outer)
	return s
}

// condition parses the head of an if, while or match. It may be in parentheses,
// which are then an ordinary part of the expression.
func (p *parser) condition() ast.Expr {
	outer := p.flags
	p.flags = flags{head: true, guard: outer.guard}
	x := p.expr()
	if f, ok := x.(*ast.FuncLit); ok && f.Keyword == ast.KeywordArrow && !f.Parens && f.Expr != nil && !p.failed {
		span := source.Span{Start: f.Params[0].End, End: f.Expr.Range().Start}
		p.report(foreignOperator, span, "`=>` makes a function and compares nothing").WithHint("write `>=` for greater or equal")
	}
	for p.kind == token.Assign && !p.newline() {
		p.reportAssignInCondition()
		start := x.Range().Start
		op := p.here()
		p.next()
		y := p.expr()
		x = &ast.Binary{Span: p.from(start), Op: token.Equal, OpSpan: op, X: x, Y: y}
	}
	p.flags = outer
	return x
}

func (p *parser) reportAssignInCondition() {
	if next := p.peek(1); next.kind == token.Not && next.start == p.cur().end {
		span := spanBetween(p.here(), p.spanOf(p.pos+1))
		p.report(assignInExpression, span, "`=!` is not an operator; different values are told by `!=`").
			WithHint("write `!=`").WithFix("Replace by `!=`", fix(span, "!="))
		return
	}
	p.report(assignInExpression, p.here(), "`=` assigns; a comparison is written `==`").
		WithHint("write `==` to compare").
		WithFix("Replace by `==`", fix(p.here(), "=="))
}

// ifNode parses an if with all its "else if" branches.
func (p *parser) ifNode() control {
	var chain []*ast.If
	for {
		n := &ast.If{Span: source.Span{Start: p.start()}}
		chain = append(chain, n)
		p.next()
		if p.kind == token.LBrace {
			n.Cond = p.braceInHead("if")
		} else {
			n.Cond = p.condition()
		}
		p.passThen()
		n.Then = p.body("the body of the `if`")
		if !p.elseFollows() {
			break
		}
		p.next()
		if p.kind == token.If {
			continue
		}
		n.Else = p.body("the body of the `else`")
		break
	}
	for i := len(chain) - 1; i >= 0; i-- {
		chain[i].End = max(p.end, chain[i].Start)
		if i > 0 {
			chain[i-1].Else = chain[i]
		}
	}
	return chain[0]
}

// elseFollows reports whether an else branch is next. A ";" before it is
// passed, for "if c a; else b"; "elif" is reported and its "if" becomes next.
func (p *parser) elseFollows() bool {
	if p.kind == token.Semicolon && p.peek(1).kind == token.Else {
		p.next()
	}
	if p.kind == token.Else {
		return true
	}
	if p.kind != token.Ident {
		return false
	}
	switch w := p.text(); w {
	case "elif", "elsif", "elseif":
		if p.peek(1).nl || isAssign(p.peek(1).kind) || p.peek(1).kind == token.Dot {
			return false
		}
		p.report(foreignKeyword, p.here(), "`%s` is not a word of Prism", w).
			WithHint("write `else if`").WithFix("Replace by `else if`", fix(p.here(), "else if"))
		// The word plays the part of "else if": the caller passes it, and must
		// then find an if.
		p.toks[p.pos].kind = token.If
		p.pos--
		return true
	}
	return false
}

// braceInHead fails at a "{" where a condition must stand.
func (p *parser) braceInHead(keyword string) ast.Expr {
	hint := "write the condition before the body; an object literal needs parentheses"
	if keyword == "if" && p.pos > 1 && p.at(p.pos-2) == token.Else {
		hint = "write `else { ... }`, or a condition behind `else if`"
	}
	p.fail(objectInHead, p.here(), "expected a condition after `%s`, found `{`", keyword).WithHint("%s", hint)
	return &ast.BadExpr{Span: p.gap()}
}

func (p *parser) doWhile(start int32) ast.Stmt {
	d := &ast.DoWhile{}
	p.next()
	d.Body = p.body("the body of the `do`")
	p.accept(token.Semicolon)
	if p.expect(token.While, "after the body of the `do`") {
		d.Cond = p.condition()
	} else {
		d.Cond = &ast.BadExpr{Span: p.gap()}
	}
	d.Span = p.from(start)
	return d
}

func (p *parser) try() control {
	t := &ast.Try{Span: source.Span{Start: p.start()}}
	keyword, found := p.here(), len(p.diags)
	p.next()
	t.Body = p.block("the body of the `try`")
	if (p.word("except") || p.word("rescue")) && (p.peek(1).kind == token.LBrace || p.peek(1).kind == token.LParen || p.sameLine(1, token.Ident)) {
		p.report(foreignKeyword, p.here(), "`%s` is not a word of Prism", p.text()).
			WithHint("write `catch`").WithFix("Replace by `catch`", fix(p.here(), "catch"))
		p.toks[p.pos].kind, p.kind = token.Catch, token.Catch
	}
	if p.accept(token.Catch) {
		if p.kind == token.LParen {
			open := p.pos
			p.next()
			t.Param = p.pattern(bindMode)
			p.closeBracket(token.RParen, open, "the parameter of `catch`")
		} else if p.kind == token.Ident {
			t.Param = p.pattern(bindMode)
		}
		t.Catch = p.block("the body of the `catch`")
	}
	if p.accept(token.Finally) {
		t.Finally = p.block("the body of the `finally`")
	}
	if t.Catch == nil && t.Finally == nil && !p.failed && len(p.diags) == found {
		if p.kind == token.EOF && len(p.diags) == 0 {
			p.incomplete = true
		}
		p.report(incompleteTry, keyword, "a `try` needs a `catch` or a `finally`").
			WithHint("add `catch (e) { ... }`")
	}
	t.Span = p.from(t.Start)
	return t
}
