package flow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
)

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
