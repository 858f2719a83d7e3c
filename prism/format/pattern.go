package format

import (
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// pattern prints a pattern with the comments before it.
func (p *printer) pattern(n ast.Pattern) *doc {
	lead := p.lead(n.Range().Start)
	switch n := n.(type) {
	case *ast.IdentPattern:
		name := text(n.Name.Name)
		if n.Type != nil {
			return concat(lead, name, text(": "), p.armType(n.Type))
		}
		return concat(lead, name)
	case *ast.TargetPattern:
		return concat(lead, p.expr(n.Target, postfixLevel))
	case *ast.Wildcard:
		return concat(lead, text("_"))
	case *ast.LiteralPattern:
		return concat(lead, p.expr(n.Value, unaryLevel))
	case *ast.RangePattern:
		lo, hi := p.expr(n.Lo, unaryLevel), p.expr(n.Hi, unaryLevel)
		dots := ".."
		if isNumberWithPoint(n.Lo, strings.HasSuffix) || isNumberWithPoint(n.Hi, strings.HasPrefix) {
			dots = " .. "
		}
		return concat(lead, lo, text(dots), hi)
	case *ast.AltPattern:
		parts := []*doc{}
		for i, a := range n.Alts {
			if i > 0 {
				parts = append(parts, p.trail(a.Range().Start), line, text("| "))
			}
			parts = append(parts, p.pattern(a))
		}
		return concat(lead, group(parts[0], indent(parts[1:]...)))
	case *ast.ArrayPattern:
		return concat(lead, p.patternList("[", "]", false, n.Span, n.Elems))
	case *ast.ObjectPattern:
		return concat(lead, p.patternList("{", "}", true, n.Span, n.Elems))
	}
	return concat(lead, p.verbatim(n))
}

// isNumberWithPoint reports whether a number's spelling has a point at one end,
// where it would run together with "..".
func isNumberWithPoint(e ast.Expr, at func(s, point string) bool) bool {
	n, ok := e.(*ast.NumberLit)
	return ok && at(number(n), ".")
}

func (p *printer) patternList(open, close string, pad bool, span source.Span, elems []*ast.PatternElem) *doc {
	rest := len(elems) > 0 && elems[len(elems)-1].Rest
	return p.list(list{
		open: open, close: close, span: span, pad: pad, separator: ",", trailing: !rest, n: len(elems),
		at:   func(i int) source.Span { return elems[i].Span },
		item: func(i int) *doc { return p.patternElem(elems[i]) },
		hole: func(i int) bool { return elems[i].Pattern == nil },
	}).whole
}

func (p *printer) patternElem(e *ast.PatternElem) *doc {
	if e.Pattern == nil {
		return nil
	}
	var parts []*doc
	if e.Rest {
		parts = append(parts, text("..."))
	}
	if e.Key != nil && !e.Shorthand {
		parts = append(parts, p.bare(e.Key), text(": "))
	}
	parts = append(parts, p.pattern(e.Pattern))
	if e.Threshold != nil {
		parts = append(parts, text(" ~> "), p.confidence(e.Threshold))
	}
	if e.Default != nil {
		parts = append(parts, text(" = "), p.value(e.Default))
	}
	return concat(parts...)
}

// armType prints the type of "x: type" in a match arm, where a function type
// needs parentheses.
func (p *printer) armType(t ast.TypeExpr) *doc {
	if _, ok := t.(*ast.UnionType); ok {
		return p.typ(t)
	}
	return p.typeOperand(t)
}

// typ prints a type with the comments before it.
func (p *printer) typ(t ast.TypeExpr) *doc {
	lead := p.lead(t.Range().Start)
	switch t := t.(type) {
	case *ast.NamedType:
		if len(t.Args) == 0 {
			return concat(lead, text(t.Name.Name))
		}
		return concat(lead, text(t.Name.Name), p.typeList("<", ">", source.Span{Start: t.Name.End, End: t.End}, t.Args))
	case *ast.LiteralType:
		return concat(lead, p.expr(t.Value, unaryLevel))
	case *ast.ArrayType:
		return concat(lead, p.typeOperand(t.Elem), text("[]"))
	case *ast.TupleType:
		return concat(lead, p.typeList("[", "]", t.Span, t.Elems))
	case *ast.ObjectType:
		return concat(lead, p.objectType(t))
	case *ast.FuncType:
		at := func(i int) source.Span { return t.Params[i].Range() }
		params := p.typeList("(", ")", p.enclosing(t.Start, len(t.Params), at, t.Result.Range().Start), t.Params)
		return concat(lead, params, text(" => "), p.typ(t.Result))
	case *ast.UnionType:
		parts := []*doc{p.typeOperand(t.Alts[0])}
		for _, a := range t.Alts[1:] {
			parts = append(parts, p.trail(a.Range().Start), line, text("| "), p.typeOperand(a))
		}
		return concat(lead, group(parts[0], indent(parts[1:]...)))
	case *ast.ConfidentType:
		inner := p.typ(t.Type)
		if _, ok := t.Type.(*ast.FuncType); ok { // its result would take the range
			inner = concat(text("("), inner, text(")"))
		}
		d := concat(lead, inner, text(" ~ "), p.expr(t.Lo, primaryLevel))
		if t.Hi == nil {
			return d
		}
		dots := ".."
		if isNumberWithPoint(t.Lo, strings.HasSuffix) || isNumberWithPoint(t.Hi, strings.HasPrefix) {
			dots = " .. "
		}
		return concat(d, text(dots), p.expr(t.Hi, primaryLevel))
	}
	return concat(lead, p.verbatim(t))
}

// typeOperand prints a type in a place that takes no union, function type or
// range without parentheses.
func (p *printer) typeOperand(t ast.TypeExpr) *doc {
	switch t.(type) {
	case *ast.UnionType, *ast.FuncType, *ast.ConfidentType:
		return concat(text("("), p.typ(t), text(")"))
	}
	return p.typ(t)
}

func (p *printer) typeList(open, close string, span source.Span, types []ast.TypeExpr) *doc {
	return p.list(list{
		open: open, close: close, span: span, separator: ",", n: len(types), trailing: true,
		at:   func(i int) source.Span { return types[i].Range() },
		item: func(i int) *doc { return p.typ(types[i]) },
	}).whole
}

func (p *printer) objectType(t *ast.ObjectType) *doc {
	return p.list(list{
		open: "{", close: "}", span: t.Span, pad: true, separator: ",", trailing: true, n: len(t.Fields),
		broken: len(t.Fields) > 0 && p.brokenAfter(t.Start, t.Fields[0].Start),
		at:     func(i int) source.Span { return t.Fields[i].Span },
		item: func(i int) *doc {
			f := t.Fields[i]
			name := f.Name
			if !lexer.IsIdent(name) && !token.Keyword(name).IsKeyword() {
				name = quote(name)
			}
			if f.Optional {
				name += "?"
			}
			return group(text(name+": "), p.typ(f.Type), p.constraints(f.Constraints))
		},
	}).whole
}
