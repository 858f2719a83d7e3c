package format

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// functionDocs are the two parts of a function: what stands on its first line,
// and the body with the space before it.
type functionDocs struct{ prefix, body *doc }

func (d functionDocs) whole() *doc { return concat(d.prefix, group(d.body)) }

// function prints a function. The prefix of a method is its parameters alone.
func (p *printer) function(f *ast.FuncLit) functionDocs {
	var parts []*doc
	if f.Async && f.Keyword != ast.KeywordMethod {
		parts = append(parts, text("async "))
	}
	switch f.Keyword {
	case ast.KeywordArrow:
		return p.lambda(f, parts)
	case ast.KeywordFn:
		parts = append(parts, text("fn"))
	case ast.KeywordFunction:
		parts = append(parts, text("function"))
	}
	start := f.Start
	switch {
	case f.Name != nil:
		parts = append(parts, space, p.lead(f.Name.Start), text(f.Name.Name))
		start = f.Name.End
	case f.Keyword != ast.KeywordMethod:
		parts = append(parts, space)
	}
	parts = append(parts, p.params(f, start))
	if f.Result != nil {
		parts = append(parts, text(": "), p.typ(f.Result))
	}
	if f.Confidence != nil {
		parts = append(parts, text(" ~> "), p.confidence(f.Confidence))
	}
	return functionDocs{concat(parts...), concat(space, p.block(f.Body, bodyBlock))}
}

func (p *printer) lambda(f *ast.FuncLit, parts []*doc) functionDocs {
	if !f.Parens && len(f.Params) == 1 && isPlainParam(f.Params[0]) && f.Result == nil {
		parts = append(parts, p.lead(f.Params[0].Start), p.pattern(f.Params[0].Pattern))
	} else {
		parts = append(parts, p.params(f, f.Start))
	}
	if f.Result != nil {
		// The parser looks for the arrow on the line of the parameters.
		parts = append(parts, text(": "+render(p.typ(f.Result), unlimited)))
	}
	parts = append(parts, text(" =>"))
	prefix := concat(parts...)
	if f.Body != nil {
		return functionDocs{prefix, concat(space, p.block(f.Body, bodyBlock))}
	}
	return functionDocs{prefix, p.arrowBody(f.Expr)}
}

// arrowBody prints an expression behind "=>". An object literal or a block that
// is a value stands in parentheses there, so that the brace cannot be taken for
// that of the body.
func (p *printer) arrowBody(e ast.Expr) *doc {
	x := ast.Unparen(e)
	switch leftmost(x).(type) {
	case *ast.ObjectLit, *ast.Block:
		return concat(space, p.lead(e.Range().Start), p.parens(x, e.Range().End))
	}
	lead := p.lead(e.Range().Start)
	d := p.expr(e, anyLevel)
	switch x.(type) {
	case *ast.Binary, *ast.Ternary, *ast.Ident, *ast.StringLit, *ast.Unary, *ast.Await:
	default:
		if !isForced(lead) {
			return concat(space, lead, d)
		}
	}
	return group(indent(line, lead, d))
}

func isPlainParam(n *ast.Param) bool {
	id, ok := n.Pattern.(*ast.IdentPattern)
	return ok && id.Type == nil && !n.Optional && !n.Rest && n.Type == nil && n.Default == nil
}

func (p *printer) params(f *ast.FuncLit, start int32) *doc {
	// The parameters end before the next part of the function begins.
	limit := f.End
	switch {
	case f.Result != nil:
		limit = f.Result.Range().Start
	case f.Confidence != nil:
		limit = f.Confidence.Range().Start
	case f.Body != nil:
		limit = f.Body.Start
	case f.Expr != nil:
		limit = f.Expr.Range().Start
	}
	at := func(i int) source.Span { return f.Params[i].Span }
	span := p.enclosing(start, len(f.Params), at, limit)
	if f.Keyword == ast.KeywordArrow && f.Result != nil {
		// The parser wants the result type on the line of the ")".
		span.End = limit
	}
	rest := len(f.Params) > 0 && f.Params[len(f.Params)-1].Rest
	return p.list(list{
		open: "(", close: ")", span: span, separator: ",", trailing: !rest,
		n: len(f.Params), at: at,
		item: func(i int) *doc { return p.param(f.Params[i]) },
	}).whole
}

func (p *printer) param(n *ast.Param) *doc {
	var parts []*doc
	if n.Rest {
		parts = append(parts, text("..."))
	}
	parts = append(parts, p.lead(n.Pattern.Range().Start), p.pattern(n.Pattern))
	if n.Optional {
		parts = append(parts, text("?"))
	}
	if n.Type != nil {
		parts = append(parts, text(": "), p.typ(n.Type))
	}
	if n.Default != nil {
		parts = append(parts, text(" = "), p.value(n.Default))
	}
	return concat(parts...)
}

// confidence prints the c of "~> c", where a brace would open a body.
func (p *printer) confidence(e ast.Expr) *doc {
	if x := ast.Unparen(e); exposesBrace(x) {
		return concat(p.lead(e.Range().Start), p.parens(x, e.Range().End))
	}
	return p.expr(e, unaryLevel)
}
