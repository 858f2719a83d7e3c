package engine

import "time"

// EventType names what an Event tells.
type EventType string

const (
	Started        EventType = "started"         // {pattern, version}
	AgentsSelected EventType = "agents_selected" // {count, ids}
	AgentStarted   EventType = "agent_started"   // {agent, id, task}
	AgentCompleted EventType = "agent_completed" // {agent, id, confidence, durationMs}
	AgentFailed    EventType = "agent_failed"    // {agent, id, error, durationMs}
	UsageGrew      EventType = "usage"           // {calls, tokensIn, tokensOut, cost} of the whole execution, after a call that tells what it used
	PartialAnswer  EventType = "partial"         // {kind, path, chunk}, for agents {agent, id} as well; see Chunk
	Progress       EventType = "progress"        // {done, total}: agent calls so far
	Logged         EventType = "log"             // {level, text}
	Printed        EventType = "print"           // {text}
	Emitted        EventType = "emit"            // {event, data}
	EffectStarted  EventType = "effect_started"  // {kind, path, file, line, column}; with WithTrace only
	EffectEnded    EventType = "effect_ended"    // {kind, path, durationMs, error}; with WithTrace only
	NeedsReview    EventType = "needs_review"    // {question}
	Completed      EventType = "completed"       // {confidence, durationMs, agentCount}
	Failed         EventType = "failed"          // {error}; also for executions that timed out
	Cancelled      EventType = "cancelled"       // {error}
)

// Event is something that happened in an execution. Seq is 1 for the first event
// of an execution and grows by one. Data holds what encoding/json can encode and
// must not be changed.
type Event struct {
	Seq         int64          `json:"seq"`
	ExecutionID string         `json:"executionId"`
	Time        time.Time      `json:"time"`
	Type        EventType      `json:"type"`
	Data        map[string]any `json:"data,omitempty"`
}

// heard reports whether somebody wants the next event: not without a listener,
// and not when the execution only repeats what it did before.
func (x *Execution) heard() bool {
	return x.cfg.events != nil && (!x.replaying() || x.cfg.replayedNotices)
}

// emit sends an event if it is heard. Where events are many, callers ask heard
// before they make the data.
func (x *Execution) emit(t EventType, data map[string]any) {
	if !x.heard() {
		return
	}
	x.seq++
	if x.redact != nil && data != nil {
		data = x.redact.any(data).(map[string]any)
	}
	x.cfg.events(Event{Seq: x.seq, ExecutionID: x.id, Time: x.flight.now(), Type: t, Data: data})
}
