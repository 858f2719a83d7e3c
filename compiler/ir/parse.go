package ir

import (
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/prism/source"
)

// ParseError is a fault in the text form of a program.
type ParseError struct {
	Line   int // from 1
	Reason string
}

func (e *ParseError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Parse reads the text form that Print writes. Sources come back with their
// names and no text. The program is not verified. The error is a *ParseError.
func Parse(text string) (p *Program, err error) {
	ps := &parser{p: &Program{}}
	defer func() {
		if r := recover(); r != nil {
			fault, ok := r.(parseFault)
			if !ok {
				panic(r)
			}
			p, err = nil, &ParseError{ps.line, string(fault)}
		}
	}()
	for l := range strings.SplitSeq(text, "\n") {
		ps.line++
		ps.rest = l
		if ps.skip(); ps.rest != "" {
			ps.parseLine()
			ps.end()
		}
	}
	if !ps.started {
		return nil, &ParseError{ps.line, `the text does not begin with "program"`}
	}
	return ps.p, nil
}

// parseFault carries the reason from the depth of a line to Parse.
type parseFault string

type parser struct {
	p       *Program
	f       *Func  // nil before the first function
	b       *Block // nil before the first block of the function
	line    int
	rest    string // of the line
	started bool
}

func (ps *parser) failf(format string, args ...any) { panic(parseFault(fmt.Sprintf(format, args...))) }

// skip passes over blanks and a comment.
func (ps *parser) skip() {
	ps.rest = strings.TrimLeft(ps.rest, " \t\r")
	if strings.HasPrefix(ps.rest, ";") {
		ps.rest = ""
	}
}

func (ps *parser) end() {
	if ps.skip(); ps.rest != "" {
		ps.failf("unexpected %q at the end of the line", ps.rest)
	}
}

// accept passes over a mark if it is next.
func (ps *parser) accept(mark string) bool {
	ps.skip()
	rest, ok := strings.CutPrefix(ps.rest, mark)
	if ok {
		ps.rest = rest
	}
	return ok
}

func (ps *parser) expect(mark string) {
	if !ps.accept(mark) {
		ps.failf("expected %q before %q", mark, ps.rest)
	}
}

// take removes the text up to the first byte in stops.
func (ps *parser) take(stops string) string {
	ps.skip()
	n := strings.IndexAny(ps.rest, stops)
	if n < 0 {
		n = len(ps.rest)
	}
	text := ps.rest[:n]
	ps.rest = ps.rest[n:]
	return text
}

// word takes letters, digits and underscores.
func (ps *parser) word() string {
	ps.skip()
	n := 0
	for n < len(ps.rest) {
		c := ps.rest[n]
		if c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			break
		}
		n++
	}
	text := ps.rest[:n]
	ps.rest = ps.rest[n:]
	return text
}

// key passes over a word if it is next.
func (ps *parser) key(want string) bool {
	saved := ps.rest
	if ps.word() == want {
		return true
	}
	ps.rest = saved
	return false
}

func (ps *parser) expectKey(want string) {
	if !ps.key(want) {
		ps.failf("expected %q before %q", want, ps.rest)
	}
}

func (ps *parser) quoted() string {
	ps.skip()
	q, err := strconv.QuotedPrefix(ps.rest)
	if err != nil || q[0] != '"' {
		ps.failf("expected a quoted string before %q", ps.rest)
	}
	ps.rest = ps.rest[len(q):]
	s, err := strconv.Unquote(q)
	if err != nil {
		ps.failf("bad string %s", q)
	}
	return s
}

// int32 takes a decimal number that fits 32 bits.
func (ps *parser) int32() int {
	ps.skip()
	n := 0
	for n < len(ps.rest) && (ps.rest[n] == '-' && n == 0 || '0' <= ps.rest[n] && ps.rest[n] <= '9') {
		n++
	}
	i, err := strconv.ParseInt(ps.rest[:n], 10, 32)
	if err != nil {
		ps.failf("expected a number before %q", ps.rest)
	}
	ps.rest = ps.rest[n:]
	return int(i)
}

// id takes a prefix with a number, as in r3 or b2.
func (ps *parser) id(prefix string) int {
	if !ps.accept(prefix) {
		ps.failf("expected %sN before %q", prefix, ps.rest)
	}
	i := ps.int32()
	if i < 0 {
		ps.failf("%s%d is negative", prefix, i)
	}
	return i
}

func (ps *parser) reg() Reg { return Reg(ps.id("r")) }

