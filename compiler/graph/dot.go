package graph

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

var dotShapes = map[Kind]string{
	Start: "oval", End: "oval", Failure: "octagon", Agents: "parallelogram", Task: "box", Model: "component", Person: "note",
	Aggregate: "hexagon", Decision: "diamond", Fork: "trapezium", Repeat: "box", Step: "box", Handover: "invtrapezium",
}

// DOT writes the graph in the language of Graphviz.
func (g *Graph) DOT(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "digraph %s {\n  node [fontname=\"Helvetica\", fontsize=11];\n  edge [fontname=\"Helvetica\", fontsize=10];\n", dotText(g.Title))
	for _, n := range g.Nodes {
		style := ""
		if n.Kind == Repeat {
			style = ", style=rounded"
		}
		fmt.Fprintf(b, "  %s [shape=%s%s, label=%s];\n", n.ID, dotShapes[n.Kind], style, dotText(n.Label...))
	}
	for _, e := range g.Edges {
		var attrs []string
		if e.Label != "" {
			attrs = append(attrs, "label="+dotText(e.Label))
		}
		if e.Dashed {
			attrs = append(attrs, "style=dashed")
		}
		text := ""
		if len(attrs) > 0 {
			text = " [" + strings.Join(attrs, ", ") + "]"
		}
		fmt.Fprintf(b, "  %s -> %s%s;\n", g.Nodes[e.From].ID, g.Nodes[e.To].ID, text)
	}
	b.WriteString("}\n")
	return b.Flush()
}

// dotText quotes lines as one string.
func dotText(lines ...string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\r", " ")
	for i, l := range lines {
		lines[i] = escape.Replace(l)
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}
