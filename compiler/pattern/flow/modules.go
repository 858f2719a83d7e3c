package flow

import (
	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
)

func (c *compiler) patternOf(n *document.Node, what string) ast.Expr { return tree.Null(n.Span) }
