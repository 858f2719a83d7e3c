package org

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/source"
)

var (
	stepTypes = []string{"assign", "parallel", "sequential", "select", "review", "approve", "aggregate", "condition", "wait"}
	methods   = []string{"consensus", "majority", "merge", "best", "all", "custom"}
	criteria  = []string{"availability", "expertise", "round_robin", "best"}

	commonKeys = []string{"type", "id", "name", "description"}
	stepKeys   = map[string][]string{
		"assign":     {"role", "task", "input", "timeout"},
		"parallel":   {"steps", "maxConcurrency", "timeout"},
		"sequential": {"steps", "timeout"},
		"select":     {"role", "criteria"},
		"review":     {"reviewer", "subject", "maxIterations", "timeout"},
		"approve":    {"approver", "subject", "timeout"},
		"aggregate":  {"method", "sources", "customFn"},
		"condition":  {"check", "then", "else"},
		"wait":       {"condition", "timeout"},
	}
	// shortKeys says which key the word behind the type of a short step is, and
	// which one its value.
	shortKeys = map[string]struct{ word, value string }{
		"assign": {"role", "task"}, "select": {"role", "criteria"}, "review": {"reviewer", "subject"}, "approve": {"approver", "subject"},
		"aggregate": {"method", "sources"}, "parallel": {"", "steps"}, "sequential": {"", "steps"}, "wait": {"", "condition"},
	}
)

// step is one step of a workflow, in the long form or the short one. Its keys
// are those of the long form.
type step struct {
	node *document.Node
	at   source.Span // what stands for the step as a whole
	kind string      // "" when it is unknown
	id   string      // what others call it, "" without
	keys map[string]*document.Node
	word *document.Node // of the short form: the text with the role or method
	from int            // where the role or method begins in it
	path string         // "workflow.steps.2"
}

// key returns the value of a key, nil without.
func (s *step) key(name string) *document.Node { return s.keys[name] }

// workflow compiles the steps and the output.
func (c *compiler) workflow(root *document.Node) []ast.Stmt {
	n := c.Need(root, "", "workflow")
	if n == nil || !c.Map(n, "workflow", workflowKeys...) {
		return nil
	}
	c.Text(n.Get("name"), "workflow.name")
	c.Text(n.Get("description"), "workflow.description")
	list := n.Get("steps")
	if list == nil || list.Kind == document.Null {
		c.Missing(n, "workflow", "steps")
		return nil
	}
	items, ok := c.Items(list, "workflow.steps")
	if !ok {
		return nil
	}
	if len(items) == 0 {
		c.Warnf(document.NoSteps, list.Span, "the workflow has no steps, and so no result")
	}
	ids := map[string]*step{}
	for i, item := range items {
		s := c.read(item, fmt.Sprintf("workflow.steps.%d", i))
		c.steps = append(c.steps, s)
		c.remember(s, ids)
	}
	var stmts []ast.Stmt
	var previous ast.Expr
	for i, s := range c.steps {
		c.current, c.hoisted = i, nil
		before, value := c.step(s, context{previous: previous, turns: map[string]int{}})
		name := c.variable(fmt.Sprintf("step_%d_result", i))
		if s.id != "" {
			name = c.variable(s.id)
			c.vars[s.id] = name
		}
		c.vars[fmt.Sprintf("step_%d_result", i)] = name
		c.vars[fmt.Sprintf("step_%d", i)] = name
		for _, h := range c.hoisted {
			stmts = append(stmts, tree.Let(s.at, h, tree.Null(s.at)))
		}
		stmts = append(append(stmts, before...), tree.Let(s.at, name, value))
		previous = tree.Ident(s.at, name)
	}
	c.current = len(c.steps)
	at := root.First()
	output := previous
	if o := n.Get("output"); o != nil && o.Kind != document.Null {
		at, output = o.Span, c.output(o, true)
	}
	if output == nil {
		output = tree.Null(at)
	}
	for _, r := range c.order {
		for _, other := range c.order {
			r.used = r.used || other.reportsTo != nil && other.reportsTo.Text == r.id
		}
		if !r.used && !c.List.HasErrors() {
			c.Warnf(document.UnusedRole, r.key.Span, "no step uses the role '%s'", r.id)
		}
	}
	return plain(append(stmts, tree.Expr(c.call(at, "outcome", tree.Ident(at, staffName), output))))
}

