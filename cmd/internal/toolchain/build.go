package toolchain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/compiler/pattern"
	"github.com/parallaxai/parallax/compiler/pattern/shape"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/format"
	"github.com/parallaxai/parallax/prism/source"
)

// buildFlags are the flags of build.
type buildFlags struct {
	output, emit string
	watch        bool
}

// stages are what --emit takes, with the extension of files that hold it.
var stages = map[string]string{
	"": ".prismc", "prism": ".prism", "ast": ".ast", "ir": ".ir", "bytecode": ".bytecode", "schema": ".schema.json",
	yamlSchema: ".schema.json",
}

// yamlSchema is the stage that is the same for all patterns: the JSON Schema of
// their YAML.
const yamlSchema = "yaml-schema"

// Build returns "build".
func Build() *cobra.Command {
	var f buildFlags
	cmd := &cobra.Command{
		Use:   "build [PATHS]",
		Short: "Compile programs to .prismc artefacts",
		Long: `Build compiles each program with everything it imports into one artefact beside
it, byte for byte the same for the same sources. "prism run" takes artefacts as
well as programs. A directory means all programs below it; without paths it is
the current one; "-" is standard input. With --emit it prints a stage of the
compilation instead: prism is what a pattern in YAML means, schema the JSON Schema
of a program's input; yaml-schema, which needs no paths, that of patterns in YAML,
for editors. With --watch it goes on and builds again what changes.

Exit codes: 0 done, 4 no such file, 9 a program has errors.`,
		Example: `  prism build verdict.prism              writes verdict.prismc
  prism build verdict.prism -o out/v.prismc
  prism build patterns/ -o out/          writes out/NAME.prismc of each
  prism build verdict.prism --emit bytecode
  prism build verdict.prism --emit schema
  prism build . --watch`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, ok := stages[f.emit]; !ok {
				return exit(ExitUsage, "--emit is prism, ast, ir, bytecode, schema or yaml-schema, not %q", f.emit)
			}
			if f.emit == yamlSchema {
				return emitYAMLSchema(cmd, f.output)
			}
			if f.watch {
				return watchBuild(cmd, args, f)
			}
			_, err := buildAll(cmd, args, f)
			return err
		},
	}
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "the file to write, or the folder with several programs (default: beside each program)")
	cmd.Flags().StringVar(&f.emit, "emit", "", "print a stage instead: prism, ast, ir, bytecode, schema or yaml-schema")
	cmd.Flags().BoolVar(&f.watch, "watch", false, "build again whenever a source changes, until interrupted")
	return cmd
}

// emitYAMLSchema prints the JSON Schema of patterns in YAML, or writes it to a file.
func emitYAMLSchema(cmd *cobra.Command, output string) error {
	text, err := json.MarshalIndent(shape.JSONSchema(), "", "  ")
	if err != nil {
		return exit(ExitInternal, "encode the schema: %v", err)
	}
	text = append(text, '\n')
	if output == "" {
		if _, err := cmd.OutOrStdout().Write(text); err != nil {
			return exit(ExitInternal, "print the schema: %v", err)
		}
		return nil
	}
	if err := writeFile(output, text); err != nil {
		return exit(ExitInternal, "%v", err)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s\n", filepath.ToSlash(output))
	return nil
}

// buildAll builds what the arguments name and returns the sources that were
// read, imported ones included.
func buildAll(cmd *cobra.Command, args []string, f buildFlags) (sources []string, err error) {
	files, err := expand(args)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, exit(ExitNotFound, "there is no program in %s", strings.Join(args, ", "))
	}
	if f.output != "" && len(files) > 1 {
		if info, err := os.Stat(f.output); err == nil && !info.IsDir() {
			return nil, exit(ExitUsage, "-o is a folder when there are several programs; %s is a file", f.output)
		}
	}
	var failed error
	for _, name := range files {
		read, err := buildFile(cmd, name, len(files) > 1, args, f)
		sources = append(sources, read...)
		if err != nil {
			failed = err
		}
	}
	return sources, failed
}

