package schema

import (
	"slices"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
)

// Keywords of the schemas that the compiler makes.
const (
	secretKeyword = "writeOnly" // true: the value is kept out of whatever is written down
	envKeyword    = "x-env"     // name of the environment variable that a missing value is taken from
)

// Secrets returns the texts that must not be written down: those of the strings
// and numbers in the parts of an input that the schema calls secret, longest
// first, so that one that holds another is replaced whole.
func (s *Schema) Secrets(in value.Value) []string {
	var list []string
	secrets(s.document, in.Plain(), false, &list)
	slices.SortFunc(list, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(list)
}

func secrets(schema any, v value.Value, secret bool, list *[]string) {
	doc, _ := schema.(map[string]any)
	if marked, ok := doc[secretKeyword].(bool); ok && marked {
		secret = true
	}
	switch v.Kind() {
	case value.StringKind, value.Number:
		if text := value.Text(v); secret && text != "" {
			*list = append(*list, text)
		}
	case value.ObjectKind:
		props, _ := doc["properties"].(map[string]any)
		for name, part := range v.AsObject().All() {
			secrets(props[name], part.Plain(), secret, list)
		}
	case value.ArrayKind:
		for _, part := range v.AsArray().Elems() {
			secrets(doc["items"], part.Plain(), secret, list)
		}
	}
}

// FromEnvironment adds the fields that an input lacks and that the schema takes
// from the environment. A text stands for the number, truth value, list or object
// that the schema wants where it reads as one.
func (s *Schema) FromEnvironment(in value.Value, lookup func(name string) (string, bool)) value.Value {
	doc, _ := s.document.(map[string]any)
	props, _ := doc["properties"].(map[string]any)
	names := make([]string, 0, len(props))
	for name := range props {
		names = append(names, name)
	}
	slices.Sort(names)
	plain := in.Plain()
	if plain.IsNull() {
		plain = value.ObjectOf(nil, nil).Value()
	}
	if plain.Kind() != value.ObjectKind {
		return in
	}
	o, added := plain.AsObject(), false
	for _, name := range names {
		field, _ := props[name].(map[string]any)
		variable, ok := field[envKeyword].(string)
		if _, has := o.Get(name); !ok || has {
			continue
		}
		if text, ok := lookup(variable); ok {
			o, added = o.Copy().Set(nil, name, fromText(field, text)), true
		}
	}
	if !added {
		return in
	}
	return o.Value()
}

// fromText reads the text of an environment variable as what the schema wants.
func fromText(schema map[string]any, text string) value.Value {
	types, ok := schema["type"].([]any)
	if !ok {
		types = []any{schema["type"]}
	}
	if schema["type"] == nil || slices.Contains(types, any("string")) {
		return value.Str(text)
	}
	if v, err := value.FromJSON([]byte(text)); err == nil {
		return v
	}
	return value.Str(text) // the check tells what is wrong with it
}
