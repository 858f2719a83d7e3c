package org

import (
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// condition compiles a check: a boolean, a reference, or an expression over
// ${path} and bare paths with the operators of Prism. The result is a boolean.
func (c *compiler) condition(n *document.Node, what string) ast.Expr {
	switch n.Kind {
	case document.Bool:
		return tree.Literal(n)
	case document.String:
	default:
		c.WrongType(n, what, "a condition")
		return tree.Null(n.Span)
	}
	// ${a.b} becomes " $a.b ", which is as long and a name for Prism.
	text := []byte(n.Text)
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '$' || text[i+1] != '{' {
			continue
		}
		length := strings.IndexByte(string(text[i:]), '}')
		if length < 0 {
			c.Errorf(document.BadExpression, n.TextSpan(i, i+2), "${ without }")
			return tree.Null(n.Span)
		}
		text[i], text[i+1], text[i+length] = ' ', '$', ' '
		if inner := strings.TrimSpace(string(text[i+2 : i+length])); !isPath(inner) {
			c.Errorf(document.BadExpression, n.TextSpan(i+2, i+length), "'%s' is no reference", inner).
				WithHint("references are paths such as input.text or step_0_result.title")
			return tree.Null(n.Span)
		}
	}
	if strings.TrimSpace(string(text)) == "" {
		c.Errorf(document.BadExpression, n.Span, "the condition is empty")
		return tree.Null(n.Span)
	}
	e, list := parser.ParseExpr(source.NewFile("", string(text)))
	for _, d := range list {
		if d.Severity == diag.Error {
			c.Errorf(document.BadExpression, n.TextSpan(int(d.Span.Start), int(max(d.Span.End, d.Span.Start+1))), "%s", strings.ReplaceAll(d.Message, "the end of the file", "the end"))
			return tree.Null(n.Span)
		}
	}
	return c.truth(n.Span, (&checker{c, n, string(text)}).expr(e))
}

// truth makes a boolean of a value.
func (c *compiler) truth(at source.Span, x ast.Expr) ast.Expr {
	switch x := x.(type) {
	case *ast.BoolLit:
		return x
	case *ast.Unary:
		if x.Op == token.Not {
			return x
		}
	case *ast.Call:
		if f, ok := x.Fun.(*ast.Ident); ok && booleans[f.Name] {
			return x
		}
	}
	return c.call(at, "isTrue", x)
}

// booleans are the functions of the library that give a boolean.
var booleans = map[string]bool{"isTrue": true, "equal": true, "below": true, "atMost": true}

// checker translates an expression that was parsed as Prism.
type checker struct {
	*compiler
	node *document.Node
	text string
}

func (k *checker) span(n ast.Node) source.Span {
	s := n.Range()
	return k.node.TextSpan(int(s.Start), int(s.End))
}

func (k *checker) expr(e ast.Expr) ast.Expr {
	at := k.span(e)
	switch e := e.(type) {
	case *ast.NumberLit:
		return tree.Num(at, e.Value)
	case *ast.StringLit:
		return tree.Str(at, e.Value)
	case *ast.BoolLit:
		return tree.Bool(at, e.Value)
	case *ast.NullLit:
		return tree.Null(at)
	case *ast.Paren:
		return k.expr(e.X)
	case *ast.ArrayLit:
		var elems []ast.Expr
		for _, x := range e.Elems {
			elems = append(elems, k.expr(x))
		}
		return tree.List(at, elems...)
	case *ast.Unary:
		switch e.Op {
		case token.Not:
			return &ast.Unary{Span: at, Op: token.Not, X: k.truth(at, k.expr(e.X))}
		case token.Minus:
			return &ast.Unary{Span: at, Op: token.Minus, X: k.expr(e.X)}
		}
	case *ast.Ternary:
		if !e.Confident {
			return &ast.Paren{Span: at, X: &ast.Ternary{Span: at, Cond: k.truth(at, k.expr(e.Cond)), Then: k.expr(e.Then), Else: k.expr(e.Else)}}
		}
	case *ast.Binary:
		if x := k.binary(at, e); x != nil {
			return x
		}
	case *ast.Ident, *ast.Member, *ast.Index:
		if path := strings.TrimSpace(k.text[e.Range().Start:e.Range().End]); true {
			start := int(e.Range().Start)
			if rest, ok := strings.CutPrefix(path, "$"); ok {
				path, start = rest, start+1
			}
			if isPath(path) {
				return k.plainReference(k.node, path, start)
			}
		}
	}
	k.Errorf(document.BadExpression, at, "this can't stand in a condition").
		WithHint("conditions have references, numbers, texts, comparisons, && || ! + - * / %% and parentheses")
	return tree.Null(at)
}

func (k *checker) binary(at source.Span, e *ast.Binary) ast.Expr {
	switch e.Op {
	case token.Equal, token.Same, token.NotEqual, token.NotSame:
		x := k.call(at, "equal", k.expr(e.X), k.expr(e.Y))
		if e.Op == token.NotEqual || e.Op == token.NotSame {
			return &ast.Unary{Span: at, Op: token.Not, X: x}
		}
		return x
	case token.Less:
		return k.call(at, "below", k.expr(e.X), k.expr(e.Y))
	case token.Greater:
		return k.call(at, "below", k.expr(e.Y), k.expr(e.X))
	case token.LessEqual:
		return k.call(at, "atMost", k.expr(e.X), k.expr(e.Y))
	case token.GreaterEqual:
		return k.call(at, "atMost", k.expr(e.Y), k.expr(e.X))
	case token.AndAnd, token.OrOr, token.Nullish, token.Plus, token.Minus, token.Star, token.Slash, token.Percent:
		return &ast.Paren{Span: at, X: &ast.Binary{Span: at, Op: e.Op, OpSpan: at, X: k.expr(e.X), Y: k.expr(e.Y)}}
	}
	return nil
}
