package parser

import (
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
	root, diags, comments, _ := run(f, fileParser)
	file := &root.file
	file.Source = f
	file.Comments = comments
	file.Span = source.Span{Start: 0, End: int32(len(f.Src))}
	file.Header = findHeader(file)
	return file, diags
}

// ParseExpr parses a text that is one expression. The expression is never nil.
func ParseExpr(f *source.File) (ast.Expr, diag.List) {
	root, diags, _, _ := run(f, exprParser)
	return root.expr, diags
}

// Incomplete reports whether a text may become valid by more lines behind it:
// it ends inside an open bracket, a text of several lines or a comment, or
// where an operand or a part of a statement must follow.
func Incomplete(src string) bool {
	_, _, _, incomplete := run(source.NewFile("", src), fileParser)
	return incomplete
}

// grammar is what the two root productions share.
type grammar interface{ parsed() *parser }

// fileGrammar is the production of a whole file.
type fileGrammar struct {
	file ast.File
	p    parser
}

func (g *fileGrammar) parsed() *parser { return &g.p }

// Parse implements participle.Parseable.
func (g *fileGrammar) Parse(lex *plex.PeekingLexer) error {
	g.p.load(lex)
	g.file.Stmts = g.p.fileBody()
	g.file.Idents = g.p.idents
	return nil
}

// exprGrammar is the production of a text that is one expression.
type exprGrammar struct {
	expr ast.Expr
	p    parser
}

func (g *exprGrammar) parsed() *parser { return &g.p }

// Parse implements participle.Parseable.
func (g *exprGrammar) Parse(lex *plex.PeekingLexer) error {
	g.p.load(lex)
	g.expr = g.p.expr()
	if g.p.kind != token.EOF {
		g.p.unexpected("the end of the expression")
	}
	return nil
}

// run drives one of the two productions over a file.
func run[G any](f *source.File, driver *participle.Parser[G]) (*G, diag.List, []ast.Comment, bool) {
	var diags diag.List
	if len(f.Src) > maxSource {
		diags.Add(fileTooLarge, diag.Error, f, source.Span{End: 1}, "the file is too large: %d bytes", len(f.Src)).
			WithHint("a source file has at most %d bytes", maxSource)
		f = source.NewFile(f.Name, "")
	}
	lex := lexer.New(f)
	tokens, err := plex.Upgrade(lexer.Tokens{Lexer: lex})
	if err != nil {
		panic("parser: the lexer failed: " + err.Error()) // it has no way to
	}
	root, err := driver.ParseFromLexer(tokens)
	if err != nil {
		panic("parser: a hand-written production failed: " + err.Error())
	}
	p := any(root).(grammar).parsed()
	diags = append(diags, lex.Diagnostics()...)
	diags = append(diags, p.diags...)
	for _, d := range diags {
		d.File = f
		for i := range d.Related {
			d.Related[i].File = f
		}
	}
	incomplete := lex.Unclosed()
	if !incomplete && !lex.Diagnostics().HasErrors() {
		incomplete = p.incomplete
	}
	diags.Sort()
	return root, diags, lex.Comments(), incomplete
}
