package parser

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

func parse(t *testing.T, src string) (*ast.File, diag.List) {
	t.Helper()
	file, diags := ParseFile(source.NewFile("test.prism", src))
	checkTree(t, file, diags)
	return file, diags
}

func TestNesting(t *testing.T) {
	tests := []struct {
		name, src string
		tooDeep   bool
	}{
		{"parentheses within the limit", strings.Repeat("(", 990) + "1" + strings.Repeat(")", 990), false},
		{"parentheses", strings.Repeat("(", 1001) + "1" + strings.Repeat(")", 1001), true},
		{"parentheses without end", strings.Repeat("(", 200_000), true},
		{"arrays", strings.Repeat("[", 5000), true},
		{"objects", "x = " + strings.Repeat("{a:", 5000), true},
		{"blocks", strings.Repeat("{ let a\n", 5000), true},
		{"bare ifs", strings.Repeat("if a ", 5000) + "b", true},
		{"prefix operators", strings.Repeat("!", 5000) + "a", true},
		{"lambdas", strings.Repeat("x => ", 5000) + "x", true},
		{"interpolations", strings.Repeat(`"${`, 5000), true},
		{"patterns", "let " + strings.Repeat("[", 5000), true},
		{"types", "type A = " + strings.Repeat("[", 5000), true},
		{"conditions", strings.Repeat("a ? ", 5000), true},
		{"sums", "a" + strings.Repeat(" + a", 100_000), false},
		{"powers", "a" + strings.Repeat(" ** a", 100_000), false},
		{"pipelines", "a" + strings.Repeat(" |> a", 100_000), false},
		{"calls", "a" + strings.Repeat("()", 100_000), false},
		{"members", "a" + strings.Repeat(".a", 100_000), false},
		{"else branches", "if a { 1 }" + strings.Repeat(" else if a { 1 }", 50_000), false},
		{"ternaries", strings.Repeat("a ? 1 : ", 50_000) + "2", false},
		{"alternatives", "match a { 1" + strings.Repeat(" | 1", 50_000) + " => 1 }", false},
		{"unions", "type A = 1" + strings.Repeat(" | 1", 50_000), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, diags := ParseFile(source.NewFile("deep.prism", test.src))
			count := 0
			for _, d := range diags {
				if d.Code == nestingTooDeep {
					count++
				}
			}
			want := 0
			if test.tooDeep {
				want = 1
			}
			if count != want || !test.tooDeep && len(diags) > 0 {
				t.Errorf("%d diagnostics about nesting, want %d; first of all %d: %v", count, want, len(diags), diags[:min(1, len(diags))])
			}
		})
	}
}

func TestIncomplete(t *testing.T) {
	tests := map[string]bool{
		"":                                 false,
		"1 + 2":                            false,
		"1 +":                              true,
		"let x =":                          true,
		"let":                              true,
		"x =>":                             true,
		"f(1,":                             true,
		"f(1, 2":                           true,
		"[1":                               true,
		"{a: 1":                            true,
		"{ let a = 1":                      true,
		"function f() {":                   true,
		"function f()":                     true,
		"if a {\n  b":                      true,
		"if (a)":                           true,
		"if a { b } else":                  true,
		"try { a }":                        true,
		"try { a } catch":                  true,
		"match x {":                        true,
		"uncertain if (x) {\n  high { 1 }": true,
		"```text":                          true,
		"```text ${":                       true,
		"/* comment":                       true,
		"a.":                               true,
		"a ? b":                            true,
		"x = \"open":                       false,
		"x = )":                            false,
		"f(1 2)":                           false,
		"let = 1 +":                        false,
		"a } b +":                          false,
		"1.":                               false,
		"const z":                          false,
		"f(a // comment":                   true,
		"x = 1\ny = [":                     true,
		"import {a} from":                  true,
		"pattern p {":                      true,
		"!":                                true,
		"await":                            true,
	}
	for src, want := range tests {
		if got := Incomplete(src); got != want {
			t.Errorf("Incomplete(%q) = %t, want %t", src, got, want)
		}
	}
}

