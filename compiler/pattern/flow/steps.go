package flow

import (
	"fmt"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
)

// step is one step of a pattern.
type step struct {
	id     string
	kind   string
	key    *document.Node // the id, nil without
	node   *document.Node // with the entries of config among its own
	what   string         // its name in messages
	path   string         // its name in errors at run time, with a point behind
	list   *list          // that it stands in
	index  int
	branch bool    // falling through does not enter it
	inner  []*list // lists of steps inside it
	next   *target // nil: the step behind
	jumps  []*target
}

// list is a list of steps.
type list struct {
	owner *step // nil for the steps of the pattern
	steps []*step
	kind  listKind
}

type listKind uint8

const (
	inOrder listKind = iota
	repeated
	parallel
	single // the task of a step
)

// target is where a step may jump to.
type target struct {
	node *document.Node
	name string // of a step; "" for the end of the pattern
	to   *step
}

var stepTypes = []string{"agents", "pattern", "switch", "gate", "loop", "parallel", "merge", "batch", "map", "split", "reduce", "repeat",
	"filter", "assign", "compute", "compare", "default", "escalate", "consensus", "vote", "voting", "race", "sequential", "extract",
	"template", "threshold", "validate", "delay", "log", "cache", "retry", "timeout", "ask"}

// commonKeys are those of every step.
var commonKeys = []string{"id", "name", "description", "type", "condition", "input", "output", "onError", "next", "then", "timeout",
	"instructions", "config"}

// typeKeys are the further keys of each type of step.
var typeKeys = map[string][]string{
	"agents":     append([]string{"confidence", "task"}, phaseKeys...),
	"pattern":    {"pattern"},
	"switch":     {"value", "cases", "default"},
	"gate":       {"onPass", "onFail", "onTimeout"},
	"loop":       {"maxIterations", "steps", "task", "until"},
	"parallel":   {"branches", "tasks", "maxConcurrency"},
	"merge":      append([]string{"inputs", "results"}, aggregationKeys...),
	"batch":      {"items", "concurrency", "batchSize", "task"},
	"map":        {"items", "concurrency", "batchSize", "task"},
	"split":      {"items", "chunkSize"},
	"reduce":     {"items", "operation", "method", "field", "initial", "function"},
	"repeat":     {"count", "task"},
	"filter":     {"items", "conditions"},
	"assign":     {"values"},
	"compute":    {"operation", "inputs"},
	"compare":    {"inputs", "similarity", "onInconsistent"},
	"default":    {"value"},
	"escalate":   {"to", "context", "reason"},
	"consensus":  append([]string{"inputs", "results"}, aggregationKeys...),
	"voting":     append([]string{"inputs", "results"}, aggregationKeys...),
	"race":       {"tasks", "results", "minConfidence"},
	"sequential": {"tasks", "steps"},
	"extract":    {"source", "fields"},
	"template":   {"template", "data"},
	"threshold":  {"minConfidence", "onFail"},
	"validate":   {"schema", "onInvalid"},
	"delay":      {"ms"},
	"log":        {"level", "message"},
	"cache":      {"key", "ttl", "task"},
	"retry":      {"maxAttempts", "delay", "backoff", "task", "minConfidence"},
	"timeout":    {"ms", "task", "fallback"},
	"ask":        {"question", "options", "confidence"},
}

// ---- Compiling ----

// stepList compiles a list of steps.
func (c *compiler) stepList(l *list) []ast.Expr {
	elems := make([]ast.Expr, len(l.steps))
	for i, s := range l.steps {
		elems[i] = c.step(s)
	}
	return elems
}

// skips tells whether the condition of a type of step decides if it runs.
func skips(kind string) bool { return kind != "loop" && kind != "gate" && kind != "filter" }

