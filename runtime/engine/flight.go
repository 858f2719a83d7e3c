package engine

import (
	"container/heap"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parallaxai/parallax/runtime/effect"
)

// flight holds the effects that are being done outside the machine.
//
// In real time outcomes are delivered as they come. In virtual time nothing is
// delivered before every handler has finished or sleeps; then the outcome of the
// effect that was asked for first goes in, and only when there is none the clock
// jumps to the next sleeper. So the order depends on nothing but the handlers.
type flight struct {
	ctx      context.Context // of the execution; ends all handlers
	virtual  bool
	clock    func() time.Time // in real time
	id       string           // of the execution
	pattern  string
	handlers map[string]Handler // of the execution; not changed
	// parent is the effect that the execution answers for another one, whose
	// virtual time is its own; nil without.
	parent       *call
	parentParked bool          // everything here waits for something outside
	journals     *journals     // of the execution, nil without one
	wake         chan struct{} // capacity 1: something changed
	group        sync.WaitGroup

	mu       sync.Mutex
	time     time.Time // virtual now
	calls    map[string]*call
	running  int // handlers at work, sleeping ones included
	busy     int // those of them that don't sleep; virtual time only
	finished finished
	arrived  int // calls that have finished so far
	sleepers sleepers
	streams  map[string]*stream
	partials []partial
}

// call is one effect being handled.
type call struct {
	flight   *flight
	effect   *effect.Effect
	digest   effect.Digest
	index    int // order in which effects were asked for
	order    int // in which it is delivered once it has finished
	place    int // in the heap of finished calls, -1 outside
	number   int // of this call among those of its agent, from 1; 0 for other effects
	started  time.Time
	cancel   context.CancelFunc
	outcome  effect.Outcome
	sleeper  *sleeper
	dropped  bool // nobody waits for it any more
	finished bool
	parked   bool         // its handler waits for another one; virtual time only
	reader   bool         // waits for a chunk of a stream; it has no handler
	programs atomic.Int32 // that its handler has run, see Nested
}

type sleeper struct {
	until time.Time
	call  *call
	place int // in the heap, -1 outside
	// woken is closed at the time; nil when the call ends then by itself.
	woken chan struct{}
}

// start hands an effect to its handler.
func (f *flight) start(c *call, h Handler) {
	c.flight, c.started = f, f.now()
	if p, ok := h.(Prompt); ok && f.prompt(c, p) {
		return
	}
	ctx, cancel := context.WithCancel(context.WithValue(f.ctx, callKey{}, c))
	c.cancel = cancel
	f.mu.Lock()
	f.calls[c.effect.Path] = c
	f.running++
	f.busy++
	f.mu.Unlock()
	f.group.Go(func() {
		defer cancel()
		f.finish(c, handle(ctx, h, c.effect))
	})
}

