package bytecode

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/prism/source"
)

// withCode returns the sample with other code in function 1, which protects
// nothing.
func withCode(t testing.TB, code string) *Program {
	p := program(t)
	f := p.Funcs[1]
	f.Code, f.Handlers, f.Lines = assemble(t, code), nil, []Line{{}}
	return p
}

func TestVerifyAccepts(t *testing.T) {
	if err := Verify(program(t)); err != nil {
		t.Errorf("Verify: %v", err)
	}
	tests := []struct{ name, code string }{
		{"both branches write", "jumptrue 0 3\nloadint 2 1\njump 4\nloadnull 2\nreturn 2"},
		{"loop", "loadint 2 0\njumplt 2 0 0 | 5\naddk 2 2 0\nloop 1\nreturn 2"},
		{"iterate", "iter 2 0\nnext 2 3 1 | 5\nadd 5 3 4\nloop 1\nreturn 0"},
		{"iterate one", "iter 2 0\nnext 2 3 0 | 4\nloop 1\nreturn 0"},
		{"empty windows at the top", "callfunc 6 0 2 | 2\narray 3 6 0\nobject 3 6 1 | 0\nreturn 3"},
		{"call keeps what is below", "copy 2 0\ncopy 3 1\ncall 2 1 2\nadd 2 0 1\nreturn 2"},
		{"cells", "newcell 2 0\nsetcell 2 1\ngetcell 3 2 0\nborrowcell 3 2 1\nmove 4 2\ngetcell 3 4 0\nreturn 3"},
		{"captures", "getcapture 2 1\ngetcapturecell 2 0\nborrowcapturecell 2 0\nsetcapturecell 2 0\nreturn 2"},
		{"array in pieces", "array 2 0 2\njumptrue 0 3\nloadnull 3\nloadnull 3\narraypush 2 3 1\narrayspread 2 0\nreturn 2"},
		{"object in pieces", "object 2 0 0 | 0\nobjectset 2 0 1\nobjectspread 2 1\nsetprop 2 0 1 | 1\nsetpath 2 0 1\nreturn 2"},
		{"cache shared by equal operations", "getprop 2 0 1 | 0\ngetprop 2 1 1 | 0\nreturn 2"},
		{"unreachable code", "return 0\nadd 5 4 3\nreturn 5"},
		{"second words", "omit 2 0 0 | 2\ncallmethod 1 0 2 | 0 1\nreturn 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := Verify(withCode(t, tt.code)); err != nil {
				t.Errorf("Verify: %v", err)
			}
		})
	}
}

