package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/value"
)

// Task is one piece of work for an agent.
type Task struct {
	ID          string // of this call: the same for all attempts, different for all calls
	ExecutionID string
	Agent       string // id of the agent
	Name        string // of the agent
	Description string // what is to be done: "analyze", or the name of the task
	Data        value.Value
	Context     value.Value
	Pattern     string        // name of the pattern that asks
	Step        string        // place of the call in the execution
	Attempt     int           // 1 for the first
	Number      int           // of earlier calls of this agent in the execution; -1 outside of one
	Timeout     time.Duration // what the agent has; ctx ends then. 0 is no limit

	// Partial, when not nil, takes what comes before the reply of a transport
	// that streams. It may be called from the goroutine of Call only.
	Partial func(Partial)
}

// Partial is a part of a reply, or how far an agent is.
type Partial struct {
	Text    string  // what came, of a reply that is a text
	Percent float64 // in [0, 100], 0 when unknown
	Note    string  // what the agent does, for people
}

// Key identifies an attempt, for agents that must not do a thing twice.
func (t Task) Key() string {
	return fmt.Sprintf("%s/%s/%s/%d", t.ExecutionID, t.Step, t.Agent, t.Attempt)
}

// Reply is what an agent answered, as it came: nothing of it is trusted yet.
type Reply struct {
	Result        value.Value
	Confidence    value.Value // what the agent claims, of any kind; null when it claims nothing
	TokenEvidence *float64    // mean probability of the tokens of a model's answer, nil without
	Reasoning     string
	Uncertainties []string
	Metadata      value.Value
	Usage         Usage
}

// Usage is what a call used up. The zero Usage is unknown.
type Usage struct {
	TokensIn, TokensOut int
	Cost                float64 // in US dollars
}

// Add returns the sum of both.
func (u Usage) Add(v Usage) Usage {
	return Usage{u.TokensIn + v.TokensIn, u.TokensOut + v.TokensOut, u.Cost + v.Cost}
}

// Transport calls one agent. It connects when it is first needed, not when it is
// made, and may be called by many goroutines at once.
//
// Call returns soon after ctx has ended. Its errors are an *Error, or count as
// not to be retried. A transport need not care about timeouts, retries, limits
// and confidence: the registry does.
type Transport interface {
	Call(ctx context.Context, t Task) (Reply, error)
	// Close ends connections and processes; calls under way fail.
	Close() error
}

// HealthChecker is a Transport that can tell whether its agent is there without
// giving it work. The error is ErrUnchecked when its settings do not say how.
type HealthChecker interface {
	Health(ctx context.Context) error
}

// ErrUnchecked is returned for agents that can't be checked without giving them
// work.
var ErrUnchecked = errors.New("the agent can't be checked")

// Check tells whether the agent is there, where its transport is a HealthChecker.
func (a *Agent) Check(ctx context.Context) error {
	h, ok := a.Transport.(HealthChecker)
	if !ok {
		return ErrUnchecked
	}
	return h.Health(ctx)
}

// Describer is a Transport that can ask its agent what it can do.
type Describer interface {
	Describe(ctx context.Context) (Description, error)
}

// Description is what an agent says about itself; any of it may be empty.
type Description struct {
	Name         string
	Version      string
	Summary      string
	Capabilities []string
}

// Error is a failed call of an agent.
type Error struct {
	Message    string
	Retryable  bool          // another attempt may succeed
	RetryAfter time.Duration // the agent asked not to be called before; 0 when it did not
	Err        error         // the cause, may be nil
}

func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Failf returns an error that is not to be retried.
func Failf(format string, args ...any) *Error { return newError(false, format, args) }

// Retryf returns an error after which another attempt may succeed.
func Retryf(format string, args ...any) *Error { return newError(true, format, args) }

func newError(retryable bool, format string, args []any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Message: err.Error(), Retryable: retryable, Err: errors.Unwrap(err)}
}

// Retryable reports whether another attempt may succeed where err came from.
func Retryable(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Retryable
}

// Aborter is a Transport that runs programs, which may take a while to end.
type Aborter interface {
	// Abort ends them by force; calls fail from then on. It does not wait, and may
	// be called beside every other method and several times. Close is still due.
	Abort()
}

// Kind is one way of calling agents: a name that stands as "transport" in files,
// and how the block of the same name is read.
type Kind struct {
	Name string
	// Open reads the settings of an agent and makes its transport, without
	// reaching out. The block is empty when the agent has none; Open reports what
	// is wrong with it there and may return nil then. It need not call Done.
	Open func(b *settings.Block, env Env) Transport
	// Inline reads what follows "NAME:" in a specification on a command line
	// (the command in exec:./program) and returns the block as a map of JSON
	// types. nil when the kind can't be given there.
	Inline func(text string) (map[string]any, error)
	// Real says that calls leave the process, so that they have a timeout and
	// are retried by default.
	Real bool
}

// Env is what an agent's file knows beside its settings.
type Env struct {
	ID, Name string // of the agent
	Dir      string // of the file; paths are relative to it
	Log      *slog.Logger
}
