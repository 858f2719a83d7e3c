package bytecode

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/prism/source"
)

// Disassemble writes a program for people to read: each function with its
// instructions, what their operands refer to, and the source lines they come
// from. What does not exist in a program that is not valid is shown as "?".
// The error is that of w.
func Disassemble(w io.Writer, p *Program) error {
	d := &disassembler{p: p}
	d.program()
	_, err := io.WriteString(w, d.b.String())
	return err
}

type disassembler struct {
	p      *Program
	b      strings.Builder
	f      *Func
	labels map[int]bool // targets of jumps and handlers
}

func (d *disassembler) linef(format string, args ...any) {
	fmt.Fprintf(&d.b, format, args...)
	d.b.WriteByte('\n')
}

func (d *disassembler) program() {
	p := d.p
	d.linef("entry  %s", d.funcName(p.Entry))
	for _, m := range p.Modules {
		d.linef("module %s, body %s", printable(m.Path), d.funcName(m.Init))
	}
	for i, g := range p.Globals {
		of := "host"
		if within(g.Module, len(p.Modules)) {
			of = printable(p.Modules[g.Module].Path)
		}
		kind := "variable"
		if g.Const {
			kind = "constant"
		}
		d.linef("global %d %s: %s of %s", i, printable(g.Name), kind, of)
	}
	for i, f := range p.Funcs {
		d.b.WriteByte('\n')
		if f == nil {
			d.linef("function %d is missing", i)
			continue
		}
		d.fn(i, f)
	}
}

// funcName returns a function's number and name.
func (d *disassembler) funcName(i int) string {
	if !within(i, len(d.p.Funcs)) || d.p.Funcs[i] == nil {
		return fmt.Sprintf("fn%d ?", i)
	}
	if name := d.p.Funcs[i].Name; name != "" {
		return fmt.Sprintf("fn%d %s", i, printable(name))
	}
	return fmt.Sprintf("fn%d", i)
}

func (d *disassembler) fn(i int, f *Func) {
	d.f = f
	var about []string
	if f.MinArgs < f.Params {
		about = append(about, fmt.Sprintf("%d to %d parameters", f.MinArgs, f.Params))
	} else {
		about = append(about, fmt.Sprintf("%d parameters", f.Params))
	}
	if f.Rest {
		about = append(about, "the last takes the rest")
	}
	if f.Async {
		about = append(about, "async")
	}
	about = append(about, fmt.Sprintf("%d registers", f.Regs))
	file := d.file(f)
	if file != nil {
		at := file.Position(f.Span.Start)
		about = append(about, fmt.Sprintf("%s:%d:%d", file.Name, at.Line, at.Column))
	}
	d.linef("function %s: %s", strings.TrimPrefix(d.funcName(i), "fn"), strings.Join(about, ", "))
	for i, c := range f.Captures {
		kind, from := "value", "capture "
		if c.Cell {
			kind = "cell"
		}
		if c.FromReg {
			from = "r"
		}
		d.linef("  capture %d %s: %s of %s%d", i, printable(c.Name), kind, from, c.Index)
	}
	for _, l := range f.Locals {
		kind := ""
		if l.Cell {
			kind = ", a cell"
		}
		d.linef("  local %s: r%d%s", printable(l.Name), l.Reg, kind)
	}
	for _, h := range f.Handlers {
		d.linef("  handler %d..%d -> L%d, exception in r%d", h.Start, h.End, h.Target, h.Reg)
	}
	d.findLabels()

	line, last := 0, source.Span{}
	for pc := 0; pc < len(f.Code); pc++ {
		if d.labels[pc] {
			d.linef("L%d:", pc)
		}
		place := ""
		if span := f.SpanAt(pc); file != nil && span != last {
			last = span
			at := file.Position(span.Start)
			if place = fmt.Sprintf("%d:%d", at.Line, at.Column); at.Line != line {
				line = at.Line
				d.linef("        ; %s | %s", place, strings.TrimSpace(file.LineText(line)))
				place = ""
			}
		}
		in, ext, at := f.Code[pc], Instr{}, pc
		if in.Op.HasExt() && pc+1 < len(f.Code) {
			pc++
			ext = f.Code[pc]
		}
		text := strings.TrimRight(fmt.Sprintf("%6d  %-18s%s", at, in.Op, d.operands(in, ext)), " ")
		if place != "" {
			text = fmt.Sprintf("%-52s ; %s", text, place)
		}
		d.linef("%s", text)
	}
}

