package shape

import (
	"reflect"
	"strconv"
	"strings"
)

// maker makes the schemas of types; those of structs are definitions.
type maker struct{ defs object }

// JSONSchema is the JSON Schema (draft 2020-12) of a pattern in YAML, of either
// kind.
func JSONSchema() map[string]any {
	m := &maker{object{}}
	pattern, chart := m.ref(reflect.TypeFor[Pattern]()), m.ref(reflect.TypeFor[Chart]())
	return object{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"title":       "Parallax pattern",
		"description": "A pattern in YAML: a flow pattern, or an org chart.",
		"type":        "object",
		"if":          anyOf(object{"required": []any{"structure"}}, object{"required": []any{"workflow"}}),
		"then":        chart,
		"else":        pattern,
		"$defs":       m.defs,
	}
}

// ref is a reference to the schema of a struct, which is made when it is new.
func (m *maker) ref(t reflect.Type) object {
	name := t.Name()
	if _, ok := m.defs[name]; !ok {
		m.defs[name] = object{} // while it is made: types refer to themselves
		m.defs[name] = m.structure(t)
	}
	return object{"$ref": "#/$defs/" + name}
}

func (m *maker) structure(t reflect.Type) object {
	props := object{}
	var required []any
	for _, f := range reflect.VisibleFields(t) {
		s := m.schema(f.Type)
		if w := f.Tag.Get("enum"); w != "" {
			s = object{"type": "string", "enum": words(t, f.Name)}
		}
		for key, word := range map[string]string{"min": "minimum", "max": "maximum"} {
			if v, err := strconv.ParseFloat(f.Tag.Get(key), 64); err == nil {
				s[word] = v
			}
		}
		s["description"] = f.Tag.Get("doc")
		props[f.Tag.Get("yaml")] = s
		if f.Tag.Get("need") == "true" {
			required = append(required, f.Tag.Get("yaml"))
		}
	}
	out := object{"type": "object", "properties": props, "additionalProperties": false}
	if required != nil {
		out["required"] = required
	}
	return out
}

// words are the words that a field takes.
func words(t reflect.Type, field string) []any {
	f, _ := t.FieldByName(field)
	var out []any
	for _, w := range strings.Split(f.Tag.Get("enum"), "|") {
		out = append(out, w)
	}
	return out
}

// schema is the schema of a type, a new object each time.
func (m *maker) schema(t reflect.Type) object {
	if s, ok := m.special(t); ok {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return m.schema(t.Elem())
	case reflect.Struct:
		return m.ref(t)
	case reflect.Slice:
		return object{"type": "array", "items": m.schema(t.Elem())}
	case reflect.Map:
		elem := m.schema(t.Elem())
		switch t.Elem() {
		case reflect.TypeFor[Field]():
			elem = m.fieldOrName()
		case reflect.TypeFor[Role]():
			elem = anyOf(elem, object{"type": "null"}) // a role that anybody can fill
		}
		return object{"type": "object", "additionalProperties": elem}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	}
	return object{"type": "string"}
}

// Keys are the keys of a struct of this package, in canonical order.
func Keys(t reflect.Type) []string {
	var keys []string
	for _, f := range reflect.VisibleFields(t) {
		keys = append(keys, f.Tag.Get("yaml"))
	}
	return keys
}
