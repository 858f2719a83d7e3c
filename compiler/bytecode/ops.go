package bytecode

import "slices"

// Op is the operation of an instruction.
type Op uint16

const (
	OpNop Op = iota
	OpExt    // second word of the instruction before it

	// Loading. k32 stands in B (low) and C (high).
	OpLoadK     // R[A] = K[k32]
	OpLoadInt   // R[A] = int32(k32)
	OpLoadNull  // R[A] = null
	OpLoadBool  // R[A] = B != 0
	OpLoadUnset // R[A] = unset
	OpMove      // R[A] = R[B]
	OpCopy      // R[A] = R[B], shared
	OpGetGlobal // R[A] = globals[k32], shared
	OpBorrowGlobal
	OpSetGlobal // globals[k32] = R[A]
	OpNewCell   // R[A] = cell(R[B])
	OpGetCell   // R[A] = *R[B]; N[C] names it in the error
	OpBorrowCell
	OpSetCell        // *R[A] = R[B]
	OpGetCapture     // R[A] = captures[B]
	OpGetCaptureCell // R[A] = *captures[B]
	OpBorrowCaptureCell
	OpSetCaptureCell // *captures[B] = R[A]
	OpCheckSet       // fail with name N[B] if R[A] is unset
	OpFunc           // R[A] = function k32
	OpClosure        // R[A] = closure of function k32
	OpLib            // R[A] = library k32

	// Building.
	OpArray        // R[A] = [R[B] ... C values]
	OpArrayPush    // append C values from R[B] to R[A]
	OpArraySpread  // append the elements of R[B] to R[A]
	OpObject       // R[A] = object of shape C with values from R[B]; Ext: A = cache
	OpObjectSet    // R[A][R[B]] = R[C]
	OpObjectSpread // add the properties of R[B] to R[A]
	OpText         // R[A] = texts of C values from R[B]

	// Operators: R[A] = R[B] op R[C].
	OpAdd
	OpSub
	OpMul
	OpDiv
	OpMod
	OpPow
	OpEqual
	OpNotEqual
	OpSame
	OpNotSame
	OpLess
	OpLessEqual
	OpGreater
	OpGreaterEqual
	OpIn
	OpInstanceof
	OpConfAdd
	OpConfSub
	OpConfMul
	OpConfDiv
	OpConfEqual
	OpConfNotEqual
	OpConfLess
	OpConfLessEqual
	OpConfGreaterEqual
	OpConfAnd
	OpConfOr
	OpAttach
	OpChain
	OpStronger
	OpScale
	OpScaleBy
	OpInherit

	// R[A] = R[B] op K[C], a number.
	OpAddK
	OpSubK
	OpMulK
	OpDivK
	OpModK

	// R[A] = op R[B].
	OpNeg
	OpPlus
	OpNot
	OpExtract
	OpTypeof
	OpConfident
	OpStrategy // R[A] = number B of the strategy

	// Parts. Those with a name have an Ext word: A = inline cache.
	OpGetProp     // R[A] = R[B].N[C]
	OpGetPropOpt  // R[A] = R[B]?.N[C]
	OpGetPropConf // R[A] = R[B]~.N[C]
	OpBorrowProp
	OpGetIndex // R[A] = R[B][R[C]]
	OpGetIndexOpt
	OpBorrowIndex
	OpSetProp   // R[A].N[B] = R[C]; Ext
	OpSetIndex  // R[A][R[B]] = R[C]
	OpSetPath   // R[A][R[B]][R[B+1]]... = R[B+C]; C keys
	OpRest      // R[A] = R[B] from element C on
	OpOmit      // R[A] = R[B] without the keys R[C] ...; Ext: A = count
	OpPart      // R[A] = element C of R[B] or unset
	OpField     // R[A] = R[B].N[C] or unset; Ext
	OpFieldOf   // R[A] = R[B][R[C]] or unset
	OpNeedArray // fail unless R[A] is an array
	OpNeedObject
	OpIter   // R[A] = iterator over R[B]
	OpLength // R[A] = length of array R[B]

	// Calls.
	OpCall             // R[C] = R[A](R[A+1] ... B arguments)
	OpCallFunc         // R[C] = function e(R[A] ... B arguments); Ext: e = A, B
	OpCallLib          // R[C] = library e(R[A] ... B arguments); Ext: e = A, B
	OpCallMethod       // R[C] = R[A].N[e](R[A+1] ... B arguments); Ext: e = A, B = cache
	OpCallSpread       // R[C] = R[A](...R[A+1])
	OpCallMethodSpread // R[C] = R[A].N[e](...R[A+1]); Ext: e = A, B = cache
	OpPush             // R[A] = R[A].push(R[B] ... C arguments)
	OpAwait            // R[A] = await R[B]
	OpCaught           // R[A] = program's view of the exception R[B]

	// Jumps. Target k32 in B, C unless said otherwise.
	OpJump
	OpLoop      // jump backward; counts against the budget
	OpJumpTrue  // if R[A]
	OpJumpFalse // if !R[A]
	OpJumpNull  // if R[A] is null
	OpJumpNotNull
	OpJumpSet // if R[A] is not unset
	OpNext    // iterator R[A]: R[B] (and R[B+1] if C) = next, or jump at the end; Ext: target in A, B

	// Compare and jump: if (R[A] op R[B]) == C; Ext: target in A, B.
	OpJumpEqual
	OpJumpSame
	OpJumpLess
	OpJumpLessEqual
	OpJumpGreater
	OpJumpGreaterEqual
	// The same with K[B], a number for the four relations.
	OpJumpEqualK
	OpJumpSameK
	OpJumpLessK
	OpJumpLessEqualK
	OpJumpGreaterK
	OpJumpGreaterEqualK

	OpReturn // R[A]
	OpReturnNull
	OpThrow   // R[A]
	OpRethrow // raw exception R[A]

	OpCount

	// Operations from here on exist in the machine's own copy of the code only.
	opQuickBegin Op = 0x400
)

