// Package effect is the border between a deterministic program and the world.
//
// A program never acts by itself: it asks for an Effect, is suspended, and goes
// on with its Outcome. An effect is identified by its path, the place of the
// asking fiber in the tree of fibers plus a counter ("0/3/1.7"), which does not
// depend on the order in which anything outside happens. Outcomes are written to
// a Journal, in the order in which they are handed to the program, before the
// program sees them; the same program, input and journal replay to the same
// result. What a program only tells the world (print, log, emit) is a Notice,
// which has no outcome and is not journalled.
//
// The package defines these things and their canonical encoding; it performs no
// effect.
package effect

import (
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/value"
)

// Kinds of effects that the language itself asks for. Hosts may answer more.
const (
	Now    = "now"    // null -> number: milliseconds since 1970
	Random = "random" // null -> number in [0, 1)
	UUID   = "uuid"   // null -> string
	Sleep  = "sleep"  // number of milliseconds -> null
	Ask    = "ask"    // {question, options} -> any
	LLM    = "llm"    // {prompt, options, context, stream?} -> confident string or object
	Select = "select" // {capabilities, min, max, prefer, exclude, region} -> array of agents
	// Patterns keep their last good outcomes with the host, and ask for them when
	// nothing better comes: {of: any, value: any} -> null and {of, maxAge: number of
	// milliseconds or null} -> any, null when there is none.
	Remember = "remember"
	Recall   = "recall"
	Agent    = "agent" // {agent, task, data, options, context} -> an answer, see Answer
	// Chunk reads the answer of another effect bit by bit, while it is made: the
	// two requests have the same string in "stream". The engine answers it.
	Chunk = "chunk" // {stream, index} -> chunk number index, {type, text}; null after the last
)

// Kinds of notices.
const (
	Print = "print" // array of values
	Log   = "log"   // {level, values}
	Emit  = "emit"  // {event, data}
)

// Effect is one thing the program asks for.
type Effect struct {
	Path    string
	Kind    string
	Request value.Value // immutable; all of it is shared
	File    string      // place in the source that asked
	Line    int
	Column  int
}

// Outcome is the answer to an effect: a value or an error.
type Outcome struct {
	Value value.Value
	Err   *Error
}

// Error is a failed effect; the program can catch it.
type Error struct {
	Code    diag.Code // R0xxx
	Name    string    // "Timeout", "AgentError", ...
	Message string
	Data    value.Value
}

func (e *Error) Error() string { return e.Message }

// Notice is something the program tells the world.
type Notice struct {
	Path  string
	Kind  string
	Value value.Value
	File  string
	Line  int
}
