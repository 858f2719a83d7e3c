// Package pattern is the front end for patterns that are written in YAML: flow
// patterns and org charts. In comes a file, out goes the syntax tree of the Prism
// that it means, with its places in the YAML, and everything there is to say
// about it. Packages below it read YAML (document), build trees (tree) and
// compile each kind of pattern.
package pattern

import (
	"path"
	"regexp"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/flow"
	"github.com/parallaxai/parallax/compiler/pattern/org"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
)

// Kind is what a YAML document describes.
type Kind uint8

const (
	Flow    Kind = iota // agents, steps, aggregation, output
	Chart               // an org chart: structure and workflow
	Request             // a wish for a pattern, which a generator reads
)

// Detect tells what a document describes by its top-level keys.
func Detect(root *document.Node) Kind {
	switch {
	case root.Get("structure") != nil || root.Get("workflow") != nil:
		return Chart
	case (root.Get("goal") != nil || root.Get("requirements") != nil) && root.Get("output") == nil:
		return Request
	}
	return Flow
}

// IsYAML reports whether a file name is that of a YAML file.
func IsYAML(name string) bool {
	ext := strings.ToLower(path.Ext(strings.ReplaceAll(name, "\\", "/")))
	return ext == ".yaml" || ext == ".yml"
}

var (
	flowKeys   = regexp.MustCompile(`(?m)^["']?(output|steps|aggregation)["']?[ \t]*:`)
	nameKey    = regexp.MustCompile(`(?m)^["']?name["']?[ \t]*:`)
	structure  = regexp.MustCompile(`(?m)^["']?structure["']?[ \t]*:`)
	workflow   = regexp.MustCompile(`(?m)^["']?workflow["']?[ \t]*:`)
	configured = regexp.MustCompile(`^(agents|prism)\.ya?ml$|\.test\.ya?ml$`)
)

// IsConfiguration tells the YAML files that belong to patterns but are none:
// agents.yaml, prism.yaml and the tests beside patterns.
func IsConfiguration(name string) bool {
	return configured.MatchString(strings.ToLower(path.Base(strings.ReplaceAll(name, "\\", "/"))))
}

// LooksLikePattern tells whether a YAML file that was found in a folder is meant
// to be a pattern. It looks at the text alone, so that patterns with mistakes
// are found and files for other programs are not.
func LooksLikePattern(name, text string) bool {
	if !IsYAML(name) || IsConfiguration(name) {
		return false
	}
	return nameKey.MatchString(text) && flowKeys.MatchString(text) || structure.MatchString(text) && workflow.MatchString(text)
}

// Parse reads a file by its name: YAML as a pattern, anything else as Prism.
func Parse(f *source.File) (*ast.File, diag.List) {
	if IsYAML(f.Name) {
		return Compile(f)
	}
	return parser.ParseFile(f)
}

// ParseImported reads a file that another one imports: YAML as a pattern that
// does not run by itself but exports {version, run} as its default.
func ParseImported(f *source.File) (*ast.File, diag.List) {
	if IsYAML(f.Name) {
		return compileFile(f, true)
	}
	return parser.ParseFile(f)
}

// Compile reads a YAML file. The tree is never nil; it is empty where the list
// has errors. The list is sorted.
func Compile(f *source.File) (*ast.File, diag.List) { return compileFile(f, false) }

func compileFile(f *source.File, imported bool) (*ast.File, diag.List) {
	root, list := document.Parse(f)
	if root == nil {
		return tree.File(f, nil), list
	}
	r := &document.Reader{File: f, List: list}
	file := compile(r, root, imported)
	r.List.Sort()
	if file == nil || r.List.HasErrors() {
		return tree.File(f, nil), r.List
	}
	return file, r.List
}

func compile(r *document.Reader, root *document.Node, imported bool) *ast.File {
	if !r.Map(root, "a pattern") {
		return nil
	}
	switch Detect(root) {
	case Chart:
		return org.Compile(r, root, imported)
	case Request:
		r.Missing(root, "", "output").
			WithHint("a file with goal or requirements asks for a pattern to be generated; make one of it with parallax generate")
		return nil
	}
	return flow.Compile(r, root, imported)
}
