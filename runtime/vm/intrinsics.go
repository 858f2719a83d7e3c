package vm

import (
	"math"
	"slices"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// Intrinsics returns the library functions that need the machine itself:
// effects, notices, promises and fibers, and those that the compiler calls for
// operators. Names that begin with __ are not visible to programs.
func Intrinsics() map[string]value.Value {
	out := map[string]value.Value{}
	def := func(name string, min, max int, fn NativeFunc) {
		out[name] = NewNative(name, min, max, fn).Value()
	}
	def("print", 0, -1, func(c *Call) (value.Value, error) {
		return c.notice(effect.Print, value.CopyArray(c.Args).Value())
	})
	def("log", 0, -1, logNative)
	console := map[string]value.Value{}
	for name, level := range map[string]string{"log": "info", "info": "info", "warn": "warn", "error": "error", "debug": "debug"} {
		console[name] = NewNative("console."+name, 0, -1, func(c *Call) (value.Value, error) {
			return c.notice(effect.Log, logRecord(c, level, c.Args))
		}).Value()
	}
	out["console"] = objectOf(console, "log", "info", "warn", "error", "debug")
	def("emit", 1, 2, func(c *Call) (value.Value, error) {
		if c.Args[0].PlainKind() != value.StringKind {
			return value.NullValue, c.Errorf("R0120", "emit needs the name of the event as a string")
		}
		return c.notice(effect.Emit, c.Object("event", c.Args[0], "data", c.Arg(1)))
	})
	def("now", 0, 0, func(c *Call) (value.Value, error) { return c.Effect(effect.Now, value.NullValue) })
	def("random", 0, 2, randomNative)
	def("uuid", 0, 0, func(c *Call) (value.Value, error) { return c.Effect(effect.UUID, value.NullValue) })
	def("sleep", 1, 1, func(c *Call) (value.Value, error) {
		ms, err := duration(c, "sleep")
		if err != nil {
			return value.NullValue, err
		}
		return c.Effect(effect.Sleep, ms)
	})
	def("delay", 1, 2, delayNative)
	def("ask", 1, 2, func(c *Call) (value.Value, error) {
		return c.Effect(effect.Ask, c.Object("question", c.Args[0], "options", c.Arg(1)))
	})
	def("llm", 1, 2, func(c *Call) (value.Value, error) {
		return c.Begin(&llmCall{prompt: c.Args[0], options: c.Arg(1)})
	})
	def("fail", 0, 2, failNative)
	def("why", 1, 1, func(c *Call) (value.Value, error) {
		v := c.Args[0]
		w := v.Why()
		if w == nil {
			conf, ok := v.Confidence()
			rule := "plain"
			if ok {
				rule = "given"
			}
			w = &value.Why{Rule: rule, C: conf}
		}
		return c.vm.whyValue(w), nil
	})
	promises(out)
	hidden(def)
	return out
}

// objectOf makes an object of named values in the given order.
func objectOf(m map[string]value.Value, keys ...string) value.Value {
	vals := make([]value.Value, len(keys))
	for i, k := range keys {
		vals[i] = m[k]
	}
	v := value.ObjectOf(keys, vals).Value()
	v.Share()
	return v
}

// Object makes an object of alternating keys (string) and values.
func (c *Call) Object(pairs ...any) value.Value {
	keys := make([]string, 0, len(pairs)/2)
	vals := make([]value.Value, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		v := pairs[i+1].(value.Value)
		v.Share()
		keys, vals = append(keys, pairs[i].(string)), append(vals, v)
	}
	return value.NewObject(c.vm.realm, c.vm.realm.ShapeOf(keys...), vals).Value()
}

// Realm returns the shapes of the running machine.
func (c *Call) Realm() *value.Realm {
	if c.vm == nil {
		return nil
	}
	return c.vm.realm
}

// Limits returns the limits in force; the zero Limits outside a machine.
func (c *Call) Limits() Limits {
	if c.vm == nil {
		return Limits{}.withDefaults()
	}
	return c.vm.limits
}

// Combined gives v the confidence that the strategy's rule makes of the
// confident ones among parts; v itself when none is.
func (c *Call) Combined(v value.Value, note string, parts ...value.Value) value.Value {
	return c.vm.combined(v, parts, note)
}

// Attach gives v a confidence by a named rule.
func (c *Call) Attach(v value.Value, conf float64, rule string, from ...value.Value) value.Value {
	return c.vm.withConfidence(v, clamp(conf), rule, "", from...)
}

// maxDerivations bounds how many derivations an execution keeps.
const maxDerivations = 1000

// Explaining reports whether explanations are kept.
func (c *Call) Explaining() bool { return c.vm != nil && c.vm.explain }

// Derive gives a value a confidence like Attach; where explanations are kept,
// explain says in words how it came about, and from which answers. The derivation
// is kept by itself too, see VM.Derivations, as programs may lose the value and
// keep the number.
func (c *Call) Derive(v value.Value, conf float64, rule string, explain func() (note string, from []*value.Why)) value.Value {
	if !c.Explaining() {
		return c.Attach(v, conf, rule)
	}
	v = c.vm.withConfidence(v, clamp(conf), rule, "")
	w := v.Why()
	w.Note, w.Operands = explain()
	if len(c.vm.derivations) < maxDerivations {
		c.vm.derivations = append(c.vm.derivations, w)
	}
	return v
}

// AttachNoted is Attach with a note, such as the name of an agent.
func (c *Call) AttachNoted(v value.Value, conf float64, rule, note string, from ...value.Value) value.Value {
	return c.vm.withConfidence(v, clamp(conf), rule, note, from...)
}

func (c *Call) notice(kind string, v value.Value) (value.Value, error) {
	value.Freeze(v)
	at := c.vm.position(c.vm.running)
	c.vm.cfg.Host.Notice(effect.Notice{Path: c.vm.running.place.String(), Kind: kind, Value: v, File: at.File, Line: at.Line})
	return value.NullValue, nil
}

func logRecord(c *Call, level string, args []value.Value) value.Value {
	return c.Object("level", value.Str(level), "values", value.CopyArray(args).Value())
}

var logLevels = map[string]bool{"trace": true, "debug": true, "info": true, "warn": true, "warning": true, "error": true}

// logNative is log(level?, ...): the first argument is the level if it names one
// and something follows.
func logNative(c *Call) (value.Value, error) {
	level, args := "info", c.Args
	if len(args) > 1 && args[0].PlainKind() == value.StringKind {
		if l := args[0].Plain().AsString().Go(); logLevels[l] {
			level, args = l, args[1:]
		}
	}
	return c.notice(effect.Log, logRecord(c, level, args))
}

// randomNative is random(), random(max) or random(min, max), all from one
// journalled number in [0, 1).
func randomNative(c *Call) (value.Value, error) {
	lo, hi := 0.0, 1.0
	for i, a := range c.Args {
		if !a.Plain().IsNumber() {
			return value.NullValue, c.Errorf("R0120", "random takes numbers, not %s", article(a.PlainKind()))
		}
		if i == 1 {
			lo = hi
		}
		hi = a.Plain().Float()
	}
	if len(c.Args) == 0 {
		return c.Effect(effect.Random, value.NullValue)
	}
	return c.Begin(&scaledRandom{lo: lo, hi: hi})
}

type scaledRandom struct {
	lo, hi float64
	asked  bool
}

func (s *scaledRandom) Step(c *Call, ret value.Value) (value.Value, error) {
	if !s.asked {
		s.asked = true
		return c.Effect(effect.Random, value.NullValue)
	}
	return value.Num(s.lo + ret.Float()*(s.hi-s.lo)), nil
}

// duration checks the milliseconds of a wait.
func duration(c *Call, who string) (value.Value, error) {
	ms := c.Args[0].Plain()
	if !ms.IsNumber() || math.IsNaN(ms.Float()) || ms.Float() < 0 {
		return ms, c.Errorf("R0120", "%s needs a number of milliseconds that is not negative", who)
	}
	if ms.Float() > 1e12 {
		return ms, c.Errorf("R0120", "%s: %s milliseconds is more than 30 years", who, value.NumberText(ms.Float()))
	}
	return ms, nil
}

// delayNative gives a promise of null, or of its second argument, after a while.
func delayNative(c *Call) (value.Value, error) {
	ms, err := duration(c, "delay")
	if err != nil {
		return value.NullValue, err
	}
	vm, p := c.vm, newPromise()
	timer := newPromise()
	out, done := vm.startEffect(vm.running, effect.Sleep, ms, waiter{promise: timer})
	if len(c.Args) < 2 {
		p = timer
	} else {
		p.effect = timer.effect
		vm.react(timer, &forward{to: p, v: c.Args[1]})
	}
	if done {
		v, e := vm.outcome(out)
		vm.settle(timer, v, e)
	}
	return p.value(), nil
}

type forward struct {
	to *promise
	v  value.Value
}

func (r *forward) settled(vm *VM, p *promise) { vm.settle(r.to, r.v, p.err) }

// failNative ends the pattern with a message and data of its own.
func failNative(c *Call) (value.Value, error) {
	msg := "failed"
	if len(c.Args) > 0 && !c.Args[0].IsNull() {
		msg = value.Text(c.Args[0])
	}
	data := c.Arg(1)
	data.Share()
	return value.NullValue, &Error{Code: "R0003", Name: "Failure", Message: msg, Data: data}
}

// llmCall asks a model. The answer of the effect is {content, confidence,
// stated, ...}; an extractor of the options may judge the confidence.
type llmCall struct {
	prompt, options value.Value
	stream          value.Value // name of the stream by which the answer is read as well, or null
	answer          value.Value
	state           int
}

func (s *llmCall) Step(c *Call, ret value.Value) (value.Value, error) {
	switch s.state {
	case 0:
		s.state = 1
		if s.prompt.PlainKind() != value.StringKind {
			return value.NullValue, c.Errorf("R0120", "llm needs the prompt as a string, not %s", article(s.prompt.PlainKind()))
		}
		opts := s.options.Plain()
		if opts.Kind() == value.ObjectKind {
			opts = opts.AsObject().Without("extractor").Value()
		}
		request := c.Object("prompt", s.prompt, "options", opts, "context", c.vm.contexts())
		if !s.stream.IsNull() {
			request = request.AsObject().Set(c.vm.realm, "stream", s.stream).Value()
		}
		return c.Effect(effect.LLM, request)
	case 1:
		s.state, s.answer = 2, ret
		if o := s.options.Plain(); o.Kind() == value.ObjectKind {
			if f, ok := o.AsObject().Get("extractor"); ok && !f.IsNull() {
				return c.Invoke(f, ret)
			}
		}
		return s.finish(c, value.NullValue)
	}
	return s.finish(c, ret)
}

// finish gives the content its confidence: the extractor's, else the answer's,
// else 0.5 with a warning.
func (s *llmCall) finish(c *Call, judged value.Value) (value.Value, error) {
	content, conf, stated := s.answer, 0.5, false
	if p := s.answer.Plain(); p.Kind() == value.ObjectKind {
		o := p.AsObject()
		if v, ok := o.Get("content"); ok {
			content = v
		}
		if v, ok := o.Get("confidence"); ok && v.Plain().IsNumber() && !math.IsNaN(v.Plain().Float()) {
			conf, stated = v.Plain().Float(), true
		}
	} else if cc, ok := s.answer.Confidence(); ok {
		content, conf, stated = p, cc, true
	}
	switch j := judged.Plain(); {
	case judged.IsConfident():
		conf, stated = judged.C(), true
	case j.IsNumber():
		conf, stated = j.Float(), true
	case j.Kind() == value.ObjectKind:
		if v, ok := j.AsObject().Get("confidence"); ok && v.Plain().IsNumber() {
			conf, stated = v.Plain().Float(), true
		}
	}
	if !stated {
		c.vm.warn(Warning{Message: "a model gave no confidence; 0.5 is assumed"})
	}
	return c.vm.withConfidence(content, clamp(conf), "llm", "", judged), nil
}

// warn notes something odd once.
func (vm *VM) warn(w Warning) {
	if !slices.Contains(vm.warnings, w) {
		vm.warnings = append(vm.warnings, w)
	}
}

// contexts lists the names of the "in context" regions that the running fiber is
// in, outermost first.
func (vm *VM) contexts() value.Value {
	var names []value.Value
	for i := range vm.running.frames {
		fr := &vm.running.frames[i]
		if fr.fn == nil || len(fr.fn.Contexts) == 0 {
			continue
		}
		at := fr.fn.SpanAt(max(fr.pc-1, 0))
		for _, c := range fr.fn.Contexts {
			if c.Span.Start <= at.Start && at.End <= c.Span.End {
				names = append(names, value.Str(c.Name))
			}
		}
	}
	return value.NewArray(names)
}

// hidden defines what operators and the modules of the library are made of.
func hidden(def func(string, int, int, NativeFunc)) {
	def("__gate", 2, 2, gateNative)
	// x ~|> f: the result's own confidence, else that of x.
	def("__carry", 2, 2, func(c *Call) (value.Value, error) {
		if r, x := c.Args[0], c.Args[1]; !r.IsConfident() && x.IsConfident() {
			return c.vm.withConfidence(r, x.C(), "carry", "~|>", x), nil
		}
		return c.Args[0], nil
	})
	// Elements of an array with at least a confidence.
	def("__keep", 2, 2, func(c *Call) (value.Value, error) {
		t := c.Args[1].Plain()
		if c.Args[0].PlainKind() != value.ArrayKind || !t.IsNumber() {
			return c.Args[0], nil
		}
		var out []value.Value
		for _, e := range c.Args[0].Plain().AsArray().Elems() {
			if e.C() >= t.Float() {
				e.Share()
				out = append(out, e)
			}
		}
		return value.NewArray(out), nil
	})
	def("__llm", 3, 3, func(c *Call) (value.Value, error) {
		return c.Begin(&llmCall{prompt: c.Args[0], options: c.Args[1], stream: c.Args[2]})
	})
	def("__spawn", 1, -1, spawnNative)
	def("__pool", 3, 3, poolNative)
	// Calls a function with as many of the arguments as it takes and waits for
	// the promise it may give.
	def("__invoke", 1, 5, func(c *Call) (value.Value, error) {
		return c.Begin(&starter{fn: c.Args[0], args: append([]value.Value(nil), c.Args[1:]...)})
	})
	// A promise that __resolve fulfils, for locks and channels.
	def("__promise", 0, 0, func(*Call) (value.Value, error) { return newPromise().value(), nil })
	def("__resolve", 2, 2, func(c *Call) (value.Value, error) {
		if p := c.Args[0].Plain(); p.Kind() == value.Promise && !promiseOf(p).settled {
			c.Args[1].Share()
			c.vm.settle(promiseOf(p), c.Args[1], nil)
		}
		return value.NullValue, nil
	})
	def("__cancel", 1, 1, func(c *Call) (value.Value, error) {
		if p := c.Args[0].Plain(); p.Kind() == value.Promise {
			c.vm.cancel(promiseOf(p), &Error{Code: "R0021", Name: "Cancelled", Message: "the call was cancelled"})
		}
		return value.NullValue, nil
	})
	def("__effect", 2, 2, func(c *Call) (value.Value, error) {
		if c.Args[0].PlainKind() != value.StringKind {
			return value.NullValue, c.Errorf("R0120", "__effect needs a kind")
		}
		return c.Effect(c.Args[0].Plain().AsString().Go(), c.Args[1])
	})
	def("__settled", 1, 1, func(c *Call) (value.Value, error) {
		p := c.Args[0].Plain()
		if p.Kind() != value.Promise || !promiseOf(p).settled {
			return value.NullValue, nil
		}
		return c.vm.settlement(promiseOf(p)), nil
	})
	def("__error", 3, 4, func(c *Call) (value.Value, error) {
		data := c.Arg(3)
		data.Share()
		return value.NullValue, &Error{Code: diag.Code(value.Text(c.Args[0])), Name: value.Text(c.Args[1]),
			Message: value.Text(c.Args[2]), Data: data}
	})
	def("__rethrow", 1, 1, func(c *Call) (value.Value, error) { return value.NullValue, c.vm.thrown(c.Args[0]) })
	def("__input", 0, 0, func(c *Call) (value.Value, error) {
		v := c.vm.cfg.Bindings["input"]
		v.Share()
		return v, nil
	})
	def("__testing", 1, 1, func(c *Call) (value.Value, error) {
		asked, ok := c.vm.cfg.Bindings["__test"]
		return value.Bool(ok && value.Text(asked) == value.Text(c.Args[0])), nil
	})
	def("__execution", 0, 0, func(c *Call) (value.Value, error) {
		v := c.vm.cfg.Bindings["execution"]
		v.Share()
		return v, nil
	})
	def("__meta", 0, 0, func(c *Call) (value.Value, error) {
		m := &c.vm.img.Program.Meta
		caps := make([]value.Value, len(m.Agents.Capabilities))
		for i, s := range m.Agents.Capabilities {
			caps[i] = value.Str(s)
		}
		return c.Object("name", value.Str(m.Name), "version", value.Str(m.Version), "timeoutMs", value.Num(float64(m.TimeoutMs)),
			"agents", c.Object("declared", value.Bool(m.Agents.Declared), "capabilities", value.NewArray(caps),
				"min", value.Int(m.Agents.Min), "max", value.Int(m.Agents.Max), "minConfidence", value.Num(m.Agents.MinConfidence))), nil
	})
	def("__warn", 1, 3, func(c *Call) (value.Value, error) {
		w := Warning{Message: value.Text(c.Args[0])}
		if len(c.Args) == 3 {
			w.Code, w.Path = value.Text(c.Args[1]), value.Text(c.Args[2])
		}
		c.vm.warn(w)
		return value.NullValue, nil
	})
}

// gateNative is x ~?> t, x ~?> [t, d] and x ~?> f.
func gateNative(c *Call) (value.Value, error) {
	x, t := c.Args[0], c.Args[1].Plain()
	confident := func(v value.Value) value.Value {
		if v.IsConfident() {
			return v
		}
		return c.vm.withConfidence(v, 1, "plain", "~?>")
	}
	switch t.Kind() {
	case value.Number:
		if x.C() >= t.Float() {
			return confident(x), nil
		}
		return value.NullValue, nil
	case value.ArrayKind:
		e := t.AsArray().Elems()
		if len(e) != 2 || !e[0].Plain().IsNumber() {
			return value.NullValue, c.Errorf("R0120", "~?> needs a threshold, [threshold, default] or a function on its right")
		}
		if x.C() >= e[0].Plain().Float() {
			return confident(x), nil
		}
		return e[1], nil
	case value.Function:
		if x.C() < c.vm.strategy().Coalesce {
			return value.NullValue, nil
		}
		return c.Begin(&gatedCall{x: x, f: c.Args[1]})
	}
	return value.NullValue, c.Errorf("R0120", "~?> needs a threshold, [threshold, default] or a function on its right, not %s", article(t.Kind()))
}

type gatedCall struct {
	x, f   value.Value
	called bool
}

func (s *gatedCall) Step(c *Call, ret value.Value) (value.Value, error) {
	if !s.called {
		s.called = true
		return c.Invoke(s.f, s.x)
	}
	if ret.IsConfident() {
		return ret, nil
	}
	return c.vm.withConfidence(ret, s.x.C(), "carry", "~?>", s.x), nil
}

// spawnNative starts a fiber that calls a function; the result is its promise.
func spawnNative(c *Call) (value.Value, error) {
	vm := c.vm
	fnv := c.Args[0].Plain()
	if fnv.Kind() != value.Function {
		return value.NullValue, vm.notCallable(vm.running, fnv)
	}
	for _, a := range c.Args[1:] {
		a.Share()
	}
	p, err := vm.startFiber(fnv, c.Args[1:])
	if err != nil {
		return value.NullValue, err
	}
	return p.value(), nil
}

// startFiber runs any function in a fiber of its own.
func (vm *VM) startFiber(fnv value.Value, args []value.Value) (*promise, *Error) {
	if vm.fibers >= vm.limits.Fibers {
		return nil, limitError("the program has too many fibers at a time", false)
	}
	child := vm.newFiber(vm.running)
	vm.allocated += 1024
	// The starter frame calls the function and, as it is the last frame, ends
	// the fiber with the result.
	child.frames = append(make([]frame, 0, 4), frame{stepper: &starter{fn: fnv, args: append([]value.Value(nil), args...)}})
	child.waiting = true
	vm.ready.push(child)
	return child.done, nil
}

// starter is the bottom frame of a fiber that __spawn made.
type starter struct {
	fn   value.Value
	args []value.Value
	done bool
}

func (s *starter) Step(c *Call, ret value.Value) (value.Value, error) {
	if !s.done {
		s.done = true
		return c.Invoke(s.fn, s.args...)
	}
	// An async function gives a promise; the fiber's result is what it becomes.
	if p := ret.Plain(); p.Kind() == value.Promise {
		return c.Await(p)
	}
	return ret, nil
}
