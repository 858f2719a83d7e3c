package lexer

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parallaxai/parallax/prism/token"
)

// number scans a number. One that is wrongly spelled is reported and still one
// Number token, up to where it seems to end.
func (l *Lexer) number(start int, nl bool) Token {
	s := numberScanner{src: l.src, pos: start}
	s.scan()
	end := s.rest()
	t := Token{Kind: token.Number, NewLine: nl, Start: int32(start), End: int32(end), Line: l.line}
	if s.fault != "" {
		d := l.report(invalidNumber, start, end, "`%s` is not a number: %s", clip(l.src[start:end]), s.fault).
			WithHint("numbers look like 42, 3.14, .5, 1e-9, 0x2A, 0b101 or 1_000")
		if strings.Contains(s.fault, "follow it directly") {
			d.Hint += "; a name begins with a letter or `_`"
		}
	} else if text := l.src[start:end]; s.exponent || len(text) > 250 {
		if math.IsInf(NumberValue(text), 0) {
			l.report(invalidNumber, start, end, "the number `%s` is too large", clip(text)).
				WithHint("the largest number is about 1.8e308")
		}
	}
	l.advance(end)
	return t
}

// ValidNumber reports whether the spelling of a Number token is right.
func ValidNumber(text string) bool {
	s := numberScanner{src: text}
	s.scan()
	s.rest()
	return s.fault == ""
}

// numberScanner passes one number and keeps the first fault found in it.
type numberScanner struct {
	src      string
	pos      int
	fault    string
	exponent bool
}

func (s *numberScanner) at(i int) byte {
	if i < len(s.src) {
		return s.src[i]
	}
	return 0
}

func (s *numberScanner) fail(fault string) {
	if s.fault == "" {
		s.fault = fault
	}
}

func (s *numberScanner) scan() {
	if s.at(s.pos) == '0' {
		switch s.at(s.pos+1) | 0x20 {
		case 'x':
			s.pos += 2
			s.digits(isHex, "hexadecimal digits must follow `0x`")
			return
		case 'b':
			s.pos += 2
			s.digits(isBinary, "binary digits must follow `0b`")
			return
		case 'o':
			s.pos += 2
			s.fail("octal numbers are not supported")
			s.digits(isDigit, "")
			return
		}
	}
	if s.at(s.pos) != '.' {
		s.digits(isDigit, "")
	}
	// "1..5" is a range and "5.name" reads a property.
	if s.at(s.pos) == '.' {
		switch next := s.at(s.pos + 1); {
		case isDigit(next):
			s.pos++
			s.digits(isDigit, "")
		case next != '.' && class[next] != identClass && class[next] != wideClass:
			s.pos++
			s.fail("a digit must follow the point")
		}
	}
	if s.at(s.pos)|0x20 == 'e' {
		next := s.at(s.pos + 1)
		if next == '+' || next == '-' {
			if next = s.at(s.pos + 2); isDigit(next) || next == '_' {
				s.pos++
			}
		}
		if isDigit(next) || next == '_' {
			s.exponent = true
			s.pos++
			s.digits(isDigit, "")
		} else {
			s.fail("digits must follow the `e` of an exponent")
		}
	}
}

// digits passes digits and the underscores between them.
func (s *numberScanner) digits(ok func(byte) bool, missing string) {
	from, last := s.pos, byte('_')
	for c := s.at(s.pos); ok(c) || c == '_'; c = s.at(s.pos) {
		if c == '_' && last == '_' {
			s.fail("an underscore must stand between two digits")
		}
		last = c
		s.pos++
	}
	switch {
	case s.pos == from:
		s.fail(missing)
	case last == '_':
		s.fail("an underscore must stand between two digits")
	}
}

// rest passes the letters, digits and further points that touch the number:
// they belong to the mistake.
func (s *numberScanner) rest() int {
	for {
		c := s.at(s.pos)
		switch {
		case class[c] == identClass || class[c] == digitClass:
			s.fail("a letter or digit can't follow it directly")
			s.pos++
			continue
		case c == '.' && isDigit(s.at(s.pos+1)):
			s.fail("it has two points")
			s.pos += 2
			continue
		case c >= utf8.RuneSelf:
			if r, n := utf8.DecodeRuneInString(s.src[s.pos:]); unicode.IsLetter(r) {
				s.fail("a letter can't follow it directly")
				s.pos += n
				continue
			}
		}
		return s.pos
	}
}

func isBinary(c byte) bool { return c == '0' || c == '1' }

func clip(text string) string {
	if len(text) <= 40 {
		return text
	}
	cut := 37
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "..."
}

func isHex(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// NumberValue returns the value of a number's spelling, rounded to the nearest
// double; +Inf when it is too large and 0 when it is no number (which the lexer
// has reported).
func NumberValue(text string) float64 {
	if len(text) == 1 && isDigit(text[0]) {
		return float64(text[0] - '0')
	}
	if strings.IndexByte(text, '_') >= 0 {
		text = strings.ReplaceAll(text, "_", "")
	}
	if len(text) > 2 && text[0] == '0' && (text[1]|0x20 == 'x' || text[1]|0x20 == 'b') {
		n, ok := new(big.Int).SetString(text, 0)
		if !ok {
			return 0
		}
		v, _ := new(big.Float).SetInt(n).Float64()
		return v
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(v, 0) {
		return 0
	}
	return v
}
