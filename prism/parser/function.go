package parser

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/token"
)

func (p *parser) funcDecl(start int32) ast.Stmt {
	f := p.function(start)
	return &ast.FuncDecl{Span: f.Span, Func: f}
}

// function parses a function with keyword, from "async" or the keyword on.
func (p *parser) function(start int32) *ast.FuncLit {
	f := &ast.FuncLit{Async: p.accept(token.Async)}
	if p.kind == token.Fn {
		f.Keyword = ast.KeywordFn
	}
	p.next()
	if p.kind == token.Ident {
		f.Name = p.ident()
	} else if p.kind.IsKeyword() && p.peek(1).kind == token.LParen {
		p.report(reservedName, p.here(), "`%s` is a reserved word and can't name a function", p.kind).
			WithHint("choose another name")
		f.Name = p.ident()
	}
	p.signature(f, start)
	return f
}

// signature parses the parameters, result, confidence and body of a function.
func (p *parser) signature(f *ast.FuncLit, start int32) {
	what := "the function"
	if f.Name != nil {
		what = "`" + f.Name.Name + "`"
	}
	f.Params = p.params(what)
	if p.kind == token.Colon && p.peek(1).nl {
		p.fail(expectedBlock, p.here(), "expected `{` to open the body of %s, found `:`", what).
			WithHint("a body stands in braces: `{ ... }`")
	}
	if p.accept(token.Colon) {
		f.Result = p.typeExpr()
	} else if !p.newline() && (p.kind == token.ThinArrow && p.peek(2).kind == token.LBrace || p.kind == token.Ident && p.peek(1).kind == token.LBrace) {
		p.report(expectedToken, p.here(), "expected `:` before the type of the result, found %s", p.describe()).
			WithHint("write `: type` behind the parameters")
		p.accept(token.ThinArrow)
		f.Result = p.typeExpr()
	}
	if p.accept(token.Attach) {
		f.Confidence = p.confidence()
	}
	if p.kind == token.Arrow || p.kind == token.ThinArrow || p.kind == token.Assign {
		p.fail(expectedBlock, p.here(), "expected `{` to open the body of %s, found `%s`", what, p.kind).
			WithHint("write `{ ... }`, or a lambda without the keyword: `x => ...`")
	}
	f.Body = p.block("the body of " + what)
	f.Span = p.from(start)
}

// params parses ( ... ) of a function.
func (p *parser) params(what string) []*ast.Param {
	params := []*ast.Param{}
	if p.kind != token.LParen {
		p.fail(expectedToken, p.place(), "expected `(` and the parameters of %s, found %s", what, p.describe())
		return params
	}
	open := p.pos
	list := "the parameters of " + what
	p.next()
	outer := p.context()
	for p.kind != token.RParen && p.kind != token.EOF {
		param := p.param()
		params = append(params, param)
		if param.Rest && p.kind == token.Comma && p.peek(1).kind != token.RParen && !p.failed {
			p.report(restNotLast, param.Span, "the rest parameter must be the last one").
				WithHint("move it to the end")
		}
		if !p.separator(token.RParen, open, list) {
			break
		}
	}
	p.restore(outer)
	p.closeBracket(token.RParen, open, list)
	return params
}

func (p *parser) param() *ast.Param {
	start := p.start()
	n := &ast.Param{}
	n.Rest = p.accept(token.Ellipsis)
	if p.kind != token.Ident && p.kind != token.LBracket && p.kind != token.LBrace {
		n.Pattern = p.missingName("for a parameter")
	} else {
		n.Pattern = p.pattern(bindMode)
	}
	n.Optional = p.accept(token.Question)
	if p.accept(token.Colon) {
		n.Type = p.typeExpr()
	} else if id, ok := n.Pattern.(*ast.IdentPattern); ok && p.kind == token.Ident && !p.newline() &&
		(typeWords[p.text()] || typeWords[id.Name.Name]) {
		d := p.report(expectedToken, p.here(), "expected `:` before the type of a parameter, found %s", p.describe())
		if d.WithHint("write `%s: %s`", id.Name.Name, p.text()); typeWords[id.Name.Name] {
			d.WithHint("write `%s: %s`", p.text(), id.Name.Name)
		}
		n.Type = p.typeExpr()
	}
	if p.accept(token.Assign) {
		n.Default = p.expr()
	}
	n.Span = p.from(start)
	return n
}

