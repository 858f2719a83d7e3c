package llm

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/sse"
)

// gemini is the form of POST /v1beta/models/MODEL:generateContent.
type gemini struct{}

func (gemini) prepare(h http.Header, key string) {
	if key != "" {
		h.Set("X-Goog-Api-Key", key)
	}
}
func (gemini) logprobs() bool { return true }

type geminiContent struct {
	Role  string       `json:"role,omitempty"`
	Parts []geminiPart `json:"parts"`
}

type geminiPart struct {
	Text    string `json:"text"`
	Thought bool   `json:"thought,omitempty"`
}

func (gemini) request(_ *provider, q query) (string, any) {
	contents := []geminiContent{}
	for _, m := range q.messages {
		role := "user"
		if m.role == "assistant" {
			role = "model"
		}
		contents = append(contents, geminiContent{role, []geminiPart{{Text: m.text}}})
	}
	config := map[string]any{}
	if q.temperature != nil {
		config["temperature"] = *q.temperature
	}
	if q.maxTokens > 0 {
		config["maxOutputTokens"] = q.maxTokens
	}
	if q.logprobs {
		config["responseLogprobs"] = true
	}
	if q.schema != nil {
		config["responseMimeType"], config["responseJsonSchema"] = "application/json", q.schema
	}
	body := map[string]any{"contents": contents}
	if len(config) > 0 {
		body["generationConfig"] = config
	}
	if q.system != "" {
		body["systemInstruction"] = geminiContent{Parts: []geminiPart{{Text: q.system}}}
	}
	path := "/v1beta/models/" + url.PathEscape(strings.TrimPrefix(q.model, "models/"))
	if q.stream != nil {
		return path + ":streamGenerateContent?alt=sse", body
	}
	return path + ":generateContent", body
}

type geminiAnswer struct {
	failure
	Model      string `json:"modelVersion"`
	Candidates []struct {
		Content        geminiContent `json:"content"`
		FinishReason   string        `json:"finishReason"`
		AvgLogprobs    *float64      `json:"avgLogprobs"`
		LogprobsResult struct {
			Chosen []struct {
				Token   string  `json:"token"`
				Logprob float64 `json:"logProbability"`
			} `json:"chosenCandidates"`
		} `json:"logprobsResult"`
	} `json:"candidates"`
	PromptFeedback struct {
		BlockReason string `json:"blockReason"`
	} `json:"promptFeedback"`
	Usage *struct {
		In       int `json:"promptTokenCount"`
		Out      int `json:"candidatesTokenCount"`
		Thoughts int `json:"thoughtsTokenCount"`
	} `json:"usageMetadata"`
}

// gemini takes an answer, or one event of a stream, and returns its text.
func (c *completion) gemini(a geminiAnswer) (text string) {
	if a.Model != "" {
		c.model = a.Model
	}
	if a.Usage != nil {
		c.usage = agent.Usage{TokensIn: max(a.Usage.In, 0), TokensOut: max(a.Usage.Out, 0) + max(a.Usage.Thoughts, 0)}
	}
	if r := a.PromptFeedback.BlockReason; r != "" {
		c.finish, c.note = refused, "the prompt was blocked: "+r
	}
	if len(a.Candidates) == 0 {
		return ""
	}
	first := a.Candidates[0]
	for _, p := range first.Content.Parts {
		if !p.Thought {
			text += p.Text
		}
	}
	for _, t := range first.LogprobsResult.Chosen {
		c.tokens.add(t.Token, t.Logprob)
	}
	if first.AvgLogprobs != nil && len(first.LogprobsResult.Chosen) == 0 {
		c.tokens = tokens{}
		c.tokens.add("", *first.AvgLogprobs)
	}
	switch r := first.FinishReason; r {
	case "", "STOP", "FINISH_REASON_UNSPECIFIED":
	case "MAX_TOKENS":
		c.finish = cutOff
	default: // SAFETY, RECITATION, ...
		c.finish, c.note = refused, "the answer was stopped: "+r
	}
	return text
}

func (gemini) decode(text []byte) (completion, error) {
	var a geminiAnswer
	if err := unmarshal(text, &a); err != nil {
		return completion{}, err
	}
	if err := streamFailure(a.failure); err != nil {
		return completion{}, err
	}
	var c completion
	c.text = c.gemini(a)
	if len(a.Candidates) == 0 && c.finish == complete {
		return completion{}, agent.Retryf("the answer holds no candidate")
	}
	return c, nil
}

// event reads an event. The last one is the one with a reason to finish.
func (gemini) event(e sse.Event, c *completion, text func(string)) (bool, error) {
	var a geminiAnswer
	if err := unmarshal([]byte(e.Data), &a); err != nil {
		return false, err
	}
	if err := streamFailure(a.failure); err != nil {
		return false, err
	}
	text(c.gemini(a))
	return c.finish == refused || len(a.Candidates) > 0 && a.Candidates[0].FinishReason != "", nil
}
