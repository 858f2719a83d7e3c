package ir

// Op is an operation.
//
// In the pictures d is Dst, a b c are operands, r[n] is a window of N registers
// that starts at register A (or where the picture says).
type Op uint8

const (
	OpNop Op = iota

	// Moving values.
	OpLoad           // d = const a
	OpMove           // d = a; a is not used again
	OpCopy           // d = a; a stays in use: an array or object becomes shared
	OpBorrow         // d = a for immediate use only: a stays in use, d is not kept
	OpGetGlobal      // d = globals[N]; fails while it is unset
	OpBorrowGlobal   // as OpGetGlobal for immediate use only: does not share
	OpSetGlobal      // globals[N] = a
	OpNewCell        // d = a new cell that holds a
	OpGetCell        // d = cell a; fails while it is unset (name C)
	OpBorrowCell     // as OpGetCell for immediate use only
	OpSetCell        // cell a = b
	OpGetCapture     // d = capture N, a value
	OpGetCaptureCell // d = contents of capture N, a cell; fails while unset
	OpBorrowCaptureCell
	OpSetCaptureCell // contents of capture N = a
	OpCheckSet       // fails if register a is unset; N is the name
	OpFunc           // d = function N, which captures nothing
	OpClosure        // d = closure of function N
	OpLib            // d = library value N

	// Building.
	OpArray        // d = [A, ... N registers from A]
	OpArrayPush    // append N registers from A to the array d, built here
	OpArraySpread  // append the elements of a to the array d
	OpObject       // d = object of shape N with values from A on
	OpObjectSet    // d[a] = b, d being built here
	OpObjectSpread // add the properties of a to d
	OpText         // d = concatenation of the texts of N registers from A

	// Operators, as in the language.
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
	OpAttach   // d = a ~> b
	OpChain    // d = a ~~ b
	OpStronger // d = a ~||> b
	OpNeg
	OpPlus
	OpNot
	OpExtract // d = <~ a
	OpTypeof
	OpScale     // d = a with c(a) times number b; plain a counts 1
	OpScaleBy   // d = b with c(a) x c(b): what ~? gives, by the strategy's choose rule
	OpInherit   // d = b at c(a) x c(b) if a is confident (members of a), else b
	OpConfident // d = a, confident at 1 if it was plain
	OpStrategy  // d = number N of the strategy, see StrategyField

	// Parts.
	OpGetProp     // d = a.name N
	OpGetPropOpt  // d = a?.name N
	OpGetPropConf // d = a~.name N
	OpBorrowProp  // as OpGetProp for immediate use only
	OpGetIndex    // d = a[b]
	OpGetIndexOpt // d = a?.[b]
	OpBorrowIndex
	OpSetProp    // d.name N = a; d is rebound to the update
	OpSetIndex   // d[a] = b
	OpSetPath    // d[r0][r1]... = v: N keys from register A, then the value
	OpRest       // d = elements of array a from index N on
	OpOmit       // d = object a without the keys in N registers from B
	OpPart       // d = element N of array a for destructuring: unset when missing
	OpField      // d = property name N of object a for destructuring: unset when missing
	OpFieldOf    // d = property b of object a for destructuring
	OpNeedArray  // fails unless a is an array
	OpNeedObject // fails unless a is an object
	OpIter       // d = iterator over a
	OpLength     // d = number of elements of array a, for match

	// Calls. Arguments stand in a window; the callee may overwrite it.
	OpCall             // d = A(N arguments from A+1)
	OpCallFunc         // d = function C(N arguments from A); C is an index
	OpCallLib          // d = library C(N arguments from A)
	OpCallMethod       // d = A.name C(N arguments from A+1)
	OpCallSpread       // d = A(...array in A+1)
	OpCallMethodSpread // d = A.name C(...array in A+1)
	OpPush             // d = d.push(N registers from A), d not used elsewhere
	OpAwait            // d = await a
	OpCaught           // d = program's view of the raw exception a

	// Terminators.
	OpJump       // To
	OpBranch     // a truthy: To, Else
	OpBranchCmp  // a <op N> b: To, Else; N is the Op of a comparison
	OpBranchNull // a is null: To, Else
	OpBranchSet  // a is not unset: To, Else
	OpNext       // iterator a: next into d (and d+1 when N is 1) and To, or Else at the end
	OpReturn     // a
	OpThrow      // a
	OpRethrow    // raw exception a

	OpCount
)

// StrategyField names a number of the strategy for OpStrategy.
const (
	StrategyCoalesce = iota
	StrategyGate
	StrategyReduction
	StrategyHigh
	StrategyMedium
)

// Form describes the fields an operation uses.
type Form struct {
	Name string
	Dst  bool // writes Dst
	Read bool // also reads Dst
	// Operands used, of A, B, C; each 'v' a value (register or constant),
	// 'r' a register only, '-' unused.
	Args string
	// Window is the first register of a window of N registers ('A' or 'B'),
	// Extra more than N; 0 without.
	Window byte
	Extra  int
	// Index is what N refers to: 'g' global, 'c' capture, 'f' function,
	// 'l' library, 'n' name, 's' shape, '#' a plain number, 'o' a comparison, 0 nothing.
	Index byte
	// CIndex is what C refers to when it is an index: 'f', 'l' or 'n'.
	CIndex byte
	Succ   int // successors named: 0, 1 (To), 2 (To, Else)
	Term   bool
}

