package vm

import (
	"math"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/runtime/value"
)

// quantum is the number of steps between two looks at the budget.
const quantum = 1 << 14

// run executes a fiber until it ends, waits or the slice is used up, which it
// reports. The machine's state lives in locals; slow paths are functions that
// report errors as values, which end up at the label failed.
func (vm *VM) run(f *fiber) (paused bool) {
	var (
		fr      *frame
		fn      *function
		code    []bytecode.Instr
		K, R    []value.Value
		pc      int
		in      bytecode.Instr
		err     *Error
		v       value.Value
		callee  *function
		closure *Closure
		argBase int
		nargs   int
		dst     int
		budget  int64
	)
	if vm.slice <= 0 || vm.allocated > vm.nextLook {
		if _, err = vm.houseKeeping(); err != nil {
			f.waiting = false
			goto failed
		}
		if vm.slice <= 0 {
			return true
		}
	}
	budget = min(vm.slice, quantum)
	vm.slice -= budget
	vm.steps -= budget
	if f.failure != nil {
		err, f.failure = f.failure, nil
		goto failed
	}
	if f.waiting {
		f.waiting = false
		v, f.resume = f.resume, value.NullValue
		goto complete
	}

load:
	fr = &f.frames[len(f.frames)-1]
	fn = fr.fn
	code, K = fn.Code, fn.consts
	R = f.stack[fr.base : fr.base+fn.Regs]
	pc = fr.pc

next:
	for {
		in = code[pc]
		pc++
		switch in.Op {
		case bytecode.OpNop, bytecode.OpExt:
		case opCover:
			vm.covered(fn.cover, in.K32())
		case bytecode.OpLoadK:
			R[in.A] = K[in.K32()]
		case bytecode.OpLoadInt:
			R[in.A].SetNum(float64(in.Int()))
		case bytecode.OpLoadNull:
			R[in.A] = value.NullValue
		case bytecode.OpLoadBool:
			R[in.A].SetBool(in.B != 0)
		case bytecode.OpLoadUnset:
			R[in.A] = value.UnsetValue()
		case bytecode.OpMove:
			R[in.A] = R[in.B]
		case bytecode.OpCopy:
			v = R[in.B]
			v.Share()
			R[in.A] = v
		case bytecode.OpGetGlobal, bytecode.OpBorrowGlobal:
			v = vm.globals[in.K32()]
			if v.IsUnset() {
				err = vm.unsetGlobal(in.K32())
				goto failed
			}
			if in.Op == bytecode.OpGetGlobal {
				v.Share()
			}
			R[in.A] = v
		case bytecode.OpSetGlobal:
			vm.globals[in.K32()] = R[in.A]
		case bytecode.OpNewCell:
			R[in.A] = newCell(R[in.B])
		case bytecode.OpGetCell, bytecode.OpBorrowCell:
			v = cellOf(R[in.B]).v
			if v.IsUnset() {
				err = unsetVariable(fn.Names[in.C])
				goto failed
			}
			if in.Op == bytecode.OpGetCell {
				v.Share()
			}
			R[in.A] = v
		case bytecode.OpSetCell:
			cellOf(R[in.A]).v = R[in.B]
		case bytecode.OpGetCapture:
			v = fr.closure.captures[in.B]
			v.Share()
			R[in.A] = v
		case bytecode.OpGetCaptureCell, bytecode.OpBorrowCaptureCell:
			v = cellOf(fr.closure.captures[in.B]).v
			if v.IsUnset() {
				err = unsetVariable(fn.Captures[in.B].Name)
				goto failed
			}
			if in.Op == bytecode.OpGetCaptureCell {
				v.Share()
			}
			R[in.A] = v
		case bytecode.OpSetCaptureCell:
			cellOf(fr.closure.captures[in.B]).v = R[in.A]
		case bytecode.OpCheckSet:
			if R[in.A].IsUnset() {
				err = unsetVariable(fn.Names[in.B])
				goto failed
			}
		case bytecode.OpFunc:
			R[in.A] = value.FromObject(&fn.image.funcs[in.K32()].closure.Header)
		case bytecode.OpClosure:
			R[in.A] = vm.makeClosure(fn.image.funcs[in.K32()], fr, R)
		case bytecode.OpLib:
			R[in.A] = fn.image.libs[in.K32()]

		case bytecode.OpArray:
			elems := make([]value.Value, in.C)
			copy(elems, R[in.B:])
			vm.allocated += int64(in.C)*16 + 64
			R[in.A] = value.NewArray(elems)
		case bytecode.OpArrayPush:
			n := int(in.B) + int(in.C)
			vm.allocated += int64(in.C) * 16
			R[in.A] = R[in.A].AsArray().PushOwned(R[in.B:n]...).Value()
		case bytecode.OpArraySpread:
			if err = vm.spread(R, in); err != nil {
				goto failed
			}
		case bytecode.OpObject:
			R[in.A] = vm.newObject(fn, R, in, &fr.caches[code[pc].A])
			pc++
		case bytecode.OpObjectSet:
			if err = vm.setKey(&R[in.A], R[in.B], R[in.C]); err != nil {
				goto failed
			}
		case bytecode.OpObjectSpread:
			if err = vm.spreadObject(&R[in.A], R[in.B]); err != nil {
				goto failed
			}
		case bytecode.OpText:
			fr.pc = pc
			if v, err = vm.text(R[in.B : int(in.B)+int(in.C)]); err != nil {
				goto failed
			}
			R[in.A] = v

		case bytecode.OpAdd:
			if a, b := R[in.B], R[in.C]; value.BothNumbers(a, b) {
				R[in.A].SetNum(a.Float() + b.Float())
				continue
			}
			goto binary
		case bytecode.OpSub:
			if a, b := R[in.B], R[in.C]; value.BothNumbers(a, b) {
				R[in.A].SetNum(a.Float() - b.Float())
				continue
			}
			goto binary
		case bytecode.OpMul:
			if a, b := R[in.B], R[in.C]; value.BothNumbers(a, b) {
				R[in.A].SetNum(a.Float() * b.Float())
				continue
			}
			goto binary
		case bytecode.OpDiv:
			if a, b := R[in.B], R[in.C]; value.BothNumbers(a, b) && b.Float() != 0 {
				R[in.A].SetNum(a.Float() / b.Float())
				continue
			}
			goto binary
		case bytecode.OpMod:
			if a, b := R[in.B], R[in.C]; value.BothNumbers(a, b) && b.Float() != 0 {
				R[in.A].SetNum(mod(a.Float(), b.Float()))
				continue
			}
			goto binary
		case bytecode.OpAddK:
			if a := R[in.B]; a.IsNumber() {
				R[in.A].SetNum(a.Float() + K[in.C].Float())
				continue
			}
			goto binaryK
		case bytecode.OpSubK:
			if a := R[in.B]; a.IsNumber() {
				R[in.A].SetNum(a.Float() - K[in.C].Float())
				continue
			}
			goto binaryK
		case bytecode.OpMulK:
			if a := R[in.B]; a.IsNumber() {
				R[in.A].SetNum(a.Float() * K[in.C].Float())
				continue
			}
			goto binaryK
		case bytecode.OpDivK:
			if a := R[in.B]; a.IsNumber() && K[in.C].Float() != 0 {
				R[in.A].SetNum(a.Float() / K[in.C].Float())
				continue
			}
			goto binaryK
		case bytecode.OpModK:
			if a := R[in.B]; a.IsNumber() && K[in.C].Float() != 0 {
				R[in.A].SetNum(mod(a.Float(), K[in.C].Float()))
				continue
			}
			goto binaryK
		case bytecode.OpLess:
			if a, b := R[in.B], R[in.C]; value.BothNumbers(a, b) {
				R[in.A].SetBool(a.Float() < b.Float())
				continue
			}
			goto binary
		case bytecode.OpLessEqual:
			if a, b := R[in.B], R[in.C]; value.BothNumbers(a, b) {
				R[in.A].SetBool(a.Float() <= b.Float())
				continue
			}
			goto binary
		case bytecode.OpGreater:
			if a, b := R[in.B], R[in.C]; value.BothNumbers(a, b) {
				R[in.A].SetBool(a.Float() > b.Float())
				continue
			}
			goto binary
		case bytecode.OpGreaterEqual:
			if a, b := R[in.B], R[in.C]; value.BothNumbers(a, b) {
				R[in.A].SetBool(a.Float() >= b.Float())
				continue
			}
			goto binary
		case bytecode.OpPow, bytecode.OpEqual, bytecode.OpNotEqual, bytecode.OpSame, bytecode.OpNotSame,
			bytecode.OpIn, bytecode.OpInstanceof,
			bytecode.OpConfAdd, bytecode.OpConfSub, bytecode.OpConfMul, bytecode.OpConfDiv,
			bytecode.OpConfEqual, bytecode.OpConfNotEqual, bytecode.OpConfLess, bytecode.OpConfLessEqual,
			bytecode.OpConfGreaterEqual, bytecode.OpConfAnd, bytecode.OpConfOr,
			bytecode.OpAttach, bytecode.OpChain, bytecode.OpStronger, bytecode.OpScale, bytecode.OpScaleBy, bytecode.OpInherit:
			goto binary
		case bytecode.OpNeg:
			if a := R[in.B]; a.IsNumber() {
				R[in.A].SetNum(-a.Float())
				continue
			}
			goto unary
		case bytecode.OpNot:
			if a := R[in.B]; !a.IsConfident() {
				R[in.A].SetBool(!a.Truthy())
				continue
			}
			goto unary
		case bytecode.OpExtract:
			R[in.A] = value.Num(R[in.B].C())
		case bytecode.OpPlus, bytecode.OpTypeof, bytecode.OpConfident:
			goto unary
		case bytecode.OpStrategy:
			R[in.A].SetNum(vm.strategyField(int(in.B)))

		case bytecode.OpGetProp, bytecode.OpBorrowProp:
			v = R[in.B]
			if v.Kind() == value.ObjectKind {
				o := v.AsObject()
				c := &fr.caches[code[pc].A]
				pc++
				if s := o.Shape(); s != nil && s == c.shape {
					v = o.Slot(c.slot)
				} else {
					v = c.lookup(o, fn.Names[in.C])
				}
			} else {
				pc++
				fr.pc = pc
				if v, err = vm.member(fn, v, int(in.C), plainMember); err != nil {
					goto failed
				}
			}
			if in.Op == bytecode.OpGetProp {
				v.Share()
			}
			R[in.A] = v
		case bytecode.OpGetPropOpt:
			pc++
			fr.pc = pc
			if v, err = vm.member(fn, R[in.B], int(in.C), optionalMember); err != nil {
				goto failed
			}
			v.Share()
			R[in.A] = v
		case bytecode.OpGetPropConf:
			pc++
			fr.pc = pc
			if v, err = vm.member(fn, R[in.B], int(in.C), confidentMember); err != nil {
				goto failed
			}
			v.Share()
			R[in.A] = v
		case bytecode.OpGetIndex, bytecode.OpBorrowIndex:
			v = R[in.B]
			if i := R[in.C]; v.Kind() == value.ArrayKind && i.IsNumber() {
				elems := v.AsArray().Elems()
				if x := i.Float(); x >= 0 && x < float64(len(elems)) {
					v = elems[int(x)]
					if in.Op == bytecode.OpGetIndex {
						v.Share()
					}
					R[in.A] = v
					continue
				}
			}
			fr.pc = pc
			if v, err = vm.index(v, R[in.C], false); err != nil {
				goto failed
			}
			if in.Op == bytecode.OpGetIndex {
				v.Share()
			}
			R[in.A] = v
		case bytecode.OpGetIndexOpt:
			fr.pc = pc
			if v, err = vm.index(R[in.B], R[in.C], true); err != nil {
				goto failed
			}
			v.Share()
			R[in.A] = v
		case bytecode.OpSetProp:
			v = R[in.A]
			c := &fr.caches[code[pc].A]
			pc++
			if v.Kind() == value.ObjectKind {
				if o := v.AsObject(); !o.Shared && o.Shape() != nil && o.Shape() == c.shape {
					o.SetSlot(c.slot, R[in.C])
					continue
				}
			}
			fr.pc = pc
			if err = vm.setProp(&R[in.A], fn.Names[in.B], R[in.C], c); err != nil {
				goto failed
			}
		case bytecode.OpSetIndex:
			v = R[in.A]
			if i := R[in.B]; v.Kind() == value.ArrayKind && i.IsNumber() {
				a := v.AsArray()
				if x := i.Float(); a.Writable() && x >= 0 && x < float64(a.Len()) {
					a.SetElem(int(x), R[in.C])
					continue
				}
			}
			fr.pc = pc
			if err = vm.setKey(&R[in.A], R[in.B], R[in.C]); err != nil {
				goto failed
			}
		case bytecode.OpSetPath:
			fr.pc = pc
			n := int(in.B) + int(in.C)
			if err = vm.setPath(&R[in.A], R[in.B:n], R[n]); err != nil {
				goto failed
			}
		case bytecode.OpRest:
			R[in.A] = vm.rest(R[in.B], int(in.C))
		case bytecode.OpOmit:
			n := int(code[pc].A)
			pc++
			R[in.A] = vm.omit(R[in.B], R[in.C:int(in.C)+n])
		case bytecode.OpPart:
			R[in.A] = vm.part(R[in.B], int(in.C))
		case bytecode.OpField:
			pc++
			R[in.A] = vm.field(R[in.B], fn.Names[in.C])
		case bytecode.OpFieldOf:
			R[in.A] = vm.field(R[in.B], value.Text(R[in.C]))
		case bytecode.OpNeedArray:
			if k := R[in.A].PlainKind(); k != value.ArrayKind {
				err = errorf("R0106", "TypeError", "can't take %s apart as an array", article(k))
				goto failed
			}
		case bytecode.OpNeedObject:
			if k := R[in.A].PlainKind(); k != value.ObjectKind {
				err = errorf("R0107", "TypeError", "can't take %s apart as an object", article(k))
				goto failed
			}
		case bytecode.OpIter:
			var ok bool
			if v, ok = newIterator(R[in.B]); !ok {
				err = errorf("R0108", "TypeError", "can't loop over %s; for-in goes over arrays, strings and objects", article(R[in.B].PlainKind()))
				goto failed
			}
			R[in.A] = v
		case bytecode.OpLength:
			R[in.A].SetNum(float64(R[in.B].Plain().AsArray().Len()))

		case bytecode.OpCall:
			nargs, argBase, dst = int(in.B), int(in.A)+1, int(in.C)
			v = R[in.A]
			if v.Kind() == value.Function && callableOf(v).form == isClosure {
				closure = callableOf(v).closure()
				callee = closure.fn
				goto enter
			}
			fr.pc = pc
			goto callValue
		case bytecode.OpCallFunc:
			callee = fn.image.funcs[code[pc].E32()]
			pc++
			closure = nil
			nargs, argBase, dst = int(in.B), int(in.A), int(in.C)
			goto enter
		case bytecode.OpCallLib:
			v = fn.image.libs[code[pc].E32()]
			pc++
			nargs, argBase, dst = int(in.B), int(in.A), int(in.C)
			fr.pc = pc
			goto callValue
		case bytecode.OpCallMethod:
			ext := code[pc]
			pc++
			fr.pc = pc
			nargs, argBase, dst = int(in.B), int(in.A)+1, int(in.C)
			v = R[in.A]
			if v.Kind() == value.ObjectKind {
				o := v.AsObject()
				c := &fr.caches[ext.B]
				m := value.NullValue
				if s := o.Shape(); s != nil && s == c.shape {
					m = o.Slot(c.slot)
				} else if i := c.find(o, fn.Names[ext.A]); i >= 0 {
					m = o.Slot(i)
				}
				if m.Kind() == value.Function {
					if callableOf(m).form == isClosure {
						closure = callableOf(m).closure()
						callee = closure.fn
						goto enter
					}
					v = m
					goto callValue
				}
			}
			if err = vm.callMethod(f, fn, v, int(ext.A), R[argBase:argBase+nargs], dst); err != nil {
				goto failed
			}
			goto after
		case bytecode.OpCallSpread:
			fr.pc = pc
			if err = vm.callSpread(f, R[in.A], R[in.A+1], int(in.C)); err != nil {
				goto failed
			}
			goto after
		case bytecode.OpCallMethodSpread:
			ext := code[pc]
			pc++
			fr.pc = pc
			if err = vm.callMethod(f, fn, R[in.A], int(ext.A), R[in.A+1].AsArray().Elems(), int(in.C)); err != nil {
				goto failed
			}
			goto after
		case bytecode.OpPush:
			n := int(in.B) + int(in.C)
			if v = R[in.A]; v.Kind() == value.ArrayKind {
				a := v.AsArray()
				if a.Len()+int(in.C) > vm.limits.Array {
					err = vm.arrayLimit()
					goto failed
				}
				vm.allocated += int64(in.C) * 16
				if b := a.PushOwned(R[in.B:n]...); b != a {
					R[in.A] = b.Value()
				}
				continue
			}
			fr.pc = pc
			if err = vm.callNamed(f, v, "push", R[in.B:n], int(in.A)); err != nil {
				goto failed
			}
			goto after
		case bytecode.OpAwait:
			v = R[in.B]
			if p := v.Plain(); p.Kind() == value.Promise {
				fr.pc = pc
				f.dst = int(in.A)
				pr := promiseOf(p)
				if vm.await(f, pr) {
					f.waiting = true
					vm.refund(budget)
					return false
				}
				if pr.err != nil {
					err = pr.err
					goto failed
				}
				v = pr.val
			}
			R[in.A] = v
		case bytecode.OpCaught:
			R[in.A] = vm.caught(exceptionOf(R[in.B]).err)

		case bytecode.OpJump:
			pc = in.K32()
		case bytecode.OpLoop:
			pc = in.K32()
			if budget--; budget < 0 {
				fr.pc = pc
				goto slice
			}
		case bytecode.OpJumpTrue:
			if a := R[in.A]; a.IsBool() {
				if a.True() {
					pc = in.K32()
				}
			} else if a.Truthy() {
				pc = in.K32()
			}
		case bytecode.OpJumpFalse:
			if a := R[in.A]; a.IsBool() {
				if !a.True() {
					pc = in.K32()
				}
			} else if !a.Truthy() {
				pc = in.K32()
			}
		case bytecode.OpJumpNull:
			if R[in.A].PlainKind() == value.Null {
				pc = in.K32()
			}
		case bytecode.OpJumpNotNull:
			if R[in.A].PlainKind() != value.Null {
				pc = in.K32()
			}
		case bytecode.OpJumpSet:
			if !R[in.A].IsUnset() {
				pc = in.K32()
			}
		case bytecode.OpNext:
			if iteratorOf(R[in.A]).next(vm, R[in.B:], in.C != 0) {
				pc++
			} else {
				pc = code[pc].E32()
			}

		case bytecode.OpJumpLess:
			if a, b := R[in.A], R[in.B]; value.BothNumbers(a, b) {
				if (a.Float() < b.Float()) == (in.C != 0) {
					pc = code[pc].E32()
				} else {
					pc++
				}
				continue
			}
			goto compare
		case bytecode.OpJumpLessEqual:
			if a, b := R[in.A], R[in.B]; value.BothNumbers(a, b) {
				if (a.Float() <= b.Float()) == (in.C != 0) {
					pc = code[pc].E32()
				} else {
					pc++
				}
				continue
			}
			goto compare
		case bytecode.OpJumpGreater:
			if a, b := R[in.A], R[in.B]; value.BothNumbers(a, b) {
				if (a.Float() > b.Float()) == (in.C != 0) {
					pc = code[pc].E32()
				} else {
					pc++
				}
				continue
			}
			goto compare
		case bytecode.OpJumpGreaterEqual:
			if a, b := R[in.A], R[in.B]; value.BothNumbers(a, b) {
				if (a.Float() >= b.Float()) == (in.C != 0) {
					pc = code[pc].E32()
				} else {
					pc++
				}
				continue
			}
			goto compare
		case bytecode.OpJumpEqual, bytecode.OpJumpSame:
			goto compare
		case bytecode.OpJumpLessK:
			if a := R[in.A]; a.IsNumber() {
				if (a.Float() < K[in.B].Float()) == (in.C != 0) {
					pc = code[pc].E32()
				} else {
					pc++
				}
				continue
			}
			goto compareK
		case bytecode.OpJumpLessEqualK:
			if a := R[in.A]; a.IsNumber() {
				if (a.Float() <= K[in.B].Float()) == (in.C != 0) {
					pc = code[pc].E32()
				} else {
					pc++
				}
				continue
			}
			goto compareK
		case bytecode.OpJumpGreaterK:
			if a := R[in.A]; a.IsNumber() {
				if (a.Float() > K[in.B].Float()) == (in.C != 0) {
					pc = code[pc].E32()
				} else {
					pc++
				}
				continue
			}
			goto compareK
		case bytecode.OpJumpGreaterEqualK:
			if a := R[in.A]; a.IsNumber() {
				if (a.Float() >= K[in.B].Float()) == (in.C != 0) {
					pc = code[pc].E32()
				} else {
					pc++
				}
				continue
			}
			goto compareK
		case bytecode.OpJumpEqualK, bytecode.OpJumpSameK:
			if a, b := R[in.A], K[in.B]; value.BothNumbers(a, b) {
				if (a.Float() == b.Float()) == (in.C != 0) {
					pc = code[pc].E32()
				} else {
					pc++
				}
				continue
			}
			goto compareK

		case bytecode.OpReturn:
			v = R[in.A]
			goto ret
		case bytecode.OpReturnNull:
			v = value.NullValue
			goto ret
		case bytecode.OpThrow:
			v = R[in.A]
			v.Share()
			err = vm.thrown(v)
			goto failed
		case bytecode.OpRethrow:
			err = exceptionOf(R[in.A]).err
			goto failed
		default:
			panic("vm: unknown operation " + in.Op.String())
		}
		continue

	binary:
		fr.pc = pc
		if v, err = vm.binary(in.Op, R[in.B], R[in.C]); err != nil {
			goto failed
		}
		R[in.A] = v
		continue
	binaryK:
		fr.pc = pc
		if v, err = vm.binary(in.Op-bytecode.OpAddK+bytecode.OpAdd, R[in.B], K[in.C]); err != nil {
			goto failed
		}
		R[in.A] = v
		continue
	unary:
		fr.pc = pc
		if v, err = vm.unary(in.Op, R[in.B]); err != nil {
			goto failed
		}
		R[in.A] = v
		continue
	compare:
		fr.pc = pc
		{
			var holds bool
			if holds, err = vm.compare(in.Op, R[in.A], R[in.B]); err != nil {
				goto failed
			}
			if holds == (in.C != 0) {
				pc = code[pc].E32()
			} else {
				pc++
			}
		}
		continue
	compareK:
		fr.pc = pc
		{
			var holds bool
			if holds, err = vm.compare(in.Op-bytecode.OpJumpEqualK+bytecode.OpJumpEqual, R[in.A], K[in.B]); err != nil {
				goto failed
			}
			if holds == (in.C != 0) {
				pc = code[pc].E32()
			} else {
				pc++
			}
		}
		continue
	}

	// Call callee with nargs arguments from R[argBase] on.
enter:
	fr.pc = pc
	if budget--; budget < 0 {
		// Do the call again after the pause.
		fr.pc = pc - 1
		if in.Op.HasExt() {
			fr.pc--
		}
		goto slice
	}
	if !callee.simple || nargs != callee.Params {
		if err = vm.enterSlow(f, callee, closure, R[argBase:argBase+nargs], fr.base+argBase, dst); err != nil {
			goto failed
		}
		goto after
	}
	if len(f.frames) >= vm.limits.CallDepth {
		err = vm.depthError()
		goto failed
	}
	{
		base := fr.base + argBase
		if need := base + callee.Regs; need > len(f.stack) {
			f.grow(need)
		}
		f.frames = append(f.frames, frame{fn: callee, closure: closure, base: base, dst: dst})
		fr = &f.frames[len(f.frames)-1]
		if callee.Caches > 0 {
			fr.caches = vm.cachesOf(callee)
		}
		fn = callee
		code, K = fn.Code, fn.consts
		R = f.stack[base : base+fn.Regs]
		pc = 0
	}
	goto next

callValue:
	if err = vm.callValue(f, v, R[argBase:argBase+nargs], fr.base+argBase, dst); err != nil {
		goto failed
	}

	// A call was begun or is over: see what the fiber has become.
after:
	if f.ended || f.waiting {
		vm.refund(budget)
		return false
	}
	if vm.switched {
		vm.switched = false
		vm.refund(budget)
		return false
	}
	if budget < 0 {
		goto slice
	}
	goto load

ret:
	if n := len(f.frames) - 1; n > 0 {
		dst = fr.dst
		f.frames = f.frames[:n]
		fr = &f.frames[n-1]
		if fr.fn != nil {
			fn = fr.fn
			code, K = fn.Code, fn.consts
			R = f.stack[fr.base : fr.base+fn.Regs]
			pc = fr.pc
			R[dst] = v
			goto next
		}
		f.dst = dst
		goto complete
	}
	vm.end(f, v, nil)
	vm.refund(budget)
	return false

	// The top frame gets the value it waits for.
complete:
	if err = vm.complete(f, v); err != nil {
		goto failed
	}
	goto after

slice:
	if vm.slice > 0 {
		budget = min(vm.slice, quantum)
		vm.slice -= budget
		vm.steps -= budget
		if vm.steps <= 0 || vm.allocated > vm.nextLook {
			if _, err = vm.houseKeeping(); err != nil {
				goto failed
			}
		}
		goto load
	}
	if _, err = vm.houseKeeping(); err != nil {
		goto failed
	}
	return true

failed:
	if n := len(f.frames); fr != nil && n > 0 && fr == &f.frames[n-1] && fr.fn != nil {
		fr.pc = pc
	}
	budget-- // so that handlers can't make a loop without end
	if !vm.unwind(f, err) {
		vm.refund(budget)
		return false
	}
	goto after
}

// refund gives back what a fiber leaves of its budget when it ends or waits. The
// switch itself counts one step, so that fibers which only wake each other come
// to an end too.
func (vm *VM) refund(budget int64) {
	if budget > 1 {
		vm.slice += budget - 1
		vm.steps += budget - 1
	}
}

func mod(a, b float64) float64 {
	if a >= 0 && b > 0 && a < 1<<53 && b < 1<<53 {
		if ia, ib := int64(a), int64(b); float64(ia) == a && float64(ib) == b {
			return float64(ia % ib)
		}
	}
	return math.Mod(a, b)
}
