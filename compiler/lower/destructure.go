package lower

import (
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// mode is what a pattern does with its names.
type mode uint8

const (
	declareMode mode = iota // let, parameters, loop variables
	assignMode              // [a, b] = e
)

// noThreshold marks the absence of a confidence threshold.
const noThreshold ir.Operand = 1 << 30

// threshold evaluates the c of "[a, b] ~> c", once.
func (f *fn) threshold(e ast.Expr) ir.Operand {
	if e == nil {
		return noThreshold
	}
	return f.operand(e)
}

// destructure takes a value apart. A threshold applies to every element of the
// pattern that has none of its own.
func (f *fn) destructure(p ast.Pattern, v ir.Reg, threshold ir.Operand, m mode, scope source.Span) {
	defer f.at(p.Range())()
	switch p := p.(type) {
	case *ast.IdentPattern:
		s := f.u.info.SymbolOf(p.Name)
		if s == nil {
			return
		}
		if m == declareMode {
			f.declare(s, f.copyOf(v), scope)
		} else {
			f.write(s, f.copyOf(v))
		}
	case *ast.TargetPattern:
		f.assignRegister(p.Target, v)
	case *ast.ArrayPattern:
		f.emit(ir.Instr{Op: ir.OpNeedArray, A: ir.R(v)})
		for i, e := range p.Elems {
			if e.Pattern == nil {
				continue
			}
			mark := f.next
			part := f.alloc()
			if e.Rest {
				f.emit(ir.Instr{Op: ir.OpRest, Dst: part, A: ir.R(v), N: i})
				f.restThreshold(e, part, threshold)
			} else {
				f.emit(ir.Instr{Op: ir.OpPart, Dst: part, A: ir.R(v), N: i})
				f.element(e, part, threshold)
			}
			f.destructure(e.Pattern, part, noThreshold, m, scope)
			f.next = mark
		}
	case *ast.ObjectPattern:
		f.emit(ir.Instr{Op: ir.OpNeedObject, A: ir.R(v)})
		for i, e := range p.Elems {
			mark := f.next
			part := f.alloc()
			if e.Rest {
				f.omit(part, v, p.Elems[:i])
				f.restThreshold(e, part, threshold)
			} else {
				f.field(part, v, e.Key)
				f.element(e, part, threshold)
			}
			f.destructure(e.Pattern, part, noThreshold, m, scope)
			f.next = mark
		}
	}
}

// field takes a property, unset when missing.
func (f *fn) field(dst, v ir.Reg, key ast.Expr) {
	name := ""
	switch k := key.(type) {
	case *ast.Ident:
		name = k.Name
	case *ast.StringLit:
		name = k.Value
	}
	f.emit(ir.Instr{Op: ir.OpField, Dst: dst, A: ir.R(v), N: f.name(name)})
}

// omit makes an object without the keys that the elements before a rest took.
func (f *fn) omit(dst, v ir.Reg, taken []*ast.PatternElem) {
	mark := f.next
	first := f.next
	n := 0
	for _, e := range taken {
		key := ""
		switch k := e.Key.(type) {
		case *ast.Ident:
			key = k.Name
		case *ast.StringLit:
			key = k.Value
		default:
			continue
		}
		f.load(f.alloc(), stringConst(key))
		n++
	}
	if n == 0 {
		f.loadNull()
	}
	f.emit(ir.Instr{Op: ir.OpOmit, Dst: dst, A: ir.R(v), B: ir.R(first), N: n})
	f.next = mark
}

// element applies threshold and default to one part: a part below the threshold
// counts as missing; a missing part is the default, null without.
func (f *fn) element(e *ast.PatternElem, part ir.Reg, threshold ir.Operand) {
	if e.Threshold != nil {
		threshold = f.operand(e.Threshold)
	}
	if threshold != noThreshold {
		keep, drop, end := f.block(), f.block(), f.block()
		c := f.alloc()
		test := f.block()
		f.branch(ir.Instr{Op: ir.OpBranchSet, A: ir.R(part)}, test, end)
		f.start(test)
		f.emit(ir.Instr{Op: ir.OpExtract, Dst: c, A: ir.R(part)})
		f.branch(f.atLeast(c, threshold), keep, drop)
		f.start(keep)
		f.jump(end)
		f.start(drop)
		f.load(part, bytecode.Const{Kind: bytecode.ConstUnset})
		f.jump(end)
		f.start(end)
	}
	f.fillDefault(part, e.Default)
}

// restThreshold keeps the elements of a rest that reach the threshold.
func (f *fn) restThreshold(e *ast.PatternElem, part ir.Reg, threshold ir.Operand) {
	if e.Threshold != nil {
		threshold = f.operand(e.Threshold)
	}
	if threshold == noThreshold {
		return
	}
	t := f.alloc()
	if threshold.IsConst() {
		f.emit(ir.Instr{Op: ir.OpLoad, Dst: t, A: threshold})
	} else {
		f.emit(ir.Instr{Op: ir.OpCopy, Dst: t, A: threshold})
	}
	f.callLibRegs("__keep", part, part, t)
}

// assignRegister assigns a value to o.p or a[i].
func (f *fn) assignRegister(target ast.Expr, v ir.Reg) {
	root, keys := pathOf(ast.Unparen(target))
	s := f.symbolOf(root)
	mark := f.next
	reg := f.alloc()
	window := f.next
	for _, k := range keys {
		r := f.alloc()
		if m, ok := k.(*ast.Member); ok {
			f.load(r, stringConst(m.Name.Name))
		} else {
			f.expr(k.(*ast.Index).Index, r)
		}
	}
	f.emit(ir.Instr{Op: ir.OpCopy, Dst: f.alloc(), A: ir.R(v)})
	f.read(s, reg, true)
	f.emit(ir.Instr{Op: ir.OpSetPath, Dst: reg, A: ir.R(window), N: len(keys)})
	f.write(s, reg)
	f.next = mark
}
