package pattern_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

var update = flag.Bool("update", false, "write what the programs of testdata give")

// TestPrograms runs the programs of testdata. Each file holds cases: a line
// "-- title --", a program, and what it gives as "// => value" or
// "// error NAME: message".
func TestPrograms(t *testing.T) {
	std := library.Std()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no test data", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for _, c := range strings.Split(string(data), "\n-- ") {
			title, rest, _ := strings.Cut(strings.TrimPrefix(c, "-- "), " --\n")
			program, want, _ := strings.Cut(rest, "// ")
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar")+"/"+title, func(t *testing.T) {
				got := outcome(t, std, program)
				out.WriteString("-- " + title + " --\n" + strings.TrimSpace(program) + "\n// " + got + "\n\n")
				if want = strings.TrimSpace(want); got != want && !*update {
					t.Errorf("%s\ngot  %s\nwant %s", program, got, want)
				}
			})
		}
		if *update {
			if err := os.WriteFile(name, []byte(strings.TrimSpace(out.String())+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func outcome(t *testing.T, std *vm.Library, program string) string {
	t.Helper()
	res, list := build.Compile(source.NewFile("test.prism", program), build.Options{})
	if list.HasErrors() {
		t.Fatal(list[0], "\n", program)
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
		return "error " + r.Error.Name + ": " + r.Error.Message
	}
	return "=> " + value.Inspect(r.Value)
}
