package library

import (
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// createBudget is confidence.create_budget(total, {min_confidence}): how much
// confidence has been gathered towards a total.
func createBudget(c *vm.Call) (value.Value, error) {
	const who = "confidence.create_budget"
	total, err := number(c, who, c.Args[0])
	if err != nil {
		return value.NullValue, err
	}
	if !(total >= 0) {
		return value.NullValue, c.Errorf(codeRange, "%s: a budget is not negative", who)
	}
	least := 0.0
	if o := c.Arg(1); !o.IsNull() {
		if o.PlainKind() != value.ObjectKind {
			return value.NullValue, wrongKind(c, who, "an object", o)
		}
		for _, key := range []string{"min_confidence", "minConfidence"} {
			if v, ok := o.Plain().AsObject().Get(key); ok && !v.IsNull() {
				if least, err = share01(c, who, v); err != nil {
					return value.NullValue, err
				}
			}
		}
	}
	gathered := 0.0
	return c.Object(
		"total", value.Num(total),
		// add counts the confidence of a value, of a plain number the number, and
		// gives the value, so that it can stand in a pipeline.
		"add", fn("add", 1, 1, func(c *vm.Call) (value.Value, error) {
			v := c.Args[0]
			part := level(v)
			if v.IsNumber() {
				var err error
				if part, err = share01(c, "add", v); err != nil {
					return value.NullValue, err
				}
			}
			if part >= least {
				gathered += part
			}
			return v, nil
		}),
		"met", fn("met", 0, 0, func(*vm.Call) (value.Value, error) {
			return value.Bool(gathered >= total-1e-9), nil
		}),
		"remaining", fn("remaining", 0, 0, func(*vm.Call) (value.Value, error) {
			return value.Num(max(total-gathered, 0)), nil
		}),
	), nil
}
