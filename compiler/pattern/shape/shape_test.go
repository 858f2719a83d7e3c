package shape_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"

	"github.com/parallaxai/parallax/compiler/pattern"
	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/shape"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := json.Marshal(shape.JSONSchema())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(jsonschema.SchemeURLLoader{})
	if err := c.AddResource("prism:///pattern", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("prism:///pattern")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSchema holds the schema against patterns: those that the front ends accept
// without a word fit it, and those with mistakes do not.
func TestSchema(t *testing.T) {
	s := compiled(t)
	accepted, refused := 0, 0
	for name, text := range patterns(t) {
		f := source.NewFile(name, text)
		root, list := document.Parse(f)
		if list.HasErrors() {
			continue
		}
		_, list = pattern.Compile(f)
		if list.HasErrors() || slices.ContainsFunc(list, func(d *diag.Diagnostic) bool { return d.Code == document.UnknownKey }) {
			continue
		}
		accepted++
		if err := s.Validate(root.Data()); err != nil {
			t.Errorf("%s is a pattern, but: %v\n%s", name, err, text)
		}
	}
	for _, text := range []string{
		"name: x\noutput: 1\nouput: 2", "output: 1", "name: x\naggregation: {strategy: voteing}\noutput: 1",
		"name: x\nagents: {capabilities: sentiment}\noutput: 1", "name: x\ninput: {text: strng}\noutput: 1",
		"name: x\nvalidation: {minConfidence: 2}\noutput: 1", "name: x\nexecution: {timeout: soon}\noutput: 1",
		"name: x\nstructure: {roles: {a: {capabilities: [x]}}}", "name: x\nstructure: {}\nworkflow: {steps: []}",
		"name: x\nstructure: {roles: {a: {minInstance: 1}}}\nworkflow: {steps: []}",
		"name: x\nstructure: {roles: {a: {}}}\nworkflow: {steps: [{type: asign, role: a}]}",
		"name: x\nstructure: {roles: {a: {}}}\nworkflow: {steps: [{asign a: b}]}",
		"name: x\ngroups: {g: {take: first}}\noutput: $g", "[1]",
	} {
		root, list := document.Parse(source.NewFile("p.yaml", text))
		if list.HasErrors() {
			t.Fatal(list)
		}
		if s.Validate(root.Data()) == nil {
			t.Errorf("accepted:\n%s", text)
		}
		refused++
	}
	if accepted < 100 {
		t.Errorf("only %d patterns were found", accepted)
	}
}

// patterns are the YAML texts of the tests around and of the examples.
func patterns(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	archives, err := filepath.Glob("../testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../layout/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	archives = append(archives, more...)
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range a.Files {
			if pattern.LooksLikePattern("p.yaml", string(f.Data)) {
				found[fmt.Sprintf("%s/%d.yaml", name, i)] = string(f.Data)
			}
		}
	}
	err = filepath.WalkDir("../../../examples", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !pattern.IsYAML(path) {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil && pattern.LooksLikePattern(path, string(text)) {
			found[path] = string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestKeysAreUnique(t *testing.T) {
	for _, typ := range []reflect.Type{reflect.TypeFor[shape.Pattern](), reflect.TypeFor[shape.Step](), reflect.TypeFor[shape.Chart](), reflect.TypeFor[shape.OrgStep]()} {
		keys := shape.Keys(typ)
		sorted := slices.Sorted(slices.Values(keys))
		if len(slices.Compact(sorted)) != len(keys) || slices.Contains(keys, "") {
			t.Errorf("the keys of %s are %s", typ.Name(), strings.Join(keys, " "))
		}
	}
}
