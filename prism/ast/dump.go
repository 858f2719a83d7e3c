package ast

import (
	"fmt"
	"strconv"
	"strings"
)

// Dump renders a tree as compact S-expressions, the statements of a file one on
// a line. It shows structure and values, not places: "(let x (+ a 1))".
func Dump(n Node) string {
	d := &dumper{}
	if f, ok := n.(*File); ok {
		for _, s := range f.Stmts {
			d.node(s)
			d.b.WriteByte('\n')
		}
		return d.b.String()
	}
	d.node(n)
	return d.b.String()
}

type dumper struct{ b strings.Builder }

// form writes "(head part part ...)"; see part.
func (d *dumper) form(head string, parts ...any) {
	d.b.WriteByte('(')
	d.b.WriteString(head)
	for _, p := range parts {
		d.part(p)
	}
	d.b.WriteByte(')')
}

// part writes a space and the part: a node, a string, or a function that writes
// it. An absent node writes nothing.
func (d *dumper) part(p any) {
	switch p := p.(type) {
	case nil:
	case string:
		if p != "" {
			d.b.WriteByte(' ')
			d.b.WriteString(p)
		}
	case *Ident:
		if p != nil {
			d.part(p.Name)
		}
	case *Block:
		if p != nil {
			d.b.WriteByte(' ')
			d.node(p)
		}
	case *StringLit:
		if p != nil {
			d.b.WriteByte(' ')
			d.node(p)
		}
	case func():
		p()
	case Node:
		d.b.WriteByte(' ')
		d.node(p)
	default:
		panic(fmt.Sprintf("ast: can't dump a part of type %T", p))
	}
}

// all returns a part that writes every node of a list.
func all[T Node](d *dumper, nodes []T) func() {
	return func() {
		for _, n := range nodes {
			d.part(n)
		}
	}
}

// tagged returns a part that writes "(tag node)" unless the node is absent.
func (d *dumper) tagged(tag string, n Node) func() {
	return func() {
		if n != nil {
			d.b.WriteByte(' ')
			d.form(tag, n)
		}
	}
}

// group returns a part that writes "(nodes)".
func group[T Node](d *dumper, nodes []T) func() {
	return func() {
		d.b.WriteString(" (")
		for i, n := range nodes {
			if i > 0 {
				d.b.WriteByte(' ')
			}
			d.node(n)
		}
		d.b.WriteByte(')')
	}
}

func flag(on bool, word string) string {
	if on {
		return word
	}
	return ""
}

// absent turns an absent part of a fixed place into "-".
func absent[T interface {
	comparable
	Node
}](n T) any {
	var none T
	if n == none {
		return "-"
	}
	return n
}

func (d *dumper) node(n Node) {
	switch n := n.(type) {
	case *Ident:
		d.b.WriteString(n.Name)
	case *NumberLit:
		d.b.WriteString(strconv.FormatFloat(n.Value, 'g', -1, 64))
	case *StringLit:
		d.b.WriteString(strconv.Quote(n.Value))
	case *Template:
		d.form("template", func() {
			for i, t := range n.Texts {
				d.part(strconv.Quote(t.Value))
				if i < len(n.Exprs) {
					d.part(n.Exprs[i])
				}
			}
		})
	case *BoolLit:
		d.b.WriteString(strconv.FormatBool(n.Value))
	case *NullLit:
		d.b.WriteString(map[bool]string{false: "null", true: "undefined"}[n.Undefined])
	case *ArrayLit:
		d.form("array", all(d, n.Elems))
	case *Hole:
		d.b.WriteString("hole")
	case *Spread:
		d.form("...", n.X)
	case *ObjectLit:
		d.form("object", all(d, n.Props))
	case *Property:
		d.property(n)
	case *FuncLit:
		head := [...]string{"function", "fn", "=>", "method"}[n.Keyword]
		var body any = n.Expr
		if n.Body != nil {
			body = n.Body
		}
		d.form(head, flag(n.Async, "async"), n.Name, group(d, n.Params),
			d.tagged(":", n.Result), d.tagged("~>", n.Confidence), body)
	case *Param:
		if n.Type == nil && n.Default == nil && !n.Rest && !n.Optional {
			d.node(n.Pattern)
			return
		}
		d.form("param", flag(n.Rest, "..."), n.Pattern, flag(n.Optional, "?"), d.tagged(":", n.Type), d.tagged("=", n.Default))
	case *Unary:
		d.form(n.Op.String(), n.X)
	case *Update:
		d.form(map[bool]string{true: "pre", false: "post"}[n.Prefix]+n.Op.String(), n.X)
	case *Await:
		d.form("await", n.X)
	case *Binary:
		d.binary(n)
	case *Ternary:
		d.form(map[bool]string{false: "?:", true: "~?:"}[n.Confident], n.Cond, n.Then, n.Else)
	case *Call:
		d.form(map[bool]string{false: "call", true: "?.call"}[n.Optional], n.Fun, all(d, n.Args))
	case *NamedArg:
		d.form(":", n.Name, n.Value)
	case *Member:
		d.form(n.Op.String(), n.X, n.Name)
	case *Index:
		d.form(map[bool]string{false: "[]", true: "?.[]"}[n.Optional], n.X, n.Index)
	case *Paren:
		d.form("paren", n.X)
	case *BadExpr, *BadStmt, *BadPattern, *BadType:
		d.b.WriteString("BAD")
	case Stmt:
		d.stmt(n)
	case Pattern:
		d.pattern(n)
	case TypeExpr:
		d.typ(n)
	default:
		d.other(n)
	}
}

