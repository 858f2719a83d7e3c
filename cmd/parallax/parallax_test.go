package main

import (
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/parallaxai/parallax/cmd/internal/scripttest"
	"github.com/parallaxai/parallax/cmd/internal/toolchain"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata/script")

// asCommand has the test binary act as the command.
const asCommand = "PARALLAX_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	testscript.Main(m, map[string]func(){"parallax": main})
}

func TestScripts(t *testing.T) { scripttest.Run(t, "parallax", "testdata/script", *update) }

// TestHelp demands examples that name this command.
func TestHelp(t *testing.T) {
	for _, c := range toolchain.Parallax().Commands() {
		if c.Name() == "completion" || c.Name() == "help" {
			continue
		}
		if c.Example == "" {
			t.Errorf("parallax %s --help shows no example", c.Name())
		}
		if strings.Contains(c.Example, "prism run") || strings.Contains(c.Long, `"prism `) {
			t.Errorf("parallax %s --help speaks of another command", c.Name())
		}
	}
}

// TestTerminal runs a pattern on a terminal: agents appear with their state, and
// the result is the last line.
func TestTerminal(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	agents := write("agents.yaml", "- {name: anna, capabilities: [s], result: yes!, confidence: 0.9, delayMs: 250}\n"+
		"- {name: bert, capabilities: [s], error: the line is busy}\n")
	program := write("panel.prism", "/**\n * @agents [\"s\"]\n */\nlet r = agentResults[0]\nprint(\"asked\")\n{ label: r.result } ~> r.confidence\n")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "run", program, "--agents", agents, "--real-time")
	cmd.Env = append(os.Environ(), asCommand+"=1", "TERM=xterm", "NO_COLOR=1")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	raw, err := io.ReadAll(terminal)
	if err != nil && !errors.Is(err, syscall.EIO) { // the other end has closed
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	text := string(raw)
	if !regexp.MustCompile(`[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] anna`).MatchString(text) {
		t.Errorf("no spinner for an agent at work:\n%q", text)
	}
	if !strings.Contains(text, "✗ bert") {
		t.Errorf("no mark for an agent that failed:\n%q", text)
	}
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(text, "\r", "")), "\n")
	tail := lines[len(lines)-4:]
	for i, l := range tail {
		l = regexp.MustCompile("\x1b\\[[0-9]*[A-Z]").ReplaceAllString(l, "")
		tail[i] = regexp.MustCompile(`[0-9.]+ (ms|s)`).ReplaceAllString(l, "T")
	}
	want := []string{
		"panel: 1 of 2 answered, 1 failed, T",
		"  ✓ anna  T  0.90",
		"  ✗ bert    T  the line is busy",
		`Result: { label: "yes!", confidence: 0.9 }`,
	}
	for i := range tail {
		tail[i] = regexp.MustCompile(` +T`).ReplaceAllString(tail[i], " T")
		want[i] = regexp.MustCompile(` +T`).ReplaceAllString(want[i], " T")
	}
	if diff := cmp.Diff(want, tail); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
