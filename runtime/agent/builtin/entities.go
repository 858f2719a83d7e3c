package builtin

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/parallaxai/parallax/runtime/value"
)

// entityTypes are the kinds of things that are found.
var entityTypes = []string{"person", "place", "organisation", "date", "time", "money", "percent", "email", "url", "phone"}

type entity struct {
	kind       string
	text       string
	start, end int // offsets in bytes
	sure       float64
}

// newEntities makes agents whose result is a list of {type, text, start, end,
// confidence} in the order of the text, with offsets in characters. What has a
// form (dates, amounts, addresses) is found by patterns; names by titles, endings
// such as Ltd, lists of first names and places, and capitals. The confidence is
// the mean of those of the entities; 0.6 for a text without any.
func newEntities(o options) (Agent, error) {
	types, err := o.texts("types", entityTypes)
	if err != nil {
		return nil, err
	}
	return onText(o, func(text string) Answer {
		var list []value.Value
		var why []string
		sum := 0.0
		for _, e := range findEntities(text) {
			if types != nil && !slices.Contains(types, e.kind) {
				continue
			}
			start := utf8.RuneCountInString(text[:e.start])
			list = append(list, value.ObjectOf([]string{"type", "text", "start", "end", "confidence"},
				[]value.Value{value.Str(e.kind), value.Str(e.text), value.Int(start), value.Int(start + utf8.RuneCountInString(e.text)), value.Num(e.sure)}).Value())
			why = append(why, fmt.Sprintf("%s (%s)", e.text, e.kind))
			sum += e.sure
		}
		out := Answer{Result: value.NewArray(list), Confidence: 0.6, Reasoning: strings.Join(why, ", ")}
		if len(list) > 0 {
			out.Confidence = sum / float64(len(list))
		} else {
			out.Reasoning = "nothing is named"
		}
		return out
	})
}

// forms are patterns with the type they tell and how often they are right; an
// earlier one wins where two overlap.
type form struct {
	kind string
	sure float64
	expr *regexp.Regexp
}

const (
	months   = `(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)`
	weekdays = `(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)`
	amount   = `\d{1,3}(?:[,.' ]\d{3})*(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?`
	scale    = `(?: ?(?:thousand|million|billion|bn|k|m)\b)?`
)

var forms = sync.OnceValue(func() []form {
	f := func(kind string, sure float64, expr string) form { return form{kind, sure, regexp.MustCompile(expr)} }
	return []form{
		f("email", 0.99, `\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b`),
		f("url", 0.98, `\b(?:https?://|www\.)[^\s<>"]*[A-Za-z0-9/=#_-]`),
		f("date", 0.97, `\b\d{4}-\d{2}-\d{2}\b`),
		f("date", 0.97, `\b\d{1,2}(?:st|nd|rd|th)? (?:of )?`+months+`(?:,? \d{4}\b)?`),
		f("date", 0.97, `\b`+months+` \d{1,2}(?:st|nd|rd|th)?\b(?:, \d{4}\b)?`),
		f("date", 0.9, `\b`+months+` \d{4}\b`),
		f("date", 0.85, `\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b`),
		f("date", 0.85, `\b`+weekdays+`\b`),
		f("time", 0.95, `\b(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?: ?(?:[ap]m\b|[ap]\.m\.))?`),
		f("time", 0.93, `\b(?:1[0-2]|[1-9]) ?(?:[ap]m\b|[ap]\.m\.)`),
		f("money", 0.97, `(?:[$€£¥]|\b(?:USD|EUR|GBP|CHF|JPY)) ?(?:`+amount+`)`+scale),
		f("money", 0.95, `\b(?:`+amount+`)`+scale+` ?(?:[€£¥]|(?:USD|EUR|GBP|CHF|JPY|dollars|euros?|pounds|yen)\b)`),
		f("percent", 0.98, `\b\d+(?:[.,]\d+)? ?(?:%|percent\b|per cent\b)`),
		f("phone", 0.9, `\+\d{1,3}(?:[ -]?\(?\d{1,4}\)?){2,5}|\(\d{3}\) ?\d{3}-\d{4}|\b\d{3}-\d{3}-\d{4}\b`),
	}
})

//go:embed data/names.txt
var namesText string

// gazetteer is what the lists of names know: first names and places in lower
// case; a place may have two words.
type gazetteer struct{ first, place map[string]bool }

var names = sync.OnceValue(func() gazetteer {
	g := gazetteer{first: map[string]bool{}, place: map[string]bool{}}
	for line := range strings.Lines(namesText) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		set := g.first
		if f[0] == "place" {
			set = g.place
		}
		for _, w := range f[1:] {
			set[strings.ReplaceAll(w, "_", " ")] = true
		}
	}
	return g
})

