package stdlib_test

import (
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/format"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/stdlib"
)

var update = flag.Bool("update", false, "rewrite the expected output")

// TestModulesCompile imports every module and looks at its layout.
func TestModulesCompile(t *testing.T) {
	names, err := fs.Glob(stdlib.FS, "*.prism")
	if err != nil || len(names) < 10 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(stdlib.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		formatted, list := format.Source(source.NewFile(name, string(text)))
		if list.HasErrors() || formatted != string(text) {
			t.Errorf("%s is not formatted: %v", name, list)
		}
		module := "std/" + strings.TrimSuffix(name, ".prism")
		_, list = build.Compile(source.NewFile("test.prism", "import * as m from \""+module+"\"\nm"), build.Options{})
		for _, d := range list {
			t.Errorf("%v", d)
		}
	}
}

// TestPrograms runs testdata/*.prism and compares the values with *.out.
func TestPrograms(t *testing.T) {
	files, err := filepath.Glob("testdata/*.prism")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	std := library.Std()
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			res, list := build.Compile(source.NewFile(file, string(text)), build.Options{})
			if list.HasErrors() {
				t.Fatal(list[0])
			}
			p, err := engine.Load(res.Program, std)
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.Run(context.Background(), value.NullValue, engine.WithVirtualTime(time.Unix(0, 0)))
			if err != nil {
				t.Fatal(err)
			}
			if r.Error != nil {
				t.Fatalf("%s:%d: %s", r.Error.File, r.Error.Line, r.Error.Message)
			}
			var b strings.Builder
			for _, e := range r.Value.Plain().AsArray().Elems() {
				b.WriteString(value.Inspect(e) + "\n")
			}
			golden := strings.TrimSuffix(file, ".prism") + ".out"
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
