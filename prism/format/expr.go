package format

import (
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/token"
)

// expr prints an expression in a place that needs the given level, with the
// comments before it.
func (p *printer) expr(e ast.Expr, need level) *doc {
	lead := p.lead(e.Range().Start)
	if g, ok := e.(guarded); ok {
		return concat(lead, p.parens(g.X, g.End))
	}
	if paren, ok := e.(*ast.Paren); ok {
		inner := ast.Unparen(paren)
		// A comment keeps its parentheses: without them a line break behind it
		// could end the statement.
		if redundantParens(inner, need) && levelOf(inner) >= need && !p.pending(paren.End) {
			return concat(lead, p.expr(inner, need))
		}
		return concat(lead, p.parens(inner, paren.End))
	}
	if levelOf(e) < need {
		return concat(lead, p.parens(e, e.Range().End))
	}
	return concat(lead, p.bare(e))
}

// parens prints ( x ); end is where the ")" stands in the source.
func (p *printer) parens(x ast.Expr, end int32) *doc { return p.enclosed("(", x, end, ")") }

// enclosed prints an expression between brackets with the comments that stand
// in them; end is where the closing one stands in the source.
func (p *printer) enclosed(open string, x ast.Expr, end int32, close string) *doc {
	lead := p.lead(x.Range().Start)
	inner := concat(lead, p.expr(x, anyLevel))
	trail := p.trail(end)
	if isForced(lead) || isForced(trail) {
		return concat(text(open), indent(hard, inner, trail), hard, text(close))
	}
	return concat(text(open), inner, trail, text(close))
}

// head prints an expression between a keyword and "{" without parentheses of
// its own, unless the "{" could be taken for a part of it.
func (p *printer) head(e ast.Expr) *doc {
	x := ast.Unparen(e)
	lead := p.lead(e.Range().Start)
	_, parens := e.(*ast.Paren)
	if exposesBrace(x) || endsWithWord(x) || parens && p.pending(e.Range().End) {
		return concat(lead, p.parens(x, e.Range().End))
	}
	return concat(lead, p.expr(x, anyLevel))
}

// condition prints ( e ), the canonical form of the head of an if or a while.
func (p *printer) condition(e ast.Expr) *doc {
	x := ast.Unparen(e)
	lead := p.lead(x.Range().Start)
	inner := concat(lead, p.unindented(x), p.trail(e.Range().End))
	return group(text("("), indent(soft, inner), soft, text(")"))
}

// unindented prints an expression whose place is indented already.
func (p *printer) unindented(e ast.Expr) *doc {
	if b, ok := e.(*ast.Binary); ok {
		return p.chain(b, false)
	}
	return p.expr(e, anyLevel)
}

// bare prints an expression without parentheses around it.
func (p *printer) bare(e ast.Expr) *doc {
	switch e := e.(type) {
	case *ast.Ident:
		return text(e.Name)
	case *ast.NumberLit:
		return text(number(e))
	case *ast.StringLit:
		return text(stringLit(e))
	case *ast.Template:
		return p.template(e)
	case *ast.BoolLit:
		if e.Value {
			return text("true")
		}
		return text("false")
	case *ast.NullLit:
		if e.Undefined {
			return text("undefined")
		}
		return text("null")
	case *ast.ArrayLit:
		return p.array(e)
	case *ast.Hole:
		return nil
	case *ast.Spread:
		return concat(text("..."), p.expr(e.X, ternaryLevel))
	case *ast.ObjectLit:
		return p.object(e)
	case *ast.FuncLit:
		return p.function(e).whole()
	case *ast.Unary:
		return p.unary(e)
	case *ast.Update:
		if e.Prefix {
			return concat(text(e.Op.String()), p.expr(e.X, postfixLevel))
		}
		return concat(p.expr(e.X, postfixLevel), text(e.Op.String()))
	case *ast.Await:
		return concat(text("await "), p.expr(e.X, unaryLevel))
	case *ast.Binary:
		return p.chain(e, true)
	case *ast.Ternary:
		return p.ternary(e)
	case *ast.Call, *ast.Member, *ast.Index:
		return p.access(e)
	case *ast.NamedArg:
		return concat(text(e.Name.Name+": "), p.expr(e.Value, anyLevel))
	case *ast.Paren:
		return p.parens(ast.Unparen(e), e.End)
	case *ast.Block:
		return group(p.block(e, freeBlock))
	case *ast.If:
		return bodied(p.ifChain(e, false)...)
	case *ast.BadExpr:
		return p.verbatim(e)
	}
	return p.control(e.(ast.Stmt))
}

// verbatim prints the source text of what could not be parsed.
func (p *printer) verbatim(n ast.Node) *doc {
	if p.src == nil {
		return nil
	}
	return textOrNil(strings.TrimSpace(p.src.Text(n.Range())))
}

// unary prints a prefix operator. Operators that would run together are kept
// apart by parentheses: -(-x), ~(-x).
func (p *printer) unary(e *ast.Unary) *doc {
	op := e.Op.String()
	if e.Op == token.Typeof || e.Op == token.Extract {
		op += " "
	}
	if collides(e) {
		op += " "
	}
	return concat(text(op), p.expr(e.X, unaryLevel))
}

