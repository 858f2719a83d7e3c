package opt

import (
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/ir"
)

// CheckedSet removes checks of variables that have a value on every path, and
// the loads of "unset" that no check needs any more because an assignment in
// the same block comes first.
func CheckedSet(f *ir.Func) {
	if !hasCheck(f) {
		dropLoads(f)
		return
	}
	// in[b] is the set of registers that may be unset at the start of b.
	in := make([]map[ir.Reg]bool, len(f.Blocks))
	in[0] = map[ir.Reg]bool{}
	for i := range f.Params {
		in[0][ir.Reg(i)] = true // an absent argument
	}
	work := []int{0}
	flow := func(to int, state map[ir.Reg]bool) {
		if in[to] == nil {
			in[to] = map[ir.Reg]bool{}
			work = append(work, to)
		}
		grew := false
		for r := range state {
			if !in[to][r] {
				in[to][r] = true
				grew = true
			}
		}
		if grew {
			work = append(work, to)
		}
	}
	for len(work) > 0 {
		b := f.Blocks[work[len(work)-1]]
		work = work[:len(work)-1]
		state := clone(in[b.ID])
		ever := clone(state) // unset at some point of the block
		for i := range b.Instrs {
			step(f, &b.Instrs[i], state)
			for r := range state {
				ever[r] = true
			}
		}
		last := &b.Instrs[len(b.Instrs)-1]
		if b.Handler >= 0 {
			flow(b.Handler, ever)
		}
		switch ir.Forms[last.Op].Succ {
		case 2:
			set := state
			if last.Op == ir.OpBranchSet {
				set = clone(state)
				delete(set, last.A.Reg())
			}
			flow(last.To, set)
			flow(last.Else, state)
		case 1:
			flow(last.To, state)
		}
	}
	for _, b := range f.Blocks {
		if in[b.ID] == nil {
			continue
		}
		state := clone(in[b.ID])
		kept := b.Instrs[:0]
		for _, instr := range b.Instrs {
			if instr.Op == ir.OpCheckSet && !state[instr.A.Reg()] {
				continue
			}
			step(f, &instr, state)
			kept = append(kept, instr)
		}
		b.Instrs = kept
	}
	dropLoads(f)
}

func hasCheck(f *ir.Func) bool {
	for _, b := range f.Blocks {
		for i := range b.Instrs {
			if b.Instrs[i].Op == ir.OpCheckSet {
				return true
			}
		}
	}
	return false
}

// step applies an instruction to the set of registers that may be unset.
func step(f *ir.Func, in *ir.Instr, state map[ir.Reg]bool) {
	form := ir.Forms[in.Op]
	switch {
	case in.Op == ir.OpCheckSet:
		delete(state, in.A.Reg())
	case in.Op == ir.OpLoad && f.Consts[in.A.Const()].Kind == bytecode.ConstUnset,
		in.Op == ir.OpPart, in.Op == ir.OpField, in.Op == ir.OpFieldOf:
		state[in.Dst] = true
	case in.Op == ir.OpMove || in.Op == ir.OpCopy || in.Op == ir.OpBorrow:
		if state[in.A.Reg()] {
			state[in.Dst] = true
		} else {
			delete(state, in.Dst)
		}
	case form.Dst:
		delete(state, in.Dst)
		if in.Op == ir.OpNext && in.N == 1 {
			delete(state, in.Dst+1)
		}
	}
}

func clone(m map[ir.Reg]bool) map[ir.Reg]bool {
	c := make(map[ir.Reg]bool, len(m))
	for r := range m {
		c[r] = true
	}
	return c
}

// dropLoads removes the initial "unset" of registers that the entry block
// writes before anything can read them.
func dropLoads(f *ir.Func) {
	b := f.Blocks[0]
	if b.Handler >= 0 {
		return
	}
	drop := map[int]bool{}
	for i := range b.Instrs {
		in := &b.Instrs[i]
		if in.Op == ir.OpLoad && f.Consts[in.A.Const()].Kind == bytecode.ConstUnset && writtenNext(b, i+1, in.Dst) {
			drop[i] = true
		}
	}
	if len(drop) == 0 {
		return
	}
	kept := b.Instrs[:0]
	for i, in := range b.Instrs {
		if !drop[i] {
			kept = append(kept, in)
		}
	}
	b.Instrs = kept
}

// writtenNext reports whether the first instruction from i on that touches a
// register overwrites it.
func writtenNext(b *ir.Block, i int, r ir.Reg) bool {
	for ; i < len(b.Instrs); i++ {
		in := &b.Instrs[i]
		if reads(in, r) {
			return false
		}
		if ir.Forms[in.Op].Dst && in.Dst == r {
			return true
		}
	}
	return false
}

// reads reports whether an instruction may read a register.
func reads(in *ir.Instr, r ir.Reg) bool {
	form := ir.Forms[in.Op]
	if form.Read && in.Dst == r {
		return true
	}
	for i, o := range [...]ir.Operand{in.A, in.B, in.C} {
		if form.Args[i] != '-' && !o.IsConst() && o.Reg() == r {
			return true
		}
	}
	if form.Window != 0 || in.Op == ir.OpObject || in.Op == ir.OpClosure {
		if in.Op == ir.OpClosure {
			return true // it may capture the register
		}
		base := in.A.Reg()
		if form.Window == 'B' {
			base = in.B.Reg()
		}
		return r >= base
	}
	return false
}
