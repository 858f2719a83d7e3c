//go:build interop

package mcpagent_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/value"
)

// The reference server of the protocol, with a feature for everything that there
// is. It is installed once, outside of the source tree.
const (
	everything        = "@modelcontextprotocol/server-everything"
	everythingVersion = "2026.8.31"
)

// install returns the main file of the reference server. It needs node and npm,
// which .ci/run provides.
func install(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, "parallax", "interop", "server-everything-"+everythingVersion)
	main := filepath.Join(dir, "node_modules", filepath.FromSlash(everything), "dist", "index.js")
	if _, err := os.Stat(main); err == nil {
		return main
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	// Beside its place first, so that a broken installation is never taken for one.
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "install-*")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(fresh)
	npm := exec.Command("npm", "install", "--prefix", fresh, "--no-audit", "--no-fund", "--ignore-scripts", everything+"@"+everythingVersion)
	if out, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("install %s: %v\n%s", everything, err, out)
	}
	if err := os.Rename(fresh, dir); err != nil {
		if _, other := os.Stat(main); other != nil {
			t.Fatal(err)
		}
	}
	return main
}

// TestEverything calls tools of the reference server over both transports.
func TestEverything(t *testing.T) {
	main := install(t)
	t.Run("stdio", func(t *testing.T) {
		callEverything(t, fmt.Sprintf("command: [node, %s, stdio]", strconv.Quote(main)))
	})
	t.Run("http", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("node", main, "streamableHttp")
		cmd.Env = append(os.Environ(), fmt.Sprint("PORT=", port))
		lines := &ready{text: "listening on port", found: make(chan struct{})}
		cmd.Stderr = lines
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		})
		select {
		case <-lines.found:
		case <-time.After(patience):
			t.Fatalf("the server does not begin: %s", lines.all)
		}
		callEverything(t, fmt.Sprintf("url: 'http://127.0.0.1:%d/mcp'", port))
	})
}

// ready tells when a text has been written.
type ready struct {
	text  string
	all   string
	found chan struct{}
	done  bool
}

func (r *ready) Write(p []byte) (int, error) {
	if r.all += string(p); !r.done && strings.Contains(r.all, r.text) {
		r.done = true
		close(r.found)
	}
	return len(p), nil
}

func callEverything(t *testing.T, where string) {
	tests := []struct{ block, data, want, failure string }{
		{"tool: echo", `"hello"`, `"Echo: hello"`, ""},
		{"tool: get-sum", `{"a": 19, "b": 23}`, `"The sum of 19 and 23 is 42."`, ""},
		{"tool: get-sum", `{"a": "x", "b": 1}`, "", "expected number"},
		{"tool: get-structured-content, arguments: {location: '${input.city}'}", `{"city": "Chicago"}`,
			`{ conditions: "Light rain / drizzle", humidity: 82, temperature: 36 }`, ""},
		{"tool: no-such-tool", `{}`, "", `has no tool "no-such-tool"; its tools are echo`},
	}
	for _, tt := range tests {
		t.Run(tt.block, func(t *testing.T) {
			rep, err := transportOf(t, where+", "+tt.block).Call(within(t, patience), agent.Task{ID: "1", Data: data(t, tt.data)})
			switch {
			case tt.failure != "":
				if err == nil || !strings.Contains(err.Error(), tt.failure) {
					t.Errorf("got %v and %v, want the error %q", value.Inspect(rep.Result), err, tt.failure)
				}
			case err != nil:
				t.Error(err)
			default:
				if diff := cmp.Diff(tt.want, value.Inspect(rep.Result)); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	t.Run("picture", func(t *testing.T) {
		rep, err := transportOf(t, where+", tool: get-tiny-image").Call(within(t, patience), agent.Task{ID: "1"})
		if err != nil {
			t.Fatal(err)
		}
		if got := value.Inspect(rep.Result); !strings.Contains(got, `mimeType: "image/png"`) {
			t.Error(got)
		}
	})
	t.Run("progress", func(t *testing.T) {
		var notes []float64
		_, err := transportOf(t, where+", tool: trigger-long-running-operation").Call(within(t, patience), agent.Task{ID: "1", Attempt: 1,
			Data: data(t, `{"duration": 1, "steps": 2}`), Partial: func(p agent.Partial) { notes = append(notes, p.Percent) }})
		if err != nil {
			t.Fatal(err)
		}
		// The last notification may come after the result, and then is of no use.
		if len(notes) == 0 || notes[0] != 50 {
			t.Errorf("progress %v", notes)
		}
	})
}
