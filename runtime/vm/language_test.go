package vm_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/check"
	"github.com/parallaxai/parallax/compiler/codegen"
	"github.com/parallaxai/parallax/compiler/ir"
	catalogue "github.com/parallaxai/parallax/compiler/library"
	"github.com/parallaxai/parallax/compiler/lower"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/compiler/opt"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/library"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
	"github.com/parallaxai/parallax/stdlib"
)

// world answers effects deterministically, with a clock that jumps to the next
// timer when the program waits.
type world struct {
	now     float64
	seq     int
	timers  []timer
	notices []effect.Notice
	agents  func(e *effect.Effect) effect.Outcome
}

type timer struct {
	at   float64
	seq  int
	path string
	out  effect.Outcome
}

func (w *world) Start(e *effect.Effect) (effect.Outcome, bool) {
	w.seq++
	switch e.Kind {
	case effect.Now:
		return effect.Outcome{Value: value.Num(w.now)}, true
	case effect.Random:
		return effect.Outcome{Value: value.Num(0.25)}, true
	case effect.UUID:
		return effect.Outcome{Value: value.Str("id-" + strconv.Itoa(w.seq))}, true
	case effect.Sleep:
		w.timers = append(w.timers, timer{w.now + e.Request.Plain().Float(), w.seq, e.Path, effect.Outcome{}})
		return effect.Outcome{}, false
	}
	if w.agents != nil {
		w.timers = append(w.timers, timer{w.now + 1, w.seq, e.Path, w.agents(e)})
		return effect.Outcome{}, false
	}
	return effect.Outcome{Err: &effect.Error{Code: "R0510", Message: "no handler for " + e.Kind}}, true
}

func (w *world) Cancel(path string) {
	for i, t := range w.timers {
		if t.path == path {
			w.timers = append(w.timers[:i], w.timers[i+1:]...)
			return
		}
	}
}

func (w *world) Notice(n effect.Notice) { w.notices = append(w.notices, n) }

// next takes the timer that fires first.
func (w *world) next() (timer, bool) {
	best := -1
	for i, t := range w.timers {
		if best < 0 || t.at < w.timers[best].at || (t.at == w.timers[best].at && t.seq < w.timers[best].seq) {
			best = i
		}
	}
	if best < 0 {
		return timer{}, false
	}
	t := w.timers[best]
	w.timers = append(w.timers[:best], w.timers[best+1:]...)
	w.now = max(w.now, t.at)
	return t, true
}

var std = library.Std()

// compile turns source text into an image; optimise runs the passes too.
func compile(name, src string, optimise bool) (*vm.Image, error) {
	file := source.NewFile(name, src)
	g, list := module.Load(file, module.Dir("."), module.Options{
		Std:      stdlib.FS,
		Implicit: catalogue.Implicit,
		Check:    check.Options{Library: known},
	})
	if list.HasErrors() {
		return nil, firstError(list)
	}
	p, list := lower.Program(g, lower.Options{Meta: bytecode.Meta{Strategy: bytecode.DefaultStrategy}})
	if list.HasErrors() {
		return nil, firstError(list)
	}
	if err := ir.Verify(p); err != nil {
		return nil, fmt.Errorf("lowered program: %w", err)
	}
	if optimise {
		opt.Program(p)
		if err := ir.Verify(p); err != nil {
			return nil, fmt.Errorf("optimised program: %w", err)
		}
	}
	b, list := codegen.Program(p)
	if list.HasErrors() {
		return nil, firstError(list)
	}
	if err := bytecode.Verify(b); err != nil {
		return nil, fmt.Errorf("bytecode: %w", err)
	}
	return vm.Link(b, std)
}

func firstError(list diag.List) error {
	for _, d := range list {
		if d.Severity == diag.Error {
			return d
		}
	}
	return nil
}

func known(name string) bool {
	ok := catalogue.Global(name)
	return ok
}

// run executes an image to its end.
func run(im *vm.Image, w *world, cfg vm.Config) (value.Value, *vm.Error, *vm.VM) {
	cfg.Host = w
	m := vm.New(im, cfg)
	for {
		switch m.Run(10_000) {
		case vm.Done:
			v, err := m.Result()
			return v, err, m
		case vm.Blocked:
			t, ok := w.next()
			if !ok {
				return value.NullValue, &vm.Error{Message: "blocked for ever"}, m
			}
			m.Deliver(t.path, t.out)
		}
	}
}

