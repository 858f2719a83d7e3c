package graph

import (
	"fmt"
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// Limits of what is drawn.
const (
	maxDepth = 4   // of functions drawn in the place of their calls
	maxNodes = 400 // a graph that is larger says so in its last node
	maxLabel = 44  // code points of a line
)

// exit is an end that is still to be connected.
type exit struct {
	from   int
	label  string
	dashed bool
}

// builder walks a tree along the ways it takes.
type builder struct {
	file   *ast.File
	g      *Graph
	exits  []exit // what leads to the next node; nothing when it can't be reached
	ends   []exit // what leads to the result
	funcs  map[string]*ast.FuncLit
	open   []*ast.FuncLit        // functions that are being drawn
	acting map[*ast.FuncLit]bool // whether functions do anything that is drawn
	tasks  int                   // depth of bodies in which unknown calls are tasks
	full   bool
}

// Build draws a file. The pattern is that to draw, of a file with several; "" is
// the last one. The title is the pattern's name.
func Build(f *ast.File, title, pattern string) *Graph {
	b := &builder{file: f, g: &Graph{Title: title}, funcs: map[string]*ast.FuncLit{}, acting: map[*ast.FuncLit]bool{}}
	b.collect(f.Stmts)
	b.add(Start, source.Span{}, "input")
	b.header()
	main := patternOf(f.Stmts, pattern)
	for _, s := range f.Stmts {
		if _, ok := s.(*ast.PatternDecl); !ok {
			b.stmt(s)
		}
	}
	if main != nil && main.Body != nil {
		b.stmts(main.Body.Stmts)
	}
	b.ends = append(b.ends, b.exits...)
	if len(b.ends) > 0 {
		b.exits = b.ends
		b.add(End, source.Span{}, "result")
	}
	return b.g
}

func patternOf(stmts []ast.Stmt, name string) *ast.PatternDecl {
	var found *ast.PatternDecl
	for _, s := range stmts {
		if e, ok := s.(*ast.Export); ok && e.Decl != nil {
			s = e.Decl
		}
		if p, ok := s.(*ast.PatternDecl); ok && p.Name != nil && (name == "" || p.Name.Name == name) {
			found = p
		}
	}
	return found
}

// collect finds the functions of a file, which are drawn where they are called.
func (b *builder) collect(stmts []ast.Stmt) {
	for _, s := range stmts {
		ast.Walk(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Func != nil && n.Func.Name != nil {
					b.funcs[n.Func.Name.Name] = n.Func
				}
			case *ast.Declarator:
				if p, ok := n.Pattern.(*ast.IdentPattern); ok {
					if f, ok := n.Value.(*ast.FuncLit); ok {
						b.funcs[p.Name.Name] = f
					}
				}
			}
			return true
		})
	}
}

// add makes a node that all open ends lead to, and that is the only open end.
func (b *builder) add(k Kind, at source.Span, lines ...string) int {
	if len(b.g.Nodes) >= maxNodes && k != End {
		if !b.full {
			b.full = true
			b.connect(b.node(Step, source.Span{}, "(the rest is left out)"))
		}
		return len(b.g.Nodes) - 1
	}
	n := b.node(k, at, lines...)
	b.connect(n)
	return n
}

func (b *builder) node(k Kind, at source.Span, lines ...string) int {
	n := Node{ID: fmt.Sprintf("n%d", len(b.g.Nodes)), Kind: k}
	for _, l := range lines {
		if l = shorten(l, maxLabel); l != "" {
			n.Label = append(n.Label, l)
		}
	}
	if n.Label == nil {
		n.Label = []string{k.String()}
	}
	if at.End > at.Start {
		n.Line = b.file.Source.Position(at.Start).Line
	}
	b.g.Nodes = append(b.g.Nodes, n)
	return len(b.g.Nodes) - 1
}

func (b *builder) connect(to int) {
	for _, e := range b.exits {
		b.edge(Edge{From: e.from, To: to, Label: e.label, Dashed: e.dashed})
	}
	b.exits = []exit{{from: to}}
}

func (b *builder) edge(e Edge) {
	e.Label = shorten(e.Label, maxLabel)
	if !b.g.connects(e) {
		b.g.Edges = append(b.g.Edges, e)
	}
}

// way draws one of several ways from a node: f draws it, and what it leaves open
// is added to out.
func (b *builder) way(from int, label string, out *[]exit, f func()) {
	b.exits = []exit{{from: from, label: label}}
	f()
	*out = append(*out, b.exits...)
}

// over ends the way that is being drawn.
func (b *builder) over() { b.exits = nil }

// header draws the agents that the header asks for; they have answered when the
// pattern begins.
func (b *builder) header() {
	if b.file.Header == nil {
		return
	}
	var lines []string
	var at source.Span
	for _, e := range b.file.Header.Entries {
		switch e.Key {
		case "agents":
			at = e.Span
			lines = append([]string{"agents " + capabilities(e.Value)}, lines...)
		case "minAgents":
			at = e.Span
			lines = append(lines, "at least "+strings.TrimSpace(e.Value))
		case "maxAgents":
			lines = append(lines, "at most "+strings.TrimSpace(e.Value))
		}
	}
	if at.End == 0 {
		return
	}
	b.add(Agents, at, lines...)
	if uses(b.file, "agentResults", "successfulResults", "parallax") {
		b.add(Task, at, "ask all of them")
	}
}

func uses(n ast.Node, names ...string) bool {
	found := false
	ast.Walk(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			for _, name := range names {
				found = found || id.Name == name
			}
		}
		return !found
	})
	return found
}

func shorten(s string, limit int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return s
}

// capabilities reads the value of @agents for people: the names in it.
func capabilities(text string) string {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return text
	}
	if i := strings.Index(text, "["); i >= 0 {
		text = text[i+1:]
	}
	if i := strings.Index(text, "]"); i >= 0 {
		text = text[:i]
	}
	return strings.NewReplacer(`"`, "", "{", "", "}", "").Replace(text)
}
