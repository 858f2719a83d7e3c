package agent

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"golang.org/x/time/rate"

	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/engine"
)

// Guard bounds the calls of one agent or model. From the outside in: retries,
// rate, concurrency, circuit breaker, timeout of one attempt. All waiting is done
// on the clock of the execution. nil has no limits.
type Guard struct {
	timeout time.Duration // of an attempt, 0 for none
	retries failsafe.Executor[any]
	backoff backoff
	slots   *engine.Slots
	rate    *rate.Limiter
	breaker *breaker
}

// Defaults for agents that are called outside of this process.
const (
	defaultTimeout      = 30 * time.Second
	defaultRetries      = 2
	defaultRetryDelay   = time.Second
	defaultMaxDelay     = 30 * time.Second
	defaultFailures     = 5
	defaultBreakerPause = 30 * time.Second
	defaultTrials       = 3 // good calls that close a breaker
)

// ReadGuard reads timeout, retry, breaker, concurrency and rateLimit. With real,
// for what is outside of this process, there are a timeout, retries and a breaker
// by default.
func ReadGuard(b *settings.Block, real bool) *Guard {
	g := &Guard{}
	retries, failures := 0, 0
	if real {
		g.timeout, retries, failures = defaultTimeout, defaultRetries, defaultFailures
	}
	g.timeout = b.Duration(g.timeout, "timeout")
	g.loadRetries(b, retries)
	g.breaker = loadBreaker(b, failures)
	if n := b.Int("concurrency", 0, 1, 1_000_000); n > 0 {
		g.slots = engine.NewSlots(n)
	}
	g.rate = loadRate(b)
	if *g == (Guard{}) {
		return nil
	}
	return g
}

// loadRetries reads "retry": how many more attempts there are, or a map.
func (g *Guard) loadRetries(b *settings.Block, def int) {
	const most = 20
	retries := def
	g.backoff = backoff{}
	wait := backoff{first: defaultRetryDelay, factor: 2, most: defaultMaxDelay, jitter: 0.2}
	switch n := b.Get("retry"); {
	case !n.Exists():
	case n.IsScalar():
		if v, err := n.Value(); err == nil && v.IsBool() && !v.True() {
			retries = 0
		} else {
			retries = b.Int("retry", def, 0, most)
		}
	default:
		m := n.Block("retry")
		retries = m.Int("retries", defaultRetries, 0, most)
		if m.Has("attempts") {
			retries = m.Int("attempts", retries+1, 1, most+1) - 1
		}
		m.Ignore("attempts")
		wait.first = m.Duration(wait.first, "delay", "delayMs")
		wait.factor = m.Number("factor", wait.factor, 1, 100)
		wait.most = m.Duration(wait.most, "maxDelay", "maxDelayMs")
		wait.jitter = m.Number("jitter", wait.jitter, 0, 1)
		m.Done()
	}
	if retries == 0 {
		return
	}
	g.backoff = wait
	// The waiting is done by attempt, on the execution's clock; the policy knows
	// none.
	g.retries = failsafe.With[any](retrypolicy.NewBuilder[any]().
		WithMaxRetries(retries).
		HandleIf(func(_ any, err error) bool { return g.again(err) }).
		ReturnLastFailure().
		Build())
}

// again reports whether an error is worth another attempt. An agent that wants to
// be left alone for longer than the longest pause is.
func (g *Guard) again(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Retryable && e.RetryAfter <= g.backoff.most
}

// backoff says how long to wait before attempts.
type backoff struct {
	first, most time.Duration
	factor      float64
	jitter      float64 // share by which a pause varies, up or down
}

