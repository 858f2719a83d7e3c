package flow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// sort is what is known about the value of an expression. It decides where the
// result of a record has to be taken out, and how lists are written.
type sort uint8

const (
	data    sort = iota // plain data: never a record
	record              // an answer, a vote, the outcome of a step
	answers             // a list of records that is written with everything known
	records             // the map $steps
	library             // an imported module
	open                // anything
)

// value is an expression with what is known about it.
type value struct {
	ast.Expr
	sort sort
}

// maxDepth bounds how deep expressions nest.
const maxDepth = 200

// parser reads one expression of a node's text and makes Prism of it.
type parser struct {
	c     *compiler
	l     *lambda
	node  *document.Node
	text  string // what is read; a part of the node's text
	base  int    // where text begins in the node's text
	tok   tok
	depth int
	bad   bool // a mistake has been reported
}

// expression reads a whole text. It returns false when the text has mistakes,
// which have been reported.
func (c *compiler) expression(n *document.Node, base int, text string, l *lambda) (value, bool) {
	p := &parser{c: c, l: l, node: n, text: text, base: base}
	p.next(0)
	if p.tok.kind == end {
		p.fail(p.tok, "an expression is missing")
		return p.null(), false
	}
	v := p.ternary()
	if p.tok.kind != end {
		p.unexpected()
	}
	return v, !p.bad
}

func (p *parser) next(at int) {
	p.tok = scan(p.text, at, func(name string) bool { return p.c.known(name, p.l) })
}

func (p *parser) advance() tok {
	t := p.tok
	p.next(t.end)
	return t
}

// span is the place of bytes of the text.
func (p *parser) span(from, to int) source.Span { return p.node.TextSpan(p.base+from, p.base+to) }

func (p *parser) at(t tok) source.Span { return p.span(t.start, max(t.end, t.start+1)) }

func (p *parser) fail(t tok, format string, args ...any) *diag.Diagnostic {
	if p.bad {
		return &diag.Diagnostic{} // the first one explains the others
	}
	p.bad = true
	return p.c.r.Errorf(document.BadExpression, p.at(t), format, args...)
}

func (p *parser) unexpected() {
	switch p.tok.kind {
	case end:
		p.fail(p.tok, "the expression ends too early")
	case illegal:
		if strings.HasPrefix(p.tok.text, "'") || strings.HasPrefix(p.tok.text, `"`) {
			p.fail(p.tok, "the quotes that begin here are not closed")
			return
		}
		p.fail(p.tok, "%s has no meaning in an expression", strconv.Quote(p.tok.text))
	default:
		p.fail(p.tok, "unexpected %s", strconv.Quote(p.text[p.tok.start:p.tok.end]))
	}
}

func (p *parser) is(op string) bool { return p.tok.kind == operator && p.tok.text == op }

func (p *parser) accept(op string) bool {
	if !p.is(op) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) need(op string) {
	if !p.accept(op) {
		if p.tok.kind == end {
			p.fail(p.tok, "%q is missing", op)
			return
		}
		p.fail(p.tok, "expected %q, found %s", op, strconv.Quote(p.text[p.tok.start:p.tok.end]))
	}
}

func (p *parser) null() value { return value{tree.Null(p.node.Span), data} }

func (p *parser) join(a, b value) source.Span {
	s, e := a.Range(), b.Range()
	return source.Span{Start: min(s.Start, e.Start), End: max(s.End, e.End)}
}

// plain is a value with the result of a record taken out.
func (p *parser) plain(v value) ast.Expr {
	if v.sort == data || v.sort == answers {
		return v.Expr
	}
	return p.c.call(v.Range(), "val", v.Expr)
}

func (p *parser) ternary() value {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.tok, "the expression is nested too deep")
		p.tok = tok{end, "", len(p.text), len(p.text)}
		return p.null()
	}
	defer func() { p.depth-- }()
	cond := p.binary(0)
	if !p.accept("?") {
		return cond
	}
	then := p.ternary()
	p.need(":")
	other := p.ternary()
	if p.bad {
		return p.null()
	}
	return value{&ast.Ternary{Span: p.join(cond, other), Cond: paren(p.plain(cond)), Then: paren(then.Expr), Else: paren(other.Expr)},
		mixed(then.sort, other.sort)}
}

func mixed(a, b sort) sort {
	if a == b {
		return a
	}
	return open
}

// levels are the operators with two operands, loosest first.
var levels = [][]string{
	{"||", "??"},
	{"&&"},
	{"==", "!=", "===", "!=="},
	{"<", "<=", ">", ">=", "in", "contains", "matches", "gt", "gte", "lt", "lte", "eq", "ne"},
	{"+", "-"},
	{"*", "/", "%"},
}

// words are the spellings of operators as words.
var words = map[string]string{"eq": "==", "ne": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}

