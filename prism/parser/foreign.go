package parser

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/token"
)

// foreignStmt recognises statements of other languages by their first word; it
// returns nil for ordinary names. What can be understood is reported and parsed
// as the Prism statement that is meant.
func (p *parser) foreignStmt(start int32) ast.Stmt {
	next := p.peek(1)
	if next.nl {
		return nil
	}
	switch w := p.text(); w {
	case "var":
		if next.kind == token.Ident || (next.kind == token.LBracket || next.kind == token.LBrace) && p.destructures(p.pos+1) {
			p.reportVar()
			return p.varDecl(start)
		}
	case "func", "def", "fun":
		if next.kind == token.Ident {
			p.reportFunction(w)
			return p.funcDecl(start)
		}
	case "switch":
		if next.kind == token.LParen || next.kind == token.Ident {
			return p.foreign(start, "`switch` is not a word of Prism", "write `match e { 1 => ..., 2 | 3 => ..., _ => ... }`")
		}
	case "class", "struct", "enum", "interface":
		if next.kind == token.Ident {
			return p.foreign(start, "there are no classes in Prism", "write a function that returns an object, or `type Name = {...}` for its type")
		}
	case "foreach":
		if next.kind == token.Ident || next.kind == token.LParen {
			return p.foreign(start, "`foreach` is not a word of Prism", "write `for x in xs { ... }`")
		}
	case "elif", "elsif", "elseif":
		if beginsOperand(next.kind) {
			return p.foreign(start, "`"+w+"` without an `if` before it", "write `else if` behind the block of an `if`")
		}
	}
	return nil
}

func (p *parser) foreign(start int32, message, hint string) ast.Stmt {
	p.fail(foreignKeyword, p.here(), "%s", message).WithHint("%s", hint)
	return &ast.BadStmt{Span: p.from(start)}
}

// reportVar reports the word var, which is next, and makes it "let".
func (p *parser) reportVar() {
	p.report(foreignKeyword, p.here(), "`var` is not a word of Prism").
		WithHint("write `let`").WithFix("Replace by `let`", fix(p.here(), "let"))
	p.toks[p.pos].kind, p.kind = token.Let, token.Let
}

// reportFunction reports another language's word for a function, which is next,
// and makes the keyword of it.
func (p *parser) reportFunction(w string) {
	p.report(foreignKeyword, p.here(), "`%s` is not a word of Prism", w).
		WithHint("write `function` or `fn`").WithFix("Replace by `fn`", fix(p.here(), "fn"))
	p.toks[p.pos].kind, p.kind = token.Fn, token.Fn
}

// foreignExpr does the same for operands.
func (p *parser) foreignExpr(start int32) ast.Expr {
	next := p.peek(1)
	if next.nl {
		return nil
	}
	w := p.text()
	switch {
	case w == "new" && next.kind == token.Ident:
		p.fail(foreignKeyword, p.here(), "`new` is not a word of Prism").WithHint("call the function without it")
		return &ast.BadExpr{Span: p.gap()}
	case w == "lambda" && (next.kind == token.Ident || next.kind == token.Colon && !p.thenBranch):
		p.fail(foreignKeyword, p.here(), "`lambda` is not a word of Prism").WithHint("write `x => ...` or `(a, b) => ...`")
		return &ast.BadExpr{Span: p.gap()}
	case w != "new" && w != "lambda" && next.kind == token.LParen && next.match >= 0 &&
		p.at(int(next.match)+1) == token.LBrace && !p.toks[next.match+1].nl && !p.head:
		p.reportFunction(w)
		return p.function(start)
	}
	return nil
}
