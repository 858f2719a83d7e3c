package format

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// generator builds random trees without text. They are trees that the parser
// could have made: it never makes, for example, an object literal whose first
// entry is a method with a reserved name.
type generator struct{ t *rapid.T }

func (g generator) n(max int) int { return rapid.IntRange(0, max-1).Draw(g.t, "n") }
func (g generator) bool() bool    { return rapid.Bool().Draw(g.t, "b") }

func pick[T any](g generator, items ...T) T { return items[g.n(len(items))] }

func some[T any](g generator, least, most int, make func() T) []T {
	items := []T{}
	for range least + g.n(most-least+1) {
		items = append(items, make())
	}
	return items
}

func (g generator) ident() *ast.Ident {
	return &ast.Ident{Name: pick(g, "a", "b", "total", "agents", "race", "high", "from", "type", "until", "veryLongNameOfAVariable")}
}

func (g generator) number() *ast.NumberLit {
	return &ast.NumberLit{Value: pick(g, 0, 1, 42, 0.5, 1e-9, 1e21, 3.25)}
}

func (g generator) str() *ast.StringLit {
	return &ast.StringLit{Value: pick(g, "", "x", `say "hi"`, "a\nb", "${no}", `back\slash`, "ünïcode \u200b")}
}

func (g generator) leaf() ast.Expr {
	switch g.n(6) {
	case 0:
		return g.number()
	case 1:
		return g.str()
	case 2:
		return &ast.BoolLit{Value: g.bool()}
	case 3:
		return &ast.NullLit{Undefined: g.bool()}
	}
	return g.ident()
}

var binaryOps = []token.Kind{
	token.Pipe, token.ConfPipe, token.ThresholdGate, token.Attach, token.Chain, token.OrOr, token.ConfOr,
	token.Stronger, token.Gate, token.Nullish, token.ConfNullish, token.AndAnd, token.ConfAnd, token.Equal,
	token.NotEqual, token.Same, token.NotSame, token.ConfEqual, token.ConfNotEqual, token.Less, token.Greater,
	token.LessEqual, token.GreaterEqual, token.ConfLess, token.ConfLessEqual, token.ConfGreaterEqual, token.In,
	token.Instanceof, token.Plus, token.Minus, token.ConfPlus, token.ConfMinus, token.Star, token.Slash,
	token.Percent, token.ConfStar, token.ConfSlash, token.Power,
}

func (g generator) expr(depth int) ast.Expr {
	if depth <= 0 {
		return g.leaf()
	}
	sub := func() ast.Expr { return g.expr(depth - 1) }
	switch g.n(20) {
	case 0, 1, 2:
		return &ast.Binary{Op: pick(g, binaryOps...), X: sub(), Y: sub()}
	case 3:
		return &ast.Unary{Op: pick(g, token.Not, token.Minus, token.Plus, token.Tilde, token.Extract, token.Typeof), X: sub()}
	case 4:
		return &ast.Update{Op: pick(g, token.PlusPlus, token.MinusMinus), Prefix: g.bool(), X: g.target(depth - 1)}
	case 5:
		return &ast.Await{X: sub()}
	case 6:
		return &ast.Ternary{Confident: g.bool(), Cond: sub(), Then: sub(), Else: sub()}
	case 7, 8:
		return &ast.Call{Fun: sub(), Optional: g.n(4) == 0, Args: g.args(depth - 1)}
	case 9:
		return &ast.Member{X: sub(), Op: pick(g, token.Dot, token.QuestionDot, token.ConfDot), Name: g.ident()}
	case 10:
		return &ast.Index{X: sub(), Optional: g.bool(), Index: sub()}
	case 11:
		return &ast.ArrayLit{Elems: some(g, 0, 4, func() ast.Expr {
			switch g.n(6) {
			case 0:
				return &ast.Hole{}
			case 1:
				return &ast.Spread{X: sub()}
			}
			return sub()
		})}
	case 12:
		return g.object(depth - 1)
	case 13, 14:
		return g.lambda(depth - 1)
	case 15:
		f := g.function(depth - 1)
		if g.bool() {
			f.Name = nil
		}
		return f
	case 16:
		return &ast.Paren{X: sub()}
	case 17:
		return g.template(depth - 1)
	case 18:
		return g.control(depth - 1).(ast.Expr)
	}
	return g.leaf()
}

func (g generator) target(depth int) ast.Expr {
	switch g.n(3) {
	case 0:
		return &ast.Member{X: g.ident(), Op: token.Dot, Name: g.ident()}
	case 1:
		return &ast.Index{X: g.ident(), Index: g.expr(depth)}
	}
	return g.ident()
}

