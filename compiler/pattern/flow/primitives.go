package flow

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
)

// primitive compiles the keys of the types of steps that work on what is there.
func (c *compiler) primitive(o *object, s *step) {
	n := s.node
	rawKey := func(key string) func(*document.Node) {
		return func(v *document.Node) { o.add(key, v, c.raw(v, s)) }
	}
	valueKey := func(key string) func(*document.Node) {
		return func(v *document.Node) { o.add(key, v, c.dynamic(v, s)) }
	}
	optional := func(key string, f func(*document.Node)) {
		if v := n.Get(key); v != nil {
			f(v)
		}
	}
	switch s.kind {
	case "filter":
		c.filterStep(o, s)
	case "assign":
		c.assignStep(o, s)
	case "split":
		c.need(s, "items", rawKey("items"))
		optional("chunkSize", func(v *document.Node) {
			if v.Kind == document.Number {
				c.integer(o, n, "chunkSize", s.what, 1)
			} else {
				rawKey("chunkSize")(v)
			}
		})
	case "reduce":
		c.reduceStep(o, s)
	case "compute":
		c.need(s, "operation", func(*document.Node) {
			c.enum(o, n, "operation", s.what, "operation", "cosine_similarity", "sum", "mean")
		})
		c.need(s, "inputs", valueKey("inputs"))
	case "compare":
		c.need(s, "inputs", valueKey("inputs"))
		c.share(o, n, "similarity", s.what)
		optional("onInconsistent", func(v *document.Node) { c.redirect(o, "onInconsistent", v, s) })
	case "default":
		c.need(s, "value", valueKey("value"))
	case "escalate":
		c.need(s, "to", func(*document.Node) { c.text(o, n, "to", s.what) })
		c.text(o, n, "reason", s.what)
		optional("context", valueKey("context"))
	case "extract":
		c.extractStep(o, s)
	case "template":
		c.templateStep(o, s)
	case "threshold":
		c.share(o, n, "minConfidence", s.what)
		optional("minConfidence", func(v *document.Node) { c.place(s.path+"minConfidence", v.Span) })
		c.replaceInput(o, s)
		optional("onFail", func(v *document.Node) { c.redirect(o, "onFail", v, s) })
	case "validate":
		c.need(s, "schema", func(v *document.Node) {
			c.place(s.path+"schema", v.Span)
			c.schema(o, v, s.what+".schema")
		})
		c.replaceInput(o, s)
		optional("onInvalid", func(v *document.Node) { c.redirect(o, "onInvalid", v, s) })
	case "delay":
		c.need(s, "ms", func(*document.Node) { c.duration(o, n, "ms", s.what) })
	case "log":
		c.enum(o, n, "level", s.what, "level", "debug", "info", "warn", "error")
		c.need(s, "message", func(v *document.Node) {
			if _, ok := c.r.String(v, s.what+".message"); ok {
				o.add("message", v, c.textOrTemplate(v, s))
			}
		})
	case "cache":
		optional("key", valueKey("key"))
		c.duration(o, n, "ttl", s.what)
		c.task(o, s)
	case "retry":
		c.integer(o, n, "maxAttempts", s.what, 1)
		c.duration(o, n, "delay", s.what)
		c.enum(o, n, "backoff", s.what, "backoff", "fixed", "linear", "exponential")
		c.share(o, n, "minConfidence", s.what)
		c.task(o, s)
	case "timeout":
		c.need(s, "ms", func(v *document.Node) {
			c.place(s.path+"timeout", v.Span)
			c.duration(o, n, "ms", s.what)
		})
		c.task(o, s)
		optional("fallback", valueKey("fallback"))
	case "ask":
		c.need(s, "question", func(v *document.Node) {
			if _, ok := c.r.String(v, s.what+".question"); ok {
				o.add("question", v, c.textOrTemplate(v, s))
			}
		})
		optional("options", valueKey("options"))
		c.share(o, n, "confidence", s.what)
	}
}

// replaceInput compiles the input of a step that checks it, records and all.
func (c *compiler) replaceInput(o *object, s *step) {
	v := s.node.Get("input")
	if v == nil {
		return
	}
	for _, p := range o.fields {
		if id, ok := p.Key.(*ast.Ident); ok && id.Name == "input" {
			p.Value = c.raw(v, s)
		}
	}
}

func (c *compiler) filterStep(o *object, s *step) {
	n := s.node
	l := newLambda(s)
	items, from := c.items(n, l, s.what)
	if v := n.Get("items"); v != nil {
		o.add("items", v, c.fixed(l, v.Span, items))
	}
	outer := newLambda(s)
	in := &lambda{step: s, item: true, params: map[string]sort{"item": from, "value": from, "key": data, "index": data}}
	cond := either(n, "condition", "conditions")
	if cond == nil {
		c.r.Missing(n, s.what, "condition")
		return
	}
	in.parent = outer
	body := c.itemNames(in, c.condition(cond, in, s.what+".condition", nil))
	f := c.function(outer, cond.Span, c.inner(in, cond.Span, body, "item", "key", "index", "items"))
	o.add("test", cond, f)
}

