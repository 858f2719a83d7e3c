package flow

import (
	"fmt"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
)

// ---- Aggregation ----

// aggregations are the strategies of aggregation.
var aggregations = []string{"voting", "consensus", "merge", "best", "first", "custom", "average", "median", "min", "max", "sum"}

var aggregationKeys = []string{"strategy", "method", "minVotes", "onInsufficientVotes", "weights", "tieBreaker", "noMajorityBehavior",
	"maxRetries", "field", "by", "normalize", "confidence", "threshold", "minConfidence", "conflictResolution", "fields", "arrayStrategy",
	"deduplication", "deduplicate", "deduplicationKey", "mergeFields", "scoring", "limit", "expression", "function"}

func (c *compiler) aggregation(o *object, n *document.Node, s *step, path, what string) {
	if !c.r.Map(n, what, aggregationKeys...) {
		return
	}
	strategy := ""
	if v := n.Get("strategy"); v != nil {
		var ok bool
		if strategy, ok = c.r.Enum(v, what+".strategy", "aggregation strategy", aggregations...); !ok {
			return
		}
	} else if n.Get("fields") == nil {
		c.r.Missing(n, what, "strategy")
		return
	}
	o.add("aggregation", n, c.aggregator(n, strategy, s, path+"aggregation", what))
}

// aggregator compiles the keys of a strategy of aggregation.
func (c *compiler) aggregator(n *document.Node, strategy string, s *step, path, what string) ast.Expr {
	a := &object{at: n.Span}
	at := n.Span
	if v := n.Get("strategy"); v != nil {
		at = v.Span
	}
	c.place(path, at)
	if strategy != "" {
		a.fields = append(a.fields, tree.Field(at, "strategy", tree.Str(at, strategy)))
	}
	switch strategy {
	case "voting":
		c.voting(a, n, s, path, what)
	case "consensus", "":
		c.consensus(a, n, path, what)
	case "merge":
		c.merge(a, n, s, what)
	case "best":
		c.best(a, n, s, what)
	case "first":
		c.share(a, n, "minConfidence", what)
	case "custom":
		if f := c.r.Need(n, what, "function"); f != nil {
			a.add("function", f, c.moduleFunction(f, what+".function"))
		}
	default:
		c.text(a, n, "field", what)
	}
	return a.expr()
}

func (c *compiler) voting(a *object, n *document.Node, s *step, path, what string) {
	c.enum(a, n, "method", what, "voting method", "majority", "plurality", "unanimous", "weighted")
	c.integer(a, n, "minVotes", what, 0)
	if v := n.Get("minVotes"); v != nil {
		c.place(path+".minVotes", v.Span)
	}
	c.enum(a, n, "onInsufficientVotes", what, "behavior", "fail", "proceed")
	if w := n.Get("weights"); c.r.Map(w, what+".weights") {
		l, o := newLambda(s), &object{at: w.Span}
		for _, e := range w.Entries {
			if e.Value.Kind == document.String && isExpression(e.Value.Text) {
				o.fields = append(o.fields, tree.Field(e.Key.Span, e.Key.Text, c.value(e.Value, l)))
			} else if f, ok := c.r.Number(e.Value, what+".weights."+e.Key.Text, 0, 1e12); ok {
				o.fields = append(o.fields, tree.Field(e.Key.Span, e.Key.Text, tree.Num(e.Value.Span, f)))
			}
		}
		a.add("weights", w, c.fixed(l, w.Span, o.expr()))
	}
	c.enum(a, n, "tieBreaker", what, "tie breaker", "first", "random", "highest-confidence")
	c.enum(a, n, "noMajorityBehavior", what, "behavior", "none", "plurality", "fail", "retry")
	if v := n.Get("noMajorityBehavior"); v != nil {
		c.place(path+".noMajorityBehavior", v.Span)
	}
	c.integer(a, n, "maxRetries", what, 0)
	c.text(a, n, "field", what)
	c.text(a, n, "by", what)
	c.flag(a, n, "normalize", what)
	c.enum(a, n, "confidence", what, "confidence of a vote", "share", "weighted-share")
	if v := c.root.Get("confidence"); s == nil && v != nil && v.Text == "weighted-share" && n.Get("confidence") == nil {
		a.add("confidence", v, tree.Str(v.Span, v.Text))
	}
}

