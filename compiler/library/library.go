// Package library is the catalogue of everything a Prism program can use
// without importing it: global functions, namespaces, methods of strings,
// arrays, numbers, objects and promises, and the names that the host provides.
//
// It holds names, signatures and documentation, in one place for the checker,
// "prism doc", the REPL and the language server. What the entries do is
// implemented elsewhere: natively in runtime/library, or in Prism in the
// modules of stdlib; a test there keeps both sides complete.
package library

// Entry is one documented name.
type Entry struct {
	// Name is "max" for a global, "Math.floor" for a member of a namespace,
	// "array.map" for a method (string., array., number., object., promise.).
	Name string
	// Signature in Prism's own notation: "max(...values: number[]): number".
	// Without parentheses the entry is a value.
	Signature string
	// Doc is Markdown: first sentence a summary, then details: formula of the
	// confidence, units, errors.
	Doc string
	// Example is a runnable program; its last line may be "// => value".
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
