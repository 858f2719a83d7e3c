package library_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parallaxai/parallax/compiler/build"
	catalogue "github.com/parallaxai/parallax/compiler/library"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// TestCatalogueIsComplete compares the catalogue with what there is: every native
// has its entry with the same number of arguments, every native entry exists.
func TestCatalogueIsComplete(t *testing.T) {
	std := library.Std()
	natives := map[string]value.Value{}
	add := func(name string, v value.Value) {
		if !strings.HasPrefix(name, "__") {
			natives[name] = v
		}
	}
	for name, v := range std.Globals {
		add(name, v)
		for member, m := range vm.Members(v) {
			add(name+"."+member, m)
		}
		if v.Kind() == value.ObjectKind {
			for member, m := range v.AsObject().All() {
				add(name+"."+member, m)
			}
		}
	}
	for name, n := range std.Methods {
		add(name, n.Value())
	}
	for name, v := range natives {
		e, ok := catalogue.Lookup(name)
		if !ok {
			t.Errorf("%s is not in the catalogue", name)
			continue
		}
		if _, min, max, ok := vm.Describe(v); ok && strings.Contains(e.Signature, "(") && (min != e.MinArgs || max != e.MaxArgs) {
			t.Errorf("%s takes %d to %d arguments; the catalogue says %d to %d", name, min, max, e.MinArgs, e.MaxArgs)
		}
	}
	for _, e := range catalogue.All() {
		if e.Host || e.Module != "" || strings.HasSuffix(e.Name, ".length") {
			continue
		}
		if _, ok := natives[e.Name]; !ok {
			t.Errorf("the catalogue has %s, which is not implemented", e.Name)
		}
	}
}

// TestExamples runs the example of every entry.
func TestExamples(t *testing.T) {
	std := library.Std()
	for _, e := range catalogue.All() {
		t.Run(e.Name, func(t *testing.T) {
			if e.Signature == "" || e.Doc == "" || e.Category == "" || e.Example == "" {
				t.Fatal("the entry is not complete")
			}
			res, list := build.Compile(source.NewFile("example.prism", e.Example), build.Options{})
			if list.HasErrors() {
				t.Fatal(list[0], "\n", e.Example)
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
				t.Fatalf("%s\n%s", r.Error.Message, e.Example)
			}
			want, conf := "", "none"
			for _, line := range strings.Split(e.Example, "\n") {
				if v, ok := strings.CutPrefix(line, "// => "); ok {
					want = v
				}
				if c, ok := strings.CutPrefix(line, "// ~ "); ok {
					conf = c
				}
			}
			if got := value.Inspect(r.Value.Plain()); got != want {
				t.Errorf("got %s, want %s\n%s", got, want, e.Example)
			}
			got := "none"
			if c, ok := r.Value.Confidence(); ok {
				got = strconv.FormatFloat(c, 'g', 12, 64)
			}
			if got != conf {
				t.Errorf("confidence %s, want %s\n%s", got, conf, e.Example)
			}
		})
	}
}
