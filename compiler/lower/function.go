package lower

import (
	"maps"
	"slices"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// fn is one function being lowered.
type fn struct {
	u      *unit
	parent *fn
	node   *check.Function
	index  int
	out    *ir.Func

	cur  *ir.Block
	next ir.Reg // first free register
	span source.Span

	vars     map[*check.Symbol]variable
	captures map[*check.Symbol]int
	// definite holds the bare variables that surely have a value here;
	// undo lists what to take back when a branch ends.
	definite map[*check.Symbol]bool
	undo     []*check.Symbol

	handler    int // block that handles errors here, -1 without
	handlerReg ir.Reg
	loops      []loop
	cleanups   []cleanup
	factor     ast.Expr // c of "function f() ~> c"
	naming     string   // name for the next anonymous function: that of its variable or key
	agent      *check.Symbol
	agentReg   ir.Reg // default agent of with_agents, -1 without
	chainEnd   int    // where a failed ?. goes, -1 outside chains
	consts     map[bytecode.Const]int
	names      map[string]int
}

// variable is where a variable of the function lives.
type variable struct {
	reg  ir.Reg
	cell bool
}

// loop is an enclosing loop.
type loop struct {
	breakTo, continueTo int
	cleanups            int // cleanups in force outside the loop
}

// cleanup is a finally block that runs when control leaves its try.
type cleanup struct {
	body       *ast.Block
	handler    int
	handlerReg ir.Reg
	loops      int
}

func (u *unit) newFn(parent *fn, node *check.Function, index int, name string, span source.Span) *fn {
	f := &fn{
		u: u, parent: parent, node: node, index: index,
		out:  &ir.Func{Name: name, Module: u.index, Span: span},
		vars: map[*check.Symbol]variable{}, captures: map[*check.Symbol]int{},
		definite: map[*check.Symbol]bool{}, handler: -1, agentReg: -1, chainEnd: -1,
		consts: map[bytecode.Const]int{}, names: map[string]int{}, span: span,
	}
	if parent != nil {
		f.agent, f.agentReg = parent.agent, -1
	}
	f.start(f.block())
	return f
}

// declareBare gives the variables that the function declares by plain
// assignment their registers. It runs after the parameters have theirs.
func (f *fn) declareBare() {
	if f.node == nil {
		return
	}
	for _, s := range f.u.bare[f.node] {
		reg := f.alloc()
		cell := f.needsCell(s)
		f.vars[s] = variable{reg, cell}
		f.local(s, reg, cell, f.out.Span)
		op := ir.OpLoad
		if cell {
			op = ir.OpNewCell
		}
		f.emit(ir.Instr{Op: op, Dst: reg, A: f.konst(bytecode.Const{Kind: bytecode.ConstUnset})})
	}
}

// needsCell reports whether a variable of the function must be shared by
// reference with the closures that use it.
func (f *fn) needsCell(s *check.Symbol) bool {
	if !s.Captured {
		return false
	}
	if s.Kind == check.Bare {
		return s.Assignments > 0 || s.InLoop || s.CapturedEarly
	}
	return s.Assignments > 0 || s.CapturedEarly
}

// body lowers the statements of a function and returns their value.
func (f *fn) body(stmts []ast.Stmt) {
	f.declareBare()
	result := f.alloc()
	f.block0(stmts, result, true)
	f.ret(result)
}

// ret returns the value of a register after the enclosing finally blocks.
func (f *fn) ret(r ir.Reg) {
	if f.factor != nil {
		out := f.alloc()
		f.emit(ir.Instr{Op: ir.OpScale, Dst: out, A: ir.R(r), B: f.operand(f.factor)})
		r = out
	}
	f.runCleanups(0)
	if f.out.Async {
		// The promise of a call becomes what a promise that it returns becomes.
		handler, reg := f.handler, f.handlerReg
		if handler >= 0 {
			f.setHandler(-1, 0)
		}
		out := f.alloc()
		f.emit(ir.Instr{Op: ir.OpAwait, Dst: out, A: ir.R(r)})
		f.emit(ir.Instr{Op: ir.OpReturn, A: ir.R(out)})
		f.handler, f.handlerReg = handler, reg
		return
	}
	f.emit(ir.Instr{Op: ir.OpReturn, A: ir.R(r)})
}

// runCleanups lowers the finally blocks above the given depth, innermost first,
// as control leaves them.
func (f *fn) runCleanups(depth int) {
	saved, handler, reg, loops := slices.Clone(f.cleanups), f.handler, f.handlerReg, f.loops
	for i := len(saved) - 1; i >= depth; i-- {
		c := saved[i]
		f.cleanups = saved[:i:i]
		f.loops = loops[:c.loops:c.loops]
		f.setHandler(c.handler, c.handlerReg)
		f.finally(c.body)
	}
	f.cleanups, f.loops = saved, loops
	f.handler, f.handlerReg = handler, reg
}

// finally lowers a finally block, once for each way that leads into it. Its
// variables are new ones each time.
func (f *fn) finally(body *ast.Block) {
	mark, outer := f.next, maps.Clone(f.vars)
	f.blockStmt(body, -1)
	f.next = mark
	for s := range f.vars {
		if _, ok := outer[s]; !ok && s.Kind != check.Bare {
			delete(f.vars, s)
		}
	}
}

// finish stores the function in the program.
func (f *fn) finish() {
	if len(f.cur.Instrs) == 0 || !ir.Forms[f.cur.Instrs[len(f.cur.Instrs)-1].Op].Term {
		f.emit(ir.Instr{Op: ir.OpReturn, A: ir.R(f.loadNull())})
	}
	f.out.Prune()
	f.u.p.out.Funcs[f.index] = f.out
}

// ---- Blocks and instructions ----

func (f *fn) block() int {
	b := &ir.Block{ID: len(f.out.Blocks), Handler: -1}
	f.out.Blocks = append(f.out.Blocks, b)
	return b.ID
}

// start makes a block the current one; the handler in force covers it.
func (f *fn) start(id int) {
	f.cur = f.out.Blocks[id]
	f.cur.Handler, f.cur.HandlerReg = f.handler, f.handlerReg
}

// setHandler changes the handler in force; instructions that follow stand in a
// block of their own.
func (f *fn) setHandler(block int, reg ir.Reg) {
	f.handler, f.handlerReg = block, reg
	b := f.block()
	f.jump(b)
	f.start(b)
}

func (f *fn) emit(in ir.Instr) {
	if n := len(f.cur.Instrs); n > 0 && ir.Forms[f.cur.Instrs[n-1].Op].Term {
		f.start(f.block()) // unreachable; pruned later
	}
	if !in.Span.IsValid() {
		in.Span = f.span
	}
	f.cur.Instrs = append(f.cur.Instrs, in)
}

func (f *fn) jump(to int) { f.emit(ir.Instr{Op: ir.OpJump, To: to}) }

// branch ends the current block with a two-way test.
func (f *fn) branch(in ir.Instr, yes, no int) {
	in.To, in.Else = yes, no
	f.emit(in)
}

// at sets the source place of the instructions that follow and returns a
// function that restores the former one.
func (f *fn) at(s source.Span) func() {
	old := f.span
	f.span = s
	return func() { f.span = old }
}

// alloc takes the next free register.
func (f *fn) alloc() ir.Reg {
	r := f.next
	f.next++
	f.out.Regs = max(f.out.Regs, int(f.next))
	return r
}

func (f *fn) konst(c bytecode.Const) ir.Operand {
	i, ok := f.consts[c]
	if !ok {
		i = len(f.out.Consts)
		f.consts[c] = i
		f.out.Consts = append(f.out.Consts, c)
	}
	return ir.K(i)
}

func (f *fn) name(s string) int {
	i, ok := f.names[s]
	if !ok {
		i = len(f.out.Names)
		f.names[s] = i
		f.out.Names = append(f.out.Names, s)
	}
	return i
}

func (f *fn) load(dst ir.Reg, c bytecode.Const) {
	f.emit(ir.Instr{Op: ir.OpLoad, Dst: dst, A: f.konst(c)})
}

func (f *fn) loadNull() ir.Reg {
	r := f.alloc()
	f.load(r, bytecode.Const{})
	return r
}

func (f *fn) move(dst, src ir.Reg) {
	if dst != src {
		f.emit(ir.Instr{Op: ir.OpMove, Dst: dst, A: ir.R(src)})
	}
}

func (f *fn) local(s *check.Symbol, reg ir.Reg, cell bool, scope source.Span) {
	f.out.Locals = append(f.out.Locals, ir.Local{Name: s.Name, Reg: reg, Cell: cell, Scope: scope})
}

// nameFor makes an anonymous function known by the name it is bound to.
func (f *fn) nameFor(value ast.Expr, name string) {
	if lit, ok := ast.Unparen(value).(*ast.FuncLit); ok && lit.Name == nil {
		f.naming = name
	}
}

// mark and release bracket code that surely runs or not: what a branch assigns
// is not definite after it.
func (f *fn) mark() int { return len(f.undo) }

func (f *fn) release(mark int) {
	for _, s := range f.undo[mark:] {
		delete(f.definite, s)
	}
	f.undo = f.undo[:mark]
}

func (f *fn) setDefinite(s *check.Symbol) {
	if s.Kind == check.Bare && !f.definite[s] {
		f.definite[s] = true
		f.undo = append(f.undo, s)
	}
}