var (
	titles   = map[string]bool{"mr": true, "mrs": true, "ms": true, "miss": true, "dr": true, "prof": true, "professor": true, "sir": true, "lady": true, "president": true, "minister": true, "captain": true}
	orgTails = map[string]bool{"ltd": true, "inc": true, "gmbh": true, "llc": true, "plc": true, "ag": true, "corp": true, "corporation": true, "company": true, "co": true, "group": true, "bank": true, "airlines": true, "airways": true, "university": true, "institute": true, "society": true, "association": true, "organization": true, "organisation": true, "foundation": true, "committee": true, "ministry": true, "agency": true, "club": true, "union": true, "council": true, "college": true, "hospital": true, "museum": true, "partners": true, "systems": true, "software": true, "industries": true}
	orgHeads = map[string]bool{"university": true, "ministry": true, "department": true, "bank": true, "institute": true, "museum": true, "college": true, "house": true, "court": true, "board": true}
	atPlace  = map[string]bool{"in": true, "from": true, "to": true, "near": true, "at": true, "of": true, "through": true, "via": true, "around": true}
)

// findEntities returns the entities of a text in order; none overlap.
func findEntities(text string) []entity {
	var out []entity
	free := func(start, end int) bool {
		return !slices.ContainsFunc(out, func(e entity) bool { return start < e.end && e.start < end })
	}
	for _, f := range forms() {
		for _, at := range f.expr.FindAllStringIndex(text, maxMatches) {
			for at[1] > at[0] && text[at[1]-1] == ' ' {
				at[1]--
			}
			if free(at[0], at[1]) {
				out = append(out, entity{f.kind, text[at[0]:at[1]], at[0], at[1], f.sure})
			}
		}
	}
	forms := len(out)
	ws := words(text)
	for i := 0; i < len(ws); {
		if !capital(ws[i]) || (titles[ws[i].low] && i+1 < len(ws)) {
			i++
			continue
		}
		j := i + 1
		for j < len(ws) && (capital(ws[j]) || (ws[j].low == "of" && orgHeads[ws[j-1].low] && j+1 < len(ws) && capital(ws[j+1]))) && onlySpace(text[ws[j-1].end:ws[j].start]) {
			j++
		}
		if !slices.ContainsFunc(out[:forms], func(e entity) bool { return ws[i].start < e.end && e.start < ws[j-1].end }) {
			out = append(out, nameIn(text, ws, i, j)...)
		}
		i = j
	}
	slices.SortFunc(out, func(a, b entity) int { return a.start - b.start })
	return out
}

func onlySpace(s string) bool { return strings.Trim(s, " \t\n") == "" }

func capital(w word) bool {
	r, _ := utf8.DecodeRuneInString(w.text)
	return unicode.IsUpper(r)
}

// nameIn classifies the run ws[i:j] of words with capitals.
func nameIn(text string, ws []word, i, j int) []entity {
	g := names()
	first := i == 0 || (ws[i-1].mark && strings.Contains(".!?", ws[i-1].text) && !(i > 1 && titles[ws[i-2].low]))
	titled := i > 0 && (titles[ws[i-1].low] || (i > 1 && ws[i-1].text == "." && titles[ws[i-2].low]))
	// A capital at the start of a sentence means nothing for a common word.
	for first && j > i && (stopwords()[ws[i].low] || (len(ws[i].low) > 1 && j == i+1 && !g.first[ws[i].low] && !g.place[ws[i].low] && !titled)) {
		i++
		first = false
		if i == j {
			return nil
		}
	}
	found := func(kind string, end int, sure float64) []entity {
		from, to := ws[i].start, ws[end-1].end
		to = from + len(strings.TrimSuffix(strings.TrimSuffix(text[from:to], "'s"), "’s"))
		return []entity{{kind, text[from:to], from, to, sure}}
	}
	low := lowerCase(ws[i:j])
	switch {
	case titled:
		return found("person", j, 0.95)
	case orgTails[ws[j-1].low] && j-i > 1:
		return found("organisation", j, 0.92)
	case orgHeads[ws[i].low] && j-i > 2 && ws[i+1].low == "of":
		return found("organisation", j, 0.93)
	case g.place[low]:
		return found("place", j, 0.93)
	case g.first[ws[i].low]:
		return found("person", min(j, i+3), 0.9)
	case first:
		return nil
	case j-i == 1 && isAcronym(ws[i].text):
		return found("organisation", j, 0.6)
	case i > 0 && atPlace[ws[i-1].low] && ws[i-1].low != "of" && ws[i-1].low != "at" && j-i <= 2:
		return found("place", j, 0.6)
	case j-i >= 2 && j-i <= 3 && !hasStop(ws[i:j]):
		return found("person", j, 0.5)
	}
	return nil
}

func lowerCase(ws []word) string {
	parts := make([]string, len(ws))
	for i, w := range ws {
		parts[i] = strings.TrimSuffix(w.low, "'s")
	}
	return strings.Join(parts, " ")
}

func hasStop(ws []word) bool {
	return slices.ContainsFunc(ws, func(w word) bool { return stopwords()[w.low] })
}

func isAcronym(s string) bool { return len(s) >= 3 && len(s) <= 6 && s == strings.ToUpper(s) }
