// Package graph draws patterns. In comes the syntax tree of a pattern, from Prism
// or from YAML; out goes a Graph of what it does with agents - selecting, asking,
// aggregating, deciding, stepping and jumping - and its text as Mermaid, DOT or
// SVG. What has nothing to do with agents or with the way the pattern takes is
// left out. Nothing is resolved or run: names mean what they usually mean.
//
// The same tree gives the same graph and the same texts, byte for byte.
package graph

// Kind is what a node of a graph is.
type Kind uint8

const (
	Start     Kind = iota // where the input comes in
	End                   // where the result goes out
	Failure               // where the pattern fails
	Agents                // a choice of agents
	Task                  // a question to agents
	Model                 // a question to a language model
	Person                // a question to a person
	Aggregate             // answers become one
	Decision              // a condition, with a way for each outcome
	Fork                  // ways that are taken at the same time
	Repeat                // a loop or retry
	Step                  // any other step
	Handover              // somebody else goes on
)

func (k Kind) String() string {
	return [...]string{"start", "end", "failure", "agents", "task", "model", "person", "aggregate", "decision", "fork", "repeat", "step", "handover"}[k]
}

// Node is a node of a graph.
type Node struct {
	ID    string // "n0", "n1", ... in the order of the source
	Kind  Kind
	Label []string // lines of plain text, at least one
	Line  int      // in the source, 1-based; 0 without
}

// Edge leads from one node to another.
type Edge struct {
	From, To int // indices of nodes
	Label    string
	Dashed   bool // taken only when something failed
}

// Graph is what a pattern does.
type Graph struct {
	Title string
	Nodes []Node
	Edges []Edge
}

// connects reports whether there is an edge like e.
func (g *Graph) connects(e Edge) bool {
	for _, o := range g.Edges {
		if o == e {
			return true
		}
	}
	return false
}
