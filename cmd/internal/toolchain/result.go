package toolchain

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// resultLine is "Result: " and the value on one line: an object ends with its
// confidence, rounded to two decimals; any other value is followed by it. Parts
// show their confidence, as in 5 (~0.8), where it differs from that of the whole.
func resultLine(res *engine.Result) string {
	v := res.Value.Plain()
	within := math.NaN()
	if res.Confidence != nil {
		within = *res.Confidence
	}
	if v.Kind() != value.ObjectKind {
		line := "Result: " + value.Summary(v, within)
		if res.Confidence != nil {
			line += fmt.Sprintf(" (confidence %s)", rounded(*res.Confidence))
		}
		return line
	}
	if res.Confidence == nil {
		return "Result: " + value.Summary(v, within)
	}
	var keys []string
	var parts []value.Value
	for k, x := range v.AsObject().All() {
		if k != "confidence" {
			keys, parts = append(keys, k), append(parts, x)
		}
	}
	line := "Result: { "
	if len(keys) > 0 {
		line += strings.TrimPrefix(strings.TrimSuffix(value.Summary(value.ObjectOf(keys, parts).Value(), within), " }"), "{ ") + ", "
	}
	return line + "confidence: " + rounded(*res.Confidence) + " }"
}

func rounded(c float64) string { return value.NumberText(math.Round(c*100) / 100) }

// printStack prints a stack trace, innermost frame first. A recursion shows as
// one frame, and so does what the library does inside of one of its functions.
func printStack(w io.Writer, stack []vm.StackFrame) {
	inLibrary := func(s vm.StackFrame) bool { return strings.HasPrefix(s.File, "std/") }
	if slices.ContainsFunc(stack, func(s vm.StackFrame) bool { return s.File != "" && !inLibrary(s) }) {
		var shown []vm.StackFrame
		for i, s := range stack {
			if inLibrary(s) && i+1 < len(stack) && (inLibrary(stack[i+1]) || stack[i+1].File == "") {
				continue
			}
			if inLibrary(s) {
				s = vm.StackFrame{Function: s.Function}
			}
			shown = append(shown, s)
		}
		stack = shown
	}
	for i := 0; i < len(stack); {
		n := i + 1
		for n < len(stack) && stack[n] == stack[i] {
			n++
		}
		printFrame(w, stack[i])
		if n > i+1 { // how often is not known: the machine keeps both ends of a deep stack
			fmt.Fprint(w, "     ... and the same again, several times\n")
		}
		i = n
	}
}

// printFrame prints one line of a stack trace, and the source line it is at.
func printFrame(w io.Writer, s vm.StackFrame) {
	name := s.Function
	if name == "" {
		name = "top level"
	}
	if s.File == "" {
		fmt.Fprintf(w, "  at %s\n", name)
		return
	}
	fmt.Fprintf(w, "  at %s (%s:%d:%d)\n", name, s.File, s.Line, s.Column)
	if s.Source != nil && !strings.HasPrefix(s.File, "std/") {
		line := strings.TrimRight(s.Source.LineText(s.Line), " \t")
		trimmed := strings.TrimLeft(line, " \t")
		fmt.Fprintf(w, "     %s\n", trimmed)
		if indent := len([]rune(line)) - len([]rune(trimmed)); s.Column > indent {
			fmt.Fprintf(w, "     %s^\n", strings.Repeat(" ", s.Column-1-indent))
		}
	}
}

