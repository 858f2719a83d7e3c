package bytecode

import "github.com/parallaxai/parallax/prism/source"

// Program is a compiled program. It is immutable and shared by all executions.
type Program struct {
	Modules []Module
	Funcs   []*Func
	Globals []Global
	Libs    []string // names of the library that the code refers to
	Entry   int      // function that runs the program
	Meta    Meta
}

// Module is one source file.
type Module struct {
	Path   string
	Source *source.File // text and line table, for messages
	Digest [32]byte     // SHA-256 of the text
	Init   int          // function that runs the module's statements
}

// Global is a module-level variable shared by functions.
type Global struct {
	Name   string
	Module int
	Const  bool
}

// Func is one function.
type Func struct {
	Name     string // "" when anonymous
	Module   int
	Span     source.Span
	Params   int // including the rest parameter
	MinArgs  int
	Rest     bool // the last parameter is an array of the remaining arguments
	Async    bool
	Regs     int // size of the register window, at least Params
	Captures []Capture
	Consts   []Const
	Names    []string
	Shapes   [][]string
	Code     []Instr
	Handlers []Handler
	Lines    []Line // by ascending PC; covers every instruction
	Caches   int    // number of inline caches
	Locals   []Local
	Contexts []Context
}

// Capture tells where a closure takes a value from when it is made.
type Capture struct {
	Name    string
	Cell    bool // shared variable; otherwise a copy
	FromReg bool // from a register of the enclosing function, else from its captures
	Index   int
}

// ConstKind is the kind of a constant.
type ConstKind uint8

const (
	ConstNull ConstKind = iota
	ConstBool
	ConstNumber
	ConstString
	ConstUnset
)

// Const is a constant. A boolean is Bits 0 or 1; a number is its IEEE 754 bits.
type Const struct {
	Kind   ConstKind
	Bits   uint64
	String string
}

// Handler sends errors raised in [Start, End) to Target, with the raw exception
// in register Reg.
type Handler struct {
	Start, End, Target, Reg int
}

// Line says that instructions from PC on come from Span.
type Line struct {
	PC   int
	Span source.Span
}

// Local names the variable in a register while the source position is in Scope.
type Local struct {
	Name  string
	Reg   int
	Cell  bool
	Scope source.Span
}

// Context is a region "in context Name [-> To]" of the source.
type Context struct {
	Name, To string
	Span     source.Span
}

// SpanAt returns the source span of the instruction at pc.
func (f *Func) SpanAt(pc int) source.Span {
	lo, hi := 0, len(f.Lines)
	for lo < hi {
		if mid := (lo + hi) / 2; f.Lines[mid].PC <= pc {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return source.Span{}
	}
	return f.Lines[lo-1].Span
}
