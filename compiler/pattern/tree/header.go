package tree

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/prism/ast"
)

// Header collects the entries of a pattern header.
type Header struct{ h ast.Header }

// NewHeader returns a header without entries, which stands at the beginning of
// the document.
func NewHeader(root *document.Node) *Header {
	return &Header{ast.Header{Span: root.First()}}
}

// Header returns the finished header.
func (h *Header) Header() *ast.Header { return &h.h }

// Text adds an entry that is text; line breaks in it become blanks, and what would
// begin another entry or end the comment is written with a look-alike.
func (h *Header) Text(e *document.Entry, key, text string) {
	h.add(e, key, strings.Join(strings.Fields(strings.NewReplacer("@", "\uFF20", "*/", "* /").Replace(text)), " "))
}

// JSON adds an entry that is data.
func (h *Header) JSON(e *document.Entry, key string, data any) { h.add(e, key, JSON(data)) }

// JSON is data as JSON on one line that can stand in a header: no text in it
// begins another entry or ends the comment. NaN and infinities, which JSON has no
// words for, make it null.
func JSON(data any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(data); err != nil {
		return "null"
	}
	return strings.NewReplacer("*/", `*\/`, "@", `\u0040`).Replace(strings.TrimSpace(b.String()))
}

func (h *Header) add(e *document.Entry, key, value string) {
	h.h.Entries = append(h.h.Entries, ast.HeaderEntry{Span: e.Key.Span.To(e.Value.Span), Key: key, Value: value, ValueSpan: e.Value.Span})
}
