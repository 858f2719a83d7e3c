package check

import (
	"slices"
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// Resolve binds every name of a file. It always returns a complete Info, with
// gaps where a diagnostic says why; the diagnostics are sorted by position.
// Comments that ignore warnings are not applied: see Suppress.
func Resolve(file *ast.File, opts Options) (*Info, diag.List) {
	r := &resolver{
		opts: opts,
		file: file,
		info: &Info{
			File:          file,
			Symbols:       make([]*Symbol, file.Idents),
			Functions:     make(map[ast.Node]*Function),
			Placeholders:  make(map[*ast.Binary]*Symbol),
			Tasks:         make(map[*ast.Call]bool),
			TaskAgents:    make(map[*ast.Call]*Symbol),
			Exports:       make(map[string]*Symbol),
			Types:         make(map[string]*ast.TypeDecl),
			ExportedTypes: make(map[string]*ast.TypeDecl),
		},
		scopes:       make(map[ast.Node]*scope),
		globals:      make(map[string]*Symbol),
		patterns:     make(map[string]*Symbol),
		byName:       make(map[string][]*Symbol),
		unknown:      make(map[*diag.Diagnostic]string),
		unknownNames: make(map[*diag.Diagnostic]string),
	}
	r.resolveFile()
	r.finish()
	r.list.Sort()
	return r.info, r.list
}

type resolver struct {
	opts Options
	file *ast.File
	info *Info
	list diag.List

	scopes   map[ast.Node]*scope
	globals  map[string]*Symbol   // library, host and session symbols in use
	patterns map[string]*Symbol   // pattern declarations
	byName   map[string][]*Symbol // every variable ever declared, for hints
	symbols  []*Symbol            // the same in order of declaration
	loopVars []*Symbol            // those that have an After

	module *frame
	frame  *frame
	scope  *scope

	unknownNames map[*diag.Diagnostic]string // the unknown names by their report
	unknown      map[*diag.Diagnostic]string // those that no near spelling explains
	early        []earlyRead
	calls        []pendingCall
	typeNames    []*ast.NamedType
	valueUnused  bool // nobody sees the value of the statements being resolved
	unusedCalls  []*ast.Call
}

// earlyRead is a read of a Bare variable before its first assignment.
type earlyRead struct {
	id  *ast.Ident
	sym *Symbol
}

func (r *resolver) err(code diag.Code, span source.Span, format string, args ...any) *diag.Diagnostic {
	return r.list.Add(code, diag.Error, r.file.Source, span, format, args...)
}

func (r *resolver) warn(code diag.Code, span source.Span, format string, args ...any) *diag.Diagnostic {
	return r.list.Add(code, diag.Warning, r.file.Source, span, format, args...)
}

// setSymbol notes what an identifier means. Trees built by a program may
// number identifiers past File.Idents; the table grows with them.
func (r *resolver) setSymbol(id *ast.Ident, sym *Symbol) {
	if id == nil || id.ID < 0 {
		return
	}
	if n := int(id.ID) + 1 - len(r.info.Symbols); n > 0 {
		r.info.Symbols = append(r.info.Symbols, make([]*Symbol, n)...)
	}
	r.info.Symbols[id.ID] = sym
}

func (r *resolver) resolveFile() {
	fr := r.newFrame(r.file, nil)
	r.module = fr
	r.enter(fr, func() {
		r.within(fr.body, func() {
			r.declareStmts(r.file.Stmts)
			r.stmts(r.file.Stmts)
		})
	})
}

// newFrame makes the Function of a node, below the current one.
func (r *resolver) newFrame(n ast.Node, hoisted *scope) *frame {
	fr := &frame{parent: r.frame, hoisted: hoisted, created: n.Range().Start}
	fr.fn = &Function{Node: n}
	if r.frame != nil {
		fr.fn.Parent = r.frame.fn
		fr.tasks, fr.taskAgent = r.frame.tasks, r.frame.taskAgent
	}
	if hoisted != nil {
		fr.created = hoisted.start
	}
	r.info.Functions[n] = fr.fn
	fr.outer = &scope{parent: r.scope, fn: fr.fn, start: n.Range().Start, level: true}
	fr.body = &scope{parent: fr.outer, fn: fr.fn, start: n.Range().Start, level: true}
	return fr
}

// enter runs f inside a function, in its frame scope.
func (r *resolver) enter(fr *frame, f func()) {
	savedFrame, savedScope, savedUnused := r.frame, r.scope, r.valueUnused
	r.frame, r.scope, r.valueUnused = fr, fr.outer, false
	f()
	r.frame, r.scope, r.valueUnused = savedFrame, savedScope, savedUnused
}

// ---- Statements ----

// stmts resolves the statements of a block and reports what can't be reached.
func (r *resolver) stmts(list []ast.Stmt) {
	ended, reported := ast.Stmt(nil), false
	argument := false // the statement seems to be the argument of the one before
	outer := r.valueUnused
	last := lastValue(list)
	for i, s := range list {
		if s == nil {
			continue
		}
		if ended != nil && !reported && !hoistedStmt(s) {
			reported = true
			r.warn(codeUnreachable, s.Range(), "this is never reached").
				WithRelated(ended.Range(), "%s", leaves(ended)).
				WithHint("remove it, or move it before the statement that leaves")
		}
		unused := outer || i < last
		r.valueUnused = unused && passesValue(s)
		r.stmt(s)
		r.valueUnused = outer
		if unused {
			r.unusedCall(s)
		}
		switch {
		case argument:
			argument = false
		case i+1 < len(list):
			argument = r.withoutEffect(s, list[i+1])
		}
		if ended == nil && terminates(s) {
			ended = s
		}
	}
}

// lastValue returns the index of the last statement that gives its block a value.
func lastValue(list []ast.Stmt) int {
	i := len(list) - 1
	for ; i >= 0; i-- {
		switch list[i].(type) {
		case nil, *ast.VarDecl, *ast.FuncDecl, *ast.Import, *ast.TypeDecl, *ast.AgentsDecl, *ast.PatternDecl, *ast.Export, *ast.BadStmt:
			continue
		}
		break
	}
	return i
}

// passesValue reports whether the value of a statement is that of the statements
// in it.
func passesValue(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.Block, *ast.If, *ast.For, *ast.ForIn, *ast.While, *ast.DoWhile, *ast.Try, *ast.Context:
		return true
	}
	return false
}