func (ps *parser) float(text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		ps.failf("expected a number, found %q", text)
	}
	return f
}

func (ps *parser) span() source.Span {
	ps.expect("@")
	start := ps.int32()
	ps.expect(":")
	return source.Span{Start: int32(start), End: int32(ps.int32())}
}

func (ps *parser) parseLine() {
	if !ps.started {
		ps.expectKey("program")
		ps.started = true
		ps.p.Entry = ps.int32()
		return
	}
	if ps.key("func") {
		ps.function()
		return
	}
	if ps.f == nil {
		ps.header()
		return
	}
	if ps.rest[0] == 'b' && len(ps.rest) > 1 && '0' <= ps.rest[1] && ps.rest[1] <= '9' {
		ps.block()
		return
	}
	if ps.b == nil {
		ps.table()
		return
	}
	ps.instr()
}

// header reads a line that stands before the functions.
func (ps *parser) header() {
	m := &ps.p.Meta
	switch key := ps.word(); key {
	case "lib":
		ps.p.Libs = append(ps.p.Libs, ps.quoted())
	case "name", "version", "description":
		for _, t := range metaTexts(m) {
			if t.key == key {
				*t.text = ps.quoted()
			}
		}
	case "input":
		m.Input = []byte(ps.quoted())
	case "output":
		m.Output = []byte(ps.quoted())
	case "agents":
		m.Agents.Declared = true
	case "capability":
		m.Agents.Capabilities = append(m.Agents.Capabilities, ps.quoted())
	case "confidence":
		m.Agents.MinConfidence = ps.float(ps.take(" \t;"))
	case "minagents":
		m.Agents.Min = ps.int32()
	case "maxagents":
		m.Agents.Max = ps.int32()
	case "timeout":
		n, err := strconv.ParseInt(ps.take(" \t;"), 10, 64)
		if err != nil {
			ps.failf("bad timeout")
		}
		m.TimeoutMs = n
	case "strategy":
		ps.strategy(&m.Strategy)
	case "explain":
		m.Explain = true
	case "header":
		key := ps.quoted()
		m.Entries = append(m.Entries, [2]string{key, ps.quoted()})
	case "module":
		ps.module()
	case "global":
		g := Global{Name: ps.quoted()}
		ps.expectKey("module")
		g.Module = ps.int32()
		g.Const = ps.key("const")
		ps.p.Globals = append(ps.p.Globals, g)
	default:
		ps.failf("unknown entry %q", key)
	}
}

func (ps *parser) strategy(s *bytecode.Strategy) {
	keys, rules := strategyRules(s)
	for i, r := range rules {
		ps.expectKey(keys[i])
		name, found := ps.word(), false
		for c := bytecode.Min; c <= bytecode.Average; c++ {
			if c.String() == name {
				*r, found = c, true
			}
		}
		if !found {
			ps.failf("unknown rule %q", name)
		}
	}
	keys, fields := strategyFields(s)
	for i, f := range fields {
		ps.expectKey(keys[i])
		*f = ps.float(ps.take(" \t;"))
	}
}

func (ps *parser) module() {
	m := &Module{Path: ps.quoted()}
	if ps.key("file") {
		m.Source = source.NewFile(ps.quoted(), "")
	}
	ps.expectKey("init")
	m.Init = ps.int32()
	ps.expectKey("digest")
	text := ps.word()
	if n, err := hex.Decode(m.Digest[:], []byte(text[:min(len(text), 2*len(m.Digest))])); err != nil || n != len(m.Digest) || len(text) != 2*n {
		ps.failf("bad digest %q", text)
	}
	ps.p.Modules = append(ps.p.Modules, m)
}

func (ps *parser) function() {
	if i := ps.int32(); i != len(ps.p.Funcs) {
		ps.failf("function %d stands where %d is due", i, len(ps.p.Funcs))
	}
	f := &Func{Name: ps.quoted()}
	ps.expectKey("module")
	f.Module = ps.int32()
	f.Span = ps.span()
	ps.expectKey("params")
	f.Params = ps.int32()
	ps.expectKey("min")
	f.MinArgs = ps.int32()
	f.Rest = ps.key("rest")
	f.Async = ps.key("async")
	ps.expectKey("regs")
	f.Regs = ps.int32()
	ps.p.Funcs = append(ps.p.Funcs, f)
	ps.f, ps.b = f, nil
}