func (c *compiler) step(s *step) ast.Expr {
	n := s.node
	o := &object{at: n.Span}
	if s.id != "" {
		o.add("id", s.key, tree.Str(s.key.Span, s.id))
	}
	if s.kind != "agents" {
		at := n
		if t := n.Get("type"); t != nil {
			at = t
		}
		o.add("type", at, tree.Str(at.Span, s.kind))
	}
	if s.branch {
		o.add("branch", n, tree.Bool(n.Span, true))
	}
	if cond := n.Get("condition"); cond != nil && skips(s.kind) {
		o.add("condition", cond, c.test(cond, s, s.what+".condition"))
	}
	if v := n.Get("instructions"); v != nil {
		if _, ok := c.r.String(v, s.what+".instructions"); ok {
			o.add("task", v, c.textOrTemplate(v, s))
		}
	}
	if v := n.Get("input"); v != nil {
		o.add("input", v, c.dynamic(v, s))
	}
	if s.kind != "timeout" {
		c.duration(o, n, "timeout", s.what)
		if v := n.Get("timeout"); v != nil {
			c.place(s.path+"timeout", v.Span)
		}
	}
	c.kindOf(o, s)
	if v := n.Get("output"); v != nil {
		switch v.Kind {
		case document.String:
			o.add("output", v, tree.Str(v.Span, v.Text))
		default:
			l := newLambda(s)
			l.own = []string{s.id}
			o.add("output", v, c.function(l, v.Span, c.value(v, l)))
		}
	}
	c.onError(o, s)
	if s.next != nil {
		at := s.next.node
		if s.next.to != nil {
			o.add("next", at, tree.Str(at.Span, s.next.name))
		} else {
			o.add("ends", at, tree.Bool(at.Span, true))
		}
	}
	return o.expr()
}

// textOrTemplate compiles a text that may hold {{expressions}}, or be one.
func (c *compiler) textOrTemplate(n *document.Node, s *step) ast.Expr {
	l := newLambda(s)
	if isExpression(n.Text) {
		return c.fixed(l, n.Span, c.value(n, l))
	}
	return c.fixed(l, n.Span, c.template(n, n.Text, l))
}

func (c *compiler) onError(o *object, s *step) {
	n := s.node.Get("onError")
	if n == nil {
		return
	}
	what := s.what + ".onError"
	x := &object{at: n.Span}
	kinds := []string{"continue", "default", "fail"}
	if n.Kind == document.String {
		w, ok := c.r.Enum(n, what, "reaction to an error", "continue", "fail")
		if ok {
			x.add("type", n, tree.Str(n.Span, w))
		}
	} else if c.r.Map(n, what, "type", "value") {
		w := "default"
		if t := n.Get("type"); t != nil {
			w = c.enum(x, n, "type", what, "reaction to an error", kinds...)
		} else {
			x.add("type", n, tree.Str(n.Span, w))
		}
		if v := n.Get("value"); v != nil {
			x.add("value", v, c.dynamic(v, s))
		} else if w == "default" {
			c.r.Missing(n, what, "value")
		}
	}
	o.add("onError", n, x.expr())
}

// raw compiles a value whose records stay records.
func (c *compiler) raw(n *document.Node, s *step) ast.Expr {
	return c.rawWith(n, newLambda(s))
}

func (c *compiler) rawWith(n *document.Node, l *lambda) ast.Expr {
	return c.fixed(l, n.Span, c.rawIn(n, l))
}

func (c *compiler) rawIn(n *document.Node, l *lambda) ast.Expr {
	switch {
	case n.Kind == document.String && isExpression(n.Text):
		v, _ := c.expression(n, 0, n.Text, l)
		return v.Expr
	case n.Kind == document.List:
		elems := make([]ast.Expr, len(n.Items))
		for i, item := range n.Items {
			elems[i] = c.rawIn(item, l)
		}
		return tree.List(n.Span, elems...)
	}
	return c.value(n, l)
}

// need compiles a key that a step must have.
func (c *compiler) need(s *step, key string, f func(v *document.Node)) {
	if v := c.r.Need(s.node, s.what, key); v != nil {
		f(v)
	}
}

