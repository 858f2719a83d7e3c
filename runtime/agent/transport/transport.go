// Package transport lists the ways of calling agents that this module has. Each
// is a package of its own below; a program that wants fewer makes its own list.
package transport

import (
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/builtin"
	"github.com/parallaxai/parallax/runtime/agent/transport/execagent"
	"github.com/parallaxai/parallax/runtime/agent/transport/httpagent"
	"github.com/parallaxai/parallax/runtime/agent/transport/mcpagent"
)

// Kinds returns all ways of calling agents that need nothing from the caller.
func Kinds() []agent.Kind {
	return []agent.Kind{
		builtin.Kind(),
		execagent.Kind(),
		httpagent.Kind(),
		mcpagent.Kind(),
	}
}