// table reads a line between the head of a function and its first block.
func (ps *parser) table() {
	f := ps.f
	switch key := ps.word(); key {
	case "capture":
		c := Capture{Name: ps.quoted(), Cell: ps.key("cell")}
		ps.expectKey("from")
		if ps.accept("c") {
			c.Index = ps.int32()
		} else {
			c.FromReg, c.Index = true, int(ps.reg())
		}
		f.Captures = append(f.Captures, c)
	case "const":
		f.Consts = append(f.Consts, ps.constant())
	case "property":
		f.Names = append(f.Names, ps.quoted())
	case "shape":
		var keys []string
		for ps.skip(); ps.rest != ""; ps.skip() {
			keys = append(keys, ps.quoted())
		}
		f.Shapes = append(f.Shapes, keys)
	case "local":
		l := Local{Name: ps.quoted(), Reg: ps.reg(), Cell: ps.key("cell")}
		l.Scope = ps.span()
		f.Locals = append(f.Locals, l)
	case "context":
		c := Context{Name: ps.quoted()}
		if ps.key("to") {
			c.To = ps.quoted()
		}
		c.Span = ps.span()
		f.Contexts = append(f.Contexts, c)
	default:
		ps.failf("unknown entry %q", key)
	}
}

func (ps *parser) block() {
	b := &Block{ID: ps.id("b"), Handler: -1}
	ps.expect(":")
	if ps.key("catch") {
		b.Handler = ps.id("b")
		b.HandlerReg = ps.reg()
	}
	ps.f.Blocks = append(ps.f.Blocks, b)
	ps.b = b
}

// ops finds operations by name.
var ops = func() map[string]Op {
	m := make(map[string]Op, OpCount)
	for op := range OpCount {
		m[Forms[op].Name] = op
	}
	return m
}()

func (ps *parser) instr() {
	in := Instr{}
	dst, reads := false, false
	name := ps.word()
	saved := ps.rest
	if reads = ps.accept(":="); reads || ps.accept("=") {
		rest := ps.rest
		ps.rest = name
		in.Dst = ps.reg()
		ps.end()
		ps.rest = rest
		dst = true
		name = ps.word()
	} else {
		ps.rest = saved
	}
	op, ok := ops[name]
	if !ok {
		ps.failf("unknown operation %q", name)
	}
	form := &Forms[op]
	if in.Op = op; dst != form.Dst || reads != form.Read {
		ps.failf("%s is written %s", name, map[[2]bool]string{{false, false}: "without a destination",
			{true, false}: "rN = " + name, {true, true}: "rN := " + name}[[2]bool{form.Dst, form.Read}])
	}
	ps.operands(form, &in)
	if form.Succ > 0 {
		ps.expect("->")
		in.To = ps.id("b")
		if form.Succ > 1 {
			ps.expect(",")
			in.Else = ps.id("b")
		}
	}
	if ps.accept(":") {
		in.Facts = ps.facts()
	}
	if ps.skip(); strings.HasPrefix(ps.rest, "@") {
		in.Span = ps.span()
	}
	ps.b.Instrs = append(ps.b.Instrs, in)
}

// operands reads the operands of an instruction in the order in which
// printer.instr writes them.
func (ps *parser) operands(form *Form, in *Instr) {
	first := true
	comma := func() {
		if !first {
			ps.expect(",")
		}
		first = false
	}
	if form.Index == 'o' {
		comma()
		name := ps.word()
		op, ok := ops[name]
		if !ok {
			ps.failf("unknown comparison %q", name)
		}
		in.N = int(op)
	}
	if form.CIndex != 0 {
		comma()
		in.C = Operand(ps.index(form.CIndex))
	}
	count := -1 // registers of the window
	for i, o := range [...]*Operand{&in.A, &in.B, &in.C} {
		window := form.Window != 0 && int(form.Window-'A') == i || form.Index == 's' && i == 0
		switch {
		case form.Args[i] == '-':
			continue
		case window:
			comma()
			*o, count = ps.window()
		default:
			comma()
			*o = ps.operand()
		}
	}
	switch {
	case form.Index == 0 || form.Index == 'o':
	case form.Index == '#' && form.Window != 0:
		if in.N = count - form.Extra; in.N < 0 {
			ps.failf("%s needs a window of at least %d registers", form.Name, form.Extra)
		}
		return
	default:
		comma()
		in.N = ps.index(form.Index)
	}
	want := form.Extra
	if form.Index == 's' {
		want = len(ps.f.Shapes[in.N])
	}
	if count >= 0 && count != want {
		ps.failf("%s needs a window of %d registers, not %d", form.Name, want, count)
	}
}

