package parser

import (
	"slices"

	"github.com/alecthomas/participle/v2"
	plex "github.com/alecthomas/participle/v2/lexer"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

const (
	// maxNesting bounds how deep brackets, statements and prefix operators nest.
	maxNesting = 1000
	// maxSource bounds the length of a file in bytes, so that offsets fit.
	maxSource = 1 << 30
)

var (
	fileParser = participle.MustBuild[fileGrammar](participle.Lexer(lexer.Definition{}))
	exprParser = participle.MustBuild[exprGrammar](participle.Lexer(lexer.Definition{}))
)

// ParseFile parses a module. The tree is never nil; it has Bad nodes where the
// list has errors. The list is sorted.
func ParseFile(f *source.File) (*ast.File, diag.List) {
	r := parseFile(f, sectionSize)
	file := &ast.File{
		Span:     source.Span{Start: 0, End: int32(len(f.Src))},
		Source:   f,
		Stmts:    r.stmts,
		Comments: r.comments,
		Idents:   r.idents,
	}
	file.Header = findHeader(file)
	return file, r.diags
}

// ParseExpr parses a text that is one expression. The expression is never nil.
func ParseExpr(f *source.File) (ast.Expr, diag.List) {
	f, diags := withinLimit(f, maxSource)
	tokens := &lexer.Tokens{Lexer: lexer.New(f)}
	root := drive(exprParser, tokens)
	r := result{diags: diags}
	r.finish(f, tokens.Lexer, root.p.diags)
	return root.expr, r.diags
}

// Incomplete reports whether a text may become valid by more lines behind it:
// it ends inside an open bracket, a text of several lines or a comment, or
// where an operand or a part of a statement must follow.
func Incomplete(src string) bool {
	return parseFile(source.NewFile("", src), sectionSize).incomplete
}

// result is what parsing a file yields.
type result struct {
	stmts      []ast.Stmt
	comments   []ast.Comment
	idents     int32
	diags      diag.List
	incomplete bool
}

// parseFile parses a file section by section; size is the least number of
// tokens in one. When a section proves to end in the middle of a statement, or has
// a mistake, which may go on behind its end, the file is parsed again as a whole.
func parseFile(f *source.File, size int) result {
	f, tooLarge := withinLimit(f, maxSource)
	lex := &sections{tokens: lexer.Tokens{Lexer: lexer.New(f)}, size: size, whole: size <= 0}
	r := result{stmts: make([]ast.Stmt, 0, 1+len(f.Src)/200), diags: tooLarge}
	var diags diag.List
	for !lex.done {
		root := drive(fileParser, lex)
		p := &root.p
		if size > 0 && (p.cut || len(p.diags) > 0) {
			return parseFile(f, 0)
		}
		p.renumber(r.idents)
		r.idents += p.idents
		r.stmts = append(r.stmts, root.stmts...)
		r.incomplete = p.incomplete && len(diags) == 0
		diags = append(diags, p.diags...)
		if p.fatal {
			break
		}
	}
	for !lex.ahead.EOF() { // the rest of a file that is given up still has comments
		lex.skip()
	}
	r.finish(f, lex.tokens.Lexer, diags)
	return r
}

// finish adds what the lexer and the parser have found.
func (r *result) finish(f *source.File, lex *lexer.Lexer, found diag.List) {
	r.comments = lex.Comments()
	if lex.Diagnostics().HasErrors() {
		r.incomplete = false
	}
	if lex.Unclosed() {
		r.incomplete = !found.HasErrors() || r.incomplete
	}
	r.diags = slices.Concat(r.diags, lex.Diagnostics(), found)
	for _, d := range r.diags {
		d.File = f
		for i := range d.Related {
			d.Related[i].File = f
		}
	}
	r.diags.Sort()
}

// withinLimit returns the file, or an empty one and a diagnostic when it is too
// large for offsets of 32 bits.
func withinLimit(f *source.File, limit int) (*source.File, diag.List) {
	if len(f.Src) <= limit {
		return f, nil
	}
	empty := source.NewFile(f.Name, "")
	var diags diag.List
	diags.Add(fileTooLarge, diag.Error, empty, source.Span{}, "the file is too large: %d bytes", len(f.Src)).
		WithHint("a source file has at most %d bytes; split it into modules", limit)
	return empty, diags
}

// fileGrammar is the production of a run of statements: a file or a section.
type fileGrammar struct {
	stmts []ast.Stmt
	p     parser
}

// Parse implements participle.Parseable.
func (g *fileGrammar) Parse(lex *plex.PeekingLexer) error {
	g.p.load(lex)
	g.stmts = g.p.stmtList(-1)
	return nil
}

// exprGrammar is the production of a text that is one expression.
type exprGrammar struct {
	expr ast.Expr
	p    parser
}

// Parse implements participle.Parseable.
func (g *exprGrammar) Parse(lex *plex.PeekingLexer) error {
	g.p.load(lex)
	g.expr = g.p.expr()
	if g.p.kind != token.EOF {
		g.p.unexpected("the end of the expression")
	}
	return nil
}

// drive runs a production over tokens. Neither the lexer nor the hand-written
// productions return errors: what they find is in their diagnostics.
func drive[G any](production *participle.Parser[G], tokens plex.Lexer) *G {
	stream, err := plex.Upgrade(tokens)
	if err != nil {
		panic("parser: the lexer failed: " + err.Error())
	}
	root, err := production.ParseFromLexer(stream)
	if err != nil {
		panic("parser: a production failed: " + err.Error())
	}
	return root
}
