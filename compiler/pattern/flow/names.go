package flow

import (
	"slices"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// builtins are the names that every pattern has.
var builtins = map[string]sort{
	"input": data, "results": answers, "validResults": answers, "totalCount": data, "avgConfidence": data,
	"averageConfidence": data, "confidence": data, "result": record, "execution": data, "aggregation": record,
	"validation": data, "timestamp": data, "context": data, "final": record, "steps": records,
}

// ofStrategy are the names that a strategy of execution or aggregation defines.
var ofStrategy = map[string]map[string]sort{
	"voting":      {"vote": record, "votes": data},
	"consensus":   {"consensus": record, "hasConsensus": data, "agreements": data},
	"fields":      {"aggregated": record, "consensus": record, "hasConsensus": data, "agreements": data},
	"merge":       {"merged": record},
	"best":        {"best": record},
	"first":       {"first": record},
	"custom":      {"aggregated": record},
	"average":     {"aggregated": record},
	"median":      {"aggregated": record},
	"min":         {"aggregated": record},
	"max":         {"aggregated": record},
	"sum":         {"aggregated": record},
	"race":        {"winner": record, "race": record, "first": record},
	"cascade":     {"winner": record},
	"round-robin": {"winner": record},
}

// lambda is a function under construction: part of a pattern that is evaluated
// with the names in scope.
type lambda struct {
	parent *lambda  // the function around this one, whose scope it sees
	step   *step    // that it belongs to, nil outside of steps
	own    []string // names of that step that have a value already
	used   []string
	// entry are the names of an answer that stand bare, in a function of an
	// answer and the scope.
	entry     []string
	entryUsed []string
	isEntry   bool
	// params are names of parameters, with and without $.
	params map[string]sort
	item   bool      // other bare names are fields of the parameter item
	result bool      // other bare names are fields of $result
	sib    *siblings // bare names that are entries of the map around
	lets   []ast.Stmt
}

func (l *lambda) root() *lambda {
	for l.parent != nil {
		l = l.parent
	}
	return l
}

// param finds a parameter of this function or one around it.
func (l *lambda) param(name string) (sort, bool) {
	for ; l != nil; l = l.parent {
		if s, ok := l.params[name]; ok {
			return s, true
		}
	}
	return 0, false
}

// known reports whether $name means something.
func (c *compiler) known(name string, l *lambda) bool {
	if _, ok := l.param(name); ok {
		return true
	}
	_, ok := c.sortOf(name)
	return ok
}

func (c *compiler) sortOf(name string) (sort, bool) {
	if s, ok := c.names[name]; ok {
		return s, true
	}
	s, ok := builtins[name]
	return s, ok
}

// variable is what $name means.
func (c *compiler) variable(name string, span source.Span, l *lambda) (value, bool) {
	if s, ok := l.param(name); ok {
		return value{tree.Ident(span, name), s}, true
	}
	s, ok := c.sortOf(name)
	if !ok {
		c.unknown(span, "$"+name, c.allNames())
		return value{tree.Null(span), data}, false
	}
	if s == library {
		return value{tree.Ident(span, c.ident(name)), s}, true
	}
	c.refer(name, span, l)
	c.use(name)
	r := l.root()
	if !slices.Contains(r.used, name) {
		r.used = append(r.used, name)
	}
	return value{tree.Ident(span, c.ident(name)), s}, true
}

// bare is what a name without $ means.
func (c *compiler) bare(name string, span source.Span, l *lambda) (value, bool) {
	if s, ok := l.param(name); ok {
		return value{tree.Ident(span, name), s}, true
	}
	for at := l; at != nil; at = at.parent {
		if slices.Contains(at.entry, name) {
			if !slices.Contains(at.entryUsed, name) {
				at.entryUsed = append(at.entryUsed, name)
			}
			return value{tree.Ident(span, c.entryIdent(name)), data}, true
		}
	}
	if l.sib != nil {
		if v, ok, known := l.sib.get(name, span); known {
			return v, ok
		}
	}
	switch {
	case l.item:
		return value{c.call(span, "get", tree.Ident(span, "item"), tree.Str(span, name)), data}, true
	case l.result:
		v, ok := c.variable("result", span, l)
		return value{c.call(span, "get", v.Expr, tree.Str(span, name)), data}, ok
	}
	if c.known(name, l) {
		return c.variable(name, span, l)
	}
	known := append(slices.Clone(l.entry), c.allNames()...)
	c.unknown(span, name, known)
	return value{tree.Null(span), data}, false
}

func (c *compiler) unknown(span source.Span, name string, known []string) {
	list := known
	if strings.HasPrefix(name, "$") {
		list = make([]string, len(known))
		for i, k := range known {
			list[i] = "$" + k
		}
	}
	d := c.r.Errorf(document.UnknownReference, span, "unknown reference '%s'%s", name, near(name, list))
	if near(name, list) == "" {
		d.WithHint("$input, $result, $results and the names of groups and steps can be used here")
	}
}

// allNames lists the names that can be used, for hints.
func (c *compiler) allNames() []string {
	var list []string
	for name := range c.names {
		list = append(list, name)
	}
	for name := range builtins {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func (c *compiler) stepNames() []string {
	var list []string
	for name := range c.steps {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// entryNames are what conditions over answers see of one by bare names.
var entryNames = []string{"result", "confidence", "agent", "agentName", "agentId", "capabilities", "reasoning", "expertise", "index"}

// entryIdent is the variable of a bare name of an answer. It must differ from
// that of the $name of the same spelling.
func (c *compiler) entryIdent(name string) string { return name + "_" }

// ident is the variable of a name: in camel case, with an underscore where it
// would be a reserved word, a function that the program uses, or the variable of
// another name.
func (c *compiler) ident(name string) string {
	if id, ok := c.idents[name]; ok {
		return id
	}
	var b strings.Builder
	up := false
	spelling, _, _ := strings.Cut(name, "\x00") // behind it: what tells variables of the same spelling apart
	for i, r := range spelling {
		if r == '-' || identRune(r) < 0 {
			up = b.Len() > 0
			continue
		}
		if i == 0 && r >= '0' && r <= '9' {
			b.WriteByte('_')
		}
		if up {
			b.WriteString(strings.ToUpper(string(r)))
			up = false
			continue
		}
		b.WriteRune(r)
	}
	id := b.String()
	for id == "" || c.taken[id] || token.Keyword(id) != token.Ident || slices.Contains(token.Contextual, id) && id != "input" || reserved[id] {
		id += "_"
	}
	c.idents[name], c.taken[id] = id, true
	return id
}

// reserved are the names of functions and parameters in compiled patterns.
var reserved = map[string]bool{"run": true, "item": true, "key": true, "index": true, "items": true, "value": true, "Infinity": true, "NaN": true,
	"pattern": true, "pattern_": true, "depth": true, "acc": true, "found": true}

func init() {
	for _, f := range helpers {
		reserved[f] = true
	}
	for _, n := range entryNames {
		reserved[n+"_"] = true
	}
}

// helpers are the functions of std/pattern that compiled patterns call.
var helpers = []string{"get", "val", "show", "full", "each", "elements", "below", "atMost", "above", "atLeast", "holds", "matches",
	"lowest", "highest", "total", "mean", "rounded", "absolute", "size", "allOf", "anyOf", "spell", "json", "upper", "lower", "joined",
	"otherwise", "filtered", "mapped", "cases"}

// call is a call of a function of std/pattern, which is imported.
func (c *compiler) call(span source.Span, name string, args ...ast.Expr) ast.Expr {
	c.imported[name] = true
	return tree.Call(span, name, args...)
}

// function is the finished function (names) => body, or for answers
// (answer, names) => body.
func (c *compiler) function(l *lambda, span source.Span, body ast.Expr) ast.Expr {
	f := &ast.FuncLit{Span: span, Keyword: ast.KeywordArrow, Parens: true}
	if l.isEntry && (len(l.entryUsed) > 0 || len(l.used) > 0) {
		f.Params = append(f.Params, destructured(l.entryUsed, c.entryIdent))
	}
	if len(l.used) > 0 {
		f.Params = append(f.Params, destructured(l.used, c.ident))
	}
	c.body(f, l, body)
	return f
}

// inner is a function of parameters inside another one.
func (c *compiler) inner(l *lambda, span source.Span, body ast.Expr, params ...string) ast.Expr {
	f := &ast.FuncLit{Span: span, Keyword: ast.KeywordArrow, Parens: len(params) != 1}
	for _, name := range params {
		f.Params = append(f.Params, &ast.Param{Pattern: &ast.IdentPattern{Name: tree.Ident(source.Span{}, name)}})
	}
	c.body(f, l, body)
	return f
}

func (c *compiler) body(f *ast.FuncLit, l *lambda, body ast.Expr) {
	if len(l.lets) > 0 {
		stmts := append(l.lets, &ast.Return{Span: body.Range(), X: body})
		f.Body = &ast.Block{Span: f.Span, Stmts: stmts}
		return
	}
	if _, ok := body.(*ast.ObjectLit); ok {
		body = &ast.Paren{Span: body.Range(), X: body}
	}
	f.Expr = body
}

// destructured is the parameter { a, "b-c": bC }. Its names have no place in the
// source: they are there before anything that uses them.
func destructured(names []string, ident func(string) string) *ast.Param {
	o := &ast.ObjectPattern{}
	for _, name := range names {
		id := ident(name)
		e := &ast.PatternElem{Pattern: &ast.IdentPattern{Name: tree.Ident(source.Span{}, id)}}
		switch {
		case id == name:
			e.Key, e.Shorthand = tree.Ident(source.Span{}, id), true
		case lexer.IsIdent(name):
			e.Key = tree.Ident(source.Span{}, name)
		default:
			e.Key = tree.Str(source.Span{}, name)
		}
		o.Elems = append(o.Elems, e)
	}
	return &ast.Param{Pattern: o}
}

// let declares a variable inside a function.
func (l *lambda) let(name string, v ast.Expr) {
	d := &ast.Declarator{Pattern: &ast.IdentPattern{Name: tree.Ident(source.Span{}, name)}, Value: v}
	l.lets = append(l.lets, &ast.VarDecl{Decls: []*ast.Declarator{d}})
}
