package agent

import (
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/value"
)

// ReadStandIns reads agents that stand in for others in a test: a list as in a
// file of agents, or a map from names to answers, each an answer as a mock has
// it or, when it is no map, the result itself. What is wrong is reported at its
// node.
func ReadStandIns(n settings.Node, opts Options) []*Agent {
	switch {
	case !n.Exists():
		return nil
	case n.IsList():
		r := &Registry{}
		r.readAgents(n, opts)
		return r.agents
	case !n.IsMap():
		n.Errorf(settings.CodeWrong, "agents is a list of agents, or a map from names to answers")
		return nil
	}
	var out []*Agent
	b := n.Block("agents")
	for _, name := range b.Keys() {
		out = append(out, standIn(name, b.Get(name)))
	}
	return out
}

func standIn(name string, n settings.Node) *Agent {
	a := &Agent{ID: name, Name: name, Expertise: 0.7, Historical: 0.75, Kind: mockName}
	if !n.IsMap() {
		v, err := n.Value()
		if err != nil {
			n.Errorf(settings.CodeWrong, "%v", err)
		}
		a.Transport = &mock{script: []scripted{{Reply: Reply{Result: v}}}}
		return a
	}
	b := n.Block("the answer of " + name)
	a.Capabilities = b.Texts("capabilities")
	a.Expertise = b.Number("expertise", a.Expertise, 0, 1)
	a.Historical = b.Number("historicalConfidence", a.Historical, 0, 1)
	a.Region = b.Text("region")
	a.Transport = openMock(b)
	a.trust = loadTrust(b, true)
	b.Done()
	return a
}

// With returns the agents of r with stand-ins: one with the id or name of an
// agent takes its place, and has its capabilities if it states none; others come
// behind and can be asked for everything if they state none. r stays as it is
// and still owns its transports.
func (r *Registry) With(standIns []*Agent) *Registry {
	out := &Registry{models: r.models}
	used := make([]bool, len(standIns))
	// The last stand-in of a name counts, so that a test can change its mind.
	last := map[string]int{}
	for i, s := range standIns {
		last[s.ID] = i
	}
	for i, s := range standIns {
		used[i] = last[s.ID] != i
	}
	add := func(a *Agent) {
		if err := out.Add(a); err != nil {
			panic("agent: " + err.Error()) // ids are distinct
		}
	}
	for _, a := range r.agents {
		for i, s := range standIns {
			if !used[i] && (s.ID == a.ID || s.Name == a.Name) {
				used[i] = true
				own := *s
				own.ID, own.self = a.ID, value.NullValue
				if own.Capabilities == nil {
					own.Capabilities = a.Capabilities
				}
				a = &own
				break
			}
		}
		add(a)
	}
	for i, s := range standIns {
		if used[i] {
			continue
		}
		own := *s
		own.self = value.NullValue
		if own.Capabilities == nil {
			own.Capabilities = []string{AnyCapability}
		}
		add(&own)
	}
	return out
}

// Models returns what answers llm(); nil when nothing is configured.
func (r *Registry) Models() Models { return r.models }
