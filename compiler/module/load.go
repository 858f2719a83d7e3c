package module

import (
	"fmt"
	"path"
	"runtime"
	"strings"
	"sync"

	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
)

// Load parses, resolves and links the program that begins with an entry
// module. The graph is never nil and always holds the entry; what is missing
// or wrong is in the list, sorted by file and position. Warnings that comments
// ignore are left out, and so are those about the standard library.
//
// Without a loader there are no modules but those of the standard library.
func Load(entry *source.File, loader Loader, opts Options) (*Graph, diag.List) {
	if loader == nil {
		loader = noModules{}
	}
	l := &linker{
		opts:   opts,
		loader: loader,
		std:    stdLoader{opts.Std},
		byPath: make(map[string]*Module),
		texts:  make(map[*Module]*source.File),
	}
	l.addEntry(entry)
	for len(l.wave) > 0 {
		wave := l.wave
		l.wave = nil
		l.parse(wave)
		for _, m := range wave {
			l.dependencies(m)
		}
	}
	g := &Graph{}
	l.order(g)
	for _, m := range g.Modules {
		l.link(m)
	}
	for _, m := range g.Modules {
		l.checkCyclicReads(g, m)
	}
	l.list.Sort()
	return g, l.list
}

type linker struct {
	opts   Options
	loader Loader
	std    Loader
	list   diag.List

	entry  *Module
	byPath map[string]*Module // by every path asked for and by the canonical ones
	texts  map[*Module]*source.File
	wave   []*Module // loaded, not parsed yet
}

func (l *linker) err(code diag.Code, m *Module, span source.Span, format string, args ...any) *diag.Diagnostic {
	return l.list.Add(code, diag.Error, m.File.Source, span, format, args...)
}

func (l *linker) addEntry(entry *source.File) {
	name := path.Clean(strings.ReplaceAll(entry.Name, "\\", "/"))
	if c, ok := l.loader.(canonicalizer); ok {
		// A text that is no file, such as standard input, keeps its name.
		if canonical, err := c.Canonical(name); err == nil {
			name = canonical
		}
	}
	l.entry = l.add(name, entry, false)
	l.byPath[name] = l.entry
}

func (l *linker) add(name string, text *source.File, std bool) *Module {
	m := &Module{
		Path:    name,
		Imports: make(map[*check.Symbol]Target),
		Exports: make(map[string]Target),
		std:     std,
		paths:   make(map[string]*Module),
	}
	l.texts[m] = text
	l.wave = append(l.wave, m)
	return m
}

// module returns the module at a clean path, loading it when it is new.
func (l *linker) module(name string) (*Module, error) {
	if m := l.byPath[name]; m != nil {
		return m, nil
	}
	std := strings.HasPrefix(name, stdPrefix)
	canonical, from := name, l.loader
	if std {
		from = l.std
	} else if c, ok := from.(canonicalizer); ok {
		var err error
		if canonical, err = c.Canonical(name); err != nil {
			return nil, fmt.Errorf("find module: %w", err)
		}
		if m := l.byPath[canonical]; m != nil {
			l.byPath[name] = m
			return m, nil
		}
	}
	text, err := from.Load(canonical)
	if err != nil {
		return nil, fmt.Errorf("load module: %w", err)
	}
	m := l.add(canonical, text, std)
	l.byPath[name], l.byPath[canonical] = m, m
	return m, nil
}

// parse parses and resolves modules, several at a time. Each works on its own
// module, and the findings are gathered in order, so that the result doesn't
// depend on which is done first.
func (l *linker) parse(wave []*Module) {
	found := make([]diag.List, len(wave))
	var group sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, m := range wave {
		slots <- struct{}{}
		group.Go(func() {
			found[i] = l.parseModule(m)
			<-slots
		})
	}
	group.Wait()
	for _, list := range found {
		l.list = append(l.list, list...)
	}
}

