package graph

import (
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
)

// flow draws run({...}), which is what a pattern in YAML means.
func (b *builder) flow(o *ast.ObjectLit) {
	if steps, ok := prop(o, "steps").(*ast.ArrayLit); ok {
		b.steps(steps)
	} else {
		b.phase(o, "")
	}
	if v, ok := prop(o, "validation").(*ast.ObjectLit); ok {
		b.validation(v)
	}
	if prop(o, "logic") != nil {
		b.add(Step, o.Span, "logic in Prism")
	}
	if f, ok := prop(o, "fallback").(*ast.ObjectLit); ok {
		b.fallback(f)
	}
}

// phase draws choosing agents, asking them and putting their answers together.
func (b *builder) phase(o *ast.ObjectLit, title string) {
	lines := []string{title}
	if title == "" {
		lines = []string{"ask agents"}
	}
	if a, ok := prop(o, "agents").(*ast.ObjectLit); ok {
		if title == "" {
			b.add(Agents, a.Span, "agents", b.settings([]ast.Expr{a}))
		} else if caps := b.words(prop(a, "capabilities")); caps != "" {
			lines = append(lines, "ask "+caps)
		}
	}
	if e, ok := prop(o, "execution").(*ast.ObjectLit); ok {
		lines = append(lines, b.settings([]ast.Expr{e}))
	}
	b.add(Task, o.Span, lines...)
	if g, ok := prop(o, "groups").(*ast.ObjectLit); ok {
		var names []string
		for _, p := range g.Props {
			names = append(names, keyOf(p))
		}
		b.add(Step, g.Span, "group the answers", strings.Join(names, ", "))
	}
	if a, ok := prop(o, "aggregation").(*ast.ObjectLit); ok {
		b.add(Aggregate, a.Span, b.aggregation(a)...)
	}
}

func (b *builder) aggregation(a *ast.ObjectLit) []string {
	title := b.words(prop(a, "strategy"))
	if title == "" {
		title = "consensus on fields"
	}
	rest := &ast.ObjectLit{Span: a.Span}
	for _, p := range a.Props {
		if keyOf(p) != "strategy" {
			rest.Props = append(rest.Props, p)
		}
	}
	return []string{title, b.settings([]ast.Expr{rest})}
}

// validation draws the check of the result, and what happens when it fails.
func (b *builder) validation(v *ast.ObjectLit) {
	d := b.add(Decision, v.Span, "good enough?", b.needs(v))
	action := b.words(prop(v, "onFailure"))
	after := []exit{{from: d, label: "yes"}}
	b.exits = []exit{{from: d, label: "no"}}
	switch action {
	case "retry":
		if d > 1 {
			b.edge(Edge{From: d, To: firstWork(b.g), Label: "no: again", Dashed: true})
		}
		b.over()
	case "fallback", "default":
		b.add(Step, v.Span, "fallback", b.kindOf(prop(v, "fallback")))
	case "escalate":
		b.add(Handover, v.Span, "hand over", b.kindOf(prop(v, "fallback")))
	case "warn", "continue":
		after[0].label = "yes, or with a warning"
		b.over()
	default:
		b.add(Failure, v.Span, "validation fails")
		b.over()
	}
	b.exits = append(after, b.exits...)
}

func (b *builder) needs(v *ast.ObjectLit) string {
	var parts []string
	for _, key := range []string{"minConfidence", "minResults", "required", "schema", "conditions"} {
		if x := prop(v, key); x != nil {
			if key == "schema" || key == "conditions" {
				parts = append(parts, key)
				continue
			}
			parts = append(parts, key+" "+b.words(x))
		}
	}
	return strings.Join(parts, ", ")
}

func (b *builder) kindOf(e ast.Expr) string {
	if o, ok := e.(*ast.ObjectLit); ok {
		for _, key := range []string{"to", "type", "action"} {
			if x := prop(o, key); x != nil {
				return b.words(x)
			}
		}
	}
	return ""
}

