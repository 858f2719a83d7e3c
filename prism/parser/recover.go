package parser

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// stmtList parses statements up to the "}" of the block whose "{" is token
// open, or to the end of the file when open is -1. It stops at the closing
// brace and recovers from every failure inside.
func (p *parser) stmtList(open int) []ast.Stmt {
	var stmts []ast.Stmt
	if open >= 0 {
		stray, broken := p.stray, p.broken
		p.stray, p.broken = false, false
		defer func() { p.stray, p.broken = stray, broken }()
	}
	if open < 0 {
		stmts = make([]ast.Stmt, 0, 1+len(p.toks)/16)
	} else if p.toks[open].match >= 0 {
		outer := p.narrow(open)
		defer func() { p.limit = outer }()
	} else {
		p.open++
		defer func() { p.open-- }()
	}
	for !p.failed {
		switch p.kind {
		case token.Semicolon:
			p.next()
			continue
		case token.EOF:
			return stmts
		case token.RBrace:
			if open >= 0 {
				return stmts
			}
			if p.braces > 0 {
				p.braces--
			} else if !p.follows() {
				p.report(unmatchedBracket, p.here(), "this `}` closes nothing").
					WithHint("remove it, or look for a `{` missing above").
					WithFix("Remove it", fix(p.here(), ""))
			}
			p.next()
			continue
		}
		first := p.pos
		outer := p.first
		p.first, p.reported = first, -1
		s := p.stmt()
		p.first = outer
		if !p.failed && p.pos == first {
			p.fail(unexpectedToken, p.here(), "unexpected %s", p.describe())
		}
		if p.failed && p.pos == first {
			s = nil
		}
		p.broken = p.failed
		if p.failed && !p.fatal {
			p.recover(first, open)
		}
		switch {
		case s != nil:
		case p.fatal: // nothing is read any more, and the parents end here
			s = &ast.BadStmt{Span: p.gap()}
		default:
			s = &ast.BadStmt{Span: p.spanOf(first)}
		}
		stmts = append(stmts, s)
	}
	return stmts
}

// narrow keeps recovery inside the braces that token open begins, and returns
// the limit to put back behind them: what lies beyond belongs to their parents.
func (p *parser) narrow(open int) (outer int) {
	outer = p.limit
	if m := int(p.toks[open].match); m >= 0 {
		p.limit = m
	}
	return outer
}

// recover moves to the next statement after a failure in the one that begins at
// token first, at the brace depth of the list that "{" token open begins.
func (p *parser) recover(first, open int) { p.resume(first, open, token.Semicolon) }

// recoverItem moves to the next item of the list in the braces that token open
// begins, after a failure in the item that begins at token first: an arm, a
// branch, a field. It reports false when the list can't go on.
func (p *parser) recoverItem(first, open int) bool {
	if p.fatal || p.toks[open].match < 0 {
		return false
	}
	p.resume(first, open, token.Comma)
	return true
}

// resume moves to the next line, separator or word that begins a part, outside
// the brackets that the failing part has opened.
func (p *parser) resume(first, open int, separator token.Kind) {
	end := p.limit
	if open >= 0 && p.toks[open].match >= 0 {
		end = int(p.toks[open].match)
	}
	i := p.pos
	// Leave the brackets that the failing statement has opened.
	for j := first; j < p.pos; j++ {
		m := int(p.toks[j].match)
		if m >= p.pos {
			i = m + 1
			break
		}
		if m > j {
			j = m
		}
	}
	for i < end {
		t := &p.toks[i]
		if i > first && (t.kind == token.Semicolon || t.kind == separator || separator == token.Semicolon && startsStatement[t.kind] || t.nl && mayStart(t.kind)) {
			break
		}
		if int(t.match) > i {
			i = int(t.match)
			if p.toks[i].kind == token.StringMiddle {
				continue
			}
		}
		i++
	}
	i = min(max(i, p.pos), end)
	if p.skip && open >= 0 && p.toks[open].match >= 0 && operandPlace[p.at(open-1)] {
		i = end
	}
	p.skip = false
	p.failed = false
	p.reported = -1
	if i > 0 {
		p.end = max(p.end, p.toks[i-1].end)
	}
	p.seek(i)
}