// binaryOp is the operator that stands here, if it is of a level.
func (p *parser) binaryOp(level int) (string, bool) {
	if p.tok.kind != operator && p.tok.kind != word {
		return "", false
	}
	if !slices.Contains(levels[level], p.tok.text) || (p.tok.kind == word) != isLetter(p.tok.text[0]) {
		return "", false
	}
	if op, ok := words[p.tok.text]; ok {
		return op, true
	}
	return p.tok.text, true
}

func (p *parser) binary(level int) value {
	if level == len(levels) {
		return p.unary()
	}
	left := p.binary(level + 1)
	for n := 0; ; n++ {
		op, ok := p.binaryOp(level)
		if !ok {
			return left
		}
		if n >= 5*maxDepth {
			p.fail(p.tok, "the expression is too long")
			return left
		}
		t := p.advance()
		right := p.binary(level + 1)
		if p.bad {
			return left
		}
		left = p.operation(op, t, left, right)
	}
}

var tokens = map[string]token.Kind{"||": token.OrOr, "??": token.Nullish, "&&": token.AndAnd, "==": token.Same, "===": token.Same,
	"!=": token.NotSame, "!==": token.NotSame, "+": token.Plus, "-": token.Minus, "*": token.Star, "/": token.Slash, "%": token.Percent}

// relations are the operators that are functions, which forgive null.
var relations = map[string]string{"<": "below", "<=": "atMost", ">": "above", ">=": "atLeast", "contains": "holds", "matches": "matches"}

func (p *parser) operation(op string, t tok, left, right value) value {
	span := p.join(left, right)
	if f, ok := relations[op]; ok {
		if op == "matches" {
			p.checkPattern(right)
		}
		return value{p.c.call(span, f, left.Expr, right.Expr), data}
	}
	if op == "in" {
		return value{p.c.call(span, "holds", right.Expr, left.Expr), data}
	}
	s := data
	x, y := p.plain(left), p.plain(right)
	if op == "||" || op == "??" || op == "&&" {
		if s = mixed(left.sort, right.sort); s == record {
			s = data
		}
		if s == open {
			s = data // the results have been taken out
		}
	}
	return value{&ast.Binary{Span: span, Op: tokens[op], OpSpan: p.at(t), X: paren(x), Y: paren(y)}, s}
}

// checkPattern reports a regular expression that is malformed.
func (p *parser) checkPattern(v value) {
	lit, ok := v.Expr.(*ast.StringLit)
	if !ok {
		return
	}
	if err := compilePattern(lit.Value); err != nil {
		p.c.r.Errorf(document.BadExpression, lit.Span, "%v", err)
		p.bad = true
	}
}

func (p *parser) unary() value {
	switch {
	case p.is("!"):
		t := p.advance()
		x := p.unary()
		return value{&ast.Unary{Span: p.at(t).To(x.Range()), Op: token.Not, X: paren(p.plain(x))}, data}
	case p.is("-"):
		t := p.advance()
		x := p.unary()
		return value{&ast.Unary{Span: p.at(t).To(x.Range()), Op: token.Minus, X: paren(p.plain(x))}, data}
	}
	return p.postfix(p.primary())
}

// postfix reads members, indices, stars and calls behind a value.
func (p *parser) postfix(v value) value {
	var keys []ast.Expr // not taken yet
	star := false       // keys are those of each element
	from := v.Range()
	take := func() {
		if len(keys) == 0 && !star {
			return
		}
		f := "get"
		if star {
			f = "each"
			v.sort = data
		}
		v.Expr = p.c.call(from.To(p.last()), f, append([]ast.Expr{v.Expr}, keys...)...)
		keys, star = nil, false
	}
	for !p.bad {
		switch {
		case p.is(".") || p.is("?."):
			p.advance()
			if p.is("*") {
				p.advance()
				take()
				star = true
				continue
			}
			if p.tok.kind != word && p.tok.kind != number {
				p.fail(p.tok, "the name of a field is missing")
				return v
			}
			if v.sort == library {
				return p.member(v)
			}
			t := p.field(v.sort == records && len(keys) == 0 && !star)
			if p.is("(") {
				take()
				v = p.method(v, t)
				continue
			}
			keys = append(keys, tree.Str(p.at(t), t.text))
			if !star {
				v.sort = p.fieldSort(v.sort, t.text)
			}
		case p.is("["):
			p.advance()
			i := p.ternary()
			p.need("]")
			if p.bad {
				return v
			}
			keys = append(keys, p.plain(i))
			if !star {
				v.sort = map[sort]sort{answers: record, data: data}[v.sort]
				if v.sort == data && len(keys) == 1 {
					v.sort = data
				}
			}
		default:
			take()
			return v
		}
	}
	return v
}

// last is where the token before this one ends.
func (p *parser) last() source.Span {
	i := p.tok.start
	for i > 0 && strings.IndexByte(" \t\r\n", p.text[i-1]) >= 0 {
		i--
	}
	return p.span(max(i-1, 0), i)
}