func TestVerifyRefusesCode(t *testing.T) {
	const unset = " is not written on every path to here, or a call overwrote it"
	tests := []struct{ name, code, want string }{
		{"read before write", "add 2 0 3\nreturn 2", `function 1 "add": instruction 0 (add): register 3` + unset},
		{"one branch writes", "jumptrue 0 2\nloadint 2 1\nreturn 2", "instruction 2 (return): register 2" + unset},
		{"next jumps before it writes", "iter 2 0\nnext 2 3 0 | 4\nloop 1\nreturn 3", "instruction 4 (return): register 3" + unset},
		{"next writes one", "iter 2 0\nnext 2 3 0 | 4\nreturn 4\nreturn 0", "instruction 3 (return): register 4" + unset},
		{"call overwrites its window", "copy 2 0\ncopy 3 1\ncall 2 1 4\nreturn 3", "instruction 3 (return): register 3" + unset},
		{"call overwrites what is above", "loadnull 5\ncopy 2 0\ncalllib 2 1 3 | 0\nreturn 5", "register 5" + unset},
		{"overwritten in a loop", "loadnull 5\nnot 4 5\ncallfunc 3 0 3 | 2\nloop 1\nreturn 0", "instruction 1 (not): register 5" + unset},
		{"window", "loadnull 3\narray 4 2 2\nreturn 4", "(array): register 2" + unset},
		{"values of an object", "object 4 1 0 | 0\nreturn 4", "(object): register 2" + unset},
		{"keys of a path", "setpath 0 1 1\nreturn 0", "(setpath): register 2" + unset},
		{"keys left out", "omit 4 0 1 | 2\nreturn 4", "(omit): register 2" + unset},
		{"callee", "callspread 1 2\nreturn 2", "(callspread): register 2" + unset},
		{"copy of nothing", "copy 3 2\nreturn 0", "(copy): register 2" + unset},
		{"cell as value", "newcell 2 0\nreturn 2", "register 2 holds no value here"},
		{"value as cell", "getcell 2 0 0\nreturn 2", "register 0 holds no cell here"},
		{"set of a value", "setcell 0 1\nreturn 0", "register 0 holds no cell here"},
		{"cell or value", "jumptrue 0 3\nnewcell 2 0\njump 4\nloadnull 2\nreturn 2", "register 2" + unset},
		{"value as iterator", "next 0 2 0 | 2\nreturn 0", "register 0 holds no iterator here"},
		{"value as exception", "rethrow 0", "register 0 holds no exception here"},
		{"value caught", "caught 2 0\nreturn 2", "register 0 holds no exception here"},
		{"array that was read", "array 2 0 1\ncopy 3 2\narraypush 2 0 1\nreturn 2", "register 2 holds no new array here"},
		{"array made elsewhere", "arrayspread 0 1\nreturn 0", "register 0 holds no new array here"},
		{"object made elsewhere", "objectset 0 1 1\nreturn 0", "register 0 holds no new object here"},

		{"operand", "add 2 0 9\nreturn 2", "register 9 of 6 does not exist"},
		{"destination", "loadnull 9\nreturn 0", "register 9 of 6 does not exist"},
		{"pair", "iter 2 0\nnext 2 5 1 | 3\nreturn 0", "register 6 of 6 does not exist"},
		{"window leaves the frame", "array 2 5 2\nreturn 2", "the window of 2 registers from 5 on leaves the frame of 6"},
		{"empty window", "array 2 7 0\nreturn 2", "the window of 0 registers from 7 on leaves the frame of 6"},
		{"call window", "call 5 1 2\nreturn 2", "the window of 2 registers from 5 on leaves the frame of 6"},
		{"constant", "loadk 2 3\nreturn 2", "constant 3 of 3 does not exist"},
		{"constant of a jump", "jumpeqk 0 3 1 | 2\nreturn 0", "constant 3 of 3 does not exist"},
		{"no number", "addk 2 0 1\nreturn 2", "constant 1 is no number"},
		{"order of no number", "jumpltk 0 1 1 | 2\nreturn 0", "constant 1 is no number"},
		{"name", "getprop 2 0 2 | 0\nreturn 2", "name 2 of 2 does not exist"},
		{"name in second word", "callmethod 0 1 2 | 2 0\nreturn 2", "name 2 of 2 does not exist"},
		{"shape", "object 2 0 2 | 0\nreturn 2", "shape 2 of 2 does not exist"},
		{"capture", "getcapture 2 2\nreturn 2", "capture 2 of 2 does not exist"},
		{"capture is a cell", "getcapture 2 0\nreturn 2", "capture 0 is a cell"},
		{"capture is a value", "getcapturecell 2 1\nreturn 2", "capture 1 is a value"},
		{"cache", "getprop 2 0 0 | 2\nreturn 2", "inline cache 2 of 2 does not exist"},
		{"cache for two names", "getprop 2 0 0 | 1\ngetprop 2 0 1 | 1\nreturn 2", "cache 1 is used for something else, too"},
		{"cache for two operations", "getprop 2 0 0 | 1\nobject 2 0 0 | 1\nreturn 2", "cache 1 is used for something else, too"},
		{"flag", "loadbool 2 2\nreturn 2", "choice 2 of 2 does not exist"},
		{"three values", "iter 2 0\nnext 2 3 2 | 3\nreturn 0", "choice 2 of 2 does not exist"},
		{"strategy", "strategy 2 5\nreturn 2", "number of the strategy 5 of 5 does not exist"},
		{"global", "getglobal 2 3\nreturn 2", "global 3 of 3 does not exist"},
		{"function", "func 2 4\nreturn 2", "function 4 of 4 does not exist"},
		{"called function", "callfunc 2 0 2 | 4\nreturn 2", "function 4 of 4 does not exist"},
		{"function with captures", "func 2 1\nreturn 2", "function 1 has captures and needs a closure"},
		{"called function with captures", "callfunc 2 0 2 | 1\nreturn 2", "function 1 has captures and needs a closure"},
		{"library", "lib 2 2\nreturn 2", "library name 2 of 2 does not exist"},
		{"called library", "calllib 2 0 2 | 2\nreturn 2", "library name 2 of 2 does not exist"},
		{"target", "jump 5\nreturn 0", "no instruction begins at the target 5"},
		{"target in a second word", "jump 2\ncalllib 2 0 2 | 0\nreturn 0", "no instruction begins at the target 2"},
		{"jump backward", "nop\njump 0", "a jump goes back to 0"},
		{"conditional jump backward", "nop\njumptrue 0 0\nreturn 0", "a jump goes back to 0"},
		{"jump to itself", "jump 0", "a jump goes back to 0"},
		{"loop forward", "loop 1\nreturn 0", "a loop goes forward to 1"},
		{"end of code", "loadnull 2", "control runs over the end of the code"},
		{"conditional end", "jumptrue 0 1\njumptrue 0 1", "control runs over the end of the code"},
		{"second word alone", "ext\nreturn 0", "a second word stands alone"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Verify(withCode(t, tt.code))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Verify = %v, want ...%s", err, tt.want)
			}
		})
	}
}

