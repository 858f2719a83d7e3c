package build

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// jsonTypes are the type names of JSON Schema.
var jsonTypes = map[string]bool{"string": true, "number": true, "integer": true, "boolean": true, "array": true, "object": true, "null": true}

// typeNames are what a header may use as types, for hints.
var typeNames = []string{"any", "array", "boolean", "integer", "null", "number", "object", "string"}

// schemaText makes a JSON Schema of what a header says about its input: a schema
// as it is, or a short map from fields to type names, none of which is required.
// unknown is told the type names that do not exist.
func schemaText(obj map[string]any, unknown func(name string)) []byte {
	t := typeReader{unknown}
	if isSchema(obj) {
		t.tidy(obj)
		return encode(obj)
	}
	props := map[string]any{}
	for _, field := range sortedKeys(obj) {
		switch v := obj[field].(type) {
		case string:
			props[field] = t.named(v)
		case map[string]any:
			t.tidy(v)
			props[field] = v
		default:
			props[field] = map[string]any{}
		}
	}
	return encode(map[string]any{"type": "object", "properties": props})
}

// schemaURL names a schema while it is compiled; it must be absolute, or it would
// depend on the current folder.
const schemaURL = "prism:///input"

// validSchema reports why a text is not a JSON Schema that can be used: nothing
// is loaded from elsewhere for a $ref, and defaults must fit their own schema.
func validSchema(text []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseLoader(jsonschema.SchemeURLLoader{})
	if err := c.AddResource(schemaURL, doc); err != nil {
		return err
	}
	schema, err := c.Compile(schemaURL)
	if err != nil {
		return schemaFault(err)
	}
	return defaultsFit(schema, "")
}

// schemaFault tells in one line what is wrong with a schema.
func schemaFault(err error) error {
	var load *jsonschema.LoadURLError
	if errors.As(err, &load) {
		return fmt.Errorf("it refers to %s, and nothing outside the program can be used", load.URL)
	}
	var whole *jsonschema.SchemaValidationError
	if errors.As(err, &whole) {
		err = whole.Err
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return errors.New(strings.Join(strings.Fields(err.Error()), " "))
	}
	for len(invalid.Causes) > 0 {
		invalid = invalid.Causes[0]
	}
	text := invalid.ErrorKind.LocalizedString(message.NewPrinter(language.English))
	return fmt.Errorf("at %s: %s", strings.Join(invalid.InstanceLocation, "."), text)
}

