package parser

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// typeExpr parses a type: a union, and behind it a confidence range.
func (p *parser) typeExpr() ast.TypeExpr {
	t := p.unionType()
	for p.kind == token.Tilde && !p.newline() {
		c := &ast.ConfidentType{Type: t}
		p.next()
		c.Lo = p.bound()
		if p.accept(token.DotDot) {
			c.Hi = p.bound()
		}
		c.Span = p.from(t.Range().Start)
		t = c
	}
	return t
}

// bound parses one end of a confidence range.
func (p *parser) bound() ast.Expr {
	if p.kind == token.Number {
		return p.primary()
	}
	p.fail(expectedType, p.place(), "expected a confidence from 0 to 1, found %s", p.describe()).
		WithHint("write `T ~ 0.7` or `T ~ 0.5..0.9`")
	return &ast.BadExpr{Span: p.gap()}
}

func (p *parser) unionType() ast.TypeExpr {
	start := p.start()
	p.accept(token.Bar)
	t := p.postfixType(false)
	if p.kind != token.Bar {
		return t
	}
	u := &ast.UnionType{Alts: []ast.TypeExpr{t}}
	for p.accept(token.Bar) {
		u.Alts = append(u.Alts, p.postfixType(false))
	}
	u.Span = p.from(start)
	return u
}

// postfixType parses a type without unions; arm tells that a "=>" behind it is
// that of a match arm.
func (p *parser) postfixType(arm bool) ast.TypeExpr {
	defer p.leave()
	if !p.enter() {
		return &ast.BadType{Span: p.gap()}
	}
	start := p.start()
	t := p.primaryType(start, arm)
	for p.kind == token.LBracket && !p.newline() {
		open := p.pos
		p.next()
		p.closeBracket(token.RBracket, open, "the array type")
		t = &ast.ArrayType{Span: p.from(start), Elem: t}
	}
	return t
}

func (p *parser) primaryType(start int32, arm bool) ast.TypeExpr {
	switch p.kind {
	case token.Ident:
		n := &ast.NamedType{Name: p.ident()}
		if p.kind == token.Less && !p.newline() {
			open := p.pos
			p.next()
			for p.kind != token.Greater && p.kind != token.EOF {
				n.Args = append(n.Args, p.typeExpr())
				if !p.accept(token.Comma) {
					break
				}
			}
			p.closeBracket(token.Greater, open, "the type arguments")
		}
		n.Span = p.from(start)
		return n
	case token.String, token.Number, token.Minus, token.True, token.False, token.Null, token.Undefined:
		l := &ast.LiteralType{Value: p.literal()}
		l.Span = p.from(start)
		return l
	case token.LBracket:
		return p.tupleType(start)
	case token.LBrace:
		return p.objectType(start)
	case token.LParen:
		return p.parenType(start, arm)
	}
	p.fail(expectedType, p.place(), "expected a type, found %s", p.describe()).
		WithHint("types are written number, T[], [A, B], {a: T}, (A) => B, A | B, T ~ 0.7")
	return &ast.BadType{Span: p.gap()}
}

func (p *parser) tupleType(start int32) ast.TypeExpr {
	open := p.pos
	t := &ast.TupleType{}
	p.next()
	for p.kind != token.RBracket && p.kind != token.EOF {
		t.Elems = append(t.Elems, p.typeExpr())
		if !p.accept(token.Comma) {
			break
		}
	}
	p.closeBracket(token.RBracket, open, "the tuple type")
	t.Span = p.from(start)
	return t
}

func (p *parser) objectType(start int32) ast.TypeExpr {
	open := p.pos
	t := &ast.ObjectType{}
	p.next()
	for p.kind != token.RBrace && p.kind != token.EOF {
		if p.accept(token.Comma) || p.accept(token.Semicolon) {
			continue
		}
		f := &ast.TypeField{NameSpan: p.here()}
		switch {
		case p.kind == token.String:
			f.Name = p.stringLit().Value
		case isName(p.kind):
			f.Name = p.text()
			p.next()
		default:
			p.fail(expectedName, p.place(), "expected a property name in the type, found %s", p.describe())
			t.Span = p.from(start)
			return t
		}
		f.Optional = p.accept(token.Question)
		if !(p.inputType && p.kind == token.LBrace && !p.newline()) { // name { ... } in an input block
			p.expect(token.Colon, "after the property name")
		}
		f.Type = p.typeExpr()
		if p.inputType {
			f.Constraints = p.constraints()
		}
		f.Span = p.from(f.NameSpan.Start)
		t.Fields = append(t.Fields, f)
		if p.kind != token.Comma && p.kind != token.Semicolon && p.kind != token.RBrace && !p.newline() && !p.failed {
			p.fail(missingComma, p.place(), "expected `,` or `}` in the object type, found %s", p.describe())
		}
	}
	p.closeBracket(token.RBrace, open, "the object type")
	t.Span = p.from(start)
	return t
}

// parenType parses (A, B) => C, or a type in parentheses.
func (p *parser) parenType(start int32, arm bool) ast.TypeExpr {
	open := p.pos
	var params []ast.TypeExpr
	p.next()
	for p.kind != token.RParen && p.kind != token.EOF {
		if p.kind == token.Ident && p.peek(1).kind == token.Colon {
			span := source.Span{Start: p.start(), End: p.peek(2).start}
			p.report(expectedType, p.here(), "parameters have no names in a function type").
				WithHint("write the types alone: `(number) => string`").
				WithFix("Remove the name", fix(span, ""))
			p.next()
			p.next()
		}
		params = append(params, p.typeExpr())
		if !p.accept(token.Comma) {
			break
		}
	}
	p.closeBracket(token.RParen, open, "the type")
	if arm && len(params) == 1 {
		return params[0]
	}
	if p.accept(token.Arrow) {
		f := &ast.FuncType{Params: params}
		f.Result = p.typeExpr()
		f.Span = p.from(start)
		return f
	}
	if len(params) != 1 {
		p.expect(token.Arrow, "and the result of the function type")
		f := &ast.FuncType{Params: params, Result: &ast.BadType{Span: p.gap()}}
		f.Span = p.from(start)
		return f
	}
	return params[0]
}

func (p *parser) typeDecl(start int32) ast.Stmt {
	p.next()
	d := &ast.TypeDecl{Name: p.name("for the type")}
	if p.expect(token.Assign, "after the name of the type") {
		d.Type = p.typeExpr()
	} else {
		d.Type = &ast.BadType{Span: p.gap()}
	}
	d.Span = p.from(start)
	return d
}
