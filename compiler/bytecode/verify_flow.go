package bytecode

import "github.com/parallaxai/parallax/compiler/internal/regflow"

// basicBlock is a span of code without jumps into or out of it.
type basicBlock struct {
	start, end int
	handler    int // index of the handler that covers it, -1 without
}

// flow checks that each register is written before it is read, on every path,
// with the kind of thing that the reader expects. It runs after all other
// checks have passed.
func (v *verifier) flow() {
	f := v.f
	r := &reads{v: v, blocks: v.split(), faulty: make(map[int]bool)}
	r.blockAt = make([]int32, len(f.Code))
	for i, b := range r.blocks {
		r.blockAt[b.start] = int32(i)
	}
	edges := make([]int32, len(r.blocks))
	for _, b := range r.blocks {
		if b.handler >= 0 {
			edges[r.blockAt[f.Handlers[b.handler].Target]] += 2
		}
		jump, next := f.successors(b)
		if jump >= 0 {
			edges[r.blockAt[jump]]++
		}
		if next {
			edges[r.blockAt[b.end]]++
		}
	}
	entry := regflow.NewState(f.Regs)
	for i := range f.Params {
		entry.Set(i, regflow.Value)
	}
	if err := regflow.Solve(f.Regs, entry, edges, r.block); err != nil {
		v.pc = -1
		v.failf("%v", err)
	}
}

// split divides the code into basic blocks.
func (v *verifier) split() []basicBlock {
	f := v.f
	leader := make([]bool, len(f.Code))
	for _, t := range v.targets {
		leader[t] = true
	}
	var (
		blocks []basicBlock
		open   []int // handlers around pc, outer ones first
		more   = v.nesting
		ended  = true
	)
	for pc := 0; pc < len(f.Code); {
		if ended || leader[pc] {
			if n := len(blocks); n > 0 {
				blocks[n-1].end = pc
			}
			for len(open) > 0 && f.Handlers[open[len(open)-1]].End <= pc {
				open = open[:len(open)-1]
			}
			for len(more) > 0 && f.Handlers[more[0]].Start == pc {
				open = append(open, more[0])
				more = more[1:]
			}
			b := basicBlock{start: pc, handler: -1}
			if len(open) > 0 {
				b.handler = open[len(open)-1]
			}
			blocks = append(blocks, b)
		}
		form := &forms[f.Code[pc].Op]
		ended = form.end || form.jumps()
		if pc++; form.ext {
			pc++
		}
	}
	blocks[len(blocks)-1].end = len(f.Code)
	return blocks
}

// jumps reports whether the operation can go to a target.
func (f *form) jumps() bool { return f.b == wideTarget || f.ea == extTarget }

// last returns the pc of the last instruction of a block.
func (f *Func) last(b basicBlock) int {
	if b.end-b.start >= 2 && f.Code[b.end-1].Op == OpExt {
		return b.end - 2
	}
	return b.end - 1
}

// successors returns the target of the jump that ends a block, -1 without, and
// whether control can go on behind the block.
func (f *Func) successors(b basicBlock) (jump int, next bool) {
	in := f.Code[f.last(b)]
	form := &forms[in.Op]
	switch {
	case form.b == wideTarget:
		jump = in.K32()
	case form.ea == extTarget:
		jump = f.Code[b.end-1].E32()
	default:
		jump = -1
	}
	return jump, !form.end
}

// reads follows the registers through blocks and reports wrong reads.
type reads struct {
	v       *verifier
	blocks  []basicBlock
	blockAt []int32 // block that begins at a pc
	faulty  map[int]bool

	state  regflow.State
	caught regflow.State // what holds at every point of the block
}

// block is the Visit of Solve.
func (r *reads) block(n int, s regflow.State, flow func(int, regflow.State)) {
	f, b := r.v.f, r.blocks[n]
	r.state = s
	r.caught = append(r.caught[:0], s...)
	jump, next := f.successors(b)
	last := f.last(b)
	for pc := b.start; pc < b.end; pc++ {
		r.v.pc = pc
		in, ext := f.Code[pc], Instr{}
		form := &forms[in.Op]
		if form.ext {
			pc++
			ext = f.Code[pc]
		}
		r.reads(form, in, ext)
		if r.v.pc == last && jump >= 0 {
			flow(int(r.blockAt[jump]), r.state) // OpNext writes nothing when it jumps
		}
		r.writes(form, in)
	}
	if next {
		flow(int(r.blockAt[b.end]), r.state)
	}
	if b.handler >= 0 {
		h := &f.Handlers[b.handler]
		r.caught.Set(h.Reg, regflow.Exception)
		flow(int(r.blockAt[h.Target]), r.caught)
	}
}

