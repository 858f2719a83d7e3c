package document

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// Reader takes values out of nodes and reports those that are not what they
// should be. The accessors take nil for a key that is not there: they give a
// zero value and false and report nothing. "what" names the value in messages
// by its path from the root, such as "agents.capabilities".
type Reader struct {
	File *source.File
	List diag.List
}

// Errorf reports an error.
func (r *Reader) Errorf(code diag.Code, span source.Span, format string, args ...any) *diag.Diagnostic {
	return r.List.Add(code, diag.Error, r.File, span, format, args...)
}

// Warnf reports a warning.
func (r *Reader) Warnf(code diag.Code, span source.Span, format string, args ...any) *diag.Diagnostic {
	return r.List.Add(code, diag.Warning, r.File, span, format, args...)
}

// WrongType reports a value that is not of the kind it should be: "a list".
func (r *Reader) WrongType(n *Node, what, want string) *diag.Diagnostic {
	return r.Errorf(WrongType, n.Span, "%s must be %s, not %s", what, want, n.Kind)
}

// Map checks that n is a map, and warns of keys that are not among the known
// ones; without known keys any will do.
func (r *Reader) Map(n *Node, what string, known ...string) bool {
	if n == nil {
		return false
	}
	if n.Kind != Map {
		r.WrongType(n, what, "a map")
		return false
	}
	if len(known) > 0 {
		r.Keys(n, what, known...)
	}
	return true
}

// Keys warns of the keys of a map that are not among the known ones.
func (r *Reader) Keys(n *Node, what string, known ...string) {
	for _, e := range n.Entries {
		if slices.Contains(known, e.Key.Text) {
			continue
		}
		d := r.Warnf(UnknownKey, e.Key.Span, "unknown key '%s'%s%s", e.Key.Text, inside(what), DidYouMean(e.Key.Text, known))
		if diag.Suggest(e.Key.Text, known) == "" {
			d.WithHint("the keys are %s", strings.Join(known, ", "))
		}
	}
}

func inside(what string) string {
	if what == "" {
		return ""
	}
	return " in " + what
}

// DidYouMean is " (did you mean 'x'?)" for a known word that is near, else "".
func DidYouMean(word string, known []string) string {
	if near := diag.Suggest(word, known); near != "" {
		return fmt.Sprintf(" (did you mean '%s'?)", near)
	}
	return ""
}

// Need returns the value of a key, and reports its absence at the first key of
// the map.
func (r *Reader) Need(n *Node, what, key string) *Node {
	v := n.Get(key)
	if v == nil && n != nil {
		r.Missing(n, what, key)
	}
	return v
}

// Missing reports a key that a map lacks.
func (r *Reader) Missing(n *Node, what, key string) *diag.Diagnostic {
	return r.Errorf(MissingKey, n.First(), "missing key '%s'%s", key, inside(what))
}

// String reads text.
func (r *Reader) String(n *Node, what string) (string, bool) {
	if n == nil {
		return "", false
	}
	if n.Kind != String {
		r.WrongType(n, what, "text")
		return "", false
	}
	return n.Text, true
}

// Text reads a scalar as it is written: a version 1.10 stays "1.10".
func (r *Reader) Text(n *Node, what string) (string, bool) {
	if n == nil {
		return "", false
	}
	if n.Kind != String && n.Kind != Number && n.Kind != Bool {
		r.WrongType(n, what, "text")
		return "", false
	}
	return n.Text, true
}

var nameText = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// Name reads a name: a letter, then letters, digits, _ and -.
func (r *Reader) Name(n *Node, what string) (string, bool) {
	s, ok := r.String(n, what)
	if ok && !nameText.MatchString(s) {
		r.Errorf(WrongType, n.Span, "%s must be a name, not '%s'", what, s).
			WithHint("a name begins with a letter and goes on with letters, digits, _ and -")
		return s, false
	}
	return s, ok
}

// Bool reads true or false.
func (r *Reader) Bool(n *Node, what string) (value, ok bool) {
	if n == nil {
		return false, false
	}
	if n.Kind != Bool {
		d := r.WrongType(n, what, "true or false")
		switch n.Text {
		case "yes", "Yes", "on", "On":
			d.WithHint("write true")
		case "no", "No", "off", "Off":
			d.WithHint("write false")
		}
		return false, false
	}
	return n.Bool, true
}

