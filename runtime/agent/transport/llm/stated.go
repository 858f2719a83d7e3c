package llm

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

var statedLine = regexp.MustCompile(`(?i)(?:^|\n)[ \t*_>#-]*confidence[ \t*_]*[:=][ \t*_]*([0-9]*\.?[0-9]+)[ \t]*(%?)[ \t*_.]*$`)

// splitStated takes the line off a text that states its confidence. A JSON object
// of an answer and a confidence does as well, as many models prefer it.
func splitStated(text string) (rest string, confidence *float64) {
	if m := statedLine.FindStringSubmatchIndex(text); m != nil {
		c, err := strconv.ParseFloat(text[m[2]:m[3]], 64)
		if err == nil {
			if m[4] < m[5] {
				c /= 100
			}
			c = min(max(c, 0), 1)
			return strings.TrimSpace(text[:m[0]]), &c
		}
	}
	var object map[string]any
	if json.Unmarshal([]byte(unfence(text)), &object) != nil || len(object) != 2 {
		return text, nil
	}
	c, ok := object["confidence"].(float64)
	if !ok {
		return text, nil
	}
	for _, key := range [...]string{"answer", "content", "result", "text", "value", "response"} {
		if inner, ok := object[key].(string); ok {
			c = min(max(c, 0), 1)
			return inner, &c
		}
	}
	return text, nil
}

// unfence takes JSON out of a text that a model put around it: a fence of
// backquotes, or words before and after.
func unfence(text string) string {
	text = strings.TrimSpace(text)
	if json.Valid([]byte(text)) {
		return text
	}
	if _, rest, ok := strings.Cut(text, "```"); ok {
		rest = strings.TrimPrefix(rest, "json")
		if inner, _, ok := strings.Cut(rest, "```"); ok && json.Valid([]byte(strings.TrimSpace(inner))) {
			return strings.TrimSpace(inner)
		}
	}
	start, end := strings.IndexAny(text, "{["), strings.LastIndexAny(text, "}]")
	if start >= 0 && end > start && json.Valid([]byte(text[start:end+1])) {
		return text[start : end+1]
	}
	return text
}

// holdBack passes on the pieces of a text, except a last line that states the
// confidence, and the empty lines before it.
type holdBack struct {
	pass func(string)
	held string // blank lines and the beginning of a line that may be the last
}

// add takes a piece.
func (h *holdBack) add(piece string) {
	h.held += piece
	for {
		// What is held begins with blank lines; then a line, perhaps not whole.
		i := strings.IndexFunc(h.held, func(r rune) bool { return r != '\n' && r != ' ' && r != '\r' && r != '\t' })
		if i < 0 {
			return
		}
		line, rest, whole := strings.Cut(h.held[i:], "\n")
		if mayState(line) {
			if !whole {
				return
			}
			if strings.TrimSpace(rest) == "" {
				return // nothing follows yet
			}
		}
		n := i + len(line)
		h.pass(h.held[:n])
		h.held = h.held[n:]
		if !whole {
			return
		}
	}
}

// mayState reports whether a line, or one that it may become, states a confidence.
func mayState(line string) bool {
	const word = "confidence"
	line = strings.ToLower(strings.TrimLeft(line, " \t*_>#-"))
	return strings.HasPrefix(line, word) || strings.HasPrefix(word, line)
}
