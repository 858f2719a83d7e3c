package ast_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// program uses every kind of node except the Bad ones, which broken adds.
const program = `/** @name all */
import d, {a as b, c} from "./m.prism"
import * as ns from "./n.prism"
export let x: number = 1
export {x as y} from "./o.prism"
export * as z from "./p.prism"
export default "t ${x + 1} ${-x}"
type T = {a: number, b?: [string, null]} | (number) => Promise<string[]> ~ 0.5..0.9
agents { Ann: { role: "r" } }
pattern p v1.0.0 {
  input { n?: number min(0) items(min_length(1)) default([1, , ...x]) }
  return { a: 1, "b": 2, [k]: 3, x, f(q) { q }, ...o } ~> 0.5
}
async function f({a, k: b = 1, ...r}, [c ~> 0.5, , d: number], ...rest): T ~> 0.8 {
  if (a) { return } else if b x = 1 else { throw d }
  for let i = 0; i < 3; i++ { continue }
  for k, v in o { break }
  for ;; { break }
  while (true) { await x }
  do { --i } while not_done
}
uncertain if (x) threshold(0.8, 0.6) { high { 1 } medium { 2 } }
uncertain for let i = 0; i < 1; i++ threshold(0.5, 0.4) { low { 1 } }
uncertain while x threshold(0.5, 0.4) { default { 1 } }
r = match v { 1 | -2 => true, 3..5 => null, _ if g => undefined, n ~> 0.5 => { n }, s: string => s, {t: "u"} => 1 }
try { f?.(x)?.y[0]?.[1] } catch (e) { e~.m } finally { (1) }
in context C { s ? 1 : 2 } -> D
parallel agents timeout(1) { q(a, name: 1) }
sequential { 1 }
race agents wait_all { 1 } until (w => w)
with_agents(cap: "x") { 1 }
[o.p, y] ~> 0.5 = e
g = x => x |> _ ** 2
`

const broken = ")\nlet = 1\nx = \nmatch a { * => 1 }\ntype A = \n)"

func parse(t *testing.T, src string) *ast.File {
	t.Helper()
	file, diags := parser.ParseFile(source.NewFile("test.prism", src))
	if src == program && len(diags) > 0 {
		t.Fatal(diags[0])
	}
	return file
}

// reachable collects all nodes below v that reflection finds.
func reachable(v reflect.Value, found map[ast.Node]bool) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() || v.Type() == reflect.TypeFor[*source.File]() {
			return
		}
		if v.Kind() == reflect.Pointer {
			if n, ok := v.Interface().(ast.Node); ok {
				if _, header := n.(*ast.Header); header {
					return
				}
				found[n] = true
			}
		}
		reachable(v.Elem(), found)
	case reflect.Slice:
		for i := range v.Len() {
			reachable(v.Index(i), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			reachable(v.Field(i), found)
		}
	}
}

