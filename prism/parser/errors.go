package parser

import (
	"fmt"
	"slices"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// The diagnostics of this package; prism/diag explains them.
const (
	emptyInterpolation diag.Code = "P0008"
	fileTooLarge       diag.Code = "P0012"

	expectedExpression diag.Code = "P0101"
	expectedToken      diag.Code = "P0102"
	unclosedBracket    diag.Code = "P0103"
	unclosedBlock      diag.Code = "P0104"
	unmatchedBracket   diag.Code = "P0105"
	missingComma       diag.Code = "P0106"
	wrongSeparator     diag.Code = "P0107"
	expectedName       diag.Code = "P0108"
	reservedName       diag.Code = "P0109"
	expectedBlock      diag.Code = "P0110"
	expectedPattern    diag.Code = "P0111"
	expectedType       diag.Code = "P0112"
	unexpectedToken    diag.Code = "P0113"
	nestingTooDeep     diag.Code = "P0114"

	assignInExpression diag.Code = "P0201"
	invalidTarget      diag.Code = "P0202"
	missingValue       diag.Code = "P0203"
	bareConfidence     diag.Code = "P0204"
	wordOperator       diag.Code = "P0205"
	foreignKeyword     diag.Code = "P0206"
	foreignOperator    diag.Code = "P0207"
	argumentOrder      diag.Code = "P0208"
	duplicateBranch    diag.Code = "P0209"
	misplacedModule    diag.Code = "P0210"
	incompleteTry      diag.Code = "P0211"
	misplacedInput     diag.Code = "P0212"
	restNotLast        diag.Code = "P0213"
	statementAsValue   diag.Code = "P0214"
	objectInHead       diag.Code = "P0215"
	duplicateInput     diag.Code = "P0216"
)

// report records a mistake and goes on.
func (p *parser) report(code diag.Code, span source.Span, format string, args ...any) *diag.Diagnostic {
	p.reported = p.pos
	return p.diags.Add(code, diag.Error, nil, span, format, args...)
}

// fail records a mistake that the innermost list of statements must recover
// from. Later failures of the same statement, those right behind a report, and
// those that a lexical error has caused are not recorded; the diagnostic
// returned is then a dummy.
func (p *parser) fail(code diag.Code, span source.Span, format string, args ...any) *diag.Diagnostic {
	if p.failed {
		return &diag.Diagnostic{}
	}
	atEnd := p.cur().kind == token.EOF
	silent := p.lexicalError() || p.reported >= 0 && p.pos <= p.reported+1 || p.follows()
	if code == expectedBlock || p.kind == token.RBrace && !p.newline() {
		p.braces++
	}
	p.cut = p.cut || atEnd
	if atEnd && len(p.diags) == 0 {
		p.incomplete = true
	}
	p.failed = true
	p.kind = token.EOF
	p.end = max(p.end, p.cur().start) // what is missing lies before this token
	if silent {
		return &diag.Diagnostic{}
	}
	return p.report(code, span, format, args...)
}

// follows reports whether the current token is a bracket that is left over from a
// mismatch that has been reported.
func (p *parser) follows() bool {
	return p.cur().match == leftOver && slices.ContainsFunc(p.diags, func(d *diag.Diagnostic) bool { return d.Span.Start >= p.mismatch })
}

// lexicalError reports whether the lexer has found fault with the current token
// or the one before it in the statement, or with a string that is cut off at the end of the line.
func (p *parser) lexicalError() bool {
	if p.pos > p.first && p.faulty(p.pos-1) || p.faulty(p.pos) {
		return true
	}
	i, _ := slices.BinarySearch(p.cutStrings, int32(p.pos))
	return i < len(p.cutStrings) && p.raw[p.cutStrings[i]].Pos.Line == p.raw[p.pos].Pos.Line
}

// faulty reports whether the lexer has found fault with token i.
func (p *parser) faulty(i int) bool {
	switch t := &p.toks[i]; t.kind {
	case token.Illegal:
		return true
	case token.Number:
		return !lexer.ValidNumber(p.raw[i].Value)
	case token.String, token.StringTail:
		return unclosedString(p.raw[i].Value, t.kind)
	}
	return false
}

// describe names the current token for a message.
func (p *parser) describe() string {
	t := p.cur()
	switch {
	case t.kind == token.EOF:
		return "the end of the file"
	case t.kind.IsKeyword(), t.kind.IsOperator():
		return fmt.Sprintf("`%s`", t.kind)
	case t.kind == token.String || t.kind == token.StringHead:
		return "a string"
	case t.kind == token.StringMiddle || t.kind == token.StringTail:
		return "the end of the interpolation"
	}
	text := p.text()
	if len(text) > 40 {
		text = text[:37] + "..."
	}
	switch t.kind {
	case token.Number:
		return fmt.Sprintf("the number `%s`", text)
	case token.Ident:
		return fmt.Sprintf("the name `%s`", text)
	}
	return fmt.Sprintf("`%s`", text)
}

// unexpected fails because something else must stand here.
func (p *parser) unexpected(wanted string) *diag.Diagnostic {
	return p.fail(expectedToken, p.place(), "expected %s, found %s", wanted, p.describe())
}

// place returns the span to blame for something missing here: the current
// token, or the end of the text before it when a line break lies between.
func (p *parser) place() source.Span {
	t := p.cur()
	if t.kind != token.EOF && (!t.nl || p.pos <= p.first || separates[p.toks[p.pos-1].kind]) || p.pos == 0 {
		return p.here()
	}
	return p.spanOf(p.pos - 1)
}

// separates holds the marks behind which a new part begins, on any line.
var separates = [token.Count]bool{
	token.Comma: true, token.Semicolon: true, token.LParen: true, token.LBracket: true, token.LBrace: true,
}

// position writes the place of a token as people do: line:column.
func (p *parser) position(i int) string {
	pos := p.raw[i].Pos
	return fmt.Sprintf("%d:%d", pos.Line, pos.Column)
}

// expect consumes a token of the kind, which introduces or separates parts.
func (p *parser) expect(k token.Kind, after string) bool {
	if p.accept(k) {
		return true
	}
	p.fail(expectedToken, p.place(), "expected `%s` %s, found %s", k, after, p.describe())
	return false
}

// closeBracket consumes the bracket that closes the one at index open; what
// names the construct: "the call".
func (p *parser) closeBracket(k token.Kind, open int, what string) bool {
	if p.accept(k) {
		return true
	}
	d := p.fail(unclosedBracket, p.place(), "expected `%s` to close %s opened at %s, found %s",
		k, what, p.position(open), p.describe())
	d.Related = append(d.Related, diag.Related{Span: p.spanOf(open), Message: "opened here"})
	return false
}

func (p *parser) spanOf(i int) source.Span {
	return source.Span{Start: p.toks[i].start, End: p.toks[i].end}
}

func fix(span source.Span, text string) diag.Edit { return diag.Edit{Span: span, NewText: text} }
