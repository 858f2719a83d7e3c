package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/cmd/internal/toolchain"
	"github.com/parallaxai/parallax/runtime/spec"
)

// guides are the pages of the documentation that TestGuides does.
var guides = []string{"tutorial.md", "patterns.md", "comparison.md"}

var fence = regexp.MustCompile("(?s)\n```([a-z]+)(?: ([^\n]+))?\n(.*?)\n```\n")

// ms stands for times in outputs, which differ from run to run.
var ms = regexp.MustCompile(`[0-9.]+ ms`)

// TestGuides does what the pages say. A block that is marked with the name of a
// file, such as "yaml review.yaml", is that file from there on; a pattern must be
// without errors and warnings unless "!" stands before its name, and a file of
// tests must pass. A block "console"
// holds commands, each behind "$ ", and below it all that the command prints;
// the last line may be "exit code N".
func TestGuides(t *testing.T) {
	docs, err := filepath.Abs("../../docs")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range guides {
		t.Run(page, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(docs, page))
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			text := string(data)
			files, commands := 0, 0
			for _, m := range fence.FindAllStringSubmatchIndex(text, -1) {
				part := func(i int) string {
					if m[i] < 0 {
						return ""
					}
					return text[m[i]:m[i+1]]
				}
				line := strings.Count(text[:m[6]], "\n")
				kind, name, body := part(2), part(4), part(6)+"\n"
				switch {
				case kind == "console":
					commands += console(t, fmt.Sprintf("%s:%d", page, line), body)
				case name != "":
					files++
					name, wrong := strings.CutPrefix(name, "!")
					if err := os.WriteFile(name, []byte(body), 0o644); err != nil {
						t.Fatal(err)
					}
					if !wrong {
						checkFile(t, fmt.Sprintf("%s:%d", page, line), name)
					}
				}
			}
			if files < 2 || commands < 1 {
				t.Errorf("only %d files and %d commands", files, commands)
			}
		})
	}
}

// command runs prism or parallax and returns all that it prints.
func command(t *testing.T, line string) (output string, code int) {
	t.Helper()
	var args []string
	for _, w := range word.FindAllString(line, -1) {
		args = append(args, strings.Trim(w, "'"))
	}
	root := toolchain.Prism()
	if args[0] == "parallax" {
		root = toolchain.Parallax()
	} else if args[0] != "prism" {
		t.Fatalf("a command of another program: %s", line)
	}
	var out bytes.Buffer
	code = toolchain.Main(root, args[1:], strings.NewReader(""), &out, &out)
	return ms.ReplaceAllString(out.String(), "N ms"), code
}

// console runs the commands of a block and returns how many there are.
func console(t *testing.T, where, body string) int {
	parts := strings.Split("\n"+body, "\n$ ")[1:]
	for _, p := range parts {
		line, want, _ := strings.Cut(p, "\n")
		got, code := command(t, line)
		if code != 0 {
			got += fmt.Sprintf("exit code %d\n", code)
		}
		if want = strings.TrimSuffix(want, "\n"); want != "" {
			want += "\n"
		}
		if diff := cmp.Diff(ms.ReplaceAllString(want, "N ms"), got); diff != "" {
			t.Errorf("%s: %s (-documented +got)\n%s", where, line, diff)
		}
	}
	return len(parts)
}

// checkFile demands that a pattern has no faults and that tests pass.
func checkFile(t *testing.T, where, name string) {
	switch {
	case spec.IsTest(name):
		if out, code := command(t, "prism test "+name); code != 0 {
			t.Errorf("%s: %s fails\n%s", where, name, out)
		}
	case strings.HasSuffix(name, "agents.yaml"):
	case strings.HasSuffix(name, ".yaml"), strings.HasSuffix(name, ".prism"):
		if out, code := command(t, "prism check --strict "+name); code != 0 {
			t.Errorf("%s: %s has faults\n%s", where, name, out)
		}
	}
}
