package ir

import "github.com/parallaxai/parallax/compiler/internal/regflow"

// flow checks that each register is written before it is read, on every path,
// with the kind of thing that the reader expects.
func (v *verifier) flow() {
	f := v.f
	order, place := reversePostorder(f)
	edges := make([]int32, len(order))
	for _, id := range order {
		b := f.Blocks[id]
		if b.Handler >= 0 {
			edges[place[b.Handler]] += 2
		}
		for _, s := range successors(b) {
			edges[place[s]]++
		}
	}
	entry := regflow.NewState(f.Regs)
	for r := range f.Params {
		entry.Set(r, regflow.Value)
	}
	r := &reads{v: v, faulty: make(map[*Instr]bool)}
	err := regflow.Solve(f.Regs, entry, edges, func(n int, s regflow.State, flow func(int, regflow.State)) {
		b := f.Blocks[order[n]]
		r.state = s
		v.block = order[n]
		r.block(b, func(to int) { flow(place[to], r.state) }, func(to int) { flow(place[to], r.caught) })
	})
	v.block, v.at = -1, -1
	if err != nil {
		v.failf("%v", err)
	}
}

// reversePostorder lists the blocks that can be reached, each before those it
// leads to as far as there are no loops, and tells where in the list each
// stands.
func reversePostorder(f *Func) (order, place []int) {
	type frame struct{ id, next int }
	seen := make([]bool, len(f.Blocks))
	place = make([]int, len(f.Blocks))
	stack := []frame{{}}
	seen[0] = true
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		b := f.Blocks[top.id]
		// What is visited first comes last: the handler, Else, To.
		next, all := -1, successors(b)
		switch n := top.next; {
		case n == 0 && b.Handler >= 0:
			next = b.Handler
		case n > 0 && n <= len(all):
			next = all[len(all)-n]
		case n > len(all):
			order = append(order, top.id)
			stack = stack[:len(stack)-1]
			continue
		}
		top.next++
		if next >= 0 && !seen[next] {
			seen[next] = true
			stack = append(stack, frame{id: next})
		}
	}
	for i, j := 0, len(order)-1; i < j; i, j = i+1, j-1 {
		order[i], order[j] = order[j], order[i]
	}
	for i, id := range order {
		place[id] = i
	}
	return order, place
}

// successors returns the blocks that a block's terminator names.
func successors(b *Block) []int {
	last := &b.Instrs[len(b.Instrs)-1]
	return []int{last.To, last.Else}[:Forms[last.Op].Succ]
}

// reads follows the registers through blocks and reports wrong reads.
type reads struct {
	v      *verifier
	state  regflow.State
	caught regflow.State // what holds at every point of the block
	faulty map[*Instr]bool
}

// block runs one block on r.state. It calls edge for each successor with
// r.state, and handler with r.caught.
func (r *reads) block(b *Block, edge, handler func(to int)) {
	r.caught = append(r.caught[:0], r.state...)
	for i := range b.Instrs {
		in := &b.Instrs[i]
		r.v.at, r.v.in = i, in
		r.instr(in)
		if i < len(b.Instrs)-1 {
			r.write(in)
			continue
		}
		switch in.Op {
		case OpNext:
			edge(in.Else)
			r.write(in)
			edge(in.To)
		default:
			for _, s := range successors(b) {
				edge(s)
			}
		}
	}
	if b.Handler >= 0 {
		r.caught.Set(int(b.HandlerReg), regflow.Exception)
		handler(b.Handler)
	}
}

// instr checks what an instruction reads and forgets what its call overwrites.
func (r *reads) instr(in *Instr) {
	form := &Forms[in.Op]
	if form.Read {
		r.read(in, in.Dst, builtBy(in.Op))
	}
	for i, o := range [...]Operand{in.A, in.B, in.C} {
		switch {
		case form.Args[i] == '-':
		case form.Window != 0 && int(form.Window-'A') == i, form.Index == 's' && i == 0:
			for k := range r.v.f.WindowLen(in) {
				r.read(in, o.Reg()+Reg(k), regflow.Value)
			}
		case o.IsConst():
		case in.Op == OpMove || in.Op == OpCopy || in.Op == OpBorrow:
			if _, ok := r.state.Kind(int(o.Reg())); !ok {
				r.unset(in, o.Reg())
			}
		default:
			r.read(in, o.Reg(), operandKind(in.Op, i))
		}
	}
	switch in.Op {
	case OpClosure:
		for _, c := range r.v.p.Funcs[in.N].Captures {
			if c.FromReg {
				kind := regflow.Value
				if c.Cell {
					kind = regflow.Cell
				}
				r.read(in, Reg(c.Index), kind)
			}
		}
	case OpCall, OpCallFunc, OpCallLib, OpCallMethod, OpCallSpread, OpCallMethodSpread:
		r.state.ClearFrom(int(in.A.Reg()))
		r.caught.ClearFrom(int(in.A.Reg()))
	}
}

// write notes what an instruction writes.
func (r *reads) write(in *Instr) {
	if !Forms[in.Op].Dst {
		return
	}
	dst := int(in.Dst)
	switch in.Op {
	case OpMove, OpCopy, OpBorrow:
		r.state.Copy(dst, int(in.A.Reg()))
	case OpNewCell:
		r.state.Set(dst, regflow.Cell)
	case OpIter:
		r.state.Set(dst, regflow.Iterator)
	case OpArray, OpArrayPush, OpArraySpread:
		r.state.Set(dst, regflow.Array)
	case OpObject, OpObjectSet, OpObjectSpread:
		r.state.Set(dst, regflow.Object)
	case OpNext:
		r.state.Set(dst, regflow.Value)
		if in.N == 1 {
			r.state.Set(dst+1, regflow.Value)
			r.caught.Replaced(dst+1, regflow.Value)
		}
	default:
		r.state.Set(dst, regflow.Value)
	}
	if after, ok := r.state.Kind(dst); ok {
		r.caught.Replaced(dst, after)
	} else {
		r.caught.Clear(dst)
	}
}

// read reports a register that does not surely hold a kind. A new literal that
// is read as a value has more than one owner from then on.
func (r *reads) read(in *Instr, reg Reg, kind regflow.Kind) {
	if r.state.Has(int(reg), kind) {
		if kind == regflow.Value {
			r.state.Settle(int(reg))
			r.caught.Settle(int(reg))
		}
		return
	}
	if _, ok := r.state.Kind(int(reg)); !ok {
		r.unset(in, reg)
	} else if !r.faulty[in] {
		r.faulty[in] = true
		r.v.failf("r%d holds no %v here", reg, kind)
	}
}

func (r *reads) unset(in *Instr, reg Reg) {
	if !r.faulty[in] {
		r.faulty[in] = true
		r.v.failf("r%d is not written on every path to here, or a call overwrote it", reg)
	}
}

// builtBy returns what an operation that changes its destination expects there.
func builtBy(op Op) regflow.Kind {
	switch op {
	case OpArrayPush, OpArraySpread:
		return regflow.Array
	case OpObjectSet, OpObjectSpread:
		return regflow.Object
	}
	return regflow.Value
}

// operandKind returns what operand i of an operation has to be.
func operandKind(op Op, i int) regflow.Kind {
	switch op {
	case OpGetCell, OpBorrowCell:
		return regflow.Cell
	case OpSetCell:
		if i == 0 {
			return regflow.Cell
		}
	case OpNext:
		return regflow.Iterator
	case OpCaught, OpRethrow:
		return regflow.Exception
	}
	return regflow.Value
}
