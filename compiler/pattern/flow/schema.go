package flow

import (
	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/schema"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/source"
)

// input adds the fields of the input to the header, as a JSON Schema.
func (c *compiler) input(add func(key, value string, at source.Span)) {
	n := c.root.Get("input")
	if s := schema.Input(c.r, n, "input"); s != nil {
		add("input", tree.JSON(s), n.Span)
		c.place("input", c.root.Entry("input").Key.Span)
		for _, e := range n.Entries {
			c.place("input."+e.Key.Text, e.Key.Span)
		}
	}
}

// schema adds the schema of a value to an object, as text.
func (c *compiler) schema(o *object, n *document.Node, what string) {
	if s := schema.Value(c.r, n, what); s != nil {
		o.add("schema", n, tree.Str(n.Span, tree.JSON(s)))
	}
}