// buildFile builds one program.
func buildFile(cmd *cobra.Command, name string, several bool, args []string, f buildFlags) (sources []string, err error) {
	sources = []string{name}
	file, err := read(cmd, name)
	if err != nil {
		return sources, err
	}
	text, sources, list, err := stage(file, f.emit)
	if err := report(cmd, list); err != nil {
		return sources, err
	}
	switch {
	case err != nil:
		return sources, exit(ExitInternal, "%v", err)
	case list.HasErrors():
		return sources, exit(ExitInvalid, "%s: %s", file.Name, diag.Summary(list))
	}
	target, err := f.target(name, several, args)
	switch {
	case err != nil:
		return sources, err
	case target == "":
		if several && f.emit != "schema" {
			fmt.Fprintf(cmd.OutOrStdout(), "// %s\n", file.Name)
		}
		if _, err := cmd.OutOrStdout().Write(text); err != nil {
			return sources, exit(ExitInternal, "print the stage: %v", err)
		}
		return sources, nil
	}
	if old, err := os.ReadFile(target); f.watch && err == nil && bytes.Equal(old, text) {
		return sources, nil // so that a stage written among the sources is no change
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return sources, exit(ExitInternal, "%v", err)
	}
	if err := writeFile(target, text); err != nil {
		return sources, exit(ExitInternal, "%v", err)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s\n", filepath.ToSlash(target))
	return sources, nil
}

// target is the file to write for a program; "" is standard output.
func (f buildFlags) target(name string, several bool, args []string) (string, error) {
	extension := stages[f.emit]
	folder := several || strings.HasSuffix(f.output, "/")
	if info, err := os.Stat(f.output); err == nil && info.IsDir() {
		folder = true
	}
	switch {
	case f.output == "" && f.emit != "":
		return "", nil
	case f.output == "" && name == "-":
		return "", exit(ExitUsage, "a program from standard input needs -o")
	case f.output == "":
		return strings.TrimSuffix(name, filepath.Ext(name)) + extension, nil
	case !folder:
		return f.output, nil
	case name == "-":
		return filepath.Join(f.output, "stdin"+extension), nil
	}
	// Below the folder a program keeps its place below the argument it came from.
	within := filepath.Base(name)
	for _, arg := range args {
		if rel, err := filepath.Rel(arg, name); err == nil && rel != "." && filepath.IsLocal(rel) {
			within = rel
			break
		}
	}
	return filepath.Join(f.output, strings.TrimSuffix(within, filepath.Ext(within))+extension), nil
}

// stage compiles a program as far as asked. It returns the text of the stage, or
// the artefact, and the files that were read.
func stage(file *source.File, emit string) (text []byte, sources []string, list diag.List, err error) {
	var out bytes.Buffer
	if emit == "prism" || emit == "ast" {
		tree, list := pattern.Parse(file)
		switch {
		case list.HasErrors():
		case emit == "ast":
			out.WriteString(ast.Dump(tree))
		default:
			out.WriteString(format.Node(tree))
		}
		return out.Bytes(), []string{file.Name}, list, nil
	}
	res, list := build.Compile(file, build.Options{Loader: module.Dir("."), Library: librarySource(file.Name)})
	for _, m := range res.Graph.Modules {
		if !m.Std() {
			sources = append(sources, m.File.Source.Name)
		}
	}
	if list.HasErrors() {
		return nil, sources, list, nil
	}
	switch emit {
	case "ir":
		err = ir.Print(&out, res.IR)
	case "bytecode":
		err = bytecode.Disassemble(&out, res.Program)
	case "schema":
		schema := res.Program.Meta.Input
		if schema == nil {
			schema = []byte("true")
		}
		fmt.Fprintf(&out, "%s\n", schema)
	default:
		out.Write(bytecode.Encode(res.Program))
	}
	return out.Bytes(), sources, list, err
}

// watchBuild builds, and builds again after every change of a source, until the
// command is interrupted.
func watchBuild(cmd *cobra.Command, args []string, f buildFlags) error {
	if slices.Contains(args, "-") {
		return exit(ExitUsage, "--watch goes with files, not with standard input")
	}
	w, err := newWatcher()
	if err != nil {
		return exit(ExitInternal, "watch the sources: %v", err)
	}
	defer w.Close()
	folders, err := foldersOf(args, nil)
	if err != nil {
		return err
	}
	for {
		if err := w.Follow(folders); err != nil {
			return exit(ExitInternal, "watch the sources: %v", err)
		}
		sources, err := buildAll(cmd, args, f)
		var e *exitError
		switch {
		case errors.As(err, &e) && e.code == ExitInvalid:
			fmt.Fprintln(cmd.ErrOrStderr(), e.message)
		case err != nil:
			return err
		}
		if folders, err = foldersOf(args, sources); err != nil {
			return err
		}
		if err := w.Follow(folders); err != nil {
			return exit(ExitInternal, "watch the sources: %v", err)
		}
		fmt.Fprintln(cmd.ErrOrStderr(), "watching for changes; stop with Ctrl-C")
		switch err := w.Changed(cmd.Context()); {
		case cmd.Context().Err() != nil:
			return nil
		case err != nil:
			return exit(ExitInternal, "watch the sources: %v", err)
		}
	}
}
