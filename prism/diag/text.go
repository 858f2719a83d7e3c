package diag

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/prism/source"
)

// TextOptions says how Text shows diagnostics.
type TextOptions struct {
	Color   bool // use ANSI colours
	Context int  // lines shown before and after the place, 0 for none
	Width   int  // columns of source shown, longer lines are cropped; 0 is 120
}

// Text writes diagnostics for people, in the order of the list: a headline, the
// place, the source lines with the span and the related places marked, the
// hint, and what a fix would change. A blank line follows each. The error is
// that of w.
func Text(w io.Writer, list List, opts TextOptions) error {
	if opts.Width <= 0 {
		opts.Width = 120
	}
	var b bytes.Buffer
	for _, d := range list {
		t := &textWriter{b: &b, opts: opts}
		t.diagnostic(d)
		b.WriteByte('\n')
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Summary counts errors and warnings, as in "2 errors, 1 warning"; "no problems"
// when there are neither.
func Summary(list List) string {
	errors, warnings := list.count()
	var parts []string
	for _, n := range [...]struct {
		n    int
		noun string
	}{{errors, "error"}, {warnings, "warning"}} {
		switch {
		case n.n == 1:
			parts = append(parts, "1 "+n.noun)
		case n.n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n.n, n.noun))
		}
	}
	if len(parts) == 0 {
		return "no problems"
	}
	return strings.Join(parts, ", ")
}

func (l List) count() (errors, warnings int) {
	for _, d := range l {
		switch d.Severity {
		case Error:
			errors++
		case Warning:
			warnings++
		}
	}
	return errors, warnings
}

// style is an ANSI sequence that begins a colour.
type style string

const (
	bold    style = "\x1b[1m"
	gutter  style = "\x1b[34m"
	removed style = "\x1b[31m"
	added   style = "\x1b[32m"
	note    style = "\x1b[1;36m"
)

var severityStyles = [...]style{Error: "\x1b[1;31m", Warning: "\x1b[1;33m", Info: "\x1b[1;34m", Hint: "\x1b[1;32m"}

type textWriter struct {
	b      *bytes.Buffer
	opts   TextOptions
	digits int // width of the line numbers
}

func (t *textWriter) paint(s style, text string) string {
	if !t.opts.Color || text == "" {
		return text
	}
	return string(s) + text + "\x1b[0m"
}

func (t *textWriter) linef(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	t.b.WriteString(strings.TrimRight(line, " "))
	t.b.WriteByte('\n')
}

// mark is a span of one file with what is said about it.
type mark struct {
	span  source.Span
	sign  string // what underlines it
	style style
	label string
}

func (t *textWriter) diagnostic(d *Diagnostic) {
	color := severityStyles[d.Severity]
	head := d.Severity.String()
	if d.Code != "" {
		head += " " + d.Code.Public()
	}
	// Findings with a symbol have their place in the headline, where tools that
	// read the output of compilers look for it.
	oneLine := d.File != nil && d.Code.Public() != string(d.Code)
	if oneLine {
		p := d.Position()
		head = fmt.Sprintf("%s:%d:%d: %s", visible(d.File.Name), p.Line, p.Column, head)
	}
	t.linef("%s%s", t.paint(color, head), t.paint(bold, ": "+visible(d.Message)))

	// Places in one file are shown together, the diagnostic's own file first.
	files := []*source.File{}
	marks := map[*source.File][]mark{}
	add := func(f *source.File, m mark) {
		if f == nil {
			return
		}
		if _, ok := marks[f]; !ok {
			files = append(files, f)
		}
		marks[f] = append(marks[f], m)
	}
	add(d.File, mark{d.Span, "^", color, ""})
	var elsewhere []string
	for _, r := range d.Related {
		if r.File == nil || !r.Span.IsValid() {
			elsewhere = append(elsewhere, r.Message)
			continue
		}
		add(r.File, mark{r.Span, "-", note, r.Message})
	}
	t.digits = 1
	for _, f := range files {
		for _, m := range marks[f] {
			last := min(f.Line(clamp(f, m.span.End))+t.opts.Context, f.LineCount())
			t.digits = max(t.digits, len(strconv.Itoa(last)))
		}
	}
	for _, f := range files {
		if !oneLine || f != d.File {
			t.place(f, marks[f][0], f == d.File)
		}
		t.excerpt(f, marks[f])
	}
	for _, m := range elsewhere {
		t.remark("note", note, m)
	}
	if d.Hint != "" {
		t.remark("hint", severityStyles[Hint], d.Hint)
	}
	for _, fix := range d.Fixes {
		t.remark("fix", severityStyles[Hint], fix.Title)
		if d.File != nil {
			t.change(d.File, fix)
		}
	}
}