// reads checks what an instruction reads and forgets what its call overwrites.
func (r *reads) reads(form *form, in, ext Instr) {
	f := r.v.f
	window := form.windowField()
	if window >= 0 {
		first, n := f.window(in, ext)
		for i := range n {
			r.read(first+i, regflow.Value)
		}
	}
	if in.Op == OpMove || in.Op == OpCopy {
		if _, ok := r.state.Kind(int(in.B)); !ok {
			r.unset(int(in.B))
		}
		return
	}
	if form.a == regR && window != 0 || form.a == regRW {
		r.read(int(in.A), kindOfA(in.Op))
	}
	if form.b == regR && window != 1 {
		r.read(int(in.B), kindOfB(in.Op))
	}
	if form.c == regR && window != 2 {
		r.read(int(in.C), regflow.Value)
	}
	if form.b == wideClosure {
		for _, c := range r.v.p.Funcs[in.K32()].Captures {
			switch {
			case c.FromReg && c.Cell:
				r.read(c.Index, regflow.Cell)
			case c.FromReg:
				r.read(c.Index, regflow.Value)
			}
		}
	}
	if form.a == regR && window == 0 { // a call
		r.state.ClearFrom(int(in.A))
		r.caught.ClearFrom(int(in.A))
	}
}

// writes notes what an instruction writes.
func (r *reads) writes(form *form, in Instr) {
	switch {
	case in.Op == OpMove || in.Op == OpCopy:
		r.state.Copy(int(in.A), int(in.B))
		if k, ok := r.state.Kind(int(in.A)); ok {
			r.caught.Replaced(int(in.A), k)
		} else {
			r.caught.Clear(int(in.A))
		}
	case form.a == regW || form.a == regRW:
		r.write(int(in.A), result(in.Op))
	case form.b == regPair:
		r.write(int(in.B), regflow.Value)
		if in.C == 1 {
			r.write(int(in.B)+1, regflow.Value)
		}
	case form.c == regW:
		r.write(int(in.C), regflow.Value)
	}
}

func (r *reads) write(reg int, k regflow.Kind) {
	r.state.Set(reg, k)
	if k == regflow.Array || k == regflow.Object {
		k = regflow.Value
	}
	r.caught.Replaced(reg, k)
}

// read reports a register that does not surely hold a kind. A new literal that
// is read as a value has more than one owner from then on.
func (r *reads) read(reg int, kind regflow.Kind) {
	if r.state.Has(reg, kind) {
		if kind == regflow.Value {
			r.state.Settle(reg)
			r.caught.Settle(reg)
		}
		return
	}
	if _, ok := r.state.Kind(reg); !ok {
		r.unset(reg)
	} else if !r.faulty[r.v.pc] {
		r.faulty[r.v.pc] = true
		r.v.failf("register %d holds no %v here", reg, kind)
	}
}

func (r *reads) unset(reg int) {
	if !r.faulty[r.v.pc] {
		r.faulty[r.v.pc] = true
		r.v.failf("register %d is not written on every path to here, or a call overwrote it", reg)
	}
}

// kindOfA returns what an operation has to find in register A.
func kindOfA(op Op) regflow.Kind {
	switch op {
	case OpSetCell:
		return regflow.Cell
	case OpNext:
		return regflow.Iterator
	case OpRethrow:
		return regflow.Exception
	case OpArrayPush, OpArraySpread:
		return regflow.Array
	case OpObjectSet, OpObjectSpread:
		return regflow.Object
	}
	return regflow.Value
}

// kindOfB returns what an operation has to find in register B.
func kindOfB(op Op) regflow.Kind {
	switch op {
	case OpGetCell, OpBorrowCell:
		return regflow.Cell
	case OpCaught:
		return regflow.Exception
	}
	return regflow.Value
}

// result returns what an operation leaves in register A.
func result(op Op) regflow.Kind {
	switch op {
	case OpNewCell:
		return regflow.Cell
	case OpIter:
		return regflow.Iterator
	case OpArray, OpArrayPush, OpArraySpread:
		return regflow.Array
	case OpObject, OpObjectSet, OpObjectSpread:
		return regflow.Object
	}
	return regflow.Value
}
