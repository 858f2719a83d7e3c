package module

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/prism/source"
)

// Loader gives the text of modules. Paths are separated by slashes and clean.
type Loader interface {
	// Load returns the source of the module at a path. An error for which
	// errors.Is(err, fs.ErrNotExist) holds means that there is none.
	Load(path string) (*source.File, error)
}

// A Loader that can have several paths for one module implements Canonical:
// paths of the same module have the same canonical path.
type canonicalizer interface {
	Canonical(path string) (string, error)
}

// A Loader that knows which modules there are implements List: the names of
// the entries of a folder, for near spellings.
type lister interface {
	List(dir string) []string
}

// noModules is the loader of programs that have no files of their own.
type noModules struct{}

func (noModules) Load(name string) (*source.File, error) {
	return nil, fmt.Errorf("open module %s: %w", name, fs.ErrNotExist)
}

// maxFileSize bounds what is read of one module, in bytes.
const maxFileSize = 64 << 20

// Dir loads modules from the file system. Paths that are not absolute start at
// its folder, and "../x" may lead out of it. It is meant for tools that a
// person runs on files of their own.
type Dir string

// Load reads a regular file.
func (d Dir) Load(name string) (*source.File, error) {
	// Opening a pipe would wait for its writer, so look at the kind first.
	if info, err := os.Stat(d.file(name)); err != nil {
		return nil, fmt.Errorf("open module: %w", err)
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("open module %s: %w", name, errNotModule)
	}
	f, err := os.Open(d.file(name))
	if err != nil {
		return nil, fmt.Errorf("open module: %w", err)
	}
	defer f.Close()
	text, err := readModule(f, name)
	if err != nil {
		return nil, err
	}
	return source.NewFile(name, text), nil
}

// Canonical follows symbolic links. Paths inside the folder are relative to it,
// others absolute.
func (d Dir) Canonical(name string) (string, error) {
	real, err := filepath.EvalSymlinks(d.file(name))
	if err != nil {
		return "", fmt.Errorf("resolve module path: %w", err)
	}
	if real, err = filepath.Abs(real); err != nil {
		return "", fmt.Errorf("resolve module path: %w", err)
	}
	root, err := filepath.EvalSymlinks(d.file("."))
	if err == nil {
		root, err = filepath.Abs(root)
	}
	if err != nil {
		return "", fmt.Errorf("resolve module root: %w", err)
	}
	if rel, err := filepath.Rel(root, real); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return filepath.ToSlash(rel), nil
	}
	return filepath.ToSlash(real), nil
}

// List returns the names of the entries of a folder; none when it can't be read.
func (d Dir) List(dir string) []string {
	entries, err := os.ReadDir(d.file(dir))
	if err != nil {
		return nil // the folder is missing, and that is what gets reported
	}
	return entryNames(entries)
}

func (d Dir) file(name string) string {
	if path.IsAbs(name) || filepath.IsAbs(name) {
		return filepath.FromSlash(name)
	}
	root := string(d)
	if root == "" {
		root = "."
	}
	return filepath.Join(root, filepath.FromSlash(name))
}

// Files is a Loader over texts in memory, by path.
type Files map[string]string

// Load returns the text of a path.
func (f Files) Load(name string) (*source.File, error) {
	text, ok := f[name]
	if !ok {
		return nil, fmt.Errorf("open module %s: %w", name, fs.ErrNotExist)
	}
	return source.NewFile(name, text), nil
}

// List returns the names of the files and folders in a folder.
func (f Files) List(dir string) []string {
	var names []string
	for name := range f {
		rest := name
		if dir != "." {
			var ok bool
			if rest, ok = strings.CutPrefix(name, dir+"/"); !ok {
				continue
			}
		}
		first, _, _ := strings.Cut(rest, "/")
		names = append(names, first)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// stdPrefix begins the paths of the standard library.
const stdPrefix = "std/"

// stdLoader loads the modules of the standard library.
type stdLoader struct{ fsys fs.FS }

func (s stdLoader) Load(name string) (*source.File, error) {
	if s.fsys == nil {
		return nil, fmt.Errorf("open module %s: %w", name, fs.ErrNotExist)
	}
	f, err := s.fsys.Open(strings.TrimPrefix(name, stdPrefix) + extension)
	if err != nil {
		if errors.Is(err, fs.ErrInvalid) {
			err = fs.ErrNotExist
		}
		return nil, fmt.Errorf("open module: %w", err)
	}
	defer f.Close()
	text, err := readModule(f, name)
	if err != nil {
		return nil, err
	}
	return source.NewFile(name+extension, text), nil
}

func (s stdLoader) List(dir string) []string {
	if s.fsys == nil {
		return nil
	}
	dir = strings.TrimPrefix(strings.TrimPrefix(dir, "std"), "/")
	if dir == "" {
		dir = "."
	}
	entries, err := fs.ReadDir(s.fsys, dir)
	if err != nil {
		return nil // as for Dir
	}
	return entryNames(entries)
}

func entryNames(entries []fs.DirEntry) []string {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

// errNotModule is what loading a folder or a device fails with.
var errNotModule = errors.New("not a regular file")

func readModule(f fs.File, name string) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("read module: %w", err)
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("read module %s: %w", name, errNotModule)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err != nil {
		return "", fmt.Errorf("read module: %w", err)
	}
	if len(text) > maxFileSize {
		return "", fmt.Errorf("read module %s: larger than %d MB", name, maxFileSize>>20)
	}
	return string(text), nil
}
