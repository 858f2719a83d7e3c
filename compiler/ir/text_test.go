package ir

import (
	"errors"
	"flag"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/prism/source"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var sameFile = cmp.Comparer(func(a, b *source.File) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Name == b.Name)
})

// read returns the text of a program that is valid.
func read(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/program.ir")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func parse(t testing.TB, text string) *Program {
	t.Helper()
	p, err := Parse(text)
	if err != nil {
		t.Fatalf("Parse: %v\n%s", err, text)
	}
	return p
}

func TestTextGolden(t *testing.T) {
	want := read(t)
	p := parse(t, want)
	var b strings.Builder
	if err := Print(&b, p); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/program.ir", []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("Print(Parse(text)) (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(b.String(), p.String()); diff != "" {
		t.Errorf("String differs from Print (-Print +String):\n%s", diff)
	}
	if err := Verify(p); err != nil {
		t.Errorf("Verify: %v", err)
	}
}

func TestParseReadsEveryField(t *testing.T) {
	p := parse(t, read(t))
	f := p.Funcs[0]
	want := Instr{Op: OpAdd, Dst: 3, A: R(0), B: R(1), Span: source.Span{Start: 12, End: 17},
		Facts: Facts{Kinds: KindNumber | KindString, Lo: 0.5, Hi: 1, HasConf: true}}
	if diff := cmp.Diff(want, f.Blocks[0].Instrs[3]); diff != "" {
		t.Errorf("instruction (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Instr{Op: OpCallLib, Dst: 4, A: R(4), C: 1, N: 2}, f.Blocks[0].Instrs[21]); diff != "" {
		t.Errorf("instruction (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Instr{Op: OpNext, Dst: 4, A: R(3), N: 1, To: 3, Else: 4}, f.Blocks[2].Instrs[0]); diff != "" {
		t.Errorf("instruction (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Capture{{"c", true, true, 2}, {"x", false, true, 0}}, p.Funcs[1].Captures); diff != "" {
		t.Errorf("captures (-want +got):\n%s", diff)
	}
	wantMeta := bytecode.Meta{Name: "demo", Version: "1.0.0", Description: `says "hello"`,
		Input: []byte(`{"type":"object"}`), Output: []byte("true"),
		Agents:    bytecode.AgentSpec{Declared: true, Capabilities: []string{"search"}, MinConfidence: 0.6, Min: 2, Max: 5},
		TimeoutMs: 30000, Strategy: bytecode.DefaultStrategy, Explain: true,
		Entries: [][2]string{{"author", "me"}, {"tag", "x y"}}}
	if diff := cmp.Diff(wantMeta, p.Meta); diff != "" {
		t.Errorf("meta (-want +got):\n%s", diff)
	}
	if got := []any{p.Modules[0].Source.Name, p.Modules[1].Source, p.Modules[0].Digest[31], f.Blocks[0].Handler, f.Blocks[0].HandlerReg, f.Blocks[1].Handler}; !cmp.Equal(
		[]any{"demo.prism", (*source.File)(nil), byte(31), 5, Reg(7), -1}, got, sameFile) {
		t.Errorf("got %v", got)
	}
}

func TestFuncString(t *testing.T) {
	f := parse(t, read(t)).Funcs[3]
	want := "func 0 \"\" module 1 @0:0 params 0 min 0 regs 1\nb0:\n  r0 = func fn2\n  return r0\n"
	if diff := cmp.Diff(want, f.String()); diff != "" {
		t.Errorf("String (-want +got):\n%s", diff)
	}
}

// Print must serve for looking at broken programs, too.
func TestPrintBrokenProgram(t *testing.T) {
	p := &Program{Modules: []*Module{nil}, Funcs: []*Func{nil, {Consts: []bytecode.Const{{Kind: 99}}, Blocks: []*Block{nil, {Handler: -1, Instrs: []Instr{
		{Op: OpCount + 3},
		{Op: OpAdd, A: K(7), B: K(0)},
		{Op: OpLib, N: 5},
		{Op: OpObject, N: -1},
		{Op: OpGetProp, N: 9},
		{Op: OpCallMethod, C: -2},
		{Op: OpBranchCmp, N: 900},
		{Op: OpFunc},
		{Op: OpNot, Facts: Facts{Kinds: 1 << 12}},
	}}}}}, Meta: bytecode.Meta{Strategy: bytecode.Strategy{Combine: 77}}}
	got := p.String()
	for _, want := range []string{"op", "?7", "?kind99", "r0 = lib ?5", "object r0, ?-1", "getprop r0, ?9", "callmethod ?-2",
		"branchcmp 900", "?0x1000", "combine 77", "fn0\n",
		"module 0 is missing", "function 0 is missing", "b0 is missing"} {
		if !strings.Contains(got, want) {
			t.Errorf("the text has no %q:\n%s", want, got)
		}
	}
}

func TestParseErrors(t *testing.T) {
	const head = "program 0\nlib \"map\"\nfunc 0 \"\" module 0 @0:0 params 0 min 0 regs 4\n  const 3\n  property \"x\"\n  shape \"a\"\nb0:\n"
	tests := []struct {
		name, text string
		want       ParseError
	}{
		{"empty", "", ParseError{1, `the text does not begin with "program"`}},
		{"no program", "lib \"x\"", ParseError{1, `expected "program" before "lib \"x\""`}},
		{"header", "program 0\nfoo 3", ParseError{2, `unknown entry "foo"`}},
		{"number", "program x", ParseError{1, `expected a number before "x"`}},
		{"huge number", "program 99999999999", ParseError{1, `expected a number before "99999999999"`}},
		{"rest of line", "program 0 1", ParseError{1, `unexpected "1" at the end of the line`}},
		{"string", "program 0\nlib map", ParseError{2, `expected a quoted string before "map"`}},
		{"raw string", "program 0\nlib `map`", ParseError{2, "expected a quoted string before \"`map`\""}},
		{"timeout", "program 0\ntimeout x", ParseError{2, "bad timeout"}},
		{"confidence", "program 0\nconfidence high", ParseError{2, `expected a number, found "high"`}},
		{"strategy", "program 0\nstrategy combine most", ParseError{2, `unknown rule "most"`}},
		{"strategy key", "program 0\nstrategy logic", ParseError{2, `expected "combine" before " logic"`}},
		{"digest", "program 0\nmodule \"m\" init 0 digest 0g", ParseError{2, `bad digest "0g"`}},
		{"long digest", "program 0\nmodule \"m\" init 0 digest " + strings.Repeat("0", 66), ParseError{2, `bad digest "` + strings.Repeat("0", 66) + `"`}},
		{"function order", "program 0\nfunc 1 \"\"", ParseError{2, "function 1 stands where 0 is due"}},
		{"table", "program 0\nfunc 0 \"\" module 0 @0:0 params 0 min 0 regs 1\n  foo", ParseError{3, `unknown entry "foo"`}},
		{"constant", "program 0\nfunc 0 \"\" module 0 @0:0 params 0 min 0 regs 1\n  const foo", ParseError{3, `expected a number, found "foo"`}},
		{"payload", "program 0\nfunc 0 \"\" module 0 @0:0 params 0 min 0 regs 1\n  const nan:0", ParseError{3, `bad number "nan:0"`}},
		{"block", "program 0\nfunc 0 \"\" module 0 @0:0 params 0 min 0 regs 1\nb0 catch", ParseError{3, `expected ":" before "catch"`}},
		{"operation", head + "  foo r1", ParseError{8, `unknown operation "foo"`}},
		{"destination", head + "  load 3", ParseError{8, "load is written rN = load"}},
		{"no destination", head + "  r1 = return r1", ParseError{8, "return is written without a destination"}},
		{"reading destination", head + "  r1 = arrayspread r2", ParseError{8, "arrayspread is written rN := arrayspread"}},
		{"negative register", head + "  return r-1", ParseError{8, `expected a number, found "r-1"`}},
		{"negative destination", head + "  r-1 = load 3", ParseError{8, `unknown operation "r"`}},
		{"constant not in table", head + "  r1 = load 4", ParseError{8, "4 is not in its table"}},
		{"another constant", head + "  r1 = load null!0", ParseError{8, "constant 0 is not null"}},
		{"name not in table", head + "  r1 = getprop r0, .y", ParseError{8, `property "y" is not in its table`}},
		{"library not in table", head + "  r1 = lib %filter", ParseError{8, `library "filter" is not in its table`}},
		{"bad name", head + "  r1 = getprop r0, .3", ParseError{8, `expected a name before "3"`}},
		{"shape not in table", head + "  r1 = object r0..r1, {a, b}", ParseError{8, `shape ["a" "b"] is not in its table`}},
		{"shape window", head + "  r1 = object r0..r1, {a}", ParseError{8, "object needs a window of 1 registers, not 2"}},
		{"backward window", head + "  r1 = array r2..r1", ParseError{8, "the window r2..r1 ends before it begins"}},
		{"small window", head + "  r1 = call r2..", ParseError{8, "call needs a window of at least 1 registers"}},
		{"fixed window", head + "  r1 = callspread r2..r4", ParseError{8, "callspread needs a window of 2 registers, not 3"}},
		{"comparison", head + "  branchcmp foo r1, r2 -> b0, b0", ParseError{8, `unknown comparison "foo"`}},
		{"successor", head + "  jump b0", ParseError{8, `expected "->" before "b0"`}},
		{"kind", head + "  r1 = not r0 : thing", ParseError{8, `unknown kind "thing"`}},
		{"range", head + "  r1 = not r0 : ~1", ParseError{8, `expected ~lo..hi, found "~1"`}},
		{"escape", "program 0\nlib \"\\q\"", ParseError{2, `expected a quoted string before "\"\\q\""`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Parse(tt.text)
			var got *ParseError
			if !errors.As(err, &got) || p != nil {
				t.Fatalf("Parse = %v, %v, want a *ParseError", p, err)
			}
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// A program whose every index is in range, without regard to its meaning.
func drawProgram(t *rapid.T) *Program {
	name := rapid.OneOf(rapid.SampledFrom([]string{"x", "items", "a.b", "", "9", "a b", "é", `"`, ";", "}"}), rapid.String())
	span := rapid.Custom(func(t *rapid.T) source.Span {
		return source.Span{Start: rapid.Int32Min(0).Draw(t, "start"), End: rapid.Int32Min(0).Draw(t, "end")}
	})
	confidence := rapid.Float64Range(0, 1)
	boolean := func(label string) bool { return rapid.Bool().Draw(t, label) }
	bytes := func(label string) []byte {
		if boolean(label) {
			return nil
		}
		return append([]byte{}, rapid.String().Draw(t, label)...)
	}
	rule := func() bytecode.Combine {
		return rapid.SampledFrom([]bytecode.Combine{bytecode.Min, bytecode.Max, bytecode.Product, bytecode.Average}).Draw(t, "rule")
	}
	small := rapid.IntRange(0, 5)
	many := func(label string) int { return rapid.IntRange(1, 4).Draw(t, label) }

	p := &Program{Entry: small.Draw(t, "entry")}
	p.Meta = bytecode.Meta{Name: name.Draw(t, "name"), Version: name.Draw(t, "version"), Description: name.Draw(t, "description"),
		Input: bytes("input"), Output: bytes("output"), TimeoutMs: rapid.Int64().Draw(t, "timeout"), Explain: boolean("explain"),
		Agents: bytecode.AgentSpec{Declared: boolean("declared"), MinConfidence: confidence.Draw(t, "min"), Min: small.Draw(t, "min"), Max: small.Draw(t, "max")},
		Strategy: bytecode.Strategy{Combine: rule(), Logic: rule(), Either: rule(), Choose: rule(), Coalesce: confidence.Draw(t, "coalesce"),
			Gate: confidence.Draw(t, "gate"), Reduction: confidence.Draw(t, "reduction"), High: confidence.Draw(t, "high"), Medium: confidence.Draw(t, "medium")}}
	for range small.Draw(t, "capabilities") {
		p.Meta.Agents.Capabilities = append(p.Meta.Agents.Capabilities, name.Draw(t, "capability"))
	}
	for range small.Draw(t, "entries") {
		p.Meta.Entries = append(p.Meta.Entries, [2]string{name.Draw(t, "key"), name.Draw(t, "value")})
	}
	for range many("libs") {
		p.Libs = append(p.Libs, name.Draw(t, "lib"))
	}
	for range many("modules") {
		m := &Module{Path: name.Draw(t, "path"), Init: small.Draw(t, "init")}
		copy(m.Digest[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "digest"))
		if boolean("source") {
			m.Source = source.NewFile(name.Draw(t, "file"), "")
		}
		p.Modules = append(p.Modules, m)
	}
	for range many("globals") {
		p.Globals = append(p.Globals, Global{name.Draw(t, "global"), rapid.IntRange(-1, 3).Draw(t, "module"), boolean("const")})
	}
	for range many("funcs") {
		f := &Func{Name: name.Draw(t, "func"), Module: small.Draw(t, "module"), Span: span.Draw(t, "span"), Params: small.Draw(t, "params"),
			MinArgs: small.Draw(t, "min"), Rest: boolean("rest"), Async: boolean("async"), Regs: small.Draw(t, "regs")}
		for range many("captures") {
			f.Captures = append(f.Captures, Capture{name.Draw(t, "capture"), boolean("cell"), boolean("reg"), small.Draw(t, "index")})
		}
		for range many("consts") {
			f.Consts = append(f.Consts, rapid.OneOf(
				rapid.SampledFrom([]bytecode.Const{{}, {Kind: bytecode.ConstBool}, {Kind: bytecode.ConstBool, Bits: 1}, {Kind: bytecode.ConstUnset},
					{Kind: bytecode.ConstNumber, Bits: 0xfff0_0000_0000_0000}, {Kind: bytecode.ConstNumber, Bits: 0x7ff8_0000_0000_0000}}),
				rapid.Map(rapid.Float64(), func(f float64) bytecode.Const {
					return bytecode.Const{Kind: bytecode.ConstNumber, Bits: math.Float64bits(f)}
				}),
				rapid.Map(name, func(s string) bytecode.Const { return bytecode.Const{Kind: bytecode.ConstString, String: s} }),
			).Draw(t, "const"))
		}
		for range many("names") {
			f.Names = append(f.Names, name.Draw(t, "property"))
		}
		for range many("shapes") {
			var keys []string
			for range small.Draw(t, "keys") {
				keys = append(keys, name.Draw(t, "key"))
			}
			f.Shapes = append(f.Shapes, keys)
		}
		for range small.Draw(t, "locals") {
			f.Locals = append(f.Locals, Local{name.Draw(t, "local"), Reg(small.Draw(t, "reg")), boolean("cell"), span.Draw(t, "scope")})
		}
		for range small.Draw(t, "contexts") {
			f.Contexts = append(f.Contexts, Context{name.Draw(t, "context"), name.Draw(t, "to"), span.Draw(t, "span")})
		}
		for i := range many("blocks") {
			b := &Block{ID: i, Handler: -1}
			if boolean("handler") {
				b.Handler, b.HandlerReg = small.Draw(t, "handler"), Reg(small.Draw(t, "reg"))
			}
			for range rapid.IntRange(0, 8).Draw(t, "instrs") {
				b.Instrs = append(b.Instrs, drawInstr(t, p, f, span))
			}
			f.Blocks = append(f.Blocks, b)
		}
		p.Funcs = append(p.Funcs, f)
	}
	return p
}

func drawInstr(t *rapid.T, p *Program, f *Func, span *rapid.Generator[source.Span]) Instr {
	small := rapid.IntRange(0, 5)
	index := func(kind byte) int {
		n := map[byte]int{'l': len(p.Libs), 'n': len(f.Names), 's': len(f.Shapes)}[kind]
		if n > 0 {
			return rapid.IntRange(0, n-1).Draw(t, "index")
		}
		return small.Draw(t, "index")
	}
	in := Instr{Op: Op(rapid.IntRange(0, int(OpCount)-1).Draw(t, "op")), Span: span.Draw(t, "span")}
	form := &Forms[in.Op]
	if form.Dst {
		in.Dst = Reg(small.Draw(t, "dst"))
	}
	switch form.Index {
	case 0:
	case 'o':
		in.N = rapid.IntRange(int(OpEqual), int(OpGreaterEqual)).Draw(t, "comparison")
	default:
		in.N = index(form.Index)
	}
	if form.CIndex != 0 {
		in.C = Operand(index(form.CIndex))
	}
	for i, o := range [...]*Operand{&in.A, &in.B, &in.C} {
		switch {
		case form.Args[i] == '-':
		case form.Args[i] == 'v' && rapid.Bool().Draw(t, "constant"):
			*o = K(rapid.IntRange(0, len(f.Consts)-1).Draw(t, "const"))
		default:
			*o = R(Reg(small.Draw(t, "reg")))
		}
	}
	if form.Succ > 0 {
		in.To = small.Draw(t, "to")
	}
	if form.Succ > 1 {
		in.Else = small.Draw(t, "else")
	}
	in.Facts.Kinds = Kinds(rapid.IntRange(0, int(allKinds)).Draw(t, "kinds"))
	in.Facts.Plain = rapid.Bool().Draw(t, "plain")
	if in.Facts.HasConf = rapid.Bool().Draw(t, "confident"); in.Facts.HasConf {
		in.Facts.Lo, in.Facts.Hi = rapid.Float64().Draw(t, "lo"), rapid.Float64().Draw(t, "hi")
	}
	return in
}

func TestTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProgram(t)
		text := p.String()
		back, err := Parse(text)
		if err != nil {
			t.Fatalf("Parse: %v\n%s", err, text)
		}
		if diff := cmp.Diff(p, back, sameFile); diff != "" {
			t.Fatalf("Parse(Print(p)) (-want +got):\n%s\n%s", diff, text)
		}
		if diff := cmp.Diff(text, back.String()); diff != "" {
			t.Fatalf("Print(Parse(text)) (-want +got):\n%s", diff)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(read(f))
	f.Add("program 0\nfunc 0 \"\" module 0 @0:0 params 0 min 0 regs 1\nb0:\n  jump -> b0")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			return
		}
		if err := Verify(p); err == nil {
			printed := p.String()
			back, err := Parse(printed)
			if err != nil {
				t.Fatalf("Parse(Print(p)): %v\n%s", err, printed)
			}
			if diff := cmp.Diff(printed, back.String()); diff != "" {
				t.Fatalf("text changed (-want +got):\n%s", diff)
			}
		}
	})
}
