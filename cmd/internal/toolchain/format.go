package toolchain

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/compiler/pattern"
	"github.com/parallaxai/parallax/compiler/pattern/layout"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/format"
	"github.com/parallaxai/parallax/prism/source"
)

// Format returns "fmt".
func Format() *cobra.Command {
	var list, write, diff bool
	cmd := &cobra.Command{
		Use:   "fmt [PATHS]",
		Short: "Put programs into their canonical layout",
		Long: `Fmt prints programs in the one canonical layout, patterns in YAML with their keys
in canonical order. Without paths it formats standard input, a program in Prism. A file with syntax errors is reported and left alone (exit 9).`,
		Example: `  prism fmt -w .            rewrite all programs below this folder
  prism fmt -l .            list those whose layout differs
  prism fmt -d verdict.prism
  prism fmt < verdict.prism`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				text, err := io.ReadAll(cmd.InOrStdin())
				if err != nil {
					return exit(ExitInternal, "read standard input: %v", err)
				}
				return formatFile(cmd, source.NewFile("stdin", string(text)), list, false, diff)
			}
			files, err := expand(args)
			if err != nil {
				return err
			}
			var failed error
			for _, name := range files {
				f, err := read(cmd, name)
				if err != nil {
					return err
				}
				if err := formatFile(cmd, f, list, write, diff); err != nil {
					failed = err
				}
			}
			return failed
		},
	}
	cmd.Flags().BoolVarP(&list, "list", "l", false, "print the names of files whose layout differs")
	cmd.Flags().BoolVarP(&write, "write", "w", false, "write the result to the file")
	cmd.Flags().BoolVarP(&diff, "diff", "d", false, "print what would change")
	return cmd
}

func formatFile(cmd *cobra.Command, f *source.File, list, write, diff bool) error {
	out := cmd.OutOrStdout()
	layOut := format.Source
	if pattern.IsYAML(f.Name) {
		layOut = layout.Source
	}
	text, diags := layOut(f)
	if diags.HasErrors() {
		if err := report(cmd, diags); err != nil {
			return err
		}
		return exit(ExitInvalid, "%s: %s", f.Name, diag.Summary(diags))
	}
	changed := text != f.Src
	var shown strings.Builder
	if list && changed {
		fmt.Fprintln(&shown, f.Name)
	}
	if diff && changed {
		shown.WriteString(format.Diff(f.Src, text, f.Name))
	}
	if write && changed {
		if err := writeFile(f.Name, []byte(text)); err != nil {
			return exit(ExitInternal, "%v", err)
		}
	}
	if !list && !diff && !write {
		shown.WriteString(text)
	}
	if _, err := io.WriteString(out, shown.String()); err != nil {
		return exit(ExitInternal, "%v", err)
	}
	return nil
}