func TestParseExpr(t *testing.T) {
	x, diags := ParseExpr(source.NewFile("expr", "a |> f(_, 1) ~> 0.5"))
	if got, want := ast.Dump(x), "(|> a (~> (call f _ 1) 0.5))"; got != want || len(diags) > 0 {
		t.Errorf("got %s %v, want %s", got, diags, want)
	}
	tests := map[string]string{
		"":      "1:1: error P0101: expected an expression, found the end of the file",
		"a b":   "1:3: error P0102: expected the end of the expression, found the name `b`",
		"a = 1": "1:3: error P0102: expected the end of the expression, found `=`",
		"1 +":   "1:3: error P0101: expected an expression after `+`, found the end of the file",
	}
	for src, want := range tests {
		x, diags := ParseExpr(source.NewFile("expr", src))
		if x == nil {
			t.Fatalf("%q: no expression", src)
		}
		var got []string
		for _, d := range diags {
			got = append(got, strings.TrimPrefix(d.Error(), "expr:"))
		}
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", src, diff)
		}
	}
}

// TestEncodings checks a byte order mark, CRLF and broken encodings.
func TestEncodings(t *testing.T) {
	file, diags := parse(t, "\uFEFFlet a = 1\r\n// c\r\nlet s = ```x\r\ny```\r\n")
	if got, want := ast.Dump(file), "(let (= a 1))\n(let (= s \"x\\ny\"))\n"; got != want || len(diags) > 0 {
		t.Errorf("got %s %v, want %s", got, diags, want)
	}
	if got := file.Comments[0].Text; got != "// c" {
		t.Errorf("comment %q", got)
	}
	if got := file.Stmts[0].Range(); got != (source.Span{Start: 3, End: 12}) {
		t.Errorf("first statement at %v", got)
	}
	tests := map[string][]string{
		"let a = \"\xff\"":         {"test.prism:1:10: error P0006: invalid UTF-8: byte 0xFF at offset 9"},
		"let \xff = 1\nlet \xfe":   {"test.prism:1:5: error P0006: invalid UTF-8: byte 0xFF at offset 4"},
		"let a = 1\x00\nb\x00 = 2": {"test.prism:1:10: error P0006: NUL byte at offset 9"},
		"a\u200b = 1":              {"test.prism:1:2: error P0001: unexpected character U+200B"},
	}
	for src, want := range tests {
		_, diags := parse(t, src)
		var got []string
		for _, d := range diags {
			got = append(got, d.Error())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", src, diff)
		}
	}
}

// TestFixes applies every fix of a mistake; the result has no error.
func TestFixes(t *testing.T) {
	tests := map[string]string{
		"if (x = 5) { a }":               "if (x == 5) { a }",
		"if a { b } elif c { d }":        "if a { b } else if c { d }",
		"x = a and not b or c":           "x = a && !b || c",
		"func f(a) { a }":                "fn f(a) { a }",
		"var a = 1":                      "let a = 1",
		"for (x of xs) { x }":            "for (x in xs) { x }",
		"a := 1":                         "a = 1",
		"let a := 1":                     "let a = 1",
		"x = a <> b":                     "x = a != b",
		"x = a | b":                      "x = a || b",
		"x = [1 2 3]":                    "x = [1, 2, 3]",
		"x = {a: 1; b: 2}":               "x = {a: 1, b: 2}",
		"x = {a: 1, b = 2}":              "x = {a: 1, b : 2}",
		"x = a ~> 0.5 + 1":               "x = (a ~> 0.5) + 1",
		"f(a = 1)":                       "f(a: 1)",
		"match a { 1 -> 2 }":             "match a { 1 => 2 }",
		"match a { 1 => 2 3 => 4 }":      "match a { 1 => 2, 3 => 4 }",
		"uncertain if a { high: { 1 } }": "uncertain if a { high { 1 } }",
		"a } b":                          "a  b",
		"# c\na":                         "// c\na",
		"x = 'a ${b}'":                   "x = \"a ${b}\"",
		"x = `a`":                        "x = \"a\"",
		"x = \"a":                        "x = \"a\"",
		"x = \"\\u0041\"":                "x = \"\\u{0041}\"",
		"x = a & b":                      "x = a && b",
		"x = a − b":                      "x = a - b",
		"x = a ≤ b":                      "x = a <= b",
		"pattern p 1.0 { 1 }":            "pattern p v1.0 { 1 }",
		"export y = 1":                   "export let y = 1",
		"type F = (a: number) => string": "type F = (number) => string",
	}
	for src, want := range tests {
		_, diags := parse(t, src)
		if len(diags) == 0 {
			t.Errorf("%q: no diagnostic", src)
		}
		got := applyFixes(src, diags)
		if got != want {
			t.Errorf("%q becomes %q, want %q", src, got, want)
		}
		if _, left := parse(t, got); len(left) > 0 {
			t.Errorf("%q: %v is left", got, left[0])
		}
	}
}