// plain leaves out variables that nothing reads: their values become statements.
func plain(stmts []ast.Stmt) []ast.Stmt {
	used := map[string]int{}
	for _, s := range stmts {
		ast.Walk(s, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				used[id.Name]++
			}
			return true
		})
	}
	for i, s := range stmts {
		d, ok := s.(*ast.VarDecl)
		if !ok || len(d.Decls) != 1 || d.Decls[0].Value == nil {
			continue
		}
		// The declaration itself is the one use.
		if p, ok := d.Decls[0].Pattern.(*ast.IdentPattern); ok && used[p.Name.Name] == 1 {
			if _, call := d.Decls[0].Value.(*ast.Call); call {
				stmts[i] = tree.Expr(d.Decls[0].Value)
			}
		}
	}
	return stmts
}

// remember notes the id of a step and of those inside of it, which must differ.
func (c *compiler) remember(s *step, ids map[string]*step) {
	if s.id != "" {
		if ids[s.id] != nil {
			c.Errorf(document.DuplicateStep, s.key("id").Span, "duplicate step id '%s'", s.id)
		}
		ids[s.id] = s
	}
}

// variable gives a variable of the emitted Prism a name that is free.
func (c *compiler) variable(want string) string {
	name := strings.ReplaceAll(want, "-", "_")
	if !lexer.IsIdent(name) || slices.Contains(taken, name) {
		name += "_"
	}
	for n := name; ; n += "_" {
		if c.names[n] == 0 {
			c.names[n]++
			return n
		}
	}
}

// taken are names that the emitted Prism uses for something else.
var taken = []string{staffName, "office", "assign", "together", "pick", "review", "approve", "aggregate", "waitFor", "outcome", "part", "text",
	"isTrue", "equal", "below", "atMost", "input", "execution", "agents", "in", "as", "from", "high", "medium", "low", "default", "context",
	"pattern", "parallel", "sequential", "race", "threshold", "timeout", "with", "select", "type"}

var idText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// read recognises the form of a step.
func (c *compiler) read(n *document.Node, path string) *step {
	s := &step{node: n, at: n.First(), keys: map[string]*document.Node{}, path: path}
	switch {
	case n.Kind == document.String:
		c.short(s, n, nil)
	case n.Kind != document.Map:
		c.WrongType(n, "a step", "a map")
	case n.Get("type") != nil:
		if kind, ok := c.Enum(n.Get("type"), "type", "step type", stepTypes...); ok {
			s.kind = kind
			c.Keys(n, "a step of type "+kind, append(slices.Clone(commonKeys), stepKeys[kind]...)...)
		}
		for _, e := range n.Entries {
			s.keys[e.Key.Text] = e.Value
		}
	case len(n.Entries) == 0:
		c.Missing(n, "a step", "type")
	default:
		c.short(s, n.Entries[0].Key, n.Entries[0].Value)
		for _, e := range n.Entries[1:] {
			s.keys[e.Key.Text] = e.Value
		}
		if s.kind != "" && len(n.Entries) > 1 {
			rest := &document.Node{Kind: document.Map, Entries: n.Entries[1:]}
			c.Keys(rest, "a step of type "+s.kind, append(slices.Clone(commonKeys), stepKeys[s.kind]...)...)
		}
	}
	if id := s.key("id"); id != nil {
		if text, ok := c.Text(id, "id"); ok && !idText.MatchString(text) {
			c.Errorf(document.OutOfRange, id.Span, "a step id is a name, not '%s'", text)
		} else if ok {
			s.id = text
		}
	}
	return s
}

