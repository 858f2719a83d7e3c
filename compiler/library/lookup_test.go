package library_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/library"
)

// promised are the names that the language's description lists.
var promised = map[string]string{
	"": `print console Math JSON Number String Boolean Array Object Promise Infinity NaN
		map filter reduce forEach find some every sort sortBy groupBy range zip
		max min sum mean median stdev abs floor ceil round sqrt pow
		confidence threshold aggregate boost decay clamp normalize combine why
		consensus vote merge best first majorityVote synthesize average group quorum
		llm stream_llm select call map_agents ask
		parallel sequential race retry timeout fallback escalate validate cache circuit batch saga fail log emit
		delay sleep debounce now uuid random hash`,
	"console": "log info warn error debug",
	"Math": `abs floor ceil round trunc sign sqrt cbrt pow exp log log2 log10 sin cos tan asin acos atan atan2
		sinh cosh tanh hypot min max PI E`,
	"JSON":    "parse stringify",
	"Number":  "isInteger isFinite isNaN isSafeInteger parseFloat parseInt MAX_SAFE_INTEGER MIN_SAFE_INTEGER EPSILON",
	"String":  "fromCodePoint",
	"Array":   "isArray from of",
	"Object":  "keys values entries fromEntries assign has",
	"Promise": "all race any allSettled resolve reject",
	"array": `length map filter reduce forEach find findIndex findLast some every includes indexOf slice splice concat
		push pop shift unshift reverse sort flat flatMap join at fill keys entries first last unique sum`,
	"string": `length at slice substring split trim trimStart trimEnd toUpperCase toLowerCase includes contains startsWith
		endsWith indexOf lastIndexOf replace replaceAll match padStart padEnd repeat charAt codePointAt lines`,
	"number": "toFixed toString",
	"object": "keys values",
}

func TestPromisedNames(t *testing.T) {
	for owner, names := range promised {
		for _, name := range strings.Fields(names) {
			full := name
			if owner != "" {
				full = owner + "." + name
			}
			e, ok := library.Lookup(full)
			if !ok {
				t.Errorf("there is no %s", full)
				continue
			}
			if e.Name != full {
				t.Errorf("Lookup(%q) gives %s", full, e.Name)
			}
			if owner == "" {
				if !library.Global(name) || !slices.Contains(library.Globals(), name) {
					t.Errorf("%s is no global", name)
				}
				continue
			}
			if library.Global(full) {
				t.Errorf("%s is a global", full)
			}
			if !slices.Contains(library.Members(owner), e) || !slices.Contains(library.Methods(owner), e) {
				t.Errorf("%s is not among those of %s", full, owner)
			}
		}
	}
}

// Random numbers are effects; the namespace of pure functions has none.
func TestMathHasNoRandom(t *testing.T) {
	if _, ok := library.Lookup("Math.random"); ok {
		t.Error("there is Math.random")
	}
}

func TestGlobals(t *testing.T) {
	names := library.Globals()
	if !slices.IsSorted(names) {
		t.Error("not sorted")
	}
	for _, n := range names {
		if strings.HasPrefix(n, "__") || strings.Contains(n, ".") {
			t.Errorf("%s is no identifier of programs", n)
		}
	}
	for _, n := range library.Hosts() {
		if slices.Contains(names, n) || library.Global(n) {
			t.Errorf("the host's %s is among the globals", n)
		}
	}
	names[0] = "changed"
	if library.Globals()[0] == "changed" {
		t.Error("the caller's copy is the list itself")
	}
}

func TestHostsAreThoseOfTheChecker(t *testing.T) {
	if diff := cmp.Diff(check.HostNames(), library.Hosts()); diff != "" {
		t.Error(diff)
	}
}

func TestArity(t *testing.T) {
	type arity struct {
		Min, Max int
		OK       bool
	}
	for name, want := range map[string]arity{
		"max":              {1, -1, true},
		"pow":              {2, 2, true},
		"now":              {0, 0, true},
		"sortBy":           {1, 3, true},
		"timeout":          {2, 3, true},
		"Math.floor":       {1, 1, true},
		"array.map":        {1, 1, true},
		"Number":           {0, 1, true},
		"Math":             {},
		"Math.PI":          {},
		"array.length":     {},
		"agentResults":     {},
		"execution":        {},
		"nothing":          {},
		"Math.nothing":     {},
		"__parallel":       {},
		"":                 {},
		"array.map.things": {},
	} {
		var got arity
		got.Min, got.Max, got.OK = library.Arity(name)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", name, diff)
		}
	}
}

func TestUnknownNames(t *testing.T) {
	for _, name := range []string{"", "nothing", "Math.", ".floor", "Math.nothing", "prototype"} {
		if e, ok := library.Lookup(name); ok {
			t.Errorf("Lookup(%q) gives %s", name, e.Name)
		}
		if module, ok := library.Implicit(name); ok {
			t.Errorf("Implicit(%q) gives %s", name, module)
		}
		if library.Global(name) {
			t.Errorf("%q is a global", name)
		}
		if got := library.Members(name); len(got) > 0 {
			t.Errorf("%q has members", name)
		}
	}
}

func TestListsAreCopies(t *testing.T) {
	for name, list := range map[string]func() []*library.Entry{
		"All":     library.All,
		"Members": func() []*library.Entry { return library.Members("Math") },
		"Methods": func() []*library.Entry { return library.Methods("array") },
	} {
		got := list()
		got[0] = nil
		if list()[0] == nil {
			t.Errorf("%s gives the list itself", name)
		}
	}
}
