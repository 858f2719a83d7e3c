package check

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// SymbolKind tells how a name came to be.
type SymbolKind uint8

const (
	Let         SymbolKind = iota
	Const                  // const declarations
	Bare                   // first assigned without let: x = 1
	Param                  // function parameters, also the agent of a parallel body
	Func                   // function declarations, hoisted in their block
	LoopVar                // for x in ..., for let i = 0; ...
	CatchVar               // catch (e)
	MatchVar               // bound by a match arm
	Import                 // import {a} / import d / import * as m
	Agent                  // agents { Name: ... }
	Placeholder            // _ on the right of a pipeline
	Host                   // input, agentResults, execution, ...
	Library                // global library names
	Session                // a name of an earlier input of a REPL session
	Pattern                // pattern name { ... }; visible to importers only
)

// Symbol is one named thing. Its fields are final once Resolve has returned.
type Symbol struct {
	Name  string
	Kind  SymbolKind
	Ident *ast.Ident  // the declaring identifier; nil for Host, Library, Session
	Decl  source.Span // of that identifier
	// DeclEnd is the offset from which on the variable has its first value:
	// the end of its declarator, of the first assignment of a Bare variable, of
	// the parameter; for a Func the start of its block.
	DeclEnd int32

	Owner    *Function // the function whose frame holds it; nil for Host, Library, Session
	TopLevel bool      // declared at the level of the module

	Uses        int  // reads
	Assignments int  // writes after the declaration (for a Bare variable: after the first)
	InLoop      bool // its declaration or first assignment stands in a loop of its owner
	Captured    bool // used in a function below Owner
	// CapturedEarly is set when a function that captures the symbol may be
	// created before the symbol has its first value, so that the capture can't
	// copy the value.
	CapturedEarly bool
	Exported      bool

	Func   *ast.FuncLit // of a Func symbol
	Import *ImportRef   // of an Import symbol

	// After is set for the LoopVar of "for i = 0; ..." without let whose name
	// is also read after the loop: the Bare variable that takes the loop
	// variable's last value whenever the loop is left.
	After *Symbol

	fixed       bool         // a LoopVar of "for const", a const of a session
	value       ast.Expr     // what the declaration sets it to, where that is one expression
	later       []ast.Expr   // what plain assignments after the declaration set it to
	kept        bool         // being looked at by isArray
	own         source.Span  // the declarator or first assignment, value included
	partEnd     int32        // of a destructured name: where its element ends
	patternEnd  int32        // and where the pattern ends
	region      source.Span  // of a Bare: the branch its first assignment stands in
	loop        source.Span  // of a Bare: the outermost loop its first assignment stands in
	block       *scope       // of a Func: the scope it is hoisted in
	fromLoop    bool         // a Bare made by the head of a for loop
	keyed       bool         // set by a statement of "parallel { }": the name is a key of the result
	omitted     bool         // taken out of an object beside ...rest
	poisoned    bool         // stands for a name that was reported
	innerWrites bool         // assigned by a function below Owner
	scope       *scope       // where it is declared
	from        *scope       // of a Bare: where its first assignment stands
	similar     *Symbol      // of a Bare: an earlier variable of nearly the same name
	refs        []*ast.Ident // identifiers that refer to it, the declaration excluded
	captors     []*frame     // functions created in Owner that use it, themselves or further down
}

// Const reports whether assigning to the symbol is an error.
func (s *Symbol) Const() bool {
	switch s.Kind {
	case Const, Import, Agent, Placeholder, Pattern:
		return true
	}
	return s.fixed
}

// ImportRef says what an Import symbol stands for.
type ImportRef struct {
	Path string // as written
	Name string // exported name; "default"; "*" for the whole module
	Stmt *ast.Import
}

// Function is one body that gets a frame of its own: a function literal or
// declaration, a file, a pattern, the body of parallel/race over agents, the
// value of one statement inside "parallel { ... }", or the test of a race.
type Function struct {
	// Node is *ast.File, *ast.PatternDecl, *ast.FuncLit, *ast.Parallel,
	// *ast.Race, or for "parallel { ... }" the statement. The until expression
	// of a race that is no function literal is the Node of one as well.
	Node   ast.Node
	Parent *Function
	// Implicit are the parameters that the source does not write: agent of a
	// parallel or race body, response of an until expression.
	Implicit []*Symbol
	// Self is the name of a named function expression, which its own body
	// sees; nil otherwise. It is held by this Function.
	Self *Symbol
	// Captures are the symbols of enclosing functions used here or in
	// functions below, each once, in order of first use. Symbols of the module
	// level, of the library and of the host are not among them.
	Captures []*Symbol
}

// Info is what Resolve learned about one file.
type Info struct {
	File *ast.File

	// Symbols gives for Ident.ID what the identifier declares or refers to;
	// nil for property names, labels and identifiers that were reported.
	Symbols []*Symbol

	// Functions holds every Function by its Node.
	Functions map[ast.Node]*Function

	// Placeholders gives for a pipeline whose right side uses _ its symbol; a
	// pipeline that is absent calls its right side instead.
	Placeholders map[*ast.Binary]*Symbol

	// Tasks holds the calls inside parallel/race/with_agents bodies whose name
	// is no variable or function: work for the bound agent.
	Tasks map[*ast.Call]bool

	// TaskAgents gives for a task the agent parameter of the nearest enclosing
	// parallel or race body; tasks of with_agents are absent. The use counts
	// as one of the parameter, so that a function in between captures it.
	TaskAgents map[*ast.Call]*Symbol

	// Globals lists the Library and Host symbols that the file uses, each once,
	// in order of first use.
	Globals []*Symbol

	// Top lists the symbols of the module level in order of declaration.
	Top []*Symbol

	// Exports maps exported names to symbols; an "export default e" is the
	// symbol-less entry "default" in DefaultExport.
	Exports       map[string]*Symbol
	DefaultExport ast.Expr

	// Types holds the declared types by name; ExportedTypes those that other
	// modules can import, by exported name.
	Types         map[string]*ast.TypeDecl
	ExportedTypes map[string]*ast.TypeDecl
}

// SymbolOf returns what an identifier declares or refers to, or nil.
func (in *Info) SymbolOf(id *ast.Ident) *Symbol {
	if id == nil || int(id.ID) >= len(in.Symbols) {
		return nil
	}
	return in.Symbols[id.ID]
}
