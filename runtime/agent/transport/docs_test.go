package transport_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport"
	"github.com/parallaxai/parallax/runtime/agent/transport/prism"
	"github.com/parallaxai/parallax/runtime/engine"
)

// TestDocumentation reads the samples of the documentation as files of agents.
func TestDocumentation(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "jury.prism"), []byte("1"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../../docs/agents-protocols.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```yaml\n")[1:]
	if len(blocks) < 4 {
		t.Errorf("only %d samples", len(blocks))
	}
	for _, b := range blocks {
		sample, _, _ := strings.Cut(b, "```")
		sample = strings.ReplaceAll(sample, "tls: {ca: ca.pem, cert: client.pem, key: client.key}", "tls: true")
		r := &agent.Registry{}
		kinds := append(transport.Kinds(), prism.Kind(prism.Host{Handlers: func() map[string]engine.Handler { return nil }}))
		list := r.Read(source.NewFile("agents.yaml", sample), agent.Options{Kinds: kinds, Dir: dir})
		if list.HasErrors() {
			t.Errorf("%v\n%s", list[0], sample)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}
