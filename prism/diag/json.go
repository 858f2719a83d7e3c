package diag

import (
	"encoding/json"
	"io"

	"github.com/parallaxai/parallax/prism/source"
)

// jsonReport is the document that JSON writes. Its keys are an interface that
// other tools rely on: none is ever left out.
type jsonReport struct {
	Diagnostics []jsonDiagnostic `json:"diagnostics"`
	Errors      int              `json:"errors"`
	Warnings    int              `json:"warnings"`
}

type jsonDiagnostic struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
	jsonPlace
	Related []jsonRelated `json:"related"`
	Fixes   []jsonFix     `json:"fixes"`
}

// jsonPlace is a span: lines and columns from 1, columns in code points,
// offsets in bytes. Without a file, or without a place in it, all numbers are 0.
type jsonPlace struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Offset    int32  `json:"offset"`
	EndOffset int32  `json:"endOffset"`
}

type jsonRelated struct {
	Message string `json:"message"`
	jsonPlace
}

type jsonFix struct {
	Title string     `json:"title"`
	Edits []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	jsonPlace
	NewText string `json:"newText"`
}

// JSON writes diagnostics, in the order of the list, as one JSON document with
// the keys "diagnostics", "errors" and "warnings". The error is that of w.
func JSON(w io.Writer, list List) error {
	r := jsonReport{Diagnostics: []jsonDiagnostic{}}
	r.Errors, r.Warnings = list.count()
	names := make(map[Code]string)
	for _, info := range Codes() {
		names[info.Code] = info.Name
	}
	for _, d := range list {
		j := jsonDiagnostic{Code: d.Code.Public(), Name: names[d.Code], Severity: d.Severity.String(), Message: d.Message, Hint: d.Hint,
			jsonPlace: placeOf(d.File, d.Span), Related: []jsonRelated{}, Fixes: []jsonFix{}}
		for _, rel := range d.Related {
			j.Related = append(j.Related, jsonRelated{rel.Message, placeOf(rel.File, rel.Span)})
		}
		for _, fix := range d.Fixes {
			f := jsonFix{Title: fix.Title, Edits: []jsonEdit{}}
			for _, e := range fix.Edits {
				// An edit at the very beginning of the text has a place, too.
				f.Edits = append(f.Edits, jsonEdit{spanOf(d.File, e.Span), e.NewText})
			}
			j.Fixes = append(j.Fixes, f)
		}
		r.Diagnostics = append(r.Diagnostics, j)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

func placeOf(f *source.File, span source.Span) jsonPlace {
	if f != nil && !span.IsValid() {
		return jsonPlace{File: f.Name}
	}
	return spanOf(f, span)
}

func spanOf(f *source.File, span source.Span) jsonPlace {
	if f == nil {
		return jsonPlace{}
	}
	start, end := f.Position(span.Start), f.Position(max(span.Start, span.End))
	return jsonPlace{f.Name, start.Line, start.Column, end.Line, end.Column, start.Offset, end.Offset}
}
