package org

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
	for _, keys := range stepKeys {
		steps = append(steps, keys...)
	}
	for _, tt := range []struct {
		t    reflect.Type
		keys []string
	}{
		{reflect.TypeFor[shape.Chart](), topKeys},
		{reflect.TypeFor[shape.Workspace](), workspaceKeys},
		{reflect.TypeFor[shape.PullRequest](), pullRequestKeys},
		{reflect.TypeFor[shape.Structure](), structureKeys},
		{reflect.TypeFor[shape.Role](), roleKeys},
		{reflect.TypeFor[shape.Threads](), threadKeys},
		{reflect.TypeFor[shape.Route](), routeKeys},
		{reflect.TypeFor[shape.Escalation](), escalationKeys},
		{reflect.TypeFor[shape.Workflow](), workflowKeys},
		{reflect.TypeFor[shape.OrgStep](), steps},
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

// TestTaken demands that every function of the library that steps call is a name
// that their ids give way to.
func TestTaken(t *testing.T) {
	for name := range booleans {
		if !slices.Contains(taken, name) {
			t.Errorf("a step may be called %s", name)
		}
	}
	for _, kind := range stepTypes {
		if _, ok := stepKeys[kind]; !ok {
			t.Errorf("%s has no keys", kind)
		}
	}
}