// Forms is indexed by Op.
var Forms = [OpCount]Form{
	OpNop:               {Name: "nop", Args: "---"},
	OpLoad:              {Name: "load", Dst: true, Args: "v--"},
	OpMove:              {Name: "move", Dst: true, Args: "r--"},
	OpCopy:              {Name: "copy", Dst: true, Args: "r--"},
	OpBorrow:            {Name: "borrow", Dst: true, Args: "r--"},
	OpGetGlobal:         {Name: "getglobal", Dst: true, Args: "---", Index: 'g'},
	OpBorrowGlobal:      {Name: "borrowglobal", Dst: true, Args: "---", Index: 'g'},
	OpSetGlobal:         {Name: "setglobal", Args: "r--", Index: 'g'},
	OpNewCell:           {Name: "newcell", Dst: true, Args: "v--"},
	OpGetCell:           {Name: "getcell", Dst: true, Args: "r--", Index: 'n'},
	OpBorrowCell:        {Name: "borrowcell", Dst: true, Args: "r--", Index: 'n'},
	OpSetCell:           {Name: "setcell", Args: "rr-"},
	OpGetCapture:        {Name: "getcapture", Dst: true, Args: "---", Index: 'c'},
	OpGetCaptureCell:    {Name: "getcapturecell", Dst: true, Args: "---", Index: 'c'},
	OpBorrowCaptureCell: {Name: "borrowcapturecell", Dst: true, Args: "---", Index: 'c'},
	OpSetCaptureCell:    {Name: "setcapturecell", Args: "r--", Index: 'c'},
	OpCheckSet:          {Name: "checkset", Args: "r--", Index: 'n'},
	OpFunc:              {Name: "func", Dst: true, Args: "---", Index: 'f'},
	OpClosure:           {Name: "closure", Dst: true, Args: "---", Index: 'f'},
	OpLib:               {Name: "lib", Dst: true, Args: "---", Index: 'l'},
	OpArray:             {Name: "array", Dst: true, Args: "r--", Window: 'A', Index: '#'},
	OpArrayPush:         {Name: "arraypush", Dst: true, Read: true, Args: "r--", Window: 'A', Index: '#'},
	OpArraySpread:       {Name: "arrayspread", Dst: true, Read: true, Args: "r--"},
	OpObject:            {Name: "object", Dst: true, Args: "r--", Index: 's'},
	OpObjectSet:         {Name: "objectset", Dst: true, Read: true, Args: "rr-"},
	OpObjectSpread:      {Name: "objectspread", Dst: true, Read: true, Args: "r--"},
	OpText:              {Name: "text", Dst: true, Args: "r--", Window: 'A', Index: '#'},
	OpAdd:               {Name: "add", Dst: true, Args: "vv-"},
	OpSub:               {Name: "sub", Dst: true, Args: "vv-"},
	OpMul:               {Name: "mul", Dst: true, Args: "vv-"},
	OpDiv:               {Name: "div", Dst: true, Args: "vv-"},
	OpMod:               {Name: "mod", Dst: true, Args: "vv-"},
	OpPow:               {Name: "pow", Dst: true, Args: "vv-"},
	OpEqual:             {Name: "eq", Dst: true, Args: "vv-"},
	OpNotEqual:          {Name: "ne", Dst: true, Args: "vv-"},
	OpSame:              {Name: "same", Dst: true, Args: "vv-"},
	OpNotSame:           {Name: "notsame", Dst: true, Args: "vv-"},
	OpLess:              {Name: "lt", Dst: true, Args: "vv-"},
	OpLessEqual:         {Name: "le", Dst: true, Args: "vv-"},
	OpGreater:           {Name: "gt", Dst: true, Args: "vv-"},
	OpGreaterEqual:      {Name: "ge", Dst: true, Args: "vv-"},
	OpIn:                {Name: "in", Dst: true, Args: "vv-"},
	OpInstanceof:        {Name: "instanceof", Dst: true, Args: "vv-"},
	OpConfAdd:           {Name: "confadd", Dst: true, Args: "vv-"},
	OpConfSub:           {Name: "confsub", Dst: true, Args: "vv-"},
	OpConfMul:           {Name: "confmul", Dst: true, Args: "vv-"},
	OpConfDiv:           {Name: "confdiv", Dst: true, Args: "vv-"},
	OpConfEqual:         {Name: "confeq", Dst: true, Args: "vv-"},
	OpConfNotEqual:      {Name: "confne", Dst: true, Args: "vv-"},
	OpConfLess:          {Name: "conflt", Dst: true, Args: "vv-"},
	OpConfLessEqual:     {Name: "confle", Dst: true, Args: "vv-"},
	OpConfGreaterEqual:  {Name: "confge", Dst: true, Args: "vv-"},
	OpConfAnd:           {Name: "confand", Dst: true, Args: "vv-"},
	OpConfOr:            {Name: "confor", Dst: true, Args: "vv-"},
	OpAttach:            {Name: "attach", Dst: true, Args: "vv-"},
	OpChain:             {Name: "chain", Dst: true, Args: "vv-"},
	OpStronger:          {Name: "stronger", Dst: true, Args: "vv-"},
	OpNeg:               {Name: "neg", Dst: true, Args: "v--"},
	OpPlus:              {Name: "plus", Dst: true, Args: "v--"},
	OpNot:               {Name: "not", Dst: true, Args: "v--"},
	OpExtract:           {Name: "extract", Dst: true, Args: "v--"},
	OpTypeof:            {Name: "typeof", Dst: true, Args: "v--"},
	OpScale:             {Name: "scale", Dst: true, Args: "vv-"},
	OpScaleBy:           {Name: "scaleby", Dst: true, Args: "vv-"},
	OpInherit:           {Name: "inherit", Dst: true, Args: "vv-"},
	OpConfident:         {Name: "confident", Dst: true, Args: "v--"},
	OpStrategy:          {Name: "strategy", Dst: true, Args: "---", Index: '#'},
	OpGetProp:           {Name: "getprop", Dst: true, Args: "r--", Index: 'n'},
	OpGetPropOpt:        {Name: "getpropopt", Dst: true, Args: "r--", Index: 'n'},
	OpGetPropConf:       {Name: "getpropconf", Dst: true, Args: "r--", Index: 'n'},
	OpBorrowProp:        {Name: "borrowprop", Dst: true, Args: "r--", Index: 'n'},
	OpGetIndex:          {Name: "getindex", Dst: true, Args: "rr-"},
	OpGetIndexOpt:       {Name: "getindexopt", Dst: true, Args: "rr-"},
	OpBorrowIndex:       {Name: "borrowindex", Dst: true, Args: "rr-"},
	OpSetProp:           {Name: "setprop", Dst: true, Read: true, Args: "r--", Index: 'n'},
	OpSetIndex:          {Name: "setindex", Dst: true, Read: true, Args: "rr-"},
	OpSetPath:           {Name: "setpath", Dst: true, Read: true, Args: "r--", Window: 'A', Extra: 1, Index: '#'},
	OpRest:              {Name: "rest", Dst: true, Args: "r--", Index: '#'},
	OpOmit:              {Name: "omit", Dst: true, Args: "rr-", Window: 'B', Index: '#'},
	OpPart:              {Name: "part", Dst: true, Args: "r--", Index: '#'},
	OpField:             {Name: "field", Dst: true, Args: "r--", Index: 'n'},
	OpFieldOf:           {Name: "fieldof", Dst: true, Args: "rr-"},
	OpNeedArray:         {Name: "needarray", Args: "r--"},
	OpNeedObject:        {Name: "needobject", Args: "r--"},
	OpIter:              {Name: "iter", Dst: true, Args: "r--"},
	OpLength:            {Name: "length", Dst: true, Args: "r--"},
	OpCall:              {Name: "call", Dst: true, Args: "r--", Window: 'A', Extra: 1, Index: '#'},
	OpCallFunc:          {Name: "callfunc", Dst: true, Args: "r--", Window: 'A', Index: '#', CIndex: 'f'},
	OpCallLib:           {Name: "calllib", Dst: true, Args: "r--", Window: 'A', Index: '#', CIndex: 'l'},
	OpCallMethod:        {Name: "callmethod", Dst: true, Args: "r--", Window: 'A', Extra: 1, Index: '#', CIndex: 'n'},
	OpCallSpread:        {Name: "callspread", Dst: true, Args: "r--", Window: 'A', Extra: 2},
	OpCallMethodSpread:  {Name: "callmethodspread", Dst: true, Args: "r--", Window: 'A', Extra: 2, CIndex: 'n'},
	OpPush:              {Name: "push", Dst: true, Read: true, Args: "r--", Window: 'A', Index: '#'},
	OpAwait:             {Name: "await", Dst: true, Args: "r--"},
	OpCaught:            {Name: "caught", Dst: true, Args: "r--"},
	OpJump:              {Name: "jump", Args: "---", Succ: 1, Term: true},
	OpBranch:            {Name: "branch", Args: "r--", Succ: 2, Term: true},
	OpBranchCmp:         {Name: "branchcmp", Args: "vv-", Index: 'o', Succ: 2, Term: true},
	OpBranchNull:        {Name: "branchnull", Args: "r--", Succ: 2, Term: true},
	OpBranchSet:         {Name: "branchset", Args: "r--", Succ: 2, Term: true},
	OpNext:              {Name: "next", Dst: true, Args: "r--", Index: '#', Succ: 2, Term: true},
	OpReturn:            {Name: "return", Args: "r--", Term: true},
	OpThrow:             {Name: "throw", Args: "r--", Term: true},
	OpRethrow:           {Name: "rethrow", Args: "r--", Term: true},
}

// String returns the name of the operation in the text form.
func (op Op) String() string { return Forms[op].Name }

// IsComparison reports whether op can stand in N of OpBranchCmp.
func (op Op) IsComparison() bool { return OpEqual <= op && op <= OpGreaterEqual }
