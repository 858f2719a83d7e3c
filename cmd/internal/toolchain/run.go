package toolchain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
)

// runFlags are the flags of run.
type runFlags struct {
	input, output   string
	agents          agentFlags
	explain, trace  bool
	timeout         time.Duration
	params          []string
	journal, replay string
	pattern         string
	realTime        bool
}

// Run returns "run".
func Run() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Run a program and print its result",
		Long: `Run compiles a program (or loads a .prismc artefact, or reads a program from
standard input when FILE is "-") and runs it. The last line of the output is the
result; with --output json standard output is one JSON object.

What the program prints goes to standard output before the result, with --output
json to standard error. Exit codes: 0 success, 2 wrong usage or input that is not
JSON, 4 no such file, 9 the program has errors, 10 it failed.`,
		Example: `  prism run hello.prism --input '{"name": "Ada"}'
  prism run review.prism --input @request.json --agents agents.yaml
  echo '6 * 7' | prism run -
  prism run verdict.prism --explain
  prism run verdict.prism --output json | jq .confidence`,
		Args: exactArgs(1, "a file to run"),
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd, args[0], f) },
	}
	fl := cmd.Flags()
	fl.StringVarP(&f.input, "input", "i", "", "the input: JSON, @file, or - for standard input")
	f.agents.register(cmd)
	fl.StringVarP(&f.output, "output", "o", "text", "text or json")
	fl.BoolVar(&f.explain, "explain", false, "tell where the confidence of the result comes from")
	fl.BoolVar(&f.trace, "trace", false, "tell on standard error what the program asks for as it happens")
	fl.DurationVar(&f.timeout, "timeout", 0, "end the program after this time, such as 30s (default: its header's, or 5m)")
	fl.StringArrayVar(&f.params, "param", nil, "set one field of the input: name=value, the value JSON or text")
	fl.StringVar(&f.journal, "journal", "", "write the outcomes of effects to this file")
	fl.StringVar(&f.replay, "replay", "", "take the outcomes of effects from this file")
	fl.BoolVar(&f.realTime, "real-time", false, "wait also where all agents are mocks; without it their delays take no time")
	fl.StringVar(&f.pattern, "pattern", "", "the pattern to run, of a file with several")
	return cmd
}

func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < n {
			return exit(ExitUsage, "give %s", what)
		}
		if len(args) > n {
			return exit(ExitUsage, "unexpected argument %q", args[n])
		}
		return nil
	}
}

func run(cmd *cobra.Command, name string, f runFlags) error {
	if f.output != "text" && f.output != "json" {
		return exit(ExitUsage, "--output is text or json, not %q", f.output)
	}
	if f.timeout < 0 {
		return exit(ExitUsage, "--timeout needs a time above 0, not %s", f.timeout)
	}
	input, err := readInput(cmd, name, f)
	if err != nil {
		return err
	}
	code, warnings, err := load(cmd, name, f)
	if err != nil || code == nil {
		return err
	}
	p, err := engine.Load(code, library.Std())
	if err != nil {
		return exit(ExitInvalid, "%v", err)
	}
	registry, list, err := f.agents.registry(cmd, name)
	if err != nil {
		return err
	}
	if list.HasErrors() {
		if f.output == "json" {
			return failJSON(cmd, list)
		}
		if err := report(cmd, list); err != nil {
			return err
		}
		return exit(ExitInvalid, "%s", diag.Summary(list))
	}
	show := watch(cmd, f)
	opts, finish, err := f.options(cmd, show)
	if err != nil {
		show.close()
		return errors.Join(err, registry.Close())
	}
	opts = append(opts, engine.WithHandlers(registry.Handlers()))
	if registry.Scripted() && !f.realTime {
		opts = append(opts, engine.WithVirtualTime(time.Now()))
	}
	none := len(registry.Agents()) == 0
	res, err := p.Run(cmd.Context(), input, opts...)
	show.close()
	if err := errors.Join(err, finish(), registry.Close()); err != nil {
		return exit(ExitInternal, "%v", err)
	}
	if e := res.Error; e != nil && none && e.Hint == "" && (e.Code == engine.CodeNotEnoughAgents || e.Code == engine.CodeUnknownAgent) {
		e.Hint = "no agents are configured: give --agents FILE, or write an " + agentsFile + " beside the program"
	}
	for _, w := range warnings {
		pos := w.Position()
		res.Warnings = append(res.Warnings, engine.Warning{Code: w.Code.Public(), Message: w.Message, Line: pos.Line, Column: pos.Column})
	}
	if f.output == "json" {
		return printJSON(cmd, res)
	}
	return printText(cmd, res, f)
}

