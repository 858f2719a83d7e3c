package format

import (
	"strings"
	"unicode/utf8"
)

// Width is the number of columns, counted in code points, that a line should
// not exceed. Texts that cannot be broken (strings, templates, comments) may.
const Width = 100

// Indent is the indentation of one level. Two spaces, because Prism nests by
// nature: a branch of an "uncertain if" inside a "parallel" inside a pattern is
// four levels deep before it has said anything.
const Indent = 2

// docKind is the kind of a doc.
type docKind uint8

const (
	docText   docKind = iota // text; may contain line breaks, which are kept as they are
	docLine                  // a space when flat, a line break when broken
	docSoft                  // nothing when flat, a line break when broken
	docHard                  // always a line break
	docConcat                // kids one after the other
	docIndent                // kids, one level deeper
	docGroup                 // flat when it fits, else broken
	docChoice                // kids[0] when broken, kids[1] when flat
	docSuffix                // text, put off to the end of the line
	docHug                   // kids: head, tail, rest, expanded; see hug
)

// doc is a piece of layout that is independent of where it will stand. Docs are
// immutable and may be shared. A nil doc is empty.
type doc struct {
	kind docKind
	// blank adds an empty line to a line break.
	blank bool
	// forced says that the doc contains a line break or a comment up to the end
	// of the line, so that no group around it can be flat.
	forced bool
	// lines says that a text in the doc has line breaks.
	lines bool
	text  string
	kids  []*doc
}

var (
	line      = &doc{kind: docLine}
	soft      = &doc{kind: docSoft}
	hard      = &doc{kind: docHard, forced: true}
	blankLine = &doc{kind: docLine, blank: true}
	blankHard = &doc{kind: docHard, blank: true, forced: true}
	breakHere = &doc{kind: docText, forced: true}
	space     = text(" ")
)

func text(s string) *doc {
	return &doc{kind: docText, text: s, lines: strings.Contains(s, "\n")}
}

// suffix is a comment that runs to the end of the line: it is printed before
// the next line break, whatever stands between, and forces one.
func suffix(s string) *doc { return &doc{kind: docSuffix, text: s, forced: true} }

func concat(kids ...*doc) *doc {
	n, only, forced, lines := 0, (*doc)(nil), false, false
	for _, k := range kids {
		if k != nil {
			n, only, forced, lines = n+1, k, forced || k.forced, lines || k.lines
		}
	}
	switch n {
	case 0:
		return nil
	case 1:
		return only
	}
	return &doc{kind: docConcat, kids: kids, forced: forced, lines: lines}
}

func indent(kids ...*doc) *doc {
	k := concat(kids...)
	if k == nil {
		return nil
	}
	return &doc{kind: docIndent, kids: []*doc{k}, forced: k.forced, lines: k.lines}
}

func group(kids ...*doc) *doc {
	k := concat(kids...)
	if k == nil || k.kind == docText {
		return k
	}
	return &doc{kind: docGroup, kids: []*doc{k}, forced: k.forced, lines: k.lines}
}

// choice is one doc when the group around it is broken and another when flat.
func choice(broken, flat *doc) *doc {
	return &doc{kind: docChoice, kids: []*doc{broken, flat}}
}

// hug lays out a bracketed list whose one big element may break alone: flat if
// all of it fits; else head and rest flat around a broken tail, if the head
// fits up to the tail's first line break; else expanded.
//
//	xs.map((x, i) => {      head  xs.map((x, i) => up to the tail
//	  ...                   tail  { ... }
//	})                      rest  )
func hug(head, tail, rest, expanded *doc) *doc {
	forced := isForced(head) || isForced(tail) || isForced(rest)
	return &doc{kind: docHug, kids: []*doc{head, tail, rest, expanded}, forced: forced, lines: expanded.lines}
}

func isForced(d *doc) bool { return d != nil && d.forced }

// command is a doc that is still to be printed.
type command struct {
	d      *doc
	indent int
	flat   bool
}

// renderer prints docs into out.
type renderer struct {
	out    strings.Builder
	width  int
	column int
	// pending spaces are written before the next text, so that no line ends
	// with spaces of the layout.
	pending  int
	suffixes []string
	stack    []command
	probe    []command // scratch of fits
}

// render prints a doc in lines of the given width.
func render(d *doc, width int) string {
	r := &renderer{width: width}
	r.stack = append(r.stack, command{d: d})
	for len(r.stack) > 0 {
		c := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		r.step(c)
	}
	r.flushSuffixes()
	return r.out.String()
}

func (r *renderer) push(d *doc, indent int, flat bool) {
	if d != nil {
		r.stack = append(r.stack, command{d, indent, flat})
	}
}

