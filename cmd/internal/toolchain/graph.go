package toolchain

import (
	"bytes"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/graph"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/diag"
)

// Graph returns "graph".
func Graph() *cobra.Command {
	var format, output, pattern string
	cmd := &cobra.Command{
		Use:   "graph FILE",
		Short: "Draw what a pattern does with its agents",
		Long: `Graph draws a pattern, in Prism or YAML: how it chooses agents, asks them, puts
their answers together, decides, steps, jumps, repeats, asks people and fails.
Computation that has nothing to do with agents is left out.`,
		Example: `  prism graph review.prism
  prism graph triage.yaml --format svg -o triage.svg
  prism graph review.prism --format dot | dot -Tpng > review.png`,
		Args: exactArgs(1, "a file to draw"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := read(cmd, args[0])
			if err != nil {
				return err
			}
			res, list := build.Compile(file, build.Options{Loader: module.Dir("."), Pattern: pattern})
			if err := report(cmd, list); err != nil {
				return err
			}
			if list.HasErrors() {
				return exit(ExitInvalid, "%s", diag.Summary(list))
			}
			g := graph.Build(res.Graph.Entry().File, res.Program.Meta.Name, pattern)
			var text bytes.Buffer
			switch format {
			case "mermaid":
				err = g.Mermaid(&text)
			case "dot":
				err = g.DOT(&text)
			case "svg":
				err = g.SVG(&text)
			default:
				hint := ""
				if near := diag.Suggest(format, []string{"mermaid", "dot", "svg"}); near != "" {
					hint = "; did you mean " + near + "?"
				}
				return exit(ExitUsage, "--format is mermaid, dot or svg, not %q%s", format, hint)
			}
			if err != nil {
				return exit(ExitInternal, "%v", err)
			}
			if output != "" {
				if err := writeFile(output, text.Bytes()); err != nil {
					return exit(ExitInternal, "%v", err)
				}
				return nil
			}
			if _, err := cmd.OutOrStdout().Write(text.Bytes()); err != nil {
				return exit(ExitInternal, "%v", err)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "mermaid", "mermaid, dot or svg")
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to this file instead of standard output")
	cmd.Flags().StringVar(&pattern, "pattern", "", "the pattern to draw, of a file with several")
	return cmd
}
