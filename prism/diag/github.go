package diag

import (
	"fmt"
	"io"
	"strings"
)

var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// GitHub writes diagnostics as workflow commands, one a line, which GitHub shows
// at the lines of a change. The error is that of w.
func GitHub(w io.Writer, list List) error {
	var b strings.Builder
	for _, d := range list {
		var props []string
		if d.File != nil {
			props = append(props, "file="+githubProperty.Replace(d.File.Name))
			if d.Span.IsValid() {
				p := spanOf(d.File, d.Span)
				props = append(props, fmt.Sprintf("line=%d", p.Line), fmt.Sprintf("endLine=%d", p.EndLine))
				if p.Line == p.EndLine { // columns of several lines are not supported
					props = append(props, fmt.Sprintf("col=%d", p.Column), fmt.Sprintf("endColumn=%d", p.EndColumn))
				}
			}
		}
		title := d.Code.Public()
		if info, ok := Lookup(d.Code); ok {
			title += " " + info.Name
		}
		props = append(props, "title="+githubProperty.Replace(title))
		message := d.Message
		if d.Hint != "" {
			message += "\n" + d.Hint
		}
		level := "notice"
		if d.Severity == Error || d.Severity == Warning {
			level = d.Severity.String()
		}
		fmt.Fprintf(&b, "::%s %s::%s\n", level, visible(strings.Join(props, ",")), githubData.Replace(visible(message)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
