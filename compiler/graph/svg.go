package graph

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
)

// Measures of the picture, in pixels.
const (
	fontSize   = 13.0
	lineHeight = 17.0
	charWidth  = 7.1 // of an average character
	padX, padY = 14.0, 9.0
)

// fills are the colours of nodes: background and border.
var fills = map[Kind][2]string{
	Start: {"#eef1f4", "#6b7682"}, End: {"#eef1f4", "#6b7682"}, Failure: {"#fdecec", "#c0392b"}, Agents: {"#e8f1fc", "#2f6fbf"},
	Task: {"#ffffff", "#2f6fbf"}, Model: {"#f3edfb", "#7a4bc0"}, Person: {"#fff6e0", "#b8860b"}, Aggregate: {"#e6f6ee", "#1f8f5f"},
	Decision: {"#fffbe8", "#a38a1d"}, Fork: {"#e9ecef", "#495057"}, Repeat: {"#f1f3f5", "#495057"}, Step: {"#ffffff", "#868e96"},
	Handover: {"#fff0e6", "#d0631b"},
}

// SVG writes the graph as a picture that needs nothing else. Its text is text:
// it can be searched and read aloud.
func (g *Graph) SVG(w io.Writer) error {
	sizes := make([]box, len(g.Nodes))
	for i, n := range g.Nodes {
		sizes[i] = size(n)
	}
	l := arrange(g, sizes)
	// Labels of edges may stand out on the right.
	for i, e := range g.Edges {
		if e.Label != "" && len(l.lines[i]) > 0 {
			at := labelPlace(l.lines[i])
			l.width = max(l.width, at.x+width(e.Label)/2+24)
		}
	}
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" font-family="Helvetica, Arial, sans-serif" font-size="%s">`+"\n",
		num(l.width), num(l.height), num(l.width), num(l.height), num(fontSize))
	fmt.Fprintf(b, "<title>%s</title>\n", escape(g.Title))
	b.WriteString(`<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#495057"/></marker></defs>` + "\n")
	fmt.Fprintf(b, `<rect width="%s" height="%s" fill="#ffffff"/>`+"\n", num(l.width), num(l.height))
	for i, e := range g.Edges {
		dash := ""
		if e.Dashed {
			dash = ` stroke-dasharray="5 4"`
		}
		fmt.Fprintf(b, `<path d="%s" fill="none" stroke="#495057" stroke-width="1.3"%s marker-end="url(#arrow)"/>`+"\n", curve(l.lines[i]), dash)
	}
	for i, n := range g.Nodes {
		drawNode(b, n, l.boxes[i])
	}
	for i, e := range g.Edges {
		if e.Label == "" {
			continue
		}
		at := labelPlace(l.lines[i])
		fmt.Fprintf(b, `<text x="%s" y="%s" text-anchor="middle" font-size="11" fill="#343a40" stroke="#ffffff" stroke-width="4" paint-order="stroke">%s</text>`+"\n",
			num(at.x), num(at.y), escape(e.Label))
	}
	b.WriteString("</svg>\n")
	return b.Flush()
}

// size is the room that a node needs.
func size(n Node) box {
	w := 0.0
	for _, l := range n.Label {
		w = max(w, width(l))
	}
	w += 2 * padX
	h := float64(len(n.Label))*lineHeight + 2*padY
	switch n.Kind {
	case Decision:
		w, h = w*1.25+20, h*1.35+10
	case Aggregate, Agents, Handover:
		w += 24
	}
	return box{w: math.Ceil(max(w, 60)), h: math.Ceil(h)}
}

// width estimates the width of a text; scripts with wide characters count double.
func width(s string) float64 {
	w := 0.0
	for _, r := range s {
		if r >= 0x1100 {
			w += charWidth
		}
		w += charWidth
	}
	return w
}

// labelPlace is where the label of an edge stands: near its beginning.
func labelPlace(line []point) point {
	a, b := line[0], line[1]
	return point{a.x + (b.x-a.x)*0.45, a.y + (b.y-a.y)*0.45 + 4}
}

// curve draws a line through points with soft bends.
func curve(line []point) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%s %s", num(line[0].x), num(line[0].y))
	for i := 1; i < len(line); i++ {
		p, q := line[i-1], line[i]
		if p.x == q.x {
			fmt.Fprintf(&b, "L%s %s", num(q.x), num(q.y))
			continue
		}
		mid := (p.y + q.y) / 2
		fmt.Fprintf(&b, "C%s %s %s %s %s %s", num(p.x), num(mid), num(q.x), num(mid), num(q.x), num(q.y))
	}
	return b.String()
}

func drawNode(b *bufio.Writer, n Node, at box) {
	fill := fills[n.Kind]
	style := fmt.Sprintf(`fill="%s" stroke="%s" stroke-width="1.4"`, fill[0], fill[1])
	x0, y0, x1, y1 := at.x-at.w/2, at.y-at.h/2, at.x+at.w/2, at.y+at.h/2
	polygon := func(points ...point) {
		parts := make([]string, len(points))
		for i, p := range points {
			parts[i] = num(p.x) + "," + num(p.y)
		}
		fmt.Fprintf(b, `<polygon points="%s" %s/>`+"\n", strings.Join(parts, " "), style)
	}
	rect := func(radius float64) {
		fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s" rx="%s" %s/>`+"\n", num(x0), num(y0), num(at.w), num(at.h), num(radius), style)
	}
	fmt.Fprintf(b, `<g id="%s" class="%s">`+"\n", n.ID, n.Kind)
	const slant = 12
	switch n.Kind {
	case Start, End:
		rect(at.h / 2)
	case Decision:
		polygon(point{at.x, y0}, point{x1, at.y}, point{at.x, y1}, point{x0, at.y})
	case Aggregate:
		polygon(point{x0 + slant, y0}, point{x1 - slant, y0}, point{x1, at.y}, point{x1 - slant, y1}, point{x0 + slant, y1}, point{x0, at.y})
	case Agents:
		polygon(point{x0 + slant, y0}, point{x1, y0}, point{x1 - slant, y1}, point{x0, y1})
	case Handover:
		polygon(point{x0, y0}, point{x1 - slant, y0}, point{x1, at.y}, point{x1 - slant, y1}, point{x0, y1})
	case Repeat:
		rect(12)
	default:
		rect(4)
	}
	y := at.y - float64(len(n.Label)-1)*lineHeight/2 + fontSize*0.35
	for i, l := range n.Label {
		weight := ""
		if i == 0 && len(n.Label) > 1 {
			weight = ` font-weight="bold"`
		}
		fmt.Fprintf(b, `<text x="%s" y="%s" text-anchor="middle" fill="#212529"%s>%s</text>`+"\n", num(at.x), num(y+float64(i)*lineHeight), weight, escape(l))
	}
	b.WriteString("</g>\n")
}

// num prints a coordinate with at most one decimal, the same on all machines.
func num(f float64) string {
	s := fmt.Sprintf("%.1f", math.Round(f*10)/10)
	return strings.TrimSuffix(strings.TrimSuffix(s, ".0"), "-0")
}

// escape writes text for XML; what XML has no way to say is replaced.
func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic("graph: " + err.Error()) // a Builder does not fail
	}
	return b.String()
}
