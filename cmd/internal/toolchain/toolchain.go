// Package toolchain holds the commands that prism and parallax share: their
// constructors parse flags, call a package and print. Results go to standard
// output; everything else goes to standard error.
package toolchain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/parallaxai/parallax/prism/diag"
)

// Version of both commands.
const Version = "0.1.0"

// Exit codes.
const (
	ExitOK          = 0
	ExitInternal    = 1
	ExitUsage       = 2
	ExitNotFound    = 4
	ExitConflict    = 7
	ExitInvalid     = 9
	ExitFailed      = 10
	ExitInterrupted = 130
)

// exitError ends a command with a code. Its message, when not empty, is printed
// after the program's name.
type exitError struct {
	code    int
	message string
}

func (e *exitError) Error() string { return e.message }

func exit(code int, format string, args ...any) error {
	return &exitError{code, fmt.Sprintf(format, args...)}
}

// Prism returns the whole prism command.
func Prism() *cobra.Command {
	root := &cobra.Command{
		Use:   "prism",
		Short: "The toolchain of Prism, the language for patterns over AI agents",
		Long: `prism runs, checks, formats and builds programs in Prism, a small language in
which every value can carry a confidence.`,
		Example: `  prism run hello.prism --input '{"name": "Ada"}'
  prism check .
  prism fmt -w .`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
	}
	root.AddCommand(Run(), Build(), Check(), Format(), REPL(), Doc(), Explain(), New(), VersionCommand())
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return exit(ExitUsage, "%v", err) })
	return root
}

// Main runs a command tree and returns the exit code of the process.
func Main(root *cobra.Command, args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return ExitOK
	}
	if ctx.Err() != nil {
		return ExitInterrupted
	}
	code := ExitUsage // cobra's own errors: unknown commands, missing arguments
	var e *exitError
	if errors.As(err, &e) {
		code = e.code
	}
	if err.Error() != "" {
		fmt.Fprintf(errOut, "%s: %v\n", root.Name(), err)
	}
	return code
}

// report prints diagnostics for people on standard error.
func report(cmd *cobra.Command, list diag.List) error {
	if err := diag.Text(cmd.ErrOrStderr(), list, diag.TextOptions{Color: colours(cmd.ErrOrStderr())}); err != nil {
		return fmt.Errorf("print diagnostics: %w", err)
	}
	return nil
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colours reports whether diagnostics on a stream are coloured: on a terminal,
// unless NO_COLOR is set.
func colours(stream any) bool { return isTerminal(stream) && os.Getenv("NO_COLOR") == "" }
