// Package vm runs bytecode.
//
// A VM is one execution: a set of fibers that take turns on one goroutine, in an
// order that depends on the program and on the order of Deliver calls alone. A
// fiber is data, a stack of registers and a stack of frames; calling a function
// or switching fibers recurses nowhere and allocates next to nothing. Library
// functions written in Go run to their end or leave a Stepper behind as a frame,
// so that a callback can suspend in the middle of a map.
//
// The VM has no ambient authority: what it wants from the world it asks its
// Host for (package effect). Programs come verified from package bytecode; the
// machine relies on that.
package vm
