package vm

import (
	"math"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/runtime/value"
)

func (vm *VM) strategy() *bytecode.Strategy { return &vm.img.Program.Meta.Strategy }

// strategyField returns a number of the strategy, by the order of
// ir.StrategyField.
func (vm *VM) strategyField(i int) float64 {
	s := vm.strategy()
	return [...]float64{s.Coalesce, s.Gate, s.Reduction, s.High, s.Medium}[i]
}

func clamp(c float64) float64 { return min(max(c, 0), 1) }

// combine applies a rule to two confidences.
func combine(rule bytecode.Combine, a, b float64) float64 {
	switch rule {
	case bytecode.Max:
		return max(a, b)
	case bytecode.Product:
		return a * b
	case bytecode.Average:
		return (a + b) / 2
	}
	return min(a, b)
}

// attach is e ~> c.
func (vm *VM) attach(v, c value.Value) (value.Value, *Error) {
	p := c.Plain()
	if !p.IsNumber() || math.IsNaN(p.Float()) {
		what := article(p.Kind())
		if p.IsNumber() {
			what = "NaN"
		}
		return v, errorf("R0105", "TypeError", "a confidence is a number between 0 and 1, not %s", what)
	}
	return vm.withConfidence(v, clamp(p.Float()), "attach", "~>", c), nil
}

// withConfidence gives a value a confidence and, when explanations are kept,
// says by which rule and from what.
func (vm *VM) withConfidence(v value.Value, c float64, rule, note string, from ...value.Value) value.Value {
	if !vm.explain {
		return v.WithConfidence(c, nil)
	}
	w := &value.Why{Rule: rule, C: c, Note: note}
	for _, x := range from {
		if why := x.Why(); why != nil {
			w.Operands = append(w.Operands, why)
		} else if cx, ok := x.Confidence(); ok {
			w.Operands = append(w.Operands, &value.Why{Rule: "given", C: cx})
		}
	}
	if f := vm.running; f != nil && len(f.frames) > 0 {
		at := vm.position(f)
		w.Func, w.File, w.Line, w.Column = at.Function, at.File, at.Line, at.Column
	}
	return v.WithConfidence(c, w)
}

// join gives v the combined confidence of a and b. Unless always, plain
// operands count only beside a confident one.
func (vm *VM) join(rule bytecode.Combine, v, a, b value.Value, note string, always bool) value.Value {
	ca, okA := a.Confidence()
	cb, okB := b.Confidence()
	if !okA && !okB && !always {
		return v
	}
	c := combine(rule, ca, cb)
	if vm.explain {
		return vm.withConfidence(v, c, rule.String(), note, a, b)
	}
	// The result of min shares the operand's header.
	if okA && c == ca {
		return v.LikeConfident(a)
	}
	if okB && c == cb {
		return v.LikeConfident(b)
	}
	return v.WithConfidence(c, nil)
}

// combined gives v the combined confidence of the confident ones among parts.
func (vm *VM) combined(v value.Value, parts []value.Value, note string) value.Value {
	rule := vm.strategy().Combine
	first := true
	c, n, sum := 1.0, 0, 0.0
	var from []value.Value
	for _, p := range parts {
		cp, ok := p.Confidence()
		if !ok {
			continue
		}
		if first {
			c, first = cp, false
		} else {
			c = combine(rule, c, cp)
		}
		n++
		sum += cp
		from = append(from, p)
	}
	if first {
		return v
	}
	if rule == bytecode.Average {
		c = sum / float64(n)
	}
	return vm.withConfidence(v, c, rule.String(), note, from...)
}

// inherit gives a member or result b of a confident a its confidence: the
// product, or a's own when b is plain.
func (vm *VM) inherit(a, b value.Value) value.Value {
	ca, ok := a.Confidence()
	if !ok {
		return b
	}
	cb, confident := b.Confidence()
	if vm.explain {
		return vm.withConfidence(b, ca*cb, "inherit", "", a, b)
	}
	if !confident {
		return b.LikeConfident(a)
	}
	return b.WithConfidence(ca*cb, nil)
}

// whyValue turns an explanation into an object for why(x).
func (vm *VM) whyValue(w *value.Why) value.Value {
	if w == nil {
		return value.NullValue
	}
	operands := make([]value.Value, len(w.Operands))
	for i, o := range w.Operands {
		operands[i] = vm.whyValue(o)
	}
	return value.NewObject(vm.realm, vm.realm.ShapeOf("rule", "confidence", "operands", "note", "file", "line", "column"), []value.Value{
		value.Str(w.Rule), value.Num(w.C), value.NewArray(operands), value.Str(w.Note),
		value.Str(w.File), value.Int(w.Line), value.Int(w.Column),
	}).Value()
}

// Derivations are the confidences that aggregations gave, in order, when
// explanations are kept; at most the first 1,000.
func (vm *VM) Derivations() []*value.Why { return vm.derivations }
