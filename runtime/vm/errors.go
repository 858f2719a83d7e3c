package vm

import (
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/value"
)

// Error is a run-time failure of a program: something thrown, or an operation
// that the language does not allow.
type Error struct {
	Code    diag.Code
	Name    string // "TypeError", "RangeError", ...; "" is "Error"
	Message string
	Hint    string
	// Thrown is the value when the program threw one itself; IsThrown is set
	// then.
	Thrown   value.Value
	IsThrown bool
	// Data is what fail(message, data) attached, else null.
	Data value.Value
	// Final errors (limits, cancellation) can't be caught by the program.
	Final bool
	// Stack is filled by the machine, innermost frame first.
	Stack []StackFrame
}

// StackFrame is one entry of a stack trace.
type StackFrame struct {
	Function string // "" for the top level of a module
	File     string
	Span     source.Span
	Source   *source.File // nil for the library's own functions
	Line     int
	Column   int
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// name returns the name of the error's kind. The library gives its errors a code
// alone.
func (e *Error) name() string {
	if e.Name != "" {
		return e.Name
	}
	switch e.Code {
	case "R0010":
		return "LimitExceeded"
	case "R0120", "R0110", "R0111", "R1001", "R1101":
		return "TypeError"
	case "R1002", "R1003":
		return "RangeError"
	case "R1004":
		return "SyntaxError"
	}
	return "Error"
}