// binary writes a left-leaning chain without a level of recursion for each link.
func (d *dumper) binary(n *Binary) {
	chain := []*Binary{n}
	for {
		x, ok := chain[len(chain)-1].X.(*Binary)
		if !ok {
			break
		}
		chain = append(chain, x)
	}
	for _, n := range chain {
		d.b.WriteByte('(')
		d.b.WriteString(n.Op.String())
		d.b.WriteByte(' ')
	}
	d.node(chain[len(chain)-1].X)
	for i := len(chain) - 1; i >= 0; i-- {
		d.part(chain[i].Y)
		d.b.WriteByte(')')
	}
}

func (d *dumper) property(n *Property) {
	switch {
	case n.Key == nil:
		d.node(n.Value)
	case n.Shorthand:
		d.node(n.Key)
	case n.Computed:
		d.form("computed", n.Key, n.Value)
	case n.Method:
		d.form("method", n.Key, n.Value)
	default:
		d.form(":", n.Key, n.Value)
	}
}

func (d *dumper) stmt(n Stmt) {
	switch n := n.(type) {
	case *Block:
		d.form("block", all(d, n.Stmts))
	case *ExprStmt:
		d.node(n.X)
	case *VarDecl:
		d.form(map[bool]string{false: "let", true: "const"}[n.Const], all(d, n.Decls))
	case *Assign:
		d.form(n.Op.String(), n.Target, n.Pattern, d.tagged("~>", n.Threshold), n.Value)
	case *If:
		d.form("if", n.Cond, n.Then, n.Else)
	case *UncertainIf:
		d.form("uncertain-if", n.Cond, d.tagged("high", n.High), d.tagged("medium", n.Medium), all(d, n.Branches))
	case *For:
		d.form("for", absent(n.Init), absent(n.Cond), absent(n.Post), d.tagged("high", n.High),
			d.tagged("medium", n.Medium), n.Body, all(d, n.Branches))
	case *ForIn:
		d.form("for-in", flag(n.Declare && !n.Const, "let"), flag(n.Const, "const"), n.First, n.Second, n.X, n.Body)
	case *While:
		d.form("while", n.Cond, d.tagged("high", n.High), d.tagged("medium", n.Medium), n.Body, all(d, n.Branches))
	case *DoWhile:
		d.form("do", n.Body, n.Cond)
	case *Break:
		d.form("break")
	case *Continue:
		d.form("continue")
	case *Return:
		d.form("return", n.X)
	case *FuncDecl:
		d.node(n.Func)
	case *Match:
		d.form("match", n.X, all(d, n.Arms))
	case *Try:
		d.form("try", n.Body, d.tagged("param", n.Param), optional(d, "catch", n.Catch), optional(d, "finally", n.Finally))
	case *Throw:
		d.form("throw", n.X)
	case *Context:
		d.form("context", n.Name, n.Body, optional(d, "->", n.To))
	case *AgentsDecl:
		d.form("agents", all(d, n.Agents))
	case *Import:
		d.form("import", n.Default, optional(d, "*", n.Namespace), all(d, n.Names), n.Path)
	case *Export:
		d.form("export", n.Decl, d.tagged("default", n.Default), flag(n.All, "*"), n.Namespace, all(d, n.Names), n.Path)
	case *TypeDecl:
		d.form("type", n.Name, n.Type)
	case *PatternDecl:
		d.form("pattern", n.Name, n.Version, optional(d, "", n.Input), n.Body)
	case *TestDecl:
		d.form("test", n.Name, n.Func.Body)
	case *Parallel:
		d.form("parallel", n.Agents, all(d, n.Options), n.Body)
	case *Sequential:
		d.form("sequential", n.Body)
	case *Race:
		d.form("race", n.Agents, all(d, n.Options), n.Body, d.tagged("until", n.Until))
	case *WithAgents:
		d.form("with_agents", all(d, n.Args), n.Body)
	}
}

