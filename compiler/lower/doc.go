// Package lower turns resolved syntax trees into IR.
//
// It decides where each variable lives. A variable of a function is a register;
// when closures share it and it changes, a cell in that register; when they
// share it and it never changes, they copy it. A module-level variable that
// functions use is a global; a function that captures nothing needs no value at
// all and is called directly.
//
// Expressions are lowered towards a destination register, and temporaries are
// allocated like a stack above the locals in scope, so that arguments are
// evaluated straight into the window of the call. What the syntax tree nests
// (conditions, loops, match, try with its finally) becomes blocks here; no later
// stage knows the surface syntax.
//
// Input is a graph of modules without error diagnostics; output is a Program
// that passes ir.Verify.
package lower
