package format

import (
	"reflect"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
)

// Source formats the text of a file. When the text has syntax errors it returns
// the text unchanged, with the diagnostics; the list may hold warnings of the
// parser otherwise.
func Source(f *source.File) (string, diag.List) {
	return formatSource(f, Width)
}

func formatSource(f *source.File, width int) (string, diag.List) {
	file, diags := parser.ParseFile(f)
	if diags.HasErrors() {
		return f.Src, diags
	}
	return printFile(newPrinter(file), file, width), diags
}

// Node prints a tree. One that the parser made keeps its comments, its empty
// lines, and the objects and blocks that were written over several lines or on
// one. In any other tree the spans are not looked at: literals without a
// spelling get one, top-level declarations are set apart by empty lines, and
// File.Comments stand at the top.
//
// Numbers must be finite, and no part of the tree may be nil that ast does not
// declare optional.
func Node(file *ast.File) string {
	p := &printer{}
	if madeByParser(file) {
		p = newPrinter(file)
	}
	return printFile(p, file, Width)
}

// Expr prints one expression, without comments, in lines of at most Width
// columns. Spans are not looked at.
func Expr(e ast.Expr) string {
	return render((&printer{}).expr(e, anyLevel), Width)
}

func newPrinter(file *ast.File) *printer {
	return &printer{src: file.Source, comments: file.Comments}
}

// madeByParser reports whether the tree is what its source parses to, so that
// its spans are places in that text. The spans of other front ends point into
// other notations.
func madeByParser(file *ast.File) bool {
	if file.Source == nil {
		return false
	}
	parsed, diags := parser.ParseFile(file.Source)
	return !diags.HasErrors() &&
		reflect.DeepEqual(parsed.Stmts, file.Stmts) &&
		reflect.DeepEqual(parsed.Comments, file.Comments)
}
