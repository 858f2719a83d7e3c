package layout_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/layout"
	"github.com/parallaxai/parallax/prism/source"
)

var update = flag.Bool("update", false, "rewrite what the cases expect")

// TestCases formats "in" of each testdata/*.txtar to "out", and "out" to itself.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 5 {
		t.Fatal("no cases", files, err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil || len(a.Files) != 2 {
				t.Fatal(len(a.Files), err)
			}
			got := format(t, string(a.Files[0].Data))
			if *update {
				a.Files[1].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(a.Files[1].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// format formats a text, and checks that the result is formatted and means the
// same.
func format(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string) string {
	t.Helper()
	got, list := layout.Source(source.NewFile("p.yaml", text))
	if list.HasErrors() {
		if got != text {
			t.Fatalf("a text with errors is changed:\n%s", text)
		}
		return got
	}
	again, _ := layout.Source(source.NewFile("p.yaml", got))
	if again != got {
		t.Fatalf("not stable:\n%s\nthen\n%s\nthen\n%s", text, got, again)
	}
	before, _ := document.Parse(source.NewFile("p.yaml", text))
	after, list := document.Parse(source.NewFile("p.yaml", got))
	if list.HasErrors() {
		t.Fatalf("%v in\n%s", list[0], got)
	}
	if diff := cmp.Diff(before.Data(), after.Data(), cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b })); diff != "" {
		t.Fatalf("the meaning changes:\n%s", diff)
	}
	return got
}

// TestRandom formats random documents.
func TestRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		lines(t, &b, "", rapid.IntRange(0, 3).Draw(t, "depth"))
		format(t, b.String())
	})
}

var keys = []string{"name", "output", "steps", "agents", "structure", "roles", "workflow", "type", "id", "role", "k", "aggregation", "strategy", "- x"}

// lines writes a block map with comments and empty lines here and there.
func lines(t *rapid.T, b *strings.Builder, indent string, depth int) {
	used := map[string]bool{}
	for range rapid.IntRange(1, 5).Draw(t, "keys") {
		key := rapid.SampledFrom(keys[:13]).Draw(t, "key")
		if used[key] {
			continue
		}
		used[key] = true
		if rapid.Bool().Draw(t, "empty") {
			b.WriteString("\n")
		}
		if rapid.Bool().Draw(t, "comment") {
			b.WriteString(indent + "# about " + key + "\n")
		}
		b.WriteString(indent + key + ":")
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			if depth > 0 {
				b.WriteString("\n")
				lines(t, b, indent+strings.Repeat(" ", rapid.IntRange(1, 4).Draw(t, "indent")), depth-1)
				continue
			}
			b.WriteString(" {b: 1, type: x}")
		case 1:
			b.WriteString("\n" + indent + "  - one\n" + indent + "  - type: two\n" + indent + "    id: t")
		case 2:
			b.WriteString(" |\n" + indent + "   text\n\n" + indent + "   more")
		case 3:
			b.WriteString(` "quoted: text" # why`)
		case 4:
			b.WriteString(" [a, 'b', \"c\"]")
		case 5:
			b.WriteString(" $x.y + 1")
		}
		b.WriteString("\n")
	}
}

func FuzzSource(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(a.Files[0].Data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 4096 {
			format(t, text)
		}
	})
}
