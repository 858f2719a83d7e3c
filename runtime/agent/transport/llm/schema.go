package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/parallaxai/parallax/runtime/value"
)

// schema is what an answer has to look like.
type schema struct {
	text     json.RawMessage
	compiled *jsonschema.Schema
	wrapped  bool // {answer, confidence} around what is wanted
}

// newSchema reads a JSON Schema; an object that is none, such as {label: "string"},
// lists the properties of an object, all required.
func newSchema(v value.Value) (*schema, error) {
	j, err := value.ToJSON(v, "")
	if err != nil {
		return nil, fmt.Errorf("the schema can't be sent: %w", err)
	}
	text := json.RawMessage(j.Text)
	if o := v.Plain(); o.Kind() != value.ObjectKind {
		return nil, errors.New("a schema is an object")
	} else if !isSchema(o.AsObject()) {
		if text, err = propertiesSchema(o.AsObject()); err != nil {
			return nil, err
		}
	}
	return compile(text, false)
}

// isSchema reports whether an object holds a keyword of JSON Schema as such.
func isSchema(o *value.Object) bool {
	for _, k := range [...]string{"$ref", "$schema", "properties", "anyOf", "oneOf", "allOf", "enum", "const", "items"} {
		if v, ok := o.Get(k); ok && (v.PlainKind() != value.StringKind || k[0] == '$') {
			return true
		}
	}
	t, ok := o.Get("type")
	if !ok || t.PlainKind() != value.StringKind {
		return ok && t.PlainKind() == value.ArrayKind || o.Len() == 0
	}
	switch t.Plain().AsString().Go() {
	case "object", "array", "string", "number", "integer", "boolean", "null":
		for _, k := range o.Keys() {
			switch k {
			case "type", "description", "title", "minimum", "maximum", "minLength", "maxLength", "pattern", "format", "minItems",
				"maxItems", "additionalProperties", "required", "default", "examples":
			default:
				return false // a property that is called "type"
			}
		}
		return true
	}
	return false
}

func propertiesSchema(o *value.Object) (json.RawMessage, error) {
	properties, required := map[string]any{}, []string{}
	for k, v := range o.All() {
		required = append(required, k)
		if v.PlainKind() == value.StringKind {
			properties[k] = map[string]any{"type": v.Plain().AsString().Go()}
			continue
		}
		inner, err := newSchema(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k, err)
		}
		properties[k] = inner.text
	}
	return json.Marshal(map[string]any{"type": "object", "properties": properties, "required": required})
}

// nowhere loads no schemas: what an answer is checked by is all in one place.
type nowhere struct{}

func (nowhere) Load(url string) (any, error) {
	return nil, fmt.Errorf("a schema refers to %s, which is not loaded", url)
}

func compile(text json.RawMessage, wrapped bool) (*schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("the schema is no JSON: %w", err)
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(nowhere{})
	const name = "mem:answer"
	if err := c.AddResource(name, doc); err != nil {
		return nil, fmt.Errorf("the schema can't be used: %w", err)
	}
	compiled, err := c.Compile(name)
	if err != nil {
		return nil, fmt.Errorf("the schema can't be used: %s", oneLine(err))
	}
	return &schema{text, compiled, wrapped}, nil
}

// withConfidence returns the schema of {answer, confidence}. A schema that refers
// to parts of itself can't be put into another one and is returned as it is,
// unless the parts are definitions, which move along.
func (s *schema) withConfidence() *schema {
	var inner map[string]json.RawMessage
	if json.Unmarshal(s.text, &inner) != nil {
		return s
	}
	outer := map[string]any{"type": "object", "required": []string{"answer", "confidence"}, "properties": map[string]any{
		"answer": json.RawMessage(s.text),
		"confidence": map[string]any{"type": "number",
			"description": "The probability, from 0 to 1, that the answer is right."},
	}}
	for _, k := range [...]string{"$defs", "definitions"} {
		if d, ok := inner[k]; ok {
			outer[k] = d
		}
	}
	if bytes.Contains(s.text, []byte(`"#"`)) || bytes.Contains(s.text, []byte(`"#/properties`)) {
		return s
	}
	text, err := json.Marshal(outer)
	if err != nil {
		return s
	}
	w, err := compile(text, true)
	if err != nil {
		return s
	}
	return w
}

// check tells what is wrong with JSON, for the model that wrote it.
func (s *schema) check(text []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("it is no JSON: %w", err)
	}
	if err := s.compiled.Validate(doc); err != nil {
		return errors.New(oneLine(err))
	}
	return nil
}

// oneLine puts the lines of an error of the library behind one another.
func oneLine(err error) string {
	lines := strings.Split(err.Error(), "\n")
	if len(lines) > 1 {
		lines = lines[1:] // the first names the resource
	}
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimSpace(l), "- ")
	}
	return strings.Join(lines, "; ")
}
