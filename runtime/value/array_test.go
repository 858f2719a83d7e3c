package value_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/value"
)

// box is the element of the model test: an array of one number, which can be
// updated in place itself.
func box(n int) value.Value { return arr(value.Int(n)) }

func unboxed(a *value.Array) []int {
	out := make([]int, a.Len())
	for i, e := range a.Elems() {
		out[i] = int(e.AsArray().At(0).Float())
	}
	return out
}

// TestArraysKeepTheirValues does what a machine does with variables that hold
// arrays, and compares every variable with a slice of its own after each step.
func TestArraysKeepTheirValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{0, 1, 7, 100, 200}).Draw(t, "length")
		first, model := make([]value.Value, n), make([]int, n)
		for i := range first {
			first[i], model[i] = box(i), i
		}
		vars := []*value.Array{value.MakeArray(first)}
		models := [][]int{model}
		clone := func(i int) []int { return append([]int(nil), models[i]...) }
		for step := range rapid.IntRange(1, 40).Draw(t, "steps") {
			i := rapid.IntRange(0, len(vars)-1).Draw(t, "variable")
			a := vars[i]
			switch rapid.SampledFrom([]string{"push", "assign push", "set", "inner", "alias", "slice", "assign slice", "freeze"}).Draw(t, "operation") {
			case "push": // b = a.push(x, y)
				vars = append(vars, a.Push(box(step), box(-step)))
				models = append(models, append(clone(i), step, -step))
			case "assign push": // a = a.push(x)
				vars[i] = a.PushOwned(box(step))
				models[i] = append(clone(i), step)
			case "set": // a[k] = x, the end included
				k := rapid.IntRange(0, a.Len()).Draw(t, "index")
				vars[i] = a.Set(k, box(step))
				models[i] = append(clone(i), step)[:max(len(models[i]), k+1)]
				models[i][k] = step
			case "inner": // a[k][0] = x
				if a.Len() == 0 {
					continue
				}
				k := rapid.IntRange(0, a.Len()-1).Draw(t, "index")
				if !a.Writable() {
					a = value.CopyArray(a.Elems())
				}
				a.SetElem(k, a.At(k).AsArray().Set(0, value.Int(step)).Value())
				vars[i] = a
				models[i] = clone(i)
				models[i][k] = step
			case "alias": // b = a
				a.Value().Share()
				vars, models = append(vars, a), append(models, clone(i))
			case "slice", "assign slice":
				from := rapid.IntRange(0, a.Len()).Draw(t, "from")
				to := rapid.IntRange(from, a.Len()).Draw(t, "to")
				if rapid.Bool().Draw(t, "shift") { // as queues do
					from, to = min(1, a.Len()), a.Len()
				}
				b, m := a.Slice(from, to), append([]int(nil), models[i][from:to]...)
				if step%2 == 0 {
					vars[i], models[i] = b, m
				} else {
					vars, models = append(vars, b), append(models, m)
				}
			case "freeze":
				value.Freeze(a.Value())
			}
			for j, v := range vars {
				if diff := cmp.Diff(append([]int{}, models[j]...), unboxed(v)); diff != "" {
					t.Fatalf("step %d changed variable %d:\n%s", step, j, diff)
				}
			}
		}
	})
}

func TestNothingToPush(t *testing.T) {
	a := value.MakeArray([]value.Value{value.Int(1)})
	if a.Push() != a {
		t.Error("a push of nothing should give the array itself")
	}
}

// TestUpdatesInPlace holds arrays to what loops that fill one rely on.
func TestUpdatesInPlace(t *testing.T) {
	a := value.MakeArray(nil)
	for i := range 1000 {
		b := a.PushOwned(value.Int(i))
		if b != a {
			t.Fatal("an unshared array moved when pushed to")
		}
		if a.Set(i, value.Int(-i)) != a {
			t.Fatal("an unshared array moved when set")
		}
	}
	a.Value().Share()
	b := a.Set(0, value.Int(7))
	if b == a || a.At(0) != value.Int(0) || b.At(0) != value.Int(7) {
		t.Error("a shared array was updated in place")
	}
	if b.Set(1, value.Int(8)) != b {
		t.Error("the copy is not writable")
	}
}

// TestCostOfPush would run for minutes if pushes copied the array.
func TestCostOfPush(t *testing.T) {
	const n = 300_000
	t.Run("a = a.push(x)", func(t *testing.T) {
		a := value.MakeArray(nil)
		for i := range n {
			a = a.Push(value.Int(i))
		}
		if a.Len() != n || a.At(n-1) != value.Int(n-1) {
			t.Error("wrong result")
		}
	})
	t.Run("queue", func(t *testing.T) {
		a := value.MakeArray(nil)
		for i := range 1000 {
			a = a.PushOwned(value.Int(i))
		}
		for i := range n {
			a = a.Slice(1, a.Len()).PushOwned(value.Int(i))
		}
		if a.Len() != 1000 || a.At(999) != value.Int(n-1) {
			t.Error("wrong result")
		}
	})
}
