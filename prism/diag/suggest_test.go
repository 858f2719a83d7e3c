package diag_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/prism/diag"
)

func TestSuggest(t *testing.T) {
	names := []string{"total", "filter", "forEach", "x", "xs", "Math", "confidence", "combine"}
	tests := []struct{ name, want string }{
		{"totla", "total"}, {"ttal", "total"}, {"total", ""}, {"foreach", "forEach"}, {"fliter", "filter"}, {"math", "Math"},
		{"confidance", "confidence"}, {"cnfidenc", "confidence"}, {"y", ""}, {"zebra", ""}, {"", ""},
	}
	for _, tt := range tests {
		if got := diag.Suggest(tt.name, names); got != tt.want {
			t.Errorf("Suggest(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := diag.Suggest("cat", []string{"car", "bat", "cut"}); got != "bat" {
		t.Errorf("of equally near names %q is suggested", got)
	}
}

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b  string
		limit int
		want  int
	}{
		{"", "", 3, 0}, {"abc", "abc", 3, 0}, {"abc", "abd", 3, 1}, {"abc", "acb", 3, 1}, {"abc", "ab", 3, 1}, {"abc", "xabc", 3, 1},
		{"kitten", "sitting", 3, 3}, {"kitten", "sitting", 2, 3}, {"abcdef", "", 3, 4}, {"über", "uber", 1, 1},
	}
	for _, tt := range tests {
		if got := diag.Distance(tt.a, tt.b, tt.limit); got != tt.want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", tt.a, tt.b, tt.limit, got, tt.want)
		}
	}
}

// One edit changes the distance by at most one, in both directions.
func TestDistanceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abc]{0,6}`)
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := diag.Distance(a, b, 10)
		if back := diag.Distance(b, a, 10); back != d {
			t.Fatalf("Distance(%q, %q) = %d, the other way %d", a, b, d, back)
		}
		if (d == 0) != (a == b) || d > max(len(a), len(b)) {
			t.Fatalf("Distance(%q, %q) = %d", a, b, d)
		}
		if e := diag.Distance(a, b+"a", 10); e < d-1 || e > d+1 {
			t.Fatalf("Distance(%q, %q) = %d, with one letter more %d", a, b, d, e)
		}
		for limit := range 6 {
			if got := diag.Distance(a, b, limit); got != min(d, limit+1) {
				t.Fatalf("Distance(%q, %q, %d) = %d, without a limit %d", a, b, limit, got, d)
			}
		}
	})
}
