package format

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/token"
)

// level is how tightly an expression holds together; an operand needs
// parentheses when its level is below what its place asks for.
type level uint8

const (
	anyLevel level = iota // within delimiters: lambdas and control structures too
	pipeLevel
	ternaryLevel
	attachLevel
	orLevel
	nullishLevel
	coalesceLevel
	andLevel
	equalityLevel
	relationLevel
	sumLevel
	productLevel
	powerLevel
	unaryLevel
	postfixLevel
	primaryLevel
)

var binaryLevels = [token.Count]level{
	token.Pipe: pipeLevel, token.ConfPipe: pipeLevel, token.ThresholdGate: pipeLevel,
	token.Attach: attachLevel, token.Chain: attachLevel,
	token.OrOr: orLevel, token.ConfOr: orLevel, token.Stronger: orLevel, token.Gate: orLevel,
	token.Nullish: nullishLevel, token.ConfNullish: coalesceLevel,
	token.AndAnd: andLevel, token.ConfAnd: andLevel,
	token.Equal: equalityLevel, token.NotEqual: equalityLevel, token.Same: equalityLevel,
	token.NotSame: equalityLevel, token.ConfEqual: equalityLevel, token.ConfNotEqual: equalityLevel,
	token.Less: relationLevel, token.Greater: relationLevel, token.LessEqual: relationLevel,
	token.GreaterEqual: relationLevel, token.ConfLess: relationLevel, token.ConfLessEqual: relationLevel,
	token.ConfGreaterEqual: relationLevel, token.Instanceof: relationLevel, token.In: relationLevel,
	token.Plus: sumLevel, token.Minus: sumLevel, token.ConfPlus: sumLevel, token.ConfMinus: sumLevel,
	token.Star: productLevel, token.Slash: productLevel, token.Percent: productLevel,
	token.ConfStar: productLevel, token.ConfSlash: productLevel,
	token.Power: powerLevel,
}

// levelOf returns the level of an expression as it will be printed.
func levelOf(e ast.Expr) level {
	switch e := e.(type) {
	case *ast.Binary:
		return binaryLevels[e.Op]
	case *ast.Ternary:
		return ternaryLevel
	case *ast.Unary, *ast.Await:
		return unaryLevel
	case *ast.Update:
		if e.Prefix {
			return unaryLevel
		}
		return postfixLevel
	case *ast.NumberLit:
		if e.Raw == "" && e.Value < 0 {
			return unaryLevel
		}
	case *ast.Call, *ast.Member, *ast.Index:
		return postfixLevel
	case *ast.FuncLit, *ast.Block, *ast.If, *ast.UncertainIf, *ast.Match, *ast.Try,
		*ast.Context, *ast.Parallel, *ast.Sequential, *ast.Race, *ast.WithAgents:
		return anyLevel
	}
	return primaryLevel
}

// operandLevels returns the levels that the operands of a binary operator need.
func operandLevels(op token.Kind) (left, right level) {
	l := binaryLevels[op]
	switch op {
	case token.Power:
		return l + 1, l
	case token.Attach:
		return l, unaryLevel
	}
	return l, l + 1
}

// leftmost returns the operand whose text begins the text of an expression.
func leftmost(e ast.Expr) ast.Expr {
	for {
		switch x := e.(type) {
		case *ast.Binary:
			left, _ := operandLevels(x.Op)
			if levelOf(x.X) < left {
				return x
			}
			e = x.X
		case *ast.Ternary:
			if levelOf(x.Cond) < attachLevel {
				return x
			}
			e = x.Cond
		case *ast.Call:
			e = x.Fun
		case *ast.Member:
			e = x.X
		case *ast.Index:
			e = x.X
		case *ast.Update:
			if x.Prefix {
				return x
			}
			e = x.X
		default:
			return e
		}
		if levelOf(e) == anyLevel {
			return e
		}
	}
}

// exposesBrace reports whether an expression has a "{" outside of brackets, or
// could be read on into one: in the head of a statement it needs parentheses.
func exposesBrace(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.ObjectLit:
		return true
	case *ast.Binary:
		return exposesBrace(e.X) || exposesBrace(e.Y)
	case *ast.Ternary:
		return exposesBrace(e.Cond) || exposesBrace(e.Then) || exposesBrace(e.Else)
	case *ast.Unary:
		return exposesBrace(e.X)
	case *ast.Await:
		return exposesBrace(e.X)
	case *ast.Update:
		return exposesBrace(e.X)
	case *ast.Call:
		return exposesBrace(e.Fun)
	case *ast.Member:
		return exposesBrace(e.X)
	case *ast.Index:
		return exposesBrace(e.X)
	}
	return levelOf(e) == anyLevel
}

// redundantParens reports whether the author's parentheses around x mean
// nothing in a place of the given level and do not help the reader either.
func redundantParens(x ast.Expr, need level) bool {
	if need == anyLevel {
		return true
	}
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name != "in" && x.Name != "and" && x.Name != "or" && x.Name != "not"
	case *ast.Paren, *ast.StringLit, *ast.Template, *ast.BoolLit, *ast.NullLit:
		return true
	case *ast.NumberLit:
		return need < unaryLevel
	}
	return false
}