// clamp moves an offset into the file.
func clamp(f *source.File, offset int32) int32 { return min(max(offset, 0), int32(len(f.Src))) }

// place writes " --> file:line:column".
func (t *textWriter) place(f *source.File, m mark, own bool) {
	arrow := ":::"
	if own {
		arrow = "-->"
	}
	at := visible(f.Name)
	if m.span.IsValid() {
		p := f.Position(m.span.Start)
		at = fmt.Sprintf("%s:%d:%d", at, p.Line, p.Column)
	}
	t.linef("%*s%s %s", t.digits, "", t.paint(gutter, arrow), at)
}

// remark writes "  = hint: text", further lines of the text below it.
func (t *textWriter) remark(what string, s style, text string) {
	lines := strings.Split(visible(text), "\n")
	lead := fmt.Sprintf("%*s %s %s: ", t.digits, "", t.paint(gutter, "="), t.paint(s, what))
	indent := strings.Repeat(" ", t.digits+3+len(what)+2)
	for i, l := range lines {
		if i > 0 {
			lead = indent
		}
		t.linef("%s%s", lead, l)
	}
}

// underline is the part of a mark that lies in one line.
type underline struct {
	mark
	from, to int // bytes of the line
}

// maxSpanLines is how many lines of a span are shown before its middle is left
// out.
const maxSpanLines = 4

// excerpt writes the lines that the marks touch, with underlines.
func (t *textWriter) excerpt(f *source.File, marks []mark) {
	shown := map[int][]underline{} // by line; nil for context
	context := func(line int) {
		for l := max(1, line-t.opts.Context); l <= min(f.LineCount(), line+t.opts.Context); l++ {
			if _, ok := shown[l]; !ok {
				shown[l] = nil
			}
		}
	}
	for _, m := range marks {
		if !m.span.IsValid() {
			continue
		}
		start, end := clamp(f, m.span.Start), clamp(f, max(m.span.Start, m.span.End))
		first, last := f.Line(start), f.Line(end)
		if last > first && end == f.LineStart(last) {
			last-- // the span ends with a line break
		}
		context(first)
		context(last)
		for l := first; l <= last; l++ {
			if last-first >= maxSpanLines && l > first && l < last {
				continue
			}
			text := f.LineText(l)
			u := underline{mark: m, to: len(text)}
			if l == first {
				u.from = min(int(start-f.LineStart(l)), len(text))
			} else {
				u.from = len(text) - len(strings.TrimLeft(text, " \t"))
			}
			if l == last {
				u.to = min(int(end-f.LineStart(l)), len(text))
			} else {
				u.label = "" // said once, below the last line
			}
			if u.to < u.from {
				u.to = u.from
			}
			if l == first || l == last || u.to > u.from {
				shown[l] = append(shown[l], u)
			} else if _, ok := shown[l]; !ok {
				shown[l] = nil // an empty line inside the span
			}
		}
	}
	lines := make([]int, 0, len(shown))
	for l := range shown {
		lines = append(lines, l)
	}
	if len(lines) == 0 {
		return
	}
	slices.Sort(lines)
	t.bar("", "")
	for i, l := range lines {
		if i > 0 && l > lines[i-1]+1 {
			if l == lines[i-1]+2 {
				t.source(f, l-1, nil)
			} else {
				t.linef("%s", t.paint(gutter, "..."))
			}
		}
		t.source(f, l, shown[l])
	}
}

