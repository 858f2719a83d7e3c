package lexer

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// The diagnostics of this package; prism/diag explains them.
const (
	unexpectedCharacter   diag.Code = "P0001"
	unterminatedString    diag.Code = "P0002"
	unterminatedComment   diag.Code = "P0003"
	invalidNumber         diag.Code = "P0004"
	invalidEscape         diag.Code = "P0005"
	invalidEncoding       diag.Code = "P0006"
	hashComment           diag.Code = "P0007"
	singleBackquote       diag.Code = "P0009"
	plainInterpolation    diag.Code = "P0010"
	unterminatedTemplate  diag.Code = "P0011"
	tripleQuote           diag.Code = "P0013"
	maxReportedCharacters           = 50
)

// Token is one lexical element: the half-open byte range [Start, End), and the
// 1-based line on which it starts. NewLine tells whether a line break stands
// between the token and the one before it.
type Token struct {
	Kind       token.Kind
	NewLine    bool
	Start, End int32
	Line       int32
}

// Lexer scans one file. Use New; the zero Lexer is not ready.
type Lexer struct {
	file      *source.File
	src       string
	pos       int
	line      int32
	lineStart int // offset of the first byte of the current line
	wide      int // continuation bytes of UTF-8 since lineStart
	column    int // of the last token's start, 1-based, in code points
	newLine   bool
	modes     []mode
	version   versionState
	illegal   int // unexpected characters reported so far
	unclosed  bool
	stray     int // offset of a quote that belongs to a string reported before

	comments []ast.Comment
	diags    diag.List
}

// mode is a string whose interpolation is being scanned.
type mode struct {
	quote byte // '"' or '`' (for three backquotes)
	depth int  // braces open inside the interpolation
	start int32
}

// versionState follows "pattern name v1.2.0".
type versionState uint8

const (
	noVersion versionState = iota
	afterPattern
	afterPatternName
)

// New returns a lexer at the start of the file, behind a byte order mark.
func New(f *source.File) *Lexer {
	l := &Lexer{file: f, src: f.Src, line: 1}
	if strings.HasPrefix(l.src, "\uFEFF") {
		l.pos, l.lineStart = 3, 3
	}
	l.checkEncoding()
	return l
}

// Comments returns the comments scanned so far, in order of position.
func (l *Lexer) Comments() []ast.Comment { return l.comments }

// Diagnostics returns what was found at fault so far.
func (l *Lexer) Diagnostics() diag.List { return l.diags }

// Unclosed reports whether the text ended inside a comment or a string of
// several lines, so that more text could complete it.
func (l *Lexer) Unclosed() bool { return l.unclosed }

// maxNULs is the number of NUL bytes from which on a file is no text at all.
const maxNULs = 8

// checkEncoding reports invalid UTF-8 and NUL bytes, each kind once. What is no
// text is reported as that alone and read as empty.
func (l *Lexer) checkEncoding() {
	if n := strings.Count(l.src, "\x00"); n >= maxNULs {
		first := strings.IndexByte(l.src, 0)
		l.report(invalidEncoding, first, first+1, "this is no text: it has %d NUL bytes, the first at offset %d", n, first).
			WithHint("give a source file; save it as UTF-8 if it is UTF-16")
		l.src, l.pos, l.lineStart = "", 0, 0
		return
	}
	if !utf8.ValidString(l.src) {
		first, count := -1, 0
		for i := 0; i < len(l.src); {
			r, n := utf8.DecodeRuneInString(l.src[i:])
			if r == utf8.RuneError && n == 1 {
				if first < 0 {
					first = i
				}
				count++
			}
			i += n
		}
		d := l.report(invalidEncoding, first, first+1, "invalid UTF-8: byte 0x%02X at offset %d", l.src[first], first)
		d.Hint = "save the file as UTF-8" + more(count-1, "invalid byte")
	}
	if i := strings.IndexByte(l.src, 0); i >= 0 {
		d := l.report(invalidEncoding, i, i+1, "NUL byte at offset %d", i)
		d.Hint = `remove it, or write \x00 in a string` + more(strings.Count(l.src, "\x00")-1, "NUL byte")
	}
}

func more(n int, noun string) string {
	switch {
	case n <= 0:
		return ""
	case n == 1:
		return fmt.Sprintf("; there is 1 more %s", noun)
	}
	return fmt.Sprintf("; there are %d more %ss", n, noun)
}

func (l *Lexer) report(code diag.Code, start, end int, format string, args ...any) *diag.Diagnostic {
	return l.diags.Add(code, diag.Error, l.file, source.Span{Start: int32(start), End: int32(end)}, format, args...)
}

