package transport_test

import (
	"testing"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport"
)

// FuzzSettings checks that no file of agents makes the readers of the transports
// panic: each mistake is a diagnostic.
func FuzzSettings(f *testing.F) {
	for _, seed := range []string{
		"- {name: a, mcp: {command: [x], arguments: {q: '${input.a[0]}'}, env: {A: 'env:B'}, parse: never}}",
		"- {name: a, mcp: {url: 'http://x', headers: {A: b}, bearer: c}, confidence: {from: field, path: a.b}}",
		"- {name: a, a2a: {url: 'https://x', message: '${', stream: 1}}",
		"- {name: a, grpc: {address: x, tls: {insecure: true}, metadata: {1: 2}, maxBytes: 0}}",
		"- {name: a, builtin: {name: regexp, patterns: {a: '('}}}",
		"- {name: a, builtin: {name: json-schema, schema: {$ref: '#/x', type: 3}}}",
		"- {name: a, exec: {command: [], processes: -1}}",
		"- {name: a, http: {url: 'http://x', body: {a: '${x}'}}}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := agent.Load("agents.yaml", text, transport.Kinds()...)
		if err != nil {
			return
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
}
