package mcpagent

import (
	"encoding/json"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/content"
	"github.com/parallaxai/parallax/runtime/value"
)

// FuzzResult checks that no result and no schema of a tool makes the reader
// panic, and that what it accepts is data.
func FuzzResult(f *testing.F) {
	for _, seed := range []string{
		`{"content": [{"type": "text", "text": "{\"result\": 1, \"confidence\": 2}"}]}`,
		`{"content": [{"type": "image", "data": "AQ==", "mimeType": "x"}, {"type": "text", "text": "a"}]}`,
		`{"content": [], "structuredContent": {"result": null, "error": {"message": 1}}, "isError": true}`,
		`{"content": [{"type": "resource", "resource": {"uri": "x", "text": "y"}}]}`,
		`{"structuredContent": [1, {"confidence": "high"}]}`,
		`{"resultType": "input_required", "content": null}`,
	} {
		f.Add([]byte(seed), []byte(`{"properties": {"a": {}}, "required": ["a"], "additionalProperties": false}`))
	}
	f.Fuzz(func(t *testing.T, result, schema []byte) {
		c := &client{parse: content.Auto}
		var s any
		if json.Unmarshal(schema, &s) == nil {
			for _, data := range []value.Value{value.NullValue, value.Str("x"), value.ObjectOf([]string{"a"}, []value.Value{value.Num(1)}).Value()} {
				if args, err := c.arguments(&mcp.Tool{Name: "t", InputSchema: s}, agent.Task{Data: data}); err == nil && !json.Valid(args) {
					t.Errorf("arguments %q", args)
				}
			}
		}
		var res mcp.CallToolResult
		if json.Unmarshal(result, &res) != nil {
			return
		}
		if r, err := c.reply(&res); err == nil {
			if _, err := value.ToJSON(r.Result, ""); err != nil {
				t.Error(err)
			}
		} else if err.Error() == "" {
			t.Error("an error without a message")
		}
	})
}