// bar writes a line of the gutter.
func (t *textWriter) bar(number, text string) {
	t.linef("%s %s", t.paint(gutter, fmt.Sprintf("%*s |", t.digits, number)), text)
}

// source writes one line and its underlines.
func (t *textWriter) source(f *source.File, line int, marks []underline) {
	text := f.LineText(line)
	cells, width := layout(text)
	slices.SortStableFunc(marks, func(a, b underline) int { return cmp.Compare(a.from, b.from) })
	// The part of the line that is shown, in columns.
	from, to := 0, width
	if width > t.opts.Width {
		if len(marks) > 0 {
			own := marks[0]
			for _, m := range marks {
				if m.sign == "^" {
					own = m
				}
			}
			from = max(0, columnOf(cells, width, own.from)-t.opts.Width/3)
		}
		from = min(from, width-t.opts.Width)
		to = from + t.opts.Width
	}
	var b strings.Builder
	column := 0 // shown so far
	if from > 0 {
		b.WriteString("...")
	}
	lead := b.Len()
	for _, c := range cells {
		if c.column < from || c.column+c.width > to {
			continue
		}
		// A wide character that was cut in half leaves a blank.
		for ; column < c.column-from; column++ {
			b.WriteByte(' ')
		}
		b.WriteString(c.text)
		column += c.width
	}
	if to < width {
		b.WriteString("...")
	}
	t.bar(strconv.Itoa(line), b.String())
	for _, m := range marks {
		start := columnOf(cells, width, m.from)
		end := columnOf(cells, width, m.to)
		start, end = min(max(start, from), to), min(max(end, from), to)
		label := visible(m.label)
		if label != "" {
			label = " " + strings.ReplaceAll(label, "\n", " ")
		}
		t.bar("", strings.Repeat(" ", lead+start-from)+t.paint(m.style, strings.Repeat(m.sign, max(1, end-start))+label))
	}
}

// maxChange is how many lines, old and new, of a fix are shown at most.
const maxChange = 8

// change shows the lines of a fix before and after, unless they are too many or
// too long: the title has to do then.
func (t *textWriter) change(f *source.File, fix Fix) {
	fixed, ok := apply(f.Src, fix.Edits)
	if !ok || len(fix.Edits) == 0 || fixed == f.Src {
		return
	}
	first := f.Line(fix.Edits[0].Span.Start)
	last := f.Line(fix.Edits[len(fix.Edits)-1].Span.End)
	// The lines after the last one touched are the same in both texts.
	tail := len(f.Src)
	if last < f.LineCount() {
		tail = int(f.LineStart(last + 1))
	}
	start := int(f.LineStart(first))
	before := strings.Split(strings.TrimRight(f.Src[start:tail], "\r\n"), "\n")
	after := strings.Split(strings.TrimRight(fixed[start:len(fixed)-(len(f.Src)-tail)], "\r\n"), "\n")
	if len(after) == 1 && after[0] == "" {
		after = nil // the lines go
	}
	if len(before) == 1 && before[0] == "" {
		before = nil // text is put into an empty line
	}
	if len(before)+len(after) > maxChange {
		return
	}
	var b strings.Builder
	show := func(sign string, s style, lines []string) bool {
		for i, l := range lines {
			cells, width := layout(strings.TrimRight(l, "\r"))
			if width > t.opts.Width {
				return false
			}
			text := sign + " "
			for _, c := range cells {
				text += c.text
			}
			fmt.Fprintf(&b, "%s %s\n", t.paint(gutter, fmt.Sprintf("%*d", t.digits, first+i)), t.paint(s, strings.TrimRight(text, " ")))
		}
		return true
	}
	if show("-", removed, before) && show("+", added, after) {
		t.b.WriteString(b.String())
	}
}
