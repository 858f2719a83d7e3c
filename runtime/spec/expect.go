package spec

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// expectation is what a case says of its outcome. Absent nodes say nothing.
type expectation struct {
	at         settings.Node
	result     settings.Node
	exact      bool // the result has nothing beside what is expected
	confidence settings.Node
	bounds     bounds
	status     engine.Status
	statusAt   settings.Node
	path       settings.Node
	steps      []string
	calls      settings.Node
	counts     map[string]int // calls by agent
	order      []string       // or all calls in order
	failure    settings.Node
	err        errorPattern
	warnings   settings.Node
	codes      []string
	escalation settings.Node
	printed    settings.Node
	lines      []string
}

// bounds are those of a confidence; none is set when there must be no confidence.
type bounds struct {
	min, max float64
	none     bool
	text     string
}

// errorPattern is what an error must be; zero fields say nothing.
type errorPattern struct {
	code, message string
	either        string // the code, or a part of the message
	line, column  int
}

// confidenceTolerance is how far a confidence may be from a number that is given
// without a tolerance.
const confidenceTolerance = 1e-6

var statuses = []string{string(engine.StatusSuccess), string(engine.StatusFailed), string(engine.StatusTimedOut),
	string(engine.StatusCancelled), string(engine.StatusNeedsReview)}

// readExpectation reads the key "expect" of a case.
func readExpectation(n settings.Node) *expectation {
	b := n.Block("expect")
	e := &expectation{at: n, result: b.Get("result"), confidence: b.Get("confidence"), path: b.Get("path"), calls: b.Get("calls"),
		failure: b.Get("error"), warnings: b.Get("warnings"), escalation: b.Get("escalation"), printed: b.Get("printed")}
	e.exact = b.OneOf("match", "subset", "subset", "exact") == "exact"
	if e.confidence.Present() {
		e.bounds = readBounds(e.confidence)
	}
	e.statusAt = b.Get("status")
	e.status = engine.Status(b.OneOf("status", "", statuses...))
	e.steps = b.Texts("path")
	e.codes = b.Texts("warnings")
	e.lines = b.Texts("printed")
	e.readCalls()
	e.readError()
	b.Done()
	visit(e.result)
	visit(e.escalation)
	return e
}

// visit reports what is wrong inside a value, so that nothing is left to report
// when it is compared.
func visit(n settings.Node) {
	if _, err := n.Value(); n.Present() && err != nil {
		n.Errorf(settings.CodeWrong, "%v", err)
		return
	}
	for _, item := range n.Items() {
		visit(item)
	}
	if n.IsMap() {
		b := n.Block("a value")
		for _, key := range b.Keys() {
			visit(b.Get(key))
		}
	}
}

func (e *expectation) readCalls() {
	switch {
	case !e.calls.Exists():
	case e.calls.IsList():
		e.order = []string{}
		for _, item := range e.calls.Items() {
			name, ok := item.Text()
			if !ok {
				item.Errorf(settings.CodeWrong, "a call is the name of an agent")
			}
			e.order = append(e.order, name)
		}
	case e.calls.IsMap():
		e.counts = map[string]int{}
		b := e.calls.Block("calls")
		for _, name := range b.Keys() {
			e.counts[name] = b.Int(name, 0, 0, math.MaxInt32)
		}
	default:
		e.calls.Errorf(settings.CodeWrong, "calls is a map from agents to numbers, or the list of agents in the order of their calls")
	}
}

func (e *expectation) readError() {
	switch {
	case !e.failure.Exists():
	case e.failure.IsMap():
		b := e.failure.Block("error")
		e.err = errorPattern{code: b.Text("code"), message: b.Text("message"), line: b.Int("line", 0, 1, math.MaxInt32),
			column: b.Int("column", 0, 1, math.MaxInt32)}
		b.Done()
	default:
		text, ok := e.failure.Text()
		if !ok {
			e.failure.Errorf(settings.CodeWrong, "error is a code, a part of the message, or {code, message, line, column}")
		}
		e.err.either = text
	}
}

var plusMinus = regexp.MustCompile(`^\s*([0-9.]+)\s*(?:±|\+/-|\+-)\s*([0-9.]+)\s*$`)

