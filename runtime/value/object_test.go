package value_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/value"
)

// pairs is an ordered map, the model of objects.
type pairs struct {
	Keys []string
	Vals map[string]int
}

func (p pairs) clone() pairs {
	c := pairs{slices.Clone(p.Keys), map[string]int{}}
	for k, v := range p.Vals {
		c.Vals[k] = v
	}
	return c
}

func (p *pairs) set(k string, v int) {
	if _, ok := p.Vals[k]; !ok {
		p.Keys = append(p.Keys, k)
	}
	p.Vals[k] = v
}

func pairsOf(o *value.Object) pairs {
	p := pairs{[]string{}, map[string]int{}}
	for k, v := range o.All() {
		p.set(k, int(v.AsArray().At(0).Float()))
	}
	return p
}

func TestObjectsKeepTheirValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := value.NewRealm()
		if rapid.Bool().Draw(t, "no realm") {
			r = nil
		}
		vars := []*value.Object{value.NewObject(r, r.Root(), nil)}
		models := []pairs{{[]string{}, map[string]int{}}}
		for i := range rapid.SampledFrom([]int{0, 3, 63, 64, 65, 90}).Draw(t, "size") {
			vars[0] = vars[0].Set(r, "k"+strconv.Itoa(i), box(i))
			models[0].set("k"+strconv.Itoa(i), i)
		}
		key := rapid.Custom(func(t *rapid.T) string { return "k" + strconv.Itoa(rapid.IntRange(0, 99).Draw(t, "key")) })
		for step := range rapid.IntRange(1, 30).Draw(t, "steps") {
			i := rapid.IntRange(0, len(vars)-1).Draw(t, "variable")
			o := vars[i]
			switch rapid.SampledFrom([]string{"set", "set", "alias", "without", "inner", "freeze"}).Draw(t, "operation") {
			case "set":
				k := key.Draw(t, "k")
				vars[i] = o.Set(r, k, box(step))
				models[i].set(k, step)
			case "alias":
				o.Value().Share()
				vars, models = append(vars, o), append(models, models[i].clone())
			case "without":
				keys := rapid.SliceOfN(key, 0, 3).Draw(t, "keys")
				m := pairs{[]string{}, map[string]int{}}
				for _, k := range models[i].Keys {
					if !slices.Contains(keys, k) {
						m.set(k, models[i].Vals[k])
					}
				}
				w := o.Without(keys...)
				if w == o {
					o.Value().Share()
				}
				vars, models = append(vars, w), append(models, m)
			case "inner": // o[k][0] = x
				k := key.Draw(t, "k")
				if _, ok := o.Get(k); !ok {
					continue
				}
				if o.Shared {
					o = o.Copy()
				}
				j := o.Lookup(k)
				o.SetSlot(j, o.Slot(j).AsArray().Set(0, value.Int(step)).Value())
				vars[i] = o
				models[i].set(k, step)
			case "freeze":
				value.Freeze(o.Value())
			}
			for j, v := range vars {
				if diff := cmp.Diff(models[j], pairsOf(v)); diff != "" {
					t.Fatalf("step %d changed variable %d:\n%s", step, j, diff)
				}
				if _, ok := v.Get("none"); ok || v.Len() != len(models[j].Keys) || v.Lookup("none") != -1 {
					t.Fatal("an unknown key was found")
				}
			}
		}
	})
}

func TestShapesAreShared(t *testing.T) {
	r := value.NewRealm()
	point := func(x int) *value.Object {
		return value.NewObject(r, r.Root(), nil).Set(r, "x", value.Int(x)).Set(r, "y", value.Int(-x))
	}
	a, b := point(1), point(2)
	if a.Shape() != b.Shape() || a.Shape() != r.ShapeOf("x", "y") || a.Shape() == r.ShapeOf("y", "x") {
		t.Error("objects of one layout have different shapes")
	}
	if diff := cmp.Diff([]string{"x", "y"}, a.Shape().Keys()); diff != "" || a.Shape().Len() != 2 {
		t.Error(diff)
	}
	if i := a.Shape().Lookup("y"); a.Slot(i) != value.Int(-1) || a.Slots()[i] != value.Int(-1) {
		t.Error("slot of y")
	}
	c := value.NewObject(r, r.Root(), nil)
	c.AddSlot(r.Extend(r.Root(), "x"), value.Int(3))
	if v, ok := c.Get("x"); !ok || v != value.Int(3) {
		t.Error("AddSlot")
	}
}

func TestLargeShapes(t *testing.T) {
	keys := make([]string, 300)
	for i := range keys {
		keys[i] = "key" + strconv.Itoa(i)
	}
	for _, s := range []*value.Shape{value.NewShape(keys...), value.NewRealm().ShapeOf(keys...)} {
		for i, k := range keys {
			if s.Lookup(k) != i {
				t.Fatalf("%s has slot %d, want %d", k, s.Lookup(k), i)
			}
		}
		if s.Lookup("key300") != -1 {
			t.Error("an unknown key was found")
		}
	}
	r := value.NewRealm()
	s := r.Extend(value.NewShape(keys...), "one more")
	if s.Lookup("one more") != 300 || s.Lookup("key7") != 7 {
		t.Error("an extended large shape lost its keys")
	}
}

// TestRealmIsBounded: objects as small dictionaries with ever new keys must not
// leave a shape per key behind.
func TestRealmIsBounded(t *testing.T) {
	r := value.NewRealm()
	for i := range 20_000 {
		r.Extend(r.Root(), "k"+strconv.Itoa(i))
	}
	if a, b := r.Extend(r.Root(), "k0"), r.Extend(r.Root(), "k0"); a != b {
		t.Error("an early transition was forgotten")
	}
	if a, b := r.Extend(r.Root(), "new"), r.Extend(r.Root(), "new"); a == b {
		t.Error("transitions grow without bound")
	}
}

func TestObjectOfDuplicateKeys(t *testing.T) {
	for _, n := range []int{0, 100} {
		keys, vals := []string{"a", "b", "a"}, []value.Value{value.Int(1), value.Int(2), value.Int(3)}
		for i := range n {
			keys, vals = append(keys, "k"+strconv.Itoa(i)), append(vals, value.NullValue)
		}
		o := value.ObjectOf(keys, vals)
		if v, _ := o.Get("a"); v != value.Int(3) || o.Keys()[0] != "a" || o.Len() != n+2 {
			t.Errorf("%s", value.Text(o.Value()))
		}
	}
}

func TestErrorObject(t *testing.T) {
	s := value.NewShape("name", "message")
	e := value.NewErrorObject(s, []value.Value{value.Str("TypeError"), value.Str("no such thing")})
	if !e.IsError() || value.Text(e.Value()) != "no such thing" {
		t.Errorf("text %q", value.Text(e.Value()))
	}
	if got := value.Inspect(e.Value()); got != `{ name: "TypeError", message: "no such thing" }` {
		t.Errorf("inspected: %s", got)
	}
	if c := e.Copy().Set(nil, "code", value.Int(1)); !c.IsError() {
		t.Error("a changed error is no error any more")
	}
}
