package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// Execution is one run of a program.
type Execution struct {
	program *Program
	cfg     config
	id      string
	input   value.Value
	machine *vm.VM
	flight  *flight
	start   time.Time // as the program sees it; of the first run when resuming
	began   time.Time // of this run
	seq     int64     // of the last event
	asked   int       // effects so far

	entries []effect.Entry // to be replayed
	cursor  int            // the next of them
	waiting map[string]*call
	asks    []*effect.Effect // questions that nobody here can answer

	failure  *Error // found while the machine ran; ends the execution
	broken   error  // the journal failed
	agents   map[string]*AgentUse
	order    []string
	calls    []string
	answered int
	usage    Usage
	escalate json.RawMessage
	warnings []Warning
	redact   *redactor // nil without secrets in the input
	said     []Said
	derived  []*value.Why
}

// sliceSteps is how many loop rounds and calls the machine does between two
// looks at the deadline: some milliseconds.
const sliceSteps = 200_000

// New prepares an execution; nothing happens before Run.
func (p *Program) New(input value.Value, opts ...Option) *Execution {
	x := &Execution{program: p, input: input, waiting: map[string]*call{}, agents: map[string]*AgentUse{}}
	x.cfg = config{handlers: map[string]Handler{}, clock: time.Now, bindings: map[string]value.Value{}}
	for _, o := range opts {
		o(&x.cfg)
	}
	if x.cfg.rand == nil {
		x.cfg.rand = newSource()
	}
	return x
}

// Run carries the execution out. It must be called once. Cancelling ctx ends it
// with StatusCancelled. All handlers have returned when Run does.
func (x *Execution) Run(ctx context.Context) (res *Result, err error) {
	fctx, cancel := context.WithCancel(ctx)
	x.flight = &flight{ctx: fctx, virtual: x.cfg.virtual, parent: x.cfg.parent, clock: x.cfg.clock, handlers: x.cfg.handlers, wake: make(chan struct{}, 1), calls: map[string]*call{}}
	x.began = x.cfg.clock()
	x.flight.time = x.began
	defer func() {
		cancel()
		x.flight.close()
	}()
	defer func() {
		if p := recover(); p != nil {
			res, err = x.result(StatusFailed, value.NullValue, &Error{Code: CodeInternal, Name: "INTERNAL_ERROR",
				Message: fmt.Sprintf("This is a bug in Prism: %v", p)}), nil
		}
	}()

	if x.cfg.environment != nil && x.program.input != nil {
		x.input = x.program.input.FromEnvironment(x.input, x.cfg.environment)
	}
	if err := x.begin(); err != nil {
		return nil, err
	}
	meta := x.program.Meta()
	x.flight.id, x.flight.pattern = x.id, meta.Name
	x.emit(Started, map[string]any{"pattern": meta.Name, "version": meta.Version})
	input, bad := x.accept()
	if bad != nil {
		return x.result(StatusFailed, value.NullValue, bad), nil
	}
	x.machine = vm.New(x.program.image, vm.Config{Host: (*host)(x), Limits: x.cfg.limits, Explain: x.cfg.explain,
		Bindings: x.bindings(input), Globals: x.cfg.globals})
	status, v, failure := x.drive(ctx)
	if x.broken != nil {
		return nil, x.broken
	}
	for _, w := range x.machine.Warnings() {
		x.warnings = append(x.warnings, x.warning(w))
	}
	x.derived = x.machine.Derivations()
	return x.result(status, v, failure), nil
}

// Globals returns the module-level variables after Run, for the next input of a
// session; nil when the program did not begin.
func (x *Execution) Globals() []value.Value {
	if x.machine == nil {
		return nil
	}
	return x.machine.Globals()
}

// accept checks the input against the program's schema.
func (x *Execution) accept() (value.Value, *Error) {
	if x.program.input == nil {
		return x.input, nil
	}
	in, violations := x.program.input.Accept(x.input)
	x.redact = redactSecrets(x.program.input.Secrets(in))
	if len(violations) > 0 {
		e := &Error{Code: CodeInputInvalid, Name: "INPUT_INVALID", Message: strings.Join(violations, "; "),
			Hint: "the program's header or input block says what it takes"}
		path, _, _ := strings.Cut(violations[0], ":")
		if p, ok := x.program.Meta().Locate(path); ok {
			modules := x.program.image.Program.Modules
			e.File, e.Line, e.Column = modules[len(modules)-1].Source.Name, p.Line, p.Column
		}
		return in, e
	}
	return in, nil
}

