package ir

import (
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/prism/source"
)

// Program is everything needed to run one entry module.
type Program struct {
	Modules []*Module
	Funcs   []*Func  // indices are what OpFunc, OpClosure and OpCallFunc name
	Globals []Global // module-level variables that outlive a frame
	Entry   int      // the function that runs the program
	Libs    []string // library names that OpLib and OpCallLib refer to
	Meta    bytecode.Meta
}

// Module is one source file of the program. Modules stand in order of
// initialisation; the functions of a module are lowered one after another.
type Module struct {
	Path   string
	Source *source.File
	Init   int // index of its function
	Digest [32]byte
}

// Global is a module-level variable that functions share.
type Global struct {
	Name   string
	Module int
	Const  bool
}

// Func is one function body.
type Func struct {
	Name    string // "" for an anonymous one; the module's path for its body
	Module  int
	Span    source.Span
	Params  int  // parameters, the rest parameter included: registers 0..Params-1
	MinArgs int  // calls with fewer are errors
	Rest    bool // the last parameter takes the remaining arguments as an array
	Async   bool // calling it starts a fiber and gives a promise
	Regs    int  // registers used
	// Captures tell a closure instruction where the values come from.
	Captures []Capture
	Consts   []bytecode.Const
	Names    []string   // property and method names
	Shapes   [][]string // keys of object literals
	Blocks   []*Block   // Blocks[0] is the entry
	Locals   []Local    // for the debugger
	Contexts []Context  // regions of "in context Name"
}

// Capture is one value a closure keeps: a register of the enclosing function,
// or one of its own captures. With Cell set it is a variable shared by
// reference, otherwise a copy of a value that never changes.
type Capture struct {
	Name    string
	Cell    bool
	FromReg bool
	Index   int
}

// Local names the variable that a register holds while the source position is
// inside Scope.
type Local struct {
	Name  string
	Reg   Reg
	Cell  bool
	Scope source.Span
}

// Context is a region of the source that carries a name.
type Context struct {
	Name, To string
	Span     source.Span
}

// Reg is a register of a function.
type Reg int32

// Operand is a register (>= 0) or the constant ^o of the function (< 0).
type Operand int32

// R makes an operand of a register, K of a constant index.
func R(r Reg) Operand { return Operand(r) }
func K(i int) Operand { return Operand(^i) }

// IsConst reports whether the operand is a constant.
func (o Operand) IsConst() bool { return o < 0 }

// Reg returns the register of a register operand.
func (o Operand) Reg() Reg { return Reg(o) }

// Const returns the constant index of a constant operand.
func (o Operand) Const() int { return int(^o) }

// Block is a straight run of instructions; the last one, and only that, is a
// terminator.
type Block struct {
	ID     int
	Instrs []Instr
	// Handler is the block that gets control when an instruction here fails,
	// with the raw exception in HandlerReg; -1 without.
	Handler    int
	HandlerReg Reg
}

// Instr is one instruction. Which fields mean what is in the table of ops.go.
type Instr struct {
	Op      Op
	Dst     Reg
	A, B, C Operand
	N       int // a count, an index or a flag
	To      int // block when the test holds, or the only successor
	Else    int // block when it does not
	Span    source.Span
	Facts   Facts
}

// Facts is what is known about the result of an instruction.
type Facts struct {
	Kinds   Kinds   // kinds the plain value can have; 0 is not known
	Plain   bool    // certainly without confidence
	Lo, Hi  float64 // bounds of the confidence when HasConf
	HasConf bool
}

// Kinds is a set of value kinds.
type Kinds uint16

const (
	KindNull Kinds = 1 << iota
	KindBoolean
	KindNumber
	KindString
	KindArray
	KindObject
	KindFunction
	KindPromise
)
