// Package scripttest runs the test scripts of the commands: txtar files that use
// a command as people do, with its files, streams and exit codes.
package scripttest

import (
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// Run runs the scripts of a folder for a command that testscript.Main has put on
// the scripts' PATH. With update it rewrites the outputs that they expect.
//
// Beside the commands of testscript there is "code N ARGS": it runs the command
// in the script's folder and demands an exit code, with the outputs in the files
// out and err.
func Run(t *testing.T, command, dir string, update bool) {
	testscript.Run(t, testscript.Params{
		Dir:           dir,
		UpdateScripts: update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": func(ts *testscript.TestScript, neg bool, args []string) { code(ts, command, neg, args) },
		},
	})
}

func code(ts *testscript.TestScript, command string, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N ARGS...")
	}
	out, err := os.Create(ts.MkAbs("out"))
	ts.Check(err)
	defer out.Close()
	errOut, err := os.Create(ts.MkAbs("err"))
	ts.Check(err)
	defer errOut.Close()
	path, err := exec.LookPath(command)
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Stdout, cmd.Stderr = out, errOut
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		ts.Fatalf("run %s: %v", command, err)
	}
	if got, want := cmd.ProcessState.ExitCode(), args[0]; strconv.Itoa(got) != want {
		text, err := os.ReadFile(ts.MkAbs("err"))
		ts.Check(err)
		ts.Fatalf("%s %v: exit code %d, want %s\n%s", command, args[1:], got, want, text)
	}
}
