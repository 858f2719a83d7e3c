package pattern

import (
	"errors"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// Natives are the aggregation functions of Prism by name.
func Natives() map[string]value.Value {
	out := map[string]value.Value{}
	def := func(name string, min, max int, fn vm.NativeFunc) {
		out[name] = vm.NewNative(name, min, max, fn).Value()
	}
	// What modules of the library need to handle confidences; not visible to
	// programs.
	def("__plain", 1, 1, func(c *vm.Call) (value.Value, error) { return c.Args[0].Plain(), nil })
	def("__isConfident", 1, 1, func(c *vm.Call) (value.Value, error) { return value.Bool(c.Args[0].IsConfident()), nil })
	expressionNatives(def)
	def("vote", 1, 2, voteNative)
	def("consensus", 1, 2, consensusNative)
	def("merge", 1, 2, mergeNative)
	def("best", 1, 2, bestNative)
	def("first", 1, 2, firstNative)
	def("synthesize", 1, 1, func(c *vm.Call) (value.Value, error) {
		list, err := answersOf(c, "synthesize")
		if err != nil {
			return value.NullValue, err
		}
		a, ok := mostConfident(valid(list))
		if !ok {
			return c.Attach(value.NullValue, 0, "synthesize"), nil
		}
		return c.Attach(a.Value, a.Confidence, "synthesize", a.Source), nil
	})
	def("majorityVote", 1, 1, func(c *vm.Call) (value.Value, error) {
		list, err := answersOf(c, "majorityVote")
		if err != nil {
			return value.NullValue, err
		}
		ok := valid(list)
		if len(ok) == 0 {
			return c.Attach(value.NullValue, 0, "majorityVote"), nil
		}
		best := first(camps(ok, one))
		return c.Attach(best.value, share(best, ok), "majorityVote"), nil
	})
	def("average", 1, 1, func(c *vm.Call) (value.Value, error) {
		list, err := answersOf(c, "average")
		if err != nil {
			return value.NullValue, err
		}
		v, _, numeric := average(valid(list))
		if v.IsNull() {
			return v, c.Errorf(codeArgument, "average needs numbers, and there are none")
		}
		lowest, confident := 1.0, false
		for _, a := range numeric {
			lowest = min(lowest, a.Confidence)
			confident = confident || a.Source.IsConfident() || a.Source.PlainKind() == value.ObjectKind
		}
		if !confident {
			return v, nil
		}
		return c.Attach(v, lowest, "average", sources(numeric)...), nil
	})
	return out
}

// Codes of failed aggregations.
const (
	codeArgument diag.Code = "R1101"
	codeFailed   diag.Code = "R1102"
	codeOperand  diag.Code = "R0102" // a value that an expression can't work with
)

func answersOf(c *vm.Call, who string) ([]Answer, error) {
	p := c.Args[0].Plain()
	if p.Kind() != value.ArrayKind {
		return nil, c.Errorf(codeArgument, "%s needs an array of results, not %s", who, value.Inspect(p))
	}
	p.Share()
	value.ShareAll(p.AsArray().Elems())
	return Answers(p.AsArray().Elems()), nil
}

// first is the largest camp, the first of equals.
func first(list []*camp) *camp {
	best := list[0]
	for _, c := range list[1:] {
		if len(c.answers) > len(best.answers) {
			best = c
		}
	}
	return best
}

// wrap makes a run-time error of a failed aggregation.
func wrap(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return &vm.Error{Code: codeFailed, Name: e.Code, Message: e.Message}
	}
	return err
}
