package lower

import (
	"maps"
	"slices"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// place is where a symbol's value is found from inside a function.
type place struct {
	kind  placeKind
	reg   ir.Reg // register, cell in a register
	index int    // global, function, capture, library
}

type placeKind uint8

const (
	inRegister placeKind = iota
	inCell
	inCapture
	inCaptureCell
	inGlobal
	isFunction
	isLibrary
	isModule // namespace import; index is unused
)

// find locates a symbol.
func (f *fn) find(s *check.Symbol) place {
	if v, ok := f.vars[s]; ok {
		if v.cell {
			return place{kind: inCell, reg: v.reg}
		}
		return place{kind: inRegister, reg: v.reg}
	}
	switch s.Kind {
	case check.Library:
		if t, ok := f.u.m.Implicit[s.Name]; ok {
			return f.u.p.target(t)
		}
		return place{kind: isLibrary, index: f.u.p.lib(s.Name)}
	case check.Host:
		return place{kind: inGlobal, index: f.u.p.host(s.Name)}
	case check.Session:
		return place{kind: inGlobal, index: f.u.p.named[s.Name]}
	case check.Import:
		return f.u.p.target(f.u.m.Imports[s])
	}
	if s.Func != nil {
		if i, ok := f.u.p.static[s.Func]; ok && s.Assignments == 0 {
			return place{kind: isFunction, index: i}
		}
	}
	if g, ok := f.u.p.globals[s]; ok {
		return place{kind: inGlobal, index: g}
	}
	i, cell := f.capture(s)
	if cell {
		return place{kind: inCaptureCell, index: i}
	}
	return place{kind: inCapture, index: i}
}

// target locates what an import refers to.
func (p *program) target(t module.Target) place {
	u := p.unitOf(t.Module)
	if t.Namespace {
		return place{kind: isModule}
	}
	if t.Symbol == nil {
		return place{kind: inGlobal, index: u.defaultExport}
	}
	if t.Symbol.Func != nil && u.isStatic(t.Symbol) {
		return place{kind: isFunction, index: p.static[t.Symbol.Func]}
	}
	if t.Symbol.Kind == check.Import {
		return p.target(t.Module.Imports[t.Symbol])
	}
	return place{kind: inGlobal, index: p.globals[t.Symbol]}
}

// capture makes the value or cell of an outer variable available in a closure
// and returns its index there.
func (f *fn) capture(s *check.Symbol) (index int, cell bool) {
	if i, ok := f.captures[s]; ok {
		return i, f.out.Captures[i].Cell
	}
	c := ir.Capture{Name: s.Name}
	if v, ok := f.parent.vars[s]; ok {
		c.Cell, c.FromReg, c.Index = v.cell, true, int(v.reg)
	} else {
		c.Index, c.Cell = f.parent.capture(s)
	}
	i := len(f.out.Captures)
	f.captures[s] = i
	f.out.Captures = append(f.out.Captures, c)
	return i, c.Cell
}

// read loads a variable into dst. With borrow the value is used at once and
// not kept, so an array or object does not become shared.
func (f *fn) read(s *check.Symbol, dst ir.Reg, borrow bool) {
	pick := func(own, borrowed ir.Op) ir.Op {
		if borrow {
			return borrowed
		}
		return own
	}
	switch p := f.find(s); p.kind {
	case inRegister:
		f.checkSet(s, p.reg)
		if p.reg != dst {
			f.emit(ir.Instr{Op: pick(ir.OpCopy, ir.OpBorrow), Dst: dst, A: ir.R(p.reg)})
		}
	case inCell:
		f.emit(ir.Instr{Op: pick(ir.OpGetCell, ir.OpBorrowCell), Dst: dst, A: ir.R(p.reg), N: f.name(s.Name)})
	case inCapture:
		f.emit(ir.Instr{Op: ir.OpGetCapture, Dst: dst, N: p.index})
	case inCaptureCell:
		f.emit(ir.Instr{Op: pick(ir.OpGetCaptureCell, ir.OpBorrowCaptureCell), Dst: dst, N: p.index})
	case inGlobal:
		f.emit(ir.Instr{Op: pick(ir.OpGetGlobal, ir.OpBorrowGlobal), Dst: dst, N: p.index})
	case isFunction:
		f.emit(ir.Instr{Op: ir.OpFunc, Dst: dst, N: p.index})
	case isLibrary:
		f.emit(ir.Instr{Op: ir.OpLib, Dst: dst, N: p.index})
	case isModule:
		f.namespace(f.u.m.Imports[s].Module, dst)
	}
}

// checkSet makes sure that a variable assigned in branches has a value.
func (f *fn) checkSet(s *check.Symbol, reg ir.Reg) {
	if s.Kind == check.Bare && !f.definite[s] {
		f.emit(ir.Instr{Op: ir.OpCheckSet, A: ir.R(reg), N: f.name(s.Name)})
		f.setDefinite(s)
	}
}

// namespace builds the object of "import * as m": a snapshot of the exports.
func (f *fn) namespace(m *module.Module, dst ir.Reg) {
	mark := f.next
	var keys []string
	first := f.next
	for _, name := range slices.Sorted(maps.Keys(m.Exports)) {
		t := m.Exports[name]
		if t.Type != nil {
			continue
		}
		r := f.alloc()
		f.readTarget(t, r)
		keys = append(keys, name)
	}
	f.object(dst, keys, first)
	f.next = mark
}

func (f *fn) readTarget(t module.Target, dst ir.Reg) {
	switch p := f.u.p.target(t); p.kind {
	case isFunction:
		f.emit(ir.Instr{Op: ir.OpFunc, Dst: dst, N: p.index})
	case isModule:
		f.namespace(t.Module, dst)
	default:
		f.emit(ir.Instr{Op: ir.OpGetGlobal, Dst: dst, N: p.index})
	}
}

// callTarget calls what an import refers to with n arguments at base.
func (f *fn) callTarget(t module.Target, dst, base ir.Reg, n int) {
	if p := f.u.p.target(t); p.kind == isFunction {
		f.emit(ir.Instr{Op: ir.OpCallFunc, Dst: dst, A: ir.R(base), N: n, C: ir.Operand(p.index)})
		return
	}
	// The arguments move up by one to make room for the callee.
	fn := f.alloc()
	window := []ir.Reg{fn}
	for range n {
		window = append(window, f.alloc())
	}
	f.readTarget(t, fn)
	for i := range n {
		f.move(window[i+1], base+ir.Reg(i))
	}
	f.emit(ir.Instr{Op: ir.OpCall, Dst: dst, A: ir.R(fn), N: n})
}

// write assigns the value in a register to a variable that exists. The register
// is not used afterwards.
func (f *fn) write(s *check.Symbol, src ir.Reg) {
	switch p := f.find(s); p.kind {
	case inRegister:
		f.move(p.reg, src)
	case inCell:
		f.emit(ir.Instr{Op: ir.OpSetCell, A: ir.R(p.reg), B: ir.R(src)})
	case inCaptureCell:
		f.emit(ir.Instr{Op: ir.OpSetCaptureCell, A: ir.R(src), N: p.index})
	case inGlobal:
		f.emit(ir.Instr{Op: ir.OpSetGlobal, A: ir.R(src), N: p.index})
	default:
		panic("lower: assignment to " + s.Name + ", which is no variable")
	}
	f.setDefinite(s)
}

// declare gives a block-scoped variable its value, from a register that may
// become the variable's own when it is a fresh temporary at the top.
func (f *fn) declare(s *check.Symbol, src ir.Reg, scope source.Span) {
	if v, ok := f.vars[s]; ok { // created early, or declared by assignment
		if v.cell {
			f.emit(ir.Instr{Op: ir.OpSetCell, A: ir.R(v.reg), B: ir.R(src)})
		} else {
			f.move(v.reg, src)
		}
		f.setDefinite(s)
		return
	}
	if g, ok := f.u.p.globals[s]; ok {
		f.emit(ir.Instr{Op: ir.OpSetGlobal, A: ir.R(src), N: g})
		return
	}
	reg := f.alloc()
	f.bind(s, reg, src, scope)
}

// bind makes reg the home of a new variable with the value of src.
func (f *fn) bind(s *check.Symbol, reg, src ir.Reg, scope source.Span) {
	cell := f.needsCell(s)
	if cell {
		f.emit(ir.Instr{Op: ir.OpNewCell, Dst: reg, A: ir.R(src)})
	} else {
		f.move(reg, src)
	}
	f.vars[s] = variable{reg, cell}
	f.local(s, reg, cell, scope)
}

// home returns the register in which a new block variable can be computed
// directly, or ok false when it lives in a cell or global.
func (f *fn) home(s *check.Symbol, scope source.Span) (ir.Reg, bool) {
	if _, ok := f.vars[s]; ok {
		return 0, false
	}
	if _, ok := f.u.p.globals[s]; ok || f.needsCell(s) {
		return 0, false
	}
	return f.alloc(), true
}

// scopeStart creates what the statements of a block need before they run: cells
// of variables that closures may capture early, and the block's functions.
func (f *fn) scopeStart(stmts []ast.Stmt, scope source.Span) {
	var funcs []*ast.FuncDecl
	for _, s := range stmts {
		if e, ok := s.(*ast.Export); ok && e.Decl != nil {
			s = e.Decl
		}
		switch s := s.(type) {
		case *ast.VarDecl:
			for _, d := range s.Decls {
				f.early(d.Pattern, scope)
			}
		case *ast.AgentsDecl:
			for _, a := range s.Agents {
				f.earlySymbol(f.u.info.SymbolOf(a.Name), scope)
			}
		case *ast.FuncDecl:
			if sym := f.u.info.SymbolOf(s.Func.Name); sym != nil && !f.u.isStatic(sym) {
				f.earlySymbol(sym, scope)
			}
			funcs = append(funcs, s)
		}
	}
	for _, d := range funcs {
		sym := f.u.info.SymbolOf(d.Func.Name)
		if sym == nil {
			continue
		}
		if i, ok := f.u.p.static[d.Func]; ok && sym.Assignments == 0 {
			f.function(d.Func, i)
			continue
		}
		restore := f.at(d.Span)
		if reg, ok := f.home(sym, scope); ok {
			f.vars[sym] = variable{reg, false}
			f.local(sym, reg, false, scope)
			f.closure(d.Func, reg)
		} else {
			mark := f.next
			tmp := f.alloc()
			f.closure(d.Func, tmp)
			f.declareKeeping(sym, tmp, mark, scope)
		}
		restore()
	}
}

// declareKeeping declares a variable from a temporary taken at mark, so that
// the variable ends up in the first register of the two.
func (f *fn) declareKeeping(s *check.Symbol, tmp, mark ir.Reg, scope source.Span) {
	_, exists := f.vars[s]
	_, global := f.u.p.globals[s]
	if exists || global {
		f.declare(s, tmp, scope)
		f.next = mark
		return
	}
	f.next = mark
	f.bind(s, f.alloc(), tmp, scope)
}

func (f *fn) early(p ast.Pattern, scope source.Span) {
	patternIdents(p, func(id *ast.Ident) { f.earlySymbol(f.u.info.SymbolOf(id), scope) })
}

func (f *fn) earlySymbol(s *check.Symbol, scope source.Span) {
	if s == nil || !s.CapturedEarly || !f.needsCell(s) {
		return
	}
	if _, ok := f.u.p.globals[s]; ok {
		return
	}
	if _, ok := f.vars[s]; ok {
		return
	}
	reg := f.alloc()
	f.emit(ir.Instr{Op: ir.OpNewCell, Dst: reg, A: f.konst(bytecode.Const{Kind: bytecode.ConstUnset})})
	f.vars[s] = variable{reg, true}
	f.local(s, reg, true, scope)
}

// patternIdents calls visit for each name a pattern binds.
func patternIdents(p ast.Pattern, visit func(*ast.Ident)) {
	switch p := p.(type) {
	case *ast.IdentPattern:
		visit(p.Name)
	case *ast.ArrayPattern:
		for _, e := range p.Elems {
			if e.Pattern != nil {
				patternIdents(e.Pattern, visit)
			}
		}
	case *ast.ObjectPattern:
		for _, e := range p.Elems {
			if e.Pattern != nil {
				patternIdents(e.Pattern, visit)
			}
		}
	case *ast.AltPattern:
		for _, a := range p.Alts {
			patternIdents(a, visit)
		}
	}
}
