package graph

import (
	"strings"

	"github.com/parallaxai/parallax/compiler/library"
	"github.com/parallaxai/parallax/prism/ast"
)

// expr draws what an expression does, in the order in which it does it.
func (b *builder) expr(e ast.Expr) {
	switch e := e.(type) {
	case nil:
	case *ast.FuncLit: // runs when it is called
	case *ast.If:
		b.condition(e, e.Cond, func() { b.stmt(e.Then) }, func() { b.stmt(e.Else) }, b.interesting(e.Then) || b.interesting(e.Else))
	case *ast.Ternary:
		b.condition(e, e.Cond, func() { b.expr(e.Then) }, func() { b.expr(e.Else) }, b.interesting(e.Then) || b.interesting(e.Else))
	case *ast.UncertainIf:
		b.uncertain(e)
	case *ast.Match:
		b.match(e)
	case *ast.Try:
		b.try(e)
	case *ast.Parallel:
		b.parallel(e)
	case *ast.Race:
		b.race(e)
	case *ast.Sequential:
		b.block(e.Body)
	case *ast.Context:
		b.block(e.Body)
	case *ast.WithAgents:
		b.add(Agents, e.Span, "agents", b.arguments(e.Args))
		b.tasks++
		b.block(e.Body)
		b.tasks--
	case *ast.Block:
		b.block(e)
	case *ast.Call:
		b.call(e)
	default:
		ast.Children(e, func(n ast.Node) {
			switch n := n.(type) {
			case ast.Expr:
				b.expr(n)
			case *ast.Property:
				if !n.Method {
					b.expr(n.Value)
				}
			}
		})
	}
}

// arguments is the source of arguments on one line.
func (b *builder) arguments(args []ast.Expr) string {
	parts := make([]string, len(args))
	for i, a := range args {
		parts[i] = b.text(a)
	}
	return strings.Join(parts, ", ")
}

// isLibrary reports whether a name is that of a library function.
func isLibrary(name string) bool { return library.Global(name) || strings.HasPrefix(name, "__") }

// call draws a call: of a function that is known, of one of this file, or of
// whatever agents are asked to do.
func (b *builder) call(c *ast.Call) {
	name := ""
	if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok {
		name = id.Name
	} else {
		b.expr(c.Fun)
	}
	draw := known(name)
	if f := b.funcs[name]; f != nil {
		draw = func(b *builder, c *ast.Call) {
			b.args(c)
			b.inline(f)
		}
	}
	switch {
	case draw != nil:
		draw(b, c)
	case b.tasks > 0 && name != "" && !isLibrary(name):
		b.args(c)
		b.add(Task, c.Span, name, b.arguments(c.Args))
	default:
		b.args(c)
		// Functions given to others, as in map(x => call(x, ...)).
		for _, a := range c.Args {
			if f, ok := ast.Unparen(a).(*ast.FuncLit); ok {
				b.inline(f)
			}
		}
	}
}

// args draws the arguments that are no functions.
func (b *builder) args(c *ast.Call) {
	for _, a := range c.Args {
		if n, ok := a.(*ast.NamedArg); ok {
			a = n.Value
		}
		b.expr(a)
	}
}

// inline draws the body of a function in the place of its call.
func (b *builder) inline(f *ast.FuncLit) {
	if len(b.open) >= maxDepth || b.full {
		return
	}
	for _, o := range b.open {
		if o == f {
			return
		}
	}
	b.open = append(b.open, f)
	b.block(f.Body)
	b.expr(f.Expr)
	b.open = b.open[:len(b.open)-1]
}

// drawer draws a call of a known function.
type drawer func(b *builder, c *ast.Call)

// known returns how calls of a function are drawn, nil for others.
func known(name string) drawer { return drawers[name] }

var drawers map[string]drawer

