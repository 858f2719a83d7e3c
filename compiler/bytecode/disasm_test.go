package bytecode

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDisassembleGolden(t *testing.T) {
	var b strings.Builder
	if err := Disassemble(&b, program(t)); err != nil {
		t.Fatal(err)
	}
	golden(t, "sample.disasm", b.String())
}

func TestDisassembleEveryOperation(t *testing.T) {
	f := &Func{Regs: 10, Consts: []Const{num(1)}, Names: []string{"x"}, Shapes: [][]string{{"a"}}, Captures: []Capture{{Name: "c"}}}
	for op := range OpCount {
		f.Code = append(f.Code, Instr{Op: op})
		if op.HasExt() {
			f.Code = append(f.Code, Ext(0))
		}
	}
	p := &Program{Funcs: []*Func{f}, Libs: []string{"map"}, Globals: []Global{{Name: "g"}}}
	var b strings.Builder
	if err := Disassemble(&b, p); err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(b.String())
	for op := range OpCount {
		if !slices.Contains(words, op.String()) {
			t.Errorf("%v is missing in the text", op)
		}
	}
	golden(t, "operations.disasm", b.String())
}

// Looking at a broken program must not fail.
func TestDisassembleAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawAny(t)
		p.Funcs = append(p.Funcs, nil, &Func{Code: []Instr{{Op: OpObject}}})
		var b strings.Builder
		if err := Disassemble(&b, p); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "is missing") {
			t.Fatal("the missing function is not mentioned")
		}
	})
}

type failing struct{}

var errFull = errors.New("disk full")

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestDisassembleReportsWriteErrors(t *testing.T) {
	if err := Disassemble(failing{}, program(t)); !errors.Is(err, errFull) {
		t.Errorf("Disassemble = %v, want %v", err, errFull)
	}
}

func TestOpString(t *testing.T) {
	if got := OpCallMethod.String() + OpCount.String(); got != "callmethod?" {
		t.Errorf("got %q", got)
	}
}