func (c *compiler) consensus(a *object, n *document.Node, path, what string) {
	c.share(a, n, "threshold", what)
	if v := n.Get("threshold"); v != nil {
		c.place(path+".threshold", v.Span)
	}
	c.integer(a, n, "minVotes", what, 0)
	if v := n.Get("minVotes"); v != nil {
		c.place(path+".minVotes", v.Span)
	}
	c.share(a, n, "minConfidence", what)
	c.enum(a, n, "conflictResolution", what, "conflict resolution", "weighted", "first", "highest-confidence", "majority", "fail")
	if f := n.Get("fields"); f != nil {
		a.add("fields", f, c.fieldRules(f, what+".fields"))
	}
	c.text(a, n, "field", what)
	c.text(a, n, "by", what)
	c.flag(a, n, "normalize", what)
}

// fieldRules are names or {name, threshold, method}, or a map of the latter.
func (c *compiler) fieldRules(n *document.Node, what string) ast.Expr {
	rule := func(v *document.Node, at string, named bool) ast.Expr {
		known := []string{"threshold", "method"}
		if named {
			known = append(known, "name")
		}
		o := &object{at: v.Span}
		if v.Kind == document.Number {
			if f, ok := c.r.Confidence(v, at); ok {
				o.add("threshold", v, tree.Num(v.Span, f))
			}
			return o.expr()
		}
		if v.Kind == document.Null {
			return o.expr()
		}
		if !c.r.Map(v, at, known...) {
			return o.expr()
		}
		if named {
			if name := c.r.Need(v, at, "name"); name != nil {
				c.text(o, v, "name", at)
			}
		}
		c.share(o, v, "threshold", at)
		c.enum(o, v, "method", at, "method", "union", "average", "majority")
		return o.expr()
	}
	switch n.Kind {
	case document.List:
		elems := make([]ast.Expr, len(n.Items))
		for i, item := range n.Items {
			if item.Kind == document.String {
				elems[i] = tree.Str(item.Span, item.Text)
			} else {
				elems[i] = rule(item, fmt.Sprintf("%s[%d]", what, i), true)
			}
		}
		return tree.List(n.Span, elems...)
	case document.Map:
		o := &object{at: n.Span}
		for _, e := range n.Entries {
			o.fields = append(o.fields, tree.Field(e.Key.Span, e.Key.Text, rule(e.Value, what+"."+e.Key.Text, false)))
		}
		return o.expr()
	}
	c.r.WrongType(n, what, "a list or a map")
	return tree.Null(n.Span)
}

func (c *compiler) merge(a *object, n *document.Node, s *step, what string) {
	c.enum(a, n, "method", what, "merge method", "shallow", "deep", "concat", "union", "intersection")
	c.texts(a, n, "fields", what)
	c.enum(a, n, "arrayStrategy", what, "array strategy", "concat", "union", "replace", "vote")
	c.enum(a, n, "conflictResolution", what, "conflict resolution", "last", "first", "majority", "highest-confidence")
	c.flag(a, n, "deduplication", what)
	c.flag(a, n, "deduplicate", what)
	c.text(a, n, "deduplicationKey", what)
	c.texts(a, n, "mergeFields", what)
	if v := n.Get("scoring"); c.r.Map(v, what+".scoring", "formula", "minScore") {
		o := &object{at: v.Span}
		if f := v.Get("formula"); f != nil {
			o.add("formula", f, c.answerExpression(f, s, what+".scoring.formula", []string{"foundByCount", "totalAgents", "avgConfidence", "maxConfidence"}))
		}
		c.share(o, v, "minScore", what+".scoring")
		a.add("scoring", v, o.expr())
	}
	c.integer(a, n, "limit", what, 0)
	c.share(a, n, "minConfidence", what)
}