func (g generator) args(depth int) []ast.Expr {
	args := some(g, 0, 3, func() ast.Expr {
		if g.n(6) == 0 {
			return &ast.Spread{X: g.expr(depth)}
		}
		return g.expr(depth)
	})
	if g.n(4) == 0 {
		args = append(args, &ast.NamedArg{Name: g.ident(), Value: g.expr(depth)})
	}
	return args
}

func (g generator) object(depth int) *ast.ObjectLit {
	o := &ast.ObjectLit{Props: some(g, 0, 4, func() *ast.Property {
		value := g.expr(depth)
		switch g.n(7) {
		case 0:
			return &ast.Property{Key: g.str(), Value: value}
		case 1:
			return &ast.Property{Key: g.number(), Value: value}
		case 2:
			return &ast.Property{Computed: true, Key: g.expr(depth), Value: value}
		case 3:
			id := g.ident()
			return &ast.Property{Shorthand: true, Key: id, Value: id}
		case 4:
			f := g.function(depth)
			f.Keyword, f.Name = ast.KeywordMethod, nil
			return &ast.Property{Method: true, Key: g.ident(), Value: f}
		case 5:
			return &ast.Property{Value: &ast.Spread{X: value}}
		}
		return &ast.Property{Key: g.ident(), Value: value}
	})}
	if len(o.Props) > 0 && o.Props[0].Method {
		// With more between ")" and "{" it would open a block with a call.
		f := o.Props[0].Value.(*ast.FuncLit)
		f.Result, f.Confidence = nil, nil
	}
	return o
}

func (g generator) template(depth int) ast.Expr {
	t := &ast.Template{Quote: pick(g, `"`, "```"), Exprs: some(g, 1, 2, func() ast.Expr { return g.expr(depth) })}
	for range len(t.Exprs) + 1 {
		t.Texts = append(t.Texts, ast.TemplateText{Value: pick(g, "", "x ", "a\n", "`", `"`, "$")})
	}
	return t
}

func (g generator) lambda(depth int) *ast.FuncLit {
	f := &ast.FuncLit{Keyword: ast.KeywordArrow, Async: g.n(5) == 0, Parens: g.bool(), Params: g.params(depth)}
	if g.n(5) == 0 {
		f.Result = &ast.NamedType{Name: g.ident()}
	}
	if g.bool() {
		f.Expr = g.expr(depth)
		if _, block := f.Expr.(*ast.Block); !block {
			return f
		}
		f.Expr = nil
	}
	f.Body = g.block(depth)
	return f
}

func (g generator) function(depth int) *ast.FuncLit {
	f := &ast.FuncLit{
		Keyword: pick(g, ast.KeywordFn, ast.KeywordFunction), Async: g.n(5) == 0,
		Name: g.ident(), Params: g.params(depth), Body: g.block(depth),
	}
	if g.n(3) == 0 {
		f.Result = g.typ(2)
	}
	if g.n(5) == 0 {
		f.Confidence = g.expr(depth)
	}
	return f
}

func (g generator) params(depth int) []*ast.Param {
	params := some(g, 0, 3, func() *ast.Param {
		p := &ast.Param{Pattern: g.bindPattern(depth), Optional: g.n(6) == 0}
		if g.n(5) == 0 {
			p.Type = g.typ(2)
		}
		if g.n(5) == 0 {
			p.Default = g.expr(depth)
		}
		return p
	})
	if g.n(6) == 0 {
		params = append(params, &ast.Param{Pattern: g.bindPattern(depth), Rest: true})
	}
	return params
}

func (g generator) bindPattern(depth int) ast.Pattern {
	return g.pattern(depth, func() ast.Pattern { return &ast.IdentPattern{Name: g.ident()} })
}

func (g generator) assignPattern(depth int) ast.Pattern {
	return g.pattern(depth, func() ast.Pattern {
		t := g.target(depth - 1)
		if id, ok := t.(*ast.Ident); ok {
			return &ast.IdentPattern{Name: id}
		}
		return &ast.TargetPattern{Target: t}
	})
}

