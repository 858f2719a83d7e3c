package library

import (
	"slices"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

func (b *builder) sorting() {
	b.array("sort", 0, 1, func(c *vm.Call, a *value.Array) (value.Value, error) {
		return sortArray(c, a, c.Arg(0), value.NullValue)
	})
	b.global("sort", 1, 2, func(c *vm.Call) (value.Value, error) {
		a, err := list(c, "sort", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		return sortArray(c, a, c.Arg(1), c.Args[0])
	})
	// sortBy(key, dir) is a function of an array; with the array first, as in
	// xs |> sortBy(key), it sorts at once.
	b.global("sortBy", 1, 3, func(c *vm.Call) (value.Value, error) {
		if c.Args[0].PlainKind() == value.ArrayKind && len(c.Args) > 1 {
			return sortBy(c, c.Args[0], c.Args[1], c.Arg(2))
		}
		key, dir := c.Args[0], c.Arg(1)
		if err := checkKey(c, "sortBy", key); err != nil {
			return value.NullValue, err
		}
		return fn("sortBy", 1, 1, func(c *vm.Call) (value.Value, error) {
			return sortBy(c, c.Args[0], key, dir)
		}), nil
	})
	b.global("groupBy", 1, 2, func(c *vm.Call) (value.Value, error) {
		if c.Args[0].PlainKind() == value.ArrayKind && len(c.Args) > 1 {
			return groupBy(c, c.Args[0], c.Args[1])
		}
		key := c.Args[0]
		if err := checkKey(c, "groupBy", key); err != nil {
			return value.NullValue, err
		}
		return fn("groupBy", 1, 1, func(c *vm.Call) (value.Value, error) { return groupBy(c, c.Args[0], key) }), nil
	})
}

// compareDefault orders numbers by value, strings by code point, and different
// kinds by kind; equal stays as it was.
func compareDefault(a, b value.Value) int {
	a, b = a.Plain(), b.Plain()
	if value.BothNumbers(a, b) {
		x, y := a.Float(), b.Float()
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		case x != x && y == y: // NaN after all numbers
			return 1
		case x == x && y != y:
			return -1
		}
		return 0
	}
	if a.Kind() != b.Kind() {
		return int(a.Kind()) - int(b.Kind())
	}
	switch a.Kind() {
	case value.StringKind:
		return strings.Compare(a.AsString().Go(), b.AsString().Go())
	case value.Boolean:
		switch {
		case a.True() == b.True():
			return 0
		case b.True():
			return -1
		}
		return 1
	}
	return 0
}

func sortArray(c *vm.Call, a *value.Array, cmp, arg value.Value) (value.Value, error) {
	out := append([]value.Value(nil), a.Elems()...)
	value.ShareAll(out)
	if cmp.IsNull() {
		slices.SortStableFunc(out, compareDefault)
		return like(c, made(out), arg), nil
	}
	if err := callback(c, "sort", cmp); err != nil {
		return value.NullValue, err
	}
	return c.Begin(&sortStep{from: out, to: make([]value.Value, len(out)), cmp: cmp, arg: arg, width: 1})
}

// sortStep is a stable bottom-up merge sort whose comparisons are calls of a
// function: negative, zero or positive as the first belongs before the second.
type sortStep struct {
	from, to []value.Value
	cmp, arg value.Value
	width    int // length of the sorted runs in from
	lo       int // start of the pair of runs that is being merged
	i, j, k  int // next of the left run, of the right run, of the result
	merging  bool
	compared bool
}

func (s *sortStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	n := len(s.from)
	if s.compared {
		s.compared = false
		p := ret.Plain()
		switch {
		case p.IsNumber():
			s.take(p.Float() <= 0)
		case p.IsBool(): // a > b: true means that a comes after b
			s.take(!p.True())
		default:
			return value.NullValue, wrongKind(c, "sort's comparison", "to return a number", ret)
		}
	}
	for s.width < n {
		for s.lo < n {
			mid, hi := min(s.lo+s.width, n), min(s.lo+2*s.width, n)
			if !s.merging {
				s.i, s.j, s.k, s.merging = s.lo, mid, s.lo, true
			}
			if s.i < mid && s.j < hi {
				s.compared = true
				return c.Invoke(s.cmp, s.from[s.i], s.from[s.j])
			}
			s.k += copy(s.to[s.k:], s.from[s.i:mid])
			s.i = mid
			s.k += copy(s.to[s.k:], s.from[s.j:hi])
			s.lo, s.merging = hi, false
		}
		s.from, s.to = s.to, s.from
		s.width, s.lo = 2*s.width, 0
	}
	return like(c, made(s.from), s.arg), nil
}

func (s *sortStep) take(left bool) {
	if left {
		s.to[s.k] = s.from[s.i]
		s.i++
	} else {
		s.to[s.k] = s.from[s.j]
		s.j++
	}
	s.k++
}

// checkKey accepts what sortBy and groupBy can take as a key.
func checkKey(c *vm.Call, who string, key value.Value) error {
	if k := key.PlainKind(); k != value.StringKind && k != value.Function {
		return wrongKind(c, who, "a key or a function", key)
	}
	return nil
}

// keysStep computes the key of every element, then goes on with done.
type keysStep struct {
	each
	keys []value.Value
	done func(c *vm.Call, keys []value.Value) (value.Value, error)
}

func (s *keysStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	if s.i > 0 {
		s.keys = append(s.keys, ret)
	}
	if s.next(c) {
		return value.NullValue, nil
	}
	return s.done(c, s.keys)
}

// withKeys finds the key of every element, by a property's name or a function.
func withKeys(c *vm.Call, elems []value.Value, key value.Value, done func(*vm.Call, []value.Value) (value.Value, error)) (value.Value, error) {
	if key.PlainKind() == value.Function {
		return c.Begin(&keysStep{each: each{elems: elems, f: key}, done: done})
	}
	name := key.Plain().AsString().Go()
	keys := make([]value.Value, len(elems))
	for i, e := range elems {
		if p := e.Plain(); p.Kind() == value.ObjectKind {
			keys[i], _ = p.AsObject().Get(name)
		}
	}
	return done(c, keys)
}

func sortBy(c *vm.Call, arg, key, dir value.Value) (value.Value, error) {
	a, err := list(c, "sortBy", arg)
	if err != nil {
		return value.NullValue, err
	}
	if err := checkKey(c, "sortBy", key); err != nil {
		return value.NullValue, err
	}
	sign := 1
	if !dir.IsNull() {
		s, err := text(c, "sortBy", dir)
		if err != nil {
			return value.NullValue, err
		}
		switch s.Go() {
		case "asc":
		case "desc":
			sign = -1
		default:
			return value.NullValue, c.Errorf(codeArgument, "sortBy: the direction is \"asc\" or \"desc\", not %q", s.Go())
		}
	}
	arg.Share() // the function must not update it in place
	elems := a.Elems()
	return withKeys(c, elems, key, func(c *vm.Call, keys []value.Value) (value.Value, error) {
		order := make([]int, len(elems))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(x, y int) int { return sign * compareDefault(keys[x], keys[y]) })
		out := make([]value.Value, len(elems))
		for i, j := range order {
			out[i] = elems[j]
		}
		value.ShareAll(out)
		return like(c, made(out), arg), nil
	})
}

// groupBy makes an object from the text form of each key to the elements that
// have it, in order of first appearance.
func groupBy(c *vm.Call, arg, key value.Value) (value.Value, error) {
	a, err := list(c, "groupBy", arg)
	if err != nil {
		return value.NullValue, err
	}
	if err := checkKey(c, "groupBy", key); err != nil {
		return value.NullValue, err
	}
	arg.Share()
	elems := a.Elems()
	return withKeys(c, elems, key, func(c *vm.Call, keys []value.Value) (value.Value, error) {
		var names []string
		groups := map[string][]value.Value{}
		for i, k := range keys {
			name := value.Text(k)
			if _, ok := groups[name]; !ok {
				names = append(names, name)
			}
			elems[i].Share()
			groups[name] = append(groups[name], elems[i])
		}
		vals := make([]value.Value, len(names))
		for i, n := range names {
			vals[i] = made(groups[n])
		}
		return like(c, value.RecordOf(c.Realm(), names, vals).Value(), arg), nil
	})
}
