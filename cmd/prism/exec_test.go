package main

import (
	"os/exec"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// execIn prepares the prism command that testscript put on the script's PATH.
func execIn(ts *testscript.TestScript, args []string) *exec.Cmd {
	path, err := exec.LookPath("prism")
	ts.Check(err)
	cmd := exec.Command(path, args...)
	cmd.Dir = ts.MkAbs(".")
	return cmd
}

func itoa(n int) string { return strconv.Itoa(n) }