// assignStep compiles names with values, each of which sees those before it.
func (c *compiler) assignStep(o *object, s *step) {
	v := c.r.Need(s.node, s.what, "values")
	if v == nil || !c.r.Map(v, s.what+".values") {
		return
	}
	x := &object{at: v.Span}
	var before []string
	for _, e := range v.Entries {
		if _, ok := c.r.Name(e.Key, s.what+".values"); !ok {
			continue
		}
		l := newLambda(s)
		l.own = before
		x.fields = append(x.fields, tree.Field(e.Key.Span, e.Key.Text, c.rawWith(e.Value, l)))
		before = append(before, e.Key.Text)
	}
	o.add("values", v, x.expr())
}

func (c *compiler) reduceStep(o *object, s *step) {
	n := s.node
	c.need(s, "items", func(v *document.Node) { o.add("items", v, c.raw(v, s)) })
	op := ""
	c.need(s, "operation", func(*document.Node) {
		op = c.enum(o, n, "operation", s.what, "operation", "merge", "sum", "average", "min", "max", "concat", "custom")
	})
	c.enum(o, n, "method", s.what, "merge method", "shallow", "deep", "concat", "union", "intersection")
	c.text(o, n, "field", s.what)
	if v := n.Get("initial"); v != nil {
		o.add("initial", v, c.dynamic(v, s))
	}
	if f := n.Get("function"); f != nil {
		o.add("function", f, c.moduleFunction(f, s.what+".function"))
	} else if op == "custom" {
		c.r.Missing(n, s.what, "function")
	}
}

func (c *compiler) extractStep(o *object, s *step) {
	n := s.node
	c.need(s, "source", func(v *document.Node) { o.add("source", v, c.raw(v, s)) })
	fields := c.r.Need(n, s.what, "fields")
	items, ok := c.r.Items(fields, s.what+".fields")
	if !ok {
		return
	}
	var elems []ast.Expr
	for i, item := range items {
		what := fmt.Sprintf("%s.fields[%d]", s.what, i)
		path, as := item, item
		if item.Kind == document.Map {
			c.r.Keys(item, what, "path", "as")
			if path = c.r.Need(item, what, "path"); path == nil {
				continue
			}
			if as = item.Get("as"); as == nil {
				as = path
			}
		}
		text, ok := c.r.String(path, what+".path")
		name, fine := c.r.String(as, what+".as")
		if !ok || !fine {
			continue
		}
		parts := pathParts(text)
		if as == path {
			name = parts[len(parts)-1]
		}
		keys := make([]ast.Expr, len(parts))
		for k, p := range parts {
			if i, err := strconv.ParseUint(p, 10, 31); err == nil {
				keys[k] = tree.Num(path.Span, float64(i))
			} else {
				keys[k] = tree.Str(path.Span, p)
			}
		}
		x := &object{at: item.Span}
		x.add("path", path, tree.List(path.Span, keys...))
		x.add("as", as, tree.Str(as.Span, name))
		elems = append(elems, x.expr())
	}
	o.add("fields", fields, tree.List(fields.Span, elems...))
}

// pathParts splits a path of names and places in lists: a.b[0].c or a.b.0.c.
func pathParts(text string) []string {
	return strings.Split(indexed.ReplaceAllString(text, ".$1"), ".")
}

var indexed = regexp.MustCompile(`\[(\d+)\]`)

// templateStep compiles text with {{expressions}}, in which the entries of data
// stand bare.
func (c *compiler) templateStep(o *object, s *step) {
	t := c.r.Need(s.node, s.what, "template")
	text, ok := c.r.String(t, s.what+".template")
	if !ok {
		return
	}
	l := newLambda(s)
	in := &lambda{parent: l, step: s, result: true}
	if d := s.node.Get("data"); d != nil && c.r.Map(d, s.what+".data") {
		in.sib = &siblings{c: c, l: l, n: d, wanted: map[string]bool{}, idents: map[string]string{}}
	}
	v := c.template(t, text, in)
	o.add("text", t, c.fixed(l, t.Span, v))
}

// redirect compiles what a failed check leads to: fail, proceed, or a step.
func (c *compiler) redirect(o *object, key string, n *document.Node, s *step) {
	what := s.what + "." + key
	c.place(s.path+key, n.Span)
	x := &object{at: n.Span}
	if n.Kind == document.String {
		switch n.Text {
		case "fail":
			x.add("fail", n, tree.Bool(n.Span, true))
		case "proceed", "continue":
			x.add("proceed", n, tree.Bool(n.Span, true))
		default:
			c.addTarget(x, n, s, what)
		}
	} else if c.r.Map(n, what, "next") {
		if v := c.r.Need(n, what, "next"); v != nil {
			c.addTarget(x, v, s, what+".next")
		}
	}
	o.add(key, n, x.expr())
}
