package agent_test

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkLoad protects the cost of reading 10,000 agents.
func BenchmarkLoad(b *testing.B) {
	var text strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&text, "- {name: agent%d, capabilities: [judge], result: %d, confidence: 0.8}\n", i, i%3)
	}
	b.ReportAllocs()
	for b.Loop() {
		load(b, text.String())
	}
}
