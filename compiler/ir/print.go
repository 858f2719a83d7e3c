package ir

import (
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/prism/source"
)

// The text form, line by line ([] optional, ... repeated, N a number, Q a
// quoted string; ";" begins a comment outside a string):
//
//	program N                                entry function
//	lib Q
//	name Q, version Q, description Q, input Q, output Q, timeout N, explain,
//	agents, capability Q, confidence N, minagents N, maxagents N, strategy ..., header Q Q
//	module Q [file Q] init N digest HEX
//	global Q module N [const]
//	func N Q module N @N:N params N min N [rest] [async] regs N
//	  capture Q [cell] from rN|cN
//	  const K ...
//	  property Q ...
//	  shape [Q ...]
//	  local Q rN [cell] @N:N
//	  context Q [to Q] @N:N
//	bN: [catch bN rN]
//	  [rN = |rN := ]op operands [-> bN[, bN]] [: facts] [@N:N]
//
// "=" writes the register, ":=" reads it too. An operand is a register, a
// constant by its value, a window of registers (first..last; "r4.." is an empty
// one), a name (.name), a shape ({a, b}), a library function (%name), a global
// ($N), a capture (cN), a function (fnN), a plain number (#N) or a comparison by
// its name. Where a table of the function holds an entry twice, "!N" after the
// value tells which one is meant. Fields that an operation does not use are not
// part of the text.

// Print writes the text form of a program. Of the source texts only the names
// are written. Any program can be printed, also one that Verify refuses.
func Print(w io.Writer, p *Program) error {
	pr := &printer{p: p}
	pr.program()
	_, err := io.WriteString(w, pr.b.String())
	return err
}

// String returns the text form of the program.
func (p *Program) String() string {
	pr := &printer{p: p}
	pr.program()
	return pr.b.String()
}

// String returns the text form of the function alone, in which things of the
// program go by their numbers. It can't be parsed.
func (f *Func) String() string {
	pr := &printer{}
	pr.fn(0, f)
	return pr.b.String()
}

type printer struct {
	p       *Program // nil for a function alone
	b       strings.Builder
	f       *Func
	comment string // for the end of the line
}

func (pr *printer) linef(format string, args ...any) {
	fmt.Fprintf(&pr.b, format, args...)
	pr.b.WriteByte('\n')
}

func (pr *printer) program() {
	p := pr.p
	pr.linef("program %d", p.Entry)
	for _, l := range p.Libs {
		pr.linef("lib %q", l)
	}
	pr.meta(&p.Meta)
	for i, m := range p.Modules {
		if m == nil {
			pr.linef("; module %d is missing", i)
			continue
		}
		file := ""
		if m.Source != nil {
			file = fmt.Sprintf(" file %q", m.Source.Name)
		}
		pr.linef("module %q%s init %d digest %s", m.Path, file, m.Init, hex.EncodeToString(m.Digest[:]))
	}
	for _, g := range p.Globals {
		pr.linef("global %q module %d%s", g.Name, g.Module, word(" const", g.Const))
	}
	for i, f := range p.Funcs {
		pr.b.WriteByte('\n')
		pr.fn(i, f)
	}
}

// metaText is a textual entry of the metadata.
type metaText struct {
	key  string
	text *string
}

func metaTexts(m *bytecode.Meta) []metaText {
	return []metaText{{"name", &m.Name}, {"version", &m.Version}, {"description", &m.Description}}
}

// strategyFields lists the numbers of a strategy with their keys.
func strategyFields(s *bytecode.Strategy) (keys []string, fields []*float64) {
	return []string{"coalesce", "gate", "reduction", "high", "medium"},
		[]*float64{&s.Coalesce, &s.Gate, &s.Reduction, &s.High, &s.Medium}
}

