package module

import (
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

var update = flag.Bool("update", false, "rewrite the golden sections of testdata")

var wantComment = regexp.MustCompile(`// want (.*)`)
var wantItem = regexp.MustCompile(`([A-Z]\d{4}) ("(?:[^"\\]|\\.)*")`)

// testOptions knows the library functions print, vote and best; the last two
// are implemented by std/aggregation where the archive has it.
func testOptions(std fs.FS) Options {
	names := []string{"best", "print", "vote"}
	return Options{
		Std: std,
		Check: check.Options{
			Library:      func(name string) bool { return slices.Contains(names, name) },
			LibraryNames: names,
		},
		Implicit: func(name string) (string, bool) { return "std/aggregation", name == "vote" || name == "best" },
	}
}

// loadArchive loads the program whose entry is the first file of an archive.
// Files below std/ are the standard library, the section "graph" is golden.
func loadArchive(t testing.TB, ar *archive) (*Graph, diag.List) {
	t.Helper()
	files, std := Files{}, fstest.MapFS{}
	var entry *source.File
	for _, f := range ar.files {
		if f.name == "graph" {
			continue
		}
		if name, ok := strings.CutPrefix(f.name, stdPrefix); ok {
			std[name] = &fstest.MapFile{Data: []byte(f.data)}
			continue
		}
		files[f.name] = f.data
		if entry == nil {
			entry = source.NewFile(f.name, f.data)
		}
	}
	return Load(entry, files, testOptions(std))
}

// TestLoad loads the programs of testdata and compares what their files want
// and the graph. A marker // want M0001 "text" stands on the line of a finding
// whose message or hint contains the text; unmarked findings are errors.
func TestLoad(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no test data", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar := readArchive(t, name)
			g, list := loadArchive(t, ar)
			checkWants(t, ar, list)
			got := describe(g)
			for range 3 {
				again, listAgain := loadArchive(t, ar)
				if d := gocmp.Diff(got, describe(again)); d != "" {
					t.Errorf("loading again gives another graph:\n%s", d)
				}
				if d := gocmp.Diff(texts(list), texts(listAgain)); d != "" {
					t.Errorf("loading again gives other findings:\n%s", d)
				}
			}
			if *update {
				ar.set("graph", got)
				if err := os.WriteFile(name, []byte(ar.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, ok := ar.section("graph")
			if !ok {
				t.Fatal("the archive has no section graph; run with -update")
			}
			if d := gocmp.Diff(want, got); d != "" {
				t.Errorf("graph (-want +got):\n%s", d)
			}
		})
	}
}

func texts(list diag.List) []string {
	var out []string
	for _, d := range list {
		out = append(out, d.Error()+" / "+d.Hint)
	}
	return out
}

func checkWants(t *testing.T, ar *archive, list diag.List) {
	type finding struct{ File, Line, Code string }
	var want, got []finding
	said := map[finding][]string{}
	for _, d := range list {
		f := finding{Line: strconv.Itoa(d.Position().Line), Code: string(d.Code)}
		if d.File != nil {
			f.File = d.File.Name
		}
		got = append(got, f)
		said[f] = append(said[f], d.Message+" ("+d.Hint+")")
		if d.Hint == "" {
			t.Errorf("%v: has no hint", d)
		}
		if _, ok := diag.Lookup(d.Code); !ok {
			t.Errorf("%v: the code is not explained", d)
		}
	}
	for _, file := range ar.files {
		for i, line := range strings.Split(file.data, "\n") {
			m := wantComment.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			for _, item := range wantItem.FindAllStringSubmatch(m[1], -1) {
				f := finding{file.name, strconv.Itoa(i + 1), item[1]}
				want = append(want, f)
				part, err := strconv.Unquote(item[2])
				if err != nil {
					t.Fatal(err)
				}
				if !slices.ContainsFunc(said[f], func(s string) bool { return strings.Contains(s, part) }) {
					t.Errorf("%s:%d: no %s contains %q, only %q", file.name, i+1, item[1], part, said[f])
				}
			}
		}
	}
	order := func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Code, b.Code))
	}
	slices.SortFunc(want, order)
	slices.SortFunc(got, order)
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("findings (-want +got):\n%s%v", d, list)
	}
}

// describe writes a graph as text: modules in order with what their imports,
// exports and library names mean, then the cycles.
func describe(g *Graph) string {
	var b strings.Builder
	for i, m := range g.Modules {
		if m.ID != i {
			fmt.Fprintf(&b, "module %d has the ID %d\n", i, m.ID)
		}
		fmt.Fprintf(&b, "%s\n", m.Path)
		for _, sym := range m.Info.Top {
			if t, ok := m.Imports[sym]; ok {
				fmt.Fprintf(&b, "  import %s = %s\n", sym.Name, targetText(t))
			}
		}
		for _, name := range sortedKeys(m.Exports) {
			fmt.Fprintf(&b, "  export %s = %s\n", name, targetText(m.Exports[name]))
		}
		for _, name := range sortedKeys(m.Implicit) {
			fmt.Fprintf(&b, "  library %s = %s\n", name, targetText(m.Implicit[name]))
		}
	}
	for _, c := range g.Cycles {
		fmt.Fprintf(&b, "cycle %s\n", loopText(append(slices.Clone(c), c[0])))
	}
	return b.String()
}

func sortedKeys(m map[string]Target) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func targetText(t Target) string {
	switch {
	case t.Namespace:
		return t.Module.Path + " *"
	case t.Default:
		return t.Module.Path + " default"
	case t.Type != nil:
		return t.Module.Path + " type " + t.Type.Name.Name
	}
	return t.Module.Path + " " + t.Symbol.Name
}
