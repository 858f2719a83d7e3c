package parser

import (
	"strconv"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Binding powers of the operators with two operands, loosest first. Pipelines
// and the ternary bind looser than all of them.
const (
	confidenceLevel = iota + 1
	orLevel
	nullishLevel
	coalesceLevel
	andLevel
	equalityLevel
	relationLevel
	sumLevel
	productLevel
	powerLevel

	lowest = confidenceLevel
)

var levels = [token.Count]uint8{
	token.Attach: confidenceLevel, token.Chain: confidenceLevel,
	token.OrOr: orLevel, token.ConfOr: orLevel, token.Stronger: orLevel, token.Gate: orLevel,
	token.Nullish:     nullishLevel,
	token.ConfNullish: coalesceLevel,
	token.AndAnd:      andLevel, token.ConfAnd: andLevel,
	token.Equal: equalityLevel, token.NotEqual: equalityLevel, token.Same: equalityLevel,
	token.NotSame: equalityLevel, token.ConfEqual: equalityLevel, token.ConfNotEqual: equalityLevel,
	token.Less: relationLevel, token.Greater: relationLevel, token.LessEqual: relationLevel,
	token.GreaterEqual: relationLevel, token.ConfLess: relationLevel, token.ConfLessEqual: relationLevel,
	token.ConfGreaterEqual: relationLevel, token.Instanceof: relationLevel,
	token.Plus: sumLevel, token.Minus: sumLevel, token.ConfPlus: sumLevel, token.ConfMinus: sumLevel,
	token.Star: productLevel, token.Slash: productLevel, token.Percent: productLevel,
	token.ConfStar: productLevel, token.ConfSlash: productLevel,
	token.Power: powerLevel,
}

// expr parses an expression, pipelines included.
func (p *parser) expr() ast.Expr { return p.pipeTail(p.ternary()) }

// pipeTail parses the stages behind the first operand of a pipeline.
func (p *parser) pipeTail(x ast.Expr) ast.Expr {
	for p.kind == token.Pipe || p.kind == token.ConfPipe || p.kind == token.ThresholdGate {
		b := &ast.Binary{Op: p.kind, OpSpan: p.here(), X: x}
		p.next()
		b.Y = p.ternary()
		b.Span = p.from(x.Range().Start)
		x = b
	}
	return x
}

func (p *parser) ternary() ast.Expr { return p.ternaryTail(p.binary(p.unary(), lowest)) }

// ternaryTail parses "? a : b" behind a condition. A chain in the last branch
// is followed in a loop, so that it does not count as nesting.
func (p *parser) ternaryTail(cond ast.Expr) ast.Expr {
	if p.kind != token.Question && p.kind != token.ConfQuestion {
		return cond
	}
	var chain []*ast.Ternary
	x := cond
	for p.kind == token.Question || p.kind == token.ConfQuestion {
		t := &ast.Ternary{Confident: p.kind == token.ConfQuestion, Cond: x}
		chain = append(chain, t)
		question := p.pos
		p.next()
		if p.kind == token.Colon && p.start() == p.end && !p.failed {
			span := spanBetween(p.spanOf(question), p.here())
			p.fail(foreignOperator, span, "`%s:` is not an operator", p.toks[question].kind).
				WithHint("write `a || b`, or `a ?? b` to replace null alone")
		}
		if p.enter() {
			outer := p.flags
			p.thenBranch = true
			t.Then = p.expr()
			p.flags = outer
		} else {
			t.Then = &ast.BadExpr{Span: p.gap()}
		}
		p.leave()
		if !p.accept(token.Colon) {
			p.fail(expectedToken, p.place(), "expected `:` and the other branch of the `%s` at %s, found %s",
				p.toks[question].kind, p.position(question), p.describe())
			t.Else = &ast.BadExpr{Span: p.gap()}
			break
		}
		x = p.binary(p.unary(), lowest)
		t.Else = x
	}
	for i := len(chain) - 1; i >= 0; i-- {
		t := chain[i]
		if i+1 < len(chain) {
			t.Else = chain[i+1]
		}
		t.Span = p.from(t.Cond.Range().Start)
	}
	return chain[0]
}

// infix returns the level of the current token as an operator between two
// operands, 0 when it is none. Words of other languages and a single "|" are
// reported and read as what they mean.
func (p *parser) infix() uint8 {
	if l := levels[p.kind]; l != 0 {
		return l
	}
	switch p.kind {
	case token.Ident:
		if p.newline() {
			return 0
		}
		switch p.text() {
		case "in":
			if !p.wordAt(1, "context") || p.peek(2).kind != token.Ident {
				return relationLevel
			}
		case "and", "AND":
			return p.wordInfix(p.text(), token.AndAnd)
		case "or", "OR":
			return p.wordInfix(p.text(), token.OrOr)
		}
	case token.DotDot:
		if p.newline() || p.peek(1).nl || !beginsOperand(p.peek(1).kind) {
			return 0
		}
		p.report(foreignOperator, p.here(), "`..` is not an operator of expressions").
			WithHint("write `range(1, 11)` for the numbers from 1 to 10; `1..10` stands in the patterns of `match`")
		p.toks[p.pos].kind, p.kind = token.Plus, token.Plus
		return sumLevel
	case token.Bar:
		p.report(foreignOperator, p.here(), "`|` is not an operator of expressions").
			WithHint("write `||` for a logical or, `|>` for a pipeline").
			WithFix("Replace by `||`", fix(p.here(), "||"))
		p.toks[p.pos].kind, p.kind = token.OrOr, token.OrOr
		return orLevel
	}
	return 0
}

// wordInfix reports "and" or "or" between two operands and makes an operator of
// the token.
func (p *parser) wordInfix(w string, k token.Kind) uint8 {
	if p.peek(1).nl || !beginsOperand(p.peek(1).kind) {
		return 0
	}
	p.report(wordOperator, p.here(), "`%s` is not an operator", w).
		WithHint("write `%s`", k).WithFix("Replace by `"+k.String()+"`", fix(p.here(), k.String()))
	p.toks[p.pos].kind, p.kind = k, k
	return levels[k]
}

// beginsOperand reports whether an operand can begin with the kind.
func beginsOperand(k token.Kind) bool {
	switch k {
	case token.Ident, token.Number, token.String, token.StringHead, token.True, token.False, token.Null,
		token.Undefined, token.LParen, token.LBracket, token.Not, token.Minus, token.Tilde, token.Extract,
		token.Typeof, token.Await, token.If, token.Match, token.Function, token.Fn:
		return true
	}
	return false
}

// binary parses the operators of at least the given level behind x.
func (p *parser) binary(x ast.Expr, least uint8) ast.Expr {
	for {
		level := p.infix()
		if level == 0 || level < least {
			return x
		}
		op := p.kind
		if op == token.Ident {
			op = token.In
		}
		if op == token.Power {
			x = p.power(x)
			continue
		}
		b := &ast.Binary{Op: op, OpSpan: p.here(), X: x}
		p.next()
		if op == token.Attach {
			b.Y = p.confidence()
			b.Span = p.from(x.Range().Start)
			x = b
			p.checkAfterConfidence(b)
			continue
		}
		y := p.unary()
		if p.infix() > level {
			y = p.binary(y, level+1)
		}
		b.Y = y
		b.Span = p.from(x.Range().Start)
		x = b
	}
}

// power parses the chain x ** y ** z, which groups from the right, in a loop.
func (p *parser) power(x ast.Expr) ast.Expr {
	operands := []ast.Expr{x}
	var ops []source.Span
	for p.kind == token.Power {
		ops = append(ops, p.here())
		p.next()
		operands = append(operands, p.unary())
	}
	y := operands[len(ops)]
	for i := len(ops) - 1; i >= 0; i-- {
		x := operands[i]
		y = &ast.Binary{Span: p.from(x.Range().Start), Op: token.Power, OpSpan: ops[i], X: x, Y: y}
	}
	return y
}

// confidence parses the c of "e ~> c": one operand with its calls and members.
func (p *parser) confidence() ast.Expr {
	outer := p.flags
	p.head = true
	c := p.unary()
	p.flags = outer
	return c
}

// checkAfterConfidence reports "a ~> b > c": what follows the confidence binds
// tighter than "~>" and needs parentheses.
func (p *parser) checkAfterConfidence(b *ast.Binary) {
	if p.failed {
		return
	}
	level := p.infix()
	if level <= confidenceLevel {
		return
	}
	op := p.kind.String()
	if p.kind == token.Ident {
		op = "in"
	}
	d := p.report(bareConfidence, p.here(), "`%s` can't follow the confidence of `~>` without parentheses", op).
		WithHint("write `(e ~> c) %s ...`, or `e ~> (c %s ...)` if it belongs to the confidence", op, op)
	d.WithFix("Parenthesise `e ~> c`",
		fix(source.Span{Start: b.Start, End: b.Start}, "("),
		fix(source.Span{Start: b.End, End: b.End}, ")"))
}

// unary parses the prefix operators and what they apply to.
func (p *parser) unary() ast.Expr {
	start := p.start()
	switch p.kind {
	case token.Not, token.Minus, token.Plus, token.Tilde, token.Extract, token.Typeof:
		return p.prefix(start, p.kind)
	case token.ConfMinus, token.ConfPlus, token.Chain:
		// "~-x", "~+x" and "~~x" in front of an operand are two prefix operators.
		second := map[token.Kind]token.Kind{
			token.ConfMinus: token.Minus, token.ConfPlus: token.Plus, token.Chain: token.Tilde,
		}[p.kind]
		inner := p.prefix(start+1, second)
		return &ast.Unary{Span: p.from(start), Op: token.Tilde, X: inner}
	case token.Await:
		p.next()
		a := &ast.Await{X: p.nested(p.unary)}
		a.Span = p.from(start)
		return a
	case token.PlusPlus, token.MinusMinus:
		op := p.kind
		p.next()
		u := &ast.Update{Op: op, Prefix: true, X: p.nested(p.unary)}
		u.Span = p.from(start)
		p.checkUpdate(u)
		return u
	case token.Ident:
		if w := p.text(); (w == "not" || w == "NOT") && p.notOperator() {
			p.report(wordOperator, p.here(), "`%s` is not an operator", w).
				WithHint("write `!`").
				WithFix("Replace by `!`", fix(source.Span{Start: start, End: p.peek(1).start}, "!"))
			return p.prefix(start, token.Not)
		}
	}
	if p.lambdaAhead() {
		return p.lambda(start, false)
	}
	return p.postfix(p.primary())
}

// notOperator reports whether the word "not" is meant as an operator.
func (p *parser) notOperator() bool {
	t := p.peek(1)
	if t.nl {
		return false
	}
	switch t.kind {
	case token.Ident:
		return p.raw[p.pos+1].Value != "in"
	case token.True, token.False, token.Null, token.Number, token.String, token.StringHead:
		return true
	}
	return false
}

// prefix parses the operand of a prefix operator, which is the current token.
func (p *parser) prefix(start int32, op token.Kind) ast.Expr {
	p.next()
	u := &ast.Unary{Op: op, X: p.nested(p.unary)}
	u.Span = p.from(start)
	return u
}

// nested parses one level deeper.
func (p *parser) nested(parse func() ast.Expr) ast.Expr {
	defer p.leave()
	if !p.enter() {
		return &ast.BadExpr{Span: p.gap()}
	}
	return parse()
}

func (p *parser) checkUpdate(u *ast.Update) {
	if p.failed || updatable(u.X) {
		return
	}
	p.report(invalidTarget, u.X.Range(), "`%s` needs a variable", u.Op).
		WithHint("a name, `o.p` or `a[i]` can be counted up or down")
}

func updatable(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return true
	case *ast.Member:
		return x.Op == token.Dot
	case *ast.Index:
		return !x.Optional
	}
	return false
}

