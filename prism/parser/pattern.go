package parser

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// patternMode tells what a pattern is for, and so what may stand in it.
type patternMode uint8

const (
	bindMode   patternMode = iota // declares names
	assignMode                    // assigns to names, o.p and a[i]
	matchMode                     // head of a match arm: literals, ranges, alternatives
)

// pattern parses a pattern, in a match arm with its alternatives.
func (p *parser) pattern(mode patternMode) ast.Pattern {
	defer p.leave()
	if !p.enter() {
		return &ast.BadPattern{Span: p.gap()}
	}
	first := p.simplePattern(mode)
	if mode != matchMode || p.kind != token.Bar {
		return first
	}
	alt := &ast.AltPattern{Alts: []ast.Pattern{first}}
	for p.accept(token.Bar) {
		alt.Alts = append(alt.Alts, p.simplePattern(mode))
	}
	alt.Span = p.from(first.Range().Start)
	return alt
}

func (p *parser) simplePattern(mode patternMode) ast.Pattern {
	start := p.start()
	switch p.kind {
	case token.LBracket:
		return p.arrayPattern(mode)
	case token.LBrace:
		return p.objectPattern(mode)
	case token.Ident:
		if mode == assignMode {
			x := p.postfix(p.ident())
			if id, ok := x.(*ast.Ident); ok {
				return &ast.IdentPattern{Span: id.Span, Name: id}
			}
			if !p.failed && !updatable(x) {
				p.checkTarget(x)
			}
			return &ast.TargetPattern{Span: p.from(start), Target: x}
		}
		if mode == matchMode && p.text() == "_" {
			w := &ast.Wildcard{Span: p.here()}
			p.next()
			return w
		}
		n := &ast.IdentPattern{Name: p.ident()}
		if mode == matchMode && p.accept(token.Colon) {
			n.Type = p.armType()
		}
		n.Span = p.from(start)
		return n
	case token.Number, token.Minus, token.String, token.True, token.False, token.Null, token.Undefined:
		if mode == matchMode {
			return p.literalPattern(start)
		}
		p.fail(expectedPattern, p.here(), "expected a name, `[` or `{` in the pattern, found %s", p.describe()).
			WithHint("literals stand in the patterns of `match` only")
		return &ast.BadPattern{Span: p.gap()}
	case token.StringHead:
		p.fail(expectedPattern, p.here(), "a string with `${...}` can't be a pattern").
			WithHint("bind a name and test it: `s if s == \"...\" => ...`")
		return &ast.BadPattern{Span: p.gap()}
	}
	if mode == matchMode {
		p.fail(expectedPattern, p.place(), "expected a pattern, found %s", p.describe()).
			WithHint("a pattern is a literal, a name, `_`, `[...]`, `{...}`, `1..5` or `a | b`")
		return &ast.BadPattern{Span: p.gap()}
	}
	return p.missingName("in the pattern")
}

// armType parses the type of "x: type" in a match arm. A "|" goes on with the
// type unless another "x: type" follows; the "=>" behind it is that of the arm, so
// a function type needs parentheses.
func (p *parser) armType() ast.TypeExpr {
	start := p.start()
	t := p.postfixType(true)
	u := &ast.UnionType{Alts: []ast.TypeExpr{t}}
	for p.kind == token.Bar && !(p.peek(1).kind == token.Ident && p.peek(2).kind == token.Colon) {
		p.next()
		u.Alts = append(u.Alts, p.postfixType(true))
	}
	if len(u.Alts) == 1 {
		return t
	}
	u.Span = p.from(start)
	return u
}

func (p *parser) literalPattern(start int32) ast.Pattern {
	lo := p.literal()
	if p.accept(token.DotDot) {
		r := &ast.RangePattern{Lo: lo}
		if p.kind == token.Number || p.kind == token.Minus || p.kind == token.String {
			r.Hi = p.literal()
		} else {
			p.fail(expectedPattern, p.place(), "expected the end of the range after `..`, found %s", p.describe())
			r.Hi = &ast.BadExpr{Span: p.gap()}
		}
		r.Span = p.from(start)
		return r
	}
	return &ast.LiteralPattern{Span: p.from(start), Value: lo}
}

