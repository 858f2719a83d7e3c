package flow

import (
	"fmt"
	"slices"
	"strings"

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

// ---- Declaring ----

// declare finds what the pattern names before anything is compiled, so that
// expressions can be checked against it.
func (c *compiler) declare() []*step {
	c.declareImports()
	c.declarePhase(c.root)
	if c.root.Get("logic") != nil {
		c.names["logic"] = record
	}
	items, _ := c.r.Items(c.root.Get("steps"), "steps")
	l := c.readSteps(items, nil, inOrder, "steps", "steps.")
	c.link(l)
	return l.steps
}

func (c *compiler) declareImports() {
	n := c.root.Get("imports")
	items, ok := c.r.Items(n, "imports")
	if !ok {
		return
	}
	for i, item := range items {
		what := fmt.Sprintf("imports[%d]", i)
		if !c.r.Map(item, what, "name", "from") {
			continue
		}
		name, from := c.r.Need(item, what, "name"), c.r.Need(item, what, "from")
		text, ok := c.r.Name(name, what+".name")
		path, fine := c.importPath(from, what+".from")
		if !ok || !fine {
			continue
		}
		c.names[text] = library
		imp := &ast.Import{Span: from.Span, Namespace: tree.Ident(item.Span, c.ident(text)), Path: &ast.StringLit{Span: from.Span, Value: path}}
		c.modules = append(c.modules, imp)
	}
}

// declarePhase declares the names of a phase.
func (c *compiler) declarePhase(n *document.Node) {
	define := func(strategy string) {
		if ofStrategy[strategy] == nil && strategy != "parallel" && strategy != "sequential" {
			// A misspelt strategy has been reported; what it would define has not to be.
			for _, names := range ofStrategy {
				for name, s := range names {
					c.names[name] = s
				}
			}
		}
		for name, s := range ofStrategy[strategy] {
			if _, own := c.names[name]; !own {
				c.names[name] = s
			}
		}
	}
	a, x := n.Get("aggregation"), n.Get("execution")
	if v := a.Get("strategy"); v != nil {
		define(v.Text)
	} else if a.Get("fields") != nil {
		define("fields")
	}
	if v := x.Get("strategy"); v != nil {
		if v.Text == "first" {
			define("race")
		} else {
			define(v.Text)
		}
	}
	if steps := x.Get("steps"); steps != nil && steps.Kind == document.List {
		for _, s := range steps.Items {
			if v := s.Get("output"); v != nil && v.Kind == document.String {
				c.names[v.Text] = record
			}
		}
	}
	if g := n.Get("groups"); g != nil && g.Kind == document.Map {
		for _, e := range g.Entries {
			c.names[e.Key.Text] = record
			c.groups[e.Key.Text] = e.Key
		}
	}
}

// merged is a step with the entries of its config among its own.
func merged(n *document.Node) *document.Node {
	config := n.Get("config")
	if n.Kind != document.Map || config == nil || config.Kind != document.Map {
		return n
	}
	m := &document.Node{Kind: document.Map, Span: n.Span}
	for _, e := range n.Entries {
		if e.Key.Text != "config" {
			m.Entries = append(m.Entries, e)
		}
	}
	for _, e := range config.Entries {
		if m.Get(e.Key.Text) == nil {
			m.Entries = append(m.Entries, e)
		}
	}
	return m
}

func (c *compiler) readSteps(items []*document.Node, owner *step, kind listKind, what, path string) *list {
	l := &list{owner: owner, kind: kind}
	for i, item := range items {
		s := c.readStep(item, l, fmt.Sprintf("%s[%d]", what, i), fmt.Sprintf("%s%d.", path, i))
		if s != nil {
			s.index = len(l.steps)
			l.steps = append(l.steps, s)
		}
	}
	if owner != nil {
		owner.inner = append(owner.inner, l)
	}
	return l
}

func (c *compiler) readStep(n *document.Node, l *list, what, path string) *step {
	if !c.r.Map(n, what) {
		return nil
	}
	s := &step{node: merged(n), list: l, what: what, path: path, kind: "agents"}
	n = s.node
	if t := n.Get("type"); t != nil {
		kind, ok := c.r.Enum(t, what+".type", "step type", stepTypes...)
		if !ok {
			return nil
		}
		if s.kind = kind; kind == "vote" {
			s.kind = "voting"
		}
	} else if n.Get("pattern") != nil {
		s.kind = "pattern"
	}
	c.r.Keys(n, what, append(slices.Clone(commonKeys), typeKeys[s.kind]...)...)
	if key := either(n, "id", "name"); key != nil {
		if id, ok := c.r.Name(key, what+".id"); ok {
			s.key = key
			if first := c.steps[id]; first != nil {
				c.r.Errorf(document.DuplicateStep, key.Span, "duplicate step '%s'", id).WithRelated(first.key.Span, "the first one")
			} else {
				s.id = id
				c.steps[id] = s
				c.name(id, record, s)
			}
		}
	}
	if out := n.Get("output"); out != nil && out.Kind == document.String {
		if name, ok := c.r.Name(out, what+".output"); ok {
			c.name(name, record, s)
		}
	}
	c.place(strings.TrimSuffix(path, "."), n.First())
	c.declareKind(s)
	return s
}

// name declares a name that a step gives a value.
func (c *compiler) name(name string, as sort, s *step) {
	c.names[name] = as
	if _, ok := c.defined[name]; !ok {
		c.defined[name] = s
	}
}

// declareKind declares what the types of steps name, and the steps inside.
func (c *compiler) declareKind(s *step) {
	n := s.node
	switch s.kind {
	case "agents":
		c.declarePhase(n)
	case "consensus", "voting", "merge":
		for name, as := range ofStrategy[s.kind] {
			if _, own := c.names[name]; !own {
				c.names[name] = as
			}
		}
	case "assign":
		if v := n.Get("values"); v != nil && v.Kind == document.Map {
			for _, e := range v.Entries {
				c.name(e.Key.Text, open, s)
			}
		}
	case "switch":
		if cases := n.Get("cases"); cases != nil {
			for _, e := range cases.Entries {
				if v := e.Value.Get("output"); v != nil && e.Value.Get("pattern") != nil && v.Kind == document.String {
					c.name(v.Text, record, s)
				}
			}
		}
	case "parallel":
		if b, key := branches(n); b != nil {
			c.readSteps(branchesOf(b), s, parallel, s.what+"."+key, s.path+"branches.")
		}
	case "loop":
		c.names["iteration"] = data
		if t := n.Get("task"); t != nil && n.Get("steps") == nil {
			c.readSteps([]*document.Node{t}, s, repeated, s.what+".task", s.path+"steps.")
		} else if items, ok := c.r.Items(n.Get("steps"), s.what+".steps"); ok {
			c.readSteps(items, s, repeated, s.what+".steps", s.path+"steps.")
		}
	case "sequential":
		if items := n.Get("steps"); items != nil && items.Kind == document.List {
			c.readSteps(items.Items, s, inOrder, s.what+".steps", s.path+"steps.")
		}
	case "batch", "map", "repeat":
		c.names["item"], c.names["index"] = open, data
		c.readTask(s)
	case "cache", "retry", "timeout":
		c.readTask(s)
	}
}

// branches are the branches of a parallel step: also its tasks, if they are steps
// rather than questions to an agent.
func branches(n *document.Node) (*document.Node, string) {
	if b := n.Get("branches"); b != nil {
		return b, "branches"
	}
	t := n.Get("tasks")
	if t == nil || t.Kind != document.List && t.Kind != document.Map {
		return nil, ""
	}
	for _, item := range branchesOf(t) {
		if item.Kind == document.Map && either(item, "agent", "capability") != nil {
			return nil, ""
		}
	}
	return t, "tasks"
}

// branchesOf are the branches of a parallel step: a list, or a map by id.
func branchesOf(n *document.Node) []*document.Node {
	if n.Kind != document.Map {
		return n.Items
	}
	var items []*document.Node
	for _, e := range n.Entries {
		m := &document.Node{Kind: document.Map, Span: e.Value.Span, Entries: e.Value.Entries}
		if e.Value.Kind == document.Map && e.Value.Get("id") == nil && e.Value.Get("name") == nil {
			m.Entries = append([]document.Entry{{Key: &document.Node{Kind: document.String, Text: "id", Span: e.Key.Span},
				Value: &document.Node{Kind: document.String, Text: e.Key.Text, Span: e.Key.Span}}}, e.Value.Entries...)
		}
		items = append(items, m)
	}
	return items
}

func (c *compiler) readTask(s *step) {
	t := s.node.Get("task")
	if t == nil {
		c.r.Missing(s.node, s.what, "task")
		return
	}
	l := &list{owner: s, kind: single}
	s.inner = append(s.inner, l)
	if inner := c.readStep(t, l, s.what+".task", s.path+"task."); inner != nil {
		l.steps = append(l.steps, inner)
	}
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
		f.Params = append([]*ast.Param{{Pattern: &ast.IdentPattern{Name: tree.Ident(document.Node{}.Span, "value")}}}, f.Params...)
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
