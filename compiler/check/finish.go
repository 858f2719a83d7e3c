package check

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// beforeDeclaration reports a variable that the same function declares further
// down.
func (r *resolver) beforeDeclaration(id *ast.Ident, sym *Symbol, verb string) {
	d := r.err(codeBeforeDeclaration, id.Span, "`%s` is %s before its declaration", id.Name, verb).
		WithRelated(sym.Decl, "`%s` is declared here", id.Name)
	switch {
	case sym.own.Contains(id.Start):
		d.WithHint("the value of `%s` can't be computed from itself; use another name", id.Name)
	case sym.Kind == Param:
		d.WithHint("a default value sees the parameters before it only")
	default:
		d.WithHint("move the declaration up")
	}
	sym.Uses++
}

// checkEarly notes a read that stands before the first assignment of a bare
// variable; only the whole file can tell whether it fails.
func (r *resolver) checkEarly(id *ast.Ident, sym *Symbol) {
	if sym.Kind != Bare || sym.Owner != r.frame.fn || !sym.unsetAt(id.Start) {
		return
	}
	if sym.loop.IsValid() && sym.loop.Contains(id.Start) {
		return
	}
	r.early = append(r.early, earlyRead{id, sym})
}

// finish applies the rules that need the whole file.
func (r *resolver) finish() {
	r.mergeLoopVars()
	for _, e := range r.early {
		if e.sym.innerWrites {
			continue
		}
		d := r.err(codeBeforeAssignment, e.id.Span, "`%s` is used before it has a value", e.id.Name).
			WithRelated(e.sym.Decl, "it is first assigned here")
		if r.builtin(e.id.Name) != nil {
			d.WithHint("the assignment makes `%s` a variable of its own here; choose another name to keep using the predefined one", e.id.Name)
		} else {
			d.WithHint("assign it before")
		}
		r.setSymbol(e.id, nil)
	}
	r.captureTimes()
	r.exports()
	r.finishTypes()
	r.finishUnknown()
	r.checkCalls()
	r.reportUnusedCalls()
	r.findSimilar()
	r.unused()
	r.checkIgnores()
	for _, sym := range r.symbols {
		if sym.TopLevel && !sym.poisoned {
			r.info.Top = append(r.info.Top, sym)
		}
	}
	slices.SortStableFunc(r.info.Top, func(a, b *Symbol) int { return cmp.Compare(a.Decl.Start, b.Decl.Start) })
	if r.opts.SyntaxErrors {
		r.dropCascades()
	}
}

// dropCascades takes back, after errors of the parser, every warning and the
// unknown names that a part the parser gave up on may have declared.
func (r *resolver) dropCascades() {
	lost := make(map[string]bool)
	var visit func(n ast.Node)
	visit = func(n ast.Node) {
		switch n.(type) {
		case *ast.BadStmt, *ast.BadExpr, *ast.BadPattern:
			words := strings.FieldsFunc(r.file.Source.Text(n.Range()), func(c rune) bool {
				return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c)
			})
			for _, w := range words {
				lost[w] = true
			}
		}
		ast.Children(n, visit)
	}
	visit(r.file)
	r.list = slices.DeleteFunc(r.list, func(d *diag.Diagnostic) bool {
		name, unknown := r.unknownNames[d]
		return d.Severity != diag.Error || unknown && (lost[name] || name == "")
	})
}

// mergeLoopVars decides about each "for i = 0; ..." without let. Where nothing
// uses the name after the loop it is the loop's alone. Where a function
// outside of the loop uses it there can be one variable only, that of the
// function around; it then takes the loop variable's place.
func (r *resolver) mergeLoopVars() {
	for _, sym := range r.loopVars {
		after := sym.After
		switch {
		case after.Uses == 0 && after.Assignments == 0 && len(after.refs) == 0:
			sym.After = nil
			after.poisoned = true
		case after.Captured:
			r.replace(sym, after)
		}
	}
}

