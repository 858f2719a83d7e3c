package toolchain

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/compiler/library"
	"github.com/parallaxai/parallax/prism/diag"
)

// Doc returns "doc".
func Doc() *cobra.Command {
	return &cobra.Command{
		Use:   "doc [NAME]",
		Short: "Show the documentation of the library",
		Long:  `Doc describes a function, namespace or method of the library, or lists them all.`,
		Example: `  prism doc
  prism doc vote
  prism doc Math
  prism doc array.map
  prism doc map            every entry of that name`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return exit(ExitUsage, "unexpected argument %q", args[1])
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return library.Globals(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var text strings.Builder
			if len(args) == 0 {
				listLibrary(&text)
			} else if !describe(&text, args[0]) {
				hint := ""
				if near := diag.Suggest(args[0], library.Globals()); near != "" {
					hint = "; did you mean " + near + "?"
				}
				return exit(ExitNotFound, "the library has no %s%s", args[0], hint)
			}
			_, err := io.WriteString(cmd.OutOrStdout(), text.String())
			return err
		},
	}
}

// summary is the first sentence of an entry's documentation.
func summary(e *library.Entry) string {
	text, _, _ := strings.Cut(e.Doc, "\n")
	if first, _, ok := strings.Cut(text, ". "); ok {
		return first + "."
	}
	return text
}

func listLibrary(w io.Writer) {
	byCategory := map[string][]*library.Entry{}
	var order []string
	for _, e := range library.All() {
		if byCategory[e.Category] == nil {
			order = append(order, e.Category)
		}
		byCategory[e.Category] = append(byCategory[e.Category], e)
	}
	for i, c := range order {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s\n", strings.ToUpper(c))
		for _, e := range byCategory[c] {
			fmt.Fprintf(w, "  %-22s %s\n", e.Name, summary(e))
		}
	}
}

// describe prints the entries that a name means: itself, members of the
// namespace, methods of that name.
func describe(w io.Writer, name string) bool {
	found := false
	show := func(e *library.Entry) {
		if found {
			fmt.Fprintln(w)
		}
		found = true
		fmt.Fprintf(w, "%s\n\n%s\n", heading(e), indent(diag.Wrap(e.Doc, 76)))
		if e.Example != "" {
			fmt.Fprintf(w, "\n  Example:\n\n%s\n", indent(indent(e.Example)))
		}
	}
	if e, ok := library.Lookup(name); ok {
		show(e)
	}
	for _, e := range library.All() {
		if e.Name != name && (strings.HasSuffix(e.Name, "."+name) || strings.HasPrefix(e.Name, name+".")) {
			show(e)
		}
	}
	return found
}

// heading is the signature of an entry, for a method with the kind of value in
// front that has it: array.map(...).
func heading(e *library.Entry) string {
	if receiver, member, ok := strings.Cut(e.Name, "."); ok && strings.HasPrefix(e.Signature, member) {
		return receiver + "." + e.Signature
	}
	return e.Signature
}

func indent(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = "  " + l
		}
	}
	return strings.Join(lines, "\n")
}

// Explain returns "explain".
func Explain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain CODE",
		Short: "Explain a diagnostic by its code or name",
		Long: `Explain tells what a diagnostic means, when it arises and how to mend it, with a
program that has it and the same program without. It takes the code or the name.`,
		Example: `  prism explain N0001
  prism explain unused-variable`,
		Args: exactArgs(1, "the code of a diagnostic, such as N0001"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var codes []string
			for _, c := range diag.Codes() {
				codes = append(codes, string(c.Code), c.Name)
			}
			return codes, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			err := diag.Explain(cmd.OutOrStdout(), args[0])
			var unknown *diag.UnknownCodeError
			if errors.As(err, &unknown) {
				return exit(ExitNotFound, "%v", err)
			}
			return err
		},
	}
}

// VersionCommand returns "version".
func VersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  prism version",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s %s (%s, %s/%s)\n", cmd.Root().Name(), Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// Completion returns "completion".
func Completion() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that completes commands in a shell",
		Long: `Completion prints a script for bash, zsh, fish or powershell. Load it in the
start-up file of the shell.`,
		Example: `  source <(prism completion bash)
  prism completion zsh > "${fpath[1]}/_prism"
  prism completion fish > ~/.config/fish/completions/prism.fish`,
		Args:      exactArgs(1, "a shell: bash, zsh, fish or powershell"),
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			out, root := cmd.OutOrStdout(), cmd.Root()
			var err error
			switch args[0] {
			case "bash":
				err = root.GenBashCompletionV2(out, true)
			case "zsh":
				err = root.GenZshCompletion(out)
			case "fish":
				err = root.GenFishCompletion(out, true)
			case "powershell":
				err = root.GenPowerShellCompletionWithDesc(out)
			default:
				return exit(ExitUsage, "there are scripts for bash, zsh, fish and powershell, not for %q", args[0])
			}
			if err != nil {
				return exit(ExitInternal, "print the script: %v", err)
			}
			return nil
		},
	}
}
