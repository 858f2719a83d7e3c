package main

import (
	"flag"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/parallaxai/parallax/cmd/internal/toolchain"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"prism": main})
}

// TestScripts runs the command as people do: its files, streams and exit codes.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": code,
		},
	})
}

// code runs "prism ARGS" in the script's folder and demands its exit code:
// code N ARGS, with the outputs in the files out and err.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N ARGS...")
	}
	out, err := os.Create(ts.MkAbs("out"))
	ts.Check(err)
	defer out.Close()
	errOut, err := os.Create(ts.MkAbs("err"))
	ts.Check(err)
	defer errOut.Close()
	cmd := execIn(ts, args[1:])
	cmd.Stdout, cmd.Stderr = out, errOut
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		ts.Fatalf("run prism: %v", err)
	}
	if got, want := cmd.ProcessState.ExitCode(), args[0]; itoa(got) != want {
		text, err := os.ReadFile(ts.MkAbs("err"))
		ts.Check(err)
		ts.Fatalf("prism %v: exit code %d, want %s\n%s", args[1:], got, want, text)
	}
}

// TestHelp demands an example of every command.
func TestHelp(t *testing.T) {
	for _, c := range toolchain.Prism().Commands() {
		if c.Example == "" && c.Name() != "completion" && c.Name() != "help" {
			t.Errorf("prism %s --help shows no example", c.Name())
		}
	}
}
