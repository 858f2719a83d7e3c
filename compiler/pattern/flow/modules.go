package flow

import (
	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// input, schema: placeholder until shared.
func (c *compiler) input(add func(key, value string, at source.Span)) {}

func (c *compiler) schema(o *object, n *document.Node, what string) {}

func (c *compiler) patternOf(n *document.Node, what string) ast.Expr { return tree.Null(n.Span) }
