package build

import (
	"regexp"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// jsonTypes are the type names of JSON Schema.
var jsonTypes = map[string]bool{"string": true, "number": true, "integer": true, "boolean": true, "array": true, "object": true, "null": true}

// schemaText makes a JSON Schema of what a header says about its input: a schema
// as it is, or a short map from fields to type names, none of which is required.
func schemaText(doc any) []byte {
	obj, ok := doc.(map[string]any)
	if !ok {
		return nil
	}
	if isSchema(obj) {
		tidy(obj)
		return encode(obj)
	}
	props := map[string]any{}
	for field, v := range obj {
		switch t := v.(type) {
		case string:
			props[field] = typeSchema(t)
		case map[string]any:
			tidy(t)
			props[field] = t
		default:
			props[field] = map[string]any{}
		}
	}
	return encode(map[string]any{"type": "object", "properties": props})
}

// isSchema tells a JSON Schema from a short map that has a field "type".
func isSchema(obj map[string]any) bool {
	for _, key := range []string{"properties", "$schema", "$ref", "anyOf", "oneOf", "allOf", "items", "enum", "required"} {
		if _, ok := obj[key]; ok {
			return true
		}
	}
	t, ok := obj["type"].(string)
	return ok && (jsonTypes[t] || t == "any")
}

func typeSchema(name string) map[string]any {
	optional := len(name) > 0 && name[len(name)-1] == '?'
	if optional {
		name = name[:len(name)-1]
	}
	if elem, ok := cutSuffix(name, "[]"); ok {
		return map[string]any{"type": "array", "items": typeSchema(elem)}
	}
	if jsonTypes[name] {
		return map[string]any{"type": name}
	}
	return map[string]any{}
}

func cutSuffix(s, suffix string) (string, bool) {
	if len(s) > len(suffix) && s[len(s)-len(suffix):] == suffix {
		return s[:len(s)-len(suffix)], true
	}
	return s, false
}

// tidy repairs the habits that people bring from other schema dialects: the type
// "any", and "required" as a boolean on the property itself.
func tidy(schema map[string]any) {
	if t, ok := schema["type"].(string); ok && !jsonTypes[t] {
		delete(schema, "type")
	}
	if _, ok := schema["required"].(bool); ok {
		delete(schema, "required")
	}
	if props, ok := schema["properties"].(map[string]any); ok {
		var required []any
		if list, ok := schema["required"].([]any); ok {
			required = list
		}
		for _, name := range sortedKeys(props) {
			switch p := props[name].(type) {
			case string:
				props[name] = typeSchema(p)
			case map[string]any:
				if p["required"] == true {
					required = append(required, name)
				}
				tidy(p)
			}
		}
		if required != nil {
			schema["required"] = required
		}
	}
	if items, ok := schema["items"].(map[string]any); ok {
		tidy(items)
	} else if name, ok := schema["items"].(string); ok {
		schema["items"] = typeSchema(name)
	}
}

// schemaMaker turns an input block into a JSON Schema.
type schemaMaker struct {
	file  *ast.File
	list  *diag.List
	depth int // of declared types that are being followed
}

func inputSchema(f *ast.File, in *ast.InputDecl, list *diag.List) []byte {
	s := schemaMaker{file: f, list: list}
	props := map[string]any{}
	required := []any{}
	for _, field := range in.Fields {
		schema := map[string]any{}
		if field.Type != nil {
			schema = s.typeOf(field.Type)
		}
		needed := !field.Optional
		for _, c := range field.Constraints {
			switch c.Name.Name {
			case "optional":
				needed = false
			case "required":
				needed = true
			default:
				if s.constraint(schema, c) {
					needed = false
				}
			}
		}
		props[field.Name.Name] = schema
		if needed {
			required = append(required, field.Name.Name)
		} else if _, ok := schema["type"]; ok && field.Type != nil {
			// What may be left out may be null as well.
			if t, ok := schema["type"].(string); ok {
				schema["type"] = []any{t, "null"}
			}
		}
	}
	return encode(map[string]any{"type": "object", "properties": props, "required": required})
}

func (s *schemaMaker) typeOf(t ast.TypeExpr) map[string]any {
	switch t := t.(type) {
	case *ast.NamedType:
		name := t.Name.Name
		if jsonTypes[name] {
			return map[string]any{"type": name}
		}
		if d := typeDecl(s.file, name); d != nil && s.depth < 32 {
			s.depth++
			defer func() { s.depth-- }()
			return s.typeOf(d.Type)
		}
	case *ast.LiteralType:
		if v, ok := constant(t.Value); ok {
			return map[string]any{"const": v}
		}
	case *ast.ArrayType:
		return map[string]any{"type": "array", "items": s.typeOf(t.Elem)}
	case *ast.TupleType:
		var items []any
		for _, e := range t.Elems {
			items = append(items, s.typeOf(e))
		}
		return map[string]any{"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
	case *ast.ObjectType:
		props := map[string]any{}
		required := []any{}
		for _, f := range t.Fields {
			props[f.Name] = s.typeOf(f.Type)
			if !f.Optional {
				required = append(required, f.Name)
			}
		}
		return map[string]any{"type": "object", "properties": props, "required": required}
	case *ast.UnionType:
		var alts []any
		for _, a := range t.Alts {
			alts = append(alts, s.typeOf(a))
		}
		return map[string]any{"anyOf": alts}
	case *ast.ConfidentType:
		return s.typeOf(t.Type)
	}
	return map[string]any{}
}

// typeDecl finds a type declared in the file.
func typeDecl(f *ast.File, name string) *ast.TypeDecl {
	for _, st := range f.Stmts {
		if e, ok := st.(*ast.Export); ok && e.Decl != nil {
			st = e.Decl
		}
		if d, ok := st.(*ast.TypeDecl); ok && d.Name.Name == name {
			return d
		}
	}
	return nil
}

// constant evaluates the literals that can stand in constraints.
func constant(e ast.Expr) (any, bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.NumberLit:
		return e.Value, true
	case *ast.StringLit:
		return e.Value, true
	case *ast.BoolLit:
		return e.Value, true
	case *ast.NullLit:
		return nil, true
	case *ast.Unary:
		if n, ok := e.X.(*ast.NumberLit); ok {
			return -n.Value, true
		}
	case *ast.ArrayLit:
		out := []any{}
		for _, x := range e.Elems {
			v, ok := constant(x)
			if !ok {
				return nil, false
			}
			out = append(out, v)
		}
		return out, true
	case *ast.ObjectLit:
		out := map[string]any{}
		for _, p := range e.Props {
			v, ok := constant(p.Value)
			if !ok || p.Computed || p.Key == nil {
				return nil, false
			}
			switch k := p.Key.(type) {
			case *ast.Ident:
				out[k.Name] = v
			case *ast.StringLit:
				out[k.Value] = v
			default:
				return nil, false
			}
		}
		return out, true
	}
	return nil, false
}

var constraintNames = []string{"optional", "required", "default", "min", "max", "min_length", "max_length",
	"min_items", "max_items", "pattern", "format", "enum", "items", "description", "unique", "multiple_of", "secret"}

// constraint adds one constraint to a schema; it reports whether it makes the
// field optional.
func (s *schemaMaker) constraint(schema map[string]any, c *ast.Constraint) (optional bool) {
	name := c.Name.Name
	var args []any
	for _, a := range c.Args {
		v, ok := constant(a)
		if !ok {
			s.list.Add(codeConstraintArgs, diag.Error, s.file.Source, a.Range(), "the arguments of %s must be constants", name)
			return false
		}
		args = append(args, v)
	}
	number := func(key string) {
		if len(args) == 1 {
			if f, ok := args[0].(float64); ok {
				schema[key] = f
				return
			}
		}
		s.wrong(c.Span, name, "a number")
	}
	text := func(key string) string {
		if len(args) == 1 {
			if t, ok := args[0].(string); ok {
				schema[key] = t
				return t
			}
		}
		s.wrong(c.Span, name, "a string")
		return ""
	}
	switch name {
	case "default":
		if len(args) != 1 {
			s.wrong(c.Span, name, "a value")
			return false
		}
		schema["default"] = args[0]
		return true
	case "min":
		number(bound(schema, "minimum", "minLength", "minItems"))
	case "max":
		number(bound(schema, "maximum", "maxLength", "maxItems"))
	case "min_length":
		number("minLength")
	case "max_length":
		number("maxLength")
	case "min_items":
		number("minItems")
	case "max_items":
		number("maxItems")
	case "multiple_of":
		number("multipleOf")
	case "pattern":
		if t := text("pattern"); t != "" {
			if _, err := regexp.Compile(t); err != nil {
				s.list.Add(codeConstraintArgs, diag.Error, s.file.Source, c.Args[0].Range(), "this is no regular expression: %v", err)
				delete(schema, "pattern")
			}
		}
	case "format":
		text("format")
	case "description":
		text("description")
	case "enum":
		if len(args) == 1 {
			if list, ok := args[0].([]any); ok {
				args = list
			}
		}
		if len(args) == 0 {
			s.wrong(c.Span, name, "at least one value")
			return false
		}
		schema["enum"] = args
	case "unique":
		schema["uniqueItems"] = true
	case "secret":
		schema["writeOnly"] = true
	case "items":
		items, _ := schema["items"].(map[string]any)
		if items == nil {
			items = map[string]any{}
		}
		for _, inner := range c.Items {
			if jsonTypes[inner.Name.Name] {
				items["type"] = inner.Name.Name
				continue
			}
			s.constraint(items, inner)
		}
		schema["items"] = items
	default:
		d := s.list.Add(codeConstraint, diag.Error, s.file.Source, c.Name.Span, "there is no constraint %s", name)
		if near := diag.Suggest(name, constraintNames); near != "" {
			d.WithHint("did you mean %s?", near).WithFix("Write "+near, diag.Edit{Span: c.Name.Span, NewText: near})
		}
	}
	return false
}

func (s *schemaMaker) wrong(at source.Span, name, want string) {
	s.list.Add(codeConstraintArgs, diag.Error, s.file.Source, at, "%s needs %s", name, want)
}

// bound chooses the keyword of min and max by the type of the field.
func bound(schema map[string]any, number, text, list string) string {
	switch schema["type"] {
	case "string":
		return text
	case "array":
		return list
	}
	return number
}
