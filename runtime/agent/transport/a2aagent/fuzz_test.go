package a2aagent

import (
	"bytes"
	"testing"

	"github.com/a2aproject/a2a-go/a2a"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/content"
	"github.com/parallaxai/parallax/runtime/value"
)

// FuzzEvents checks that no sequence of events, one a line, makes the follower
// panic, and that what it accepts is data.
func FuzzEvents(f *testing.F) {
	for _, seed := range []string{
		`{"kind": "message", "messageId": "1", "role": "agent", "parts": [{"kind": "text", "text": "[1]"}]}`,
		`{"kind": "task", "id": "1", "contextId": "c", "status": {"state": "working"}}
{"kind": "artifact-update", "taskId": "1", "artifact": {"artifactId": "a", "parts": [{"kind": "text", "text": "x"}]}}
{"kind": "artifact-update", "taskId": "1", "append": true, "artifact": {"artifactId": "a", "parts": [{"kind": "data", "data": {"result": 1}}]}}
{"kind": "status-update", "taskId": "1", "final": true, "status": {"state": "completed"}}`,
		`{"kind": "task", "id": "1", "status": {"state": "completed"}, "artifacts": [null, {"parts": [null]}], "metadata": {"confidence": "x"}}`,
		`{"kind": "artifact-update", "taskId": "1"}
{"kind": "status-update", "taskId": "1", "status": {"state": "dancing", "message": null}}`,
		`{"kind": "message", "parts": [{"kind": "file", "file": {"bytes": "AQ==", "mimeType": "x"}}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		told := 0
		fo := &follower{task: agent.Task{Partial: func(agent.Partial) { told++ }}}
		for line := range bytes.Lines(text) {
			e, err := a2a.UnmarshalEventJSON(bytes.TrimSpace(line))
			if err != nil {
				continue
			}
			fo.see(e)
		}
		if fo.unfinished() {
			return
		}
		r, err := fo.reply(content.Auto)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without a message")
			}
			return
		}
		if _, err := value.ToJSON(r.Result, ""); err != nil {
			t.Error(err)
		}
	})
}
