package check

import (
	"slices"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
)

// builtinTypes are the type names that every file knows.
var builtinTypes = []string{
	"any", "array", "boolean", "function", "null", "number", "object", "string", "void",
	"Promise", "undefined",
}

// foreignTypes maps type names of other languages to ours.
var foreignTypes = map[string]string{
	"int": "number", "integer": "number", "float": "number", "double": "number", "Number": "number", "i32": "number",
	"i64": "number", "f64": "number", "num": "number", "bool": "boolean", "Boolean": "boolean", "Bool": "boolean",
	"str": "string", "String": "string", "text": "string", "char": "string", "list": "array", "List": "array",
	"Array": "array", "dict": "object", "map": "object", "Map": "object", "Object": "object", "Record": "object",
	"None": "null", "nil": "null", "unknown": "any", "Any": "any", "Function": "function", "unit": "void", "promise": "Promise",
}

func (r *resolver) typ(t ast.TypeExpr) {
	switch t := t.(type) {
	case *ast.NamedType:
		if t.Name != nil {
			r.typeNames = append(r.typeNames, t)
			r.markTypeImport(t.Name)
		}
		for _, a := range t.Args {
			r.typ(a)
		}
	case *ast.ArrayType:
		r.typ(t.Elem)
	case *ast.TupleType:
		for _, e := range t.Elems {
			r.typ(e)
		}
	case *ast.ObjectType:
		for _, f := range t.Fields {
			r.typ(f.Type)
			for _, c := range f.Constraints {
				r.declare(c)
			}
			r.constraints(f.Constraints)
		}
	case *ast.FuncType:
		for _, p := range t.Params {
			r.typ(p)
		}
		r.typ(t.Result)
	case *ast.UnionType:
		for _, a := range t.Alts {
			r.typ(a)
		}
	case *ast.ConfidentType:
		r.typ(t.Type)
		r.expr(t.Lo)
		r.expr(t.Hi)
		r.confidence(t.Lo)
		r.confidence(t.Hi)
		lo, okLo := constant(t.Lo)
		hi, okHi := constant(t.Hi)
		if okLo && okHi && lo > hi {
			r.err(codeThresholdOrder, t.Lo.Range().To(t.Hi.Range()), "the range of confidences %s..%s is empty", formatNumber(lo), formatNumber(hi)).
				WithHint("write the lower end first: `%s..%s`", formatNumber(hi), formatNumber(lo))
		}
	}
}

// markTypeImport counts a type name that is an import as a use of it.
func (r *resolver) markTypeImport(id *ast.Ident) {
	if slices.Contains(builtinTypes, id.Name) || r.info.Types[id.Name] != nil {
		return
	}
	for s := r.scope; s != nil; s = s.parent {
		if sym := s.names[id.Name]; sym != nil && sym.Kind == Import {
			r.setSymbol(id, sym)
			sym.refs = append(sym.refs, id)
			sym.Uses++
			return
		}
	}
}

// finishTypes reports the type names that nothing declares; it comes last
// because a type can be used before its declaration.
func (r *resolver) finishTypes() {
	for _, t := range r.typeNames {
		id := t.Name
		if slices.Contains(builtinTypes, id.Name) || slices.Contains(r.opts.SessionTypes, id.Name) ||
			r.info.Types[id.Name] != nil || r.info.SymbolOf(id) != nil {
			continue
		}
		d := r.err(codeUnknownType, id.Span, "there is no type `%s`", id.Name)
		if ours := foreignTypes[id.Name]; ours != "" {
			d.WithHint("the type is called `%s` here", ours).
				WithFix("Write "+ours, diag.Edit{Span: id.Span, NewText: ours})
			continue
		}
		names := slices.Clone(builtinTypes)
		for name := range r.info.Types {
			names = append(names, name)
		}
		if near := diag.Suggest(id.Name, names); near != "" {
			d.WithHint("did you mean `%s`?", near).
				WithFix("Change to "+near, diag.Edit{Span: id.Span, NewText: near})
			continue
		}
		d.WithHint("declare it with `type %s = ...`, or import it", id.Name)
	}
}
