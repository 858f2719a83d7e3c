package format

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/parallaxai/parallax/prism/ast"
)

// number returns the spelling of a number, the author's if there is one.
func number(n *ast.NumberLit) string {
	if n.Raw != "" {
		return n.Raw
	}
	if n.Value == float64(int64(n.Value)) && n.Value < 1e15 && n.Value > -1e15 {
		return strconv.FormatInt(int64(n.Value), 10)
	}
	return strconv.FormatFloat(n.Value, 'g', -1, 64)
}

// stringLit returns the spelling of a string. Single quotes become double ones
// where no escape has to change.
func stringLit(s *ast.StringLit) string {
	if s.Raw == "" {
		return quote(s.Value)
	}
	if raw := s.Raw; raw[0] == '\'' {
		inner := raw[1 : len(raw)-1]
		if !strings.Contains(inner, `"`) && !strings.Contains(inner, `\'`) && !strings.Contains(inner, "${") {
			return `"` + inner + `"`
		}
	}
	return strings.ReplaceAll(s.Raw, "\r\n", "\n")
}

// quote returns a value as a string literal in double quotes.
func quote(value string) string { return `"` + escape(value, `"`) + `"` }

// escape returns a value as the text of a string with the given quote.
func escape(value, quote string) string {
	var b strings.Builder
	for i, r := range value {
		switch {
		case r == '\\':
			b.WriteString(`\\`)
		case r == '"' && quote == `"`:
			b.WriteString(`\"`)
		case r == '`' && quote == "```":
			b.WriteString("\\`")
		case r == '\n' && quote == "```":
			b.WriteByte('\n')
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '$' && strings.HasPrefix(value[i:], "${"):
			b.WriteString(`\$`)
		case !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u{%X}`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// template prints a string with interpolation: as it is written, line breaks and
// indentation included, with whatever comments it holds.
func (p *printer) template(t *ast.Template) *doc {
	if p.src != nil {
		for p.pending(t.End) {
			p.take()
		}
		return text(strings.ReplaceAll(p.src.Text(t.Span), "\r\n", "\n"))
	}
	var b strings.Builder
	b.WriteString(t.Quote)
	inner := &printer{oneLine: true}
	for i, part := range t.Texts {
		if part.Raw != "" {
			b.WriteString(part.Raw)
		} else {
			b.WriteString(escape(part.Value, t.Quote))
		}
		if i < len(t.Exprs) {
			b.WriteString("${" + render(inner.expr(t.Exprs[i], anyLevel), unlimited) + "}")
		}
	}
	b.WriteString(t.Quote)
	return text(b.String())
}

// unlimited is a width that no line reaches.
const unlimited = 1 << 30
