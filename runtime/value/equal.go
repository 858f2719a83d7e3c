package value

import (
	"math"
	"strconv"
	"strings"
	"unsafe"
)

// Same is ===: the same kind and the same value, deep for arrays and objects,
// whose order of keys does not matter. Confidences are ignored everywhere. NaN
// equals nothing; functions and promises equal themselves alone.
func Same(a, b Value) bool {
	a, b = a.Plain(), b.Plain()
	if same, decided := sameScalar(a, b); decided {
		return same
	}
	c := comparison{work: []pair{{a, b}}}
	return c.run()
}

// sameScalar compares what needs no descent.
func sameScalar(a, b Value) (same, decided bool) {
	k := a.Kind()
	if k != b.Kind() {
		return false, true
	}
	switch k {
	case Number:
		return a.Float() == b.Float(), true
	case StringKind:
		return a.AsString().text == b.AsString().text, true
	case ArrayKind:
		if a.AsArray().Len() != b.AsArray().Len() {
			return false, true
		}
		return false, false
	case ObjectKind:
		if a.AsObject().Len() != b.AsObject().Len() {
			return false, true
		}
		return false, false
	}
	return a == b, true
}

type pair struct{ a, b Value }

// comparison compares values of any depth without recursion.
type comparison struct {
	work  []pair
	steps int
	// seen holds the pairs met after the first seenFrom steps: a value with
	// many paths to the same part would take exponential time otherwise.
	seen map[[2]unsafe.Pointer]struct{}
}

const seenFrom = 4096

func (c *comparison) run() bool {
	for len(c.work) > 0 {
		p := c.work[len(c.work)-1]
		c.work = c.work[:len(c.work)-1]
		if c.steps++; c.steps > seenFrom {
			key := [2]unsafe.Pointer{p.a.p, p.b.p}
			if c.seen == nil {
				c.seen = make(map[[2]unsafe.Pointer]struct{})
			}
			if _, ok := c.seen[key]; ok {
				continue
			}
			c.seen[key] = struct{}{}
		}
		if !c.pair(p.a, p.b) {
			return false
		}
	}
	return true
}

// pair compares the parts of two arrays of equal length or objects of equal
// size, leaving nested ones for later.
func (c *comparison) pair(a, b Value) bool {
	if a.Kind() == ArrayKind {
		x, y := a.AsArray().elems, b.AsArray().elems
		for i := range x {
			if !c.part(x[i], y[i]) {
				return false
			}
		}
		return true
	}
	x, y := a.AsObject(), b.AsObject()
	if x.shape != nil && x.shape == y.shape {
		for i := range x.slots {
			if !c.part(x.slots[i], y.slots[i]) {
				return false
			}
		}
		return true
	}
	for i, k := range x.Keys() {
		j := y.Lookup(k)
		if j < 0 || !c.part(x.slots[i], y.slots[j]) {
			return false
		}
	}
	return true
}

func (c *comparison) part(a, b Value) bool {
	a, b = a.Plain(), b.Plain()
	same, decided := sameScalar(a, b)
	if !decided {
		c.work = append(c.work, pair{a, b})
		return true
	}
	return same
}

// Loose is ==: Same, and between numbers, strings, booleans and null the values
// as numbers are compared: null, false and "" count 0, true counts 1, a string
// counts the number it spells. Arrays and objects are not coerced.
func Loose(a, b Value) bool {
	a, b = a.Plain(), b.Plain()
	if a.Kind() == b.Kind() {
		return Same(a, b)
	}
	x, ok := looseNumber(a)
	if !ok {
		return false
	}
	y, ok := looseNumber(b)
	return ok && x == y
}

func looseNumber(v Value) (float64, bool) {
	switch v.Kind() {
	case Null:
		return 0, true
	case Boolean:
		if v.True() {
			return 1, true
		}
		return 0, true
	case Number:
		return v.Float(), true
	case StringKind:
		return ParseNumber(v.AsString().text), true
	}
	return 0, false
}

// ParseNumber returns the number that a text spells: decimal with optional sign,
// fraction and exponent, 0x, 0b or 0o digits, or Infinity; white space around it
// is ignored, and a blank text is 0. NaN for anything else.
func ParseNumber(s string) float64 {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0
	}
	body := strings.TrimLeft(s, "+-")
	signs := len(s) - len(body)
	if signs > 1 || body == "" {
		return math.NaN()
	}
	if len(body) > 2 && body[0] == '0' && (body[1]|0x20 == 'x' || body[1]|0x20 == 'b' || body[1]|0x20 == 'o') {
		if signs > 0 || strings.Contains(body, "_") {
			return math.NaN()
		}
		return parseRadix(body[2:], map[byte]float64{'x': 16, 'b': 2, 'o': 8}[body[1]|0x20])
	}
	if body == "Infinity" {
		f, _ := strconv.ParseFloat(s, 64)
		return f
	}
	for i := range len(body) {
		// ParseFloat reads more than a number may look like here: hexadecimal
		// fractions, "inf", digits with underscores.
		if c := body[i]; !('0' <= c && c <= '9' || c == '.' || c|0x20 == 'e' || c == '+' || c == '-') {
			return math.NaN()
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

func parseRadix(digits string, base float64) float64 {
	var f float64
	for i := range len(digits) {
		d := 99.0
		switch c := digits[i]; {
		case '0' <= c && c <= '9':
			d = float64(c - '0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			d = float64(c|0x20-'a') + 10
		}
		if d >= base {
			return math.NaN()
		}
		f = f*base + d
	}
	return f
}

// Compare orders two plain numbers or two plain strings (by code points):
// negative, zero or positive. ok is false for any other operands; a comparison
// with NaN gives unordered.
func Compare(a, b Value) (order int, unordered, ok bool) {
	if BothNumbers(a, b) {
		x, y := a.Float(), b.Float()
		switch {
		case x < y:
			return -1, false, true
		case x > y:
			return 1, false, true
		case x == y:
			return 0, false, true
		}
		return 0, true, true
	}
	if a.Kind() == StringKind && b.Kind() == StringKind {
		// UTF-8 keeps the order of code points.
		return strings.Compare(a.AsString().text, b.AsString().text), false, true
	}
	return 0, false, false
}