// explainResult prints where the confidence of a result comes from: who said
// what, how it was counted, and the way from there to the result.
func explainResult(w io.Writer, res *engine.Result) error {
	var b strings.Builder
	if len(res.Said) > 0 {
		b.WriteString("who said what\n")
		width := 0
		for _, s := range res.Said {
			width = max(width, utf8.RuneCountInString(s.Agent))
		}
		for _, s := range res.Said {
			fmt.Fprintf(&b, "  %s%s  %s\n", s.Agent, strings.Repeat(" ", width-utf8.RuneCountInString(s.Agent)), saidLine(s))
		}
	}
	if apart := unreachable(res); len(apart) > 0 {
		b.WriteString("how it was counted\n")
		for _, why := range apart {
			whyTree(&b, why, "")
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the explanation: %w", err)
	}
	return explainTree(w, res.Value)
}

func saidLine(s engine.Said) string {
	if s.Error != "" {
		return "failed: " + cut(s.Error, 200)
	}
	line := value.NumberText(s.Confidence) + "  " + cut(value.Inspect(s.Result), 80)
	if !s.Stated {
		line += "  (confidence assumed: none was stated)"
	}
	if s.Reasoning != "" {
		line += "  because: " + cut(s.Reasoning, 120)
	}
	return line
}

// cut shortens a text to n characters on one line.
func cut(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}

// unreachable are the derivations that the explanation of the value does not
// show, because the program kept only the number.
func unreachable(res *engine.Result) []*value.Why {
	seen := map[*value.Why]bool{}
	var mark func(w *value.Why)
	mark = func(w *value.Why) {
		if w != nil && !seen[w] {
			seen[w] = true
			for _, o := range w.Operands {
				mark(o)
			}
		}
	}
	var visit func(v value.Value, depth int)
	visit = func(v value.Value, depth int) {
		mark(v.Why())
		p := v.Plain()
		if depth > maxWhyDepth {
			return
		}
		switch p.Kind() {
		case value.ArrayKind:
			for _, e := range p.AsArray().Elems() {
				visit(e, depth+1)
			}
		case value.ObjectKind:
			for _, e := range p.AsObject().All() {
				visit(e, depth+1)
			}
		}
	}
	visit(res.Value, 0)
	var out []*value.Why
	for _, w := range res.Derivations {
		if !seen[w] {
			out = append(out, w)
		}
	}
	return out
}

// explainTree prints how the confidence of a value, and of the confident parts
// inside it, came about.
func explainTree(w io.Writer, v value.Value) error {
	var b strings.Builder
	if v.IsConfident() {
		fmt.Fprintf(&b, "confidence %s\n", value.NumberText(v.C()))
		whyTree(&b, v.Why(), "")
	} else {
		b.WriteString("the result is plain: it carries no confidence\n")
	}
	explainParts(&b, v.Plain(), "")
	_, err := io.WriteString(w, b.String())
	if err != nil {
		return fmt.Errorf("print the explanation: %w", err)
	}
	return nil
}

func explainParts(b *strings.Builder, v value.Value, at string) {
	part := func(key string, x value.Value) {
		if x.IsConfident() {
			fmt.Fprintf(b, "%s: confidence %s\n", strings.TrimPrefix(at+key, "."), value.NumberText(x.C()))
			whyTree(b, x.Why(), "")
		}
		explainParts(b, x.Plain(), at+key)
	}
	switch v.Kind() {
	case value.ArrayKind:
		for i, e := range v.AsArray().Elems() {
			part(fmt.Sprintf("[%d]", i), e)
		}
	case value.ObjectKind:
		for k, e := range v.AsObject().All() {
			part("."+k, e)
		}
	}
}

// Bounds of the tree that is printed: operands may be shared, so that a small
// explanation can have a huge tree.
const (
	maxWhyDepth = 40
	maxWhyLines = 400
)

// whyTree draws an explanation with its operands below it.
func whyTree(b *strings.Builder, w *value.Why, indent string) {
	if w == nil {
		return
	}
	fmt.Fprintf(b, "%s└─ %s\n", indent, whyLine(w))
	left := maxWhyLines
	whyOperands(b, w, indent+"   ", 1, &left)
	if left <= 0 {
		fmt.Fprintf(b, "%s   (more than %d steps; the rest is left out)\n", indent, maxWhyLines)
	}
}

func whyOperands(b *strings.Builder, w *value.Why, indent string, depth int, left *int) {
	if depth > maxWhyDepth && len(w.Operands) > 0 {
		fmt.Fprintf(b, "%s└─ ...\n", indent)
		return
	}
	for i, o := range w.Operands {
		if *left--; *left <= 0 {
			return
		}
		branch, below := "├─ ", "│  "
		if i == len(w.Operands)-1 {
			branch, below = "└─ ", "   "
		}
		fmt.Fprintf(b, "%s%s%s\n", indent, branch, whyLine(o))
		whyOperands(b, o, indent+below, depth+1, left)
	}
}

func whyLine(w *value.Why) string {
	line := w.Rule + " " + value.NumberText(w.C)
	switch {
	case strings.Contains(w.Note, " "):
		line += ": " + w.Note
	case w.Note != "":
		line += " by " + w.Note
	}
	if w.File != "" {
		line += fmt.Sprintf("  (%s:%d:%d)", w.File, w.Line, w.Column)
	}
	return line
}
