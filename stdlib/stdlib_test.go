package stdlib_test

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/format"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
	"github.com/parallaxai/parallax/stdlib"
)

var update = flag.Bool("update", false, "write what the programs of testdata give")

// TestPrograms runs the programs of testdata. Each file holds cases: a line
// "-- title --", a program, and what it gives as "// => value" or
// "// error NAME: message", with the virtual time it took.
func TestPrograms(t *testing.T) {
	std := library.Std()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no test data", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for _, c := range strings.Split("\n"+string(data), "\n-- ")[1:] {
			title, rest, _ := strings.Cut(c, " --\n")
			program, want := rest, ""
			if i := strings.LastIndex(rest, "\n// "); i >= 0 {
				program, want = rest[:i+1], rest[i+1:]
			}
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar")+"/"+title, func(t *testing.T) {
				got := outcome(t, std, program)
				fmt.Fprintf(&out, "-- %s --\n%s\n// %s\n\n", title, strings.TrimSpace(program), got)
				if diff := cmp.Diff(strings.TrimSpace(want), "// "+got); diff != "" && !*update {
					t.Errorf("%s\n(-want +got)\n%s", program, diff)
				}
			})
		}
		if *update {
			if err := os.WriteFile(name, []byte(strings.TrimSpace(out.String())+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// outcome runs a program with the agents below in virtual time.
func outcome(t *testing.T, std *vm.Library, program string) string {
	t.Helper()
	res, list := build.Compile(source.NewFile("test.prism", program), build.Options{})
	if list.HasErrors() {
		t.Fatal(list[0], "\n", program)
	}
	p, err := engine.Load(res.Program, std)
	if err != nil {
		t.Fatal(err)
	}
	input := value.ObjectOf([]string{"text"}, []value.Value{value.Str("hello")}).Value()
	r, err := p.Run(context.Background(), input, engine.WithVirtualTime(time.Unix(0, 0)), engine.WithRand(rand.NewPCG(1, 2)),
		engine.WithHandlers(map[string]engine.Handler{
			effect.Agent: engine.HandlerFunc(callAgent), effect.Select: engine.HandlerFunc(selectAgents),
		}))
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if r.Error != nil {
		text = fmt.Sprintf("error %s: %s", r.Error.Name, r.Error.Message)
	} else {
		text = "=> " + value.Inspect(r.Value)
	}
	if r.Duration > 0 {
		text += fmt.Sprintf(" after %s", r.Duration)
	}
	if len(r.Calls) > 0 {
		text += " calling " + strings.Join(r.Calls, " ")
	}
	if r.Escalation != nil {
		text += " escalated " + string(r.Escalation)
	}
	return text
}

// agent is one of those the programs can call.
type agent struct {
	name         string
	capabilities []string
	confidence   float64
	delay        time.Duration
	fails        string
}

// agents echo the task and the data they get. dave is slow, eve fails, finn
// does not say how sure he is.
var agents = []agent{
	{"ann", []string{"read"}, 0.9, 30 * time.Millisecond, ""},
	{"bob", []string{"read", "write"}, 0.8, 10 * time.Millisecond, ""},
	{"cleo", []string{"read"}, 0.95, 20 * time.Millisecond, ""},
	{"dave", []string{"slow"}, 0.7, time.Minute, ""},
	{"eve", []string{"slow", "broken"}, 0, 5 * time.Millisecond, "out of order"},
	{"finn", []string{"vague"}, -1, 0, ""},
}

func (a agent) value() value.Value {
	return value.ObjectOf([]string{"id", "name", "capabilities"},
		[]value.Value{value.Str("id-" + a.name), value.Str(a.name), effect.Texts(a.capabilities)}).Value()
}

func field(v value.Value, key string) value.Value {
	if v = v.Plain(); v.Kind() != value.ObjectKind {
		return value.NullValue
	}
	x, _ := v.AsObject().Get(key)
	return x.Plain()
}

func callAgent(ctx context.Context, e *effect.Effect) effect.Outcome {
	who := field(e.Request, "agent")
	if who.Kind() == value.ObjectKind {
		who = field(who, "name")
	}
	for _, a := range agents {
		if value.Text(who) != a.name {
			continue
		}
		if err := engine.Sleep(ctx, a.delay); err != nil {
			return effect.Outcome{Err: &effect.Error{Code: "R0609", Name: "CANCELLED", Message: err.Error()}}
		}
		answer := effect.Answer{Agent: effect.NewIdentity("id-"+a.name, a.name, a.capabilities, 0.7),
			Confidence: max(a.confidence, 0), Stated: true, Duration: a.delay, Error: a.fails}
		if a.confidence < 0 {
			answer.Confidence, answer.Stated = effect.AssumedConfidence, false
		}
		if a.fails == "" {
			answer.Result = value.Str(a.name + " did " + value.Text(field(e.Request, "task")) + " on " + value.Text(field(e.Request, "data")))
		}
		return effect.Outcome{Value: answer.Value()}
	}
	return effect.Outcome{Err: &effect.Error{Code: "R0602", Name: "UNKNOWN_AGENT", Message: "there is no agent " + value.Text(who)}}
}

func selectAgents(_ context.Context, e *effect.Effect) effect.Outcome {
	var found []value.Value
	wanted := field(e.Request, "capabilities")
	for _, a := range agents {
		has := true
		if wanted.Kind() == value.ArrayKind {
			for _, c := range wanted.AsArray().Elems() {
				has = has && strings.Contains(" "+strings.Join(a.capabilities, " ")+" ", " "+value.Text(c)+" ")
			}
		}
		if has {
			found = append(found, a.value())
		}
	}
	return effect.Outcome{Value: value.NewArray(found)}
}

// modules returns the paths of all modules.
func modules(t *testing.T) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(stdlib.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestModules checks that each module can be imported, has nothing to complain
// about, is laid out as the formatter does and documents what it exports.
func TestModules(t *testing.T) {
	for _, name := range modules(t) {
		t.Run(name, func(t *testing.T) {
			data, err := fs.ReadFile(stdlib.FS, name)
			if err != nil {
				t.Fatal(err)
			}
			path := "std/" + strings.TrimSuffix(name, ".prism")
			g, list := build.Check(source.NewFile("test.prism", "import * as m from \""+path+"\"\nprint(m)\n"), build.Options{})
			for _, d := range list {
				t.Error(d)
			}
			file := source.NewFile(name, string(data))
			formatted, list := format.Source(file)
			if list.HasErrors() {
				t.Fatal(list[0])
			}
			if diff := cmp.Diff(string(data), formatted); diff != "" {
				t.Errorf("not formatted (-have +want)\n%s", diff)
			}
			for _, m := range g.Modules {
				if m.Path == path {
					undocumented(t, m.File)
				}
			}
		})
	}
}

var docBefore = regexp.MustCompile(`\*/\s*$`)

// undocumented reports exported functions without a comment before them.
func undocumented(t *testing.T, f *ast.File) {
	exported := map[string]bool{}
	for _, s := range f.Stmts {
		if e, ok := s.(*ast.Export); ok && e.Path == nil {
			for _, n := range e.Names {
				exported[n.Name.Name] = true
			}
		}
	}
	text := f.Source.Text(source.Span{Start: 0, End: f.Span.End})
	for _, s := range f.Stmts {
		var fn *ast.FuncDecl
		switch s := s.(type) {
		case *ast.FuncDecl:
			if s.Func.Name != nil && exported[s.Func.Name.Name] {
				fn = s
			}
		case *ast.Export:
			fn, _ = s.Decl.(*ast.FuncDecl)
		}
		if fn == nil || strings.HasPrefix(fn.Func.Name.Name, "__") {
			continue
		}
		if !docBefore.MatchString(text[:s.Range().Start]) {
			t.Errorf("%s is not documented", fn.Func.Name.Name)
		}
	}
}
