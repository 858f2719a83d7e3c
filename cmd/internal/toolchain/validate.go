package toolchain

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/prism/diag"
)

// Validate returns "validate".
func Validate() *cobra.Command {
	var strict, asJSON bool
	cmd := &cobra.Command{
		Use:   "validate [PATHS]",
		Short: "Tell whether patterns are valid",
		Long: `Validate looks for every mistake in patterns without running them: syntax, unknown
names, imports, headers and schemas, confidences out of range. A directory means
all patterns below it; without paths it is the current one.

Exit codes: 0 all are valid, 9 there are errors (with --strict also warnings).`,
		Example: `  parallax validate review.prism
  parallax validate patterns/ --strict
  parallax validate review.prism --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			list, files, err := checkAll(cmd, args)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			invalid := list.HasErrors() || strict && len(list) > 0
			if asJSON {
				if err := diag.JSON(out, list); err != nil {
					return exit(ExitInternal, "%v", err)
				}
			} else {
				if err := diag.Text(out, list, diag.TextOptions{Color: colours(out)}); err != nil {
					return exit(ExitInternal, "%v", err)
				}
				if !invalid {
					patterns := "patterns are"
					if len(files) == 1 {
						patterns = "pattern is"
					}
					fmt.Fprintf(out, "%d %s valid\n", len(files), patterns)
				}
			}
			if invalid && asJSON {
				return exit(ExitInvalid, "")
			}
			if invalid {
				return exit(ExitInvalid, "%s", diag.Summary(list))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "take warnings for errors")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the diagnostics as JSON")
	return cmd
}
