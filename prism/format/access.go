package format

import (
	"unicode"
	"unicode/utf8"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// link is one step of a chain of calls, members and elements.
type link struct {
	above *doc // comments before it
	doc   *doc
	call  *callDocs // set for a call
	name  bool      // a member, before which the line can break
}

// callDocs are the arguments of a call: whole with brackets, or in the parts of
// a hug when tail is set.
type callDocs struct {
	whole            *doc
	head, tail, rest *doc
	expanded         *doc
}

func (c *callDocs) doc() *doc {
	if c.tail == nil {
		return c.whole
	}
	return hug(c.head, c.tail, c.rest, c.expanded)
}

// segment is what stands on one line of a broken chain: .name(...)[i]
type segment struct {
	above *doc
	docs  []*doc
	calls []*callDocs
	// last is the call that ends the segment, nil if something else does.
	last *callDocs
}

func (s *segment) add(l link) {
	s.last = l.call
	if l.call != nil {
		s.calls = append(s.calls, l.call)
		s.docs = append(s.docs, l.doc, l.call.doc())
		return
	}
	s.docs = append(s.docs, l.above, l.doc)
}

// access prints a chain of calls, members and elements. One with three calls or
// more has each on its own line when it does not fit on one.
func (p *printer) access(e ast.Expr) *doc {
	base, links := p.links(e)
	head := &segment{docs: []*doc{base}}
	segments := splitChain(baseOf(e), head, links)
	if len(segments) == 0 {
		return concat(head.docs...)
	}
	broken := []*doc{}
	flat := append([]*doc{}, head.docs...)
	forced := false
	for _, s := range segments {
		broken = append(broken, s.above, soft)
		broken = append(broken, s.docs...)
		flat = append(flat, s.above)
		flat = append(flat, s.docs...)
		forced = forced || isForced(s.above)
	}
	if len(segments) == 1 && !forced {
		return concat(flat...)
	}
	expanded := concat(append(head.docs, indent(broken...))...)
	last := segments[len(segments)-1]
	if len(segments) > 2 || forced || last.last == nil || last.last.tail == nil {
		return group(expanded)
	}
	call := last.last
	return hug(concat(append(flat[:len(flat)-1:len(flat)-1], call.head)...), call.tail, call.rest, expanded)
}

func baseOf(e ast.Expr) ast.Expr {
	for {
		switch x := e.(type) {
		case *ast.Call:
			e = x.Fun
		case *ast.Member:
			e = x.X
		case *ast.Index:
			e = x.X
		default:
			return ast.Unparen(e)
		}
	}
}

// splitChain adds to head what never stands on a line of its own, and cuts the
// other links into segments that begin with a called member.
func splitChain(base ast.Expr, head *segment, links []link) []*segment {
	called := func(i int) bool { // the member at i is called
		return links[i].name && i+1 < len(links) && links[i+1].call != nil
	}
	var segments []*segment
	current := head
	for i, l := range links {
		factory := i == 0 && isFactory(base)
		if called(i) && !factory || isForced(l.above) {
			current = &segment{above: l.above}
			l.above = nil
			segments = append(segments, current)
		}
		current.add(l)
	}
	return segments
}

// isFactory reports whether a name is one like Object, Promise or console, whose
// first call stays on its line.
func isFactory(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	r, _ := utf8.DecodeRuneInString(id.Name)
	return unicode.IsUpper(r) || id.Name == "console"
}

// links prints the steps of a chain in the order of the source.
func (p *printer) links(e ast.Expr) (base *doc, links []link) {
	switch e := e.(type) {
	case *ast.Member:
		base, links = p.links(e.X)
		above := p.trail(e.Name.Start)
		return base, append(links, link{above: above, doc: text(e.Op.String() + e.Name.Name), name: true})
	case *ast.Index:
		base, links = p.links(e.X)
		open := "["
		if e.Optional {
			open = "?.["
		}
		return base, append(links, link{doc: p.enclosed(open, e.Index, e.End, "]")})
	case *ast.Call:
		base, links = p.links(e.Fun)
		var optional *doc
		if e.Optional {
			optional = text("?.")
		}
		args := p.args(e.Args, source.Span{Start: e.Fun.Range().End, End: e.End})
		return base, append(links, link{doc: optional, call: args})
	case *ast.NumberLit: // 5.a would be read as a number
		return p.parens(e, e.End), nil
	}
	return p.expr(e, postfixLevel), nil
}

// args prints the arguments of a call with their parentheses.
func (p *printer) args(args []ast.Expr, span source.Span) *callDocs {
	tailAt := hugged(args)
	var fn *functionDocs
	docs := p.list(list{
		open: "(", close: ")", span: span, separator: ",", trailing: true, n: len(args),
		at: func(i int) source.Span { return args[i].Range() },
		item: func(i int) *doc {
			lead := p.lead(args[i].Range().Start)
			if f, ok := ast.Unparen(args[i]).(*ast.FuncLit); ok && i == tailAt && (f == args[i] || !p.pending(args[i].Range().End)) {
				d := p.function(f)
				d.prefix = concat(lead, d.prefix)
				fn = &d
				return d.whole()
			}
			return concat(lead, p.expr(args[i], anyLevel))
		},
	})
	c := &callDocs{whole: docs.whole}
	if tailAt < 0 || docs.comments {
		return c
	}
	head := []*doc{text("(")}
	rest := []*doc{}
	for i, d := range docs.items {
		switch {
		case i < tailAt:
			head = append(head, d, text(", "))
		case i > tailAt:
			rest = append(rest, text(", "), d)
		case fn != nil:
			head = append(head, fn.prefix)
			c.tail = fn.body
		default:
			c.tail = d
		}
	}
	c.head, c.rest, c.expanded = concat(head...), concat(append(rest, text(")"))...), docs.whole
	return c
}

// hugged returns the index of the one argument that may break while the others
// stay on the lines of the brackets, -1 when there is none: the last one, or the
// first one if it is a function with a block and the others are short.
func hugged(args []ast.Expr) int {
	big := -1
	for i, a := range args {
		if isBig(ast.Unparen(a)) {
			if big >= 0 {
				return -1
			}
			big = i
		}
	}
	switch {
	case big < 0 || big == len(args)-1:
		return big
	case big == 0:
		if f, ok := ast.Unparen(args[0]).(*ast.FuncLit); !ok || f.Body == nil {
			return -1
		}
		for _, a := range args[1:] {
			if levelOf(ast.Unparen(a)) < primaryLevel {
				return -1
			}
		}
		return 0
	}
	return -1
}

// isBig reports whether an argument has lines of its own when broken.
func isBig(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.ObjectLit:
		return len(e.Props) > 0
	case *ast.ArrayLit:
		return len(e.Elems) > 0
	case *ast.If:
		return false
	}
	return levelOf(e) == anyLevel
}