// skip passes white space and comments. It stops at a line break when that ends
// an interpolation of a one-line string, and then returns false.
func (l *Lexer) skip() bool {
	src := l.src
	for l.pos < len(src) {
		switch c := src[l.pos]; {
		case c == '\n':
			if n := len(l.modes); n > 0 && l.modes[n-1].quote == '"' {
				return false
			}
			l.pos++
			l.breakLine()
		case c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f':
			l.pos++
		case c == '/' && l.pos+1 < len(src) && src[l.pos+1] == '/':
			l.lineComment()
		case c == '/' && l.pos+1 < len(src) && src[l.pos+1] == '*':
			l.blockComment()
		case c == '#':
			start := l.pos
			end := l.lineEnd()
			l.report(hashComment, start, start+1, "`#` does not begin a comment").
				WithHint("write `//`").
				WithFix("Replace `#` by `//`", diag.Edit{Span: source.Span{Start: int32(start), End: int32(start + 1)}, NewText: "//"})
			l.advance(end)
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(src[l.pos:])
			if !unicode.IsSpace(r) {
				return true
			}
			l.pos += n
			l.wide += n - 1
		default:
			return true
		}
	}
	return true
}

func (l *Lexer) breakLine() {
	l.line++
	l.lineStart = l.pos
	l.wide = 0
	l.newLine = true
}

// lineEnd returns the offset of the end of the current line, without a CR.
func (l *Lexer) lineEnd() int {
	end := len(l.src)
	if n := strings.IndexByte(l.src[l.pos:], '\n'); n >= 0 {
		end = l.pos + n
	}
	if end > l.pos && l.src[end-1] == '\r' {
		end--
	}
	return end
}

// advance moves to end, counting line breaks and wide characters on the way.
func (l *Lexer) advance(end int) {
	for l.pos < end {
		c := l.src[l.pos]
		l.pos++
		if c == '\n' {
			l.breakLine()
		} else if c >= 0x80 && c < 0xC0 {
			l.wide++
		}
	}
}

func (l *Lexer) lineComment() {
	start, end := l.pos, l.lineEnd()
	l.comment(start, end)
	l.advance(end)
}

func (l *Lexer) blockComment() {
	start := l.pos
	end := len(l.src)
	if n := strings.Index(l.src[start+2:], "*/"); n >= 0 {
		end = start + 2 + n + 2
	} else {
		l.unclosed = true
		l.report(unterminatedComment, start, start+2, "this comment is never closed").WithHint("close it with `*/`")
	}
	l.comment(start, end)
	l.advance(end)
}

func (l *Lexer) comment(start, end int) {
	if l.comments == nil {
		l.comments = make([]ast.Comment, 0, 16+len(l.src)/400)
	}
	l.comments = append(l.comments, ast.Comment{Span: source.Span{Start: int32(start), End: int32(end)}, Text: l.src[start:end]})
}

// Next scans the next token. At the end of the text it returns EOF, again and
// again.
func (l *Lexer) Next() Token {
	l.newLine = false
	inside := l.skip()
	l.column = l.pos - l.lineStart - l.wide + 1
	if !inside {
		m := l.popMode()
		if n := len(l.modes); n == 0 || l.modes[n-1].quote != '"' { // of nested strings, the outermost is reported
			l.report(unterminatedString, int(m.start), l.pos, "this string is never closed").
				WithHint("close the interpolation with `}` and the string with `\"`, on the same line")
			if end, ok := l.closing(l.pos, '"'); ok {
				l.stray = end - 1
			}
		}
		return l.token(token.StringTail, l.pos, l.newLine)
	}
	if l.pos >= len(l.src) {
		if len(l.modes) > 0 {
			if m := l.popMode(); len(l.modes) == 0 {
				l.unterminatedAtEnd(m)
			}
			return l.token(token.StringTail, l.pos, l.newLine)
		}
		return l.token(token.EOF, l.pos, l.newLine)
	}
	nl := l.newLine
	start := l.pos
	version := l.version
	l.version = noVersion
	c := l.src[start]
	switch class[c] {
	case identClass:
		return l.ident(start, nl, version)
	case digitClass:
		return l.number(start, nl)
	case wideClass:
		r, _ := utf8.DecodeRuneInString(l.src[start:])
		if unicode.IsLetter(r) {
			return l.ident(start, nl, version)
		}
		return l.illegalRune(start, nl)
	}
	switch c {
	case '"', '\'':
		t := l.stringStart(start, c)
		t.NewLine = nl
		return t
	case '`':
		t := l.template(start)
		t.NewLine = nl
		return t
	case '.':
		if start+1 < len(l.src) && isDigit(l.src[start+1]) {
			return l.number(start, nl)
		}
	case '{':
		if n := len(l.modes); n > 0 {
			l.modes[n-1].depth++
		}
	case '}':
		if n := len(l.modes); n > 0 {
			if l.modes[n-1].depth == 0 {
				m := l.popMode()
				t := l.stringPart(start, start+1, m, token.StringMiddle, token.StringTail)
				t.NewLine = nl
				return t
			}
			l.modes[n-1].depth--
		}
	}
	kind, n := operator(l.src[start:])
	if n == 0 {
		return l.illegalRune(start, nl)
	}
	l.pos = start + n
	return l.token(kind, start, nl)
}

