// Package org compiles org charts: roles that agents fill, and a workflow whose
// steps give the roles something to do. The Prism that comes out calls the
// functions of std/pattern/org, one statement a step.
package org

import (
	"slices"

	"github.com/parallaxai/parallax/compiler/pattern/document"
	"github.com/parallaxai/parallax/compiler/pattern/schema"
	"github.com/parallaxai/parallax/compiler/pattern/tree"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

const library = "std/pattern/org"

// Compile reads an org chart. What is wrong with it goes to the reader's list;
// the tree is nil if that has errors. An imported chart does not run by itself:
// its default export does, for the pattern that it is a step of.
func Compile(r *document.Reader, root *document.Node, imported bool) *ast.File {
	c := &compiler{Reader: r, roles: map[string]*role{}, vars: map[string]string{}, names: map[string]int{}}
	r.Keys(root, "", topKeys...)
	header := c.header(root)
	workspace := c.workspace(root.Get("workspace"))
	chart := c.structure(root, workspace)
	steps := c.workflow(root)
	if r.List.HasErrors() {
		return nil
	}
	stmts := []ast.Stmt{tree.Import(source.Span{}, library, c.imported()...)}
	stmts = append(stmts, c.imports...)
	body := []ast.Stmt{tree.Const(chart.at, staffName, tree.Call(chart.at, "office", chart.literal, tree.Ident(chart.at, "input")))}
	body = append(body, steps...)
	if imported {
		stmts = append(stmts, exported(root, body))
	} else {
		stmts = append(stmts, body...)
	}
	file := tree.File(r.File, header, stmts...)
	file.Places = append(c.places, ast.Place{Path: "structure", Span: chart.at})
	for _, r := range c.order {
		file.Places = append(file.Places, ast.Place{Path: "structure.roles." + r.id, Span: r.key.Span})
	}
	if e := root.Entry("workspace"); e != nil {
		file.Places = append(file.Places, ast.Place{Path: "workspace", Span: e.Key.Span})
	}
	return file
}

// exported is what another pattern imports: {version, run}.
func exported(root *document.Node, body []ast.Stmt) ast.Stmt {
	at := root.First()
	version := "1.0.0"
	if v := root.Get("version"); v != nil {
		version = v.Text
	}
	run := tree.Lambda(at, nil, "input", "depth").(*ast.FuncLit)
	run.Params[1].Default = tree.Num(at, 0)
	run.Body = &ast.Block{Span: at, Stmts: body}
	return &ast.Export{Span: at, Default: tree.Object(at, tree.Field(at, "version", tree.Str(at, version)), tree.Field(at, "run", run))}
}

var (
	topKeys = []string{"name", "version", "description", "author", "tags", "metadata", "workspace", "structure", "workflow",
		"input", "timeout"}
	workspaceKeys   = []string{"enabled", "repo", "baseBranch", "branchStrategy", "createPr", "pr"}
	pullRequestKeys = []string{"draft", "labels", "reviewers"}
	workflowKeys    = []string{"name", "description", "input", "steps", "output"}
)

// staffName is the constant of the emitted Prism that holds the filled chart.
const staffName = "staff"

// compiler compiles one chart.
type compiler struct {
	*document.Reader
	roles map[string]*role
	order []*role // in the order of the text

	steps   []*step           // of the workflow
	current int               // index of the step of the workflow that is compiled
	vars    map[string]string // variables of the emitted Prism by what the chart calls them
	names   map[string]int    // how often a variable name has been wanted
	hoisted []string          // variables that inner steps set
	used    []string          // functions of the library in use
	imports []ast.Stmt        // modules of customFn
	places  []ast.Place       // of the input and its fields
}

// use notes that the emitted Prism calls a function of the library.
func (c *compiler) use(name string) string {
	if !slices.Contains(c.used, name) {
		c.used = append(c.used, name)
	}
	return name
}

// call is a call of a function of the library.
func (c *compiler) call(at source.Span, name string, args ...ast.Expr) ast.Expr {
	return tree.Call(at, c.use(name), args...)
}

func (c *compiler) imported() []string {
	list := slices.Clone(c.used)
	list = append(list, "office")
	slices.Sort(list)
	return list
}

// header is what the chart says about itself.
func (c *compiler) header(root *document.Node) *ast.Header {
	h := tree.NewHeader(root)
	if name, ok := c.Name(c.Need(root, "", "name"), "name"); ok {
		h.Text(root.Entry("name"), "name", name)
	}
	if v, ok := c.Text(root.Get("version"), "version"); ok {
		h.Text(root.Entry("version"), "version", v)
	}
	if d, ok := c.Text(root.Get("description"), "description"); ok {
		h.Text(root.Entry("description"), "description", d)
	}
	if a, ok := c.Text(root.Get("author"), "author"); ok {
		h.Text(root.Entry("author"), "author", a)
	}
	if tags := root.Entry("tags"); tags != nil {
		if _, ok := c.StringList(tags.Value, "tags"); ok {
			h.JSON(tags, "tags", tags.Value.Data())
		}
	}
	if m := root.Entry("metadata"); m != nil && c.Map(m.Value, "metadata") {
		h.JSON(m, "metadata", m.Value.Data())
	}
	if ms, ok := c.Duration(root.Get("timeout"), "timeout"); ok {
		h.JSON(root.Entry("timeout"), "timeout", float64(ms))
	}
	c.input(h, root)
	return h.Header()
}

// input reads the fields of the input, which belong to the workflow; they may also
// stand at the top, as in other patterns.
func (c *compiler) input(h *tree.Header, root *document.Node) {
	e, what := root.Get("workflow").Entry("input"), "workflow.input"
	if e == nil {
		e, what = root.Entry("input"), "input"
	}
	if e == nil {
		return
	}
	if s := schema.Input(c.Reader, e.Value, what); s != nil {
		h.JSON(e, "input", s)
		c.places = append(c.places, ast.Place{Path: "input", Span: e.Key.Span})
		for _, f := range e.Value.Entries {
			c.places = append(c.places, ast.Place{Path: "input." + f.Key.Text, Span: f.Key.Span})
		}
	}
}

// workspace checks what only platforms with a code host can honour, and tells
// whether it is wanted.
func (c *compiler) workspace(n *document.Node) (enabled bool) {
	if !c.Map(n, "workspace", workspaceKeys...) {
		return false
	}
	enabled, _ = c.Bool(n.Get("enabled"), "workspace.enabled")
	c.String(n.Get("repo"), "workspace.repo")
	c.String(n.Get("baseBranch"), "workspace.baseBranch")
	c.String(n.Get("branchStrategy"), "workspace.branchStrategy")
	c.Bool(n.Get("createPr"), "workspace.createPr")
	if pr := n.Get("pr"); c.Map(pr, "workspace.pr", pullRequestKeys...) {
		c.Bool(pr.Get("draft"), "workspace.pr.draft")
		c.StringList(pr.Get("labels"), "workspace.pr.labels")
		c.StringList(pr.Get("reviewers"), "workspace.pr.reviewers")
	}
	return enabled
}