// withoutEffect reports a name, a literal or a comparison of them that stands as
// a statement although the expression behind it gives the value of the block; it
// reports true when that expression seems to be the argument of a call without
// parentheses.
func (r *resolver) withoutEffect(s, next ast.Stmt) bool {
	x, ok := s.(*ast.ExprStmt)
	if _, replaced := next.(*ast.ExprStmt); !ok || !replaced || x.X == nil {
		return false
	}
	file := r.file.Source
	adjacent := strings.Trim(file.Src[s.Range().End:next.Range().Start], " \t") == ""
	switch e := ast.Unparen(x.X).(type) {
	case *ast.Ident:
		if e.Name == "" || r.info.SymbolOf(e) == nil {
			return false
		}
		if adjacent {
			r.warn(codeNoEffect, s.Range(), "`%s` is not called here", e.Name).
				WithHint("a call is written `%s(...)`", e.Name)
			return true
		}
	case *ast.NumberLit, *ast.StringLit, *ast.BoolLit, *ast.NullLit:
	case *ast.Binary:
		if e.Op != token.Equal && e.Op != token.Same || !pure(e.X) || !pure(e.Y) {
			return false
		}
		r.warn(codeNoEffect, s.Range(), "this comparison has no effect").WithHint("write `=` to assign")
		return false
	default:
		return false
	}
	r.warn(codeNoEffect, s.Range(), "this has no effect").WithHint("remove it")
	return false
}

// pure reports whether an operand is a name or a literal.
func pure(x ast.Expr) bool {
	switch ast.Unparen(x).(type) {
	case *ast.Ident, *ast.NumberLit, *ast.StringLit, *ast.BoolLit, *ast.NullLit:
		return true
	}
	return false
}

// hoistedStmt reports whether a statement has its effect wherever in the block it stands.
func hoistedStmt(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.FuncDecl, *ast.TypeDecl, *ast.Import, *ast.PatternDecl, *ast.Export, *ast.BadStmt:
		return true
	}
	return false
}

// terminates reports whether the statement after s is never reached from s.
func terminates(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.Return, *ast.Throw, *ast.Break, *ast.Continue:
		return true
	case *ast.Block:
		return s != nil && slices.ContainsFunc(s.Stmts, terminates)
	case *ast.If:
		return s.Then != nil && s.Else != nil && terminates(s.Then) && terminates(s.Else)
	case *ast.ExprStmt:
		if nested, ok := ast.Unparen(s.X).(ast.Stmt); ok && s.X != nil {
			return terminates(nested)
		}
	case *ast.Try:
		if s.Finally != nil && terminates(s.Finally) {
			return true
		}
		return s.Body != nil && terminates(s.Body) && (s.Catch == nil || terminates(s.Catch))
	}
	return false
}