// postfix parses calls, members, elements and counting behind an operand.
func (p *parser) postfix(x ast.Expr) ast.Expr {
	for {
		start := x.Range().Start
		switch p.kind {
		case token.LParen:
			if p.newline() {
				return x
			}
			c := &ast.Call{Fun: x}
			c.Args = p.args("the call")
			c.Span = p.from(start)
			x = c
		case token.LBracket:
			if p.newline() {
				return x
			}
			x = p.index(x, false)
		case token.Dot, token.ConfDot:
			m := &ast.Member{X: x, Op: p.kind}
			p.next()
			m.Name = p.propertyName(m.Op)
			m.Span = p.from(start)
			x = m
		case token.QuestionDot:
			p.next()
			switch p.kind {
			case token.LParen:
				c := &ast.Call{Fun: x, Optional: true}
				c.Args = p.args("the call")
				c.Span = p.from(start)
				x = c
			case token.LBracket:
				x = p.index(x, true)
			default:
				m := &ast.Member{X: x, Op: token.QuestionDot}
				m.Name = p.propertyName(m.Op)
				m.Span = p.from(start)
				x = m
			}
		case token.PlusPlus, token.MinusMinus:
			next := p.peek(1)
			if p.newline() || !updatable(x) && !next.nl && beginsOperand(next.kind) {
				return x // "if (c) ++i" counts i
			}
			u := &ast.Update{Op: p.kind, X: x}
			p.next()
			u.Span = p.from(start)
			p.checkUpdate(u)
			x = u
		case token.Number:
			if p.text()[0] == '.' && p.start() == p.end {
				p.fail(expectedName, p.here(), "expected a property name after `.`, found a number").
					WithHint("elements are read with `[ ]`: `a[1]`")
			}
			return x
		default:
			return x
		}
	}
}

