// Package flow compiles patterns of agents, steps, aggregation and output that
// are written in YAML.
//
// A pattern becomes a call of run of std/pattern with an object that has the
// shape of the YAML: what is fixed stands there as data, what is computed as a
// function that takes the names it uses. Every node has its place in the YAML.
package flow

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// keys are those of a pattern.
var keys = []string{"name", "version", "description", "author", "tags", "metadata", "task", "input", "agents", "groups", "execution",
	"aggregation", "validation", "confidence", "fallback", "steps", "imports", "logic", "output", "timeout", "budget"}

// compiler turns one pattern into a tree.
type compiler struct {
	r        *document.Reader
	root     *document.Node
	names    map[string]sort           // that the pattern defines
	defined  map[string]*step          // the step behind a name
	steps    map[string]*step          // by id
	groups   map[string]*document.Node // key of each group
	used     map[string]bool           // names in use
	refs     []reference
	idents   map[string]string // variable of each name
	taken    map[string]bool   // variables in use
	counter  int
	imported map[string]bool // functions of std/pattern in use
	modules  []ast.Stmt
	places   []ast.Place
	nested   bool // it runs other patterns, which may run it in turn
}

// Compile makes the tree of a pattern. It is nil when the reader's list has
// errors. One that another pattern imports does not run by itself: its default
// export is {version, run}, run a function of its input.
func Compile(r *document.Reader, root *document.Node, imported bool) *ast.File {
	c := &compiler{r: r, root: root, names: map[string]sort{}, defined: map[string]*step{}, steps: map[string]*step{},
		groups: map[string]*document.Node{}, used: map[string]bool{}, idents: map[string]string{}, taken: map[string]bool{},
		imported: map[string]bool{}}
	header := c.header()
	list := c.declare()
	spec := c.pattern(list)
	c.checkOrder(list)
	c.checkGroups()
	if r.List.HasErrors() {
		return nil
	}
	c.imported["run"] = true
	functions := slices.Sorted(maps.Keys(c.imported))
	stmts := append([]ast.Stmt{tree.Import(source.Span{}, "std/pattern", functions...)}, c.modules...)
	switch {
	case imported:
		stmts = append(stmts, c.exported(spec))
	case c.nested:
		stmts = append(stmts, tree.Const(root.Span, "pattern_", spec), c.exported(tree.Ident(root.Span, "pattern_")),
			tree.Expr(tree.Call(root.Span, "run", tree.Ident(root.Span, "pattern_"))))
	default:
		stmts = append(stmts, tree.Expr(tree.Call(root.Span, "run", spec)))
	}
	file := tree.File(r.File, header, stmts...)
	file.Places = c.places
	return file
}

// header reads what describes the pattern.
func (c *compiler) header() *ast.Header {
	c.r.Keys(c.root, "", keys...)
	h := &ast.Header{}
	add := func(key, value string, at source.Span) {
		h.Entries = append(h.Entries, ast.HeaderEntry{Span: at, Key: key, Value: value, ValueSpan: at})
	}
	if n := c.r.Need(c.root, "", "name"); n != nil {
		if name, ok := c.r.Name(n, "name"); ok {
			add("name", name, n.Span)
		}
	}
	if v, ok := c.r.Text(c.root.Get("version"), "version"); ok {
		add("version", v, c.root.Get("version").Span)
	}
	for _, key := range []string{"description", "author"} {
		if s, ok := c.r.Text(c.root.Get(key), key); ok {
			add(key, oneLine(s), c.root.Get(key).Span)
		}
	}
	if tags, ok := c.r.StringList(c.root.Get("tags"), "tags"); ok {
		add("tags", oneLine(strings.Join(tags, ", ")), c.root.Get("tags").Span)
	}
	c.r.Map(c.root.Get("metadata"), "metadata")
	if ms, ok := c.r.Duration(c.root.Get("timeout"), "timeout"); ok {
		c.place("timeout", c.root.Get("timeout").Span)
		add("timeout", strconv.FormatInt(ms, 10), c.root.Get("timeout").Span)
	}
	c.input(add)
	return h
}

// oneLine keeps text from ending a header entry.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "@", "\uFF20")), " ")
}

// place notes where a part of the pattern stands, for errors while it runs.
func (c *compiler) place(path string, span source.Span) {
	c.places = append(c.places, ast.Place{Path: strings.TrimSuffix(path, "."), Span: span})
}

// newLambda is a function of the names in scope, as a part of a step or of the
// pattern.
func newLambda(s *step) *lambda { return &lambda{step: s} }

// dynamic compiles a value; it is a function where it needs names.
func (c *compiler) dynamic(n *document.Node, s *step) ast.Expr {
	l := newLambda(s)
	v := c.value(n, l)
	return c.fixed(l, n.Span, v)
}

// fixed is a value that needs no names as it is, any other as a function.
func (c *compiler) fixed(l *lambda, span source.Span, v ast.Expr) ast.Expr {
	if len(l.used) == 0 && len(l.lets) == 0 {
		return v
	}
	return c.function(l, span, v)
}

