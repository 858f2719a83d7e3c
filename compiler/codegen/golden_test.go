package codegen_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/internal/golden"
)

// TestBytecode compares the bytecode of programs, beside the IR it is made of.
func TestBytecode(t *testing.T) {
	golden.Run(t, 15, func(t *testing.T, src string) []golden.Text {
		res := golden.Compile(t, src, true)
		var b bytes.Buffer
		if err := bytecode.Disassemble(&b, res.Program); err != nil {
			t.Fatal(err)
		}
		// The start function comes last and only calls the module's body.
		text := b.String()
		text = text[strings.Index(text, "\nfunction ")+1 : strings.LastIndex(text, "\nfunction ")+1]
		return []golden.Text{
			{Name: "ir", Text: golden.IR(t, res.IR)},
			{Name: "bytecode", Text: strings.TrimSpace(text) + "\n"},
		}
	})
}