// collides reports whether a prefix operator is set apart from its operand
// because that begins with an operator of its own.
func collides(e *ast.Unary) bool {
	switch e.Op {
	case token.Tilde, token.Minus, token.Plus:
		x := e.X
		if inner := ast.Unparen(x); redundantParens(inner, unaryLevel) && levelOf(inner) >= unaryLevel {
			x = inner
		}
		return levelOf(x) >= unaryLevel && beginsWithOperator(x)
	}
	return false
}

// beginsWithOperator reports whether the text of an operand begins with a sign
// that the lexer could join to one before it.
func beginsWithOperator(e ast.Expr) bool {
	switch e := leftmost(e).(type) {
	case *ast.Unary:
		return e.Op != token.Typeof
	case *ast.Update:
		return e.Prefix
	case *ast.NumberLit:
		t := number(e)
		return t[0] == '-' || t[0] == '.'
	}
	return false
}

// operand is one part of a chain of binary operators: the operator before it
// (no meaning for the first), the comments before that, and the operand.
type operand struct {
	op    token.Kind
	above *doc
	doc   *doc
}

// chain prints operators of one level that group from the left (or, for a power,
// from the right) as one list. A broken chain has an operator at the start of
// each line.
func (p *printer) chain(e *ast.Binary, indented bool) *doc {
	operands := p.operands(e, nil)
	// { ... } ~> c stays with its closing bracket.
	hugs := endsWithBracket(firstOperand(e))
	parts := []*doc{operands[0].doc}
	var rest []*doc
	for _, o := range operands[1:] {
		// "in" is an operator only on the line of its left operand.
		separator := line
		if o.op == token.In || o.op == token.Attach && hugs && !isForced(o.above) {
			separator = space
		}
		rest = append(rest, o.above, separator, text(o.op.String()+" "), o.doc)
	}
	if indented {
		return group(append(parts, indent(rest...))...)
	}
	return group(append(parts, rest...)...)
}

// firstOperand returns the operand at the left end of a chain.
func firstOperand(e *ast.Binary) ast.Expr {
	for {
		x, ok := e.X.(*ast.Binary)
		if !ok || binaryLevels[x.Op] != binaryLevels[e.Op] {
			return e.X
		}
		e = x
	}
}

// endsWithBracket reports whether an operand breaks inside brackets that end it.
func endsWithBracket(e ast.Expr) bool {
	switch e.(type) {
	case *ast.ObjectLit, *ast.ArrayLit, *ast.Call:
		return true
	}
	return false
}

func (p *printer) operands(e *ast.Binary, list []operand) []operand {
	left, right := operandLevels(e.Op)
	if e.Op == token.Power {
		x := p.expr(e.X, left)
		list = append(list, operand{doc: x})
		above := p.operatorComments(e)
		if y, ok := e.Y.(*ast.Binary); ok && y.Op == token.Power {
			n := len(list)
			list = p.operands(y, list)
			list[n].op, list[n].above = e.Op, above
			return list
		}
		return append(list, operand{e.Op, above, p.expr(e.Y, right)})
	}
	x, ok := e.X.(*ast.Binary)
	if ok && binaryLevels[x.Op] == binaryLevels[e.Op] {
		list = p.operands(x, list)
	} else {
		list = append(list, operand{doc: p.expr(e.X, left)})
	}
	above := p.operatorComments(e)
	return append(list, operand{e.Op, above, p.rightOperand(e, right)})
}

// operatorComments prints the comments around an operator, behind its left
// operand. Around "in" there is no place for a line break.
func (p *printer) operatorComments(e *ast.Binary) *doc {
	if e.Op == token.In {
		return nil
	}
	return p.trail(e.Y.Range().Start)
}

func (p *printer) rightOperand(e *ast.Binary, need level) *doc {
	y := e.Y
	switch e.Op {
	case token.Pipe, token.ConfPipe, token.ThresholdGate:
		// x |> (f(1)) calls the result of f(1): these parentheses count.
		switch y := y.(type) {
		case *ast.Match:
			return concat(p.lead(y.Start), p.bare(y))
		case *ast.Paren:
			if _, ok := ast.Unparen(y).(*ast.Ident); !ok {
				return concat(p.lead(y.Start), p.parens(ast.Unparen(y), y.End))
			}
		}
	case token.Attach:
		if x := ast.Unparen(y); exposesBrace(x) {
			return concat(p.lead(y.Range().Start), p.parens(x, y.Range().End))
		}
	}
	return p.expr(y, need)
}

// ternary prints c ? a : b, and a chain of them in the last branch as a list.
func (p *printer) ternary(e *ast.Ternary) *doc {
	cond := p.expr(e.Cond, attachLevel)
	question := "? "
	if e.Confident {
		question = "~? "
	}
	above := p.trail(e.Then.Range().Start)
	then := p.expr(e.Then, pipeLevel)
	between := p.trail(e.Else.Range().Start)
	rest := p.expr(e.Else, elseLevel(e))
	return group(cond, indent(above, line, text(question), then, between, line, text(": "), rest))
}
