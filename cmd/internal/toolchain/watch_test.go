package toolchain

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lines passes on what a command prints, line by line.
type lines struct {
	c    chan string
	rest []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, ok := bytes.Cut(l.rest, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		l.c <- string(line)
		l.rest = rest
	}
}

// TestBuildWatch: a watched build builds again after each change of a program or
// of what it imports, goes on after errors, sees new files, and ends without an
// error when it is interrupted.
func TestBuildWatch(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write := func(folder, name, text string) {
		t.Helper()
		if err := writeFile(filepath.Join(folder, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	write(outside, "lib.prism", "export let n = 1\n")
	rel, err := filepath.Rel(dir, filepath.Join(outside, "lib.prism"))
	if err != nil {
		t.Fatal(err)
	}
	write(dir, "a.prism", "import { n } from \""+filepath.ToSlash(rel)+"\"\nn\n")

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	printed := &lines{c: make(chan string)}
	cmd := Build()
	cmd.SetArgs([]string{dir, "--watch"})
	cmd.SetErr(printed)
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	done := make(chan error, 1)
	go func() {
		done <- cmd.ExecuteContext(ctx)
		close(printed.c)
	}()

	// until waits for a line that contains the text, and for the pause after it.
	until := func(want string) {
		t.Helper()
		found := false
		for line := range printed.c {
			found = found || strings.Contains(line, want)
			if found && strings.HasPrefix(line, "watching for changes") {
				return
			}
		}
		t.Fatalf("the command has ended without %q", want)
	}
	artefact := func() []byte {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, "a.prismc"))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}

	until("a.prismc")
	first := artefact()
	write(dir, "a.prism", "let = 1\n")
	until("error P0108")
	write(dir, "a.prism", "import { n } from \""+filepath.ToSlash(rel)+"\"\nn + 1\n")
	until("a.prismc")
	second := artefact()
	write(outside, "lib.prism", "export let n = 2\n")
	until("a.prismc")
	third := artefact()
	if bytes.Equal(first, second) || bytes.Equal(second, third) {
		t.Error("a change of the sources does not show in the artefact")
	}
	write(dir, "b.prism", "2\n")
	until("b.prismc")

	cancel()
	for range printed.c {
	}
	if err := <-done; err != nil {
		t.Errorf("an interrupted watch fails: %v", err)
	}
}
