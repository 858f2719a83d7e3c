package toolchain

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/reeflective/readline"
	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/library"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	natives "github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// REPL returns "repl".
func REPL() *cobra.Command {
	return &cobra.Command{
		Use:   "repl",
		Short: "Evaluate Prism interactively",
		Long: `Repl reads expressions and statements, evaluates them in one session and prints
each value with its confidence. An input goes on over several lines while a
bracket, string or operator is open. Commands begin with a colon; :help lists
them. Input may also come from a pipe.`,
		Example: `  prism repl
  echo '(1 ~> 0.5) + 2' | prism repl`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r := newREPL(cmd)
			if in, ok := cmd.InOrStdin().(*os.File); ok && isTerminal(in) {
				r.terminal = in
				return r.interactive()
			}
			return r.piped(cmd.InOrStdin())
		},
	}
}

// repl is one session.
type repl struct {
	cmd      *cobra.Command
	session  *build.Session
	library  *vm.Library
	globals  []value.Value
	terminal *os.File // answers questions of programs; nil for a pipe
	n        int      // inputs so far
}

func newREPL(cmd *cobra.Command) *repl {
	return &repl{cmd: cmd, session: build.NewSession(), library: natives.Std()}
}

const replHelp = `Type an expression or a statement. Commands:
  :type EXPR       the type of a value, with its confidence
  :ast INPUT       the syntax tree
  :bytecode INPUT  the code the machine would run
  :load FILE       run a file in this session
  :help [NAME]     this text, or the documentation of a library name
  :quit            leave (also Ctrl-D)
`

// piped reads inputs from a stream that is no terminal.
func (r *repl) piped(in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	text := ""
	for lines.Scan() {
		text += lines.Text() + "\n"
		if !strings.HasPrefix(strings.TrimSpace(text), ":") && parser.Incomplete(text) {
			continue
		}
		if r.eval(text) {
			return nil
		}
		text = ""
	}
	if strings.TrimSpace(text) != "" {
		r.eval(text)
	}
	if err := lines.Err(); err != nil {
		return exit(ExitInternal, "read the input: %v", err)
	}
	return nil
}

// interactive reads from a terminal, with history and completion.
func (r *repl) interactive() error {
	shell := readline.NewShell()
	shell.Prompt.Primary(func() string { return "prism> " })
	shell.Prompt.Secondary(func() string { return "  ...  " })
	shell.AcceptMultiline = func(line []rune) bool {
		text := string(line)
		return strings.HasPrefix(strings.TrimSpace(text), ":") || !parser.Incomplete(text)
	}
	shell.Completer = func(line []rune, cursor int) readline.Completions {
		return readline.CompleteValues(r.complete(string(line[:cursor]))...)
	}
	if dir, err := os.UserConfigDir(); err == nil {
		if err := os.MkdirAll(filepath.Join(dir, "prism"), 0o700); err == nil {
			shell.History.AddFromFile("prism", filepath.Join(dir, "prism", "history"))
		}
	}
	fmt.Fprintln(r.cmd.OutOrStdout(), "Prism "+Version+"  (:help for help, Ctrl-D to leave)")
	for {
		line, err := shell.Readline()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, readline.ErrInterrupt):
			continue
		case err != nil:
			return exit(ExitInternal, "%v", err)
		}
		if r.eval(line) {
			return nil
		}
	}
}

