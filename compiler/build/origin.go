package build

import (
	"strings"

	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// foreignFiles are the files of a program in other notations, whose trees number
// their nodes instead of placing them.
func foreignFiles(g *module.Graph) map[*source.File]*ast.File {
	var m map[*source.File]*ast.File
	for _, mod := range g.Modules {
		if mod.File.Origins == nil {
			continue
		}
		if m == nil {
			m = map[*source.File]*ast.File{}
		}
		m[mod.File.Source] = mod.File
	}
	return m
}

// toOrigins gives what later stages say about foreign files its place in their
// text. What their front end said has it already. Fixes go: they would edit the
// Prism that nobody has written.
func toOrigins(g *module.Graph, list diag.List) {
	files := foreignFiles(g)
	if files == nil {
		return
	}
	for _, d := range list {
		if strings.HasPrefix(string(d.Code), "Y") {
			continue
		}
		if f := files[d.File]; f != nil {
			d.Span, d.Fixes = f.Origin(d.Span), nil
			if symbol, ok := symbols[d.Code]; ok {
				d.Code = symbol
			}
		}
		for i := range d.Related {
			if f := files[d.Related[i].File]; f != nil {
				d.Related[i].Span = f.Origin(d.Related[i].Span)
			}
		}
	}
	imported := importedBy(g)
	for _, d := range list {
		if from, ok := imported[d.File]; ok && d.Severity == diag.Error {
			d.Related = append(d.Related, from)
		}
	}
}

// codeToOrigins does the same for the code of foreign files, so that run-time
// errors, breakpoints and explanations have places in their text.
func codeToOrigins(g *module.Graph, p *ir.Program) {
	files := foreignFiles(g)
	if files == nil {
		return
	}
	for _, fn := range p.Funcs {
		f := files[p.Modules[fn.Module].Source]
		if f == nil {
			continue
		}
		fn.Span = f.Origin(fn.Span)
		for _, b := range fn.Blocks {
			for i := range b.Instrs {
				b.Instrs[i].Span = f.Origin(b.Instrs[i].Span)
			}
		}
		for i := range fn.Contexts {
			fn.Contexts[i].Span = f.Origin(fn.Contexts[i].Span)
		}
		for i := range fn.Locals {
			fn.Locals[i].Scope = f.Origin(fn.Locals[i].Scope)
		}
	}
}

// symbols are the codes by which patterns know what the linker finds.
var symbols = map[diag.Code]diag.Code{"M0001": document.UnknownReference, "M0002": document.UnknownReference}

// importedBy tells for modules that a foreign file imports where it does.
func importedBy(g *module.Graph) map[*source.File]diag.Related {
	out := map[*source.File]diag.Related{}
	for _, m := range g.Modules {
		if m.File.Origins == nil {
			continue
		}
		for _, s := range m.File.Stmts {
			imp, ok := s.(*ast.Import)
			if !ok {
				continue
			}
			if dep := m.Imported(imp.Path.Value); dep != nil && !dep.Std() {
				out[dep.File.Source] = diag.Related{File: m.File.Source, Span: m.File.Origin(imp.Path.Span), Message: "imported from here"}
			}
		}
	}
	return out
}