// operandPlace holds what stands before a "{" that more likely begins an object
// than a block.
var operandPlace = [token.Count]bool{
	token.Assign: true, token.LParen: true, token.LBracket: true, token.Comma: true, token.Colon: true,
	token.Question: true, token.Return: true, token.Arrow: true, token.OrOr: true, token.Nullish: true,
	token.AndAnd: true, token.Pipe: true, token.Ellipsis: true, token.Throw: true,
}

// startsStatement holds the words that only ever begin a statement.
var startsStatement = [token.Count]bool{
	token.Let: true, token.Const: true, token.Return: true, token.Break: true, token.Continue: true,
	token.Import: true, token.Export: true, token.For: true, token.While: true, token.Do: true,
	token.Throw: true,
}

// mayStart reports whether a line that begins with the kind begins a statement.
func mayStart(k token.Kind) bool {
	switch k {
	case token.LParen, token.LBracket, token.LBrace, token.Not, token.Tilde, token.Extract,
		token.PlusPlus, token.MinusMinus:
		return true
	case token.Instanceof, token.Else, token.Catch, token.Finally, token.StringMiddle, token.StringTail:
		return false
	}
	return !k.IsOperator()
}

// closeBrace consumes the "}" of token open. One that belongs to another "{" is
// left to it.
func (p *parser) closeBrace(open int, what string) {
	if p.kind == token.RBrace {
		if m := int(p.cur().match); m == open || m < 0 {
			p.next()
			return
		}
	}
	p.unclosedBrace(open, what)
}

// unclosedBrace reports that the text ends before the "}" of token open. Where
// the indentation shows that another block lacks its brace, it blames that one.
func (p *parser) unclosedBrace(open int, what string) {
	if p.failed {
		return
	}
	if p.kind == token.EOF {
		p.cut = true
		p.incomplete = p.incomplete || len(p.diags) == 0
	}
	blame, closer := open, -1
	for i := open + 1; i < len(p.toks) && !p.unclosed; i++ {
		t := &p.toks[i]
		if t.kind != token.RBrace || !t.nl || int(t.match) <= open {
			continue
		}
		if o := int(t.match); p.raw[i].Pos.Column < p.indentation(o) {
			blame, closer = o, i
			break
		}
	}
	p.unclosed = true
	d := p.report(unclosedBlock, p.spanOf(blame), "%s is never closed: a `}` is missing", what)
	if closer >= 0 {
		d.Message = "this block is never closed: a `}` is missing"
		d.Hint = "add a `}` before line " + itoa(p.raw[closer].Pos.Line)
		d.Related = append(d.Related, diag.Related{
			Span:    p.spanOf(closer),
			Message: "by its indentation, this `}` closes an outer block",
		})
	} else {
		d.Hint = "add a `}` at the end of the block"
	}
}

// indentation returns the column of the first token on the line of token i.
func (p *parser) indentation(i int) int {
	for i > 0 && !p.toks[i].nl {
		i--
	}
	return p.raw[i].Pos.Column
}

// block parses { statements }; what names it in messages: "the body of `f`".
func (p *parser) block(what string) *ast.Block {
	b := &ast.Block{}
	if p.kind != token.LBrace {
		p.fail(expectedBlock, p.place(), "expected `{` to open %s, found %s", what, p.describe())
		b.Span = p.gap()
		return b
	}
	start, open := p.start(), p.pos
	if p.enter() {
		p.next()
		outer := p.context()
		b.Stmts = p.stmtList(open)
		p.restore(outer)
		p.closeBrace(open, what)
	}
	p.leave()
	b.Span = p.from(start)
	return b
}

// context resets the flags that do not reach into brackets, and returns them
// for restore.
func (p *parser) context() (outer flags) {
	outer, p.flags = p.flags, flags{}
	return outer
}

func (p *parser) restore(outer flags) { p.flags = outer }

// flags say in what surroundings an expression stands.
type flags struct {
	head       bool // in the head of a statement, where "{" opens its body
	thenBranch bool // between "?" and ":", where ":" ends an operand
	guard      bool // in the head of a match arm, where "=>" ends it
	inputType  bool // in the type of an input field, whose parts have constraints
}

func spanBetween(a, b source.Span) source.Span { return source.Span{Start: a.Start, End: b.End} }
