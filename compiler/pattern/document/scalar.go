package document

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// text is a decoded scalar under construction, with the offset that each byte
// came from.
type text struct {
	b       []byte
	offsets []int32
}

func (t *text) add(s string, at int) {
	for i := range len(s) {
		t.b = append(t.b, s[i])
		t.offsets = append(t.offsets, int32(at+i))
	}
}

// addAt appends bytes that all come from one place.
func (t *text) addAt(s string, at int) {
	for i := range len(s) {
		t.b = append(t.b, s[i])
		t.offsets = append(t.offsets, int32(at))
	}
}

func (t *text) join(u text) {
	t.b = append(t.b, u.b...)
	t.offsets = append(t.offsets, u.offsets...)
}

// breakAt returns the length of the line break at p, 0 if there is none, and
// the text it stands for. Next line and the separators are breaks to yaml.v3.
func breakAt(src string, p int) (n int, as string) {
	rest := src[min(p, len(src)):]
	switch {
	case strings.HasPrefix(rest, "\r\n"):
		return 2, "\n"
	case strings.HasPrefix(rest, "\n"), strings.HasPrefix(rest, "\r"):
		return 1, "\n"
	case strings.HasPrefix(rest, "\u0085"):
		return 2, "\n"
	case strings.HasPrefix(rest, "\u2028"), strings.HasPrefix(rest, "\u2029"):
		return 3, rest[:3]
	}
	return 0, ""
}

func blankAt(src string, p int) bool { return p < len(src) && (src[p] == ' ' || src[p] == '\t') }

// fold reads the blanks and breaks inside a plain or quoted scalar and appends
// what they stand for: one break is a blank, more are one break less. After an
// escaped break everything up to the next text goes.
func (t *text) fold(src string, p int, escaped bool) int {
	var blanks, first, more text
	leading := escaped
	for {
		if n, as := breakAt(src, p); n > 0 {
			if !leading {
				blanks = text{}
				first.addAt(as, p)
				leading = true
			} else {
				more.addAt(as, p)
			}
			p += n
			continue
		}
		if !blankAt(src, p) {
			break
		}
		if !leading {
			blanks.add(src[p:p+1], p)
		}
		p++
	}
	switch {
	case !leading:
		t.join(blanks)
	case len(first.b) > 0 && first.b[0] == '\n':
		if len(more.b) == 0 {
			t.addAt(" ", int(first.offsets[0]))
		} else {
			t.join(more)
		}
	default:
		t.join(first)
		t.join(more)
	}
	return p
}

// plain decodes text without quotes, which ends where want does.
func plain(src string, p int, want string) (text, int) {
	var t text
	end := p
	for p < len(src) && len(t.b) < len(want) {
		if n, _ := breakAt(src, p); n > 0 || blankAt(src, p) {
			p = t.fold(src, p, false)
			continue
		}
		t.add(src[p:p+1], p)
		p++
		end = p
	}
	return t, end
}

// single decodes 'text' from the quote at p.
func single(src string, p int) (text, int) {
	var t text
	for p++; p < len(src); {
		n, _ := breakAt(src, p)
		switch {
		case strings.HasPrefix(src[p:], "''"):
			t.addAt("'", p)
			p += 2
		case src[p] == '\'':
			return t, p + 1
		case n > 0 || blankAt(src, p):
			p = t.fold(src, p, false)
		default:
			t.add(src[p:p+1], p)
			p++
		}
	}
	return t, p
}

