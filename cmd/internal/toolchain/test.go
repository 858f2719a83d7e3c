package toolchain

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/spec"
)

// testFlags are the flags of test.
type testFlags struct {
	run, junit, profile, html string
	json, cover, record       bool
	verbose, watch            bool
	timeout                   time.Duration
	parallel                  int
	agents                    agentFlags
}

// Test returns "test".
func Test() *cobra.Command {
	var f testFlags
	cmd := &cobra.Command{
		Use:   "test [PATHS]",
		Short: "Run the tests of patterns",
		Long: `Test runs the cases of name.test.yaml files and the test "..." { } blocks of
name_test.prism files. A directory (also as dir/...) means all tests below it, a
pattern those beside it; without paths it is the current directory.

Each test runs in an execution of its own on a clock that does not wait, with
stand-ins for agents, models and people. With --record real agents and models are
asked once and their answers kept in name.recorded.json; later runs take them from
there, without any network.

Exit codes: 0 everything passed, 1 a test failed or could not be run, 2 wrong
usage, 4 no such file.`,
		Example: `  prism test
  prism test ./examples/... -v
  prism test review.prism --run 'mixed voices'
  prism test --cover --coverhtml coverage.html
  prism test --json | jq .failed`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.watch {
				return watchTests(cmd, args, f)
			}
			return runTests(cmd, args, f)
		},
	}
	fl := cmd.Flags()
	fl.StringVarP(&f.run, "run", "r", "", "run only tests whose \"file: name\" matches this regular expression")
	fl.BoolVar(&f.json, "json", false, "print one JSON object instead of text")
	fl.StringVar(&f.junit, "junit", "", "write a JUnit XML report to this file")
	fl.BoolVar(&f.cover, "cover", false, "tell which lines and branches the tests ran")
	fl.StringVar(&f.profile, "coverprofile", "", "write the coverage to this file in the LCOV format; implies --cover")
	fl.StringVar(&f.html, "coverhtml", "", "write the coverage to this file as HTML; implies --cover")
	fl.BoolVar(&f.record, "record", false, "ask real agents and models, and record what they answer")
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "list all tests, and what they print")
	fl.BoolVarP(&f.watch, "watch", "w", false, "run again whenever a source changes, until interrupted")
	fl.DurationVar(&f.timeout, "timeout", spec.DefaultTimeout, "how long one test may take, in real time")
	fl.IntVar(&f.parallel, "parallel", 0, "how many tests run at a time (default: one for each processor)")
	f.agents.register(cmd)
	return cmd
}

func runTests(cmd *cobra.Command, args []string, f testFlags) error {
	files, opts, err := f.prepare(cmd, args)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	printer := &testPrinter{w: out, color: colours(out), verbose: f.verbose}
	report, err := spec.Run(cmd.Context(), files, library.Std(), opts)
	if report == nil || err != nil && cmd.Context().Err() == nil {
		return exit(ExitInternal, "%v", err)
	}
	if f.json {
		if err := encode(out, report); err != nil {
			return err
		}
	} else if err := printer.report(report); err != nil {
		return exit(ExitInternal, "%v", err)
	}
	if err := f.write(report); err != nil {
		return exit(ExitInternal, "%v", err)
	}
	if !report.OK() || cmd.Context().Err() != nil {
		return exit(ExitInternal, "")
	}
	return nil
}

// watchTests runs the tests, and again after every change of a source, until the
// command is interrupted.
func watchTests(cmd *cobra.Command, args []string, f testFlags) error {
	w, err := newWatcher()
	if err != nil {
		return exit(ExitInternal, "watch the sources: %v", err)
	}
	defer w.Close()
	for {
		folders, err := foldersOf(args, nil)
		if err != nil {
			return err
		}
		if err := w.Follow(folders); err != nil {
			return exit(ExitInternal, "watch the sources: %v", err)
		}
		var e *exitError
		switch err := runTests(cmd, args, f); {
		case errors.As(err, &e) && (e.code == ExitInternal || e.code == ExitNotFound):
			if e.message != "" {
				fmt.Fprintln(cmd.ErrOrStderr(), e.message)
			}
		case err != nil:
			return err
		}
		fmt.Fprintln(cmd.ErrOrStderr(), "watching for changes; stop with Ctrl-C")
		switch err := w.Changed(cmd.Context()); {
		case cmd.Context().Err() != nil:
			return nil
		case err != nil:
			return exit(ExitInternal, "watch the sources: %v", err)
		}
	}
}

