package httpagent

import (
	"errors"
	"io"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/sse"
	"github.com/parallaxai/parallax/runtime/value"
)

// events reads an answer that comes as a stream.
func (c *client) events(body io.Reader, t agent.Task) (agent.Reply, error) {
	r := sse.NewReader(body, c.limit)
	for {
		e, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return agent.Reply{}, agent.Retryf("the stream ended without a result")
		case errors.Is(err, sse.ErrTooLong):
			return agent.Reply{}, agent.Failf("%w", err)
		case err != nil:
			return agent.Reply{}, agent.Retryf("the stream broke off: %w", err)
		}
		switch e.Type {
		case "result":
			return c.reply([]byte(e.Data))
		case "error":
			return agent.Reply{}, eventError(e.Data)
		case "partial", "progress":
			if p, ok := agent.PartialOf(e.Data); ok && t.Partial != nil {
				t.Partial(p)
			}
		}
	}
}

// eventError reads the data of an error event: JSON or text.
func eventError(data string) error {
	if v, err := value.FromJSON([]byte(data)); err == nil {
		if told := agent.ErrorOf(v); told != nil {
			return told
		}
	}
	return agent.Failf("%s", agent.Shorten(data))
}