func TestVerifyRefusesProgram(t *testing.T) {
	tests := []struct {
		name   string
		mutate func(p *Program, f *Func)
		want   string
	}{
		{"entry", func(p *Program, f *Func) { p.Entry = 9 }, "program: the entry is function 9, which does not exist"},
		{"entry with captures", func(p *Program, f *Func) { p.Entry = 1 }, "program: the entry is function 1, which takes parameters or captures"},
		{"module", func(p *Program, f *Func) { p.Modules[1].Init = 3 }, `program: the body of module "empty" is function 3, which takes`},
		{"global", func(p *Program, f *Func) { p.Globals[0].Module = 2 }, `program: global "total" belongs to module 2`},
		{"input", func(p *Program, f *Func) { p.Meta.Input = []byte("{") }, "the schema of the input is not JSON"},
		{"output", func(p *Program, f *Func) { p.Meta.Output = []byte{} }, "the schema of the output is not JSON"},
		{"rule", func(p *Program, f *Func) { p.Meta.Strategy.Choose = 4 }, "the strategy has the unknown rule 4"},
		{"confidence", func(p *Program, f *Func) { p.Meta.Strategy.Gate = 1.5 }, "the confidence 1.5 is not in [0, 1]"},
		{"no confidence", func(p *Program, f *Func) { p.Meta.Agents.MinConfidence = math.NaN() }, "the confidence NaN is not in [0, 1]"},
		{"agents", func(p *Program, f *Func) { p.Meta.Agents.Max = -1 }, "the number of agents is negative"},
		{"timeout", func(p *Program, f *Func) { p.Meta.TimeoutMs = -1 }, "the timeout is negative"},
		{"missing function", func(p *Program, f *Func) { p.Funcs[1] = nil }, `function 1 "": the function is missing`},
		{"module of function", func(p *Program, f *Func) { f.Module = 2 }, "module 2 does not exist"},
		{"registers", func(p *Program, f *Func) { f.Regs = 1 << 16 }, "65536 registers are too many"},
		{"no registers", func(p *Program, f *Func) { f.Regs = -1 }, "-1 registers are too many"},
		{"parameters", func(p *Program, f *Func) { f.Params = 7 }, "7 parameters do not fit 6 registers"},
		{"required arguments", func(p *Program, f *Func) { f.MinArgs = 3 }, "3 arguments are required of 2 parameters"},
		{"required rest", func(p *Program, f *Func) { f.MinArgs, f.Rest = 2, true }, "2 arguments are required of 1 parameters"},
		{"caches", func(p *Program, f *Func) { f.Caches = 1 << 40 }, "inline caches are too many"},
		{"capture", func(p *Program, f *Func) { f.Captures[0].Index = -1 }, "capture 0 comes from nowhere"},
		{"constant", func(p *Program, f *Func) { f.Consts[1].Kind = 9 }, "constant 1 has no meaning"},
		{"boolean", func(p *Program, f *Func) { f.Consts[1] = Const{Kind: ConstBool, Bits: 2} }, "constant 1 has no meaning"},
		{"shape", func(p *Program, f *Func) { f.Shapes[0][1] = "a" }, `shape 0 has the key "a" twice`},
		{"local", func(p *Program, f *Func) { f.Locals = []Local{{Name: "x", Reg: 6}} }, `local "x" is in register 6 of 6`},
		{"no code", func(p *Program, f *Func) { f.Code = nil }, "the function has no code"},
		{"operation", func(p *Program, f *Func) { f.Code[0].Op = OpCount }, "operation"},
		{"quickened operation", func(p *Program, f *Func) { f.Code[0].Op = opQuickBegin }, "operation 1024 does not exist"},
		{"second word", func(p *Program, f *Func) { f.Code[2].Op = OpNop }, "the second word is missing"},
		{"second word at the end", func(p *Program, f *Func) { f.Code = f.Code[:2] }, "the second word is missing"},
		{"handler range", func(p *Program, f *Func) { f.Handlers[0].End = 0 }, "handler 0 protects 0 to 0, which is no range of instructions"},
		{"handler in a second word", func(p *Program, f *Func) { f.Handlers[0].Start = 2 }, "handler 0 protects 2 to 4, which is no range"},
		{"handler ends in a second word", func(p *Program, f *Func) { f.Handlers[0].End = 2 }, "handler 0 protects 0 to 2, which is no range"},
		{"handler target", func(p *Program, f *Func) { f.Handlers[0].Target = 7 }, "handler 0 is at 7, where no instruction begins"},
		{"handler protects itself", func(p *Program, f *Func) { f.Handlers[0].End = 11 }, "handler 0 stands in the range it protects"},
		{"handler register", func(p *Program, f *Func) { f.Handlers[0].Reg = 6 }, "handler 0 puts the exception in register 6 of 6"},
		{"handler reads too much", func(p *Program, f *Func) { f.Code[10].A = 2 }, "instruction 10 (throw): register 2 is not written"},
		{"exception as value", func(p *Program, f *Func) { f.Code[10].A = 5 }, "register 5 holds no value here"},
		{"handlers overlap", func(p *Program, f *Func) {
			f.Handlers = []Handler{{Start: 0, End: 4, Target: 9, Reg: 5}, {Start: 3, End: 5, Target: 9, Reg: 5}}
		}, "the ranges of handlers 0 and 1 overlap"},
		{"handlers in the wrong order", func(p *Program, f *Func) {
			f.Handlers = []Handler{{Start: 0, End: 4, Target: 9, Reg: 5}, {Start: 0, End: 3, Target: 9, Reg: 5}}
		}, "handler 1 is never reached, since 0 around it comes first"},
		{"no lines", func(p *Program, f *Func) { f.Lines = nil }, "the line table does not begin with the first instruction"},
		{"first line", func(p *Program, f *Func) { f.Lines[0].PC = 1 }, "the line table does not begin with the first instruction"},
		{"line order", func(p *Program, f *Func) { f.Lines[1].PC = 0 }, "entry 1 of the line table is for instruction 0, after 0"},
		{"line beyond", func(p *Program, f *Func) { f.Lines[1].PC = 11 }, "entry 1 of the line table is for instruction 11"},
		{"captured register", func(p *Program, f *Func) { f.Captures[1].Index = 6 }, `function 0 "main.prism": instruction 7 (closure): capture 1 comes from register 6 of 6`},
		{"captured value", func(p *Program, f *Func) { f.Captures[0].Index = 3 }, `(closure): register 3 holds no cell here`},
		{"captured cell", func(p *Program, f *Func) { f.Captures[1].Index = 1 }, `(closure): register 1 holds no value here`},
		{"captured nothing", func(p *Program, f *Func) { f.Captures[1].Index = 5 }, `(closure): register 5 is not written`},
		{"captured capture", func(p *Program, f *Func) { f.Captures[1].FromReg = false }, "(closure): capture 1 comes from capture 3 of 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := program(t)
			tt.mutate(p, p.Funcs[1])
			if err := Verify(p); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Verify = %v, want ...%s", err, tt.want)
			}
		})
	}
}