// strategyRules lists the rules of a strategy with their keys.
func strategyRules(s *bytecode.Strategy) (keys []string, rules []*bytecode.Combine) {
	return []string{"combine", "logic", "either", "choose"},
		[]*bytecode.Combine{&s.Combine, &s.Logic, &s.Either, &s.Choose}
}

func (pr *printer) meta(m *bytecode.Meta) {
	for _, t := range metaTexts(m) {
		if *t.text != "" {
			pr.linef("%s %q", t.key, *t.text)
		}
	}
	if m.Input != nil {
		pr.linef("input %q", m.Input)
	}
	if m.Output != nil {
		pr.linef("output %q", m.Output)
	}
	if m.Agents.Declared {
		pr.linef("agents")
	}
	for _, c := range m.Agents.Capabilities {
		pr.linef("capability %q", c)
	}
	if m.Agents.MinConfidence != 0 {
		pr.linef("confidence %s", number(m.Agents.MinConfidence))
	}
	if m.Agents.Min != 0 {
		pr.linef("minagents %d", m.Agents.Min)
	}
	if m.Agents.Max != 0 {
		pr.linef("maxagents %d", m.Agents.Max)
	}
	if m.TimeoutMs != 0 {
		pr.linef("timeout %d", m.TimeoutMs)
	}
	if m.Strategy != (bytecode.Strategy{}) {
		pr.b.WriteString("strategy")
		keys, rules := strategyRules(&m.Strategy)
		for i, r := range rules {
			fmt.Fprintf(&pr.b, " %s %s", keys[i], combineName(*r))
		}
		keys, fields := strategyFields(&m.Strategy)
		for i, f := range fields {
			fmt.Fprintf(&pr.b, " %s %s", keys[i], number(*f))
		}
		pr.b.WriteByte('\n')
	}
	if m.Explain {
		pr.linef("explain")
	}
	for _, e := range m.Entries {
		pr.linef("header %q %q", e[0], e[1])
	}
}

func combineName(c bytecode.Combine) string {
	if c > bytecode.Average {
		return strconv.Itoa(int(c))
	}
	return c.String()
}

func (pr *printer) fn(index int, f *Func) {
	if pr.f = f; f == nil {
		pr.linef("; function %d is missing", index)
		return
	}
	pr.linef("func %d %q module %d %s params %d min %d%s%s regs %d", index, f.Name, f.Module, spanText(f.Span),
		f.Params, f.MinArgs, word(" rest", f.Rest), word(" async", f.Async), f.Regs)
	for _, c := range f.Captures {
		from := 'c'
		if c.FromReg {
			from = 'r'
		}
		pr.linef("  capture %q%s from %c%d", c.Name, word(" cell", c.Cell), from, c.Index)
	}
	for _, c := range f.Consts {
		pr.linef("  const %s", constText(c))
	}
	for _, n := range f.Names {
		pr.linef("  property %q", n)
	}
	for _, s := range f.Shapes {
		pr.b.WriteString("  shape")
		for _, k := range s {
			fmt.Fprintf(&pr.b, " %q", k)
		}
		pr.b.WriteByte('\n')
	}
	for _, l := range f.Locals {
		pr.linef("  local %q r%d%s %s", l.Name, l.Reg, word(" cell", l.Cell), spanText(l.Scope))
	}
	for _, c := range f.Contexts {
		to := ""
		if c.To != "" {
			to = fmt.Sprintf(" to %q", c.To)
		}
		pr.linef("  context %q%s %s", c.Name, to, spanText(c.Span))
	}
	for i, b := range f.Blocks {
		if b == nil {
			pr.linef("; b%d is missing", i)
			continue
		}
		catch := ""
		if b.Handler != -1 {
			catch = fmt.Sprintf(" catch b%d r%d", b.Handler, b.HandlerReg)
		}
		pr.linef("b%d:%s", b.ID, catch)
		for i := range b.Instrs {
			pr.linef("  %s", pr.instr(&b.Instrs[i]))
		}
	}
}

