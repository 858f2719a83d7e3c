package toolchain

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/stdlib"
)

// formats are what --format takes.
const formats = "text, json, sarif, github or junit"

// Check returns "check".
func Check() *cobra.Command {
	var format string
	var strict, fix bool
	cmd := &cobra.Command{
		Use:   "check [PATHS]",
		Short: "Report errors and warnings without running anything",
		Long: `Check parses programs and looks for mistakes: syntax, unknown names, imports,
confidences out of range, unused and unreachable code. A directory means all
programs below it; without paths it is the current one; "-" is standard input.
With --fix it first mends what it has a fix for, and reports the rest.

Exit codes: 0 no errors, 4 no such file, 9 errors (with --strict also warnings).`,
		Example: `  prism check .
  prism check verdict.prism --format json
  prism check --strict patterns/
  prism check --fix verdict.prism
  prism check . --format sarif > prism.sarif`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains([]string{"text", "json", "sarif", "github", "junit"}, format) {
				return exit(ExitUsage, "--format is %s, not %q", formats, format)
			}
			if fix {
				if err := fixAll(cmd, args); err != nil {
					return err
				}
			}
			list, files, err := checkAll(cmd, args)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			switch format {
			case "json":
				err = diag.JSON(out, list)
			case "sarif":
				err = diag.SARIF(out, list, Version)
			case "github":
				err = diag.GitHub(out, list)
			case "junit":
				err = diag.JUnit(out, list, files)
			default:
				err = diag.Text(out, list, diag.TextOptions{Color: colours(out)})
				fmt.Fprintf(cmd.ErrOrStderr(), "checked %s: %s\n", count(len(files), "file"), diag.Summary(list))
			}
			if err != nil {
				return exit(ExitInternal, "print the diagnostics: %v", err)
			}
			if list.HasErrors() || (strict && len(list) > 0) {
				return exit(ExitInvalid, "")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", formats)
	cmd.Flags().BoolVar(&strict, "strict", false, "fail on warnings too")
	cmd.Flags().BoolVar(&fix, "fix", false, "change the files by the fixes that diagnostics offer")
	return cmd
}

// checkAll checks files with what they import and returns their names. What
// several of them say about a common module is reported once.
func checkAll(cmd *cobra.Command, args []string) (diag.List, []string, error) {
	names, err := expand(args)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	var all diag.List
	var files []string
	for _, name := range names {
		f, err := read(cmd, name)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, f.Name)
		for _, d := range check(f) {
			key := fmt.Sprint(d.Error(), d.Span)
			if !seen[key] {
				seen[key] = true
				all = append(all, d)
			}
		}
	}
	all.Sort()
	return all, files, nil
}

func check(f *source.File) diag.List {
	_, list := build.Compile(f, build.Options{Loader: module.Dir("."), Library: librarySource(f.Name)})
	return list
}

// maxFixRounds bounds how often a file is mended: a fix may bring up another.
const maxFixRounds = 10

// fixAll mends the files that the arguments name, not those they import.
func fixAll(cmd *cobra.Command, args []string) error {
	names, err := expand(args)
	if err != nil {
		return err
	}
	fixes, changed := 0, 0
	for _, name := range names {
		if name == "-" {
			return exit(ExitUsage, "--fix goes with files, not with standard input")
		}
		total := 0
		for range maxFixRounds {
			f, err := read(cmd, name)
			if err != nil {
				return err
			}
			var own diag.List
			for _, d := range check(f) {
				if d.File == f {
					own = append(own, d)
				}
			}
			text, n := diag.ApplyFixes(f.Src, own)
			if n == 0 || text == f.Src {
				break
			}
			if err := writeFile(name, []byte(text)); err != nil {
				return exit(ExitInternal, "%v", err)
			}
			total += n
		}
		if total > 0 {
			fixes, changed = fixes+total, changed+1
		}
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "applied %d fixes in %s\n", fixes, count(changed, "file"))
	return nil
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
