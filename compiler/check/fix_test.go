package check

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
)

// TestFixes applies the first fix of the first finding that has one.
func TestFixes(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"total = 1\ntotl", "total = 1\ntotal"},
		{"prnt(1)", "print(1)"},
		{"None", "null"},
		{"let unread = 1\n2", "let _unread = 1\n2"},
		{"import {a, b} from \"./m\"\nb", "import {b} from \"./m\"\nb"},
		{"import {a, b} from \"./m\"\na", "import {a} from \"./m\"\na"},
		{"import {a, b, c} from \"./m\"\n[a, c]", "import {a, c} from \"./m\"\n[a, c]"},
		{"import {a} from \"./m\"\n2", "2"},
		{"import d from \"./m\";\n2", "2"},
		{"import * as m from \"./m\"\r\n2", "2"},
		{"1 ~> 85", "1 ~> 0.85"},
		{"uncertain if (1) threshold(0.5, 0.75) { high { 1 } }", "uncertain if (1) threshold(0.75, 0.5) { high { 1 } }"},
		{"let n: int = 1\nn", "let n: number = 1\nn"},
		{"let v: Verdct = 1\ntype Verdict = number\nv", "let v: Verdict = 1\ntype Verdict = number\nv"},
		{"value = 1\nvlaue = 2\nvalue", "value = 1\nvalue = 2\nvalue"},
	} {
		_, _, list := resolveText(t, c.src, testOptions())
		got := c.src
		for _, d := range list {
			if len(d.Fixes) > 0 {
				got = apply(c.src, d.Fixes[0])
				break
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q: %s\n%v", c.src, d, list)
		}
	}
}

func apply(src string, fix diag.Fix) string {
	var b strings.Builder
	at := int32(0)
	for _, e := range fix.Edits {
		b.WriteString(src[at:e.Span.Start] + e.NewText)
		at = e.Span.End
	}
	return b.String() + src[at:]
}

// TestNoCascades resolves files with syntax errors.
func TestNoCascades(t *testing.T) {
	for _, c := range []struct {
		src  string
		want []string
	}{
		{"let a = = 1\nprint(a)", nil},
		{"let a = 1\nlet b = )\nprint(b)\nprint(missing)", []string{"missing"}},
		{"uncertain if (1) {\nhigh 1 }", nil},
	} {
		file, errs := parser.ParseFile(source.NewFile("t.prism", c.src))
		if !errs.HasErrors() {
			t.Fatalf("%q has no syntax error", c.src)
		}
		opts := testOptions()
		opts.SyntaxErrors = true
		_, list := Resolve(file, opts)
		var got []string
		for _, d := range list {
			got = append(got, file.Source.Text(d.Span))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q: %s%v", c.src, d, list)
		}
	}
}

// TestCodesExplained checks the examples of the explanations: each has its
// finding, and the mended program has not.
func TestCodesExplained(t *testing.T) {
	has := func(src string, code diag.Code) bool {
		_, _, list := resolveText(t, src, testOptions())
		for _, d := range list {
			if d.Code == code {
				return true
			}
		}
		return false
	}
	checked := 0
	for _, info := range diag.Codes() {
		if c := string(info.Code); !strings.HasPrefix(c, "N00") && !strings.HasPrefix(c, "N01") && !strings.HasPrefix(c, "C00") {
			continue
		}
		checked++
		if !has(info.Example, info.Code) {
			t.Errorf("%s: the example has no such finding:\n%s", info.Code, info.Example)
		}
		if has(info.Fixed, info.Code) {
			t.Errorf("%s: the mended example still has the finding:\n%s", info.Code, info.Fixed)
		}
	}
	if checked < 25 {
		t.Errorf("only %d codes were checked", checked)
	}
}
