package lower

import (
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/prism/ast"
)

// match lowers the arms as a chain of tests; the first that holds wins, none
// gives null.
func (f *fn) match(s *ast.Match, dst ir.Reg) {
	v := f.alloc()
	f.expr(s.X, v)
	end := f.block()
	base := f.next
	for _, a := range s.Arms {
		next := f.block()
		f.maybe(func() {
			f.test(a.Pattern, v, next)
			if a.Threshold != nil {
				c := f.alloc()
				f.emit(ir.Instr{Op: ir.OpExtract, Dst: c, A: ir.R(v)})
				ok := f.block()
				f.branch(f.atLeast(c, f.operand(a.Threshold)), ok, next)
				f.start(ok)
			}
			if a.Guard != nil {
				ok := f.block()
				f.cond(a.Guard, ok, next)
				f.start(ok)
			}
			if dst >= 0 {
				f.expr(a.Body, dst)
			} else {
				f.expr(a.Body, f.alloc())
			}
		})
		f.jump(end)
		f.next = base
		f.start(next)
	}
	if dst >= 0 {
		f.load(dst, nullConst)
	}
	f.jump(end)
	f.start(end)
}

// test goes on when the value matches the pattern, whose names are then bound,
// and jumps to fail when not.
func (f *fn) test(p ast.Pattern, v ir.Reg, fail int) {
	defer f.at(p.Range())()
	switch p := p.(type) {
	case *ast.Wildcard:
	case *ast.IdentPattern:
		if p.Type != nil {
			f.testType(p.Type, v, fail)
		}
		if s := f.u.info.SymbolOf(p.Name); s != nil {
			f.declareCopy(p, v)
		}
	case *ast.LiteralPattern:
		f.testCmp(ir.OpSame, v, f.operand(p.Value), fail)
	case *ast.RangePattern:
		kind := "number"
		_, loText := p.Lo.(*ast.StringLit)
		if _, hiText := p.Hi.(*ast.StringLit); loText && hiText {
			kind = "string"
		}
		f.testKind(kind, v, fail)
		f.testCmp(ir.OpGreaterEqual, v, f.operand(p.Lo), fail)
		f.testCmp(ir.OpLessEqual, v, f.operand(p.Hi), fail)
	case *ast.AltPattern:
		ok := f.block()
		for i, alt := range p.Alts {
			if i == len(p.Alts)-1 {
				f.test(alt, v, fail)
				break
			}
			next := f.block()
			f.test(alt, v, next)
			f.jump(ok)
			f.start(next)
		}
		f.jump(ok)
		f.start(ok)
	case *ast.ArrayPattern:
		f.testKind("array", v, fail)
		rest := len(p.Elems) > 0 && p.Elems[len(p.Elems)-1].Rest
		n := f.alloc()
		f.emit(ir.Instr{Op: ir.OpLength, Dst: n, A: ir.R(v)})
		if rest {
			f.testCmp(ir.OpGreaterEqual, n, f.konst(numberConst(float64(len(p.Elems)-1))), fail)
		} else {
			f.testCmp(ir.OpSame, n, f.konst(numberConst(float64(len(p.Elems)))), fail)
		}
		for i, e := range p.Elems {
			if e.Pattern == nil {
				continue
			}
			part := f.alloc()
			if e.Rest {
				f.emit(ir.Instr{Op: ir.OpRest, Dst: part, A: ir.R(v), N: i})
				f.restThreshold(e, part, noThreshold)
			} else {
				f.emit(ir.Instr{Op: ir.OpPart, Dst: part, A: ir.R(v), N: i})
				f.testThreshold(e, part, fail)
			}
			f.test(e.Pattern, part, fail)
		}
	case *ast.ObjectPattern:
		f.testKind("object", v, fail)
		for i, e := range p.Elems {
			part := f.alloc()
			if e.Rest {
				f.omit(part, v, p.Elems[:i])
				f.restThreshold(e, part, noThreshold)
			} else {
				f.field(part, v, e.Key)
				if e.Default != nil {
					f.fillDefault(part, e.Default)
				} else {
					ok := f.block()
					f.branch(ir.Instr{Op: ir.OpBranchSet, A: ir.R(part)}, ok, fail)
					f.start(ok)
				}
				f.testThreshold(e, part, fail)
			}
			f.test(e.Pattern, part, fail)
		}
	}
}

// declareCopy binds the name of a pattern to the matched value.
func (f *fn) declareCopy(p *ast.IdentPattern, v ir.Reg) {
	s := f.u.info.SymbolOf(p.Name)
	scope := f.out.Span
	if _, ok := f.vars[s]; ok { // bound by an earlier alternative
		f.declare(s, f.copyOf(v), scope)
		return
	}
	reg := f.alloc()
	f.emit(ir.Instr{Op: ir.OpCopy, Dst: reg, A: ir.R(v)})
	f.bind(s, reg, reg, scope)
}

