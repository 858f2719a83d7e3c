package format

import (
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// printer turns a tree into a doc. It meets the nodes in the order of the
// source, and on the way places the comments that stand before each.
type printer struct {
	src      *source.File  // nil: the spans of the tree mean nothing
	comments []ast.Comment // still to be placed, in order
	oneLine  bool          // inside a one-line string nothing may break
}

func printFile(p *printer, file *ast.File, width int) string {
	var parts []*doc
	if p.src == nil {
		parts = p.preface(file)
	}
	body := p.stmts(file.Stmts, 0, int32(len(p.text())), true)
	if len(parts) > 0 && body != nil {
		parts = append(parts, blankHard)
	}
	out := render(concat(append(parts, body)...), width)
	if out == "" {
		return ""
	}
	return out + "\n"
}

// preface prints what stands above the statements of a tree without a text:
// its header and its comments.
func (p *printer) preface(file *ast.File) []*doc {
	var parts []*doc
	add := func(d *doc) {
		if len(parts) > 0 {
			parts = append(parts, hard)
		}
		parts = append(parts, d)
	}
	if h := file.Header; h != nil && len(h.Entries) > 0 {
		add(text("/**"))
		for _, e := range h.Entries {
			for i, l := range strings.Split(strings.TrimSpace("@"+e.Key+" "+e.Value), "\n") {
				if i > 0 {
					l = "  " + strings.TrimSpace(l)
				}
				add(text(" * " + strings.ReplaceAll(l, "*/", "* /")))
			}
		}
		add(text(" */"))
	}
	for _, c := range file.Comments {
		if file.Header == nil || c.Span != file.Header.Span || !c.Span.IsValid() {
			add(p.comment(c))
		}
	}
	return parts
}

func (p *printer) text() string {
	if p.src == nil {
		return ""
	}
	return p.src.Src
}

// line returns the line of an offset.
func (p *printer) line(offset int32) int { return p.src.Line(offset) }

// sameLine reports whether two places stand on one line of the source.
func (p *printer) sameLine(a, b int32) bool { return p.src != nil && p.line(a) == p.line(b) }

// onOneLine reports whether the text of a span was written on one line.
func (p *printer) onOneLine(s source.Span) bool {
	return p.sameLine(s.Start, s.End)
}

// brokenAfter reports whether the author broke the line between two places
// with nothing but white space and comments between them.
func (p *printer) brokenAfter(open, next int32) bool { return p.src != nil && !p.sameLine(open, next) }

// blankBetween reports whether an empty line stands between two places.
func (p *printer) blankBetween(end, start int32) bool {
	return p.src != nil && end > 0 && p.line(start)-p.line(end) > 1
}

// find returns the offset of the first of the bytes between two places, outside
// of comments; to when there is none.
func (p *printer) find(from, to int32, bytes string) int32 {
	if p.src == nil {
		return to
	}
	src := p.src.Src
	for i := from; i < to; i++ {
		switch {
		case strings.IndexByte(bytes, src[i]) >= 0:
			return i
		case strings.HasPrefix(src[i:to], "//"):
			n := strings.IndexByte(src[i:to], '\n')
			if n < 0 {
				return to
			}
			i += int32(n)
		case strings.HasPrefix(src[i:to], "/*"):
			n := strings.Index(src[i+2:to], "*/")
			if n < 0 {
				return to
			}
			i += int32(n) + 3
		}
	}
	return to
}

// ---- Comments ----
//
// Comments keep their place among the tokens as far as the layout has a place
// for them there. A // comment is always followed by a line break: either it is
// a suffix, which forces every group around it to break, or hard stands behind
// it.

func isLineComment(c ast.Comment) bool { return strings.HasPrefix(c.Text, "//") }

// pending reports whether a comment that starts before the offset is still to
// be placed.
func (p *printer) pending(before int32) bool {
	return len(p.comments) > 0 && p.comments[0].Start < before
}

// ownLine reports whether a comment stands at the start of its line.
func (p *printer) ownLine(c ast.Comment) bool {
	before := strings.TrimRight(p.src.Src[:c.Start], " \t\r\v\f")
	return before == "" || before[len(before)-1] == '\n'
}

// pendingLine is pending for comments that need a line break: // comments,
// comments over several lines, and those at the start of a line.
func (p *printer) pendingLine(before int32) bool {
	for _, c := range p.comments {
		if c.Start >= before {
			break
		}
		if isLineComment(c) || strings.Contains(c.Text, "\n") || p.ownLine(c) {
			return true
		}
	}
	return false
}

func (p *printer) take() ast.Comment {
	c := p.comments[0]
	p.comments = p.comments[1:]
	return c
}

// comment prints a comment. The lines of one whose lines all begin with a star
// are aligned; others keep their text.
func (p *printer) comment(c ast.Comment) *doc {
	if isLineComment(c) {
		return text(strings.TrimRight(c.Text, " \t\r\v\f"))
	}
	lines := strings.Split(c.Text, "\n")
	if len(lines) == 1 {
		return text(c.Text)
	}
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, "\r")
	}
	t := strings.Join(lines, "\n")
	for i, l := range lines[1:] {
		l = strings.Trim(l, " \t\r\v\f")
		if !strings.HasPrefix(l, "*") {
			return text(t)
		}
		lines[i+1] = l
	}
	parts := []*doc{text(strings.TrimRight(lines[0], " \t\r\v\f"))}
	for _, l := range lines[1:] {
		parts = append(parts, hard, text(" "+l))
	}
	return concat(parts...)
}

// lead prints the comments before a node that starts at the offset, on the line
// of the node where possible.
func (p *printer) lead(start int32) *doc {
	if !p.pending(start) {
		return nil
	}
	var parts []*doc
	for p.pending(start) {
		c := p.take()
		parts = append(parts, p.comment(c))
		if isLineComment(c) {
			parts = append(parts, hard)
		} else {
			parts = append(parts, space)
		}
	}
	return concat(parts...)
}

// trail prints the comments that start before the offset behind what has been
// printed, or on lines of their own. What follows must begin with a line break
// when the doc is forced.
func (p *printer) trail(end int32) *doc {
	var parts []*doc
	broken := false
	for p.pending(end) {
		c := p.take()
		switch {
		case broken || p.ownLine(c):
			parts = append(parts, hard, p.comment(c))
			broken = true
		case isLineComment(c):
			parts = append(parts, suffix(" "+p.comment(c).text))
		default:
			parts = append(parts, space, p.comment(c))
		}
		broken = broken || isLineComment(c)
	}
	return concat(parts...)
}

// ownLines prints the comments that start before the offset, each on its own
// line unless it shares one with the next.
func (p *printer) ownLines(prev, end int32) []*doc {
	var parts []*doc
	for p.pending(end) {
		c := p.take()
		if len(parts) > 0 {
			parts = append(parts, p.lineBreak(prev, c.Start))
		}
		parts = append(parts, p.comment(c))
		prev = c.End
	}
	return parts
}

// lineBreak is a line break, with an empty line where the source has one.
func (p *printer) lineBreak(end, start int32) *doc {
	if p.blankBetween(end, start) {
		return blankHard
	}
	return hard
}