// kindOf compiles the keys of a type of step.
func (c *compiler) kindOf(o *object, s *step) {
	n := s.node
	rawKey := func(key string) func(*document.Node) {
		return func(v *document.Node) { o.add(key, v, c.raw(v, s)) }
	}
	switch s.kind {
	case "agents":
		if n.Get("agents") == nil {
			if a := c.root.Get("agents"); a != nil && a.Kind != document.Null {
				c.agents(o, a, s, s.path, "agents")
			}
		}
		if t := n.Get("task"); t != nil && n.Get("instructions") == nil {
			if _, ok := c.r.String(t, s.what+".task"); ok {
				o.add("task", t, c.textOrTemplate(t, s))
			}
		}
		c.phase(o, n, s, s.path, s.what+".")
		c.confidence(o, n.Get("confidence"), s, s.what+".confidence")
	case "pattern":
		c.need(s, "pattern", func(v *document.Node) {
			c.place(s.path+"pattern", v.Span)
			c.patternOf(o, v, s.what+".pattern")
		})
	case "switch":
		c.switchStep(o, s)
	case "gate":
		c.gateStep(o, s)
	case "loop":
		c.loopStep(o, s)
	case "parallel":
		c.parallelStep(o, s)
	case "consensus", "voting", "merge":
		if v := either(n, "inputs", "results"); v != nil {
			o.add("inputs", v, c.raw(v, s))
		} else if s.kind == "merge" {
			c.r.Missing(n, s.what, "inputs")
		}
		o.add("aggregation", n, c.aggregator(n, s.kind, s, s.path+"aggregation", s.what))
	case "batch", "map":
		c.need(s, "items", rawKey("items"))
		c.integer(o, n, "concurrency", s.what, 1)
		c.integer(o, n, "batchSize", s.what, 1)
		c.task(o, s)
	case "repeat":
		c.need(s, "count", func(v *document.Node) {
			if v.Kind == document.Number {
				c.integer(o, n, "count", s.what, 0)
			} else {
				rawKey("count")(v)
			}
		})
		c.task(o, s)
	case "race":
		switch {
		case n.Get("tasks") != nil:
			c.tasks(o, s)
		case n.Get("results") != nil:
			rawKey("results")(n.Get("results"))
		default:
			c.r.Missing(n, s.what, "tasks")
		}
		c.share(o, n, "minConfidence", s.what)
	case "sequential":
		switch {
		case len(s.inner) > 0:
			o.add("steps", n.Get("steps"), tree.List(n.Get("steps").Span, c.stepList(s.inner[0])...))
		case n.Get("tasks") != nil:
			c.tasks(o, s)
		default:
			c.r.Missing(n, s.what, "steps")
		}
	default:
		c.primitive(o, s)
	}
}

// task compiles the step inside a step.
func (c *compiler) task(o *object, s *step) {
	if len(s.inner) > 0 && len(s.inner[0].steps) > 0 {
		t := s.inner[0].steps[0]
		o.add("task", t.node, c.step(t))
	}
}

// tasks compiles a list of {agent, input, task}.
func (c *compiler) tasks(o *object, s *step) {
	n := s.node.Get("tasks")
	items, ok := c.r.Items(n, s.what+".tasks")
	if !ok {
		return
	}
	var elems []ast.Expr
	for i, item := range items {
		what := fmt.Sprintf("%s.tasks[%d]", s.what, i)
		x := &object{at: item.Span}
		if !c.r.Map(item, what, "id", "agent", "capability", "input", "task") {
			continue
		}
		a := either(item, "agent", "capability")
		if a == nil {
			c.r.Missing(item, what, "agent")
			continue
		}
		c.place(fmt.Sprintf("%stasks.%d.agent", s.path, i), a.Span)
		if t, ok := c.r.String(a, what+".agent"); ok {
			x.add("agent", a, tree.Str(a.Span, t))
		}
		c.text(x, item, "id", what)
		c.text(x, item, "task", what)
		if v := item.Get("input"); v != nil {
			x.add("input", v, c.dynamic(v, s))
		}
		elems = append(elems, x.expr())
	}
	o.add("tasks", n, tree.List(n.Span, elems...))
}

func (c *compiler) parallelStep(o *object, s *step) {
	n := s.node
	b, _ := branches(n)
	switch {
	case b != nil && b.Kind != document.List && b.Kind != document.Map:
		c.r.WrongType(b, s.what+".branches", "a list")
	case len(s.inner) > 0:
		o.add("branches", b, tree.List(b.Span, c.stepList(s.inner[0])...))
	case n.Get("tasks") != nil:
		c.tasks(o, s)
	default:
		c.r.Missing(n, s.what, "branches")
	}
	c.integer(o, n, "maxConcurrency", s.what, 1)
}

func (c *compiler) loopStep(o *object, s *step) {
	n := s.node
	if len(s.inner) > 0 {
		at := either(n, "steps", "task")
		o.add("steps", at, tree.List(at.Span, c.stepList(s.inner[0])...))
	} else if n.Get("steps") == nil {
		c.r.Missing(n, s.what, "steps")
	}
	c.integer(o, n, "maxIterations", s.what, 1)
	if cond := n.Get("condition"); cond != nil {
		o.add("whileTrue", cond, c.test(cond, s, s.what+".condition"))
	}
	if cond := n.Get("until"); cond != nil {
		o.add("until", cond, c.test(cond, s, s.what+".until"))
	}
}
