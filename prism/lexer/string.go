package lexer

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// stringStart scans a string that begins with a quote, up to its end or its
// first interpolation.
func (l *Lexer) stringStart(start int, quote byte) Token {
	if start == l.stray && start > 0 {
		return l.endString(token.Illegal, start, l.lineEnd())
	}
	if three := strings.Repeat(string(quote), 3); strings.HasPrefix(l.src[start:], three) {
		return l.tripleQuoted(start, three)
	}
	if quote == '\'' {
		return l.plainString(start)
	}
	return l.stringPart(start, start+1, mode{quote: quote, start: int32(start)}, token.StringHead, token.String)
}

// tripleQuoted reports a text between three quotes, as other languages write
// them, and passes it whole, so that it is one mistake.
func (l *Lexer) tripleQuoted(start int, three string) Token {
	end := l.lineEnd()
	d := l.report(tripleQuote, start, start+3, "three quotes do not begin a text").
		WithHint("write ```...``` for a text of several lines, or \"...\"")
	if n := strings.Index(l.src[start+3:], three); n >= 0 {
		end = start + 6 + n
		d.WithFix("Use three backquotes",
			diag.Edit{Span: source.Span{Start: int32(start), End: int32(start + 3)}, NewText: "```"},
			diag.Edit{Span: source.Span{Start: int32(end - 3), End: int32(end)}, NewText: "```"})
	}
	return l.endString(token.Illegal, start, end)
}

// template scans ```...``` or reports a single backquote.
func (l *Lexer) template(start int) Token {
	if strings.HasPrefix(l.src[start:], "```") {
		return l.stringPart(start, start+3, mode{quote: '`', start: int32(start)}, token.StringHead, token.String)
	}
	// `text` of other languages: pass it whole, so that it is one mistake.
	end, closed := l.closing(start, '`')
	if !closed {
		end = l.lineEnd()
	}
	d := l.report(singleBackquote, start, end, "a single backquote does not begin a string").
		WithHint("write \"...\", or ```...``` for a text of several lines; both take ${...}")
	if text := l.src[start:end]; closed && !strings.ContainsAny(text, `"`) {
		d.WithFix("Use double quotes",
			diag.Edit{Span: source.Span{Start: int32(start), End: int32(start + 1)}, NewText: `"`},
			diag.Edit{Span: source.Span{Start: int32(end - 1), End: int32(end)}, NewText: `"`})
	}
	return l.endString(token.Illegal, start, end)
}

// maxStrayLines bounds how many lines on the other quote of a text may stand
// that is wrongly spelled over several lines.
const maxStrayLines = 50

// closing finds the quote that most likely closes the text that begins at start:
// the next one, on the same line, or the only one on a line further down with
// nothing but closing marks behind it.
func (l *Lexer) closing(start int, quote byte) (end int, ok bool) {
	rest := l.src[start+1:]
	at := start + 1
	for n := 0; n <= maxStrayLines; n++ {
		line, after, more := strings.Cut(rest, "\n")
		if i := strings.IndexByte(line, quote); i >= 0 {
			if n > 0 && strings.Trim(line[i+1:], " \t\r)]},;") != "" {
				return 0, false
			}
			return at + i + 1, true
		}
		if !more {
			break
		}
		at += len(line) + 1
		rest = after
	}
	return 0, false
}

// plainString scans '...', which has no interpolation.
func (l *Lexer) plainString(start int) Token {
	src := l.src
	interpolation := -1
	i := start + 1
	for i < len(src) && src[i] != '\n' {
		switch src[i] {
		case '\'':
			t := l.endString(token.String, start, i+1)
			if interpolation >= 0 {
				l.reportPlainInterpolation(start, i+1, interpolation)
			}
			return t
		case '\\':
			if i+1 < len(src) && src[i+1] != '\n' && src[i+1] != '\r' {
				i++
			}
		case '$':
			if i+1 < len(src) && src[i+1] == '{' && interpolation < 0 {
				interpolation = i
			}
		}
		i++
	}
	return l.cutString(token.String, start, start)
}

func (l *Lexer) reportPlainInterpolation(start, end, at int) {
	d := l.report(plainInterpolation, at, at+2, "`${` is plain text in a string with single quotes")
	d.Severity = diag.Warning
	d.Hint = "use double quotes to interpolate, or write `\\${` if the text is meant"
	if !strings.Contains(l.src[start:end], `"`) {
		d.WithFix("Use double quotes",
			diag.Edit{Span: source.Span{Start: int32(start), End: int32(start + 1)}, NewText: `"`},
			diag.Edit{Span: source.Span{Start: int32(end - 1), End: int32(end)}, NewText: `"`})
	}
}

