// Package transport lists the ways of calling agents that this module has. Each
// is a package of its own below; a program that wants fewer makes its own list.
package transport

import (
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/a2aagent"
	"github.com/parallaxai/parallax/runtime/agent/transport/builtin"
	"github.com/parallaxai/parallax/runtime/agent/transport/execagent"
	"github.com/parallaxai/parallax/runtime/agent/transport/grpcagent"
	"github.com/parallaxai/parallax/runtime/agent/transport/httpagent"
	"github.com/parallaxai/parallax/runtime/agent/transport/llm"
	"github.com/parallaxai/parallax/runtime/agent/transport/mcpagent"
)

// Options returns what a registry needs to use all of them, and language models.
// A registry has options of its own: its models are shared by its agents.
func Options() agent.Options {
	models := llm.New()
	return agent.Options{Kinds: append(Kinds(), models.Kind()), Models: models.Read}
}

// Kinds returns all ways of calling agents that need nothing from the caller.
func Kinds() []agent.Kind {
	return []agent.Kind{
		a2aagent.Kind(),
		builtin.Kind(),
		execagent.Kind(),
		grpcagent.Kind(),
		httpagent.Kind(),
		mcpagent.Kind(),
	}
}
