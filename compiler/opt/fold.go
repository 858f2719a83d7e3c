package opt

import (
	"math"
	"slices"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/ir"
)

// Fold computes arithmetic and comparisons of number constants, and turns
// branches on constants into jumps. Operations that would fail are left alone,
// so that they fail where they stand.
func Fold(f *ir.Func) {
	consts := map[bytecode.Const]int{}
	for i, c := range slices.Backward(f.Consts) {
		consts[c] = i
	}
	for _, b := range f.Blocks {
		known := map[ir.Reg]int{} // registers that hold a constant here
		for i := range b.Instrs {
			in := &b.Instrs[i]
			substitute(f, in, known)
			if c, ok := evaluate(f, in); ok {
				*in = ir.Instr{Op: ir.OpLoad, Dst: in.Dst, A: ir.K(constant(f, consts, c)), Span: in.Span, Facts: in.Facts}
			}
			branch(f, in)
			form := ir.Forms[in.Op]
			switch {
			case in.Op == ir.OpLoad:
				known[in.Dst] = in.A.Const()
			case form.Dst:
				delete(known, in.Dst)
				if in.Op == ir.OpNext {
					delete(known, in.Dst+1)
				}
			}
			if form.CIndex != 0 || in.Op == ir.OpCall || in.Op == ir.OpCallSpread {
				// The callee may overwrite the window and everything above it.
				for r := range known {
					if r >= in.A.Reg() && !(form.Dst && r == in.Dst) {
						delete(known, r)
					}
				}
			}
		}
	}
}

// substitute replaces register operands that hold a number constant in the
// places where the operation takes constants.
func substitute(f *ir.Func, in *ir.Instr, known map[ir.Reg]int) {
	use := func(o *ir.Operand, role byte) {
		if role != 'v' || o.IsConst() {
			return
		}
		if k, ok := known[o.Reg()]; ok && f.Consts[k].Kind == bytecode.ConstNumber {
			*o = ir.K(k)
		}
	}
	args := ir.Forms[in.Op].Args
	use(&in.A, args[0])
	use(&in.B, args[1])
	use(&in.C, args[2])
}

// number returns the number an operand is.
func number(f *ir.Func, o ir.Operand) (float64, bool) {
	if !o.IsConst() || f.Consts[o.Const()].Kind != bytecode.ConstNumber {
		return 0, false
	}
	return math.Float64frombits(f.Consts[o.Const()].Bits), true
}

// evaluate computes an instruction whose operands are constants.
func evaluate(f *ir.Func, in *ir.Instr) (bytecode.Const, bool) {
	a, ok := number(f, in.A)
	if !ok {
		return bytecode.Const{}, false
	}
	if in.Op == ir.OpNeg {
		return numberConst(-a), true
	}
	b, ok := number(f, in.B)
	if !ok {
		return bytecode.Const{}, false
	}
	switch in.Op {
	case ir.OpAdd:
		return numberConst(a + b), true
	case ir.OpSub:
		return numberConst(a - b), true
	case ir.OpMul:
		return numberConst(a * b), true
	case ir.OpDiv:
		return numberConst(a / b), b != 0
	}
	if holds, ok := compare(in.Op, a, b); ok {
		c := bytecode.Const{Kind: bytecode.ConstBool}
		if holds {
			c.Bits = 1
		}
		return c, true
	}
	return bytecode.Const{}, false
}

// compare evaluates a comparison of two numbers.
func compare(op ir.Op, a, b float64) (holds, ok bool) {
	switch op {
	case ir.OpEqual, ir.OpSame:
		return a == b, true
	case ir.OpNotEqual, ir.OpNotSame:
		return a != b, true
	case ir.OpLess:
		return a < b, true
	case ir.OpLessEqual:
		return a <= b, true
	case ir.OpGreater:
		return a > b, true
	case ir.OpGreaterEqual:
		return a >= b, true
	}
	return false, false
}

// branch turns a comparison of constants at the end of a block into a jump.
func branch(f *ir.Func, in *ir.Instr) {
	if in.Op != ir.OpBranchCmp {
		return
	}
	a, okA := number(f, in.A)
	b, okB := number(f, in.B)
	if !okA || !okB {
		return
	}
	holds, _ := compare(ir.Op(in.N), a, b)
	to := in.Else
	if holds {
		to = in.To
	}
	*in = ir.Instr{Op: ir.OpJump, To: to, Span: in.Span}
}

func numberConst(v float64) bytecode.Const {
	return bytecode.Const{Kind: bytecode.ConstNumber, Bits: math.Float64bits(v)}
}

// constant returns the index of a constant, adding it when it is new. index has
// the first place of each constant of f.
func constant(f *ir.Func, index map[bytecode.Const]int, c bytecode.Const) int {
	if i, ok := index[c]; ok {
		return i
	}
	f.Consts = append(f.Consts, c)
	index[c] = len(f.Consts) - 1
	return index[c]
}
