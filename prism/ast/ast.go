// Package ast declares the syntax tree of Prism.
//
// The tree is lossless together with the source text: every node carries its
// span, literals keep their spelling, and the comments of a file stand in
// File.Comments in order of position. A tree is immutable once the parser (or
// another front end) has built it; what later stages learn about a node they
// keep in tables beside it.
//
// Node, Expr, Stmt and Pattern are closed sets. Some control structures (if,
// match, try, blocks, ...) can stand where an expression or a statement can and
// belong to both.
package ast

import (
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// Node is any part of the tree that has a place in the source.
type Node interface{ Range() source.Span }

// Expr is an expression.
type Expr interface {
	Node
	exprNode()
}

// Stmt is a statement.
type Stmt interface {
	Node
	stmtNode()
}

// Pattern is the left side of a destructuring, a parameter, a loop variable or
// the head of a match arm.
type Pattern interface {
	Node
	patternNode()
}

// TypeExpr is a type annotation.
type TypeExpr interface {
	Node
	typeNode()
}

// File is one module.
type File struct {
	source.Span
	Source   *source.File
	Header   *Header // nil when the file has none
	Stmts    []Stmt
	Comments []Comment
	Idents   int32 // identifiers in the file; Ident.ID is below it
	// Origins are set where Source is in another notation, so that the order of
	// the tree is not that of the text. The spans of its nodes then only number
	// them, and Origins[span.Start] is the place in Source.
	Origins []source.Span
	// Places name parts of such a source for errors at run time.
	Places []Place
}

// Place is a part of a source in another notation, such as a key of a YAML
// pattern, by the path that the library uses in errors: "aggregation.minVotes".
// The errors of a file with places are known by symbolic names.
type Place struct {
	Path string
	Span source.Span // in the source
}

// Origin returns the place in the source of a node's span.
func (f *File) Origin(s source.Span) source.Span {
	if f.Origins == nil {
		return s
	}
	if s.Start < 0 || int(s.Start) >= len(f.Origins) {
		return source.Span{}
	}
	return f.Origins[s.Start]
}

// Comment is one // or /* */ comment, delimiters included.
type Comment struct {
	source.Span
	Text string
}

// Header is the first /** */ comment of a file when it carries @keys. Its
// entries are in source order; Value is the raw text after the key, possibly
// over several lines, with the leading " * " of each line removed.
type Header struct {
	source.Span
	Entries []HeaderEntry
}

// HeaderEntry is one "@key value". ValueSpan is where Value begins and ends in
// the file; its inner lines may carry " * " prefixes that Value lacks.
type HeaderEntry struct {
	source.Span
	Key       string
	Value     string
	ValueSpan source.Span
	// Offsets maps byte i of Value to its byte in the file, so that an error
	// inside a JSON value points at the right place.
	Offsets []int32
}

// ---- Expressions ----

type (
	// Ident is a name, in an expression or as a binding. IDs number the
	// identifiers of a file from zero.
	Ident struct {
		source.Span
		Name string
		ID   int32
	}

	// NumberLit is a number; Raw is its spelling, "" when built by a program.
	NumberLit struct {
		source.Span
		Value float64
		Raw   string
	}

	// StringLit is a string without interpolation. Raw includes the quotes.
	StringLit struct {
		source.Span
		Value string
		Raw   string
	}

	// Template is a string with interpolation: Texts[0] Exprs[0] Texts[1] ...
	// Texts[n]; there is one text more than expressions. Quote is `"` or "```".
	Template struct {
		source.Span
		Quote string
		Texts []TemplateText
		Exprs []Expr
	}

	// TemplateText is the literal text between two interpolations. Raw is its
	// spelling without delimiters.
	TemplateText struct {
		source.Span
		Value string
		Raw   string
	}

	BoolLit struct {
		source.Span
		Value bool
	}

	// NullLit is null or, when Undefined is set, its other spelling.
	NullLit struct {
		source.Span
		Undefined bool
	}

	// ArrayLit elements are expressions, *Spread or *Hole.
	ArrayLit struct {
		source.Span
		Elems []Expr
	}

	// Hole is the missing element of [a, , b]; it stands for null.
	Hole struct{ source.Span }

	// Spread is ...X in an array, an object or a call.
	Spread struct {
		source.Span
		X Expr
	}

	ObjectLit struct {
		source.Span
		Props []*Property
	}

	// Property is one entry of an object literal.
	//
	//	a: v    "a": v    1: v    Key is *Ident, *StringLit or *NumberLit
	//	[k]: v                    Computed, Key is any expression
	//	a                         Shorthand, Key and Value are the same *Ident
	//	a(x) { ... }              Method, Value is a *FuncLit
	//	...o                      Key is nil, Value is a *Spread
	Property struct {
		source.Span
		Key       Expr
		Value     Expr
		Computed  bool
		Shorthand bool
		Method    bool
	}

	// FuncLit is a function of any form. Exactly one of Body and Expr is set.
	FuncLit struct {
		source.Span
		Keyword    FuncKeyword
		Async      bool
		Name       *Ident // nil when anonymous
		Params     []*Param
		Parens     bool     // an arrow function's parameters are parenthesised
		Result     TypeExpr // nil when not annotated
		Confidence Expr     // c of "function f() ~> c"; nil without
		Body       *Block
		Expr       Expr // body of "x => expr"
	}

	// Param is one parameter.
	Param struct {
		source.Span
		Pattern  Pattern
		Optional bool // x?
		Rest     bool // ...x
		Type     TypeExpr
		Default  Expr
	}

	// Unary is ! - + ~ <~ typeof.
	Unary struct {
		source.Span
		Op token.Kind
		X  Expr
	}

	// Update is ++ or --, before or after its operand.
	Update struct {
		source.Span
		Op     token.Kind // PlusPlus or MinusMinus
		Prefix bool
		X      Expr
	}

	Await struct {
		source.Span
		X Expr
	}

	// Binary is every operator with two operands, confidence operators, pipes,
	// "in" and "instanceof" included.
	Binary struct {
		source.Span
		Op     token.Kind
		OpSpan source.Span
		X, Y   Expr
	}

	// Ternary is c ? a : b, or c ~? a : b when Confident.
	Ternary struct {
		source.Span
		Confident        bool
		Cond, Then, Else Expr
	}

	// Call arguments are expressions, *Spread, or *NamedArg at the end.
	Call struct {
		source.Span
		Fun      Expr
		Optional bool // f?.(a)
		Args     []Expr
	}

	// NamedArg is name: value in a call; together they form a trailing object.
	NamedArg struct {
		source.Span
		Name  *Ident
		Value Expr
	}

	// Member is x.name, x?.name or x~.name.
	Member struct {
		source.Span
		X    Expr
		Op   token.Kind // Dot, QuestionDot or ConfDot
		Name *Ident
	}

	// Index is x[i] or x?.[i].
	Index struct {
		source.Span
		X        Expr
		Index    Expr
		Optional bool
	}

	// Paren is a parenthesised expression. It is kept for the formatter and for
	// rules that depend on parentheses; see Unparen.
	Paren struct {
		source.Span
		X Expr
	}

	// BadExpr stands where no expression could be parsed; it has been reported.
	BadExpr struct{ source.Span }
)

// FuncKeyword is how a function was written.
type FuncKeyword uint8

const (
	KeywordFunction FuncKeyword = iota // function f() {}
	KeywordFn                          // fn f() {}
	KeywordArrow                       // x => e
	KeywordMethod                      // {f() {}}
)

// ---- Statements; those marked "or expression" are both ----

type (
	// Block is { ... }, a statement or expression.
	Block struct {
		source.Span
		Stmts []Stmt
	}

	ExprStmt struct {
		source.Span
		X Expr
	}

	// VarDecl is let or const with one declarator or more.
	VarDecl struct {
		source.Span
		Const bool
		Decls []*Declarator
	}

	// Declarator is pattern [: type] [~> threshold] [= value].
	Declarator struct {
		source.Span
		Pattern   Pattern
		Type      TypeExpr
		Threshold Expr
		Value     Expr
	}

	// Assign is target op value. For a simple assignment Target is an *Ident,
	// *Member or *Index; for a destructuring Pattern is set instead, Op is
	// token.Assign, and Threshold is c of "[a, b] ~> c = e".
	Assign struct {
		source.Span
		Target    Expr
		Pattern   Pattern
		Threshold Expr
		Op        token.Kind
		Value     Expr
	}

	// If is a statement or expression. Then and Else are *Block or a single
	// statement; Else is *If for "else if", nil without else.
	If struct {
		source.Span
		Cond Expr
		Then Stmt
		Else Stmt
	}

	// UncertainIf is a statement or expression. High and Medium are the
	// thresholds of threshold(h, m), nil when not given.
	UncertainIf struct {
		source.Span
		Cond         Expr
		High, Medium Expr
		Branches     []*LevelBranch
	}

	// LevelBranch is high|medium|low|default { ... }.
	LevelBranch struct {
		source.Span
		Level     Level
		LevelSpan source.Span
		Body      *Block
	}

	// For is for init; cond; post { }. Each part may be nil. With Branches set
	// it is an "uncertain for" and Body is nil.
	For struct {
		source.Span
		Init     Stmt
		Cond     Expr
		Post     Stmt
		Body     Stmt
		High     Expr
		Medium   Expr
		Branches []*LevelBranch
	}

	// ForIn is for [let|const] first[, second] in x { }.
	ForIn struct {
		source.Span
		Declare       bool // let or const was written
		Const         bool
		First, Second Pattern // Second may be nil
		X             Expr
		Body          Stmt
	}

	// While is while cond { }, or with Branches an "uncertain while".
	While struct {
		source.Span
		Cond     Expr
		Body     Stmt
		High     Expr
		Medium   Expr
		Branches []*LevelBranch
	}

	DoWhile struct {
		source.Span
		Body Stmt
		Cond Expr
	}

	Break    struct{ source.Span }
	Continue struct{ source.Span }

	Return struct {
		source.Span
		X Expr // nil without value
	}

	FuncDecl struct {
		source.Span
		Func *FuncLit
	}

	// Match is a statement or expression.
	Match struct {
		source.Span
		X    Expr
		Arms []*Arm
	}

	// Arm is pattern [~> threshold] [if guard] => body; Body is an Expr (a
	// *Block for braces).
	Arm struct {
		source.Span
		Pattern   Pattern
		Threshold Expr
		Guard     Expr
		Body      Expr
	}

	// Try is a statement or expression. Catch and Finally may be nil, not both.
	Try struct {
		source.Span
		Body    *Block
		Param   Pattern // nil for "catch {"
		Catch   *Block
		Finally *Block
	}

	Throw struct {
		source.Span
		X Expr
	}

	// Context is in context Name { } [-> To], a statement or expression.
	Context struct {
		source.Span
		Name *Ident
		Body *Block
		To   *Ident
	}

	// AgentsDecl is agents { Name: { ... } ... }. Each agent becomes a variable.
	AgentsDecl struct {
		source.Span
		Agents []*AgentDecl
	}

	AgentDecl struct {
		source.Span
		Name  *Ident
		Value Expr // an object literal
	}

	// Import covers all forms: import d, {a as b} from, * as m from, "x".
	Import struct {
		source.Span
		Default   *Ident
		Namespace *Ident
		Names     []*ImportName
		Path      *StringLit
	}

	// ImportName is a [as b]. Name is a *Ident; Alias equals it without "as".
	ImportName struct {
		source.Span
		Name  *Ident
		Alias *Ident
	}

	// Export is one of
	//
	//	export let/const/function/type/pattern ...   Decl
	//	export default e                             Default
	//	export {a, b as c} [from "x"]                Names, Path
	//	export * [as m] from "x"                     All, Namespace, Path
	Export struct {
		source.Span
		Decl      Stmt
		Default   Expr
		Names     []*ImportName
		All       bool
		Namespace *Ident
		Path      *StringLit
	}

	TypeDecl struct {
		source.Span
		Name *Ident
		Type TypeExpr
	}

	// PatternDecl is pattern name [vX.Y.Z] { [input {...}] ... }.
	PatternDecl struct {
		source.Span
		Name    *Ident
		Version string // without the v; "" when not given
		Input   *InputDecl
		Body    *Block
	}

	// TestDecl is test "name" { ... }. Func is a function without parameters
	// whose body and span are the block.
	TestDecl struct {
		source.Span
		Name *StringLit
		Func *FuncLit
	}

	// InputDecl is input { name: type constraints ... }.
	InputDecl struct {
		source.Span
		Fields []*InputField
	}

	InputField struct {
		source.Span
		Name        *Ident
		Optional    bool // name?
		Type        TypeExpr
		Constraints []*Constraint
	}

	// Constraint is min(0), optional, enum("a", "b"), ... Args are nil without
	// parentheses. items(...) takes constraints of its own in Items.
	Constraint struct {
		source.Span
		Name  *Ident
		Args  []Expr
		Items []*Constraint
	}

	// Parallel is a statement or expression: parallel agents options { body }
	// runs the body once for each agent; without Agents it runs the statements
	// of the body concurrently.
	Parallel struct {
		source.Span
		Agents  Expr
		Options []*Constraint // timeout(ms), min_results(n), wait_all, ...
		Body    *Block
	}

	// Sequential is a statement or expression.
	Sequential struct {
		source.Span
		Body *Block
	}

	// Race is a statement or expression: race agents options { body } until (test).
	Race struct {
		source.Span
		Agents  Expr
		Options []*Constraint
		Body    *Block
		Until   Expr
	}

	// WithAgents is a statement or expression: with_agents(args) { body }.
	WithAgents struct {
		source.Span
		Args []Expr // as in a call
		Body *Block
	}

	// BadStmt stands where no statement could be parsed; it has been reported.
	BadStmt struct{ source.Span }
)

// Level is a confidence level of an uncertain statement.
type Level uint8

const (
	High Level = iota
	Medium
	Low
	Default
)

func (l Level) String() string { return [...]string{"high", "medium", "low", "default"}[l] }

// ---- Patterns ----

type (
	// IdentPattern binds a name; Type is set for "x: string" in a match arm or
	// parameter pattern position inside an array or object.
	IdentPattern struct {
		source.Span
		Name *Ident
		Type TypeExpr
	}

	// TargetPattern assigns to o.p or a[i] inside a destructuring assignment.
	TargetPattern struct {
		source.Span
		Target Expr
	}

	// Wildcard is _ in a match arm.
	Wildcard struct{ source.Span }

	ArrayPattern struct {
		source.Span
		Elems []*PatternElem
	}

	ObjectPattern struct {
		source.Span
		Elems []*PatternElem
	}

	// PatternElem is one part of an array or object pattern.
	//
	//	[a, , b = 1, c ~> 0.5, ...r]    Pattern is nil for a gap
	//	{a, b: p, "c d": q, ...r}       Key is *Ident or *StringLit, nil for rest
	PatternElem struct {
		source.Span
		Key       Expr
		Shorthand bool // {a}: Pattern is an IdentPattern of the same name
		Pattern   Pattern
		Threshold Expr
		Default   Expr
		Rest      bool
	}

	// LiteralPattern matches a number, string, boolean, null or negated number.
	LiteralPattern struct {
		source.Span
		Value Expr
	}

	// RangePattern is lo..hi, both ends included.
	RangePattern struct {
		source.Span
		Lo, Hi Expr
	}

	// AltPattern is a | b | c.
	AltPattern struct {
		source.Span
		Alts []Pattern
	}

	BadPattern struct{ source.Span }
)

// ---- Types ----

type (
	// NamedType is number, Verdict, Promise<T>, ...
	NamedType struct {
		source.Span
		Name *Ident
		Args []TypeExpr
	}

	// LiteralType is "pos", 1, true or null.
	LiteralType struct {
		source.Span
		Value Expr
	}

	ArrayType struct {
		source.Span
		Elem TypeExpr
	}

	TupleType struct {
		source.Span
		Elems []TypeExpr
	}

	ObjectType struct {
		source.Span
		Fields []*TypeField
	}

	// TypeField is name[?]: type. Name keeps quotes off.
	TypeField struct {
		source.Span
		Name     string
		NameSpan source.Span
		Optional bool
		Type     TypeExpr
		// Constraints stand in the input block of a pattern only.
		Constraints []*Constraint
	}

	FuncType struct {
		source.Span
		Params []TypeExpr
		Result TypeExpr
	}

	UnionType struct {
		source.Span
		Alts []TypeExpr
	}

	// ConfidentType is T ~ lo or T ~ lo..hi; Hi is nil for the first form.
	ConfidentType struct {
		source.Span
		Type   TypeExpr
		Lo, Hi Expr
	}

	BadType struct{ source.Span }
)

func (*Ident) exprNode()       {}
func (*NumberLit) exprNode()   {}
func (*StringLit) exprNode()   {}
func (*Template) exprNode()    {}
func (*BoolLit) exprNode()     {}
func (*NullLit) exprNode()     {}
func (*ArrayLit) exprNode()    {}
func (*Hole) exprNode()        {}
func (*Spread) exprNode()      {}
func (*ObjectLit) exprNode()   {}
func (*FuncLit) exprNode()     {}
func (*Unary) exprNode()       {}
func (*Update) exprNode()      {}
func (*Await) exprNode()       {}
func (*Binary) exprNode()      {}
func (*Ternary) exprNode()     {}
func (*Call) exprNode()        {}
func (*NamedArg) exprNode()    {}
func (*Member) exprNode()      {}
func (*Index) exprNode()       {}
func (*Paren) exprNode()       {}
func (*BadExpr) exprNode()     {}
func (*Block) exprNode()       {}
func (*If) exprNode()          {}
func (*UncertainIf) exprNode() {}
func (*Match) exprNode()       {}
func (*Try) exprNode()         {}
func (*Context) exprNode()     {}
func (*Parallel) exprNode()    {}
func (*Sequential) exprNode()  {}
func (*Race) exprNode()        {}
func (*WithAgents) exprNode()  {}

func (*Block) stmtNode()       {}
func (*ExprStmt) stmtNode()    {}
func (*VarDecl) stmtNode()     {}
func (*Assign) stmtNode()      {}
func (*If) stmtNode()          {}
func (*UncertainIf) stmtNode() {}
func (*For) stmtNode()         {}
func (*ForIn) stmtNode()       {}
func (*While) stmtNode()       {}
func (*DoWhile) stmtNode()     {}
func (*Break) stmtNode()       {}
func (*Continue) stmtNode()    {}
func (*Return) stmtNode()      {}
func (*FuncDecl) stmtNode()    {}
func (*Match) stmtNode()       {}
func (*Try) stmtNode()         {}
func (*Throw) stmtNode()       {}
func (*Context) stmtNode()     {}
func (*AgentsDecl) stmtNode()  {}
func (*Import) stmtNode()      {}
func (*Export) stmtNode()      {}
func (*TypeDecl) stmtNode()    {}
func (*PatternDecl) stmtNode() {}
func (*TestDecl) stmtNode()    {}
func (*Parallel) stmtNode()    {}
func (*Sequential) stmtNode()  {}
func (*Race) stmtNode()        {}
func (*WithAgents) stmtNode()  {}
func (*BadStmt) stmtNode()     {}

func (*IdentPattern) patternNode()   {}
func (*TargetPattern) patternNode()  {}
func (*Wildcard) patternNode()       {}
func (*ArrayPattern) patternNode()   {}
func (*ObjectPattern) patternNode()  {}
func (*LiteralPattern) patternNode() {}
func (*RangePattern) patternNode()   {}
func (*AltPattern) patternNode()     {}
func (*BadPattern) patternNode()     {}

func (*NamedType) typeNode()     {}
func (*LiteralType) typeNode()   {}
func (*ArrayType) typeNode()     {}
func (*TupleType) typeNode()     {}
func (*ObjectType) typeNode()    {}
func (*FuncType) typeNode()      {}
func (*UnionType) typeNode()     {}
func (*ConfidentType) typeNode() {}
func (*BadType) typeNode()       {}

// Unparen strips parentheses.
func Unparen(e Expr) Expr {
	for {
		p, ok := e.(*Paren)
		if !ok {
			return e
		}
		e = p.X
	}
}
