package toolchain

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/spf13/cobra"
)

var projectName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// New returns "new".
func New() *cobra.Command {
	return &cobra.Command{
		Use:   "new NAME",
		Short: "Begin a project",
		Long: `New makes a folder with a pattern, mock agents to run it with, a test and a
prism.yaml. It changes nothing that exists.`,
		Example: `  prism new sentiment
  cd sentiment && prism run sentiment.prism --input @input.json
  cd sentiment && prism test`,
		Args: exactArgs(1, "the name of the project"),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := filepath.Base(args[0])
			if !projectName.MatchString(name) {
				return exit(ExitUsage, "%q is no name for a project: letters, digits, - and _, a letter first", name)
			}
			if _, err := os.Stat(args[0]); err == nil {
				return exit(ExitConflict, "%s exists already", args[0])
			}
			for _, f := range projectFiles(name) {
				path := filepath.Join(args[0], f[0])
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					return exit(ExitInternal, "%v", err)
				}
				if err := os.WriteFile(path, []byte(f[1]), 0o644); err != nil {
					return exit(ExitInternal, "%v", err)
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s\n", filepath.ToSlash(path))
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "try: cd %s && %s run %s.prism --input @input.json\n",
				filepath.ToSlash(args[0]), cmd.Root().Name(), name)
			return nil
		},
	}
}

// projectFiles are the files of a new project: path and text.
func projectFiles(name string) [][2]string {
	return [][2]string{
		{"prism.yaml", "name: " + name + "\nversion: 0.1.0\nsources: [.]\nagents: agents.yaml\n"},
		{name + ".prism", `/**
 * @name ` + name + `
 * @version 0.1.0
 * @description Asks agents for the sentiment of a text and votes.
 * @input {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
 * @agents {"capabilities": ["sentiment"]}
 * @minAgents 2
 */
verdict = vote(agentResults, method: "weighted")

uncertain if (verdict) threshold(0.7, 0.5) {
  high { status = "agreed" }
  medium { status = "likely" }
  low { status = "needs review" }
}

{ sentiment: verdict.result, status } ~> <~ verdict
`},
		{"agents.yaml", `agents:
  - {name: optimist, capabilities: [sentiment], mock: {result: positive, confidence: 0.9}}
  - {name: realist, capabilities: [sentiment], mock: {result: positive, confidence: 0.7}}
  - {name: pessimist, capabilities: [sentiment], mock: {result: negative, confidence: 0.4}}
`},
		{"input.json", `{"text": "What a day!"}
`},
		{name + ".test.yaml", `cases:
  - name: two of three agree
    input: {text: "What a day!"}
    agents:
      optimist: {result: positive, confidence: 0.9}
      realist: {result: positive, confidence: 0.7}
      pessimist: {result: negative, confidence: 0.4}
    expect:
      result: {sentiment: positive, status: agreed}
      confidence: {min: 0.79, max: 0.81}
`},
	}
}
