package prism_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestContributing: the table of CONTRIBUTING.md names folders that exist, and
// every package of the toolchain stands in it or below one that does.
func TestContributing(t *testing.T) {
	data, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(line, "|")
		if len(cells) != 4 {
			continue
		}
		for _, m := range regexp.MustCompile("`([a-z/]+)`").FindAllStringSubmatch(cells[1], -1) {
			named[m[1]] = true
			if info, err := os.Stat(m[1]); err != nil || !info.IsDir() {
				t.Errorf("CONTRIBUTING.md names %s, which is no folder", m[1])
			}
		}
	}
	for _, tree := range []string{"prism", "compiler", "runtime", "stdlib"} {
		err := filepath.WalkDir(tree, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.Contains(path, "/internal/") {
				return err
			}
			for dir := filepath.ToSlash(filepath.Dir(path)); ; dir = filepath.ToSlash(filepath.Dir(dir)) {
				if named[dir] {
					return nil
				}
				if dir == "." {
					t.Errorf("CONTRIBUTING.md does not say what %s is for", filepath.Dir(path))
					return nil
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