// TestLanguage runs the chunks of testdata/*.prism. A chunk ends with what is
// expected:
//
//	// => value as Inspect prints it, without its own confidence
//	// ~ confidence
//	// conf /pointer confidence
//	// error CODE: beginning of the message
//	// input {json}
func TestLanguage(t *testing.T) {
	files, err := filepath.Glob("testdata/*.prism")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, chunk := range strings.Split(string(text), "\n---\n") {
			t.Run(fmt.Sprintf("%s/%d", filepath.Base(file), i+1), func(t *testing.T) {
				t.Parallel()
				runChunk(t, chunk, false)
				runChunk(t, chunk, true)
			})
		}
	}
}

func runChunk(t *testing.T, chunk string, optimise bool) {
	t.Helper()
	e := parseExpectation(t, chunk)
	im, cerr := compile("test.prism", chunk, optimise)
	var v value.Value
	var failure error
	if cerr != nil {
		failure = cerr
	} else {
		var err *vm.Error
		if v, err, _ = run(im, &world{}, vm.Config{Bindings: map[string]value.Value{"input": e.input}}); err != nil {
			failure = fmt.Errorf("error %s: %s", err.Code, err.Message)
		}
	}
	if e.err != "" {
		if failure == nil {
			t.Fatalf("want %q, got %s\n%s", e.err, value.Inspect(v), chunk)
		}
		if !strings.Contains(failure.Error(), strings.TrimSpace(e.err)) {
			t.Fatalf("want %q, got %v\n%s", e.err, failure, chunk)
		}
		return
	}
	if failure != nil {
		t.Fatalf("%v\n%s", failure, chunk)
	}
	got := value.Inspect(stripped(v))
	if got != e.value {
		t.Errorf("got %s, want %s\n%s", got, e.value, chunk)
	}
	if c, ok := v.Confidence(); ok != (e.conf != nil) || (ok && c != *e.conf) {
		t.Errorf("confidence %v (%v), want %v\n%s", c, ok, e.conf, chunk)
	}
	for p, want := range e.confs {
		if c := part(v, p).C(); c != want {
			t.Errorf("confidence of %s is %v, want %v\n%s", p, c, want, chunk)
		}
	}
}

type expectation struct {
	value string
	conf  *float64
	confs map[string]float64
	err   string
	input value.Value
}

func parseExpectation(t *testing.T, chunk string) expectation {
	e := expectation{confs: map[string]float64{}}
	for _, line := range strings.Split(chunk, "\n") {
		switch {
		case strings.HasPrefix(line, "// => "):
			e.value = line[6:]
		case strings.HasPrefix(line, "// ~ "):
			c, err := strconv.ParseFloat(line[5:], 64)
			if err != nil {
				t.Fatal(err)
			}
			e.conf = &c
		case strings.HasPrefix(line, "// conf "):
			f := strings.Fields(line[8:])
			c, err := strconv.ParseFloat(f[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			e.confs[f[0]] = c
		case strings.HasPrefix(line, "// error"):
			e.err = line[3:]
		case strings.HasPrefix(line, "// input "):
			v, err := value.FromJSON([]byte(line[9:]))
			if err != nil {
				t.Fatal(err)
			}
			e.input = v
		}
	}
	return e
}

// stripped removes all confidences, which are compared on their own.
func stripped(v value.Value) value.Value {
	p := v.Plain()
	switch p.Kind() {
	case value.ArrayKind:
		var out []value.Value
		for _, e := range p.AsArray().Elems() {
			out = append(out, stripped(e))
		}
		return value.NewArray(out)
	case value.ObjectKind:
		var keys []string
		var vals []value.Value
		for k, e := range p.AsObject().All() {
			keys, vals = append(keys, k), append(vals, stripped(e))
		}
		return value.ObjectOf(keys, vals).Value()
	}
	return p
}

// part follows a JSON pointer.
func part(v value.Value, pointer string) value.Value {
	for _, key := range strings.Split(pointer, "/")[1:] {
		switch p := v.Plain(); p.Kind() {
		case value.ArrayKind:
			i, err := strconv.Atoi(key)
			if err != nil || i >= p.AsArray().Len() {
				return value.NullValue
			}
			v = p.AsArray().At(i)
		case value.ObjectKind:
			v, _ = p.AsObject().Get(key)
		default:
			return value.NullValue
		}
	}
	return v
}