// readInput reads --input and --param. Without them the input is an empty
// object: scripts read optional fields of it.
func readInput(cmd *cobra.Command, name string, f runFlags) (value.Value, error) {
	text, where := []byte(f.input), "--input"
	var err error
	switch {
	case f.input == "-" && name == "-":
		return value.NullValue, exit(ExitUsage, "the program and the input can't both come from standard input")
	case f.input == "-":
		where = "standard input"
		text, err = io.ReadAll(cmd.InOrStdin())
	case strings.HasPrefix(f.input, "@"):
		where = f.input[1:]
		if text, err = readFile(where); err != nil {
			return value.NullValue, err
		}
	}
	if err != nil {
		return value.NullValue, exit(ExitInternal, "read the input: %v", err)
	}
	input := value.ObjectOf(nil, nil).Value()
	if cmd.Flags().Changed("input") && len(bytes.TrimSpace(text)) == 0 {
		return input, exit(ExitUsage, "the input is empty: %s must be JSON, such as '{\"name\": \"Ada\"}'", where)
	}
	if cmd.Flags().Changed("input") {
		v, err := value.FromJSON(text)
		if err != nil {
			return v, inputError(where, string(text), err)
		}
		input = v
	}
	for _, p := range f.params {
		key, val, ok := strings.Cut(p, "=")
		if !ok || key == "" {
			return input, exit(ExitUsage, "--param needs name=value, not %q", p)
		}
		if input.IsNull() {
			input = value.ObjectOf(nil, nil).Value()
		}
		if input.Kind() != value.ObjectKind {
			return input, exit(ExitUsage, "--param needs an input that is an object")
		}
		v, err := value.FromJSON([]byte(val))
		if err != nil {
			v = value.Str(val)
		}
		input = input.AsObject().Set(nil, key, v).Value()
	}
	return input, nil
}

// inputError shows where an input is not JSON.
func inputError(where, text string, err error) error {
	var e *value.JSONError
	if !errors.As(err, &e) {
		return exit(ExitUsage, "the input is not JSON: %v", err)
	}
	line := []rune(source.NewFile(where, text).LineText(e.Line))
	from, to := max(0, e.Column-1-excerpt), min(len(line), e.Column-1+excerpt)
	pad := strings.Map(func(c rune) rune {
		if c == '\t' {
			return c
		}
		return ' '
	}, string(line[from:min(to, e.Column-1)]))
	return exit(ExitUsage, "the input is not JSON: %s:%d:%d: %s\n  %s\n  %s^", where, e.Line, e.Column, e.Message,
		string(line[from:to]), pad)
}

// excerpt is how much of a line shows on either side of a mistake in the input.
const excerpt = 60

// load gives the bytecode of a file; nil when the file has errors that have been
// printed as the result.
func load(cmd *cobra.Command, name string, f runFlags) (*bytecode.Program, diag.List, error) {
	if strings.HasSuffix(name, ".prismc") {
		data, err := readFile(name)
		if err != nil {
			return nil, nil, err
		}
		p, err := bytecode.Decode(data)
		if err == nil {
			return p, nil, nil
		}
		d := &diag.Diagnostic{Code: "M0120", Severity: diag.Error, File: source.NewFile(name, ""), Message: fmt.Sprintf("%s can't be run: %v", name, err)}
		d.WithHint("build it again from its source with `prism build`")
		if f.output == "json" {
			return nil, nil, failJSON(cmd, diag.List{d})
		}
		return nil, nil, exit(ExitInvalid, "%s\n  hint: %s", d.Message, d.Hint)
	}
	file, err := read(cmd, name)
	if err != nil {
		return nil, nil, err
	}
	res, list := build.Compile(file, build.Options{Loader: module.Dir("."), Pattern: f.pattern})
	if !list.HasErrors() {
		if f.output == "text" {
			if err := report(cmd, list); err != nil {
				return nil, nil, err
			}
		}
		return res.Program, list, nil
	}
	if f.output == "json" {
		return nil, nil, failJSON(cmd, list)
	}
	if err := report(cmd, list); err != nil {
		return nil, nil, err
	}
	return nil, nil, exit(ExitInvalid, "%s", diag.Summary(list))
}

// failJSON prints the first error of a program that does not compile as the
// result of running it.
func failJSON(cmd *cobra.Command, list diag.List) error {
	var first *diag.Diagnostic
	for _, d := range list {
		if d.Severity == diag.Error {
			first = d
			break
		}
	}
	pos := first.Position()
	type failure struct {
		Code    string   `json:"code"`
		Message string   `json:"message"`
		File    string   `json:"file"`
		Line    int      `json:"line"`
		Column  int      `json:"column"`
		Hint    string   `json:"hint,omitempty"`
		Stack   []string `json:"stack"`
	}
	out := failure{first.Code.Public(), first.Message, "", pos.Line, pos.Column, first.Hint, []string{}}
	if first.File != nil {
		out.File = first.File.Name
	}
	result := struct {
		Status engine.Status `json:"status"`
		Error  failure       `json:"error"`
	}{engine.StatusFailed, out}
	if err := encode(cmd.OutOrStdout(), result); err != nil {
		return err
	}
	return exit(ExitInvalid, "")
}

