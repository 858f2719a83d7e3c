package llm

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/runtime/agent/transport/internal/sse"
)

func TestHoldBack(t *testing.T) {
	for text, want := range map[string]string{
		"one\ntwo":                          "one\ntwo",
		"one\nCONFIDENCE: 0.8":              "one",
		"one\n\n**Confidence: 80%**\n":      "one",
		"confidence is high\nsays he":       "confidence is high\nsays he",
		"Confidence: 1\nno, wait\n\nand so": "Confidence: 1\nno, wait\n\nand so",
		"c":                                 "",
		"con\ncord":                         "con\ncord",
		"":                                  "",
	} {
		for size := 1; size < 6; size++ {
			var got strings.Builder
			h := holdBack{pass: func(s string) { got.WriteString(s) }}
			for rest := text; rest != ""; {
				n := min(size, len(rest))
				h.add(rest[:n])
				rest = rest[n:]
			}
			if diff := cmp.Diff(want, got.String()); diff != "" {
				t.Errorf("%q in pieces of %d: %s", text, size, diff)
			}
		}
	}
}

// What is passed on is always the beginning of the text as it is in the end.
func FuzzHoldBack(f *testing.F) {
	f.Add("one two\n\nCONFIDENCE: 0.8\n", uint8(3))
	f.Add("> Confidence: x\n\n c", uint8(1))
	f.Fuzz(func(t *testing.T, text string, size uint8) {
		var got strings.Builder
		h := holdBack{pass: func(s string) { got.WriteString(s) }}
		for rest := text; rest != ""; {
			n := min(int(size%7)+1, len(rest))
			h.add(rest[:n])
			rest = rest[n:]
		}
		if !strings.HasPrefix(text, got.String()) {
			t.Errorf("%q was passed on of %q", got.String(), text)
		}
		answer, _ := splitStated(strings.TrimSpace(text))
		if json.Valid([]byte(unfence(text))) {
			return // an object of an answer and a confidence is no stream of text
		}
		if !strings.HasPrefix(strings.TrimSpace(answer), strings.TrimSpace(got.String())) {
			t.Errorf("%q was passed on, the answer is %q", got.String(), answer)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"choices": [{"message": {"content": "x"}, "logprobs": {"content": [{"token": "x", "logprob": -1e400}]}}]}`,
		`{"content": [{"type": "tool_use", "input": {"a": 1}}], "stop_reason": "max_tokens"}`,
		`{"candidates": [{"content": {"parts": [{"text": "x"}]}, "avgLogprobs": -0.1, "finishReason": "STOP"}]}`,
		`{"error": [1]}`, `{"error": "x"}`, `[]`, `{"type": "message_start", "message": {"usage": {"input_tokens": -5}}}`, "[DONE]",
	} {
		f.Add([]byte(seed))
	}
	s, err := compile(json.RawMessage(`{"type": "object"}`), false)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for name, d := range dialects {
			var c completion
			if _, err := d.event(sse.Event{Data: string(text)}, &c, func(string) {}); err == nil {
				checkCompletion(t, name, c)
			}
			c, err := d.decode(text)
			if err != nil {
				continue
			}
			checkCompletion(t, name, c)
			var a answer
			for _, sc := range []*schema{nil, s, s.withConfidence()} {
				if err := a.accept(c, sc, true); err == nil && a.confidence != nil && math.IsNaN(*a.confidence) {
					t.Errorf("%s: the confidence is no number", name)
				}
			}
		}
		errorText(text)
	})
}

func checkCompletion(t *testing.T, name string, c completion) {
	t.Helper()
	if p := c.tokens.confidence(); p != nil && !(*p >= 0 && *p <= 1) {
		t.Errorf("%s: a probability of %v", name, *p)
	}
	if c.usage.TokensIn < 0 || c.usage.TokensOut < 0 {
		t.Errorf("%s: negative usage %v", name, c.usage)
	}
}
