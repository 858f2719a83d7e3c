package flow

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// isExpression tells text that is an expression: it begins with $ and a letter,
// or with !$.
func isExpression(s string) bool {
	s = strings.TrimPrefix(s, "!")
	return len(s) > 1 && s[0] == '$' && isLetter(s[1])
}

// value compiles a value in which texts may be expressions and maps operators.
func (c *compiler) value(n *document.Node, l *lambda) ast.Expr { return c.valueIn(n, l, nil) }

// valueIn compiles a value that stands in a map with other entries.
func (c *compiler) valueIn(n *document.Node, l *lambda, sib *siblings) ast.Expr {
	switch n.Kind {
	case document.String:
		switch {
		case strings.HasPrefix(n.Text, "$$"):
			return tree.Str(n.Span, n.Text[1:])
		case isExpression(n.Text):
			return c.written(n, l)
		}
		return tree.Str(n.Span, n.Text)
	case document.List:
		elems := make([]ast.Expr, len(n.Items))
		for i, item := range n.Items {
			elems[i] = c.valueIn(item, l, nil)
		}
		return tree.List(n.Span, elems...)
	case document.Map:
		if len(n.Entries) == 1 && isOperator(n.Entries[0].Key.Text) {
			return c.operator(n.Entries[0], l, sib)
		}
		return c.object(n, l)
	}
	return tree.Literal(n)
}

// isOperator tells keys that stand for something computed: $ and a letter.
func isOperator(key string) bool { return len(key) > 1 && key[0] == '$' && isLetter(key[1]) }

// written compiles an expression whose value is written out.
func (c *compiler) written(n *document.Node, l *lambda) ast.Expr {
	v, ok := c.expression(n, 0, n.Text, l)
	if ok && v.sort == answers {
		return c.call(n.Span, "full", v.Expr)
	}
	return v.Expr
}

// siblings are the entries of a map that templates and formulas in it may use by
// their names.
type siblings struct {
	c       *compiler
	l       *lambda
	n       *document.Node
	wanted  map[string]bool   // used by another entry
	idents  map[string]string // of the variables that hold entries
	open    []string          // entries being compiled
	current string
	earlier bool // only entries above count
}

var wordText = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)

// object compiles a map entry by entry. Entries that others use become variables.
func (c *compiler) object(n *document.Node, l *lambda) ast.Expr {
	s := &siblings{c: c, l: l, n: n, wanted: map[string]bool{}, idents: map[string]string{}}
	for _, e := range n.Entries {
		for _, op := range []string{"$template", "$formula"} {
			if v := e.Value.Get(op); v != nil && v.Kind == document.String {
				for _, w := range wordText.FindAllString(v.Text, -1) {
					s.wanted[w] = true
				}
			}
		}
	}
	fields := make([]*ast.Property, len(n.Entries))
	for i := range n.Entries {
		e := &n.Entries[i]
		key := e.Key.Text
		if slices.Contains(operatorNames, key) {
			c.r.Warnf(document.UnknownKey, e.Key.Span, "'%s' computes nothing here: it must be the only key of its map", key)
		} else if strings.HasPrefix(key, "$$") {
			key = key[1:]
		}
		var v ast.Expr
		if s.wanted[e.Key.Text] {
			s.hold(e)
			v = tree.Ident(e.Value.Span, s.idents[e.Key.Text])
		} else {
			v = s.compile(e)
		}
		fields[i] = tree.Field(e.Key.Span, key, v)
	}
	return tree.Object(n.Span, fields...)
}

func (s *siblings) compile(e *document.Entry) ast.Expr {
	saved := s.current
	s.current = e.Key.Text
	s.open = append(s.open, e.Key.Text)
	v := s.c.valueIn(e.Value, s.l, s)
	s.open = s.open[:len(s.open)-1]
	s.current = saved
	return v
}

// hold compiles an entry into a variable.
func (s *siblings) hold(e *document.Entry) {
	if s.idents[e.Key.Text] != "" {
		return
	}
	v := s.compile(e)
	id := s.c.fresh(e.Key.Text)
	s.idents[e.Key.Text] = id
	s.l.let(id, v)
}