// readBounds reads 0.9, "0.9 ± 0.01", {min, max}, {value, tolerance} or null.
func readBounds(n settings.Node) bounds {
	about := func(c, tolerance float64) bounds {
		b := bounds{min: c - tolerance, max: c + tolerance, text: value.NumberText(c)}
		if tolerance > confidenceTolerance {
			b.text += " ± " + value.NumberText(tolerance)
		}
		return b
	}
	switch {
	case !n.Exists():
		return bounds{none: true, text: "no confidence"}
	case n.IsMap():
		b := n.Block("confidence")
		defer b.Done()
		if b.Has("value") {
			return about(b.Number("value", 0, 0, 1), b.Number("tolerance", confidenceTolerance, 0, 1))
		}
		out := bounds{min: b.Number("min", 0, 0, 1), max: b.Number("max", 1, 0, 1)}
		b.Ignore("value", "tolerance")
		if !b.Has("min") && !b.Has("max") {
			b.Missing("min").WithHint("confidence is a number, {min, max} or {value, tolerance}")
		}
		if out.min > out.max {
			b.Key("max").Errorf(settings.CodeWrong, "max is below min")
		}
		out.text = fmt.Sprintf("%s to %s", value.NumberText(out.min), value.NumberText(out.max))
		return out
	}
	text, _ := n.Text()
	parse := func(s string) (float64, bool) {
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil && f >= 0 && f <= 1
	}
	if m := plusMinus.FindStringSubmatch(text); m != nil {
		c, ok := parse(m[1])
		t, fine := parse(m[2])
		if ok && fine {
			return about(c, t)
		}
	}
	c, ok := parse(text)
	if !ok {
		n.Errorf(settings.CodeWrong, "confidence is a number from 0 to 1, such as 0.9, not %q", text).
			WithHint("or write {min: 0.8, max: 1}, {value: 0.9, tolerance: 0.05}, \"0.9 ± 0.05\", or null for none")
	}
	return about(c, confidenceTolerance)
}

// outcome is what a run gives to compare.
type outcome struct {
	*engine.Result
	steps   []string
	printed []string
}

// check compares an outcome with what is expected.
func (e *expectation) check(t *test, o outcome) []Failure {
	c := checker{file: t.file}
	want := e.status
	if want == "" {
		want = engine.StatusSuccess
		if e.failure.Exists() {
			want = engine.StatusFailed
		}
	}
	at := e.statusAt
	if !at.Present() {
		at = e.at
	}
	if o.Status != want && !(e.status == "" && e.failure.Exists() && o.Error != nil) {
		c.status(at, want, o)
		return c.failures
	}
	if e.failure.Exists() {
		c.error(e, o.Error)
	}
	if e.result.Present() {
		c.value("result", e.result, o.Value, e.exact)
	}
	if e.confidence.Present() {
		c.confidence(e.confidence, e.bounds, o.Confidence)
	}
	if e.path.Exists() {
		c.list("path", e.path, e.steps, o.steps)
	}
	for _, name := range sortedNames(e.counts) {
		n := 0
		for _, call := range o.Calls {
			if call == name {
				n++
			}
		}
		if n != e.counts[name] {
			c.differ("calls."+name, e.calls.Block("calls").Get(name), strconv.Itoa(e.counts[name]), strconv.Itoa(n))
		}
	}
	if e.order != nil {
		c.list("calls", e.calls, e.order, o.Calls)
	}
	if e.warnings.Exists() {
		got := []string{}
		for _, w := range o.Warnings {
			got = append(got, diag.Code(w.Code).Public())
		}
		c.list("warnings", e.warnings, e.codes, got)
	}
	if e.escalation.Present() {
		got := value.NullValue
		if len(o.Escalation) > 0 {
			if v, err := value.FromJSON(o.Escalation); err == nil {
				got = v
			}
		}
		c.value("escalation", e.escalation, got, false)
	}
	if e.printed.Exists() {
		c.list("printed", e.printed, e.lines, o.printed)
	}
	return c.failures
}

func sortedNames[V any](m map[string]V) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// checker collects failures.
type checker struct {
	file     *testFile
	failures []Failure
}

func (c *checker) differ(subject string, at settings.Node, want, got string) {
	p := at.Position()
	c.failures = append(c.failures, Failure{Subject: subject, Message: subject + " is not what was expected", Want: want, Got: got,
		Path: c.file.path, Line: p.Line, Column: p.Column, Source: c.file.src.LineText(p.Line)})
}

// status reports that an execution did not end as expected, with why.
func (c *checker) status(at settings.Node, want engine.Status, o outcome) {
	if o.Error == nil {
		c.differ("status", at, string(want), string(o.Status))
		return
	}
	f := failureOf(o.Error)
	f.Subject, f.Want, f.Got = "status", string(want), string(o.Status)
	if f.Path == "" {
		p := at.Position()
		f.Path, f.Line, f.Column, f.Source = c.file.path, p.Line, p.Column, c.file.src.LineText(p.Line)
	}
	c.failures = append(c.failures, f)
}

// failureOf tells an error of an execution with its place.
func failureOf(e *engine.Error) Failure {
	f := Failure{Message: e.PublicCode() + ": " + e.Message, Path: e.File, Line: e.Line, Column: e.Column}
	for _, s := range e.Stack {
		if s.File == e.File && s.Line == e.Line && s.Source != nil {
			f.Source = s.Source.LineText(s.Line)
			break
		}
	}
	return f
}

