package check

import (
	"fmt"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// pendingCall is a call whose number of arguments is checked once it is known
// which variables are never reassigned.
type pendingCall struct {
	at    source.Span // the callee
	end   source.Span // the call
	sym   *Symbol     // of the callee, or of the namespace it is a member of
	name  string      // "max", "Math.floor"
	count int
	piped bool // count includes the left side of a pipeline
}

// call resolves a call. A piped one gets the left side of the pipeline as its
// first argument.
func (r *resolver) call(c *ast.Call, piped bool) {
	if id, ok := c.Fun.(*ast.Ident); ok {
		r.callee(c, id)
	} else {
		r.expr(c.Fun)
	}
	r.exprs(c.Args)
	r.libraryConfidence(c)
	r.pendCall(c, c.Fun, c.Args, piped)
}

// callee resolves the name that a call begins with: inside the body of a
// parallel, race or with_agents a name that nothing declares is a task.
func (r *resolver) callee(c *ast.Call, id *ast.Ident) {
	sym, _ := r.lookup(r.scope, id.Name, id.Start)
	if sym != nil || id.Name == "" {
		r.name(id)
		return
	}
	if r.frame.tasks && id.Name != "_" {
		r.info.Tasks[c] = true
		if agent := r.frame.taskAgent; agent != nil {
			r.info.TaskAgents[c] = agent
			r.use(agent)
		}
		return
	}
	if p := r.patterns[id.Name]; p != nil {
		r.read(id, p)
		return
	}
	r.unknownName(id, true)
}

// pendCall notes a call of a named function for checkCalls.
func (r *resolver) pendCall(call, fun ast.Expr, args []ast.Expr, piped bool) {
	p := pendingCall{end: call.Range(), piped: piped}
	switch f := fun.(type) {
	case *ast.Ident:
		p.sym, p.name, p.at = r.info.SymbolOf(f), f.Name, f.Span
	case *ast.Member:
		ns, ok := f.X.(*ast.Ident)
		if !ok || f.Op != token.Dot || f.Name == nil {
			return
		}
		p.sym, p.name, p.at = r.info.SymbolOf(ns), ns.Name+"."+f.Name.Name, f.Name.Span
		if p.sym == nil || p.sym.Kind != Library {
			return
		}
	}
	if p.sym == nil {
		return
	}
	named := false
	for _, a := range args {
		switch a.(type) {
		case *ast.Spread:
			return
		case *ast.NamedArg:
			named = true
		default:
			p.count++
		}
	}
	if named {
		p.count++
	}
	if piped {
		p.count++
	}
	r.calls = append(r.calls, p)
}

// checkCalls reports calls with too few or too many arguments.
func (r *resolver) checkCalls() {
	for _, c := range r.calls {
		if c.sym.Kind == Library {
			if r.opts.Arity == nil {
				continue
			}
			least, most, ok := r.opts.Arity(c.name)
			fits := func(n int) bool { return n >= least && (most < 0 || n <= most) }
			// A library function that returns a function is piped into as well.
			if ok && !fits(c.count) && !(c.piped && fits(c.count-1)) {
				r.err(codeArgumentCount, c.at, "`%s` takes %s, not %d", c.name, arguments(least, most), c.count).
					WithHint("%s", countHint(c.count, least))
			}
			continue
		}
		f := c.sym.function()
		if f == nil {
			continue
		}
		least, most := 0, len(f.Params)
		for i, p := range f.Params {
			switch {
			case p.Rest:
				most = -1
			case p.Default == nil && !p.Optional:
				least = i + 1
			}
		}
		if c.count >= least && (most < 0 || c.count <= most) {
			continue
		}
		r.err(codeArgumentCount, c.at, "`%s` takes %s, not %d", c.name, arguments(least, most), c.count).
			WithRelated(c.sym.Decl, "`%s` is declared here", c.name).
			WithHint("%s", countHint(c.count, least))
	}
}

// function returns the function that the symbol is known to stand for
// throughout: it has that value from the start and nothing assigns it.
func (s *Symbol) function() *ast.FuncLit {
	if s.Assignments > 0 {
		return nil
	}
	switch s.Kind {
	case Func, Let, Const, Bare:
		return functionValue(s.value)
	}
	return nil
}

// arguments says how many arguments a function takes; most is -1 without bound.
func arguments(least, most int) string {
	switch {
	case most < 0 && least == 1:
		return "at least 1 argument"
	case most < 0:
		return fmt.Sprintf("at least %d arguments", least)
	case most == 0:
		return "no arguments"
	case least == most && least == 1:
		return "1 argument"
	case least == most:
		return fmt.Sprintf("%d arguments", least)
	case least == 0:
		return fmt.Sprintf("at most %d argument%s", most, plurality(most))
	}
	return fmt.Sprintf("%d to %d arguments", least, most)
}

func plurality(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func countHint(count, least int) string {
	if count < least {
		return "pass what is missing, or give the parameter a default value"
	}
	return "remove what is too much; a rest parameter ...name takes any number"
}