// get is what the name of an entry means in another one; known is false when the
// map has no such entry.
func (s *siblings) get(name string, span source.Span) (v value, ok, known bool) {
	e := s.n.Entry(name)
	if e == nil || name == s.current && s.earlier {
		return value{}, false, false
	}
	if s.earlier && s.idents[name] == "" {
		return value{}, false, false // it comes later
	}
	if slices.Contains(s.open, name) {
		s.c.r.Errorf(document.BadExpression, span, "'%s' is needed to compute itself", name)
		return value{tree.Null(span), data}, false, true
	}
	current := s.current
	saved := s.earlier
	s.earlier = false
	s.hold(e)
	s.earlier, s.current = saved, current
	return value{tree.Ident(span, s.idents[name]), open}, true, true
}

// fresh is a variable that no name has yet.
func (c *compiler) fresh(name string) string {
	c.counter++
	return c.ident(fmt.Sprintf("%s\x00%d", strings.Map(identRune, name), c.counter))
}

func identRune(r rune) rune {
	if r == '_' || r == '-' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// operatorNames are those of maps that stand for something computed.
var operatorNames = []string{"$template", "$filter", "$map", "$switch", "$formula", "$average", "$min", "$max", "$sum", "$all", "$any", "$metrics"}

var folds = map[string]string{"$average": "mean", "$min": "lowest", "$max": "highest", "$sum": "total", "$all": "allOf", "$any": "anyOf"}

// operator compiles {$name: ...}.
func (c *compiler) operator(e document.Entry, l *lambda, sib *siblings) ast.Expr {
	n, name := e.Value, e.Key.Text
	switch name {
	case "$template":
		s, ok := c.r.String(n, name)
		if !ok {
			return tree.Null(n.Span)
		}
		return c.template(n, s, c.under(l, sib, true))
	case "$formula":
		if n.Kind == document.Number {
			return tree.Literal(n)
		}
		s, ok := c.r.String(n, name)
		if !ok {
			return tree.Null(n.Span)
		}
		v, _ := c.expression(n, 0, s, c.under(l, sib, false))
		return v.Expr
	case "$filter":
		return c.filterOperator(n, l)
	case "$map":
		return c.mapOperator(n, l)
	case "$switch":
		return c.switchOperator(n, l)
	case "$metrics":
		return c.metrics(n, l)
	}
	if f, ok := folds[name]; ok {
		return c.call(n.Span, f, c.listValue(n, l))
	}
	c.r.Errorf(document.UnknownValue, e.Key.Span, "unknown operator '%s'%s", name, near(name, operatorNames)).
		WithHint("the operators are %s; write $$ for a key that begins with $", strings.Join(operatorNames, ", "))
	return tree.Null(n.Span)
}

// under is the function around with the siblings that bare names may mean; they
// share its variables.
func (c *compiler) under(l *lambda, sib *siblings, template bool) *lambda {
	in := &lambda{parent: l, step: l.step, item: l.item, result: template && !l.item}
	if sib != nil && sib.l == l {
		s := *sib
		s.earlier = template
		in.sib = &s
	}
	return in
}

// listValue compiles a list, or an expression that gives one.
func (c *compiler) listValue(n *document.Node, l *lambda) ast.Expr {
	if n.Kind == document.String {
		v, _ := c.expression(n, 0, strings.TrimPrefix(n.Text, "$$"), l)
		return v.Expr
	}
	return c.value(n, l)
}

// within is a function of an item inside l.
func within(l *lambda, item sort, fields bool) *lambda {
	return &lambda{parent: l, step: l.step, item: fields,
		params: map[string]sort{"item": item, "value": item, "key": data, "index": data}}
}

// filterOperator is {items, condition, then}.
func (c *compiler) filterOperator(n *document.Node, l *lambda) ast.Expr {
	if !c.r.Map(n, "$filter", "items", "condition", "conditions", "then") {
		return tree.Null(n.Span)
	}
	items, from := c.items(n, l, "$filter")
	test := c.itemTest(n, l, "$filter", from)
	args := []ast.Expr{items, test}
	if then := n.Get("then"); then != nil {
		s, ok := c.r.String(then, "$filter.then")
		in := &lambda{parent: l, step: l.step, params: map[string]sort{"items": open}}
		switch {
		case ok && s == "length":
			args = append(args, c.inner(in, then.Span, c.call(then.Span, "size", tree.Ident(then.Span, "items")), "items"))
		case ok:
			v, _ := c.expression(then, 0, s, in)
			args = append(args, c.inner(in, then.Span, v.Expr, "items"))
		}
	}
	return c.call(n.Span, "filtered", args...)
}

// items compiles the list that an operator or step goes over, and tells what its
// elements are.
func (c *compiler) items(n *document.Node, l *lambda, what string) (ast.Expr, sort) {
	items := c.r.Need(n, what, "items")
	if items == nil {
		return tree.Null(n.Span), data
	}
	if items.Kind == document.String && isExpression(items.Text) {
		v, _ := c.expression(items, 0, items.Text, l)
		return v.Expr, open
	}
	if items.Kind != document.List && items.Kind != document.Map {
		c.r.WrongType(items, what+".items", "a list or an expression")
		return tree.Null(n.Span), data
	}
	return c.value(items, l), open
}

// itemTest is the condition of a filter as a function of an item.
func (c *compiler) itemTest(n *document.Node, l *lambda, what string, item sort) ast.Expr {
	in := within(l, item, true)
	cond := n.Get("condition")
	if cond == nil {
		cond = n.Get("conditions")
	}
	if cond == nil {
		c.r.Missing(n, what, "condition")
		return tree.Null(n.Span)
	}
	body := c.condition(cond, in, what+".condition", nil)
	return c.inner(in, cond.Span, c.itemNames(in, body), "item", "key", "index", "items")
}

// itemNames makes value another name of item where it is used.
func (c *compiler) itemNames(l *lambda, body ast.Expr) ast.Expr {
	ast.Walk(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == "value" {
			id.Name = "item"
		}
		return true
	})
	return body
}

