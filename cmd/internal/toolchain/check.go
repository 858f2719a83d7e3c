package toolchain

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/stdlib"
)

// Check returns "check".
func Check() *cobra.Command {
	var format string
	var strict bool
	cmd := &cobra.Command{
		Use:   "check [PATHS]",
		Short: "Report errors and warnings without running anything",
		Long: `Check parses programs and looks for mistakes: syntax, unknown names, imports,
confidences out of range, unused and unreachable code. A directory means all
programs below it; without paths it is the current one.

Exit codes: 0 no errors, 9 errors (with --strict also warnings).`,
		Example: `  prism check .
  prism check verdict.prism --format json
  prism check --strict patterns/`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return exit(ExitUsage, "--format is text or json, not %q", format)
			}
			list, n, err := checkAll(cmd, args)
			if err != nil {
				return err
			}
			if format == "json" {
				if err := diag.JSON(cmd.OutOrStdout(), list); err != nil {
					return exit(ExitInternal, "%v", err)
				}
			} else {
				if err := diag.Text(cmd.OutOrStdout(), list, diag.TextOptions{Color: colours(cmd.OutOrStdout())}); err != nil {
					return exit(ExitInternal, "%v", err)
				}
				files := "files"
				if n == 1 {
					files = "file"
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "checked %d %s: %s\n", n, files, diag.Summary(list))
			}
			if list.HasErrors() || (strict && len(list) > 0) {
				return exit(ExitInvalid, "")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	cmd.Flags().BoolVar(&strict, "strict", false, "fail on warnings too")
	return cmd
}

// checkAll checks files with what they import. What several of them say about a
// common module is reported once.
func checkAll(cmd *cobra.Command, args []string) (diag.List, int, error) {
	files, err := expand(args)
	if err != nil {
		return nil, 0, err
	}
	seen := map[string]bool{}
	var all diag.List
	for _, name := range files {
		f, err := read(cmd, name)
		if err != nil {
			return nil, 0, err
		}
		_, list := build.Compile(f, build.Options{Loader: module.Dir("."), Library: librarySource(name)})
		for _, d := range list {
			key := fmt.Sprint(d.Error(), d.Span)
			if !seen[key] {
				seen[key] = true
				all = append(all, d)
			}
		}
	}
	all.Sort()
	return all, len(files), nil
}

// librarySource reports whether a file is a module of the standard library in a
// checkout of this repository: "stdlib/a/b.prism" is where "std/a/b" comes from.
func librarySource(name string) bool {
	abs, err := filepath.Abs(name)
	if err != nil {
		return false
	}
	_, within, ok := strings.Cut(filepath.ToSlash(abs), "/stdlib/")
	if !ok {
		return false
	}
	_, err = fs.Stat(stdlib.FS, within)
	return err == nil
}