// short reads "assign engineer: text", "review lead", "parallel: [...]".
func (c *compiler) short(s *step, key, value *document.Node) {
	words := strings.Fields(key.Text)
	alone := len(words) == 1 && !slices.Contains(stepTypes, words[0])
	if alone && len(s.node.Entries) == 1 && document.DidYouMean(words[0], stepTypes) != "" {
		alone = false
	}
	if len(words) == 0 || len(words) > 2 || alone {
		if value != nil {
			c.Missing(s.node, "a step", "type")
		} else {
			c.Errorf(document.UnknownValue, key.Span, "'%s' is no step", key.Text).WithHint("steps are written {type: assign, role: ...} or, in short, assign role: task")
		}
		return
	}
	kind := words[0]
	if !slices.Contains(stepTypes, kind) {
		at := key.TextSpan(strings.Index(key.Text, kind), strings.Index(key.Text, kind)+len(kind))
		c.Errorf(document.UnknownValue, at, "unknown step type '%s'%s", kind, document.DidYouMean(kind, stepTypes)).
			WithHint("the types are %s", strings.Join(stepTypes, ", "))
		return
	}
	s.kind = kind
	form := shortKeys[kind]
	if len(words) == 2 {
		if form.word == "" {
			c.Errorf(document.UnknownValue, key.Span, "'%s' takes no word behind it, such as '%s'", kind, words[1])
			return
		}
		s.word, s.from = key, strings.LastIndex(key.Text, words[1])
		from := key.Offset(s.from)
		s.keys[form.word] = &document.Node{Kind: document.String, Text: words[1], Plain: true,
			Span: source.Span{Start: int32(from), End: int32(from + len(words[1]))}}
	}
	switch {
	case value == nil || value.Kind == document.Null:
	case value.Kind == document.Map && (len(words) == 1 || form.value != "criteria"):
		c.Keys(value, "a step of type "+kind, append(slices.Clone(commonKeys), stepKeys[kind]...)...)
		for _, e := range value.Entries {
			s.keys[e.Key.Text] = e.Value
		}
	case form.value != "":
		s.keys[form.value] = value
	default:
		c.WrongType(value, kind, "a map")
	}
}

// context is what surrounds a step.
type context struct {
	previous ast.Expr       // value of the step before, nil for the first
	turns    map[string]int // steps of this parallel that gave a role something to do
	parallel bool
}

func (k context) before(at source.Span) ast.Expr {
	if k.previous == nil {
		return tree.Null(at)
	}
	if id, ok := k.previous.(*ast.Ident); ok {
		return tree.Ident(at, id.Name)
	}
	return k.previous
}

// step compiles one step to an expression, and the statements that have to run
// before it.
func (c *compiler) step(s *step, k context) (before []ast.Stmt, value ast.Expr) {
	switch s.kind {
	case "assign":
		return nil, c.assign(s, k)
	case "parallel":
		return nil, c.parallel(s, k)
	case "sequential":
		return c.sequential(s, k)
	case "select":
		return nil, c.selection(s)
	case "review":
		return nil, c.review(s, k, "reviewer")
	case "approve":
		return nil, c.review(s, k, "approver")
	case "aggregate":
		return nil, c.aggregate(s, k)
	case "condition":
		return nil, c.branch(s, k)
	case "wait":
		return nil, c.wait(s)
	}
	return nil, tree.Null(s.at)
}

func (s *step) what() string { return "a step of type " + s.kind }

// need returns a key that the step can't do without.
func (c *compiler) need(s *step, key string) *document.Node {
	if v := s.key(key); v != nil {
		return v
	}
	c.Errorf(document.MissingKey, s.at, "missing key '%s' in %s", key, s.what())
	return nil
}

