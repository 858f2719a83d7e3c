// Package check finds out what every name of a Prism file means.
//
// In comes the syntax tree of one file and what the surroundings offer (the
// library, the host, the earlier inputs of a session); out go an Info, tables
// beside the tree for the stages that follow, and the diagnostics about names,
// scopes, calls and constant confidences. Resolve never changes the tree,
// never reads a file and never runs a program. It is a function of its
// arguments: the same file gives the same Info and the same diagnostics.
//
// A body is walked twice. The first walk (declare.go) makes the scopes and
// finds the variables, because what a bare assignment means depends on the
// variables of the whole body; the second (resolve.go, expr.go, pattern.go)
// binds each identifier. Rules that need the whole file (finish.go) come last.
package check
