package document

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/parallaxai/parallax/prism/source"
)

var (
	errorLine     = regexp.MustCompile(`^yaml: (?:line (\d+): )?(?s:(.*))$`)
	unknownAnchor = regexp.MustCompile(`unknown anchor '(.*)' referenced`)
)

// syntaxError reports what the reader found wrong, at the place that a second
// reader names, or that its message lets us find.
func (p *builder) syntaxError(err error) {
	line, message := 0, err.Error()
	if m := errorLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1]) // 0 without a line
		message = m[2]
	}
	if m := unknownAnchor.FindStringSubmatch(message); m != nil {
		at := p.aliasOffset(m[1])
		d := p.fail(YAMLSyntax, source.Span{Start: at, End: at + int32(1+len(m[1]))}, "there is no anchor &%s that *%s could refer to", m[1], m[1])
		d.WithHint("text that begins with * needs quotes")
		return
	}
	at, found, ok := p.locate()
	if ok {
		message = found
	}
	switch {
	case strings.Contains(err.Error(), "mapping values are not allowed"):
		message = misplacedKey
		if from := p.offset(max(line, 1), 1); !ok || p.lineOf(at) < max(line, 1) {
			at = int32(p.skipBlanks(int(from)))
		}
	case ok:
	case strings.Contains(message, "did not find expected node content"):
		at = p.strayBracket(line)
	default:
		at = int32(p.skipBlanks(int(p.offset(max(line, 1), 1))))
	}
	d := p.fail(YAMLSyntax, source.Span{Start: at, End: at + 1}, "%s", p.plainly(message, at))
	switch {
	case int(at) < len(p.src) && p.src[at] == '\t':
		d.Message = "a tab can't indent a line"
		d.WithHint("indent with blanks")
	case message == misplacedKey && strings.Contains(p.restOfLine(at), " ? "):
		d.WithHint("put quotes around an expression that contains a colon and a space")
	case int(at) < len(p.src) && (p.src[at] == '@' || p.src[at] == '`' || p.src[at] == '%'):
		d.WithHint("text that begins with %c needs quotes", p.src[at])
	}
}

const misplacedKey = "a key and its value can't stand here"

func (p *builder) restOfLine(at int32) string {
	line, _, _ := strings.Cut(p.src[min(int(at), len(p.src)):], "\n")
	return line
}

// sayings replaces what the readers say, found by a part of it, by what the
// author of a file understands.
var sayings = []struct{ part, plain string }{
	{"sequence end token", "the list that begins here is not closed"},
	{"mapping end token", "the map that begins here is not closed"},
	{"could not find end character", "the quotes that begin here are not closed"},
	{"non-map value is specified", "expected a key and a colon"},
	{"unexpected key name", "expected a key and a colon"},
	{"undefined alias name", "an alias needs a name"},
	{"undefined anchor name", "an anchor needs a name"},
	{"did not find expected node content", "expected a value"},
	{"did not find expected <document start>", "a second document begins here; a file holds one pattern"},
	{"document not started", "% begins a directive, which stands before a document"},
	{"unexpected scalar value type", "expected a value"},
	{"block sequence entries are not allowed", "a list can't begin on the line of its key"},
	{"exceeded max depth", "the values are nested too deep"},
	{"invalid number of indent", "the text has less indentation than the head of its block says"},
}

// plainly puts the message of a reader in words of ours where there are any.
func (p *builder) plainly(message string, at int32) string {
	for _, s := range sayings {
		if strings.Contains(message, s.part) {
			return s.plain
		}
	}
	if what, ok := strings.CutSuffix(message, " must be specified"); ok {
		return "expected " + what
	}
	if strings.Contains(message, "is not allowed in this context") {
		if start := p.lines[p.lineOf(at)-1]; int32(p.skipBlanks(int(start))) == at {
			return "this does not fit the indentation of the lines before it"
		}
		return "this can't stand here"
	}
	return message
}

func (p *builder) lineOf(at int32) int {
	line := 1
	for line < len(p.lines) && p.lines[line] <= at {
		line++
	}
	return line
}

func (p *builder) skipBlanks(at int) int {
	for blankAt(p.src, at) {
		at++
	}
	return at
}

// locate asks the second reader, which may panic on what the first refused.
func (p *builder) locate() (at int32, message string, ok bool) {
	defer func() {
		if recover() != nil {
			at, message, ok = 0, "", false
		}
	}()
	if deep(p.src) {
		return 0, "", false
	}
	_, err := parser.ParseBytes([]byte(p.src), 0)
	var found yaml.Error
	if err == nil || !errors.As(err, &found) || found.GetToken() == nil || found.GetToken().Position == nil {
		return 0, "", false
	}
	pos := found.GetToken().Position
	at = p.offset(pos.Line, pos.Column)
	message = found.GetMessage()
	return at, message, true
}

// deep tells texts that may nest more levels than the second reader, which calls
// itself for each, has a stack for.
func deep(src string) bool {
	brackets, entries := 0, 0
	for i := range len(src) {
		switch src[i] {
		case '[', '{':
			brackets++
		case ']', '}':
			brackets--
		case '-', '?':
			entries++
		case '\n':
			entries = 0
		}
		if brackets > MaxNesting || entries > MaxNesting {
			return true
		}
	}
	return false
}

// aliasOffset finds the alias of a name: the first that no anchor precedes.
func (p *builder) aliasOffset(name string) int32 {
	want := "*" + name
	for t := tokens(p.src); t != nil; t = t.Next {
		if t.Type == token.AnchorType && t.Next != nil && t.Next.Value == name {
			break
		}
		if t.Type != token.AliasType || t.Next == nil || t.Next.Value != name {
			continue
		}
		// The token may be said to begin behind its asterisk.
		at := int(p.offset(t.Position.Line, t.Position.Column))
		for _, start := range []int{at, at - 1} {
			if start >= 0 && strings.HasPrefix(p.src[start:], want) {
				return int32(start)
			}
		}
	}
	return int32(max(strings.Index(p.src, want), 0))
}

func tokens(src string) (first *token.Token) {
	defer func() {
		if recover() != nil {
			first = nil
		}
	}()
	all := lexer.Tokenize(src)
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// strayBracket finds the bracket or comma at or after a line that nothing opens.
func (p *builder) strayBracket(line int) int32 {
	start := p.offset(max(line, 1), 1)
	depth := 0
	for i := int(start); i < len(p.src); i++ {
		switch c := p.src[i]; c {
		case '"', '\'':
			skip := double
			if c == '\'' {
				skip = single
			}
			if i > 0 && (blankAt(p.src, i-1) || strings.IndexByte("[{,:", p.src[i-1]) >= 0) {
				_, end := skip(p.src, i)
				i = end - 1
			}
		case '#':
			if i == 0 || blankAt(p.src, i-1) || p.src[i-1] == '\n' {
				for i < len(p.src) && p.src[i] != '\n' {
					i++
				}
			}
		case '[', '{':
			depth++
		case ']', '}', ',':
			if depth == 0 {
				return int32(i)
			}
			if c != ',' {
				depth--
			}
		}
	}
	return int32(p.skipBlanks(int(start)))
}