// stringPart scans literal text from i to the end of the string or to the next
// interpolation; open and done are the kinds of token for the two cases.
func (l *Lexer) stringPart(start, i int, m mode, open, done token.Kind) Token {
	src := l.src
	for i < len(src) {
		switch c := src[i]; c {
		case '"':
			if m.quote == '"' {
				return l.endString(done, start, i+1)
			}
		case '`':
			if m.quote == '`' && strings.HasPrefix(src[i:], "```") {
				return l.endString(done, start, i+3)
			}
		case '\\':
			if i+1 < len(src) && (m.quote == '`' || src[i+1] != '\n' && src[i+1] != '\r') {
				i++
			}
		case '$':
			if i+1 < len(src) && src[i+1] == '{' {
				m.depth = 0
				l.modes = append(l.modes, m)
				return l.endString(open, start, i+2)
			}
		case '\n':
			if m.quote == '"' {
				return l.cutString(done, start, int(m.start))
			}
		}
		i++
	}
	if m.quote == '"' {
		return l.cutString(done, start, int(m.start))
	}
	l.unterminatedAtEnd(m)
	return l.endString(done, start, len(src))
}

func (l *Lexer) endString(kind token.Kind, start, end int) Token {
	t := Token{Kind: kind, Start: int32(start), End: int32(end), Line: l.line}
	nl := l.newLine
	l.advance(end)
	l.newLine = nl
	return t
}

// cutString ends a string that is not closed at the end of the line; first is
// where the whole string starts.
func (l *Lexer) cutString(kind token.Kind, start, first int) Token {
	l.pos = start
	end := l.lineEnd()
	for _, m := range l.modes {
		if m.quote == '"' { // the string around it ends here too; that one is reported
			return l.endString(kind, start, end)
		}
	}
	if kind == token.String && !strings.ContainsAny(l.src[start+1:end], `\`) {
		if stray, ok := l.closing(start, l.src[first]); ok {
			l.report(unterminatedString, first, end, "this string is not closed on its line").
				WithHint("write ```...``` for a text of several lines").
				WithFix("Use three backquotes",
					diag.Edit{Span: source.Span{Start: int32(first), End: int32(first + 1)}, NewText: "```"},
					diag.Edit{Span: source.Span{Start: int32(stray - 1), End: int32(stray)}, NewText: "```"})
			return l.endString(token.Illegal, start, stray)
		}
	}
	d := l.report(unterminatedString, first, end, "this string is never closed")
	if quote := l.src[first]; end > first+1 && strings.HasSuffix(l.src[first:end], `\`+string(quote)) {
		d.Hint = fmt.Sprintf("`\\%c` is a quote inside the text; close the string with `%c`", quote, quote)
	} else {
		d.Hint = "close it on the same line, or use ```...``` for a text of several lines"
		if quote == '\'' && start > 1 && l.src[start-1] != ' ' && strings.Count(l.src[l.lineStart:start], "'")%2 == 0 && strings.Contains(l.src[l.lineStart:start], "'") {
			d.Hint = "a quote inside the text is written `\\'`"
		}
		d.WithFix("Close the string", diag.Edit{Span: source.Span{Start: int32(end), End: int32(end)}, NewText: string(quote)})
	}
	return l.endString(kind, start, end)
}

// unterminatedAtEnd reports a string with interpolation that the end of the
// text cuts off.
func (l *Lexer) unterminatedAtEnd(m mode) {
	if m.quote == '"' {
		l.report(unterminatedString, int(m.start), int(m.start)+1, "this string is never closed").
			WithHint("close the interpolation with `}` and the string with `\"`")
		return
	}
	l.unclosed = true
	l.report(unterminatedTemplate, int(m.start), int(m.start)+3, "this text is never closed").
		WithHint("close it with three backquotes")
}

// Delimiters returns how many bytes of the spelling of a string token precede
// and follow its literal text. A cut-off string lacks the latter.
func Delimiters(kind token.Kind, text string) (before, after int) {
	quote := func() int {
		if strings.HasPrefix(text, "```") {
			return 3
		}
		return 1
	}
	switch kind {
	case token.String:
		before = quote()
		if len(text) >= 2*before && text[len(text)-before:] == text[:before] && !escapedEnd(text, before) {
			after = before
		}
	case token.StringHead:
		before, after = quote(), 2
	case token.StringMiddle:
		before, after = 1, 2
	case token.StringTail:
		before = min(1, len(text))
		switch {
		case strings.HasSuffix(text, "```"):
			after = 3
		case len(text) > 1 && strings.HasSuffix(text, `"`) && !escapedEnd(text, 1):
			after = 1
		}
	}
	return before, after
}