// field reads the name of a field; of $steps it is that of a step, which may have
// hyphens.
func (p *parser) field(step bool) tok {
	t := p.tok
	if step {
		name := hyphenated(p.text[t.start:], func(s string) bool { return p.c.steps[s] != nil })
		t.text, t.end = name, t.start+len(name)
		if p.c.steps[name] == nil {
			p.bad = true
			p.c.unknown(p.at(t), "$steps."+name, p.c.stepNames())
		} else {
			p.c.refer(name, p.at(t), p.l)
		}
	}
	p.next(t.end)
	return t
}

// fieldSort tells what a field of a value is.
func (p *parser) fieldSort(of sort, name string) sort {
	switch {
	case of == records:
		return record
	case (of == record || of == open) && (name == "results" || name == "validResults"):
		return answers
	}
	return data
}

// member is a function of an imported module, which may be called.
func (p *parser) member(v value) value {
	t := p.advance()
	x := tree.Member(v.Range().To(p.at(t)), v.Expr, t.text)
	if !p.is("(") {
		return value{x, open}
	}
	return value{&ast.Call{Span: v.Range().To(p.at(t)), Fun: x, Args: p.arguments()}, open}
}

func (p *parser) method(v value, name tok) value {
	args := p.arguments()
	if p.bad {
		return v
	}
	if name.text != "includes" && name.text != "contains" {
		p.fail(name, "there is no method '%s'%s", name.text, near(name.text, []string{"includes", "contains"})).
			WithHint("the methods are includes and contains")
		return v
	}
	if len(args) != 1 {
		p.fail(name, "%s takes one argument, not %d", name.text, len(args))
		return v
	}
	return value{p.c.call(v.Range().To(p.last()), "holds", v.Expr, args[0]), data}
}

// arguments reads (a, b, ...).
func (p *parser) arguments() []ast.Expr {
	p.need("(")
	var args []ast.Expr
	for !p.bad && !p.is(")") {
		args = append(args, p.ternary().Expr)
		if !p.accept(",") {
			break
		}
	}
	p.need(")")
	return args
}

// functions are those of expressions: the function of std/pattern, and how many
// arguments it takes.
var functions = map[string]struct {
	name     string
	min, max int
}{
	"min": {"lowest", 1, 1000}, "max": {"highest", 1, 1000}, "sum": {"total", 1, 1000}, "average": {"mean", 1, 1000},
	"round": {"rounded", 1, 2}, "abs": {"absolute", 1, 1}, "length": {"size", 1, 1},
}

var functionNames = []string{"min", "max", "sum", "average", "round", "abs", "length"}

func (p *parser) primary() value {
	t := p.tok
	switch {
	case t.kind == number:
		p.advance()
		f, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			p.fail(t, "the number is too large")
		}
		return value{tree.Num(p.at(t), f), data}
	case t.kind == quoted:
		p.advance()
		return value{tree.Str(p.at(t), t.text), data}
	case t.kind == variable:
		p.advance()
		v, ok := p.c.variable(t.text, p.at(t), p.l)
		p.bad = p.bad || !ok
		return v
	case t.kind == word:
		return p.word()
	case p.is("("):
		p.advance()
		v := p.ternary()
		p.need(")")
		return v
	case p.is("["):
		p.advance()
		var elems []ast.Expr
		for !p.bad && !p.is("]") {
			elems = append(elems, p.ternary().Expr)
			if !p.accept(",") {
				break
			}
		}
		p.need("]")
		return value{tree.List(p.at(t).To(p.last()), elems...), data}
	}
	p.unexpected()
	return p.null()
}

func (p *parser) word() value {
	t := p.advance()
	switch t.text {
	case "true", "false":
		return value{tree.Bool(p.at(t), t.text == "true"), data}
	case "null", "undefined":
		return value{tree.Null(p.at(t)), data}
	}
	if !p.is("(") {
		v, ok := p.c.bare(t.text, p.at(t), p.l)
		p.bad = p.bad || !ok
		return v
	}
	f, ok := functions[t.text]
	if !ok {
		p.fail(t, "there is no function '%s'%s", t.text, near(t.text, functionNames)).
			WithHint("the functions are %s", strings.Join(functionNames, ", "))
		return p.null()
	}
	args := p.arguments()
	if p.bad {
		return p.null()
	}
	if len(args) < f.min || len(args) > f.max {
		p.fail(t, "%s takes %d to %d arguments, not %d", t.text, f.min, f.max, len(args))
		return p.null()
	}
	return value{p.c.call(p.at(t).To(p.last()), f.name, args...), data}
}

// near is " (did you mean 'x'?)" for the nearest of some names.
func near(name string, known []string) string {
	if n := diag.Suggest(name, known); n != "" {
		return fmt.Sprintf(" (did you mean '%s'?)", n)
	}
	return ""
}

// paren puts parentheses around what would not stand as an operand by itself.
func paren(e ast.Expr) ast.Expr {
	switch e.(type) {
	case *ast.Binary, *ast.Ternary, *ast.FuncLit, *ast.ObjectLit:
		return &ast.Paren{Span: e.Range(), X: e}
	case *ast.Unary:
		return &ast.Paren{Span: e.Range(), X: e}
	}
	return e
}
