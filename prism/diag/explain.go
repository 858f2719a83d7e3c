package diag

import (
	"fmt"
	"io"
	"strings"
)

// UnknownCodeError is returned for a code or name that no diagnostic has.
type UnknownCodeError struct {
	Code string // as it was given
	Near string // what may have been meant, "" if nothing is close
}

func (e *UnknownCodeError) Error() string {
	if e.Near != "" {
		return fmt.Sprintf("there is no diagnostic %q; did you mean %s?", e.Code, e.Near)
	}
	return fmt.Sprintf("there is no diagnostic %q", e.Code)
}

// Explain writes what a diagnostic means: its title, an explanation, and an
// example with and without the fault. It is named by its code, its name or its
// symbol, in either case and with _ or -, as errors of executions are shown
// (INPUT_INVALID). The error is an *UnknownCodeError or that of w.
func Explain(w io.Writer, code string) error {
	var found *CodeInfo
	var names []string
	dashed := strings.ReplaceAll(code, "_", "-")
	for _, info := range Codes() {
		if strings.EqualFold(string(info.Code), code) || strings.EqualFold(info.Name, dashed) ||
			(info.Symbol != "" && strings.EqualFold(info.Symbol, code)) {
			found = &info
			break
		}
		names = append(names, string(info.Code), info.Name)
		if info.Symbol != "" {
			names = append(names, info.Symbol)
		}
	}
	if found == nil {
		near := Suggest(strings.ToUpper(code), names)
		if near == "" {
			near = Suggest(strings.ToLower(code), names)
		}
		return &UnknownCodeError{code, near}
	}
	var b strings.Builder
	name := found.Name
	if found.Symbol != "" {
		name = found.Symbol
	}
	fmt.Fprintf(&b, "%s %s\n%s\n", found.Code, name, found.Title)
	if found.Explanation != "" {
		b.WriteString("\n" + Wrap(found.Explanation, 78))
	}
	if found.Example != "" {
		b.WriteString("\nExample:\n\n" + indent(found.Example))
	}
	if found.Fixed != "" {
		b.WriteString("\nWrite instead:\n\n" + indent(found.Fixed))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(visible(strings.Trim(text, "\n"))) {
		if line = strings.TrimRight(line, "\n"); line != "" {
			b.WriteString("    " + line)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Wrap breaks the paragraphs of a Markdown text at a width in code points;
// lines of lists, tables and code stay as they are.
func Wrap(text string, width int) string {
	var b strings.Builder
	column := 0
	endLine := func() {
		if column > 0 {
			b.WriteByte('\n')
			column = 0
		}
	}
	code := false
	for line := range strings.Lines(strings.Trim(text, "\n")) {
		line = strings.TrimRight(line, "\n")
		fence := strings.HasPrefix(line, "```")
		if code || fence || line == "" || strings.HasPrefix(line, "    ") || strings.IndexAny(line, "-*|#>") == 0 {
			endLine()
			b.WriteString(line + "\n")
			code = code != fence
			continue
		}
		for _, word := range words(line) {
			n := len([]rune(word))
			switch {
			case column == 0:
			case column+1+n > width:
				endLine()
			default:
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += n
		}
	}
	endLine()
	return b.String()
}

// words splits a line at blanks, but not inside of `code`.
func words(line string) []string {
	var out []string
	open := false
	for _, field := range strings.Fields(line) {
		if open {
			out[len(out)-1] += " " + field
		} else {
			out = append(out, field)
		}
		if strings.Count(field, "`")%2 == 1 {
			open = !open
		}
	}
	return out
}
