package diag_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// at returns the span of the nth occurrence (from 0) of a text in a file.
func at(t testing.TB, f *source.File, text string, nth int) source.Span {
	t.Helper()
	offset := 0
	for ; ; nth-- {
		i := strings.Index(f.Src[offset:], text)
		if i < 0 {
			t.Fatalf("%q is not in %s", text, f.Name)
		}
		offset += i
		if nth == 0 {
			return source.Span{Start: int32(offset), End: int32(offset + len(text))}
		}
		offset += len(text)
	}
}

// cases returns diagnostics of every kind, by the name of the case.
func cases(t testing.TB) (names []string, lists []diag.List) {
	add := func(name string, make func(l *diag.List)) {
		var l diag.List
		make(&l)
		names, lists = append(names, name), append(lists, l)
	}
	main := source.NewFile("main.prism", "let total = 1\n\nfunction add(a, b) {\n  return a + totl\n}\nlet total = 2\n")
	other := source.NewFile("lib/other.prism", "export let x = 1\n")
	add("a code with a symbol", func(l *diag.List) {
		f := source.NewFile("p.yaml", "name: p\naggregation:\n  strategy: voteing\n")
		l.Add("Y0006", diag.Error, f, at(t, f, "voteing", 0), "unknown aggregation strategy 'voteing' (did you mean 'voting'?)").
			WithRelated(at(t, f, "aggregation", 0), "in here")
	})
	add("one span", func(l *diag.List) {
		l.Add("N0001", diag.Error, main, at(t, main, "totl", 0), `unknown name "totl"`).WithHint("did you mean total?").
			WithFix("write total", diag.Edit{Span: at(t, main, "totl", 0), NewText: "total"})
	})
	add("related far away", func(l *diag.List) {
		l.Add("N0002", diag.Error, main, at(t, main, "total", 1), `"total" is declared twice`).
			WithRelated(at(t, main, "total", 0), "first declared here").WithHint("rename one of them\nor assign to it without let")
	})
	add("related on the same line", func(l *diag.List) {
		l.Add("N0003", diag.Warning, main, at(t, main, "b", 0), "b is never used").WithRelated(at(t, main, "add", 0), "in this function")
	})
	add("gap of one line", func(l *diag.List) {
		l.Add("N0003", diag.Info, main, at(t, main, "function", 0), "look").WithRelated(at(t, main, "let", 0), "and here")
	})
	add("related in another file", func(l *diag.List) {
		d := l.Add("M0003", diag.Error, main, at(t, main, "totl", 0), "nothing is exported under this name")
		d.Related = append(d.Related, diag.Related{File: other, Span: at(t, other, "x", 1), Message: "this is"},
			diag.Related{Message: "the module has no other exports"})
	})
	add("no file", func(l *diag.List) {
		l.Add("M0001", diag.Error, nil, source.Span{}, "there is no file %q", "missing.prism").WithHint("check the path").WithFix("no file, no change")
	})
	add("no place", func(l *diag.List) {
		l.Add("M0002", diag.Hint, main, source.Span{}, "the module is empty")
	})
	add("several lines", func(l *diag.List) {
		l.Add("T0001", diag.Warning, main, at(t, main, "function add(a, b) {\n  return a + totl\n}", 0), "this function is never used")
	})
	long := source.NewFile("long.prism", "match x {\n  1 => a\n\n  2 => b\n  3 => c\n  4 => d\n}\n")
	add("many lines", func(l *diag.List) {
		l.Add("T0002", diag.Error, long, at(t, long, strings.TrimSpace(long.Src), 0), "the match is not complete").
			WithRelated(at(t, long, "b\n  3 => c\n  4 => d", 0), "these\narms")
	})
	add("a blank line inside", func(l *diag.List) {
		l.Add("T0002", diag.Error, long, at(t, long, "1 => a\n\n  2", 0), "two arms")
	})
	add("to the start of the next line", func(l *diag.List) {
		l.Add("P0001", diag.Error, long, at(t, long, "4 => d\n", 0), "one line only")
	})
	wide := source.NewFile("wide.prism", "let \tname = \"日本語 👍 e\u0301\", x = y ~> 2\n")
	add("tabs and wide characters", func(l *diag.List) {
		l.Add("C0001", diag.Error, wide, at(t, wide, "y ~> 2", 0), "a confidence is at most 1").
			WithRelated(at(t, wide, "日本語", 0), "wide").WithRelated(at(t, wide, "e\u0301", 0), "combined").WithRelated(at(t, wide, "name", 0), "after a tab")
	})
	hostile := source.NewFile("bad\x1b[31m.prism", "let a = \"\x1b[2J\u202e\xff\" + b\r\n")
	add("hostile text", func(l *diag.List) {
		l.Add("P0006", diag.Error, hostile, at(t, hostile, "b", 0), "bad \x1b[31m text\tof %s", "\u202euser")
	})
	cropped := source.NewFile("cropped.prism", strings.Repeat("a + ", 100)+"wrong"+strings.Repeat(" + 世界", 60)+"\n")
	add("a long line", func(l *diag.List) {
		l.Add("N0001", diag.Error, cropped, at(t, cropped, "wrong", 0), "in the middle")
		l.Add("N0001", diag.Error, cropped, at(t, cropped, "a", 0), "at the start")
		l.Add("N0001", diag.Error, cropped, at(t, cropped, "世界", 59), "at the end")
		l.Add("N0001", diag.Error, cropped, source.Span{Start: 8, End: int32(len(cropped.Src))}, "nearly all").
			WithRelated(at(t, cropped, "世界", 59), "not shown")
	})
	add("the end of the file", func(l *diag.List) {
		end := int32(len(main.Src))
		l.Add("P0104", diag.Error, main, source.Span{Start: end, End: end}, "the block is not closed").
			WithFix("add }", diag.Edit{Span: source.Span{Start: end, End: end}, NewText: "}\n"})
	})
	add("beyond the end of the file", func(l *diag.List) {
		l.Add("P0104", diag.Error, main, source.Span{Start: 1000, End: 2000}, "a span of another version")
	})
	add("fixes", func(l *diag.List) {
		l.Add("P0106", diag.Error, main, at(t, main, "(a, b)", 0), "several edits").
			WithFix("rename both", diag.Edit{Span: at(t, main, "a", 2), NewText: "left"}, diag.Edit{Span: at(t, main, "b", 0), NewText: "right"}).
			WithFix("remove the line", diag.Edit{Span: at(t, main, "let total = 2\n", 0)}).
			WithFix("more than can be shown", diag.Edit{Span: at(t, main, main.Src, 0), NewText: strings.Repeat("x\n", 9)}).
			WithFix("edits that overlap", diag.Edit{Span: at(t, main, "let", 0)}, diag.Edit{Span: at(t, main, "let", 0)})
		l.Add("P0106", diag.Error, cropped, at(t, cropped, "wrong", 0), "in a long line").
			WithFix("put it right", diag.Edit{Span: at(t, cropped, "a", 0), NewText: "right"})
	})
	return names, lists
}