// complete lists the words that can follow at the end of a line.
func (r *repl) complete(line string) []string {
	start := strings.LastIndexFunc(line, func(c rune) bool {
		return !(c == '_' || c == ':' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')
	}) + 1
	word := line[start:]
	var all []string
	if strings.HasPrefix(line, ":") && start == 0 {
		all = []string{":type", ":ast", ":bytecode", ":load", ":help", ":quit"}
	} else if start > 0 && line[start-1] == '.' {
		for _, e := range library.All() {
			if _, member, ok := strings.Cut(e.Name, "."); ok {
				all = append(all, member)
			}
		}
	} else {
		all = append(r.session.Names(), library.Globals()...)
		for k := token.Kind(0); k < token.Count; k++ {
			if k.IsKeyword() {
				all = append(all, k.String())
			}
		}
	}
	seen := map[string]bool{}
	var out []string
	for _, name := range all {
		if strings.HasPrefix(name, word) && !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

// eval evaluates one input or carries out one command; it reports whether the
// session is over.
func (r *repl) eval(text string) (quit bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return false
	}
	out := r.cmd.OutOrStdout()
	if !strings.HasPrefix(text, ":") {
		if res := r.run(r.file(text), true); res != nil {
			r.show(res)
		}
		return false
	}
	command, arg, _ := strings.Cut(text, " ")
	arg = strings.TrimSpace(arg)
	if needs := map[string]string{
		":type": "an expression", ":t": "an expression", ":ast": "an input", ":bytecode": "an input", ":load": "a file",
	}[command]; needs != "" && arg == "" {
		fmt.Fprintf(out, "%s needs %s behind it\n", command, needs)
		return false
	}
	switch command {
	case ":quit", ":q", ":exit":
		return true
	case ":help", ":h":
		switch {
		case arg == "":
			fmt.Fprint(out, replHelp)
		case !describe(out, arg):
			fmt.Fprintf(out, "the library has no %s\n", arg)
		}
	case ":type", ":t":
		switch res := r.run(r.file(arg), false); {
		case res == nil:
		case res.Error == nil && res.Status == engine.StatusSuccess:
			fmt.Fprintln(out, typeOf(res.Value))
		default:
			r.show(res)
		}
	case ":ast":
		tree, list := parser.ParseFile(r.file(arg))
		r.report(list)
		fmt.Fprint(out, ast.Dump(tree))
	case ":bytecode":
		if res, _ := r.compile(r.file(arg)); res != nil {
			var text strings.Builder
			if err := bytecode.Disassemble(&text, res.Program); err != nil {
				fmt.Fprintln(out, err)
			}
			fmt.Fprint(out, withoutUnused(text.String()))
		}
	case ":load":
		f, err := read(r.cmd, arg)
		if err != nil {
			fmt.Fprintln(out, err)
			return false
		}
		if res := r.run(f, true); res != nil {
			r.show(res)
		}
	default:
		near := diag.Suggest(command, []string{":type", ":ast", ":bytecode", ":load", ":help", ":quit"})
		if near != "" {
			fmt.Fprintf(out, "there is no command %s; did you mean %s?\n", command, near)
		} else {
			fmt.Fprintf(out, "there is no command %s; :help lists them\n", command)
		}
	}
	return false
}

// withoutUnused drops the lines of a disassembly that declare globals which no
// instruction names: a session has those of all earlier inputs.
func withoutUnused(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "global "); ok {
			_, name, _ := strings.Cut(rest, " ")
			name, _, _ = strings.Cut(name, ":")
			if !strings.Contains(text, "$"+name) {
				continue
			}
		}
		b.WriteString(line)
	}
	return b.String()
}

// file makes a source file of an input.
func (r *repl) file(text string) *source.File {
	r.n++
	return source.NewFile(fmt.Sprintf("input%d", r.n), text)
}

func (r *repl) report(list diag.List) {
	if err := diag.Text(r.cmd.OutOrStdout(), list, diag.TextOptions{Color: colours(r.cmd.OutOrStdout())}); err != nil {
		fmt.Fprintln(r.cmd.ErrOrStderr(), err)
	}
}

// compile compiles an input against a copy of the session, which it returns as
// the input would leave it; both are nil when the input has errors. Warnings are
// left out: most make no sense for an input alone.
func (r *repl) compile(f *source.File) (*build.Result, *build.Session) {
	after := r.session.Clone()
	res, list := build.Compile(f, build.Options{Loader: module.Dir("."), Session: after})
	if list.HasErrors() {
		r.report(list)
		return nil, nil
	}
	return res, after
}

