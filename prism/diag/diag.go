// Package diag is the one shape of everything the toolchain has to say about a
// source text: syntax, names, types, confidence, modules, YAML and run time.
//
// A Diagnostic has a stable code, a short message in the user's terms, a tight
// span, an optional hint that tells how to go on, related places, and fixes
// that a tool can apply. Functions that can find fault with a source return a
// List beside their (possibly partial) result, never instead of it.
package diag

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/parallaxai/parallax/prism/source"
)

// Severity orders diagnostics by weight; Error is the heaviest.
type Severity uint8

const (
	Error Severity = iota
	Warning
	Info
	Hint
)

func (s Severity) String() string {
	return [...]string{"error", "warning", "info", "hint"}[s]
}

// Code identifies a kind of diagnostic: a letter for the stage (P parse,
// N names, T types, C confidence, M modules, Y YAML, R run time) and four
// digits. codes.go lists them all.
type Code string

// Diagnostic is one finding. File is nil only for findings that belong to no
// source text (a missing file, say).
type Diagnostic struct {
	Code     Code
	Severity Severity
	File     *source.File
	Span     source.Span
	Message  string // one line, no final period
	Hint     string // how to mend it; may be empty
	Related  []Related
	Fixes    []Fix
}

// Related is another place that explains a diagnostic.
type Related struct {
	File    *source.File
	Span    source.Span
	Message string
}

// Fix is a change that mends the diagnostic. Edits do not overlap and are
// ordered by position; they apply to the diagnostic's file.
type Fix struct {
	Title string
	Edits []Edit
}

// Edit replaces the text of a span.
type Edit struct {
	Span    source.Span
	NewText string
}

// Position returns where the diagnostic starts; zero without a file.
func (d *Diagnostic) Position() source.Position {
	if d.File == nil {
		return source.Position{}
	}
	return d.File.Position(d.Span.Start)
}

// Error renders the diagnostic on one line: file:line:column: severity CODE: message.
func (d *Diagnostic) Error() string {
	if d.File == nil {
		return fmt.Sprintf("%s %s: %s", d.Severity, d.Code.Public(), d.Message)
	}
	p := d.Position()
	return fmt.Sprintf("%s:%d:%d: %s %s: %s", d.File.Name, p.Line, p.Column, d.Severity, d.Code.Public(), d.Message)
}

// List is a set of findings.
type List []*Diagnostic

// Add appends a diagnostic and returns it for further decoration.
func (l *List) Add(code Code, sev Severity, f *source.File, span source.Span, format string, args ...any) *Diagnostic {
	d := &Diagnostic{Code: code, Severity: sev, File: f, Span: span, Message: fmt.Sprintf(format, args...)}
	*l = append(*l, d)
	return d
}

// HasErrors reports whether any diagnostic is an Error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d *Diagnostic) bool { return d.Severity == Error })
}

// Sort orders the list by file name, position, severity and code, keeping the
// order of equal elements.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b *Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.fileName(), b.fileName()),
			cmp.Compare(a.Span.Start, b.Span.Start),
			cmp.Compare(a.Severity, b.Severity),
			cmp.Compare(a.Code, b.Code),
		)
	})
}

func (d *Diagnostic) fileName() string {
	if d.File == nil {
		return ""
	}
	return d.File.Name
}

// WithHint sets the hint and returns the diagnostic.
func (d *Diagnostic) WithHint(format string, args ...any) *Diagnostic {
	d.Hint = fmt.Sprintf(format, args...)
	return d
}

// WithRelated adds a place in the diagnostic's own file and returns the diagnostic.
func (d *Diagnostic) WithRelated(span source.Span, format string, args ...any) *Diagnostic {
	d.Related = append(d.Related, Related{d.File, span, fmt.Sprintf(format, args...)})
	return d
}

// WithFix adds a fix and returns the diagnostic.
func (d *Diagnostic) WithFix(title string, edits ...Edit) *Diagnostic {
	d.Fixes = append(d.Fixes, Fix{title, edits})
	return d
}
