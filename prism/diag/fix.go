package diag

import (
	"cmp"
	"slices"
	"strings"
)

// ApplyFixes changes a source text by the first fix of each diagnostic that has
// one, in the order of the list, and returns the text and how many fixes were
// applied. All diagnostics are of that text. A fix that touches what an earlier
// one changes, or whose edits lie outside the text, is left out as a whole;
// checking the result again may offer it anew.
func ApplyFixes(src string, list List) (string, int) {
	var accepted []Edit
	applied := 0
	for _, d := range list {
		if len(d.Fixes) == 0 || len(d.Fixes[0].Edits) == 0 {
			continue
		}
		all := slices.Concat(accepted, d.Fixes[0].Edits)
		if ordered(src, all) {
			accepted = all
			applied++
		}
	}
	out, _ := apply(src, accepted)
	return out, applied
}

// ordered sorts edits and reports whether they lie in the text and don't
// overlap. Two insertions at one place do: their order would be a guess.
func ordered(src string, edits []Edit) bool {
	slices.SortStableFunc(edits, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
	})
	for i, e := range edits {
		if e.Span.Start < 0 || e.Span.End < e.Span.Start || int(e.Span.End) > len(src) {
			return false
		}
		if i > 0 && (e.Span.Start < edits[i-1].Span.End || e.Span == edits[i-1].Span) {
			return false
		}
	}
	return true
}

// apply returns the text with edits applied, which may stand in any order. It
// reports false, and returns the text unchanged, if they overlap or lie outside.
func apply(src string, edits []Edit) (string, bool) {
	edits = slices.Clone(edits)
	if !ordered(src, edits) {
		return src, false
	}
	var b strings.Builder
	last := int32(0)
	for _, e := range edits {
		b.WriteString(src[last:e.Span.Start])
		b.WriteString(e.NewText)
		last = e.Span.End
	}
	b.WriteString(src[last:])
	return b.String(), true
}
