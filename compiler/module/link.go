package module

import (
	"maps"
	"slices"

	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// query is one export asked for while following re-exports; a query that comes
// up again on its own way has no answer.
type query struct {
	module *Module
	name   string
}

// link finds what the imports, exports and library names of a module mean.
func (l *linker) link(m *Module) {
	for _, sym := range m.Info.Top {
		if sym.Kind != check.Import || sym.Import.Stmt.Path == nil {
			continue
		}
		if t, ok := l.imported(m, sym, map[query]bool{}); ok {
			m.Imports[sym] = t
		} else {
			l.missingExport(m, m.paths[sym.Import.Path], sym.Import.Name, importedIdent(sym))
			// That nothing uses the name may follow from the same mistake.
			l.list = slices.DeleteFunc(l.list, func(d *diag.Diagnostic) bool {
				return d.Severity == diag.Warning && d.File == m.File.Source && d.Span == sym.Decl
			})
		}
	}
	for _, name := range l.exportNames(m, map[*Module]bool{}) {
		if t, ok := l.export(query{m, name}, map[query]bool{}); ok {
			m.Exports[name] = t
		}
	}
	for _, s := range m.File.Stmts {
		if e, ok := s.(*ast.Export); ok && e.Path != nil {
			l.linkReexport(m, e)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Implicit)) {
		t := m.Implicit[name]
		found, ok := l.export(query{t.Module, name}, map[query]bool{})
		if !ok {
			l.list.Add(codeMissingExport, diag.Error, nil, source.Span{}, "the module `%s` doesn't export the library function `%s`", t.Module.Path, name).
				WithHint("the installation is incomplete; install it anew")
			delete(m.Implicit, name)
			continue
		}
		m.Implicit[name] = found
	}
}

// imported follows an Import symbol to what it stands for.
func (l *linker) imported(m *Module, sym *check.Symbol, asked map[query]bool) (Target, bool) {
	from := m.paths[sym.Import.Path]
	switch {
	case from == nil:
		return Target{}, false
	case sym.Import.Name == "*":
		return Target{Module: from, Namespace: true}, true
	}
	return l.export(query{from, sym.Import.Name}, asked)
}

// export follows a name that a module exports to the module that defines it.
func (l *linker) export(q query, asked map[query]bool) (Target, bool) {
	if asked[q] {
		return Target{}, false
	}
	asked[q] = true
	info := q.module.Info
	if sym := info.Exports[q.name]; sym != nil {
		if sym.Kind == check.Import {
			return l.imported(q.module, sym, asked)
		}
		return Target{Module: q.module, Symbol: sym}, true
	}
	if q.name == "default" && info.DefaultExport != nil {
		return Target{Module: q.module, Default: true}, true
	}
	if t := info.ExportedTypes[q.name]; t != nil {
		return Target{Module: q.module, Type: t}, true
	}
	for _, s := range q.module.File.Stmts {
		e, ok := s.(*ast.Export)
		if !ok || e.Path == nil {
			continue
		}
		from := q.module.paths[e.Path.Value]
		if from == nil {
			continue
		}
		if e.Namespace != nil && e.Namespace.Name == q.name {
			return Target{Module: from, Namespace: true}, true
		}
		for _, n := range e.Names {
			if n.Name != nil && exportedName(n) == q.name {
				return l.export(query{from, n.Name.Name}, asked)
			}
		}
	}
	if q.name == "default" {
		return Target{}, false // "export *" leaves the default out
	}
	for _, s := range q.module.File.Stmts {
		e, ok := s.(*ast.Export)
		if !ok || !e.All || e.Namespace != nil || e.Path == nil {
			continue
		}
		if from := q.module.paths[e.Path.Value]; from != nil {
			if t, ok := l.export(query{from, q.name}, asked); ok {
				return t, true
			}
		}
	}
	return Target{}, false
}

func exportedName(n *ast.ImportName) string {
	if n.Alias != nil {
		return n.Alias.Name
	}
	return n.Name.Name
}

// exportNames lists what a module exports, re-exports included, sorted.
func (l *linker) exportNames(m *Module, seen map[*Module]bool) []string {
	if seen[m] {
		return nil
	}
	seen[m] = true
	var names []string
	for name := range m.Info.Exports {
		names = append(names, name)
	}
	for name := range m.Info.ExportedTypes {
		names = append(names, name)
	}
	if m.Info.DefaultExport != nil {
		names = append(names, "default")
	}
	for _, s := range m.File.Stmts {
		e, ok := s.(*ast.Export)
		if !ok || e.Path == nil {
			continue
		}
		for _, n := range e.Names {
			if n.Name != nil {
				names = append(names, exportedName(n))
			}
		}
		switch from := m.paths[e.Path.Value]; {
		case e.Namespace != nil:
			names = append(names, e.Namespace.Name)
		case e.All && from != nil:
			for _, name := range l.exportNames(from, seen) {
				if name != "default" {
					names = append(names, name)
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// linkReexport reports names that a re-export doesn't find, and names that two
// "export *" give different meanings.
func (l *linker) linkReexport(m *Module, e *ast.Export) {
	from := m.paths[e.Path.Value]
	if from == nil {
		return
	}
	for _, n := range e.Names {
		if n.Name == nil {
			continue
		}
		if _, ok := l.export(query{from, n.Name.Name}, map[query]bool{}); !ok {
			l.missingExport(m, from, n.Name.Name, n.Name)
		}
	}
	if !e.All || e.Namespace != nil {
		return
	}
	for _, name := range l.exportNames(from, map[*Module]bool{}) {
		mine, ok := m.Exports[name]
		if !ok || name == "default" || l.ownExport(m, name) {
			continue
		}
		if theirs, ok := l.export(query{from, name}, map[query]bool{}); ok && theirs != mine {
			l.err(codeAmbiguousExport, m, e.Path.Span, "`%s` exports `%s`, and so does another module re-exported here", e.Path.Value, name).
				WithHint("choose one with `export {%s} from ...`, or rename it with `as`", name)
		}
	}
}

// ownExport reports whether a module exports a name other than by "export *".
func (l *linker) ownExport(m *Module, name string) bool {
	if m.Info.Exports[name] != nil || m.Info.ExportedTypes[name] != nil {
		return true
	}
	for _, s := range m.File.Stmts {
		e, ok := s.(*ast.Export)
		if !ok || e.Path == nil {
			continue
		}
		if e.Namespace != nil && e.Namespace.Name == name {
			return true
		}
		for _, n := range e.Names {
			if n.Name != nil && exportedName(n) == name {
				return true
			}
		}
	}
	return false
}

// importedIdent returns the identifier that names the export an import asks
// for: a in "a as b", the only one for a default import.
func importedIdent(sym *check.Symbol) *ast.Ident {
	for _, n := range sym.Import.Stmt.Names {
		if n.Alias == sym.Ident {
			return n.Name
		}
	}
	return sym.Ident
}

func (l *linker) missingExport(m, from *Module, name string, at *ast.Ident) {
	if from == nil || from.broken || m.broken {
		return // reported, or uncertain because the parser could not read all
	}
	if name == "default" && at.Name != "default" {
		d := l.err(codeMissingExport, m, at.Span, "`%s` has no default export", from.Path)
		if _, ok := l.export(query{from, at.Name}, map[query]bool{}); ok {
			d.WithHint("it exports `%s` by name: write `import {%s} from ...`", at.Name, at.Name).
				WithFix("Import it by name", diag.Edit{Span: at.Span, NewText: "{" + at.Name + "}"})
			return
		}
		d.WithHint("write `export default ...` there, or import names in braces")
		return
	}
	d := l.err(codeMissingExport, m, at.Span, "`%s` doesn't export `%s`", from.Path, name)
	names := l.exportNames(from, map[*Module]bool{})
	if near := diag.Suggest(name, names); near != "" {
		d.WithHint("did you mean `%s`?", near).
			WithFix("Change to "+near, diag.Edit{Span: at.Span, NewText: near})
		return
	}
	for _, sym := range from.Info.Top {
		if sym.Name == name && !sym.Exported {
			d.Related = append(d.Related, diag.Related{File: from.File.Source, Span: sym.Decl, Message: "it is declared here, without `export`"})
			d.WithHint("put `export` before the declaration of `%s`", name)
			return
		}
	}
	if len(names) == 0 {
		d.WithHint("the module exports nothing")
		return
	}
	d.WithHint("it exports %s", listed(names))
}

// listed joins names for a hint, the first few of them.
func listed(names []string) string {
	const most = 6
	text := ""
	for i, n := range names {
		if i == most {
			return text + ", ..."
		}
		if i > 0 {
			text += ", "
		}
		text += "`" + n + "`"
	}
	return text
}
