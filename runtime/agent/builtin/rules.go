package builtin

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// rule gives points to what it finds: for (positive) or against (negative).
type rule struct {
	name   string
	points float64
	expr   *regexp.Regexp
}

// ruleTable is read when it is first needed: a start of the command pays nothing.
var ruleTable = sync.OnceValue(func() []rule {
	var out []rule
	for line := range strings.Lines(ruleText) {
		points, rest, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		p, err := strconv.ParseFloat(points, 64)
		if err != nil {
			panic("embedded rules: " + line)
		}
		name, expr, _ := strings.Cut(rest, ": ")
		out = append(out, rule{name: name, points: p, expr: regexp.MustCompile(`(?i)` + expr)})
	}
	return out
})

// The rules look for turns of phrase, not for words of praise: what people
// recommend, regret, would do again, how they exclaim. Punctuation and emoticons
// are tested on the text as it is, the others too; (?i) holds for all.
const ruleText = `
+2.5 smiling: (?:^|\s)(?:[:;=]-?[)DpP]|<3|\^\^)|[😀😃😄😁😊😍🥰😂👍🎉❤😎🙏💯]
-2.5 frowning: (?:^|\s)(?:[:;=]'?-?[(/|]|>:\()|[😡😠😢😭👎💔😞😤🤮🙄]
+2.0 recommends: (?:\b(?:highly|definitely|would|keep|kept|can only|strongly) (?:\w+ )?recommend|\bmust[- ](?:see|read|have)\b|\bdo yourself a favou?r)
-3.0 warns: \b(?:not|never|n't|can't|cannot) (?:\w+ )?recommend|\b(?:avoid|beware|stay away|steer clear|keep away|do not (?:buy|bother)|don't (?:buy|bother)|warning|warn)\b
+2.0 again: \b(?:will|would|going to|can't wait to|happily|definitely)\b[^.!?]{0,24}\b(?:again|come back|be back|return)\b|\bcan't wait\b
-3.0 never again: \bnever (?:\w+ ){0,3}again\b|\b(?:would|will) not (?:\w+ ){1,3}again\b|\bnever (?:coming|come|going) back\b|\bthink twice\b|\blast time\b
-2.5 wants out: \b(?:want|give me|get) my money back\b|\b(?:regret|gave up|fed up|had enough|sick of|tired of)\b|\bleft (?:early|hungry)\b|\bwaste[ds]?\b|\bwasting\b
+2.5 no regret: \b(?:not|never|n't) regret\b
-2.0 should have: \b(?:should|could|wish|supposed to|expected)\b[^.!?]{0,20}\b(?:have|had|work|better|more)\b
+2.0 exceeds: \b(?:exceed|surpass)\w*|\b(?:better|more) than (?:i |we )?(?:expected|hoped|ever|the last|the original)\b|\bworth (?:it|every|the)\b|\bno (?:complaints?|problems?|regrets?|bugs|issues)\b|\bnever (?:had a problem|lets? me down|fails?)\b|\bno trouble\b
-2.0 falls short: \bworse than|\bnot worth|\b(?:lets?|letting) (?:me|us) down\b|\bletdown\b|\bfor nothing\b|\bnothing but\b|\bnot (?:a single |one )?(?:good|great|happy|impressed|what i ordered)\b
+1.5 thanks: \bthank(?:s| you)\b|\bgrateful\b|\bwell done\b|\bgood job\b|\bcongrat\w+|\bkudos\b
-1.5 broken: \b(?:stopped working|stops? working|fell apart|falls? apart|broke\b|broken|breaks down|crash(?:es|ed)?|jams?|freez(?:es|e)|leak(?:s|ed)?|died|dies|does(?: not|n't) (?:work|fit)|won't (?:start|connect)|never (?:connects?|answered|showed|arrived)|nothing work(?:s|ed))\b
+1.5 works: \b(?:just works|works (?:exactly|perfectly|great|like a charm)|first time|without (?:a )?(?:hiccup|trouble|problem)|fits? perfectly|as (?:described|promised)|in minutes|on time)\b
-1.5 too much: \b(?:far |way |much )too \w+|\btoo (?:slow|long|expensive|small|loud|hard|late|dark|cold|hot|salty|sweet|high|low)\b
+1.5 superlative of praise: \b(?:best|favou?rite|unforgettable|couldn't be happier|can't stop|page turner|lifesaver|laughed|love[ds]?|adore)\b
-1.5 superlative of blame: \b(?:worst|rudest|hate[ds]?|loathe|refus\w+|ignor\w+|rip-?off|scam|shame\w*|asham\w+|unacceptable|nightmare|disaster)\b
-1.0 complaint: \b(?:complain\w*|refund|nobody (?:told|helped|listens|cares)|still (?:not|no|there|waiting|tastes)|again and again|every single time|all the time|constant(?:ly)?|twice without)\b
+1.0 pleased: \b(?:so|very|really|truly|absolutely|simply|such) (?:a )?(?:happy|good|nice|easy|helpful|kind|pleased|comfortable|proud|sweet|charming|fast|reliable|impressed)\b|\bso much (?:fun|better)\b|\bwow\b|\bhow generous\b|\bwhat a (?:wonderful|lovely|great|gem|day|treat|joy)\b
-1.0 displeased: \b(?:ugh|meh|argh|sigh|oh great|yeah right|big deal)\b|\bwhat a (?:terrible|mess|waste|shame|joke|trap|tourist|disaster|sad)\b|\bhow (?:rude|greedy|sad)\b|\bmore disappointed\b|\bgood luck\b
`