// prepare finds the tests and says how to run them.
func (f *testFlags) prepare(cmd *cobra.Command, args []string) ([]string, spec.Options, error) {
	opts := spec.Options{Compile: compileTest, Agents: f.open(cmd), Parallel: f.parallel, Timeout: f.timeout,
		Cover: f.cover || f.profile != "" || f.html != "", Record: f.record}
	if f.run != "" {
		re, err := regexp.Compile(f.run)
		if err != nil {
			return nil, opts, exit(ExitUsage, "--run is no regular expression: %v", err)
		}
		opts.Filter = re
	}
	if f.parallel < 0 || f.timeout <= 0 {
		return nil, opts, exit(ExitUsage, "--parallel is not negative and --timeout is positive")
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	files, err := spec.Find(args)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		var e *fs.PathError
		errors.As(err, &e)
		return nil, opts, exit(ExitNotFound, "there is no file %s", e.Path)
	case err != nil:
		return nil, opts, exit(ExitUsage, "%v", err)
	case len(files) == 0:
		return nil, opts, exit(ExitNotFound, "there are no tests below %s: none of name.test.yaml, name_test.prism", strings.Join(args, ", "))
	}
	return files, opts, nil
}

// open opens the agents of tests.
func (f *testFlags) open(cmd *cobra.Command) func(path, testFile string) (*agent.Registry, diag.List, error) {
	return func(path, testFile string) (*agent.Registry, diag.List, error) {
		flags := f.agents
		if path != "" {
			flags = agentFlags{file: path}
		}
		return flags.registry(cmd, testFile)
	}
}

// compileTest compiles a file for the runner of tests.
func compileTest(path, pattern string, plain bool) (*spec.Program, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file := source.NewFile(filepath.ToSlash(path), string(text))
	res, list := build.Compile(file, build.Options{Loader: module.Dir("."), Pattern: pattern, NoOptimise: plain})
	p := &spec.Program{Code: res.Program, List: list}
	ast.Walk(res.Graph.Entry().File, func(n ast.Node) bool {
		if t, ok := n.(*ast.TestDecl); ok {
			p.Tests = append(p.Tests, spec.Block{Name: t.Name.Value, File: file, Span: t.Name.Span})
		}
		return true
	})
	return p, nil
}

// write writes the reports that flags ask for.
func (f *testFlags) write(r *spec.Report) error {
	for _, out := range []struct {
		name  string
		write func(io.Writer) error
	}{{f.junit, r.JUnit}, {f.profile, r.Cover.LCOV}, {f.html, r.Cover.HTML}} {
		if out.name == "" {
			continue
		}
		file, err := os.Create(out.name)
		if err != nil {
			return err
		}
		b := bufio.NewWriter(file)
		if err := errors.Join(out.write(b), b.Flush(), file.Close()); err != nil {
			return fmt.Errorf("write %s: %w", out.name, err)
		}
	}
	return nil
}

// testPrinter prints a report for people.
type testPrinter struct {
	w       io.Writer
	color   bool
	verbose bool
}

func (p *testPrinter) paint(colour, text string) string {
	if !p.color {
		return text
	}
	return colour + text + "\x1b[0m"
}

func (p *testPrinter) report(r *spec.Report) error {
	w := bufio.NewWriter(p.w)
	for _, f := range r.Files {
		if len(f.List) > 0 {
			if err := diag.Text(w, f.List, diag.TextOptions{Color: p.color}); err != nil {
				return err
			}
		}
		p.file(w, f)
	}
	if r.Cover != nil {
		p.coverage(w, r.Cover)
	}
	passed, failed, broken := r.Counts()
	parts := []string{fmt.Sprintf("%d passed", passed)}
	if failed > 0 {
		parts = append(parts, p.paint("\x1b[31m", fmt.Sprintf("%d failed", failed)))
	}
	if broken > 0 {
		parts = append(parts, p.paint("\x1b[31m", count(broken, "file")+" could not be run"))
	}
	fmt.Fprintf(w, "%s (%s)\n", strings.Join(parts, ", "), count(len(r.Files), "file"))
	return w.Flush()
}