// literal parses a number, possibly with a minus, a string, a boolean or null.
func (p *parser) literal() ast.Expr {
	start := p.start()
	if p.kind != token.Minus {
		return p.primary()
	}
	u := &ast.Unary{Op: token.Minus}
	p.next()
	if p.kind != token.Number {
		p.fail(expectedPattern, p.place(), "expected a number after `-`, found %s", p.describe())
		u.X = &ast.BadExpr{Span: p.gap()}
	} else {
		u.X = p.primary()
	}
	u.Span = p.from(start)
	return u
}

func (p *parser) arrayPattern(mode patternMode) ast.Pattern {
	open := p.pos
	n := &ast.ArrayPattern{Span: source.Span{Start: p.start()}}
	p.next()
	outer := p.context()
	for p.kind != token.RBracket && p.kind != token.EOF {
		start := p.start()
		if p.kind == token.Comma {
			n.Elems = append(n.Elems, &ast.PatternElem{Span: source.Span{Start: start, End: start}})
			p.next()
			continue
		}
		e := &ast.PatternElem{Rest: p.accept(token.Ellipsis)}
		e.Pattern = p.pattern(mode)
		if id, ok := e.Pattern.(*ast.IdentPattern); ok && id.Type == nil && p.accept(token.Colon) {
			id.Type = p.typeExpr()
			id.Span = p.from(id.Start)
		}
		p.elemRest(e, start)
		n.Elems = append(n.Elems, e)
		if !p.separator(token.RBracket, open, "the pattern") {
			break
		}
	}
	p.restore(outer)
	p.checkRest(n.Elems)
	p.closeBracket(token.RBracket, open, "the pattern")
	n.Span = p.from(n.Start)
	return n
}

func (p *parser) objectPattern(mode patternMode) ast.Pattern {
	open := p.pos
	n := &ast.ObjectPattern{Span: source.Span{Start: p.start()}}
	p.next()
	outer := p.context()
	for p.kind != token.RBrace && p.kind != token.EOF {
		start := p.start()
		e := &ast.PatternElem{Rest: p.accept(token.Ellipsis)}
		switch {
		case e.Rest:
			e.Pattern = p.pattern(mode)
		case p.kind == token.String:
			e.Key = p.stringLit()
			if p.expect(token.Colon, "and a pattern after the key") {
				e.Pattern = p.pattern(mode)
			} else {
				e.Pattern = &ast.BadPattern{Span: p.gap()}
			}
		case isName(p.kind) && p.peek(1).kind == token.Colon:
			e.Key = p.ident()
			p.next()
			e.Pattern = p.pattern(mode)
		case p.kind == token.Ident:
			id := p.ident()
			e.Key, e.Shorthand = id, true
			e.Pattern = &ast.IdentPattern{Span: id.Span, Name: id}
		default:
			e.Pattern = p.missingName("in the pattern")
		}
		p.elemRest(e, start)
		n.Elems = append(n.Elems, e)
		if !p.separator(token.RBrace, open, "the pattern") {
			break
		}
	}
	p.restore(outer)
	p.checkRest(n.Elems)
	p.closeBracket(token.RBrace, open, "the pattern")
	n.Span = p.from(n.Start)
	return n
}

// elemRest parses the threshold and the default of a part of a pattern.
func (p *parser) elemRest(e *ast.PatternElem, start int32) {
	if p.accept(token.Attach) {
		e.Threshold = p.confidence()
	}
	if p.accept(token.Assign) {
		e.Default = p.expr()
	}
	e.Span = p.from(start)
}

func (p *parser) checkRest(elems []*ast.PatternElem) {
	for i, e := range elems {
		if e.Rest && i+1 < len(elems) && !p.failed {
			p.report(restNotLast, e.Span, "`...` must be the last part of the pattern").WithHint("move it to the end")
		}
	}
}

