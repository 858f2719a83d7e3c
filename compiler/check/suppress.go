package check

import (
	"slices"
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

const ignoreWord = "prism-ignore"

// Suppress returns the list without the findings that comments of the file
// ignore. "// prism-ignore unused-variable, N0102" on the line of a finding,
// or alone on the line before, ignores warnings of these names or codes;
// without names it ignores every warning. A reason may follow behind "--", "("
// or another "//". Errors are never ignored. Findings
// of other files are kept.
func Suppress(file *ast.File, list diag.List) diag.List {
	ignored := make(map[int][]string)
	for _, c := range file.Comments {
		names, ok := ignoredNames(c.Text)
		if !ok {
			continue
		}
		line := file.Source.Line(c.End)
		if aloneOnLine(file.Source, c.Span) {
			line++
		}
		ignored[line] = append(ignored[line], names...)
	}
	if len(ignored) == 0 {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(d *diag.Diagnostic) bool {
		if d.Severity == diag.Error || d.File != file.Source {
			return false
		}
		names, ok := ignored[file.Source.Line(d.Span.Start)]
		if !ok {
			return false
		}
		info, _ := diag.Lookup(d.Code)
		return slices.ContainsFunc(names, func(n string) bool {
			return n == allNames || n == info.Name || n == string(d.Code)
		})
	})
}

// allNames stands for a comment that ignores every warning.
const allNames = "*"

// ignoredNames returns what a comment ignores; ok is false for other comments.
func ignoredNames(comment string) (names []string, ok bool) {
	text := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(comment, "//"), "/*"), "*/")
	rest, found := strings.CutPrefix(strings.TrimSpace(text), ignoreWord)
	if !found || rest != "" && !strings.ContainsAny(rest[:1], " \t:") {
		return nil, false
	}
	for _, word := range strings.FieldsFunc(rest, func(c rune) bool { return c == ' ' || c == ',' || c == '\t' || c == ':' }) {
		if word == "//" || strings.HasPrefix(word, "--") || strings.HasPrefix(word, "(") {
			break // the reason follows
		}
		names = append(names, word)
	}
	if len(names) == 0 {
		names = []string{allNames}
	}
	return names, true
}

// aloneOnLine reports whether nothing but space stands before a span on its line.
func aloneOnLine(f *source.File, span source.Span) bool {
	start := f.LineStart(f.Line(span.Start))
	return strings.TrimSpace(f.Text(source.Span{Start: start, End: span.Start})) == ""
}

// checkIgnores reports prism-ignore comments that name no diagnostic.
func (r *resolver) checkIgnores() {
	for _, c := range r.file.Comments {
		names, ok := ignoredNames(c.Text)
		if !ok {
			continue
		}
		for _, name := range names {
			if name == allNames || knownLint(name) {
				continue
			}
			var known []string
			for _, info := range diag.Codes() {
				known = append(known, info.Name)
			}
			d := r.warn(codeUnknownLint, c.Span, "there is no warning `%s` to ignore", name)
			if near := diag.Suggest(name, known); near != "" {
				d.WithHint("did you mean `%s`?", near)
			} else {
				d.WithHint("the names of warnings stand in the output of `prism check`")
			}
		}
	}
}

func knownLint(name string) bool {
	return slices.ContainsFunc(diag.Codes(), func(info diag.CodeInfo) bool {
		return info.Name == name || string(info.Code) == name
	})
}
