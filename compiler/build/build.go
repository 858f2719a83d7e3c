// Package build is the compiler's driver, which everybody calls: the commands,
// the platform, tests and the embedding API.
//
// In comes a source file and a way to find the modules it imports; out go the
// linked graph, the IR and the bytecode, together with everything there is to
// say about the source. Errors stop before code is made; warnings do not. The
// package reads nothing but what the loader gives it.
package build

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/codegen"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/compiler/library"
	"github.com/parallaxai/parallax/compiler/lower"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/compiler/opt"
	"github.com/parallaxai/parallax/compiler/pattern"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/stdlib"
)

// Options say how to compile. The zero Options compile one file that imports
// nothing but "std/...".
type Options struct {
	// Loader finds the modules that files import; nil finds none.
	Loader module.Loader
	// Pattern names the pattern to run; "" is the last one of the file.
	Pattern string
	// Strategy replaces the rules by which confidences combine; nil is what the
	// header says, else the language's own.
	Strategy *bytecode.Strategy
	// Session compiles an input of a session; nil is a program of its own.
	Session *Session
	// Library says that the file belongs to the standard library, whose modules
	// may call the intrinsics of the runtime.
	Library bool
	// NoOptimise leaves the IR as it was lowered.
	NoOptimise bool
}

// Result is what compiling gave. Program and IR are nil when there are errors;
// Graph is there whenever the entry could be read.
type Result struct {
	Program *bytecode.Program
	IR      *ir.Program
	Graph   *module.Graph
}

// Compile compiles a file and everything it imports. The list is complete and
// sorted.
func Compile(entry *source.File, opts Options) (*Result, diag.List) {
	g, list := Check(entry, opts)
	res := &Result{Graph: g}
	meta, more := metaOf(g.Entry().File, opts)
	list = append(list, more...)
	list.Sort()
	if list.HasErrors() {
		return res, list
	}
	lopts := lower.Options{Meta: meta, Pattern: opts.Pattern}
	if opts.Session != nil {
		lopts.Session, lopts.SessionGlobals = true, opts.Session.globals
	}
	p, more := lower.Program(g, lopts)
	toOrigins(g, more)
	codeToOrigins(g, p)
	list = append(list, more...)
	if !opts.NoOptimise {
		opt.Program(p)
	}
	if err := ir.Verify(p); err != nil {
		panic(fmt.Sprintf("build: the compiler made invalid IR: %v", err))
	}
	code, more := codegen.Program(p)
	if list = append(list, more...); list.HasErrors() {
		return res, list
	}
	if err := bytecode.Verify(code); err != nil {
		panic(fmt.Sprintf("build: the compiler made invalid bytecode: %v", err))
	}
	res.Program, res.IR = code, p
	if opts.Session != nil {
		opts.Session.remember(g.Entry(), p)
	}
	return res, list
}

// Check parses, resolves and links without making code.
func Check(entry *source.File, opts Options) (*module.Graph, diag.List) {
	mopts := module.Options{
		Std:           stdlib.FS,
		Implicit:      library.Implicit,
		Parse:         pattern.Parse,
		ParseImported: pattern.ParseImported,
		Foreign:       func(f *source.File) bool { return pattern.IsYAML(f.Name) },
		Check: check.Options{
			Library:         library.Global,
			LibraryNames:    library.Globals(),
			Arity:           library.Arity,
			SourceIsLibrary: opts.Library,
		},
	}
	if opts.Session != nil {
		mopts.Check.Session = opts.Session.names
		mopts.Check.SessionTypes = opts.Session.types
	}
	g, list := module.Load(entry, opts.Loader, mopts)
	toOrigins(g, list)
	list = suppress(g, withoutCascades(list))
	list.Sort()
	return g, list
}

// withoutCascades drops what other stages say about files with syntax errors:
// most of it would follow from what the parser could not read.
func withoutCascades(list diag.List) diag.List {
	broken := map[*source.File]bool{}
	for _, d := range list {
		if d.Severity == diag.Error && ofSyntax(d) {
			broken[d.File] = true
		}
	}
	if len(broken) == 0 {
		return list
	}
	var kept diag.List
	for _, d := range list {
		if !broken[d.File] || ofSyntax(d) {
			kept = append(kept, d)
		}
	}
	return kept
}

// ofSyntax tells what a front end found.
func ofSyntax(d *diag.Diagnostic) bool {
	return strings.HasPrefix(string(d.Code), "P") || strings.HasPrefix(string(d.Code), "Y")
}

// suppress drops the warnings that the files themselves ask to ignore.
func suppress(g *module.Graph, list diag.List) diag.List {
	for _, m := range g.Modules {
		list = check.Suppress(m.File, list)
	}
	return list
}

// Session is a sequence of inputs that see each other's module-level names, as
// in a REPL. Its zero value is a new one.
type Session struct {
	names   map[string]check.SessionName
	types   []string
	globals []ir.Global
}

// NewSession returns a session without names.
func NewSession() *Session { return &Session{names: map[string]check.SessionName{}} }

// Clone returns a copy that goes on independently of s.
func (s *Session) Clone() *Session {
	return &Session{names: maps.Clone(s.names), types: slices.Clone(s.types), globals: slices.Clone(s.globals)}
}

// Names lists the names of the session.
func (s *Session) Names() []string {
	var out []string
	for _, g := range s.globals {
		if _, ok := s.names[g.Name]; ok && g.Module >= 0 {
			out = append(out, g.Name)
		}
	}
	return out
}

// Forget drops the names whose global has no value, by its index: an input that
// failed has left them behind.
func (s *Session) Forget(unset func(global int) bool) {
	for i, g := range s.globals {
		if unset(i) && g.Module >= 0 {
			delete(s.names, g.Name)
		}
	}
}

// remember keeps the globals of an input that compiled.
func (s *Session) remember(entry *module.Module, p *ir.Program) {
	s.globals = p.Globals
	for name := range entry.Info.Types {
		if !slices.Contains(s.types, name) {
			s.types = append(s.types, name)
		}
	}
	slices.Sort(s.types)
	last := len(p.Modules) - 1
	for _, g := range p.Globals {
		if g.Module == last {
			s.names[g.Name] = check.SessionName{Const: g.Const}
		}
	}
	for i := range s.globals {
		if s.globals[i].Module > 0 {
			s.globals[i].Module = 0 // modules of earlier inputs are not in later programs
		}
	}
}

// patternDecl returns the pattern of a file that runs, nil without.
func patternDecl(f *ast.File, name string) *ast.PatternDecl {
	var found *ast.PatternDecl
	for _, s := range f.Stmts {
		if e, ok := s.(*ast.Export); ok && e.Decl != nil {
			s = e.Decl
		}
		if p, ok := s.(*ast.PatternDecl); ok && (name == "" || p.Name.Name == name) {
			found = p
		}
	}
	return found
}