// test compiles a condition to a function.
func (c *compiler) test(n *document.Node, s *step, what string) ast.Expr {
	l := newLambda(s)
	return c.function(l, n.Span, c.condition(n, l, what, nil))
}

// pattern compiles the argument of run.
func (c *compiler) pattern(list []*step) ast.Expr {
	root := c.root
	o := &object{at: root.Span}
	c.place("", root.First())
	if s, ok := c.r.String(root.Get("task"), "task"); ok {
		o.add("task", root.Get("task"), tree.Str(root.Get("task").Span, s))
	}
	if b := root.Get("budget"); c.r.Map(b, "budget", "tokens", "cost", "calls") {
		c.place("budget", b.Span)
		o.add("budget", b, c.numbers(b, "budget"))
	}
	c.phase(o, root, nil, "", "")
	if len(list) > 0 {
		elems := make([]ast.Expr, len(list))
		for i, s := range list {
			elems[i] = c.step(s)
		}
		o.add("steps", root.Get("steps"), tree.List(root.Get("steps").Span, elems...))
	} else if n := root.Get("steps"); n != nil && n.Kind == document.List {
		o.add("steps", n, tree.List(n.Span))
	}
	c.confidence(o, root.Get("confidence"), nil, "confidence")
	c.logic(o)
	c.fallback(o)
	if n := root.Get("output"); n != nil {
		l := newLambda(nil)
		v := c.value(n, l)
		o.add("output", n, c.fixed(l, n.Span, v))
	} else if root.Entry("output") == nil {
		c.r.Missing(root, "", "output")
	}
	return o.expr()
}

// object is an object under construction.
type object struct {
	at     source.Span
	fields []*ast.Property
}

func (o *object) add(key string, n *document.Node, v ast.Expr) {
	o.fields = append(o.fields, tree.Field(n.Span, key, v))
}

func (o *object) expr() ast.Expr { return tree.Object(o.at, o.fields...) }

// numbers compiles a map of numbers of at least 0.
func (c *compiler) numbers(n *document.Node, what string) ast.Expr {
	o := &object{at: n.Span}
	for _, e := range n.Entries {
		if f, ok := c.r.Number(e.Value, what+"."+e.Key.Text, 0, math.Inf(1)); ok {
			o.add(e.Key.Text, e.Value, tree.Num(e.Value.Span, f))
			c.place(what+"."+e.Key.Text, e.Value.Span)
		}
	}
	return o.expr()
}

// logic is {module, entry}, a function that the outcome is handed to.
func (c *compiler) logic(o *object) {
	n := c.root.Get("logic")
	if !c.r.Map(n, "logic", "module", "entry") {
		return
	}
	m, e := c.r.Need(n, "logic", "module"), c.r.Need(n, "logic", "entry")
	path, ok := c.importPath(m, "logic.module")
	if name, named := c.r.Name(e, "logic.entry"); ok && named {
		id := c.fresh(name)
		c.importName(m, path, name, id)
		o.add("logic", n, tree.Ident(e.Span, id))
	}
}

// importName imports one function of a module.
func (c *compiler) importName(at *document.Node, path, name, as string) {
	i := &ast.Import{Span: at.Span, Path: &ast.StringLit{Span: at.Span, Value: path}}
	i.Names = []*ast.ImportName{{Span: at.Span, Name: tree.Ident(at.Span, name), Alias: tree.Ident(source.Span{}, as)}}
	c.modules = append(c.modules, i)
}

// fallback is what happens when the finished output is not good enough.
func (c *compiler) fallback(o *object) {
	n := c.root.Get("fallback")
	if !c.r.Map(n, "fallback", "condition", "action", "value", "maxRetries", "to", "target") {
		return
	}
	f := &object{at: n.Span}
	if cond := c.r.Need(n, "fallback", "condition"); cond != nil {
		f.add("condition", cond, c.test(cond, nil, "fallback.condition"))
	}
	a := c.r.Need(n, "fallback", "action")
	action, ok := c.r.Enum(a, "fallback.action", "fallback action", "default", "escalate", "retry")
	if ok {
		f.add("action", a, tree.Str(a.Span, action))
	}
	if v := n.Get("value"); v != nil {
		f.add("value", v, c.dynamic(v, nil))
	} else if action == "default" {
		c.r.Missing(n, "fallback", "value")
	}
	c.integer(f, n, "maxRetries", "fallback", 0)
	for _, key := range []string{"to", "target"} {
		if s, ok := c.r.String(n.Get(key), "fallback."+key); ok {
			f.add("to", n.Get(key), tree.Str(n.Get(key).Span, s))
			break
		}
	}
	o.add("fallback", n, f.expr())
}

// checkGroups warns of groups that nothing uses.
func (c *compiler) checkGroups() {
	for _, name := range slices.Sorted(maps.Keys(c.groups)) {
		if !c.used[name] {
			c.r.Warnf(document.UnusedGroup, c.groups[name].Span, "nothing uses the group '%s'", name)
		}
	}
}

func (c *compiler) use(name string) { c.used[name] = true }