// lambdaAhead reports whether the tokens ahead are the parameters of a lambda
// and its "=>".
func (p *parser) lambdaAhead() bool {
	if p.guard {
		return false
	}
	switch p.kind {
	case token.Ident:
		return p.arrowAt(p.pos+1) > 0 && !p.failed
	case token.LParen:
		m := int(p.cur().match)
		if m < 0 {
			return false
		}
		if p.arrowAt(m+1) > 0 {
			return true
		}
		return p.at(m+1) == token.Colon && !p.thenBranch && p.typedLambda(m+1)
	}
	return false
}

// typedLambda reports whether a result type and "=>" follow the ":" at token i.
func (p *parser) typedLambda(i int) bool {
	// Only a type can stand between; look for the arrow on the same line,
	// outside brackets.
	for i++; i < len(p.toks); i++ {
		t := &p.toks[i]
		switch t.kind {
		case token.Arrow:
			return true
		case token.LParen, token.LBracket, token.LBrace:
			if t.match < 0 {
				return false
			}
			i = int(t.match)
		case token.Ident, token.Bar, token.Less, token.Greater, token.String, token.Number, token.Null,
			token.True, token.False, token.Undefined, token.Tilde, token.DotDot:
			if t.nl {
				return false
			}
		default:
			return false
		}
	}
	return false
}

// lambda parses x => e and (a, b) => { ... }.
func (p *parser) lambda(start int32, async bool) ast.Expr {
	f := &ast.FuncLit{Keyword: ast.KeywordArrow, Async: async}
	if p.kind == token.Ident {
		id := p.ident()
		f.Params = []*ast.Param{{Span: id.Span, Pattern: &ast.IdentPattern{Span: id.Span, Name: id}}}
	} else {
		f.Parens = true
		f.Params = p.params("the function")
		if p.accept(token.Colon) {
			f.Result = p.typeExpr()
		}
	}
	p.arrow()
	if p.kind == token.LBrace && !p.objectShape(bodyPosition) {
		f.Body = p.block("the body of the function")
	} else {
		f.Expr = p.nested(func() ast.Expr {
			if p.kind == token.LBrace {
				return p.pipeTail(p.ternaryTail(p.binary(p.postfix(p.object(p.start())), lowest)))
			}
			return p.expr()
		})
		if p.kind == token.Assign || isAssign(p.kind) && !p.newline() {
			p.fail(assignInExpression, p.here(), "an assignment is a statement and has no value").
				WithHint("put it into a block: `x => { y = x }`")
		}
	}
	f.Span = p.from(start)
	return f
}

// asyncExpr parses async function, async fn and async lambdas.
func (p *parser) asyncExpr(start int32) ast.Expr {
	switch k := p.peek(1).kind; {
	case k == token.Function || k == token.Fn:
		return p.function(start)
	default:
		p.next()
		if p.lambdaAhead() {
			return p.lambda(start, true)
		}
		p.fail(expectedToken, p.place(), "expected a function after `async`, found %s", p.describe())
		return &ast.BadExpr{Span: p.from(start)}
	}
}

// missingName reports that a name is missing. A reserved word that is used as
// one is reported and taken as the name; otherwise the parser has failed.
func (p *parser) missingName(where string) ast.Pattern {
	if k := p.kind; k.IsKeyword() && !p.newline() && p.usedAsName() {
		p.report(reservedName, p.here(), "`%s` is a reserved word and can't be a name", k).WithHint("choose another name")
		id := p.ident()
		return &ast.IdentPattern{Span: id.Span, Name: id}
	}
	if p.kind == token.Number && !lexer.ValidNumber(p.text()) {
		id := p.newIdent() // the lexer has reported it
		id.Span, id.Name = p.here(), "_"
		p.next()
		return &ast.IdentPattern{Span: id.Span, Name: id}
	}
	p.fail(expectedName, p.place(), "expected a name %s, found %s", where, p.describe())
	return &ast.BadPattern{Span: p.gap()}
}

// usedAsName reports whether what follows the current token follows names.
func (p *parser) usedAsName() bool {
	switch t := p.peek(1); t.kind {
	case token.Assign, token.Comma, token.RParen, token.RBracket, token.RBrace, token.LBrace, token.Colon,
		token.Semicolon, token.EOF:
		return true
	default:
		return t.nl
	}
}

// name parses a name that a statement needs; where says which.
func (p *parser) name(where string) *ast.Ident {
	if p.kind == token.Ident {
		return p.ident()
	}
	if n, ok := p.missingName(where).(*ast.IdentPattern); ok {
		return n.Name
	}
	return p.badIdent()
}
