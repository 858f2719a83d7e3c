package pattern

import (
	"math"
	"strings"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// options reads the trailing object; keys are found in snake_case and camelCase.
type options struct {
	c   *vm.Call
	who string
	obj *value.Object
	err error
}

func optionsOf(c *vm.Call, who string) *options {
	o := &options{c: c, who: who}
	switch p := c.Arg(1).Plain(); p.Kind() {
	case value.Null:
	case value.ObjectKind:
		o.obj = p.AsObject()
	default:
		o.err = c.Errorf(codeArgument, "the options of %s are an object, not %s", who, value.Inspect(p))
	}
	return o
}

// get returns an option without its confidence, null when absent.
func (o *options) get(key string) value.Value {
	if o.obj == nil {
		return value.NullValue
	}
	if v, ok := o.obj.Get(key); ok {
		return v.Plain()
	}
	var snake strings.Builder
	for _, r := range key {
		if r >= 'A' && r <= 'Z' {
			snake.WriteByte('_')
			r += 'a' - 'A'
		}
		snake.WriteRune(r)
	}
	v, _ := o.obj.Get(snake.String())
	return v.Plain()
}

// fail keeps the first complaint.
func (o *options) fail(key, want string, got value.Value) {
	if o.err == nil {
		o.err = o.c.Errorf(codeArgument, "%s: %s is %s, not %s", o.who, key, want, value.Inspect(got))
	}
}

// number reads a number in [lo, hi]; absent it is def.
func (o *options) number(key string, lo, hi, def float64) float64 {
	v := o.get(key)
	if v.IsNull() {
		return def
	}
	if !v.IsNumber() || !(v.Float() >= lo && v.Float() <= hi) {
		o.fail(key, bounds(lo, hi), v)
		return 0
	}
	return v.Float()
}

func bounds(lo, hi float64) string {
	return "a number from " + value.NumberText(lo) + " to " + value.NumberText(hi)
}

// count reads a whole number, 0 when absent.
func (o *options) count(key string) int {
	f := o.number(key, 0, 1e9, 0)
	if f != math.Trunc(f) {
		o.fail(key, "a whole number", value.Num(f))
	}
	return int(f)
}

// text reads a string, "" when absent.
func (o *options) text(key string) string {
	v := o.get(key)
	if v.IsNull() {
		return ""
	}
	if v.Kind() != value.StringKind {
		o.fail(key, "a string", v)
		return ""
	}
	return v.AsString().Go()
}

// texts reads a list of strings, nil when absent.
func (o *options) texts(key string) []string {
	v := o.get(key)
	if v.IsNull() {
		return nil
	}
	out := []string{}
	if v.Kind() == value.StringKind {
		return append(out, v.AsString().Go())
	}
	if v.Kind() != value.ArrayKind {
		o.fail(key, "a list of names", v)
		return nil
	}
	for _, e := range v.AsArray().Elems() {
		if e.PlainKind() != value.StringKind {
			o.fail(key, "a list of names", v)
			return nil
		}
		out = append(out, e.Plain().AsString().Go())
	}
	return out
}

// weights reads what the ballots of agents weigh, nil when absent.
func (o *options) weights() map[string]float64 {
	w := o.get("weights")
	if w.IsNull() {
		return nil
	}
	if w.Kind() != value.ObjectKind {
		o.fail("weights", "an object of numbers by agent", w)
		return nil
	}
	out := map[string]float64{}
	for k, v := range w.AsObject().All() {
		p := v.Plain()
		if !p.IsNumber() || !(p.Float() >= 0 && p.Float() <= 1e12) {
			o.fail("weights."+k, bounds(0, 1e12), v)
			return nil
		}
		out[k] = p.Float()
	}
	return out
}

// flag reads a truth value.
func (o *options) flag(key string) bool { return o.get(key).Truthy() }

// word reads one of a closed list of words.
func (o *options) word(key string, words ...string) string {
	v := o.get(key)
	if v.IsNull() {
		return ""
	}
	s := strings.ReplaceAll(value.Text(v), "_", "-")
	for _, w := range words {
		if s == w {
			return s
		}
	}
	if o.err == nil {
		hint := "it is one of " + strings.Join(words, ", ")
		if near := diag.Suggest(s, words); near != "" {
			hint = "did you mean " + near + "?"
		}
		o.err = o.c.Errorf(codeArgument, "%s: there is no %s %q; %s", o.who, key, s, hint)
	}
	return ""
}

// fields reads a list of names or {name, threshold, method}, or a map.
func (o *options) fields() []FieldRule {
	v := o.get("fields")
	rule := func(name string, x value.Value) FieldRule {
		r := FieldRule{Name: name, Threshold: -1}
		if x.IsNumber() { // {field: threshold}
			x = value.ObjectOf([]string{"threshold"}, []value.Value{x}).Value()
		}
		if x.Kind() == value.ObjectKind {
			sub := &options{c: o.c, who: o.who, obj: x.AsObject()}
			r.Threshold = sub.number("threshold", 0, 1, -1)
			r.Method = sub.word("method", "union", "average", "majority")
			if n := sub.get("name"); !n.IsNull() {
				r.Name = value.Text(n)
			}
			if o.err == nil {
				o.err = sub.err
			}
		}
		return r
	}
	var out []FieldRule
	switch v.Kind() {
	case value.ArrayKind:
		for _, e := range v.AsArray().Elems() {
			if p := e.Plain(); p.Kind() == value.StringKind {
				out = append(out, FieldRule{Name: p.AsString().Go(), Threshold: -1})
			} else {
				out = append(out, rule("", p))
			}
		}
	case value.ObjectKind:
		for k, e := range v.AsObject().All() {
			out = append(out, rule(k, e.Plain()))
		}
	case value.Null:
	default:
		o.fail("fields", "a list of names or a map", v)
	}
	return out
}
