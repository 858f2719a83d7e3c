package parser

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
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
	case "public", "private", "protected", "pub", "static", "final":
		switch next.kind {
		case token.Function, token.Fn, token.Let, token.Const, token.Async:
			p.report(foreignKeyword, p.here(), "`%s` is not a word of Prism", w).
				WithHint("leave it out; `export` makes a declaration visible to other files").
				WithFix("Remove it", fix(source.Span{Start: start, End: next.start}, ""))
			p.next()
			return p.stmtInside()
		}
	case "local", "val", "my", "auto", "dim", "mut":
		if next.kind == token.Ident && p.peek(2).kind == token.Assign {
			p.reportLet(w)
			return p.varDecl(start)
		}
	case "from":
		if (next.kind == token.Ident || next.kind == token.String) && p.sameLine(2, token.Import) {
			word := p.here()
			p.seek(p.pos + 3) // "import" would begin a statement of its own
			p.fail(foreignKeyword, word, "an import does not begin with `from`").
				WithHint("write `import {a, b} from \"./file.prism\"`")
			return &ast.BadStmt{Span: p.from(start)}
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
	if next.kind == token.Ident && p.peek(2).kind == token.Assign && typeWords[p.text()] {
		p.reportLet(p.text())
		return p.varDecl(start)
	}
	return nil
}

// typeWords are the names of types that declarations of other languages begin
// with.
var typeWords = map[string]bool{
	"int": true, "integer": true, "float": true, "double": true, "long": true, "number": true, "string": true,
	"String": true, "str": true, "bool": true, "boolean": true, "char": true, "any": true, "object": true,
	"i32": true, "i64": true, "f64": true,
}

// reportLet reports a word that begins the declaration of a variable in another
// language, which is next, and makes "let" of it.
func (p *parser) reportLet(w string) {
	d := p.report(foreignKeyword, p.here(), "`%s` does not begin a declaration", w)
	d.WithHint("write `let`").WithFix("Replace by `let`", fix(p.here(), "let"))
	if typeWords[w] {
		d.Hint = "write `let name = ...`; a type stands behind the name: `let name: string = ...`"
	}
	p.toks[p.pos].kind, p.kind = token.Let, token.Let
}

// passForeign reports a word that other languages put here and passes it. The
// fix removes it.
func (p *parser) passForeign(message, hint string) {
	p.report(foreignKeyword, p.here(), "%s", message).
		WithHint("%s", hint).WithFix("Remove it", fix(source.Span{Start: p.start(), End: p.peek(1).start}, ""))
	p.next()
}

// passThen passes "then" between a condition and its body.
func (p *parser) passThen() {
	if !p.word("then") || p.newline() {
		return
	}
	switch next := p.peek(1); {
	case next.nl || next.kind == token.LBrace || next.kind == token.EOF:
	case next.kind == token.LParen, next.kind == token.LBracket, next.kind == token.Minus:
		return
	case !beginsOperand(next.kind) && !startsStatement[next.kind]:
		return
	}
	p.passForeign("`then` is not a word of Prism", "the body follows the condition: `if c { ... }`")
}

// passDo passes "do" between the head of a loop and its body.
func (p *parser) passDo(loop string) {
	if p.kind != token.Do || p.newline() || p.peek(1).kind != token.LBrace {
		return
	}
	if m := int(p.peek(1).match); m >= 0 && p.at(m+1) == token.While {
		return // the body is a do ... while
	}
	p.passForeign("a `"+loop+"` has no `do`", "the body follows the head: `"+loop+" ... { ... }`")
}

// foreignComparison fails at "<>", "=<", "<<" and ">>"; the second of the two
// marks is next.
func (p *parser) foreignComparison() bool {
	if p.pos == 0 || p.toks[p.pos-1].end != p.cur().start {
		return false
	}
	span := spanBetween(p.spanOf(p.pos-1), p.here())
	switch last := p.toks[p.pos-1].kind; {
	case last == token.Less && p.kind == token.Greater:
		p.fail(foreignOperator, span, "`<>` is not an operator").
			WithHint("write `!=`").WithFix("Replace by `!=`", fix(span, "!="))
	case last == token.Assign && p.kind == token.Less:
		p.fail(foreignOperator, span, "`=<` is not an operator").
			WithHint("write `<=`").WithFix("Replace by `<=`", fix(span, "<="))
	case last == p.kind:
		p.fail(foreignOperator, span, "`%[1]s%[1]s` is not an operator", p.kind).
			WithHint("there are no bit operators; `a * 2 ** n` shifts a number to the left, `floor(a / 2 ** n)` to the right")
	default:
		return false
	}
	return true
}

// arrowAt returns how many tokens from index i on make the arrow of a lambda,
// those of other languages included: "=>", "->", "==>" and "===>".
func (p *parser) arrowAt(i int) int {
	switch p.at(i) {
	case token.Arrow, token.ThinArrow:
		return 1
	case token.Equal, token.Same:
		if p.at(i+1) == token.Greater && p.toks[i+1].start == p.toks[i].end {
			return 2
		}
	}
	return 0
}

// arrow passes the arrow of a lambda.
func (p *parser) arrow() {
	if p.kind == token.Arrow || p.failed || p.arrowAt(p.pos) == 0 {
		p.expect(token.Arrow, "after the parameters")
		return
	}
	n := p.arrowAt(p.pos)
	span := spanBetween(p.here(), p.spanOf(p.pos+n-1))
	mark := "->"
	if n == 2 {
		mark = p.kind.String() + ">"
	}
	p.report(foreignOperator, span, "`%s` does not make a function", mark).
		WithHint("write `=>`").WithFix("Replace by `=>`", fix(span, "=>"))
	for range n {
		p.next()
	}
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
		hint := "call the function without it"
		if p.wordAt(1, "Error") {
			hint = "any value can be thrown: `throw \"message\"`"
		}
		p.fail(foreignKeyword, p.here(), "`new` is not a word of Prism").WithHint("%s", hint)
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
