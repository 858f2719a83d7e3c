package engine

import (
	"encoding/json"

	"github.com/parallaxai/parallax/runtime/value"
)

// jsonOf prints what a program attached to something; null when it can't be.
func jsonOf(v value.Value) json.RawMessage {
	j, err := value.ToJSON(v, "")
	if err != nil {
		return json.RawMessage("null")
	}
	return j.Text
}
