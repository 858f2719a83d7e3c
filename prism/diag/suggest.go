package diag

import (
	"math"
	"slices"
	"strings"
)

// Suggest returns the candidate that is closest to a name, "" when none is
// close enough: one edit for short names, a third of the longer one's length for
// others.
// Ties go to the candidate that sorts first.
func Suggest(name string, candidates []string) string {
	best, bestDistance := "", math.MaxInt
	sorted := slices.Clone(candidates)
	slices.Sort(sorted)
	for _, c := range slices.Compact(sorted) {
		if c == name || len([]rune(name)) < 2 {
			continue
		}
		limit := max(1, max(len([]rune(name)), len([]rune(c)))/3)
		d := Distance(name, c, limit)
		if d > limit {
			continue
		}
		if strings.EqualFold(name, c) {
			d = 0
		}
		if d < bestDistance && (len([]rune(c)) > 1) {
			best, bestDistance = c, d
		}
	}
	return best
}

// Distance is the Damerau-Levenshtein distance of two names (insertions,
// deletions, substitutions and swaps of neighbours), or limit+1 when it is
// larger than limit.
func Distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	var before []int
	prev := make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit && i < len(x) && slices.Min(prev) > limit {
			return limit + 1
		}
		before, prev = prev, row
	}
	return min(prev[len(y)], limit+1)
}
