package graph

import (
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/format"
)

// text is an expression as its author wrote it, on one line. In YAML, where the
// tree is made of calls that nobody wrote, it is what they mean.
func (b *builder) text(n ast.Node) string {
	switch x := n.(type) {
	case nil:
		return ""
	case ast.Expr:
		x = ast.Unparen(x)
		switch x := x.(type) {
		case *ast.StringLit:
			return x.Value
		case *ast.NumberLit:
			if x.Raw == "" {
				return strconv.FormatFloat(x.Value, 'g', -1, 64)
			}
		}
		if b.foreign() {
			return meaning(x)
		}
		n = x
	}
	if b.foreign() {
		return ""
	}
	return strings.Join(strings.Fields(b.file.Source.Text(n.Range())), " ")
}

// foreign reports whether the tree comes from something other than Prism.
func (b *builder) foreign() bool {
	return !strings.HasSuffix(b.file.Source.Name, ".prism") && b.file.Source.Name != "stdin"
}

// comparisons are the functions that stand for operators in patterns from YAML.
var comparisons = map[string]string{"below": "<", "atMost": "<=", "above": ">", "atLeast": ">=", "equal": "==", "holds": "contains", "matches": "matches"}

// meaning writes a tree from YAML the way it reads there: get(a, "b") is a.b,
// below(a, b) is a < b.
func meaning(e ast.Expr) string {
	e = ast.Unparen(e)
	switch e := e.(type) {
	case *ast.Ident:
		return strings.TrimSuffix(e.Name, "_")
	case *ast.NumberLit, *ast.BoolLit, *ast.NullLit:
		return strings.TrimSpace(format.Expr(e))
	case *ast.StringLit:
		return strconv.Quote(e.Value)
	case *ast.FuncLit:
		if e.Expr != nil {
			return meaning(e.Expr)
		}
	case *ast.Unary:
		return e.Op.String() + meaning(e.X)
	case *ast.Binary:
		return meaning(e.X) + " " + e.Op.String() + " " + meaning(e.Y)
	case *ast.Member:
		return meaning(e.X) + "." + e.Name.Name
	case *ast.Template:
		var b strings.Builder
		for i, t := range e.Texts {
			b.WriteString(t.Value)
			if i < len(e.Exprs) {
				b.WriteString("${" + meaning(e.Exprs[i]) + "}")
			}
		}
		return b.String()
	case *ast.Call:
		id, ok := ast.Unparen(e.Fun).(*ast.Ident)
		if !ok || len(e.Args) == 0 {
			break
		}
		switch name := id.Name; {
		case (name == "get" || name == "part" || name == "text" || name == "each") && keys(e.Args[1:]):
			out := meaning(e.Args[0])
			for _, k := range e.Args[1:] {
				out += "." + k.(*ast.StringLit).Value
			}
			return out
		case comparisons[name] != "" && len(e.Args) == 2:
			return meaning(e.Args[0]) + " " + comparisons[name] + " " + meaning(e.Args[1])
		case (name == "isTrue" || name == "val" || name == "show") && len(e.Args) == 1:
			return meaning(e.Args[0])
		}
	}
	return strings.Join(strings.Fields(format.Expr(e)), " ")
}

// keys reports whether all arguments are strings.
func keys(args []ast.Expr) bool {
	for _, a := range args {
		if _, ok := a.(*ast.StringLit); !ok {
			return false
		}
	}
	return true
}
