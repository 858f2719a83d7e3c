package graph

import (
	"cmp"
	"slices"
)

// The layout is that of Sugiyama, Tagawa and Toda (1981) in its simple form:
// edges against the flow are turned around, nodes get the layer of the longest
// way to them, long edges get a point in each layer between, layers are sorted by
// the barycentres of their neighbours, and places follow from neighbours and the
// room that nodes need. A library for it would bring a WebAssembly machine
// (go-graphviz) or a JavaScript one (d2); graphs of patterns have tens of nodes.

// point is a place in the picture, in pixels.
type point struct{ x, y float64 }

// box is where a node is drawn: its centre and size.
type box struct{ x, y, w, h float64 }

// layout is where everything is drawn.
type layout struct {
	boxes         []box     // of nodes
	lines         [][]point // of edges, from their beginning to their end
	width, height float64
}

const (
	gapX  = 36.0 // between neighbours
	gapY  = 46.0 // between layers
	edgeX = 26.0 // room of an edge that passes a layer
)

// vertex is a node, or the point of an edge in a layer.
type vertex struct {
	node       int // -1 for a point of an edge
	layer      int
	w, h       float64
	x          float64
	up, down   []int // neighbours in the layers above and below
	discovered int
}

// arrange computes the layout for nodes of given sizes.
func arrange(g *Graph, sizes []box) *layout {
	turned := g.backward()
	layers := g.layers(turned)
	var vs []vertex
	for i := range g.Nodes {
		vs = append(vs, vertex{node: i, layer: layers[i], w: sizes[i].w, h: sizes[i].h, discovered: i})
	}
	chains := make([][]int, len(g.Edges))
	for i, e := range g.Edges {
		from, to := e.From, e.To
		if turned[i] {
			from, to = to, from
		}
		if from == to {
			chains[i] = []int{from}
			continue
		}
		chain := []int{from}
		for l := layers[from] + 1; l < layers[to]; l++ {
			vs = append(vs, vertex{node: -1, layer: l, w: edgeX, discovered: from})
			chain = append(chain, len(vs)-1)
		}
		chain = append(chain, to)
		for k := 0; k+1 < len(chain); k++ {
			vs[chain[k]].down = append(vs[chain[k]].down, chain[k+1])
			vs[chain[k+1]].up = append(vs[chain[k+1]].up, chain[k])
		}
		chains[i] = chain
	}
	rows := order(vs)
	place(vs, rows)
	return finish(g, vs, rows, chains, turned)
}

// backward tells which edges lead back to a node on the way from the first one.
func (g *Graph) backward() []bool {
	out := make([][]int, len(g.Nodes)) // edges by their beginning
	for i, e := range g.Edges {
		out[e.From] = append(out[e.From], i)
	}
	turned := make([]bool, len(g.Edges))
	state := make([]uint8, len(g.Nodes)) // 1 on the way, 2 done
	var visit func(int)
	visit = func(n int) {
		state[n] = 1
		for _, i := range out[n] {
			switch to := g.Edges[i].To; state[to] {
			case 0:
				visit(to)
			case 1:
				turned[i] = true
			}
		}
		state[n] = 2
	}
	for n := range g.Nodes {
		if state[n] == 0 {
			visit(n)
		}
	}
	return turned
}

// layers gives each node the length of the longest way to it.
func (g *Graph) layers(turned []bool) []int {
	layer := make([]int, len(g.Nodes))
	for range g.Nodes {
		changed := false
		for i, e := range g.Edges {
			from, to := e.From, e.To
			if turned[i] {
				from, to = to, from
			}
			if from != to && layer[to] < layer[from]+1 {
				layer[to] = layer[from] + 1
				changed = true
			}
		}
		if !changed {
			break
		}
	}
	return layer
}

// order sorts the layers so that edges cross little.
func order(vs []vertex) [][]int {
	var rows [][]int
	for i := range vs {
		for vs[i].layer >= len(rows) {
			rows = append(rows, nil)
		}
		rows[vs[i].layer] = append(rows[vs[i].layer], i)
	}
	pos := make([]float64, len(vs))
	number := func(row []int) {
		for k, v := range row {
			pos[v] = float64(k)
		}
	}
	for _, row := range rows {
		slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(vs[a].discovered, vs[b].discovered) })
		number(row)
	}
	best, fewest := snapshot(rows), crossings(vs, rows, pos)
	for round := range 12 {
		down := round%2 == 0
		for k := range rows {
			row := rows[k]
			if !down {
				row = rows[len(rows)-1-k]
			}
			centre := make(map[int]float64, len(row))
			for _, v := range row {
				near := vs[v].up
				if !down {
					near = vs[v].down
				}
				centre[v] = pos[v]
				if len(near) > 0 {
					sum := 0.0
					for _, n := range near {
						sum += pos[n]
					}
					centre[v] = sum / float64(len(near))
				}
			}
			slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(centre[a], centre[b]) })
			number(row)
		}
		if n := crossings(vs, rows, pos); n < fewest {
			best, fewest = snapshot(rows), n
		}
	}
	return best
}

