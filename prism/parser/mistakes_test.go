package parser

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/source"
)

// TestMistakes parses the programs of testdata/mistakes.txtar, each with one to
// three mistakes as people make them, and compares everything that is said about
// them: place, code, message, hint and the text of the fix. A case is a program,
// a line "----" and the findings.
func TestMistakes(t *testing.T) {
	const name = "testdata/mistakes.txtar"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var updated strings.Builder
	cases := 0
	for title, text := range archive(string(data)) {
		cases++
		src, want, _ := strings.Cut(text, golden)
		t.Run(title, func(t *testing.T) {
			file, diags := ParseFile(source.NewFile(title, src))
			checkTree(t, file, diags)
			var got bytes.Buffer
			for _, d := range diags {
				pos := d.Position()
				fmt.Fprintf(&got, "%d:%d %s %s\n", pos.Line, pos.Column, d.Code, d.Message)
				if d.Hint != "" {
					fmt.Fprintf(&got, "    hint: %s\n", d.Hint)
				}
				for _, f := range d.Fixes {
					fmt.Fprintf(&got, "    fix: %s\n", f.Title)
				}
			}
			updated.WriteString("-- " + title + " --\n" + src + golden + got.String())
			if *update {
				return
			}
			if len(diags) == 0 {
				t.Error("no mistake is found")
			}
			if diff := cmp.Diff(want, got.String()); diff != "" {
				t.Errorf("%s\n(-want +got)\n%s", src, diff)
			}
		})
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(name, []byte(updated.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if cases < 120 {
		t.Errorf("only %d cases", cases)
	}
}
