package library

import (
	"errors"
	"math"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// array defines a method of arrays.
func (b *builder) array(name string, min, max int, fn func(c *vm.Call, a *value.Array) (value.Value, error)) {
	b.method("array."+name, min, max, func(c *vm.Call) (value.Value, error) { return fn(c, c.This.AsArray()) })
}

// made wraps new elements; those that are arrays or objects must be shared by
// then.
func made(elems []value.Value) value.Value { return value.NewArray(elems) }

// copied returns elements of another array as a new one.
func copied(elems []value.Value) value.Value { return value.CopyArray(elems).Value() }

func (b *builder) arrays() {
	b.iterating()
	b.array("push", 0, -1, func(c *vm.Call, a *value.Array) (value.Value, error) {
		value.ShareAll(c.Args)
		return a.Push(c.Args...).Value(), nil
	})
	b.array("pop", 0, 0, func(c *vm.Call, a *value.Array) (value.Value, error) {
		return a.Slice(0, max(a.Len()-1, 0)).Value(), nil
	})
	b.array("shift", 0, 0, func(c *vm.Call, a *value.Array) (value.Value, error) {
		return a.Slice(min(1, a.Len()), a.Len()).Value(), nil
	})
	b.array("unshift", 0, -1, func(c *vm.Call, a *value.Array) (value.Value, error) {
		return copied(append(append([]value.Value(nil), c.Args...), a.Elems()...)), nil
	})
	b.array("concat", 0, -1, func(c *vm.Call, a *value.Array) (value.Value, error) {
		n := a.Len() + len(c.Args)
		for _, x := range c.Args {
			if p := x.Plain(); p.Kind() == value.ArrayKind {
				n += p.AsArray().Len()
			}
		}
		if err := checkLength(c, "concat", float64(n)); err != nil {
			return value.NullValue, err
		}
		out := append(make([]value.Value, 0, n), a.Elems()...)
		for _, x := range c.Args {
			if p := x.Plain(); p.Kind() == value.ArrayKind {
				for _, e := range p.AsArray().Elems() {
					out = append(out, like(c, e, x))
				}
			} else {
				out = append(out, x)
			}
		}
		value.ShareAll(out)
		return made(out), nil
	})
	b.array("slice", 0, 2, func(c *vm.Call, a *value.Array) (value.Value, error) {
		i, j, err := span(c, "slice", a.Len())
		if err != nil {
			return value.NullValue, err
		}
		return a.Slice(i, max(i, j)).Value(), nil
	})
	b.array("splice", 1, -1, func(c *vm.Call, a *value.Array) (value.Value, error) {
		n := a.Len()
		i, err := position(c, "splice", c.Args[0], n, 0)
		if err != nil {
			return value.NullValue, err
		}
		count := n - i
		if len(c.Args) > 1 {
			f, err := number(c, "splice", c.Args[1])
			if err != nil {
				return value.NullValue, err
			}
			if !(f >= 0) { // NaN too
				f = 0
			}
			count = int(min(f, float64(n-i)))
		}
		out := append([]value.Value(nil), a.Elems()[:i]...)
		if len(c.Args) > 2 {
			out = append(out, c.Args[2:]...)
		}
		return copied(append(out, a.Elems()[i+count:]...)), nil
	})
	b.array("reverse", 0, 0, func(c *vm.Call, a *value.Array) (value.Value, error) {
		out := make([]value.Value, a.Len())
		for i, e := range a.Elems() {
			out[len(out)-1-i] = e
		}
		value.ShareAll(out)
		return made(out), nil
	})
	b.array("includes", 1, 1, func(c *vm.Call, a *value.Array) (value.Value, error) {
		return value.Bool(indexOf(a.Elems(), c.Args[0]) >= 0), nil
	})
	b.array("indexOf", 1, 1, func(c *vm.Call, a *value.Array) (value.Value, error) {
		return value.Int(indexOf(a.Elems(), c.Args[0])), nil
	})
	b.array("at", 1, 1, func(c *vm.Call, a *value.Array) (value.Value, error) {
		f, err := number(c, "at", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		return at(a.Elems(), f), nil
	})
	b.array("first", 0, 0, func(c *vm.Call, a *value.Array) (value.Value, error) { return at(a.Elems(), 0), nil })
	b.array("last", 0, 0, func(c *vm.Call, a *value.Array) (value.Value, error) { return at(a.Elems(), -1), nil })
	b.array("fill", 1, 3, func(c *vm.Call, a *value.Array) (value.Value, error) {
		i, err := position(c, "fill", c.Arg(1), a.Len(), 0)
		if err != nil {
			return value.NullValue, err
		}
		j, err := position(c, "fill", c.Arg(2), a.Len(), a.Len())
		if err != nil {
			return value.NullValue, err
		}
		out := append([]value.Value(nil), a.Elems()...)
		for ; i < j; i++ {
			out[i] = c.Args[0]
		}
		value.ShareAll(out)
		return made(out), nil
	})
	b.array("join", 0, 1, joinMethod)
	b.array("flat", 0, 1, func(c *vm.Call, a *value.Array) (value.Value, error) {
		depth := 1.0
		if len(c.Args) > 0 {
			d, err := number(c, "flat", c.Args[0])
			if err != nil {
				return value.NullValue, err
			}
			depth = d
		}
		f := flattener{c: c}
		if err := f.flatten(a.Elems(), depth); err != nil {
			return value.NullValue, err
		}
		value.ShareAll(f.out)
		return made(f.out), nil
	})
	b.array("keys", 0, 0, func(c *vm.Call, a *value.Array) (value.Value, error) {
		out := make([]value.Value, a.Len())
		for i := range out {
			out[i] = value.Int(i)
		}
		return made(out), nil
	})
	b.array("entries", 0, 0, func(c *vm.Call, a *value.Array) (value.Value, error) {
		out := make([]value.Value, a.Len())
		for i, e := range a.Elems() {
			e.Share()
			out[i] = made([]value.Value{value.Int(i), e})
		}
		return made(out), nil
	})
	b.array("unique", 0, 0, func(c *vm.Call, a *value.Array) (value.Value, error) {
		return copied(unique(a.Elems())), nil
	})
	b.array("sum", 0, 0, func(c *vm.Call, a *value.Array) (value.Value, error) {
		return sum(c, "sum", a.Elems())
	})
	b.collections()
}

// collections defines the functions over arrays that are not methods.
func (b *builder) collections() {
	b.global("range", 1, 3, rangeNative)
	b.global("zip", 1, -1, func(c *vm.Call) (value.Value, error) {
		n := math.MaxInt
		lists := make([][]value.Value, len(c.Args))
		for i, x := range c.Args {
			a, err := list(c, "zip", x)
			if err != nil {
				return value.NullValue, err
			}
			lists[i] = a.Elems()
			n = min(n, a.Len())
		}
		out := make([]value.Value, n)
		for i := range out {
			row := make([]value.Value, len(lists))
			for j, l := range lists {
				row[j] = like(c, l[i], c.Args[j])
			}
			value.ShareAll(row)
			out[i] = made(row)
		}
		return made(out), nil
	})
	members := map[string]value.Value{
		"isArray": fn("Array.isArray", 1, 1, func(c *vm.Call) (value.Value, error) {
			return value.Bool(c.Args[0].PlainKind() == value.ArrayKind), nil
		}),
		"of": fn("Array.of", 0, -1, func(c *vm.Call) (value.Value, error) { return copied(c.Args), nil }),
		"from": fn("Array.from", 1, 2, func(c *vm.Call) (value.Value, error) {
			elems, err := elements(c, "Array.from", c.Args[0])
			if err != nil {
				return value.NullValue, err
			}
			if c.Arg(1).IsNull() {
				return copied(elems), nil
			}
			if err := callback(c, "Array.from", c.Args[1]); err != nil {
				return value.NullValue, err
			}
			c.Args[0].Share() // the function must not update it in place
			return c.Begin(&mapStep{each: each{elems: elems, f: c.Args[1]}})
		}),
	}
	b.namespace("Array", vm.NewNative("Array", 0, 2, func(c *vm.Call) (value.Value, error) {
		n := 0.0
		if len(c.Args) > 0 {
			var err error
			if n, err = number(c, "Array", c.Args[0]); err != nil {
				return value.NullValue, err
			}
		}
		if err := checkLength(c, "Array", n); err != nil {
			return value.NullValue, err
		}
		out := make([]value.Value, int(n))
		for i := range out {
			out[i] = c.Arg(1)
		}
		value.ShareAll(out)
		return made(out), nil
	}), members)
}

// checkLength refuses sizes that are negative, fractional or over the limit
// before anything is allocated.
func checkLength(c *vm.Call, who string, n float64) error {
	if !(n >= 0) || n != math.Trunc(n) {
		return c.Errorf(codeRange, "%s: %s is no length", who, value.NumberText(n))
	}
	if n > float64(c.Limits().Array) {
		return c.Errorf("R0010", "%s: an array may have at most %d elements", who, c.Limits().Array)
	}
	return nil
}

// elements lists what a container holds: elements, characters or keys with
// values.
func elements(c *vm.Call, who string, v value.Value) ([]value.Value, error) {
	p := v.Plain()
	switch p.Kind() {
	case value.ArrayKind:
		return p.AsArray().Elems(), nil
	case value.StringKind:
		return characters(p.AsString()), nil
	case value.ObjectKind:
		if n, ok := p.AsObject().Get("length"); ok && n.Plain().IsNumber() {
			if err := checkLength(c, who, n.Plain().Float()); err != nil {
				return nil, err
			}
			return make([]value.Value, int(n.Plain().Float())), nil
		}
		var out []value.Value
		for k, x := range p.AsObject().All() {
			x.Share()
			out = append(out, made([]value.Value{value.Str(k), x}))
		}
		return out, nil
	}
	return nil, wrongKind(c, who, "an array, string or object", v)
}

func span(c *vm.Call, who string, n int) (int, int, error) {
	i, err := position(c, who, c.Arg(0), n, 0)
	if err != nil {
		return 0, 0, err
	}
	j, err := position(c, who, c.Arg(1), n, n)
	return i, j, err
}

func indexOf(elems []value.Value, x value.Value) int {
	for i, e := range elems {
		if value.Same(e, x) {
			return i
		}
	}
	return -1
}

// at returns an element by an index that may count from the end; null outside.
func at(elems []value.Value, f float64) value.Value {
	f = math.Trunc(f)
	if f < 0 {
		f += float64(len(elems))
	}
	if !(f >= 0 && f < float64(len(elems))) {
		return value.NullValue
	}
	v := elems[int(f)]
	v.Share()
	return v
}

// joinMethod writes null as nothing, as lists of optional parts want it.
func joinMethod(c *vm.Call, a *value.Array) (value.Value, error) {
	sep := ","
	if len(c.Args) > 0 {
		s, err := text(c, "join", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		sep = s.Go()
	}
	parts := joiner{sep: sep}
	for _, e := range a.Elems() {
		text := ""
		if p := e.Plain(); !p.IsNull() {
			text = value.Text(p)
		}
		if parts.add(text); parts.size > c.Limits().String {
			return value.NullValue, c.Errorf("R0010", "join: the string grew larger than the limit")
		}
	}
	return c.Combined(value.Str(parts.text()), "join", a.Elems()...), nil
}

// joiner collects parts of a text, which is made only once it is known not to be
// too long.
type joiner struct {
	parts []string
	sep   string
	size  int // bytes of the text
}

func (j *joiner) add(part string) {
	if len(j.parts) > 0 {
		j.size += len(j.sep)
	}
	j.size += len(part)
	j.parts = append(j.parts, part)
}

func (j *joiner) text() string { return strings.Join(j.parts, j.sep) }

// maxFlatDepth bounds the recursion of flat.
const maxFlatDepth = 10_000

// flattener collects the elements of nested arrays.
type flattener struct {
	c       *vm.Call
	out     []value.Value
	depth   int
	visited int  // elements looked at, arrays among them
	sure    bool // the whole work has been found to be within the limit
}

// flatTrial is the number of elements that flat looks at before it finds out
// how many there will be.
const flatTrial = 1 << 16

// flatten collects elems, arrays among them taken apart to the given depth.
func (f *flattener) flatten(elems []value.Value, depth float64) error {
	err := f.add(elems, depth, value.NullValue)
	if err != errLarge {
		return err
	}
	limit := f.c.Limits().Array
	if n := countFlat(elems, depth, limit, map[flatKey]int{}); n > limit {
		return f.c.Errorf("R0010", "flat: an array may have at most %d elements", limit)
	}
	*f = flattener{c: f.c, sure: true}
	return f.add(elems, depth, value.NullValue)
}

// errLarge ends a trial.
var errLarge = errors.New("flat: many elements")

// add appends elems. The confidence of an array passes to its elements; whole is
// that array or null.
func (f *flattener) add(elems []value.Value, depth float64, whole value.Value) error {
	for _, e := range elems {
		if f.visited++; f.visited > flatTrial && !f.sure {
			return errLarge
		}
		e = like(f.c, e, whole)
		if p := e.Plain(); p.Kind() == value.ArrayKind && depth >= 1 {
			if f.depth++; f.depth > maxFlatDepth {
				return f.c.Errorf("R0010", "flat: arrays are nested deeper than %d levels", maxFlatDepth)
			}
			if err := f.add(p.AsArray().Elems(), depth-1, e); err != nil {
				return err
			}
			f.depth--
			continue
		}
		f.out = append(f.out, e)
	}
	return nil
}

// flatKey is an array and how deep it is to be taken apart.
type flatKey struct {
	a     *value.Array
	depth float64
}

// countFlat returns how many elements flat looks at, as far as that is at most
// limit. A small value can contain very many arrays, as an array can be part of
// another one more than once; each is looked at once here.
func countFlat(elems []value.Value, depth float64, limit int, known map[flatKey]int) int {
	n := len(elems)
	for _, e := range elems {
		p := e.Plain()
		if p.Kind() != value.ArrayKind || depth < 1 {
			continue
		}
		key := flatKey{p.AsArray(), depth}
		inner, ok := known[key]
		if !ok {
			known[key] = 0
			inner = countFlat(key.a.Elems(), depth-1, limit, known)
			known[key] = inner
		}
		if n += inner; n > limit {
			break
		}
	}
	return n
}

// unique keeps the first of equal elements.
func unique(elems []value.Value) []value.Value {
	var out []value.Value
	seen := make(map[uint64][]value.Value)
	for _, e := range elems {
		h := value.Hash(e)
		if indexOf(seen[h], e) < 0 {
			seen[h] = append(seen[h], e)
			out = append(out, e)
		}
	}
	return out
}

// rangeNative is range(n), range(from, to) or range(from, to, step); the end is
// not included.
func rangeNative(c *vm.Call) (value.Value, error) {
	var n [3]float64
	for i, a := range c.Args {
		f, err := number(c, "range", a)
		if err != nil {
			return value.NullValue, err
		}
		n[i] = f
	}
	from, to, step := 0.0, n[0], 1.0
	if len(c.Args) > 1 {
		from, to = n[0], n[1]
	}
	if len(c.Args) > 2 {
		step = n[2]
	}
	if step == 0 || math.IsNaN(step) || math.IsInf(step, 0) {
		return value.NullValue, c.Errorf(codeRange, "range: the step must be a number other than 0")
	}
	size := math.Ceil((to - from) / step)
	if math.IsNaN(size) {
		return value.NullValue, c.Errorf(codeRange, "range: the bounds must be numbers")
	}
	size = max(size, 0)
	if err := checkLength(c, "range", size); err != nil {
		return value.NullValue, err
	}
	out := make([]value.Value, int(size))
	for i := range out {
		out[i] = value.Num(from + float64(i)*step)
	}
	return c.Combined(made(out), "range", c.Args...), nil
}
