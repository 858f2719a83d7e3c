package bytecode

import (
	"crypto/sha256"
	"encoding/binary"
	"math"

	"github.com/parallaxai/parallax/prism/source"
)

// A .prismc file is
//
//	"PRISM"  format version  length  section...  SHA-256
//
// where the length (32 bits, little-endian) counts the bytes of the sections,
// and the hash covers everything before it. A section is its number, the length
// of its content and the content; the sections stand in the order of their
// numbers, each exactly once. Numbers are varints (signed ones zigzag); a text
// is its index in the string table, a span its start (signed, relative to the
// span before it) and length; a list is its length and its elements.

// FormatVersion is the version of the .prismc format that Encode writes and
// Decode reads. It changes whenever the encoding or the meaning of an operation
// does.
const FormatVersion = 1

const magic = "PRISM"

// section numbers a part of the file.
type section byte

const (
	sectionStrings section = iota + 1
	sectionMeta
	sectionModules
	sectionGlobals
	sectionLibs
	sectionFuncs
	sectionEnd
)

// Encode returns the content of a .prismc file. Equal programs give equal
// bytes. The program should pass Verify, as Decode accepts no other.
func Encode(p *Program) []byte {
	e := &encoder{strings: make(map[string]int)}
	var bodies [sectionEnd][]byte
	for s := sectionMeta; s < sectionEnd; s++ {
		e.b, e.at = nil, 0
		switch s {
		case sectionMeta:
			e.meta(p)
		case sectionModules:
			list(e, p.Modules, e.module)
		case sectionGlobals:
			list(e, p.Globals, e.global)
		case sectionLibs:
			list(e, p.Libs, e.text)
		case sectionFuncs:
			list(e, p.Funcs, e.fn)
		}
		bodies[s] = e.b
	}
	e.b = nil
	e.uint(len(e.table))
	for _, s := range e.table {
		e.uint(len(s))
		e.b = append(e.b, s...)
	}
	bodies[sectionStrings] = e.b

	e.b = nil
	for s := sectionStrings; s < sectionEnd; s++ {
		e.b = append(e.b, byte(s))
		e.uint(len(bodies[s]))
		e.b = append(e.b, bodies[s]...)
	}
	out := binary.AppendUvarint([]byte(magic), FormatVersion)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(e.b)))
	out = append(out, e.b...)
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}

// Digest returns the hash that ends the program's file: it identifies the
// program with its sources and metadata.
func Digest(p *Program) [sha256.Size]byte {
	data := Encode(p)
	return [sha256.Size]byte(data[len(data)-sha256.Size:])
}

type encoder struct {
	b       []byte
	strings map[string]int
	table   []string
	at      int32 // start of the last span
}

func list[T any](e *encoder, items []T, put func(T)) {
	e.uint(len(items))
	for _, it := range items {
		put(it)
	}
}

func (e *encoder) uint(n int) { e.b = binary.AppendUvarint(e.b, uint64(n)) }
func (e *encoder) int(n int)  { e.b = binary.AppendVarint(e.b, int64(n)) }

func (e *encoder) bool(on bool) {
	n := byte(0)
	if on {
		n = 1
	}
	e.b = append(e.b, n)
}

func (e *encoder) float(f float64) {
	e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(f))
}

func (e *encoder) text(s string) {
	i, ok := e.strings[s]
	if !ok {
		i = len(e.table)
		e.strings[s] = i
		e.table = append(e.table, s)
	}
	e.uint(i)
}

// optional writes bytes that may be nil.
func (e *encoder) optional(b []byte) {
	if e.bool(b != nil); b != nil {
		e.text(string(b))
	}
}

func (e *encoder) span(s source.Span) {
	e.int(int(s.Start) - int(e.at))
	e.int(int(s.End) - int(s.Start))
	e.at = s.Start
}

func (e *encoder) meta(p *Program) {
	m := &p.Meta
	e.uint(p.Entry)
	e.text(m.Name)
	e.text(m.Version)
	e.text(m.Description)
	e.optional(m.Input)
	e.optional(m.Output)
	e.bool(m.Agents.Declared)
	list(e, m.Agents.Capabilities, e.text)
	e.float(m.Agents.MinConfidence)
	e.uint(m.Agents.Min)
	e.uint(m.Agents.Max)
	e.b = binary.AppendUvarint(e.b, uint64(m.TimeoutMs))
	s := &m.Strategy
	e.b = append(e.b, byte(s.Combine), byte(s.Logic), byte(s.Either), byte(s.Choose))
	for _, f := range [...]float64{s.Coalesce, s.Gate, s.Reduction, s.High, s.Medium} {
		e.float(f)
	}
	e.bool(m.Explain)
	list(e, m.Entries, func(kv [2]string) {
		e.text(kv[0])
		e.text(kv[1])
	})
	list(e, m.Places, func(p Place) {
		e.text(p.Path)
		e.uint(p.Line)
		e.uint(p.Column)
	})
}

func (e *encoder) module(m Module) {
	e.text(m.Path)
	if e.bool(m.Source != nil); m.Source != nil {
		e.text(m.Source.Name)
		e.text(m.Source.Src)
	}
	e.b = append(e.b, m.Digest[:]...)
	e.uint(m.Init)
}

func (e *encoder) global(g Global) {
	e.text(g.Name)
	e.int(g.Module)
	e.bool(g.Const)
}

func (e *encoder) fn(f *Func) {
	e.at = 0
	e.text(f.Name)
	e.uint(f.Module)
	e.span(f.Span)
	e.uint(f.Params)
	e.uint(f.MinArgs)
	e.bool(f.Rest)
	e.bool(f.Async)
	e.uint(f.Regs)
	e.uint(f.Caches)
	list(e, f.Captures, func(c Capture) {
		e.text(c.Name)
		e.bool(c.Cell)
		e.bool(c.FromReg)
		e.uint(c.Index)
	})
	list(e, f.Consts, e.constant)
	list(e, f.Names, e.text)
	list(e, f.Shapes, func(keys []string) { list(e, keys, e.text) })
	list(e, f.Code, func(in Instr) {
		e.uint(int(in.Op))
		e.uint(int(in.A))
		e.uint(int(in.B))
		e.uint(int(in.C))
	})
	list(e, f.Handlers, func(h Handler) {
		e.uint(h.Start)
		e.uint(h.End)
		e.uint(h.Target)
		e.uint(h.Reg)
	})
	pc := 0
	list(e, f.Lines, func(l Line) {
		e.int(l.PC - pc)
		e.span(l.Span)
		pc = l.PC
	})
	list(e, f.Locals, func(l Local) {
		e.text(l.Name)
		e.uint(l.Reg)
		e.bool(l.Cell)
		e.span(l.Scope)
	})
	list(e, f.Contexts, func(c Context) {
		e.text(c.Name)
		e.text(c.To)
		e.span(c.Span)
	})
}

func (e *encoder) constant(c Const) {
	e.b = append(e.b, byte(c.Kind))
	switch c.Kind {
	case ConstBool:
		e.bool(c.Bits != 0)
	case ConstNumber:
		e.b = binary.LittleEndian.AppendUint64(e.b, c.Bits)
	case ConstString:
		e.text(c.String)
	}
}
