package org

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// A reference is a path: input.x, step_2_result.title, plan.items[0], context.executionId.
var (
	pathText  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+|\[[0-9]+\])*$`)
	stepName  = regexp.MustCompile(`^step_([0-9]+)(?:_result)?$`)
	pathParts = regexp.MustCompile(`[A-Za-z0-9_-]+`)
)

// roots are the names that a reference may begin with, besides those of steps.
var roots = []string{"input", "context", "workspace"}

// isPath tells whether a text is a bare path.
func isPath(s string) bool { return pathText.MatchString(s) }

// wholeReference returns the path of a text that is one reference, ${path} or
// $path, and where it begins in the text.
func wholeReference(s string) (path string, at int, ok bool) {
	t := strings.TrimSpace(s)
	lead := strings.Index(s, t)
	if inner, ok := strings.CutPrefix(t, "${"); ok {
		end := strings.IndexByte(inner, '}')
		if end != len(inner)-1 {
			return "", 0, false
		}
		inner = inner[:end]
		path := strings.TrimSpace(inner)
		return path, lead + 2 + strings.Index(inner, path), true
	}
	if inner, ok := strings.CutPrefix(t, "$"); ok && isPath(inner) {
		return inner, lead + 1, true
	}
	return "", 0, false
}

// value compiles any value of a chart: texts with references in them, and lists
// and maps of such.
func (c *compiler) value(n *document.Node) ast.Expr {
	switch n.Kind {
	case document.String:
		return c.text(n)
	case document.List:
		elems := make([]ast.Expr, len(n.Items))
		for i, item := range n.Items {
			elems[i] = c.value(item)
		}
		return tree.List(n.Span, elems...)
	case document.Map:
		fields := make([]*ast.Property, len(n.Entries))
		for i, e := range n.Entries {
			fields[i] = tree.Field(e.Key.Span, e.Key.Text, c.value(e.Value))
		}
		return tree.Object(n.Span, fields...)
	}
	return tree.Literal(n)
}

// text compiles a text: a single reference keeps the kind of its value, others
// are written into the text.
func (c *compiler) text(n *document.Node) ast.Expr {
	if path, at, ok := wholeReference(n.Text); ok {
		return c.plainReference(n, path, at)
	}
	t := &ast.Template{Span: n.Span, Quote: `"`}
	rest, base := n.Text, 0
	for {
		open := strings.Index(rest, "${")
		if open < 0 {
			break
		}
		length := strings.IndexByte(rest[open:], '}')
		if length < 0 {
			c.Errorf(document.BadExpression, n.TextSpan(base+open, base+open+2), "${ without }").
				WithHint("a reference is written ${path}")
			break
		}
		inner := rest[open+2 : open+length]
		path := strings.TrimSpace(inner)
		at := base + open + 2 + strings.Index(inner, path)
		t.Texts = append(t.Texts, ast.TemplateText{Span: n.Span, Value: rest[:open]})
		t.Exprs = append(t.Exprs, c.written(n, path, at))
		rest, base = rest[open+length+1:], base+open+length+1
	}
	if len(t.Exprs) == 0 {
		return tree.Literal(n)
	}
	t.Texts = append(t.Texts, ast.TemplateText{Span: n.Span, Value: rest})
	return t
}

// written is a reference inside of a text.
func (c *compiler) written(n *document.Node, path string, at int) ast.Expr {
	root, parts, span := c.resolve(n, path, at)
	if root == nil {
		root = tree.Null(span)
	}
	return c.call(span, "text", append([]ast.Expr{root}, parts...)...)
}

// plainReference is the value of a reference without confidence.
func (c *compiler) plainReference(n *document.Node, path string, at int) ast.Expr {
	root, parts, span := c.resolve(n, path, at)
	if root == nil {
		return tree.Null(span)
	}
	return c.call(span, "part", append([]ast.Expr{root}, parts...)...)
}

