package shape

import "reflect"

// Types of values that YAML gives in several forms. They are never filled: only
// their schemas matter.
type (
	Any              struct{} // any value
	Scalar           struct{} // text, a number or a boolean, taken as text
	Expression       struct{} // text that is an expression
	Condition        struct{} // an expression, a boolean, {field, operator, value}, a list of such, {$all: [...]}
	Duration         struct{} // milliseconds, or text such as 30s
	Confidence       struct{} // a number from 0 to 1
	ConfidenceRef    struct{} // the same, or an expression
	NumberOrRef      struct{} // a number or an expression
	TextOrList       struct{} // a text or a list of texts
	NamesOrRef       struct{} // a list of texts, or an expression
	BoolOrNames      struct{} // a boolean or a list of texts
	BoolOrText       struct{} // a boolean or a text
	BoolOrField      struct{} // a boolean, a type name or a field
	FieldOrName      struct{} // a type name or a field
	Schema           struct{} // a type name, a field or a map of fields
	AgentsOrList     struct{} // Agents, or a list of capabilities
	ConfidenceOrWord struct{} // a method, a ConfidenceRule, or of an ask step the number itself
	FieldRules       struct{} // a list of names or of {name, threshold, method}, or a map
	StepOrText       struct{} // a text, or a step
	StepsOrMap       struct{} // a list of steps, or a map of them
	OnError          struct{} // continue, fail or {type, value}
	OrgStepOrShort   struct{} // an OrgStep, or one in the short form
)

// object is a schema under construction.
type object = map[string]any

func anyOf(list ...any) object { return object{"anyOf": list} }

var (
	text       = object{"type": "string"}
	number     = object{"type": "number"}
	boolean    = object{"type": "boolean"}
	texts      = object{"type": "array", "items": text}
	expression = object{"type": "string", "description": "An expression."}
)

// special are the schemas of the types above; refs to structs are made by m.
func (m *maker) special(t reflect.Type) (object, bool) {
	switch t {
	case reflect.TypeFor[Any]():
		return object{}, true
	case reflect.TypeFor[Scalar]():
		return object{"type": []any{"string", "number", "boolean"}}, true
	case reflect.TypeFor[Expression]():
		return object{"type": []any{"string", "number", "boolean"}}, true
	case reflect.TypeFor[Condition]():
		return object{"type": []any{"string", "boolean", "object", "array"}}, true
	case reflect.TypeFor[Duration]():
		return anyOf(object{"type": "number", "minimum": 0}, object{"type": "string", "pattern": `^\s*[0-9]+(\.[0-9]+)?\s*(ms|s|m|h|d)\s*$`}), true
	case reflect.TypeFor[Confidence]():
		return object{"type": "number", "minimum": 0, "maximum": 1}, true
	case reflect.TypeFor[ConfidenceRef]():
		return anyOf(object{"type": "number", "minimum": 0, "maximum": 1}, expression), true
	case reflect.TypeFor[NumberOrRef]():
		return anyOf(number, expression), true
	case reflect.TypeFor[TextOrList](), reflect.TypeFor[NamesOrRef]():
		return anyOf(text, texts), true
	case reflect.TypeFor[BoolOrNames]():
		return anyOf(boolean, texts), true
	case reflect.TypeFor[BoolOrText]():
		return anyOf(boolean, text), true
	case reflect.TypeFor[FieldOrName]():
		return m.fieldOrName(), true
	case reflect.TypeFor[BoolOrField]():
		return anyOf(boolean, m.fieldOrName()), true
	case reflect.TypeFor[Schema]():
		return anyOf(m.fieldOrName(), object{"type": "object", "additionalProperties": m.fieldOrName()}), true
	case reflect.TypeFor[AgentsOrList]():
		return anyOf(m.ref(reflect.TypeFor[Agents]()), object{"type": "array", "items": text}), true
	case reflect.TypeFor[ConfidenceOrWord]():
		return anyOf(object{"enum": []any{"average", "weighted", "min", "max", "weighted-share"}}, object{"type": "number", "minimum": 0, "maximum": 1},
			m.ref(reflect.TypeFor[ConfidenceRule]())), true
	case reflect.TypeFor[FieldRules]():
		return object{"type": []any{"array", "object"}}, true
	case reflect.TypeFor[StepOrText]():
		return anyOf(text, m.ref(reflect.TypeFor[Step]())), true
	case reflect.TypeFor[StepsOrMap]():
		step := m.ref(reflect.TypeFor[Step]())
		return anyOf(object{"type": "array", "items": step}, object{"type": "object", "additionalProperties": step}), true
	case reflect.TypeFor[OnError]():
		return anyOf(object{"enum": []any{"continue", "fail"}}, object{"type": "object"}), true
	case reflect.TypeFor[OrgStepOrShort]():
		short := object{"type": "object", "maxProperties": 1, "patternProperties": object{`^(assign|select|review|approve|aggregate|parallel|sequential|condition|wait)( \S+)?$`: object{}}, "additionalProperties": false}
		return anyOf(text, short, m.ref(reflect.TypeFor[OrgStep]())), true
	}
	return nil, false
}

// fieldOrName is a type name or a field.
func (m *maker) fieldOrName() object {
	return anyOf(object{"enum": words(reflect.TypeFor[Field](), "Type")}, m.ref(reflect.TypeFor[Field]()))
}
