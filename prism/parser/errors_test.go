package parser

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/source"
)

// wanted is an expectation: a comment `// want P0101 "message"` means a
// diagnostic with that code and message on its line, `// want-1` on the line
// before. Several may follow each other.
var (
	wantComment = regexp.MustCompile(`(?://|#) want([+-][0-9]+)?((?: P[0-9]{4} "[^"]*")+)`)
	wantOne     = regexp.MustCompile(`(P[0-9]{4}) "([^"]*)"`)
)

type wanted struct {
	line    int
	code    string
	message string
}

// TestErrors parses every chunk (separated by lines "---") of
// testdata/errors/*.prism and compares all diagnostics with what its comments
// want. Messages are given in full.
func TestErrors(t *testing.T) {
	names, err := filepath.Glob("testdata/errors/*.prism")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	cases := 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		line := 1
		for _, chunk := range strings.Split(string(data), "\n---\n") {
			at := line
			line += strings.Count(chunk, "\n") + 2
			cases++
			t.Run(filepath.Base(name)+":"+strconv.Itoa(at), func(t *testing.T) {
				f := source.NewFile(name, chunk)
				file, diags := ParseFile(f)
				checkTree(t, file, diags)
				var got []wanted
				for _, d := range diags {
					got = append(got, wanted{d.Position().Line, string(d.Code), d.Message})
				}
				if diff := cmp.Diff(expectations(chunk), got, cmp.AllowUnexported(wanted{})); diff != "" {
					t.Errorf("%s\n(-want +got)\n%s", chunk, diff)
				}
			})
		}
	}
	if cases < 80 {
		t.Errorf("only %d cases", cases)
	}
}

func expectations(chunk string) []wanted {
	var all []wanted
	for i, text := range strings.Split(chunk, "\n") {
		for _, m := range wantComment.FindAllStringSubmatch(text, -1) {
			offset, _ := strconv.Atoi(m[1])
			for _, w := range wantOne.FindAllStringSubmatch(m[2], -1) {
				all = append(all, wanted{i + 1 + offset, w[1], w[2]})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b wanted) int { return a.line - b.line })
	return all
}
