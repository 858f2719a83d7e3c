package llm_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// service is a program that speaks one of the wire formats. Each request takes the
// next step of its script, the last one repeating.
type service struct {
	kind   string // "openai", "anthropic" or "gemini"
	script []step

	mu       sync.Mutex
	requests []request
	url      string
}

// step is what the service does with one request.
type step struct {
	text     string
	logprobs []float64 // of the words of the text
	finish   string    // in the words of OpenAI: stop, length, content_filter
	status   int       // of a failure; text is its message
	header   http.Header
	raw      string // a body as it is
	cut      int    // a stream breaks off behind so many pieces
	refusal  string
}

// request is what the service got.
type request struct {
	path   string
	header http.Header
	body   map[string]any
}

func newService(t *testing.T, kind string, script ...step) *service {
	t.Helper()
	s := &service{kind: kind, script: script}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	req := request{path: r.URL.String(), header: r.Header}
	if err := json.Unmarshal(text, &req.body); err != nil {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	s.mu.Lock()
	st := s.script[min(len(s.requests), len(s.script)-1)]
	s.requests = append(s.requests, req)
	s.mu.Unlock()
	for k, v := range st.header {
		w.Header()[k] = v
	}
	stream := req.body["stream"] == true || strings.Contains(req.path, "streamGenerateContent")
	switch {
	case st.status != 0:
		w.WriteHeader(st.status)
		fmt.Fprint(w, s.failure(st))
	case st.raw != "":
		if stream {
			w.Header().Set("Content-Type", "text/event-stream")
		}
		fmt.Fprint(w, st.raw)
	case stream:
		w.Header().Set("Content-Type", "text/event-stream")
		for i, e := range s.events(st) {
			if st.cut > 0 && i == st.cut {
				panic(http.ErrAbortHandler)
			}
			fmt.Fprint(w, e)
			w.(http.Flusher).Flush()
		}
	default:
		fmt.Fprint(w, s.answer(st))
	}
}

func (s *service) failure(st step) string {
	if s.kind == "anthropic" {
		return marshal(map[string]any{"type": "error", "error": map[string]any{"type": "invalid_request_error", "message": st.text}})
	}
	return marshal(map[string]any{"error": map[string]any{"message": st.text, "code": st.status}})
}

func marshal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// words splits a text so that the pieces make it up again.
func words(text string) []string { return strings.SplitAfter(text, " ") }

func finish(kind, reason string) string {
	if reason == "" {
		reason = "stop"
	}
	return map[string]map[string]string{
		"openai":    {"stop": "stop", "length": "length", "content_filter": "content_filter"},
		"anthropic": {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"},
		"gemini":    {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"},
	}[kind][reason]
}

// answer is a whole answer; 3 tokens went in and 5 came out.
func (s *service) answer(st step) string {
	switch s.kind {
	case "anthropic":
		part := map[string]any{"type": "text", "text": st.text}
		if len(s.last().body["tools"].([]any)) > 0 && json.Valid([]byte(st.text)) {
			part = map[string]any{"type": "tool_use", "name": "answer", "id": "1", "input": json.RawMessage(st.text)}
		}
		return marshal(map[string]any{"type": "message", "model": "claude-x", "content": []any{part}, "stop_reason": finish(s.kind, st.finish),
			"usage": map[string]any{"input_tokens": 3, "output_tokens": 5}})
	case "gemini":
		c := map[string]any{"content": map[string]any{"role": "model", "parts": []any{map[string]any{"text": "hmm", "thought": true}, map[string]any{"text": st.text}}},
			"finishReason": finish(s.kind, st.finish)}
		if st.logprobs != nil {
			chosen := []any{}
			for i, p := range st.logprobs {
				chosen = append(chosen, map[string]any{"token": words(st.text)[i], "logProbability": p})
			}
			c["logprobsResult"] = map[string]any{"chosenCandidates": chosen}
			c["avgLogprobs"] = -50
		}
		return marshal(map[string]any{"modelVersion": "gemini-x", "candidates": []any{c},
			"usageMetadata": map[string]any{"promptTokenCount": 3, "candidatesTokenCount": 4, "thoughtsTokenCount": 1}})
	}
	choice := map[string]any{"index": 0, "message": map[string]any{"role": "assistant", "content": st.text}, "finish_reason": finish(s.kind, st.finish)}
	if st.refusal != "" {
		choice["message"] = map[string]any{"role": "assistant", "content": nil, "refusal": st.refusal}
	}
	choice["logprobs"] = s.openAILogprobs(st, 0, len(st.logprobs))
	return marshal(map[string]any{"object": "chat.completion", "model": "gpt-x", "choices": []any{choice},
		"usage": map[string]any{"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}})
}

func (s *service) openAILogprobs(st step, from, to int) any {
	if to > len(st.logprobs) {
		return nil
	}
	list := []any{}
	for i := from; i < to; i++ {
		list = append(list, map[string]any{"token": words(st.text)[i], "logprob": st.logprobs[i], "top_logprobs": []any{}})
	}
	return map[string]any{"content": list}
}

func (s *service) last() request {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.requests[len(s.requests)-1]
	if r.body["tools"] == nil {
		r.body["tools"] = []any{}
	}
	return r
}

func data(v any) string { return "data: " + marshal(v) + "\n\n" }

// events is an answer as a stream, a piece a word.
func (s *service) events(st step) []string {
	var out []string
	switch s.kind {
	case "anthropic":
		typed := func(kind string, v map[string]any) {
			v["type"] = kind
			out = append(out, "event: "+kind+"\n"+data(v))
		}
		typed("message_start", map[string]any{"message": map[string]any{"model": "claude-x", "usage": map[string]any{"input_tokens": 3, "output_tokens": 1}}})
		typed("content_block_start", map[string]any{"index": 0, "content_block": map[string]any{"type": "text", "text": ""}})
		typed("ping", map[string]any{})
		for _, w := range words(st.text) {
			typed("content_block_delta", map[string]any{"index": 0, "delta": map[string]any{"type": "text_delta", "text": w}})
		}
		typed("content_block_stop", map[string]any{"index": 0})
		typed("message_delta", map[string]any{"delta": map[string]any{"stop_reason": finish(s.kind, st.finish)}, "usage": map[string]any{"output_tokens": 5}})
		typed("message_stop", map[string]any{})
	case "gemini":
		list := words(st.text)
		for i, w := range list {
			c := map[string]any{"content": map[string]any{"role": "model", "parts": []any{map[string]any{"text": w}}}}
			if st.logprobs != nil {
				c["logprobsResult"] = map[string]any{"chosenCandidates": []any{map[string]any{"token": w, "logProbability": st.logprobs[i]}}}
			}
			if i == len(list)-1 {
				c["finishReason"] = finish(s.kind, st.finish)
			}
			out = append(out, data(map[string]any{"modelVersion": "gemini-x", "candidates": []any{c}, "usageMetadata": map[string]any{"promptTokenCount": 3, "candidatesTokenCount": 5}}))
		}
	default:
		for i, w := range words(st.text) {
			c := map[string]any{"index": 0, "delta": map[string]any{"content": w}, "logprobs": s.openAILogprobs(st, i, i+1)}
			out = append(out, data(map[string]any{"object": "chat.completion.chunk", "model": "gpt-x", "choices": []any{c}}))
		}
		out = append(out, data(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{}, "finish_reason": finish(s.kind, st.finish)}}}),
			data(map[string]any{"choices": []any{}, "usage": map[string]any{"prompt_tokens": 3, "completion_tokens": 5}}), "data: [DONE]\n\n")
	}
	return out
}