// replace lets every identifier that means from mean to.
func (r *resolver) replace(from, to *Symbol) {
	if from.Ident != to.Ident {
		to.Assignments++
		to.refs = append(to.refs, from.Ident)
	}
	r.setSymbol(from.Ident, to)
	for _, id := range from.refs {
		r.setSymbol(id, to)
	}
	to.refs = append(to.refs, from.refs...)
	to.Uses += from.Uses
	to.Assignments += from.Assignments
	to.captors = append(to.captors, from.captors...)
	from.poisoned, from.After = true, nil
	for _, fn := range r.info.Functions {
		i := slices.Index(fn.Captures, from)
		switch {
		case i < 0:
		case to.TopLevel || slices.Contains(fn.Captures, to):
			fn.Captures = slices.Delete(fn.Captures, i, i+1)
		default:
			fn.Captures[i] = to
		}
	}
}

// captureTimes finds the variables that a function may capture before they
// have their first value.
func (r *resolver) captureTimes() {
	for _, sym := range r.symbols {
		for _, fr := range sym.captors {
			if sym.capturedEarly(fr) {
				sym.CapturedEarly = true
				break
			}
		}
	}
}

func (s *Symbol) capturedEarly(fr *frame) bool {
	switch s.Kind {
	case Func:
		// The functions of a block come into being one after the other at its
		// start, each before those that stand further down and before itself.
		return fr.hoisted != nil && fr.hoisted == s.block && s.Decl.Start >= declStart(fr.fn.Node)
	case Bare:
		if s.region.IsValid() && !s.region.Contains(fr.created) {
			return true
		}
	}
	return fr.created < s.DeclEnd
}

func declStart(n ast.Node) int32 {
	if f, ok := n.(*ast.FuncLit); ok && f.Name != nil {
		return f.Name.Start
	}
	return n.Range().Start
}

// ---- Exports ----

func (r *resolver) exports() {
	first := make(map[string]source.Span)
	export := func(name string, at source.Span) bool {
		if prev, ok := first[name]; ok {
			r.err(codeDuplicateExport, at, "`%s` is exported twice", name).
				WithRelated(prev, "first exported here").
				WithHint("remove one of the two, or give it another name with `as`")
			return false
		}
		first[name] = at
		return true
	}
	bind := func(local, as *ast.Ident, sym *Symbol) {
		if sym != nil {
			sym.Exported = true
			if export(as.Name, as.Span) {
				r.info.Exports[as.Name] = sym
			}
		} else if t := r.info.Types[local.Name]; t != nil && export(as.Name, as.Span) {
			r.info.ExportedTypes[as.Name] = t
		}
	}
	for _, s := range r.file.Stmts {
		e, ok := s.(*ast.Export)
		if !ok {
			continue
		}
		if e.Default != nil && export("default", e.Span) {
			r.info.DefaultExport = e.Default
		}
		for _, id := range declaredNames(e.Decl) {
			bind(id, id, r.info.SymbolOf(id))
		}
		if e.Namespace != nil {
			export(e.Namespace.Name, e.Namespace.Span)
		}
		for _, n := range e.Names {
			as := n.Alias
			if as == nil {
				as = n.Name
			}
			switch {
			case n.Name == nil:
			case e.Path != nil:
				export(as.Name, as.Span)
			default:
				r.exportName(n.Name, as, bind)
			}
		}
	}
}

func (r *resolver) exportName(local, as *ast.Ident, bind func(local, as *ast.Ident, sym *Symbol)) {
	sym := r.module.body.names[local.Name]
	if sym == nil {
		sym = r.module.outer.names[local.Name]
	}
	if sym == nil {
		sym = r.patterns[local.Name]
	}
	switch {
	case sym != nil && sym.poisoned:
	case sym != nil:
		r.setSymbol(local, sym)
		sym.refs = append(sym.refs, local)
		bind(local, as, sym)
	case r.info.Types[local.Name] != nil:
		bind(local, as, nil)
	default:
		r.frame, r.scope = r.module, r.module.body
		r.unknownName(local, false)
		r.frame, r.scope = nil, nil
	}
}

