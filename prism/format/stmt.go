package format

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// stmt prints one statement, without the comments around it.
func (p *printer) stmt(s ast.Stmt) *doc {
	switch s := s.(type) {
	case *ast.ExprStmt:
		return p.exprStmt(s)
	case *ast.VarDecl:
		return p.varDecl(s)
	case *ast.Assign:
		return p.assign(s)
	case *ast.Break:
		return text("break")
	case *ast.Continue:
		return text("continue")
	case *ast.Return:
		if s.X == nil {
			return text("return")
		}
		return concat(text("return "), p.expr(s.X, anyLevel))
	case *ast.Throw:
		return concat(text("throw "), p.expr(s.X, anyLevel))
	case *ast.FuncDecl:
		return p.function(s.Func).whole()
	case *ast.Import:
		return p.importStmt(s)
	case *ast.Export:
		return p.exportStmt(s)
	case *ast.TypeDecl:
		return concat(text("type "), p.lead(s.Name.Start), text(s.Name.Name+" = "), p.typ(s.Type))
	case *ast.AgentsDecl:
		return p.agentsDecl(s)
	case *ast.PatternDecl:
		return p.patternDecl(s)
	case *ast.TestDecl:
		return concat(text("test "), p.expr(s.Name, primaryLevel), text(" "), p.lead(s.Func.Body.Start), group(p.block(s.Func.Body, bodyBlock)))
	case inputStmt:
		return p.inputDecl(s.decl)
	case *ast.Block:
		return group(p.block(s, freeBlock))
	case *ast.BadStmt:
		return p.verbatim(s)
	}
	return p.control(s)
}

// exprStmt prints an expression as a statement. Parentheses around all of it
// are kept: they may be there to show that a value is meant.
func (p *printer) exprStmt(s *ast.ExprStmt) *doc {
	switch x := s.X.(type) {
	case *ast.Paren:
		return p.parens(ast.Unparen(x), x.End)
	case *ast.FuncLit:
		if x.Name != nil {
			return p.parens(x, x.End)
		}
	}
	return p.expr(s.X, anyLevel)
}

func (p *printer) varDecl(s *ast.VarDecl) *doc {
	parts := []*doc{text("let ")}
	if s.Const {
		parts[0] = text("const ")
	}
	for i, d := range s.Decls {
		if i > 0 {
			// A pattern at the start of a line would be a statement of its own.
			separator := line
			if _, ok := d.Pattern.(*ast.IdentPattern); !ok {
				separator = space
			}
			parts = append(parts, text(","), p.trail(d.Start), separator)
		}
		parts = append(parts, p.declarator(d))
	}
	return group(parts[0], parts[1], indent(parts[2:]...))
}

func (p *printer) declarator(d *ast.Declarator) *doc {
	parts := []*doc{p.pattern(d.Pattern)}
	if d.Type != nil {
		parts = append(parts, text(": "), p.typ(d.Type))
	}
	if d.Threshold != nil {
		parts = append(parts, text(" ~> "), p.confidence(d.Threshold))
	}
	if d.Value != nil {
		parts = append(parts, text(" = "), p.value(d.Value))
	}
	return concat(parts...)
}

func (p *printer) assign(s *ast.Assign) *doc {
	var parts []*doc
	if s.Pattern != nil {
		parts = append(parts, p.pattern(s.Pattern))
	} else {
		parts = append(parts, p.expr(s.Target, postfixLevel))
	}
	if s.Threshold != nil {
		parts = append(parts, text(" ~> "), p.confidence(s.Threshold))
	}
	return concat(append(parts, text(" "+s.Op.String()+" "), p.value(s.Value))...)
}

func (p *printer) importStmt(s *ast.Import) *doc {
	parts := []*doc{text("import ")}
	start := s.Start
	if s.Default != nil {
		parts = append(parts, p.lead(s.Default.Start), text(s.Default.Name))
		start = s.Default.End
		if s.Namespace != nil || s.Names != nil {
			parts = append(parts, text(", "))
		}
	}
	switch {
	case s.Namespace != nil:
		parts = append(parts, p.lead(s.Namespace.Start), text("* as "+s.Namespace.Name))
	case s.Names != nil:
		parts = append(parts, p.importNames(s.Names, source.Span{Start: start, End: s.Path.Start}))
	}
	if len(parts) > 1 {
		parts = append(parts, text(" from "))
	}
	return concat(append(parts, p.expr(s.Path, anyLevel))...)
}

