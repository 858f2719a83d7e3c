package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/ast"
)

var kindNames = [...]string{"let", "const", "bare", "param", "func", "loopvar", "catchvar", "matchvar", "import", "agent",
	"placeholder", "host", "library", "session", "pattern"}

// describe writes one line for each symbol, in order of the first identifier
// that means it: kind, name, reads, writes and what else is set.
func describe(info *Info) []string {
	var lines []string
	seen := map[*Symbol]bool{nil: true}
	for _, sym := range info.Symbols {
		if seen[sym] {
			continue
		}
		seen[sym] = true
		line := fmt.Sprintf("%s %s r%d w%d", kindNames[sym.Kind], sym.Name, sym.Uses, sym.Assignments)
		for _, flag := range []struct {
			set  bool
			text string
		}{
			{sym.TopLevel, "top"}, {sym.InLoop, "loop"}, {sym.Captured, "captured"}, {sym.CapturedEarly, "early"},
			{sym.Exported, "exported"}, {sym.Const(), "const"}, {sym.After != nil, "after"},
		} {
			if flag.set {
				line += " " + flag.text
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func TestInfo(t *testing.T) {
	for _, c := range []struct {
		name, src string
		want      []string
	}{
		{"top level", "let a = 1\nconst b = 2\nc = a + b\nc", []string{"let a r1 w0 top", "const b r1 w0 top const", "bare c r1 w0 top"}},
		{"blocks are not top level, bare variables in them are", "{ let a = 1; b = a }\nb", []string{"let a r1 w0", "bare b r1 w0 top"}},
		{"writes after the first", "a = 1\na = 2\na += 3\na++\na", []string{"bare a r3 w3 top"}},
		{"a part is read and written", "o = {}\no.p = 1\no", []string{"bare o r2 w1 top"}},
		{"captures of a block", "{ let a = 1; print(() => a) }", []string{"let a r1 w0 captured", "library print r1 w0"}},
		{"captured before the value", "{ let f = () => a; let a = 1; f() }", []string{"let f r1 w0", "let a r1 w0 captured early"}},
		{"a hoisted function comes before every value", "{ let a = 1; print(f()); function f() { a } }",
			[]string{"let a r1 w0 captured early", "library print r1 w0", "func f r1 w0"}},
		{"recursion", "{ function f(n) { f(n - 1) } f(1) }", []string{"func f r2 w0 captured early", "param n r1 w0"}},
		{"an earlier function of the block", "{ function a() { 1 } function b() { a() } b() }", []string{"func a r1 w0 captured", "func b r1 w0"}},
		{"a later function of the block", "{ function a() { b() } function b() { 1 } a() }", []string{"func a r1 w0", "func b r1 w0 captured early"}},
		{"an expression sees functions", "{ function a() { 1 } let f = () => a(); f() }", []string{"func a r1 w0 captured", "let f r1 w0"}},
		{"set in a branch", "fn g() { if (input.x) { a = 1 }\nlet f = () => a\na = 2\nf() }\ng()",
			[]string{"func g r1 w0 top", "host input r1 w0", "bare a r1 w1 captured early", "let f r1 w0"}},
		{"set and captured in one branch", "fn g() { if (input.x) { a = 1\n(() => a)() } }\ng()",
			[]string{"func g r1 w0 top", "host input r1 w0", "bare a r1 w0 captured"}},
		{"loops", "for x in [1] { let y = x\nz = y }\nz", []string{"loopvar x r1 w0 loop", "let y r1 w0 loop", "bare z r1 w0 top loop"}},
		{"a function in a loop begins anew", "for x in [1] { (() => { let y = 1; y })() }", []string{"loopvar x r0 w0 loop", "let y r1 w0"}},
		{"for with let", "for let i = 0; i < 3; i++ { print(i) }", []string{"loopvar i r3 w1 loop", "library print r1 w0"}},
		{"for without let", "for i = 0; i < 3; i++ { print(i) }", []string{"loopvar i r3 w1 loop", "library print r1 w0"}},
		{"for without let, read afterwards", "for i = 0; i < 3; i++ { print(i) }\ni",
			[]string{"loopvar i r3 w1 loop after", "library print r1 w0", "bare i r1 w0 top"}},
		{"the variable of two such loops", "for i = 0; i < 3; i++ { }\nfor i = 5; i < 7; i++ { }\ni",
			[]string{"loopvar i r2 w1 loop after", "loopvar i r2 w1 loop after", "bare i r1 w0 top"}},
		{"used by a function around the loop", "for i = 0; i < 3; i++ { f() }\nfn f() { i }", []string{"bare i r3 w1 top captured early", "func f r1 w0 top"}},
		{"a visible variable", "i = 9\nfor i = 0; i < 3; i++ { }\ni", []string{"bare i r3 w2 top"}},
		{"parameters and their order", "fn f(a, b = () => a, c = () => d, d) { [b, c] }\nf(1, 2, 3, 4)",
			[]string{"func f r1 w0 top", "param a r1 w0 captured", "param b r1 w0", "param c r1 w0", "param d r1 w0 captured early"}},
		{"exports", "export let a = 1\nb = 2\nexport {b as c}", []string{"let a r0 w0 top exported", "bare b r0 w0 top exported"}},
		{"catch, match, agents, import", "import {q} from \"./q\"\nagents { h: {role: q} }\ntry { h } catch (e) { e }\nmatch 1 { n => n }",
			[]string{"import q r1 w0 top const", "agent h r1 w0 top const", "catchvar e r1 w0", "matchvar n r1 w0"}},
		{"alternatives share a variable", "match [1] { [a] | [_, a] => a }", []string{"matchvar a r1 w0"}},
		{"placeholder", "5 |> _ + _", []string{"placeholder _ r2 w0 const"}},
		{"unknown names mean nothing", "missing", nil},
		{"pattern names", "export pattern p { 1 }", []string{"pattern p r0 w0 top exported const"}},
		{"the library is hidden from its own value on", "max = max(1, 2)\nmax", []string{"bare max r1 w0 top", "library max r1 w0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, info, _ := resolveText(t, c.src, testOptions())
			if d := cmp.Diff(c.want, describe(info)); d != "" {
				t.Errorf("%s (-want +got):\n%s", c.src, d)
			}
		})
	}
}

// captures returns the captured names of the functions, by the text that their
// nodes begin with.
func captures(info *Info) map[string][]string {
	out := map[string][]string{}
	for n, fn := range info.Functions {
		text := info.File.Source.Text(n.Range())
		text = text[:min(len(text), 12)]
		for _, sym := range fn.Captures {
			out[text] = append(out[text], sym.Name)
		}
	}
	return out
}

func TestCaptures(t *testing.T) {
	_, info, _ := resolveText(t, `fn outer(p) { let v = 1; let g = aa => { bb => p + v + aa + top }; g }
top = 1
outer(2)`, testOptions())
	want := map[string][]string{"aa => { bb =": {"p", "v"}, "bb => p + v ": {"p", "v", "aa"}}
	if d := cmp.Diff(want, captures(info)); d != "" {
		t.Error(d)
	}
	_, info, _ = resolveText(t, `fn f() { let t = 2
return parallel [1] { work(t, () => agent, () => later(t)) } }
f()`, testOptions())
	want = map[string][]string{"parallel [1]": {"t"}, "() => agent": {"agent"}, "() => later(": {"agent", "t"}}
	if d := cmp.Diff(want, captures(info)); d != "" {
		t.Error(d)
	}
}

func TestTasksAndImplicitParameters(t *testing.T) {
	file, info, _ := resolveText(t, `parallel [1] { a(agent); with_agents(x: 1) { b() } }
race [1] { c() } until (<~ response > 0.5)
with_agents(x: 1) { print(d()) }`, testOptions())
	var tasks, bound []string
	ast.Walk(file, func(n ast.Node) bool {
		if c, ok := n.(*ast.Call); ok && info.Tasks[c] {
			id := c.Fun.(*ast.Ident)
			tasks = append(tasks, id.Name)
			if agent := info.TaskAgents[c]; agent != nil {
				bound = append(bound, id.Name)
				if agent.Name != "agent" || agent.Kind != Param || agent.Ident != nil {
					t.Errorf("the task %s is bound to %+v", id.Name, agent)
				}
			}
			if info.SymbolOf(id) != nil {
				t.Errorf("the task %s has a symbol", id.Name)
			}
		}
		return true
	})
	if d := cmp.Diff([][]string{{"a", "b", "c", "d"}, {"a", "c"}}, [][]string{tasks, bound}); d != "" {
		t.Error(d)
	}
	var implicit []string
	for n, fn := range info.Functions {
		for _, sym := range fn.Implicit {
			if sym.Owner != fn {
				t.Errorf("%s is not owned by its function", sym.Name)
			}
			implicit = append(implicit, fmt.Sprintf("%T %s", n, sym.Name))
		}
	}
	slices.Sort(implicit)
	if d := cmp.Diff([]string{"*ast.Binary response", "*ast.Parallel agent", "*ast.Race agent"}, implicit); d != "" {
		t.Error(d)
	}
}

func TestParallelStatementsAreFunctions(t *testing.T) {
	file, info, _ := resolveText(t, "fn f() { let q = 1\nparallel { a = q + 1\nlet b = q }\na + b }\nf()", testOptions())
	var owners []string
	ast.Walk(file, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.Assign, *ast.VarDecl:
			if fn := info.Functions[n]; fn != nil {
				owners = append(owners, fmt.Sprintf("%T captures %s", n, fn.Captures[0].Name))
			}
		}
		return true
	})
	if d := cmp.Diff([]string{"*ast.Assign captures q", "*ast.VarDecl captures q"}, owners); d != "" {
		t.Error(d)
	}
	want := []string{"func f r1 w0 top", "let q r2 w0 captured", "bare a r1 w0", "let b r1 w0"}
	if d := cmp.Diff(want, describe(info)); d != "" {
		t.Error(d)
	}
}

func TestTopGlobalsExportsTypes(t *testing.T) {
	_, info, _ := resolveText(t, `import {m} from "./m"
b = max(m, execution.id)
fn a() { sum([b]) }
export {a as first, a as second}
export type T = number
export default a`, testOptions())
	var top, globals []string
	for _, sym := range info.Top {
		top = append(top, sym.Name)
	}
	for _, sym := range info.Globals {
		globals = append(globals, sym.Name)
	}
	if d := cmp.Diff([][]string{{"m", "b", "a"}, {"max", "execution", "sum"}}, [][]string{top, globals}); d != "" {
		t.Error(d)
	}
	if info.Exports["first"] == nil || info.Exports["first"] != info.Exports["second"] || len(info.Exports) != 2 {
		t.Errorf("exports %v", info.Exports)
	}
	if info.DefaultExport == nil || info.ExportedTypes["T"] == nil || info.ExportedTypes["T"] != info.Types["T"] {
		t.Error("the default export or the type is missing")
	}
	if ref := info.Top[0].Import; ref == nil || ref.Path != "./m" || ref.Name != "m" || ref.Stmt == nil {
		t.Errorf("import %+v", ref)
	}
}

func TestSelf(t *testing.T) {
	_, info, list := resolveText(t, "(function f(n) { n > 0 ? f(n - 1) : () => f })(1)", testOptions())
	var self *Symbol
	for _, fn := range info.Functions {
		if fn.Self != nil {
			self = fn.Self
			if self.Owner != fn || fn.Node != ast.Node(self.Func) {
				t.Error("the name of a function expression is not its own")
			}
		}
	}
	if self == nil || self.Uses != 2 || len(list) > 0 {
		t.Errorf("self %+v, %v", self, list)
	}
}

func TestSession(t *testing.T) {
	opts := testOptions()
	opts.Session = map[string]SessionName{"x": {}, "k": {Const: true}, "print": {}}
	_, info, list := resolveText(t, "x = 2\nlet y = x\nprint(y)\nunused = 1\nlet k = 3", opts)
	if len(list) > 0 {
		t.Error(list)
	}
	want := []string{"session x r1 w1", "let y r1 w0 top", "session print r1 w0", "bare unused r0 w0 top", "let k r0 w0 top"}
	if d := cmp.Diff(want, describe(info)); d != "" {
		t.Error(d)
	}
	_, _, list = resolveText(t, "k = 3\nxx", opts)
	if len(list) != 2 || list[0].Code != codeAssignConstant || list[1].Code != codeUnknownName {
		t.Errorf("findings %v", list)
	}
	_, _, list = resolveText(t, "fn f() { let local = 1 }", opts)
	if len(list) != 1 || list[0].Code != codeUnusedVariable {
		t.Errorf("a local variable of a session: %v", list)
	}
}

func TestIntrinsics(t *testing.T) {
	opts := testOptions()
	if _, _, list := resolveText(t, "__spawn(1)", opts); !list.HasErrors() {
		t.Error("an ordinary file can use an intrinsic")
	}
	opts.SourceIsLibrary = true
	_, info, list := resolveText(t, "__spawn(1)", opts)
	if len(list) > 0 || len(info.Globals) != 1 || info.Globals[0].Kind != Library {
		t.Errorf("globals %v, %v", info.Globals, list)
	}
}

func TestHostNames(t *testing.T) {
	names := HostNames()
	if !slices.IsSorted(names) {
		t.Error("not sorted", names)
	}
	_, info, list := resolveText(t, "["+strings.Join(names, ", ")+"]", Options{})
	if len(list) > 0 {
		t.Error(list)
	}
	for _, sym := range info.Globals {
		if sym.Kind != Host {
			t.Errorf("%s has the kind %d", sym.Name, sym.Kind)
		}
	}
	names[0] = "changed"
	if HostNames()[0] == "changed" {
		t.Error("the caller can change the table")
	}
}
