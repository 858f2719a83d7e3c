package format

import (
	"strings"

	"github.com/parallaxai/parallax/prism/source"
)

// list is a bracketed list that is to be printed.
type list struct {
	open, close string
	span        source.Span // from the opening bracket, or before it, to behind the closing one
	pad         bool        // spaces inside the brackets when flat
	broken      bool        // broken whatever the width
	separator   string      // "," or ""
	flatComma   bool        // without separator: commas when flat
	trailing    bool        // a separator behind the last item when broken
	n           int
	at          func(i int) source.Span
	item        func(i int) *doc
	hole        func(i int) bool // the item is empty and needs its separator; may be nil
}

// listDocs are the parts of a printed list; comments says that some stand
// between the items.
type listDocs struct {
	whole    *doc
	items    []*doc
	comments bool
}

// list prints a list with its comments: those above an item on lines of their
// own, those behind an item on its line, and those before the closing bracket.
func (p *printer) list(l list) listDocs {
	edge, between, gap := soft, line, blankLine
	if l.pad {
		edge = line
	}
	if l.broken && !p.oneLine {
		edge, between, gap = hard, hard, blankHard
	}
	if l.n == 0 {
		return listDocs{whole: p.emptyList(l)}
	}
	var d listDocs
	var parts []*doc
	opening, prev := p.openingComment(l), l.span.Start
	d.comments = opening != nil
	for i := range l.n {
		span, next := l.at(i), l.span.End
		last := i+1 == l.n
		if !last {
			next = l.at(i + 1).Start
		}
		above := p.above(span.Start)
		item := l.item(i)
		before, after, end := p.besideItem(l, span.End, next, last)
		prev = end
		d.comments = d.comments || above != nil || before != nil || after != nil
		d.items = append(d.items, item)
		parts = append(parts, above, item, before)
		switch {
		case !last:
			separator := between
			if p.blankBetween(prev, p.nextStart(next)) {
				separator = gap
			}
			comma := textOrNil(l.separator)
			if l.flatComma {
				comma = choice(nil, text(","))
			}
			parts = append(parts, comma, after, separator)
		case l.hole != nil && l.hole(i):
			parts = append(parts, text(l.separator), after)
		case l.trailing && !p.oneLine:
			parts = append(parts, choice(text(l.separator), nil), after)
		default:
			parts = append(parts, after)
		}
	}
	if p.pending(l.span.End) {
		d.comments = true
		parts = append(parts, p.lineBreak(prev, p.comments[0].Start))
		parts = append(parts, p.ownLines(prev, l.span.End)...)
		edge = hard
	}
	d.whole = group(text(l.open), opening, indent(append([]*doc{edge}, parts...)...), edge, text(l.close))
	return d
}

// nextStart returns the offset of the next thing to be printed: a comment, or
// the item at the offset.
func (p *printer) nextStart(item int32) int32 {
	if p.pending(item) {
		return p.comments[0].Start
	}
	return item
}

// above prints the comments before an item.
func (p *printer) above(start int32) *doc {
	var parts []*doc
	for p.pending(start) {
		c := p.take()
		next := p.nextStart(start)
		parts = append(parts, p.comment(c))
		if !isLineComment(c) && p.sameLine(c.End, next) {
			parts = append(parts, space)
		} else {
			parts = append(parts, p.lineBreak(c.End, next))
		}
	}
	return concat(parts...)
}

// besideItem prints the comments on the line of an item that ends at the
// offset, before and after its separator. They end at the offset prev.
// They end at the offset prev.
func (p *printer) besideItem(l list, end, next int32, last bool) (before, after *doc, prev int32) {
	prev = end
	for p.pending(next) {
		c := p.comments[0]
		inside := c.Start < end
		if !inside && !p.sameLine(prev, c.Start) {
			break
		}
		separated := !inside && (l.separator == "" || strings.Contains(p.src.Src[end:c.Start], l.separator))
		if separated && !last && !isLineComment(c) && p.sameLine(c.End, p.following(next)) {
			break // it belongs to the next item
		}
		p.take()
		prev = max(prev, c.End)
		switch {
		case isLineComment(c):
			return before, concat(after, suffix(" "+p.comment(c).text)), prev
		case separated || after != nil:
			after = concat(after, space, p.comment(c))
		default:
			before = concat(before, space, p.comment(c))
		}
	}
	return before, after, prev
}

// following returns the offset of what follows the next comment.
func (p *printer) following(next int32) int32 {
	if len(p.comments) > 1 && p.comments[1].Start < next {
		return p.comments[1].Start
	}
	return next
}

// openingComment prints a // comment behind the opening bracket.
func (p *printer) openingComment(l list) *doc {
	if !p.pending(l.at(0).Start) {
		return nil
	}
	if c := p.comments[0]; isLineComment(c) && p.sameLine(l.span.Start, c.Start) {
		return suffix(" " + p.comment(p.take()).text)
	}
	return nil
}

func (p *printer) emptyList(l list) *doc {
	if !p.pending(l.span.End) {
		return text(l.open + l.close)
	}
	if !p.pendingLine(l.span.End) {
		parts := []*doc{p.comment(p.take())}
		for p.pending(l.span.End) {
			parts = append(parts, space, p.comment(p.take()))
		}
		if !l.pad {
			return concat(text(l.open), concat(parts...), text(l.close))
		}
		return concat(text(l.open), space, concat(parts...), space, text(l.close))
	}
	var opening *doc
	if c := p.comments[0]; isLineComment(c) && p.sameLine(l.span.Start, c.Start) {
		opening = suffix(" " + p.comment(p.take()).text)
	}
	body := p.ownLines(l.span.Start, l.span.End)
	if len(body) == 0 {
		return concat(text(l.open), opening, hard, text(l.close))
	}
	return concat(text(l.open), opening, indent(append([]*doc{hard}, body...)...), hard, text(l.close))
}

// enclosing returns the span from an offset to behind the ")", "]" or "}" that
// follows the last of n items; limit is the start of something behind it.
func (p *printer) enclosing(start int32, n int, at func(i int) source.Span, limit int32) source.Span {
	from := start
	if n > 0 {
		from = at(n - 1).End
	}
	return source.Span{Start: start, End: min(limit, p.find(from, limit, ")]}")+1)}
}