// declaredNames returns the names that an exported declaration declares.
func declaredNames(s ast.Stmt) []*ast.Ident {
	var list []*ast.Ident
	add := func(id *ast.Ident) {
		if id != nil {
			list = append(list, id)
		}
	}
	switch s := s.(type) {
	case *ast.VarDecl:
		for _, d := range s.Decls {
			for _, b := range bindings(d.Pattern) {
				add(b.id)
			}
		}
	case *ast.FuncDecl:
		if s.Func != nil {
			add(s.Func.Name)
		}
	case *ast.AgentsDecl:
		for _, a := range s.Agents {
			add(a.Name)
		}
	case *ast.TypeDecl:
		add(s.Name)
	case *ast.PatternDecl:
		add(s.Name)
	}
	return list
}

// ---- Unused names ----

func (r *resolver) unused() {
	for _, sym := range r.symbols {
		if sym.poisoned || sym.Ident == nil || strings.HasPrefix(sym.Name, "_") || sym.Name == "" {
			continue
		}
		if sym.similar != nil && (sym.Uses == 0 || len(sym.Name) > 3 && !plural(sym.Name, sym.similar.Name)) {
			r.warn(codeSimilarName, sym.Decl, "this makes a new variable `%s`, and there is a `%s`", sym.Name, sym.similar.Name).
				WithRelated(sym.similar.Decl, "`%s` is declared here", sym.similar.Name).
				WithHint("write `%s` if that is meant, or declare the new one with `let`", sym.similar.Name).
				WithFix("Change to "+sym.similar.Name, diag.Edit{Span: sym.Decl, NewText: sym.similar.Name})
			continue
		}
		if sym.Uses > 0 || sym.Exported || sym.keyed || sym.omitted || r.opts.Session != nil && sym.TopLevel {
			continue
		}
		switch sym.Kind {
		case Import:
			d := r.warn(codeUnusedImport, sym.Decl, "the import `%s` is never used", sym.Name).
				WithHint("remove it")
			if edit, ok := r.removeImport(sym); ok {
				d.WithFix("Remove it", edit)
			}
		case Func:
			r.warn(codeUnusedFunction, sym.Decl, "the function `%s` is never used", sym.Name).
				WithHint("remove it, export it, or begin its name with _")
		case Let, Const, Bare:
			d := r.warn(codeUnusedVariable, sym.Decl, "`%s` is never used", sym.Name).
				WithHint("remove it, or begin its name with _")
			if len(sym.refs) == 0 && sym.Kind != Bare && sym.partEnd == 0 {
				d.WithFix("Rename to _"+sym.Name, diag.Edit{
					Span: source.Span{Start: sym.Decl.Start, End: sym.Decl.Start}, NewText: "_"})
			}
		}
	}
}

// removeImport returns the edit that takes a name out of its import: the whole
// statement with its line break when it is the only one.
func (r *resolver) removeImport(sym *Symbol) (diag.Edit, bool) {
	s := sym.Import.Stmt
	src := r.file.Source.Src
	names := len(s.Names)
	if s.Default != nil {
		names++
	}
	if s.Namespace != nil {
		names++
	}
	if names == 1 {
		end := s.End
		for int(end) < len(src) && (src[end] == ';' || src[end] == ' ' || src[end] == '\t' || src[end] == '\r') {
			end++
		}
		if int(end) < len(src) && src[end] == '\n' {
			end++
		}
		return diag.Edit{Span: source.Span{Start: s.Start, End: end}}, true
	}
	i := slices.IndexFunc(s.Names, func(n *ast.ImportName) bool { return n.Alias == sym.Ident || n.Name == sym.Ident })
	switch {
	case i < 0 || len(s.Names) == 1:
		return diag.Edit{}, false
	case i+1 < len(s.Names):
		return diag.Edit{Span: source.Span{Start: s.Names[i].Start, End: s.Names[i+1].Start}}, true
	}
	return diag.Edit{Span: source.Span{Start: s.Names[i-1].End, End: s.Names[i].End}}, true
}
