package check

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// binding is one name that a pattern binds.
type binding struct {
	id *ast.Ident
	// part is the innermost element that holds the name, its default included;
	// the whole pattern for a single name.
	part source.Span
	// omitted is set for a name that is taken out of an object beside ...rest,
	// perhaps only to leave it out.
	omitted bool
}

// bindings returns the names that a pattern binds, in order of the source.
func bindings(p ast.Pattern) []binding {
	if p == nil {
		return nil
	}
	return appendBindings(nil, p, p.Range(), false)
}

func appendBindings(list []binding, p ast.Pattern, part source.Span, omitted bool) []binding {
	switch p := p.(type) {
	case *ast.IdentPattern:
		if p.Name != nil {
			list = append(list, binding{p.Name, part, omitted})
		}
	case *ast.ArrayPattern:
		for _, e := range p.Elems {
			list = appendBindings(list, e.Pattern, e.Span, false)
		}
	case *ast.ObjectPattern:
		rest := false
		for _, e := range p.Elems {
			rest = rest || e.Rest
		}
		for _, e := range p.Elems {
			list = appendBindings(list, e.Pattern, e.Span, rest && !e.Rest)
		}
	case *ast.AltPattern:
		for _, a := range p.Alts {
			list = appendBindings(list, a, part, omitted)
		}
	}
	return list
}
