package toolchain

import (
	"strings"

	"github.com/spf13/cobra"
)

// Parallax returns the whole parallax command. What it shares with prism comes
// from the same constructors.
func Parallax() *cobra.Command {
	root := &cobra.Command{
		Use:   "parallax",
		Short: "Run patterns over AI agents",
		Long: `parallax runs, validates and tests patterns: programs that ask several AI agents
and decide by how sure they are.`,
		Example: `  parallax run review.prism --input '{"text": "hello"}' --agents agents.yaml
  parallax validate patterns/
  parallax agents list`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.AddCommand(Run(), Validate(), Check(), Build(), Test(), Graph(), Format(), Agents(), VersionCommand(), Completion())
	root.SetFlagErrorFunc(flagError)
	adopt(root)
	return root
}

// adopt has the examples of the shared commands name the command they stand in.
func adopt(root *cobra.Command) {
	for _, c := range root.Commands() {
		c.Example = strings.ReplaceAll(c.Example, " prism ", " "+root.Name()+" ")
		c.Long = strings.ReplaceAll(c.Long, `"prism `, `"`+root.Name()+` `)
	}
}