// Instr is one instruction word.
type Instr struct {
	Op      Op
	A, B, C uint16
}

// K32 returns the 32-bit number in B and C.
func (i Instr) K32() int { return int(uint32(i.B) | uint32(i.C)<<16) }

// Int returns the signed 32-bit number in B and C.
func (i Instr) Int() int32 { return int32(uint32(i.B) | uint32(i.C)<<16) }

// E32 returns the 32-bit number in A and B of an Ext word.
func (i Instr) E32() int { return int(uint32(i.A) | uint32(i.B)<<16) }

// WithK32 returns the instruction with a 32-bit number in B and C.
func (i Instr) WithK32(n int) Instr {
	i.B, i.C = uint16(uint32(n)), uint16(uint32(n)>>16)
	return i
}

// Ext makes a second word with a 32-bit number.
func Ext(n int) Instr { return Instr{OpExt, uint16(uint32(n)), uint16(uint32(n) >> 16), 0} }

// Branch returns where the instruction at pc may jump to besides going on; ok is
// false for instructions that do not choose, and for the end of a loop over
// elements.
func Branch(code []Instr, pc int) (target int, ok bool) {
	in := code[pc]
	if in.Op >= OpCount || in.Op == OpNext || forms[in.Op].end {
		return 0, false
	}
	switch f := &forms[in.Op]; {
	case f.b == wideTarget:
		return in.K32(), true
	case f.ea == extTarget:
		return code[pc+1].E32(), true
	}
	return 0, false
}

// Relocate returns code whose jumps go to the new places of their targets:
// moved[pc] for pc.
func Relocate(code []Instr, moved []int) []Instr {
	out := slices.Clone(code)
	for pc, in := range code {
		if in.Op >= OpCount {
			continue
		}
		switch f := &forms[in.Op]; {
		case f.b == wideTarget:
			out[pc] = in.WithK32(moved[in.K32()])
		case f.ea == extTarget:
			out[pc+1] = Ext(moved[code[pc+1].E32()])
		}
	}
	return out
}

// operand tells what an operand field is, for the verifier and the disassembler.
type operand uint8

