package engine

import (
	"context"
	"maps"
	"math/rand/v2"
	"time"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// Handler answers effects of one kind. Handle is called in a goroutine of its
// own, for any number of effects at once; it must return soon after ctx has
// ended. The outcome of a cancelled effect is ignored. A handler that learns its
// answer bit by bit hands on the parts by Chunk.
type Handler interface {
	Handle(ctx context.Context, e *effect.Effect) effect.Outcome
}

// Prompt is a Handler that knows some outcomes without waiting for anything. It
// spares a goroutine for each of them, which matters where there are thousands.
type Prompt interface {
	Handler
	// Prompt returns the outcome of an effect, and after what time it is there, on
	// the execution's clock or in real time. When ok is false Handle is called. now is the
	// time of that clock. Prompt runs in the goroutine of the execution: it must not
	// block.
	Prompt(e *effect.Effect, about Info, now time.Time) (out effect.Outcome, after time.Duration, ok bool)
}

// HandlerFunc is a function as a Handler.
type HandlerFunc func(ctx context.Context, e *effect.Effect) effect.Outcome

// Handle calls f.
func (f HandlerFunc) Handle(ctx context.Context, e *effect.Effect) effect.Outcome { return f(ctx, e) }

// DefaultTimeout bounds an execution for which neither WithTimeout nor the
// program's header says anything.
const DefaultTimeout = 5 * time.Minute

// Option sets up an execution.
type Option func(*config)

type config struct {
	handlers        map[string]Handler
	journal         effect.Journal
	replayedNotices bool
	events          func(Event)
	trace           bool
	clock           func() time.Time
	virtual         bool
	parent          *call // whose virtual time it shares, see Nested
	rand            rand.Source
	id              string
	timeout         time.Duration
	limits          vm.Limits
	explain         bool
	bindings        map[string]value.Value
	environment     func(name string) (string, bool)
	globals         []value.Value
}

// WithHandler answers effects of a kind; see package effect for the kinds of
// the language. A handler of effect.Now, Random or UUID replaces the engine's own
// answer.
func WithHandler(kind string, h Handler) Option {
	return func(c *config) { c.handlers[kind] = h }
}

// WithHandlers adds several handlers by kind.
func WithHandlers(handlers map[string]Handler) Option {
	return func(c *config) { maps.Copy(c.handlers, handlers) }
}

// WithJournal records outcomes in j. What stands in j already is replayed first.
func WithJournal(j effect.Journal) Option { return func(c *config) { c.journal = j } }

// WithReplayedEvents sends events also for what is only replayed from the
// journal; without it they are left out, as they have been sent before.
func WithReplayedEvents() Option { return func(c *config) { c.replayedNotices = true } }

// WithEvents passes on events as they happen, in order, from the goroutine that
// runs the execution. f must not block.
func WithEvents(f func(Event)) Option { return func(c *config) { c.events = f } }

// WithTrace adds an event for the beginning and the end of every effect.
func WithTrace() Option { return func(c *config) { c.trace = true } }

// WithClock tells the execution the time; the default is time.Now. Waiting
// happens in real time all the same; see WithVirtualTime.
func WithClock(now func() time.Time) Option { return func(c *config) { c.clock = now } }

// WithVirtualTime gives the execution a clock of its own that begins at start
// and stands still while anything runs: it jumps to the end of the next sleep or
// delay when everything waits. Such an execution takes no real time for waiting
// and does everything in the same order each time.
func WithVirtualTime(start time.Time) Option {
	return func(c *config) { c.virtual, c.clock = true, func() time.Time { return start } }
}

// WithRand gives the source of random numbers and ids. The default is seeded by
// the operating system.
func WithRand(s rand.Source) Option { return func(c *config) { c.rand = s } }

// WithID gives the execution's id; the default is a new UUID, version 7.
func WithID(id string) Option { return func(c *config) { c.id = id } }

// WithTimeout bounds the execution's time; it takes precedence over the
// program's header. Zero leaves the header's, negative is no bound.
func WithTimeout(d time.Duration) Option { return func(c *config) { c.timeout = d } }

// WithLimits bounds what the program can use up.
func WithLimits(l vm.Limits) Option { return func(c *config) { c.limits = l } }

// WithExplain keeps how each confidence arose; see Result.Why.
func WithExplain() Option { return func(c *config) { c.explain = true } }

// WithEnvironment lets the input block of a program take fields that the input
// lacks from environment variables, those that it names and no others. Without it
// there are none.
func WithEnvironment(lookup func(name string) (string, bool)) Option {
	return func(c *config) { c.environment = lookup }
}

// WithBinding gives a value to a name of the host, see check.HostNames of the
// compiler.
func WithBinding(name string, v value.Value) Option {
	return func(c *config) { c.bindings[name] = v }
}

// WithGlobals continues a session: the module-level variables that an earlier
// execution left, see Execution.Globals.
func WithGlobals(globals []value.Value) Option { return func(c *config) { c.globals = globals } }
