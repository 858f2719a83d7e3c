package library

import (
	"slices"
	"strings"
	"sync"
)

// preludeModule is the module of the standard library that implements the
// functions written in Prism.
const preludeModule = "std/prelude"

// internal are the exports of the prelude that the compiler calls for the blocks
// of agents and for the names of the host.
var internal = map[string]bool{
	"__parallel": true, "__parallelBlock": true, "__race": true, "__withAgents": true, "__task": true,
	"__agentList": true, "__agentResults": true, "__successfulResults": true, "__agentCount": true, "__parallax": true, "__test": true,
}

// all is the catalogue; it is never changed.
var all = sync.OnceValue(func() []*Entry {
	return slices.Concat(
		consoleEntries, numbersEntries, arraysEntries, stringsEntries, objectsEntries, jsonEntries, promisesEntries,
		timeEntries, confidenceEntries, aggregationEntries, controlEntries, agentsEntries, testingEntries, hostEntries,
	)
})

// All returns every entry, grouped by category. The entries themselves must not
// be changed; that goes for all functions of the package.
func All() []*Entry { return slices.Clone(all()) }

var byName = sync.OnceValue(func() map[string]*Entry {
	m := make(map[string]*Entry)
	for _, e := range all() {
		m[e.Name] = e
	}
	return m
})

// Lookup returns an entry by its full name: "max", "Math.floor", "array.map".
func Lookup(name string) (*Entry, bool) {
	e, ok := byName()[name]
	return e, ok
}

var globals = sync.OnceValue(func() []string {
	var names []string
	for _, e := range all() {
		if !e.Host && !strings.Contains(e.Name, ".") {
			names = append(names, e.Name)
		}
	}
	slices.Sort(names)
	return names
})

// Globals returns the global names, namespaces included, sorted. The names of the
// host are not among them.
func Globals() []string { return slices.Clone(globals()) }

// Global reports whether a program can use a name as a global of the library.
func Global(name string) bool {
	e, ok := byName()[name]
	return ok && !e.Host && !strings.Contains(name, ".")
}

// Hosts returns the names that the host binds, sorted.
func Hosts() []string {
	var names []string
	for _, e := range hostEntries {
		names = append(names, e.Name)
	}
	slices.Sort(names)
	return names
}

// Methods returns the methods and properties of a kind of value, in the order of
// the catalogue: "array", "string", "number", "boolean" or "object". It is empty
// for other kinds.
func Methods(kind string) []*Entry { return Members(kind) }

// Members returns what a namespace holds, in the order of the catalogue: "Math",
// "console", "confidence". It is empty for names that are no namespace.
func Members(namespace string) []*Entry {
	return slices.Clone(byOwner()[namespace])
}

// byOwner holds the entries whose name has a point, by what stands in front.
var byOwner = sync.OnceValue(func() map[string][]*Entry {
	m := make(map[string][]*Entry)
	for _, e := range all() {
		if owner, _, ok := strings.Cut(e.Name, "."); ok {
			m[owner] = append(m[owner], e)
		}
	}
	return m
})

// Implicit returns the module that implements a name in Prism; ok is false for
// names that are native or unknown.
func Implicit(name string) (module string, ok bool) {
	if internal[name] {
		return preludeModule, true
	}
	if e, found := byName()[name]; found && e.Module != "" {
		return e.Module, true
	}
	return "", false
}

// Arity bounds the number of arguments of a function; max -1 is no bound. ok is
// false for what is no function.
func Arity(name string) (min, max int, ok bool) {
	e, found := byName()[name]
	if !found || !e.Callable() {
		return 0, 0, false
	}
	return e.MinArgs, e.MaxArgs, true
}
