package ir

// Prune removes the blocks that nothing leads to and numbers the others anew.
func (f *Func) Prune() {
	reached := make([]bool, len(f.Blocks))
	work := []int{0}
	reached[0] = true
	visit := func(id int) {
		if !reached[id] {
			reached[id] = true
			work = append(work, id)
		}
	}
	for len(work) > 0 {
		b := f.Blocks[work[len(work)-1]]
		work = work[:len(work)-1]
		if b.Handler >= 0 {
			visit(b.Handler)
		}
		last := b.last()
		switch Forms[last.Op].Succ {
		case 2:
			visit(last.Else)
			fallthrough
		case 1:
			visit(last.To)
		}
	}
	ids := make([]int, len(f.Blocks))
	var kept []*Block
	for i, b := range f.Blocks {
		if reached[i] {
			ids[i] = len(kept)
			kept = append(kept, b)
		}
	}
	for i, b := range kept {
		b.ID = i
		if b.Handler >= 0 {
			b.Handler = ids[b.Handler]
		}
		last := b.last()
		switch Forms[last.Op].Succ {
		case 2:
			last.Else = ids[last.Else]
			fallthrough
		case 1:
			last.To = ids[last.To]
		}
	}
	f.Blocks = kept
}

// last returns the terminator of a block.
func (b *Block) last() *Instr { return &b.Instrs[len(b.Instrs)-1] }