func snapshot(rows [][]int) [][]int {
	out := make([][]int, len(rows))
	for i, r := range rows {
		out[i] = slices.Clone(r)
	}
	return out
}

// crossings counts pairs of edges between layers that cross.
func crossings(vs []vertex, rows [][]int, pos []float64) int {
	n := 0
	for _, row := range rows {
		type line struct{ a, b float64 }
		var lines []line
		for _, v := range row {
			for _, d := range vs[v].down {
				lines = append(lines, line{pos[v], pos[d]})
			}
		}
		for i, l := range lines {
			for _, m := range lines[i+1:] {
				if (l.a-m.a)*(l.b-m.b) < 0 {
					n++
				}
			}
		}
	}
	return n
}

// place gives each vertex its x: the mean of its neighbours as far as there is
// room, in alternating directions.
func place(vs []vertex, rows [][]int) {
	for _, row := range rows {
		x := 0.0
		for _, v := range row {
			vs[v].x = x + vs[v].w/2
			x += vs[v].w + gapX
		}
		for _, v := range row {
			vs[v].x -= x / 2
		}
	}
	for round := range 24 {
		down := round%2 == 0
		for k := range rows {
			row := rows[k]
			if !down {
				row = rows[len(rows)-1-k]
			}
			want := make([]float64, len(row))
			for i, v := range row {
				near := vs[v].up
				if !down {
					near = vs[v].down
				}
				want[i] = vs[v].x
				if len(near) > 0 {
					sum := 0.0
					for _, n := range near {
						sum += vs[n].x
					}
					want[i] = sum / float64(len(near))
				}
			}
			spread(vs, row, want)
		}
	}
}

// spread moves the vertices of a layer to where they want to be, keeping their
// order and distances: the mean of pushing to the right and pushing to the left.
func spread(vs []vertex, row []int, want []float64) {
	n := len(row)
	right, left := make([]float64, n), make([]float64, n)
	distance := func(a, b int) float64 { return (vs[row[a]].w+vs[row[b]].w)/2 + gapX }
	for i := range row {
		right[i] = want[i]
		if i > 0 {
			right[i] = max(right[i], right[i-1]+distance(i-1, i))
		}
	}
	for i := n - 1; i >= 0; i-- {
		left[i] = want[i]
		if i < n-1 {
			left[i] = min(left[i], left[i+1]-distance(i, i+1))
		}
	}
	for i, v := range row {
		vs[v].x = (right[i] + left[i]) / 2
	}
}

// finish turns places into coordinates of the picture.
func finish(g *Graph, vs []vertex, rows [][]int, chains [][]int, turned []bool) *layout {
	const margin = 24
	least, most := 0.0, 0.0
	for _, v := range vs {
		least, most = min(least, v.x-v.w/2), max(most, v.x+v.w/2)
	}
	l := &layout{boxes: make([]box, len(g.Nodes)), lines: make([][]point, len(g.Edges)), width: most - least + 2*margin}
	ys := make([]float64, len(rows))
	heights := make([]float64, len(rows))
	y := float64(margin)
	for i, row := range rows {
		for _, v := range row {
			heights[i] = max(heights[i], vs[v].h)
		}
		ys[i] = y + heights[i]/2
		y += heights[i] + gapY
	}
	l.height = y - gapY + margin
	for _, v := range vs {
		if v.node >= 0 {
			l.boxes[v.node] = box{v.x - least + margin, ys[v.layer], v.w, v.h}
		}
	}
	for i, chain := range chains {
		if len(chain) == 1 { // back to itself
			b := l.boxes[chain[0]]
			r := b.x + b.w/2
			l.lines[i] = []point{{r, b.y - 6}, {r + 22, b.y - 14}, {r + 22, b.y + 14}, {r, b.y + 6}}
			l.width = max(l.width, r+22+margin)
			continue
		}
		var line []point
		for k, v := range chain {
			x := vs[v].x - least + margin
			mid := ys[vs[v].layer]
			switch {
			case k == 0:
				line = append(line, point{x, mid + vs[v].h/2})
			case k == len(chain)-1:
				line = append(line, point{x, mid - vs[v].h/2})
			default:
				h := heights[vs[v].layer] / 2
				line = append(line, point{x, mid - h}, point{x, mid + h})
			}
		}
		if turned[i] { // beside the edge that leads down
			shift := min(18, l.boxes[chain[0]].w/4, l.boxes[chain[len(chain)-1]].w/4)
			line[0].x += shift
			line[len(line)-1].x += shift
			slices.Reverse(line)
		}
		l.lines[i] = line
	}
	return l
}
