// Package content makes replies of results in protocols that have no place for a
// confidence of their own.
package content

import (
	"encoding/json"
	"strings"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/value"
)

// Parse says what is done with results that are texts.
type Parse string

const (
	Auto   Parse = "auto"   // an object or array in JSON is read, anything else is text
	Always Parse = "always" // it has to be JSON
	Never  Parse = "never"
)

// ReadParse reads the key "parse".
func ReadParse(b *settings.Block) Parse {
	return Parse(b.OneOf("parse", string(Auto), string(Auto), string(Always), string(Never)))
}

// Of takes an object with a result or value for a whole reply, see
// agent.DecodeReply; of other objects only the field confidence is read, and the
// object is the result.
func Of(v value.Value) (agent.Reply, error) {
	r := agent.Reply{Result: v}
	if v.Kind() != value.ObjectKind {
		return r, nil
	}
	for _, key := range [...]string{"result", "value"} {
		if _, ok := v.AsObject().Get(key); ok {
			return agent.ReplyOf(v)
		}
	}
	r.Confidence, _ = v.AsObject().Get("confidence")
	return r, nil
}

// Text is Of for a text.
func (p Parse) Text(text string) (agent.Reply, error) {
	if p == Never || p == Auto && !looksLikeJSON(text) {
		return agent.Reply{Result: value.Str(text)}, nil
	}
	v, err := value.FromJSON([]byte(text))
	switch {
	case err == nil:
		return Of(v)
	case p == Always:
		return agent.Reply{}, agent.Failf("the text is no JSON: %w", err)
	}
	return agent.Reply{Result: value.Str(text)}, nil
}

func looksLikeJSON(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
}

// FromGo converts what an SDK has decoded from JSON.
func FromGo(x any) (value.Value, error) {
	text, err := json.Marshal(x)
	if err != nil {
		return value.NullValue, err
	}
	return value.FromJSON(text)
}
