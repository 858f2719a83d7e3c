package parser

import (
	"flag"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

var update = flag.Bool("update", false, "rewrite the golden trees and findings in testdata")

const golden = "----\n"

// TestValid parses every case of testdata/valid/*.txtar: a case is a program, a
// line "----" and the dump of its tree. No case has a diagnostic.
func TestValid(t *testing.T) {
	archives, err := filepath.Glob("testdata/valid/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	cases := 0
	for _, name := range archives {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var updated strings.Builder
		for title, text := range archive(string(data)) {
			cases++
			src, want, _ := strings.Cut(text, golden)
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar")+"/"+title, func(t *testing.T) {
				file, diags := ParseFile(source.NewFile(title, strings.TrimSuffix(src, "\n")))
				for _, d := range diags {
					t.Error(d)
				}
				checkTree(t, file, diags)
				got := ast.Dump(file)
				updated.WriteString("-- " + title + " --\n" + src + golden + got)
				if *update {
					return
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s\n(-want +got)\n%s", src, diff)
				}
			})
		}
		if *update && !t.Failed() {
			if err := os.WriteFile(name, []byte(updated.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if cases < 100 {
		t.Errorf("only %d cases", cases)
	}
}

// archive yields the titles and texts of the parts that lines "-- title --"
// begin.
func archive(data string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for data != "" {
			head, rest, _ := strings.Cut(data, "\n")
			text := rest
			if i := strings.Index(rest, "\n-- "); i >= 0 {
				text = rest[:i+1]
			}
			if !yield(strings.TrimSuffix(strings.TrimPrefix(head, "-- "), " --"), text) {
				return
			}
			data = rest[len(text):]
		}
	}
}
