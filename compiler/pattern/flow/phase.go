package flow

import (
	"fmt"
	"math"
	"slices"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
)

// phaseKeys are the keys of a phase: of a pattern without steps, and of a step
// that asks agents.
var phaseKeys = []string{"agents", "groups", "execution", "aggregation", "validation"}

// phase compiles the keys of a phase. path is that of its parts in errors at run
// time, what their name in messages; both are "" or end with a point.
func (c *compiler) phase(o *object, n *document.Node, s *step, path, what string) {
	if a := n.Get("agents"); a != nil && a.Kind != document.Null {
		c.agents(o, a, s, path, what+"agents")
	}
	c.groupsOf(o, n.Get("groups"), s, what+"groups")
	c.execution(o, n.Get("execution"), s, path, what+"execution")
	c.aggregation(o, n.Get("aggregation"), s, path, what+"aggregation")
	c.validation(o, n.Get("validation"), s, path, what+"validation")
}

// ---- Small parts ----

func (c *compiler) integer(o *object, n *document.Node, key, what string, least int) (int, bool) {
	v := n.Get(key)
	i, ok := c.r.Int(v, what+"."+key, least, math.MaxInt)
	if ok {
		o.add(key, v, tree.Num(v.Span, float64(i)))
	}
	return i, ok
}

func (c *compiler) share(o *object, n *document.Node, key, what string) {
	v := n.Get(key)
	if f, ok := c.r.Confidence(v, what+"."+key); ok {
		o.add(key, v, tree.Num(v.Span, f))
	}
}

func (c *compiler) duration(o *object, n *document.Node, key, what string) {
	v := n.Get(key)
	if ms, ok := c.r.Duration(v, what+"."+key); ok {
		o.add(key, v, tree.Num(v.Span, float64(ms)))
	}
}

func (c *compiler) flag(o *object, n *document.Node, key, what string) {
	v := n.Get(key)
	if b, ok := c.r.Bool(v, what+"."+key); ok {
		o.add(key, v, tree.Bool(v.Span, b))
	}
}

func (c *compiler) enum(o *object, n *document.Node, key, what, kind string, known ...string) string {
	v := n.Get(key)
	w, ok := c.r.Enum(v, what+"."+key, kind, known...)
	if !ok {
		return ""
	}
	o.add(key, v, tree.Str(v.Span, w))
	return w
}

func (c *compiler) text(o *object, n *document.Node, key, what string) {
	v := n.Get(key)
	if t, ok := c.r.String(v, what+"."+key); ok {
		o.add(key, v, tree.Str(v.Span, t))
	}
}

func (c *compiler) texts(o *object, n *document.Node, key, what string) {
	v := n.Get(key)
	if list, ok := c.r.StringList(v, what+"."+key); ok {
		elems := make([]ast.Expr, len(list))
		for i, t := range list {
			elems[i] = tree.Str(v.Items[i].Span, t)
		}
		o.add(key, v, tree.List(v.Span, elems...))
	}
}

// ---- Agents ----

var agentKeys = []string{"capabilities", "capability", "min", "minAgents", "max", "maxAgents", "taskTimeout", "prefer", "exclude", "minConfidence"}

func (c *compiler) agents(o *object, n *document.Node, s *step, path, what string) {
	c.place(path+"agents", n.Span)
	a, l := &object{at: n.Span}, newLambda(s)
	if n.Kind == document.List {
		a.add("capabilities", n, c.nameList(n, l, what))
		a.add("min", n, tree.Num(n.Span, 1))
		o.add("agents", n, c.fixed(l, n.Span, a.expr()))
		return
	}
	if !c.r.Map(n, what, agentKeys...) {
		return
	}
	if v := n.Get("capabilities"); v != nil {
		if v.Kind == document.List || v.Kind == document.String && isExpression(v.Text) {
			a.add("capabilities", v, c.nameList(v, l, what+".capabilities"))
		} else if v.Kind != document.Null {
			c.r.WrongType(v, what+".capabilities", "a list")
		}
	} else if v := n.Get("capability"); v != nil {
		if _, ok := c.r.String(v, what+".capability"); ok {
			a.add("capabilities", v, tree.List(v.Span, c.value(v, l)))
		}
	}
	least := 1
	minimum := either(n, "min", "minAgents")
	if minimum != nil {
		if m, ok := c.r.Int(minimum, what+".min", 0, math.MaxInt); ok {
			least = m
		}
		c.place(path+"agents.min", minimum.Span)
		a.add("min", minimum, tree.Num(minimum.Span, float64(least)))
	} else {
		a.add("min", n, tree.Num(n.Span, 1))
	}
	if v := either(n, "max", "maxAgents"); v != nil {
		if m, ok := c.r.Int(v, what+".max", 1, math.MaxInt); ok {
			if minimum != nil && m < least {
				c.r.Errorf(document.OutOfRange, v.Span, "%s.max must be at least %s.min (%d), not %d", what, what, least, m)
			}
			a.add("max", v, tree.Num(v.Span, float64(m)))
		}
	}
	c.duration(a, n, "taskTimeout", what)
	for _, key := range []string{"prefer", "exclude"} {
		if v := n.Get(key); v != nil {
			a.add(key, v, c.nameList(v, l, what+"."+key))
		}
	}
	c.share(a, n, "minConfidence", what)
	o.add("agents", n, c.fixed(l, n.Span, a.expr()))
}

