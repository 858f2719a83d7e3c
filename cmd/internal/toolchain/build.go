package toolchain

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/compiler/pattern"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/format"
)

// Build returns "build".
func Build() *cobra.Command {
	var output, emit string
	cmd := &cobra.Command{
		Use:   "build [PATHS]",
		Short: "Compile programs to .prismc artefacts",
		Long: `Build compiles each program with everything it imports into one artefact beside
it, byte for byte the same for the same sources. "prism run" takes artefacts as
well as programs. With --emit it prints a stage of the compilation instead.`,
		Example: `  prism build verdict.prism              writes verdict.prismc
  prism build verdict.prism -o out/v.prismc
  prism build verdict.prism --emit bytecode
  prism build verdict.prism --emit schema`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return exit(ExitUsage, "give the files to build")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := expand(args)
			if err != nil {
				return err
			}
			if output != "" && len(files) != 1 {
				return exit(ExitUsage, "-o goes with one file, not %d", len(files))
			}
			var failed error
			for _, name := range files {
				if err := buildFile(cmd, name, output, emit); err != nil {
					failed = err
				}
			}
			return failed
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "the file to write (default: the program's name with .prismc)")
	cmd.Flags().StringVar(&emit, "emit", "", "print a stage instead: prism, ast, ir, bytecode or schema")
	return cmd
}

func buildFile(cmd *cobra.Command, name, output, emit string) error {
	file, err := read(cmd, name)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	var text bytes.Buffer
	switch emit {
	case "prism", "ast":
		tree, list := pattern.Parse(file)
		if err := report(cmd, list); err != nil {
			return err
		}
		if list.HasErrors() {
			return exit(ExitInvalid, "%s", diag.Summary(list))
		}
		if emit == "ast" {
			text.WriteString(ast.Dump(tree))
		} else {
			text.WriteString(format.Node(tree))
		}
	case "", "ir", "bytecode", "schema":
		res, list := build.Compile(file, build.Options{Loader: module.Dir(".")})
		if err := report(cmd, list); err != nil {
			return err
		}
		if list.HasErrors() {
			return exit(ExitInvalid, "%s", diag.Summary(list))
		}
		switch emit {
		case "ir":
			err = ir.Print(&text, res.IR)
		case "bytecode":
			err = bytecode.Disassemble(&text, res.Program)
		case "schema":
			schema := res.Program.Meta.Input
			if schema == nil {
				schema = []byte("true")
			}
			fmt.Fprintf(&text, "%s\n", schema)
		default:
			if output == "" {
				if name == "-" {
					return exit(ExitUsage, "a program from standard input needs -o")
				}
				output = strings.TrimSuffix(name, filepath.Ext(name)) + ".prismc"
			}
			if err := writeFile(output, bytecode.Encode(res.Program)); err != nil {
				return exit(ExitInternal, "%v", err)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s\n", filepath.ToSlash(output))
			return nil
		}
	default:
		return exit(ExitUsage, "--emit is prism, ast, ir, bytecode or schema, not %q", emit)
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
	if _, err := out.Write(text.Bytes()); err != nil {
		return exit(ExitInternal, "%v", err)
	}
	return nil
}