func (c *compiler) best(a *object, n *document.Node, s *step, what string) {
	by := "confidence"
	if v := n.Get("by"); v != nil {
		w, ok := c.r.Enum(v, what+".by", "measure", "confidence", "custom")
		if !ok {
			return
		}
		by = w
	}
	e := n.Get("expression")
	switch {
	case e != nil:
		a.add("by", e, c.answerExpression(e, s, what+".expression", entryNames))
	case by == "custom":
		c.r.Missing(n, what, "expression")
	}
}

// moduleFunction is $module.name, a function of an imported module.
func (c *compiler) moduleFunction(n *document.Node, what string) ast.Expr {
	text, ok := c.r.String(n, what)
	if !ok {
		return tree.Null(n.Span)
	}
	module, _, dotted := strings.Cut(strings.TrimPrefix(text, "$"), ".")
	if s, known := c.names[module]; !strings.HasPrefix(text, "$") || !dotted || known && s != library {
		c.r.Errorf(document.BadExpression, n.Span, "%s must be a function of an imported module", what).
			WithHint("such as $rules.decide, with {name: rules, from: ./rules.prism} under imports")
		return tree.Null(n.Span)
	}
	v, _ := c.expression(n, 0, text, newLambda(nil))
	return v.Expr
}

// ---- Confidence ----

func (c *compiler) confidence(o *object, n *document.Node, s *step, what string) {
	if n == nil {
		return
	}
	methods := []string{"average", "weighted", "min", "max", "custom"}
	if n.Kind == document.String {
		if n.Text == "weighted-share" {
			c.weightedShare(n, s)
			return
		}
		w, ok := c.r.Enum(n, what, "confidence method", methods...)
		if ok && w == "custom" {
			c.r.Errorf(document.MissingKey, n.Span, "missing key 'expression' in %s", what)
		} else if ok {
			o.add("confidence", n, tree.Str(n.Span, w))
		}
		return
	}
	if !c.r.Map(n, what, "method", "weights", "expression") {
		return
	}
	path := "confidence"
	if s != nil {
		path = s.path + path
	}
	if e := n.Get("expression"); e != nil {
		c.place(path, e.Span)
	}
	x := &object{at: n.Span}
	m := n.Get("method")
	method := "average"
	switch {
	case m != nil:
		method = c.enum(x, n, "method", what, "confidence method", methods...)
	case n.Get("weights") != nil:
		method = "weighted"
		x.add("method", n, tree.Str(n.Span, method))
	case n.Get("expression") != nil:
		method = "custom"
		x.add("method", n, tree.Str(n.Span, method))
	}
	if w := n.Get("weights"); c.r.Map(w, what+".weights") {
		weights := &object{at: w.Span}
		for _, e := range w.Entries {
			if f, ok := c.r.Number(e.Value, what+".weights."+e.Key.Text, 0, 1e12); ok {
				weights.fields = append(weights.fields, tree.Field(e.Key.Span, e.Key.Text, tree.Num(e.Value.Span, f)))
			}
			if _, ok := c.sortOf(e.Key.Text); !ok {
				c.unknown(e.Key.Span, e.Key.Text, c.allNames())
			}
			c.use(e.Key.Text)
		}
		x.add("weights", w, weights.expr())
	}
	if e := n.Get("expression"); e != nil {
		l := newLambda(s)
		x.add("expression", e, c.function(l, e.Span, c.formula(e, l, what+".expression")))
	} else if method == "custom" {
		c.r.Missing(n, what, "expression")
	}
	o.add("confidence", n, x.expr())
}

// weightedShare checks that the method weighted-share has a vote to work on.
func (c *compiler) weightedShare(n *document.Node, s *step) {
	of := c.root
	if s != nil {
		of = s.node
	}
	if v := of.Get("aggregation").Get("strategy"); v == nil || v.Text != "voting" {
		c.r.Errorf(document.UnknownValue, n.Span, "the confidence method 'weighted-share' goes with the aggregation strategy 'voting' alone")
	}
}
