package parser

import (
	"reflect"
	"testing"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// checkTree checks what holds for the tree of any text: spans lie in the file
// and inside their parents, siblings follow each other, identifiers are
// numbered without gaps, and Bad nodes come with errors.
func checkTree(t *testing.T, file *ast.File, diags diag.List) {
	t.Helper()
	size := int32(len(file.Source.Src))
	ids := make([]int, file.Idents)
	seen := map[*ast.Ident]bool{}
	bad := false
	var check func(n ast.Node)
	check = func(n ast.Node) {
		if n == nil || reflect.ValueOf(n).IsNil() {
			t.Fatalf("nil node in the tree")
		}
		span := n.Range()
		if span.Start < 0 || span.Start > span.End || span.End > size {
			t.Fatalf("%T: span %v outside the file of %d bytes", n, span, size)
		}
		switch n := n.(type) {
		case *ast.BadExpr, *ast.BadStmt, *ast.BadPattern, *ast.BadType:
			bad = true
		case *ast.Ident:
			if n.ID < 0 || n.ID >= file.Idents {
				t.Fatalf("identifier %q has number %d of %d", n.Name, n.ID, file.Idents)
			}
			if !seen[n] {
				seen[n] = true
				ids[n.ID]++
			}
			bad = bad || n.Name == ""
		}
		last := span.Start
		ast.Children(n, func(child ast.Node) {
			check(child)
			c := child.Range()
			if c.Start < span.Start || c.End > span.End {
				t.Fatalf("%T %v reaches out of its parent %T %v:\n%s", child, c, n, span, file.Source.Src)
			}
			if _, ok := n.(*ast.PatternDecl); ok {
				last = span.Start // the braces of the body hold the input block, too
			}
			if c.Start < last {
				t.Fatalf("%T %v in %T begins before its left neighbour ends (%d):\n%s", child, c, n, last, file.Source.Src)
			}
			last = c.End
		})
	}
	check(file)
	for id, n := range ids {
		if n > 1 {
			t.Fatalf("number %d is given to %d identifiers", id, n)
		}
	}
	if bad && !diags.HasErrors() {
		t.Fatalf("Bad nodes without an error:\n%s\n%s", file.Source.Src, ast.Dump(file))
	}
	last := int32(0)
	for _, c := range file.Comments {
		if c.Start < last || c.End > size || file.Source.Text(c.Span) != c.Text {
			t.Fatalf("comment %v out of order or place", c)
		}
		last = c.End
	}
	for _, d := range diags {
		if d.Span.Start < 0 || d.Span.Start > d.Span.End || d.Span.End > size {
			t.Fatalf("diagnostic outside the file: %v %v", d, d.Span)
		}
		if d.Message == "" || d.File != file.Source && size <= maxSource {
			t.Fatalf("diagnostic without message or file: %v", d)
		}
		checkFixes(t, file.Source, d)
	}
}

// checkFixes checks that the edits of a fix are ordered, apart and in the file.
func checkFixes(t *testing.T, f *source.File, d *diag.Diagnostic) {
	t.Helper()
	for _, fix := range d.Fixes {
		last := int32(0)
		for _, e := range fix.Edits {
			if e.Span.Start < last || e.Span.End < e.Span.Start || int(e.Span.End) > len(f.Src) {
				t.Fatalf("%v: fix %q has a wrong edit %v", d, fix.Title, e)
			}
			last = e.Span.End
		}
	}
}