func (g generator) matchPattern(depth int) ast.Pattern {
	p := g.pattern(depth, func() ast.Pattern {
		switch g.n(6) {
		case 0:
			return &ast.Wildcard{}
		case 1:
			return &ast.LiteralPattern{Value: g.leafLiteral()}
		case 2:
			return &ast.RangePattern{Lo: g.number(), Hi: g.number()}
		case 3:
			return &ast.IdentPattern{Name: g.ident(), Type: &ast.NamedType{Name: &ast.Ident{Name: "string"}}}
		}
		return &ast.IdentPattern{Name: g.ident()}
	})
	// Behind "x: T" a literal would be an alternative of the type.
	if id, ok := p.(*ast.IdentPattern); g.n(5) == 0 && (!ok || id.Type == nil) {
		return &ast.AltPattern{Alts: []ast.Pattern{p, &ast.LiteralPattern{Value: g.leafLiteral()}}}
	}
	return p
}

func (g generator) leafLiteral() ast.Expr {
	switch g.n(4) {
	case 0:
		return &ast.Unary{Op: token.Minus, X: g.number()}
	case 1:
		return g.str()
	case 2:
		return &ast.BoolLit{Value: g.bool()}
	}
	return g.number()
}

// pattern builds nested array and object patterns around the leaves.
func (g generator) pattern(depth int, leaf func() ast.Pattern) ast.Pattern {
	if depth <= 0 || g.n(3) > 0 {
		return leaf()
	}
	elem := func() *ast.PatternElem {
		e := &ast.PatternElem{Pattern: g.pattern(depth-1, leaf)}
		if g.n(6) == 0 {
			e.Threshold = g.expr(1)
		}
		if g.n(6) == 0 {
			e.Default = g.expr(depth - 1)
		}
		return e
	}
	rest := func(elems []*ast.PatternElem) []*ast.PatternElem {
		if g.n(4) == 0 {
			elems = append(elems, &ast.PatternElem{Rest: true, Pattern: leafName(leaf)})
		}
		return elems
	}
	if g.bool() {
		return &ast.ArrayPattern{Elems: rest(some(g, 0, 3, func() *ast.PatternElem {
			if g.n(6) == 0 {
				return &ast.PatternElem{}
			}
			return elem()
		}))}
	}
	return &ast.ObjectPattern{Elems: rest(some(g, 0, 3, func() *ast.PatternElem {
		e := elem()
		switch g.n(3) {
		case 0:
			id := g.ident()
			e.Key, e.Shorthand, e.Pattern = id, true, &ast.IdentPattern{Name: id}
		case 1:
			e.Key = g.str()
		default:
			e.Key = g.ident()
		}
		return e
	}))}
}

// leafName returns a leaf that is a name, for the rest of a pattern.
func leafName(leaf func() ast.Pattern) ast.Pattern {
	if id, ok := leaf().(*ast.IdentPattern); ok && id.Type == nil {
		return id
	}
	return &ast.IdentPattern{Name: &ast.Ident{Name: "others"}}
}

func (g generator) typ(depth int) ast.TypeExpr {
	if depth <= 0 {
		return &ast.NamedType{Name: &ast.Ident{Name: pick(g, "number", "string", "any")}}
	}
	sub := func() ast.TypeExpr { return g.typ(depth - 1) }
	switch g.n(9) {
	case 0:
		return &ast.LiteralType{Value: g.leafLiteral()}
	case 1:
		return &ast.ArrayType{Elem: sub()}
	case 2:
		return &ast.TupleType{Elems: some(g, 0, 3, sub)}
	case 3:
		return &ast.ObjectType{Fields: some(g, 0, 3, func() *ast.TypeField {
			return &ast.TypeField{Name: pick(g, "a", "b c", "if"), Optional: g.bool(), Type: sub()}
		})}
	case 4:
		return &ast.FuncType{Params: some(g, 0, 2, sub), Result: sub()}
	case 5:
		return &ast.UnionType{Alts: some(g, 2, 3, sub)}
	case 6:
		c := &ast.ConfidentType{Type: sub(), Lo: &ast.NumberLit{Value: 0.5}}
		if g.bool() {
			c.Hi = &ast.NumberLit{Value: 0.75}
		}
		return c
	case 7:
		return &ast.NamedType{Name: &ast.Ident{Name: "Promise"}, Args: some(g, 1, 2, sub)}
	}
	return g.typ(0)
}

func (g generator) block(depth int) *ast.Block {
	return &ast.Block{Stmts: some(g, 0, 3, func() ast.Stmt { return g.stmt(depth) })}
}

