// Package library is the catalogue of everything a Prism program can use
// without importing it: global functions, namespaces, methods of strings,
// arrays, numbers, objects and promises, and the names that the host provides.
//
// It holds names, signatures and documentation, in one place for the checker,
// "prism doc", the REPL and the language server. What the entries do is
// implemented elsewhere: natively in runtime/library, or in Prism in the
// modules of stdlib; a test there keeps both sides complete.
package library

import "strings"

// Entry is one documented name.
type Entry struct {
	// Name is "max" for a global, "Math.floor" for a member of a namespace,
	// "array.map" for a method (string., array., number., object., promise.).
	Name string
	// Signature in Prism's own notation: "max(...values: number[]): number", of a
	// value "Math.PI: number", of a namespace its name. A function that can be
	// called in several ways has a line for each.
	Signature string
	// Doc is Markdown: first sentence a summary, then details: formula of the
	// confidence, units, errors.
	Doc string
	// Example is a runnable program. It ends with the line "// => value", behind
	// it "// ~ confidence" if the value is confident.
	Example string
	// Category groups entries in listings: "arrays", "confidence", "agents", ...
	Category string
	// MinArgs and MaxArgs bound the number of arguments; MaxArgs -1 is no bound.
	MinArgs, MaxArgs int
	// Module is the stdlib module whose export of the same name implements the
	// entry, "" when it is native.
	Module string
	// Host marks names that the host binds: input, agentResults, ...
	Host bool
}

// Callable reports whether the entry is a function or a method.
func (e *Entry) Callable() bool {
	head, _, _ := strings.Cut(e.Signature, ":")
	return strings.Contains(head, "(")
}
