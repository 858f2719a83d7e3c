package graph

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestLayout: whatever the graph, nodes do not overlap, everything lies in the
// picture, and each edge ends at its nodes.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 18).Draw(t, "nodes")
		g := &Graph{}
		sizes := make([]box, n)
		for i := range n {
			g.Nodes = append(g.Nodes, Node{Label: []string{"x"}})
			sizes[i] = box{w: rapid.Float64Range(60, 300).Draw(t, "w"), h: rapid.Float64Range(30, 90).Draw(t, "h")}
		}
		for range rapid.IntRange(0, 2*n).Draw(t, "edges") {
			g.Edges = append(g.Edges, Edge{From: rapid.IntRange(0, n-1).Draw(t, "from"), To: rapid.IntRange(0, n-1).Draw(t, "to")})
		}
		l := arrange(g, sizes)
		for i, a := range l.boxes {
			if a.x-a.w/2 < 0 || a.y-a.h/2 < 0 || a.x+a.w/2 > l.width || a.y+a.h/2 > l.height {
				t.Fatalf("node %d lies outside: %v of %v x %v", i, a, l.width, l.height)
			}
			for k, b := range l.boxes[:i] {
				if math.Abs(a.x-b.x) < (a.w+b.w)/2-1e-6 && math.Abs(a.y-b.y) < (a.h+b.h)/2-1e-6 {
					t.Fatalf("nodes %d and %d overlap: %v and %v", i, k, a, b)
				}
			}
		}
		for i, e := range g.Edges {
			line := l.lines[i]
			if len(line) < 2 {
				t.Fatalf("edge %d has %d points", i, len(line))
			}
			touches := func(p point, b box) bool {
				return math.Abs(p.x-b.x) <= b.w/2+1e-6 && math.Abs(p.y-b.y) <= b.h/2+1e-6
			}
			if !touches(line[0], l.boxes[e.From]) || !touches(line[len(line)-1], l.boxes[e.To]) {
				t.Fatalf("edge %d from %d to %d does not touch them: %v", i, e.From, e.To, line)
			}
			for _, p := range line {
				if p.x < 0 || p.x > l.width || p.y < 0 || p.y > l.height {
					t.Fatalf("edge %d leaves the picture at %v", i, p)
				}
			}
		}
	})
}
