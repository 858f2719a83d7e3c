package builtin

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// word is a token of a text: letters and digits with inner apostrophes and
// hyphens, or a single mark of punctuation.
type word struct {
	text       string // as written
	low        string // lower case, with straight apostrophes
	start, end int    // offsets in bytes
	mark       bool   // punctuation
}

// words splits a text. Spaces and symbols that are neither letters, digits nor
// common punctuation separate.
func words(text string) []word {
	var out []word
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case inWord(r):
			j := i + n
			for j < len(text) {
				r, m := utf8.DecodeRuneInString(text[j:])
				if !inWord(r) {
					next, _ := utf8.DecodeRuneInString(text[j+m:])
					if !(r == '\'' || r == '’' || r == '-') || !inWord(next) {
						break
					}
				}
				j += m
			}
			low := strings.ReplaceAll(strings.ToLower(text[i:j]), "’", "'")
			out = append(out, word{text: text[i:j], low: low, start: i, end: j})
			i = j
		case strings.ContainsRune(".,;:!?()\"", r):
			out = append(out, word{text: text[i : i+n], low: text[i : i+n], start: i, end: i + n, mark: true})
			i += n
		default:
			i += n
		}
	}
	return out
}

func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// notEnd are words after which a full stop ends no sentence.
var notEnd = map[string]bool{"mr": true, "mrs": true, "ms": true, "dr": true, "prof": true, "st": true, "vs": true,
	"e.g": true, "i.e": true, "jr": true, "approx": true}

// sentences splits a text at full stops, question and exclamation marks that
// are followed by a space or the end, and at blank lines. Abbreviations such as
// "Dr." and single capitals do not end a sentence.
func sentences(text string) []string {
	var out []string
	from := 0
	cut := func(to int) {
		if s := strings.Join(strings.Fields(text[from:to]), " "); s != "" {
			out = append(out, s)
		}
		from = to
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n':
			if i+1 < len(text) && text[i+1] == '\n' {
				cut(i)
			}
		case '.', '!', '?':
			j := i + 1
			for j < len(text) && strings.IndexByte(".!?\"')", text[j]) >= 0 {
				j++
			}
			if j < len(text) && text[j] != ' ' && text[j] != '\n' && text[j] != '\t' {
				continue
			}
			if text[i] == '.' && j == i+1 {
				last := text[from:i]
				last = last[strings.LastIndexAny(last, " \n\t(")+1:]
				if notEnd[strings.ToLower(last)] || (len(last) == 1 && unicode.IsUpper(rune(last[0]))) {
					continue
				}
			}
			cut(j)
			i = j - 1
		}
	}
	cut(len(text))
	return out
}

//go:embed data/stopwords.txt
var stopwordsText string

// stopwords are English words that say nothing about the subject of a text.
var stopwords = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(stopwordsText) {
		set[w] = true
	}
	return set
})

// suffixes of inflected words, the longest of those with a common end first.
// "er" is not among them: a waiter is nobody who waits.
var suffixes = []string{"iness", "ness", "ies", "es", "s", "ied", "ed", "ing", "ily", "ly", "est"}

// stems returns forms from which a word may be derived, itself first: "loved"
// gives "loved", "lov", "love"; "happily" gives "happy". The forms need not be
// words; they are for looking up.
func stems(w string) []string {
	out := []string{w}
	w = strings.TrimSuffix(w, "'s")
	base, suffix := w, ""
	for _, end := range suffixes {
		if strings.HasSuffix(w, end) {
			base, suffix = strings.TrimSuffix(w, end), end
			break
		}
	}
	if suffix == "" || len(base) < 3 {
		return append(out, w)
	}
	if strings.HasPrefix(suffix, "i") && suffix != "ing" {
		return append(out, base+"y")
	}
	out = append(out, base, base+"e")
	if n := len(base); n > 3 && base[n-1] == base[n-2] {
		out = append(out, base[:n-1])
	}
	return out
}
