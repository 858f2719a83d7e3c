package ir

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/bytecode"
)

// wrap makes a program of the body of a function with 2 parameters, 6
// registers and two captures: c0 a cell, c1 a value.
func wrap(body string) string {
	return `program 1
lib "map"
module "m" init 1 digest ` + strings.Repeat("0", 64) + `
global "g" module 0

func 0 "f" module 0 @0:0 params 2 min 1 regs 6
  capture "c" cell from r0
  capture "v" from r1
  const 1
  const null
  const unset
  property "x"
  shape "a" "b"
  shape
` + body + `
func 1 "m" module 0 @0:0 params 0 min 0 regs 2
  const null
b0:
  r0 = newcell null
  r1 = load null
  r1 = closure fn0
  return r1

func 2 "plain" module 0 @0:0 params 0 min 0 regs 1
  const null
b0:
  r0 = load null
  return r0

func 3 "inner" module 0 @0:0 params 0 min 0 regs 1
  capture "c" cell from c0
  capture "r" from r2
b0:
  r0 = getcapture c1
  return r0

func 4 "cells" module 0 @0:0 params 0 min 0 regs 1
  capture "k" cell from r2
b0:
  r0 = getcapturecell c0
  return r0
`
}

func TestVerifyAccepts(t *testing.T) {
	tests := []struct{ name, body string }{
		{"both branches write", "b0:\n branch r0 -> b1, b2\nb1:\n r2 = load 1\n jump -> b3\nb2:\n r2 = load null\n jump -> b3\nb3:\n return r2"},
		{"loop", "b0:\n r2 = iter r0\n jump -> b1\nb1:\n r3 = next r2, #0 -> b2, b3\nb2:\n r4 = add r3, 1\n jump -> b1\nb3:\n return r0"},
		{"next writes two", "b0:\n r2 = iter r0\n r3 = next r2, #1 -> b1, b2\nb1:\n return r4\nb2:\n return r0"},
		{"empty window at the top", "b0:\n r2 = callfunc fn2, r6..\n r3 = array r6..\n r3 = object r6.., {}\n return r2"},
		{"call keeps what is below", "b0:\n r2 = copy r0\n r3 = copy r1\n r2 = call r2..r3\n r2 = add r0, r1\n return r2"},
		{"handler sees what held before", "b0:\n r2 = load 1\n jump -> b1\nb1: catch b2 r5\n r3 = load 1\n r2 = add r2, r3\n return r2\nb2:\n r4 = caught r5\n r4 = add r4, r2\n return r4"},
		{"exception kept", "b0: catch b1 r2\n throw r0\nb1:\n r3 = copy r2\n rethrow r3"},
		{"closure", "b0:\n r2 = copy r0\n r3 = closure fn3\n return r3"},
		{"cell", "b0:\n r2 = newcell unset\n r3 = closure fn4\n setcell r2, r0\n r4 = getcell r2, .x\n r4 = borrowcell r2, .x\n return r3"},
		{"captures", "b0:\n r2 = getcapture c1\n r2 = getcapturecell c0\n r2 = borrowcapturecell c0\n setcapturecell r2, c0\n return r2"},
		{"array in pieces", "b0:\n r2 = array r0..r1\n branch r0 -> b1, b2\nb1:\n r3 = load 1\n jump -> b3\nb2:\n r3 = load null\n jump -> b3\nb3:\n r2 := arraypush r3..r3\n r2 := arrayspread r0\n return r2"},
		{"object in pieces", "b0:\n r2 = object r0..r1, {a, b}\n r2 := objectset r0, r1\n r2 := objectspread r0\n r2 := setprop r0, .x\n return r2"},
		{"array in pieces under a handler", "b0: catch b1 r5\n r2 = array r0..r1\n r2 := arraypush r0..r0\n return r2\nb1:\n rethrow r5"},
		{"unreachable block", "b0:\n return r0\nb1:\n return r5"},
		{"loop to entry", "b0:\n r2 = not r0\n branch r2 -> b0, b1\nb1:\n return r2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := Verify(parse(t, wrap(tt.body))); err != nil {
				t.Errorf("Verify: %v", err)
			}
		})
	}
}

