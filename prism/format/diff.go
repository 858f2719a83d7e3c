package format

import (
	"fmt"
	"slices"
	"strings"
)

// diffContext is the number of unchanged lines shown around a change.
const diffContext = 3

// editKind is what an edit does with a line.
type editKind byte

const (
	editKeep   editKind = ' '
	editDelete editKind = '-'
	editInsert editKind = '+'
)

// edit is one line of an edit script; line is the index of the line in the new
// text for an insertion, else in the old one.
type edit struct {
	kind editKind
	line int
}

// Diff returns the difference between two versions of the named file in the
// unified format, with three lines of context; "" when they are equal.
func Diff(old, new, name string) string {
	if old == new {
		return ""
	}
	a, b := splitLines(old), splitLines(new)
	script := shortestEdit(a, b)
	var out strings.Builder
	fmt.Fprintf(&out, "--- a/%s\n+++ b/%s\n", name, name)
	for start := 0; ; {
		for start < len(script) && script[start].kind == editKeep {
			start++
		}
		if start == len(script) {
			return out.String()
		}
		start = max(0, start-diffContext)
		end := hunkEnd(script, start)
		writeHunk(&out, a, b, script, start, end)
		start = end
	}
}

// hunkEnd returns where the hunk that begins at start ends: behind the context
// of the last change that is near enough to share it.
func hunkEnd(script []edit, start int) int {
	last := start
	for script[last].kind == editKeep {
		last++
	}
	for i := last + 1; i < len(script) && i-last <= 2*diffContext+1; i++ {
		if script[i].kind != editKeep {
			last = i
		}
	}
	return min(len(script), last+1+diffContext)
}

func writeHunk(out *strings.Builder, a, b []string, script []edit, start, end int) {
	oldStart, newStart := 1, 1
	for _, e := range script[:start] {
		oldStart += b2i(e.kind != editInsert)
		newStart += b2i(e.kind != editDelete)
	}
	oldCount, newCount := 0, 0
	for _, e := range script[start:end] {
		oldCount += b2i(e.kind != editInsert)
		newCount += b2i(e.kind != editDelete)
	}
	fmt.Fprintf(out, "@@ -%s +%s @@\n", hunkRange(oldStart, oldCount), hunkRange(newStart, newCount))
	for _, e := range script[start:end] {
		text := ""
		if e.kind == editInsert {
			text = b[e.line]
		} else {
			text = a[e.line]
		}
		out.WriteByte(byte(e.kind))
		out.WriteString(text)
		if !strings.HasSuffix(text, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// hunkRange writes a line range as the unified format wants it: an empty range
// names the line before it, and a count of one is left out.
func hunkRange(start, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", start-1)
	case 1:
		return fmt.Sprint(start)
	}
	return fmt.Sprintf("%d,%d", start, count)
}

// splitLines cuts a text after each line break.
func splitLines(s string) []string {
	if s == "" {
		return nil
	}
	lines := strings.SplitAfter(s, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// shortestEdit returns an edit script from a to b: what they share at both ends
// is set aside, the rest goes through Myers' greedy algorithm.
func shortestEdit(a, b []string) []edit {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	script := make([]edit, 0, max(len(a), len(b)))
	for i := range head {
		script = append(script, edit{editKeep, i})
	}
	script = append(script, myers(a[head:len(a)-tail], b[head:len(b)-tail], head)...)
	for i := len(a) - tail; i < len(a); i++ {
		script = append(script, edit{editKeep, i})
	}
	return script
}

// maxRounds bounds the work on texts that have almost nothing in common: beyond
// it the rest is given as one replacement.
const maxRounds = 2000

// myers returns the edits from a to b; offset is added to the line indices.
func myers(a, b []string, offset int) []edit {
	n, m := len(a), len(b)
	// trace[d][d+k] is the furthest x reached on diagonal k after d edits.
	var trace [][]int32
	reach := func(d, k int) int {
		if d < 0 {
			return 0
		}
		return int(trace[d][d+k])
	}
	for d := 0; d <= n+m; d++ {
		if d > maxRounds {
			return replaceAll(n, m, offset)
		}
		row := make([]int32, 2*d+1)
		trace = append(trace, row)
		for k := -d; k <= d; k += 2 {
			x := 0
			switch {
			case d == 0:
			case k == -d || k != d && reach(d-1, k-1) < reach(d-1, k+1):
				x = reach(d-1, k+1)
			default:
				x = reach(d-1, k-1) + 1
			}
			for x < n && x-k >= 0 && x-k < m && a[x] == b[x-k] {
				x++
			}
			row[d+k] = int32(x)
			if x >= n && x-k >= m {
				return backtrack(n, m, d, reach, offset)
			}
		}
	}
	return nil
}

// backtrack walks the furthest points from the end to the beginning.
func backtrack(n, m, rounds int, reach func(d, k int) int, offset int) []edit {
	var script []edit
	x, y := n, m
	for d := rounds; d > 0; d-- {
		k := x - y
		down := k == -d || k != d && reach(d-1, k-1) < reach(d-1, k+1)
		prev := k - 1
		if down {
			prev = k + 1
		}
		px := reach(d-1, prev)
		py := px - prev
		moved := px + b2i(!down) // where the diagonal run after the edit begins
		for ; x > moved; x-- {
			script = append(script, edit{editKeep, x - 1 + offset})
		}
		if down {
			script = append(script, edit{editInsert, py + offset})
		} else {
			script = append(script, edit{editDelete, px + offset})
		}
		x, y = px, py
	}
	for ; x > 0; x-- {
		script = append(script, edit{editKeep, x - 1 + offset})
	}
	slices.Reverse(script)
	return script
}

func replaceAll(n, m, offset int) []edit {
	script := make([]edit, 0, n+m)
	for i := range n {
		script = append(script, edit{editDelete, i + offset})
	}
	for i := range m {
		script = append(script, edit{editInsert, i + offset})
	}
	return script
}
