package toolchain

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// TestTestWatch: tests run again when the pattern or the file of tests changes,
// also after mistakes, and the watch ends without an error.
func TestTestWatch(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := writeFile(filepath.Join(dir, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	write("p.prism", "1\n")
	write("p.test.yaml", "cases: [{name: one, expect: {result: 1}}]\n")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	printed := &lines{c: make(chan string)}
	cmd := Test()
	cmd.SetArgs([]string{dir, "--watch"})
	cmd.SetOut(printed)
	cmd.SetErr(printed)
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	done := make(chan error, 1)
	go func() {
		done <- cmd.ExecuteContext(ctx)
		close(printed.c)
	}()
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
	until("1 passed")
	write("p.prism", "2\n")
	until("1 failed")
	write("p.test.yaml", "cases: [\n")
	until("1 file could not be run")
	write("p.test.yaml", "cases: [{name: one, expect: {result: 2}}, {name: two, expect: {confidence: null}}]\n")
	until("2 passed")
	cancel()
	for range printed.c {
	}
	if err := <-done; err != nil {
		t.Errorf("an interrupted watch fails: %v", err)
	}
}