// run compiles and runs an input; nil when it did not compile. What it declares
// and assigns is kept for later inputs when keep is set.
func (r *repl) run(f *source.File, keep bool) *engine.Result {
	res, after := r.compile(f)
	if res == nil {
		return nil
	}
	p, err := engine.Load(res.Program, r.library)
	if err != nil {
		fmt.Fprintln(r.cmd.OutOrStdout(), err)
		return nil
	}
	opts := []engine.Option{engine.WithGlobals(r.globals), engine.WithExplain(), engine.WithEvents(printer(r.cmd, runFlags{output: "text"}))}
	if r.terminal != nil {
		opts = append(opts, engine.WithHandler(effect.Ask, engine.NewTerminal(r.terminal, r.cmd.ErrOrStderr())))
	}
	x := p.New(value.NullValue, opts...)
	result, err := x.Run(r.cmd.Context())
	if err != nil {
		fmt.Fprintln(r.cmd.OutOrStdout(), err)
		return nil
	}
	if g := x.Globals(); g != nil && keep {
		if before := len(r.globals); result.Error != nil {
			after.Forget(func(i int) bool { return before <= i && i < len(g) && g[i].Kind() == value.Unset })
		}
		r.session, r.globals = after, g
	}
	return result
}

// show prints the value of an input with its confidence, or its error.
func (r *repl) show(res *engine.Result) {
	out := r.cmd.OutOrStdout()
	if e := res.Error; e != nil {
		fmt.Fprintf(out, "error %s: %s\n", e.PublicCode(), e.Message)
		printStack(out, e.Stack)
		if e.Hint != "" {
			fmt.Fprintf(out, "  hint: %s\n", e.Hint)
		}
		return
	}
	if res.Status == engine.StatusNeedsReview {
		fmt.Fprintf(out, "nobody can answer here: %s\n", openQuestion(res))
		return
	}
	if v := res.Value; !v.IsNull() {
		fmt.Fprintln(out, value.Inspect(v))
	}
}

// typeOf describes the type of a value as annotations write it.
func typeOf(v value.Value) string { return typeAt(v, 0) }

func typeAt(v value.Value, depth int) string {
	t := plainType(v.Plain(), depth)
	if c, ok := v.Confidence(); ok {
		t += confidenceRange(c, c)
	}
	return t
}

func confidenceRange(low, high float64) string {
	return " ~ " + value.NumberText(low) + ".." + value.NumberText(high)
}

func plainType(v value.Value, depth int) string {
	if depth > 6 {
		return "any"
	}
	switch v.Kind() {
	case value.ArrayKind:
		return elementType(v.AsArray().Elems(), depth+1) + "[]"
	case value.ObjectKind:
		var fields []string
		for k, e := range v.AsObject().All() {
			fields = append(fields, k+": "+typeAt(e, depth+1))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case value.Promise:
		return "Promise<any>"
	}
	return v.Kind().String()
}

// maxUnion bounds the members of a union that is shown.
const maxUnion = 4

// elementType is the type that fits all elements; a plain element among confident
// ones counts 1.
func elementType(elems []value.Value, depth int) string {
	var types []string
	low, high, confident := 1.0, 0.0, false
	for _, e := range elems {
		if t := plainType(e.Plain(), depth); !slices.Contains(types, t) {
			types = append(types, t)
		}
		low, high, confident = min(low, e.C()), max(high, e.C()), confident || e.IsConfident()
	}
	t := "any"
	if 0 < len(types) && len(types) <= maxUnion {
		t = strings.Join(types, " | ")
	}
	if confident {
		t += confidenceRange(low, high)
	}
	if confident || len(types) > 1 && t != "any" {
		t = "(" + t + ")"
	}
	return t
}
