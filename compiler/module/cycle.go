package module

import (
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/token"
)

// checkCyclicReads reports the names that a module reads while it initialises
// although, because modules import each other, the one that sets them runs
// later. Only reads that happen in every run are errors; functions are set
// before a module runs.
func (l *linker) checkCyclicReads(g *Graph, m *Module) {
	reported := make(map[Target]bool)
	surelyRun(m.File.Stmts, func(id *ast.Ident) {
		sym := m.Info.SymbolOf(id)
		if sym == nil {
			return
		}
		t, ok := m.Imports[sym]
		if !ok || t.Module.ID < m.ID || t.Namespace || t.Type != nil || t.Symbol != nil && t.Symbol.Func != nil || reported[t] {
			return
		}
		if t.Module == m {
			return // a module that imports itself: order within the file decides
		}
		loop := g.Loop(m, t.Module)
		if loop == nil {
			return
		}
		reported[t] = true
		d := l.err(codeCyclicRead, m, id.Span, "`%s` is read before `%s` has set it", id.Name, t.Module.Path).
			WithHint("the modules import each other: %s; move what both need into a module of its own, or read it inside a function", loopText(loop))
		if t.Symbol != nil {
			d.Related = append(d.Related, diag.Related{File: t.Module.File.Source, Span: t.Symbol.Decl,
				Message: "`" + t.Symbol.Name + "` is set here"})
		}
	})
}

func loopText(loop []*Module) string {
	names := make([]string, len(loop))
	for i, m := range loop {
		names[i] = m.Path
	}
	return strings.Join(names, " -> ")
}

// surelyRun calls visit for the identifiers in what every run of the
// statements evaluates, names that are no variables included.
func surelyRun(list []ast.Stmt, visit func(*ast.Ident)) {
	for _, s := range list {
		if s == nil {
			continue
		}
		surely(s, visit)
		if mayLeave(s) {
			return
		}
	}
}

// mayLeave reports whether the statements after s may not be reached.
func mayLeave(s ast.Stmt) bool {
	found := false
	ast.Walk(s, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.Return, *ast.Throw:
			found = true
		case *ast.FuncLit, *ast.PatternDecl, *ast.TestDecl:
			return false
		}
		return !found
	})
	return found
}

func surely(n ast.Node, visit func(*ast.Ident)) {
	expr := func(list ...ast.Expr) {
		for _, e := range list {
			if e != nil {
				surely(e, visit)
			}
		}
	}
	switch n := n.(type) {
	case *ast.Ident:
		visit(n)
	case *ast.FuncLit, *ast.FuncDecl, *ast.PatternDecl, *ast.TestDecl, *ast.Try, *ast.Import, *ast.TypeDecl:
	case ast.TypeExpr:
	case *ast.Block:
		surelyRun(n.Stmts, visit)
	case *ast.If:
		expr(n.Cond)
	case *ast.UncertainIf:
		expr(n.Cond, n.High, n.Medium)
	case *ast.Ternary:
		expr(n.Cond)
	case *ast.Binary:
		switch n.Op {
		case token.AndAnd, token.OrOr, token.Nullish, token.ConfNullish, token.Gate, token.ConfAnd, token.ConfOr:
			expr(n.X)
		case token.ThresholdGate:
			expr(n.X)
		default:
			expr(n.X, n.Y)
		}
	case *ast.For:
		if n.Init != nil {
			surely(n.Init, visit)
		}
		expr(n.Cond)
	case *ast.ForIn:
		expr(n.X)
	case *ast.While:
		expr(n.Cond)
	case *ast.DoWhile:
	case *ast.Match:
		expr(n.X)
	case *ast.Call:
		if n.Optional {
			expr(n.Fun)
			return
		}
		ast.Children(n, func(c ast.Node) { surely(c, visit) })
	case *ast.Index:
		if n.Optional {
			expr(n.X)
			return
		}
		expr(n.X, n.Index)
	case *ast.Member:
		expr(n.X)
	case *ast.NamedArg:
		expr(n.Value)
	case *ast.Property:
		if n.Computed {
			expr(n.Key)
		}
		expr(n.Value)
	case *ast.Parallel:
		expr(n.Agents)
	case *ast.Race:
		expr(n.Agents)
	case *ast.Context:
		if n.Body != nil {
			surelyRun(n.Body.Stmts, visit)
		}
	case *ast.VarDecl:
		for _, d := range n.Decls {
			expr(d.Value)
		}
	case *ast.Assign:
		expr(n.Value)
	case *ast.Export:
		if n.Decl != nil {
			surely(n.Decl, visit)
		}
		expr(n.Default)
	case *ast.AgentsDecl:
		for _, a := range n.Agents {
			expr(a.Value)
		}
	default:
		ast.Children(n, func(c ast.Node) { surely(c, visit) })
	}
}
