package value

import "unsafe"

// FunctionHeader begins every heap object of kind Function, so that this
// package can print functions without knowing what else they are.
type FunctionHeader struct {
	Header
	Name string // "" for an anonymous function
}

// FunctionName returns the name of a function value, "" if it has none.
func FunctionName(v Value) string {
	return (*FunctionHeader)(unsafe.Pointer(v.Object())).Name
}