// reference is the value of a reference as it is: a step's whole outcome keeps
// its confidence.
func (c *compiler) reference(n *document.Node, path string, at int) ast.Expr {
	root, parts, span := c.resolve(n, path, at)
	switch {
	case root == nil:
		return tree.Null(span)
	case len(parts) == 0:
		return root
	}
	return c.call(span, "part", append([]ast.Expr{root}, parts...)...)
}

// resolve finds what a path begins with, and the keys that lead on from there.
// The root is nil when it stands for nothing yet, or is unknown.
func (c *compiler) resolve(n *document.Node, path string, at int) (root ast.Expr, parts []ast.Expr, span source.Span) {
	span = n.TextSpan(at, at+len(path))
	if !isPath(path) {
		c.Errorf(document.BadExpression, span, "'%s' is no reference", path).
			WithHint("references are paths such as input.text or step_0_result.title")
		return nil, nil, span
	}
	var names []string
	for _, loc := range pathParts.FindAllStringIndex(path, -1) {
		name := path[loc[0]:loc[1]]
		if len(names) > 0 {
			where := n.TextSpan(at+loc[0], at+loc[1])
			if i, err := strconv.Atoi(name); err == nil {
				parts = append(parts, tree.Num(where, float64(i)))
			} else {
				parts = append(parts, tree.Str(where, name))
			}
		}
		names = append(names, name)
	}
	first := names[0]
	where := n.TextSpan(at, at+len(first))
	if variable, ok := c.vars[first]; ok {
		return tree.Ident(where, variable), parts, span
	}
	switch first {
	case "input":
		return tree.Ident(where, "input"), parts, span
	case "workspace":
		return nil, nil, span // no workspace has been prepared
	case "context":
		return c.context(where, names), nil, span
	}
	if m := stepName.FindStringSubmatch(first); m != nil {
		c.notYet(where, first, m[1])
		return nil, nil, span
	}
	if later := c.laterStep(first); later >= 0 {
		c.Warnf(document.ForwardReference, where, "'%s' has no value yet: it is step %d, and this is step %d", first, later, c.current)
		return nil, nil, span
	}
	known := append([]string{}, roots...)
	for name := range c.vars {
		known = append(known, name)
	}
	c.Errorf(document.UnknownReference, where, "unknown reference '%s'%s", first, document.DidYouMean(first, known))
	return nil, nil, span
}

// context is ${context.executionId} and the like.
func (c *compiler) context(at source.Span, names []string) ast.Expr {
	fields := map[string]string{"executionId": "id", "pattern": "pattern", "version": "version", "startedAt": "startedAt"}
	if len(names) == 2 && fields[names[1]] != "" {
		return tree.Member(at, tree.Ident(at, "execution"), fields[names[1]])
	}
	return nil
}

// notYet warns of a result of a step that has not run by then, or that the
// workflow does not have.
func (c *compiler) notYet(at source.Span, name, digits string) {
	i, err := strconv.Atoi(digits)
	if err != nil || i >= len(c.steps) {
		c.Warnf(document.UnknownReference, at, "'%s' is the result of a step that does not exist, and so null", name).
			WithHint("%s", countText(len(c.steps)))
		return
	}
	if i == c.current {
		c.Warnf(document.ForwardReference, at, "'%s' is the result of this very step, and so null", name)
		return
	}
	c.Warnf(document.ForwardReference, at, "'%s' has no value yet and is null: it is the result of step %d, and this is step %d", name, i, c.current)
}

func countText(steps int) string {
	if steps == 1 {
		return "the workflow has step 0 only"
	}
	return fmt.Sprintf("the steps of the workflow are 0 to %d", steps-1)
}

// laterStep finds a step of the workflow by its id, -1 without.
func (c *compiler) laterStep(id string) int {
	for i, s := range c.steps {
		if s.id == id {
			return i
		}
	}
	return -1
}