// match parses match e { arms }.
func (p *parser) match() control {
	m := &ast.Match{Span: source.Span{Start: p.start()}}
	p.next()
	if p.kind == token.LBrace {
		outer := p.flags
		p.flags = flags{head: true}
		m.X = p.pipeTail(p.ternaryTail(p.binary(p.postfix(p.object(p.start())), lowest)))
		p.flags = outer
	} else {
		m.X = p.condition()
	}
	if p.kind != token.LBrace {
		p.fail(expectedBlock, p.place(), "expected `{` and the arms of the `match`, found %s", p.describe())
		m.Span = p.from(m.Start)
		return m
	}
	open := p.pos
	p.next()
	outer := p.context()
	limit := p.narrow(open)
	for p.kind != token.RBrace && p.kind != token.EOF {
		if p.accept(token.Comma) || p.accept(token.Semicolon) {
			continue
		}
		first := p.pos
		p.first = first
		m.Arms = append(m.Arms, p.arm())
		if p.failed {
			if p.recoverItem(first, open) {
				continue
			}
			break
		}
		if p.kind != token.Comma && p.kind != token.Semicolon && p.kind != token.RBrace && p.kind != token.EOF && !p.newline() {
			if p.toks[p.pos-1].kind != token.RBrace {
				p.report(missingComma, p.here(), "a `,` is missing before the next arm of the `match`").
					WithHint("arms end with `,`, `;` or a line break").
					WithFix("Insert `,`", fix(source.Span{Start: p.end, End: p.end}, ","))
			}
		}
	}
	p.limit = limit
	p.restore(outer)
	p.closeBrace(open, "the `match`")
	m.Span = p.from(m.Start)
	return m
}

func (p *parser) arm() *ast.Arm {
	a := &ast.Arm{Span: source.Span{Start: p.start()}}
	if p.word("case") && !p.peek(1).nl {
		switch p.peek(1).kind {
		case token.Number, token.String, token.Ident, token.True, token.False, token.Null, token.LBracket, token.LBrace, token.Minus:
			p.passForeign("`case` is not a word of Prism", "an arm begins with its pattern: `1 => ...`")
		}
	}
	if p.kind == token.Else && p.peek(1).kind == token.Arrow {
		p.report(foreignKeyword, p.here(), "an arm of a `match` can't begin with `else`").
			WithHint("write `_` for all other values").WithFix("Replace by `_`", fix(p.here(), "_"))
		id := p.ident()
		a.Pattern = &ast.Wildcard{Span: id.Span}
	} else {
		a.Pattern = p.pattern(matchMode)
	}
	outer := p.flags
	p.flags = flags{guard: true}
	if p.accept(token.Attach) {
		a.Threshold = p.confidence()
	}
	if p.accept(token.If) {
		a.Guard = p.condition()
	}
	p.flags = outer
	switch {
	case p.kind == token.ThinArrow || p.kind == token.Colon:
		d := p.report(expectedToken, p.here(), "expected `=>` after the pattern, found %s", p.describe())
		d.WithHint("write `=>`").WithFix("Replace by `=>`", fix(p.here(), "=>"))
		p.next()
	default:
		p.expect(token.Arrow, "after the pattern")
	}
	switch {
	case p.kind == token.LBrace && !p.objectShape(bodyPosition):
		a.Body = p.block("the arm")
	case p.kind == token.LBrace:
		a.Body = p.nested(func() ast.Expr {
			return p.pipeTail(p.ternaryTail(p.binary(p.postfix(p.object(p.start())), lowest)))
		})
	default:
		a.Body = p.nested(p.expr)
		if isAssign(p.kind) {
			p.fail(assignInExpression, p.here(), "an assignment is a statement and has no value").
				WithHint("put it into a block: `=> { x = 1 }`")
		}
	}
	a.Span = p.from(a.Start)
	return a
}
