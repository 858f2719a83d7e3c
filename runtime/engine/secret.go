package engine

import (
	"encoding/json"
	"strings"
)

// redacted stands where a secret stood.
const redacted = "[redacted]"

// redactor takes the secrets of an input out of what is written down; nil when
// there are none.
type redactor struct{ replacer *strings.Replacer }

// redactSecrets makes a redactor of the texts of secrets. In JSON a text has
// another spelling.
func redactSecrets(secrets []string) *redactor {
	if len(secrets) == 0 {
		return nil
	}
	var pairs []string
	for _, s := range secrets {
		pairs = append(pairs, s, redacted)
		if j, err := json.Marshal(s); err == nil { // strings always have JSON
			if inner := string(j[1 : len(j)-1]); inner != s {
				pairs = append(pairs, inner, redacted)
			}
		}
	}
	return &redactor{strings.NewReplacer(pairs...)}
}

func (r *redactor) text(s string) string {
	if r == nil {
		return s
	}
	return r.replacer.Replace(s)
}

// json takes secrets out of encoded data. A number that is a secret leaves a
// string behind, so that the data stays JSON.
func (r *redactor) json(raw json.RawMessage) json.RawMessage {
	if r == nil || raw == nil {
		return raw
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return json.RawMessage(`"` + redacted + `"`)
	}
	out, err := json.Marshal(r.any(v))
	if err != nil {
		return json.RawMessage(`"` + redacted + `"`)
	}
	return out
}

// any returns data without secrets; what it was given is not changed.
func (r *redactor) any(v any) any {
	switch v := v.(type) {
	case string:
		return r.text(v)
	case float64:
		text, err := json.Marshal(v)
		if err == nil && r.replacer.Replace(string(text)) == redacted {
			return redacted
		}
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = r.any(e)
		}
		return out
	case []string:
		out := make([]string, len(v))
		for i, e := range v {
			out[i] = r.text(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[r.text(k)] = r.any(e)
		}
		return out
	case json.RawMessage:
		return r.json(v)
	case *Error:
		return r.error(v)
	}
	return v
}

func (r *redactor) error(e *Error) *Error {
	if r == nil || e == nil {
		return e
	}
	out := *e
	out.Message, out.Hint = r.text(e.Message), r.text(e.Hint)
	return &out
}
