package vm

import (
	"slices"
	"strconv"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// frame is one call in progress.
type frame struct {
	fn      *function
	closure *Closure
	caches  []propCache
	stepper Stepper // of a native's frame; fn is nil then
	native  *Native // that the stepper belongs to
	base    int     // of the register window
	pc      int     // next instruction
	dst     int     // register of the caller that takes the result
}

// fiber is one thread of the program.
type fiber struct {
	place   *lineage
	stack   []value.Value
	frames  []frame
	dst     int // register of the top frame that takes what the fiber waits for
	done    *promise
	parent  *fiber
	kids    []*fiber // alive, in no order
	slot    int      // index in parent.kids
	spawned int      // children so far, for their paths
	effects int      // effects so far, for their paths

	waiting  bool     // suspended; resume or failure comes with the wake-up
	waitsFor *promise // settled promise resumes it
	pending  string   // path of the effect it waits for
	resume   value.Value
	failure  *Error // to be raised when it goes on
	ended    bool
}

// lineage is the place of a fiber in the tree of all fibers there ever were. The
// text of it is made on demand: deep trees would otherwise hold long texts.
type lineage struct {
	parent *lineage
	index  int // among the children of the parent
}

// String is "0", "0/3", "0/3/1", ...
func (l *lineage) String() string {
	var indices []int
	for ; l.parent != nil; l = l.parent {
		indices = append(indices, l.index)
	}
	b := []byte{'0'}
	for _, i := range slices.Backward(indices) {
		b = strconv.AppendInt(append(b, '/'), int64(i), 10)
	}
	return string(b)
}

// initialStack is the number of registers a new fiber has; few, since a pattern
// may run ten thousand of them.
const initialStack = 32

func (vm *VM) newFiber(parent *fiber) *fiber {
	f := &fiber{stack: make([]value.Value, initialStack), parent: parent}
	f.done = &promise{Header: value.Header{Kind: value.Promise}, fiber: f}
	f.place = &lineage{}
	if parent != nil {
		f.place = &lineage{parent.place, parent.spawned}
		parent.spawned++
		parent.adopt(f)
	}
	vm.fibers++
	return f
}

// grow makes the register stack hold at least n values.
func (f *fiber) grow(n int) {
	stack := make([]value.Value, max(n, 2*len(f.stack)))
	copy(stack, f.stack)
	f.stack = stack
}

// promise is the future outcome of a fiber, of an effect or of other promises.
type promise struct {
	value.Header
	settled bool
	val     value.Value
	err     *Error
	handled bool // somebody waits or has waited for it

	fiber     *fiber // that computes it, nil otherwise
	effect    string // path of the effect that gives it, "" otherwise
	waiters   []*fiber
	reactions []reaction
}

// reaction is told when a promise is settled.
type reaction interface {
	settled(vm *VM, p *promise)
}

func newPromise() *promise {
	return &promise{Header: value.Header{Kind: value.Promise}}
}

func (p *promise) value() value.Value { return value.FromObject(&p.Header) }

// settle gives a promise its outcome and wakes who waits for it, in order.
func (vm *VM) settle(p *promise, v value.Value, err *Error) {
	if p.settled {
		return
	}
	p.settled, p.val, p.err = true, v, err
	if err == nil {
		v.Share()
	} else {
		vm.rejected = append(vm.rejected, p)
	}
	for _, f := range p.waiters {
		f.waitsFor = nil
		f.resume, f.failure = v, err
		vm.ready.push(f)
	}
	reactions := p.reactions
	p.waiters, p.reactions = nil, nil
	for _, r := range reactions {
		r.settled(vm, p)
	}
}

// await makes a fiber wait for a promise; it reports false when the outcome is
// there already.
func (vm *VM) await(f *fiber, p *promise) bool {
	p.handled = true
	if p.settled {
		return false
	}
	p.waiters = append(p.waiters, f)
	f.waitsFor = p
	return true
}

// react calls a reaction when the promise is settled, at once if it is.
func (vm *VM) react(p *promise, r reaction) {
	p.handled = true
	if p.settled {
		r.settled(vm, p)
		return
	}
	p.reactions = append(p.reactions, r)
}

func (f *fiber) adopt(kid *fiber) {
	kid.slot = len(f.kids)
	f.kids = append(f.kids, kid)
}

// end finishes a fiber with its outcome.
func (vm *VM) end(f *fiber, v value.Value, err *Error) {
	if f.ended {
		return
	}
	f.ended = true
	vm.fibers--
	f.stack, f.frames = nil, nil
	if p := f.parent; p != nil {
		last := p.kids[len(p.kids)-1]
		p.kids[f.slot], last.slot = last, f.slot
		p.kids = p.kids[:len(p.kids)-1]
		// Whoever f left behind belongs to its parent now.
		for _, k := range f.kids {
			k.parent = p
			p.adopt(k)
		}
		f.kids = nil
	}
	vm.settle(f.done, v, err)
}

// cancel ends what computes a promise, with everything it started.
func (vm *VM) cancel(p *promise, err *Error) {
	if p.settled {
		return
	}
	p.handled = true
	if p.effect != "" {
		vm.dropEffect(p.effect)
	}
	if f := p.fiber; f != nil {
		vm.cancelFiber(f, err)
		return
	}
	vm.settle(p, value.NullValue, err)
}

func (vm *VM) cancelFiber(f *fiber, err *Error) {
	for len(f.kids) > 0 {
		k := f.kids[len(f.kids)-1]
		k.done.handled = true
		vm.cancelFiber(k, err)
	}
	if f.pending != "" {
		vm.dropEffect(f.pending)
	}
	if w := f.waitsFor; w != nil {
		for i, x := range w.waiters {
			if x == f {
				w.waiters = append(w.waiters[:i], w.waiters[i+1:]...)
				break
			}
		}
	}
	vm.ready.remove(f)
	vm.end(f, value.NullValue, err)
}

func (vm *VM) dropEffect(path string) {
	if _, ok := vm.pending[path]; ok {
		delete(vm.pending, path)
		vm.cfg.Host.Cancel(path)
	}
}

// queue is the ready fibers, in the order in which they go on: those pushed to
// the front, the last one first, then the others in turn.
type queue struct {
	front []*fiber
	back  []*fiber
	head  int // of back
}

func (q *queue) push(f *fiber) { q.back = append(q.back, f) }

func (q *queue) pushFront(f *fiber) { q.front = append(q.front, f) }

func (q *queue) pop() *fiber {
	if n := len(q.front); n > 0 {
		f := q.front[n-1]
		q.front[n-1] = nil
		q.front = q.front[:n-1]
		return f
	}
	if q.head == len(q.back) {
		q.back, q.head = q.back[:0], 0
		return nil
	}
	f := q.back[q.head]
	q.back[q.head] = nil
	q.head++
	return f
}

func (q *queue) remove(f *fiber) {
	is := func(x *fiber) bool { return x == f }
	q.front = slices.DeleteFunc(q.front, is)
	waiting := slices.DeleteFunc(q.back[q.head:], is)
	q.back = q.back[:q.head+len(waiting)]
}

// startEffect asks the host for something on behalf of a fiber. to receives the
// outcome later; done tells that it is there already.
func (vm *VM) startEffect(f *fiber, kind string, request value.Value, to waiter) (out effect.Outcome, done bool) {
	path := f.place.String() + "." + strconv.Itoa(f.effects)
	f.effects++
	value.Freeze(request)
	pos := vm.position(f)
	e := &effect.Effect{Path: path, Kind: kind, Request: request, File: pos.File, Line: pos.Line, Column: pos.Column}
	out, done = vm.cfg.Host.Start(e)
	if !done {
		to.path = path
		vm.pending[path] = to
		if to.fiber != nil {
			to.fiber.pending = path
		} else {
			to.promise.effect = path
		}
	}
	return out, done
}

// waiter is who gets the outcome of an effect: a suspended fiber or a promise.
type waiter struct {
	path    string
	fiber   *fiber
	promise *promise
}
