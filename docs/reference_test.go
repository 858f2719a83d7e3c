package docs_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/library"
	"github.com/parallaxai/parallax/prism/token"
)

var update = flag.Bool("update", false, "write library.md anew")

// TestLibraryReference: library.md is what the catalogue says.
func TestLibraryReference(t *testing.T) {
	want := reference()
	if *update {
		if err := os.WriteFile("library.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("library.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("library.md differs from the catalogue; run go test ./docs -update (-catalogue +file)\n%s", diff)
	}
}

// reference renders the catalogue as Markdown: categories in their order, each
// entry with its signature, documentation and example.
func reference() string {
	var b strings.Builder
	b.WriteString("<!-- Generated from compiler/library by: go test ./docs -update -->\n\n" +
		"# The library\n\nEverything here is there without an import; `prism doc NAME` shows the same. " +
		"[language.md](language.md#library) shows\nit at work.\n")
	var order []string
	entries := map[string][]*library.Entry{}
	for _, e := range library.All() {
		if entries[e.Category] == nil {
			order = append(order, e.Category)
		}
		entries[e.Category] = append(entries[e.Category], e)
	}
	for _, c := range order {
		fmt.Fprintf(&b, "\n## %s%s\n", strings.ToUpper(c[:1]), c[1:])
		for _, e := range entries[c] {
			fmt.Fprintf(&b, "\n### %s\n\n```text\n%s\n```\n\n%s\n", e.Name, e.Signature, strings.TrimSpace(e.Doc))
			if e.Example != "" {
				// No sample of language.md's kind: the catalogue's own test runs it.
				fmt.Fprintf(&b, "\n```js\n%s\n```\n", strings.TrimSpace(e.Example))
			}
		}
	}
	return b.String()
}

// TestReferenceIsComplete: language.md names every operator, every word of the
// language, every constraint of inputs, every key of headers, and the global
// functions and methods.
func TestReferenceIsComplete(t *testing.T) {
	data, err := os.ReadFile("language.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), `\|`, "|")
	for k := token.Kind(0); k < token.Count; k++ {
		if (k.IsOperator() || k.IsKeyword()) && !strings.Contains(text, k.String()) {
			t.Errorf("no %s", k)
		}
	}
	words := map[string]bool{}
	for _, w := range regexp.MustCompile(`[A-Za-z_]\w*`).FindAllString(text, -1) {
		words[w] = true
	}
	demand := func(what string, names ...string) {
		for _, name := range names {
			if !words[name] {
				t.Errorf("no %s %s", what, name)
			}
		}
	}
	demand("word", token.Contextual...)
	demand("constraint", "optional", "required", "default", "min", "max", "min_length", "max_length", "min_items",
		"max_items", "multiple_of", "pattern", "format", "enum", "unique", "secret", "items", "description")
	demand("key of a header", "name", "version", "description", "input", "output", "agents", "minAgents", "maxAgents",
		"timeout", "confidence")
	for _, e := range library.All() {
		receiver, member, ok := strings.Cut(e.Name, ".")
		switch {
		case strings.HasPrefix(e.Name, "__"):
		case !ok:
			demand("library name", e.Name)
		case receiver == "array" || receiver == "string":
			demand("method", member)
		}
	}
}