// firstWork is the first node after the input.
func firstWork(g *Graph) int {
	for i, n := range g.Nodes {
		if n.Kind != Start {
			return i
		}
	}
	return 0
}

func (b *builder) fallback(f *ast.ObjectLit) {
	cond := ""
	if fn, ok := prop(f, "condition").(*ast.FuncLit); ok && fn.Expr != nil {
		cond = b.text(fn.Expr)
	}
	d := b.add(Decision, f.Span, "fallback if", cond)
	action := b.words(prop(f, "action"))
	after := []exit{{from: d, label: "no"}}
	b.exits = []exit{{from: d, label: "yes"}}
	switch action {
	case "retry":
		b.edge(Edge{From: d, To: firstWork(b.g), Label: "yes: again", Dashed: true})
		b.over()
	case "escalate":
		b.add(Handover, f.Span, "hand over", b.words(prop(f, "to")))
	default:
		b.add(Step, f.Span, "default value")
	}
	b.exits = append(after, b.exits...)
}

// jump is a way to a step that may not be drawn yet.
type jump struct {
	from exit
	to   string
}

// steps draws steps in their order with all jumps between them. Branches are
// entered by jumps only.
func (b *builder) steps(list *ast.ArrayLit) {
	places := map[string]int{}
	var jumps []jump
	leave := func(e exit, target ast.Expr, next string) bool {
		o, ok := target.(*ast.ObjectLit)
		if !ok {
			return false
		}
		switch {
		case prop(o, "next") != nil:
			jumps = append(jumps, jump{e, b.words(prop(o, "next"))})
		case prop(o, "end") != nil || prop(o, "output") != nil:
			b.ends = append(b.ends, e)
		case prop(o, "fail") != nil:
			b.exits = []exit{e}
			b.add(Failure, o.Span, "fails")
			b.over()
		case prop(o, "pattern") != nil:
			b.exits = []exit{e}
			b.add(Step, o.Span, "pattern")
			return false
		default:
			return false
		}
		return true
	}
	for _, el := range list.Elems {
		s, ok := el.(*ast.ObjectLit)
		if !ok {
			continue
		}
		fallThrough := b.exits
		if prop(s, "branch") != nil {
			b.over()
		}
		first := len(b.g.Nodes)
		var open []exit
		switch kind := b.words(prop(s, "type")); kind {
		case "switch":
			d := b.step(Decision, s, "switch on "+b.words(prop(s, "value")))
			cases, _ := prop(s, "cases").(*ast.ArrayLit)
			if cases != nil {
				for _, c := range cases.Elems {
					o, ok := c.(*ast.ObjectLit)
					if !ok {
						continue
					}
					label := b.words(prop(o, "is"))
					if label == "" {
						label = b.words(prop(o, "when"))
					}
					e := exit{from: d, label: label}
					b.exits = []exit{e}
					if !leave(e, o, "") {
						open = append(open, b.exits...)
					}
				}
			}
			if other := prop(s, "otherwise"); other != nil {
				e := exit{from: d, label: "otherwise"}
				b.exits = []exit{e}
				if !leave(e, other, "") {
					open = append(open, b.exits...)
				}
			}
		case "gate":
			d := b.step(Decision, s, "gate: "+b.words(prop(s, "conditions")))
			for _, way := range []struct{ key, label string }{{"onPass", "pass"}, {"onFail", "fail"}} {
				e := exit{from: d, label: way.label}
				if !leave(e, prop(s, way.key), "") {
					open = append(open, e)
				}
			}
		default:
			b.work(s, kind)
			open = b.exits
		}
		if id := b.words(prop(s, "id")); id != "" && len(b.g.Nodes) > first {
			places[id] = first
		}
		if next := b.words(prop(s, "next")); next != "" {
			for _, e := range open {
				jumps = append(jumps, jump{e, next})
			}
			open = nil
		}
		if prop(s, "ends") != nil {
			b.ends = append(b.ends, open...)
			open = nil
		}
		b.exits = open
		if prop(s, "branch") != nil {
			b.exits = append(b.exits, fallThrough...)
		}
	}
	for _, j := range jumps {
		if to, ok := places[j.to]; ok {
			b.edge(Edge{From: j.from.from, To: to, Label: j.from.label, Dashed: j.from.dashed})
		} else {
			b.ends = append(b.ends, j.from)
		}
	}
}