// escapedEnd reports whether the last n bytes of a string, its closing quote,
// stand behind a backslash that escapes them.
func escapedEnd(text string, n int) bool {
	i := len(text) - n
	count := 0
	for i > 0 && text[i-1] == '\\' {
		i--
		count++
	}
	return count%2 == 1
}

// Unescape returns the value of literal text between the delimiters of a
// string. A CR before LF is dropped, so that a program means the same with
// either line break. Wrong escapes stand for themselves and are reported;
// offset is where the text begins in f.
func Unescape(text string, f *source.File, offset int32, diags *diag.List) string {
	if strings.IndexByte(text, '\\') < 0 {
		if strings.IndexByte(text, '\r') >= 0 {
			return strings.ReplaceAll(text, "\r\n", "\n")
		}
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		c := text[i]
		if c == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
			continue
		}
		if c != '\\' {
			b.WriteByte(c)
			i++
			continue
		}
		r, n, fault := escape(text[i:])
		if fault.message != "" {
			span := source.Span{Start: offset + int32(i), End: offset + int32(i+n)}
			d := diags.Add(invalidEscape, diag.Error, f, span, "%s", fault.message)
			d.Hint = fault.hint
			if fault.fix != "" {
				d.WithFix(fmt.Sprintf("Replace by `%s`", fault.fix), diag.Edit{Span: span, NewText: fault.fix})
			}
			b.WriteString(text[i : i+n])
		} else {
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

type escapeFault struct{ message, hint, fix string }

// escape decodes the escape at the start of s, which begins with a backslash,
// and returns its length.
func escape(s string) (rune, int, escapeFault) {
	if len(s) == 1 {
		return 0, 1, escapeFault{message: "a character must follow the backslash", hint: `write \\ for a backslash`}
	}
	switch s[1] {
	case 'n':
		return '\n', 2, escapeFault{}
	case 't':
		return '\t', 2, escapeFault{}
	case 'r':
		return '\r', 2, escapeFault{}
	case '\\', '"', '\'', '$', '`':
		return rune(s[1]), 2, escapeFault{}
	case 'x':
		if len(s) >= 4 && isHex(s[2]) && isHex(s[3]) {
			v, _ := strconv.ParseUint(s[2:4], 16, 8)
			return rune(v), 4, escapeFault{}
		}
		return 0, 2, escapeFault{message: `two hexadecimal digits must follow \x`, hint: `write \x41, or \\x for a backslash and an x`}
	case 'u':
		return unicodeEscape(s)
	}
	_, n := utf8.DecodeRuneInString(s[1:])
	hint := `the escapes are \n \t \r \\ \" \' \$ \xNN and \u{...}; write \\ for a backslash`
	if s[1] == '\n' || s[1] == '\r' {
		return 0, 1, escapeFault{message: "a backslash can't end a line of text", hint: `write \\ for a backslash`}
	}
	if s[1] == '0' {
		return 0, 2, escapeFault{message: `unknown escape \0`, hint: hint, fix: `\x00`}
	}
	return 0, 1 + n, escapeFault{message: "unknown escape " + s[:1+n], hint: hint}
}

func unicodeEscape(s string) (rune, int, escapeFault) {
	n := 2
	if len(s) > 2 && s[2] != '{' {
		for n < len(s) && n < 6 && isHex(s[n]) {
			n++
		}
		fault := escapeFault{message: `the digits of \u stand in braces`, hint: `write \u{1F600}`}
		if n == 6 {
			fault.fix = `\u{` + s[2:6] + `}`
		}
		return 0, n, fault
	}
	end := strings.IndexByte(s, '}')
	if end < 0 {
		return 0, n, escapeFault{message: `the braces of \u{ are never closed`, hint: `write \u{1F600}`}
	}
	digits := s[3:end]
	v, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || digits[0] == '+' {
		return 0, end + 1, escapeFault{message: fmt.Sprintf("`%s` is not a hexadecimal number", clip(digits)), hint: `write \u{1F600}`}
	}
	if v > utf8.MaxRune || v >= 0xD800 && v <= 0xDFFF {
		return 0, end + 1, escapeFault{message: fmt.Sprintf("there is no character U+%04X", v), hint: "characters go up to U+10FFFF, without D800 to DFFF"}
	}
	return rune(v), end + 1, escapeFault{}
}
