package toolchain

import (
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// full is an output with no space left.
type full struct{}

func (full) Write([]byte) (int, error) {
	return 0, &fs.PathError{Op: "write", Path: "out", Err: syscall.ENOSPC}
}

// TestOutputFull: what can't be printed is an error, not wrong usage.
func TestOutputFull(t *testing.T) {
	for _, args := range [][]string{
		{"run", "-"},
		{"run", "-", "--output", "json"},
		{"run", "-", "--explain"},
		{"fmt", "-"},
		{"fmt", "-d", "-"},
		{"build", "-", "--emit", "ir"},
		{"graph", "-"},
		{"check", "-", "--format", "json"},
		{"doc"},
		{"doc", "vote"},
		{"explain", "R0010"},
		{"version"},
	} {
		var errOut strings.Builder
		if code := Main(Prism(), args, strings.NewReader("1+1 ~> 0.5"), full{}, &errOut); code != ExitInternal {
			t.Errorf("prism %s: code %d, want %d: %s", strings.Join(args, " "), code, ExitInternal, &errOut)
		}
		if !strings.Contains(errOut.String(), "write out: ") {
			t.Errorf("prism %s does not say what is wrong: %s", strings.Join(args, " "), &errOut)
		}
	}
}