func (c *checker) error(e *expectation, got *engine.Error) {
	at := e.failure
	if got == nil {
		c.differ("error", at, orAny(e.err.either, e.err.message, e.err.code), "none")
		return
	}
	sub := func(key string) settings.Node {
		if at.IsMap() {
			return at.Block("error").Get(key)
		}
		return at
	}
	if e.err.either != "" && !isCode(got, e.err.either) && !strings.Contains(got.Message, e.err.either) {
		c.differ("error", at, e.err.either, got.PublicCode()+": "+got.Message)
	}
	if e.err.code != "" && !isCode(got, e.err.code) {
		c.differ("error.code", sub("code"), e.err.code, got.PublicCode())
	}
	if e.err.message != "" && !strings.Contains(got.Message, e.err.message) {
		c.differ("error.message", sub("message"), e.err.message, got.Message)
	}
	if e.err.line != 0 && e.err.line != got.Line {
		c.differ("error.line", sub("line"), strconv.Itoa(e.err.line), strconv.Itoa(got.Line))
	}
	if e.err.column != 0 && e.err.column != got.Column {
		c.differ("error.column", sub("column"), strconv.Itoa(e.err.column), strconv.Itoa(got.Column))
	}
}

func isCode(e *engine.Error, code string) bool {
	return code == e.PublicCode() || code == string(e.Code)
}

func orAny(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return "an error"
}

func (c *checker) confidence(at settings.Node, want bounds, got *float64) {
	text := "no confidence"
	if got != nil {
		text = value.NumberText(*got)
	}
	switch {
	case got == nil && want.none:
	case got == nil || want.none || *got < want.min-1e-12 || *got > want.max+1e-12:
		c.differ("confidence", at, want.text, text)
	}
}

func (c *checker) list(subject string, at settings.Node, want, got []string) {
	if !slices.Equal(want, got) {
		c.differ(subject, at, listText(want), listText(got))
	}
}

func listText(list []string) string {
	if list == nil {
		list = []string{}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return strings.Join(list, ", ")
	}
	return string(text)
}

// value compares a part of the result with a node, and reports each place where
// they differ. Confidences are not looked at.
func (c *checker) value(subject string, want settings.Node, got value.Value, exact bool) {
	got = got.Plain()
	switch {
	case want.IsMap():
		if got.Kind() != value.ObjectKind {
			c.differ(subject, want, nodeText(want), inspect(got))
			return
		}
		b := want.Block(subject)
		keys := b.Keys()
		for _, key := range keys {
			part, ok := got.AsObject().Get(key)
			if !ok {
				c.differ(extend(subject, key), b.Key(key), nodeText(b.Get(key)), "nothing")
				continue
			}
			c.value(extend(subject, key), b.Get(key), part, exact)
		}
		if exact {
			for key, part := range got.AsObject().All() {
				if !slices.Contains(keys, key) {
					c.differ(extend(subject, key), want, "nothing", inspect(part))
				}
			}
		}
	case want.IsList():
		if got.Kind() != value.ArrayKind {
			c.differ(subject, want, nodeText(want), inspect(got))
			return
		}
		items, elems := want.Items(), got.AsArray().Elems()
		if len(items) != len(elems) {
			c.differ(subject, want, plural(len(items), "element")+": "+nodeText(want), plural(len(elems), "element")+": "+inspect(got))
			return
		}
		for i, item := range items {
			c.value(fmt.Sprintf("%s[%d]", subject, i), item, elems[i], exact)
		}
	default:
		v, err := want.Value()
		if err != nil || !same(v, got) {
			c.differ(subject, want, nodeText(want), inspect(got))
		}
	}
}

// same compares scalars; numbers may differ by what binary fractions lose.
func same(want, got value.Value) bool {
	if want.IsNumber() && got.IsNumber() {
		a, b := want.Float(), got.Float()
		return a == b || math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(a)) || math.IsNaN(a) && math.IsNaN(b)
	}
	return value.Same(want, got)
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

func extend(subject, key string) string {
	if identifier.MatchString(key) {
		return subject + "." + key
	}
	return subject + "[" + strconv.Quote(key) + "]"
}

// maxShown bounds how much of a value a report shows, in characters.
const maxShown = 400

func inspect(v value.Value) string { return shorten(value.Inspect(v)) }

func shorten(text string) string {
	if r := []rune(text); len(r) > maxShown {
		return string(r[:maxShown]) + "..."
	}
	return text
}

func nodeText(n settings.Node) string {
	v, err := n.Value()
	if err != nil {
		return err.Error()
	}
	return inspect(v)
}
