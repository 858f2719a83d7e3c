package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/cmd/internal/toolchain"
)

// blocks returns the fenced blocks of a kind in a Markdown text.
func blocks(text, kind string) []string {
	var found []string
	for _, m := range regexp.MustCompile("(?s)\n```"+kind+"\n(.*?)\n```\n").FindAllStringSubmatch(text, -1) {
		found = append(found, m[1]+"\n")
	}
	return found
}

var word = regexp.MustCompile(`'[^']*'|[^ ]+`)

// TestREADME does what the README says: it runs its commands, on its sample, and
// demands the outputs that stand there.
func TestREADME(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS(filepath.Join(root, "examples"))); err != nil {
		t.Fatal(err)
	}
	samples, outputs := blocks(text, "prism"), blocks(text, "text")
	if len(samples) != 1 || len(outputs) != 1 {
		t.Fatalf("%d samples and %d outputs, want one of each", len(samples), len(outputs))
	}
	if err := os.WriteFile(filepath.Join(dir, "verdict.prism"), []byte(samples[0]), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)

	run := func(line string) string {
		t.Helper()
		var args []string
		command, rest, _ := strings.Cut(strings.TrimPrefix(line, "go run ./cmd/"), " ")
		for _, w := range word.FindAllString(rest, -1) {
			args = append(args, strings.Trim(w, "'"))
		}
		root := toolchain.Prism()
		if command == "parallax" {
			root = toolchain.Parallax()
		}
		var out, errOut bytes.Buffer
		if code := toolchain.Main(root, args, strings.NewReader(""), &out, &errOut); code != 0 || errOut.Len() > 0 {
			t.Fatalf("%s: exit code %d\n%s", line, code, &errOut)
		}
		return out.String()
	}
	var commands []string
	for _, b := range blocks(text, "sh") {
		for line := range strings.Lines(b) {
			if strings.HasPrefix(line, "go run ./cmd/") {
				commands = append(commands, strings.TrimSpace(line))
			}
		}
	}
	if len(commands) != 3 {
		t.Fatalf("commands %q, want three", commands)
	}
	first := regexp.MustCompile("The first prints `(.*)`").FindStringSubmatch(text)
	if first == nil {
		t.Fatal("the README does not say what the first command prints")
	}
	if diff := cmp.Diff(first[1]+"\n", run(commands[0])); diff != "" {
		t.Errorf("%s (-README +got)\n%s", commands[0], diff)
	}
	if diff := cmp.Diff(outputs[0], run(commands[1])); diff != "" {
		t.Errorf("%s (-README +got)\n%s", commands[1], diff)
	}
	if got := run(commands[2]); !strings.HasPrefix(got, `Result: { sentiment: "positive"`) {
		t.Errorf("%s gives %s", commands[2], got)
	}
}

// TestREADMECommands: the README names every command, and no other.
func TestREADMECommands(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`prism ([a-z]+)").FindAllStringSubmatch(string(data), -1) {
		named[m[1]] = true
	}
	for _, c := range toolchain.Prism().Commands() {
		if c.Name() != "help" && c.Name() != "version" && !named[c.Name()] {
			t.Errorf("the README does not name prism %s", c.Name())
		}
		delete(named, c.Name())
	}
	for name := range named {
		t.Errorf("the README names prism %s, which does not exist", name)
	}
}