func TestVerifyRefusesText(t *testing.T) {
	const unset = " is not written on every path to here, or a call overwrote it"
	tests := []struct{ name, body, want string }{
		{"read before write", "b0:\n r3 = add r0, r2\n return r3", `function 0 "f": b0, instruction 0: r3 = add r0, r2: r2` + unset},
		{"one branch writes", "b0:\n branch r0 -> b1, b2\nb1:\n r2 = load 1\n jump -> b2\nb2:\n return r2", "b2, instruction 0: return r2: r2" + unset},
		{"loop may not run", "b0:\n r2 = iter r0\n r3 = next r2, #0 -> b1, b2\nb1:\n jump -> b2\nb2:\n return r3", "return r3: r3" + unset},
		{"next writes one", "b0:\n r2 = iter r0\n r3 = next r2, #0 -> b1, b2\nb1:\n return r4\nb2:\n return r0", "return r4: r4" + unset},
		{"call overwrites its window", "b0:\n r2 = copy r0\n r3 = copy r1\n r4 = call r2..r3\n return r3", "return r3: r3" + unset},
		{"call overwrites above its window", "b0:\n r5 = load 1\n r2 = copy r0\n r3 = calllib %map, r2..r2\n return r5", "return r5: r5" + unset},
		{"overwritten by a call in a loop", "b0:\n r5 = load 1\n jump -> b1\nb1:\n r4 = not r5\n r2 = callfunc fn2, r2..\n branch r2 -> b1, b2\nb2:\n return r0", "r4 = not r5: r5" + unset},
		{"window", "b0:\n r3 = load 1\n r4 = array r2..r3\n return r4", "r4 = array r2..r3: r2" + unset},
		{"shape window", "b0:\n r4 = object r1..r2, {a, b}\n return r4", ": r2" + unset},
		{"handler sees too much", "b0: catch b1 r5\n r2 = load 1\n return r2\nb1:\n return r2", "b1, instruction 0: return r2: r2" + unset},
		{"handler after a call", "b0:\n r2 = load 1\n jump -> b1\nb1: catch b2 r5\n r2 = callfunc fn2, r2..\n return r2\nb2:\n return r2", "b2, instruction 0: return r2: r2" + unset},
		{"copy of nothing", "b0:\n r3 = copy r2\n return r0", "r3 = copy r2: r2" + unset},
		{"cell as value", "b0:\n r2 = newcell r0\n return r2", "return r2: r2 holds no value here"},
		{"value as cell", "b0:\n r2 = getcell r0, .x\n return r2", ": r0 holds no cell here"},
		{"value set as cell", "b0:\n setcell r0, r1\n return r0", ": r0 holds no cell here"},
		{"cell or value", "b0:\n branch r0 -> b1, b2\nb1:\n r2 = newcell r0\n jump -> b3\nb2:\n r2 = load 1\n jump -> b3\nb3:\n return r2", ": r2" + unset},
		{"value as iterator", "b0:\n r3 = next r0, #0 -> b1, b1\nb1:\n return r0", ": r0 holds no iterator here"},
		{"value as exception", "b0:\n rethrow r0", ": r0 holds no exception here"},
		{"exception as value", "b0: catch b1 r2\n throw r0\nb1:\n return r2", ": r2 holds no value here"},
		{"grown array was read", "b0:\n r2 = array r0..r1\n r3 = copy r2\n r2 := arraypush r0..r0\n return r2", ": r2 holds no new array here"},
		{"grown array was made elsewhere", "b0:\n r0 := arrayspread r1\n return r0", ": r0 holds no new array here"},
		{"object grown as array", "b0:\n r2 = object r6.., {}\n r2 := arrayspread r1\n return r2", ": r2 holds no new array here"},
		{"captured register is a value", "b0:\n r2 = load 1\n r3 = closure fn4\n return r3", "closure fn4 ; cells: r2 holds no cell here"},
		{"captured register is unset", "b0:\n r3 = closure fn3\n return r3", ": r2" + unset},

		{"destination", "b0:\n r9 = load 1\n return r0", "r9 is beyond 6 registers"},
		{"operand", "b0:\n return r9", "r9 is beyond 6 registers"},
		{"window beyond", "b0:\n r2 = array r4..r6\n return r2", "the window is not inside 6 registers"},
		{"empty window beyond", "b0:\n r2 = array r7..\n return r2", "the window is not inside 6 registers"},
		{"pair beyond", "b0:\n r2 = iter r0\n r5 = next r2, #1 -> b1, b1\nb1:\n return r0", "r6 is beyond 6 registers"},
		{"three values", "b0:\n r2 = iter r0\n r3 = next r2, #2 -> b1, b1\nb1:\n return r0", "the iterator gives one or two values"},
		{"load of a register", "b0:\n r2 = load r0\n return r2", "a load takes a constant"},
		{"constant where a register is due", "b0:\n return 1", "operand A is a constant where a register is due"},
		{"successor", "b0:\n jump -> b7", "b7 does not exist"},
		{"other successor", "b0:\n branch r0 -> b0, b7", "b7 does not exist"},
		{"handler", "b0: catch b7 r1\n return r0", "b0: the handler b7 does not exist"},
		{"handler register", "b0: catch b0 r7\n return r0", "b0: the handler's r7 is beyond 6 registers"},
		{"no terminator", "b0:\n r2 = load 1", "the block does not end in a terminator"},
		{"terminator inside", "b0:\n return r0\n return r1", "a terminator stands inside the block"},
		{"empty block", "b0:", "b0: the block is empty"},
		{"numbering", "b1:\n return r0", "b0: the block is numbered b1"},
		{"no blocks", "", `function 0 "f": the function has no blocks`},
		{"global", "b0:\n r2 = getglobal $1\n return r0", "global 1 of 1 does not exist"},
		{"capture", "b0:\n r2 = getcapture c2\n return r0", "capture 2 of 2 does not exist"},
		{"capture of the other kind", "b0:\n r2 = getcapture c0\n return r0", "capture 0 is a cell"},
		{"capture that is a value", "b0:\n r2 = getcapturecell c1\n return r0", "capture 1 is a value"},
		{"function", "b0:\n r2 = func fn9\n return r0", "function 9 of 5 does not exist"},
		{"called function", "b0:\n r2 = callfunc fn9, r3..\n return r0", "function 9 of 5 does not exist"},
		{"function with captures", "b0:\n r2 = func fn3\n return r0", "function 3 has captures and needs a closure"},
		{"call of function with captures", "b0:\n r2 = callfunc fn3, r3..\n return r0", "function 3 has captures and needs a closure"},
		{"comparison", "b0:\n branchcmp add, r0, r1 -> b0, b0", "N is no comparison"},
		{"strategy", "b0:\n r2 = strategy #5\n return r0", "number 5 of the strategy does not exist"},
		{"confidence", "b0:\n r2 = not r0 : ~0.5..2\n return r0", "the confidence of the facts is no range in [0, 1]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Verify(parse(t, wrap(tt.body)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Verify = %v, want ...%s", err, tt.want)
			}
			if err != nil && strings.Contains(tt.want, unset) && strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("Verify reports more than the one fault: %v", err)
			}
		})
	}
}