func leaves(s ast.Stmt) string {
	switch s.(type) {
	case *ast.Return:
		return "this returns"
	case *ast.Throw:
		return "this throws"
	case *ast.Break:
		return "this leaves the loop"
	case *ast.Continue:
		return "this goes on with the next round"
	}
	return "each way through this leaves"
}

func (r *resolver) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case nil:
	case *ast.ExprStmt:
		r.expr(s.X)
	case *ast.VarDecl:
		r.varDecl(s, true)
	case *ast.Assign:
		r.assign(s, true)
	case *ast.For:
		r.forLoop(s)
	case *ast.ForIn:
		r.expr(s.X)
		r.within(r.scopeOf(s), func() {
			r.pattern(s.First, false)
			r.pattern(s.Second, false)
			r.loop(func() { r.body(s.Body) })
		})
	case *ast.While:
		r.expr(s.Cond)
		r.thresholds(s.High, s.Medium)
		r.loop(func() {
			if r.body(s.Body); s.Branches != nil {
				r.branches(s.Branches, s.Span, "while")
			}
		})
	case *ast.DoWhile:
		r.loop(func() { r.body(s.Body) })
		r.expr(s.Cond)
	case *ast.Break:
		r.leaveLoop(s.Span, "break")
	case *ast.Continue:
		r.leaveLoop(s.Span, "continue")
	case *ast.Return:
		if r.frame.noReturn {
			r.err(codeMisplacedReturn, s.Span, "`return` can't leave a statement of `parallel`").
				WithHint("the statement's value is what is assigned; return after the block")
		}
		r.expr(s.X)
	case *ast.Throw:
		r.expr(s.X)
	case *ast.FuncDecl:
		if s.Func != nil {
			r.function(s.Func, r.hoistScope(s.Func))
		}
	case *ast.AgentsDecl:
		for _, a := range s.Agents {
			r.expr(a.Value)
		}
	case *ast.Import:
	case *ast.Export:
		r.stmt(s.Decl)
		r.expr(s.Default)
	case *ast.TypeDecl:
		r.typ(s.Type)
	case *ast.PatternDecl:
		r.patternDecl(s)
	case *ast.TestDecl:
		r.function(s.Func, r.hoistScope(s.Func))
	case *ast.BadStmt:
	default:
		if e, ok := s.(ast.Expr); ok {
			r.expr(e)
		}
	}
}

// hoistScope returns the scope at whose start a declared function comes into
// being: the one its name stands in.
func (r *resolver) hoistScope(f *ast.FuncLit) *scope {
	if sym := r.info.SymbolOf(f.Name); sym != nil && sym.block != nil {
		return sym.block
	}
	return r.scope
}

func (r *resolver) scopeOf(n ast.Node) *scope {
	if sc := r.scopes[n]; sc != nil {
		return sc
	}
	return r.scope
}

func (r *resolver) block(b *ast.Block) {
	if b != nil {
		r.within(r.scopeOf(b), func() { r.stmts(b.Stmts) })
	}
}

// body resolves the body of an if or a loop, with or without braces.
func (r *resolver) body(s ast.Stmt) {
	if s == nil {
		return
	}
	if needsScope(s) {
		r.within(r.scopeOf(s), func() { r.stmt(s) })
	} else {
		r.stmt(s)
	}
}

func (r *resolver) loop(f func()) {
	r.frame.loops++
	f()
	r.frame.loops--
}

func (r *resolver) leaveLoop(span source.Span, word string) {
	if r.frame.loops > 0 {
		return
	}
	d := r.err(codeOutsideLoop, span, "`%s` stands outside of a loop", word)
	for fr := r.frame.parent; fr != nil; fr = fr.parent {
		if fr.loops > 0 {
			d.WithHint("a loop around a function, a `parallel` or a `race` can't be left from inside it; use `return` here")
			return
		}
	}
	if word == "break" {
		d.WithHint("`break` leaves `for`, `while` and `do` loops; `return` leaves a function")
	} else {
		d.WithHint("`continue` belongs into `for`, `while` and `do` loops; `return` leaves a function")
	}
}

func (r *resolver) varDecl(s *ast.VarDecl, values bool) {
	for _, d := range s.Decls {
		r.pattern(d.Pattern, false)
		r.typ(d.Type)
		r.expr(d.Threshold)
		r.confidence(d.Threshold)
		if values {
			r.expr(d.Value)
		}
	}
}