// window reads r4..r6 or r4.. and returns the first register and the length.
func (ps *parser) window() (Operand, int) {
	first := ps.reg()
	ps.expect("..")
	if ps.skip(); !strings.HasPrefix(ps.rest, "r") {
		return R(first), 0
	}
	last := ps.reg()
	if last < first {
		ps.failf("the window r%d..r%d ends before it begins", first, last)
	}
	return R(first), int(last-first) + 1
}

func (ps *parser) operand() Operand {
	ps.skip()
	if len(ps.rest) > 1 && ps.rest[0] == 'r' && '0' <= ps.rest[1] && ps.rest[1] <= '9' {
		return R(ps.reg())
	}
	c := ps.constant()
	i := ps.entry(slices.Index(ps.f.Consts, c), len(ps.f.Consts), constText(c))
	if ps.f.Consts[i] != c {
		ps.failf("constant %d is not %s", i, constText(c))
	}
	return K(i)
}

// entry resolves an entry of a table that was found by value at index first; a
// "!N" that follows names an equal one.
func (ps *parser) entry(first, n int, text string) int {
	i := first
	if strings.HasPrefix(ps.rest, "!") {
		i = ps.id("!")
	}
	if i < 0 || i >= n {
		ps.failf("%s is not in its table", text)
	}
	return i
}

func (ps *parser) constant() bytecode.Const {
	ps.skip()
	if strings.HasPrefix(ps.rest, `"`) {
		return bytecode.Const{Kind: bytecode.ConstString, String: ps.quoted()}
	}
	switch text := ps.take(" \t,;@!"); text {
	case "null":
		return bytecode.Const{}
	case "unset":
		return bytecode.Const{Kind: bytecode.ConstUnset}
	case "true":
		return bytecode.Const{Kind: bytecode.ConstBool, Bits: 1}
	case "false":
		return bytecode.Const{Kind: bytecode.ConstBool}
	default:
		if bits, ok := strings.CutPrefix(text, "nan:"); ok {
			n, err := strconv.ParseUint(bits, 16, 64)
			if f := math.Float64frombits(n); err != nil || f == f {
				ps.failf("bad number %q", text)
			}
			return bytecode.Const{Kind: bytecode.ConstNumber, Bits: n}
		}
		return bytecode.Const{Kind: bytecode.ConstNumber, Bits: math.Float64bits(ps.float(text))}
	}
}

func (ps *parser) index(kind byte) int {
	switch kind {
	case 'g':
		return ps.id("$")
	case 'c':
		return ps.id("c")
	case 'f':
		return ps.id("fn")
	case '#':
		return ps.id("#")
	case 'l':
		ps.expect("%")
		name := ps.name()
		return ps.entry(slices.Index(ps.p.Libs, name), len(ps.p.Libs), "library "+strconv.Quote(name))
	case 'n':
		ps.expect(".")
		name := ps.name()
		return ps.entry(slices.Index(ps.f.Names, name), len(ps.f.Names), "property "+strconv.Quote(name))
	}
	ps.expect("{")
	var keys []string
	for !ps.accept("}") {
		if keys != nil {
			ps.expect(",")
		}
		keys = append(keys, ps.name())
	}
	first := slices.IndexFunc(ps.f.Shapes, func(s []string) bool { return slices.Equal(s, keys) })
	return ps.entry(first, len(ps.f.Shapes), fmt.Sprintf("shape %q", keys))
}

// name reads what nameText writes.
func (ps *parser) name() string {
	ps.skip()
	if strings.HasPrefix(ps.rest, `"`) {
		return ps.quoted()
	}
	name := ps.take(" \t,;!}")
	if name == "" || nameText(name) != name {
		ps.failf("expected a name before %q", name+ps.rest)
	}
	return name
}

func (ps *parser) facts() Facts {
	var f Facts
	for {
		text := ps.take(" \t;@")
		conf, isConf := strings.CutPrefix(text, "~")
		switch {
		case text == "":
			return f
		case text == "plain":
			f.Plain = true
		case isConf:
			lo, hi, ok := strings.Cut(conf, "..")
			if !ok {
				ps.failf("expected ~lo..hi, found %q", text)
			}
			f.HasConf, f.Lo, f.Hi = true, ps.float(lo), ps.float(hi)
		default:
			for name := range strings.SplitSeq(text, "|") {
				i := slices.Index(kindNames[:], name)
				if i < 0 {
					ps.failf("unknown kind %q", name)
				}
				f.Kinds |= 1 << i
			}
		}
	}
}
