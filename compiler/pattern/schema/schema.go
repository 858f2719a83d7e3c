// Package schema reads what YAML patterns say about data, the fields of "input"
// and of "validation.schema", and makes JSON Schemas of it. The values are
// checked by runtime/schema.
package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/parallaxai/parallax/compiler/pattern/document"
)

// types are the type names of fields.
var types = []string{"string", "number", "integer", "boolean", "array", "object", "any"}

// formats are the formats of texts that are checked.
var formats = []string{"email", "uri", "date", "date-time", "uuid"}

// Keys of a field that any type has, and those of some types.
var (
	commonKeys = []string{"type", "description", "required", "default", "enum", "secret", "env"}
	typeKeys   = map[string][]string{
		"string":  {"minLength", "maxLength", "pattern", "format"},
		"number":  {"minimum", "maximum", "multipleOf"},
		"integer": {"minimum", "maximum", "multipleOf"},
		"array":   {"items", "minItems", "maxItems", "uniqueItems"},
		"object":  {"properties", "additionalProperties"},
	}
)

// envName is what environment variables are called.
var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Input reads a map of fields: the JSON Schema of an object in which each field
// is required, unless it says otherwise or has a default. The schema is nil where
// there is no map.
func Input(r *document.Reader, n *document.Node, what string) map[string]any {
	if n == nil || n.Kind == document.Null || !r.Map(n, what) {
		return nil
	}
	m := maker{r}
	return m.object(n, what, func(f field) bool { return !f.hasDefault && (!f.requiredGiven || f.required) })
}

// Value reads the schema of any value: a type name, a field with a type, or a map
// of fields as in an input.
func Value(r *document.Reader, n *document.Node, what string) map[string]any {
	if n == nil {
		return nil
	}
	if n.Kind == document.String {
		return maker{r}.field(n, what).schema
	}
	if t := n.Get("type"); t != nil && t.Kind == document.String && n.Kind == document.Map && isField(n) {
		return maker{r}.field(n, what).schema
	}
	return Input(r, n, what)
}

// isField tells a field from a map of fields that has one called "type": its other
// keys are keywords.
func isField(n *document.Node) bool {
	for _, e := range n.Entries {
		known := slices.Contains(commonKeys, e.Key.Text)
		for _, keys := range typeKeys {
			known = known || slices.Contains(keys, e.Key.Text)
		}
		if !known {
			return false
		}
	}
	return true
}

type maker struct{ *document.Reader }

// field is one field with what its surroundings need to know.
type field struct {
	schema                  map[string]any
	hasDefault              bool
	requiredGiven, required bool
}

// object makes the schema of a map of fields.
func (m maker) object(n *document.Node, what string, needed func(field) bool) map[string]any {
	props := map[string]any{}
	required := []any{}
	for _, e := range n.Entries {
		f := m.field(e.Value, what+"."+e.Key.Text)
		props[e.Key.Text] = f.schema
		if needed(f) {
			required = append(required, e.Key.Text)
		} else {
			orNull(f.schema)
		}
	}
	return map[string]any{"type": "object", "properties": props, "required": required}
}

// orNull lets a schema accept null as well: what may be left out may be null.
func orNull(schema map[string]any) {
	if t, ok := schema["type"].(string); ok {
		schema["type"] = []any{t, "null"}
	}
	if list, ok := schema["enum"].([]any); ok && !slices.Contains(list, any(nil)) {
		schema["enum"] = append(slices.Clone(list), nil)
	}
}

