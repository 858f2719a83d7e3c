package flow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
)

// operatorWords are the operators of conditions, in words and symbols.
var operatorWords = []string{"eq", "ne", "gt", "gte", "lt", "lte", "in", "contains", "matches", "==", "!=", "===", "!==", ">", ">=", "<", "<="}

// condition compiles a condition: an expression, true or false, {field, operator,
// value}, a list of conditions that must all hold, {$all: [...]} or {$any: [...]}.
// subject is what a text such as "gte 0.8" compares; nil is $confidence.
func (c *compiler) condition(n *document.Node, l *lambda, what string, subject func() ast.Expr) ast.Expr {
	switch n.Kind {
	case document.Bool:
		return tree.Bool(n.Span, n.Bool)
	case document.String:
		if op, rest, ok := leadingOperator(n.Text); ok {
			return c.compared(n, op, rest, l, subject)
		}
		v, ok := c.expression(n, 0, n.Text, l)
		if !ok {
			return tree.Null(n.Span)
		}
		p := &parser{c: c, l: l, node: n}
		return p.plain(v)
	case document.List:
		return c.joined(n, n.Items, "&&", l, what, subject)
	case document.Map:
		for op, sign := range map[string]string{"$all": "&&", "$any": "||"} {
			if list := n.Get(op); list != nil {
				c.r.Keys(n, what, op)
				items, _ := c.r.Items(list, what+"."+op)
				return c.joined(list, items, sign, l, what, subject)
			}
		}
		return c.fieldCondition(n, l, what)
	}
	c.r.WrongType(n, what, "an expression")
	return tree.Null(n.Span)
}

// joined puts conditions together by && or ||.
func (c *compiler) joined(n *document.Node, items []*document.Node, sign string, l *lambda, what string, subject func() ast.Expr) ast.Expr {
	var all ast.Expr
	for i, item := range items {
		x := paren(c.condition(item, l, fmt.Sprintf("%s[%d]", what, i), subject))
		if all == nil {
			all = x
			continue
		}
		all = &ast.Binary{Span: n.Span, Op: tokens[sign], OpSpan: item.Span, X: all, Y: x}
	}
	if all == nil {
		return tree.Bool(n.Span, sign == "&&")
	}
	return all
}

// leadingOperator splits "gte 0.8".
func leadingOperator(text string) (op string, rest int, ok bool) {
	trimmed := strings.TrimLeft(text, " ")
	skipped := len(text) - len(trimmed)
	word, tail, found := strings.Cut(trimmed, " ")
	if !found || strings.TrimSpace(tail) == "" {
		for _, sign := range []string{"===", "!==", "==", "!=", ">=", "<=", ">", "<"} {
			if strings.HasPrefix(trimmed, sign) && len(trimmed) > len(sign) {
				return sign, skipped + len(sign), true
			}
		}
		return "", 0, false
	}
	for _, w := range operatorWords {
		if word == w {
			// "in stock" is no comparison when the word is followed by an operator.
			return w, skipped + len(word), true
		}
	}
	for _, sign := range []string{"===", "!==", "==", "!=", ">=", "<=", ">", "<"} {
		if strings.HasPrefix(trimmed, sign) {
			return sign, skipped + len(sign), true
		}
	}
	return "", 0, false
}

// compared is the subject compared by an operator with the rest of a text.
func (c *compiler) compared(n *document.Node, op string, rest int, l *lambda, subject func() ast.Expr) ast.Expr {
	v, ok := c.operand(n, op, rest, l)
	if !ok {
		return tree.Null(n.Span)
	}
	left := value{nil, open}
	if subject != nil {
		left.Expr = subject()
	} else if left, ok = c.variable("confidence", n.Span, l); !ok {
		return tree.Null(n.Span)
	}
	p := &parser{c: c, l: l, node: n, text: n.Text}
	if sign, ok := words[op]; ok {
		op = sign
	}
	return p.operation(op, tok{start: 0, end: rest}, left, v).Expr
}

// operand is what stands behind a leading operator: an expression, but a word that
// means nothing else is text, and so is what "matches" takes.
func (c *compiler) operand(n *document.Node, op string, rest int, l *lambda) (value, bool) {
	text := strings.TrimSpace(n.Text[rest:])
	start := rest + strings.Index(n.Text[rest:], text)
	span := n.TextSpan(start, start+len(text))
	switch {
	case op == "matches" && !strings.ContainsAny(text[:1], `$'"`):
		if err := compilePattern(text); err != nil {
			c.r.Errorf(document.BadExpression, span, "%v", err)
			return value{}, false
		}
		return value{tree.Str(span, text), data}, true
	case wordText.FindString(text) == text && !slices.Contains([]string{"true", "false", "null", "undefined"}, text) && !c.known(text, l):
		return value{tree.Str(span, text), data}, true
	}
	return c.expression(n, rest, n.Text[rest:], l)
}

// fieldCondition is {field, operator, value}.
func (c *compiler) fieldCondition(n *document.Node, l *lambda, what string) ast.Expr {
	c.r.Keys(n, what, "field", "operator", "value")
	field := c.r.Need(n, what, "field")
	operator := n.Get("operator")
	operand := c.r.Need(n, what, "value")
	if field == nil || operand == nil {
		return tree.Null(n.Span)
	}
	name, ok := c.r.String(field, what+".field")
	if !ok {
		return tree.Null(n.Span)
	}
	op := "=="
	if operator != nil {
		if op, ok = c.r.Enum(operator, what+".operator", "operator", operatorWords...); !ok {
			return tree.Null(n.Span)
		}
	}
	left, ok := c.expression(field, 0, name, l)
	if !ok {
		return tree.Null(n.Span)
	}
	right := value{c.value(operand, l), open}
	if operand.Kind != document.String || !isExpression(operand.Text) {
		right.sort = data
	}
	if sign, ok := words[op]; ok {
		op = sign
	}
	p := &parser{c: c, l: l, node: field, text: name}
	return p.operation(op, tok{start: 0, end: len(name)}, left, right).Expr
}
