// Package opt improves IR without changing what a program does: its result, its
// confidences, its errors and their places.
//
// Each pass is a function over one ir.Func in a file of its own. Program runs
// them in order; a program that passed ir.Verify before passes it after.
package opt

import "github.com/parallaxai/parallax/compiler/ir"

// passes in the order in which they run: each leaves work for the next.
var passes = []func(*ir.Func){
	Fold,       // constants, and branches on them
	CheckedSet, // checks of variables that surely have a value
	Thread,     // jumps to jumps
	(*ir.Func).Prune,
	// LastUse comes last: the others may move reads around.
}

// Program optimises every function in place.
func Program(p *ir.Program) {
	for _, f := range p.Funcs {
		for _, pass := range passes {
			pass(f)
		}
		LastUse(p, f)
	}
}
