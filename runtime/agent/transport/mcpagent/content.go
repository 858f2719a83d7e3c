package mcpagent

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/content"
	"github.com/parallaxai/parallax/runtime/value"
)

// arguments makes the tool's arguments. Without a template in the settings an
// object goes in as it is, less what the tool has no property for; anything else
// becomes the one property that the tool demands or has.
func (c *client) arguments(tool *mcp.Tool, t agent.Task) (json.RawMessage, error) {
	var args value.Value
	switch {
	case c.args != nil:
		args = c.args.Fill(t.Object())
	default:
		schema := readSchema(tool.InputSchema)
		data := t.Data.Plain()
		switch {
		case data.Kind() == value.ObjectKind:
			args = schema.restrict(data)
		case data.IsNull() && len(schema.Required) == 0 && len(schema.Properties) == 0:
			args = value.ObjectOf(nil, nil).Value()
		case schema.single() == "":
			return nil, agent.Failf("the tool %s takes %s; say with arguments what they get", tool.Name, schema.list())
		case data.IsNull():
			args = value.ObjectOf([]string{schema.single()}, []value.Value{value.Str(t.Description)}).Value()
		default:
			args = value.ObjectOf([]string{schema.single()}, []value.Value{data}).Value()
		}
	}
	text, err := value.ToJSON(args, "")
	if err != nil {
		return nil, agent.Failf("the task can't be sent: %w", err)
	}
	return text.Text, nil
}

// inputSchema is what matters of the JSON Schema of a tool's arguments.
type inputSchema struct {
	Properties map[string]json.RawMessage `json:"properties"`
	Required   []string                   `json:"required"`
	Additional any                        `json:"additionalProperties"`
}

// readSchema reads a schema as it came; what is none is empty.
func readSchema(raw any) inputSchema {
	var s inputSchema
	if text, err := json.Marshal(raw); err == nil {
		if json.Unmarshal(text, &s) != nil {
			return inputSchema{}
		}
	}
	return s
}

// restrict leaves out what a tool that allows no additional properties would
// refuse.
func (s inputSchema) restrict(data value.Value) value.Value {
	if s.Additional != false || len(s.Properties) == 0 {
		return data
	}
	var keys []string
	var vals []value.Value
	for k, v := range data.AsObject().All() {
		if _, ok := s.Properties[k]; ok {
			keys, vals = append(keys, k), append(vals, v)
		}
	}
	return value.ObjectOf(keys, vals).Value()
}

// single is the one property that is required, or that there is.
func (s inputSchema) single() string {
	if len(s.Required) == 1 {
		return s.Required[0]
	}
	if len(s.Required) == 0 && len(s.Properties) == 1 {
		for name := range s.Properties {
			return name
		}
	}
	return ""
}

func (s inputSchema) list() string {
	if len(s.Required) > 0 {
		return "the arguments " + strings.Join(s.Required, ", ")
	}
	if len(s.Properties) == 0 {
		return "no arguments"
	}
	return fmt.Sprintf("%d arguments", len(s.Properties))
}

// reply reads the result of a tool.
func (c *client) reply(res *mcp.CallToolResult) (agent.Reply, error) {
	if res == nil {
		return agent.Reply{}, agent.Failf("the MCP server sent no result")
	}
	if res.NeedsInput() {
		return agent.Reply{}, agent.Failf("the tool asks for more input, which an agent can't give")
	}
	text, others, err := contents(res.Content)
	if err != nil {
		return agent.Reply{}, err
	}
	if res.IsError {
		if text == "" {
			text = "the tool failed without a message"
		}
		return agent.Reply{}, &agent.Error{Message: agent.Shorten(text)}
	}
	if res.StructuredContent != nil {
		v, err := content.FromGo(res.StructuredContent)
		if err != nil {
			return agent.Reply{}, agent.Failf("the tool's structured content can't be read: %w", err)
		}
		return content.Of(v)
	}
	if len(others) > 0 {
		if text != "" {
			others = append([]value.Value{value.Str(text)}, others...)
		}
		if len(others) == 1 {
			return agent.Reply{Result: others[0]}, nil
		}
		return agent.Reply{Result: value.NewArray(others)}, nil
	}
	return c.parse.Text(text)
}

// contents joins the texts of a result by line feeds and gives anything else as
// objects in the protocol's form.
func contents(list []mcp.Content) (text string, others []value.Value, err error) {
	var texts []string
	for _, item := range list {
		if t, ok := item.(*mcp.TextContent); ok {
			texts = append(texts, t.Text)
			continue
		}
		v, err := content.FromGo(item)
		if err != nil {
			return "", nil, agent.Failf("the tool's content can't be read: %w", err)
		}
		others = append(others, v)
	}
	return strings.Join(texts, "\n"), others, nil
}

// follow asks for progress of a call when somebody wants to know of it. The
// channel is nil otherwise.
func (c *client) follow(params *mcp.CallToolParams, t agent.Task) <-chan agent.Partial {
	if t.Partial == nil {
		return nil
	}
	token := fmt.Sprintf("%s#%d", t.ID, t.Attempt)
	params.SetProgressToken(token)
	ch := make(chan agent.Partial, 16)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tasks[token] = ch
	return ch
}

func (c *client) unfollow(params *mcp.CallToolParams) {
	if token, ok := params.GetProgressToken().(string); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.tasks, token)
	}
}

// progressed passes on what a server tells. Where more comes than is taken, it is
// left out: progress is for people.
func (c *client) progressed(_ context.Context, n *mcp.ProgressNotificationClientRequest) {
	token, _ := n.Params.ProgressToken.(string)
	p := agent.Partial{Note: n.Params.Message}
	if n.Params.Total > 0 && n.Params.Progress >= 0 {
		p.Percent = min(100*n.Params.Progress/n.Params.Total, 100)
	}
	c.mu.Lock()
	ch := c.tasks[token]
	c.mu.Unlock()
	select {
	case ch <- p:
	default:
	}
}
