package bytecode

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	goflag "flag"
	"math"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/prism/source"
)

var update = goflag.Bool("update", false, "rewrite the golden files")

// golden compares with testdata/name, which -update rewrites.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

var sameFile = cmp.Comparer(func(a, b *source.File) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Name == b.Name && a.Src == b.Src)
})

func TestEncodeDecode(t *testing.T) {
	want := program(t)
	got, err := Decode(Encode(want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, sameFile); diff != "" {
		t.Errorf("Decode(Encode(p)) (-want +got):\n%s", diff)
	}
}

func TestEncodeIsDeterministic(t *testing.T) {
	want := Encode(program(t))
	for range 20 {
		if string(Encode(program(t))) != string(want) {
			t.Fatal("two encodings of the same program differ")
		}
	}
	// The bytes themselves are fixed as long as FormatVersion stays.
	golden(t, "sample.prismc", string(want))
}

func TestDigest(t *testing.T) {
	p := program(t)
	data := Encode(p)
	if got := Digest(p); string(got[:]) != string(data[len(data)-32:]) {
		t.Errorf("Digest = %x, the file ends in %x", got, data[len(data)-32:])
	}
	before := Digest(p)
	p.Modules[0].Source = source.NewFile("main.prism", sample+" ")
	if Digest(p) == before {
		t.Error("the digest does not depend on the source text")
	}
}

// Every damaged or shortened file is refused; the reasons fit the damage.
func TestDecodeDamaged(t *testing.T) {
	data := Encode(program(t))
	reason := func(data []byte) string {
		_, err := Decode(data)
		var fault *FormatError
		if !errors.As(err, &fault) {
			t.Fatalf("Decode = %v, want a *FormatError", err)
		}
		if fault.Offset < 0 || fault.Offset > len(data) {
			t.Fatalf("offset %d of %d bytes", fault.Offset, len(data))
		}
		return fault.Error()
	}
	for i := range data {
		for _, bits := range []byte{0x01, 0x80, 0xff} {
			bad := append([]byte(nil), data...)
			bad[i] ^= bits
			got := reason(bad)
			if i > 10 && got != "the file is damaged" {
				t.Errorf("byte %d changed: %s", i, got)
			}
		}
		want := "the file is truncated"
		if i == 0 {
			want = "not a Prism artefact"
		}
		if got := reason(data[:i]); got != want {
			t.Errorf("%d bytes left: %s", i, got)
		}
	}
}

func TestDecodeReasons(t *testing.T) {
	data := Encode(program(t))
	with := func(i int, b byte) []byte {
		out := append([]byte(nil), data...)
		out[i] = b
		return out
	}
	tests := []struct {
		name string
		data []byte
		want FormatError
	}{
		{"empty", nil, FormatError{Offset: 0, Reason: "not a Prism artefact"}},
		{"text", []byte("let x = 1"), FormatError{Offset: 0, Reason: "not a Prism artefact"}},
		{"newer", with(5, 2), FormatError{Offset: 5, Reason: "the file was built by a newer prism; rebuild it with this one"}},
		{"much newer", append([]byte("PRISM"), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
			FormatError{Offset: 5, Reason: "the file was built by a newer prism; rebuild it with this one"}},
		{"older", with(5, 0), FormatError{Offset: 5, Reason: "the file has format 0, which is not supported; rebuild it"}},
		{"cut", data[:len(data)-1], FormatError{Offset: len(data) - 1, Reason: "the file is truncated"}},
		{"longer", append(append([]byte(nil), data...), 1), FormatError{Offset: len(data), Reason: "the file has something after its end"}},
		{"damaged", with(40, ^data[40]), FormatError{Offset: len(data) - 32, Reason: "the file is damaged"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Decode(tt.data)
			var got *FormatError
			if !errors.As(err, &got) || p != nil {
				t.Fatalf("Decode = %v, %v, want a *FormatError", p, err)
			}
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// seal gives sections a header and a hash that fit.
func seal(sections []byte) []byte {
	out := binary.AppendUvarint([]byte(magic), FormatVersion)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(sections)))
	out = append(out, sections...)
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}

// unseal returns the sections of a file.
func unseal(data []byte) []byte { return data[len(magic)+5 : len(data)-sha256.Size] }

func TestDecodeMalformed(t *testing.T) {
	huge := []byte{0xff, 0xff, 0xff, 0xff, 0x0f}
	cat := func(parts ...[]byte) []byte {
		var out []byte
		for _, p := range parts {
			out = append(out, p...)
		}
		return out
	}
	valid := unseal(Encode(program(t)))
	tests := []struct {
		name     string
		sections []byte
		want     string
	}{
		{"nothing", nil, "a section ends too early"},
		{"wrong section", []byte{9, 0}, "section 1 is due"},
		{"section beyond the file", cat([]byte{1}, huge), "4294967295 things don't fit the section"},
		{"many strings", cat([]byte{1, 5}, huge), "4294967295 things don't fit the section"},
		{"long string", []byte{1, 2, 1, 100}, "100 things don't fit the section"},
		{"endless number", []byte{1, 11, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, "a number is cut off or too long"},
		{"rest of section", []byte{1, 2, 0, 7}, "section 1 is longer than its content"},
		{"no such string", []byte{1, 1, 0, 2, 3, 0, 4, 0}, "string 4 of 0 does not exist"},
		{"large index", cat([]byte{1, 1, 0, 2, 6}, huge, []byte{0}), "4294967295 is beyond 2147483647"},
		{"no boolean", []byte{1, 2, 1, 0, 2, 5, 0, 0, 0, 0, 2}, "2 is neither 0 nor 1"},
		{"rest of file", append(append([]byte(nil), valid...), 0), "there is something after the last section"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Decode(seal(tt.sections))
			if err == nil || err.Error() != "the file is malformed: "+tt.want {
				t.Errorf("Decode = %v, want ...%s", err, tt.want)
			}
		})
	}
}

// What Encode writes of programs that are out of bounds, Decode refuses.
func TestDecodeOutOfBounds(t *testing.T) {
	tests := []struct {
		name   string
		mutate func(p *Program)
		want   string
	}{
		{"negative", func(p *Program) { p.Entry = -1 }, "is beyond 2147483647"},
		{"global", func(p *Program) { p.Globals[0].Module = math.MaxInt64 / 2 }, "has more than 32 bits"},
		{"span", func(p *Program) { p.Funcs[0].Locals[0].Scope = source.Span{Start: math.MaxInt32, End: math.MinInt32} }, "has more than 32 bits"},
		{"span sum", func(p *Program) {
			p.Funcs[0].Locals = []Local{{Scope: source.Span{Start: -2}}, {Scope: source.Span{Start: math.MaxInt32 - 2, End: math.MaxInt32 - 2}}}
		}, ""},
		{"constant", func(p *Program) { p.Funcs[0].Consts[0].Kind = 77 }, "constants of kind 77 do not exist"},
		{"line", func(p *Program) { p.Funcs[0].Lines = []Line{{PC: math.MaxInt32}, {PC: math.MaxInt32 + 1}} }, "a line has no place in the code"},
		{"verified", func(p *Program) { p.Entry = 77 }, "the file holds no valid program: program: the entry is function 77, which does not exist"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := program(t)
			tt.mutate(p)
			_, err := Decode(Encode(p))
			if tt.want == "" {
				if err != nil {
					t.Errorf("Decode = %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Decode = %v, want ...%s", err, tt.want)
			}
		})
	}
	p := program(t)
	p.Entry = 77
	_, err := Decode(Encode(p))
	var fault *VerifyError
	if !errors.As(err, &fault) {
		t.Errorf("errors.As(%v) finds no *VerifyError", err)
	}
}

// A small file that claims to hold much must not take much memory.
func TestDecodeBoundsMemory(t *testing.T) {
	var sections []byte
	// A million empty strings, in 1 MB.
	body := binary.AppendUvarint(nil, 1<<20)
	body = append(body, make([]byte, 1<<20)...)
	sections = append(sections, 1)
	sections = binary.AppendUvarint(sections, uint64(len(body)))
	sections = append(sections, body...)
	data := seal(sections)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Decode(data)
	runtime.ReadMemStats(&after)
	if err == nil {
		t.Fatal("Decode accepts a file with one section")
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 64*uint64(len(data)) {
		t.Errorf("%d bytes allocated for a file of %d", got, len(data))
	}
}

// Any program within the bounds of the format survives the round trip, valid or
// not.
func TestEncodeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawAny(t)
		data := Encode(want)
		got, err := decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, sameFile); diff != "" {
			t.Fatalf("decode(Encode(p)) (-want +got):\n%s", diff)
		}
		if string(Encode(got)) != string(data) {
			t.Fatal("encoding the decoded program gives other bytes")
		}
	})
}

// drawAny draws a program whose numbers fit the format, without meaning.
func drawAny(t *rapid.T) *Program {
	p := &Program{}
	index := rapid.OneOf(rapid.IntRange(0, 5), rapid.IntRange(0, math.MaxInt32))
	draw := func() int { return index.Draw(t, "index") }
	text := func() string { return rapid.String().Draw(t, "text") }
	on := func() bool { return rapid.Bool().Draw(t, "bool") }
	small := func() int { return rapid.IntRange(0, 3).Draw(t, "n") }
	word := func() uint16 { return rapid.Uint16().Draw(t, "operand") }
	float := func() float64 { return rapid.Float64().Draw(t, "float") }
	span := func() source.Span {
		start := rapid.Int32Range(0, math.MaxInt32/2).Draw(t, "start")
		return source.Span{Start: start, End: start + rapid.Int32Range(-5, 1000).Draw(t, "length")}
	}
	optional := func() []byte {
		if on() {
			return append([]byte{}, text()...)
		}
		return nil
	}
	rule := func() Combine { return Combine(rapid.Byte().Draw(t, "rule")) }
	p.Entry = draw()
	p.Meta = Meta{Name: text(), Version: text(), Description: text(), Input: optional(), Output: optional(),
		Agents: AgentSpec{Declared: on(), MinConfidence: float(), Min: draw(), Max: draw()}, TimeoutMs: rapid.Int64().Draw(t, "timeout"),
		Strategy: Strategy{rule(), rule(), rule(), rule(), float(), float(), float(), float(), float()}, Explain: on()}
	for range small() {
		p.Meta.Agents.Capabilities = append(p.Meta.Agents.Capabilities, text())
		p.Meta.Entries = append(p.Meta.Entries, [2]string{text(), text()})
		p.Libs = append(p.Libs, text())
		p.Globals = append(p.Globals, Global{text(), rapid.IntRange(-1, 9).Draw(t, "module"), on()})
	}
	for range small() {
		m := Module{Path: text(), Init: draw()}
		if on() {
			m.Source = source.NewFile(text(), text())
		}
		copy(m.Digest[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "digest"))
		p.Modules = append(p.Modules, m)
	}
	for range small() {
		f := &Func{Name: text(), Module: draw(), Span: span(), Params: draw(), MinArgs: draw(), Rest: on(), Async: on(), Regs: draw(), Caches: draw()}
		for range small() {
			f.Captures = append(f.Captures, Capture{text(), on(), on(), draw()})
			f.Names = append(f.Names, text())
			var keys []string
			for range small() {
				keys = append(keys, text())
			}
			f.Shapes = append(f.Shapes, keys)
			f.Handlers = append(f.Handlers, Handler{draw(), draw(), draw(), draw()})
			f.Lines = append(f.Lines, Line{draw(), span()})
			f.Locals = append(f.Locals, Local{text(), draw(), on(), span()})
			f.Contexts = append(f.Contexts, Context{text(), text(), span()})
		}
		for range small() {
			f.Code = append(f.Code, Instr{Op(word()), word(), word(), word()})
			f.Consts = append(f.Consts, rapid.SampledFrom([]Const{{}, {Kind: ConstBool}, {Kind: ConstBool, Bits: 1}, num(1.5), num(math.NaN()),
				num(math.Copysign(0, -1)), str(""), str("\xff"), {Kind: ConstUnset}}).Draw(t, "const"))
		}
		p.Funcs = append(p.Funcs, f)
	}
	return p
}

func FuzzDecode(f *testing.F) {
	f.Add(unseal(Encode(program(f))))
	f.Add([]byte{1, 1, 0, 2, 3, 0, 4, 0})
	f.Fuzz(func(t *testing.T, sections []byte) {
		p, err := Decode(seal(sections))
		if err != nil {
			var fault *FormatError
			if !errors.As(err, &fault) {
				t.Fatalf("Decode = %v, want a *FormatError", err)
			}
			return
		}
		var b strings.Builder
		if err := Disassemble(&b, p); err != nil {
			t.Fatal(err)
		}
		again, err := Decode(Encode(p))
		if err != nil {
			t.Fatalf("Decode(Encode(p)) = %v", err)
		}
		if diff := cmp.Diff(p, again, sameFile); diff != "" {
			t.Fatalf("program changed (-want +got):\n%s", diff)
		}
	})
}
