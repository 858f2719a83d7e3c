package document

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/parallaxai/parallax/prism/source"
)

var update = flag.Bool("update", false, "rewrite testdata/errors.txt")

func parse(t testing.TB, text string) *Node {
	t.Helper()
	n, list := Parse(source.NewFile("p.yaml", text))
	for _, d := range list {
		t.Fatal(d)
	}
	return n
}

// TestErrors reads testdata/errors.txt: documents, each followed by the lines
// that are said about it. "→" is a tab, "␍" a carriage return.
func TestErrors(t *testing.T) {
	text, err := os.ReadFile("testdata/errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split(string(text), "====\n")
	var updated []string
	defer func() {
		if *update {
			if err := os.WriteFile("testdata/errors.txt", []byte(strings.Join(updated, "====\n")), 0o666); err != nil {
				t.Error(err)
			}
		}
	}()
	if len(cases) < 40 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		doc, want, ok := strings.Cut(c, "----\n")
		if !ok {
			t.Fatalf("a case without errors: %q", c)
		}
		written := doc
		doc = strings.NewReplacer("→", "\t", "␍", "\r").Replace(doc)
		n, list := Parse(source.NewFile("p.yaml", doc))
		var got strings.Builder
		for _, d := range list {
			fmt.Fprintf(&got, "%s\n", strings.TrimPrefix(d.Error(), "p.yaml:"))
		}
		updated = append(updated, written+"----\n"+got.String())
		if diff := cmp.Diff(want, got.String()); diff != "" && !*update {
			t.Errorf("%s(-want +got):\n%s", doc, diff)
		}
		if n != nil {
			t.Errorf("a node in spite of errors:\n%s", doc)
		}
	}
}

func TestCoreSchema(t *testing.T) {
	tests := []struct {
		text string
		want any
	}{
		{"~", nil}, {"null", nil}, {"Null", nil}, {"NULL", nil}, {"nUll", "nUll"},
		{"true", true}, {"True", true}, {"TRUE", true}, {"false", false}, {"False", false}, {"FALSE", false},
		{"tRue", "tRue"}, {"yes", "yes"}, {"no", "no"}, {"on", "on"}, {"Off", "Off"}, {"y", "y"},
		{"0", 0.0}, {"-0", math.Copysign(0, -1)}, {"+12", 12.0}, {"010", 10.0}, {"0o17", 15.0}, {"0o18", "0o18"}, {"0x1fF", 511.0}, {"0b11", "0b11"},
		{"1_000", "1_000"}, {"1e3", 1000.0}, {"1.5E-1", 0.15}, {".5", 0.5}, {"1.", 1.0}, {".", "."}, {"-.5", -0.5}, {"1:30", "1:30"},
		{".inf", math.Inf(1)}, {"-.INF", math.Inf(-1)}, {"+.Inf", math.Inf(1)}, {".iNF", ".iNF"}, {"1e999", math.Inf(1)},
		{"2026-03-01", "2026-03-01"}, {"2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"}, {"1.2.3", "1.2.3"},
		{`"5"`, "5"}, {`'true'`, "true"}, {`"null"`, "null"}, {"!!str 5", "5"}, {"!!str", ""}, {`!!int "5"`, 5.0}, {`!!float '1e1'`, 10.0}, {"!!null", nil},
		{"$x", "$x"}, {"!$x", "!$x"}, {"!$x.y == 1", "!$x.y == 1"}, {"a b", "a b"}, {"a: b", map[string]any{"a": "b"}}, {"[1, [a, ~]]", []any{1.0, []any{"a", nil}}},
		{"12345678901234567890", 12345678901234567890.0}, {"0xFFFFFFFFFFFFFFFFF", float64(0xFFFFFFFFFFFFFFFFF)},
	}
	for _, tt := range tests {
		got := parse(t, "v:\n  "+tt.text+"\n").Get("v").Data()
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.text, diff)
		}
	}
	if n := parse(t, "v: .nan").Get("v"); n.Kind != Number || !math.IsNaN(n.Num) {
		t.Errorf(".nan is %v", n)
	}
	if n := parse(t, "v: 1.10").Get("v"); n.Text != "1.10" {
		t.Errorf("the spelling of 1.10 is %q", n.Text)
	}
}