func (p *parser) propertyName(op token.Kind) *ast.Ident {
	// "a." at the end of a line is incomplete; what follows is its own statement.
	next := p.newline() && (startsStatement[p.kind] || isAssign(p.peek(1).kind))
	if isName(p.kind) && !next {
		return p.ident()
	}
	p.fail(expectedName, p.place(), "expected a property name after `%s`, found %s", op, p.describe())
	return p.badIdent()
}

func (p *parser) index(x ast.Expr, optional bool) ast.Expr {
	n := &ast.Index{X: x, Optional: optional}
	open := p.pos
	p.next()
	if p.kind == token.RBracket {
		p.fail(expectedExpression, p.here(), "expected an index between `[` and `]`")
		n.Index = &ast.BadExpr{Span: p.gap()}
	} else {
		n.Index = p.bracketed()
	}
	p.closeBracket(token.RBracket, open, "the index")
	n.Span = p.from(x.Range().Start)
	return n
}

// bracketed parses an expression inside brackets, one level deeper.
func (p *parser) bracketed() ast.Expr {
	outer := p.context()
	x := p.nested(p.expr)
	p.restore(outer)
	return x
}

// args parses ( ... ) of a call; the "(" is next.
func (p *parser) args(what string) []ast.Expr {
	open := p.pos
	p.next()
	outer := p.context()
	args := []ast.Expr{}
	named := false
	if p.enter() {
		for p.kind != token.RParen && p.kind != token.EOF {
			arg := p.arg()
			if _, ok := arg.(*ast.NamedArg); ok {
				named = true
			} else if named && !p.failed {
				p.report(argumentOrder, arg.Range(), "an argument without a name can't follow named ones").
					WithHint("put the named arguments at the end")
			}
			args = append(args, arg)
			if !p.separator(token.RParen, open, what) {
				break
			}
		}
	}
	p.leave()
	p.restore(outer)
	p.closeBracket(token.RParen, open, what)
	return args
}

