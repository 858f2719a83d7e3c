package diag_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"testing"

	"github.com/parallaxai/parallax/prism/diag"
)

// TestFormats compares what other tools read, of diagnostics of every kind.
func TestFormats(t *testing.T) {
	var all diag.List
	_, lists := cases(t)
	for _, l := range lists {
		all = append(all, l...)
	}
	var sarif, github, junit bytes.Buffer
	if err := diag.SARIF(&sarif, all, "1.2.3"); err != nil {
		t.Fatal(err)
	}
	if err := diag.GitHub(&github, all); err != nil {
		t.Fatal(err)
	}
	if err := diag.JUnit(&junit, all, []string{"main.prism", "fine.prism"}); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(sarif.Bytes()) {
		t.Error("the SARIF log is not JSON")
	}
	var suites struct {
		Tests int `xml:"tests,attr"`
	}
	if err := xml.Unmarshal(junit.Bytes(), &suites); err != nil || suites.Tests < 3 {
		t.Errorf("the JUnit report has %d cases: %v", suites.Tests, err)
	}
	if n := bytes.Count(github.Bytes(), []byte("\n")); n != len(all) {
		t.Errorf("%d workflow commands for %d diagnostics", n, len(all))
	}
	golden(t, "diagnostics.sarif", sarif.String())
	golden(t, "diagnostics.github", github.String())
	golden(t, "diagnostics.junit.xml", junit.String())
}
