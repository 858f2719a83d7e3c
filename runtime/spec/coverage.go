package spec

import (
	"cmp"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/vm"
)

// Coverage is what the tests ran of patterns and their modules. The library and
// the tests themselves are not counted.
type Coverage struct {
	Files  []*FileCoverage // sorted by path
	byFile map[string]*FileCoverage
}

// FileCoverage is what the tests ran of one file.
type FileCoverage struct {
	Path   string
	Source *source.File
	Lines  []LineCoverage // those with code, in order
	// Branches are the places that decide between two ways, in order.
	Branches []BranchCoverage

	lines    map[int]int64
	branches map[source.Span]*[2]int64
}

// LineCoverage is how often a line was begun.
type LineCoverage struct {
	Line int
	Runs int64
}

// BranchCoverage is how often a condition went each way.
type BranchCoverage struct {
	Span   source.Span
	Line   int
	Column int
	Ways   [2]int64
}

// Missed counts the ways that were never taken.
func (b BranchCoverage) Missed() int {
	n := 0
	for _, w := range b.Ways {
		if w == 0 {
			n++
		}
	}
	return n
}

// Totals counts lines and ways of branches, and how many of them ran.
func (f *FileCoverage) Totals() (lines, linesRun, ways, waysRun int) {
	for _, l := range f.Lines {
		lines++
		if l.Runs > 0 {
			linesRun++
		}
	}
	for _, b := range f.Branches {
		ways += 2
		waysRun += 2 - b.Missed()
	}
	return lines, linesRun, ways, waysRun
}

// Totals adds up all files.
func (c *Coverage) Totals() (lines, linesRun, ways, waysRun int) {
	for _, f := range c.Files {
		a, b, d, e := f.Totals()
		lines, linesRun, ways, waysRun = lines+a, linesRun+b, ways+d, waysRun+e
	}
	return lines, linesRun, ways, waysRun
}

// Percent is a share in percent; 100 of nothing.
func Percent(part, whole int) float64 {
	if whole == 0 {
		return 100
	}
	return 100 * float64(part) / float64(whole)
}

// add takes in the parts of one program. The same file may come with several
// programs, and the same branch several times in one, where the compiler made
// copies of it.
func (c *Coverage) add(spans []vm.CoverageSpan) {
	if c.byFile == nil {
		c.byFile = map[string]*FileCoverage{}
	}
	for _, s := range spans {
		if strings.HasPrefix(s.File.Name, "std/") || IsTest(s.File.Name) || s.Span.End <= s.Span.Start {
			continue
		}
		f := c.byFile[s.File.Name]
		if f == nil {
			f = &FileCoverage{Path: s.File.Name, Source: s.File, lines: map[int]int64{}, branches: map[source.Span]*[2]int64{}}
			c.byFile[s.File.Name] = f
			c.Files = append(c.Files, f)
		}
		line := s.File.Position(s.Span.Start).Line
		f.lines[line] = max(f.lines[line], s.Runs)
		if s.Branch {
			w := f.branches[s.Span]
			if w == nil {
				w = &[2]int64{}
				f.branches[s.Span] = w
			}
			w[0] += s.Ways[0]
			w[1] += s.Ways[1]
		}
	}
}

// finish makes the sorted lists.
func (c *Coverage) finish() {
	slices.SortFunc(c.Files, func(a, b *FileCoverage) int { return cmp.Compare(a.Path, b.Path) })
	for _, f := range c.Files {
		for line, runs := range f.lines {
			f.Lines = append(f.Lines, LineCoverage{line, runs})
		}
		slices.SortFunc(f.Lines, func(a, b LineCoverage) int { return cmp.Compare(a.Line, b.Line) })
		for span, ways := range f.branches {
			at := f.Source.Position(span.Start)
			f.Branches = append(f.Branches, BranchCoverage{span, at.Line, at.Column, *ways})
		}
		slices.SortFunc(f.Branches, func(a, b BranchCoverage) int {
			return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
		})
	}
}