func TestVerifyRefusesProgram(t *testing.T) {
	tests := []struct {
		name   string
		mutate func(p *Program)
		want   string
	}{
		{"entry", func(p *Program) { p.Entry = 9 }, "program: the entry is function 9, which does not exist"},
		{"entry with parameters", func(p *Program) { p.Entry = 0 }, "program: the entry is function 0, which takes parameters or captures"},
		{"module", func(p *Program) { p.Modules[0].Init = 3 }, `program: the body of module "m" is function 3, which takes`},
		{"missing module", func(p *Program) { p.Modules = append(p.Modules, nil) }, "program: module 1 is missing"},
		{"global", func(p *Program) { p.Globals[0].Module = 4 }, `program: global "g" belongs to module 4`},
		{"missing closure", func(p *Program) { p.Funcs[3] = nil }, "r2 = closure fn3: function 3 is missing"},
		{"missing function", func(p *Program) { p.Funcs[2] = nil }, `function 2 "": the function is missing`},
		{"module of function", func(p *Program) { p.Funcs[0].Module = 4 }, "module 4 does not exist"},
		{"parameters", func(p *Program) { p.Funcs[0].Params = 7 }, "7 parameters do not fit 6 registers"},
		{"required arguments", func(p *Program) { p.Funcs[0].MinArgs = 3 }, "3 arguments are required of 2 parameters"},
		{"required rest", func(p *Program) { p.Funcs[0].Rest, p.Funcs[0].MinArgs = true, 2 }, "2 arguments are required of 1 parameters"},
		{"constant kind", func(p *Program) { p.Funcs[0].Consts[0] = bytecode.Const{Kind: 9} }, "constant 0 has no meaning"},
		{"boolean", func(p *Program) { p.Funcs[0].Consts[0] = bytecode.Const{Kind: bytecode.ConstBool, Bits: 2} }, "constant 0 has no meaning"},
		{"shape", func(p *Program) { p.Funcs[0].Shapes[0][1] = "a" }, `shape 0 has the key "a" twice`},
		{"local", func(p *Program) { p.Funcs[0].Locals = []Local{{Name: "x", Reg: 6}} }, `local "x" is in r6 of 6 registers`},
		{"missing block", func(p *Program) { p.Funcs[0].Blocks = append(p.Funcs[0].Blocks, nil) }, "b1: the block is missing"},
		{"operation", func(p *Program) { p.Funcs[0].Blocks[0].Instrs[0].Op = OpCount }, "the operation does not exist"},
		{"negative window", func(p *Program) { p.Funcs[0].Blocks[0].Instrs[0] = Instr{Op: OpText, N: -1} }, "the window has -1 registers"},
		{"constant operand", func(p *Program) { p.Funcs[0].Blocks[0].Instrs[0] = Instr{Op: OpNot, A: K(9)} }, "constant 9 of 3 does not exist"},
		{"window at a constant", func(p *Program) { p.Funcs[0].Blocks[0].Instrs[0] = Instr{Op: OpText, A: K(0)} }, "the window is not inside 6 registers"},
		{"shape index", func(p *Program) { p.Funcs[0].Blocks[0].Instrs[0] = Instr{Op: OpObject, N: 7} }, "shape 7 of 2 does not exist"},
		{"library", func(p *Program) { p.Funcs[0].Blocks[0].Instrs[0] = Instr{Op: OpLib, N: 7} }, "library name 7 of 1 does not exist"},
		{"property", func(p *Program) { p.Funcs[0].Blocks[0].Instrs[0] = Instr{Op: OpGetProp, N: -1} }, "name -1 of 1 does not exist"},
		{"number", func(p *Program) { p.Funcs[0].Blocks[0].Instrs[0] = Instr{Op: OpPart, N: -1} }, "number -1 of"},
		{"kinds", func(p *Program) { p.Funcs[0].Blocks[0].Instrs[0].Facts.Kinds = 1 << 15 }, "the facts name unknown kinds"},
		{"captured register", func(p *Program) { p.Funcs[3].Captures[1].Index = 6 }, "capture 1 comes from r6 of 6 registers"},
		{"captured capture", func(p *Program) { p.Funcs[3].Captures[0].Index = 2 }, "capture 0 comes from capture 2 of 2"},
		{"captured value", func(p *Program) { p.Funcs[3].Captures[0].Cell = false }, "capture 0 is a value, the enclosing function's capture 0 is not"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := parse(t, wrap("b0:\n r2 = load 1\n r2 = closure fn3\n return r2"))
			if err := Verify(p); err != nil {
				t.Fatalf("before: %v", err)
			}
			tt.mutate(p)
			if err := Verify(p); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Verify = %v, want ...%s", err, tt.want)
			}
		})
	}
}