// step makes the node of a step; what it depends on stands in its label.
func (b *builder) step(k Kind, s *ast.ObjectLit, lines ...string) int {
	title := b.words(prop(s, "id"))
	if c := prop(s, "condition"); c != nil {
		lines = append(lines, "only if "+b.words(c))
	}
	if title != "" {
		lines = append([]string{title}, lines...)
	}
	return b.add(k, s.Span, lines...)
}

// work draws a step that is no decision.
func (b *builder) work(s *ast.ObjectLit, kind string) {
	switch kind {
	case "", "agents":
		lines := []string{}
		if a, ok := prop(s, "agents").(*ast.ObjectLit); ok {
			lines = append(lines, "ask "+b.settings([]ast.Expr{a}))
		} else {
			lines = append(lines, "ask agents")
		}
		if e, ok := prop(s, "execution").(*ast.ObjectLit); ok {
			lines = append(lines, b.settings([]ast.Expr{e}))
		}
		b.step(Task, s, lines...)
		if a, ok := prop(s, "aggregation").(*ast.ObjectLit); ok {
			b.add(Aggregate, a.Span, b.aggregation(a)...)
		}
	case "parallel", "race", "sequential":
		inner, _ := prop(s, "branches").(*ast.ArrayLit)
		if inner == nil {
			inner, _ = prop(s, "steps").(*ast.ArrayLit)
		}
		if inner == nil {
			b.step(Task, s, kind, b.taskList(prop(s, "tasks")))
			return
		}
		f := b.step(Fork, s, kind)
		if kind == "sequential" {
			b.steps(inner)
			return
		}
		var out []exit
		for _, el := range inner.Elems {
			b.way(f, "", &out, func() { b.steps(&ast.ArrayLit{Span: inner.Span, Elems: []ast.Expr{el}}) })
		}
		b.exits = out
	case "loop", "retry", "repeat", "batch", "map", "cache", "timeout":
		label := kind
		for _, key := range []string{"whileTrue", "until", "items", "maxIterations", "maxAttempts", "times"} {
			if x := prop(s, key); x != nil {
				label += " " + strings.TrimSuffix(key, "True") + " " + b.words(x)
			}
		}
		r := b.step(Repeat, s, label)
		b.exits = []exit{{from: r, label: "each time"}}
		before := len(b.g.Nodes)
		if inner, ok := prop(s, "steps").(*ast.ArrayLit); ok {
			b.steps(inner)
		} else if task, ok := prop(s, "task").(*ast.ObjectLit); ok {
			b.work(task, b.words(prop(task, "type")))
		}
		if len(b.g.Nodes) > before {
			for _, e := range b.exits {
				b.edge(Edge{From: e.from, To: r, Label: e.label})
			}
		}
		b.exits = []exit{{from: r, label: "done"}}
	case "consensus", "voting", "merge":
		b.step(Aggregate, s, kind, b.words(prop(s, "method")))
	case "escalate":
		b.step(Handover, s, "hand over to "+b.words(prop(s, "to")))
	case "ask":
		b.step(Person, s, "ask a person", b.words(prop(s, "question")))
	default:
		b.step(Step, s, kind)
	}
}

func (b *builder) taskList(e ast.Expr) string {
	list, ok := e.(*ast.ArrayLit)
	if !ok {
		return ""
	}
	var names []string
	for _, el := range list.Elems {
		if o, ok := el.(*ast.ObjectLit); ok {
			names = append(names, b.words(prop(o, "agent")))
		}
	}
	return strings.Join(names, ", ")
}