var escapes = map[byte]string{'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f",
	'r': "\r", 'e': "\x1b", ' ': " ", '"': `"`, '\'': "'", '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029"}

// double decodes "text" from the quote at p.
func double(src string, p int) (text, int) {
	var t text
	for p++; p < len(src); {
		n, _ := breakAt(src, p)
		switch {
		case src[p] == '"':
			return t, p + 1
		case n > 0 || blankAt(src, p):
			p = t.fold(src, p, false)
		case src[p] != '\\' || p+1 == len(src):
			t.add(src[p:p+1], p)
			p++
		default:
			if n, _ := breakAt(src, p+1); n > 0 {
				p = t.fold(src, p+1+n, true)
				continue
			}
			digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[src[p+1]]
			end := p + 2 + digits
			if digits == 0 || end > len(src) {
				t.addAt(escapes[src[p+1]], p)
				p += 2
				continue
			}
			r, err := strconv.ParseUint(src[p+2:end], 16, 32)
			if err != nil {
				r = utf8.RuneError // the reader has refused it
			}
			t.addAt(string(rune(r)), p)
			p = end
		}
	}
	return t, p
}

// block decodes a literal (|) or folded (>) scalar from its indicator at p. The
// value it has to give tells the indentation: it is what the first line with
// text has too much.
func block(src string, p int, want string) (text, int) {
	literal := src[p] == '|'
	strip, keep := false, false
	for ; p < len(src); p++ {
		if n, _ := breakAt(src, p); n > 0 {
			p += n
			break
		}
		if src[p] == '#' {
			for p < len(src) {
				if n, _ := breakAt(src, p); n > 0 {
					break
				}
				p++
			}
			p--
			continue
		}
		strip = strip || src[p] == '-'
		keep = keep || src[p] == '+'
	}
	indent := contentIndent(src, p) - contentIndent(want, 0)
	var t, lead, trail text
	breaks := func() { // blank lines, and the indentation of the next line with text
		for {
			q := p
			for q < len(src) && q-p < indent && src[q] == ' ' {
				q++
			}
			n, as := breakAt(src, q)
			if n == 0 {
				p = q
				return
			}
			trail.addAt(as, q)
			p = q + n
		}
	}
	end := p
	breaks()
	wasBlank := false
	for p < len(src) && p-lineStart(src, p) == indent {
		isBlank := blankAt(src, p)
		if !literal && !wasBlank && !isBlank && len(lead.b) > 0 && lead.b[0] == '\n' {
			if len(trail.b) == 0 {
				t.addAt(" ", int(lead.offsets[0]))
			}
		} else {
			t.join(lead)
		}
		t.join(trail)
		lead, trail = text{}, text{}
		wasBlank = isBlank
		for p < len(src) {
			if n, _ := breakAt(src, p); n > 0 {
				break
			}
			t.add(src[p:p+1], p)
			p++
		}
		end = p
		n, as := breakAt(src, p)
		lead.addAt(as, p)
		p += n
		breaks()
	}
	if !strip {
		t.join(lead)
	}
	if keep {
		t.join(trail)
	}
	return t, end
}

func lineStart(src string, p int) int {
	for p > 0 {
		if c := src[p-1]; c == '\n' || c == '\r' {
			break
		}
		if strings.HasSuffix(src[:p], "\u0085") || strings.HasSuffix(src[:p], "\u2028") || strings.HasSuffix(src[:p], "\u2029") {
			break
		}
		p--
	}
	return p
}

// contentIndent counts the blanks before the first text at or after p.
func contentIndent(src string, p int) int {
	indent := 0
	for p < len(src) {
		if n, _ := breakAt(src, p); n > 0 {
			indent = 0
			p += n
		} else if src[p] == ' ' {
			indent++
			p++
		} else {
			break
		}
	}
	return indent
}

var (
	coreInt   = regexp.MustCompile(`^[-+]?[0-9]+$`)
	coreOctal = regexp.MustCompile(`^0o[0-7]+$`)
	coreHex   = regexp.MustCompile(`^0x[0-9a-fA-F]+$`)
	coreFloat = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	coreInf   = regexp.MustCompile(`^[-+]?\.(inf|Inf|INF)$`)
)

// resolve gives plain text its value by the core schema of YAML 1.2.
func (n *Node) resolve() {
	switch n.Text {
	case "", "~", "null", "Null", "NULL":
		n.Kind = Null
		return
	case "true", "True", "TRUE":
		n.Kind, n.Bool = Bool, true
		return
	case "false", "False", "FALSE":
		n.Kind = Bool
		return
	case ".nan", ".NaN", ".NAN":
		n.Kind, n.Num = Number, math.NaN()
		return
	}
	n.Kind = String
	switch s := n.Text; {
	case coreOctal.MatchString(s):
		n.Kind, n.Num = Number, based(s[2:], 8)
	case coreHex.MatchString(s):
		n.Kind, n.Num = Number, based(s[2:], 16)
	case coreInt.MatchString(s), coreFloat.MatchString(s):
		// The syntax is right, so an error means that the number is out of range
		// and f infinite or zero.
		f, _ := strconv.ParseFloat(s, 64)
		n.Kind, n.Num = Number, f
	case coreInf.MatchString(s):
		n.Kind, n.Num = Number, math.Inf(1)
		if s[0] == '-' {
			n.Num = math.Inf(-1)
		}
	}
}

// based reads digits of any length.
func based(digits string, base float64) float64 {
	f := 0.0
	for _, c := range strings.ToLower(digits) {
		d := c - '0'
		if c >= 'a' {
			d = c - 'a' + 10
		}
		f = f*base + float64(d)
	}
	return f
}
