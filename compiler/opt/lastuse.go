package opt

import "github.com/parallaxai/parallax/compiler/ir"

// LastUse turns a copy of a register that nothing reads afterwards into a move.
//
// A copy marks an array or object as shared, so that the next update makes a
// copy of it. Without this pass a function that updates its parameter and
// returns it, or a loop that passes a collection to a function and takes it
// back, would copy the collection in each round.
func LastUse(p *ir.Program, f *ir.Func) {
	if !hasCopy(f) {
		return
	}
	l := liveness{p: p, f: f, words: (f.Regs + 64) / 64}
	l.solve()
	lent := lentRegisters(f)
	live := make(regSet, l.words)
	for _, b := range f.Blocks {
		l.atEnd(b, live)
		for i := len(b.Instrs) - 1; i >= 0; i-- {
			in := &b.Instrs[i]
			if in.Op == ir.OpCopy && in.Dst != in.A.Reg() && !live.has(in.A.Reg()) && !lent.has(in.A.Reg()) {
				in.Op = ir.OpMove
			}
			l.before(b, in, live)
		}
	}
}

func hasCopy(f *ir.Func) bool {
	for _, b := range f.Blocks {
		for i := range b.Instrs {
			if b.Instrs[i].Op == ir.OpCopy {
				return true
			}
		}
	}
	return false
}

// lentRegisters returns the registers that hold, somewhere, a value that
// something else owns. A copy of that is never a move.
func lentRegisters(f *ir.Func) regSet {
	lent := make(regSet, (f.Regs+64)/64)
	for again := true; again; {
		again = false
		for _, b := range f.Blocks {
			for i := range b.Instrs {
				switch in := &b.Instrs[i]; in.Op {
				case ir.OpMove:
					if !lent.has(in.A.Reg()) {
						continue
					}
					fallthrough
				case ir.OpBorrow, ir.OpBorrowGlobal, ir.OpBorrowCell, ir.OpBorrowCaptureCell, ir.OpBorrowProp, ir.OpBorrowIndex:
					if !lent.has(in.Dst) {
						lent.add(in.Dst)
						again = true
					}
				}
			}
		}
	}
	return lent
}

// regSet is a set of registers.
type regSet []uint64

func (s regSet) has(r ir.Reg) bool { return s[r/64]&(1<<(r%64)) != 0 }
func (s regSet) add(r ir.Reg)      { s[r/64] |= 1 << (r % 64) }
func (s regSet) drop(r ir.Reg)     { s[r/64] &^= 1 << (r % 64) }

// dropFrom removes the registers from r on.
func (s regSet) dropFrom(r ir.Reg) {
	s[r/64] &= 1<<(r%64) - 1
	clear(s[r/64+1:])
}

// union adds t and reports whether s grew.
func (s regSet) union(t regSet) (grew bool) {
	for i, w := range t {
		if w&^s[i] != 0 {
			s[i] |= w
			grew = true
		}
	}
	return grew
}

// liveness finds the registers that may be read after each point.
type liveness struct {
	p       *ir.Program
	f       *ir.Func
	words   int
	in      []regSet // live at the start of each block
	handler []regSet // live wherever an instruction of the block fails; nil without
}

func (l *liveness) solve() {
	n := len(l.f.Blocks)
	l.in, l.handler = make([]regSet, n), make([]regSet, n)
	into := make([][]int, n) // blocks that lead to each block
	work := make([]int, 0, n)
	queued := make([]bool, n)
	for _, b := range l.f.Blocks {
		l.in[b.ID] = make(regSet, l.words)
		for _, s := range successors(b) {
			into[s] = append(into[s], b.ID)
		}
		if b.Handler >= 0 {
			l.handler[b.ID] = make(regSet, l.words)
			into[b.Handler] = append(into[b.Handler], b.ID)
		}
		work, queued[b.ID] = append(work, b.ID), true
	}
	live := make(regSet, l.words)
	for len(work) > 0 {
		b := l.f.Blocks[work[len(work)-1]]
		work = work[:len(work)-1]
		queued[b.ID] = false
		if h := l.handler[b.ID]; h != nil {
			copy(h, l.in[b.Handler])
			h.drop(b.HandlerReg)
		}
		l.atEnd(b, live)
		for i := len(b.Instrs) - 1; i >= 0; i-- {
			l.before(b, &b.Instrs[i], live)
		}
		if !l.in[b.ID].union(live) {
			continue
		}
		for _, from := range into[b.ID] {
			if !queued[from] {
				work, queued[from] = append(work, from), true
			}
		}
	}
}

func successors(b *ir.Block) []int {
	last := &b.Instrs[len(b.Instrs)-1]
	return []int{last.To, last.Else}[:ir.Forms[last.Op].Succ]
}

// atEnd sets live to what is read after a block.
func (l *liveness) atEnd(b *ir.Block, live regSet) {
	clear(live)
	for _, s := range successors(b) {
		live.union(l.in[s])
	}
	if h := l.handler[b.ID]; h != nil {
		live.union(h)
	}
}

// before turns what is live after an instruction into what is live before it.
func (l *liveness) before(b *ir.Block, in *ir.Instr, live regSet) {
	form := &ir.Forms[in.Op]
	if form.CIndex != 0 || in.Op == ir.OpCall || in.Op == ir.OpCallSpread {
		live.dropFrom(in.A.Reg()) // the callee may overwrite them
	}
	if form.Dst && in.Op != ir.OpNext { // at the end of a loop nothing is written
		live.drop(in.Dst)
	}
	if form.Read {
		live.add(in.Dst)
	}
	for i, o := range [...]ir.Operand{in.A, in.B, in.C} {
		if form.Args[i] != '-' && !o.IsConst() {
			live.add(o.Reg())
		}
	}
	base := in.A.Reg()
	if form.Window == 'B' {
		base = in.B.Reg()
	}
	for r := range l.f.WindowLen(in) {
		live.add(base + ir.Reg(r))
	}
	if in.Op == ir.OpClosure {
		for _, c := range l.p.Funcs[in.N].Captures {
			if c.FromReg {
				live.add(ir.Reg(c.Index))
			}
		}
	}
	if h := l.handler[b.ID]; h != nil {
		live.union(h)
	}
}
