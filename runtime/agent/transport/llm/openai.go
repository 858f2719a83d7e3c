package llm

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/sse"
)

// openAI is the form of POST /chat/completions.
type openAI struct{}

func (openAI) prepare(h http.Header, key string) {
	if key != "" {
		h.Set("Authorization", "Bearer "+key)
	}
}
func (openAI) logprobs() bool { return true }

type openAIMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

func (openAI) request(p *provider, q query) (string, any) {
	body := map[string]any{"model": q.model}
	messages := []openAIMessage{}
	if q.system != "" {
		messages = append(messages, openAIMessage{"system", q.system})
	}
	for _, m := range q.messages {
		messages = append(messages, openAIMessage{m.role, m.text})
	}
	body["messages"] = messages
	if q.temperature != nil {
		body["temperature"] = *q.temperature
	}
	if q.maxTokens > 0 {
		name := "max_tokens"
		if strings.HasPrefix(p.base, "https://api.openai.com/") {
			name = "max_completion_tokens" // its newer models refuse the old name
		}
		body[name] = q.maxTokens
	}
	if q.logprobs {
		body["logprobs"] = true
	}
	if q.schema != nil {
		body["response_format"] = map[string]any{"type": "json_schema",
			"json_schema": map[string]any{"name": "answer", "schema": q.schema, "strict": false}}
	}
	if q.stream != nil {
		body["stream"] = true
		body["stream_options"] = map[string]any{"include_usage": true}
	}
	return "/chat/completions", body
}

// openAIAnswer is an answer, and an event of a stream, where delta stands for
// message.
type openAIAnswer struct {
	failure
	Model   string         `json:"model"`
	Choices []openAIChoice `json:"choices"`
	Usage   *openAIUsage   `json:"usage"`
}

type openAIChoice struct {
	Message struct {
		Content json.RawMessage `json:"content"`
		Refusal string          `json:"refusal"`
	} `json:"message"`
	Delta struct {
		Content string `json:"content"`
		Refusal string `json:"refusal"`
	} `json:"delta"`
	Logprobs *struct {
		Content []struct {
			Token   string  `json:"token"`
			Logprob float64 `json:"logprob"`
		} `json:"content"`
	} `json:"logprobs"`
	FinishReason string `json:"finish_reason"`
}

type openAIUsage struct {
	In  int `json:"prompt_tokens"`
	Out int `json:"completion_tokens"`
}

func (c *completion) openAI(a openAIAnswer) {
	if a.Model != "" {
		c.model = a.Model
	}
	if a.Usage != nil {
		c.usage = agent.Usage{TokensIn: max(a.Usage.In, 0), TokensOut: max(a.Usage.Out, 0)}
	}
	if len(a.Choices) == 0 {
		return
	}
	first := a.Choices[0]
	if first.Logprobs != nil {
		for _, t := range first.Logprobs.Content {
			c.tokens.add(t.Token, t.Logprob)
		}
	}
	switch first.FinishReason {
	case "length":
		c.finish = cutOff
	case "content_filter":
		c.finish, c.note = refused, "the content filter of the service stopped it"
	}
	if r := first.Message.Refusal + first.Delta.Refusal; r != "" {
		c.finish = refused
		c.note += r
	}
}

func (openAI) decode(text []byte) (completion, error) {
	var a openAIAnswer
	if err := unmarshal(text, &a); err != nil {
		return completion{}, err
	}
	if err := streamFailure(a.failure); err != nil {
		return completion{}, err
	}
	if len(a.Choices) == 0 {
		return completion{}, agent.Retryf("the answer holds no choice")
	}
	var c completion
	c.openAI(a)
	c.text = contentText(a.Choices[0].Message.Content)
	return c, nil
}

// contentText reads a content that is a text, or a list of parts with texts.
func contentText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(raw, &parts) == nil {
		for _, p := range parts {
			text += p.Text
		}
	}
	return text
}

func (openAI) event(e sse.Event, c *completion, text func(string)) (bool, error) {
	if strings.TrimSpace(e.Data) == "[DONE]" {
		return true, nil
	}
	var a openAIAnswer
	if err := unmarshal([]byte(e.Data), &a); err != nil {
		return false, err
	}
	if err := streamFailure(a.failure); err != nil {
		return false, err
	}
	c.openAI(a)
	if len(a.Choices) > 0 {
		text(a.Choices[0].Delta.Content)
	}
	return false, nil
}