func (r *resolver) forLoop(s *ast.For) {
	sc := r.scopeOf(s)
	switch init := s.Init.(type) {
	case *ast.VarDecl:
		r.within(sc, func() { r.varDecl(init, true) })
	case *ast.Assign:
		if id, ok := init.Target.(*ast.Ident); ok && sc.names[id.Name] != nil && sc.names[id.Name].Ident == id {
			r.expr(init.Value)
			break
		}
		r.stmt(init)
	default:
		r.stmt(s.Init)
	}
	r.within(sc, func() {
		r.expr(s.Cond)
		r.stmt(s.Post)
		r.thresholds(s.High, s.Medium)
		r.loop(func() {
			if r.body(s.Body); s.Branches != nil {
				r.branches(s.Branches, s.Span, "for")
			}
		})
	})
}

func (r *resolver) patternDecl(s *ast.PatternDecl) {
	fr := r.newFrame(s, nil)
	fr.tasks, fr.taskAgent = false, nil
	r.enter(fr, func() {
		if s.Input != nil {
			for _, f := range s.Input.Fields {
				r.typ(f.Type)
				for _, c := range f.Constraints {
					r.declare(c)
				}
				r.constraints(f.Constraints)
			}
		}
		r.functionBody(s.Body)
	})
}

// functionBody walks a body whose scope is the frame's own.
func (r *resolver) functionBody(b *ast.Block) {
	if b == nil {
		return
	}
	sc := r.frame.body
	sc.start = b.Start
	r.scopes[b] = sc
	r.within(sc, func() {
		r.declareStmts(b.Stmts)
		r.stmts(b.Stmts)
	})
}

// ---- Assignments ----

func (r *resolver) assign(a *ast.Assign, value bool) {
	if a.Pattern != nil {
		r.pattern(a.Pattern, true)
	} else {
		r.assignExpr(a.Target, a.Op)
		if id, ok := ast.Unparen(a.Target).(*ast.Ident); ok && a.Op == token.Assign {
			if s := r.info.SymbolOf(id); s != nil && s.Ident != id {
				s.later = append(s.later, a.Value)
			}
		}
	}
	r.expr(a.Threshold)
	r.confidence(a.Threshold)
	if a.Op == token.AttachAssign {
		r.attached(a.Value)
	}
	if value {
		r.expr(a.Value)
	}
}

// assignExpr resolves the target of an assignment: a variable, or a part of
// the value of one.
func (r *resolver) assignExpr(target ast.Expr, op token.Kind) {
	switch t := ast.Unparen(target).(type) {
	case nil:
	case *ast.Ident:
		r.assignName(t, op)
	case *ast.Member, *ast.Index:
		r.assignPart(t)
	case *ast.BadExpr:
	default:
		r.err(codeUnassignable, target.Range(), "this can't be assigned").
			WithHint("assign a variable, a property of one (`o.p`) or an element of one (`a[i]`)")
		r.expr(target)
	}
}

func (r *resolver) assignName(id *ast.Ident, op token.Kind) {
	sym := r.assignTarget(r.scope, id.Name, id.Start)
	if sym == nil {
		if op == token.Assign || op == token.NullishAssign {
			sym = r.bare(id, id.Span, nil, binding{}, nil, false)
		} else {
			r.unknownTarget(id)
			return
		}
	}
	if sym.Ident == id {
		return
	}
	if sym.poisoned {
		return
	}
	if sym.Owner == r.frame.fn && sym.unsetAt(id.Start) && sym.Kind != Bare {
		r.beforeDeclaration(id, sym, "assigned")
		return
	}
	if sym.Const() {
		r.constant(id, sym, "assigned")
		return
	}
	if op != token.Assign {
		r.checkEarly(id, sym)
		sym.Uses++
	}
	r.write(id, sym)
}

// unknownTarget reports "x += 1" where no x exists, once for the function.
func (r *resolver) unknownTarget(id *ast.Ident) {
	if r.builtin(id.Name) != nil {
		r.err(codeAssignConstant, id.Span, "`%s` belongs to the library and can't be changed", id.Name).
			WithHint("assign a variable of your own first: `%s = ...`", id.Name)
	} else {
		r.unknownName(id, false).WithHint("give it a first value before: `%s = ...`", id.Name)
	}
	r.frame.outer.set(&Symbol{Name: id.Name, Kind: Bare, Decl: id.Span, Owner: r.frame.fn, poisoned: true})
}