func (g generator) stmt(depth int) ast.Stmt {
	switch g.n(12) {
	case 0:
		d := &ast.VarDecl{Decls: some(g, 1, 2, func() *ast.Declarator {
			d := &ast.Declarator{Pattern: g.bindPattern(depth - 1), Value: g.expr(depth)}
			if g.n(4) == 0 {
				d.Type = g.typ(2)
			}
			if g.n(6) == 0 {
				d.Threshold = g.expr(1)
			}
			return d
		})}
		d.Const = g.bool()
		return d
	case 1, 2:
		return &ast.Assign{Target: g.target(depth - 1), Op: pick(g, token.Assign, token.PlusAssign, token.NullishAssign, token.AttachAssign), Value: g.expr(depth)}
	case 3:
		a := &ast.Assign{Op: token.Assign, Value: g.expr(depth)}
		if a.Pattern = g.assignPattern(2); !isNested(a.Pattern) {
			a.Pattern = &ast.ArrayPattern{Elems: []*ast.PatternElem{{Pattern: a.Pattern}}}
		}
		if g.n(4) == 0 {
			a.Threshold = g.expr(0)
		}
		return a
	case 4:
		if depth > 0 {
			return g.control(depth - 1)
		}
	case 5:
		if depth > 0 {
			return g.loop(depth - 1)
		}
	case 6:
		if depth > 0 {
			return &ast.FuncDecl{Func: g.function(depth - 1)}
		}
	case 7:
		return pick[ast.Stmt](g, &ast.Break{}, &ast.Continue{}, &ast.Return{}, &ast.Return{X: g.expr(depth)}, &ast.Throw{X: g.expr(depth)})
	case 8:
		return &ast.TypeDecl{Name: g.ident(), Type: g.typ(3)}
	case 9:
		return &ast.AgentsDecl{Agents: some(g, 0, 2, func() *ast.AgentDecl {
			return &ast.AgentDecl{Name: g.ident(), Value: g.object(1)}
		})}
	}
	return &ast.ExprStmt{X: g.expr(depth)}
}

func isNested(p ast.Pattern) bool {
	switch p.(type) {
	case *ast.ArrayPattern, *ast.ObjectPattern:
		return true
	}
	return false
}

func (g generator) body(depth int) ast.Stmt {
	if g.n(3) == 0 {
		return pick[ast.Stmt](g, &ast.Break{}, &ast.Return{}, &ast.ExprStmt{X: g.expr(depth)},
			&ast.Assign{Target: g.target(1), Op: token.Assign, Value: g.expr(depth)})
	}
	return g.block(depth)
}

func (g generator) branches(depth int) []*ast.LevelBranch {
	all := []*ast.LevelBranch{}
	for _, l := range []ast.Level{ast.High, ast.Medium, ast.Low, ast.Default} {
		if g.bool() {
			all = append(all, &ast.LevelBranch{Level: l, Body: g.block(depth)})
		}
	}
	return all
}

func (g generator) loop(depth int) ast.Stmt {
	switch g.n(5) {
	case 0:
		f := &ast.For{Body: g.body(depth)}
		if g.bool() {
			f.Init = &ast.VarDecl{Decls: []*ast.Declarator{{Pattern: &ast.IdentPattern{Name: g.ident()}, Value: g.expr(depth)}}}
		}
		if g.bool() {
			f.Cond = g.expr(depth)
		}
		if g.bool() {
			f.Post = &ast.Assign{Target: g.ident(), Op: token.PlusAssign, Value: g.expr(depth)}
		}
		if g.n(4) == 0 {
			f.Body, f.Branches = nil, g.branches(depth)
			f.High, f.Medium = g.expr(1), g.expr(1)
		}
		return f
	case 1, 2:
		f := &ast.ForIn{Declare: g.bool(), First: g.bindPattern(2), X: g.expr(depth), Body: g.body(depth)}
		f.Const = f.Declare && g.bool()
		if g.bool() {
			f.Second = g.bindPattern(1)
		}
		return f
	case 3:
		return &ast.DoWhile{Body: g.body(depth), Cond: g.expr(depth)}
	}
	w := &ast.While{Cond: g.expr(depth), Body: g.body(depth)}
	if g.n(4) == 0 {
		w.Body, w.Branches = nil, g.branches(depth)
	}
	return w
}

