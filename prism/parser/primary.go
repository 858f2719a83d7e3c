package parser

import (
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// primary parses an operand without prefix and postfix operators.
func (p *parser) primary() ast.Expr {
	start := p.start()
	switch p.kind {
	case token.Ident:
		return p.nameExpr(start)
	case token.Number:
		n := &ast.NumberLit{Span: p.here(), Raw: p.text()}
		n.Value = lexer.NumberValue(n.Raw)
		p.next()
		return n
	case token.String:
		return p.stringLit()
	case token.StringHead:
		return p.template(start)
	case token.True, token.False:
		b := &ast.BoolLit{Span: p.here(), Value: p.kind == token.True}
		p.next()
		return b
	case token.Null, token.Undefined:
		n := &ast.NullLit{Span: p.here(), Undefined: p.kind == token.Undefined}
		p.next()
		return n
	case token.LParen:
		return p.paren(start)
	case token.LBracket:
		return p.array(start)
	case token.LBrace:
		return p.braceExpr(start)
	case token.Function, token.Fn:
		return p.function(start)
	case token.Async:
		return p.asyncExpr(start)
	case token.If:
		return p.nestedControl(p.ifNode)
	case token.Match:
		return p.nestedControl(p.match)
	case token.Try:
		return p.nestedControl(p.try)
	case token.Uncertain:
		return p.nestedControl(func() control { return p.uncertainIf(start) })
	}
	return p.missingOperand()
}

func (p *parser) nestedControl(parse func() control) ast.Expr {
	outer := p.context()
	x := p.nested(func() ast.Expr { return parse() })
	p.restore(outer)
	return x
}

// missingOperand fails where an operand must stand.
func (p *parser) missingOperand() ast.Expr {
	after := ""
	if p.pos > 0 && !(p.newline() && p.kind != token.EOF) {
		after = strings.TrimPrefix(p.afterLast(), " ")
	}
	return p.missingExpr(after)
}

// afterLast says behind which operator or word something is missing:
// " after `+`"; it is empty behind other tokens.
func (p *parser) afterLast() string {
	switch k := p.toks[p.pos-1].kind; k {
	case token.Semicolon, token.RBrace, token.RParen, token.RBracket:
	default:
		if k.IsOperator() || k.IsKeyword() {
			return " after `" + k.String() + "`"
		}
	}
	return ""
}

// missingExpr fails because an expression is missing; after says where.
func (p *parser) missingExpr(after string) ast.Expr {
	p.missingExprHere(after)
	return &ast.BadExpr{Span: p.gap()}
}

func (p *parser) missingExprHere(after string) {
	if after != "" {
		after = " " + after
	}
	switch p.cur().kind {
	case token.For, token.While, token.Do, token.Return, token.Throw, token.Break, token.Continue,
		token.Let, token.Const, token.Import, token.Export:
		if p.newline() && p.pos > p.first && !separates[p.toks[p.pos-1].kind] {
			p.fail(expectedExpression, p.place(), "expected an expression%s, found the end of the line", p.afterLast())
			return
		}
		p.fail(statementAsValue, p.here(), "expected an expression%s, found the statement `%s`", after, p.cur().kind).
			WithHint("put statements into a block: `{ %s ... }`", p.cur().kind)
		return
	case token.RParen, token.RBracket:
		if p.cur().match < 0 && after == "" {
			p.fail(unmatchedBracket, p.here(), "this `%s` closes nothing", p.cur().kind).
				WithHint("remove it, or look for a missing opening bracket before").
				WithFix("Remove it", fix(p.here(), ""))
			return
		}
	case token.Colon:
		if p.pos == p.first {
			p.betweenStatements()
		}
	case token.Comma:
		if p.pos == p.first {
			p.betweenStatements()
			p.fail(unexpectedToken, p.here(), "a `,` can't stand between statements").
				WithHint("statements end at the line break or `;`; several values are assigned by `[a, b] = [1, 2]`, an object is written `{a: 1, b: 2}`")
			return
		}
	case token.Bar:
		if p.sameLine(1, token.Ident) && (p.peek(2).kind == token.Bar || p.peek(2).kind == token.Comma) {
			p.fail(foreignOperator, p.here(), "`|` does not begin a function").
				WithHint("write `x => ...` or `(a, b) => ...`")
			return
		}
	case token.Less, token.Greater:
		if p.foreignComparison() {
			return
		}
	case token.Assign:
		if p.pos > 0 && isAssign(p.toks[p.pos-1].kind) {
			p.fail(expectedExpression, p.here(), "expected an expression%s, found another `=`", after).
				WithHint("write `==` to compare")
			return
		}
	}
	p.fail(expectedExpression, p.place(), "expected an expression%s, found %s", after, p.describe())
}

// betweenStatements notes a "," or ":" that stands where a statement begins: the
// statements are most likely the parts of an object or a list, whose other marks
// are no mistakes of their own.
func (p *parser) betweenStatements() {
	if p.failed {
		return
	}
	p.skip = true
	if p.stray {
		p.reported = p.pos
	}
	p.stray = true
}

// nameExpr parses an operand that begins with a name.
func (p *parser) nameExpr(start int32) ast.Expr {
	switch p.text() {
	case "parallel", "sequential", "race", "with_agents":
		if p.concurrencyShape() {
			return p.nestedControl(p.concurrency)
		}
	case "in":
		if p.wordAt(1, "context") && (p.peek(2).kind == token.Ident || p.peek(2).kind == token.LBrace) {
			return p.nestedControl(p.contextNode)
		}
	case "func", "def", "fun", "lambda", "new":
		if x := p.foreignExpr(start); x != nil {
			return x
		}
	}
	return p.ident()
}

func (p *parser) paren(start int32) ast.Expr {
	open := p.pos
	p.next()
	n := &ast.Paren{}
	if p.kind == token.RParen {
		p.fail(expectedExpression, p.here(), "expected an expression between `(` and `)`").
			WithHint("a function without parameters is written `() => ...`")
		n.X = &ast.BadExpr{Span: p.gap()}
		n.Span = p.from(start)
		return n
	}
	n.X = p.bracketed()
	for p.kind == token.Assign {
		p.reportAssignInCondition()
		op := p.here()
		p.next()
		y := p.bracketed()
		n.X = &ast.Binary{Span: p.from(n.X.Range().Start), Op: token.Equal, OpSpan: op, X: n.X, Y: y}
	}
	comma := p.kind == token.Comma
	if !p.closeBracket(token.RParen, open, "the parenthesis") && comma && p.reported == p.pos {
		p.diags[len(p.diags)-1].WithHint("a list is written `[a, b]`; behind the parameters of a function stands `=>`")
	}
	n.Span = p.from(start)
	return n
}

func (p *parser) array(start int32) ast.Expr {
	open := p.pos
	p.next()
	a := &ast.ArrayLit{}
	outer := p.context()
	if p.enter() {
		for p.kind != token.RBracket && p.kind != token.EOF {
			switch p.kind {
			case token.Comma:
				at := p.start()
				a.Elems = append(a.Elems, &ast.Hole{Span: source.Span{Start: at, End: at}})
				p.next()
				continue
			case token.Ellipsis:
				a.Elems = append(a.Elems, p.spread())
			default:
				a.Elems = append(a.Elems, p.expr())
			}
			if !p.separator(token.RBracket, open, "the array") {
				break
			}
		}
	}
	p.leave()
	p.restore(outer)
	p.closeBracket(token.RBracket, open, "the array")
	a.Span = p.from(start)
	return a
}

// bracePosition is where a "{" stands whose meaning is to be found.
type bracePosition uint8

const (
	statementPosition bracePosition = iota
	expressionPosition
	bodyPosition // behind "=>"
)

// objectShape reports whether the "{" that is next begins an object literal
// rather than a block.
func (p *parser) objectShape(where bracePosition) bool {
	first, second := p.peek(1), p.peek(2)
	switch first.kind {
	case token.RBrace:
		return where != bodyPosition
	case token.Ellipsis:
		return true
	case token.LBracket: // {[k]: v}
		return first.match >= 0 && p.at(int(first.match)+1) == token.Colon
	case token.String, token.StringHead, token.Number:
		return second.kind == token.Colon && first.kind != token.StringHead
	case token.Async:
		return isName(second.kind) && p.peek(3).kind == token.LParen && second.kind != token.Function && second.kind != token.Fn
	}
	if !isName(first.kind) {
		return false
	}
	switch second.kind {
	case token.Colon:
		return true
	case token.Comma:
		return first.kind == token.Ident
	case token.RBrace:
		return first.kind == token.Ident && where != bodyPosition
	case token.LParen:
		return where != bodyPosition && first.kind == token.Ident && p.methodShape(second, p.pos+1)
	}
	return false
}

// methodShape reports whether name (...) is followed by what makes it a method:
// {f(x) { ... }} is an object, {f(x)} a block.
func (p *parser) methodShape(paren *tok, name int) bool {
	after := int(paren.match) + 1
	if after == 0 || p.raw[name].Value == "with_agents" {
		return false
	}
	switch p.at(after) {
	case token.Colon:
		return true
	case token.Attach:
		after = p.skipOperand(after + 1)
	}
	return p.at(after) == token.LBrace && !p.toks[after].nl
}

// braceExpr parses an object literal or a block as an operand.
func (p *parser) braceExpr(start int32) ast.Expr {
	if p.head {
		// A "{" in the head of a statement opens its body, unless its "}" is
		// followed by what only follows an operand, or by that body.
		m := int(p.cur().match)
		if m < 0 || p.toks[m+1].nl || p.at(m+1) != token.LBrace && levels[p.at(m+1)] == 0 && p.at(m+1) != token.Dot {
			return p.missingOperand()
		}
	}
	if p.objectShape(expressionPosition) {
		return p.object(start)
	}
	return p.block("the block")
}

func (p *parser) object(start int32) ast.Expr {
	open := p.pos
	p.next()
	o := &ast.ObjectLit{}
	outer := p.context()
	if p.enter() {
		for p.kind != token.RBrace && p.kind != token.EOF {
			prop := p.property()
			if prop == nil {
				break
			}
			o.Props = append(o.Props, prop)
			if !p.separator(token.RBrace, open, "the object") {
				break
			}
		}
	}
	p.leave()
	p.restore(outer)
	p.closeBracket(token.RBrace, open, "the object")
	o.Span = p.from(start)
	return o
}

// property parses one entry of an object literal, nil when there is none.
func (p *parser) property() *ast.Property {
	start := p.start()
	n := &ast.Property{}
	async := p.kind == token.Async && isName(p.peek(1).kind) && p.peek(2).kind == token.LParen
	switch {
	case p.kind == token.Ellipsis:
		n.Value = p.spread()
		n.Span = p.from(start)
		return n
	case p.kind == token.LBracket:
		open := p.pos
		p.next()
		n.Computed = true
		n.Key = p.bracketed()
		p.closeBracket(token.RBracket, open, "the computed key")
	case p.kind == token.String:
		n.Key = p.stringLit()
	case p.kind == token.Number:
		n.Key = p.primary()
	case async:
		p.next()
		n.Key = p.ident()
	case isName(p.kind):
		n.Key = p.ident()
	default:
		p.fail(expectedName, p.place(), "expected a property name in the object, found %s", p.describe())
		return nil
	}
	id, plain := n.Key.(*ast.Ident)
	switch {
	case p.kind == token.LParen && plain && !n.Computed:
		n.Method = true
		f := &ast.FuncLit{Keyword: ast.KeywordMethod, Async: async}
		p.signature(f, p.start())
		n.Value = f
	case p.accept(token.Colon):
		n.Value = p.expr()
	case plain && !n.Computed && (p.kind == token.Comma || p.kind == token.RBrace || p.kind == token.EOF || p.kind == token.Semicolon || p.newline()):
		if k := token.Keyword(id.Name); k != token.Ident && !p.failed {
			p.fail(reservedName, id.Span, "`%s` is a reserved word and needs a value here", id.Name).
				WithHint("write `%s: value`", id.Name)
		}
		n.Shorthand = true
		n.Value = id
	case p.kind == token.Assign:
		span := p.here()
		p.report(expectedToken, span, "expected `:` after the property name, found `=`").
			WithHint("write `:`").WithFix("Replace by `:`", fix(span, ":"))
		p.next()
		n.Value = p.expr()
	default:
		p.fail(expectedToken, p.place(), "expected `:` after the property name, found %s", p.describe())
		n.Value = &ast.BadExpr{Span: p.gap()}
	}
	n.Span = p.from(start)
	return n
}

func unclosedString(text string, kind token.Kind) bool {
	_, after := lexer.Delimiters(kind, text)
	return after == 0
}

func (p *parser) stringLit() *ast.StringLit {
	s := &ast.StringLit{Span: p.here(), Raw: p.text()}
	before, after := lexer.Delimiters(token.String, s.Raw)
	s.Value = p.unescape(s.Raw[before:len(s.Raw)-after], s.Start+int32(before), after == 0)
	p.next()
	return s
}

// unescape returns the value of literal text. The backslash at the end of a
// string that is cut off is part of that mistake.
func (p *parser) unescape(text string, offset int32, cut bool) string {
	if cut {
		text = strings.TrimRight(text, `\`)
	}
	return lexer.Unescape(text, nil, offset, &p.diags)
}

// template parses a string with interpolation.
func (p *parser) template(start int32) ast.Expr {
	t := &ast.Template{Quote: `"`}
	if strings.HasPrefix(p.text(), "```") {
		t.Quote = "```"
	}
	text := func() {
		tk := p.cur()
		raw := p.text()
		before, after := lexer.Delimiters(tk.kind, raw)
		part := ast.TemplateText{
			Span: source.Span{Start: tk.start + int32(before), End: tk.end - int32(after)},
			Raw:  raw[before : len(raw)-after],
		}
		part.Value = p.unescape(part.Raw, part.Start, after == 0)
		t.Texts = append(t.Texts, part)
		p.next()
	}
	outer := p.context()
	if !p.enter() {
		p.leave()
		return &ast.BadExpr{Span: p.gap()}
	}
	head := p.pos
	text()
	for {
		if p.kind == token.StringMiddle || p.kind == token.StringTail {
			if !p.lexicalError() {
				p.report(emptyInterpolation, source.Span{Start: p.end - 2, End: p.cur().start + 1}, "the interpolation `${}` is empty").
					WithHint("put an expression between the braces, or write `\\${` for the text")
			}
			t.Exprs = append(t.Exprs, &ast.BadExpr{Span: p.gap()})
		} else {
			t.Exprs = append(t.Exprs, p.expr())
		}
		if p.kind == token.StringTail {
			text()
			break
		}
		if p.kind != token.StringMiddle {
			p.fail(unclosedBracket, p.place(), "expected `}` to close the interpolation in the string opened at %s, found %s",
				p.position(head), p.describe())
			t.Texts = append(t.Texts, ast.TemplateText{Span: p.gap()})
			break
		}
		text()
	}
	p.leave()
	p.restore(outer)
	t.Span = p.from(start)
	return t
}
