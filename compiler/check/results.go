package check

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// updating are the array methods that other languages have for changing the array
// in place. Here they give a new one.
var updating = map[string]bool{
	"push": true, "pop": true, "shift": true, "unshift": true, "splice": true, "sort": true, "reverse": true, "fill": true,
}

// givesArray are methods of arrays whose result is one.
var givesArray = map[string]bool{
	"push": true, "pop": true, "shift": true, "unshift": true, "splice": true, "sort": true, "reverse": true, "fill": true,
	"map": true, "filter": true, "slice": true, "concat": true, "flat": true, "flatMap": true, "unique": true,
}

// unusedCall notes a call of an updating method whose result nobody sees.
func (r *resolver) unusedCall(s ast.Stmt) {
	x, ok := s.(*ast.ExprStmt)
	if !ok || x.X == nil {
		return
	}
	call, ok := ast.Unparen(x.X).(*ast.Call)
	if !ok {
		return
	}
	if m, ok := call.Fun.(*ast.Member); ok && m.Op == token.Dot && updating[m.Name.Name] {
		r.unusedCalls = append(r.unusedCalls, call)
	}
}

// reportUnusedCalls reports those noted calls whose receiver surely is an array:
// the program means to change it and does not.
func (r *resolver) reportUnusedCalls() {
	for _, call := range r.unusedCalls {
		m := call.Fun.(*ast.Member)
		if !r.isArray(m.X, 0) {
			continue
		}
		d := r.err(codeUnusedResult, call.Span, "`%s` gives a new array, and its result is not used", m.Name.Name)
		id, ok := ast.Unparen(m.X).(*ast.Ident)
		if !ok {
			d.WithHint("assign the result to a variable")
			continue
		}
		d.WithHint("write `%s = %s.%s(...)`", id.Name, id.Name, m.Name.Name).
			WithFix("Assign the result", diag.Edit{Span: source.Span{Start: call.Start, End: call.Start}, NewText: id.Name + " = "})
	}
}

// isArray reports whether an expression surely gives an array.
func (r *resolver) isArray(e ast.Expr, depth int) bool {
	if depth > 8 {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.ArrayLit:
		return true
	case *ast.Binary:
		return e.Op == token.Attach && r.isArray(e.X, depth+1)
	case *ast.Call:
		switch f := ast.Unparen(e.Fun).(type) {
		case *ast.Ident:
			s := r.info.SymbolOf(f)
			return s != nil && s.Kind == Library && s.Name == "range"
		case *ast.Member:
			return f.Op == token.Dot && givesArray[f.Name.Name] && r.isArray(f.X, depth+1)
		}
	case *ast.Ident:
		s := r.info.SymbolOf(e)
		if s == nil || s.value == nil || len(s.later) != s.Assignments || s.kept {
			return s != nil && s.kept
		}
		s.kept = true // what refers to the variable itself is no reason against it
		sure := r.isArray(s.value, depth+1)
		for _, v := range s.later {
			sure = sure && r.isArray(v, depth+1)
		}
		s.kept = false
		return sure
	}
	return false
}
