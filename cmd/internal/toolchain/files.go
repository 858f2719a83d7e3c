package toolchain

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/pattern"
	"github.com/parallaxai/parallax/prism/source"
)

// expand turns arguments into files: a directory means all patterns below it.
// Hidden folders and node_modules are left out; "-" is standard input.
func expand(args []string) ([]string, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	var files []string
	for _, arg := range args {
		if arg == "-" {
			files = append(files, arg)
			continue
		}
		arg = strings.TrimSuffix(arg, "/...")
		info, err := os.Stat(arg)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, exit(ExitNotFound, "there is no file %s", arg)
		}
		if err != nil {
			return nil, exit(ExitInternal, "%v", err)
		}
		if !info.IsDir() {
			files = append(files, arg)
			continue
		}
		err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name := d.Name()
			if d.IsDir() {
				if skipped(path, arg, name) {
					return filepath.SkipDir
				}
				return nil
			}
			ok, err := isProgram(path)
			if ok {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, exit(ExitInternal, "%v", err)
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// isProgram tells the programs and patterns in a folder from other files. YAML is
// used for so much that only files that look like patterns count.
func isProgram(name string) (bool, error) {
	if strings.HasSuffix(name, ".prism") {
		return true, nil
	}
	if !pattern.IsYAML(name) || pattern.IsConfiguration(name) {
		return false, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return false, fmt.Errorf("look for patterns: %w", err)
	}
	return pattern.LooksLikePattern(name, string(text)), nil
}

// skipped reports whether a folder below the argument root is left out.
func skipped(path, root, name string) bool {
	return path != root && (strings.HasPrefix(name, ".") || name == "node_modules")
}

// read returns a source file; "-" is standard input.
func read(cmd *cobra.Command, name string) (*source.File, error) {
	if name == "-" {
		text, err := io.ReadAll(cmd.InOrStdin())
		if err != nil {
			return nil, exit(ExitInternal, "read standard input: %v", err)
		}
		return source.NewFile("stdin", string(text)), nil
	}
	text, err := readFile(name)
	if err != nil {
		return nil, err
	}
	if bytecode.IsArtefact(text) {
		return nil, exit(ExitUsage, "%s is an artefact that has been built; give its source", name)
	}
	return source.NewFile(filepath.ToSlash(name), string(text)), nil
}

// readFile reads what a person names.
func readFile(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if err == nil {
		return text, nil
	}
	info, statErr := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, exit(ExitNotFound, "there is no file %s", name)
	case statErr == nil && info.IsDir():
		return nil, exit(ExitUsage, "%s is a folder; give a file", name)
	}
	return nil, exit(ExitInternal, "%v", err)
}

// writeFile replaces a file in one step, so that nobody sees half of it.
func writeFile(name string, data []byte) error {
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(mode), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), os.Remove(tmp.Name()))
	}
	return nil
}
