package toolchain

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestBug: a panic is told to be a mistake of the tool's, with an exit code of
// its own.
func TestBug(t *testing.T) {
	root := &cobra.Command{Use: "prism", Run: func(*cobra.Command, []string) { panic("lost the thread") }}
	var out, errOut bytes.Buffer
	if code := Main(root, nil, strings.NewReader(""), &out, &errOut); code != ExitInternal {
		t.Errorf("exit code %d", code)
	}
	if got := errOut.String(); !strings.HasPrefix(got, "prism: this is a bug in prism: lost the thread\n") || !strings.Contains(got, "toolchain_test.go") {
		t.Error(got)
	}
}