func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func (p *testPrinter) file(w io.Writer, f *spec.FileReport) {
	failed := 0
	for _, t := range f.Results {
		if t.Status != spec.Passed {
			failed++
		}
	}
	switch {
	case f.List.HasErrors():
		fmt.Fprintf(w, "%s  %s\n", p.paint("\x1b[31m", "FAIL"), f.Path)
		return
	case failed > 0:
		fmt.Fprintf(w, "%s  %s (%d of %d failed)\n", p.paint("\x1b[31m", "FAIL"), f.Path, failed, len(f.Results))
	case len(f.Results) > 0:
		fmt.Fprintf(w, "%s  %s (%s)\n", p.paint("\x1b[32m", "ok  "), f.Path, count(len(f.Results), "test"))
	}
	for _, t := range f.Results {
		p.test(w, t)
	}
}

func (p *testPrinter) test(w io.Writer, t *spec.Result) {
	if t.Status == spec.Passed && p.verbose {
		virtual := ""
		if t.Virtual > 0 {
			virtual = fmt.Sprintf(" (%s)", t.Virtual)
		}
		fmt.Fprintf(w, "  %s %s%s\n", p.paint("\x1b[32m", "✓"), t.Name, virtual)
	}
	if t.Status != spec.Passed {
		fmt.Fprintf(w, "  %s %s\n", p.paint("\x1b[31m", "✗"), t.Name)
		for _, f := range t.Failures {
			p.failure(w, f)
		}
	}
	if p.verbose || t.Status != spec.Passed {
		for _, line := range t.Printed {
			fmt.Fprintf(w, "    | %s\n", line)
		}
	}
	for _, n := range t.Notes {
		if t.Status == spec.Passed && !p.verbose {
			fmt.Fprintf(w, "  %s: ", t.Name)
		} else {
			fmt.Fprint(w, "    ")
		}
		fmt.Fprintf(w, "note: %s\n", n)
	}
}

// failure prints where, what, and the difference.
func (p *testPrinter) failure(w io.Writer, f spec.Failure) {
	fmt.Fprintf(w, "    %s:%d:%d: %s\n", f.Path, f.Line, f.Column, f.Message)
	if text := strings.TrimRight(f.Source, " \t\r"); text != "" && f.Column > 0 {
		trimmed := strings.TrimLeft(text, " \t")
		cut := len([]rune(text)) - len([]rune(trimmed))
		fmt.Fprintf(w, "      %s\n      %s^\n", trimmed, strings.Repeat(" ", max(f.Column-1-cut, 0)))
	}
	if f.Want != "" || f.Got != "" {
		fmt.Fprintf(w, "      %s %s\n", p.paint("\x1b[32m", "want"), f.Want)
		fmt.Fprintf(w, "      %s %s\n", p.paint("\x1b[31m", "got "), f.Got)
	}
}

func (p *testPrinter) coverage(w io.Writer, c *spec.Coverage) {
	width := len("total")
	for _, f := range c.Files {
		width = max(width, len(f.Path))
	}
	row := func(name string, lines, linesRun, ways, waysRun int, missed string) {
		text := fmt.Sprintf("  %-*s  lines %5.1f %% (%d/%d)  branches %5.1f %% (%d/%d)", width, name,
			spec.Percent(linesRun, lines), linesRun, lines, spec.Percent(waysRun, ways), waysRun, ways)
		fmt.Fprintln(w, strings.TrimRight(text+missed, " "))
	}
	fmt.Fprintln(w, "coverage:")
	for _, f := range c.Files {
		lines, linesRun, ways, waysRun := f.Totals()
		missed := ""
		if text := f.MissedLines(); text != "" {
			missed = "  not run: " + text
		}
		row(f.Path, lines, linesRun, ways, waysRun, missed)
	}
	lines, linesRun, ways, waysRun := c.Totals()
	row("total", lines, linesRun, ways, waysRun, "")
}
