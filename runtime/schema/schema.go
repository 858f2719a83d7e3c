// Package schema checks values against JSON Schemas: the input of programs and
// what they ask to have checked while they run. Faults are told in the terms of
// the people who wrote the value, each "path: text".
package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/parallaxai/parallax/runtime/value"
)

// Schema is a compiled JSON Schema.
type Schema struct {
	document any // as decoded, for the defaults
	compiled *jsonschema.Schema
}

// schemaURL names a schema while it is compiled; it must be absolute, or messages
// would name the current folder.
const schemaURL = "prism:///input"

// Compile compiles a JSON Schema. Nothing is loaded from outside: a $ref to
// another document is an error.
func Compile(text []byte) (*Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("the input schema is not valid JSON: %w", err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseLoader(jsonschema.SchemeURLLoader{})
	if err := c.AddResource(schemaURL, document); err != nil {
		return nil, fmt.Errorf("the input schema is not usable: %w", err)
	}
	compiled, err := c.Compile(schemaURL)
	if err != nil {
		return nil, fmt.Errorf("the input schema is not a valid JSON Schema: %w", err)
	}
	return &Schema{document, compiled}, nil
}

// Accept fills in the defaults of an input and validates it. It returns the
// input to use and the violations, each "path: text" with a path from "input",
// in the order of the paths. Null stands for an object without fields where the
// schema wants one.
func (s *Schema) Accept(in value.Value) (value.Value, []string) {
	if doc, ok := s.document.(map[string]any); ok && doc["type"] == "object" && in.IsNull() {
		in = value.ObjectOf(nil, nil).Value()
	}
	out := applyDefaults(s.document, in)
	return out, s.Check(out, "input")
}

// Check validates a value as it is. It returns the violations, each "path: text"
// with a path from name, in the order of the paths; nil when there are none.
func (s *Schema) Check(v value.Value, name string) []string {
	err := s.compiled.Validate(toAny(v))
	if err == nil {
		return nil
	}
	verr, ok := err.(*jsonschema.ValidationError)
	if !ok {
		return []string{name + ": " + err.Error()}
	}
	var list []string
	collect(verr, name, &list)
	slices.Sort(list)
	return slices.Compact(list)
}

// applyDefaults adds missing properties that have a default, also inside
// objects and array elements that are present.
func applyDefaults(schema any, v value.Value) value.Value {
	doc, ok := schema.(map[string]any)
	if !ok {
		return v
	}
	c, confident := v.Confidence()
	why := v.Why()
	plain := v.Plain()
	switch plain.Kind() {
	case value.ObjectKind:
		props, _ := doc["properties"].(map[string]any)
		names := make([]string, 0, len(props))
		for name := range props {
			names = append(names, name)
		}
		slices.Sort(names)
		o := plain.AsObject()
		for _, name := range names {
			old, has := o.Get(name)
			if has {
				if sub := applyDefaults(props[name], old); !value.Identical(sub, old) {
					o = o.Copy().Set(nil, name, sub)
				}
				continue
			}
			p, _ := props[name].(map[string]any)
			if def, ok := p["default"]; ok {
				o = o.Copy().Set(nil, name, applyDefaults(p, fromAny(def)))
			}
		}
		plain = o.Value()
	case value.ArrayKind:
		items, ok := doc["items"]
		if !ok {
			return v
		}
		a := plain.AsArray()
		var elems []value.Value
		for i, old := range a.Elems() {
			sub := applyDefaults(items, old)
			if elems == nil && !value.Identical(sub, old) {
				elems = slices.Clone(a.Elems())
			}
			if elems != nil {
				elems[i] = sub
			}
		}
		if elems == nil {
			return v
		}
		plain = value.CopyArray(elems).Value()
	default:
		return v
	}
	if confident {
		return plain.WithConfidence(c, why)
	}
	return plain
}

// collect lists the innermost reasons of a validation error.
func collect(e *jsonschema.ValidationError, root string, list *[]string) {
	path := root
	for _, part := range e.InstanceLocation {
		path = extend(path, part)
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			*list = append(*list, extend(path, name)+": is required")
		}
		return
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			*list = append(*list, extend(path, name)+": is not expected here")
		}
		return
	case *kind.MultipleOf:
		if nearMultiple(k) {
			return
		}
	case *kind.AnyOf, *kind.OneOf, *kind.Not:
		// The reasons of every alternative together would contradict each other.
		if want := alternatives(e); want != "" {
			*list = append(*list, path+": expected "+want)
		} else {
			*list = append(*list, path+": "+describe(e.ErrorKind))
		}
		return
	}
	if len(e.Causes) == 0 {
		*list = append(*list, path+": "+describe(e.ErrorKind))
		return
	}
	for _, c := range e.Causes {
		collect(c, root, list)
	}
}

