package lower_test

import (
	"testing"

	"github.com/parallaxai/parallax/compiler/internal/golden"
)

// TestIR compares the IR that programs are lowered to, before any optimisation.
func TestIR(t *testing.T) {
	golden.Run(t, 25, func(t *testing.T, src string) []golden.Text {
		return []golden.Text{{Name: "ir", Text: golden.IR(t, golden.Compile(t, src, false).IR)}}
	})
}
