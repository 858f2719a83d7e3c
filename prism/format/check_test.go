package format

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// checkSource formats a text without syntax errors and checks what holds of
// every text: the tree is the same, no comment is lost, and formatting again
// changes nothing. It returns the result.
func checkSource(t *testing.T, src string) string {
	t.Helper()
	return checkWidth(t, src, Width)
}

func checkWidth(t *testing.T, src string, width int) string {
	t.Helper()
	before, diags := parser.ParseFile(source.NewFile("in.prism", src))
	if diags.HasErrors() {
		t.Fatalf("the input has errors: %v\n%s", diags[0], src)
	}
	out, _ := formatSource(source.NewFile("in.prism", src), width)
	after, diags := parser.ParseFile(source.NewFile("out.prism", out))
	if diags.HasErrors() {
		t.Fatalf("the result has errors: %v\n--- input\n%s\n--- output\n%s", diags[0], src, out)
	}
	if want, got := dump(before), dump(after); want != got {
		t.Fatalf("the tree changed (-want +got):\n%s\n--- input\n%s\n--- output\n%s", diffAround(want, got), src, out)
	}
	if diff := cmp.Diff(commentTexts(before), commentTexts(after)); diff != "" {
		t.Fatalf("the comments changed (-want +got):\n%s\n--- input\n%s\n--- output\n%s", diff, src, out)
	}
	again, _ := formatSource(source.NewFile("out.prism", out), width)
	if again != out {
		t.Fatalf("formatting again changes the text (-once +twice):\n%s\n--- input\n%s", Diff(out, again, "x"), src)
	}
	return out
}

// diffAround shortens two dumps to the place where they part.
func diffAround(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, i-80):min(len(s), i+160)] }
	return "- " + cut(a) + "\n+ " + cut(b)
}

// commentTexts returns the texts of a file's comments, sorted, without the
// indentation of their lines.
func commentTexts(f *ast.File) []string {
	var texts []string
	for _, c := range f.Comments {
		lines := strings.Split(c.Text, "\n")
		for i, l := range lines {
			lines[i] = strings.Trim(l, " \t\r\v\f")
		}
		texts = append(texts, strings.Join(lines, "\n"))
	}
	slices.Sort(texts)
	return texts
}

// dump writes a tree as text without what formatting may change: positions,
// spellings, redundant parentheses, braces around single statements.
func dump(v any) string {
	var b strings.Builder
	if f, ok := v.(*ast.File); ok {
		if f.Header != nil {
			for _, e := range f.Header.Entries {
				fmt.Fprintf(&b, "@%s %q\n", e.Key, strings.Fields(e.Value))
			}
		}
		v = f.Stmts
	}
	dumpValue(&b, reflect.ValueOf(v))
	return b.String()
}

var (
	spanType = reflect.TypeFor[source.Span]()
	skipped  = map[string]bool{"ID": true, "Raw": true, "Parens": true}
)

func dumpValue(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		if v.CanInterface() {
			switch n := v.Interface().(type) {
			case *ast.Paren:
				dumpValue(b, reflect.ValueOf(ast.Unparen(n)))
				return
			case *ast.ExprStmt:
				dumpValue(b, reflect.ValueOf(ast.Unparen(n.X)))
				return
			case *ast.Binary:
				dumpBinary(b, n)
				return
			}
		}
		dumpValue(b, v.Elem())
	case reflect.Slice:
		b.WriteString("[")
		for i := range v.Len() {
			dumpValue(b, v.Index(i))
			b.WriteString(" ")
		}
		b.WriteString("]")
	case reflect.Struct:
		t := v.Type()
		b.WriteString(t.Name() + "{")
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Type == spanType || skipped[f.Name] {
				continue
			}
			b.WriteString(f.Name + ":")
			if f.Name == "Then" || f.Name == "Else" || f.Name == "Body" {
				if s, ok := v.Field(i).Interface().(ast.Stmt); ok && f.Type == reflect.TypeFor[ast.Stmt]() {
					dumpBody(b, s)
					b.WriteString(" ")
					continue
				}
			}
			dumpValue(b, v.Field(i))
			b.WriteString(" ")
		}
		b.WriteString("}")
	default:
		if v.Type() == reflect.TypeFor[token.Kind]() {
			fmt.Fprintf(b, "%s", v.Interface())
			return
		}
		fmt.Fprintf(b, "%#v", v.Interface())
	}
}

func dumpBinary(b *strings.Builder, n *ast.Binary) {
	y := n.Y
	fmt.Fprintf(b, "Binary{%s ", n.Op)
	dumpValue(b, reflect.ValueOf(n.X))
	b.WriteString(" ")
	switch n.Op {
	case token.Pipe, token.ConfPipe, token.ThresholdGate:
		// x |> (f(1)) is not x |> f(1).
		if _, ok := y.(*ast.Paren); ok {
			if _, ok := ast.Unparen(y).(*ast.Call); ok {
				b.WriteString("parenthesised ")
			}
		}
	}
	dumpValue(b, reflect.ValueOf(y))
	b.WriteString("}")
}

func dumpBody(b *strings.Builder, s ast.Stmt) {
	if _, ok := s.(*ast.Block); !ok {
		s = &ast.Block{Stmts: []ast.Stmt{s}}
	}
	dumpValue(b, reflect.ValueOf(s))
}
