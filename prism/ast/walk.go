package ast

// Walk calls visit for the node and, where visit returns true, for everything
// below it, in order of the source. A nil node is not visited.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	Children(n, func(child Node) { Walk(child, visit) })
}

// Children calls visit for each direct part of a node that is present, in order
// of the source. A part that two fields share (the name of a shorthand, an
// import without "as") is visited once. Names kept as plain strings, literal
// texts of templates and comments are no nodes.
func Children(n Node, visit func(Node)) {
	c := children{visit}
	switch n := n.(type) {
	case *File:
		list(c, n.Stmts)

	case *Template:
		list(c, n.Exprs)
	case *ArrayLit:
		list(c, n.Elems)
	case *Spread:
		c.expr(n.X)
	case *ObjectLit:
		list(c, n.Props)
	case *Property:
		if !n.Shorthand {
			c.expr(n.Key)
		}
		c.expr(n.Value)
	case *FuncLit:
		c.ident(n.Name)
		list(c, n.Params)
		c.typ(n.Result)
		c.expr(n.Confidence)
		c.block(n.Body)
		c.expr(n.Expr)
	case *Param:
		c.pattern(n.Pattern)
		c.typ(n.Type)
		c.expr(n.Default)
	case *Unary:
		c.expr(n.X)
	case *Update:
		c.expr(n.X)
	case *Await:
		c.expr(n.X)
	case *Binary:
		c.expr(n.X)
		c.expr(n.Y)
	case *Ternary:
		c.expr(n.Cond)
		c.expr(n.Then)
		c.expr(n.Else)
	case *Call:
		c.expr(n.Fun)
		list(c, n.Args)
	case *NamedArg:
		c.ident(n.Name)
		c.expr(n.Value)
	case *Member:
		c.expr(n.X)
		c.ident(n.Name)
	case *Index:
		c.expr(n.X)
		c.expr(n.Index)
	case *Paren:
		c.expr(n.X)

	case *Block:
		list(c, n.Stmts)
	case *ExprStmt:
		c.expr(n.X)
	case *VarDecl:
		list(c, n.Decls)
	case *Declarator:
		c.pattern(n.Pattern)
		c.typ(n.Type)
		c.expr(n.Threshold)
		c.expr(n.Value)
	case *Assign:
		c.expr(n.Target)
		c.pattern(n.Pattern)
		c.expr(n.Threshold)
		c.expr(n.Value)
	case *If:
		c.expr(n.Cond)
		c.stmt(n.Then)
		c.stmt(n.Else)
	case *UncertainIf:
		c.expr(n.Cond)
		c.expr(n.High)
		c.expr(n.Medium)
		list(c, n.Branches)
	case *LevelBranch:
		c.block(n.Body)
	case *For:
		c.stmt(n.Init)
		c.expr(n.Cond)
		c.stmt(n.Post)
		c.stmt(n.Body)
		c.expr(n.High)
		c.expr(n.Medium)
		list(c, n.Branches)
	case *ForIn:
		c.pattern(n.First)
		c.pattern(n.Second)
		c.expr(n.X)
		c.stmt(n.Body)
	case *While:
		c.expr(n.Cond)
		c.stmt(n.Body)
		c.expr(n.High)
		c.expr(n.Medium)
		list(c, n.Branches)
	case *DoWhile:
		c.stmt(n.Body)
		c.expr(n.Cond)
	case *Return:
		c.expr(n.X)
	case *FuncDecl:
		if n.Func != nil {
			visit(n.Func)
		}
	case *Match:
		c.expr(n.X)
		list(c, n.Arms)
	case *Arm:
		c.pattern(n.Pattern)
		c.expr(n.Threshold)
		c.expr(n.Guard)
		c.expr(n.Body)
	case *Try:
		c.block(n.Body)
		c.pattern(n.Param)
		c.block(n.Catch)
		c.block(n.Finally)
	case *Throw:
		c.expr(n.X)
	case *Context:
		c.ident(n.Name)
		c.block(n.Body)
		c.ident(n.To)
	case *AgentsDecl:
		list(c, n.Agents)
	case *AgentDecl:
		c.ident(n.Name)
		c.expr(n.Value)
	case *Import:
		c.ident(n.Default)
		c.ident(n.Namespace)
		list(c, n.Names)
		c.path(n.Path)
	case *ImportName:
		c.ident(n.Name)
		if n.Alias != n.Name {
			c.ident(n.Alias)
		}
	case *Export:
		c.stmt(n.Decl)
		c.expr(n.Default)
		c.ident(n.Namespace)
		list(c, n.Names)
		c.path(n.Path)
	case *TypeDecl:
		c.ident(n.Name)
		c.typ(n.Type)
	case *PatternDecl:
		c.ident(n.Name)
		if n.Input != nil {
			visit(n.Input)
		}
		c.block(n.Body)
	case *TestDecl:
		c.path(n.Name)
		if n.Func != nil {
			visit(n.Func)
		}
	case *InputDecl:
		list(c, n.Fields)
	case *InputField:
		c.ident(n.Name)
		c.typ(n.Type)
		list(c, n.Constraints)
	case *Constraint:
		c.ident(n.Name)
		list(c, n.Args)
		list(c, n.Items)
	case *Parallel:
		c.expr(n.Agents)
		list(c, n.Options)
		c.block(n.Body)
	case *Sequential:
		c.block(n.Body)
	case *Race:
		c.expr(n.Agents)
		list(c, n.Options)
		c.block(n.Body)
		c.expr(n.Until)
	case *WithAgents:
		list(c, n.Args)
		c.block(n.Body)

	case *IdentPattern:
		c.ident(n.Name)
		c.typ(n.Type)
	case *TargetPattern:
		c.expr(n.Target)
	case *ArrayPattern:
		list(c, n.Elems)
	case *ObjectPattern:
		list(c, n.Elems)
	case *PatternElem:
		if !n.Shorthand {
			c.expr(n.Key)
		}
		c.pattern(n.Pattern)
		c.expr(n.Threshold)
		c.expr(n.Default)
	case *LiteralPattern:
		c.expr(n.Value)
	case *RangePattern:
		c.expr(n.Lo)
		c.expr(n.Hi)
	case *AltPattern:
		list(c, n.Alts)

	case *NamedType:
		c.ident(n.Name)
		list(c, n.Args)
	case *LiteralType:
		c.expr(n.Value)
	case *ArrayType:
		c.typ(n.Elem)
	case *TupleType:
		list(c, n.Elems)
	case *ObjectType:
		list(c, n.Fields)
	case *TypeField:
		c.typ(n.Type)
		list(c, n.Constraints)
	case *FuncType:
		list(c, n.Params)
		c.typ(n.Result)
	case *UnionType:
		list(c, n.Alts)
	case *ConfidentType:
		c.typ(n.Type)
		c.expr(n.Lo)
		c.expr(n.Hi)
	}
}

// children visits parts that may be absent; its methods exist because a nil
// pointer in an interface is not a nil interface.
type children struct{ visit func(Node) }

func (c children) expr(n Expr) {
	if n != nil {
		c.visit(n)
	}
}

func (c children) stmt(n Stmt) {
	if n != nil {
		c.visit(n)
	}
}

func (c children) pattern(n Pattern) {
	if n != nil {
		c.visit(n)
	}
}

func (c children) typ(n TypeExpr) {
	if n != nil {
		c.visit(n)
	}
}

func (c children) ident(n *Ident) {
	if n != nil {
		c.visit(n)
	}
}

func (c children) block(n *Block) {
	if n != nil {
		c.visit(n)
	}
}

func (c children) path(n *StringLit) {
	if n != nil {
		c.visit(n)
	}
}

func list[T Node](c children, nodes []T) {
	for _, n := range nodes {
		c.visit(n)
	}
}
