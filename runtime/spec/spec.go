// Package spec tests patterns. It reads test files, runs each test in an
// execution of its own with stand-ins for agents, models and people and a clock
// that does not wait, compares what came out with what is expected, and reports.
//
// There are two kinds of files. In name.test.yaml, beside a pattern, a test is a
// case: an input, answers, and what is expected of the result. In name_test.prism
// it is a block test "name" { ... } with claims made by expect. Answers of real
// agents and models can be recorded once and are taken from the recording after.
//
// Compiling and opening agents is the caller's, see Options; the package reads
// only test files and recordings.
package spec

import (
	"context"
	"regexp"
	"time"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
)

// Program is what compiling a file gave.
type Program struct {
	Code  *bytecode.Program // nil when List has errors
	Tests []Block           // the tests that stand in the file
	List  diag.List
}

// Block is a test "name" { ... } in a program.
type Block struct {
	Name string
	File *source.File
	Span source.Span // of the name
}

// Options set up a Runner.
type Options struct {
	// Compile compiles the file of a path. The pattern is that to run, of a file
	// with several; "" is the last one. Plain code is as it was written, not
	// optimised. The error is that of reading the file.
	Compile func(path, pattern string, plain bool) (*Program, error)
	// Agents opens the agents of a file; with "" those of a file of tests that
	// names none, such as what its project says.
	// The runner closes them.
	Agents func(path, testFile string) (*agent.Registry, diag.List, error)
	// Filter chooses tests by "path: name"; nil takes all.
	Filter *regexp.Regexp
	// Parallel is how many tests run at a time; 0 is one for each processor.
	Parallel int
	// Timeout bounds the real time of a test; 0 is DefaultTimeout.
	Timeout time.Duration
	// Cover counts what the programs run.
	Cover bool
	// Record asks real agents and models and writes the recordings anew.
	Record bool
	// Done, when not nil, hears of each test that has ended, one at a time.
	Done func(*Result)
}

// DefaultTimeout bounds the real time of a test.
const DefaultTimeout = 30 * time.Second

// Status is how a test ended.
type Status string

const (
	Passed Status = "passed"
	Failed Status = "failed"
)

// Result is what one test came to.
type Result struct {
	File     string        `json:"file"`
	Name     string        `json:"name"`
	Line     int           `json:"line"`
	Column   int           `json:"column"`
	Status   Status        `json:"status"`
	Failures []Failure     `json:"failures"`
	Notes    []string      `json:"notes"`   // what does not fail the test: a recording that is out of date
	Printed  []string      `json:"printed"` // lines that the program printed
	Duration time.Duration `json:"-"`       // real time
	Virtual  time.Duration `json:"-"`       // time that passed for the program
}

// Failure is one expectation that was not met.
type Failure struct {
	// Subject is what was looked at: "result.label", "confidence", "calls.anna".
	Subject string `json:"subject,omitempty"`
	Message string `json:"message"`
	// Want and Got are values as text, "" for failures that compare nothing.
	Want string `json:"want,omitempty"`
	Got  string `json:"got,omitempty"`
	// The place of the expectation, or of what failed in the program.
	Path   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Source string `json:"source,omitempty"` // that line
}

// FileReport is what the tests of one file came to.
type FileReport struct {
	Path    string
	List    diag.List // what is wrong with the file or its program; with errors no test ran
	Results []*Result
}

// Report is what all tests came to.
type Report struct {
	Files    []*FileReport
	Duration time.Duration // real time
	Cover    *Coverage     // nil unless asked for
}

// Counts returns how many tests passed and failed, and how many files could not
// be run.
func (r *Report) Counts() (passed, failed, broken int) {
	for _, f := range r.Files {
		if f.List.HasErrors() {
			broken++
		}
		for _, t := range f.Results {
			if t.Status == Passed {
				passed++
			} else {
				failed++
			}
		}
	}
	return passed, failed, broken
}

// OK reports whether everything passed.
func (r *Report) OK() bool {
	_, failed, broken := r.Counts()
	return failed+broken == 0
}

// test is a test that is ready to run.
type test struct {
	file   *testFile
	name   string
	at     source.Position
	base   *agent.Registry // agents that are not stand-ins
	named  bool            // base is of the file that the test names
	run    func(ctx context.Context, t *test, s *stage) (failures []Failure)
	result *Result
}

// testFile is a file of tests.
type testFile struct {
	path      string
	src       *source.File
	report    *FileReport
	tests     []*test
	recording *recording
}