func TestVerifyErrorFields(t *testing.T) {
	err := Verify(parse(t, wrap("b0:\n r3 = load 1\n return r2")))
	var got *VerifyError
	if !errors.As(err, &got) {
		t.Fatalf("Verify = %v, want a *VerifyError", err)
	}
	want := VerifyError{Func: 0, Name: "f", Block: 0, Instr: 1, Text: "return r2",
		Fault: "r2 is not written on every path to here, or a call overwrote it"}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func TestVerifyBoundsItsReport(t *testing.T) {
	p := parse(t, wrap("b0:\n"+strings.Repeat(" r9 = load 1\n", 500)+" return r0"))
	err := Verify(p)
	if err == nil {
		t.Fatal("Verify accepts registers that do not exist")
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != maxFaults {
		t.Errorf("%d faults reported, want %d", n, maxFaults)
	}
}

// Long chains of nested branches and loops must not take more than linear time
// nor deep recursion.
func TestVerifyLargeFunction(t *testing.T) {
	var b strings.Builder
	const n = 20000
	for i := range n {
		fmt.Fprintf(&b, "b%d:\n r2 = add r0, r1\n branch r2 -> b%d, b%d\n", i, i+1, max(0, i-3))
	}
	fmt.Fprintf(&b, "b%d:\n return r2\n", n)
	p := parse(t, wrap(b.String()))
	start := time.Now()
	if err := Verify(p); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestReversePostorder(t *testing.T) {
	f := parse(t, wrap("b0:\n branch r0 -> b2, b3\nb1:\n return r0\nb2: catch b4 r5\n jump -> b1\nb3:\n jump -> b1\nb4:\n rethrow r5")).Funcs[0]
	order, place := reversePostorder(f)
	if diff := cmp.Diff([]int{0, 2, 4, 3, 1}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	for i, id := range order {
		if place[id] != i {
			t.Errorf("place[%d] = %d, want %d", id, place[id], i)
		}
	}
}
