// Package toolchain holds the commands that prism and parallax share: their
// constructors parse flags, call a package and print. Results go to standard
// output; everything else goes to standard error.
package toolchain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.AddCommand(Run(), Build(), Check(), Test(), Graph(), Format(), REPL(), Doc(), Explain(), New(), VersionCommand(), Completion())
	root.SetFlagErrorFunc(flagError)
	return root
}

// spelled writes "-run re", as people know it from other tools that run tests, the
// way flags are written here; it would be taken for -r with the value "un".
func spelled(args []string) []string {
	out := slices.Clone(args)
	for i, a := range out {
		if a == "--" {
			break
		}
		if a == "-run" || strings.HasPrefix(a, "-run=") {
			out[i] = "-" + a
		}
	}
	return out
}

// Main runs a command tree and returns the exit code of the process. A panic is a
// mistake of ours, which it reports as such.
func Main(root *cobra.Command, args []string, in io.Reader, out, errOut io.Writer) (code int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(errOut, "%s: this is a bug in %[1]s: %v\nPlease report it with what follows and the program, if you can share it.\n\n%s", root.Name(), p, debug.Stack())
			code = ExitInternal
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	root.SetArgs(spelled(args))
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
	code = ExitUsage // cobra's own errors: unknown commands, missing arguments
	var e *exitError
	var file *fs.PathError
	switch {
	case errors.As(err, &e):
		code = e.code
	case errors.As(err, &file): // the output can't be written
		code = ExitInternal
	}
	message := err.Error()
	if head, names, ok := strings.Cut(message, "\n\nDid you mean this?\n"); ok {
		message = head + "; did you mean " + strings.Join(strings.Fields(names), " or ") + "?"
	}
	if message != "" {
		fmt.Fprintf(errOut, "%s: %s\n", root.Name(), message)
	}
	return code
}

// endings are the signals that end a command in order, so that no program of an
// agent is left behind. A hangup that is ignored, as by nohup, stays ignored.
func endings() []os.Signal {
	s := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		s = append(s, syscall.SIGHUP)
	}
	return s
}

// flagError says what is wrong with a flag in the words of the command line.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown):
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		hint := ""
		if near := diag.Suggest(unknown.GetSpecifiedName(), names); near != "" {
			hint = "; did you mean --" + near + "?"
		}
		dashes := "--"
		if unknown.GetSpecifiedShortnames() != "" {
			dashes = "-"
		}
		return exit(ExitUsage, "%s has no flag %s%s%s", cmd.CommandPath(), dashes, unknown.GetSpecifiedName(), hint)
	case errors.As(err, &invalid):
		needs := map[string]string{
			"duration": "a time such as 30s or 2m", "int": "a whole number", "float64": "a number", "bool": "true or false",
		}[invalid.GetFlag().Value.Type()]
		if needs == "" {
			needs = invalid.GetFlag().Value.Type()
		}
		return exit(ExitUsage, "--%s needs %s, not %q", invalid.GetFlag().Name, needs, invalid.GetValue())
	case errors.As(err, &missing):
		return exit(ExitUsage, "--%s needs a value", missing.GetFlag().Name)
	}
	return exit(ExitUsage, "%v", err)
}

// noArgs refuses arguments.
func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return exit(ExitUsage, "unexpected argument %q", args[0])
	}
	return nil
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
