package toolchain

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r := newREPL(cmd)
			if in, ok := cmd.InOrStdin().(*os.File); ok && isTerminal(in) {
				return r.interactive()
			}
			return r.piped(cmd.InOrStdin())
		},
	}
}

// repl is one session.
type repl struct {
	cmd     *cobra.Command
	session *build.Session
	library *vm.Library
	globals []value.Value
	n       int // inputs so far
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
		if res := r.run(r.file(text)); res != nil {
			r.show(res)
		}
		return false
	}
	command, arg, _ := strings.Cut(text, " ")
	arg = strings.TrimSpace(arg)
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
		if res := r.run(r.file(arg)); res != nil && res.Error == nil {
			fmt.Fprintln(out, typeOf(res.Value))
		} else if res != nil {
			r.show(res)
		}
	case ":ast":
		tree, list := parser.ParseFile(r.file(arg))
		r.report(list)
		fmt.Fprint(out, ast.Dump(tree))
	case ":bytecode":
		if res, _ := r.compile(r.file(arg)); res != nil {
			if err := bytecode.Disassemble(out, res.Program); err != nil {
				fmt.Fprintln(out, err)
			}
		}
	case ":load":
		f, err := read(r.cmd, arg)
		if err != nil {
			fmt.Fprintln(out, err)
			return false
		}
		if res := r.run(f); res != nil {
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

// run compiles and runs an input; nil when it did not compile.
func (r *repl) run(f *source.File) *engine.Result {
	res, after := r.compile(f)
	if res == nil {
		return nil
	}
	r.session = after
	p, err := engine.Load(res.Program, r.library)
	if err != nil {
		fmt.Fprintln(r.cmd.OutOrStdout(), err)
		return nil
	}
	x := p.New(value.NullValue, engine.WithGlobals(r.globals), engine.WithEvents(printer(r.cmd, runFlags{output: "text"})))
	result, err := x.Run(r.cmd.Context())
	if err != nil {
		fmt.Fprintln(r.cmd.OutOrStdout(), err)
		return nil
	}
	if g := x.Globals(); g != nil {
		r.globals = g
	}
	return result
}

// show prints the value of an input with its confidence, or its error.
func (r *repl) show(res *engine.Result) {
	out := r.cmd.OutOrStdout()
	if e := res.Error; e != nil {
		fmt.Fprintf(out, "error %s: %s\n", e.PublicCode(), e.Message)
		if e.Hint != "" {
			fmt.Fprintf(out, "  hint: %s\n", e.Hint)
		}
		return
	}
	if v := res.Value; !v.IsNull() {
		fmt.Fprintln(out, value.Inspect(v))
	}
}

// typeOf describes the type of a value as annotations write it.
func typeOf(v value.Value) string {
	t := plainType(v.Plain(), 0)
	if c, ok := v.Confidence(); ok {
		n := value.NumberText(c)
		t += " ~ " + n + ".." + n
	}
	return t
}

func plainType(v value.Value, depth int) string {
	if depth > 6 {
		return "any"
	}
	switch v.Kind() {
	case value.ArrayKind:
		elems := v.AsArray().Elems()
		if len(elems) == 0 {
			return "any[]"
		}
		t := plainType(elems[0].Plain(), depth+1)
		for _, e := range elems[1:] {
			if plainType(e.Plain(), depth+1) != t {
				return "any[]"
			}
		}
		return t + "[]"
	case value.ObjectKind:
		var fields []string
		for k, e := range v.AsObject().All() {
			fields = append(fields, k+": "+plainType(e.Plain(), depth+1))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case value.Promise:
		return "Promise<any>"
	}
	return v.Kind().String()
}
