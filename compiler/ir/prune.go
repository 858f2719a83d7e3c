package ir

// Prune removes the blocks that nothing leads to and puts the others into an
// order in which each stands before those it leads to, as far as there are no
// loops, so that jumps go forward and mostly fall through.
func (f *Func) Prune() {
	order, place := reversePostorder(f)
	kept := make([]*Block, len(order))
	for i, id := range order {
		b := f.Blocks[id]
		b.ID = i
		if b.Handler >= 0 {
			b.Handler = place[b.Handler]
		}
		last := &b.Instrs[len(b.Instrs)-1]
		switch Forms[last.Op].Succ {
		case 2:
			last.Else = place[last.Else]
			fallthrough
		case 1:
			last.To = place[last.To]
		}
		kept[i] = b
	}
	f.Blocks = kept
}
