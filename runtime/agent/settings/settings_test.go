package settings_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/value"
)

// read parses a text and has f read its mapping; it returns what is wrong.
func read(t *testing.T, text string, f func(b *settings.Block)) []string {
	t.Helper()
	var list diag.List
	n := settings.Parse(source.NewFile("f", text), &list)
	if !list.HasErrors() {
		b := n.Block("it")
		f(b)
		b.Done()
	}
	var out []string
	for _, d := range list {
		line := strings.TrimPrefix(d.Error(), "f:")
		if d.Hint != "" {
			line += " (" + d.Hint + ")"
		}
		out = append(out, line)
	}
	return out
}

func TestBlock(t *testing.T) {
	text := func(b *settings.Block) any { return b.Text("k") }
	required := func(b *settings.Block) any { return b.Required("k") }
	boolean := func(b *settings.Block) any { return b.Bool("k", true) }
	whole := func(b *settings.Block) any { return b.Int("k", 7, 1, 9) }
	number := func(b *settings.Block) any { return b.Number("k", 0.5, 0, math.Inf(1)) }
	duration := func(b *settings.Block) any { return b.Duration(time.Second, "k", "kMs") }
	texts := func(b *settings.Block) any { return b.Texts("k") }
	one := func(b *settings.Block) any { return b.OneOf("k", "def", "left", "right") }
	val := func(b *settings.Block) any { return value.Inspect(b.Value("k", "v")) }
	pairs := func(b *settings.Block) any {
		keys, nodes := b.TextMap("k")
		out := ""
		for i, n := range nodes {
			v, _ := n.Text()
			out += keys[i] + "=" + v + " "
		}
		return out
	}
	tests := []struct {
		text  string
		read  func(b *settings.Block) any
		want  any
		wrong string
	}{
		{"k: a", text, "a", ""},
		{"k: ~", text, "", ""},
		{"{}", text, "", ""},
		{"k: [a]", text, "", "1:4: error Y0903: k is a text, not a list"},
		{"k: a", required, "a", ""},
		{"{}", required, "", "1:1: error Y0904: it needs the key k"},
		{"k: ''", required, "", "1:4: error Y0903: k is empty"},
		{"k: false", boolean, false, ""},
		{"{}", boolean, true, ""},
		{"k: no", boolean, true, `1:4: error Y0903: k is true or false, not "no"`},
		{"k: 3.0", whole, 3, ""},
		{"k: 3.5", whole, 7, "1:4: error Y0903: k is a whole number from 1 to 9, not 3.5"},
		{"k: 10", whole, 7, "1:4: error Y0903: k is a whole number from 1 to 9, not 10"},
		{"k: -1", number, 0.5, "1:4: error Y0903: k is a number of at least 0, not -1"},
		{"k: .nan", number, 0.5, "1:4: error Y0903: k is a number of at least 0, not .nan"},
		{"k: 1e3", number, 1000.0, ""},
		{"k: 1500", duration, 1500 * time.Millisecond, ""},
		{"kMs: 2", duration, 2 * time.Millisecond, ""},
		{"k: 1m30s", duration, 90 * time.Second, ""},
		{"kMs: soon", duration, time.Second, `1:6: error Y0903: kMs is a time: milliseconds from 0 to 31622400000, or a text such as 30s, not "soon"`},
		{"k: true", duration, time.Second, "1:4: error Y0903: k is a time: milliseconds from 0 to 31622400000, or a text such as 30s, not true"},
		{"k: -5s", duration, time.Second, `1:4: error Y0903: k is a time: milliseconds from 0 to 31622400000, or a text such as 30s, not "-5s"`},
		{"k: [a, 1]", texts, []string{"a", "1"}, ""},
		{"k: a", texts, []string{"a"}, ""},
		{"k: [a, [b]]", texts, []string{"a"}, "1:8: error Y0903: an element of k is a text, not a list"},
		{"k: left", one, "left", ""},
		{"k: lft", one, "def", `1:4: error Y0903: k is one of left, right, not "lft" (did you mean left?)`},
		{"k: {a: [1, x]}", val, `{ a: [1, "x"] }`, ""},
		{"v: 1", val, "1", ""},
		{"k: {a: b, c: 1}", pairs, "a=b c=1 ", ""},
		{"k: {a: {}}", pairs, "", "1:8: error Y0903: a is a text, not a map"},
		{"k: [1]", pairs, "", "1:4: error Y0903: k is a map of settings, not a list"},
		{"k: a\nkk: b", text, "a", `2:1: error Y0902: it has no key "kk" (the keys are k)`},
		{"k: a\nk: b", text, "a", "2:1: error Y0905: it has the key k twice"},
		{"base: &b {k: a}\n<<: *b", func(b *settings.Block) any { b.Ignore("base"); return b.Text("k") }, "a", ""},
		{"<<: [{k: a}, {k: b}]\nk: c", text, "c", ""},
		{"<<: &x {<<: *x}", text, "", "1:13: error Y0903: << merges another map into this one; this is a map"},
		{"k: &x [*x]", val, "null", "1:4: error Y0903: k: the value is too large or refers to itself"},
		{"[a]", text, "", "1:1: error Y0903: it is a map of settings, not a list"},
		{"k: [", text, nil, "1:1: error Y0901: this is no YAML: did not find expected node content"},
		{"k: a\n\tb", text, nil, "2:2: error Y0901: this is no YAML: found a tab character that violates indentation (YAML is indented with blanks, never with tabs)"},
		{"", text, nil, "1:1: error Y0901: the file is empty"},
	}
	for _, tt := range tests {
		var got any
		wrong := strings.Join(read(t, tt.text, func(b *settings.Block) { got = tt.read(b) }), "; ")
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
		if diff := cmp.Diff(tt.wrong, wrong); diff != "" && !strings.HasPrefix(wrong, tt.wrong+" (") {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
}

func TestPath(t *testing.T) {
	v, err := value.FromJSON([]byte(`{"a": [{"b c": 1}, [2, 3]], "0": "zero", "x/y": 4}`))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ path, want string }{
		{"a[0]['b c']", "1"}, {"$.a[1][-1]", "3"}, {`$["a"][1][0]`, "2"}, {"/a/1/0", "2"}, {"/0", `"zero"`}, {"/x~1y", "4"}, {"$", value.Inspect(v)},
		{"a.b", "nothing"}, {"a[5]", "nothing"}, {"a[-3]", "nothing"}, {"b", "nothing"}, {"x[0]", "nothing"},
		{"a..b", "error"}, {"a[", "error"}, {"a[x]", "error"}, {"a['b]", "error"}, {"a[0]b", "error"}, {"*", "error"}, {".", "error"},
	}
	for _, tt := range tests {
		p, err := settings.ParsePath(tt.path)
		got := "error"
		if err == nil {
			got = "nothing"
			if part, ok := p.Find(v); ok {
				got = value.Inspect(part)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.path, diff)
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, s := range []string{"a[0]['b']", "/a/1", "$..", "a[-9]", "[\"\"]"} {
		f.Add(s)
	}
	v, err := value.FromJSON([]byte(`{"a": [{"b": [1]}], "": {"": 2}}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := settings.ParsePath(text); err == nil {
			p.Find(v)
		}
	})
}

func TestTemplate(t *testing.T) {
	v, err := value.FromJSON([]byte(`{"a": {"b": [1, "x"]}, "n": null}`))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`"${a.b}"`:                           `[1, "x"]`,
		`"see ${a.b[1]} and ${ a.b[0] }!"`:   `"see x and 1!"`,
		`"$${a} ${n}${m}."`:                  `"${a} ."`,
		`{k: ["${a.b[0]}", true, 5], l: ''}`: `{ k: [1, true, 5], l: "" }`,
		`"${nothing}"`:                       "null",
	} {
		got := ""
		wrong := read(t, "k: "+text, func(b *settings.Block) { got = value.Inspect(b.Get("k").Template().Fill(v)) })
		if diff := cmp.Diff(want, got); diff != "" || wrong != nil {
			t.Errorf("%s: %s %v", text, diff, wrong)
		}
	}
}

// Secrets are shown nowhere.
func TestSecret(t *testing.T) {
	t.Setenv("SETTINGS_TEST", "s3cret")
	for text, want := range map[string]string{"plain": "plain", "env:SETTINGS_TEST": "s3cret", "env:SETTINGS_TEST_UNSET": "", "''": ""} {
		read(t, "k: "+text, func(b *settings.Block) {
			s := b.Secret("k")
			got, err := s.Reveal()
			if got != want || (err != nil) != strings.Contains(text, "UNSET") || s.IsSet() != (text != "''") {
				t.Errorf("%s: %q, %v", text, got, err)
			}
			for _, format := range []string{"%v", "%s", "%+v", "%#v", "%q"} {
				if shown := fmt.Sprintf(format, s); strings.Contains(shown, "plain") || strings.Contains(shown, "s3cret") {
					t.Errorf("%s shows %s", format, shown)
				}
			}
		})
	}
}