func (p *parser) arg() ast.Expr {
	start := p.start()
	switch {
	case p.kind == token.Ellipsis:
		return p.spread()
	case isName(p.kind) && p.peek(1).kind == token.Colon:
		n := &ast.NamedArg{Name: p.ident()}
		p.next()
		n.Value = p.expr()
		n.Span = p.from(start)
		return n
	}
	x := p.expr()
	if p.kind == token.Assign {
		d := p.fail(assignInExpression, p.here(), "an assignment can't be an argument")
		if _, ok := x.(*ast.Ident); ok {
			d.WithHint("a named argument is written `name: value`; a comparison `==`").
				WithFix("Replace by `:`", fix(source.Span{Start: x.Range().End, End: p.cur().end}, ":"))
		} else {
			d.WithHint("write `==` to compare")
		}
	}
	return x
}

func (p *parser) spread() ast.Expr {
	s := &ast.Spread{}
	start := p.start()
	p.next()
	s.X = p.nested(p.ternary)
	s.Span = p.from(start)
	return s
}

// separator passes the comma between two parts of a bracketed list and reports
// false at the end of the list. A missing comma and a semicolon are reported
// and passed.
func (p *parser) separator(closer token.Kind, open int, what string) bool {
	switch {
	case p.accept(token.Comma):
		return true
	case p.kind == closer || p.kind == token.EOF:
		return false
	case p.kind == token.Semicolon && p.toks[open].match >= 0:
		p.report(wrongSeparator, p.here(), "the parts of %s are separated by `,`, not `;`", what).
			WithHint("write `,`").WithFix("Replace by `,`", fix(p.here(), ","))
		p.next()
		return true
	case p.toks[open].match >= 0 && (beginsOperand(p.kind) || p.kind == token.Ellipsis || p.kind == token.LBrace || closer == token.RBrace && isName(p.kind)):
		if p.lexicalError() {
			return true
		}
		p.report(missingComma, p.place(), "a `,` is missing before %s", p.describe()).
			WithHint("the parts of %s are separated by `,`", what).
			WithFix("Insert `,`", fix(source.Span{Start: p.end, End: p.end}, ","))
		return true
	}
	return false
}
