package library

import (
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// stringMethod defines a method of strings.
func (b *builder) stringMethod(name string, min, max int, fn func(c *vm.Call, s *value.String) (value.Value, error)) {
	b.method("string."+name, min, max, func(c *vm.Call) (value.Value, error) { return fn(c, c.This.AsString()) })
}

// characters splits a string into its code points.
func characters(s *value.String) []value.Value {
	out := make([]value.Value, 0, s.Len())
	t := s.Go()
	for len(t) > 0 {
		_, n := utf8.DecodeRuneInString(t)
		out = append(out, value.Str(t[:n]))
		t = t[n:]
	}
	return out
}

// isSpace reports whether trim takes a character away.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// runes converts a byte offset into one in code points.
func runes(s string, offset int) int {
	if offset < 0 {
		return -1
	}
	return utf8.RuneCountInString(s[:offset])
}

func (b *builder) strings() {
	simple := func(name string, f func(string) string) {
		b.stringMethod(name, 0, 0, func(c *vm.Call, s *value.String) (value.Value, error) {
			return value.Str(f(s.Go())), nil
		})
	}
	simple("trim", func(s string) string { return strings.TrimFunc(s, isSpace) })
	simple("trimStart", func(s string) string { return strings.TrimLeftFunc(s, isSpace) })
	simple("trimEnd", func(s string) string { return strings.TrimRightFunc(s, isSpace) })
	// Full case mapping: "ß" has two letters in upper case.
	simple("toUpperCase", func(s string) string { return cases.Upper(language.Und).String(s) })
	simple("toLowerCase", func(s string) string { return cases.Lower(language.Und, cases.HandleFinalSigma(true)).String(s) })

	test := func(name string, f func(s, part string) bool) {
		b.stringMethod(name, 1, 1, func(c *vm.Call, s *value.String) (value.Value, error) {
			part, err := text(c, name, c.Args[0])
			if err != nil {
				return value.NullValue, err
			}
			return c.Combined(value.Bool(f(s.Go(), part.Go())), name, c.Args[0]), nil
		})
	}
	test("includes", strings.Contains)
	test("contains", strings.Contains)
	test("startsWith", strings.HasPrefix)
	test("endsWith", strings.HasSuffix)
	find := func(name string, f func(s, part string) int) {
		b.stringMethod(name, 1, 1, func(c *vm.Call, s *value.String) (value.Value, error) {
			part, err := text(c, name, c.Args[0])
			if err != nil {
				return value.NullValue, err
			}
			return value.Int(runes(s.Go(), f(s.Go(), part.Go()))), nil
		})
	}
	find("indexOf", strings.Index)
	find("lastIndexOf", strings.LastIndex)

	b.stringMethod("at", 1, 1, func(c *vm.Call, s *value.String) (value.Value, error) {
		f, err := number(c, "at", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		if f = math.Trunc(f); f < 0 {
			f += float64(s.Len())
		}
		if !(f >= 0 && f < float64(s.Len())) {
			return value.NullValue, nil
		}
		return s.At(int(f)).Value(), nil
	})
	b.stringMethod("charAt", 1, 1, func(c *vm.Call, s *value.String) (value.Value, error) {
		f, err := number(c, "charAt", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		if f = math.Trunc(f); !(f >= 0 && f < float64(s.Len())) {
			return value.Str(""), nil
		}
		return s.At(int(f)).Value(), nil
	})
	b.stringMethod("codePointAt", 0, 1, func(c *vm.Call, s *value.String) (value.Value, error) {
		f := 0.0
		if len(c.Args) > 0 {
			var err error
			if f, err = number(c, "codePointAt", c.Args[0]); err != nil {
				return value.NullValue, err
			}
		}
		if f = math.Trunc(f); !(f >= 0 && f < float64(s.Len())) {
			return value.NullValue, nil
		}
		r, _ := utf8.DecodeRuneInString(s.At(int(f)).Go())
		return value.Int(int(r)), nil
	})
	b.stringMethod("slice", 0, 2, func(c *vm.Call, s *value.String) (value.Value, error) {
		i, j, err := span(c, "slice", s.Len())
		if err != nil {
			return value.NullValue, err
		}
		return s.Slice(i, max(i, j)).Value(), nil
	})
	b.stringMethod("substring", 1, 2, func(c *vm.Call, s *value.String) (value.Value, error) {
		clip := func(v value.Value, def int) (int, error) {
			if v.IsNull() {
				return def, nil
			}
			f, err := number(c, "substring", v)
			if err != nil {
				return 0, err
			}
			if math.IsNaN(f) {
				f = 0
			}
			return int(min(max(math.Trunc(f), 0), float64(s.Len()))), nil
		}
		i, err := clip(c.Args[0], 0)
		if err != nil {
			return value.NullValue, err
		}
		j, err := clip(c.Arg(1), s.Len())
		if err != nil {
			return value.NullValue, err
		}
		return s.Slice(min(i, j), max(i, j)).Value(), nil
	})
	b.stringMethod("split", 0, 2, split)
	b.stringMethod("lines", 0, 0, func(c *vm.Call, s *value.String) (value.Value, error) {
		t := strings.TrimSuffix(strings.ReplaceAll(s.Go(), "\r\n", "\n"), "\n")
		if t == "" {
			return made(nil), nil
		}
		return made(strs(strings.Split(t, "\n"))), nil
	})
	b.stringMethod("replace", 2, 2, func(c *vm.Call, s *value.String) (value.Value, error) { return replace(c, s, 1) })
	b.stringMethod("replaceAll", 2, 2, func(c *vm.Call, s *value.String) (value.Value, error) { return replace(c, s, -1) })
	b.stringMethod("match", 1, 1, match)
	b.stringMethod("padStart", 1, 2, func(c *vm.Call, s *value.String) (value.Value, error) { return pad(c, s, "padStart") })
	b.stringMethod("padEnd", 1, 2, func(c *vm.Call, s *value.String) (value.Value, error) { return pad(c, s, "padEnd") })
	b.stringMethod("repeat", 1, 1, func(c *vm.Call, s *value.String) (value.Value, error) {
		n, err := number(c, "repeat", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		if !(n >= 0) {
			return value.NullValue, c.Errorf(codeRange, "repeat: the number of times must not be negative")
		}
		n = math.Trunc(n)
		if n*float64(s.BytesLen()) > float64(c.Limits().String) {
			return value.NullValue, c.Errorf("R0010", "repeat: the string would be larger than the limit")
		}
		if s.BytesLen() == 0 {
			return value.Str(""), nil
		}
		return value.Str(strings.Repeat(s.Go(), int(n))), nil
	})
	b.namespace("String", vm.NewNative("String", 0, 1, func(c *vm.Call) (value.Value, error) {
		if len(c.Args) == 0 {
			return value.Str(""), nil
		}
		return like(c, value.TextOf(c.Args[0].Plain()).Value(), c.Args[0]), nil
	}), map[string]value.Value{
		"fromCodePoint": fn("String.fromCodePoint", 0, -1, func(c *vm.Call) (value.Value, error) {
			var sb strings.Builder
			for _, a := range c.Args {
				f, err := number(c, "String.fromCodePoint", a)
				if err != nil {
					return value.NullValue, err
				}
				r := rune(f)
				if float64(r) != f || !utf8.ValidRune(r) {
					return value.NullValue, c.Errorf(codeRange, "String.fromCodePoint: %s is no code point", value.NumberText(f))
				}
				sb.WriteRune(r)
			}
			return value.Str(sb.String()), nil
		}),
	})
}

func strs(parts []string) []value.Value {
	out := make([]value.Value, len(parts))
	for i, p := range parts {
		out[i] = value.Str(p)
	}
	return out
}

// split separates by a text; without one the whole string is the only part,
// with "" every code point is.
func split(c *vm.Call, s *value.String) (value.Value, error) {
	limit := math.Inf(1)
	if len(c.Args) > 1 && !c.Args[1].IsNull() {
		f, err := number(c, "split", c.Args[1])
		if err != nil {
			return value.NullValue, err
		}
		limit = max(math.Trunc(f), 0)
	}
	var out []value.Value
	switch {
	case c.Arg(0).IsNull():
		out = []value.Value{s.Value()}
	default:
		sep, err := text(c, "split", c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		if sep.BytesLen() == 0 {
			out = characters(s)
		} else {
			out = strs(strings.Split(s.Go(), sep.Go()))
		}
	}
	if float64(len(out)) > limit {
		out = out[:int(limit)]
	}
	return made(out), nil
}

func pad(c *vm.Call, s *value.String, who string) (value.Value, error) {
	f, err := number(c, who, c.Args[0])
	if err != nil {
		return value.NullValue, err
	}
	fill := " "
	if len(c.Args) > 1 {
		t, err := text(c, who, c.Args[1])
		if err != nil {
			return value.NullValue, err
		}
		fill = t.Go()
	}
	missing := math.Trunc(f) - float64(s.Len())
	if !(missing > 0) || fill == "" {
		return s.Value(), nil
	}
	width := utf8.RuneCountInString(fill)
	if missing/float64(width)*float64(len(fill)) > float64(c.Limits().String) {
		return value.NullValue, c.Errorf("R0010", "%s: the string would be larger than the limit", who)
	}
	n := int(missing)
	padding := strings.Repeat(fill, n/width)
	for _, r := range fill {
		if width*(n/width) >= n {
			break
		}
		padding += string(r)
		n--
	}
	if who == "padStart" {
		return value.Str(padding + s.Go()), nil
	}
	return value.Str(s.Go() + padding), nil
}

// replace puts a text, or what a function returns for each occurrence, in the
// place of the first or of all occurrences.
func replace(c *vm.Call, s *value.String, n int) (value.Value, error) {
	who := "replaceAll"
	if n == 1 {
		who = "replace"
	}
	old, err := text(c, who, c.Args[0])
	if err != nil {
		return value.NullValue, err
	}
	if c.Args[1].PlainKind() == value.Function {
		return c.Begin(&replaceStep{rest: s.Go(), old: old.Value(), f: c.Args[1], left: n})
	}
	with, err := text(c, who, c.Args[1])
	if err != nil {
		return value.NullValue, err
	}
	count := strings.Count(s.Go(), old.Go())
	if grow := float64(count) * float64(with.BytesLen()-old.BytesLen()); n < 0 && float64(s.BytesLen())+grow > float64(c.Limits().String) {
		return value.NullValue, c.Errorf("R0010", "%s: the string would be larger than the limit", who)
	}
	return c.Combined(value.Str(strings.Replace(s.Go(), old.Go(), with.Go(), n)), who, c.Args...), nil
}

type replaceStep struct {
	out     joiner
	from    []value.Value // what the function returned
	rest    string
	old, f  value.Value
	left    int
	pending bool
}

func (s *replaceStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	old := s.old.AsString().Go()
	if s.pending {
		s.out.add(value.Text(ret))
		if ret.IsConfident() {
			s.from = append(s.from, ret)
		}
		if s.out.size > c.Limits().String {
			return value.NullValue, c.Errorf("R0010", "replace: the string grew larger than the limit")
		}
		if old == "" && s.rest != "" {
			_, n := utf8.DecodeRuneInString(s.rest)
			s.out.add(s.rest[:n])
			s.rest = s.rest[n:]
		} else if old == "" {
			s.left = 0
		}
	}
	i := strings.Index(s.rest, old)
	if i < 0 || s.left == 0 {
		s.out.add(s.rest)
		return c.Combined(value.Str(s.out.text()), "replace", s.from...), nil
	}
	s.out.add(s.rest[:i])
	s.rest = s.rest[i+len(old):]
	s.left--
	s.pending = true
	return c.Invoke(s.f, s.old)
}

// match finds a regular expression (RE2 syntax) and gives {match, index,
// groups, named}, or null.
func match(c *vm.Call, s *value.String) (value.Value, error) {
	pattern, err := text(c, "match", c.Args[0])
	if err != nil {
		return value.NullValue, err
	}
	re, e := regexp.Compile(pattern.Go())
	if e != nil {
		return value.NullValue, c.Errorf(codeSyntax, "match: %s is no regular expression: %v", value.Inspect(pattern.Value()), e)
	}
	m := re.FindStringSubmatchIndex(s.Go())
	if m == nil {
		return value.NullValue, nil
	}
	group := func(i int) value.Value {
		if m[2*i] < 0 {
			return value.NullValue
		}
		return value.Str(s.Go()[m[2*i]:m[2*i+1]])
	}
	var groups, vals []value.Value
	var names []string
	for i, name := range re.SubexpNames()[1:] {
		groups = append(groups, group(i+1))
		if name != "" {
			names, vals = append(names, name), append(vals, group(i+1))
		}
	}
	return c.Object("match", group(0), "index", value.Int(runes(s.Go(), m[0])), "groups", made(groups),
		"named", value.ObjectOf(names, vals).Value()), nil
}
