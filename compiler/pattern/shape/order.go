package shape

import (
	"reflect"
	"slices"
)

// Order tells the canonical order of the keys of a value, and leads on to the
// values inside of it. Nil stands for a value whose keys keep their order.
type Order struct{ t reflect.Type }

// OrderOf is the order of a flow pattern or of an org chart.
func OrderOf(chart bool) *Order {
	if chart {
		return &Order{reflect.TypeFor[Chart]()}
	}
	return &Order{reflect.TypeFor[Pattern]()}
}

// structured are the structs that values of several forms may be.
var structured = map[reflect.Type]reflect.Type{
	reflect.TypeFor[AgentsOrList]():     reflect.TypeFor[Agents](),
	reflect.TypeFor[ConfidenceOrWord](): reflect.TypeFor[ConfidenceRule](),
	reflect.TypeFor[FieldOrName]():      reflect.TypeFor[Field](),
	reflect.TypeFor[BoolOrField]():      reflect.TypeFor[Field](),
	reflect.TypeFor[StepOrText]():       reflect.TypeFor[Step](),
	reflect.TypeFor[StepsOrMap]():       reflect.TypeFor[[]Step](),
	reflect.TypeFor[OrgStepOrShort]():   reflect.TypeFor[OrgStep](),
}

// Rank is the place of a key among those of a map, and whether it is known at
// all.
func (o *Order) Rank(key string) (rank int, known bool) {
	if o == nil || o.t.Kind() != reflect.Struct {
		return 0, false
	}
	rank = slices.Index(Keys(o.t), key)
	return rank, rank >= 0
}

// Key is the order of the value of a key.
func (o *Order) Key(key string) *Order {
	if o == nil {
		return nil
	}
	switch o.t.Kind() {
	case reflect.Map:
		return orderOf(o.t.Elem())
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(o.t) {
			if f.Tag.Get("yaml") == key {
				return orderOf(f.Type)
			}
		}
	}
	return nil
}

// Item is the order of the elements of a list.
func (o *Order) Item() *Order {
	if o == nil || o.t.Kind() != reflect.Slice {
		return nil
	}
	return orderOf(o.t.Elem())
}

func orderOf(t reflect.Type) *Order {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if s, ok := structured[t]; ok {
		t = s
	}
	switch t.Kind() {
	case reflect.Map, reflect.Slice:
		return &Order{t}
	case reflect.Struct:
		if t.NumField() > 0 {
			return &Order{t}
		}
	}
	return nil
}
