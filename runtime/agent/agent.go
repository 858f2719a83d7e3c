// Package agent answers the effects by which programs reach agents and models.
//
// A Registry holds agents that a file describes (agents.yaml). It selects them
// by capability and answers tasks; how an agent is called is its Transport, of a
// Kind that whoever makes the registry provides. Around each call stand the
// agent's limits: timeout, retries, circuit breaker, concurrency and rate.
//
// An agent that crashes, is slow or lies about its confidence gives an error
// answer or a sane one, never a crash.
package agent

import (
	"slices"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// Agent is one agent of a registry. Its fields do not change once it is in one.
type Agent struct {
	ID           string
	Name         string
	Capabilities []string // AnyCapability stands for all
	Expertise    float64  // in [0, 1]
	Region       string
	Historical   float64 // confidence it had so far, in [0, 1]
	Kind         string  // name of its transport's kind
	Transport    Transport

	identity effect.Identity
	self     value.Value // what Value returns
	guard    *Guard      // nil for an agent without limits
	trust    *trust      // nil: the confidence is what the reply states
}

// AnyCapability is the capability of an agent that can be asked for everything.
const AnyCapability = "*"

// Value is the agent as programs see it.
func (a *Agent) Value() value.Value { return a.self }

// remember makes what all uses of the agent share.
func (a *Agent) remember() {
	a.identity = effect.NewIdentity(a.ID, a.Name, a.Capabilities, a.Expertise)
	a.self = value.Freeze(value.NewObject(nil, agentShape, []value.Value{a.identity.ID, a.identity.Name, a.identity.Capabilities,
		a.identity.Expertise, value.Num(a.Historical), value.Str(a.Region)}).Value())
}

var agentShape = value.NewShape("id", "name", "capabilities", "expertise", "historicalConfidence", "region")

// has reports whether the agent has all of the capabilities.
func (a *Agent) has(caps []string) bool {
	for _, c := range caps {
		if !slices.Contains(a.Capabilities, c) {
			return slices.Contains(a.Capabilities, AnyCapability)
		}
	}
	return true
}

func (a *Agent) named(names []string) bool {
	return slices.Contains(names, a.Name) || slices.Contains(names, a.ID)
}

// rank is the place of the first preference that names the agent or one of its
// capabilities.
func (a *Agent) rank(prefer []string) int {
	for i, p := range prefer {
		if a.Name == p || a.ID == p || slices.Contains(a.Capabilities, p) {
			return i
		}
	}
	return len(prefer)
}
