package org

import (
	"math"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

var (
	structureKeys = []string{"name", "description", "roles", "routing", "escalation"}
	roleKeys      = []string{"id", "name", "description", "agentType", "type", "capabilities", "reportsTo", "minInstances", "maxInstances",
		"singleton", "expertise", "agentConfig", "metadata", "threadConfig"}
	threadKeys     = []string{"enabled", "objective", "approvalPreset", "workspace", "policy", "env", "metadata"}
	routeKeys      = []string{"from", "to", "topics", "messageTypes", "priority", "broadcast"}
	escalationKeys = []string{"defaultBehavior", "topicRoutes", "timeoutMs", "maxDepth", "onMaxDepth"}

	approvalPresets = []string{"readonly", "standard", "permissive", "autonomous"}
	messageTypes    = []string{"task", "question", "response", "status", "escalation", "feedback"}
	behaviours      = []string{"route_to_reports_to", "broadcast", "surface_to_user", "fail", "return_best_effort"}
	depthBehaviours = []string{"surface_to_user", "fail", "return_best_effort"}
)

// role is one of structure.roles.
type role struct {
	id        string
	key       *document.Node
	reportsTo *document.Node // nil without
	used      bool
}

// chart is the emitted description of a structure.
type chart struct {
	at      source.Span
	literal ast.Expr
}

func (c *compiler) structure(root *document.Node, workspace bool) chart {
	n := c.Need(root, "", "structure")
	if n == nil || !c.Map(n, "structure", structureKeys...) {
		return chart{}
	}
	var fields []*ast.Property
	if s, ok := c.Text(n.Get("name"), "structure.name"); ok {
		fields = append(fields, field(n, "name", tree.Str(n.Get("name").Span, s)))
	}
	c.Text(n.Get("description"), "structure.description")
	roles := n.Get("roles")
	switch {
	case roles == nil || roles.Kind == document.Null:
		c.Missing(n, "structure", "roles")
		return chart{}
	case !c.Map(roles, "structure.roles"):
		return chart{}
	case len(roles.Entries) == 0:
		c.Errorf(document.MissingKey, roles.Span, "structure.roles needs at least one role")
		return chart{}
	}
	for _, e := range roles.Entries {
		r := &role{id: e.Key.Text, key: e.Key}
		c.roles[r.id] = r
		c.order = append(c.order, r)
	}
	var list []*ast.Property
	for i, e := range roles.Entries {
		list = append(list, tree.Field(e.Key.Span, e.Key.Text, c.role(c.order[i], e.Value)))
	}
	c.chains()
	fields = append(fields, field(n, "roles", tree.Object(roles.Span, list...)))
	if routing := n.Get("routing"); routing != nil {
		fields = append(fields, field(n, "routing", c.routing(routing)))
	}
	if esc := n.Get("escalation"); esc != nil {
		fields = append(fields, field(n, "escalation", c.escalation(esc)))
	}
	if workspace {
		fields = append(fields, tree.Field(n.Span, "workspace", tree.Bool(n.Span, true)))
	}
	return chart{roles.First(), tree.Object(n.Span, fields...)}
}

// field is a property that has the place of a key.
func field(n *document.Node, key string, value ast.Expr) *ast.Property {
	at := n.Span
	if e := n.Entry(key); e != nil {
		at = e.Key.Span
	}
	return tree.Field(at, key, value)
}

func (c *compiler) role(r *role, n *document.Node) ast.Expr {
	what := "structure.roles." + r.id
	if n.Kind == document.Null {
		c.Warnf(document.NoCapabilities, r.key.Span, "the role '%s' asks for no capability, so that any agent may fill it", r.id)
		return tree.Object(n.Span, tree.Field(n.Span, "min", tree.Num(n.Span, 1)), tree.Field(n.Span, "max", tree.Num(n.Span, 1)))
	}
	if !c.Map(n, what, roleKeys...) {
		return nil
	}
	var fields []*ast.Property
	add := func(key string, value ast.Expr) { fields = append(fields, tree.Field(n.Span, key, value)) }
	c.Text(n.Get("id"), what+".id")
	if s, ok := c.Text(n.Get("name"), what+".name"); ok {
		add("name", tree.Str(n.Get("name").Span, s))
	}
	if s, ok := c.Text(n.Get("description"), what+".description"); ok {
		add("description", tree.Str(n.Get("description").Span, s))
	}
	for _, key := range []string{"agentType", "type"} {
		c.textOrList(n.Get(key), what+"."+key)
	}
	caps, ok := c.StringList(n.Get("capabilities"), what+".capabilities")
	if ok {
		add("capabilities", tree.Literal(n.Get("capabilities")))
	}
	if len(caps) == 0 && (ok || n.Get("capabilities") == nil) {
		at := r.key.Span
		if ok {
			at = n.Get("capabilities").Span
		}
		c.Warnf(document.NoCapabilities, at, "the role '%s' asks for no capability, so that any agent may fill it", r.id)
	}
	low, high := c.instances(r, n, what)
	add("min", tree.Num(n.Span, float64(low)))
	add("max", tree.Num(n.Span, float64(high)))
	if to := n.Get("reportsTo"); to != nil && to.Kind != document.Null {
		if c.roleName(to, what+".reportsTo") != nil {
			r.reportsTo = to
			add("reportsTo", tree.Str(to.Span, to.Text))
		}
	}
	if topics := n.Get("expertise"); topics != nil {
		if c.textOrList(topics, what+".expertise") {
			add("expertise", listOf(topics))
		}
	}
	if m := n.Get("agentConfig"); c.Map(m, what+".agentConfig") {
		add("agentConfig", tree.Literal(m))
	}
	c.Map(n.Get("metadata"), what+".metadata")
	if t := n.Get("threadConfig"); t != nil && c.threads(t, what+".threadConfig") {
		add("threads", tree.Literal(t))
	}
	return tree.Object(n.Span, fields...)
}

// textOrList checks a text or a list of texts.
func (c *compiler) textOrList(n *document.Node, what string) bool {
	switch {
	case n == nil:
		return false
	case n.Kind == document.List:
		_, ok := c.StringList(n, what)
		return ok
	case n.Kind != document.String:
		c.WrongType(n, what, "text or a list of texts")
		return false
	}
	return true
}

// listOf is a list as it stands, or one of a single text.
func listOf(n *document.Node) ast.Expr {
	if n.Kind == document.List {
		return tree.Literal(n)
	}
	return tree.List(n.Span, tree.Literal(n))
}

// instances gives how many agents a role needs and how many it takes.
func (c *compiler) instances(r *role, n *document.Node, what string) (low, high int) {
	least, hasLeast := c.Int(n.Get("minInstances"), what+".minInstances", 0, math.MaxInt)
	most, hasMost := c.Int(n.Get("maxInstances"), what+".maxInstances", 1, math.MaxInt)
	if single, _ := c.Bool(n.Get("singleton"), what+".singleton"); single {
		for _, key := range []string{"minInstances", "maxInstances"} {
			if e := n.Entry(key); e != nil {
				c.Warnf(document.SingletonCounts, e.Key.Span, "the role '%s' is a singleton, so that %s has no effect", r.id, key)
			}
		}
		return 1, 1
	}
	low = 1
	if hasLeast {
		low = least
	}
	high = max(low, 1)
	if hasMost {
		high = most
		if hasLeast && low > high {
			c.Errorf(document.OutOfRange, n.Get("maxInstances").Span, "%s.maxInstances must be at least minInstances (%d), not %d", what, low, high)
		}
		low = min(low, high)
	}
	return low, high
}

// roleName finds the role that a text names, nil with a report when there is
// none.
func (c *compiler) roleName(n *document.Node, what string) *role {
	name, ok := c.String(n, what)
	if !ok {
		return nil
	}
	if r := c.roles[name]; r != nil {
		return r
	}
	c.unknownRole(n.Span, name)
	return nil
}

func (c *compiler) unknownRole(at source.Span, name string) {
	ids := make([]string, len(c.order))
	for i, r := range c.order {
		ids[i] = r.id
	}
	d := c.Errorf(document.UnknownRole, at, "unknown role '%s'%s", name, document.DidYouMean(name, ids))
	d.WithHint("the roles are %s", strings.Join(ids, ", "))
}

// chains reports roles that report to each other, each circle once.
func (c *compiler) chains() {
	reported := map[string]bool{}
	for _, start := range c.order {
		path := []string{start.id}
		for at := start; at.reportsTo != nil && len(path) <= len(c.order); {
			at = c.roles[at.reportsTo.Text]
			path = append(path, at.id)
			if at != start {
				continue
			}
			if !reported[start.id] {
				c.Errorf(document.CyclicRoles, start.reportsTo.Span, "roles report to each other: %s", strings.Join(path, " -> "))
			}
			for _, id := range path {
				reported[id] = true
			}
			break
		}
	}
}

// threads checks a threadConfig and tells whether it is enabled.
func (c *compiler) threads(n *document.Node, what string) bool {
	if !c.Map(n, what, threadKeys...) {
		return false
	}
	c.Text(n.Get("objective"), what+".objective")
	if p := n.Get("approvalPreset"); p != nil {
		c.Enum(p, what+".approvalPreset", "approval preset", approvalPresets...)
	}
	for _, key := range []string{"policy", "env", "metadata"} {
		if v := n.Get(key); v != nil && v.Kind != document.String {
			c.Map(v, what+"."+key)
		}
	}
	enabled, given := c.Bool(n.Get("enabled"), what+".enabled")
	return enabled || !given
}

func (c *compiler) routing(n *document.Node) ast.Expr {
	items, ok := c.Items(n, "structure.routing")
	if !ok {
		return nil
	}
	var list []ast.Expr
	for _, item := range items {
		const what = "structure.routing"
		if !c.Map(item, what, routeKeys...) {
			continue
		}
		var fields []*ast.Property
		for _, key := range []string{"from", "to"} {
			v := c.Need(item, what, key)
			if v == nil || !c.textOrList(v, what+"."+key) {
				continue
			}
			for _, name := range texts(v) {
				if r := c.roles[name.Text]; r != nil {
					r.used = r.used || key == "to"
				} else if name.Text != "*" {
					c.unknownRole(name.Span, name.Text)
				}
			}
			fields = append(fields, field(item, key, listOf(v)))
		}
		if v := item.Get("topics"); v != nil && c.textOrList(v, what+".topics") {
			fields = append(fields, field(item, "topics", listOf(v)))
		}
		if v := item.Get("messageTypes"); v != nil && c.textOrList(v, what+".messageTypes") {
			for _, t := range texts(v) {
				c.OneOf(t, t.Text, "message type", messageTypes...)
			}
			fields = append(fields, field(item, "messageTypes", listOf(v)))
		}
		if p, ok := c.Number(item.Get("priority"), what+".priority", math.Inf(-1), math.Inf(1)); ok {
			fields = append(fields, field(item, "priority", tree.Num(item.Get("priority").Span, p)))
		}
		if b, ok := c.Bool(item.Get("broadcast"), what+".broadcast"); ok {
			fields = append(fields, field(item, "broadcast", tree.Bool(item.Get("broadcast").Span, b)))
		}
		list = append(list, tree.Object(item.Span, fields...))
	}
	return tree.List(n.Span, list...)
}

// texts are the texts of a text or list.
func texts(n *document.Node) []*document.Node {
	if n.Kind == document.List {
		return n.Items
	}
	return []*document.Node{n}
}

func (c *compiler) escalation(n *document.Node) ast.Expr {
	const what = "structure.escalation"
	if !c.Map(n, what, escalationKeys...) {
		return nil
	}
	var fields []*ast.Property
	if s, ok := c.Enum(n.Get("defaultBehavior"), what+".defaultBehavior", "escalation behaviour", behaviours...); ok {
		fields = append(fields, field(n, "defaultBehavior", tree.Str(n.Get("defaultBehavior").Span, s)))
	}
	if routes := n.Get("topicRoutes"); c.Map(routes, what+".topicRoutes") {
		var list []*ast.Property
		for _, e := range routes.Entries {
			if r := c.roleName(e.Value, what+".topicRoutes."+e.Key.Text); r != nil {
				r.used = true
				list = append(list, tree.Field(e.Key.Span, e.Key.Text, tree.Str(e.Value.Span, r.id)))
			}
		}
		fields = append(fields, field(n, "topicRoutes", tree.Object(routes.Span, list...)))
	}
	if ms, ok := c.Duration(n.Get("timeoutMs"), what+".timeoutMs"); ok {
		fields = append(fields, field(n, "timeoutMs", tree.Num(n.Get("timeoutMs").Span, float64(ms))))
	}
	if d, ok := c.Int(n.Get("maxDepth"), what+".maxDepth", 0, 1000); ok {
		fields = append(fields, field(n, "maxDepth", tree.Num(n.Get("maxDepth").Span, float64(d))))
	}
	if s, ok := c.Enum(n.Get("onMaxDepth"), what+".onMaxDepth", "behaviour", depthBehaviours...); ok {
		fields = append(fields, field(n, "onMaxDepth", tree.Str(n.Get("onMaxDepth").Span, s)))
	}
	return tree.Object(n.Span, fields...)
}