// control builds what is a statement and an expression.
func (g generator) control(depth int) ast.Stmt {
	options := func() []*ast.Constraint {
		return some(g, 0, 2, func() *ast.Constraint {
			return &ast.Constraint{Name: &ast.Ident{Name: pick(g, "timeout", "wait_all")}, Args: g.args(0)}
		})
	}
	switch g.n(9) {
	case 0:
		n := &ast.If{Cond: g.expr(depth), Then: g.body(depth)}
		if g.bool() {
			n.Else = g.body(depth)
		}
		if g.n(4) == 0 {
			n.Else = &ast.If{Cond: g.expr(depth), Then: g.body(depth), Else: g.body(depth)}
		}
		return n
	case 1:
		u := &ast.UncertainIf{Cond: g.expr(depth), Branches: g.branches(depth)}
		if g.bool() {
			u.High = g.expr(1)
			if g.bool() {
				u.Medium = g.expr(1)
			}
		}
		return u
	case 2:
		return &ast.Match{X: g.expr(depth), Arms: some(g, 0, 3, func() *ast.Arm {
			a := &ast.Arm{Pattern: g.matchPattern(2), Body: g.expr(depth)}
			if g.n(4) == 0 {
				a.Threshold = g.number()
			}
			if g.n(4) == 0 {
				a.Guard = g.expr(depth)
			}
			return a
		})}
	case 3:
		t := &ast.Try{Body: g.block(depth)}
		if t.Catch = g.block(depth); g.bool() {
			t.Param = g.bindPattern(1)
		}
		if g.bool() {
			t.Finally = g.block(depth)
		}
		return t
	case 4:
		c := &ast.Context{Name: g.ident(), Body: g.block(depth)}
		if g.bool() {
			c.To = g.ident()
		}
		return c
	case 5:
		p := &ast.Parallel{Body: g.block(depth)}
		if g.bool() {
			p.Agents, p.Options = g.agents(), options()
		}
		return p
	case 6:
		return &ast.Sequential{Body: g.block(depth)}
	case 7:
		r := &ast.Race{Agents: g.agents(), Options: options(), Body: g.block(depth)}
		if g.bool() {
			r.Until = g.expr(depth)
		}
		return r
	}
	return &ast.WithAgents{Args: g.args(depth), Body: g.block(depth)}
}

func (g generator) agents() ast.Expr {
	return pick[ast.Expr](g, &ast.Ident{Name: "team"}, &ast.ArrayLit{Elems: []ast.Expr{g.ident()}},
		&ast.Call{Fun: &ast.Ident{Name: "select"}, Args: g.args(0)})
}

func (g generator) topLevel() ast.Stmt {
	names := func() []*ast.ImportName {
		return some(g, 0, 3, func() *ast.ImportName {
			n := &ast.ImportName{Name: g.ident()}
			if n.Alias = n.Name; g.bool() {
				n.Alias = g.ident()
			}
			return n
		})
	}
	path := &ast.StringLit{Value: "./m.prism"}
	switch g.n(9) {
	case 0:
		return &ast.Import{Names: names(), Path: path}
	case 1:
		return &ast.Import{Default: g.ident(), Namespace: g.ident(), Path: path}
	case 2:
		return &ast.Export{Names: names()}
	case 3:
		return &ast.Export{All: true, Path: path}
	case 4:
		return &ast.Export{Default: g.expr(3)}
	case 5:
		return &ast.Export{Decl: &ast.FuncDecl{Func: g.function(2)}}
	case 6:
		p := &ast.PatternDecl{Name: g.ident(), Body: g.block(3)}
		if g.bool() {
			p.Version = "1.2.0"
		}
		if g.bool() {
			p.Input = &ast.InputDecl{Fields: some(g, 0, 3, func() *ast.InputField {
				return &ast.InputField{Name: g.ident(), Optional: g.bool(), Type: g.typ(2), Constraints: some(g, 0, 2, func() *ast.Constraint {
					if g.n(3) == 0 {
						return &ast.Constraint{Name: &ast.Ident{Name: "items"}, Items: []*ast.Constraint{{Name: &ast.Ident{Name: "required"}}}}
					}
					return &ast.Constraint{Name: &ast.Ident{Name: pick(g, "min", "default")}, Args: []ast.Expr{g.number()}}
				})}
			})}
		}
		return p
	}
	return g.stmt(3)
}

// TestGeneratedTrees prints random trees and parses them back.
func TestGeneratedTrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := generator{t}
		file := &ast.File{Stmts: some(g, 1, 4, g.topLevel)}
		out := Node(file)
		parsed, diags := parser.ParseFile(source.NewFile("out.prism", out))
		if diags.HasErrors() {
			t.Fatalf("the text has errors: %v\n%s", diags[0], out)
		}
		if want, got := dump(file), dump(parsed); want != got {
			t.Fatalf("the tree changed (-want +got):\n%s\n%s", diffAround(want, got), out)
		}
		again, _ := Source(source.NewFile("out.prism", out))
		if again != out {
			t.Fatalf("formatting again changes the text (-once +twice):\n%s\n%s", Diff(out, again, "x"), out)
		}
	})
}
