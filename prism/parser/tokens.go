package parser

import (
	"math"
	"strings"

	plex "github.com/alecthomas/participle/v2/lexer"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// tok is a token in the form the parser works on.
type tok struct {
	kind       token.Kind
	nl         bool // a line break precedes it
	start, end int32
	match      int32 // index of the other bracket, -1 when it has none
}

// parser holds the state of parsing one text.
//
// After a syntax error the parser is "failed": the current token reads as EOF
// until the innermost list of statements has recovered, so that every
// production ends by itself and keeps what it has.
type parser struct {
	raw  []plex.Token
	toks []tok
	pos  int
	kind token.Kind // of the current token; EOF when failed
	end  int32      // where the last consumed token ends

	cutStrings []int32 // indices of strings that are not closed on their line

	diags      diag.List
	failed     bool
	fatal      bool // parsing is given up
	incomplete bool // the first error is the end of the text
	unclosed   bool // a block without "}" has been reported
	limit      int  // index of the "}" of the innermost block, or of EOF
	first      int  // index of the first token of the current statement
	reported   int  // index of the token of the last report, -1 without
	depth      int
	cut        bool  // a failure or a missing part was found at the end of the tokens
	open       int   // blocks around that lack their "}"
	skip       bool  // the rest of the block around is not what was taken for it
	stray      bool  // a "," or ":" between statements of the list has been reported
	broken     bool  // the statement before in the list has failed
	braces     int   // "}" that will be left over because of mistakes reported
	mismatch   int32 // offset of the first bracket that lacks its closing one
	excess     [token.Count]int16
	idents     int32
	slab       []ast.Ident // identifiers are allocated in groups
	slabs      [][]ast.Ident
	flags
}

// load takes over the tokens and matches the brackets.
func (p *parser) load(lex *plex.PeekingLexer) {
	start := lex.RawCursor()
	for !lex.Peek().EOF() {
		lex.Next()
	}
	p.raw = lex.Range(start, lex.RawCursor()+1)
	p.toks = make([]tok, len(p.raw))
	p.reported, p.mismatch = -1, math.MaxInt32
	line := 0
	var open []int32
	for i := range p.raw {
		r := &p.raw[i]
		t := &p.toks[i]
		t.kind = lexer.KindOf(r.Type)
		t.nl = r.Pos.Line > line
		t.start = int32(r.Pos.Offset)
		t.end = t.start + int32(len(r.Value))
		t.match = -1
		line = r.Pos.Line
		switch t.kind {
		case token.LParen, token.LBracket, token.LBrace, token.StringHead:
			open = append(open, int32(i))
		case token.RParen, token.RBracket, token.RBrace:
			open = p.close(open, int32(i))
		case token.StringMiddle, token.StringTail:
			open = p.close(open, int32(i))
			if t.kind == token.StringMiddle {
				open = append(open, int32(i))
			}
			line += strings.Count(r.Value, "\n")
		case token.String:
			line += strings.Count(r.Value, "\n")
		}
		switch t.kind {
		case token.StringHead:
			line += strings.Count(r.Value, "\n")
		case token.String, token.StringTail:
			if unclosedString(r.Value, t.kind) {
				p.cutStrings = append(p.cutStrings, int32(i))
			}
		}
	}
	p.limit = len(p.toks) - 1
	p.end = p.toks[0].start
	p.seek(0)
}

// maxMismatch bounds how many unclosed brackets a closing one may skip to find
// its own.
const maxMismatch = 32

// close matches a closing token with the bracket it most likely belongs to and
// returns the brackets that remain open.
func (p *parser) close(open []int32, i int32) []int32 {
	var opener token.Kind
	switch p.toks[i].kind {
	case token.RParen:
		opener = token.LParen
	case token.RBracket:
		opener = token.LBracket
	case token.RBrace:
		opener = token.LBrace
	}
	for n := len(open) - 1; n >= max(0, len(open)-maxMismatch); n-- {
		j := open[n]
		kind := p.toks[j].kind
		interpolation := kind == token.StringHead || kind == token.StringMiddle
		if kind == opener || interpolation && opener == 0 {
			p.toks[i].match = j
			p.toks[j].match = i
			if n < len(open)-1 {
				p.excess[p.toks[i].kind]++
				p.mismatch = min(p.mismatch, p.toks[open[n+1]].start)
			}
			for _, skipped := range open[n+1:] {
				p.excess[closers[p.toks[skipped].kind]]++
			}
			return open[:n]
		}
		// A bracket can't close beyond a string it stands in, and a ")" or "]"
		// not beyond a block of several lines.
		if interpolation || kind == token.LBrace && opener != 0 && p.raw[j].Pos.Line != p.raw[i].Pos.Line {
			break
		}
	}
	if k := p.toks[i].kind; p.excess[k] > 0 {
		p.excess[k]--
		p.toks[i].match = leftOver
	}
	return open
}

// leftOver is the match of a closing bracket that lacks its opening one because
// of a mismatch before it, which is reported.
const leftOver = -2

// closers gives for each opening bracket the closing one.
var closers = [token.Count]token.Kind{
	token.LParen: token.RParen, token.LBracket: token.RBracket, token.LBrace: token.RBrace,
}

func (p *parser) seek(pos int) {
	p.pos = pos
	p.kind = p.toks[pos].kind
}

// next consumes the current token.
func (p *parser) next() {
	if p.kind == token.EOF {
		return
	}
	p.end = max(p.end, p.toks[p.pos].end) // recovery may come back to a bracket
	p.pos++
	p.kind = p.toks[p.pos].kind
}

// peek returns the token n places on; past the end and after a failure it is EOF.
func (p *parser) peek(n int) *tok {
	if p.failed {
		return &p.toks[len(p.toks)-1]
	}
	return &p.toks[min(p.pos+n, len(p.toks)-1)]
}

// at returns the kind of the token at an index, EOF outside the text.
func (p *parser) at(i int) token.Kind {
	if i < 0 || i >= len(p.toks) {
		return token.EOF
	}
	return p.toks[i].kind
}

func (p *parser) cur() *tok     { return &p.toks[p.pos] }
func (p *parser) text() string  { return p.raw[p.pos].Value }
func (p *parser) newline() bool { return p.toks[p.pos].nl }
func (p *parser) here() source.Span {
	t := &p.toks[p.pos]
	return source.Span{Start: t.start, End: t.end}
}

// from returns the span from an offset to the end of the last token.
func (p *parser) from(start int32) source.Span {
	return source.Span{Start: start, End: max(start, p.end)}
}

// gap returns the empty span where something is missing.
func (p *parser) gap() source.Span { return source.Span{Start: p.end, End: p.end} }

// start returns where a node that begins here starts. After a failure that is
// the end of what was read.
func (p *parser) start() int32 {
	if p.failed {
		return p.end
	}
	return p.toks[p.pos].start
}

// accept consumes a token of the kind if it is next.
func (p *parser) accept(k token.Kind) bool {
	if p.kind != k {
		return false
	}
	p.next()
	return true
}

// word reports whether the current token is the contextual word w.
func (p *parser) word(w string) bool { return p.kind == token.Ident && p.text() == w }

// wordAt reports whether the token n places on is the contextual word w.
func (p *parser) wordAt(n int, w string) bool {
	return p.peek(n).kind == token.Ident && p.raw[min(p.pos+n, len(p.raw)-1)].Value == w
}

// sameLine reports whether the token n places on has the kind and no line break
// between it and the token before.
func (p *parser) sameLine(n int, k token.Kind) bool {
	t := p.peek(n)
	return t.kind == k && !t.nl
}

func (p *parser) ident() *ast.Ident {
	id := p.newIdent()
	id.Span, id.Name = p.here(), p.text()
	p.next()
	return id
}

// newIdent numbers a new identifier.
func (p *parser) newIdent() *ast.Ident {
	if len(p.slab) == cap(p.slab) {
		p.slab = make([]ast.Ident, 0, 32)
		p.slabs = append(p.slabs, p.slab)
	}
	p.slab = append(p.slab, ast.Ident{ID: p.idents})
	p.idents++
	return &p.slab[len(p.slab)-1]
}

// renumber adds to the numbers of all identifiers of the section.
func (p *parser) renumber(base int32) {
	for i, slab := range p.slabs {
		slab = slab[:min(cap(slab), int(p.idents)-32*i)]
		for j := range slab {
			slab[j].ID += base
		}
	}
}

// badIdent stands for a name that is missing.
func (p *parser) badIdent() *ast.Ident {
	id := p.newIdent()
	id.Span = p.gap()
	return id
}

// isName reports whether the kind can be a property name.
func isName(k token.Kind) bool { return k == token.Ident || k.IsKeyword() }

// enter counts one level of nesting; it reports false when there are too many.
func (p *parser) enter() bool {
	p.depth++
	if p.depth <= maxNesting {
		return true
	}
	if !p.failed {
		p.report(nestingTooDeep, p.here(), "the code nests more than %d levels deep", maxNesting).
			WithHint("move inner parts into functions or variables")
		p.fail(nestingTooDeep, p.here(), "") // not recorded again
		p.fatal = true
	}
	return false
}

func (p *parser) leave() { p.depth-- }
