// Package engine runs one execution of a program: it stands between the
// deterministic machine and the world.
//
// In come a linked program, an input and options; out come events while it runs
// and one Result at the end. The engine validates the input against the
// program's schema, answers the clock and the random source itself, hands every
// other effect to the Handler of its kind in a goroutine of its own, records
// outcomes in a journal before the program sees them, replays a journal, and
// enforces cancellation, deadlines and limits. When Run returns, every
// goroutine it started has ended.
//
// It knows no agent, no model provider and no storage, and it never reads
// files, the environment or the network.
package engine
