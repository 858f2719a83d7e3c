package diag_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

func edit(start, end int32, text string) diag.Edit {
	return diag.Edit{Span: source.Span{Start: start, End: end}, NewText: text}
}

func TestApplyFixes(t *testing.T) {
	tests := []struct {
		name  string
		fixes [][]diag.Edit
		want  string
		n     int
	}{
		{"none", nil, "abcdef", 0},
		{"empty fix", [][]diag.Edit{{}}, "abcdef", 0},
		{"replace", [][]diag.Edit{{edit(1, 3, "X")}}, "aXdef", 1},
		{"in any order", [][]diag.Edit{{edit(4, 5, "Y")}, {edit(0, 1, "X")}}, "XbcdYf", 2},
		{"neighbours", [][]diag.Edit{{edit(0, 2, "X")}, {edit(2, 4, "Y")}}, "XYef", 2},
		{"overlap", [][]diag.Edit{{edit(0, 3, "X")}, {edit(2, 4, "Y")}}, "Xdef", 1},
		{"inside", [][]diag.Edit{{edit(0, 4, "X")}, {edit(1, 2, "Y")}}, "Xef", 1},
		{"all edits or none", [][]diag.Edit{{edit(2, 3, "X")}, {edit(0, 1, "Y"), edit(2, 3, "Z")}, {edit(5, 6, "W")}}, "abXdeW", 2},
		{"insertions", [][]diag.Edit{{edit(0, 0, "X")}, {edit(6, 6, "Y")}}, "XabcdefY", 2},
		{"insertions at one place", [][]diag.Edit{{edit(3, 3, "X")}, {edit(3, 3, "Y")}}, "abcXdef", 1},
		{"insertion before a replacement", [][]diag.Edit{{edit(3, 4, "X")}, {edit(3, 3, "Y")}}, "abcYXef", 2},
		{"insertion inside a deletion", [][]diag.Edit{{edit(1, 5, "")}, {edit(3, 3, "Y")}}, "af", 1},
		{"outside", [][]diag.Edit{{edit(5, 7, "X")}, {edit(-1, 0, "X")}, {edit(3, 2, "X")}}, "abcdef", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l diag.List
			for _, edits := range tt.fixes {
				d := l.Add("P0001", diag.Error, nil, source.Span{}, "m").WithFix("first", edits...)
				d.WithFix("another way", edit(0, 6, "never"))
			}
			l.Add("P0001", diag.Error, nil, source.Span{}, "without a fix")
			got, n := diag.ApplyFixes("abcdef", l)
			if diff := cmp.Diff(tt.want, got); diff != "" || n != tt.n {
				t.Errorf("ApplyFixes applied %d, want %d (-want +got):\n%s", n, tt.n, diff)
			}
		})
	}
}

// Whatever the edits, the length of the result tells that exactly the applied
// fixes had their effect.
func TestApplyFixesLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := rapid.StringN(0, 20, 40).Draw(t, "src")
		var l diag.List
		offset := rapid.Int32Range(0, int32(len(src)))
		for range rapid.IntRange(0, 8).Draw(t, "fixes") {
			start := offset.Draw(t, "start")
			end := min(start+rapid.Int32Range(0, 5).Draw(t, "length"), int32(len(src)))
			l.Add("P0001", diag.Error, nil, source.Span{}, "m").WithFix("f", edit(start, end, "☃"))
		}
		got, n := diag.ApplyFixes(src, l)
		if n == 0 && got != src {
			t.Fatalf("nothing was applied, but %q became %q", src, got)
		}
		if len(l) > 0 && n == 0 {
			t.Fatal("the first fix was not applied")
		}
		grown := len(got) - len(src)
		if grown > 3*n || grown < -2*n {
			t.Fatalf("%d fixes changed the length by %d", n, grown)
		}
	})
}