// mapOperator is {items, transform}.
func (c *compiler) mapOperator(n *document.Node, l *lambda) ast.Expr {
	if !c.r.Map(n, "$map", "items", "transform") {
		return tree.Null(n.Span)
	}
	items, from := c.items(n, l, "$map")
	in := within(l, from, false)
	t := c.r.Need(n, "$map", "transform")
	if t == nil {
		return tree.Null(n.Span)
	}
	body := c.transform(t, in)
	return c.call(n.Span, "mapped", items, c.inner(in, t.Span, c.itemNames(in, body), "item", "key", "index"))
}

var itemText = regexp.MustCompile(`^\$?(item|value|key|index)\b`)

// transform compiles what becomes of an item: an expression that begins with its
// name, or a map or list of such.
func (c *compiler) transform(n *document.Node, l *lambda) ast.Expr {
	switch {
	case n.Kind == document.String && itemText.MatchString(n.Text):
		return c.written(n, l)
	case n.Kind == document.Map && !(len(n.Entries) == 1 && strings.HasPrefix(n.Entries[0].Key.Text, "$")):
		fields := make([]*ast.Property, len(n.Entries))
		for i, e := range n.Entries {
			fields[i] = tree.Field(e.Key.Span, e.Key.Text, c.transform(e.Value, l))
		}
		return tree.Object(n.Span, fields...)
	case n.Kind == document.List:
		elems := make([]ast.Expr, len(n.Items))
		for i, item := range n.Items {
			elems[i] = c.transform(item, l)
		}
		return tree.List(n.Span, elems...)
	}
	return c.value(n, l)
}

// switchOperator is {value, cases}, also with a default beside the cases.
func (c *compiler) switchOperator(n *document.Node, l *lambda) ast.Expr {
	if !c.r.Map(n, "$switch", "value", "cases", "default") {
		return tree.Null(n.Span)
	}
	v, list := c.r.Need(n, "$switch", "value"), c.r.Need(n, "$switch", "cases")
	if v == nil || list == nil || !c.r.Map(list, "$switch.cases") {
		return tree.Null(n.Span)
	}
	var fields []*ast.Property
	add := func(key *document.Node, name string, v *document.Node) {
		in := &lambda{parent: l, step: l.step}
		fields = append(fields, tree.Field(key.Span, name, c.inner(in, v.Span, c.value(v, in))))
	}
	for _, e := range list.Entries {
		add(e.Key, e.Key.Text, e.Value)
	}
	if d := n.Entry("default"); d != nil && list.Get("default") == nil {
		add(d.Key, "default", d.Value)
	}
	return c.call(n.Span, "cases", c.value(v, l), tree.Object(list.Span, fields...))
}