// before returns the pause before an attempt, the second one being the first with
// a pause. The jitter depends on the attempt alone, so that an execution under
// virtual time takes the same time whenever it is repeated, while agents that
// failed together are not asked again together.
func (b backoff) before(t Task, last error) time.Duration {
	d := min(float64(b.first)*math.Pow(b.factor, float64(t.Attempt-2)), float64(b.most))
	h := fnv.New64a()
	h.Write([]byte(t.Key()))
	spread := float64(h.Sum64()>>11)/(1<<53)*2 - 1
	pause := time.Duration(d * (1 + b.jitter*spread))
	var e *Error
	if errors.As(last, &e) {
		pause = max(pause, e.RetryAfter)
	}
	return pause
}

// Do calls f, again if need be, with the time and the number of the attempt in the
// task. An error that is no *Error is made one that is not to be retried; so is a
// panic.
func (g *Guard) Do(ctx context.Context, t Task, f func(ctx context.Context, t Task) error) error {
	if g == nil {
		return timed(ctx, t, f)
	}
	if g.timeout > 0 && (t.Timeout == 0 || g.timeout < t.Timeout) {
		t.Timeout = g.timeout
	}
	if g.retries == nil {
		return g.attempt(ctx, t, f)
	}
	var last error
	_, err := g.retries.WithContext(ctx).GetWithExecution(func(x failsafe.Execution[any]) (any, error) {
		if t.Attempt = x.Attempts(); t.Attempt > 1 {
			if err := engine.Sleep(ctx, g.backoff.before(t, last)); err != nil {
				return nil, last
			}
		}
		last = g.attempt(ctx, t, f)
		return nil, last
	})
	if err != nil && last != nil {
		err = last // not the policy's view of a cancelled context
	}
	if err != nil && t.Attempt > 1 {
		var e *Error
		if errors.As(err, &e) && e.Retryable {
			return &Error{Message: fmt.Sprintf("%s (after %d attempts)", e.Message, t.Attempt), Retryable: true, Err: e}
		}
	}
	return err
}

// attempt makes one call when the limits allow.
func (g *Guard) attempt(ctx context.Context, t Task, f func(context.Context, Task) error) error {
	if g.rate != nil {
		if err := g.inTurn(ctx); err != nil {
			return &Error{Message: err.Error(), Err: err}
		}
	}
	if g.slots != nil {
		if err := g.slots.Acquire(ctx); err != nil {
			return &Error{Message: err.Error(), Err: err}
		}
		defer g.slots.Release()
	}
	if g.breaker == nil {
		return timed(ctx, t, f)
	}
	if err := g.breaker.enter(ctx); err != nil {
		return err
	}
	err := timed(ctx, t, f)
	g.breaker.leave(ctx, err)
	return err
}

// inTurn waits until the rate allows a call.
func (g *Guard) inTurn(ctx context.Context) error {
	if err := engine.Yield(ctx); err != nil {
		return err
	}
	r := g.rate.ReserveN(engine.Now(ctx), 1)
	if err := engine.Sleep(ctx, r.DelayFrom(engine.Now(ctx))); err != nil {
		r.CancelAt(engine.Now(ctx))
		return err
	}
	return nil
}

// timed makes one call within its time.
func timed(ctx context.Context, t Task, f func(context.Context, Task) error) error {
	if t.Timeout <= 0 {
		return once(ctx, ctx, t, f)
	}
	inner, cancel := engine.Within(ctx, t.Timeout)
	defer cancel()
	return once(inner, ctx, t, f)
}

// once makes one call. outer is the caller's context, without the timeout of the
// attempt.
func once(ctx, outer context.Context, t Task, f func(context.Context, Task) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = Failf("the transport failed: %v", p)
		}
	}()
	err = f(ctx, t)
	var e *Error
	switch {
	case err == nil:
		return nil
	case outer.Err() != nil:
		cause := context.Cause(outer)
		return &Error{Message: cause.Error(), Err: cause}
	case ctx.Err() != nil:
		return &Error{Message: fmt.Sprintf("timed out after %dms", t.Timeout.Milliseconds()), Retryable: true, Err: context.Cause(ctx)}
	case !errors.As(err, &e):
		return &Error{Message: err.Error(), Err: err}
	}
	return err
}