func (f *fn) testThreshold(e *ast.PatternElem, part ir.Reg, fail int) {
	if e.Threshold == nil {
		return
	}
	c := f.alloc()
	f.emit(ir.Instr{Op: ir.OpExtract, Dst: c, A: ir.R(part)})
	ok := f.block()
	f.branch(f.atLeast(c, f.operand(e.Threshold)), ok, fail)
	f.start(ok)
}

func (f *fn) testCmp(op ir.Op, v ir.Reg, o ir.Operand, fail int) {
	ok := f.block()
	f.branch(ir.Instr{Op: ir.OpBranchCmp, A: ir.R(v), B: o, N: int(op)}, ok, fail)
	f.start(ok)
}

// testKind goes on when typeof v is the given kind.
func (f *fn) testKind(kind string, v ir.Reg, fail int) {
	mark := f.next
	k := f.alloc()
	f.emit(ir.Instr{Op: ir.OpTypeof, Dst: k, A: ir.R(v)})
	f.testCmp(ir.OpSame, k, f.konst(stringConst(kind)), fail)
	f.next = mark
}

// testType goes on when the value has a type; only what can be seen of a value
// is tested, so function types accept every function.
func (f *fn) testType(t ast.TypeExpr, v ir.Reg, fail int) {
	switch t := t.(type) {
	case *ast.NamedType:
		switch name := t.Name.Name; name {
		case "any":
		case "number", "string", "boolean", "null", "array", "object", "function":
			f.testKind(name, v, fail)
		case "integer":
			f.testKind("number", v, fail)
			mark := f.next
			r := f.alloc()
			f.emit(ir.Instr{Op: ir.OpMod, Dst: r, A: ir.R(v), B: f.konst(numberConst(1))})
			f.testCmp(ir.OpSame, r, f.konst(numberConst(0)), fail)
			f.next = mark
		case "Promise":
			f.testKind("promise", v, fail)
		default:
			if decl := f.typeDecl(name); decl != nil {
				f.testType(decl.Type, v, fail)
			}
		}
	case *ast.LiteralType:
		f.testCmp(ir.OpSame, v, f.operand(t.Value), fail)
	case *ast.UnionType:
		ok := f.block()
		for i, alt := range t.Alts {
			next := fail
			if i < len(t.Alts)-1 {
				next = f.block()
			}
			f.testType(alt, v, next)
			f.jump(ok)
			if next != fail {
				f.start(next)
			}
		}
		f.start(ok)
	case *ast.ArrayType:
		f.testKind("array", v, fail)
		it, elem := f.alloc(), f.alloc()
		f.emit(ir.Instr{Op: ir.OpIter, Dst: it, A: ir.R(v)})
		head, body, end := f.block(), f.block(), f.block()
		f.jump(head)
		f.start(head)
		f.branch(ir.Instr{Op: ir.OpNext, Dst: elem, A: ir.R(it)}, body, end)
		f.start(body)
		f.testType(t.Elem, elem, fail)
		f.jump(head)
		f.start(end)
	case *ast.TupleType:
		f.testKind("array", v, fail)
		n := f.alloc()
		f.emit(ir.Instr{Op: ir.OpLength, Dst: n, A: ir.R(v)})
		f.testCmp(ir.OpSame, n, f.konst(numberConst(float64(len(t.Elems)))), fail)
		for i, e := range t.Elems {
			part := f.alloc()
			f.emit(ir.Instr{Op: ir.OpPart, Dst: part, A: ir.R(v), N: i})
			f.testType(e, part, fail)
		}
	case *ast.ObjectType:
		f.testKind("object", v, fail)
		for _, field := range t.Fields {
			part := f.alloc()
			f.emit(ir.Instr{Op: ir.OpField, Dst: part, A: ir.R(v), N: f.name(field.Name)})
			set, next := f.block(), f.block()
			missing := fail
			if field.Optional {
				missing = next
			}
			f.branch(ir.Instr{Op: ir.OpBranchSet, A: ir.R(part)}, set, missing)
			f.start(set)
			f.testType(field.Type, part, fail)
			f.jump(next)
			f.start(next)
		}
	case *ast.FuncType:
		f.testKind("function", v, fail)
	case *ast.ConfidentType:
		f.testType(t.Type, v, fail)
		c := f.alloc()
		f.emit(ir.Instr{Op: ir.OpExtract, Dst: c, A: ir.R(v)})
		f.testCmp(ir.OpGreaterEqual, c, f.operand(t.Lo), fail)
		if t.Hi != nil {
			f.testCmp(ir.OpLessEqual, c, f.operand(t.Hi), fail)
		}
	}
}

// typeDecl finds a type declared in the module.
func (f *fn) typeDecl(name string) *ast.TypeDecl {
	for _, s := range f.u.info.File.Stmts {
		if e, ok := s.(*ast.Export); ok && e.Decl != nil {
			s = e.Decl
		}
		if d, ok := s.(*ast.TypeDecl); ok && d.Name.Name == name {
			return d
		}
	}
	return nil
}