// alternatives tells which types a failed anyOf accepts, "" if its reasons are
// of other kinds.
func alternatives(e *jsonschema.ValidationError) string {
	var want []string
	got := ""
	for _, c := range e.Causes {
		t, ok := c.ErrorKind.(*kind.Type)
		if !ok || len(c.InstanceLocation) != len(e.InstanceLocation) {
			return ""
		}
		want = append(want, t.Want...)
		got = t.Got
	}
	if len(want) == 0 {
		return ""
	}
	return strings.TrimPrefix(expected(want, got), "expected ")
}

// expected tells the wanted types. That null would do as well helps nobody who
// has given something else.
func expected(want []string, got string) string {
	if len(want) > 1 {
		want = slices.DeleteFunc(slices.Clone(want), func(t string) bool { return t == "null" })
	}
	return fmt.Sprintf("expected %s, got %s", strings.Join(want, " or "), got)
}

// multipleTolerance is how far a number may be from a multiple, in parts of the
// divisor: sums of decimal fractions are not exact.
const multipleTolerance = 1e-9

// nearMultiple tells a number that is a multiple but for its rounding.
func nearMultiple(k *kind.MultipleOf) bool {
	got, _ := k.Got.Float64()
	want, _ := k.Want.Float64()
	q := got / want
	return math.Abs(q-math.Round(q)) <= multipleTolerance
}

func extend(path, part string) string {
	if _, err := strconv.Atoi(part); err == nil {
		return path + "[" + part + "]"
	}
	return path + "." + part
}

// describe tells a violation in the user's terms.
func describe(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return expected(k.Want, k.Got)
	case *kind.Enum:
		var want []string
		for _, w := range k.Want {
			if w != nil || len(k.Want) == 1 {
				want = append(want, quote(w))
			}
		}
		return fmt.Sprintf("expected one of %s, got %s", strings.Join(want, ", "), quote(k.Got))
	case *kind.Const:
		return fmt.Sprintf("expected %s, got %s", quote(k.Want), quote(k.Got))
	case *kind.Format:
		return fmt.Sprintf("%s is not a valid %s", quote(k.Got), k.Want)
	case *kind.Pattern:
		return fmt.Sprintf("%s does not match the pattern %s", quote(k.Got), quote(k.Want))
	case *kind.MinLength:
		return fmt.Sprintf("length %d is less than %d", k.Got, k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("length %d is greater than %d", k.Got, k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("number of items %d is less than %d", k.Got, k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("number of items %d is greater than %d", k.Got, k.Want)
	case *kind.UniqueItems:
		return fmt.Sprintf("items are not unique: %d and %d are equal", k.Duplicates[0], k.Duplicates[1])
	case *kind.Minimum:
		return fmt.Sprintf("%s is less than %s", decimal(k.Got), decimal(k.Want))
	case *kind.Maximum:
		return fmt.Sprintf("%s is greater than %s", decimal(k.Got), decimal(k.Want))
	case *kind.ExclusiveMinimum:
		return fmt.Sprintf("%s is not greater than %s", decimal(k.Got), decimal(k.Want))
	case *kind.ExclusiveMaximum:
		return fmt.Sprintf("%s is not less than %s", decimal(k.Got), decimal(k.Want))
	case *kind.MultipleOf:
		return fmt.Sprintf("%s is not a multiple of %s", decimal(k.Got), decimal(k.Want))
	case *kind.AnyOf:
		return "fits none of the allowed forms"
	case *kind.FalseSchema:
		return "is not allowed"
	}
	return k.LocalizedString(message.NewPrinter(language.English))
}

// decimal prints a bound as people write numbers.
func decimal(r *big.Rat) string {
	f, _ := r.Float64()
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// quote prints a value of an instance as JSON on one line, shortened.
func quote(v any) string {
	s, ok := v.(string)
	if !ok {
		j, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		if s = string(j); utf8.RuneCountInString(s) > maxQuoted {
			s = string([]rune(s)[:maxQuoted]) + "..."
		}
		return s
	}
	if utf8.RuneCountInString(s) > maxQuoted {
		s = string([]rune(s)[:maxQuoted]) + "..."
	}
	return strconv.Quote(s)
}

const maxQuoted = 60 // code points