// either is the value of the first key that is there.
func either(n *document.Node, keys ...string) *document.Node {
	for _, key := range keys {
		if v := n.Get(key); v != nil {
			return v
		}
	}
	return nil
}

// nameList compiles a list of names, or an expression that gives one.
func (c *compiler) nameList(n *document.Node, l *lambda, what string) ast.Expr {
	switch {
	case n.Kind == document.String:
		return c.value(n, l)
	case n.Kind == document.List:
		for i, item := range n.Items {
			if _, ok := c.r.String(item, fmt.Sprintf("%s[%d]", what, i)); !ok {
				return tree.Null(n.Span)
			}
		}
		return c.value(n, l)
	}
	c.r.WrongType(n, what, "a list")
	return tree.Null(n.Span)
}

// ---- Groups ----

func (c *compiler) groupsOf(o *object, n *document.Node, s *step, what string) {
	if !c.r.Map(n, what) {
		return
	}
	all := &object{at: n.Span}
	for _, e := range n.Entries {
		at := what + "." + e.Key.Text
		if !c.r.Map(e.Value, at, "match", "take") {
			continue
		}
		g := &object{at: e.Value.Span}
		if m := c.r.Need(e.Value, at, "match"); m != nil {
			g.add("match", m, c.answerTest(m, s, at+".match"))
		}
		c.enum(g, e.Value, "take", at, "way to take answers", "first", "last", "all")
		all.fields = append(all.fields, tree.Field(e.Key.Span, e.Key.Text, g.expr()))
	}
	o.add("groups", n, all.expr())
}

// answerTest compiles a condition over an answer.
func (c *compiler) answerTest(n *document.Node, s *step, what string) ast.Expr {
	l := &lambda{step: s, isEntry: true, entry: entryNames}
	return c.function(l, n.Span, c.condition(n, l, what, nil))
}

// answerExpression compiles an expression over an answer.
func (c *compiler) answerExpression(n *document.Node, s *step, what string, names []string) ast.Expr {
	l := &lambda{step: s, isEntry: true, entry: names}
	return c.function(l, n.Span, c.formula(n, l, what))
}

// formula compiles a text that is an expression in any case, or a number.
func (c *compiler) formula(n *document.Node, l *lambda, what string) ast.Expr {
	if n.Kind == document.Number || n.Kind == document.Bool {
		return tree.Literal(n)
	}
	text, ok := c.r.String(n, what)
	if !ok {
		return tree.Null(n.Span)
	}
	v, _ := c.expression(n, 0, text, l)
	return v.Expr
}

// ---- Execution ----

// strategies of execution.
var strategies = []string{"parallel", "sequential", "race", "first", "cascade", "round-robin"}

func (c *compiler) execution(o *object, n *document.Node, s *step, path, what string) {
	if !c.r.Map(n, what, "strategy", "timeout", "maxConcurrency", "waitForAll", "minResults", "minConfidence", "steps", "stopOnError",
		"maxSteps", "retries") {
		return
	}
	c.place(path+"execution", n.Span)
	x := &object{at: n.Span}
	c.enum(x, n, "strategy", what, "execution strategy", strategies...)
	if steps := n.Get("steps"); steps != nil && n.Get("strategy") == nil {
		x.add("strategy", steps, tree.Str(steps.Span, "sequential"))
	}
	c.duration(x, n, "timeout", what)
	c.integer(x, n, "maxConcurrency", what, 1)
	c.flag(x, n, "waitForAll", what)
	c.integer(x, n, "minResults", what, 0)
	if v := n.Get("minResults"); v != nil {
		c.place(path+"execution.minResults", v.Span)
	}
	c.share(x, n, "minConfidence", what)
	if items, ok := c.r.Items(n.Get("steps"), what+".steps"); ok {
		elems := make([]ast.Expr, 0, len(items))
		for i, item := range items {
			elems = append(elems, c.relayStep(item, s, fmt.Sprintf("%sexecution.steps.%d", path, i), fmt.Sprintf("%s.steps[%d]", what, i)))
		}
		x.add("steps", n.Get("steps"), tree.List(n.Get("steps").Span, elems...))
	}
	c.flag(x, n, "stopOnError", what)
	c.integer(x, n, "maxSteps", what, 1)
	if v := n.Get("maxSteps"); v != nil {
		c.place(path+"execution.maxSteps", v.Span)
	}
	c.integer(x, n, "retries", what, 0)
	o.add("execution", n, x.expr())
}