// TestWalkIsComplete checks that Walk visits every node once, and that the
// program above has every kind of node.
func TestWalkIsComplete(t *testing.T) {
	kinds := map[string]bool{}
	for _, src := range []string{program, broken} {
		file := parse(t, src)
		want := map[ast.Node]bool{}
		reachable(reflect.ValueOf(file), want)
		got := map[ast.Node]int{}
		ast.Walk(file, func(n ast.Node) bool {
			got[n]++
			kinds[strings.TrimPrefix(reflect.TypeOf(n).String(), "*ast.")] = true
			return true
		})
		for n := range want {
			if got[n] != 1 {
				t.Errorf("%T %q is visited %d times", n, file.Source.Text(n.Range()), got[n])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d nodes visited, %d in the tree", len(got), len(want))
		}
	}
	for _, kind := range []string{
		"Ident", "NumberLit", "StringLit", "Template", "BoolLit", "NullLit", "ArrayLit", "Hole", "Spread", "ObjectLit",
		"Property", "FuncLit", "Param", "Unary", "Update", "Await", "Binary", "Ternary", "Call", "NamedArg", "Member",
		"Index", "Paren", "Block", "ExprStmt", "VarDecl", "Declarator", "Assign", "If", "UncertainIf",
		"LevelBranch", "For", "ForIn", "While", "DoWhile", "Break", "Continue", "Return", "FuncDecl", "Match", "Arm", "Try",
		"Throw", "Context", "AgentsDecl", "AgentDecl", "Import", "ImportName", "Export", "TypeDecl", "PatternDecl",
		"InputDecl", "InputField", "Constraint", "Parallel", "Sequential", "Race", "WithAgents", "IdentPattern",
		"TargetPattern", "Wildcard", "ArrayPattern", "ObjectPattern", "PatternElem", "LiteralPattern", "RangePattern",
		"AltPattern", "NamedType", "LiteralType", "ArrayType", "TupleType", "ObjectType", "TypeField", "FuncType",
		"UnionType", "ConfidentType", "BadExpr", "BadStmt", "BadPattern", "BadType", "File",
	} {
		if !kinds[kind] {
			t.Errorf("no %s in the programs", kind)
		}
	}
}

// TestWalkPrunes checks that nothing below a refused node is visited, and that
// nil is none.
func TestWalkPrunes(t *testing.T) {
	var got []string
	file := parse(t, "a = f(b)\nfunction g() { c }")
	ast.Walk(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			got = append(got, id.Name)
		}
		_, call := n.(*ast.Call)
		return !call
	})
	if diff := cmp.Diff([]string{"a", "g", "c"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	ast.Walk(nil, func(ast.Node) bool { t.Error("nil is visited"); return true })
}

func TestEqual(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{program, program, true},
		{"x = 1", "x   =   1.0 // c", true},
		{"x = 'a'", `x = "\u{61}"`, true},
		{"f = x => x", "f = (x) => x", true},
		{"x = 1", "x = 2", false},
		{"x = 1", "x = (1)", false},
		{"x = a + b", "x = a - b", false},
		{"x = a", "x = b", false},
		{"f(a)", "f(a, b)", false},
		{"f(a)", "f?.(a)", false},
		{"let a", "const a = 1", false},
		{"if a { b }", "if a { b } else { c }", false},
		{"x = null", "x = undefined", false},
		{"a; b", "a\nb", true},
		{"x", "let x", false},
	}
	for _, test := range tests {
		if got := ast.Equal(parse(t, test.a), parse(t, test.b)); got != test.want {
			t.Errorf("%q and %q: %t", test.a, test.b, got)
		}
	}
	if !ast.Equal(nil, nil) || ast.Equal(nil, &ast.Hole{}) || ast.Equal(&ast.Hole{}, nil) {
		t.Error("nil equals only nil")
	}
	if !ast.Equal(&ast.Call{Args: []ast.Expr{}}, &ast.Call{}) {
		t.Error("nil and empty lists differ")
	}
}

// TestDump checks that a dump tells trees apart and is defined for every node.
func TestDump(t *testing.T) {
	lines := strings.Count(ast.Dump(parse(t, program)), "\n")
	if want := len(parse(t, program).Stmts); lines != want {
		t.Errorf("%d lines for %d statements", lines, want)
	}
	want := "(let BAD)\n(= x BAD)\n"
	if got := ast.Dump(parse(t, "let = 1\nx = ")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	ast.Walk(parse(t, program), func(n ast.Node) bool {
		if ast.Dump(n) == "" {
			if _, text := n.(*ast.File); !text {
				t.Errorf("%T has an empty dump", n)
			}
		}
		return true
	})
	if got := ast.Dump(parse(t, "a"+strings.Repeat(" + a", 100_000))); strings.Count(got, "(+ ") != 100_000 {
		t.Error("a long chain is cut")
	}
}

func TestUnparen(t *testing.T) {
	inner := &ast.Ident{Name: "a"}
	if got := ast.Unparen(&ast.Paren{X: &ast.Paren{X: inner}}); got != inner {
		t.Errorf("got %v", got)
	}
	if got := ast.Unparen(inner); got != inner {
		t.Errorf("got %v", got)
	}
}

// TestLevels checks the spelling of confidence levels and of the operator "in".
func TestLevels(t *testing.T) {
	got := []string{ast.High.String(), ast.Medium.String(), ast.Low.String(), ast.Default.String(), token.In.String()}
	if diff := cmp.Diff([]string{"high", "medium", "low", "default", "in"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
