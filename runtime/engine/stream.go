package engine

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// Chunk hands on a part of an outcome while the effect that ctx belongs to (the
// context a Handler gets) is still being done. v is plain data; a part of a text
// is an object {type: "text", text}. Whoever listens to the execution's events
// hears of every chunk (PartialAnswer). A program reads them if it asked for
// that: its request then has a field "stream", see effect.Chunk; each chunk that
// it reads is journalled like any outcome, so that a replay repeats them exactly.
//
// The outcome must still be the whole answer. What its content has beyond the
// texts of the chunks comes as a last chunk by itself, so a handler that gives
// no chunks, or not all, streams as well. Chunk is safe for use by the handler's
// own goroutines until Handle returns; it does nothing when nobody waits for the
// effect any more.
func Chunk(ctx context.Context, v value.Value) {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		value.Freeze(v)
		c.flight.chunk(c, v)
	}
}

// TextChunk is Chunk for a part of a text; an empty one is left out.
func TextChunk(ctx context.Context, text string) {
	if text != "" {
		Chunk(ctx, textChunk(text))
	}
}

func textChunk(text string) value.Value {
	return value.ObjectOf([]string{"type", "text"}, []value.Value{value.Str("text"), value.Str(text)}).Value()
}

// stream is what the program and the handler of one effect share.
type stream struct {
	chunks  []value.Value
	texts   int // code points of text in chunks
	skip    int // code points of the handler's text that an earlier run has delivered
	ended   bool
	content string // the whole answer, once it has ended
	failure *effect.Error
	readers []*call // waiting for chunks that are not there yet
}

// partial is a chunk that listeners have not heard of.
type partial struct {
	call *call
	v    value.Value
}

// streamOf returns the stream that an effect's request names, "" for none.
func streamOf(e *effect.Effect) string { return textOf(e.Request, "stream") }

// stream returns the stream of that name. f.mu is held.
func (f *flight) stream(name string) *stream {
	s := f.streams[name]
	if s == nil {
		s = &stream{}
		if f.streams == nil {
			f.streams = map[string]*stream{}
		}
		f.streams[name] = s
	}
	return s
}

// chunk takes a chunk from a handler.
func (f *flight) chunk(c *call, v value.Value) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.dropped || c.finished {
		return
	}
	f.partials = append(f.partials, partial{c, v})
	f.signal()
	if name := streamOf(c.effect); name != "" {
		s := f.stream(name)
		if text, isText := chunkText(v); s.skip > 0 {
			n := utf8.RuneCountInString(text)
			if !isText || n <= s.skip {
				s.skip -= n
				return
			}
			text = string([]rune(text)[s.skip:])
			s.skip, v = 0, textChunk(text)
			value.Freeze(v)
		}
		f.add(s, v)
	}
}

// chunkText returns the text of a chunk that is a part of a text.
func chunkText(v value.Value) (string, bool) {
	return textOf(v, "text"), textOf(v, "type") == "text"
}

// add appends a chunk and answers who waits for it.
func (f *flight) add(s *stream, v value.Value) {
	if text, ok := chunkText(v); ok {
		s.texts += utf8.RuneCountInString(text)
	}
	s.chunks = append(s.chunks, v)
	f.answer(s)
}

// endStream closes a stream with the outcome of its effect.
func (f *flight) endStream(name string, out effect.Outcome) {
	s := f.stream(name)
	if s.ended {
		return
	}
	s.ended, s.failure = true, out.Err
	content := out.Value.Plain()
	if isObject(content) {
		if v, ok := content.AsObject().Get("content"); ok {
			content = v.Plain()
		}
	}
	if out.Err == nil && !content.IsNull() {
		s.content = value.Text(content)
	}
	f.complete(s)
}

// complete appends what the answer has beyond the texts of the chunks.
func (f *flight) complete(s *stream) {
	if text := []rune(s.content); len(text) > s.texts {
		v := textChunk(string(text[s.texts:]))
		value.Freeze(v)
		f.add(s, v)
	}
	f.answer(s)
}

// answer finishes the readers whose chunk is there, and all once the stream has
// ended.
func (f *flight) answer(s *stream) {
	s.readers = slices.DeleteFunc(s.readers, func(r *call) bool {
		i := chunkIndex(r.effect)
		switch {
		case i < len(s.chunks):
			r.outcome = effect.Outcome{Value: s.chunks[i]}
		case s.ended:
			r.outcome = effect.Outcome{Err: s.failure}
		default:
			return false
		}
		r.finished = true
		f.deliverable(r)
		return true
	})
}

// read gives the program the chunk it asks for, as soon as it is there.
func (f *flight) read(c *call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.flight, c.reader = f, true
	f.calls[c.effect.Path] = c
	s := f.stream(streamOf(c.effect))
	s.readers = append(s.readers, c)
	f.answer(s)
}

// chunkIndex returns which chunk an effect asks for.
func chunkIndex(e *effect.Effect) int {
	if o := e.Request.Plain(); isObject(o) {
		if i, _ := o.AsObject().Get("index"); i.PlainKind() == value.Number && i.Plain().Float() >= 0 {
			return int(i.Plain().Float())
		}
	}
	return 0
}

// replayed takes note of an outcome that comes from the journal, so that a
// stream goes on where it stopped.
func (f *flight) replayed(c *call) {
	name := streamOf(c.effect)
	if name == "" {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.effect.Kind != effect.Chunk {
		f.endStream(name, c.outcome)
		return
	}
	s, i := f.stream(name), chunkIndex(c.effect)
	if c.outcome.Err != nil || c.outcome.Value.IsNull() || i > len(s.chunks) {
		return
	}
	// The answer may have come before this chunk and have been cut otherwise.
	s.chunks, s.texts = s.chunks[:i], 0
	for _, v := range s.chunks {
		text, _ := chunkText(v)
		s.texts += utf8.RuneCountInString(text)
	}
	f.add(s, c.outcome.Value)
	s.skip = s.texts
	f.complete(s)
}

// abandon ends the stream of an effect that is cancelled before it began.
func (f *flight) abandon(c *call) {
	if name := streamOf(c.effect); name != "" && c.effect.Kind != effect.Chunk {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.endStream(name, effect.Outcome{})
	}
}

// heard returns the chunks that listeners have not heard of yet; in virtual time
// in an order that does not depend on the handlers' goroutines.
func (f *flight) heard() []partial {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.partials) == 0 || f.virtual && f.busy > 0 {
		return nil
	}
	list := f.partials
	f.partials = nil
	if f.virtual {
		slices.SortStableFunc(list, func(a, b partial) int { return a.call.index - b.call.index })
	}
	return list
}

// emitPartials tells listeners of chunks.
func (x *Execution) emitPartials() {
	for _, p := range x.flight.heard() {
		e := p.call.effect
		data := map[string]any{"kind": e.Kind, "path": e.Path, "chunk": jsonOf(p.v)}
		if e.Kind == effect.Agent {
			data["id"], data["agent"] = agentOf(e)
		}
		x.emit(PartialAnswer, data)
	}
}
