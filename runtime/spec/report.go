package spec

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/parallaxai/parallax/prism/diag"
)

// MarshalJSON prints {passed, failed, broken, durationMs, files: [{file,
// diagnostics, tests}], coverage}.
func (r *Report) MarshalJSON() ([]byte, error) {
	type jsonTest struct {
		*Result
		DurationMs float64 `json:"durationMs"`
		VirtualMs  float64 `json:"virtualMs"`
	}
	type jsonFile struct {
		File        string          `json:"file"`
		Diagnostics json.RawMessage `json:"diagnostics"`
		Tests       []jsonTest      `json:"tests"`
	}
	passed, failed, broken := r.Counts()
	out := struct {
		Passed     int             `json:"passed"`
		Failed     int             `json:"failed"`
		Broken     int             `json:"broken"`
		DurationMs float64         `json:"durationMs"`
		Files      []jsonFile      `json:"files"`
		Coverage   json.RawMessage `json:"coverage,omitempty"`
	}{passed, failed, broken, milliseconds(r.Duration), []jsonFile{}, nil}
	for _, f := range r.Files {
		var list bytes.Buffer
		if err := diag.JSON(&list, f.List); err != nil {
			return nil, err
		}
		jf := jsonFile{f.Path, list.Bytes(), []jsonTest{}}
		for _, t := range f.Results {
			c := *t
			if c.Failures == nil {
				c.Failures = []Failure{}
			}
			if c.Notes == nil {
				c.Notes = []string{}
			}
			if c.Printed == nil {
				c.Printed = []string{}
			}
			jf.Tests = append(jf.Tests, jsonTest{&c, milliseconds(t.Duration), milliseconds(t.Virtual)})
		}
		out.Files = append(out.Files, jf)
	}
	if r.Cover != nil {
		text, err := json.Marshal(r.Cover.summary())
		if err != nil {
			return nil, err
		}
		out.Coverage = text
	}
	return json.Marshal(out)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

type coverageCount struct {
	File         string  `json:"file,omitempty"`
	Lines        int     `json:"lines"`
	LinesRun     int     `json:"linesRun"`
	LinePercent  float64 `json:"linePercent"`
	Branches     int     `json:"branches"`
	BranchesRun  int     `json:"branchesRun"`
	BranchesRate float64 `json:"branchPercent"`
}

func counted(name string, lines, linesRun, ways, waysRun int) coverageCount {
	return coverageCount{name, lines, linesRun, Percent(linesRun, lines), ways, waysRun, Percent(waysRun, ways)}
}

// summary is the coverage in numbers; branches are counted by their ways.
func (c *Coverage) summary() any {
	out := struct {
		coverageCount
		Files []coverageCount `json:"files"`
	}{Files: []coverageCount{}}
	out.coverageCount = func() coverageCount { a, b, d, e := c.Totals(); return counted("", a, b, d, e) }()
	for _, f := range c.Files {
		a, b, d, e := f.Totals()
		out.Files = append(out.Files, counted(f.Path, a, b, d, e))
	}
	return out
}

// JUnit writes the report in the XML format that continuous integration servers
// read: a suite for each file.
func (r *Report) JUnit(w io.Writer) error {
	type problem struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
	type testCase struct {
		Name      string   `xml:"name,attr"`
		ClassName string   `xml:"classname,attr"`
		File      string   `xml:"file,attr"`
		Line      int      `xml:"line,attr"`
		Time      string   `xml:"time,attr"`
		Failure   *problem `xml:"failure,omitempty"`
		Error     *problem `xml:"error,omitempty"`
		Output    string   `xml:"system-out,omitempty"`
	}
	type suite struct {
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Time     string     `xml:"time,attr"`
		Cases    []testCase `xml:"testcase"`
	}
	type suites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Time     string   `xml:"time,attr"`
		Suites   []suite  `xml:"testsuite"`
	}
	seconds := func(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
	passed, failed, broken := r.Counts()
	out := suites{Tests: passed + failed + broken, Failures: failed, Errors: broken, Time: seconds(r.Duration)}
	for _, f := range r.Files {
		s := suite{Name: f.Path, Tests: len(f.Results)}
		total := time.Duration(0)
		for _, t := range f.Results {
			c := testCase{Name: t.Name, ClassName: f.Path, File: f.Path, Line: t.Line, Time: seconds(t.Duration), Output: xmlText(strings.Join(t.Printed, "\n"))}
			total += t.Duration
			if t.Status == Failed {
				s.Failures++
				var lines []string
				for _, x := range t.Failures {
					lines = append(lines, x.String())
				}
				c.Failure = &problem{xmlText(t.Failures[0].Message), xmlText(strings.Join(lines, "\n"))}
			}
			s.Cases = append(s.Cases, c)
		}
		if f.List.HasErrors() {
			s.Tests++
			s.Errors++
			var lines []string
			for _, d := range f.List {
				lines = append(lines, d.Error())
			}
			s.Cases = append(s.Cases, testCase{Name: "(the file)", ClassName: f.Path, File: f.Path, Line: 1, Time: seconds(0),
				Error: &problem{xmlText(f.List[0].Message), xmlText(strings.Join(lines, "\n"))}})
		}
		s.Time = seconds(total)
		out.Suites = append(out.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// xmlText replaces what XML has no way to say.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 {
			return r
		}
		return '\uFFFD'
	}, s)
}

// String tells a failure in one or three lines.
func (f Failure) String() string {
	text := fmt.Sprintf("%s:%d:%d: %s", f.Path, f.Line, f.Column, f.Message)
	if f.Want != "" || f.Got != "" {
		text += "\n  want " + f.Want + "\n  got  " + f.Got
	}
	return text
}
