package parser

import (
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// concurrencyShape reports whether the word that is next (parallel, sequential,
// race or with_agents) stands before its own shape and is no ordinary name.
func (p *parser) concurrencyShape() bool {
	word := p.text()
	t := p.peek(1)
	if t.nl {
		return false
	}
	// What follows the brackets at token t must be a body or an option.
	bodyAfter := func() bool {
		m := int(t.match)
		if m < 0 || p.toks[m+1].nl {
			return false
		}
		switch p.at(m + 1) {
		case token.LBrace:
			return !p.head
		case token.Ident:
			v := p.raw[m+1].Value
			return v != "in" && v != "and" && v != "or"
		case token.Dot:
			return word != "with_agents" && p.bodyOnLine(m+1)
		}
		return false
	}
	switch word {
	case "sequential":
		return t.kind == token.LBrace && !p.head
	case "with_agents":
		return t.kind == token.LParen && bodyAfter()
	}
	switch t.kind {
	case token.LBrace:
		return !p.head
	case token.Ident:
		if !p.head {
			return p.raw[p.pos+1].Value != "in" && p.bodyOnLine(p.pos+1)
		}
		return p.raw[p.pos+1].Value != "in"
	case token.LParen, token.LBracket:
		return bodyAfter()
	}
	return false
}

// maxHead bounds the tokens between "parallel" and its body, brackets counting
// as one.
const maxHead = 60

// bodyOnLine reports whether a "{" follows on the line of token i, outside
// other brackets.
func (p *parser) bodyOnLine(i int) bool {
	first := true
	for end := min(len(p.toks), i+maxHead); i < end; i++ {
		t := &p.toks[i]
		if t.nl && !first && t.kind != token.LBrace && t.kind != token.Ident && t.kind != token.EOF {
			return false
		}
		first = false
		switch t.kind {
		case token.LBrace:
			return true
		case token.LParen, token.LBracket:
			if t.match < 0 {
				return false
			}
			i = int(t.match)
		case token.Ident, token.Dot, token.QuestionDot, token.ConfDot:
		case token.EOF:
			p.cut = true // the body may stand in the next section
			return false
		default:
			return false
		}
	}
	return false
}

// concurrency parses parallel, sequential, race and with_agents.
func (p *parser) concurrency() control {
	start := p.start()
	word := p.text()
	p.next()
	switch word {
	case "sequential":
		n := &ast.Sequential{Body: p.block("the body of `sequential`")}
		n.Span = p.from(start)
		return n
	case "with_agents":
		n := &ast.WithAgents{Args: p.args("`with_agents`")}
		n.Body = p.block("the body of `with_agents`")
		n.Span = p.from(start)
		return n
	case "race":
		n := &ast.Race{}
		if p.kind == token.LBrace {
			p.report(expectedExpression, p.here(), "a `race` needs agents").
				WithHint("write `race agents { ... }`; `race([...])` races promises")
			n.Agents = &ast.BadExpr{Span: p.gap()}
		} else {
			n.Agents, n.Options = p.agentsHead()
		}
		n.Body = p.block("the body of `race`")
		if p.word("until") && p.peek(1).kind == token.LParen {
			p.next()
			n.Until = p.primaryParen()
		}
		n.Span = p.from(start)
		return n
	}
	n := &ast.Parallel{}
	if p.kind != token.LBrace {
		n.Agents, n.Options = p.agentsHead()
	}
	n.Body = p.block("the body of `parallel`")
	n.Span = p.from(start)
	return n
}

// primaryParen parses ( e ) and returns e.
func (p *parser) primaryParen() ast.Expr {
	x := p.paren(p.start())
	if n, ok := x.(*ast.Paren); ok {
		return n.X
	}
	return x
}

// agentsHead parses the agents and the options of parallel and race.
func (p *parser) agentsHead() (ast.Expr, []*ast.Constraint) {
	outer := p.flags
	p.flags = flags{head: true}
	agents := p.postfix(p.primary())
	p.flags = outer
	var options []*ast.Constraint
	for p.kind == token.Ident {
		options = append(options, p.constraint())
	}
	return agents, options
}

// constraint parses name or name(args).
func (p *parser) constraint() *ast.Constraint {
	c := &ast.Constraint{Span: p.here()}
	c.Name = p.ident()
	if p.kind == token.LParen && !p.newline() {
		if c.Name.Name == "items" {
			c.Items = p.itemConstraints()
		} else {
			c.Args = p.args("`" + c.Name.Name + "`")
		}
	}
	c.Span = p.from(c.Start)
	return c
}

// itemConstraints parses the constraints in items(...).
func (p *parser) itemConstraints() []*ast.Constraint {
	items := []*ast.Constraint{}
	open := p.pos
	p.next()
	if p.enter() {
		for p.kind != token.RParen && p.kind != token.EOF {
			if p.kind != token.Ident {
				p.fail(expectedName, p.place(), "expected a constraint in `items`, found %s", p.describe()).
					WithHint("write `items(min_length(1), max_length(10))`")
				break
			}
			items = append(items, p.constraint())
			p.accept(token.Comma)
		}
	}
	p.leave()
	p.closeBracket(token.RParen, open, "`items`")
	return items
}

// contextNode parses in context Name { ... } [-> Other].
func (p *parser) contextNode() control {
	n := &ast.Context{Span: source.Span{Start: p.start()}}
	p.next()
	if !p.word("context") {
		p.fail(expectedToken, p.place(), "expected `context` after `in`, found %s", p.describe()).
			WithHint("write `in context Name { ... }`")
		n.Name, n.Body = p.badIdent(), &ast.Block{Span: p.gap()}
		n.Span = p.from(n.Start)
		return n
	}
	p.next()
	n.Name = p.name("for the context")
	n.Body = p.block("the context")
	if p.kind == token.ThinArrow {
		p.next()
		n.To = p.name("after `->`")
	}
	n.Span = p.from(n.Start)
	return n
}

// agentsShape reports whether the word agents begins a declaration.
func (p *parser) agentsShape() bool {
	if !p.sameLine(1, token.LBrace) {
		return false
	}
	name, colon := p.peek(2), p.peek(3)
	return name.kind == token.RBrace || isName(name.kind) && colon.kind == token.Colon ||
		name.kind == token.Ident && (colon.kind == token.LBrace || colon.kind == token.Comma)
}

// agentsDecl parses agents { Name: { ... } ... }.
func (p *parser) agentsDecl(start int32) ast.Stmt {
	n := &ast.AgentsDecl{Agents: []*ast.AgentDecl{}}
	p.next()
	open := p.pos
	p.next()
	outer := p.context()
	limit := p.narrow(open)
	for p.kind != token.RBrace && p.kind != token.EOF {
		if p.accept(token.Comma) || p.accept(token.Semicolon) {
			continue
		}
		first := p.pos
		p.first = first
		a := &ast.AgentDecl{Span: source.Span{Start: p.start()}}
		a.Name = p.name("for an agent")
		if !p.accept(token.Colon) {
			p.fail(expectedToken, p.place(), "expected `:` after the name of the agent, found %s", p.describe()).
				WithHint("write `Name: { role: \"...\", capabilities: [...] }`")
		}
		if p.kind == token.LBrace {
			a.Value = p.object(p.start())
		} else {
			p.fail(expectedToken, p.place(), "expected `{` and the properties of the agent, found %s", p.describe()).
				WithHint("write `Name: { role: \"...\", capabilities: [...] }`")
			a.Value = &ast.BadExpr{Span: p.gap()}
		}
		a.Span = p.from(a.Start)
		n.Agents = append(n.Agents, a)
		if p.failed && !p.recoverItem(first, open) {
			break
		}
	}
	p.limit = limit
	p.restore(outer)
	p.closeBrace(open, "the `agents` declaration")
	n.Span = p.from(start)
	return n
}

// patternDecl parses pattern name [vX.Y.Z] { [input { ... }] ... }.
func (p *parser) patternDecl(start int32) ast.Stmt {
	n := &ast.PatternDecl{}
	p.next()
	if p.kind == token.LBrace {
		p.report(expectedName, p.here(), "expected a name for the pattern, found `{`").
			WithHint("write `pattern name { ... }`")
		n.Name = p.badIdent()
	} else {
		n.Name = p.name("for the pattern")
	}
	if p.kind == token.Ident {
		v := p.text()
		if len(v) > 1 && v[0] == 'v' && v[1] >= '0' && v[1] <= '9' {
			n.Version = v[1:]
			p.next()
		}
	} else if p.kind == token.Number {
		p.report(expectedToken, p.here(), "a version begins with `v`").
			WithHint("write `v%s`", p.text()).WithFix("Insert `v`", fix(source.Span{Start: p.start(), End: p.start()}, "v"))
		p.next()
	}
	what := "the pattern"
	if n.Name.Name != "" {
		what = "the pattern `" + n.Name.Name + "`"
	}
	n.Body = &ast.Block{}
	if p.kind != token.LBrace {
		d := p.fail(expectedBlock, p.place(), "expected `{` to open %s, found %s", what, p.describe())
		if p.cur().kind == token.LParen {
			d.WithHint("what a pattern takes stands in its `input { name: type }` block")
		}
		n.Body.Span = p.gap()
		n.Span = p.from(start)
		return n
	}
	open := p.pos
	bodyStart := p.start()
	p.next()
	outer := p.context()
	for p.word("input") && (p.sameLine(1, token.LBrace) || p.sameLine(1, token.Colon) && p.sameLine(2, token.LBrace)) {
		if n.Input != nil {
			p.report(duplicateInput, p.here(), "the pattern has two `input` blocks").
				WithHint("merge them").WithRelated(n.Input.Span, "the first one")
			p.inputDecl()
			continue
		}
		first := p.pos
		n.Input = p.inputDecl()
		if p.failed && !p.fatal {
			p.recover(first, open)
		}
		for p.accept(token.Semicolon) {
		}
	}
	n.Body.Stmts = p.stmtList(open)
	p.restore(outer)
	p.closeBrace(open, what)
	n.Body.Span = p.from(bodyStart)
	n.Span = p.from(start)
	return n
}

// inputShape reports whether the "{" behind the word input holds fields.
func (p *parser) inputShape() bool {
	if !isName(p.peek(2).kind) || p.peek(3).kind != token.Colon {
		return false
	}
	t := p.peek(4)
	return t.kind == token.Ident && strings.Contains(" string number boolean any object array ", " "+p.raw[p.pos+4].Value+" ")
}

// inputDecl parses input { name: type constraints ... }.
func (p *parser) inputDecl() *ast.InputDecl {
	n := &ast.InputDecl{Span: source.Span{Start: p.start()}, Fields: []*ast.InputField{}}
	p.next()
	if p.kind == token.Colon {
		p.report(expectedToken, p.here(), "expected `{` to open the `input` block, found `:`").
			WithHint("write `input { name: type }`").WithFix("Remove it", fix(p.here(), ""))
		p.next()
	}
	open := p.pos
	p.next()
	outer := p.context()
	limit := p.narrow(open)
	for p.kind != token.RBrace && p.kind != token.EOF {
		if p.accept(token.Comma) || p.accept(token.Semicolon) {
			continue
		}
		first := p.pos
		p.first = first
		n.Fields = append(n.Fields, p.inputField())
		if p.failed && !p.recoverItem(first, open) {
			break
		}
	}
	p.limit = limit
	p.restore(outer)
	p.closeBrace(open, "the `input` block")
	n.Span = p.from(n.Start)
	return n
}

func (p *parser) inputField() *ast.InputField {
	f := &ast.InputField{Span: source.Span{Start: p.start()}}
	if isName(p.kind) {
		f.Name = p.ident()
	} else {
		p.fail(expectedName, p.place(), "expected the name of an input field, found %s", p.describe()).
			WithHint("write `name: type`")
		f.Name = p.badIdent()
	}
	f.Optional = p.accept(token.Question)
	// What an object is made of can stand right behind the name.
	nested := p.kind == token.LBrace && !p.newline() && !p.failed
	if nested || p.expect(token.Colon, "and a type after the name of the input field") {
		p.inputType = true
		f.Type = p.typeExpr()
		p.inputType = false
	} else {
		f.Type = &ast.BadType{Span: p.gap()}
	}
	f.Constraints = p.constraints()
	f.Span = p.from(f.Start)
	return f
}

// constraints parses what stands behind the type of an input field.
func (p *parser) constraints() []*ast.Constraint {
	var list []*ast.Constraint
	for p.kind == token.Ident && p.peek(1).kind != token.Colon &&
		!(p.peek(1).kind == token.Question && p.peek(2).kind == token.Colon) &&
		!(p.peek(1).kind == token.LBrace && p.newline()) {
		list = append(list, p.constraint())
	}
	return list
}

// testDecl parses test "name" { ... }.
func (p *parser) testDecl(start int32) ast.Stmt {
	n := &ast.TestDecl{}
	p.next()
	n.Name = p.stringLit()
	n.Func = &ast.FuncLit{Body: p.block("the test")}
	n.Func.Span = n.Func.Body.Span
	n.Span = p.from(start)
	return n
}
