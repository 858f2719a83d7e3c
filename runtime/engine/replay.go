package engine

import (
	"fmt"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// kindStart is the kind of the first entry of a journal, which describes the
// run: its digest is that of the input, its outcome holds what differs from run
// to run without any effect being asked for.
const kindStart = "start"

// begin opens the journal: a new one gets the entry that describes the run, an
// old one gives the run's id and time back.
func (x *Execution) begin() error {
	x.start, x.id = x.began, x.cfg.id
	if x.id == "" {
		x.id = newUUID(x.start, x.cfg.rand)
	}
	if x.cfg.journal == nil {
		return nil
	}
	entries, err := x.cfg.journal.Entries()
	if err != nil {
		return fmt.Errorf("the journal can't be read: %w", err)
	}
	digest, err := effect.DigestOf(kindStart, x.input)
	if err != nil {
		return err
	}
	x.flight.journals = &journals{target: x.cfg.journal}
	entries = x.flight.journals.split(entries)
	if len(entries) == 0 {
		return x.flight.journals.append(effect.Entry{Kind: kindStart, Digest: digest, Outcome: effect.Outcome{
			Value: value.ObjectOf([]string{"id", "startedAt"}, []value.Value{value.Str(x.id), value.Num(float64(x.start.UnixMilli()))}).Value()}})
	}
	first := entries[0]
	o := first.Outcome.Value.Plain()
	if first.Kind != kindStart || first.Outcome.Err != nil || !isObject(o) {
		return fmt.Errorf("the journal does not begin with the description of an execution")
	}
	if first.Digest != digest {
		return fmt.Errorf("the journal belongs to an execution with another input")
	}
	id, _ := o.AsObject().Get("id")
	at, _ := o.AsObject().Get("startedAt")
	if id.PlainKind() != value.StringKind || at.PlainKind() != value.Number {
		return fmt.Errorf("the journal does not begin with the description of an execution")
	}
	x.id, x.start = id.Plain().AsString().Go(), timeOf(at.Plain().Float())
	x.entries, x.cursor = entries, 1
	return nil
}

// replaying reports whether recorded outcomes are left.
func (x *Execution) replaying() bool { return x.cursor < len(x.entries) }

// replayNext delivers the next recorded outcome.
func (x *Execution) replayNext() verdict {
	e := x.entries[x.cursor]
	c := x.waiting[e.Path]
	if c == nil {
		x.diverge(nil, "the record goes on with %s, but the program does not wait for it", describeEntry(e))
		return hasFailed
	}
	if !x.matches(c, e) {
		return hasFailed
	}
	c.outcome = e.Outcome
	x.flight.replayed(c)
	x.hand(c)
	x.advance()
	return goOn
}

// matches checks that a recorded outcome answers an effect.
func (x *Execution) matches(c *call, e effect.Entry) bool {
	switch {
	case e.Path != c.effect.Path || e.Kind != c.effect.Kind:
		x.diverge(c.effect, "the program asks for %q where %s is recorded", c.effect.Kind, describeEntry(e))
	case e.Digest != c.digest:
		x.diverge(c.effect, "the program asks %q for something else than what is recorded", c.effect.Kind)
	default:
		return true
	}
	return false
}

// advance steps over an entry. After the last one the execution goes on live:
// what is still open is really done now.
func (x *Execution) advance() {
	x.cursor++
	if x.replaying() {
		return
	}
	open := make([]*call, 0, len(x.waiting))
	for _, c := range x.waiting {
		open = append(open, c)
	}
	sortCalls(open)
	for _, c := range open {
		x.goLive(c)
	}
}

// diverge fails the execution because it does not do what its journal says.
func (x *Execution) diverge(e *effect.Effect, format string, args ...any) {
	if x.failure != nil {
		return
	}
	x.failure = &Error{Code: CodeNondeterminism, Name: "NONDETERMINISM",
		Message: "The execution can't be replayed: " + fmt.Sprintf(format, args...),
		Hint:    "program, input and library must be the ones that were recorded"}
	if e != nil {
		x.failure.File, x.failure.Line, x.failure.Column = e.File, e.Line, e.Column
	}
	x.cursor = len(x.entries) // what follows is no repetition
}

// record writes an outcome to the journal. When that fails the execution ends.
func (x *Execution) record(e *effect.Effect, d effect.Digest, out effect.Outcome) bool {
	if x.cfg.journal == nil {
		return true
	}
	err := x.flight.journals.append(effect.Entry{Path: e.Path, Kind: e.Kind, Digest: d, Outcome: out})
	if err != nil {
		x.broken = fmt.Errorf("the execution was stopped because its journal failed: %w", err)
		return false
	}
	return true
}

func describeEntry(e effect.Entry) string { return fmt.Sprintf("%q (entry %d)", e.Kind, e.Seq) }
