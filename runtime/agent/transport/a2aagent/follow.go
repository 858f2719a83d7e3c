package a2aagent

import (
	"encoding/json"
	"iter"

	"github.com/a2aproject/a2a-go/a2a"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/content"
	"github.com/parallaxai/parallax/runtime/value"
)

// follower gathers what comes back for one message.
type follower struct {
	task  agent.Task
	polls int

	id        a2a.TaskID // "" while there is no task
	state     a2a.TaskState
	words     *a2a.Message // of the last status, or the answer when it is a message
	answered  bool         // by a message
	artifacts []*a2a.Artifact
	metadata  map[string]any
	size      int // bytes of streamed parts
}

// events follows a stream.
func (f *follower) events(stream iter.Seq2[a2a.Event, error]) error {
	for e, err := range stream {
		if err != nil {
			if f.id != "" {
				return nil // the task is asked for instead; an event may also be too long for the SDK
			}
			return err
		}
		if f.see(e); f.size > agent.MaxReply {
			return agent.Failf("the reply is larger than %d bytes", agent.MaxReply)
		}
	}
	if f.id == "" && !f.answered {
		return agent.Retryf("the A2A agent sent no answer")
	}
	return nil
}

// see takes one event.
func (f *follower) see(e a2a.Event) {
	switch e := e.(type) {
	case *a2a.Message:
		f.answered, f.words = true, e
		f.metadata = e.Metadata
	case *a2a.Task:
		f.id, f.state, f.artifacts = e.ID, e.Status.State, e.Artifacts
		f.words = e.Status.Message
		if e.Metadata != nil {
			f.metadata = e.Metadata
		}
	case *a2a.TaskStatusUpdateEvent:
		f.id, f.state = e.TaskID, e.Status.State
		if e.Status.Message != nil {
			f.words = e.Status.Message
			if !e.Status.State.Terminal() {
				f.tell(agent.Partial{Note: joined(e.Status.Message.Parts)})
			}
		}
	case *a2a.TaskArtifactUpdateEvent:
		f.id = e.TaskID
		if e.Artifact == nil {
			return
		}
		f.add(e.Artifact, e.Append)
		if text := joined(e.Artifact.Parts); text != "" {
			f.tell(agent.Partial{Text: text})
		}
	}
}

func (f *follower) tell(p agent.Partial) {
	if f.task.Partial != nil && (p.Text != "" || p.Note != "") {
		f.task.Partial(p)
	}
}

// add takes an artifact, or more of one that has begun.
func (f *follower) add(a *a2a.Artifact, more bool) {
	text, err := json.Marshal(a.Parts)
	if err == nil {
		f.size += len(text)
	}
	for i, old := range f.artifacts {
		if old.ID != a.ID {
			continue
		}
		if more {
			grown := *old
			grown.Parts = append(append(a2a.ContentParts{}, old.Parts...), a.Parts...)
			f.artifacts[i] = &grown
		} else {
			f.artifacts[i] = a
		}
		return
	}
	f.artifacts = append(f.artifacts, a)
}

// unfinished reports whether there is a task that may still come to an end.
func (f *follower) unfinished() bool {
	if f.answered || f.id == "" || f.state.Terminal() {
		return false
	}
	return f.state != a2a.TaskStateInputRequired && f.state != a2a.TaskStateAuthRequired
}

// reply makes sense of what came.
func (f *follower) reply(parse content.Parse) (agent.Reply, error) {
	said := ""
	if f.words != nil {
		said = agent.Shorten(joined(f.words.Parts))
	}
	switch {
	case f.answered:
		return f.read(f.words.Parts, "", parse)
	case f.id == "":
		return agent.Reply{}, agent.Failf("the A2A agent sent neither a message nor a task")
	case f.state == a2a.TaskStateInputRequired:
		return agent.Reply{}, agent.Failf("the A2A agent asks for more: %s", said)
	case f.state == a2a.TaskStateAuthRequired:
		return agent.Reply{}, agent.Failf("the A2A agent wants to know who asks: %s", said)
	case f.state != a2a.TaskStateCompleted:
		if said == "" {
			said = "it does not say why"
		}
		return agent.Reply{}, agent.Failf("the A2A agent's task is %s: %s", f.state, said)
	}
	var parts a2a.ContentParts
	for _, a := range f.artifacts {
		if a == nil {
			continue
		}
		parts = append(parts, merged(a.Parts)...)
		for k, v := range a.Metadata {
			if f.metadata == nil {
				f.metadata = map[string]any{}
			}
			if _, ok := f.metadata[k]; !ok {
				f.metadata[k] = v
			}
		}
	}
	if len(parts) == 0 && f.words != nil {
		return f.read(f.words.Parts, "", parse)
	}
	return f.read(parts, said, parse)
}

// merged joins neighbouring texts of an artifact, which are the chunks in which it
// came.
func merged(parts a2a.ContentParts) a2a.ContentParts {
	var out a2a.ContentParts
	for _, p := range parts {
		if text, ok := p.(a2a.TextPart); ok && len(out) > 0 {
			if last, ok := out[len(out)-1].(a2a.TextPart); ok {
				last.Text += text.Text
				out[len(out)-1] = last
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// read takes the data parts for the result, else the texts. Beside data, texts are
// the reasoning, and so is what the agent said at the end. A confidence that the
// result does not hold is looked for in the metadata.
func (f *follower) read(parts a2a.ContentParts, said string, parse content.Parse) (agent.Reply, error) {
	var data []value.Value
	for _, p := range parts {
		var raw any
		switch p := p.(type) {
		case a2a.DataPart:
			raw = p.Data
		case a2a.FilePart:
			raw = p
		default:
			continue
		}
		v, err := content.FromGo(raw)
		if err != nil {
			return agent.Reply{}, agent.Failf("what the A2A agent made can't be read: %w", err)
		}
		data = append(data, v)
	}
	text := joined(parts)
	var r agent.Reply
	var err error
	switch {
	case len(parts) == 0:
		return r, agent.Failf("the A2A agent's answer is empty")
	case len(data) == 0:
		if r, err = parse.Text(text); err == nil && r.Reasoning == "" {
			r.Reasoning = said
		}
	case len(data) == 1:
		if r, err = content.Of(data[0]); err == nil && r.Reasoning == "" {
			r.Reasoning = text
		}
	default:
		r = agent.Reply{Result: value.NewArray(data), Reasoning: text}
	}
	if err != nil {
		return r, err
	}
	meta, err := content.FromGo(f.metadata)
	if err != nil {
		return r, agent.Failf("the A2A agent's metadata can't be read: %w", err)
	}
	if r.Metadata.IsNull() {
		r.Metadata = meta
	}
	if r.Confidence.IsNull() && meta.Kind() == value.ObjectKind {
		r.Confidence, _ = meta.AsObject().Get("confidence")
	}
	return r, nil
}

// dataPart makes a part of data that is no text: an object, or one that holds it
// under "data".
func dataPart(v value.Value) (a2a.Part, error) {
	if v.Kind() != value.ObjectKind {
		v = value.ObjectOf([]string{"data"}, []value.Value{v}).Value()
	}
	text, err := value.ToJSON(v, "")
	if err != nil {
		return nil, agent.Failf("the task can't be sent: %w", err)
	}
	var m map[string]any
	if err := json.Unmarshal(text.Text, &m); err != nil {
		return nil, agent.Failf("the task can't be sent: %w", err)
	}
	return a2a.DataPart{Data: m}, nil
}