// assignPart resolves "o.p = v" and "a[i] = v", which give the variable at the
// root an updated copy.
func (r *resolver) assignPart(target ast.Expr) {
	root := target
	for {
		switch t := root.(type) {
		case *ast.Member:
			root = t.X
			continue
		case *ast.Index:
			r.expr(t.Index)
			root = t.X
			continue
		case *ast.Paren:
			root = t.X
			continue
		}
		break
	}
	id, ok := root.(*ast.Ident)
	if !ok {
		if _, bad := root.(*ast.BadExpr); !bad && root != nil {
			r.err(codeUnassignable, target.Range(), "this is a part of a value that no variable holds").
				WithHint("values are never changed in place: keep the value in a variable first, then assign its part")
			r.expr(root)
		}
		return
	}
	sym, early := r.lookup(r.scope, id.Name, id.Start)
	switch {
	case sym == nil:
		r.unknownName(id, false)
	case sym.poisoned:
	case early && sym.Kind != Bare:
		r.beforeDeclaration(id, sym, "changed")
	case sym.Kind == Library || sym.Kind == Host:
		what := "belongs to the library"
		if sym.Kind == Host {
			what = "is given by the host"
		}
		r.err(codeAssignConstant, id.Span, "`%s` %s and can't be changed", id.Name, what).
			WithHint("make a variable of it first: `%s = {...%s, ...}`", id.Name, id.Name)
	case sym.Const():
		r.constant(id, sym, "changed")
	default:
		r.checkEarly(id, sym)
		sym.Uses++
		r.write(id, sym)
	}
}

func (r *resolver) constant(id *ast.Ident, sym *Symbol, verb string) {
	d := r.err(codeAssignConstant, id.Span, "`%s` is %s and can't be %s", id.Name, constantKind(sym), verb)
	if sym.Decl.IsValid() || sym.Ident != nil {
		d.WithRelated(sym.Decl, "declared here")
	}
	switch sym.Kind {
	case Const, LoopVar:
		d.WithHint("declare it with `let`")
	case Import:
		d.WithHint("only the module that exports it can assign it; keep a copy in a variable of another name")
	case Placeholder:
		d.WithHint("`_` stands for the left side of the pipeline")
	default:
		d.WithHint("keep the new value in a variable of another name")
	}
	sym.Uses++
	r.setSymbol(id, nil)
}

func constantKind(sym *Symbol) string {
	switch sym.Kind {
	case Import:
		return "imported"
	case Agent:
		return "an agent"
	case Placeholder:
		return "the placeholder of a pipeline"
	case Pattern:
		return "a pattern"
	case LoopVar:
		return "the constant of a loop"
	}
	return "a constant"
}

// write records an assignment after the declaration.
func (r *resolver) write(id *ast.Ident, sym *Symbol) {
	r.setSymbol(id, sym)
	sym.refs = append(sym.refs, id)
	sym.Assignments++
	if sym.Owner != nil && sym.Owner != r.frame.fn {
		sym.innerWrites = true
	}
	r.capture(sym)
}

// read records a use of the value.
func (r *resolver) read(id *ast.Ident, sym *Symbol) {
	r.setSymbol(id, sym)
	sym.refs = append(sym.refs, id)
	r.use(sym)
}

func (r *resolver) use(sym *Symbol) {
	if sym.Uses++; sym.Uses == 1 && (sym.Kind == Library || sym.Kind == Host) {
		r.info.Globals = append(r.info.Globals, sym)
	}
	r.capture(sym)
}

// capture notes that the current function uses a symbol of an enclosing one.
func (r *resolver) capture(sym *Symbol) {
	if sym.Owner == nil || sym.Owner == r.frame.fn {
		return
	}
	if r.frame.captured[sym] {
		return
	}
	sym.Captured = true
	direct := r.frame
	for fr := r.frame; fr != nil && fr.fn != sym.Owner; fr = fr.parent {
		direct = fr
		if fr.captured[sym] {
			continue
		}
		if fr.captured == nil {
			fr.captured = make(map[*Symbol]bool)
		}
		fr.captured[sym] = true
		if !sym.TopLevel {
			fr.fn.Captures = append(fr.fn.Captures, sym)
		}
		if fr.noReturn {
			fr.used = append(fr.used, sym)
		}
	}
	if n := len(sym.captors); n == 0 || sym.captors[n-1] != direct {
		sym.captors = append(sym.captors, direct)
	}
}