func render(t testing.TB, opts diag.TextOptions) string {
	var b strings.Builder
	names, lists := cases(t)
	for i, l := range lists {
		b.WriteString("== " + names[i] + " ==\n")
		if err := diag.Text(&b, l, opts); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func TestTextGolden(t *testing.T) {
	golden(t, "plain.txt", render(t, diag.TextOptions{}))
	golden(t, "context.txt", render(t, diag.TextOptions{Context: 1, Width: 40}))
	golden(t, "color.txt", strings.ReplaceAll(render(t, diag.TextOptions{Color: true}), "\x1b", "␛"))
}

// No line that is shown is much wider than asked for, and nothing but the
// colours asked for reaches the terminal.
func TestTextIsHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-z \t]|日|é|👍|\n|\x1b){0,200}`)).Draw(t, "src")
		f := source.NewFile("x", src)
		var l diag.List
		span := source.Span{Start: rapid.Int32Range(-1, int32(len(src))+2).Draw(t, "start"), End: rapid.Int32Range(-1, int32(len(src))+2).Draw(t, "end")}
		d := l.Add("P0001", diag.Error, f, span, "m").WithRelated(source.Span{Start: span.End, End: span.Start}, "r")
		d.WithFix("f", diag.Edit{Span: span, NewText: rapid.String().Draw(t, "new")})
		var b strings.Builder
		if err := diag.Text(&b, l, diag.TextOptions{Width: 20, Context: 1}); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if n := len([]rune(strings.ReplaceAll(line, "�", ""))); n > 400 {
				t.Fatalf("a line of %d characters: %q", n, line)
			}
			if i := strings.IndexAny(line, "\x1b\x07\r\u202e\u0000"); i >= 0 {
				t.Fatalf("byte %#x in %q", line[i], line)
			}
		}
	})
}

type failing struct{}

var errFull = errors.New("disk full")

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestWriteErrors(t *testing.T) {
	_, lists := cases(t)
	if err := diag.Text(failing{}, lists[0], diag.TextOptions{}); !errors.Is(err, errFull) {
		t.Errorf("Text = %v", err)
	}
	if err := diag.JSON(failing{}, lists[0]); !errors.Is(err, errFull) {
		t.Errorf("JSON = %v", err)
	}
	if err := diag.Explain(failing{}, "P0001"); !errors.Is(err, errFull) {
		t.Errorf("Explain = %v", err)
	}
}

func TestSummary(t *testing.T) {
	list := func(severities ...diag.Severity) (l diag.List) {
		for _, s := range severities {
			l.Add("P0001", s, nil, source.Span{}, "m")
		}
		return l
	}
	tests := []struct {
		list diag.List
		want string
	}{
		{nil, "no problems"},
		{list(diag.Info, diag.Hint), "no problems"},
		{list(diag.Error), "1 error"},
		{list(diag.Warning, diag.Error, diag.Error), "2 errors, 1 warning"},
		{list(diag.Warning, diag.Info, diag.Warning), "2 warnings"},
	}
	for _, tt := range tests {
		if got := diag.Summary(tt.list); got != tt.want {
			t.Errorf("Summary = %q, want %q", got, tt.want)
		}
	}
}

func TestJSONGolden(t *testing.T) {
	var all diag.List
	_, lists := cases(t)
	for _, l := range lists[:10] {
		all = append(all, l...)
	}
	var b bytes.Buffer
	if err := diag.JSON(&b, all); err != nil {
		t.Fatal(err)
	}
	golden(t, "diagnostics.json", b.String())
	b.Reset()
	if err := diag.JSON(&b, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("{\n  \"diagnostics\": [],\n  \"errors\": 0,\n  \"warnings\": 0\n}\n", b.String()); diff != "" {
		t.Errorf("no diagnostics (-want +got):\n%s", diff)
	}
}

func TestJSONPlaces(t *testing.T) {
	f := source.NewFile("a.prism", "é👍x\ny")
	var l diag.List
	l.Add("P0001", diag.Error, f, source.Span{Start: 6, End: 9}, "<&>").
		WithFix("insert", diag.Edit{Span: source.Span{}, NewText: "z"})
	var b bytes.Buffer
	if err := diag.JSON(&b, l); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"message": "<&>"`) {
		t.Errorf("the message is escaped:\n%s", b.String())
	}
	var got struct {
		Diagnostics []map[string]any
		Errors      int
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	d := got.Diagnostics[0]
	want := map[string]any{"line": 1.0, "column": 3.0, "endLine": 2.0, "endColumn": 2.0, "offset": 6.0, "endOffset": 9.0}
	for k, v := range want {
		if d[k] != v {
			t.Errorf("%s = %v, want %v", k, d[k], v)
		}
	}
	edit := d["fixes"].([]any)[0].(map[string]any)["edits"].([]any)[0].(map[string]any)
	if edit["line"] != 1.0 || edit["file"] != "a.prism" || edit["newText"] != "z" {
		t.Errorf("edit = %v", edit)
	}
}