func encode(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode the result: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

// options sets up the execution. finish closes what was opened for it.
func (f runFlags) options(cmd *cobra.Command, show *live) (opts []engine.Option, finish func() error, err error) {
	finish = func() error { return nil }
	opts = append(opts, engine.WithTimeout(f.timeout), engine.WithEnvironment(os.LookupEnv), engine.WithEvents(show.events(printer(cmd, f))))
	if f.explain {
		opts = append(opts, engine.WithExplain())
	}
	if f.trace {
		opts = append(opts, engine.WithTrace())
	}
	if in, ok := cmd.InOrStdin().(*os.File); ok && isTerminal(in) {
		opts = append(opts, engine.WithHandler(effect.Ask, show.asking(engine.NewTerminal(in, cmd.ErrOrStderr()))))
	}
	var entries []effect.Entry
	if f.replay != "" {
		if entries, err = readJournal(f.replay); err != nil {
			return nil, nil, err
		}
		opts = append(opts, engine.WithReplayedEvents())
	}
	switch {
	case f.journal != "":
		journal, file, err := createJournal(f.journal, entries)
		if err != nil {
			return nil, nil, err
		}
		return append(opts, engine.WithJournal(journal)), file.Close, nil
	case f.replay != "":
		opts = append(opts, engine.WithJournal(effect.NewMemory(entries...)))
	}
	return opts, finish, nil
}

// readJournal reads what --replay names.
func readJournal(name string) ([]effect.Entry, error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, exit(ExitNotFound, "there is no file %s", name)
	}
	if err != nil {
		return nil, exit(ExitInternal, "%v", err)
	}
	defer file.Close()
	entries, err := effect.Read(file)
	if err != nil {
		return nil, exit(ExitInvalid, "%s: %v", name, err)
	}
	return entries, nil
}

// createJournal begins the file of --journal with what is replayed. Each outcome
// is written before the program sees it, so that a run that was killed can go on.
func createJournal(name string, entries []effect.Entry) (effect.Journal, *os.File, error) {
	file, err := os.Create(name)
	if err != nil {
		return nil, nil, exit(ExitInternal, "%v", err)
	}
	journal := effect.NewWriter(file)
	for _, e := range entries {
		if err := journal.Append(e); err != nil {
			return nil, nil, exit(ExitInternal, "%v", errors.Join(err, file.Close()))
		}
	}
	return journal, file, nil
}

// printer prints what the program says while it runs, and with --trace what it
// asks for.
func printer(cmd *cobra.Command, f runFlags) func(engine.Event) {
	out := cmd.OutOrStdout()
	if f.output == "json" {
		out = cmd.ErrOrStderr()
	}
	return func(e engine.Event) {
		switch e.Type {
		case engine.Printed:
			fmt.Fprintln(out, e.Data["text"])
		case engine.Logged:
			fmt.Fprintf(cmd.ErrOrStderr(), "%s: %v\n", e.Data["level"], e.Data["text"])
		case engine.EffectStarted, engine.EffectEnded, engine.Emitted:
			if !f.trace {
				return
			}
			data, err := json.Marshal(e.Data)
			if err != nil {
				data = []byte(err.Error())
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "trace %d %s %s\n", e.Seq, e.Type, data)
		}
	}
}

// openQuestion is what an execution that needs review asks.
func openQuestion(res *engine.Result) string {
	var asked struct {
		Question string `json:"question"`
	}
	if err := json.Unmarshal(res.Escalation, &asked); err != nil {
		return string(res.Escalation)
	}
	return asked.Question
}

func printJSON(cmd *cobra.Command, res *engine.Result) error {
	if err := encode(cmd.OutOrStdout(), res); err != nil {
		return err
	}
	return statusError(res, "")
}

// statusError is the exit code of an execution that did not succeed.
func statusError(res *engine.Result, message string) error {
	switch res.Status {
	case engine.StatusSuccess:
		return nil
	case engine.StatusNeedsReview:
		return exit(ExitFailed, "")
	}
	return exit(ExitFailed, "%s", message)
}

func printText(cmd *cobra.Command, res *engine.Result, f runFlags) error {
	out, errOut := cmd.OutOrStdout(), cmd.ErrOrStderr()
	for _, w := range res.Warnings {
		if w.Line == 0 {
			fmt.Fprintf(errOut, "warning: %s\n", w.Message)
		}
	}
	if e := res.Error; e != nil {
		fmt.Fprintf(errOut, "error %s: %s\n", e.PublicCode(), e.Message)
		printStack(errOut, e.Stack)
		if e.Hint != "" {
			fmt.Fprintf(errOut, "  hint: %s\n", e.Hint)
		}
		return statusError(res, "")
	}
	if f.explain {
		if err := explainResult(out, res); err != nil {
			return err
		}
	}
	if res.Status == engine.StatusNeedsReview {
		fmt.Fprintf(errOut, "the program waits for an answer; run it on a terminal: %s\n", openQuestion(res))
		return statusError(res, "")
	}
	if _, err := fmt.Fprintln(out, resultLine(res)); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}