func applyFixes(src string, diags diag.List) string {
	for i := len(diags) - 1; i >= 0; i-- {
		if len(diags[i].Fixes) == 0 {
			continue
		}
		edits := diags[i].Fixes[0].Edits
		for j := len(edits) - 1; j >= 0; j-- {
			src = src[:edits[j].Span.Start] + edits[j].NewText + src[edits[j].Span.End:]
		}
	}
	return src
}

// TestExplanations checks the table of codes: every example has its code, every
// mended one has no error, and every code of the tests is in the table.
func TestExplanations(t *testing.T) {
	for _, info := range diag.Codes() {
		if info.Code[0] != 'P' {
			continue
		}
		if info.Name == "" || info.Title == "" || info.Explanation == "" {
			t.Errorf("%s: name, title or explanation is missing", info.Code)
		}
		if info.Example == "" {
			continue // too large to show
		}
		_, diags := parse(t, info.Example)
		found := false
		for _, d := range diags {
			found = found || d.Code == info.Code
		}
		if !found {
			t.Errorf("%s: the example has %v", info.Code, diags)
		}
		if _, diags := parse(t, info.Fixed); len(diags) > 0 {
			t.Errorf("%s: the mended example has %v", info.Code, diags[0])
		}
	}
	for _, src := range seeds(t) {
		_, diags := parse(t, src)
		for _, d := range diags {
			if _, ok := diag.Lookup(d.Code); !ok {
				t.Errorf("%s is not explained", d.Code)
			}
		}
	}
}

// TestPlaces checks the spans of some nodes against the text they cover.
func TestPlaces(t *testing.T) {
	src := "let total = f(1, a: 2) ~> 0.5 // c\nif (x) { y } else z\n"
	file, _ := parse(t, src)
	var got []string
	ast.Walk(file, func(n ast.Node) bool {
		got = append(got, file.Source.Text(n.Range()))
		return true
	})
	want := []string{
		src,
		"let total = f(1, a: 2) ~> 0.5", "total = f(1, a: 2) ~> 0.5", "total", "total",
		"f(1, a: 2) ~> 0.5", "f(1, a: 2)", "f", "1", "a: 2", "a", "2", "0.5",
		"if (x) { y } else z", "(x)", "x", "{ y }", "y", "y", "z", "z",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	b := file.Stmts[0].(*ast.VarDecl).Decls[0].Value.(*ast.Binary)
	if text := file.Source.Text(b.OpSpan); b.Op != token.Attach || text != "~>" {
		t.Errorf("operator %v at %q", b.Op, text)
	}
}

// TestTooLarge checks the limit on the length of a file with a smaller text,
// through the function that applies it.
func TestTooLarge(t *testing.T) {
	f := source.NewFile("big.prism", "let a = 1")
	if got, diags := withinLimit(f, 9); got != f || len(diags) > 0 {
		t.Errorf("a file of the largest size is refused: %v", diags)
	}
	got, diags := withinLimit(f, 8)
	if got.Src != "" || len(diags) != 1 || diags[0].Error() != "big.prism:1:1: error P0012: the file is too large: 9 bytes" {
		t.Errorf("got %q %v", got.Src, diags)
	}
}