// bindings are the values of the names that the host provides.
func (x *Execution) bindings(input value.Value) map[string]value.Value {
	meta := x.program.Meta()
	input.Share()
	pattern := value.ObjectOf([]string{"name", "version"}, []value.Value{value.Str(meta.Name), value.Str(meta.Version)}).Value()
	execution := value.ObjectOf([]string{"id", "pattern", "version", "startedAt"}, []value.Value{value.Str(x.id),
		value.Str(meta.Name), value.Str(meta.Version), value.Num(float64(x.start.UnixMilli()))}).Value()
	spec := value.ObjectOf([]string{"declared", "capabilities", "minConfidence", "min", "max"}, []value.Value{
		value.Bool(meta.Agents.Declared), effect.Texts(meta.Agents.Capabilities), value.Num(meta.Agents.MinConfidence),
		value.Int(meta.Agents.Min), value.Int(meta.Agents.Max)}).Value()
	out := map[string]value.Value{"input": input, "execution": execution, "pattern": pattern, "__agentSpec": spec}
	for name, v := range x.cfg.bindings {
		v.Share()
		out[name] = v
	}
	return out
}

// drive runs the machine and hands it outcomes until the program has ended or
// must end.
func (x *Execution) drive(ctx context.Context) (Status, value.Value, *Error) {
	limit := x.timeout()
	var deadline time.Time
	if limit > 0 {
		deadline = x.flight.now().Add(limit)
	}
	for {
		st := x.machine.Run(sliceSteps)
		if x.broken != nil || x.failure != nil {
			return StatusFailed, value.NullValue, x.failure
		}
		switch st {
		case vm.Done:
			return x.ended()
		case vm.Paused:
			if ctx.Err() != nil {
				return StatusCancelled, value.NullValue, x.cancelled(ctx)
			}
			if limit > 0 && !x.flight.now().Before(deadline) {
				return StatusTimedOut, value.NullValue, x.timedOut(limit)
			}
		case vm.Blocked:
			switch why := x.wait(ctx, deadline); why {
			case goOn:
			case reviewNeeded:
				return StatusNeedsReview, value.NullValue, nil
			case wasCancelled:
				return StatusCancelled, value.NullValue, x.cancelled(ctx)
			case isLate:
				return StatusTimedOut, value.NullValue, x.timedOut(limit)
			case hasFailed:
				return StatusFailed, value.NullValue, x.failure
			}
		}
	}
}

// ended makes the outcome of a program that has run to its end.
func (x *Execution) ended() (Status, value.Value, *Error) {
	if x.replaying() {
		x.diverge(nil, "the program ended, but its record goes on with %s", describeEntry(x.entries[x.cursor]))
		return StatusFailed, value.NullValue, x.failure
	}
	v, err := x.machine.Result()
	if err != nil {
		return StatusFailed, value.NullValue, x.located(fromMachine(err))
	}
	return StatusSuccess, v, nil
}

// timeout returns the limit of the execution's time, 0 for none.
func (x *Execution) timeout() time.Duration {
	switch ms := x.program.Meta().TimeoutMs; {
	case x.cfg.timeout < 0:
		return 0
	case x.cfg.timeout > 0:
		return x.cfg.timeout
	case ms > 0:
		return time.Duration(ms) * time.Millisecond
	}
	return DefaultTimeout
}

func (x *Execution) timedOut(limit time.Duration) *Error {
	e := x.place(&Error{Code: CodeTimeout, Name: "TIMEOUT", Message: fmt.Sprintf("Execution timed out after %dms", limit.Milliseconds())})
	// A pattern that sets its own time tells where.
	if p, ok := x.program.Meta().Locate("timeout"); ok && x.cfg.timeout == 0 {
		e.Line, e.Column = p.Line, p.Column
	}
	return e
}