// shape is what the rules look at besides the table.
type shape struct{ rating, stars, contrast, concede, ownView, without *regexp.Regexp }

var shapes = sync.OnceValue(func() shape {
	return shape{
		rating:   regexp.MustCompile(`(?i)\b(\d+(?:\.\d)?|zero|one|two|three|four|five|six) ?(?:/|out of) ?(5|10|five|ten)\b`),
		stars:    regexp.MustCompile(`(?i)\b(zero|one|two|four|five|six|[0-6])[- ]stars?\b`),
		contrast: regexp.MustCompile(`(?i)[,;.]?\s+\b(?:but|yet|however|still though)\b[, ]`),
		concede:  regexp.MustCompile(`(?i)^\s*(?:although|though|even though|while|despite)\b[^,]*,`),
		// Somebody speaks of an experience, which is seldom neutral.
		ownView: regexp.MustCompile(`(?i)\b(?:i|i'm|i've|we|us|me|my|our|such|so|what|very)\b`),
		without: regexp.MustCompile(`(?i)\b(?:no|never|without|without a|without any)\s*$`),
	}
})

var digits = map[string]float64{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}

// judgeByRules adds up the points of the rules, but of a text with a contrast
// only what comes after "but" counts in full, and nothing of what is conceded
// ("although ..."). Its blind spots: plain adjectives, which it leaves to others.
func judgeByRules(text string) verdict {
	var why []string
	sum := 0.0
	sh := shapes()
	count := func(part string, weight float64) {
		for _, r := range ruleTable() {
			at := r.expr.FindStringIndex(part)
			if at == nil {
				continue
			}
			p := r.points * weight
			if p < 0 && sh.without.MatchString(part[:at[0]]) { // "no crashes"
				p *= -0.5
			}
			sum += p
			why = append(why, fmt.Sprintf("%s (%s) %+.1f", r.name, strings.TrimSpace(part[at[0]:at[1]]), p))
		}
		for _, m := range sh.rating.FindAllStringSubmatch(part, 2) {
			of := number(m[2])
			p := (number(m[1])/of - 0.55) * 7
			sum += p * weight
			why = append(why, fmt.Sprintf("rating %s %+.1f", m[0], p*weight))
		}
		if m := sh.stars.FindStringSubmatch(part); m != nil && sh.rating.FindString(part) == "" {
			p := (number(m[1])/5 - 0.55) * 7
			sum += p * weight
			why = append(why, fmt.Sprintf("rating %s %+.1f", m[0], p*weight))
		}
	}
	rest := text
	if at := sh.concede.FindStringIndex(rest); at != nil {
		rest = rest[at[1]:]
	}
	if at := sh.contrast.FindStringIndex(rest); at != nil {
		count(rest[:at[0]], 0.25)
		count(rest[at[1]:], 1)
	} else {
		count(rest, 1)
	}
	if n := strings.Count(text, "!"); n > 0 {
		switch {
		case sum < 0:
			sum -= 0.5
		case sum > 0 || len(words(text)) > 3:
			sum += 0.5
			why = append(why, "exclaims +0.5")
		}
	}
	switch {
	case sum >= 0.5:
		return verdict{positive, sum, why}
	case sum <= -0.5:
		return verdict{negative, -sum, why}
	}
	if len(why) > 0 {
		return verdict{neutral, 0, why}
	}
	// No rule applies. That is weak evidence, and weaker for words a speaker uses
	// about themselves.
	if sh.ownView.MatchString(text) {
		return verdict{neutral, 0.5, nil}
	}
	return verdict{neutral, 1, nil}
}

func number(s string) float64 {
	if n, ok := digits[strings.ToLower(s)]; ok {
		return n
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0 // unreachable: the expressions capture numbers only
	}
	return n
}