// breaker stops calling an agent that fails all the time. The library keeps
// count; when it may be tried again is decided here, by the execution's clock.
type breaker struct {
	pause time.Duration

	mu    sync.Mutex
	state circuitbreaker.CircuitBreaker[any]
	until time.Time // of the open state
}

// loadBreaker reads "breaker": false, or {failures, pause, trials}.
func loadBreaker(b *settings.Block, def int) *breaker {
	failures, pause, trials := def, defaultBreakerPause, defaultTrials
	switch n := b.Get("breaker"); {
	case !n.Exists():
	case n.IsMap():
		m := n.Block("breaker")
		failures = m.Int("failures", defaultFailures, 1, 1_000_000)
		pause = m.Duration(pause, "pause", "reset")
		trials = m.Int("trials", trials, 1, 1000)
		m.Done()
	case b.Bool("breaker", true):
		failures = defaultFailures
	default:
		failures = 0
	}
	if failures == 0 {
		return nil
	}
	return &breaker{pause: pause, state: circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(uint(failures)).WithSuccessThreshold(uint(trials)).
		WithDelay(math.MaxInt64).Build()}
}

// enter asks whether the agent may be called.
func (b *breaker) enter(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := engine.Now(ctx)
	if b.state.IsOpen() && !now.Before(b.until) {
		b.state.HalfOpen()
	}
	if b.state.TryAcquirePermit() {
		return nil
	}
	if left := b.until.Sub(now); b.state.IsOpen() && left > 0 {
		return Failf("not called: it failed too often, and is tried again in %s", left.Round(time.Second))
	}
	return Failf("not called: it failed too often, and is being tried again")
}

// leave tells how a call ended. Only what another attempt might mend speaks
// against the agent; a call that its caller gave up says nothing.
func (b *breaker) leave(ctx context.Context, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		if b.state.IsHalfOpen() {
			b.state.Open() // begins the trials anew, for the permit can't be given back
			b.state.HalfOpen()
		}
	case Retryable(err):
		b.state.RecordFailure()
		if b.state.IsOpen() {
			b.until = engine.Now(ctx).Add(b.pause)
		}
	default:
		b.state.RecordSuccess()
	}
}

var rateText = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) */ *([0-9.]*)(ms|s|m|h)$`)

// loadRate reads "rateLimit": calls a second, a text such as 100/60s, or {calls,
// per, burst}.
func loadRate(b *settings.Block) *rate.Limiter {
	n := b.Get("rateLimit")
	if !n.Exists() {
		return nil
	}
	const most = 1e6
	if n.IsMap() {
		m := n.Block("rateLimit")
		calls := m.Number("calls", 1, 1e-6, most)
		per := m.Duration(time.Second, "per", "perMs")
		burst := m.Int("burst", int(max(calls, 1)), 1, int(most))
		m.Done()
		return limiter(calls, per, burst)
	}
	text, _ := n.Text()
	if m := rateText.FindStringSubmatch(text); m != nil {
		if m[2] == "" {
			m[2] = "1"
		}
		calls, err1 := strconv.ParseFloat(m[1], 64)
		per, err2 := time.ParseDuration(m[2] + m[3])
		if err1 == nil && err2 == nil && calls > 0 && calls <= most && per > 0 {
			return limiter(calls, per, int(max(calls, 1)))
		}
	} else if calls, err := strconv.ParseFloat(text, 64); err == nil && calls > 0 && calls <= most {
		return limiter(calls, time.Second, int(max(calls, 1)))
	}
	n.Errorf(settings.CodeWrong, "rateLimit is a number of calls a second, a text such as 100/60s, or a map with calls and per")
	return nil
}

func limiter(calls float64, per time.Duration, burst int) *rate.Limiter {
	if per <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(calls/per.Seconds()), burst)
}
