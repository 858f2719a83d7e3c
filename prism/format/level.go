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

// leftmost returns the operand whose text begins the text of an expression;
// where that begins with a parenthesis, the operator next to it.
func leftmost(e ast.Expr) ast.Expr {
	for {
		var first ast.Expr
		need := postfixLevel
		switch x := e.(type) {
		case *ast.Binary:
			first = x.X
			need, _ = operandLevels(x.Op)
		case *ast.Ternary:
			first, need = x.Cond, attachLevel
		case *ast.Call:
			first = x.Fun
		case *ast.Member:
			first = x.X
		case *ast.Index:
			first = x.X
		case *ast.Update:
			if x.Prefix {
				return x
			}
			first = x.X
		default:
			return e
		}
		if inner := ast.Unparen(first); inner != first && redundantParens(inner, need) && levelOf(inner) >= need {
			first = inner
		}
		if _, number := first.(*ast.NumberLit); number && need == postfixLevel || levelOf(first) < need {
			return e
		}
		e = first
	}
}

// exposesBrace reports whether an expression will have a "{" outside of
// brackets: in the head of a statement it needs parentheses.
func exposesBrace(e ast.Expr) bool { return exposes(e, anyLevel) }

// exposes is exposesBrace for an operand in a place of the given level.
func exposes(e ast.Expr, need level) bool {
	if levelOf(e) < need {
		return false // it gets parentheses
	}
	switch e := e.(type) {
	case *ast.ObjectLit:
		return true
	case *ast.Binary:
		left, right := operandLevels(e.Op)
		if _, ok := e.Y.(*ast.Match); ok && binaryLevels[e.Op] == pipeLevel {
			return true
		}
		if e.Op == token.Attach {
			return exposes(e.X, left) // the confidence protects itself
		}
		return exposes(e.X, left) || exposes(e.Y, right)
	case *ast.Ternary:
		return exposes(e.Cond, attachLevel) || exposes(e.Then, pipeLevel) || exposes(e.Else, elseLevel(e))
	case *ast.Unary:
		return !collides(e) && exposes(e.X, unaryLevel)
	case *ast.Await:
		return exposes(e.X, unaryLevel)
	case *ast.Update:
		return exposes(e.X, postfixLevel)
	case *ast.Call:
		return exposes(e.Fun, postfixLevel)
	case *ast.Member:
		return exposes(e.X, postfixLevel)
	case *ast.Index:
		return exposes(e.X, postfixLevel)
	}
	return levelOf(e) == anyLevel
}

// elseLevel is what the last branch of a ternary needs.
func elseLevel(e *ast.Ternary) level {
	if _, ok := e.Else.(*ast.Ternary); ok {
		return ternaryLevel
	}
	return attachLevel
}

// endsWithWord reports whether the last operand of an expression begins with a
// name that would begin a control structure if another name or "{" followed.
func endsWithWord(e ast.Expr) bool {
	for {
		var last ast.Expr
		need := unaryLevel
		switch x := e.(type) {
		case *ast.Binary:
			last = x.Y
			_, need = operandLevels(x.Op)
		case *ast.Ternary:
			last, need = x.Else, elseLevel(x)
		case *ast.Unary:
			if collides(x) {
				return false // its operand gets parentheses
			}
			last = x.X
		case *ast.Update:
			if !x.Prefix {
				return endsWithWord(x.X)
			}
			last, need = x.X, postfixLevel
		case *ast.Await:
			last = x.X
		default:
			id, ok := baseOf(x).(*ast.Ident)
			return ok && (id.Name == "parallel" || id.Name == "race" || id.Name == "with_agents")
		}
		if levelOf(last) < need {
			return false // it gets parentheses
		}
		e = last
	}
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
		return need <= unaryLevel
	}
	return false
}
