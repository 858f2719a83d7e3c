package check

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
)

// testLibrary is a library of a few functions, by name with their arity.
var testLibrary = map[string][2]int{
	"print": {0, -1}, "log": {0, -1}, "max": {1, -1}, "sum": {1, 1}, "map": {2, 2}, "sortBy": {1, 2}, "delay": {1, 1},
	"confidence": {1, 1}, "threshold": {1, 1}, "vote": {1, 2}, "Math.floor": {1, 1}, "console.log": {0, -1}, "Math.max": {1, -1},
	"range": {1, 3}, "now": {0, 0},
}

func testOptions() Options {
	names := []string{"Math", "console", "Number", "String"}
	for name := range testLibrary {
		if !strings.Contains(name, ".") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return Options{
		Library:      func(name string) bool { return slices.Contains(names, name) },
		LibraryNames: names,
		Arity: func(name string) (int, int, bool) {
			a, ok := testLibrary[name]
			return a[0], a[1], ok
		},
	}
}

func resolveText(t testing.TB, src string, opts Options) (*ast.File, *Info, diag.List) {
	t.Helper()
	file, errs := parser.ParseFile(source.NewFile("test.prism", src))
	for _, d := range errs {
		t.Fatalf("the test's source has a syntax error: %v\n%s", d, src)
	}
	info, list := Resolve(file, opts)
	return file, info, list
}

var wantComment = regexp.MustCompile(`// want (.*)`)
var wantItem = regexp.MustCompile(`([A-Z]\d{4}) ("(?:[^"\\]|\\.)*")`)

// TestDiagnostics resolves the programs of testdata. They are separated by
// lines of "---"; "// want N0001 "text"" on a line says that it has a finding
// of that code whose message or hint contains the text, and every finding
// must be wanted.
func TestDiagnostics(t *testing.T) {
	files, err := filepath.Glob("testdata/*.prism")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	cases := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		line := 1
		for _, chunk := range strings.Split(string(text), "\n---\n") {
			cases++
			t.Run(fmt.Sprintf("%s:%d", filepath.Base(name), line), func(t *testing.T) { checkWants(t, chunk) })
			line += strings.Count(chunk, "\n") + 2
		}
	}
	if cases < 120 {
		t.Errorf("only %d cases were found", cases)
	}
}

func checkWants(t *testing.T, src string) {
	file, _, list := resolveText(t, src, testOptions())
	list = Suppress(file, list)
	type finding struct{ Line, Code string }
	var got, want []finding
	texts := make(map[finding][]string)
	for _, d := range list {
		f := finding{strconv.Itoa(d.Position().Line), string(d.Code)}
		got = append(got, f)
		text := d.Message + " (" + d.Hint + ")"
		for _, rel := range d.Related {
			text += " [" + rel.Message + "]"
		}
		texts[f] = append(texts[f], text)
		if d.Hint == "" {
			t.Errorf("%v: has no hint", d)
		}
		if d.Span.Start >= d.Span.End || int(d.Span.End) > len(src) {
			t.Errorf("%v: has the span %v", d, d.Span)
		}
		if info, ok := diag.Lookup(d.Code); !ok || info.Name == "" {
			t.Errorf("%v: the code is not explained", d)
		}
	}
	for i, text := range strings.Split(src, "\n") {
		m := wantComment.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		items := wantItem.FindAllStringSubmatch(m[1], -1)
		if items == nil {
			t.Fatalf("line %d: malformed %q", i+1, m[0])
		}
		for _, item := range items {
			f := finding{strconv.Itoa(i + 1), item[1]}
			want = append(want, f)
			part, err := strconv.Unquote(item[2])
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(texts[f], func(s string) bool { return strings.Contains(s, part) }) {
				t.Errorf("line %d: no finding %s contains %q, only %q", i+1, item[1], part, texts[f])
			}
		}
	}
	order := func(a, b finding) int { return strings.Compare(a.Line+a.Code, b.Line+b.Code) }
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("findings (-want +got):\n%s\nin\n%s\n%v", d, src, list)
	}
}
