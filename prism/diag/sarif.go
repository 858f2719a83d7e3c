package diag

import (
	"encoding/json"
	"io"
	"path"
	"strings"

	"github.com/parallaxai/parallax/prism/source"
)

// The parts of a SARIF 2.1.0 log that SARIF writes.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		Name             string    `json:"name"`
		ShortDescription sarifText `json:"shortDescription"`
		FullDescription  sarifText `json:"fullDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
		Related   []sarifLocation `json:"relatedLocations,omitempty"`
		Fixes     []sarifFix      `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		ID       int           `json:"id,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted sarifText   `json:"insertedContent"`
	}
)

// SARIF writes diagnostics as one SARIF 2.1.0 log, which code hosts read; version
// is that of the tool. Rules are the codes that occur. The error is that of w.
func SARIF(w io.Writer, list List, version string) error {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "prism", Version: version, Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	rules := map[Code]int{}
	for _, d := range list {
		index, ok := rules[d.Code]
		if !ok {
			index = len(run.Tool.Driver.Rules)
			rules[d.Code] = index
			info, _ := Lookup(d.Code)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{d.Code.Public(), info.Name, sarifText{info.Title}, sarifText{info.Explanation}})
		}
		message := d.Message
		if d.Hint != "" {
			message += "\n" + d.Hint
		}
		level := "note"
		if d.Severity == Error || d.Severity == Warning {
			level = d.Severity.String()
		}
		r := sarifResult{RuleID: d.Code.Public(), RuleIndex: index, Level: level, Message: sarifText{message},
			Locations: []sarifLocation{}}
		if d.File != nil {
			r.Locations = append(r.Locations, sarifPlace(d.File, d.Span))
		}
		for i, rel := range d.Related {
			if rel.File == nil {
				continue
			}
			l := sarifPlace(rel.File, rel.Span)
			l.ID, l.Message = i+1, &sarifText{rel.Message}
			r.Related = append(r.Related, l)
		}
		for _, fix := range d.Fixes {
			if d.File == nil || len(fix.Edits) == 0 {
				continue
			}
			change := sarifChange{Artifact: sarifArtifact{uri(d.File.Name)}}
			for _, e := range fix.Edits {
				change.Replacements = append(change.Replacements, sarifReplacement{region(d.File, e.Span), sarifText{e.NewText}})
			}
			r.Fixes = append(r.Fixes, sarifFix{sarifText{fix.Title}, []sarifChange{change}})
		}
		run.Results = append(run.Results, r)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func sarifPlace(f *source.File, span source.Span) sarifLocation {
	l := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{uri(f.Name)}}}
	if span.IsValid() {
		r := region(f, span)
		l.Physical.Region = &r
	}
	return l
}

func region(f *source.File, span source.Span) sarifRegion {
	p := spanOf(f, span)
	return sarifRegion{p.Line, p.Column, p.EndLine, p.EndColumn}
}

// uri returns a file's name as a relative or absolute URI reference.
func uri(name string) string {
	name = path.Clean(strings.ReplaceAll(name, "\\", "/"))
	var b strings.Builder
	for _, c := range []byte(name) {
		switch {
		case c <= ' ', c >= 0x7F, strings.IndexByte("%?#[]<>\"^`{|}", c) >= 0:
			const hex = "0123456789ABCDEF"
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
