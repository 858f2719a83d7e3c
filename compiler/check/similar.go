package check

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parallaxai/parallax/prism/diag"
)

// nameGroup holds the variables whose names are the same but for digits. An
// edit of a letter leaves the digits alone, so names that are one edit apart
// stand in two groups that are, with the same digits.
type nameGroup struct {
	letters string
	runes   int
	mask    uint64 // which letters occur; one edit changes two bits at most
	digits  map[string][]*Symbol
	near    []*nameGroup // those one edit away, once searched
	done    bool
}

// findSimilar sets Symbol.similar for each bare variable: an earlier variable
// that is visible where it is first assigned and one edit away, as "total" is
// from "totel". Names that differ in a digit alone (x1, x2) are no slips.
func (r *resolver) findSimilar() {
	groups := make(map[string]*nameGroup)
	var order []*nameGroup
	for _, sym := range r.symbols {
		if sym.poisoned || sym.Ident == nil || sym.Kind == MatchVar || !checksSpelling(sym.Name) {
			continue
		}
		letters, digits := splitDigits(sym.Name)
		g := groups[letters]
		if g == nil {
			g = &nameGroup{letters: letters, runes: utf8.RuneCountInString(letters), digits: make(map[string][]*Symbol)}
			for _, c := range letters {
				g.mask |= 1 << (c & 63)
			}
			groups[letters] = g
			order = append(order, g)
		}
		g.digits[digits] = append(g.digits[digits], sym)
	}
	for _, sym := range r.symbols {
		if sym.Kind != Bare || sym.poisoned || sym.fromLoop || !checksSpelling(sym.Name) {
			continue
		}
		letters, digits := splitDigits(sym.Name)
		for _, g := range groups[letters].nearGroups(order) {
			for _, other := range g.digits[digits] {
				if other.Decl.Start < sym.Decl.Start && sym.from.sees(other.scope) && diag.Distance(sym.Name, other.Name, 1) == 1 &&
					(sym.similar == nil || other.Decl.Start < sym.similar.Decl.Start) {
					sym.similar = other
				}
			}
		}
	}
}

func (g *nameGroup) nearGroups(all []*nameGroup) []*nameGroup {
	if g.done {
		return g.near
	}
	g.done = true
	for _, o := range all {
		if d := g.runes - o.runes; d >= -1 && d <= 1 && bits.OnesCount64(g.mask^o.mask) <= 2 && o != g &&
			diag.Distance(g.letters, o.letters, 1) == 1 {
			g.near = append(g.near, o)
		}
	}
	return g.near
}

// checksSpelling reports whether a name is long enough to be told from others.
func checksSpelling(name string) bool {
	return utf8.RuneCountInString(name) >= 3 && !strings.HasPrefix(name, "_")
}

func splitDigits(name string) (letters, digits string) {
	if strings.IndexFunc(name, unicode.IsDigit) < 0 {
		return name, ""
	}
	var l, d strings.Builder
	for _, c := range name {
		if unicode.IsDigit(c) {
			d.WriteRune(c)
		} else {
			l.WriteRune(c)
		}
	}
	return l.String(), d.String()
}

// sees reports whether names of the other scope are visible in this one.
func (s *scope) sees(other *scope) bool {
	for ; s != nil; s = s.parent {
		if s == other {
			return true
		}
	}
	return false
}

// plural reports whether one name is the other with an s at the end.
func plural(a, b string) bool { return a+"s" == b || b+"s" == a }
