package bytecode

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/parallaxai/parallax/prism/source"
)

// FormatError says why data is no usable .prismc file.
type FormatError struct {
	Offset int    // byte at which the fault shows
	Reason string // for people
	Err    error  // what Verify found, nil for faults of the encoding
}

func (e *FormatError) Error() string {
	if e.Err != nil {
		return e.Reason + ": " + e.Err.Error()
	}
	return e.Reason
}

// Unwrap returns what Verify found.
func (e *FormatError) Unwrap() error { return e.Err }

// IsArtefact reports whether data begins as a .prismc file does.
func IsArtefact(data []byte) bool {
	return len(data) > len(magic) && string(data[:len(magic)]) == magic && data[len(magic)] < ' '
}

// Decode reads the content of a .prismc file and verifies the program in it.
// The error is a *FormatError. Whatever the data, Decode takes memory and time
// in proportion to its length.
func Decode(data []byte) (*Program, error) {
	p, err := decode(data)
	if err != nil {
		return nil, err
	}
	if err := Verify(p); err != nil {
		return nil, &FormatError{Reason: "the file holds no valid program", Err: err}
	}
	return p, nil
}

// decode reads a file without verifying the program.
func decode(data []byte) (p *Program, err error) {
	fail := func(offset int, reason string) (*Program, error) {
		return nil, &FormatError{Offset: offset, Reason: reason}
	}
	n := min(len(data), len(magic))
	switch {
	case string(data[:n]) != magic[:n] || n == 0:
		return fail(0, "not a Prism artefact")
	case n < len(magic):
		return fail(n, "the file is truncated")
	}
	version, n := binary.Uvarint(data[len(magic):])
	start := len(magic) + n
	switch {
	case n == 0:
		return fail(len(data), "the file is truncated")
	case n < 0 || version > FormatVersion:
		return fail(len(magic), "the file was built by a newer prism; rebuild it with this one")
	case version != FormatVersion:
		return fail(len(magic), fmt.Sprintf("the file has format %d, which is not supported; rebuild it", version))
	case len(data) < start+4:
		return fail(len(data), "the file is truncated")
	}
	length := uint64(binary.LittleEndian.Uint32(data[start:]))
	start += 4
	switch have := uint64(len(data)); {
	case have < uint64(start)+length+sha256.Size:
		return fail(len(data), "the file is truncated")
	case have > uint64(start)+length+sha256.Size:
		return fail(start+int(length)+sha256.Size, "the file has something after its end")
	}
	end := start + int(length)
	if sha256.Sum256(data[:end]) != [sha256.Size]byte(data[end:]) {
		return fail(end, "the file is damaged")
	}

	d := &decoder{data: data[:end], pos: start, end: end, text: string(data[:end])}
	defer func() {
		if r := recover(); r != nil {
			fault, ok := r.(*FormatError)
			if !ok {
				panic(r)
			}
			p, err = nil, fault
		}
	}()
	return d.program(), nil
}

// decoder reads the sections. It panics with a *FormatError, which decode
// catches.
type decoder struct {
	data    []byte
	text    string // the data once more: strings are parts of it
	pos     int
	end     int // of the section
	strings []string
	at      int32 // start of the last span
}

func (d *decoder) failf(format string, args ...any) {
	panic(&FormatError{Offset: d.pos, Reason: "the file is malformed: " + fmt.Sprintf(format, args...)})
}

func (d *decoder) program() *Program {
	p := &Program{}
	for s := sectionStrings; s < sectionEnd; s++ {
		if d.byte() != byte(s) {
			d.pos--
			d.failf("section %d is due", s)
		}
		length := d.size(1)
		outer := d.end
		d.end = d.pos + length
		d.at = 0
		switch s {
		case sectionStrings:
			d.strings = items(d, 1, func() string {
				n := d.size(1)
				d.pos += n
				return d.text[d.pos-n : d.pos]
			})
		case sectionMeta:
			d.meta(p)
		case sectionModules:
			p.Modules = items(d, 35, d.module)
		case sectionGlobals:
			p.Globals = items(d, 3, func() Global {
				return Global{Name: d.string(), Module: d.int(), Const: d.bool()}
			})
		case sectionLibs:
			p.Libs = items(d, 1, d.string)
		case sectionFuncs:
			p.Funcs = items(d, 19, d.fn)
		}
		if d.pos != d.end {
			d.failf("section %d is longer than its content", s)
		}
		d.end = outer
	}
	if d.pos != d.end {
		d.failf("there is something after the last section")
	}
	return p
}

func (d *decoder) byte() byte {
	if d.pos >= d.end {
		d.failf("a section ends too early")
	}
	d.pos++
	return d.data[d.pos-1]
}

// bytes returns the next n bytes.
func (d *decoder) bytes(n int) []byte {
	if n > d.end-d.pos {
		d.failf("a section ends too early")
	}
	d.pos += n
	return d.data[d.pos-n : d.pos]
}

func (d *decoder) bool() bool {
	b := d.byte()
	if b > 1 {
		d.failf("%d is neither 0 nor 1", b)
	}
	return b == 1
}

func (d *decoder) varint() uint64 {
	// Nearly all numbers are small.
	if d.pos < d.end && d.data[d.pos] < 0x80 {
		d.pos++
		return uint64(d.data[d.pos-1])
	}
	v, n := binary.Uvarint(d.data[d.pos:d.end])
	if n <= 0 {
		d.failf("a number is cut off or too long")
	}
	d.pos += n
	return v
}