// field reads a type name or a map with a type.
func (m maker) field(n *document.Node, what string) field {
	f := field{schema: map[string]any{}}
	if n.Kind == document.String {
		m.typeName(f.schema, n, n.Text)
		return f
	}
	if n.Kind != document.Map {
		m.WrongType(n, what, "a type name or a map")
		return f
	}
	t := m.Need(n, what, "type")
	name, ok := m.String(t, what+".type")
	if ok {
		ok = m.typeName(f.schema, t, name)
	}
	known := slices.Clone(commonKeys)
	if ok {
		known = append(known, typeKeys[name]...)
		if name == "any" {
			for _, keys := range typeKeys {
				known = append(known, keys...)
			}
		}
		m.Keys(n, what, known...)
	}
	if d, ok := m.Text(n.Get("description"), what+".description"); ok {
		f.schema["description"] = d
	}
	if secret, _ := m.Bool(n.Get("secret"), what+".secret"); secret {
		f.schema["writeOnly"] = true
	}
	if name, ok := m.String(n.Get("env"), what+".env"); ok {
		if envName.MatchString(name) {
			f.schema["x-env"] = name
		} else {
			m.Errorf(document.OutOfRange, n.Get("env").Span, "%s is the name of an environment variable, such as API_KEY", what+".env")
		}
	}
	m.enum(f.schema, n.Get("enum"), what+".enum")
	m.text(f.schema, n, what)
	m.number(f.schema, n, what)
	m.array(f.schema, n, what)
	listed := m.required(&f, n, what)
	m.properties(f.schema, n, what, listed)
	if d := n.Get("default"); d != nil {
		f.hasDefault = true
		m.defaults(f.schema, d, what)
	}
	return f
}

func (m maker) typeName(schema map[string]any, n *document.Node, name string) bool {
	if !m.OneOf(n, name, "type", types...) {
		return false
	}
	if name != "any" {
		schema["type"] = name
	}
	return true
}

func (m maker) enum(schema map[string]any, n *document.Node, what string) {
	items, ok := m.Items(n, what)
	if !ok {
		return
	}
	if len(items) == 0 {
		m.Errorf(document.OutOfRange, n.Span, "%s needs at least one value", what)
		return
	}
	if m.finite(n, what) {
		schema["enum"] = n.Data()
	}
}

// finite reports numbers that JSON has no words for.
func (m maker) finite(n *document.Node, what string) bool {
	ok := true
	if n.Kind == document.Number && (math.IsNaN(n.Num) || math.IsInf(n.Num, 0)) {
		m.Errorf(document.OutOfRange, n.Span, "%s can't be %s", what, n.Text)
		ok = false
	}
	for _, item := range n.Items {
		ok = m.finite(item, what) && ok
	}
	for _, e := range n.Entries {
		ok = m.finite(e.Value, what) && ok
	}
	return ok
}