func (p *printer) importNames(names []*ast.ImportName, span source.Span) *doc {
	at := func(i int) source.Span { return names[i].Span }
	return p.list(list{
		open: "{", close: "}", span: p.enclosing(span.Start, len(names), at, span.End), pad: true,
		separator: ",", trailing: true, n: len(names), at: at,
		item: func(i int) *doc {
			n := names[i]
			if n.Alias == nil || n.Alias == n.Name || p.src == nil && n.Alias.Name == n.Name.Name {
				return text(n.Name.Name)
			}
			return concat(text(n.Name.Name+" as "), p.lead(n.Alias.Start), text(n.Alias.Name))
		},
	}).whole
}

func (p *printer) exportStmt(s *ast.Export) *doc {
	switch {
	case s.Decl != nil:
		return concat(text("export "), p.lead(s.Decl.Range().Start), p.stmt(s.Decl))
	case s.Default != nil:
		return concat(text("export default "), p.value(s.Default))
	}
	parts := []*doc{text("export ")}
	switch {
	case s.Namespace != nil:
		parts = append(parts, p.lead(s.Namespace.Start), text("* as "+s.Namespace.Name))
	case s.All:
		parts = append(parts, text("*"))
	default:
		end := s.End
		if s.Path != nil {
			end = s.Path.Start
		}
		parts = append(parts, p.importNames(s.Names, source.Span{Start: s.Start, End: end}))
	}
	if s.Path != nil {
		parts = append(parts, text(" from "), p.expr(s.Path, anyLevel))
	}
	return concat(parts...)
}

// memberStyle is how the members of a block of members are separated.
type memberStyle uint8

const (
	armStyle    memberStyle = iota // by commas
	fieldStyle                     // by line breaks; by commas when on one line
	branchStyle                    // by line breaks or spaces
)

// members prints { ... } with one member a line: arms, branches, agents, input
// fields. The span begins at or before the "{". One that was written on one
// line may stay there.
func (p *printer) members(span source.Span, style memberStyle, oneLine bool, n int, at func(int) source.Span, item func(int) *doc) *doc {
	l := list{open: "{", close: "}", span: span, pad: true, broken: !oneLine, n: n, at: at, item: item}
	if style == armStyle {
		l.separator, l.trailing = ",", true
	}
	l.flatComma = style == fieldStyle
	return p.list(l).whole
}

func (p *printer) agentsDecl(s *ast.AgentsDecl) *doc {
	return concat(text("agents "), p.members(s.Span, fieldStyle, p.onOneLine(s.Span) && !p.pendingLine(s.End), len(s.Agents),
		func(i int) source.Span { return s.Agents[i].Span },
		func(i int) *doc {
			a := s.Agents[i]
			return concat(text(a.Name.Name+": "), p.value(a.Value))
		}))
}

// inputStmt lets the input block of a pattern stand among its statements.
type inputStmt struct {
	ast.Stmt
	decl *ast.InputDecl
}

func (s inputStmt) Range() source.Span { return s.decl.Span }

func (p *printer) patternDecl(s *ast.PatternDecl) *doc {
	name := s.Name.Name
	if s.Version != "" {
		name += " v" + s.Version
	}
	body := s.Body
	if s.Input != nil {
		with := *body
		with.Stmts = append([]ast.Stmt{inputStmt{decl: s.Input}}, body.Stmts...)
		body = &with
	}
	return concat(text("pattern "), p.lead(s.Name.Start), text(name+" "), group(p.block(body, bodyBlock)))
}

func (p *printer) inputDecl(s *ast.InputDecl) *doc {
	return concat(text("input "), p.members(s.Span, fieldStyle, p.onOneLine(s.Span) && !p.pendingLine(s.End), len(s.Fields),
		func(i int) source.Span { return s.Fields[i].Span },
		func(i int) *doc { return p.inputField(s.Fields[i]) }))
}

func (p *printer) inputField(f *ast.InputField) *doc {
	name := f.Name.Name
	if f.Optional {
		name += "?"
	}
	return group(text(name+": "), p.typ(f.Type), p.constraints(f.Constraints))
}

// constraints prints what stands behind the type of an input field.
func (p *printer) constraints(list []*ast.Constraint) *doc {
	var constraints []*doc
	for _, c := range list {
		constraints = append(constraints, p.trail(c.Start), line, p.constraint(c))
	}
	return indent(constraints...)
}

func (p *printer) constraint(c *ast.Constraint) *doc {
	span := source.Span{Start: c.Name.End, End: c.End}
	switch {
	case c.Items != nil:
		return concat(text(c.Name.Name), p.list(list{
			open: "(", close: ")", span: span, separator: ",", trailing: true, n: len(c.Items),
			at:   func(i int) source.Span { return c.Items[i].Span },
			item: func(i int) *doc { return p.constraint(c.Items[i]) },
		}).whole)
	case c.Args != nil:
		return concat(text(c.Name.Name), p.args(c.Args, span).doc())
	}
	return text(c.Name.Name)
}
