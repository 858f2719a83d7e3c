package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// IsTest reports whether a file is one of tests, by its name.
func IsTest(path string) bool {
	base := filepath.Base(path)
	return strings.HasSuffix(base, ".test.yaml") || strings.HasSuffix(base, ".test.yml") || strings.HasSuffix(base, "_test.prism")
}

// Find returns the files of tests that paths stand for, sorted: a file itself, of
// a pattern those beside it, of a folder (with or without "/...") all below it
// except in hidden folders and node_modules. The error is an fs.ErrNotExist for
// a path that is not there.
func Find(paths []string) ([]string, error) {
	var found []string
	for _, p := range paths {
		p = strings.TrimSuffix(strings.TrimSuffix(p, "..."), "/")
		if p == "" {
			p = "."
		}
		info, err := os.Stat(p)
		switch {
		case err != nil:
			return nil, err
		case info.IsDir():
			below, err := walk(p)
			if err != nil {
				return nil, err
			}
			found = append(found, below...)
		case IsTest(p):
			found = append(found, filepath.ToSlash(p))
		default:
			beside, err := besides(p)
			if err != nil {
				return nil, err
			}
			if len(beside) == 0 {
				return nil, fmt.Errorf("%s is no file of tests and has none beside it", p)
			}
			found = append(found, beside...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

func walk(root string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return filepath.SkipDir
		case !d.IsDir() && IsTest(path):
			found = append(found, filepath.ToSlash(path))
		}
		return nil
	})
	return found, err
}

// besides returns the files of tests of a pattern.
func besides(pattern string) ([]string, error) {
	stem := strings.TrimSuffix(pattern, filepath.Ext(pattern))
	var found []string
	for _, end := range []string{".test.yaml", ".test.yml", "_test.prism"} {
		_, err := os.Stat(stem + end)
		if err == nil {
			found = append(found, filepath.ToSlash(stem+end))
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return found, nil
}

// patternBeside returns the pattern that a file of cases tests when it names
// none; "" when there is none.
func patternBeside(path string) string {
	stem := strings.TrimSuffix(strings.TrimSuffix(path, ".test.yaml"), ".test.yml")
	for _, end := range []string{".prism", ".yaml", ".yml", ".org.yaml"} {
		if _, err := os.Stat(stem + end); err == nil {
			return stem + end
		}
	}
	return ""
}

// recordingOf returns the name of the recording of a file of tests.
func recordingOf(path string) string {
	for _, end := range []string{".test.yaml", ".test.yml", "_test.prism"} {
		if stem, ok := strings.CutSuffix(path, end); ok {
			return stem + ".recorded.json"
		}
	}
	return path + ".recorded.json"
}
