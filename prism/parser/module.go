package parser

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// topLevel reports an import or export that stands inside a block.
func (p *parser) topLevel() {
	if p.depth > 1 && p.open == 0 { // in a block without "}" it is that one's mistake
		p.report(misplacedModule, p.here(), "`%s` stands at the top level of a file only", p.kind).
			WithHint("move it out of the block")
	}
}

func (p *parser) importStmt(start int32) ast.Stmt {
	p.topLevel()
	n := &ast.Import{}
	p.next()
	if p.kind == token.String {
		n.Path = p.stringLit()
		n.Span = p.from(start)
		return n
	}
	if p.kind == token.Ident {
		n.Default = p.ident()
	}
	if n.Default == nil || p.accept(token.Comma) {
		switch p.kind {
		case token.Star:
			n.Namespace = p.namespace()
		case token.LBrace:
			n.Names = p.importNames("the imported names")
		default:
			p.fail(expectedToken, p.place(), "expected a name, `{` or `*` in the `import`, found %s", p.describe()).
				WithHint("write `import {a, b} from \"./file.prism\"`")
		}
	}
	n.Path = p.fromPath("import")
	n.Span = p.from(start)
	return n
}

// namespace parses * as name.
func (p *parser) namespace() *ast.Ident {
	p.next()
	if !p.word("as") {
		p.fail(expectedToken, p.place(), "expected `as` and a name after `*`, found %s", p.describe())
		return p.badIdent()
	}
	p.next()
	return p.name("after `as`")
}

// fromPath parses from "path".
func (p *parser) fromPath(statement string) *ast.StringLit {
	if !p.word("from") {
		d := p.fail(expectedToken, p.place(), "expected `from` and a path in the `%s`, found %s", statement, p.describe())
		if statement == "import" {
			d.WithHint("write `import {a, b} from \"./file.prism\"`")
		}
		return &ast.StringLit{Span: p.gap()}
	}
	p.next()
	if p.kind != token.String {
		p.fail(expectedToken, p.place(), "expected a path in quotes after `from`, found %s", p.describe()).
			WithHint("write \"./file.prism\" or \"std/module\"")
		return &ast.StringLit{Span: p.gap()}
	}
	return p.stringLit()
}

// importNames parses {a, b as c}.
func (p *parser) importNames(what string) []*ast.ImportName {
	names := []*ast.ImportName{}
	open := p.pos
	p.next()
	for p.kind != token.RBrace && p.kind != token.EOF {
		n := &ast.ImportName{Span: source.Span{Start: p.start()}}
		if !isName(p.kind) {
			p.fail(expectedName, p.place(), "expected a name among %s, found %s", what, p.describe())
			break
		}
		n.Name = p.ident()
		n.Alias = n.Name
		if p.word("as") {
			p.next()
			if isName(p.kind) {
				n.Alias = p.ident()
			} else {
				n.Alias = p.name("after `as`")
			}
		}
		n.Span = p.from(n.Start)
		names = append(names, n)
		if !p.separator(token.RBrace, open, what) {
			break
		}
	}
	p.closeBracket(token.RBrace, open, what)
	return names
}

func (p *parser) exportStmt(start int32) ast.Stmt {
	p.topLevel()
	n := &ast.Export{}
	p.next()
	switch p.kind {
	case token.Let, token.Const:
		n.Decl = p.varDecl(p.start())
	case token.Function, token.Fn, token.Async:
		n.Decl = p.funcDecl(p.start())
		if f, ok := n.Decl.(*ast.FuncDecl); ok && f.Func.Name == nil && !p.failed {
			p.report(expectedName, f.Func.Span, "an exported function needs a name").
				WithHint("name it, or write `export default`")
		}
	case token.LBrace:
		n.Names = p.importNames("the exported names")
		if p.word("from") {
			n.Path = p.fromPath("export")
		}
	case token.Star:
		n.All = true
		if p.wordAt(1, "as") {
			n.Namespace = p.namespace()
		} else {
			p.next()
		}
		n.Path = p.fromPath("export")
	case token.Ident:
		switch {
		case p.text() == "default":
			p.next()
			n.Default = p.expr()
			p.noAssign()
		case p.text() == "type" && p.sameLine(1, token.Ident):
			n.Decl = p.typeDecl(p.start())
		case p.text() == "pattern" && p.sameLine(1, token.Ident):
			n.Decl = p.patternDecl(p.start())
		case p.text() == "agents" && p.agentsShape():
			n.Decl = p.agentsDecl(p.start())
		case isAssign(p.peek(1).kind):
			p.fail(expectedToken, p.here(), "expected a declaration after `export`, found the name `%s`", p.text()).
				WithHint("write `export let %s = ...`", p.text()).
				WithFix("Insert `let`", fix(source.Span{Start: p.start(), End: p.start()}, "let "))
		default:
			p.fail(expectedToken, p.here(), "expected a declaration after `export`, found the name `%s`", p.text()).
				WithHint("write `export {%s}`", p.text())
		}
	default:
		p.fail(expectedToken, p.place(), "expected a declaration, `{`, `*` or `default` after `export`, found %s", p.describe())
	}
	n.Span = p.from(start)
	return n
}
