// Package ir is the intermediate representation between the syntax tree and
// bytecode.
//
// A Program is a list of functions; a function is a list of basic blocks of
// three-address instructions over registers. Registers are the slots of the
// function's frame: lowering allocates them like a stack (parameters first,
// then the locals in scope, then temporaries), so arguments of a call and
// elements of a literal already stand in consecutive registers, and no separate
// register allocation is needed.
//
// An operand is a register or a constant of the function. The meaning of each
// instruction's fields is in the table of ops.go, which also drives the text
// form (Print, Parse: they round-trip) and the verifier. An instruction may
// carry facts about its result, the kinds and the confidence it can have; the
// checker fills them, optimisations read them.
//
// The package does no analysis of names and runs nothing.
package ir