// array prints an array literal.
func (p *printer) array(e *ast.ArrayLit) *doc {
	return p.list(list{
		open: "[", close: "]", span: e.Span, separator: ",", trailing: true, n: len(e.Elems),
		at:   func(i int) source.Span { return e.Elems[i].Range() },
		item: func(i int) *doc { return p.expr(e.Elems[i], anyLevel) },
		hole: func(i int) bool { _, ok := e.Elems[i].(*ast.Hole); return ok },
	}).whole
}

// object prints an object literal. It stays broken if the author broke the line
// behind the "{".
func (p *printer) object(e *ast.ObjectLit) *doc {
	return p.list(list{
		open: "{", close: "}", span: e.Span, pad: true, separator: ",", trailing: true, n: len(e.Props),
		broken: len(e.Props) > 0 && p.brokenAfter(e.Start, e.Props[0].Start),
		at:     func(i int) source.Span { return e.Props[i].Span },
		item:   func(i int) *doc { return p.property(e.Props[i]) },
	}).whole
}

func (p *printer) property(e *ast.Property) *doc {
	switch {
	case e.Key == nil || e.Shorthand:
		return p.expr(e.Value, anyLevel)
	case e.Method:
		f := e.Value.(*ast.FuncLit)
		var async *doc
		if f.Async {
			async = text("async ")
		}
		key := concat(async, p.lead(e.Key.Range().Start), p.bare(e.Key))
		d := p.function(f)
		return concat(key, d.prefix, group(d.body))
	case e.Computed:
		return concat(p.enclosed("[", e.Key, e.Key.Range().End, "]"), text(": "), p.value(e.Value))
	}
	return concat(p.bare(e.Key), text(": "), p.value(e.Value))
}

// value prints what stands behind "=" or ":"; a comment before it that needs a
// line break indents it.
func (p *printer) value(e ast.Expr) *doc {
	lead := p.lead(e.Range().Start)
	d := p.expr(e, anyLevel)
	if isForced(lead) {
		return indent(lead, d)
	}
	return concat(lead, d)
}
