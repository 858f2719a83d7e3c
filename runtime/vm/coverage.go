package vm

import (
	"sync/atomic"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/prism/source"
)

// opCover k32 counts that control came by site k32 of the function. It is inserted
// into the machine's own copy of the code; programs in files never have it.
const opCover = bytecode.OpCount

// Coverage counts which parts of a program have run, over all machines that run
// an image made by Image.Covered. Its methods may be called while they run.
type Coverage struct {
	program *bytecode.Program
	funcs   []*funcCounters
}

// funcCounters counts for one function.
type funcCounters struct{ sites []*site }

// site is one instruction that is counted.
type site struct {
	pc     int // in the code as compiled
	runs   atomic.Int64
	branch bool
	ways   [2]int          // of a branch: the sites it may go on at, of the next instruction first
	taken  [2]atomic.Int64 // how often it went each way
}

// Covered returns an image of the same program whose machines count what they
// run. It is slower; the image itself stays as it is.
func (im *Image) Covered() (*Image, *Coverage) {
	out := &Image{Program: im.Program, libs: im.libs, library: im.library, explain: im.explain}
	cov := &Coverage{program: im.Program}
	for _, f := range im.funcs {
		fn := *f
		fn.Func, fn.cover = counting(f.Func)
		fn.image = out
		if f.closure != nil {
			fn.closure = newClosure(&fn, nil)
		}
		cov.funcs = append(cov.funcs, fn.cover)
		out.funcs = append(out.funcs, &fn)
	}
	return out, cov
}

// counting returns a function with counters before the first instruction of each
// entry of its line table, before each branch, and where a branch may go on.
func counting(f *bytecode.Func) (*bytecode.Func, *funcCounters) {
	counted := make([]bool, len(f.Code)+1)
	for _, l := range f.Lines {
		if l.PC < len(f.Code) && f.Code[l.PC].Op != bytecode.OpExt {
			counted[l.PC] = true
		}
	}
	type branch struct{ pc, next, target int }
	var branches []branch
	for pc := 0; pc < len(f.Code); {
		next := pc + 1
		if f.Code[pc].Op.HasExt() {
			next++
		}
		if target, ok := bytecode.Branch(f.Code, pc); ok && next < len(f.Code) && target != next {
			branches = append(branches, branch{pc, next, target})
			counted[pc], counted[next], counted[target] = true, true, true
		}
		pc = next
	}
	c := &funcCounters{}
	at := map[int]int{} // site of an instruction
	moved := make([]int, len(f.Code)+1)
	inserted := 0
	for pc := range moved {
		moved[pc] = pc + inserted
		if pc < len(f.Code) && counted[pc] {
			at[pc] = len(c.sites)
			c.sites = append(c.sites, &site{pc: pc})
			inserted++
		}
	}
	for _, b := range branches {
		s := c.sites[at[b.pc]]
		s.branch, s.ways = true, [2]int{at[b.next], at[b.target]}
	}
	out := *f
	out.Code = make([]bytecode.Instr, 0, len(f.Code)+inserted)
	for pc, in := range bytecode.Relocate(f.Code, moved) {
		if counted[pc] {
			out.Code = append(out.Code, bytecode.Instr{Op: opCover}.WithK32(at[pc]))
		}
		out.Code = append(out.Code, in)
	}
	out.Handlers = make([]bytecode.Handler, len(f.Handlers))
	for i, h := range f.Handlers {
		out.Handlers[i] = bytecode.Handler{Start: moved[h.Start], End: moved[h.End], Target: moved[h.Target], Reg: h.Reg}
	}
	out.Lines = make([]bytecode.Line, len(f.Lines))
	for i, l := range f.Lines {
		out.Lines[i] = bytecode.Line{PC: moved[l.PC], Span: l.Span}
	}
	return &out, c
}

// covered counts that control is at a site. A branch is followed by one of its
// ways, both of which are sites, so that the next site of the machine tells which
// way it went.
func (vm *VM) covered(c *funcCounters, i int) {
	b := vm.lastBranch
	vm.lastBranch = nil
	if b != nil && vm.branchIn == c { // else an error took control elsewhere
		for way, to := range b.ways {
			if to == i {
				b.taken[way].Add(1)
				break
			}
		}
	}
	s := c.sites[i]
	s.runs.Add(1)
	if s.branch {
		vm.lastBranch, vm.branchIn = s, c
	}
}

// CoverageSpan is a part of the source and how often it has run.
type CoverageSpan struct {
	File *source.File
	Span source.Span
	Runs int64
	// Branch tells that the part decides between two ways; Ways is how often it
	// took each.
	Branch bool
	Ways   [2]int64
}

// Spans returns all parts that are counted, those of the library left out.
func (c *Coverage) Spans() []CoverageSpan {
	var out []CoverageSpan
	for i, f := range c.program.Funcs {
		if f.Module < 0 || f.Module >= len(c.program.Modules) {
			continue
		}
		m := c.program.Modules[f.Module]
		if m.Source == nil {
			continue
		}
		for _, s := range c.funcs[i].sites {
			span := f.SpanAt(s.pc)
			if span == f.Span && !s.branch {
				continue // what a function does by itself: beginning and ending
			}
			cs := CoverageSpan{File: m.Source, Span: span, Runs: s.runs.Load(), Branch: s.branch}
			if s.branch {
				cs.Ways = [2]int64{s.taken[0].Load(), s.taken[1].Load()}
			}
			out = append(out, cs)
		}
	}
	return out
}
