package format

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden is one file of testdata: text before the first "-- in --" line says
// what it shows, then come the input and the output, which txtar separates.
type golden struct{ about, in, out string }

func readGolden(tb testing.TB, name string) golden {
	tb.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	about, rest, ok := strings.Cut(string(data), "-- in --\n")
	if !ok {
		tb.Fatalf("%s has no section -- in --", name)
	}
	in, out, _ := strings.Cut(rest, "-- out --\n")
	return golden{about, in, out}
}

func goldenFiles(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no golden files: %v", err)
	}
	return files
}

func TestGolden(t *testing.T) {
	for _, name := range goldenFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			g := readGolden(t, name)
			got := checkSource(t, g.in)
			if *update {
				text := fmt.Sprintf("%s-- in --\n%s-- out --\n%s", g.about, g.in, got)
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(g.out, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
