package schema_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/schema"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	check "github.com/parallaxai/parallax/runtime/schema"
	"github.com/parallaxai/parallax/runtime/value"
)

var update = flag.Bool("update", false, "rewrite what the cases expect")

// TestCases reads testdata/*.txtar: input.yaml holds fields, or value.yaml the
// schema of a value. "errors" is what is said about it, "accepted" and "refused"
// are lines "JSON => what comes out".
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 5 {
		t.Fatal("no cases", files, err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				rewrite(t, name, a)
				return
			}
			parts := map[string]string{}
			for _, f := range a.Files {
				parts[f.Name] = string(f.Data)
			}
			got := run(t, parts)
			for part, text := range got {
				if diff := cmp.Diff(parts[part], text); diff != "" {
					t.Errorf("%s (-want +got):\n%s", part, diff)
				}
			}
		})
	}
}

// rewrite changes what a case expects to what it gives.
func rewrite(t *testing.T, name string, a *txtar.Archive) {
	parts := map[string]string{}
	for _, f := range a.Files {
		parts[f.Name] = string(f.Data)
	}
	got := run(t, parts)
	for i, f := range a.Files {
		if text, ok := got[f.Name]; ok {
			a.Files[i].Data = []byte(text)
		}
	}
	if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
		t.Fatal(err)
	}
}

// run gives the parts "errors" and "values" of a case.
func run(t *testing.T, parts map[string]string) map[string]string {
	t.Helper()
	text, read := parts["input.yaml"], schema.Input
	if text == "" {
		text, read = parts["value.yaml"], schema.Value
	}
	f := source.NewFile("p.yaml", text)
	root, list := document.Parse(f)
	if root == nil {
		t.Fatal(list)
	}
	r := &document.Reader{File: f}
	made := read(r, root.Get("input"), "input")
	r.List.Sort()
	got := map[string]string{}
	if _, ok := parts["errors"]; ok || len(r.List) > 0 {
		var b strings.Builder
		for _, d := range r.List {
			fmt.Fprintln(&b, strings.TrimPrefix(d.Error(), "p.yaml:"))
		}
		got["errors"] = b.String()
	}
	if r.List.HasErrors() {
		return got
	}
	data, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	s, err := check.Compile(data)
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	var b bytes.Buffer
	for line := range strings.Lines(parts["values"]) {
		in, _, _ := strings.Cut(strings.TrimSpace(line), " => ")
		v, err := value.FromJSON([]byte(in))
		if err != nil {
			t.Fatalf("%s: %v", in, err)
		}
		out, bad := s.Accept(v)
		if bad != nil {
			fmt.Fprintf(&b, "%s => %s\n", in, strings.Join(bad, "; "))
			continue
		}
		j, err := value.ToJSON(out, "")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s => %s\n", in, j.Text)
	}
	got["values"] = b.String()
	return got
}

func FuzzInput(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(a.Files[0].Data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := source.NewFile("p.yaml", text)
		root, _ := document.Parse(file)
		if root == nil {
			return
		}
		r := &document.Reader{File: file}
		s := schema.Input(r, root.Get("input"), "input")
		if s == nil || r.List.HasErrors() {
			return
		}
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if _, err := check.Compile(data); err != nil {
			t.Fatalf("%q gives %s: %v", text, data, err)
		}
		var errors []*diag.Diagnostic = r.List
		for _, d := range errors {
			if d.Message == "" {
				t.Fatalf("%q: %v", text, d)
			}
		}
	})
}