func (l *linker) parseModule(m *Module) diag.List {
	parse := parser.ParseFile
	switch {
	case m != l.entry && l.opts.ParseImported != nil:
		parse = l.opts.ParseImported
	case l.opts.Parse != nil:
		parse = l.opts.Parse
	}
	file, list := parse(l.texts[m])
	m.File = file
	m.broken = list.HasErrors()
	opts := l.opts.Check
	opts.SyntaxErrors = m.broken
	opts.SourceIsLibrary = m.std || opts.SourceIsLibrary
	if m != l.entry {
		opts.Session = nil
	}
	info, names := check.Resolve(file, opts)
	m.Info = info
	if l.opts.Foreign != nil && l.opts.Foreign(file.Source) {
		names = errorsOf(names)
	}
	list = append(list, names...)
	if m.std {
		return errorsOf(list)
	}
	return check.Suppress(file, list)
}

func errorsOf(list diag.List) diag.List {
	var errs diag.List
	for _, d := range list {
		if d.Severity == diag.Error {
			errs = append(errs, d)
		}
	}
	return errs
}

// dependencies finds the modules that a module imports, in order of the
// source, and those that its library names need.
func (l *linker) dependencies(m *Module) {
	for _, s := range m.File.Stmts {
		if lit := pathOf(s); lit != nil {
			m.depend(l.find(m, lit))
		}
	}
	if l.opts.Implicit == nil {
		return
	}
	for _, want := range implicitNames(m) {
		name, ok := l.opts.Implicit(want)
		if !ok {
			continue
		}
		dep, err := l.module(stdPrefix + stdPath(strings.TrimPrefix(name, stdPrefix)))
		if err != nil {
			l.list.Add(codeMissingModule, diag.Error, nil, source.Span{}, "the library function `%s` needs the module `%s`: %s", want, name, err).
				WithHint("the installation is incomplete; install it anew")
			continue
		}
		if dep == m {
			continue
		}
		m.depend(dep)
		if m.Implicit == nil {
			m.Implicit = make(map[string]Target)
		}
		m.Implicit[want] = Target{Module: dep}
	}
}

// implicitNames lists the names of the library that a module needs without
// importing them: library functions, "__name" for the names of the host, and
// what the blocks for agents are made of.
func implicitNames(m *Module) []string {
	var names []string
	for _, sym := range m.Info.Globals {
		switch sym.Kind {
		case check.Library:
			names = append(names, sym.Name)
		case check.Host:
			names = append(names, "__"+sym.Name)
		}
	}
	if len(m.Info.Tasks) > 0 {
		names = append(names, "__task")
	}
	seen := map[string]bool{}
	block := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	ast.Walk(m.File, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Parallel:
			if n.Agents != nil {
				block("__parallel")
			} else {
				block("__parallelBlock")
			}
		case *ast.Race:
			block("__race")
		case *ast.WithAgents:
			block("__withAgents")
		case *ast.TestDecl:
			block("__test")
		}
		return true
	})
	return names
}

func (m *Module) depend(dep *Module) {
	if dep == nil {
		return
	}
	for _, d := range m.Deps {
		if d == dep {
			return
		}
	}
	m.Deps = append(m.Deps, dep)
}

// pathOf returns the path that a statement imports or re-exports from, or nil.
func pathOf(s ast.Stmt) *ast.StringLit {
	switch s := s.(type) {
	case *ast.Import:
		return s.Path
	case *ast.Export:
		return s.Path
	}
	return nil
}

// order lists the modules so that each stands behind what it imports. Where
// they import each other the one entered first comes last.
func (l *linker) order(g *Graph) {
	const (
		open = 1
		done = 2
	)
	state := make(map[*Module]int)
	var stack []*Module
	var visit func(m *Module)
	visit = func(m *Module) {
		state[m] = open
		stack = append(stack, m)
		for _, d := range m.Deps {
			switch state[d] {
			case 0:
				visit(d)
			case open:
				for i, s := range stack {
					if s == d {
						g.Cycles = append(g.Cycles, append([]*Module(nil), stack[i:]...))
					}
				}
			}
		}
		stack = stack[:len(stack)-1]
		state[m] = done
		m.ID = len(g.Modules)
		g.Modules = append(g.Modules, m)
	}
	visit(l.entry)
}
