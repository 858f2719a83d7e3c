package flow

import (
	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// gateStep compiles the conditions of a gate and where it leads.
func (c *compiler) gateStep(o *object, s *step) {
	n := s.node
	cond := n.Get("condition")
	if cond == nil {
		c.r.Missing(n, s.what, "condition")
	} else {
		items := []*document.Node{cond}
		if cond.Kind == document.List {
			items = cond.Items
		}
		elems := make([]ast.Expr, len(items))
		for i, item := range items {
			elems[i] = c.test(item, s, s.what+".condition")
		}
		o.add("conditions", cond, tree.List(cond.Span, elems...))
	}
	for _, key := range []string{"onPass", "onFail"} {
		if v := n.Get(key); v != nil {
			c.place(s.path+key, v.Span)
			o.add(key, v, c.targetExpr(v, s, s.what+"."+key, true))
		}
	}
	if v := n.Get("onTimeout"); v != nil {
		c.enum(o, n, "onTimeout", s.what, "behavior", "proceed", "fail")
	}
}

// switchStep compiles a switch: its value, its cases in order, and what happens
// when none applies.
func (c *compiler) switchStep(o *object, s *step) {
	n := s.node
	c.need(s, "value", func(v *document.Node) {
		c.place(s.path+"value", v.Span)
		o.add("value", v, c.raw(v, s))
	})
	cases := c.r.Need(n, s.what, "cases")
	var elems []ast.Expr
	otherwise := n.Get("default")
	if cases != nil && c.r.Map(cases, s.what+".cases") {
		for _, e := range cases.Entries {
			if e.Key.Text == "default" {
				otherwise = e.Value
				continue
			}
			elems = append(elems, c.caseExpr(e.Key, e.Value, s, s.what+".cases."+e.Key.Text))
		}
		o.add("cases", cases, tree.List(cases.Span, elems...))
	}
	if otherwise != nil {
		o.add("otherwise", otherwise, c.caseExpr(nil, otherwise, s, s.what+".default"))
	}
}

// caseExpr compiles one case of a switch: where it leads and when.
func (c *compiler) caseExpr(key, n *document.Node, s *step, what string) ast.Expr {
	x := &object{at: n.Span}
	cond := n.Get("condition")
	switch {
	case cond != nil:
		l := &lambda{step: s, params: map[string]sort{"value": data}}
		subject := func() ast.Expr { return tree.Ident(cond.Span, "value") }
		body := c.condition(cond, l, what+".condition", subject)
		f := c.function(l, cond.Span, body).(*ast.FuncLit)
		f.Params = append([]*ast.Param{{Pattern: &ast.IdentPattern{Name: tree.Ident(source.Span{}, "value")}}}, f.Params...)
		x.add("when", cond, f)
	case key != nil:
		x.add("is", key, tree.Str(key.Span, key.Text))
	}
	if n.Kind == document.Map && n.Get("pattern") != nil {
		c.r.Keys(n, what, "condition", "pattern", "input", "output", "next")
		c.place(s.path+"pattern", n.Get("pattern").Span)
		c.patternOf(x, n.Get("pattern"), what+".pattern")
		if v := n.Get("input"); v != nil {
			x.add("input", v, c.dynamic(v, s))
		}
		if v := n.Get("output"); v != nil {
			if name, ok := c.r.Name(v, what+".output"); ok {
				x.add("output", v, tree.Str(v.Span, name))
			}
		}
		if v := n.Get("next"); v != nil {
			c.addTarget(x, v, s, what+".next")
		}
		return x.expr()
	}
	t := c.targetExpr(n, s, what, false)
	if o, ok := t.(*ast.ObjectLit); ok {
		x.fields = append(x.fields, o.Props...)
	}
	return x.expr()
}

// addTarget adds where a jump leads: next, or end.
func (c *compiler) addTarget(x *object, v *document.Node, s *step, what string) {
	name, ok := c.r.String(v, what)
	if !ok {
		return
	}
	t := c.resolve(v, name, s)
	switch {
	case t == nil:
	case t.to == nil:
		x.add("end", v, tree.Bool(v.Span, true))
	default:
		x.add("next", v, tree.Str(v.Span, name))
	}
}

// targetExpr compiles the target of a gate or switch: the name of a step, output,
// {next}, {output: value}, or of gates {type: retry, target, maxRetries}.
func (c *compiler) targetExpr(n *document.Node, s *step, what string, gate bool) ast.Expr {
	x := &object{at: n.Span}
	if n.Kind == document.String {
		if gate && n.Text == "fail" && c.steps["fail"] == nil {
			x.add("fail", n, tree.Bool(n.Span, true))
			return x.expr()
		}
		if gate && n.Text == "continue" && c.steps["continue"] == nil {
			return x.expr()
		}
		c.addTarget(x, n, s, what)
		return x.expr()
	}
	if !c.r.Map(n, what) {
		return x.expr()
	}
	if t := n.Get("type"); gate && t != nil {
		c.r.Keys(n, what, "type", "target", "maxRetries")
		if _, ok := c.r.Enum(t, what+".type", "reaction", "retry"); !ok {
			return x.expr()
		}
		if v := c.r.Need(n, what, "target"); v != nil {
			c.addTarget(x, v, s, what+".target")
		}
		if _, ok := c.integer(x, n, "maxRetries", what, 1); !ok && n.Get("maxRetries") == nil {
			x.add("maxRetries", n, tree.Num(n.Span, 3))
		}
		return x.expr()
	}
	if gate {
		c.r.Keys(n, what, "next", "output", "type", "target", "maxRetries")
	} else {
		c.r.Keys(n, what, "condition", "next", "output", "pattern", "input")
	}
	switch {
	case n.Get("next") != nil:
		c.addTarget(x, n.Get("next"), s, what+".next")
	case n.Get("output") != nil:
		v := n.Get("output")
		l := newLambda(s)
		x.add("output", v, c.function(l, v.Span, c.rawIn(v, l)))
	default:
		c.r.Missing(n, what, "next")
	}
	return x.expr()
}