const (
	unused        operand = iota
	regW                  // register written
	regR                  // register read
	regRW                 // register read and written
	regPair               // register written, and the next one when C is 1
	konst                 // constant
	konstNum              // constant that is a number
	name                  // name of the function
	shape                 // shape of the function
	capture               // capture of the function
	count                 // a number; with window it bounds a register window
	flag                  // 0 or 1
	strategyField         // 0..4
	cache                 // inline cache of the function
	wideK                 // B and C: 32-bit constant
	wideInt               // B and C: signed number
	wideGlobal            // B and C
	wideFunc              // B and C
	wideClosure           // B and C: a function, whose captures are checked against this one
	wideLib               // B and C
	wideTarget            // B and C: jump target
	extTarget             // A and B of Ext
	extFunc               // A and B of Ext
	extLib                // A and B of Ext
)

// form describes the operands of an operation.
type form struct {
	name    string
	a, b, c operand
	// window is the operand ('a', 'b' or 'c') that begins a window of
	// registers; its length is the count operand plus extra.
	window byte
	extra  int
	// ext is set when a second word follows; ea, eb describe it.
	ext    bool
	ea, eb operand
	// end is set when control never falls through.
	end bool
}

var forms = [OpCount]form{
	OpNop:               {name: "nop"},
	OpExt:               {name: "ext"},
	OpLoadK:             {name: "loadk", a: regW, b: wideK},
	OpLoadInt:           {name: "loadint", a: regW, b: wideInt},
	OpLoadNull:          {name: "loadnull", a: regW},
	OpLoadBool:          {name: "loadbool", a: regW, b: flag},
	OpLoadUnset:         {name: "loadunset", a: regW},
	OpMove:              {name: "move", a: regW, b: regR},
	OpCopy:              {name: "copy", a: regW, b: regR},
	OpGetGlobal:         {name: "getglobal", a: regW, b: wideGlobal},
	OpBorrowGlobal:      {name: "borrowglobal", a: regW, b: wideGlobal},
	OpSetGlobal:         {name: "setglobal", a: regR, b: wideGlobal},
	OpNewCell:           {name: "newcell", a: regW, b: regR},
	OpGetCell:           {name: "getcell", a: regW, b: regR, c: name},
	OpBorrowCell:        {name: "borrowcell", a: regW, b: regR, c: name},
	OpSetCell:           {name: "setcell", a: regR, b: regR},
	OpGetCapture:        {name: "getcapture", a: regW, b: capture},
	OpGetCaptureCell:    {name: "getcapturecell", a: regW, b: capture},
	OpBorrowCaptureCell: {name: "borrowcapturecell", a: regW, b: capture},
	OpSetCaptureCell:    {name: "setcapturecell", a: regR, b: capture},
	OpCheckSet:          {name: "checkset", a: regR, b: name},
	OpFunc:              {name: "func", a: regW, b: wideFunc},
	OpClosure:           {name: "closure", a: regW, b: wideClosure},
	OpLib:               {name: "lib", a: regW, b: wideLib},
	OpArray:             {name: "array", a: regW, b: regR, c: count, window: 'b'},
	OpArrayPush:         {name: "arraypush", a: regRW, b: regR, c: count, window: 'b'},
	OpArraySpread:       {name: "arrayspread", a: regRW, b: regR},
	OpObject:            {name: "object", a: regW, b: regR, c: shape, ext: true, ea: cache},
	OpObjectSet:         {name: "objectset", a: regRW, b: regR, c: regR},
	OpObjectSpread:      {name: "objectspread", a: regRW, b: regR},
	OpText:              {name: "text", a: regW, b: regR, c: count, window: 'b'},
	OpAdd:               {name: "add", a: regW, b: regR, c: regR},
	OpSub:               {name: "sub", a: regW, b: regR, c: regR},
	OpMul:               {name: "mul", a: regW, b: regR, c: regR},
	OpDiv:               {name: "div", a: regW, b: regR, c: regR},
	OpMod:               {name: "mod", a: regW, b: regR, c: regR},
	OpPow:               {name: "pow", a: regW, b: regR, c: regR},
	OpEqual:             {name: "eq", a: regW, b: regR, c: regR},
	OpNotEqual:          {name: "ne", a: regW, b: regR, c: regR},
	OpSame:              {name: "same", a: regW, b: regR, c: regR},
	OpNotSame:           {name: "notsame", a: regW, b: regR, c: regR},
	OpLess:              {name: "lt", a: regW, b: regR, c: regR},
	OpLessEqual:         {name: "le", a: regW, b: regR, c: regR},
	OpGreater:           {name: "gt", a: regW, b: regR, c: regR},
	OpGreaterEqual:      {name: "ge", a: regW, b: regR, c: regR},
	OpIn:                {name: "in", a: regW, b: regR, c: regR},
	OpInstanceof:        {name: "instanceof", a: regW, b: regR, c: regR},
	OpConfAdd:           {name: "confadd", a: regW, b: regR, c: regR},
	OpConfSub:           {name: "confsub", a: regW, b: regR, c: regR},
	OpConfMul:           {name: "confmul", a: regW, b: regR, c: regR},
	OpConfDiv:           {name: "confdiv", a: regW, b: regR, c: regR},
	OpConfEqual:         {name: "confeq", a: regW, b: regR, c: regR},
	OpConfNotEqual:      {name: "confne", a: regW, b: regR, c: regR},
	OpConfLess:          {name: "conflt", a: regW, b: regR, c: regR},
	OpConfLessEqual:     {name: "confle", a: regW, b: regR, c: regR},
	OpConfGreaterEqual:  {name: "confge", a: regW, b: regR, c: regR},
	OpConfAnd:           {name: "confand", a: regW, b: regR, c: regR},
	OpConfOr:            {name: "confor", a: regW, b: regR, c: regR},
	OpAttach:            {name: "attach", a: regW, b: regR, c: regR},
	OpChain:             {name: "chain", a: regW, b: regR, c: regR},
	OpStronger:          {name: "stronger", a: regW, b: regR, c: regR},
	OpScale:             {name: "scale", a: regW, b: regR, c: regR},
	OpScaleBy:           {name: "scaleby", a: regW, b: regR, c: regR},
	OpInherit:           {name: "inherit", a: regW, b: regR, c: regR},
	OpAddK:              {name: "addk", a: regW, b: regR, c: konstNum},
	OpSubK:              {name: "subk", a: regW, b: regR, c: konstNum},
	OpMulK:              {name: "mulk", a: regW, b: regR, c: konstNum},
	OpDivK:              {name: "divk", a: regW, b: regR, c: konstNum},
	OpModK:              {name: "modk", a: regW, b: regR, c: konstNum},
	OpNeg:               {name: "neg", a: regW, b: regR},
	OpPlus:              {name: "plus", a: regW, b: regR},
	OpNot:               {name: "not", a: regW, b: regR},
	OpExtract:           {name: "extract", a: regW, b: regR},
	OpTypeof:            {name: "typeof", a: regW, b: regR},
	OpConfident:         {name: "confident", a: regW, b: regR},
	OpStrategy:          {name: "strategy", a: regW, b: strategyField},
	OpGetProp:           {name: "getprop", a: regW, b: regR, c: name, ext: true, ea: cache},
	OpGetPropOpt:        {name: "getpropopt", a: regW, b: regR, c: name, ext: true, ea: cache},
	OpGetPropConf:       {name: "getpropconf", a: regW, b: regR, c: name, ext: true, ea: cache},
	OpBorrowProp:        {name: "borrowprop", a: regW, b: regR, c: name, ext: true, ea: cache},
	OpGetIndex:          {name: "getindex", a: regW, b: regR, c: regR},
	OpGetIndexOpt:       {name: "getindexopt", a: regW, b: regR, c: regR},
	OpBorrowIndex:       {name: "borrowindex", a: regW, b: regR, c: regR},
	OpSetProp:           {name: "setprop", a: regRW, b: name, c: regR, ext: true, ea: cache},
	OpSetIndex:          {name: "setindex", a: regRW, b: regR, c: regR},
	OpSetPath:           {name: "setpath", a: regRW, b: regR, c: count, window: 'b', extra: 1},
	OpRest:              {name: "rest", a: regW, b: regR, c: count},
	OpOmit:              {name: "omit", a: regW, b: regR, c: regR, window: 'c', ext: true, ea: count},
	OpPart:              {name: "part", a: regW, b: regR, c: count},
	OpField:             {name: "field", a: regW, b: regR, c: name, ext: true, ea: cache},
	OpFieldOf:           {name: "fieldof", a: regW, b: regR, c: regR},
	OpNeedArray:         {name: "needarray", a: regR},
	OpNeedObject:        {name: "needobject", a: regR},
	OpIter:              {name: "iter", a: regW, b: regR},
	OpLength:            {name: "length", a: regW, b: regR},
	OpCall:              {name: "call", a: regR, b: count, c: regW, window: 'a', extra: 1},
	OpCallFunc:          {name: "callfunc", a: regR, b: count, c: regW, window: 'a', ext: true, ea: extFunc},
	OpCallLib:           {name: "calllib", a: regR, b: count, c: regW, window: 'a', ext: true, ea: extLib},
	OpCallMethod:        {name: "callmethod", a: regR, b: count, c: regW, window: 'a', extra: 1, ext: true, ea: name, eb: cache},
	OpCallSpread:        {name: "callspread", a: regR, c: regW, window: 'a', extra: 2},
	OpCallMethodSpread:  {name: "callmethodspread", a: regR, c: regW, window: 'a', extra: 2, ext: true, ea: name, eb: cache},
	OpPush:              {name: "push", a: regRW, b: regR, c: count, window: 'b'},
	OpAwait:             {name: "await", a: regW, b: regR},
	OpCaught:            {name: "caught", a: regW, b: regR},
	OpJump:              {name: "jump", b: wideTarget, end: true},
	OpLoop:              {name: "loop", b: wideTarget, end: true},
	OpJumpTrue:          {name: "jumptrue", a: regR, b: wideTarget},
	OpJumpFalse:         {name: "jumpfalse", a: regR, b: wideTarget},
	OpJumpNull:          {name: "jumpnull", a: regR, b: wideTarget},
	OpJumpNotNull:       {name: "jumpnotnull", a: regR, b: wideTarget},
	OpJumpSet:           {name: "jumpset", a: regR, b: wideTarget},
	OpNext:              {name: "next", a: regR, b: regPair, c: flag, ext: true, ea: extTarget},
	OpJumpEqual:         {name: "jumpeq", a: regR, b: regR, c: flag, ext: true, ea: extTarget},
	OpJumpSame:          {name: "jumpsame", a: regR, b: regR, c: flag, ext: true, ea: extTarget},
	OpJumpLess:          {name: "jumplt", a: regR, b: regR, c: flag, ext: true, ea: extTarget},
	OpJumpLessEqual:     {name: "jumple", a: regR, b: regR, c: flag, ext: true, ea: extTarget},
	OpJumpGreater:       {name: "jumpgt", a: regR, b: regR, c: flag, ext: true, ea: extTarget},
	OpJumpGreaterEqual:  {name: "jumpge", a: regR, b: regR, c: flag, ext: true, ea: extTarget},
	OpJumpEqualK:        {name: "jumpeqk", a: regR, b: konst, c: flag, ext: true, ea: extTarget},
	OpJumpSameK:         {name: "jumpsamek", a: regR, b: konst, c: flag, ext: true, ea: extTarget},
	OpJumpLessK:         {name: "jumpltk", a: regR, b: konstNum, c: flag, ext: true, ea: extTarget},
	OpJumpLessEqualK:    {name: "jumplek", a: regR, b: konstNum, c: flag, ext: true, ea: extTarget},
	OpJumpGreaterK:      {name: "jumpgtk", a: regR, b: konstNum, c: flag, ext: true, ea: extTarget},
	OpJumpGreaterEqualK: {name: "jumpgek", a: regR, b: konstNum, c: flag, ext: true, ea: extTarget},
	OpReturn:            {name: "return", a: regR, end: true},
	OpReturnNull:        {name: "returnnull", end: true},
	OpThrow:             {name: "throw", a: regR, end: true},
	OpRethrow:           {name: "rethrow", a: regR, end: true},
}

// String returns the name of the operation.
func (op Op) String() string {
	if op < OpCount {
		return forms[op].name
	}
	return "?"
}

// HasExt reports whether a second word follows the instruction.
func (op Op) HasExt() bool { return op < OpCount && forms[op].ext }
