package check

import (
	"math"
	"strconv"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/token"
)

// constant evaluates a number literal, or arithmetic of such.
func constant(e ast.Expr) (float64, bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.NumberLit:
		return e.Value, true
	case *ast.Unary:
		x, ok := constant(e.X)
		switch {
		case !ok:
		case e.Op == token.Minus:
			return -x, true
		case e.Op == token.Plus:
			return x, true
		}
	case *ast.Binary:
		x, ok := constant(e.X)
		if !ok {
			return 0, false
		}
		y, ok := constant(e.Y)
		if !ok {
			return 0, false
		}
		switch e.Op {
		case token.Plus:
			return x + y, true
		case token.Minus:
			return x - y, true
		case token.Star:
			return x * y, true
		case token.Slash:
			return x / y, y != 0
		}
	}
	return 0, false
}

func formatNumber(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// confidence reports a constant that is no confidence, because it lies outside
// of [0, 1].
func (r *resolver) confidence(e ast.Expr) {
	v, ok := constant(e)
	if !ok || v >= 0 && v <= 1 {
		return
	}
	d := r.err(codeConfidenceRange, e.Range(), "a confidence lies between 0 and 1, and this is %s", formatNumber(v))
	switch {
	case math.IsNaN(v):
	case v >= 10 && v <= 100:
		share := formatNumber(math.Round(v*1e6) / 1e8)
		d.WithHint("confidences are no percentages: write %s", share).
			WithFix("Write "+share, diag.Edit{Span: e.Range(), NewText: share})
	case v > 1:
		d.WithHint("1 is full confidence")
	default:
		d.WithHint("0 is no confidence at all")
	}
}

// attached checks the right side of ~>.
func (r *resolver) attached(e ast.Expr) {
	kind := ""
	switch ast.Unparen(e).(type) {
	case *ast.StringLit, *ast.Template:
		kind = "a string"
	case *ast.BoolLit:
		kind = "a boolean"
	case *ast.NullLit:
		kind = "null"
	case *ast.ArrayLit:
		kind = "an array"
	case *ast.ObjectLit:
		kind = "an object"
	case *ast.FuncLit:
		kind = "a function"
	}
	if kind != "" {
		r.err(codeConfidenceKind, e.Range(), "a confidence is a number, and this is %s", kind).
			WithHint("write a number between 0 and 1, such as 0.8")
		return
	}
	r.confidence(e)
}

// thresholds checks threshold(high, medium) of an uncertain statement.
func (r *resolver) thresholds(high, medium ast.Expr) {
	r.expr(high)
	r.expr(medium)
	r.confidence(high)
	r.confidence(medium)
	h, okHigh := constant(high)
	m, okMedium := constant(medium)
	if okHigh && okMedium && h < m {
		d := r.err(codeThresholdOrder, high.Range().To(medium.Range()), "the threshold of high (%s) is below that of medium (%s)", formatNumber(h), formatNumber(m))
		d.WithHint("the higher one comes first: `threshold(%s, %s)`", r.file.Source.Text(medium.Range()), r.file.Source.Text(high.Range())).
			WithFix("Swap the two",
				diag.Edit{Span: high.Range(), NewText: r.file.Source.Text(medium.Range())},
				diag.Edit{Span: medium.Range(), NewText: r.file.Source.Text(high.Range())})
	}
}

// libraryConfidence checks the constant argument of the library's confidence
// and threshold.
func (r *resolver) libraryConfidence(c *ast.Call) {
	id, ok := c.Fun.(*ast.Ident)
	if !ok || id.Name != "confidence" && id.Name != "threshold" || len(c.Args) == 0 {
		return
	}
	if sym := r.info.SymbolOf(id); sym != nil && sym.Kind == Library {
		r.confidence(c.Args[0])
	}
}
