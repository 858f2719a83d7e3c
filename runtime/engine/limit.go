package engine

import (
	"container/heap"
	"context"
	"slices"
	"sync"
	"time"
)

type deadlineKey struct{}

// deadline is a point in virtual time at which a context ends.
type deadline struct {
	at     time.Time
	cancel context.CancelCauseFunc
}

// slack is the real time that work in virtual time has at least, for handlers
// that wait for something else than the clock.
const slack = time.Minute

// Within returns a context that ends with the cause
// context.DeadlineExceeded after d on the clock of the execution that ctx belongs
// to, else in real time.
//
// Under virtual time it is Sleep that ends the context, when it would wait beyond
// that point. A handler that waits for something real has d, but at least a
// minute, of real time: virtual time stands still meanwhile.
func Within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok || !c.flight.virtual {
		return context.WithTimeoutCause(ctx, d, context.DeadlineExceeded)
	}
	inner, cancel := context.WithCancelCause(ctx)
	at := c.flight.now().Add(d)
	if outer, ok := ctx.Value(deadlineKey{}).(*deadline); !ok || at.Before(outer.at) {
		inner = context.WithValue(inner, deadlineKey{}, &deadline{at, cancel})
	}
	timer := time.AfterFunc(max(d, slack), func() { cancel(context.DeadlineExceeded) })
	return inner, func() {
		timer.Stop()
		cancel(nil)
	}
}

// sleepUntil is sleep that ends the context when its virtual deadline comes first.
func (f *flight) sleepUntil(ctx context.Context, c *call, d time.Duration) error {
	limit, ok := ctx.Value(deadlineKey{}).(*deadline)
	if !ok {
		return f.sleep(ctx, c, d)
	}
	left := limit.at.Sub(f.now())
	if d < left {
		return f.sleep(ctx, c, d)
	}
	if err := f.sleep(ctx, c, max(left, 0)); err != nil {
		return err
	}
	limit.cancel(context.DeadlineExceeded)
	return context.DeadlineExceeded
}

// Yield lets handlers of the same execution go on one after another, in the order
// in which their effects were asked for, under virtual time; it is to be called
// before something for whose result the order matters. In real time it does
// nothing. It returns the cause when ctx has ended.
func Yield(ctx context.Context) error {
	if c, ok := ctx.Value(callKey{}).(*call); ok && c.flight.virtual {
		return c.flight.sleep(ctx, c, 0)
	}
	return context.Cause(ctx)
}

// Slots bounds how many handlers do something at once, over all executions. Who
// comes first is served first. Unlike a channel or a semaphore it lets virtual
// time go on while a handler waits for a slot.
type Slots struct {
	mu      sync.Mutex
	free    int
	waiting []*slotWaiter
}

type slotWaiter struct {
	call  *call // nil in real time
	ready chan struct{}
}

// NewSlots returns n slots, n at least 1.
func NewSlots(n int) *Slots { return &Slots{free: n} }

// Acquire takes a slot, waiting for one while ctx lasts.
func (s *Slots) Acquire(ctx context.Context) error {
	if err := Yield(ctx); err != nil {
		return err
	}
	w := &slotWaiter{ready: make(chan struct{})}
	if c, ok := ctx.Value(callKey{}).(*call); ok && c.flight.virtual {
		w.call = c
	}
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return nil
	}
	s.waiting = append(s.waiting, w)
	w.call.park()
	s.mu.Unlock()
	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.waiting, w); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
		w.call.unpark()
	} else {
		s.release() // it was given a slot at the same moment
	}
	return context.Cause(ctx)
}

// Release gives a slot back.
func (s *Slots) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release()
}

func (s *Slots) release() {
	if len(s.waiting) == 0 {
		s.free++
		return
	}
	w := s.waiting[0]
	s.waiting[0] = nil
	s.waiting = s.waiting[1:]
	w.call.unpark()
	close(w.ready)
}

// park says that a handler waits for something that another one does, so that
// virtual time may go on.
func (c *call) park() {
	if c == nil {
		return
	}
	f := c.flight
	f.mu.Lock()
	defer f.mu.Unlock()
	if !c.dropped {
		c.parked = true
		f.busy--
		f.signal()
	}
}

// unpark ends that. It is called by who did it, before it waits itself, so that
// time does not go on in between.
func (c *call) unpark() {
	if c == nil {
		return
	}
	f := c.flight
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.parked {
		c.parked = false
		f.busy++
		f.unparkParent()
	}
}

// removeSleeper takes a call out of the heap of sleepers.
func (f *flight) removeSleeper(c *call) {
	heap.Remove(&f.sleepers, c.sleeper.place)
	c.sleeper = nil
}