func init() {
	simple := func(k Kind, title string) drawer {
		return func(b *builder, c *ast.Call) {
			b.args(c)
			b.add(k, c.Span, title, b.detail(c))
		}
	}
	aggregate := func(name string) drawer {
		return func(b *builder, c *ast.Call) {
			b.args(c)
			rest := c.Args
			if len(rest) > 0 {
				rest = rest[1:]
			}
			b.add(Aggregate, c.Span, name, b.settings(rest))
		}
	}
	wrapped := func(k Kind, title string) drawer {
		return func(b *builder, c *ast.Call) {
			r := b.add(k, c.Span, title, b.settings(c.Args))
			before := len(b.g.Nodes)
			b.args(c)
			var out []exit
			start := b.exits
			for _, a := range elements(c.Args) {
				if f, ok := ast.Unparen(a).(*ast.FuncLit); ok {
					b.exits = start
					b.inline(f)
					out = append(out, b.exits...)
				}
			}
			if out == nil || len(b.g.Nodes) == before {
				return
			}
			b.exits = out
			if k == Repeat {
				for _, e := range b.exits {
					b.edge(Edge{From: e.from, To: r, Label: "again", Dashed: true})
				}
			}
		}
	}
	drawers = map[string]drawer{
		"select": func(b *builder, c *ast.Call) {
			b.args(c)
			b.add(Agents, c.Span, "agents", b.settings(c.Args))
		},
		"call": func(b *builder, c *ast.Call) {
			b.args(c)
			lines := []string{"ask"}
			if len(c.Args) > 0 {
				lines[0] = "ask " + b.text(c.Args[0])
			}
			if len(c.Args) > 1 {
				lines = append(lines, b.text(c.Args[1]))
			}
			b.add(Task, c.Span, lines...)
		},
		"llm":          simple(Model, "ask a model"),
		"stream_llm":   simple(Model, "ask a model"),
		"ask":          simple(Person, "ask a person"),
		"escalate":     simple(Handover, "hand over to"),
		"vote":         aggregate("vote"),
		"consensus":    aggregate("consensus"),
		"merge":        aggregate("merge"),
		"best":         aggregate("best answer"),
		"synthesize":   aggregate("surest answer"),
		"majorityVote": aggregate("majority"),
		"quorum":       aggregate("quorum"),
		"retry":        wrapped(Repeat, "retry"),
		"timeout":      wrapped(Step, "in time"),
		"fallback":     wrapped(Step, "first that works"),
		"map_agents":   wrapped(Fork, "for each agent"),
		"saga":         wrapped(Step, "all or nothing"),
		"fail": func(b *builder, c *ast.Call) {
			b.args(c)
			b.add(Failure, c.Span, "fails", b.detail(c))
			b.over()
		},
		// Patterns in YAML.
		"run": func(b *builder, c *ast.Call) {
			if len(c.Args) > 0 {
				if o, ok := c.Args[0].(*ast.ObjectLit); ok {
					b.flow(o)
					return
				}
			}
			b.args(c)
		},
		"office":  chart,
		"assign":  work("ask"),
		"review":  work("review by"),
		"approve": work("approval by"),
		"together": func(b *builder, c *ast.Call) {
			f := b.add(Fork, c.Span, "at the same time")
			var out []exit
			for _, a := range elements(c.Args) {
				if fn, ok := ast.Unparen(a).(*ast.FuncLit); ok {
					b.way(f, "", &out, func() { b.inline(fn) })
				}
			}
			if len(out) > 0 {
				b.exits = out
			}
		},
		"aggregate": func(b *builder, c *ast.Call) {
			b.args(c)
			b.add(Aggregate, c.Span, b.first(c))
		},
		"waitFor": simple(Step, "wait for"),
	}
}

// elements are arguments with those that stand in arrays.
func elements(args []ast.Expr) []ast.Expr {
	var out []ast.Expr
	for _, a := range args {
		if l, ok := ast.Unparen(a).(*ast.ArrayLit); ok {
			out = append(out, elements(l.Elems)...)
			continue
		}
		out = append(out, a)
	}
	return out
}

// work draws a step of an org chart: f(staff, role, what).
func work(verb string) drawer {
	return func(b *builder, c *ast.Call) {
		b.args(c)
		lines := []string{verb}
		if len(c.Args) > 1 {
			lines[0] = verb + " " + b.text(c.Args[1])
		}
		if len(c.Args) > 2 {
			if s, ok := c.Args[2].(*ast.StringLit); ok {
				lines = append(lines, s.Value)
			} else if t, ok := c.Args[2].(*ast.Template); ok {
				lines = append(lines, b.text(t))
			}
		}
		b.add(Task, c.Span, lines...)
	}
}

// chart draws the roles of an office.
func chart(b *builder, c *ast.Call) {
	lines := []string{"roles"}
	if len(c.Args) > 0 {
		if o, ok := c.Args[0].(*ast.ObjectLit); ok {
			if roles, ok := prop(o, "roles").(*ast.ObjectLit); ok {
				for _, p := range roles.Props {
					line := keyOf(p)
					if r, ok := p.Value.(*ast.ObjectLit); ok {
						if caps := b.words(prop(r, "capabilities")); caps != "" {
							line += ": " + caps
						}
					}
					lines = append(lines, line)
				}
			}
		}
	}
	b.add(Agents, c.Span, lines...)
}

// detail is the first argument as people read it.
func (b *builder) detail(c *ast.Call) string { return b.first(c) }

func (b *builder) first(c *ast.Call) string {
	if len(c.Args) == 0 {
		return ""
	}
	return b.text(c.Args[0])
}

// settings lists named arguments, and the properties of objects.
func (b *builder) settings(args []ast.Expr) string {
	var parts []string
	add := func(name string, v ast.Expr) {
		if _, ok := ast.Unparen(v).(*ast.FuncLit); ok {
			return
		}
		value := b.words(v)
		switch name {
		case "capabilities", "capability", "method", "strategy":
			parts = append(parts, value)
		default:
			parts = append(parts, name+" "+value)
		}
	}
	for _, a := range args {
		switch a := a.(type) {
		case *ast.NamedArg:
			add(a.Name.Name, a.Value)
		case *ast.ObjectLit:
			for _, p := range a.Props {
				if p.Key != nil {
					add(keyOf(p), p.Value)
				}
			}
		}
	}
	return strings.Join(parts, ", ")
}

// words are the elements of a list without quotes, or the source.
func (b *builder) words(e ast.Expr) string {
	if e == nil {
		return ""
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.ArrayLit:
		var parts []string
		for _, el := range x.Elems {
			parts = append(parts, b.words(el))
		}
		return strings.Join(parts, ", ")
	case *ast.FuncLit:
		if x.Expr != nil {
			return b.text(x.Expr)
		}
	case *ast.BoolLit:
		if x.Value {
			return "yes"
		}
		return "no"
	}
	return b.text(e)
}

// prop is the value of a property of an object literal, nil without.
func prop(o *ast.ObjectLit, key string) ast.Expr {
	for _, p := range o.Props {
		if p.Key != nil && !p.Computed && keyOf(p) == key {
			return p.Value
		}
	}
	return nil
}

func keyOf(p *ast.Property) string {
	switch k := p.Key.(type) {
	case *ast.Ident:
		return k.Name
	case *ast.StringLit:
		return k.Value
	}
	return ""
}
