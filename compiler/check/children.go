package check

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// children calls visit for each direct part of a node, in order of the source.
// Parts that are missing are left out, so visit never sees a nil node.
func children(n ast.Node, visit func(ast.Node)) {
	expr := func(e ast.Expr) {
		if e != nil {
			visit(e)
		}
	}
	exprs := func(list []ast.Expr) {
		for _, e := range list {
			expr(e)
		}
	}
	stmt := func(s ast.Stmt) {
		if s != nil {
			visit(s)
		}
	}
	block := func(b *ast.Block) {
		if b != nil {
			visit(b)
		}
	}
	pattern := func(p ast.Pattern) {
		if p != nil {
			visit(p)
		}
	}
	branches := func(list []*ast.LevelBranch) {
		for _, b := range list {
			visit(b)
		}
	}
	constraints := func(list []*ast.Constraint) {
		for _, c := range list {
			visit(c)
		}
	}
	elems := func(list []*ast.PatternElem) {
		for _, e := range list {
			pattern(e.Pattern)
			expr(e.Threshold)
			expr(e.Default)
		}
	}
	switch n := n.(type) {
	case *ast.File:
		for _, s := range n.Stmts {
			stmt(s)
		}
	case *ast.Template:
		exprs(n.Exprs)
	case *ast.ArrayLit:
		exprs(n.Elems)
	case *ast.Spread:
		expr(n.X)
	case *ast.ObjectLit:
		for _, p := range n.Props {
			visit(p)
		}
	case *ast.Property:
		if n.Computed {
			expr(n.Key)
		}
		expr(n.Value)
	case *ast.FuncLit:
		for _, p := range n.Params {
			pattern(p.Pattern)
			expr(p.Default)
		}
		expr(n.Confidence)
		block(n.Body)
		expr(n.Expr)
	case *ast.Unary:
		expr(n.X)
	case *ast.Update:
		expr(n.X)
	case *ast.Await:
		expr(n.X)
	case *ast.Binary:
		expr(n.X)
		expr(n.Y)
	case *ast.Ternary:
		expr(n.Cond)
		expr(n.Then)
		expr(n.Else)
	case *ast.Call:
		expr(n.Fun)
		exprs(n.Args)
	case *ast.NamedArg:
		expr(n.Value)
	case *ast.Member:
		expr(n.X)
	case *ast.Index:
		expr(n.X)
		expr(n.Index)
	case *ast.Paren:
		expr(n.X)
	case *ast.Block:
		for _, s := range n.Stmts {
			stmt(s)
		}
	case *ast.ExprStmt:
		expr(n.X)
	case *ast.VarDecl:
		for _, d := range n.Decls {
			visit(d)
		}
	case *ast.Declarator:
		pattern(n.Pattern)
		expr(n.Threshold)
		expr(n.Value)
	case *ast.Assign:
		expr(n.Target)
		pattern(n.Pattern)
		expr(n.Threshold)
		expr(n.Value)
	case *ast.If:
		expr(n.Cond)
		stmt(n.Then)
		stmt(n.Else)
	case *ast.UncertainIf:
		expr(n.Cond)
		expr(n.High)
		expr(n.Medium)
		branches(n.Branches)
	case *ast.LevelBranch:
		block(n.Body)
	case *ast.For:
		stmt(n.Init)
		expr(n.Cond)
		stmt(n.Post)
		expr(n.High)
		expr(n.Medium)
		stmt(n.Body)
		branches(n.Branches)
	case *ast.ForIn:
		pattern(n.First)
		pattern(n.Second)
		expr(n.X)
		stmt(n.Body)
	case *ast.While:
		expr(n.Cond)
		expr(n.High)
		expr(n.Medium)
		stmt(n.Body)
		branches(n.Branches)
	case *ast.DoWhile:
		stmt(n.Body)
		expr(n.Cond)
	case *ast.Return:
		expr(n.X)
	case *ast.FuncDecl:
		if n.Func != nil {
			visit(n.Func)
		}
	case *ast.Match:
		expr(n.X)
		for _, a := range n.Arms {
			visit(a)
		}
	case *ast.Arm:
		pattern(n.Pattern)
		expr(n.Threshold)
		expr(n.Guard)
		expr(n.Body)
	case *ast.Try:
		block(n.Body)
		pattern(n.Param)
		block(n.Catch)
		block(n.Finally)
	case *ast.Throw:
		expr(n.X)
	case *ast.Context:
		block(n.Body)
	case *ast.AgentsDecl:
		for _, a := range n.Agents {
			visit(a)
		}
	case *ast.AgentDecl:
		expr(n.Value)
	case *ast.Export:
		stmt(n.Decl)
		expr(n.Default)
	case *ast.PatternDecl:
		if n.Input != nil {
			for _, f := range n.Input.Fields {
				constraints(f.Constraints)
			}
		}
		block(n.Body)
	case *ast.Constraint:
		exprs(n.Args)
		constraints(n.Items)
	case *ast.Parallel:
		expr(n.Agents)
		constraints(n.Options)
		block(n.Body)
	case *ast.Sequential:
		block(n.Body)
	case *ast.Race:
		expr(n.Agents)
		constraints(n.Options)
		block(n.Body)
		expr(n.Until)
	case *ast.WithAgents:
		exprs(n.Args)
		block(n.Body)
	case *ast.TargetPattern:
		expr(n.Target)
	case *ast.ArrayPattern:
		elems(n.Elems)
	case *ast.ObjectPattern:
		elems(n.Elems)
	case *ast.LiteralPattern:
		expr(n.Value)
	case *ast.RangePattern:
		expr(n.Lo)
		expr(n.Hi)
	case *ast.AltPattern:
		for _, a := range n.Alts {
			pattern(a)
		}
	}
}

// binding is one name that a pattern binds.
type binding struct {
	id *ast.Ident
	// part is the innermost element that holds the name, its default included;
	// the whole pattern for a single name.
	part source.Span
	// omitted is set for a name that is taken out of an object beside ...rest,
	// perhaps only to leave it out.
	omitted bool
}

// bindings returns the names that a pattern binds, in order of the source.
func bindings(p ast.Pattern) []binding {
	if p == nil {
		return nil
	}
	return appendBindings(nil, p, p.Range(), false)
}

func appendBindings(list []binding, p ast.Pattern, part source.Span, omitted bool) []binding {
	switch p := p.(type) {
	case *ast.IdentPattern:
		if p.Name != nil {
			list = append(list, binding{p.Name, part, omitted})
		}
	case *ast.ArrayPattern:
		for _, e := range p.Elems {
			list = appendBindings(list, e.Pattern, e.Span, false)
		}
	case *ast.ObjectPattern:
		rest := false
		for _, e := range p.Elems {
			rest = rest || e.Rest
		}
		for _, e := range p.Elems {
			list = appendBindings(list, e.Pattern, e.Span, rest && !e.Rest)
		}
	case *ast.AltPattern:
		for _, a := range p.Alts {
			list = appendBindings(list, a, part, omitted)
		}
	}
	return list
}