func TestSpans(t *testing.T) {
	text := "\uFEFF# begin\n" + `name: "é: x" # c
list:
- one
-   - &a !!str two
    - *a
flow: [1, {k: 'v', e: }, ]  # end
empty:
null: ~
bare: { }
block: |
  text

after: x
`
	n := parse(t, text)
	tests := []struct{ path, want string }{
		{"name", `"é: x"`}, {"list", "- one\n-   - &a !!str two\n    - *a"}, {"list.0", "one"}, {"list.1", "- &a !!str two\n    - *a"},
		{"list.1.0", "two"}, {"list.1.1", "two"}, {"flow", "[1, {k: 'v', e: }, ]"}, {"flow.1", "{k: 'v', e: }"}, {"flow.1.k", "'v'"},
		{"empty", ""}, {"null", "~"}, {"bare", "{ }"}, {"block", "|\n  text"}, {"after", "x"},
	}
	for _, tt := range tests {
		at := n
		for _, part := range strings.Split(tt.path, ".") {
			if at.Kind == List {
				at = at.Items[part[0]-'0']
			} else {
				at = at.Get(part)
			}
		}
		if got := text[at.Span.Start:at.Span.End]; got != tt.want {
			t.Errorf("%s stands at %q, not %q", tt.path, got, tt.want)
		}
	}
	if got := text[n.Get("empty").Span.Start-1]; got != ':' {
		t.Errorf("nothing stands behind %q", got)
	}
	if at := n.Get("list").First(); text[at.Start] != '-' {
		t.Errorf("the first place of a list is at %q", text[at.Start:])
	}
	if at := n.First(); text[at.Start:at.End] != "name" {
		t.Errorf("the first place of a map is %q", text[at.Start:at.End])
	}
}

// TestOffsets looks for a word in texts of all styles and checks that its place
// in the file is that of the word there.
func TestOffsets(t *testing.T) {
	values := map[string]string{
		"plain":             "a $wrong b",
		"folded plain":      "a\n   b\n\n   c $wrong\n   d",
		"double":            `"a + $wrong"`,
		"double escapes":    `"\t\u00e9 é \x41\U0001F600 \"q\" $wrong"`,
		"double folded":     "\"a   \n\n    b \\\n    c $wrong\"",
		"single":            "'it''s ''q'' $wrong'",
		"single folded":     "'a\n    b\n\n\n    c $wrong'",
		"literal":           "|\n    a\n      b\n\n    $wrong + 1\n    c",
		"literal indent":    "|2\n      a\n    $wrong",
		"literal strip":     "|- # why\n    é $wrong",
		"folded":            ">\n    a\n    b\n\n      more\n      most\n\n    c\n    $wrong\n\n\n    d",
		"folded keep":       ">+\n    a\n\n    $wrong\n\n\n",
		"carriage returns":  "|\r\n    a\r\n    $wrong\r\n    c",
		"tagged":            `!!str &x "é $wrong"`,
		"forgotten quotes":  "!$wrong",
		"in a flow context": "[ 'é', a $wrong ]",
	}
	for name, value := range values {
		text := "# é\nk:\n  v: " + value + "\nend: 1\n"
		n := parse(t, text).Get("k").Get("v")
		if n.Kind == List {
			n = n.Items[1]
		}
		i := strings.Index(n.Text, "$wrong")
		if i < 0 {
			t.Errorf("%s: the text is %q", name, n.Text)
			continue
		}
		if got, want := n.Offset(i), strings.Index(text, "$wrong"); got != want {
			t.Errorf("%s: $wrong is said to be at %q", name, text[got:])
		}
		if span := n.TextSpan(i, i+len("$wrong")); text[span.Start:span.End] != "$wrong" {
			t.Errorf("%s: its span is %q", name, text[span.Start:span.End])
		}
		if got := n.Offset(len(n.Text)); got != int(n.Span.End) {
			t.Errorf("%s: the end is %d, not %d", name, got, n.Span.End)
		}
	}
}

func TestMerge(t *testing.T) {
	n := parse(t, `
base: &base {a: 1, b: 2}
more: &more
  b: 3
  c: 4
one: {<<: *base, b: 5}
two:
  <<: [*more, *base]
  d: 6
quoted: {"<<": 1}
`)
	want := map[string]any{
		"base":   map[string]any{"a": 1.0, "b": 2.0},
		"more":   map[string]any{"b": 3.0, "c": 4.0},
		"one":    map[string]any{"a": 1.0, "b": 5.0},
		"two":    map[string]any{"a": 1.0, "b": 3.0, "c": 4.0, "d": 6.0},
		"quoted": map[string]any{"<<": 1.0},
	}
	if diff := cmp.Diff(want, n.Data()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAliasLimits checks that aliases can't blow a small file up, and that as
// many as allowed are.
func TestAliasLimits(t *testing.T) {
	laughs := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'j'; c++ {
		laughs += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), ", "))
	}
	deep := "a0: &a0 [x]\n"
	for i := 1; i < 70; i++ {
		deep += fmt.Sprintf("a%d: &a%d [*a%d]\n", i, i, i-1)
	}
	nested := strings.Repeat("[", 1002) + strings.Repeat("]", 1002)
	for _, tt := range []struct{ text, want string }{
		{laughs, "more than 10000 values"}, {deep, "more than 64 levels"}, {nested, "more than 1000 levels"},
		{"# " + strings.Repeat("x", MaxSize), "a pattern may have 1048576"},
		{"a: &a [b, &c {d: *a}]", "inside of what it refers to"},
	} {
		_, list := Parse(source.NewFile("p.yaml", tt.text))
		if len(list) != 1 || list[0].Code != YAMLSyntax || !strings.Contains(list[0].Message, tt.want) {
			t.Errorf("want one error with %q, got %v", tt.want, list)
		}
	}
	fine := "a: &a [" + strings.TrimSuffix(strings.Repeat("x, ", 999), ", ") + "]\nb: [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
	if n := parse(t, fine); len(n.Get("b").Items) != 9 {
		t.Errorf("b has %d items", len(n.Get("b").Items))
	}
}

