// Package source holds source files and positions in them.
//
// A position is a byte offset into one file; lines and columns are derived on
// demand from a line table that is built on first use. People see 1-based
// lines and columns counted in code points; the Language Server Protocol
// counts UTF-16 units from zero. Every conversion between the notations lives
// here and nowhere else.
package source

import (
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// Span is a half-open range of byte offsets [Start, End) in one file.
// The zero Span marks something that has no place in a source text.
type Span struct {
	Start, End int32
}

// Range returns the span itself. AST nodes embed a Span and so satisfy
// ast.Node through this method.
func (s Span) Range() Span { return s }

// IsValid reports whether the span denotes a place in a source text.
func (s Span) IsValid() bool { return s.Start != 0 || s.End != 0 }

// To returns the span from the start of s to the end of t.
func (s Span) To(t Span) Span { return Span{s.Start, t.End} }

// Contains reports whether the offset lies in the span, its end included.
func (s Span) Contains(offset int32) bool { return s.Start <= offset && offset <= s.End }

// Position is a place in a file as people count: Line and Column start at 1,
// Column counts code points.
type Position struct {
	Offset int32
	Line   int
	Column int
}

// File is one source text. Its fields do not change after NewFile.
type File struct {
	Name string // as shown in diagnostics
	Src  string

	once  sync.Once
	lines []int32 // offset of the first byte of each line
}

// NewFile returns a file with the given display name and text.
func NewFile(name, src string) *File { return &File{Name: name, Src: src} }

func (f *File) lineTable() []int32 {
	f.once.Do(func() {
		lines := make([]int32, 1, 1+strings.Count(f.Src, "\n"))
		for i := 0; ; {
			n := strings.IndexByte(f.Src[i:], '\n')
			if n < 0 {
				break
			}
			i += n + 1
			lines = append(lines, int32(i))
		}
		f.lines = lines
	})
	return f.lines
}

// LineCount returns the number of lines, at least 1.
func (f *File) LineCount() int { return len(f.lineTable()) }

// Line returns the 1-based line of an offset.
func (f *File) Line(offset int32) int {
	lines := f.lineTable()
	return sort.Search(len(lines), func(i int) bool { return lines[i] > offset })
}

// Position converts an offset. Offsets outside the text are clamped to it.
func (f *File) Position(offset int32) Position {
	offset = min(max(offset, 0), int32(len(f.Src)))
	line := f.Line(offset)
	start := f.lineTable()[line-1]
	return Position{offset, line, 1 + utf8.RuneCountInString(f.Src[start:offset])}
}

// LineStart returns the offset of the first byte of a 1-based line, clamped to
// the lines that exist.
func (f *File) LineStart(line int) int32 {
	lines := f.lineTable()
	return lines[min(max(line, 1), len(lines))-1]
}

// LineText returns a 1-based line without its line break; "" when there is no
// such line.
func (f *File) LineText(line int) string {
	lines := f.lineTable()
	if line < 1 || line > len(lines) {
		return ""
	}
	end := len(f.Src)
	if line < len(lines) {
		end = int(lines[line])
	}
	return strings.TrimRight(f.Src[lines[line-1]:end], "\r\n")
}

// Text returns the source text of a span, clamped to the file.
func (f *File) Text(s Span) string {
	n := int32(len(f.Src))
	start, end := min(max(s.Start, 0), n), min(max(s.End, 0), n)
	if start >= end {
		return ""
	}
	return f.Src[start:end]
}

// Offset converts a 1-based line and column in code points to a byte offset,
// clamped to the line.
func (f *File) Offset(line, column int) int32 {
	start := f.LineStart(line)
	text := f.LineText(line)
	for i := range text {
		if column--; column == 0 {
			return start + int32(i)
		}
	}
	return start + int32(len(text))
}

// UTF16Position returns the 0-based line and UTF-16 column of an offset.
func (f *File) UTF16Position(offset int32) (line, character int) {
	offset = min(max(offset, 0), int32(len(f.Src)))
	l := f.Line(offset)
	for _, r := range f.Src[f.lineTable()[l-1]:offset] {
		if character++; r > 0xFFFF {
			character++
		}
	}
	return l - 1, character
}

// UTF16Offset converts a 0-based line and UTF-16 column to a byte offset,
// clamped to the line.
func (f *File) UTF16Offset(line, character int) int32 {
	start := f.LineStart(line + 1)
	text := f.LineText(line + 1)
	n := 0
	for i, r := range text {
		if n >= character {
			return start + int32(i)
		}
		if n++; r > 0xFFFF {
			n++
		}
	}
	return start + int32(len(text))
}
