package check

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// scope is one region of names. A function has a frame scope for parameters
// and bare variables, and inside it the scope of its body; blocks, loops,
// match arms, catch clauses and pipelines open scopes of their own.
type scope struct {
	parent *scope
	fn     *Function
	start  int32
	// level marks the frame scope and the body scope of a function: a variable
	// there counts for assignments wherever in the body it is declared.
	level bool
	names map[string]*Symbol
}

func (s *scope) set(sym *Symbol) {
	if s.names == nil {
		s.names = make(map[string]*Symbol)
	}
	s.names[sym.Name] = sym
}

// frame is what the walks keep about the function they are in.
type frame struct {
	parent *frame
	fn     *Function
	outer  *scope // parameters and bare variables
	body   *scope // the body's own declarations

	// created is the offset at which the function comes into being; hoisted is
	// the scope at whose start that happens for a declaration.
	created int32
	hoisted *scope

	loops     int              // loops around the current place
	loop      source.Span      // the outermost of them
	region    source.Span      // innermost part that may be left out at run time
	captured  map[*Symbol]bool // symbols of functions around that this one uses
	used      []*Symbol        // of a statement of "parallel { }": what it uses of the function around
	noReturn  bool             // a statement of "parallel { }"
	tasks     bool             // unknown calls are tasks here
	taskAgent *Symbol          // for the agent bound to this parameter
}

// assignTarget returns the variable that an assignment at pos reaches from
// the scope, nil when there is none. A declaration of an enclosing block
// counts only from where it stands; one of a function's body, of its frame or
// of the file counts everywhere below it.
func (r *resolver) assignTarget(sc *scope, name string, pos int32) *Symbol {
	for s := sc; s != nil; s = s.parent {
		sym := s.names[name]
		if sym == nil {
			continue
		}
		if s.level || sym.Kind == Func || sym.Kind == Import || sym.Kind == Placeholder || sym.Decl.Start < pos {
			return sym
		}
	}
	return r.session(name)
}

// session returns the symbol of an earlier input's name, or nil.
func (r *resolver) session(name string) *Symbol {
	known, ok := r.opts.Session[name]
	if !ok {
		return nil
	}
	return r.global(name, Session, known.Const)
}

// builtin returns the symbol of a host or library name, or nil.
func (r *resolver) builtin(name string) *Symbol {
	switch {
	case isHostName(name):
		return r.global(name, Host, false)
	case r.opts.Library != nil && r.opts.Library(name),
		r.opts.SourceIsLibrary && len(name) > 2 && name[:2] == "__":
		return r.global(name, Library, false)
	}
	return nil
}

func (r *resolver) global(name string, kind SymbolKind, fixed bool) *Symbol {
	if sym := r.globals[name]; sym != nil {
		return sym
	}
	sym := &Symbol{Name: name, Kind: kind, fixed: fixed}
	r.globals[name] = sym
	return sym
}

// lookup returns what a read of name at pos refers to, nil when nothing does.
// early is set when that is a variable of the same function that has no value
// yet at pos.
func (r *resolver) lookup(sc *scope, name string, pos int32) (sym *Symbol, early bool) {
	var late *Symbol
	for s := sc; s != nil; s = s.parent {
		found := s.names[name]
		if found == nil {
			continue
		}
		if r.hiddenAt(found, pos) {
			if late == nil {
				late = found
			}
			continue
		}
		return found, found.Owner == r.frame.fn && found.unsetAt(pos)
	}
	if sym := r.session(name); sym != nil {
		return sym, false
	}
	if sym := r.builtin(name); sym != nil {
		return sym, false
	}
	if late != nil {
		return late, late.Owner == r.frame.fn
	}
	return nil, false
}

// hiddenAt reports whether a variable is not what its name means at pos,
// because pos lies in the very value that the variable is first set to: in
// "max = max(1, 2)" the right side means the library's max. A function that is
// itself the value does see its own name, for recursion.
func (r *resolver) hiddenAt(sym *Symbol, pos int32) bool {
	if !sym.own.IsValid() || pos < sym.own.Start || pos >= sym.own.End {
		return false
	}
	if sym.Owner == r.frame.fn {
		return sym.unsetAt(pos)
	}
	return functionValue(sym.value) == nil
}

// unsetAt reports whether, going by the order of the source, the variable has
// no value yet at an offset of its owner.
func (s *Symbol) unsetAt(pos int32) bool {
	if s.Kind == Func || s.Kind == Import || pos >= s.DeclEnd {
		return false
	}
	inPattern := s.partEnd != 0 && s.partEnd <= pos && pos < s.patternEnd
	return !inPattern
}

// functionValue returns the function literal that an expression is, looking
// through parentheses and an attached confidence; nil for other expressions.
func functionValue(e ast.Expr) *ast.FuncLit {
	for {
		switch x := e.(type) {
		case *ast.FuncLit:
			return x
		case *ast.Paren:
			e = x.X
		case *ast.Binary:
			if !isAttach(x) {
				return nil
			}
			e = x.X
		default:
			return nil
		}
	}
}
