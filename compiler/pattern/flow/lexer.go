package flow

import (
	"strings"
	"unicode/utf8"
)

// kind is what a token of an expression is.
type kind uint8

const (
	end      kind = iota
	illegal       // what no rule accepts
	variable      // $name
	word          // name
	number
	quoted
	operator
)

// tok is one token; text is its spelling, of quoted the decoded text.
type tok struct {
	kind       kind
	text       string
	start, end int
}

// operators, longest first.
var operators = []string{"===", "!==", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "<", ">", "+", "-", "*", "/", "%",
	"!", "(", ")", "[", "]", ".", ",", "?", ":", "|"}

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// scan reads the token at or after a byte of an expression. Names of variables
// may have hyphens; known tells which names there are, and the longest of them
// wins.
func scan(text string, at int, known func(string) bool) tok {
	for at < len(text) && strings.IndexByte(" \t\r\n", text[at]) >= 0 {
		at++
	}
	if at >= len(text) {
		return tok{end, "", len(text), len(text)}
	}
	switch c := text[at]; {
	case c == '$' && at+1 < len(text) && isLetter(text[at+1]):
		name := hyphenated(text[at+1:], known)
		return tok{variable, name, at, at + 1 + len(name)}
	case isLetter(c):
		name := plainName(text[at:])
		return tok{word, name, at, at + len(name)}
	case isDigit(c) || c == '.' && at+1 < len(text) && isDigit(text[at+1]):
		return scanNumber(text, at)
	case c == '\'' || c == '"':
		return scanQuoted(text, at)
	}
	for _, op := range operators {
		if strings.HasPrefix(text[at:], op) {
			return tok{operator, op, at, at + len(op)}
		}
	}
	_, n := utf8.DecodeRuneInString(text[at:])
	return tok{illegal, text[at : at+n], at, at + n}
}

func plainName(text string) string {
	i := 0
	for i < len(text) && (isLetter(text[i]) || isDigit(text[i])) {
		i++
	}
	return text[:i]
}

// hyphenated is the longest known name that a text begins with; when none is
// known, all that could be one.
func hyphenated(text string, known func(string) bool) string {
	whole := plainName(text)
	var best string
	for {
		if known(whole) {
			best = whole
		}
		rest := text[len(whole):]
		if len(rest) < 2 || rest[0] != '-' || !isLetter(rest[1]) && !isDigit(rest[1]) {
			break
		}
		whole += "-" + plainName(rest[1:])
	}
	if best == "" {
		return whole
	}
	return best
}

func scanNumber(text string, at int) tok {
	i := at
	digits := func() {
		for i < len(text) && isDigit(text[i]) {
			i++
		}
	}
	digits()
	if i+1 < len(text) && text[i] == '.' && isDigit(text[i+1]) {
		i++
		digits()
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		mark := i
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		if i < len(text) && isDigit(text[i]) {
			digits()
		} else {
			i = mark
		}
	}
	return tok{number, text[at:i], at, i}
}

func scanQuoted(text string, at int) tok {
	var b strings.Builder
	for i := at + 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == text[at]:
			return tok{quoted, b.String(), at, i + 1}
		case c == '\\' && i+1 < len(text):
			i++
			switch text[i] {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			default:
				b.WriteByte(text[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return tok{illegal, text[at:], at, len(text)}
}