// metrics is the map of some figures about the run.
func (c *compiler) metrics(n *document.Node, l *lambda) ast.Expr {
	items, ok := c.r.Items(n, "$metrics")
	if !ok {
		return tree.Null(n.Span)
	}
	var fields []*ast.Property
	for _, item := range items {
		name, ok := c.r.Enum(item, "$metrics", "metric", "duration", "agentCount", "retries")
		if !ok {
			continue
		}
		of, key := "execution", name
		if name == "retries" {
			of, key = "validation", "attempts"
		}
		v, _ := c.variable(of, item.Span, l)
		x := c.call(item.Span, "get", v.Expr, tree.Str(item.Span, key))
		if name == "retries" {
			x = &ast.Binary{Span: item.Span, Op: tokens["-"], OpSpan: item.Span, X: x, Y: tree.Num(item.Span, 1)}
		}
		fields = append(fields, tree.Field(item.Span, name, x))
	}
	return tree.Object(n.Span, fields...)
}

// ---- Templates ----

// templateFilters are what may stand behind a bar in a template: the function of
// std/pattern and its greatest number of arguments.
var templateFilters = map[string]struct {
	name string
	max  int
}{"join": {"joined", 1}, "json": {"json", 0}, "upper": {"upper", 0}, "lower": {"lower", 0}, "round": {"rounded", 1}, "default": {"otherwise", 1}}

var filterNames = []string{"join", "json", "upper", "lower", "round", "default"}

// template compiles text with {{expressions}}.
func (c *compiler) template(n *document.Node, text string, l *lambda) ast.Expr {
	t := &ast.Template{Span: n.Span, Quote: `"`}
	rest := 0
	for {
		i := strings.Index(text[rest:], "{{")
		if i < 0 {
			break
		}
		open := rest + i + 2
		length := strings.Index(text[open:], "}}")
		if length < 0 {
			c.r.Errorf(document.BadExpression, n.TextSpan(open-2, open), "the braces that begin here are not closed")
			return tree.Null(n.Span)
		}
		t.Texts = append(t.Texts, ast.TemplateText{Span: n.TextSpan(rest, open-2), Value: text[rest : open-2]})
		t.Exprs = append(t.Exprs, c.templatePart(n, open, text[open:open+length], l))
		rest = open + length + 2
	}
	if len(t.Exprs) == 0 {
		return tree.Str(n.Span, text)
	}
	t.Texts = append(t.Texts, ast.TemplateText{Span: n.TextSpan(rest, len(text)), Value: text[rest:]})
	return t
}

// templatePart is the expression in one pair of braces, with its filters.
func (c *compiler) templatePart(n *document.Node, base int, text string, l *lambda) ast.Expr {
	p := &parser{c: c, l: l, node: n, text: text, base: base}
	p.next(0)
	if p.tok.kind == end {
		p.fail(p.tok, "an expression is missing")
		return tree.Null(n.Span)
	}
	v := p.ternary()
	spelled := false
	for !p.bad && p.accept("|") {
		name := p.tok
		f, ok := templateFilters[name.text]
		if name.kind != word || !ok {
			p.fail(name, "there is no filter '%s'%s", name.text, near(name.text, filterNames)).
				WithHint("the filters are %s", strings.Join(filterNames, ", "))
			break
		}
		p.advance()
		args := []ast.Expr{v.Expr}
		if p.is("(") {
			args = append(args, p.arguments()...)
		}
		if len(args)-1 > f.max {
			p.fail(name, "%s takes at most %d arguments", name.text, f.max)
		}
		if name.text == "default" && len(args) == 1 {
			p.fail(name, "default needs what to write instead")
		}
		v = value{c.call(p.at(name), f.name, args...), data}
		spelled = f.name != "otherwise" && f.name != "rounded"
	}
	if p.tok.kind != end {
		p.unexpected()
	}
	if spelled {
		return v.Expr
	}
	return c.call(v.Range(), "spell", v.Expr)
}

func compilePattern(expression string) error {
	if _, err := regexp.Compile(expression); err != nil {
		return fmt.Errorf("the regular expression is malformed: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return nil
}
