package graph_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/graph"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
)

var update = flag.Bool("update", false, "rewrite the expected pictures")

var formats = map[string]func(*graph.Graph, io.Writer) error{"mmd": (*graph.Graph).Mermaid, "dot": (*graph.Graph).DOT, "svg": (*graph.Graph).SVG}

// TestPictures compares the graphs of patterns with the files beside them.
func TestPictures(t *testing.T) {
	var files []string
	for _, ext := range []string{"*.prism", "*.yaml"} {
		found, err := filepath.Glob("testdata/" + ext)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 5 {
		t.Fatalf("only %d patterns", len(files))
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		res, list := build.Compile(source.NewFile(filepath.Base(name), string(text)), build.Options{})
		if list.HasErrors() {
			t.Fatal(list[0])
		}
		for ext, write := range formats {
			t.Run(filepath.Base(name)+" "+ext, func(t *testing.T) {
				var first, second bytes.Buffer
				for _, b := range []*bytes.Buffer{&first, &second} {
					if err := write(graph.Build(res.Graph.Entry().File, res.Program.Meta.Name, ""), b); err != nil {
						t.Fatal(err)
					}
				}
				if first.String() != second.String() {
					t.Error("two pictures of the same pattern differ")
				}
				golden := name + "." + ext
				if *update {
					if err := os.WriteFile(golden, first.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), first.String()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// wellFormed reads all of an XML text.
func wellFormed(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// TestHostileLabels has labels that try to become something else.
func TestHostileLabels(t *testing.T) {
	hostile := "</text><script>alert(1)</script> \"];n0-->n1\x00\x1b & `|`\n"
	src := "ask(" + fmt.Sprintf("%q", "</text><script>x</script> \\\"|n0;`&#35;") + ")\n"
	file, list := parser.ParseFile(source.NewFile("p.prism", src))
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	g := graph.Build(file, hostile, "")
	g.Edges = append(g.Edges, graph.Edge{From: 0, To: 0, Label: hostile})
	var svg, mermaid, dot bytes.Buffer
	if err := errors.Join(g.SVG(&svg), g.Mermaid(&mermaid), g.DOT(&dot)); err != nil {
		t.Fatal(err)
	}
	if err := wellFormed(svg.Bytes()); err != nil {
		t.Errorf("the SVG is not well-formed: %v\n%s", err, svg.String())
	}
	for name, text := range map[string]string{"SVG": svg.String(), "Mermaid": mermaid.String()} {
		if strings.Contains(text, "<script") {
			t.Errorf("a label becomes part of the %s:\n%s", name, text)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(mermaid.String()), "\n")[4:] {
		if strings.Count(line, `"`)%2 != 0 {
			t.Errorf("an open quote in Mermaid: %s", line)
		}
	}
}

// TestLargePatterns are drawn up to a limit, in short time.
func TestLargePatterns(t *testing.T) {
	var src strings.Builder
	for i := range 60 {
		fmt.Fprintf(&src, "fn f%d(x) {\n", i)
		for range 30 {
			if i < 59 {
				fmt.Fprintf(&src, "  f%d(x)\n", i+1)
			} else {
				src.WriteString("  call(\"a\", \"b\", x)\n")
			}
		}
		src.WriteString("}\n")
	}
	src.WriteString("f57(1)\nf0(1)\n")
	file, list := parser.ParseFile(source.NewFile("p.prism", src.String()))
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	g := graph.Build(file, "large", "")
	if n := len(g.Nodes); n < 300 || n > 410 {
		t.Errorf("%d nodes", n)
	}
	if err := g.SVG(io.Discard); err != nil {
		t.Fatal(err)
	}
}

// FuzzBuild draws any program, also with syntax errors.
func FuzzBuild(f *testing.F) {
	files, err := filepath.Glob("testdata/*.prism")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(`run({ steps: [{ type: "switch", cases: [1, { next: "a" }] }, { id: "a", branch: true, type: "loop", steps: [] }, { type: "gate", onFail: {} }] })`)
	f.Add(`assign(); together([() => 1]); office({roles: {a: 1}}); run({validation: {}, fallback: {}, agents: {}}); vote(); retry(); fn f() { f() } f()`)
	f.Fuzz(func(t *testing.T, src string) {
		file, _ := parser.ParseFile(source.NewFile("p.prism", src))
		g := graph.Build(file, "p", "")
		for i, e := range g.Edges {
			if e.From < 0 || e.From >= len(g.Nodes) || e.To < 0 || e.To >= len(g.Nodes) {
				t.Fatalf("edge %d leads from %d to %d of %d nodes", i, e.From, e.To, len(g.Nodes))
			}
		}
		var svg bytes.Buffer
		if err := errors.Join(g.SVG(&svg), g.Mermaid(io.Discard), g.DOT(io.Discard)); err != nil {
			t.Fatal(err)
		}
		if err := wellFormed(svg.Bytes()); err != nil {
			t.Errorf("the SVG is not well-formed: %v", err)
		}
	})
}
