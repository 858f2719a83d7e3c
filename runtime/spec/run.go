package spec

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/vm"
)

// Runner runs tests. It must be used once.
type Runner struct {
	opts     Options
	lib      *vm.Library
	programs map[[2]string]*loaded
	mu       sync.Mutex // guards programs
	opened   []*agent.Registry
}

// loaded is a compiled file.
type loaded struct {
	once     sync.Once
	program  *engine.Program
	coverage *vm.Coverage
	tests    []Block
	err      error
}

// programError tells that a program has errors.
type programError struct{ list diag.List }

func (e *programError) Error() string { return e.list[0].Error() }

// Run runs the tests of files with a library of the language. The error is that
// of files that can't be read or written; what is wrong inside them stands in the
// report. Cancelling ctx ends the tests that run and fails those that have not.
func Run(ctx context.Context, files []string, lib *vm.Library, opts Options) (report *Report, err error) {
	r := &Runner{opts: opts, lib: lib, programs: map[[2]string]*loaded{}}
	defer func() {
		for _, g := range r.opened {
			err = errors.Join(err, g.Close())
		}
	}()
	began := time.Now()
	report = &Report{}
	var tests []*test
	var testFiles []*testFile
	for _, name := range files {
		f, err := r.read(name)
		if err != nil {
			return nil, err
		}
		report.Files = append(report.Files, f.report)
		testFiles = append(testFiles, f)
		if f.report.List.HasErrors() {
			continue
		}
		for _, t := range f.tests {
			if opts.Filter != nil && !opts.Filter.MatchString(f.path+": "+t.name) {
				continue
			}
			t.result = &Result{File: f.path, Name: t.name, Line: t.at.Line, Column: t.at.Column}
			f.report.Results = append(f.report.Results, t.result)
			tests = append(tests, t)
		}
	}
	r.runAll(ctx, tests)
	for _, f := range testFiles {
		if f.recording != nil && f.recording.writing && !f.report.List.HasErrors() {
			if err := f.recording.save(); err != nil {
				return nil, err
			}
		}
	}
	report.Duration = time.Since(began)
	if opts.Cover {
		report.Cover = r.coverage()
	}
	return report, ctx.Err()
}

// read reads a file of tests.
func (r *Runner) read(name string) (*testFile, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f := &testFile{path: path.Clean(name), src: source.NewFile(path.Clean(name), string(text))}
	f.report = &FileReport{Path: f.path}
	if path.Ext(name) == ".prism" {
		r.readBlocks(f)
	} else {
		r.readCases(f)
	}
	f.report.List.Sort()
	if f.recording, err = readRecording(recordingOf(f.path)); err != nil {
		return nil, err
	}
	if r.opts.Record {
		old := f.recording
		f.recording = &recording{path: recordingOf(f.path), writing: true, tests: map[string][]*taken{}}
		if old != nil && r.opts.Filter != nil { // tests that are not run keep theirs
			for _, t := range f.tests {
				if !r.opts.Filter.MatchString(f.path + ": " + t.name) {
					f.recording.tests[t.name] = old.tests[t.name]
				}
			}
		}
	}
	return f, nil
}

// openAgents opens agents that are not stand-ins; the runner closes them.
func (r *Runner) openAgents(name, testFile string) (*agent.Registry, diag.List, error) {
	if r.opts.Agents == nil {
		return &agent.Registry{}, nil, nil
	}
	g, list, err := r.opts.Agents(name, testFile)
	if g == nil {
		g = &agent.Registry{}
	}
	r.opened = append(r.opened, g)
	return g, list, err
}

// program compiles a file once; the error is a *programError when it has errors.
func (r *Runner) program(name, pattern string) (*engine.Program, error) {
	l, err := r.load(name, pattern)
	if err != nil {
		return nil, err
	}
	return l.program, nil
}

func (r *Runner) load(name, pattern string) (*loaded, error) {
	r.mu.Lock()
	key := [2]string{path.Clean(name), pattern}
	l := r.programs[key]
	if l == nil {
		l = &loaded{}
		r.programs[key] = l
	}
	r.mu.Unlock()
	l.once.Do(func() { l.err = r.compile(l, key[0], pattern) })
	return l, l.err
}

func (r *Runner) compile(l *loaded, name, pattern string) error {
	c, err := r.opts.Compile(name, pattern, r.opts.Cover)
	if err != nil {
		return err
	}
	if c.List.HasErrors() {
		return &programError{c.List}
	}
	p, err := engine.Load(c.Code, r.lib)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if r.opts.Cover {
		p, l.coverage = p.Covered()
	}
	l.program, l.tests = p, c.Tests
	return nil
}

// runAll runs tests, several at a time.
func (r *Runner) runAll(ctx context.Context, tests []*test) {
	workers := r.opts.Parallel
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	queue := make(chan *test)
	var group sync.WaitGroup
	var done sync.Mutex
	for range min(workers, len(tests)) {
		group.Go(func() {
			for t := range queue {
				r.runOne(ctx, t)
				if r.opts.Done != nil {
					done.Lock()
					r.opts.Done(t.result)
					done.Unlock()
				}
			}
		})
	}
	for _, t := range tests {
		queue <- t
	}
	close(queue)
	group.Wait()
}

// runOne runs a test.
func (r *Runner) runOne(ctx context.Context, t *test) {
	limit := cmp.Or(r.opts.Timeout, DefaultTimeout)
	tctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the test took longer than %s", limit))
	defer cancel()
	began := time.Now()
	take := t.file.recording.forTest(t.name)
	s := newStage(r, t, take)
	t.result.Failures = t.run(tctx, t, s)
	t.result.Duration = time.Since(began)
	t.result.Printed = s.printed
	t.result.Status = Passed
	if len(t.result.Failures) > 0 {
		t.result.Status = Failed
	}
	if n := take.stale(); n > 0 && t.result.Status == Passed {
		t.result.Notes = append(t.result.Notes, fmt.Sprintf("the recording is out of date: %s in it that nobody asked for; record anew with --record", plural(n, "answer")))
	}
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// coverage adds up what all programs ran.
func (r *Runner) coverage() *Coverage {
	c := &Coverage{}
	var keys [][2]string
	for k := range r.programs {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, k := range keys {
		if l := r.programs[k]; l.coverage != nil {
			c.add(l.coverage.Spans())
		}
	}
	c.finish()
	return c
}
