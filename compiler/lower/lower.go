package lower

import (
	"crypto/sha256"
	"math"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// Options choose what is lowered.
type Options struct {
	// Meta is stored in the program; its strategy decides nothing here.
	Meta bytecode.Meta
	// Pattern names the pattern of the entry module that runs; "" is the last
	// one. A module without patterns runs its statements.
	Pattern string
	// SessionGlobals are module-level variables of earlier inputs of a session,
	// in order; they keep their indices, and the entry module's own variables
	// follow. Session makes every module-level variable a global.
	Session        bool
	SessionGlobals []ir.Global
}

// Program lowers all modules of a graph, whose last one is the entry.
func Program(g *module.Graph, opts Options) (*ir.Program, diag.List) {
	p := &program{
		out:     &ir.Program{Meta: opts.Meta},
		opts:    opts,
		globals: map[*check.Symbol]int{},
		named:   map[string]int{},
		static:  map[*ast.FuncLit]int{},
		libs:    map[string]int{},
		inits:   map[*module.Module]int{},
	}
	for _, gl := range opts.SessionGlobals {
		p.named[gl.Name] = len(p.out.Globals)
		p.out.Globals = append(p.out.Globals, gl)
	}
	for _, m := range g.Modules {
		p.prepare(m)
	}
	for _, m := range g.Modules {
		p.module(m)
	}
	p.entry(g)
	return p.out, p.diags
}

// program is the state shared by all functions of a program.
type program struct {
	out     *ir.Program
	opts    Options
	diags   diag.List
	globals map[*check.Symbol]int
	named   map[string]int // session and host globals
	static  map[*ast.FuncLit]int
	libs    map[string]int
	inits   map[*module.Module]int
	modules []*unit
	hosts   []string // host names in order of first use
}

// unit is one module being lowered.
type unit struct {
	p     *program
	m     *module.Module
	info  *check.Info
	file  *source.File
	index int
	// bare lists for each function the variables that it declares by plain
	// assignment; they live as long as its frame.
	bare map[*check.Function][]*check.Symbol
	// defaultExport is the global of "export default e", -1 without.
	defaultExport int
	pattern       int // function of the pattern that runs, -1 without
}

// prepare assigns globals and static functions, so that modules can refer to
// each other in any order.
func (p *program) prepare(m *module.Module) {
	u := &unit{p: p, m: m, info: m.Info, file: m.File.Source, index: len(p.out.Modules),
		bare: map[*check.Function][]*check.Symbol{}, defaultExport: -1, pattern: -1}
	p.modules = append(p.modules, u)
	p.out.Modules = append(p.out.Modules, &ir.Module{Path: u.file.Name, Source: u.file, Digest: sha256.Sum256([]byte(u.file.Src))})

	u.staticFunctions()
	seen := map[*check.Symbol]bool{}
	for _, s := range u.info.Symbols {
		if s == nil || seen[s] || s.Ident == nil || s.Owner == nil {
			continue
		}
		seen[s] = true
		if s.TopLevel && s.Kind != check.Import && (s.Captured || s.Exported || p.opts.Session) && !u.isStatic(s) {
			p.globals[s] = len(p.out.Globals)
			if p.opts.Session {
				p.named[s.Name] = len(p.out.Globals)
			}
			p.out.Globals = append(p.out.Globals, ir.Global{Name: s.Name, Module: u.index, Const: s.Const()})
		} else if s.Kind == check.Bare {
			u.bare[s.Owner] = append(u.bare[s.Owner], s)
		}
	}
	if u.info.DefaultExport != nil {
		u.defaultExport = len(p.out.Globals)
		p.out.Globals = append(p.out.Globals, ir.Global{Name: "default", Module: u.index, Const: true})
	}
}

// staticFunctions finds the declared functions that capture nothing but other
// such functions, and reserves their place in the program.
func (u *unit) staticFunctions() {
	candidate := map[*check.Symbol]*check.Function{}
	var order []*check.Symbol
	for _, s := range u.info.Symbols {
		if s == nil || s.Kind != check.Func || s.Func == nil || s.Assignments > 0 || candidate[s] != nil {
			continue
		}
		if s.TopLevel && u.p.opts.Session {
			continue // later inputs find it as a global
		}
		if f := u.info.Functions[s.Func]; f != nil {
			candidate[s] = f
			order = append(order, s)
		}
	}
	for changed := true; changed; {
		changed = false
		for s, f := range candidate {
			for _, c := range f.Captures {
				if candidate[c] == nil {
					delete(candidate, s)
					changed = true
					break
				}
			}
		}
	}
	for _, s := range order {
		if candidate[s] != nil {
			u.p.static[s.Func] = u.p.reserve()
		}
	}
}

func (u *unit) isStatic(s *check.Symbol) bool {
	if s.Kind != check.Func || s.Func == nil || s.Assignments > 0 {
		return false
	}
	_, ok := u.p.static[s.Func]
	return ok
}

func (p *program) reserve() int {
	p.out.Funcs = append(p.out.Funcs, nil)
	return len(p.out.Funcs) - 1
}

func (p *program) lib(name string) int {
	if i, ok := p.libs[name]; ok {
		return i
	}
	i := len(p.out.Libs)
	p.libs[name] = i
	if name == "why" {
		p.out.Meta.Explain = true
	}
	p.out.Libs = append(p.out.Libs, name)
	return i
}

// host returns the global of a name that the host binds.
func (p *program) host(name string) int {
	key := "host " + name
	if i, ok := p.named[key]; ok {
		return i
	}
	i := len(p.out.Globals)
	p.named[key] = i
	p.hosts = append(p.hosts, name)
	p.out.Globals = append(p.out.Globals, ir.Global{Name: name, Module: -1})
	return i
}

// unitOf returns the unit of a module.
func (p *program) unitOf(m *module.Module) *unit {
	for _, u := range p.modules {
		if u.m == m {
			return u
		}
	}
	return nil
}

// module lowers the statements of one module.
func (p *program) module(m *module.Module) {
	u := p.unitOf(m)
	index := p.reserve()
	p.inits[m] = index
	p.out.Modules[u.index].Init = index
	f := u.newFn(nil, u.info.Functions[m.File], index, m.File.Source.Name, m.File.Span)
	f.body(m.File.Stmts)
	f.finish()
}

// entry makes the function that initialises the modules and runs the program.
func (p *program) entry(g *module.Graph) {
	last := p.modules[len(p.modules)-1]
	index := p.reserve()
	p.out.Entry = index
	f := last.newFn(nil, nil, index, "", last.m.File.Span)
	result := f.alloc()
	for _, m := range g.Modules[:len(g.Modules)-1] {
		f.emit(ir.Instr{Op: ir.OpCallFunc, Dst: result, A: ir.R(result), C: ir.Operand(p.inits[m])})
	}
	f.hostPrologue(last, result)
	f.emit(ir.Instr{Op: ir.OpCallFunc, Dst: result, A: ir.R(result), C: ir.Operand(p.inits[last.m])})
	if last.pattern >= 0 {
		f.emit(ir.Instr{Op: ir.OpGetGlobal, Dst: result, N: p.host("input")})
		f.emit(ir.Instr{Op: ir.OpCallFunc, Dst: result, A: ir.R(result), N: 1, C: ir.Operand(last.pattern)})
	}
	f.emit(ir.Instr{Op: ir.OpAwait, Dst: result, A: ir.R(result)})
	f.emit(ir.Instr{Op: ir.OpReturn, A: ir.R(result)})
	f.finish()
}

// hostPrologue computes the names that are derived from agents, when the
// program reads them.
func (f *fn) hostPrologue(u *unit, tmp ir.Reg) {
	for i := 0; i < len(u.p.hosts); i++ {
		name := u.p.hosts[i]
		t, ok := u.p.implicit("__" + name)
		if !ok {
			continue
		}
		f.callTarget(t, tmp, tmp, 0)
		f.emit(ir.Instr{Op: ir.OpSetGlobal, A: ir.R(tmp), N: u.p.host(name)})
	}
}

func numberConst(v float64) bytecode.Const {
	return bytecode.Const{Kind: bytecode.ConstNumber, Bits: math.Float64bits(v)}
}

func stringConst(s string) bytecode.Const {
	return bytecode.Const{Kind: bytecode.ConstString, String: s}
}

// implicit finds a function of the library that some module needs.
func (p *program) implicit(name string) (module.Target, bool) {
	for _, u := range p.modules {
		if t, ok := u.m.Implicit[name]; ok {
			return t, true
		}
	}
	return module.Target{}, false
}
