package check

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/token"
)

// pattern resolves the parts of a pattern. The names of a declaration are
// declared by the first walk already; with assigning set they are targets of
// a destructuring assignment.
func (r *resolver) pattern(p ast.Pattern, assigning bool) {
	switch p := p.(type) {
	case *ast.IdentPattern:
		if assigning && p.Name != nil {
			r.assignName(p.Name, token.Assign)
		}
		r.typ(p.Type)
	case *ast.TargetPattern:
		r.assignExpr(p.Target, token.Assign)
	case *ast.ArrayPattern:
		r.elems(p.Elems, assigning)
	case *ast.ObjectPattern:
		r.elems(p.Elems, assigning)
	case *ast.LiteralPattern:
		r.expr(p.Value)
	case *ast.RangePattern:
		r.expr(p.Lo)
		r.expr(p.Hi)
		lo, okLo := constant(p.Lo)
		hi, okHi := constant(p.Hi)
		if okLo && okHi && lo > hi {
			r.warn(codeEmptyRange, p.Span, "no number lies between %s and %s", formatNumber(lo), formatNumber(hi)).
				WithHint("write the lower end first: `%s..%s`", formatNumber(hi), formatNumber(lo))
		}
	case *ast.AltPattern:
		for _, a := range p.Alts {
			r.pattern(a, assigning)
		}
	}
}

func (r *resolver) elems(list []*ast.PatternElem, assigning bool) {
	for _, e := range list {
		r.pattern(e.Pattern, assigning)
		r.expr(e.Threshold)
		r.confidence(e.Threshold)
		r.expr(e.Default)
	}
}