// instr returns one instruction as text.
func (pr *printer) instr(in *Instr) string {
	if in.Op >= OpCount {
		return fmt.Sprintf("op%d", in.Op)
	}
	form := &Forms[in.Op]
	pr.comment = ""
	var b strings.Builder
	if form.Dst {
		fmt.Fprintf(&b, "r%d %s ", in.Dst, map[bool]string{false: "=", true: ":="}[form.Read])
	}
	b.WriteString(form.Name)
	sep := " "
	put := func(text string) {
		b.WriteString(sep)
		b.WriteString(text)
		sep = ", "
	}
	if form.Index == 'o' {
		if in.N >= 0 && in.N < int(OpCount) {
			put(Op(in.N).String())
		} else {
			put(strconv.Itoa(in.N))
		}
	}
	if form.CIndex != 0 {
		put(pr.index(form.CIndex, int(in.C)))
	}
	for i, o := range [...]Operand{in.A, in.B, in.C} {
		switch {
		case form.Args[i] == '-':
		case form.Window != 0 && int(form.Window-'A') == i:
			put(windowText(o.Reg(), in.N*indexed(form)+form.Extra))
		case form.Index == 's' && i == 0 && in.N >= 0 && in.N < len(pr.f.Shapes):
			put(windowText(o.Reg(), len(pr.f.Shapes[in.N])))
		default:
			put(pr.operand(o))
		}
	}
	switch {
	case form.Index == 0 || form.Index == 'o':
	case form.Index == '#' && form.Window != 0:
	default:
		put(pr.index(form.Index, in.N))
	}
	switch form.Succ {
	case 1:
		fmt.Fprintf(&b, " -> b%d", in.To)
	case 2:
		fmt.Fprintf(&b, " -> b%d, b%d", in.To, in.Else)
	}
	if text := in.Facts.String(); text != "" {
		b.WriteString(" : " + text)
	}
	if in.Span != (source.Span{}) {
		b.WriteString(" " + spanText(in.Span))
	}
	if pr.comment != "" {
		b.WriteString(" ; " + pr.comment)
	}
	return b.String()
}

// indexed returns 1 when N counts the registers of the window, else 0.
func indexed(form *Form) int {
	if form.Index == '#' {
		return 1
	}
	return 0
}

// WindowLen returns how many registers from operand A (B for OpOmit) on the
// instruction reads, 0 when it has no window.
func (f *Func) WindowLen(in *Instr) int {
	form := &Forms[in.Op]
	switch {
	case form.Index == 's':
		if in.N >= 0 && in.N < len(f.Shapes) {
			return len(f.Shapes[in.N])
		}
		return 0
	case form.Window != 0:
		return in.N*indexed(form) + form.Extra
	}
	return 0
}

func (pr *printer) operand(o Operand) string {
	if !o.IsConst() {
		return fmt.Sprintf("r%d", o.Reg())
	}
	i := o.Const()
	if i >= len(pr.f.Consts) {
		return fmt.Sprintf("?%d", i)
	}
	text := constText(pr.f.Consts[i])
	return text + nth(i, slices.Index(pr.f.Consts, pr.f.Consts[i]))
}

// nth tells apart equal entries of a table.
func nth(i, first int) string {
	if i == first {
		return ""
	}
	return fmt.Sprintf("!%d", i)
}

