package module

import (
	"io/fs"
	"slices"

	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// Options says how modules are found and resolved.
type Options struct {
	// Std holds the modules of "std/...": "std/a/b" is the file a/b.prism. Nil
	// when there are none.
	Std fs.FS
	// Parse reads the text of a module; nil is parser.ParseFile. Foreign
	// tells files in other notations: warnings of the checker about the Prism
	// that they mean are left out. Nil knows none.
	Parse func(f *source.File) (*ast.File, diag.List)
	// ParseImported reads a module other than the entry; nil is as Parse. A
	// foreign file may mean something else when it is imported.
	ParseImported func(f *source.File) (*ast.File, diag.List)
	Foreign       func(f *source.File) bool
	// Check is used for every module; its Session for the entry alone.
	Check check.Options
	// Implicit names the module that implements a global library name in
	// Prism, by its export of the same name; ok is false for the names that
	// the runtime implements. Nil knows none.
	Implicit func(name string) (modulePath string, ok bool)
}

// Graph is a linked program.
type Graph struct {
	// Modules are in order of initialisation: what a module imports stands
	// before it, each module once, the entry last. Where modules import each
	// other, the one that the loop was entered by stands last of them.
	Modules []*Module
	// Cycles are the loops of imports, each from the module it was entered by
	// to the one that imports that again.
	Cycles [][]*Module
}

// Entry returns the module that the program begins with; its body is the
// program's result.
func (g *Graph) Entry() *Module { return g.Modules[len(g.Modules)-1] }

// Module is one file of a program.
type Module struct {
	// ID is the module's place in Graph.Modules.
	ID int
	// Path identifies the module: "std/..." for the standard library, else the
	// path that the loader considers canonical.
	Path string
	File *ast.File
	Info *check.Info
	// Imports says what each Import symbol of the module stands for. Names
	// that could not be linked are absent; they have been reported.
	Imports map[*check.Symbol]Target
	// Exports holds everything that importers can ask for, by name,
	// re-exports followed; "default" for a default export.
	Exports map[string]Target
	// Implicit holds the library names in use that a module of the standard
	// library implements; nil when there are none.
	Implicit map[string]Target
	// Deps are the modules it imports or uses implicitly, each once, in order
	// of the source.
	Deps []*Module

	std    bool
	broken bool               // has syntax errors, so that its exports are uncertain
	paths  map[string]*Module // by path as written; nil values were reported
}

// Imported returns the module that an import of this one means by a path as it is
// written, nil when there is none.
func (m *Module) Imported(path string) *Module { return m.paths[path] }

// Std reports whether the module belongs to the standard library.
func (m *Module) Std() bool { return m.std }

// Target is what an imported name stands for in the module that defines it.
// Exactly one of Symbol, Type, Default and Namespace is set.
type Target struct {
	Module    *Module
	Symbol    *check.Symbol // a variable, function or pattern of Module
	Type      *ast.TypeDecl // a type
	Default   bool          // the value of "export default"
	Namespace bool          // the module itself, an object of its exports
}

// Loop returns the loop of imports that makes reader run before owner although
// it imports it: owner, the modules on the way to reader, reader, owner. It is
// nil when owner does not lead to reader.
func (g *Graph) Loop(reader, owner *Module) []*Module {
	came := map[*Module]*Module{owner: nil}
	queue := []*Module{owner}
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		for _, d := range m.Deps {
			if d == reader {
				loop := []*Module{owner}
				if reader != owner {
					loop = append(loop, reader)
				}
				for ; m != nil && m != owner; m = came[m] {
					loop = append(loop, m)
				}
				slices.Reverse(loop[1:])
				return append(loop, owner)
			}
			if _, seen := came[d]; !seen {
				came[d] = m
				queue = append(queue, d)
			}
		}
	}
	return nil
}