// roleOf reads the role of a step, nil when it is missing or unknown.
func (c *compiler) roleOf(s *step, key string) (*role, ast.Expr) {
	n := c.need(s, key)
	if n == nil {
		return nil, tree.Null(s.at)
	}
	r := c.roleName(n, key)
	if r == nil {
		return nil, tree.Null(s.at)
	}
	r.used = true
	return r, tree.Str(n.Span, r.id)
}

func staff(at source.Span) ast.Expr { return tree.Ident(at, staffName) }

// with adds the options of a call, if there are any, as its last argument.
func with(s *step, fields []*ast.Property, args ...ast.Expr) []ast.Expr {
	if len(fields) == 0 {
		return args
	}
	return append(args, tree.Object(s.at, fields...))
}

func (c *compiler) time(s *step, fields *[]*ast.Property) {
	if n := s.key("timeout"); n != nil {
		if ms, ok := c.Duration(n, "timeout"); ok && ms > 0 {
			*fields = append(*fields, tree.Field(n.Span, "timeout", tree.Num(n.Span, float64(ms))))
		}
	}
}

func (c *compiler) assign(s *step, k context) ast.Expr {
	r, name := c.roleOf(s, "role")
	var fields []*ast.Property
	task := ast.Expr(tree.Null(s.at))
	if n := s.key("task"); n != nil {
		if n.Kind == document.Map || n.Kind == document.List {
			c.WrongType(n, "task", "text")
		}
		task = c.value(n)
	}
	if n := s.key("input"); n != nil {
		fields = append(fields, tree.Field(n.Span, "input", c.value(n)))
	}
	c.time(s, &fields)
	if r != nil && k.parallel {
		if k.turns[r.id] > 0 {
			fields = append(fields, tree.Field(s.at, "turn", tree.Num(s.at, float64(k.turns[r.id]))))
		}
		k.turns[r.id]++
	}
	return c.call(s.at, "assign", with(s, fields, staff(s.at), name, task)...)
}

func (c *compiler) selection(s *step) ast.Expr {
	_, name := c.roleOf(s, "role")
	criterion := ast.Expr(tree.Str(s.at, "availability"))
	if n := s.key("criteria"); n != nil {
		c.Enum(n, "criteria", "criteria", criteria...)
		criterion = tree.Literal(n)
	}
	return c.call(s.at, "pick", staff(s.at), name, criterion)
}

func (c *compiler) review(s *step, k context, key string) ast.Expr {
	_, name := c.roleOf(s, key)
	subject := k.before(s.at)
	if n := s.key("subject"); n != nil {
		subject = c.value(n)
	}
	var fields []*ast.Property
	if n := s.key("maxIterations"); n != nil {
		if most, ok := c.Int(n, "maxIterations", 1, 1000); ok {
			fields = append(fields, tree.Field(n.Span, "maxIterations", tree.Num(n.Span, float64(most))))
		}
	}
	c.time(s, &fields)
	return c.call(s.at, s.kind, with(s, fields, staff(s.at), name, subject)...)
}

func (c *compiler) aggregate(s *step, k context) ast.Expr {
	method, fn := ast.Expr(tree.Str(s.at, "consensus")), ast.Expr(nil)
	kind := "consensus"
	if n := s.key("method"); n != nil {
		kind, _ = c.Enum(n, "method", "aggregation method", methods...)
		method = tree.Literal(n)
	}
	list := k.before(s.at)
	if n := s.key("sources"); n != nil {
		list = c.sources(n)
	}
	if n := s.key("customFn"); n != nil {
		fn = c.module(n)
	} else if kind == "custom" {
		c.need(s, "customFn")
	}
	args := []ast.Expr{method, list}
	if fn != nil {
		args = append(args, fn)
	}
	return c.call(s.at, "aggregate", args...)
}