func (l *Lexer) token(k token.Kind, start int, nl bool) Token {
	return Token{Kind: k, NewLine: nl, Start: int32(start), End: int32(l.pos), Line: l.line}
}

func (l *Lexer) popMode() mode {
	m := l.modes[len(l.modes)-1]
	l.modes = l.modes[:len(l.modes)-1]
	return m
}

func (l *Lexer) ident(start int, nl bool, version versionState) Token {
	src := l.src
	i := start
	for i < len(src) {
		c := src[i]
		if c < utf8.RuneSelf {
			if k := class[c]; k != identClass && k != digitClass {
				break
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(src[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
			break
		}
		l.wide += n - 1
		i += n
	}
	text := src[start:i]
	kind := token.Ident
	if len(text) >= 2 && len(text) <= 10 && text[0] >= 'a' && text[0] <= 'w' {
		kind = token.Keyword(text)
	}
	switch {
	case kind != token.Ident:
	case version == afterPattern:
		l.version = afterPatternName
	case version == afterPatternName && len(text) > 1 && text[0] == 'v' && isDigit(text[1]):
		i = versionEnd(src, i)
	case text == "pattern":
		l.version = afterPattern
	}
	l.pos = i
	return l.token(kind, start, nl)
}

// versionEnd returns the end of the version whose first number ends at i.
func versionEnd(src string, i int) int {
	for i < len(src) {
		c := src[i]
		switch {
		case class[c] == identClass || class[c] == digitClass:
			i++
		case (c == '.' || c == '-' || c == '+') && i+1 < len(src) &&
			(class[src[i+1]] == identClass || class[src[i+1]] == digitClass):
			i += 2
		default:
			return i
		}
	}
	return i
}

// illegalRune reports and passes a run of characters that begin no token.
func (l *Lexer) illegalRune(start int, nl bool) Token {
	r, n := utf8.DecodeRuneInString(l.src[start:])
	end := start + n
	for end < len(l.src) { // a run of the same character, or of invalid bytes, is one mistake
		r2, n2 := utf8.DecodeRuneInString(l.src[end:])
		if r2 != r {
			break
		}
		end += n2
	}
	if r != utf8.RuneError && r != 0 { // those two are reported for the file
		if l.illegal++; l.illegal <= maxReportedCharacters {
			l.reportCharacter(r, start, start+n)
		}
	}
	t := Token{Kind: token.Illegal, NewLine: nl, Start: int32(start), End: int32(end), Line: l.line}
	l.advance(end)
	return t
}

func (l *Lexer) reportCharacter(r rune, start, end int) {
	name := fmt.Sprintf("`%c`", r)
	if !unicode.IsPrint(r) {
		name = fmt.Sprintf("U+%04X", r)
	}
	d := l.report(unexpectedCharacter, start, end, "unexpected character %s", name)
	replace := func(title, text string) {
		d.WithFix(title, diag.Edit{Span: d.Span, NewText: text})
	}
	switch r {
	case '“', '”', '„', '‘', '’', '«', '»':
		d.Hint = "strings are written with the plain quotes `\"` or `'`"
	case '&':
		d.Hint = "write `&&` for a logical and; there are no bit operators"
		replace("Replace by `&&`", "&&")
	case '^':
		d.Hint = "write `**` for a power; there are no bit operators"
	case '\\':
		d.Hint = "a statement goes on over a line break without a backslash where the line is incomplete"
	case '–', '—', '−':
		d.Hint = "this is a typographic dash; write `-`"
		replace("Replace by `-`", "-")
	case '…':
		d.Hint = "write three points, `...`"
		replace("Replace by `...`", "...")
	case '≤', '≥', '≠', '→', '⇒', '×', '÷':
		text := map[rune]string{'≤': "<=", '≥': ">=", '≠': "!=", '→': "=>", '⇒': "=>", '×': "*", '÷': "/"}[r]
		d.Hint = fmt.Sprintf("write `%s`", text)
		replace(fmt.Sprintf("Replace by `%s`", text), text)
	default:
		if !unicode.IsPrint(r) {
			d.Hint = "this character is invisible; remove it"
			replace("Remove it", "")
		}
	}
}

type charClass uint8

const (
	otherClass charClass = iota
	identClass
	digitClass
	wideClass
)

// class tells for each byte how a token that begins with it is scanned.
var class = func() (t [256]charClass) {
	for c := range t {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == '$':
			t[c] = identClass
		case c >= '0' && c <= '9':
			t[c] = digitClass
		case c >= utf8.RuneSelf:
			t[c] = wideClass
		}
	}
	return t
}()

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// IsIdent reports whether the text is one identifier and no reserved word.
func IsIdent(text string) bool {
	for i, r := range text {
		if r == '_' || r == '$' || unicode.IsLetter(r) || i > 0 && (unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)) {
			continue
		}
		return false
	}
	return text != "" && token.Keyword(text) == token.Ident
}
