package flow

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/pattern/shape"
)

// TestKeys holds the keys that the front end knows against the types that the
// formatter and the schema for editors are made of.
func TestKeys(t *testing.T) {
	steps := slices.Clone(commonKeys)
	for _, more := range typeKeys {
		steps = append(steps, more...)
	}
	for _, tt := range []struct {
		t    reflect.Type
		keys []string
	}{
		{reflect.TypeFor[shape.Pattern](), keys},
		{reflect.TypeFor[shape.Agents](), agentKeys},
		{reflect.TypeFor[shape.Aggregation](), aggregationKeys},
		{reflect.TypeFor[shape.Step](), steps},
	} {
		if diff := cmp.Diff(set(shape.Keys(tt.t)), set(tt.keys)); diff != "" {
			t.Errorf("%s (-type +front end):\n%s", tt.t.Name(), diff)
		}
	}
}

func set(keys []string) []string {
	m := map[string]bool{}
	for _, k := range keys {
		m[k] = true
	}
	return slices.Sorted(maps.Keys(m))
}