// sources are references to the results that are combined.
func (c *compiler) sources(n *document.Node) ast.Expr {
	items := []*document.Node{n}
	if n.Kind == document.List {
		items = n.Items
	}
	var elems []ast.Expr
	for _, item := range items {
		elems = append(elems, c.source(item))
	}
	if n.Kind != document.List {
		return elems[0]
	}
	return tree.List(n.Span, elems...)
}

// source is a reference as ${path}, $path or a bare path, or else a value.
func (c *compiler) source(n *document.Node) ast.Expr {
	if n.Kind == document.String {
		if path, at, ok := wholeReference(n.Text); ok {
			return c.reference(n, path, at)
		}
		if isPath(n.Text) {
			return c.reference(n, n.Text, 0)
		}
	}
	return c.value(n)
}

var moduleText = regexp.MustCompile(`^(\./[^#]+\.prism|@?[A-Za-z0-9_./-]+)#([A-Za-z_][A-Za-z0-9_]*)$`)

// module imports the function of "./file.prism#name".
func (c *compiler) module(n *document.Node) ast.Expr {
	text, ok := c.String(n, "customFn")
	if !ok {
		return nil
	}
	m := moduleText.FindStringSubmatch(text)
	if m == nil || strings.Contains(m[1], "..") {
		c.Errorf(document.OutOfRange, n.Span, "customFn names a function of a module, not '%s'", text).
			WithHint("write ./module.prism#name; the file lies beside this one or below it")
		return nil
	}
	name := c.variable(m[2])
	i := &ast.Import{Span: n.Span, Path: &ast.StringLit{Span: n.Span, Value: m[1]}}
	i.Names = []*ast.ImportName{{Span: n.Span, Name: tree.Ident(n.Span, m[2]), Alias: tree.Ident(n.Span, name)}}
	if name == m[2] {
		i.Names[0].Alias = i.Names[0].Name
	}
	c.imports = append(c.imports, i)
	return tree.Ident(n.Span, name)
}

// inner compiles the steps below a step.
func (c *compiler) inner(s *step, key string) []*step {
	n := c.need(s, key)
	items, ok := c.Items(n, key)
	if !ok {
		return nil
	}
	var list []*step
	for i, item := range items {
		list = append(list, c.read(item, fmt.Sprintf("%s.%s.%d", s.path, key, i)))
	}
	return list
}

func (c *compiler) parallel(s *step, k context) ast.Expr {
	inside := context{previous: k.previous, turns: k.turns, parallel: true}
	if !k.parallel {
		inside.turns = map[string]int{}
	}
	steps := c.inner(s, "steps")
	c.declare(steps)
	var thunks []ast.Expr
	for _, child := range steps {
		before, value := c.named(child, inside)
		if f := tree.Lambda(child.at, value).(*ast.FuncLit); len(before) > 0 {
			f.Expr, f.Body = nil, block(child.at, before, value)
			thunks = append(thunks, f)
		} else {
			thunks = append(thunks, f)
		}
	}
	var fields []*ast.Property
	if n := s.key("maxConcurrency"); n != nil {
		if most, ok := c.Int(n, "maxConcurrency", 1, math.MaxInt); ok {
			fields = append(fields, tree.Field(n.Span, "max", tree.Num(n.Span, float64(most))))
		}
	}
	c.time(s, &fields)
	return c.call(s.at, "together", with(s, fields, tree.List(s.at, thunks...))...)
}

// declare makes variables of the ids of steps inside of another one, which may
// be looked at before they have a value.
func (c *compiler) declare(steps []*step) {
	for _, child := range steps {
		if child.id == "" {
			continue
		}
		if _, twice := c.vars[child.id]; twice || c.laterStep(child.id) >= 0 {
			c.Errorf(document.DuplicateStep, child.key("id").Span, "duplicate step id '%s'", child.id)
			continue
		}
		name := c.variable(child.id)
		c.vars[child.id] = name
		c.hoisted = append(c.hoisted, name)
	}
}

