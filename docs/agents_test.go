package docs_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport"
	"github.com/parallaxai/parallax/runtime/agent/transport/prism"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
)

// services are the addresses that samples use, with what answers there.
var services = map[string]http.HandlerFunc{
	"http://localhost:8080":  reader,
	"http://localhost:11434": model,
}

// loadAgents makes the agents of a sample. Files are those of testdata.
func loadAgents(t *testing.T, text string) *agent.Registry {
	t.Helper()
	for address, h := range services {
		if strings.Contains(text, address) {
			s := httptest.NewServer(h)
			t.Cleanup(s.Close)
			text = strings.ReplaceAll(text, address, s.URL)
		}
	}
	r := &agent.Registry{}
	opts := transport.Options()
	opts.Dir = "testdata"
	opts.Kinds = append(opts.Kinds, prism.Kind(prism.Host{Compile: compile, Handlers: r.Handlers}))
	if list := r.Read(source.NewFile("agents.yaml", text), opts); list.HasErrors() {
		t.Fatal(list[0])
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func compile(file, pattern string) (*engine.Program, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	res, list := build.Compile(source.NewFile(file, string(text)), build.Options{Pattern: pattern})
	if list.HasErrors() {
		return nil, list[0]
	}
	return engine.Load(res.Program, library.Std())
}

// reader is an agent by HTTP, and at /classify a service of another form.
func reader(w http.ResponseWriter, r *http.Request) {
	var task struct{ Input, Document string }
	if err := json.NewDecoder(r.Body).Decode(&task); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	label := "negative"
	if strings.Contains(task.Input+task.Document, "Lovely") {
		label = "positive"
	}
	if r.URL.Path == "/classify" {
		fmt.Fprintf(w, `{"classes": [{"name": %q, "score": 0.75}]}`, label[:3])
		return
	}
	fmt.Fprintf(w, `{"result": %q, "confidence": 0.9}`, label)
}

// model is a service of OpenAI's form.
func model(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Format any `json:"response_format"`
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	text := "positive"
	if request.Format != nil {
		text = `{"label":"positive"}`
	}
	fmt.Fprintf(w, `{"model": "llama3.2", "choices": [{"message": {"content": %q}, "finish_reason": "stop",
		"logprobs": {"content": [{"token": "positive", "logprob": %v}]}}]}`, text, math.Log(0.8))
}

// TestFiles: files that the documentation shows are those of testdata.
func TestFiles(t *testing.T) {
	doc, err := os.ReadFile("agents.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"words.sh", "polite.prism"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(doc), "\n"+string(text)+"```\n") {
			t.Errorf("agents.md does not show %s as it is", name)
		}
	}
}

// TestAgentFiles: all descriptions of agents can be loaded.
func TestAgentFiles(t *testing.T) {
	doc, err := os.ReadFile("agents.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(doc), "```yaml agents\n")[1:]
	if len(blocks) < 12 {
		t.Errorf("only %d blocks", len(blocks))
	}
	for _, b := range blocks {
		text, _, _ := strings.Cut(b, "```")
		loadAgents(t, text)
	}
}
