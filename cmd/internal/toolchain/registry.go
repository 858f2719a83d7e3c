package toolchain

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport"
	"github.com/parallaxai/parallax/runtime/agent/transport/prism"
)

const (
	projectFile = "prism.yaml" // marks the root of a project
	agentsFile  = "agents.yaml"
)

// agentFlags say where agents come from.
type agentFlags struct {
	file   string
	inline []string
}

func (f *agentFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "agents", "", "file that describes the agents; without it, what the project's prism.yaml says, else the agents.yaml beside the program")
	cmd.Flags().StringArrayVar(&f.inline, "agent", nil, "one agent: name[:capability,...]=spec, such as a=http://localhost:8080, a=exec:./program, a=mock:yes@0.9")
}

// registry makes the agents for a program: those of the file, else of the
// project that the program belongs to, else of the agents.yaml beside it, then
// those given one by one. A list with
// errors comes without a registry; the caller closes the registry.
func (f *agentFlags) registry(cmd *cobra.Command, program string) (*agent.Registry, diag.List, error) {
	r := &agent.Registry{}
	opts := agentOptions(r)
	opts.Log = slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	list, err := f.read(r, program, opts)
	if err == nil && !list.HasErrors() {
		for _, text := range f.inline {
			if err = r.ReadInline(text, opts); err != nil {
				err = exit(ExitUsage, "%v", err)
				break
			}
		}
	}
	if err != nil || list.HasErrors() {
		return nil, list, errors.Join(err, r.Close())
	}
	context.AfterFunc(cmd.Context(), r.Abort) // nobody waits for programs after an interrupt
	return r, list, nil
}

// agentOptions says how agents may be called; patterns that are agents ask those
// of the registry.
func agentOptions(r *agent.Registry) agent.Options {
	opts := transport.Options()
	opts.Kinds = append(opts.Kinds, prism.Kind(prism.Host{Compile: compilePattern, Handlers: r.Handlers}))
	return opts
}

// closeAgents closes a registry at the end of a command that returns *err.
func closeAgents(r *agent.Registry, err *error) { *err = errors.Join(*err, r.Close()) }

func (f *agentFlags) read(r *agent.Registry, program string, opts agent.Options) (diag.List, error) {
	if f.file != "" {
		return readAgents(r, f.file, opts)
	}
	if name := findProject(program); name != "" {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, exit(ExitInternal, "%v", err)
		}
		opts.Dir = filepath.Dir(name)
		path, list := r.ReadProject(source.NewFile(filepath.ToSlash(name), string(text)), opts)
		if list.HasErrors() {
			return list, nil
		}
		if path != "" {
			return readAgents(r, filepath.Join(opts.Dir, filepath.FromSlash(path)), opts)
		}
		if len(r.Agents()) > 0 {
			return list, nil
		}
	}
	if program == "-" {
		return nil, nil
	}
	beside := filepath.Join(filepath.Dir(program), agentsFile)
	if info, err := os.Stat(beside); err != nil || !info.Mode().IsRegular() {
		return nil, nil // no program needs one
	}
	return readAgents(r, beside, opts)
}

func readAgents(r *agent.Registry, name string, opts agent.Options) (diag.List, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, exit(ExitNotFound, "there is no file %s", name)
	}
	if err != nil {
		return nil, exit(ExitInternal, "%v", err)
	}
	opts.Dir = filepath.Dir(name)
	return r.Read(source.NewFile(filepath.ToSlash(name), string(text)), opts), nil
}

// findProject returns the prism.yaml in the folder of a program or above, ""
// without.
func findProject(program string) string {
	here, err := filepath.Abs(".")
	if err != nil {
		return ""
	}
	dir := filepath.Join(here, filepath.Dir(program))
	if filepath.IsAbs(program) {
		dir = filepath.Dir(program)
	}
	for {
		name := filepath.Join(dir, projectFile)
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			if rel, err := filepath.Rel(here, name); err == nil && filepath.IsLocal(rel) {
				return rel
			}
			return name
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}
