package graph

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// mermaidShapes are what stands around the label of a node.
var mermaidShapes = map[Kind][2]string{
	Start: {"([", "])"}, End: {"([", "])"}, Failure: {"[[", "]]"}, Agents: {"[/", "/]"}, Task: {"[", "]"}, Model: {"[[", "]]"},
	Person: {">", "]"}, Aggregate: {"{{", "}}"}, Decision: {"{", "}"}, Fork: {"[", "]"}, Repeat: {"(", ")"}, Step: {"[", "]"},
	Handover: {"[\\", "\\]"},
}

// Mermaid writes the graph as a Mermaid flowchart.
func (g *Graph) Mermaid(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "---\ntitle: %q\n---\nflowchart TD\n", mermaidText(g.Title))
	for _, n := range g.Nodes {
		lines := make([]string, len(n.Label))
		for i, l := range n.Label {
			lines[i] = mermaidText(l)
		}
		shape := mermaidShapes[n.Kind]
		fmt.Fprintf(b, "  %s%s\"%s\"%s\n", n.ID, shape[0], strings.Join(lines, "<br/>"), shape[1])
	}
	for _, e := range g.Edges {
		arrow := "-->"
		if e.Dashed {
			arrow = "-.->"
		}
		if e.Label != "" {
			arrow += fmt.Sprintf("|\"%s\"|", mermaidText(e.Label))
		}
		fmt.Fprintf(b, "  %s %s %s\n", g.Nodes[e.From].ID, arrow, g.Nodes[e.To].ID)
	}
	return b.Flush()
}

// mermaidText writes characters with a meaning in Mermaid or HTML as entities.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '<' || r == '>' || r == '&' || r == '#' || r == '`' || r == ';' || r == '\\':
			fmt.Fprintf(&b, "#%d;", r)
		case r < ' ':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