// Number reads a number from low to high, which may be infinite.
func (r *Reader) Number(n *Node, what string, low, high float64) (float64, bool) {
	if n == nil {
		return 0, false
	}
	if n.Kind != Number {
		r.WrongType(n, what, "a number")
		return 0, false
	}
	if !(n.Num >= low && n.Num <= high) { // NaN is out of every range
		r.Errorf(OutOfRange, n.Span, "%s must be %s, not %s", what, rangeText(low, high), n.Text)
		return n.Num, false
	}
	return n.Num, true
}

// Confidence reads a number from 0 to 1.
func (r *Reader) Confidence(n *Node, what string) (float64, bool) {
	return r.Number(n, what, 0, 1)
}

func rangeText(low, high float64) string {
	switch {
	case math.IsInf(high, 1) && math.IsInf(low, -1):
		return "a number"
	case math.IsInf(high, 1):
		return fmt.Sprintf("at least %v", low)
	case math.IsInf(low, -1):
		return fmt.Sprintf("at most %v", high)
	}
	return fmt.Sprintf("between %v and %v", low, high)
}

// Int reads a whole number from low to high; MaxInt as high is no bound.
func (r *Reader) Int(n *Node, what string, low, high int) (int, bool) {
	if n == nil {
		return 0, false
	}
	if n.Kind == Number && !n.IsInteger() {
		r.Errorf(WrongType, n.Span, "%s must be a whole number, not %s", what, n.Text)
		return 0, false
	}
	bound := float64(high)
	if high == math.MaxInt {
		bound = math.Inf(1)
	}
	f, ok := r.Number(n, what, float64(low), bound)
	if ok && f > 1<<53 {
		r.Errorf(OutOfRange, n.Span, "%s is too large: %s", what, n.Text)
		return 0, false
	}
	return int(f), ok
}

var durationText = regexp.MustCompile(`^\s*([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h|d)\s*$`)

var durationUnits = map[string]float64{"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

// maxDuration is the longest time in milliseconds that can be asked for: a year.
const maxDuration = 366 * 86_400_000

// Duration reads a time: milliseconds, or text such as 250ms, 30s, 2m, 1h or 7d.
// The result is in milliseconds.
func (r *Reader) Duration(n *Node, what string) (ms int64, ok bool) {
	if n == nil {
		return 0, false
	}
	f := n.Num
	switch n.Kind {
	case Number:
	case String:
		m := durationText.FindStringSubmatch(n.Text)
		if m == nil {
			r.Errorf(WrongType, n.Span, "%s must be a time, not '%s'", what, n.Text).
				WithHint("write milliseconds, such as 30000, or 30s or 2m")
			return 0, false
		}
		f, _ = strconv.ParseFloat(m[1], 64) // digits; too many make it infinite
		f *= durationUnits[m[2]]
	default:
		r.WrongType(n, what, "a time").WithHint("write milliseconds, such as 30000, or 30s or 2m")
		return 0, false
	}
	if !(f >= 0 && f <= maxDuration) {
		r.Errorf(OutOfRange, n.Span, "%s must be between 0 and 366d, not %s", what, n.Text)
		return 0, false
	}
	return int64(math.Round(f)), true
}

// Enum reads one of some words. The kind of value is what "unknown ... 'x'" in
// the message should say, such as "aggregation strategy".
func (r *Reader) Enum(n *Node, what, kind string, known ...string) (string, bool) {
	s, ok := r.String(n, what)
	if !ok {
		return "", false
	}
	return s, r.OneOf(n, s, kind, known...)
}

// OneOf reports a word that is not among the known ones.
func (r *Reader) OneOf(n *Node, word, kind string, known ...string) bool {
	if slices.Contains(known, word) {
		return true
	}
	d := r.Errorf(UnknownValue, n.Span, "unknown %s '%s'%s", kind, word, DidYouMean(word, known))
	if diag.Suggest(word, known) == "" {
		d.WithHint("there is %s", orList(known))
	}
	return false
}

// orList joins words: a, b or c.
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// Items reads a list.
func (r *Reader) Items(n *Node, what string) ([]*Node, bool) {
	if n == nil {
		return nil, false
	}
	if n.Kind != List {
		r.WrongType(n, what, "a list")
		return nil, false
	}
	return n.Items, true
}

// StringList reads a list of texts. It stops at the first that is none.
func (r *Reader) StringList(n *Node, what string) ([]string, bool) {
	items, ok := r.Items(n, what)
	if !ok {
		return nil, false
	}
	list := make([]string, 0, len(items))
	for i, item := range items {
		s, ok := r.String(item, fmt.Sprintf("%s[%d]", what, i))
		if !ok {
			return nil, false
		}
		list = append(list, s)
	}
	return list, true
}
