package vm

import (
	"fmt"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// VM is one execution of a program. One goroutine at a time may use it.
type VM struct {
	img     *Image
	cfg     Config
	limits  Limits
	explain bool
	realm   *value.Realm
	globals []value.Value
	caches  [][]propCache
	old     map[*function][]propCache // of earlier inputs of a session

	main     *fiber
	running  *fiber
	switched bool // a new fiber takes the running one's turn
	ready    queue
	fibers   int
	pending  map[string]waiter
	rejected []*promise

	steps     int64 // left of the limit
	slice     int64 // left of the current Run
	allocated int64 // bytes allocated since the last look at the heap
	nextLook  int64 // allocated at which the heap is measured

	call        Call
	interrupt   *Error
	derivations []*value.Why
	warnings    []Warning
	errShape    *value.Shape
	// The errors caught last, by the objects that programs see of them.
	origins    [16]origin
	originNext int
	finished   bool
	// The branch taken last, and its function, when the image counts.
	lastBranch *site
	branchIn   *funcCounters
	result     value.Value
	err        *Error
}

// New prepares an execution; nothing runs before Run. cfg.Host must be set.
func New(img *Image, cfg Config) *VM {
	vm := &VM{img: img, cfg: cfg, limits: cfg.Limits.withDefaults(), explain: cfg.Explain || img.explain, realm: value.NewRealm()}
	vm.steps = vm.limits.Steps
	vm.nextLook = vm.limits.Memory / 2
	vm.globals = make([]value.Value, len(img.Program.Globals))
	for i, g := range img.Program.Globals {
		vm.globals[i] = value.UnsetValue()
		if g.Module < 0 {
			vm.globals[i] = cfg.Bindings[g.Name]
		} else if i < len(cfg.Globals) {
			vm.globals[i] = cfg.Globals[i]
		}
	}
	vm.caches = make([][]propCache, len(img.funcs))
	vm.pending = map[string]waiter{}
	vm.call.vm = vm
	vm.start()
	return vm
}

// start makes the main fiber, about to enter the program.
func (vm *VM) start() {
	fn := vm.img.funcs[vm.img.Program.Entry]
	f := vm.newFiber(nil)
	vm.main = f
	f.grow(fn.Regs)
	f.frames = append(make([]frame, 0, 4), frame{fn: fn, caches: vm.cachesOf(fn)})
	vm.ready.push(f)
}

func (l Limits) withDefaults() Limits {
	pick := func(v, def int64) int64 {
		switch {
		case v == 0:
			return def
		case v < 0:
			return 1 << 62
		}
		return v
	}
	d := DefaultLimits
	return Limits{
		Steps:     pick(l.Steps, d.Steps),
		CallDepth: int(pick(int64(l.CallDepth), int64(d.CallDepth))),
		Fibers:    int(pick(int64(l.Fibers), int64(d.Fibers))),
		Memory:    pick(l.Memory, d.Memory),
		String:    int(pick(int64(l.String), int64(d.String))),
		Array:     int(pick(int64(l.Array), int64(d.Array))),
	}
}

// Run executes at most the given number of steps (loop rounds and calls).
func (vm *VM) Run(steps int64) Status {
	vm.slice = steps
	for !vm.finished {
		if vm.interrupt != nil {
			vm.finish(value.NullValue, vm.interrupt)
			break
		}
		f := vm.ready.pop()
		if f == nil {
			if len(vm.pending) > 0 {
				return Blocked
			}
			vm.finish(value.NullValue, &Error{Code: "R0020", Name: "Deadlock",
				Message: "the program waits for a promise that nothing will ever settle"})
			break
		}
		vm.running = f
		paused := vm.run(f)
		vm.running = nil
		if vm.main.ended {
			vm.finish(vm.main.done.val, vm.main.done.err)
			break
		}
		if paused {
			vm.ready.pushFront(f)
			return Paused
		}
	}
	return Done
}

// finish ends the program: what still runs is cancelled.
func (vm *VM) finish(v value.Value, err *Error) {
	vm.finished, vm.result, vm.err = true, v, err
	if n := vm.fibers; n > 0 && err == nil {
		vm.warn(Warning{Message: fmt.Sprintf("%d async calls were still running when the program ended; await them", n)})
	}
	for path := range vm.pending {
		vm.cfg.Host.Cancel(path)
	}
	clear(vm.pending)
	for _, p := range vm.rejected {
		if !p.handled && p != vm.main.done && p.err != nil && err == nil {
			vm.warn(Warning{Message: "a promise was rejected and nobody awaited it: " + p.err.Message})
		}
	}
	vm.rejected, vm.fibers = nil, 0
	vm.ready = queue{}
}

// Deliver hands over the outcome of an effect. It reports false when nobody
// waits for it (any more).
func (vm *VM) Deliver(path string, out effect.Outcome) bool {
	w, ok := vm.pending[path]
	if !ok || vm.finished {
		return false
	}
	delete(vm.pending, path)
	v, err := vm.outcome(out)
	if w.promise != nil {
		w.promise.effect = ""
		vm.settle(w.promise, v, err)
		return true
	}
	w.fiber.pending = ""
	w.fiber.resume, w.fiber.failure = v, err
	vm.ready.push(w.fiber)
	return true
}

func (vm *VM) outcome(out effect.Outcome) (value.Value, *Error) {
	if e := out.Err; e != nil {
		return value.NullValue, &Error{Code: e.Code, Name: e.Name, Message: e.Message, Data: e.Data}
	}
	out.Value.Share()
	return out.Value, nil
}

// Pending returns the number of effects that have no outcome yet.
func (vm *VM) Pending() int { return len(vm.pending) }

// Interrupt ends the program with a final error at the next Run.
func (vm *VM) Interrupt(err *Error) {
	err.Final = true
	vm.interrupt = err
}

// Result returns how the program ended; nil, null before.
func (vm *VM) Result() (value.Value, *Error) { return vm.result, vm.err }

// Warning is something odd about an execution that did not stop it.
type Warning struct {
	Code    string // symbolic, such as ALL_AGENTS_FAILED; "" without
	Message string
	Path    string // of the part of a pattern that is responsible; "" without, see bytecode.Place
}

// Warnings returns what was odd about an execution that ended.
func (vm *VM) Warnings() []Warning { return vm.warnings }

// Globals returns the module-level variables, by the indices of the program's
// table, for the next input of a session.
func (vm *VM) Globals() []value.Value { return vm.globals }

func (vm *VM) cachesOf(fn *function) []propCache {
	if fn.Caches == 0 {
		return nil
	}
	if fn.image != vm.img {
		c, ok := vm.old[fn]
		if !ok {
			if vm.old == nil {
				vm.old = map[*function][]propCache{}
			}
			c = make([]propCache, fn.Caches)
			vm.old[fn] = c
		}
		return c
	}
	c := vm.caches[fn.index]
	if c == nil {
		c = make([]propCache, fn.Caches)
		vm.caches[fn.index] = c
	}
	return c
}

// houseKeeping runs when a slice of steps is used up and decides whether the
// program goes on.
func (vm *VM) houseKeeping() (paused bool, err *Error) {
	if vm.steps <= 0 {
		return false, limitError(fmt.Sprintf("the program took more than %d steps", vm.limits.Steps), true)
	}
	if vm.allocated > vm.nextLook {
		if err := vm.checkMemory(); err != nil {
			return false, err
		}
	}
	return true, nil
}

func limitError(msg string, final bool) *Error {
	return &Error{Code: "R0010", Name: "LimitExceeded", Message: msg, Final: final}
}

func errorf(code diag.Code, name, format string, args ...any) *Error {
	return &Error{Code: code, Name: name, Message: fmt.Sprintf(format, args...)}
}