// relayStep is one of the steps of a sequential execution.
func (c *compiler) relayStep(n *document.Node, s *step, path, what string) ast.Expr {
	x := &object{at: n.Span}
	if !c.r.Map(n, what, "capability", "capabilities", "input", "output", "task") {
		return x.expr()
	}
	c.place(path, n.Span)
	switch v := either(n, "capability", "capabilities"); {
	case v == nil:
		c.r.Missing(n, what, "capability")
	case v.Kind == document.List:
		x.add("capability", v, tree.Literal(v))
	default:
		if t, ok := c.r.String(v, what+".capability"); ok {
			c.place(path+".agents", v.Span)
			x.add("capability", v, tree.Str(v.Span, t))
		}
	}
	if v := n.Get("input"); v != nil {
		x.add("input", v, c.asFunction(v, s))
	}
	c.text(x, n, "task", what)
	if v := n.Get("output"); v != nil {
		if name, ok := c.r.Name(v, what+".output"); ok {
			x.add("output", v, tree.Str(v.Span, name))
		}
	}
	return x.expr()
}

// asFunction compiles a value to a function in any case.
func (c *compiler) asFunction(n *document.Node, s *step) ast.Expr {
	l := newLambda(s)
	return c.function(l, n.Span, c.value(n, l))
}

// ---- Validation ----

var failures = []string{"fail", "retry", "fallback"}

func (c *compiler) validation(o *object, n *document.Node, s *step, path, what string) {
	if !c.r.Map(n, what, "minConfidence", "onFailure", "maxRetries", "retryDelay", "schema", "onInvalid", "checks", "maxLatency",
		"onTimeout", "fallback", "$custom") {
		return
	}
	v := &object{at: n.Span}
	c.place(path+"validation", n.Span)
	for _, key := range []string{"minConfidence", "schema", "checks", "maxLatency"} {
		if at := n.Get(key); at != nil {
			c.place(path+"validation."+key, at.Span)
		}
	}
	c.share(v, n, "minConfidence", what)
	c.enum(v, n, "onFailure", what, "behavior", failures...)
	c.integer(v, n, "maxRetries", what, 0)
	c.duration(v, n, "retryDelay", what)
	if x := n.Get("schema"); x != nil {
		c.schema(v, x, what+".schema")
	}
	c.enum(v, n, "onInvalid", what, "behavior", failures...)
	if items, ok := c.r.Items(n.Get("checks"), what+".checks"); ok {
		var elems []ast.Expr
		for i, item := range items {
			at := fmt.Sprintf("%s.checks[%d]", what, i)
			if !c.r.Map(item, at, "name", "condition", "message") {
				continue
			}
			x := &object{at: item.Span}
			name := c.r.Need(item, at, "name")
			if text, ok := c.r.Text(name, at+".name"); ok {
				x.add("name", name, tree.Str(name.Span, text))
			}
			if cond := c.r.Need(item, at, "condition"); cond != nil {
				c.place(fmt.Sprintf("%svalidation.checks.%d", path, i), cond.Span)
				x.add("condition", cond, c.test(cond, s, at+".condition"))
			}
			elems = append(elems, x.expr())
		}
		v.add("checks", n.Get("checks"), tree.List(n.Get("checks").Span, elems...))
	}
	c.duration(v, n, "maxLatency", what)
	c.enum(v, n, "onTimeout", what, "behavior", append(slices.Clone(failures), "proceed")...)
	c.rescue(v, n, s, what)
	c.override(v, n.Get("$custom"), s, what+".$custom")
	o.add("validation", n, v.expr())
}

// rescue is the fallback of a validation.
func (c *compiler) rescue(o *object, n *document.Node, s *step, what string) {
	f := n.Get("fallback")
	what += ".fallback"
	if !c.r.Map(f, what, "type", "value", "to", "includeContext", "maxAge") {
		return
	}
	x := &object{at: f.Span}
	t := c.r.Need(f, what, "type")
	kind, ok := c.r.Enum(t, what+".type", "fallback type", "default", "escalate", "previous", "cached")
	if ok {
		x.add("type", t, tree.Str(t.Span, kind))
	}
	if v := f.Get("value"); v != nil {
		x.add("value", v, c.dynamic(v, s))
	} else if kind == "default" {
		c.r.Missing(f, what, "value")
	}
	if f.Get("to") == nil && kind == "escalate" {
		c.r.Missing(f, what, "to")
	}
	c.text(x, f, "to", what)
	c.flag(x, f, "includeContext", what)
	c.duration(x, f, "maxAge", what)
	o.add("fallback", f, x.expr())
}

// override is $custom: {condition, action: override, value}.
func (c *compiler) override(o *object, n *document.Node, s *step, what string) {
	if !c.r.Map(n, what, "condition", "action", "value") {
		return
	}
	x := &object{at: n.Span}
	if cond := c.r.Need(n, what, "condition"); cond != nil {
		x.add("condition", cond, c.test(cond, s, what+".condition"))
	}
	if a := c.r.Need(n, what, "action"); a != nil {
		c.enum(x, n, "action", what, "action", "override")
	}
	if v := c.r.Need(n, what, "value"); v != nil {
		x.add("value", v, c.dynamic(v, s))
	}
	o.add("$custom", n, x.expr())
}