// prompt takes the outcome of a call that its handler knows at once; it reports
// false when the call needs a goroutine.
func (f *flight) prompt(c *call, p Prompt) bool {
	out, after, ok := p.Prompt(c.effect, Info{ID: f.id, Pattern: f.pattern, Number: c.number - 1, Virtual: f.virtual}, c.started)
	if !ok {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls[c.effect.Path] = c
	if after <= 0 {
		f.end(c, out)
		return true
	}
	c.outcome = out
	until := c.started
	if !f.virtual {
		until = time.Now() // waiting is real, whatever the clock
	}
	c.sleeper = &sleeper{until: until.Add(after), call: c}
	f.running++
	heap.Push(&f.sleepers, c.sleeper)
	return true
}

// handle calls the handler; a panic in it fails the effect, not the process.
func handle(ctx context.Context, h Handler, e *effect.Effect) (out effect.Outcome) {
	defer func() {
		if p := recover(); p != nil {
			out = effect.Outcome{Err: &effect.Error{Code: CodeInternal, Name: "InternalError",
				Message: fmt.Sprintf("The handler of %q failed: %v", e.Kind, p)}}
		}
	}()
	return h.Handle(ctx, e)
}

func (f *flight) finish(c *call, out effect.Outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.outcome, c.finished = out, true
	if c.dropped {
		return
	}
	f.running--
	f.busy--
	f.end(c, out)
}

// end makes a call ready to be delivered. f.mu is held.
func (f *flight) end(c *call, out effect.Outcome) {
	c.outcome, c.finished = out, true
	if name := streamOf(c.effect); name != "" {
		f.endStream(name, out) // readers have their chunks before the answer
	}
	f.deliverable(c)
}

// deliverable puts a finished call among those to be delivered: in virtual time in
// the order of the effects, in real time as they come. f.mu is held.
func (f *flight) deliverable(c *call) {
	f.arrived++
	if c.order = f.arrived; f.virtual {
		c.order = c.index
	}
	heap.Push(&f.finished, c)
	f.signal()
}

func (f *flight) signal() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// drop cancels an effect whose outcome nobody waits for.
func (f *flight) drop(path string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.calls[path]
	if c == nil {
		return
	}
	delete(f.calls, path)
	c.dropped = true
	if name := streamOf(c.effect); name != "" && !c.reader {
		f.endStream(name, effect.Outcome{})
	}
	switch {
	case c.finished:
		heap.Remove(&f.finished, c.place)
		if c.reader || c.cancel == nil {
			return
		}
	case c.reader:
		s := f.stream(streamOf(c.effect))
		s.readers = slices.DeleteFunc(s.readers, func(r *call) bool { return r == c })
		return
	case c.sleeper != nil:
		f.removeSleeper(c)
		f.running--
	case c.parked:
		c.parked = false
		f.running--
	default:
		f.running--
		f.busy--
	}
	if c.cancel != nil {
		c.cancel()
	}
	f.signal()
}

// now returns the time of the execution's clock.
func (f *flight) now() time.Time {
	if !f.virtual {
		return f.clock()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.time
}

// sleep waits in virtual time.
func (f *flight) sleep(ctx context.Context, c *call, d time.Duration) error {
	s := &sleeper{call: c, woken: make(chan struct{})}
	f.mu.Lock()
	if c.dropped {
		f.mu.Unlock()
		<-ctx.Done()
		return context.Cause(ctx)
	}
	s.until = f.time.Add(d)
	c.sleeper = s
	heap.Push(&f.sleepers, s)
	f.busy--
	f.signal()
	f.mu.Unlock()
	select {
	case <-s.woken:
		return nil
	case <-ctx.Done():
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.sleeper == s { // not woken, not dropped: the execution has ended
		f.removeSleeper(c)
		f.busy++
	}
	return context.Cause(ctx)
}

// pending tells what take found.
type pending uint8

const (
	ready   pending = iota // a call has finished
	waiting                // wait for wake, then look again
	napping                // let the time of the parent go on, then look again
	late                   // the deadline comes before anything else
	idle                   // nothing is under way
)

// take removes the call whose outcome is to be delivered next. In virtual time
// it moves the clock, not beyond the deadline (zero for none).
func (f *flight) take(deadline time.Time) (*call, pending) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.virtual && f.busy > 0 {
		return nil, waiting
	}
	if !f.virtual && len(f.sleepers) > 0 {
		for now := time.Now(); len(f.sleepers) > 0 && !f.sleepers[0].until.After(now); {
			f.wakeUp(heap.Pop(&f.sleepers).(*sleeper))
		}
	}
	if len(f.finished) > 0 {
		c := heap.Pop(&f.finished).(*call)
		delete(f.calls, c.effect.Path)
		return c, ready
	}
	switch {
	case f.running == 0:
		return nil, idle
	case !f.virtual:
		return nil, waiting
	case len(f.sleepers) == 0: // all wait for other executions
		if f.parent != nil && !f.parentParked {
			f.parentParked = true
			f.parent.park()
		}
		return nil, waiting
	case !deadline.IsZero() && !f.sleepers[0].until.Before(deadline):
		if f.parent != nil && deadline.After(f.time) {
			return nil, napping
		}
		f.time = deadline
		return nil, late
	case f.parent != nil && f.sleepers[0].until.After(f.time):
		return nil, napping
	}
	s := heap.Pop(&f.sleepers).(*sleeper)
	f.time = s.until
	f.wakeUp(s)
	return nil, waiting
}

// wakeUp ends a sleep. f.mu is held.
func (f *flight) wakeUp(s *sleeper) {
	s.call.sleeper = nil
	if s.woken == nil {
		f.running--
		f.end(s.call, s.call.outcome) // which makes wait look again
		return
	}
	f.busy++
	close(s.woken)
}

// next returns when a sleep ends in real time, zero without any.
func (f *flight) next() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.virtual || len(f.sleepers) == 0 {
		return time.Time{}
	}
	return f.sleepers[0].until
}

// nap lets the time of the execution around this one go on until the next sleeper
// or the deadline.
func (f *flight) nap(ctx context.Context, deadline time.Time) {
	f.mu.Lock()
	until := f.sleepers[0].until
	if !deadline.IsZero() && deadline.Before(until) {
		until = deadline
	}
	d := until.Sub(f.time)
	f.mu.Unlock()
	if f.parent.flight.sleep(ctx, f.parent, d) != nil {
		return // the caller sees that ctx has ended
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.time = until
}

// close ends all handlers and waits for them. The context is cancelled before.
func (f *flight) close() {
	f.group.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unparkParent()
}

// unparkParent says that something goes on here again.
func (f *flight) unparkParent() {
	if f.parentParked {
		f.parentParked = false
		f.parent.unpark()
	}
}

// sleepers is a heap by time, then by the order of the effects.
type sleepers []*sleeper

func (s sleepers) Len() int { return len(s) }
func (s sleepers) Less(i, k int) bool {
	if !s[i].until.Equal(s[k].until) {
		return s[i].until.Before(s[k].until)
	}
	return s[i].call.index < s[k].call.index
}
func (s sleepers) Swap(i, k int) {
	s[i], s[k] = s[k], s[i]
	s[i].place, s[k].place = i, k
}
func (s *sleepers) Push(x any) {
	e := x.(*sleeper)
	e.place = len(*s)
	*s = append(*s, e)
}
func (s *sleepers) Pop() any {
	old := *s
	e := old[len(old)-1]
	*s = old[:len(old)-1]
	e.place = -1
	return e
}

// finished is a heap by order.
type finished []*call

func (h finished) Len() int           { return len(h) }
func (h finished) Less(i, k int) bool { return h[i].order < h[k].order }
func (h finished) Swap(i, k int) {
	h[i], h[k] = h[k], h[i]
	h[i].place, h[k].place = i, k
}
func (h *finished) Push(x any) {
	c := x.(*call)
	c.place = len(*h)
	*h = append(*h, c)
}
func (h *finished) Pop() any {
	old := *h
	n := len(old) - 1
	c := old[n]
	old[n] = nil
	*h = old[:n]
	c.place = -1
	return c
}
