package lexer

import "github.com/parallaxai/parallax/prism/token"

// operator returns the longest operator or punctuation mark at the start of s
// and its length; 0 when there is none.
func operator(s string) (token.Kind, int) {
	at := func(i int) byte {
		if i < len(s) {
			return s[i]
		}
		return 0
	}
	switch s[0] {
	case '(':
		return token.LParen, 1
	case ')':
		return token.RParen, 1
	case '[':
		return token.LBracket, 1
	case ']':
		return token.RBracket, 1
	case '{':
		return token.LBrace, 1
	case '}':
		return token.RBrace, 1
	case ',':
		return token.Comma, 1
	case ';':
		return token.Semicolon, 1
	case ':':
		return token.Colon, 1
	case '@':
		return token.At, 1
	case '.':
		if at(1) == '.' {
			if at(2) == '.' {
				return token.Ellipsis, 3
			}
			return token.DotDot, 2
		}
		return token.Dot, 1
	case '?':
		switch at(1) {
		case '?':
			if at(2) == '=' {
				return token.NullishAssign, 3
			}
			return token.Nullish, 2
		case '.':
			if !isDigit(at(2)) { // c?.5:1 is a ternary
				return token.QuestionDot, 2
			}
		}
		return token.Question, 1
	case '=':
		switch at(1) {
		case '>':
			return token.Arrow, 2
		case '=':
			if at(2) == '=' {
				return token.Same, 3
			}
			return token.Equal, 2
		}
		return token.Assign, 1
	case '!':
		if at(1) == '=' {
			if at(2) == '=' {
				return token.NotSame, 3
			}
			return token.NotEqual, 2
		}
		return token.Not, 1
	case '<':
		switch at(1) {
		case '=':
			return token.LessEqual, 2
		case '~':
			return token.Extract, 2
		}
		return token.Less, 1
	case '>':
		if at(1) == '=' {
			return token.GreaterEqual, 2
		}
		return token.Greater, 1
	case '+':
		return withAssign(at(1), '+', token.Plus, token.PlusAssign, token.PlusPlus)
	case '-':
		if at(1) == '>' {
			return token.ThinArrow, 2
		}
		return withAssign(at(1), '-', token.Minus, token.MinusAssign, token.MinusMinus)
	case '*':
		if at(1) == '*' && at(2) == '=' {
			return token.PowerAssign, 3
		}
		return withAssign(at(1), '*', token.Star, token.StarAssign, token.Power)
	case '/':
		return withAssign(at(1), 0, token.Slash, token.SlashAssign, 0)
	case '%':
		return withAssign(at(1), 0, token.Percent, token.PercentAssign, 0)
	case '&':
		if at(1) == '&' {
			return token.AndAnd, 2
		}
	case '|':
		switch at(1) {
		case '|':
			return token.OrOr, 2
		case '>':
			return token.Pipe, 2
		}
		return token.Bar, 1
	case '~':
		return confidenceOperator(at)
	}
	return token.Illegal, 0
}

// withAssign chooses between "+", "+=" and "++".
func withAssign(next, twin byte, plain, assign, double token.Kind) (token.Kind, int) {
	switch {
	case next == '=':
		return assign, 2
	case next == twin && twin != 0:
		return double, 2
	}
	return plain, 1
}

// confidenceOperator chooses among the operators that begin with "~".
func confidenceOperator(at func(int) byte) (token.Kind, int) {
	pick := func(plain, assign token.Kind) (token.Kind, int) {
		if at(2) == '=' {
			return assign, 3
		}
		return plain, 2
	}
	switch at(1) {
	case '>':
		return pick(token.Attach, token.ConfGreaterEqual)
	case '<':
		return pick(token.ConfLess, token.ConfLessEqual)
	case '=':
		return pick(token.AttachAssign, token.ConfEqual)
	case '+':
		return pick(token.ConfPlus, token.ConfPlusAssign)
	case '-':
		return pick(token.ConfMinus, token.ConfMinusAssign)
	case '*':
		return pick(token.ConfStar, token.ConfStarAssign)
	case '/':
		if at(2) != '/' && at(2) != '*' { // a comment, not a quotient
			return pick(token.ConfSlash, token.ConfSlashAssign)
		}
	case '~':
		return token.Chain, 2
	case '.':
		if !isDigit(at(2)) { // number ~.5 is a range
			return token.ConfDot, 2
		}
	case '!':
		if at(2) == '=' {
			return token.ConfNotEqual, 3
		}
	case '?':
		switch at(2) {
		case '>':
			return token.ThresholdGate, 3
		case '?':
			return token.ConfNullish, 3
		}
		return token.ConfQuestion, 2
	case '@':
		if at(2) == '>' {
			return token.Gate, 3
		}
	case '&':
		if at(2) == '&' {
			return token.ConfAnd, 3
		}
	case '|':
		switch at(2) {
		case '>':
			return token.ConfPipe, 3
		case '|':
			if at(3) == '>' {
				return token.Stronger, 4
			}
			return token.ConfOr, 3
		}
	}
	return token.Tilde, 1
}