func (pr *printer) index(kind byte, i int) string {
	note := func(ok bool, name func() string) {
		if ok && i >= 0 {
			if text := name(); text != "" {
				pr.comment = strings.TrimPrefix(pr.comment+", "+printable(text), ", ")
			}
		}
	}
	switch kind {
	case 'g':
		note(pr.p != nil && i < len(pr.p.Globals), func() string { return pr.p.Globals[i].Name })
		return fmt.Sprintf("$%d", i)
	case 'c':
		note(i < len(pr.f.Captures), func() string { return pr.f.Captures[i].Name })
		return fmt.Sprintf("c%d", i)
	case 'f':
		note(pr.p != nil && i < len(pr.p.Funcs) && pr.p.Funcs[max(i, 0)] != nil, func() string { return pr.p.Funcs[i].Name })
		return fmt.Sprintf("fn%d", i)
	case 'l':
		if pr.p != nil && i >= 0 && i < len(pr.p.Libs) {
			return "%" + nameText(pr.p.Libs[i]) + nth(i, slices.Index(pr.p.Libs, pr.p.Libs[i]))
		}
	case 'n':
		if i >= 0 && i < len(pr.f.Names) {
			return "." + nameText(pr.f.Names[i]) + nth(i, slices.Index(pr.f.Names, pr.f.Names[i]))
		}
	case 's':
		if i >= 0 && i < len(pr.f.Shapes) {
			keys := make([]string, len(pr.f.Shapes[i]))
			for j, k := range pr.f.Shapes[i] {
				keys[j] = nameText(k)
			}
			first := slices.IndexFunc(pr.f.Shapes, func(s []string) bool { return slices.Equal(s, pr.f.Shapes[i]) })
			return "{" + strings.Join(keys, ", ") + "}" + nth(i, first)
		}
	case '#':
		return fmt.Sprintf("#%d", i)
	}
	return fmt.Sprintf("?%d", i)
}

// printable makes a name fit for a comment.
func printable(s string) string {
	q := strconv.Quote(s)
	return q[1 : len(q)-1]
}

// nameText quotes a name unless it looks like one.
func nameText(s string) string {
	for i, c := range []byte(s) {
		letter := c == '_' || c == '$' || 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '.') {
			return strconv.Quote(s)
		}
	}
	if s == "" {
		return `""`
	}
	return s
}

func windowText(first Reg, n int) string {
	if n == 0 {
		return fmt.Sprintf("r%d..", first)
	}
	return fmt.Sprintf("r%d..r%d", first, int(first)+n-1)
}

func constText(c bytecode.Const) string {
	switch c.Kind {
	case bytecode.ConstNull:
		return "null"
	case bytecode.ConstBool:
		return strconv.FormatBool(c.Bits != 0)
	case bytecode.ConstNumber:
		f := math.Float64frombits(c.Bits)
		if f != f && c.Bits != math.Float64bits(math.NaN()) {
			return fmt.Sprintf("nan:%x", c.Bits)
		}
		return number(f)
	case bytecode.ConstString:
		return strconv.Quote(c.String)
	case bytecode.ConstUnset:
		return "unset"
	}
	return fmt.Sprintf("?kind%d", c.Kind)
}

// number returns the shortest text that gives the same number again.
func number(f float64) string {
	switch {
	case f != f:
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

func spanText(s source.Span) string { return fmt.Sprintf("@%d:%d", s.Start, s.End) }

func word(text string, on bool) string {
	if on {
		return text
	}
	return ""
}

var kindNames = [...]string{"null", "boolean", "number", "string", "array", "object", "function", "promise"}

// allKinds has the bit of every kind.
const allKinds Kinds = 1<<len(kindNames) - 1

// String returns the kinds joined by "|", "" for the empty set.
func (k Kinds) String() string {
	var names []string
	for i, n := range kindNames {
		if k&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	if rest := k &^ allKinds; rest != 0 {
		names = append(names, fmt.Sprintf("?%#x", uint16(rest)))
	}
	return strings.Join(names, "|")
}

// String returns the facts as they stand in the text form, as in
// "number|string ~0.5..1"; "" when nothing is known.
func (f Facts) String() string {
	var parts []string
	if f.Kinds != 0 {
		parts = append(parts, f.Kinds.String())
	}
	if f.Plain {
		parts = append(parts, "plain")
	}
	if f.HasConf {
		parts = append(parts, "~"+number(f.Lo)+".."+number(f.Hi))
	}
	return strings.Join(parts, " ")
}