// named compiles an inner step; where it has an id its value goes into the
// variable as well.
func (c *compiler) named(s *step, k context) (before []ast.Stmt, value ast.Expr) {
	before, value = c.step(s, k)
	if name := c.vars[s.id]; s.id != "" && name != "" {
		return append(before, tree.Assign(s.at, name, value)), tree.Ident(s.at, name)
	}
	return before, value
}

func (c *compiler) sequential(s *step, k context) (before []ast.Stmt, value ast.Expr) {
	steps := c.inner(s, "steps")
	c.declare(steps)
	value = tree.Null(s.at)
	for i, child := range steps {
		first, v := c.named(child, k)
		before = append(before, first...)
		if _, named := v.(*ast.Ident); !named && i < len(steps)-1 {
			name := c.variable(fmt.Sprintf("part_%d", i))
			before = append(before, tree.Let(child.at, name, v))
			v = tree.Ident(child.at, name)
		}
		value, k.previous = v, v
	}
	return before, value
}

func (c *compiler) branch(s *step, k context) ast.Expr {
	check := ast.Expr(tree.Null(s.at))
	if n := c.need(s, "check"); n != nil {
		check = c.condition(n, "check")
	}
	arm := func(key string, n *document.Node) *ast.Block {
		if n == nil || n.Kind == document.Null {
			return block(s.at, nil, tree.Null(s.at))
		}
		if n.Kind == document.List {
			c.WrongType(n, key, "one step").WithHint("put several steps into {type: sequential, steps: [...]}")
			return block(s.at, nil, tree.Null(s.at))
		}
		child := c.read(n, s.path+"."+key)
		c.declare([]*step{child})
		before, value := c.named(child, k)
		return block(child.at, before, value)
	}
	then := arm("then", c.need(s, "then"))
	return &ast.If{Span: s.at, Cond: check, Then: then, Else: arm("else", s.key("else"))}
}

// block is { statements; value }.
func block(at source.Span, before []ast.Stmt, value ast.Expr) *ast.Block {
	return &ast.Block{Span: at, Stmts: append(before, tree.Expr(value))}
}

func (c *compiler) wait(s *step) ast.Expr {
	cond := ast.Expr(tree.Null(s.at))
	if n := c.need(s, "condition"); n != nil {
		cond = c.condition(n, "condition")
	}
	var fields []*ast.Property
	c.time(s, &fields)
	return c.call(s.at, "waitFor", with(s, fields, tree.Lambda(s.at, cond))...)
}

// output compiles workflow.output: a path, a reference or text with references,
// or a map or list of such. A word by itself is a path, and so it is inside of a
// map or list unless it resembles nothing that there is.
func (c *compiler) output(n *document.Node, whole bool) ast.Expr {
	switch n.Kind {
	case document.String:
		if path, at, ok := wholeReference(n.Text); ok {
			return c.plainReference(n, path, at)
		}
		if isPath(n.Text) && (whole || strings.ContainsAny(n.Text, ".[") || c.isName(n.Text)) {
			return c.plainReference(n, n.Text, 0)
		}
		return c.text(n)
	case document.List:
		elems := make([]ast.Expr, len(n.Items))
		for i, item := range n.Items {
			elems[i] = c.output(item, false)
		}
		return tree.List(n.Span, elems...)
	case document.Map:
		fields := make([]*ast.Property, len(n.Entries))
		for i, e := range n.Entries {
			fields[i] = tree.Field(e.Key.Span, e.Key.Text, c.output(e.Value, false))
		}
		return tree.Object(n.Span, fields...)
	}
	return tree.Literal(n)
}

// isName tells whether a bare word refers to something, or is meant to.
func (c *compiler) isName(s string) bool {
	_, ok := c.vars[s]
	return ok || slices.Contains(roots, s) || stepName.MatchString(s) || document.DidYouMean(s, slices.Sorted(maps.Keys(c.vars))) != ""
}
