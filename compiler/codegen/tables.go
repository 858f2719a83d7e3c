package codegen

import (
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/ir"
)

// withConst holds the operations that have a form with a number constant on the
// right.
var withConst = [ir.OpCount]bytecode.Op{
	ir.OpAdd: bytecode.OpAddK, ir.OpSub: bytecode.OpSubK, ir.OpMul: bytecode.OpMulK,
	ir.OpDiv: bytecode.OpDivK, ir.OpMod: bytecode.OpModK,
}

// threeRegs are R[A] = R[B] op R[C].
var threeRegs = [ir.OpCount]bytecode.Op{
	ir.OpAdd: bytecode.OpAdd, ir.OpSub: bytecode.OpSub, ir.OpMul: bytecode.OpMul, ir.OpDiv: bytecode.OpDiv,
	ir.OpMod: bytecode.OpMod, ir.OpPow: bytecode.OpPow,
	ir.OpEqual: bytecode.OpEqual, ir.OpNotEqual: bytecode.OpNotEqual, ir.OpSame: bytecode.OpSame, ir.OpNotSame: bytecode.OpNotSame,
	ir.OpLess: bytecode.OpLess, ir.OpLessEqual: bytecode.OpLessEqual,
	ir.OpGreater: bytecode.OpGreater, ir.OpGreaterEqual: bytecode.OpGreaterEqual,
	ir.OpIn: bytecode.OpIn, ir.OpInstanceof: bytecode.OpInstanceof,
	ir.OpConfAdd: bytecode.OpConfAdd, ir.OpConfSub: bytecode.OpConfSub, ir.OpConfMul: bytecode.OpConfMul, ir.OpConfDiv: bytecode.OpConfDiv,
	ir.OpConfEqual: bytecode.OpConfEqual, ir.OpConfNotEqual: bytecode.OpConfNotEqual, ir.OpConfLess: bytecode.OpConfLess,
	ir.OpConfLessEqual: bytecode.OpConfLessEqual, ir.OpConfGreaterEqual: bytecode.OpConfGreaterEqual,
	ir.OpConfAnd: bytecode.OpConfAnd, ir.OpConfOr: bytecode.OpConfOr,
	ir.OpAttach: bytecode.OpAttach, ir.OpChain: bytecode.OpChain, ir.OpStronger: bytecode.OpStronger,
	ir.OpScale: bytecode.OpScale, ir.OpScaleBy: bytecode.OpScaleBy, ir.OpInherit: bytecode.OpInherit,
	ir.OpGetIndex: bytecode.OpGetIndex, ir.OpGetIndexOpt: bytecode.OpGetIndexOpt, ir.OpBorrowIndex: bytecode.OpBorrowIndex,
}

// twoRegs are R[A] = op R[B].
var twoRegs = [ir.OpCount]bytecode.Op{
	ir.OpMove: bytecode.OpMove, ir.OpBorrow: bytecode.OpMove, ir.OpCopy: bytecode.OpCopy, ir.OpNewCell: bytecode.OpNewCell,
	ir.OpNeg: bytecode.OpNeg, ir.OpPlus: bytecode.OpPlus, ir.OpNot: bytecode.OpNot, ir.OpExtract: bytecode.OpExtract,
	ir.OpTypeof: bytecode.OpTypeof, ir.OpConfident: bytecode.OpConfident,
	ir.OpArraySpread: bytecode.OpArraySpread, ir.OpObjectSpread: bytecode.OpObjectSpread,
	ir.OpIter: bytecode.OpIter, ir.OpLength: bytecode.OpLength, ir.OpAwait: bytecode.OpAwait, ir.OpCaught: bytecode.OpCaught,
}

// wideIndex are R[A] = table[k32].
var wideIndex = [ir.OpCount]bytecode.Op{
	ir.OpGetGlobal: bytecode.OpGetGlobal, ir.OpBorrowGlobal: bytecode.OpBorrowGlobal,
	ir.OpFunc: bytecode.OpFunc, ir.OpClosure: bytecode.OpClosure, ir.OpLib: bytecode.OpLib,
}

// property are R[A] = R[B].N[C] with an inline cache.
var property = [ir.OpCount]bytecode.Op{
	ir.OpGetProp: bytecode.OpGetProp, ir.OpGetPropOpt: bytecode.OpGetPropOpt, ir.OpGetPropConf: bytecode.OpGetPropConf,
	ir.OpBorrowProp: bytecode.OpBorrowProp, ir.OpField: bytecode.OpField,
}
