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

	"github.com/parallaxai/parallax/prism/source"
)

// expand turns arguments into files: a directory means all patterns below it.
// Hidden folders and node_modules are left out.
func expand(args []string) ([]string, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	var files []string
	for _, arg := range args {
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
				if path != arg && (strings.HasPrefix(name, ".") || name == "node_modules") {
					return filepath.SkipDir
				}
				return nil
			}
			if strings.HasSuffix(name, ".prism") {
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			return nil, exit(ExitInternal, "%v", err)
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
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
	text, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, exit(ExitNotFound, "there is no file %s", name)
	case err != nil:
		return nil, exit(ExitInternal, "%v", err)
	}
	return source.NewFile(filepath.ToSlash(name), string(text)), nil
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
