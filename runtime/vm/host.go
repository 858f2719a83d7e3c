package vm

import (
	"sync"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// Host is what surrounds a machine. Its methods are called from the goroutine
// that runs the machine and must not block.
type Host interface {
	// Start begins an effect. With done the outcome is there at once;
	// otherwise it comes later through VM.Deliver.
	Start(e *effect.Effect) (out effect.Outcome, done bool)
	// Cancel tells that nobody waits for an effect any more. Its outcome, if it
	// is delivered all the same, is ignored.
	Cancel(path string)
	// Notice passes on something the program said.
	Notice(n effect.Notice)
}

// Library is what programs can use without importing it.
type Library struct {
	Globals map[string]value.Value
	Methods map[string]*Native // "array.map", "string.trim", ...

	once  sync.Once
	table map[string]*methods
}

// Config sets up one execution. The zero Config has no limits.
type Config struct {
	Host   Host
	Limits Limits
	// Explain keeps how each confidence arose, see value.Why.
	Explain bool
	// Bindings are the values of the host's names: input, execution, ...; a name
	// that is absent is null.
	Bindings map[string]value.Value
	// Globals are the values that an earlier input of a session left behind;
	// the program has been compiled for the same session.
	Globals []value.Value
}

// Limits bound one execution; zero fields mean the default of that field, see
// DefaultLimits, and negative ones no limit.
type Limits struct {
	Steps     int64 // loop rounds and calls
	CallDepth int   // frames of one fiber
	Fibers    int   // alive at a time
	Memory    int64 // bytes of reachable data, estimated
	String    int   // bytes of one string
	Array     int   // elements of one array, properties of one object
}

// DefaultLimits are generous for patterns and small for a server.
var DefaultLimits = Limits{
	Steps: 500_000_000, CallDepth: 10_000, Fibers: 200_000, Memory: 2 << 30, String: 256 << 20, Array: 64 << 20,
}

// Status is why Run returned.
type Status uint8

const (
	// Done: the program has ended, see Result.
	Done Status = iota
	// Blocked: every fiber waits; Deliver outcomes, then Run again.
	Blocked
	// Paused: the slice of steps given to Run is used up; Run again.
	Paused
)
