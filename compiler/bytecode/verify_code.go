package bytecode

// cacheUse tells what an inline cache is for.
type cacheUse struct {
	op  Op // OpNop while the cache has no use
	key int
}

// code checks each instruction by itself and notes where control can go.
func (v *verifier) code() {
	code := v.f.Code
	v.starts = make([]bool, len(code))
	v.targets = v.targets[:0]
	uses := make([]cacheUse, 0)
	if within(v.f.Caches, 1<<16+1) {
		uses = make([]cacheUse, v.f.Caches)
	}
	last := OpNop
	var jumps []int // pairs: from, to
	for pc := 0; pc < len(code); pc++ {
		v.pc = pc
		in := code[pc]
		if in.Op >= OpCount {
			v.failf("operation %d does not exist", in.Op)
			return
		}
		if in.Op == OpExt {
			v.failf("a second word stands alone")
			return
		}
		v.starts[pc] = true
		last = in.Op
		form := &forms[in.Op]
		var ext Instr
		if form.ext {
			if pc+1 == len(code) || code[pc+1].Op != OpExt {
				v.failf("the second word is missing")
				return
			}
			ext = code[pc+1]
			pc++
		}
		fields := [...]struct {
			kind  operand
			value uint16
		}{{form.a, in.A}, {form.b, in.B}, {form.c, in.C}, {form.ea, ext.A}, {form.eb, ext.B}}
		key := -1 // the name or shape that a cache is for
		for i, f := range fields {
			value := int(f.value)
			switch f.kind {
			case name, shape:
				key = value
			case cache:
				if value < len(uses) {
					use := cacheUse{in.Op, key}
					if uses[value].op != OpNop && uses[value] != use {
						v.failf("cache %d is used for something else, too", value)
					}
					uses[value] = use
				}
			case wideTarget:
				jumps = append(jumps, v.pc, in.K32())
			case extTarget:
				jumps = append(jumps, v.pc, ext.E32())
			}
			if i != form.windowField() {
				v.operand(in, ext, f.kind, value)
			}
		}
		v.window(in, ext)
	}
	switch {
	case len(code) == 0:
		v.pc = -1
		v.failf("the function has no code")
	case !forms[last].end:
		v.failf("control runs over the end of the code")
	}
	for i := 0; i < len(jumps); i += 2 {
		v.jump(jumps[i], jumps[i+1])
	}
}

// jump checks where the jump at a pc goes.
func (v *verifier) jump(from, to int) {
	v.pc = from
	loop := v.f.Code[from].Op == OpLoop
	switch {
	case !within(to, len(v.f.Code)) || !v.starts[to]:
		v.failf("no instruction begins at the target %d", to)
	case loop && to > from:
		v.failf("a loop goes forward to %d", to)
	case !loop && to <= from:
		v.failf("a jump goes back to %d", to)
	default:
		v.targets = append(v.targets, to)
	}
}

// operand checks one operand that is not the start of a window.
func (v *verifier) operand(in, ext Instr, kind operand, value int) {
	f := v.f
	var what string
	n := 0
	switch kind {
	case unused, count, wideInt, wideTarget, extTarget:
		return
	case regW, regR, regRW:
		what, n = "register", f.Regs
	case regPair:
		what, n = "register", f.Regs
		if in.C == 1 {
			value++
		}
	case konst, konstNum:
		what, n = "constant", len(f.Consts)
	case wideK:
		what, n, value = "constant", len(f.Consts), in.K32()
	case name:
		what, n = "name", len(f.Names)
	case shape:
		what, n = "shape", len(f.Shapes)
	case capture:
		what, n = "capture", len(f.Captures)
	case cache:
		what, n = "inline cache", f.Caches
	case flag:
		what, n = "choice", 2
	case strategyField:
		what, n = "number of the strategy", 5
	case wideGlobal:
		what, n, value = "global", len(v.p.Globals), in.K32()
	case wideFunc, wideClosure:
		what, n, value = "function", len(v.p.Funcs), in.K32()
	case extFunc:
		what, n, value = "function", len(v.p.Funcs), ext.E32()
	case wideLib:
		what, n, value = "library name", len(v.p.Libs), in.K32()
	case extLib:
		what, n, value = "library name", len(v.p.Libs), ext.E32()
	}
	if !within(value, n) {
		v.failf("%s %d of %d does not exist", what, value, n)
		return
	}
	switch kind {
	case konstNum:
		if f.Consts[value].Kind != ConstNumber {
			v.failf("constant %d is no number", value)
		}
	case capture:
		if cell := f.Captures[value].Cell; cell != (in.Op != OpGetCapture) {
			v.failf("capture %d is %s", value, cellOrValue(cell))
		}
	case wideFunc, extFunc, wideClosure:
		switch g := v.p.Funcs[value]; {
		case g == nil:
			v.failf("function %d is missing", value)
		case kind == wideClosure:
			v.closure(g)
		case len(g.Captures) != 0:
			v.failf("function %d has captures and needs a closure", value)
		}
	}
}

func cellOrValue(cell bool) string {
	if cell {
		return "a cell"
	}
	return "a value"
}

// closure checks that the captures of a function fit the one that makes the
// closure.
func (v *verifier) closure(g *Func) {
	for i, c := range g.Captures {
		switch {
		case c.FromReg:
			if !within(c.Index, v.f.Regs) {
				v.failf("capture %d comes from register %d of %d", i, c.Index, v.f.Regs)
			}
		case !within(c.Index, len(v.f.Captures)):
			v.failf("capture %d comes from capture %d of %d", i, c.Index, len(v.f.Captures))
		case v.f.Captures[c.Index].Cell != c.Cell:
			v.failf("capture %d is %s, the enclosing function's capture %d is not", i, cellOrValue(c.Cell), c.Index)
		}
	}
}

// window checks the registers that an instruction reads as a run.
func (v *verifier) window(in, ext Instr) {
	if first, n := v.f.window(in, ext); first+n > v.f.Regs {
		v.failf("the window of %d registers from %d on leaves the frame of %d", n, first, v.f.Regs)
	}
}

// windowField returns which of the operands a, b, c begins a window, -1 if none
// does. The values of an object literal are a window as long as its shape.
func (f *form) windowField() int {
	switch {
	case f.window != 0:
		return int(f.window - 'a')
	case f.c == shape:
		return 1
	}
	return -1
}

// window returns the first register and the length of the run of registers
// that an instruction reads; 0, 0 without.
func (f *Func) window(in, ext Instr) (first, n int) {
	form := &forms[in.Op]
	field := form.windowField()
	if field < 0 {
		return 0, 0
	}
	first = int([...]uint16{in.A, in.B, in.C}[field])
	if n = form.extra; form.c == shape && int(in.C) < len(f.Shapes) {
		n = len(f.Shapes[in.C])
	}
	for _, o := range [...]struct {
		kind  operand
		value uint16
	}{{form.b, in.B}, {form.c, in.C}, {form.ea, ext.A}} {
		if o.kind == count {
			n += int(o.value)
		}
	}
	return first, n
}
