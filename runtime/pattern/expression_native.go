package pattern

import (
	"hash/fnv"
	"math"
	"time"

	"github.com/Masterminds/semver/v3"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/schema"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// expressionNatives are what std/pattern makes the operators of YAML expressions
// of; not visible to programs.
func expressionNatives(def func(name string, min, max int, fn vm.NativeFunc)) {
	def("__field", 2, -1, func(c *vm.Call) (value.Value, error) {
		v := c.Args[0]
		for _, key := range c.Args[1:] {
			v = PartOf(v, key)
		}
		v.Share()
		return v, nil
	})
	unary := func(name string, f func(value.Value) value.Value) {
		def(name, 1, 1, func(c *vm.Call) (value.Value, error) {
			v := f(c.Args[0])
			v.Share()
			return v, nil
		})
	}
	unary("__unwrap", Unwrap)
	unary("__show", Show)
	unary("__full", Full)
	unary("__spell", func(v value.Value) value.Value { return value.Str(Spell(v)) })
	unary("__json", func(v value.Value) value.Value { return value.Str(string(appendKey(nil, Show(v), 0))) })
	unary("__elements", func(v value.Value) value.Value {
		list := Elements(v)
		out := make([]value.Value, len(list))
		for i, e := range list {
			out[i] = part(e)
			out[i].Share()
		}
		return value.NewArray(out)
	})
	def("__ordered", 3, 3, func(c *vm.Call) (value.Value, error) {
		ok, err := Ordered(value.Text(c.Args[0]), c.Args[1], c.Args[2])
		if err != nil {
			return value.NullValue, c.Errorf(codeOperand, "%v", err)
		}
		return value.Bool(ok), nil
	})
	def("__contains", 2, 2, func(c *vm.Call) (value.Value, error) { return value.Bool(Contains(c.Args[0], c.Args[1])), nil })
	def("__matches", 2, 2, func(c *vm.Call) (value.Value, error) {
		ok, err := Matches(c.Args[0], c.Args[1])
		if err != nil {
			return value.NullValue, c.Errorf(codeOperand, "%v", err)
		}
		return value.Bool(ok), nil
	})
	def("__fold", 1, -1, foldNative)
	def("__rounded", 1, 2, func(c *vm.Call) (value.Value, error) {
		f, err := operand(c, "round", c.Args[0])
		digits := 0.0
		if err == nil && len(c.Args) > 1 && !Unwrap(c.Args[1]).IsNull() {
			digits, err = operand(c, "round", c.Args[1])
		}
		if err != nil {
			return value.NullValue, err
		}
		return value.Num(Rounded(f, int(min(max(digits, -300), 15)))), nil
	})
	def("__abs", 1, 1, func(c *vm.Call) (value.Value, error) {
		f, err := operand(c, "abs", c.Args[0])
		return value.Num(math.Abs(f)), err
	})
	def("__cosine", 2, 2, func(c *vm.Call) (value.Value, error) {
		a, err := vector(c, c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		b, err := vector(c, c.Args[1])
		if err != nil {
			return value.NullValue, err
		}
		if len(a) != len(b) {
			return value.NullValue, c.Errorf(codeOperand, "cosine_similarity needs two lists of the same length, not %d and %d", len(a), len(b))
		}
		return value.Num(Cosine(a, b)), nil
	})
	// v with the confidence of another value and the reasons for it.
	def("__like", 2, 2, func(c *vm.Call) (value.Value, error) {
		v, of := c.Args[0].Plain(), c.Args[1]
		if !of.IsConfident() {
			return v, nil
		}
		v.Share()
		return v.LikeConfident(of), nil
	})
	// __attach(v, confidence, rule, note, from) also tells where it comes from.
	def("__attach", 5, 5, func(c *vm.Call) (value.Value, error) {
		v, conf := c.Args[0].Plain(), c.Args[1].Plain()
		if !conf.IsNumber() {
			return value.NullValue, c.Errorf(codeOperand, "a confidence is a number, not %s", value.Inspect(conf))
		}
		v.Share()
		note := ""
		if n := c.Args[3].Plain(); n.Kind() == value.StringKind {
			note = n.AsString().Go()
		}
		return c.AttachNoted(v, conf.Float(), value.Text(c.Args[2]), note, Elements(c.Args[4])...), nil
	})
	def("__isRecord", 1, 1, func(c *vm.Call) (value.Value, error) {
		_, ok := isRecord(c.Args[0])
		return value.Bool(ok), nil
	})
	def("__isoTime", 1, 1, func(c *vm.Call) (value.Value, error) {
		f, err := operand(c, "a time", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		return value.Str(time.UnixMilli(int64(f)).UTC().Format("2006-01-02T15:04:05.000Z")), nil
	})
	def("__violations", 3, 3, violations)
	def("__satisfies", 2, 2, func(c *vm.Call) (value.Value, error) {
		wanted, err := semver.NewConstraint(value.Text(c.Args[1]))
		if err != nil {
			return value.NullValue, c.Errorf(codeArgument, "%v", err)
		}
		version, err := semver.NewVersion(value.Text(c.Args[0]))
		return value.Bool(err == nil && wanted.Check(version)), nil
	})
	// A number that follows from a text, the same in every process, to seed what
	// is drawn.
	def("__seed", 1, 1, func(c *vm.Call) (value.Value, error) {
		h := fnv.New32a()
		h.Write([]byte(value.Text(c.Args[0])))
		return value.Int(int(h.Sum32() % 1_000_000_000)), nil
	})
}

func foldNative(c *vm.Call) (value.Value, error) {
	list := c.Args[1:]
	if len(list) == 1 {
		if p := Unwrap(list[0]); p.Kind() == value.ArrayKind {
			list = p.AsArray().Elems()
		}
	}
	v, err := Fold(value.Text(c.Args[0]), list)
	if err != nil {
		return v, c.Errorf(codeOperand, "%v", err)
	}
	return v, nil
}

func operand(c *vm.Call, who string, v value.Value) (float64, error) {
	p := Unwrap(v)
	if !p.IsNumber() {
		return 0, c.Errorf(codeOperand, "%s needs a number, not %s", who, value.Inspect(p))
	}
	return p.Float(), nil
}

func vector(c *vm.Call, v value.Value) ([]float64, error) {
	p := Unwrap(v)
	if p.Kind() != value.ArrayKind {
		return nil, c.Errorf(codeOperand, "cosine_similarity needs lists of numbers, not %s", value.Inspect(p))
	}
	out := make([]float64, p.AsArray().Len())
	for i, e := range p.AsArray().Elems() {
		f, err := operand(c, "cosine_similarity", e)
		if err != nil {
			return nil, err
		}
		out[i] = f
	}
	return out, nil
}

// violations is __violations(schema, value, name): what is wrong with a value by a
// JSON Schema, which is given as text.
func violations(c *vm.Call) (value.Value, error) {
	compiled, err := schema.Compile([]byte(value.Text(c.Args[0])))
	if err != nil {
		return value.NullValue, c.Errorf(codeArgument, "%v", err)
	}
	list := compiled.Check(Show(c.Args[1]), value.Text(c.Args[2]))
	return effect.Texts(list), nil
}
