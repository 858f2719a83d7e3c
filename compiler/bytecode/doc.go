// Package bytecode is the machine's program: what the compiler produces, what a
// .prismc file holds and what the virtual machine executes.
//
// # The machine
//
// A fiber has a stack of registers and a stack of frames. A frame sees a window
// of the registers: R[0] is its first parameter. Instructions are 8 bytes, an
// operation and three 16-bit operands A, B, C; some take a second word (Ext)
// with one or two more. K[n] is a constant of the function, N[n] a name of it.
// "k32" is the 32-bit number made of two operands, low half first. A jump's
// target is the absolute index of an instruction.
//
// A call puts its arguments into consecutive registers of the caller; the
// callee's window begins there, so that passing arguments copies nothing. The
// result goes to a register of the caller.
//
// Arithmetic and comparisons have forms with a constant, and comparisons
// forms that jump. Operations after opQuickBegin are reserved for the machine,
// which may rewrite its own copy of the code; they never stand in a file.
//
// Errors are found through the handler table of a function: entries are ordered
// from inner to outer, ranges are half-open.
//
// Encode is deterministic to the byte; Decode verifies everything (Verify), so
// that a damaged or hostile file is refused and the machine needs no checks of
// its own.
package bytecode