// check verifies what holds for every node of every document.
func check(t *testing.T, src string, n *Node) {
	if n.Span.Start < 0 || n.Span.End < n.Span.Start || int(n.Span.End) > len(src) {
		t.Fatalf("the span %v is not in %q", n.Span, src)
	}
	last := n.Offset(0)
	for i := 0; i <= len(n.Text) && n.Kind == String; i++ {
		at := n.Offset(i)
		if at < last || at < int(n.Span.Start) || at > int(n.Span.End) {
			t.Fatalf("byte %d of %q is at %d, the one before at %d, the node at %v of %q", i, n.Text, at, last, n.Span, src)
		}
		last = at
	}
	for _, item := range n.Items {
		check(t, src, item)
	}
	for _, e := range n.Entries {
		check(t, src, e.Key)
		check(t, src, e.Value)
		if n.Get(e.Key.Text) != e.Value {
			t.Fatalf("Get(%q) is another value in %q", e.Key.Text, src)
		}
	}
}

func FuzzParse(f *testing.F) {
	if text, err := os.ReadFile("testdata/errors.txt"); err == nil {
		for _, c := range strings.Split(string(text), "====\n") {
			doc, _, _ := strings.Cut(c, "----\n")
			f.Add(strings.NewReplacer("→", "\t", "␍", "\r").Replace(doc))
		}
	}
	samples, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range samples {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("a: plain\n  folded\n\n  more\nb: 'it''s\n  x'\nc: \"a\\tb\\\n   c\\u00e9 d\n\n  e\"\nd: |2\n   x\n  y\ne: >-\n  one\n  two\n\n   three\n  four\nf: [a, {b: c,}, ]\n")
	f.Add("a: &x {p: 1}\nb: {<<: *x, q: 2}\nc:\n  <<: [*x, {r: 3}]\n  p: !!str 7\n")
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4096 {
			return
		}
		n, list := Parse(source.NewFile("p.yaml", src))
		for _, d := range list {
			if d.Position().Line < 1 || d.Message == "" || d.File == nil {
				t.Fatalf("%q: %v", src, d)
			}
		}
		if (n == nil) != list.HasErrors() {
			t.Fatalf("%q gives %v and %v", src, n, list)
		}
		if n == nil {
			return
		}
		check(t, src, n)
		// Scalars have the text that the reader itself gives them.
		var raw yaml.Node
		if err := yaml.Unmarshal([]byte(src), &raw); err != nil {
			return // a version directive
		}
		if y := raw.Content[0]; y.Kind == yaml.MappingNode && len(y.Content) > 1 && y.Content[1].Kind == yaml.ScalarNode && !strings.HasPrefix(y.Content[1].Tag, "!") {
			if e := n.Entry(y.Content[0].Value); e != nil && e.Value.Text != y.Content[1].Value {
				t.Fatalf("%q has the text %q, not %q", src, e.Value.Text, y.Content[1].Value)
			}
		}
	})
}

// TestLarge reads documents near the limit of size, whose forms have made readers
// slow or run out of stack.
func TestLarge(t *testing.T) {
	var keys strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&keys, "key%d: v%d\n", i, i)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"keys", keys.String(), ""},
		{"a mistake at the end", keys.String() + " x: [\n", "40001:2: "},
		{"an unknown alias at the end", keys.String() + "z: *nope\n", "there is no anchor &nope"},
		{"one long line", "a: [" + strings.Repeat("1, ", 100_000) + "]\n", ""},
		{"brackets", strings.Repeat("[", 900_000), "nested too deep"},
		{"braces", strings.Repeat("{a: ", 200_000), "nested too deep"},
		{"dashes", strings.Repeat("- ", 400_000) + "x\n", "nested too deep"},
		{"a block", "a: |\n" + strings.Repeat("  some text\n", 50_000), ""},
		{"folded text", "a: >\n" + strings.Repeat("  some text\n", 50_000), ""},
		{"quoted text", "a: \"" + strings.Repeat("some \\\n  text", 50_000) + "\"\n", ""},
		{"open quotes", "a: \"" + strings.Repeat("some \n  text", 50_000), "not closed"},
		{"a tab at the end", strings.Repeat("a:\n", 100_000) + "\tb: 1\n", "100001:1: "},
	} {
		_, list := Parse(source.NewFile("p.yaml", tt.text))
		got := ""
		if len(list) > 0 {
			got = list[0].Error()
		}
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q", tt.name, got[:min(len(got), 200)])
		}
	}
}
