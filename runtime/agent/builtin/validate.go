package builtin

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/parallaxai/parallax/runtime/value"
)

// newSchema makes agents that validate data with a JSON Schema (draft 2020-12
// unless the schema says otherwise). The result is {valid, errors: [{path,
// message}]}; the path is a JSON pointer into the data. It is certain: its
// confidence is 1. A text is taken for JSON when it is an object or an array.
func newSchema(o options) (Agent, error) {
	field, err := o.field()
	if err != nil {
		return nil, err
	}
	src, ok := o["schema"]
	if !ok {
		return nil, optionError("schema", "is needed: the JSON Schema that data has to satisfy")
	}
	doc, err := plainJSON(src)
	if err != nil {
		return nil, optionError("schema", "is no JSON: %v", err)
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(noLoader{})
	if err := c.AddResource("schema.json", doc); err != nil {
		return nil, optionError("schema", "can't be used: %v", err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		return nil, optionError("schema", "can't be used: %s", strings.TrimPrefix(err.Error(), "jsonschema: "))
	}
	return func(in Input) (Answer, error) {
		d, err := in.data(field)
		if err != nil {
			return Answer{}, err
		}
		var data any
		if text := ""; d.Kind() == value.StringKind {
			text = strings.TrimSpace(d.AsString().Go())
			if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
				if v, err := value.FromJSON([]byte(text)); err == nil {
					d = v
				} else {
					return validity([]problem{{"", "the text is no JSON: " + err.Error()}}), nil
				}
			}
		}
		if data, err = plainJSON(d); err != nil {
			return Answer{}, fmt.Errorf("the data is no JSON: %w", err)
		}
		if err := schema.Validate(data); err != nil {
			ve, ok := err.(*jsonschema.ValidationError)
			if !ok {
				return Answer{}, err
			}
			return validity(problems(ve)), nil
		}
		return validity(nil), nil
	}, nil
}

// noLoader refuses references to other documents: an agent opens no files.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("the schema may not refer to %s", url)
}

// plainJSON turns a value into what the validator reads.
func plainJSON(v value.Value) (any, error) {
	text, err := value.ToJSON(v, "")
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(strings.NewReader(string(text.Text)))
}

type problem struct{ path, message string }

// problems lists the innermost causes of a failed validation.
func problems(e *jsonschema.ValidationError) []problem {
	if len(e.Causes) == 0 {
		path := ""
		for _, p := range e.InstanceLocation {
			path += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(p)
		}
		return []problem{{path, e.ErrorKind.LocalizedString(message.NewPrinter(language.English))}}
	}
	var out []problem
	for _, c := range e.Causes {
		out = append(out, problems(c)...)
	}
	slices.SortStableFunc(out, func(a, b problem) int { return strings.Compare(a.path, b.path) })
	return out
}

func validity(list []problem) Answer {
	errs := make([]value.Value, len(list))
	why := make([]string, len(list))
	for i, p := range list {
		errs[i] = value.ObjectOf([]string{"path", "message"}, []value.Value{value.Str(p.path), value.Str(p.message)}).Value()
		why[i] = strings.TrimPrefix(p.path+": "+p.message, ": ")
	}
	return Answer{Confidence: 1, Reasoning: strings.Join(why, "; "),
		Result: value.ObjectOf([]string{"valid", "errors"}, []value.Value{value.Bool(len(list) == 0), value.NewArray(errs)}).Value()}
}

// newRegexp makes agents that match a text with regular expressions (RE2
// syntax). The result is {valid, matches: {name: [...]}, missing: [names]}: valid
// when every expression matches; a match is the text, or an object of the named
// groups where the expression has any. Its confidence is 1.
func newRegexp(o options) (Agent, error) {
	type named struct {
		name string
		expr *regexp.Regexp
	}
	var list []named
	add := func(option, name string, v value.Value) error {
		if v.PlainKind() != value.StringKind {
			return optionError(option, "is a regular expression, not %s", value.Inspect(v))
		}
		expr, err := regexp.Compile(v.Plain().AsString().Go())
		if err != nil {
			return optionError(option, "can't be used: %v", err)
		}
		list = append(list, named{name, expr})
		return nil
	}
	if v, ok := o["pattern"]; ok {
		if err := add("pattern", "pattern", v); err != nil {
			return nil, err
		}
	}
	if v, ok := o["patterns"]; ok {
		if v.Kind() != value.ObjectKind {
			return nil, optionError("patterns", "is a map from names to regular expressions, not %s", value.Inspect(v))
		}
		for name, expr := range v.AsObject().All() {
			if err := add("patterns", name, expr); err != nil {
				return nil, err
			}
		}
	}
	if len(list) == 0 {
		return nil, optionError("pattern", "is needed: a regular expression, or several under patterns")
	}
	return onText(o, func(text string) Answer {
		var keys, missing []string
		var vals, absent []value.Value
		for _, n := range list {
			var found []value.Value
			for _, m := range n.expr.FindAllStringSubmatch(text, maxMatches) {
				found = append(found, captured(n.expr, m))
			}
			keys, vals = append(keys, n.name), append(vals, value.NewArray(found))
			if len(found) == 0 {
				missing, absent = append(missing, n.name), append(absent, value.Str(n.name))
			}
		}
		out := Answer{Confidence: 1, Result: value.ObjectOf([]string{"valid", "matches", "missing"},
			[]value.Value{value.Bool(len(missing) == 0), value.ObjectOf(keys, vals).Value(), value.NewArray(absent)}).Value()}
		if len(missing) > 0 {
			out.Reasoning = "no match for " + strings.Join(missing, ", ")
		}
		return out
	})
}

// maxMatches bounds the matches of one expression.
const maxMatches = 1000

func captured(expr *regexp.Regexp, m []string) value.Value {
	var keys []string
	var vals []value.Value
	for i, name := range expr.SubexpNames() {
		if name != "" {
			keys, vals = append(keys, name), append(vals, value.Str(m[i]))
		}
	}
	if keys == nil {
		return value.Str(m[0])
	}
	return value.ObjectOf(keys, vals).Value()
}
