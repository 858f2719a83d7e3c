package toolchain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/cmd/internal/progress"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// Agents returns "agents" with its subcommands.
func Agents() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "agents",
		Short: "List the agents of a file, try one",
		Example: `  parallax agents list
  parallax agents test anna --task analyze --data '"Lovely."'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(agentsList(), agentsTest())
	return cmd
}

func agentsFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "agents", "agents.yaml", "file that describes the agents")
}

// loadAgents reads a file that describes agents. Its mistakes are printed.
func loadAgents(cmd *cobra.Command, name string) (*agent.Registry, error) {
	f := agentFlags{file: name}
	registry, list, err := f.registry(cmd, ".")
	if err != nil {
		return nil, err
	}
	if list.HasErrors() {
		if err := report(cmd, list); err != nil {
			return nil, err
		}
		return nil, exit(ExitInvalid, "%s", diag.Summary(list))
	}
	return registry, nil
}

func agentsList() *cobra.Command {
	var file string
	var capabilities []string
	var asJSON, check bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List agents",
		Example: `  parallax agents list
  parallax agents list --check
  parallax agents list -c sentiment --agents agents.yaml
  parallax agents list --json | jq '.[].name'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			registry, err := loadAgents(cmd, file)
			if err != nil {
				return err
			}
			defer closeAgents(registry, &err)
			var found []*agent.Agent
			for _, a := range registry.Agents() {
				if hasAll(a.Capabilities, capabilities) {
					found = append(found, a)
				}
			}
			if asJSON {
				return printAgentsJSON(cmd, found)
			}
			if len(found) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "No agents.")
				return nil
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			if check {
				return listChecked(cmd.Context(), w, found)
			}
			fmt.Fprintln(w, "NAME\tCAPABILITIES\tEXPERTISE\tREGION")
			for _, a := range found {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.Name, dash(strings.Join(a.Capabilities, ", ")), value.NumberText(a.Expertise), dash(a.Region))
			}
			if err := w.Flush(); err != nil {
				return exit(ExitInternal, "%v", err)
			}
			return nil
		},
	}
	agentsFlag(cmd, &file)
	cmd.Flags().StringSliceVarP(&capabilities, "capabilities", "c", nil, "only agents with all of these capabilities")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	cmd.Flags().BoolVar(&check, "check", false, "ask each agent whether it is there; exit code 10 when one is not")
	return cmd
}

// Bounds of asking agents whether they are there.
const (
	checksAtOnce = 50
	checkTimeout = 10 * time.Second
)

// listChecked lists agents with how they are called and whether they are there.
func listChecked(ctx context.Context, w *tabwriter.Writer, list []*agent.Agent) error {
	states := make([]error, len(list))
	var group sync.WaitGroup
	places := make(chan struct{}, checksAtOnce)
	for i, a := range list {
		if ctx.Err() != nil {
			break
		}
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			ctx, cancel := context.WithTimeout(ctx, checkTimeout)
			defer cancel()
			states[i] = a.Check(ctx)
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return exit(ExitInterrupted, "")
	}
	missing := 0
	fmt.Fprintln(w, "NAME\tTRANSPORT\tSTATE")
	for i, a := range list {
		state := "ok"
		switch err := states[i]; {
		case errors.Is(err, agent.ErrUnchecked):
			state = "-"
		case err != nil:
			missing++
			state = err.Error()
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", a.Name, a.Kind, state)
	}
	if err := w.Flush(); err != nil {
		return exit(ExitInternal, "%v", err)
	}
	if missing > 0 {
		return exit(ExitFailed, "%d of %d agents are not there", missing, len(list))
	}
	return nil
}

func hasAll(have, want []string) bool {
	for _, c := range want {
		if !slices.Contains(have, c) {
			return false
		}
	}
	return true
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func printAgentsJSON(cmd *cobra.Command, list []*agent.Agent) error {
	out := make([]json.RawMessage, len(list))
	for i, a := range list {
		j, err := value.ToJSON(a.Value(), "")
		if err != nil {
			return exit(ExitInternal, "%v", err)
		}
		out[i] = j.Text
	}
	return encode(cmd.OutOrStdout(), out)
}

func agentsTest() *cobra.Command {
	var file, task, data string
	var timeout time.Duration
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "test NAME",
		Short: "Give one agent a task and show its answer",
		Long: `Test gives an agent a task and shows what it answers.

Exit codes: 0 it answered, 4 there is no such agent, 10 it failed.`,
		Example: `  parallax agents test anna
  parallax agents test anna --task classify --data '{"text": "Lovely."}'`,
		Args: exactArgs(1, "the name of an agent"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			registry, err := loadAgents(cmd, file)
			if err != nil {
				return err
			}
			defer closeAgents(registry, &err)
			var names []string
			for _, a := range registry.Agents() {
				names = append(names, a.Name, a.ID)
			}
			if !slices.Contains(names, args[0]) {
				hint := ""
				if near := diag.Suggest(args[0], names); near != "" {
					hint = "; did you mean " + near + "?"
				}
				return exit(ExitNotFound, "%s has no agent %s%s", file, args[0], hint)
			}
			payload := value.NullValue
			if data != "" {
				if payload, err = value.FromJSON([]byte(data)); err != nil {
					return inputError("--data", data, err)
				}
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			request := value.ObjectOf([]string{"agent", "task", "data"}, []value.Value{value.Str(args[0]), value.Str(task), payload}).Value()
			value.Freeze(request)
			out := registry.Handlers()[effect.Agent].Handle(ctx, &effect.Effect{Kind: effect.Agent, Request: request})
			if out.Err != nil {
				return exit(ExitFailed, "%s", out.Err.Message)
			}
			return printAnswer(cmd, args[0], out.Value, asJSON)
		},
	}
	agentsFlag(cmd, &file)
	cmd.Flags().StringVar(&task, "task", "analyze", "what to do")
	cmd.Flags().StringVar(&data, "data", "", "the data of the task, as JSON")
	cmd.Flags().DurationVar(&timeout, "timeout", 30*time.Second, "how long to wait for the answer")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the whole answer as JSON")
	return cmd
}

// printAnswer prints an agent's answer, see effect.Answer.
func printAnswer(cmd *cobra.Command, name string, answer value.Value, asJSON bool) error {
	get := func(key string) value.Value {
		if p := answer.Plain(); p.Kind() == value.ObjectKind {
			v, _ := p.AsObject().Get(key)
			return v.Plain()
		}
		return value.NullValue
	}
	failure := ""
	if e := get("error"); !e.IsNull() {
		failure = value.Text(e)
	}
	out := cmd.OutOrStdout()
	if asJSON {
		j, err := value.ToJSON(answer, "")
		if err != nil {
			return exit(ExitInternal, "%v", err)
		}
		if err := encode(out, json.RawMessage(j.Text)); err != nil {
			return err
		}
	} else if failure == "" {
		c := get("confidence")
		var confidence *float64
		if c.IsNumber() {
			f := c.Float()
			confidence = &f
		}
		stated := ""
		if s := get("confidenceStated"); s.Kind() == value.Boolean && !s.True() {
			stated = " (assumed: the agent states none)"
		}
		fmt.Fprintf(out, "result:      %s\nconfidence:  %s%s\n", value.Inspect(get("result")), progress.Confidence(confidence), stated)
		if r := get("reasoning"); !r.IsNull() {
			fmt.Fprintf(out, "reasoning:   %s\n", value.Text(r))
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "answered in %s ms\n", value.NumberText(get("durationMs").Float()))
	}
	if failure != "" {
		return exit(ExitFailed, "%s failed: %s", name, failure)
	}
	return nil
}
