package engine

import (
	"context"
	"time"
)

type callKey struct{}

// Sleep waits for d on the clock of the execution that ctx belongs to (the
// context a Handler gets), else in real time. It returns the cause when ctx ends
// first. A handler under virtual time sleeps in its own goroutine only.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	if c, ok := ctx.Value(callKey{}).(*call); ok && c.flight.virtual {
		return c.flight.sleepUntil(ctx, c, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Now returns the time on the clock of the execution that ctx belongs to, else
// the real time.
func Now(ctx context.Context) time.Time {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c.flight.now()
	}
	return time.Now()
}

// Info is what a handler can know about the execution it works for.
type Info struct {
	ID      string // of the execution, "" outside of one
	Pattern string // name of the program's pattern
	Number  int    // of earlier calls of the same agent in the execution; -1 for other effects
	Virtual bool   // its time is virtual, see WithVirtualTime
}

// About tells about the execution that ctx belongs to.
func About(ctx context.Context) Info {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return Info{Number: -1}
	}
	return Info{ID: c.flight.id, Pattern: c.flight.pattern, Number: c.number - 1, Virtual: c.flight.virtual}
}
