package opt

import "github.com/parallaxai/parallax/compiler/ir"

// Thread lets jumps go straight to where a block that only jumps would send
// them.
func Thread(f *ir.Func) {
	final := func(id int) int {
		for range f.Blocks { // bounds loops of empty blocks
			b := f.Blocks[id]
			if len(b.Instrs) != 1 || b.Instrs[0].Op != ir.OpJump || b.Instrs[0].To == id {
				break
			}
			id = b.Instrs[0].To
		}
		return id
	}
	for _, b := range f.Blocks {
		last := &b.Instrs[len(b.Instrs)-1]
		switch ir.Forms[last.Op].Succ {
		case 2:
			last.Else = final(last.Else)
			fallthrough
		case 1:
			last.To = final(last.To)
		}
	}
}
