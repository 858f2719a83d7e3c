package engine_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/vm"
)

func TestInput(t *testing.T) {
	const schema = `{"type": "object", "required": ["text"], "properties": {
		"text": {"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^[a-z]+$"},
		"kind": {"enum": ["a", 1]},
		"n": {"type": "integer", "minimum": 1, "maximum": 10, "multipleOf": 2}, "tenths": {"multipleOf": 0.1},
		"x": {"type": "number", "exclusiveMinimum": 0.5, "exclusiveMaximum": 1},
		"mail": {"type": "string", "format": "email"},
		"rows": {"type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": true, "items": {"type": "object",
			"properties": {"id": {"type": "integer"}, "tag": {"type": "string", "default": "none"}}, "required": ["id"], "additionalProperties": false}},
		"lang": {"type": "string", "default": "en"},
		"opts": {"type": "object", "default": {"deep": [1]}, "properties": {"size": {"type": "number", "default": 7}}},
		"one": {"const": 1},
		"either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
		"form": {"anyOf": [{"minimum": 5}, {"maximum": 2}]},
		"never": false
	}}`
	p := compile(t, "/**\n * @input "+strings.ReplaceAll(schema, "\n", "\n * ")+"\n */\ninput")
	tests := []struct{ name, input, want string }{
		{"defaults", `{"text": "abc"}`, `success {"text":"abc","lang":"en","opts":{"deep":[1],"size":7}}`},
		{"nested defaults", `{"rows": [{"id": 1}], "text": "ab", "lang": "de", "opts": {"size": 1}}`,
			`success {"rows":[{"id":1,"tag":"none"}],"text":"ab","lang":"de","opts":{"size":1}}`},
		{"undeclared fields pass", `{"text": "ab", "lang": "x", "opts": {}, "more": null}`, `success {"text":"ab","lang":"x","opts":{"size":7},"more":null}`},
		{"integer with a point", `{"text": "ab", "n": 4.0, "lang": "", "opts": {}}`, `success {"text":"ab","n":4,"lang":"","opts":{"size":7}}`},
		{"missing", `{}`, `input.text: is required`},
		{"not an object", `[1]`, `input: expected object, got array`},
		{"no input at all", ``, `input.text: is required`},
		{"all at once", `{"text": "A", "n": 0, "rows": [{"id": "x"}, {"id": 1, "other": 2}]}`,
			`input.n: 0 is less than 1; input.rows[0].id: expected integer, got string; input.rows[1].other: is not expected here; ` +
				`input.text: "A" does not match the pattern "^[a-z]+$"; input.text: length 1 is less than 2`},
		{"too long", `{"text": "abcdef"}`, `input.text: length 6 is greater than 5`},
		{"enum", `{"text": "ab", "kind": "b"}`, `input.kind: expected one of "a", 1, got "b"`},
		{"numbers", `{"text": "ab", "n": 11, "x": 0.5}`, `input.n: 11 is greater than 10; input.n: 11 is not a multiple of 2; input.x: 0.5 is not greater than 0.5`},
		{"multiples but for rounding", `{"text": "ab", "lang": "", "opts": {}, "tenths": 0.30000000000000004}`, `success {"text":"ab","lang":"","opts":{"size":7},"tenths":0.30000000000000004}`},
		{"no multiple", `{"text": "ab", "tenths": 0.35}`, `input.tenths: 0.35 is not a multiple of 0.1`},
		{"below", `{"text": "ab", "x": 1}`, `input.x: 1 is not less than 1`},
		{"format", `{"text": "ab", "mail": "nobody"}`, `input.mail: "nobody" is not a valid email`},
		{"no rows", `{"text": "ab", "rows": []}`, `input.rows: number of items 0 is less than 1`},
		{"equal rows", `{"text": "ab", "rows": [{"id": 1}, {"id": 1}]}`, `input.rows: items are not unique: 0 and 1 are equal`},
		{"many rows", `{"text": "ab", "rows": [{"id": 1}, {"id": 2}, {"id": 3}]}`, `input.rows: number of items 3 is greater than 2`},
		{"const", `{"text": "ab", "one": 2}`, `input.one: expected 1, got 2`},
		{"any of types", `{"text": "ab", "either": 5}`, `input.either: expected string, got number`},
		{"any of forms", `{"text": "ab", "form": 3}`, `input.form: fits none of the allowed forms`},
		{"forbidden", `{"text": "ab", "never": 1}`, `input.never: is not allowed`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if !strings.HasPrefix(want, "success") {
				want = "failed INPUT_INVALID: " + want
			}
			if diff := cmp.Diff(want, inspect(runProgram(t, p, tt.input))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestInputBlock(t *testing.T) {
	p := compile(t, `pattern greet {
  input {
    name: string min_length(1)
    times: number default(1) min(1)
    tags: string[] optional
  }
  return "${input.name} x${input.times}"
}`)
	tests := []struct{ input, want string }{
		{`{"name": "Ada"}`, `success "Ada x1"`},
		{`{"name": "Ada", "times": 2, "tags": null}`, `success "Ada x2"`},
		{`{"name": "", "times": "2", "tags": [1]}`, `failed INPUT_INVALID: input.name: length 0 is less than 1; ` +
			`input.tags[0]: expected string, got number; input.times: expected number, got string`},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, inspect(runProgram(t, p, tt.input))); diff != "" {
			t.Error(diff)
		}
	}
}

// A confidence on a part of the input survives the defaults.
func TestInputKeepsConfidence(t *testing.T) {
	p := compile(t, "/** @input {\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"object\", \"properties\": {\"b\": {\"default\": 1}}}}} */\n<~ input.a")
	in := parse(t, `{"a": {}}`)
	a, _ := in.AsObject().Get("a")
	in = in.AsObject().Set(nil, "a", a.WithConfidence(0.3, nil)).Value()
	res, err := p.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("success 0.3", inspect(res)); diff != "" {
		t.Error(diff)
	}
}

func TestLoadFails(t *testing.T) {
	lib := library.Std()
	program := func(schema string, libs ...string) *bytecode.Program {
		return &bytecode.Program{Libs: libs, Meta: bytecode.Meta{Input: []byte(schema)}}
	}
	tests := []struct {
		name string
		p    *bytecode.Program
		lib  *vm.Library
		want string
	}{
		{"nothing", nil, lib, "needs a program and a library"},
		{"unknown name", program("", "noSuchThing"), lib, "the program can't be linked"},
		{"not JSON", program("{"), lib, "not valid JSON"},
		{"no schema", program(`{"type": 5}`), lib, "not a valid JSON Schema"},
		{"reference to a file", program(`{"$ref": "file:///etc/hostname"}`), lib, "not a valid JSON Schema"},
		{"reference to the network", program(`{"$ref": "https://example.com/x.json"}`), lib, "not a valid JSON Schema"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := engine.Load(tt.p, tt.lib)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}