// uint reads a number up to a limit.
func (d *decoder) uint(limit uint64) int {
	v := d.varint()
	if v > limit {
		d.failf("%d is beyond %d", v, limit)
	}
	return int(v)
}

// index reads a number of 31 bits.
func (d *decoder) index() int { return d.uint(math.MaxInt32) }

// size reads the number of things that follow, each of at least min bytes.
func (d *decoder) size(min int) int {
	v := d.varint()
	if v > uint64((d.end-d.pos)/min) {
		d.failf("%d things don't fit the section", v)
	}
	return int(v)
}

func (d *decoder) int() int {
	u := d.varint()
	v := int64(u >> 1)
	if u&1 != 0 {
		v = ^v
	}
	if v != int64(int32(v)) {
		d.failf("%d has more than 32 bits", v)
	}
	return int(v)
}

func (d *decoder) float() float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(d.bytes(8)))
}

func (d *decoder) string() string {
	i := d.varint()
	if i >= uint64(len(d.strings)) {
		d.failf("string %d of %d does not exist", i, len(d.strings))
	}
	return d.strings[i]
}

func (d *decoder) optional() []byte {
	if !d.bool() {
		return nil
	}
	return []byte(d.string())
}

func (d *decoder) span() source.Span {
	start := int64(d.at) + int64(d.int())
	end := start + int64(d.int())
	if start != int64(int32(start)) || end != int64(int32(end)) {
		d.failf("a span has more than 32 bits")
	}
	d.at = int32(start)
	return source.Span{Start: int32(start), End: int32(end)}
}

// items reads a list of elements of at least min bytes each.
func items[T any](d *decoder, min int, read func() T) []T {
	n := d.size(min)
	if n == 0 {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = read()
	}
	return out
}

func (d *decoder) meta(p *Program) {
	m := &p.Meta
	p.Entry = d.index()
	m.Name, m.Version, m.Description = d.string(), d.string(), d.string()
	m.Input, m.Output = d.optional(), d.optional()
	m.Agents = AgentSpec{Declared: d.bool(), Capabilities: items(d, 1, d.string), MinConfidence: d.float(), Min: d.index(), Max: d.index()}
	m.TimeoutMs = int64(d.varint())
	s := &m.Strategy
	s.Combine, s.Logic, s.Either, s.Choose = Combine(d.byte()), Combine(d.byte()), Combine(d.byte()), Combine(d.byte())
	for _, f := range [...]*float64{&s.Coalesce, &s.Gate, &s.Reduction, &s.High, &s.Medium} {
		*f = d.float()
	}
	m.Explain = d.bool()
	m.Entries = items(d, 2, func() [2]string { return [2]string{d.string(), d.string()} })
	m.Places = items(d, 3, func() Place { return Place{Path: d.string(), Line: d.index(), Column: d.index()} })
}

func (d *decoder) module() Module {
	m := Module{Path: d.string()}
	if d.bool() {
		name := d.string()
		m.Source = source.NewFile(name, d.string())
	}
	copy(m.Digest[:], d.bytes(len(m.Digest)))
	m.Init = d.index()
	return m
}

func (d *decoder) fn() *Func {
	d.at = 0
	f := &Func{Name: d.string(), Module: d.index(), Span: d.span(), Params: d.index(), MinArgs: d.index(),
		Rest: d.bool(), Async: d.bool(), Regs: d.index(), Caches: d.index()}
	f.Captures = items(d, 4, func() Capture {
		return Capture{Name: d.string(), Cell: d.bool(), FromReg: d.bool(), Index: d.index()}
	})
	f.Consts = items(d, 1, d.constant)
	f.Names = items(d, 1, d.string)
	f.Shapes = items(d, 1, func() []string { return items(d, 1, d.string) })
	f.Code = items(d, 4, func() Instr {
		return Instr{Op: Op(d.operand()), A: d.operand(), B: d.operand(), C: d.operand()}
	})
	f.Handlers = items(d, 4, func() Handler {
		return Handler{Start: d.index(), End: d.index(), Target: d.index(), Reg: d.index()}
	})
	pc := 0
	f.Lines = items(d, 3, func() Line {
		if pc += d.int(); pc != int(int32(pc)) {
			d.failf("a line has no place in the code")
		}
		return Line{PC: pc, Span: d.span()}
	})
	f.Locals = items(d, 5, func() Local {
		return Local{Name: d.string(), Reg: d.index(), Cell: d.bool(), Scope: d.span()}
	})
	f.Contexts = items(d, 4, func() Context {
		return Context{Name: d.string(), To: d.string(), Span: d.span()}
	})
	return f
}

func (d *decoder) operand() uint16 {
	// One byte is by far the most frequent.
	if d.pos < d.end && d.data[d.pos] < 0x80 {
		d.pos++
		return uint16(d.data[d.pos-1])
	}
	return uint16(d.uint(math.MaxUint16))
}

func (d *decoder) constant() Const {
	c := Const{Kind: ConstKind(d.byte())}
	switch c.Kind {
	case ConstNull, ConstUnset:
	case ConstBool:
		if d.bool() {
			c.Bits = 1
		}
	case ConstNumber:
		c.Bits = binary.LittleEndian.Uint64(d.bytes(8))
	case ConstString:
		c.String = d.string()
	default:
		d.failf("constants of kind %d do not exist", c.Kind)
	}
	return c
}
