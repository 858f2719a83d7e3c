package llm

import (
	"encoding/json"
	"net/http"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/sse"
)

// anthropic is the form of POST /v1/messages. An answer under a schema is the
// input of a tool that the model has to use.
type anthropic struct{}

// anthropicTokens bounds an answer when nobody does: the service wants a bound.
const anthropicTokens = 4096

func (anthropic) prepare(h http.Header, key string) {
	h.Set("Anthropic-Version", "2023-06-01")
	if key != "" {
		h.Set("X-Api-Key", key)
	}
}
func (anthropic) logprobs() bool { return false }

func (anthropic) request(_ *provider, q query) (string, any) {
	body := map[string]any{"model": q.model, "max_tokens": anthropicTokens}
	if q.maxTokens > 0 {
		body["max_tokens"] = q.maxTokens
	}
	messages := []openAIMessage{}
	for _, m := range q.messages {
		messages = append(messages, openAIMessage{m.role, m.text})
	}
	body["messages"] = messages
	if q.system != "" {
		body["system"] = q.system
	}
	if q.temperature != nil {
		body["temperature"] = min(*q.temperature, 1)
	}
	if q.schema != nil {
		body["tools"] = []any{map[string]any{"name": "answer", "description": "Gives the answer.", "input_schema": q.schema}}
		body["tool_choice"] = map[string]any{"type": "tool", "name": "answer"}
	}
	if q.stream != nil {
		body["stream"] = true
	}
	return "/v1/messages", body
}

type anthropicAnswer struct {
	failure
	Model   string `json:"model"`
	Content []struct {
		Type  string          `json:"type"`
		Text  string          `json:"text"`
		Input json.RawMessage `json:"input"`
	} `json:"content"`
	StopReason string         `json:"stop_reason"`
	Usage      anthropicUsage `json:"usage"`
}

type anthropicUsage struct {
	In      int `json:"input_tokens"`
	Out     int `json:"output_tokens"`
	Created int `json:"cache_creation_input_tokens"`
	Read    int `json:"cache_read_input_tokens"`
}

func (u anthropicUsage) usage() agent.Usage {
	return agent.Usage{TokensIn: max(u.In, 0) + max(u.Created, 0) + max(u.Read, 0), TokensOut: max(u.Out, 0)}
}

func (c *completion) stop(reason string) {
	switch reason {
	case "max_tokens", "model_context_window_exceeded":
		c.finish = cutOff
	case "refusal":
		c.finish, c.note = refused, "the model does not answer"
	}
}

func (anthropic) decode(text []byte) (completion, error) {
	var a anthropicAnswer
	if err := unmarshal(text, &a); err != nil {
		return completion{}, err
	}
	if err := streamFailure(a.failure); err != nil {
		return completion{}, err
	}
	c := completion{model: a.Model, usage: a.Usage.usage()}
	c.stop(a.StopReason)
	tool := ""
	for _, part := range a.Content {
		switch part.Type {
		case "text":
			c.text += part.Text
		case "tool_use":
			tool = string(part.Input)
		}
	}
	if tool != "" {
		c.text = tool
	}
	if a.Content == nil && c.finish == complete {
		return completion{}, agent.Retryf("the answer holds no content")
	}
	return c, nil
}

func (anthropic) event(e sse.Event, c *completion, text func(string)) (bool, error) {
	var a struct {
		failure
		Type    string          `json:"type"`
		Message anthropicAnswer `json:"message"`
		Delta   struct {
			Text       string `json:"text"`
			Partial    string `json:"partial_json"`
			StopReason string `json:"stop_reason"`
		} `json:"delta"`
		Usage anthropicUsage `json:"usage"`
	}
	if err := unmarshal([]byte(e.Data), &a); err != nil {
		return false, err
	}
	if err := streamFailure(a.failure); err != nil {
		return false, err
	}
	switch a.Type {
	case "message_start":
		c.model, c.usage = a.Message.Model, a.Message.Usage.usage()
	case "content_block_delta":
		text(a.Delta.Text + a.Delta.Partial)
	case "message_delta":
		c.stop(a.Delta.StopReason)
		c.usage.TokensOut = max(a.Usage.Out, c.usage.TokensOut)
	case "message_stop":
		return true, nil
	}
	return false, nil
}
