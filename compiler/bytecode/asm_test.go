package bytecode

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/prism/source"
)

// assemble makes code of lines "operation operands... [| operands of the second
// word]", in which all operands are numbers.
func assemble(t testing.TB, text string) []Instr {
	t.Helper()
	byName := make(map[string]Op)
	for op := range OpCount {
		byName[forms[op].name] = op
	}
	numbers := func(fields []string) []int {
		var out []int
		for _, f := range fields {
			n, err := strconv.Atoi(f)
			if err != nil {
				t.Fatalf("assemble: %v", err)
			}
			out = append(out, n)
		}
		return out
	}
	var code []Instr
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		first, second, _ := strings.Cut(line, "|")
		fields := strings.Fields(first)
		op, ok := byName[fields[0]]
		if !ok {
			t.Fatalf("assemble: unknown operation %q", fields[0])
		}
		form := &forms[op]
		in := Instr{Op: op}
		rest := numbers(fields[1:])
		for i, kind := range [...]operand{form.a, form.b, form.c} {
			if kind == unused || len(rest) == 0 {
				continue
			}
			if kind >= wideK && kind <= wideTarget {
				in = in.WithK32(rest[0])
			} else {
				*[...]*uint16{&in.A, &in.B, &in.C}[i] = uint16(rest[0])
			}
			rest = rest[1:]
		}
		if len(rest) > 0 {
			t.Fatalf("assemble: %q has too many operands", line)
		}
		code = append(code, in)
		if !form.ext {
			continue
		}
		switch rest = numbers(strings.Fields(second)); {
		case form.ea == extTarget || form.ea == extFunc || form.ea == extLib:
			code = append(code, Ext(rest[0]))
		case len(rest) > 1:
			code = append(code, Instr{OpExt, uint16(rest[0]), uint16(rest[1]), 0})
		default:
			code = append(code, Instr{OpExt, uint16(rest[0]), 0, 0})
		}
	}
	return code
}

const sample = `let total = 0
function add(a, b) {
  total = a + b
	return "é" + total
}
for x in [1, 2] { add(x, 1) }
`

func num(f float64) Const { return Const{Kind: ConstNumber, Bits: math.Float64bits(f)} }

func str(s string) Const { return Const{Kind: ConstString, String: s} }

// program returns a valid program that uses most of what a file can hold. Its
// function 1 has 2 parameters, 6 registers, and two captures: 0 a cell, 1 a
// value.
func program(t testing.TB) *Program {
	t.Helper()
	p := &Program{
		Modules: []Module{{Path: "main.prism", Source: source.NewFile("main.prism", sample), Init: 0}, {Path: "empty", Init: 2}},
		Globals: []Global{{Name: "total"}, {Name: "input", Module: -1}, {Name: "limit", Module: 1, Const: true}},
		Libs:    []string{"map", "Math.floor"},
		Meta: Meta{Name: "sample", Version: "1.2.3", Description: "shows\neverything", Input: []byte(`{"type":"object"}`), Output: []byte("true"),
			Agents:    AgentSpec{Declared: true, Capabilities: []string{"search", "write"}, MinConfidence: 0.6, Min: 2, Max: 5},
			TimeoutMs: 30000, Strategy: DefaultStrategy, Explain: true, Entries: [][2]string{{"author", "me"}, {"tags", "a, b"}}},
	}
	p.Modules[0].Digest[0] = 7
	p.Funcs = []*Func{
		{Name: "main.prism", Span: source.Span{Start: 0, End: int32(len(sample))}, Regs: 6,
			Consts: []Const{num(1), str("text"), {}, {Kind: ConstBool, Bits: 1}, {Kind: ConstUnset}, num(math.Inf(1))},
			Names:  []string{"push", "a name"}, Shapes: [][]string{{"x", "two words"}, nil}, Caches: 3,
			Code: assemble(t, `
				loadint 0 -5
				setglobal 0 0
				loadbool 0 1
				newcell 1 0
				loadk 0 1
				array 2 0 1
				copy 3 0
				closure 4 1
				iter 2 2
				next 2 4 1 | 18
				jumpeqk 4 0 1 | 17
				array 5 6 0
				callmethod 5 0 5 | 0 0
				loop 9
				loop 9
				nop
				loadnull 4
				loadnull 5
				object 4 4 0 | 1
				object 4 6 1 | 2
				return 4
			`),
			Lines: []Line{{0, source.Span{Start: 0, End: 13}}, {1, source.Span{Start: 12, End: 13}}, {5, source.Span{Start: 79, End: 106}},
				{8, source.Span{Start: 88, End: 94}}},
			Locals: []Local{{Name: "x", Reg: 4, Scope: source.Span{Start: 79, End: 106}}, {Name: "kept", Reg: 1, Cell: true}},
		},
		{Name: "add", Span: source.Span{Start: 14, End: 78}, Params: 2, MinArgs: 1, Regs: 6, Async: true,
			Captures: []Capture{{"kept", true, true, 1}, {"other", false, true, 3}},
			Consts:   []Const{num(1), str("é"), {}},
			Names:    []string{"x", "y"}, Shapes: [][]string{{"a", "b"}, nil}, Caches: 2,
			Code: assemble(t, `
				add 2 0 1
				jumplt 0 1 0 | 4
				setcapturecell 2 0
				loadk 3 1
				move 4 0
				callfunc 5 0 5 | 2
				return 2
				caught 4 5
				throw 4
			`),
			Handlers: []Handler{{Start: 0, End: 4, Target: 9, Reg: 5}},
			Lines:    []Line{{0, source.Span{Start: 37, End: 50}}, {4, source.Span{Start: 52, End: 70}}},
			Contexts: []Context{{Name: "Review", To: "Done", Span: source.Span{Start: 14, End: 20}}},
		},
		{Module: 1, Regs: 2, Code: assemble(t, "lib 0 1\nstrategy 1 4\nfunc 1 2\nreturnnull"), Lines: []Line{{}}},
		{Name: "rest", Module: 1, Params: 2, MinArgs: 1, Rest: true, Regs: 2, Code: assemble(t, "return 1"), Lines: []Line{{}}},
	}
	return p
}
