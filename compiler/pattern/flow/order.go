package flow

import (
	"slices"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/prism/source"
)

// reference is a use of what a step gives, in another step.
type reference struct {
	from, to *step
	name     string
	span     source.Span
}

// refer notes that a step uses a name.
func (c *compiler) refer(name string, span source.Span, l *lambda) {
	to := c.defined[name]
	if to == nil || l.step == nil || to == l.step && slices.Contains(l.root().own, name) {
		return
	}
	c.refs = append(c.refs, reference{l.step, to, name, span})
}

// ---- Jumps ----

// link finds where the steps of a list, and of those inside, jump to.
func (c *compiler) link(l *list) {
	for _, s := range l.steps {
		c.nextOf(s)
		c.markBranches(s)
		for _, in := range s.inner {
			c.link(in)
		}
	}
}

// nextOf reads "next", "then: {next}" and "then".
func (c *compiler) nextOf(s *step) {
	n := s.node.Get("next")
	what := s.what + ".next"
	if then := s.node.Get("then"); n == nil && then != nil {
		n, what = then, s.what+".then"
		if then.Kind == document.Map {
			c.r.Keys(then, what, "next")
			n = c.r.Need(then, what, "next")
		}
	}
	if name, ok := c.r.String(n, what); ok {
		s.next = c.resolve(n, name, s)
	}
}

// resolve finds the step that a jump leads to; nil when there is none.
func (c *compiler) resolve(n *document.Node, name string, s *step) *target {
	to := c.steps[name]
	if to == nil && name == "output" {
		return &target{node: n}
	}
	if to != nil {
		for at := s; at != nil; at = at.list.owner {
			if at.list == to.list {
				t := &target{node: n, name: name, to: to}
				s.jumps = append(s.jumps, t)
				return t
			}
		}
		c.r.Errorf(document.UnknownStep, n.Span, "the step '%s' is inside of another one and can't be jumped to", name)
		return nil
	}
	known := append(c.stepNames(), "output")
	d := c.r.Errorf(document.UnknownStep, n.Span, "unknown step '%s'%s", name, near(name, known))
	if near(name, known) == "" {
		d.WithHint("the steps are %s", strings.Join(c.stepNames(), ", "))
	}
	return nil
}

// markBranches marks the steps behind a switch or gate that only its jump enters.
func (c *compiler) markBranches(s *step) {
	mark := func(n *document.Node) {
		if n == nil {
			return
		}
		if n.Kind == document.Map {
			if n.Get("type") != nil {
				return
			}
			n = n.Get("next")
		}
		if n == nil || n.Kind != document.String {
			return
		}
		if to := c.steps[n.Text]; to != nil && to.list == s.list && to.index > s.index {
			to.branch = true
		}
	}
	switch s.kind {
	case "switch":
		if cases := s.node.Get("cases"); cases != nil {
			for _, e := range cases.Entries {
				mark(e.Value)
			}
		}
		mark(s.node.Get("default"))
	case "gate":
		mark(s.node.Get("onFail"))
	}
}

// ---- Order ----

// checkOrder reports steps that use what comes later, and steps that run in a
// circle for ever.
func (c *compiler) checkOrder(steps []*step) {
	for _, ref := range c.refs {
		c.checkReference(ref)
	}
	if len(steps) > 0 {
		c.checkCircles(steps[0].list)
	}
}

// checkReference reports a use of a step that has not run yet.
func (c *compiler) checkReference(ref reference) {
	a, b := ref.from, ref.to
	if contains(a, b) {
		return // a step may use those inside it
	}
	from, to := common(a, b)
	switch {
	case from != to && to.index < from.index && from.list.kind != parallel, repeats(from, to):
	case from == to:
		c.r.Errorf(document.CyclicSteps, ref.span, "the step '%s' depends on itself: '$%s' has no value before it has run", title(b), ref.name)
	case c.dependsOn(b, a, map[*step]bool{}):
		c.r.Errorf(document.CyclicSteps, ref.span, "the steps '%s' and '%s' depend on each other", title(a), title(b)).
			WithRelated(stepSpan(b), "'%s' uses '%s' in turn", title(b), title(a))
	default:
		c.r.Errorf(document.ForwardReference, ref.span, "'$%s' has no value here: the step '%s' comes later", ref.name, title(b)).
			WithRelated(stepSpan(b), "the step '%s'", title(b))
	}
}