// Captures of captures keep their kind.
func TestVerifyNestedCaptures(t *testing.T) {
	p := withCode(t, "closure 2 4\nreturn 2")
	inner := &Func{Name: "inner", Regs: 1, Captures: []Capture{{"kept", true, false, 0}}, Code: assemble(t, "getcapturecell 0 0\nreturn 0"), Lines: []Line{{}}}
	p.Funcs = append(p.Funcs, inner)
	if err := Verify(p); err != nil {
		t.Errorf("Verify: %v", err)
	}
	inner.Captures[0].Index = 1
	if err := Verify(p); err == nil || !strings.Contains(err.Error(), "capture 0 is a cell, the enclosing function's capture 1 is not") {
		t.Errorf("Verify = %v", err)
	}
}

// An inner handler takes precedence over the one around it.
func TestVerifyNestedHandlers(t *testing.T) {
	p := withCode(t, "loadnull 2\nloadnull 3\nthrow 0\nrethrow 4\nrethrow 5\nreturn 3")
	f := p.Funcs[1]
	// Only the inner handler sees register 4 hold the exception of 1..3.
	f.Handlers = []Handler{{Start: 1, End: 3, Target: 3, Reg: 4}, {Start: 0, End: 3, Target: 4, Reg: 5}}
	if err := Verify(p); err != nil {
		t.Errorf("Verify: %v", err)
	}
	// Instruction 0 is under the outer handler alone.
	f.Code[4] = Instr{Op: OpReturn, A: 2}
	if err := Verify(p); err == nil || !strings.Contains(err.Error(), "instruction 4 (return): register 2") {
		t.Errorf("Verify = %v", err)
	}
}