func (r *renderer) step(c command) {
	d := c.d
	if d == nil {
		return
	}
	switch d.kind {
	case docText:
		r.write(d.text)
	case docLine, docSoft, docHard:
		switch {
		case !c.flat || d.kind == docHard:
			r.newline(c.indent, d.blank)
		case d.kind == docLine:
			r.write(" ")
		}
	case docConcat:
		for i := len(d.kids) - 1; i >= 0; i-- {
			r.push(d.kids[i], c.indent, c.flat)
		}
	case docIndent:
		r.push(d.kids[0], c.indent+Indent, c.flat)
	case docGroup:
		flat := c.flat || !d.forced && r.fits(command{d.kids[0], c.indent, true})
		r.push(d.kids[0], c.indent, flat)
	case docChoice:
		r.push(d.kids[b2i(c.flat)], c.indent, c.flat)
	case docSuffix:
		r.suffixes = append(r.suffixes, d.text)
	case docHug:
		r.hug(c)
	}
}

func (r *renderer) hug(c command) {
	head, tail, rest, expanded := c.d.kids[0], c.d.kids[1], c.d.kids[2], c.d.kids[3]
	flat := c.flat || !c.d.forced && r.fits(
		command{rest, c.indent, true}, command{tail, c.indent, true}, command{head, c.indent, true})
	switch {
	case flat:
		r.push(rest, c.indent, true)
		r.push(tail, c.indent, true)
		r.push(head, c.indent, true)
	case !isForced(head) && !isForced(rest) && r.fits(
		command{opened(tail), c.indent, false}, command{head, c.indent, true}):
		r.push(rest, c.indent, true)
		r.push(tail, c.indent, false)
		r.push(head, c.indent, true)
	default:
		r.push(expanded, c.indent, false)
	}
}

// opened is a doc without the group around it.
func opened(d *doc) *doc {
	for d != nil && d.kind == docGroup {
		d = d.kids[0]
	}
	return d
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (r *renderer) write(s string) {
	if s == "" {
		return
	}
	if strings.Trim(s, " ") == "" {
		r.pending += len(s)
		r.column += len(s)
		return
	}
	for ; r.pending > 0; r.pending-- {
		r.out.WriteByte(' ')
	}
	r.out.WriteString(s)
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		r.column = utf8.RuneCountInString(s[i+1:])
	} else {
		r.column += utf8.RuneCountInString(s)
	}
}

func (r *renderer) flushSuffixes() {
	r.pending = 0
	for _, s := range r.suffixes {
		r.out.WriteString(s)
	}
	r.suffixes = r.suffixes[:0]
}

func (r *renderer) newline(indent int, blank bool) {
	r.flushSuffixes()
	r.out.WriteByte('\n')
	if blank {
		r.out.WriteByte('\n')
	}
	r.pending, r.column = indent, indent
}

// fits reports whether the commands (the first to print last), followed by what
// remains to be printed, reach a line break within the width.
func (r *renderer) fits(cmds ...command) bool {
	left := r.width - r.column
	probe := append(r.probe[:0], cmds...)
	defer func() { r.probe = probe }()
	remaining := len(r.stack)
	for left >= 0 {
		if len(probe) == 0 {
			if remaining == 0 {
				return true
			}
			remaining--
			probe = append(probe, r.stack[remaining])
			continue
		}
		c := probe[len(probe)-1]
		probe = probe[:len(probe)-1]
		d := c.d
		if d == nil {
			continue
		}
		switch d.kind {
		case docText:
			if i := strings.IndexByte(d.text, '\n'); i >= 0 {
				return utf8.RuneCountInString(d.text[:i]) <= left
			}
			left -= utf8.RuneCountInString(d.text)
		case docLine, docSoft, docHard:
			if !c.flat || d.kind == docHard {
				return true
			}
			if d.kind == docLine {
				left--
			}
		case docConcat:
			for i := len(d.kids) - 1; i >= 0; i-- {
				probe = append(probe, command{d.kids[i], c.indent, c.flat})
			}
		case docIndent:
			probe = append(probe, command{d.kids[0], c.indent, c.flat})
		case docGroup:
			// A group that stands behind what is measured could still break.
			probe = append(probe, command{d.kids[0], c.indent, c.flat && !d.forced})
		case docChoice:
			probe = append(probe, command{d.kids[b2i(c.flat)], c.indent, c.flat})
		case docHug:
			if !c.flat {
				probe = append(probe, command{d.kids[3], c.indent, false})
				break
			}
			probe = append(probe,
				command{d.kids[2], c.indent, true},
				command{opened(d.kids[1]), c.indent, !d.forced},
				command{d.kids[0], c.indent, true})
		}
	}
	return false
}
