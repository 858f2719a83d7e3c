package format

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

func TestSourceRefusesErrors(t *testing.T) {
	src := "let x = \nlet  y=2\n"
	out, diags := Source(source.NewFile("bad.prism", src))
	if !diags.HasErrors() {
		t.Error("no diagnostics")
	}
	if out != src {
		t.Errorf("the text changed: %q", out)
	}
}

func TestSourceKeepsWarnings(t *testing.T) {
	out, diags := Source(source.NewFile("warn.prism", "a = '${x}'\n"))
	if len(diags) != 1 || diags.HasErrors() {
		t.Errorf("want one warning, got %v", diags)
	}
	if want := "a = '${x}'\n"; out != want {
		t.Errorf("got %q, want %q", out, want)
	}
}

func name(s string) *ast.Ident { return &ast.Ident{Name: s} }

func TestNodeOfBuiltTree(t *testing.T) {
	file := &ast.File{
		// The spans of another notation must not matter.
		Source:   source.NewFile("team.yaml", "name: x\nsteps:\n  - run\n"),
		Header:   &ast.Header{Entries: []ast.HeaderEntry{{Key: "name", Value: "x"}, {Key: "input", Value: "{\n\"a\": 1}"}}},
		Comments: []ast.Comment{{Text: "// from team.yaml"}},
		Stmts: []ast.Stmt{
			&ast.Import{Span: source.Span{Start: 3, End: 5}, Names: []*ast.ImportName{{Name: name("a"), Alias: name("a")}}, Path: &ast.StringLit{Value: "std/control"}},
			&ast.Import{Names: []*ast.ImportName{{Name: name("b")}}, Path: &ast.StringLit{Value: "./b.prism"}},
			&ast.VarDecl{Decls: []*ast.Declarator{{Pattern: &ast.IdentPattern{Name: name("n")}, Value: &ast.NumberLit{Value: -2}}}},
			&ast.ExprStmt{X: &ast.NumberLit{Value: -3}},
			&ast.FuncDecl{Func: &ast.FuncLit{Keyword: ast.KeywordFn, Name: name("f"), Body: &ast.Block{Stmts: []ast.Stmt{
				&ast.Return{X: &ast.Template{
					Quote: `"`,
					Texts: []ast.TemplateText{{Value: "a\n"}, {Raw: `\t`}},
					Exprs: []ast.Expr{&ast.FuncLit{Keyword: ast.KeywordArrow, Params: []*ast.Param{{Pattern: &ast.IdentPattern{Name: name("x")}}}, Body: &ast.Block{Stmts: []ast.Stmt{
						&ast.ExprStmt{X: name("y")}, &ast.Return{X: name("x")},
					}}}},
				}},
			}}}},
			&ast.ExprStmt{X: &ast.Binary{Op: token.Star, X: &ast.Binary{Op: token.Plus, X: name("a"), Y: name("b")}, Y: &ast.NumberLit{Value: 1e21}}},
		},
	}
	want := `/**
 * @name x
 * @input {
 *   "a": 1}
 */
// from team.yaml

import { a } from "std/control"
import { b } from "./b.prism"

let n = -2;
-3

fn f() {
  return "a\n${x => { y; return x }}\t"
}

(a + b) * 1e+21
`
	if diff := cmp.Diff(want, Node(file)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNodeOfParsedTree(t *testing.T) {
	for _, path := range goldenFiles(t) {
		g := readGolden(t, path)
		file, _ := parser.ParseFile(source.NewFile(path, g.in))
		if diff := cmp.Diff(g.out, Node(file)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestExpr(t *testing.T) {
	for src, want := range map[string]string{
		"f( a,b )":             "f(a, b)",
		"x=>({a:1})":           "x => ({ a: 1 })",
		"(a+b)~>0.8":           "(a + b) ~> 0.8",
		`"${a}"`:               `"${a}"`,
		"match x{1=>2}":        "match x {\n  1 => 2,\n}",
		"parallel agents{f()}": "parallel agents {\n  f()\n}",
	} {
		e, diags := parser.ParseExpr(source.NewFile("", src))
		if diags.HasErrors() {
			t.Fatal(diags[0])
		}
		if got := Expr(e); got != want {
			t.Errorf("Expr(%s) = %s, want %s", src, got, want)
		}
	}
}

func TestNoTrailingSpaces(t *testing.T) {
	for _, path := range goldenFiles(t) {
		for i, l := range strings.Split(readGolden(t, path).out, "\n") {
			if strings.TrimRight(l, " \t") != l {
				t.Errorf("%s: line %d of the output ends with spaces: %q", path, i+1, l)
			}
		}
	}
}

func TestDiff(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"equal", "a\n", "a\n", ""},
		{"one line", "a\nb\nc\n", "a\nB\nc\n", "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
		{"from nothing", "", "a\n", "--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n"},
		{"to nothing", "a\nb\n", "", "--- a/f\n+++ b/f\n@@ -1,2 +0,0 @@\n-a\n-b\n"},
		{"no line break at the end", "a", "a\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"},
		{
			"two hunks", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "1\nx\n3\n4\n5\n6\n7\n8\n9\ny\n",
			"--- a/f\n+++ b/f\n@@ -1,5 +1,5 @@\n 1\n-2\n+x\n 3\n 4\n 5\n@@ -7,4 +7,4 @@\n 7\n 8\n 9\n-10\n+y\n",
		},
		{
			"near changes share a hunk", "1\n2\n3\n4\n5\n6\n7\n8\n", "x\n2\n3\n4\n5\n6\n7\ny\n",
			"--- a/f\n+++ b/f\n@@ -1,8 +1,8 @@\n-1\n+x\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+y\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Diff(tt.old, tt.new, "f")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// applyDiff applies a unified diff to a text, checking every line it names.
func applyDiff(t *rapid.T, old, diff string) string {
	lines := splitLines(old)
	var out strings.Builder
	at := 0
	parts := splitLines(diff)
	for i := 2; i < len(parts); i++ {
		l := parts[i]
		if i+1 < len(parts) && strings.HasPrefix(parts[i+1], "\\") {
			l = strings.TrimSuffix(l, "\n")
		}
		switch l[0] {
		case '@':
			var start int
			if _, err := fmt.Sscanf(l, "@@ -%d", &start); err != nil {
				t.Fatalf("bad hunk %q", l)
			}
			if !strings.Contains(strings.Fields(l)[1], ",0") {
				start--
			}
			for ; at < start; at++ {
				out.WriteString(lines[at])
			}
		case ' ', '-':
			if lines[at] != l[1:] {
				t.Fatalf("line %d is %q, the diff says %q", at, lines[at], l)
			}
			at++
			if l[0] == ' ' {
				out.WriteString(l[1:])
			}
		case '+':
			out.WriteString(l[1:])
		}
	}
	for ; at < len(lines); at++ {
		out.WriteString(lines[at])
	}
	return out.String()
}

func TestDiffApplies(t *testing.T) {
	texts := rapid.Custom(func(t *rapid.T) string {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "\n"}), 0, 30).Draw(t, "lines")
		return strings.Join(lines, "") + rapid.SampledFrom([]string{"", "end"}).Draw(t, "end")
	})
	rapid.Check(t, func(t *rapid.T) {
		old, new := texts.Draw(t, "old"), texts.Draw(t, "new")
		if got := applyDiff(t, old, Diff(old, new, "f")); got != new {
			t.Fatalf("applying the diff gives %q, want %q", got, new)
		}
	})
}

func TestDiffOfUnrelatedTexts(t *testing.T) {
	var a, b strings.Builder
	for i := range 3 * maxRounds {
		fmt.Fprintf(&a, "a%d\n", i)
		fmt.Fprintf(&b, "b%d\n", i)
	}
	diff := Diff(a.String(), b.String(), "f")
	if got := strings.Count(diff, "\n-a") + strings.Count(diff, "\n+b"); got != 6*maxRounds {
		t.Errorf("%d changed lines, want %d", got, 6*maxRounds)
	}
}

// program returns a program of about the given number of lines.
func program(lines int) string {
	var b strings.Builder
	unit := `/** Scores one document. */
async fn score%d(doc, { weight = 1, tags = [] } = {}) {
  let words = doc.text.split(" ").filter(w => w.length > 3).map(w => w.toLowerCase()) // long ones
  let hits = words |> filter(w => tags.includes(w)) |> groupBy(w => w)
  if (hits.length == 0 && !doc.force) { return null }
  // The more hits, the surer.
  let sure = min(0.99, 0.5 + hits.length * 0.1) * weight + doc.bias - doc.penalty * 2 ** doc.age
  uncertain if (doc ~> sure) threshold(0.8, 0.6) {
    high { return { id: doc.id, hits, label: "match ${doc.title}", at: now() } }
    low { return null }
  }
  let r = match hits { [] => "none", [a] => a, _ => "many" }
  return fetch("https://example.org/score", { method: "POST", body: JSON.stringify({ r, hits, weight }) })
}

`
	n := strings.Count(unit, "\n")
	for i := range lines / n {
		fmt.Fprintf(&b, unit, i)
	}
	return b.String()
}

// BenchmarkSource protects the time an editor waits when it formats on save: a
// file of 10,000 lines, parsing included.
func BenchmarkSource(b *testing.B) {
	src := program(10_000)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, diags := Source(source.NewFile("big.prism", src)); diags.HasErrors() {
			b.Fatal(diags[0])
		}
	}
}

// FuzzFormat formats any text without syntax errors.
func FuzzFormat(f *testing.F) {
	for _, path := range goldenFiles(f) {
		g := readGolden(f, path)
		f.Add(g.in)
		for _, statement := range strings.Split(g.in, "\n") {
			f.Add(statement)
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4096 {
			return
		}
		if _, diags := parser.ParseFile(source.NewFile("", src)); diags.HasErrors() {
			return
		}
		checkSource(t, src)
		checkWidth(t, src, 20)
	})
}