func (m maker) text(schema map[string]any, n *document.Node, what string) {
	low, hasLow := m.Int(n.Get("minLength"), what+".minLength", 0, math.MaxInt)
	if hasLow {
		schema["minLength"] = low
	}
	if high, ok := m.Int(n.Get("maxLength"), what+".maxLength", 0, math.MaxInt); ok {
		schema["maxLength"] = high
		m.ordered(n.Get("maxLength"), what, "maxLength", "minLength", float64(low), float64(high), hasLow)
	}
	if p, ok := m.String(n.Get("pattern"), what+".pattern"); ok {
		if _, err := regexp.Compile(p); err != nil {
			m.Errorf(document.BadExpression, n.Get("pattern").Span, "%s is no regular expression: %s", what+".pattern",
				strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		} else {
			schema["pattern"] = p
		}
	}
	if f, ok := m.Enum(n.Get("format"), what+".format", "format", formats...); ok {
		schema["format"] = f
	}
}

// ordered reports a maximum below its minimum.
func (m maker) ordered(n *document.Node, what, most, least string, low, high float64, given bool) {
	if given && high < low {
		m.Errorf(document.OutOfRange, n.Span, "%s.%s must be at least %s (%v), not %s", what, most, least, low, n.Text)
	}
}

func (m maker) number(schema map[string]any, n *document.Node, what string) {
	low, hasLow := m.Number(n.Get("minimum"), what+".minimum", -math.MaxFloat64, math.MaxFloat64)
	if hasLow {
		schema["minimum"] = low
	}
	if high, ok := m.Number(n.Get("maximum"), what+".maximum", -math.MaxFloat64, math.MaxFloat64); ok {
		schema["maximum"] = high
		m.ordered(n.Get("maximum"), what, "maximum", "minimum", low, high, hasLow)
	}
	if of, ok := m.Number(n.Get("multipleOf"), what+".multipleOf", 0, math.MaxFloat64); ok {
		if of == 0 {
			m.Errorf(document.OutOfRange, n.Get("multipleOf").Span, "%s.multipleOf must be greater than 0", what)
			return
		}
		schema["multipleOf"] = of
	}
}

func (m maker) array(schema map[string]any, n *document.Node, what string) {
	if items := n.Get("items"); items != nil {
		schema["items"] = m.field(items, what+".items").schema
	}
	low, hasLow := m.Int(n.Get("minItems"), what+".minItems", 0, math.MaxInt)
	if hasLow {
		schema["minItems"] = low
	}
	if high, ok := m.Int(n.Get("maxItems"), what+".maxItems", 0, math.MaxInt); ok {
		schema["maxItems"] = high
		m.ordered(n.Get("maxItems"), what, "maxItems", "minItems", float64(low), float64(high), hasLow)
	}
	if unique, ok := m.Bool(n.Get("uniqueItems"), what+".uniqueItems"); ok {
		schema["uniqueItems"] = unique
	}
}

// required reads true or false, about the field itself, or a list of the fields
// inside of it that are required.
func (m maker) required(f *field, n *document.Node, what string) (listed []*document.Node) {
	v := n.Get("required")
	if v == nil {
		return nil
	}
	if v.Kind == document.List {
		if _, ok := m.StringList(v, what+".required"); !ok {
			return nil
		}
		return v.Items
	}
	if v.Kind != document.Bool {
		m.WrongType(v, what+".required", "true, false or a list of names")
		return nil
	}
	f.requiredGiven, f.required = true, v.Bool
	return nil
}

// properties reads the fields inside of an object. They are optional unless they
// say otherwise or are listed.
func (m maker) properties(schema map[string]any, n *document.Node, what string, listed []*document.Node) {
	props := n.Get("properties")
	if m.Map(props, what+".properties") {
		inner := m.object(props, what, func(f field) bool { return f.required })
		schema["properties"] = inner["properties"]
		required := inner["required"].([]any)
		for _, name := range listed {
			if props.Get(name.Text) == nil {
				continue
			}
			if !slices.Contains(required, any(name.Text)) {
				required = append(required, name.Text)
				// What is required can't be null.
				schema["properties"].(map[string]any)[name.Text] = maker{&document.Reader{File: m.File}}.field(props.Get(name.Text), what).schema
			}
		}
		schema["required"] = required
	}
	if len(listed) > 0 && props == nil {
		schema["required"] = names(listed)
	}
	for _, name := range listed {
		if props != nil && props.Get(name.Text) == nil {
			schema["required"] = append(schema["required"].([]any), name.Text)
		}
	}
	more := n.Get("additionalProperties")
	switch {
	case more == nil:
	case more.Kind == document.Bool:
		schema["additionalProperties"] = more.Bool
	default:
		schema["additionalProperties"] = m.field(more, what+".additionalProperties").schema
	}
}

func names(list []*document.Node) []any {
	out := make([]any, len(list))
	for i, n := range list {
		out[i] = n.Text
	}
	return out
}

// defaults adds the default of a field, which must fit its own type.
func (m maker) defaults(schema map[string]any, n *document.Node, what string) {
	if !m.finite(n, "the default of "+what) {
		return
	}
	if err := fits(schema, n.Data()); err != nil {
		code := document.OutOfRange
		if !hasType(schema, n) {
			code = document.WrongType
		}
		m.Errorf(code, n.Span, "the default of %s does not fit its own type or constraints", what)
		return
	}
	schema["default"] = n.Data()
}

// hasType tells whether a value is of the type of a field at all.
func hasType(schema map[string]any, n *document.Node) bool {
	t, ok := schema["type"]
	return !ok || fits(map[string]any{"type": t}, n.Data()) == nil
}

// fits validates a value.
func fits(schema map[string]any, v any) error {
	text, err := json.Marshal(schema)
	if err != nil {
		return fmt.Errorf("the schema is no JSON: %w", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("the schema is no JSON: %w", err)
	}
	const url = "prism:///field"
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseLoader(jsonschema.SchemeURLLoader{})
	if err := c.AddResource(url, doc); err != nil {
		return fmt.Errorf("the schema can't be used: %w", err)
	}
	s, err := c.Compile(url)
	if err != nil {
		return fmt.Errorf("the schema can't be used: %w", err)
	}
	return s.Validate(v)
}
