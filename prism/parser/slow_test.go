package parser

import (
	"strings"
	"testing"
	"time"

	"github.com/parallaxai/parallax/prism/source"
)

// TestLinear parses long texts of repeated pieces that invite lookahead,
// recovery and recursion. What is linear takes a small part of the time allowed,
// what is quadratic many times as much. The best of some tries counts, because
// the machine may be busy.
func TestLinear(t *testing.T) {
	pieces := []string{
		"a+", "a?b:", "a?", "(", "[", "{", "((", "x=>", "!", "-", "a**", "if a b else ", "else ", "let ", "let = ",
		"parallel ", "race a.", "parallel a ", "(a):", "(a):b ", "{a:", "{a} ~> ", "[a] ~> ", "[a] ~> f(", "for ", "for (", "for a, ",
		"match a {", "match a { 1 => ", "\"${", "\"a", "```${", "'", "`", "/*", "/**", "// x\n", "#", "0x", "1.", ".", "..", "...",
		"}", ")", "]", "({)}", "(]", "function f(", "fn f() {", "try {", "uncertain if a { high {", "in context A {", "agents { a: {",
		"pattern p v1 { ", "pattern p { input { ", "type A = ", "(A", "A[", "A<", "A |", "a ~ 1..2 ~ ", "import {a", "export ", "a and ", "not ",
		"a ~> b > c ", "f(a b ", "f(a;", "a.", "a.\n", "a\n", "a;", "\x00", "\xff", "é", "“", "a ? b ", "elif ", "if a {} elif ", "a|", "a = b = ",
		"@name ", "/** @input {", "v1.", "case ", "switch ( ", "lambda x ", "func f(", "func(", "new a ", "var a ", "async ", "await ", "return ",
		"1 2 ", "{t=5} ", "(a b ", "\"\\", "\"\\q", "\r", "\r\n", "a[ ", "a?.[", "a?.(", "a ~. ", "do ", "while ", "with_agents(", "with_agents() ",
	}
	const repeats, allowed, tries = 16_000, 400 * time.Millisecond, 6
	for _, piece := range pieces {
		for _, tail := range []string{"", "\n"} {
			f := source.NewFile("", strings.Repeat(piece+tail, repeats))
			best := time.Duration(1<<63 - 1)
			for i := 0; i < tries && best > allowed; i++ {
				start := time.Now()
				ParseFile(f)
				best = min(best, time.Since(start))
			}
			if best > allowed {
				t.Errorf("%q, %d times: %v", piece+tail, repeats, best)
			}
		}
	}
}
