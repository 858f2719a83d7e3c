package flow

import (
	"path"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// importPath reads the path of a module, which must not lead out of the folder of
// the pattern.
func (c *compiler) importPath(n *document.Node, what string) (string, bool) {
	text, ok := c.r.String(n, what)
	if !ok {
		return "", false
	}
	if strings.HasPrefix(text, "@parallax/") || strings.HasPrefix(text, "std/") {
		return text, true
	}
	if clean := path.Clean(strings.ReplaceAll(text, "\\", "/")); path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../") {
		c.r.Errorf(document.OutOfRange, n.Span, "%s must stay inside the folder of the pattern", what).
			WithHint("write a path relative to this file, such as ./rules.prism, or @parallax/... for the library")
		return "", false
	}
	return text, true
}

// patternOf adds the pattern that name@range refers to: a file of that name beside
// this one.
func (c *compiler) patternOf(o *object, n *document.Node, what string) {
	text, ok := c.r.String(n, what)
	if !ok {
		return
	}
	name, wanted, versioned := strings.Cut(text, "@")
	if !validName(name) {
		c.r.Errorf(document.OutOfRange, n.Span, "%s must be the name of a pattern, such as review or review@1.x, not '%s'", what, text)
		return
	}
	if versioned {
		if _, err := semver.NewConstraint(wanted); err != nil {
			c.r.Errorf(document.OutOfRange, n.TextSpan(len(name)+1, len(text)), "'%s' is no range of versions", wanted).
				WithHint("write such as 1.x, ^1.2.0 or >=1.2 <2")
			return
		}
		o.add("wants", n, tree.Str(n.Span, wanted))
	}
	c.nested = true
	id := c.fresh(name)
	c.modules = append(c.modules, &ast.Import{Span: n.Span, Default: tree.Ident(source.Span{}, id), Path: &ast.StringLit{Span: n.Span, Value: "./" + name}})
	// A function: patterns that run each other have no value before both are there.
	o.add("pattern", n, tree.Lambda(n.Span, tree.Ident(n.Span, id)))
}

func validName(name string) bool {
	for i := range len(name) {
		if c := name[i]; !(isLetter(c) && c < 0x80 && c != '_' || i > 0 && (isDigit(c) || c == '-' || c == '_')) {
			return false
		}
	}
	return name != ""
}

// exported is the default export of a pattern that others run.
func (c *compiler) exported(spec ast.Expr) ast.Stmt {
	at := c.root.Span
	version := "1.0.0"
	if v := c.root.Get("version"); v != nil {
		version = v.Text
	}
	f := tree.Lambda(at, tree.Call(at, "run", spec, tree.Ident(at, "input"), tree.Ident(at, "depth")), "input", "depth").(*ast.FuncLit)
	f.Params[1].Default = tree.Num(at, 0)
	return &ast.Export{Span: at, Default: tree.Object(at, tree.Field(at, "version", tree.Str(at, version)), tree.Field(at, "run", f))}
}