// file returns the source of a function, nil if there is none.
func (d *disassembler) file(f *Func) *source.File {
	if within(f.Module, len(d.p.Modules)) {
		return d.p.Modules[f.Module].Source
	}
	return nil
}

func (d *disassembler) findLabels() {
	d.labels = make(map[int]bool)
	for _, h := range d.f.Handlers {
		d.labels[h.Target] = true
	}
	for pc, in := range d.f.Code {
		if in.Op >= OpCount {
			continue
		}
		switch form := &forms[in.Op]; {
		case form.b == wideTarget:
			d.labels[in.K32()] = true
		case form.ea == extTarget && pc+1 < len(d.f.Code):
			d.labels[d.f.Code[pc+1].E32()] = true
		}
	}
}

// operands returns the operands of an instruction, separated by commas.
func (d *disassembler) operands(in, ext Instr) string {
	if in.Op >= OpCount {
		return fmt.Sprintf("operation %d", in.Op)
	}
	form := &forms[in.Op]
	window := form.windowField()
	first, n := d.f.window(in, ext)
	var parts []string
	for i, o := range [...]struct {
		kind  operand
		value uint16
	}{{form.a, in.A}, {form.b, in.B}, {form.c, in.C}, {form.ea, ext.A}, {form.eb, ext.B}} {
		switch {
		case i == window && n == 0:
			parts = append(parts, fmt.Sprintf("r%d..", first))
		case i == window:
			parts = append(parts, fmt.Sprintf("r%d..r%d", first, first+n-1))
		case o.kind == count && window >= 0:
		default:
			if text := d.operand(in, ext, o.kind, int(o.value)); text != "" {
				parts = append(parts, text)
			}
		}
	}
	return strings.Join(parts, ", ")
}

// operand returns one operand as text, "" for one that is not used.
func (d *disassembler) operand(in, ext Instr, kind operand, value int) string {
	f := d.f
	switch kind {
	case regW, regR, regRW:
		return fmt.Sprintf("r%d", value)
	case regPair:
		if in.C == 1 {
			return fmt.Sprintf("r%d, r%d", value, value+1)
		}
		return fmt.Sprintf("r%d", value)
	case konst, konstNum:
		return d.constant(value)
	case wideK:
		return d.constant(in.K32())
	case name:
		return "." + at(f.Names, value)
	case shape:
		if value < len(f.Shapes) {
			keys := slices.Clone(f.Shapes[value])
			for i, k := range keys {
				keys[i] = printable(k)
			}
			return "{" + strings.Join(keys, ", ") + "}"
		}
		return "{?}"
	case capture:
		if value < len(f.Captures) {
			return "^" + printable(f.Captures[value].Name)
		}
		return "^?"
	case count, strategyField:
		return strconv.Itoa(value)
	case flag:
		if in.Op == OpNext {
			return "" // told by the registers
		}
		return strconv.FormatBool(value == 1)
	case wideInt:
		return strconv.Itoa(int(in.Int()))
	case wideGlobal:
		if in.K32() < len(d.p.Globals) {
			return "$" + printable(d.p.Globals[in.K32()].Name)
		}
		return "$?"
	case wideFunc, wideClosure:
		return d.funcName(in.K32())
	case extFunc:
		return d.funcName(ext.E32())
	case wideLib:
		return "%" + at(d.p.Libs, in.K32())
	case extLib:
		return "%" + at(d.p.Libs, ext.E32())
	case wideTarget:
		return fmt.Sprintf("-> L%d", in.K32())
	case extTarget:
		return fmt.Sprintf("-> L%d", ext.E32())
	}
	return ""
}

// at returns a name of a table.
func at(table []string, i int) string {
	if i < len(table) {
		return printable(table[i])
	}
	return "?"
}

// printable returns a name, quoted where that is needed to see it.
func printable(s string) string {
	if q := strconv.Quote(s); s == "" || q[1:len(q)-1] != s {
		return q
	}
	return s
}

func (d *disassembler) constant(i int) string {
	if i >= len(d.f.Consts) {
		return "?"
	}
	switch c := d.f.Consts[i]; c.Kind {
	case ConstNull:
		return "null"
	case ConstBool:
		return strconv.FormatBool(c.Bits != 0)
	case ConstNumber:
		return strconv.FormatFloat(math.Float64frombits(c.Bits), 'g', -1, 64)
	case ConstString:
		return strconv.Quote(c.String)
	case ConstUnset:
		return "unset"
	}
	return "?"
}