// defaultsFit checks the defaults of a schema and of the fields below it.
func defaultsFit(s *jsonschema.Schema, path string) error {
	if s.Default != nil && s.Validate(*s.Default) != nil {
		return fmt.Errorf("the default of %s does not fit its own type or constraints", path)
	}
	for _, name := range sortedKeys(s.Properties) {
		if err := defaultsFit(s.Properties[name], strings.TrimPrefix(path+"."+name, ".")); err != nil {
			return err
		}
	}
	return nil
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

// typeReader reads type names as people write them in headers.
type typeReader struct{ unknown func(name string) }

// named is the schema of string, string?, string[] and so on.
func (t typeReader) named(name string) map[string]any {
	plain := strings.TrimSuffix(name, "?")
	if elem, ok := strings.CutSuffix(plain, "[]"); ok {
		return map[string]any{"type": "array", "items": t.named(elem)}
	}
	if jsonTypes[plain] {
		return map[string]any{"type": plain}
	}
	if plain != "any" {
		t.unknown(name)
	}
	return map[string]any{}
}

// tidy repairs the habits that people bring from other schema dialects: the type
// "any", type names for whole schemas, and "required" as a boolean on the
// property itself.
func (t typeReader) tidy(schema map[string]any) {
	if name, ok := schema["type"].(string); ok && !jsonTypes[name] {
		if name != "any" {
			t.unknown(name)
		}
		delete(schema, "type")
	}
	if _, ok := schema["required"].(bool); ok {
		delete(schema, "required")
	}
	if props, ok := schema["properties"].(map[string]any); ok {
		required, _ := schema["required"].([]any)
		for _, name := range sortedKeys(props) {
			switch p := props[name].(type) {
			case string:
				props[name] = t.named(p)
			case map[string]any:
				if p["required"] == true && !slices.Contains(required, any(name)) {
					required = append(required, name)
				}
				t.tidy(p)
			}
		}
		if required != nil {
			schema["required"] = required
		}
	}
	if items, ok := schema["items"].(map[string]any); ok {
		t.tidy(items)
	} else if name, ok := schema["items"].(string); ok {
		schema["items"] = t.named(name)
	}
}

// schemaMaker turns an input block into a JSON Schema.
type schemaMaker struct {
	file *ast.File
	list *diag.List
	defs map[string]any // schemas of declared types, by name
}

func inputSchema(f *ast.File, in *ast.InputDecl, list *diag.List) []byte {
	s := schemaMaker{file: f, list: list, defs: map[string]any{}}
	props := map[string]any{}
	required := []any{}
	for _, field := range in.Fields {
		schema, needed := s.field(field.Name.Name, field.Type, field.Optional, field.Constraints)
		props[field.Name.Name] = schema
		if needed {
			required = append(required, field.Name.Name)
		}
	}
	schema := map[string]any{"type": "object", "properties": props, "required": required}
	if len(s.defs) > 0 {
		schema["$defs"] = s.defs
	}
	return encode(schema)
}

// field makes the schema of one field, and tells whether it must be given.
func (s *schemaMaker) field(name string, t ast.TypeExpr, optional bool, constraints []*ast.Constraint) (schema map[string]any, needed bool) {
	schema = map[string]any{}
	if t != nil {
		schema = s.typeOf(t)
	}
	needed = !optional
	found := len(*s.list)
	for _, c := range constraints {
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
	if len(*s.list) == found {
		s.checkDefault(name, constraints, schema)
	}
	if !needed {
		orNull(schema)
	}
	return schema, needed
}

// orNull lets a schema accept null as well: what may be left out may be null.
func orNull(schema map[string]any) {
	if t, ok := schema["type"].(string); ok {
		schema["type"] = []any{t, "null"}
	}
	if alts, ok := schema["anyOf"].([]any); ok {
		schema["anyOf"] = append(alts, map[string]any{"type": "null"})
	}
	if list, ok := schema["enum"].([]any); ok {
		schema["enum"] = append(slices.Clone(list), nil)
	}
	if v, ok := schema["const"]; ok && v != nil {
		delete(schema, "const")
		schema["enum"] = []any{v, nil}
	}
	if ref, ok := schema["$ref"]; ok {
		delete(schema, "$ref")
		schema["anyOf"] = []any{map[string]any{"$ref": ref}, map[string]any{"type": "null"}}
	}
}

const defsPrefix = "#/$defs/"

// checkDefault reports a default that the field's own type or constraints refuse.
func (s *schemaMaker) checkDefault(name string, constraints []*ast.Constraint, schema map[string]any) {
	def, ok := schema["default"]
	if !ok || def == nil {
		return
	}
	whole := maps.Clone(schema)
	whole["$defs"] = s.defs
	if err := validSchema(encode(whole)); err == nil {
		return
	}
	for _, c := range constraints {
		if c.Name.Name == "default" {
			s.list.Add(codeConstraintArgs, diag.Error, s.file.Source, c.Span, "the default of %s does not fit its own type or constraints", name)
		}
	}
}

func (s *schemaMaker) typeOf(t ast.TypeExpr) map[string]any {
	switch t := t.(type) {
	case *ast.NamedType:
		name := t.Name.Name
		if jsonTypes[name] {
			return map[string]any{"type": name}
		}
		if d := typeDecl(s.file, name); d != nil {
			if _, done := s.defs[name]; !done {
				s.defs[name] = map[string]any{} // while its own definition is read: types may refer to themselves
				s.defs[name] = s.typeOf(d.Type)
				if s.onlyItself(name) {
					s.defs[name] = map[string]any{} // type A = A says nothing
				}
			}
			return map[string]any{"$ref": defsPrefix + name}
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
			schema, needed := s.field(f.Name, f.Type, f.Optional, f.Constraints)
			props[f.Name] = schema
			if needed {
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

// onlyItself reports whether a declared type is nothing but another name of itself.
func (s *schemaMaker) onlyItself(name string) bool {
	at := name
	for range len(s.defs) {
		def, _ := s.defs[at].(map[string]any)
		ref, ok := def["$ref"].(string)
		if !ok {
			return false
		}
		if at = strings.TrimPrefix(ref, defsPrefix); at == name {
			return true
		}
	}
	return false
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
	"min_items", "max_items", "pattern", "format", "enum", "items", "description", "unique", "multiple_of", "secret", "env"}

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
		number(s.bound(schema, "minimum", "minLength", "minItems"))
	case "max":
		number(s.bound(schema, "maximum", "maxLength", "maxItems"))
	case "min_length":
		number(s.bound(schema, "minLength", "minLength", "minItems"))
	case "max_length":
		number(s.bound(schema, "maxLength", "maxLength", "maxItems"))
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
	case "env":
		text("x-env")
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
func (s *schemaMaker) bound(schema map[string]any, number, text, list string) string {
	for range len(s.defs) { // a declared type may be another name of one
		name, ok := schema["$ref"].(string)
		if !ok {
			break
		}
		schema, _ = s.defs[strings.TrimPrefix(name, defsPrefix)].(map[string]any)
	}
	switch schema["type"] {
	case "string":
		return text
	case "array":
		return list
	}
	return number
}
