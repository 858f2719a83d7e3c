package value

import "unsafe"

// FunctionHeader can begin a heap object of kind Function, so that this package
// prints its name without knowing what else it is. NewFunctionHeader makes it.
type FunctionHeader struct {
	Header
	Name string // "" for an anonymous function
}

// NewFunctionHeader returns the beginning of a function object.
func NewFunctionHeader(name string) FunctionHeader {
	return FunctionHeader{Header{Kind: Function, Named: true}, name}
}

// FunctionName returns the name of a function value, "" if it has none.
func FunctionName(v Value) string {
	if h := v.Object(); h != nil && h.Named {
		return (*FunctionHeader)(unsafe.Pointer(h)).Name
	}
	return ""
}
