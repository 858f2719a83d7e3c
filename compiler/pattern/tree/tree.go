// Package tree builds syntax trees of Prism for front ends that read something
// else. Every node gets the place in the other notation that it stands for, so
// that whatever is said about it later points there.
package tree

import (
	"math"
	"reflect"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// Ident is a name.
func Ident(at source.Span, name string) *ast.Ident { return &ast.Ident{Span: at, Name: name} }

// Str is a text.
func Str(at source.Span, s string) ast.Expr { return &ast.StringLit{Span: at, Value: s} }

// Num is a number; infinities and NaN are the names that the library has for
// them.
func Num(at source.Span, f float64) ast.Expr {
	switch {
	case math.IsNaN(f):
		return Ident(at, "NaN")
	case math.IsInf(f, 1):
		return Ident(at, "Infinity")
	case math.Signbit(f):
		return &ast.Unary{Span: at, Op: token.Minus, X: Num(at, -f)}
	}
	return &ast.NumberLit{Span: at, Value: f}
}

// Bool is true or false.
func Bool(at source.Span, b bool) ast.Expr { return &ast.BoolLit{Span: at, Value: b} }

// Null is null.
func Null(at source.Span) ast.Expr { return &ast.NullLit{Span: at} }

// List is an array.
func List(at source.Span, elems ...ast.Expr) ast.Expr { return &ast.ArrayLit{Span: at, Elems: elems} }

// Call is a call of a function by its name.
func Call(at source.Span, name string, args ...ast.Expr) ast.Expr {
	return &ast.Call{Span: at, Fun: Ident(at, name), Args: args}
}

// Lambda is (params) => body; a nil body of nothing but names.
func Lambda(at source.Span, body ast.Expr, params ...string) ast.Expr {
	f := &ast.FuncLit{Span: at, Keyword: ast.KeywordArrow, Parens: len(params) != 1, Expr: body}
	for _, name := range params {
		f.Params = append(f.Params, &ast.Param{Span: at, Pattern: &ast.IdentPattern{Span: at, Name: Ident(at, name)}})
	}
	return f
}

// Member is x.name, or x["name"] where the name is no identifier.
func Member(at source.Span, x ast.Expr, name string) ast.Expr {
	if !lexer.IsIdent(name) {
		return &ast.Index{Span: at, X: x, Index: Str(at, name)}
	}
	return &ast.Member{Span: at, X: x, Op: token.Dot, Name: Ident(at, name)}
}

// Attach is x ~> c.
func Attach(at source.Span, x, c ast.Expr) ast.Expr {
	return &ast.Binary{Span: at, Op: token.Attach, OpSpan: at, X: x, Y: c}
}

// Object is an object in the order of its fields.
func Object(at source.Span, fields ...*ast.Property) ast.Expr {
	return &ast.ObjectLit{Span: at, Props: fields}
}

// Field is one property of an object.
func Field(at source.Span, key string, value ast.Expr) *ast.Property {
	p := &ast.Property{Span: at, Value: value}
	if lexer.IsIdent(key) {
		p.Key = Ident(at, key)
	} else {
		p.Key = Str(at, key)
	}
	return p
}

// Literal is the value of a node as it stands.
func Literal(n *document.Node) ast.Expr {
	switch n.Kind {
	case document.Bool:
		return Bool(n.Span, n.Bool)
	case document.Number:
		return Num(n.Span, n.Num)
	case document.String:
		return Str(n.Span, n.Text)
	case document.List:
		elems := make([]ast.Expr, len(n.Items))
		for i, item := range n.Items {
			elems[i] = Literal(item)
		}
		return List(n.Span, elems...)
	case document.Map:
		fields := make([]*ast.Property, len(n.Entries))
		for i, e := range n.Entries {
			fields[i] = Field(e.Key.Span, e.Key.Text, Literal(e.Value))
		}
		return Object(n.Span, fields...)
	}
	return Null(n.Span)
}

// Let is "let name = value".
func Let(at source.Span, name string, value ast.Expr) ast.Stmt {
	return declare(at, name, value, false)
}

// Const is "const name = value".
func Const(at source.Span, name string, value ast.Expr) ast.Stmt {
	return declare(at, name, value, true)
}

func declare(at source.Span, name string, value ast.Expr, constant bool) ast.Stmt {
	d := &ast.Declarator{Span: at, Pattern: &ast.IdentPattern{Span: at, Name: Ident(at, name)}, Value: value}
	return &ast.VarDecl{Span: at, Const: constant, Decls: []*ast.Declarator{d}}
}

// Assign is "name = value".
func Assign(at source.Span, name string, value ast.Expr) ast.Stmt {
	return &ast.Assign{Span: at, Target: Ident(at, name), Op: token.Assign, Value: value}
}

// Expr is an expression as a statement.
func Expr(x ast.Expr) ast.Stmt { return &ast.ExprStmt{Span: x.Range(), X: x} }

// Import is "import {names} from path".
func Import(at source.Span, path string, names ...string) ast.Stmt {
	i := &ast.Import{Span: at, Path: &ast.StringLit{Span: at, Value: path}}
	for _, name := range names {
		id := Ident(at, name)
		i.Names = append(i.Names, &ast.ImportName{Span: at, Name: id, Alias: id})
	}
	return i
}

// File is a module of a text that is not Prism: it numbers the nodes of the tree
// and the identifiers in it, and keeps the places of the nodes as origins. The
// statements belong to the file then and must not be used again.
func File(src *source.File, header *ast.Header, stmts ...ast.Stmt) *ast.File {
	f := &ast.File{Source: src, Header: header, Stmts: stmts}
	place(f, f)
	return f
}

// place numbers a node and those below it, a node's span around those of its
// parts, with a gap behind each.
func place(f *ast.File, n ast.Node) {
	start := int32(len(f.Origins))
	f.Origins = append(f.Origins, n.Range())
	if id, ok := n.(*ast.Ident); ok {
		id.ID = f.Idents
		f.Idents++
	}
	ast.Children(n, func(child ast.Node) { place(f, child) })
	end := int32(len(f.Origins))
	f.Origins = append(f.Origins, n.Range())
	reflect.ValueOf(n).Elem().FieldByName("Span").Set(reflect.ValueOf(source.Span{Start: start, End: end}))
	if b, ok := n.(*ast.Binary); ok {
		b.OpSpan = source.Span{Start: b.X.Range().End, End: b.Y.Range().Start}
	}
}