func TestVerifyErrorFields(t *testing.T) {
	err := Verify(withCode(t, "loadnull 3\nreturn 2"))
	var got *VerifyError
	if !errors.As(err, &got) {
		t.Fatalf("Verify = %v, want a *VerifyError", err)
	}
	want := VerifyError{Func: 1, Name: "add", PC: 1, Op: OpReturn, Fault: "register 2 is not written on every path to here, or a call overwrote it"}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func TestVerifyBoundsItsReport(t *testing.T) {
	err := Verify(withCode(t, strings.Repeat("loadnull 9\n", 500)+"return 0"))
	if err == nil {
		t.Fatal("Verify accepts registers that do not exist")
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != maxFaults {
		t.Errorf("%d faults reported, want %d", n, maxFaults)
	}
}

// drawValid draws a program with one function that is valid by construction:
// each instruction reads registers that hold what it needs, and jumps go to the
// end.
func drawValid(t *rapid.T) *Program {
	const regs, constants, names, caches = 12, 3, 4, 8
	f := &Func{Regs: regs, Params: 2, MinArgs: rapid.IntRange(0, 2).Draw(t, "min"), Lines: []Line{{}}, Caches: 1 << 16,
		Consts: []Const{num(1), num(2), num(3)}, Names: []string{"a", "b", "c", "d"}, Shapes: [][]string{{}, {"a"}, {"a", "b"}}}
	type kind = string
	holds := map[int]kind{0: "value", 1: "value"}
	find := func(k kind) (int, bool) {
		var all []int
		for r := range regs {
			if holds[r] == k || k == "any" && holds[r] != "" || k == "value" && (holds[r] == "array" || holds[r] == "object") {
				all = append(all, r)
			}
		}
		if len(all) == 0 {
			return 0, false
		}
		return rapid.SampledFrom(all).Draw(t, "register"), true
	}
	read := func(k kind, r int) {
		if k == "value" && (holds[r] == "array" || holds[r] == "object") {
			holds[r] = "value"
		}
	}
	var patches []int
	nextCache := 0
	for range rapid.IntRange(0, 60).Draw(t, "instructions") {
		op := Op(rapid.IntRange(int(OpLoadK), int(OpJumpGreaterEqualK)).Draw(t, "op"))
		form := &forms[op]
		if form.end || form.a == capture || form.b == capture || form.b == wideClosure || form.a == unused {
			continue
		}
		needA, needB := kindOfA(op).String(), kindOfB(op).String()
		needA, needB = strings.TrimPrefix(needA, "new "), strings.TrimPrefix(needB, "new ")
		if op == OpMove || op == OpCopy {
			needB = "any"
		}
		window := form.windowField()
		first := rapid.IntRange(0, regs).Draw(t, "first")
		length := 0
		for first+length < regs && holds[first+length] != "" && holds[first+length] != "cell" && holds[first+length] != "iterator" && length < 4 {
			length++
		}
		var in, ext Instr
		in.Op, ext.Op = op, OpExt
		ok := true
		var reads []int
		n := length - form.extra
		if op == OpObject {
			in.C = uint16(rapid.IntRange(0, min(length, 2)).Draw(t, "shape"))
			length = int(in.C)
		} else if window >= 0 {
			if n < 0 || op == OpCallSpread && n > 0 || op == OpCallMethodSpread && n > 0 {
				continue
			}
			length = n + form.extra
		}
		set := func(i int, v *uint16, k operand) {
			switch {
			case i == window:
				*v = uint16(first)
			case k == regR || k == regRW:
				need := "value"
				if i == 0 {
					need = needA
				} else if i == 1 {
					need = needB
				}
				r, found := find(need)
				ok = ok && found
				*v = uint16(r)
				if need == "value" {
					reads = append(reads, r)
				}
			case k == regW:
				*v = uint16(rapid.IntRange(0, regs-1).Draw(t, "written"))
			case k == regPair:
				*v = uint16(rapid.IntRange(0, regs-2).Draw(t, "pair"))
			case k == konst || k == konstNum:
				*v = uint16(rapid.IntRange(0, constants-1).Draw(t, "constant"))
			case k == name:
				*v = uint16(rapid.IntRange(0, names-1).Draw(t, "name"))
			case k == count && window >= 0:
				*v = uint16(n)
			case k == count:
				*v = uint16(rapid.IntRange(0, math.MaxUint16).Draw(t, "count"))
			case k == flag:
				*v = uint16(rapid.IntRange(0, 1).Draw(t, "flag"))
			case k == strategyField:
				*v = uint16(rapid.IntRange(0, 4).Draw(t, "field"))
			case k == cache:
				*v = uint16(nextCache)
				nextCache++
			}
		}
		set(0, &in.A, form.a)
		set(1, &in.B, form.b)
		set(2, &in.C, form.c)
		set(3, &ext.A, form.ea)
		set(4, &ext.B, form.eb)
		if !ok {
			continue
		}
		switch form.b {
		case wideK, wideGlobal, wideFunc, wideLib:
			in = in.WithK32(0)
		case wideInt:
			in = in.WithK32(int(rapid.Int32().Draw(t, "int")))
		}
		// Keep the model of the registers in step.
		for i := range length {
			read("value", first+i)
		}
		var copied kind
		if op == OpMove || op == OpCopy {
			read("value", int(in.B))
			copied = holds[int(in.B)]
		}
		for _, r := range reads {
			read("value", r)
		}
		if holds[int(in.A)] == "value" && (needA == "array" || needA == "object") && (form.a == regRW) {
			// Reading it as the value of its own update ended the building.
			continue
		}
		if form.a == regR && window == 0 {
			for r := first; r < regs; r++ {
				delete(holds, r)
			}
		}
		switch {
		case copied != "":
			holds[int(in.A)] = copied
		case form.a == regW || form.a == regRW:
			holds[int(in.A)] = strings.TrimPrefix(result(op).String(), "new ")
		case form.b == regPair:
			holds[int(in.B)] = "value"
			if in.C == 1 {
				holds[int(in.B)+1] = "value"
			}
		case form.c == regW:
			holds[int(in.C)] = "value"
		}
		f.Code = append(f.Code, in)
		if form.ext {
			f.Code = append(f.Code, ext)
		}
		if form.jumps() {
			patches = append(patches, len(f.Code)-1)
		}
	}
	end := len(f.Code)
	for _, pc := range patches {
		if f.Code[pc].Op == OpExt {
			f.Code[pc] = Ext(end)
		} else {
			f.Code[pc] = f.Code[pc].WithK32(end)
		}
	}
	f.Code = append(f.Code, Instr{Op: OpReturnNull})
	entry := &Func{Regs: 1, Code: []Instr{{Op: OpReturnNull}}, Lines: []Line{{}}}
	return &Program{Modules: []Module{{Path: "m", Source: source.NewFile("m", "")}}, Globals: []Global{{Name: "g"}}, Libs: []string{"map"},
		Funcs: []*Func{entry, f}, Meta: Meta{Strategy: DefaultStrategy}}
}

// Programs that are right by construction are accepted, also after a round trip
// through a file, and any change of one operand gives either a fault or a
// program that is accepted, never a panic.
func TestVerifyDrawnPrograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawValid(t)
		if err := Verify(p); err != nil {
			var b strings.Builder
			if err := Disassemble(&b, p); err != nil {
				t.Fatal(err)
			}
			t.Fatalf("Verify: %v\n%s", err, b.String())
		}
		got, err := Decode(Encode(p))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p.Funcs, got.Funcs, cmp.Comparer(func(a, b [][]string) bool { return fmt.Sprint(a) == fmt.Sprint(b) })); diff != "" {
			t.Fatalf("Decode(Encode(p)) (-want +got):\n%s", diff)
		}
		in := &got.Funcs[1].Code[rapid.IntRange(0, len(got.Funcs[1].Code)-1).Draw(t, "pc")]
		switch value := rapid.Uint16().Draw(t, "value"); rapid.IntRange(0, 3).Draw(t, "field") {
		case 0:
			in.Op = Op(value) % (OpCount + 2)
		case 1:
			in.A = value
		case 2:
			in.B = value
		case 3:
			in.C = value
		}
		if err := Verify(got); err == nil {
			var b strings.Builder
			if err := Disassemble(&b, got); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// large returns a function of about n instructions with loops, branches, calls
// and handlers in regs registers.
func large(t testing.TB, n, regs int) *Program {
	p := withCode(t, "return 0")
	f := p.Funcs[1]
	f.Regs, f.Caches, f.Code = regs, 0, nil
	for r := 2; r < regs-4; r++ {
		f.Code = append(f.Code, Instr{Op: OpLoadNull, A: uint16(r)})
	}
	for i := 0; len(f.Code) < n; i++ {
		r := uint16(2 + i%(regs-8))
		pc := len(f.Code)
		if i%100 == 0 {
			f.Handlers = append(f.Handlers, Handler{Start: pc, End: pc + 7, Target: pc + 11, Reg: regs - 1})
		}
		f.Code = append(f.Code, assemble(t, fmt.Sprintf(
			"add %d 0 1\njumplt %d 0 1 | %d\nmul %d %d 0\ncopy %d 0\ncallfunc %d 1 %d | 3\njumptrue %d %d\nloop %d\nsub %d %d 1\nnop",
			r, r, pc+4, r, r, regs-2, regs-2, r, r, pc+10, pc, r, r))...)
	}
	f.Code = append(f.Code, Instr{Op: OpReturnNull})
	return p
}

func TestVerifyLargeFunction(t *testing.T) {
	p := large(t, 100_000, 1000)
	if err := Verify(p); err != nil {
		t.Fatal(err)
	}
	best := time.Hour
	for range 3 {
		start := time.Now()
		if err := Verify(p); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(start))
	}
	t.Logf("100,000 instructions, 1,000 registers: %v", best)
	if best > time.Second { // far above what it takes, for busy machines
		t.Errorf("verifying takes %v", best)
	}
}

// BenchmarkVerify guards the time to load a large artefact: 100,000
// instructions in one function.
func BenchmarkVerify(b *testing.B) {
	p := large(b, 100_000, 200)
	for b.Loop() {
		if err := Verify(p); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecode guards the same with reading the file.
func BenchmarkDecode(b *testing.B) {
	data := Encode(large(b, 100_000, 200))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}
