package engine

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// verdict tells how waiting for an outcome ended.
type verdict uint8

const (
	goOn verdict = iota // an outcome was delivered
	reviewNeeded
	wasCancelled
	isLate
	hasFailed
)

// wait delivers one outcome to the blocked machine: the next one of the journal
// while there is one, else the next that comes.
//
// It is always one, and only when every fiber waits: that is what makes an
// execution repeatable from the order of the outcomes alone.
func (x *Execution) wait(ctx context.Context, deadline time.Time) verdict {
	if x.replaying() {
		return x.replayNext()
	}
	for {
		if ctx.Err() != nil {
			return wasCancelled
		}
		x.emitPartials()
		c, p := x.flight.take(deadline)
		switch p {
		case ready:
			return x.deliver(c)
		case late:
			return isLate
		case napping:
			x.flight.nap(ctx, deadline)
			continue
		case idle:
			if len(x.asks) > 0 {
				x.escalate = question(x.asks[0])
				return reviewNeeded
			}
			x.failure = x.place(&Error{Code: CodeDeadlock, Name: "DEADLOCK", Message: "Everything waits for something that can't happen any more"})
			return hasFailed
		}
		if x.pause(ctx, deadline) {
			return isLate
		}
	}
}

// pause waits until something has happened; it reports whether the deadline has
// come. In virtual time it never comes by itself.
func (x *Execution) pause(ctx context.Context, deadline time.Time) (late bool) {
	var over, awake <-chan time.Time
	if !deadline.IsZero() && !x.cfg.virtual {
		t := time.NewTimer(deadline.Sub(x.flight.now()))
		defer t.Stop()
		over = t.C
	}
	if next := x.flight.next(); !next.IsZero() {
		t := time.NewTimer(time.Until(next))
		defer t.Stop()
		awake = t.C
	}
	select {
	case <-x.flight.wake:
	case <-awake:
	case <-ctx.Done():
	case <-over:
		return true
	}
	return false
}

// deliver records an outcome and hands it to the machine.
func (x *Execution) deliver(c *call) verdict {
	if !x.record(c.effect, c.digest, c.outcome) {
		return hasFailed
	}
	x.hand(c)
	return goOn
}

// hand gives an outcome to the machine and tells about it.
func (x *Execution) hand(c *call) {
	delete(x.waiting, c.effect.Path)
	x.observeOutcome(c)
	x.machine.Deliver(c.effect.Path, c.outcome)
}

// question is the Escalation of an execution that needs a person's answer.
func question(e *effect.Effect) json.RawMessage {
	question, options := e.Request, value.NullValue
	if o := e.Request.Plain(); isObject(o) {
		question, _ = o.AsObject().Get("question")
		options, _ = o.AsObject().Get("options")
	}
	return jsonOf(value.ObjectOf([]string{"reason", "question", "options"}, []value.Value{value.Str("ask"), question, options}).Value())
}