// optional returns a part for a pointer that may be nil, tagged unless the tag
// is empty.
func optional[T any, P interface {
	*T
	Node
}](d *dumper, tag string, n P) func() {
	return func() {
		switch {
		case n == nil:
		case tag == "":
			d.part(Node(n))
		default:
			d.b.WriteByte(' ')
			d.form(tag, Node(n))
		}
	}
}

func (d *dumper) pattern(n Pattern) {
	switch n := n.(type) {
	case *IdentPattern:
		if n.Type == nil {
			d.node(n.Name)
			return
		}
		d.form("typed", n.Name, n.Type)
	case *TargetPattern:
		d.form("target", n.Target)
	case *Wildcard:
		d.b.WriteByte('_')
	case *ArrayPattern:
		d.form("array", all(d, n.Elems))
	case *ObjectPattern:
		d.form("object", all(d, n.Elems))
	case *LiteralPattern:
		d.node(n.Value)
	case *RangePattern:
		d.form("..", n.Lo, n.Hi)
	case *AltPattern:
		d.form("|", all(d, n.Alts))
	}
}

func (d *dumper) typ(n TypeExpr) {
	switch n := n.(type) {
	case *NamedType:
		if len(n.Args) == 0 {
			d.node(n.Name)
			return
		}
		d.form(n.Name.Name, all(d, n.Args))
	case *LiteralType:
		d.node(n.Value)
	case *ArrayType:
		d.form("array-of", n.Elem)
	case *TupleType:
		d.form("tuple", all(d, n.Elems))
	case *ObjectType:
		d.form("object", all(d, n.Fields))
	case *FuncType:
		d.form("=>", group(d, n.Params), n.Result)
	case *UnionType:
		d.form("|", all(d, n.Alts))
	case *ConfidentType:
		d.form("~", n.Type, n.Lo, n.Hi)
	}
}

func (d *dumper) other(n Node) {
	switch n := n.(type) {
	case *Declarator:
		if n.Type == nil && n.Threshold == nil && n.Value == nil {
			d.node(n.Pattern)
			return
		}
		d.form("=", n.Pattern, d.tagged(":", n.Type), d.tagged("~>", n.Threshold), n.Value)
	case *LevelBranch:
		d.form(n.Level.String(), n.Body)
	case *Arm:
		d.form("arm", n.Pattern, d.tagged("~>", n.Threshold), d.tagged("if", n.Guard), n.Body)
	case *AgentDecl:
		d.form(":", n.Name, n.Value)
	case *ImportName:
		if n.Alias == n.Name {
			d.node(n.Name)
			return
		}
		d.form("as", n.Name, n.Alias)
	case *InputDecl:
		d.form("input", all(d, n.Fields))
	case *InputField:
		d.form(":", n.Name, flag(n.Optional, "?"), n.Type, all(d, n.Constraints))
	case *Constraint:
		if n.Args == nil && n.Items == nil {
			d.node(n.Name)
			return
		}
		d.form(n.Name.Name, all(d, n.Args), all(d, n.Items))
	case *PatternElem:
		switch {
		case n.Pattern == nil:
			d.b.WriteString("hole")
		case n.Threshold == nil && n.Default == nil && (n.Key == nil || n.Shorthand) && !n.Rest:
			d.node(n.Pattern)
		default:
			var key any
			if !n.Shorthand && n.Key != nil {
				key = n.Key
			}
			d.form(map[bool]string{false: "elem", true: "..."}[n.Rest], key, n.Pattern,
				d.tagged("~>", n.Threshold), d.tagged("=", n.Default))
		}
	case *TypeField:
		d.form(":", n.Name, flag(n.Optional, "?"), n.Type, all(d, n.Constraints))
	default:
		panic(fmt.Sprintf("ast: can't dump a %T", n))
	}
}