func (x *Execution) cancelled(ctx context.Context) *Error {
	msg := "Execution cancelled"
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		msg += ": " + cause.Error()
	}
	return x.place(&Error{Code: CodeCancelled, Name: "CANCELLED", Message: msg})
}

// place gives an error the place of the effect that has been under way longest.
func (x *Execution) place(e *Error) *Error {
	var first *call
	for _, c := range x.waiting {
		if first == nil || c.index < first.index {
			first = c
		}
	}
	if first != nil {
		e.File, e.Line, e.Column = first.effect.File, first.effect.Line, first.effect.Column
	}
	return e
}

// fromMachine converts an error of the machine.
func fromMachine(err *vm.Error) *Error {
	e := &Error{Code: err.Code, Name: err.Name, Message: err.Message, Hint: err.Hint, Stack: err.Stack, Data: err.Data}
	if err.IsThrown {
		if e.Message == "" {
			e.Message = value.Text(err.Thrown)
		}
		if e.Data.IsNull() && err.Thrown.PlainKind() == value.ObjectKind {
			e.Data = err.Thrown
		}
	}
	at := err.Place()
	e.File, e.Line, e.Column = at.File, at.Line, at.Column
	return e
}

// result makes the Result and sends the last event.
func (x *Execution) result(status Status, v value.Value, failure *Error) *Result {
	failure = x.redact.error(failure)
	meta := x.program.Meta()
	r := &Result{Status: status, Pattern: meta.Name, Version: meta.Version, ExecutionID: x.id, Calls: x.calls, Usage: x.usage,
		Escalation: x.escalate, Warnings: x.warnings, Said: x.said, Derivations: x.derived, Duration: x.flight.now().Sub(x.began), Error: failure}
	r.Agents = slices.Grow(r.Agents, len(x.order))
	for _, name := range x.order {
		r.Agents = append(r.Agents, *x.agents[name])
	}
	if status == StatusSuccess {
		if err := r.setValue(v); err != nil {
			r.Status, r.Error = StatusFailed, &Error{Code: CodeNotData, Name: "RESULT_INVALID", Message: err.Error()}
		}
	}
	switch r.Status {
	case StatusSuccess:
		x.emit(Completed, map[string]any{"confidence": r.Confidence, "durationMs": milliseconds(r.Duration), "agentCount": len(r.Agents)})
	case StatusCancelled:
		x.emit(Cancelled, map[string]any{"error": r.Error})
	case StatusNeedsReview:
		x.emit(NeedsReview, map[string]any{"question": r.Escalation})
	default:
		x.emit(Failed, map[string]any{"error": r.Error})
	}
	return r
}

// warning converts a warning of the machine.
func (x *Execution) warning(w vm.Warning) Warning {
	out := Warning{Code: cmp.Or(w.Code, string(CodeWarned)), Message: w.Message}
	if p, ok := x.program.Meta().Locate(w.Path); ok {
		out.Line, out.Column = p.Line, p.Column
	}
	return out
}

// runtimeError is the symbolic name of errors of patterns that have none.
const runtimeError = "RUNTIME_ERROR"

// located finds the part of a pattern that an error of the library names as
// responsible. In patterns of another notation errors are known by symbolic
// names.
func (x *Execution) located(e *Error) *Error {
	meta := x.program.Meta()
	if len(meta.Places) == 0 {
		return e
	}
	if e.PublicCode() != e.Name {
		e.Name = runtimeError
	}
	data := e.Data.Plain()
	if !isObject(data) {
		return e
	}
	path, ok := data.AsObject().Get("path")
	if !ok || path.PlainKind() != value.StringKind {
		return e
	}
	if p, ok := meta.Locate(value.Text(path)); ok {
		e.Line, e.Column = p.Line, p.Column
		// The pattern's own frame, below those of the library.
		for i := len(e.Stack) - 1; i >= 0; i-- {
			if f := &e.Stack[i]; f.File == e.File {
				f.Line, f.Column = p.Line, p.Column
				break
			}
		}
	}
	return e
}
