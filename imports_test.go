package prism_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const modulePath = "github.com/parallaxai/parallax/"

// allowed says for each tree which other trees of this module it may import.
// Test files may import more.
var allowed = map[string][]string{
	"prism":    {"prism"},
	"stdlib":   {},
	"compiler": {"prism", "compiler", "stdlib"},
	"runtime":  {"runtime", "compiler/bytecode", "prism/diag", "prism/source"},
	"cmd":      {"cmd", "prism", "compiler", "runtime", "stdlib"},
}

// unsafeAllowed are the packages whose representation of values is worth it, and
// what the generator for protocol buffers writes.
var unsafeAllowed = []string{"runtime/value", "runtime/vm", "runtime/agent/transport/grpcagent/confidencepb"}

// TestImports checks that imports point one way: prism <- compiler <- runtime <-
// cmd, and that nothing imports cmd.
func TestImports(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != "." {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		tree, _, _ := strings.Cut(dir, "/")
		rules, ok := allowed[tree]
		if !ok {
			return nil
		}
		files++
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if name == "unsafe" && !contains(unsafeAllowed, dir) {
				t.Errorf("%s imports unsafe", path)
			}
			if own, ok := strings.CutPrefix(name, modulePath); ok && !contains(rules, own) {
				t.Errorf("%s must not import %s", path, own)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files were looked at", files)
	}
}

// contains reports whether a package is one of the trees or below one.
func contains(trees []string, pkg string) bool {
	for _, tree := range trees {
		if pkg == tree || strings.HasPrefix(pkg, tree+"/") {
			return true
		}
	}
	return false
}
