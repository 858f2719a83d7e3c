package diag

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
)

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name     string         `xml:"name,attr"`
		Class    string         `xml:"classname,attr"`
		Failures []junitFailure `xml:"failure"`
		Out      string         `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes diagnostics as a JUnit report with one case for each of the files
// that were checked, and for others that have a finding: errors fail it, warnings
// stand in its output. The error is that of w.
func JUnit(w io.Writer, list List, files []string) error {
	files = slices.Clone(files)
	for _, d := range list {
		if name := d.fileName(); !slices.Contains(files, name) {
			files = append(files, name)
		}
	}
	suite := junitSuite{Name: "prism check", Tests: len(files), Cases: []junitCase{}}
	for _, name := range files {
		c := junitCase{Name: name, Class: "prism.check"}
		for _, d := range list {
			switch {
			case d.fileName() != name:
			case d.Severity == Error:
				text := d.Error()
				if d.Hint != "" {
					text += "\n" + d.Hint
				}
				c.Failures = append(c.Failures, junitFailure{d.Message, d.Code.Public(), text})
			default:
				c.Out += d.Error() + "\n"
			}
		}
		if len(c.Failures) > 0 {
			suite.Failures++
		}
		suite.Cases = append(suite.Cases, c)
	}
	data, err := xml.MarshalIndent(junitSuites{Tests: suite.Tests, Failures: suite.Failures, Suites: []junitSuite{suite}}, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the report: %w", err)
	}
	_, err = io.WriteString(w, xml.Header+string(data)+"\n")
	return err
}