// common returns the steps of one list that two steps are or are inside of.
func common(a, b *step) (from, to *step) {
	for from = a; ; from = from.list.owner {
		for to = b; to != nil; to = to.list.owner {
			if to.list == from.list {
				return from, to
			}
		}
	}
}

func stepSpan(s *step) source.Span {
	if s.key != nil {
		return s.key.Span
	}
	return s.node.First()
}

func title(s *step) string {
	if s.id != "" {
		return s.id
	}
	return s.what
}

// contains reports whether b is inside a.
func contains(a, b *step) bool {
	for at := b.list.owner; at != nil; at = at.list.owner {
		if at == a {
			return true
		}
	}
	return false
}

// repeats reports whether a step may run again after a later one of its list: in
// the body of a loop, or because something jumps back.
func repeats(from, to *step) bool {
	for at := from; at != nil; at = at.list.owner {
		if at.list.kind == repeated {
			return true
		}
	}
	for _, s := range from.list.steps {
		for _, t := range s.jumps {
			if t.to.list == from.list && t.to.index <= from.index && s.index >= to.index && s.index >= t.to.index {
				return true
			}
		}
	}
	return false
}

// dependsOn reports whether a step uses another one, directly or not.
func (c *compiler) dependsOn(s, on *step, seen map[*step]bool) bool {
	if seen[s] {
		return false
	}
	seen[s] = true
	for _, ref := range c.refs {
		if ref.from == s && (ref.to == on || c.dependsOn(ref.to, on, seen)) {
			return true
		}
	}
	return false
}

// checkCircles reports steps that lead back to themselves where none of them can
// decide otherwise.
func (c *compiler) checkCircles(l *list) {
	seen := map[*step]bool{}
	for _, s := range l.steps {
		var path []*step
		var jumps []*target // by which each step of the path is left; nil: falling through
		for at := s; at != nil && !seen[at]; {
			if i := slices.Index(path, at); i >= 0 {
				c.circle(path[i:], jumps[i:])
				break
			}
			path = append(path, at)
			next, jump := c.successor(at)
			jumps = append(jumps, jump)
			at = next
		}
		for _, p := range path {
			seen[p] = true
		}
	}
	for _, s := range l.steps {
		for _, in := range s.inner {
			if in.kind == inOrder || in.kind == repeated {
				c.checkCircles(in)
			}
		}
	}
}

// circle reports steps that lead from one to the next and from the last to the
// first, at the jump that leads back.
func (c *compiler) circle(steps []*step, jumps []*target) {
	back := slices.IndexFunc(jumps, func(t *target) bool { return t != nil && t.to.index <= steps[slices.Index(jumps, t)].index })
	if back < 0 {
		return // can't be: falling through leads forward only
	}
	names := make([]string, 0, len(steps)+1)
	for i := range steps {
		names = append(names, title(steps[(back+1+i)%len(steps)]))
	}
	names = append(names, names[0])
	c.r.Errorf(document.CyclicSteps, jumps[back].node.Span, "these steps run in a circle for ever: %s", strings.Join(names, " -> ")).
		WithHint("let a gate, a switch or a condition on the way decide when it ends")
}

// successor is the one step that follows a step; nil when there are several or
// none.
func (c *compiler) successor(s *step) (*step, *target) {
	switch s.kind {
	case "switch", "gate", "threshold", "validate", "compare":
		return nil, nil
	}
	if s.next != nil {
		if s.node.Get("condition") != nil && skips(s.kind) || s.next.to == nil || s.next.to.list != s.list {
			return nil, nil
		}
		return s.next.to, s.next
	}
	for i := s.index + 1; i < len(s.list.steps); i++ {
		if !s.list.steps[i].branch {
			return s.list.steps[i], nil
		}
	}
	return nil, nil
}
