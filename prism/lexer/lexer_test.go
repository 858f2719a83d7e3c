package lexer

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	plex "github.com/alecthomas/participle/v2/lexer"
	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// scan renders the tokens of a text: kind and text, "⏎" before those behind a
// line break, "name" and "number" left out.
func scan(src string) (string, *Lexer) {
	f := source.NewFile("test.prism", src)
	l := New(f)
	var out []string
	for {
		t := l.Next()
		if t.Kind == token.EOF {
			return strings.Join(out, " "), l
		}
		text := src[t.Start:t.End]
		switch t.Kind {
		case token.Ident, token.Number:
		case token.String, token.Illegal:
			text = t.Kind.String() + ":" + text
		case token.StringHead:
			text = "head:" + text
		case token.StringMiddle:
			text = "middle:" + text
		case token.StringTail:
			text = "tail:" + text
		default:
			if t.Kind.String() != text {
				text = fmt.Sprintf("%s!=%s", t.Kind, text)
			}
		}
		if t.NewLine {
			text = "⏎" + text
		}
		out = append(out, text)
	}
}

func TestTokens(t *testing.T) {
	tests := []struct{ src, want string }{
		{"", ""},
		{"a b1 _c $d größe", "a b1 _c $d größe"},
		{"if iffy match matches", "if iffy match matches"},
		{"in as from agents pattern", "in as from agents pattern"},
		{"1 1.5 .5 1e-9 1E+5 0x2A 0b101 1_000", "1 1.5 .5 1e-9 1E+5 0x2A 0b101 1_000"},
		{"1..5 1...x 5.a 1.5..2.5", "1 .. 5 1 ... x 5 . a 1.5 .. 2.5"},
		{"a ~> b ~>= c ~< d ~<= e", "a ~> b ~>= c ~< d ~<= e"},
		{"~+ ~+= ~- ~-= ~* ~*= ~/ ~/= ~= ~== ~!=", "~+ ~+= ~- ~-= ~* ~*= ~/ ~/= ~= ~== ~!="},
		{"~? ~?? ~?> ~|> ~|| ~||> ~@> ~&& ~~ ~. ~", "~? ~?? ~?> ~|> ~|| ~||> ~@> ~&& ~~ ~. ~"},
		{"<~ < <= << > >= >>", "<~ < <= < < > >= > >"},
		{"= == === => ! != !== ? ?? ??= ?. -> - -- -= + ++ +=", "= == === => ! != !== ? ?? ??= ?. -> - -- -= + ++ +="},
		{"* ** **= *= / /= % %= | || |> && @ : ; , . .. ...", "* ** **= *= / /= % %= | || |> && @ : ; , . .. ..."},
		{"()[]{}", "( ) [ ] { }"},
		{"c?.5:1 c?.d", "c ? .5 : 1 c ?. d"},
		{"c~?.5:1 n ~.5 a~.b", "c ~? .5 : 1 n ~ .5 a ~. b"},
		{"a ~/ b ~// c", "a ~/ b ~"},
		{"a ~/* c */ b", "a ~ b"},
		{"a ~! b ~!= c", "a ~ ! b ~!= c"},
		{"a // c\nb /* d\ne */ f", "a ⏎b ⏎f"},
		{"a /* b */ c", "a c"},
		{"a\r\n\tb\u00a0c", "a ⏎b c"},
		{`"a" 'b' "c\"d" 'e\'f' ""`, `string:"a" string:'b' string:"c\"d" string:'e\'f' string:""`},
		{"```a\n\"`` b``` c", "string:```a\n\"`` b``` c"},
		{`"a ${b} c ${d + {e: 1}.e} f" g`, `head:"a ${ b middle:} c ${ d + { e : 1 } . e tail:} f" g`},
		{`"${"${x}"}"`, `head:"${ head:"${ x tail:}" tail:}"`},
		{"```a ${\nb} ```", "head:```a ${ ⏎b tail:} ```"},
		{`"$ $x \${y}" '$'`, `string:"$ $x \${y}" string:'$'`},
		{"pattern p v1.2.0 { v1.2 }", "pattern p v1.2.0 { v1 .2 }"},
		{"pattern p v1.0.0-rc.1+b x", "pattern p v1.0.0-rc.1+b x"},
		{"pattern = v1.x", "pattern = v1 . x"},
		{"a & b ^^ c", "a illegal text:& b illegal text:^^ c"},
		{"\uFEFFa", "a"},
		{"x `a` y", "x illegal text:`a` y"},
		{"x `a\ny", "x illegal text:`a ⏎y"},
	}
	for _, test := range tests {
		got, _ := scan(test.src)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", test.src, diff)
		}
	}
}

func TestDiagnostics(t *testing.T) {
	tests := []struct {
		src  string
		want []string
	}{
		{`"a`, []string{"1:1: error P0002: this string is never closed"}},
		{"'a\nb", []string{"1:1: error P0002: this string is never closed"}},
		{`"a\"`, []string{"1:1: error P0002: this string is never closed"}},
		{"\"a ${b\nc", []string{"1:1: error P0002: this string is never closed"}},
		{"\"a ${\"b ${c\nd", []string{"1:1: error P0002: this string is never closed"}},
		{"\"a ${b", []string{"1:1: error P0002: this string is never closed"}},
		{"x ```a", []string{"1:3: error P0011: this text is never closed"}},
		{"x ```a ${ b", []string{"1:3: error P0011: this text is never closed"}},
		{"x /* a", []string{"1:3: error P0003: this comment is never closed"}},
		{"é = & && \x01", []string{"1:5: error P0001: unexpected character `&`", "1:10: error P0001: unexpected character U+0001"}},
		{"1. 1.5.2 1_ 0x 1e", []string{
			"1:1: error P0004: `1.` is not a number: a digit must follow the point",
			"1:4: error P0004: `1.5.2` is not a number: it has two points",
			"1:10: error P0004: `1_` is not a number: an underscore must stand between two digits",
			"1:13: error P0004: `0x` is not a number: hexadecimal digits must follow `0x`",
			"1:16: error P0004: `1e` is not a number: digits must follow the `e` of an exponent",
		}},
		{"3é", []string{"1:1: error P0004: `3é` is not a number: a letter can't follow it directly"}},
		{"1e400", []string{"1:1: error P0004: the number `1e400` is too large"}},
		{"0e-_", []string{"1:1: error P0004: `0e-_` is not a number: an underscore must stand between two digits"}},
		{strings.Repeat("9", 400), []string{"1:1: error P0004: the number `" + strings.Repeat("9", 37) + "...` is too large"}},
		{"a # b\nc", []string{"1:3: error P0007: `#` does not begin a comment"}},
		{"'${x}'", []string{"1:2: warning P0010: `${` is plain text in a string with single quotes"}},
		{"a\xffb\xfe", []string{"1:2: error P0006: invalid UTF-8: byte 0xFF at offset 1"}},
		{"\x7fELF\x02\x00\x00\x00\x00\x00\x00\x00\x00 a b", []string{"1:6: error P0006: this is no text: it has 8 NUL bytes, the first at offset 5"}},
		{"a\x00b", []string{"1:2: error P0006: NUL byte at offset 1"}},
		{"→ ⇒ × ÷ ≥ ≠ … „", []string{
			"1:1: error P0001: unexpected character `→`", "1:3: error P0001: unexpected character `⇒`",
			"1:5: error P0001: unexpected character `×`", "1:7: error P0001: unexpected character `÷`",
			"1:9: error P0001: unexpected character `≥`", "1:11: error P0001: unexpected character `≠`",
			"1:13: error P0001: unexpected character `…`", "1:15: error P0001: unexpected character `„`",
		}},
	}
	for _, test := range tests {
		_, l := scan(test.src)
		var got []string
		for _, d := range l.Diagnostics() {
			got = append(got, strings.TrimPrefix(d.Error(), "test.prism:"))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", test.src, diff)
		}
	}
}

// TestManyUnexpectedCharacters checks that a file that is no program does not
// yield a diagnostic for each of its bytes.
func TestManyUnexpectedCharacters(t *testing.T) {
	_, l := scan(strings.Repeat("\x01\x02", 1000))
	if n := len(l.Diagnostics()); n != maxReportedCharacters {
		t.Errorf("%d diagnostics, want %d", n, maxReportedCharacters)
	}
}

func TestComments(t *testing.T) {
	_, l := scan("// a\nb /* c */ d /** e\n*/ f // g\r\n/* h")
	var got []string
	for _, c := range l.Comments() {
		got = append(got, fmt.Sprintf("%d-%d %s", c.Start, c.End, c.Text))
	}
	want := []string{"0-4 // a", "7-14 /* c */", "17-25 /** e\n*/", "28-32 // g", "34-38 /* h"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !l.Unclosed() {
		t.Error("the text ends in a comment")
	}
}

func TestUnescape(t *testing.T) {
	tests := []struct {
		text, want string
		faults     []string
	}{
		{`plain`, "plain", nil},
		{`\n\t\r\\\"\'\$` + "\\`", "\n\t\r\\\"'$`", nil},
		{`\x41\xe9\u{41}\u{1F600}`, "AéA😀", nil},
		{"a\r\nb", "a\nb", nil},
		{"\\n\r\nb\r", "\n\nb\r", nil},
		{`\q`, `\q`, []string{`1:1: error P0005: unknown escape \q`}},
		{`\é`, `\é`, []string{`1:1: error P0005: unknown escape \é`}},
		{`\x4g`, `\x4g`, []string{`1:1: error P0005: two hexadecimal digits must follow \x`}},
		{`\u12`, `\u12`, []string{`1:1: error P0005: the digits of \u stand in braces`}},
		{`a\u{12`, `a\u{12`, []string{`1:2: error P0005: the braces of \u{ are never closed`}},
		{`\u{}`, `\u{}`, []string{"1:1: error P0005: `` is not a hexadecimal number"}},
		{`\u{+1}`, `\u{+1}`, []string{"1:1: error P0005: `+1` is not a hexadecimal number"}},
		{`\u{D800}`, `\u{D800}`, []string{"1:1: error P0005: there is no character U+D800"}},
		{`\u{110000}`, `\u{110000}`, []string{"1:1: error P0005: there is no character U+110000"}},
		{`\0`, `\0`, []string{`1:1: error P0005: unknown escape \0`}},
		{"\\\nx", "\\\nx", []string{"1:1: error P0005: a backslash can't end a line of text"}},
		{`x\`, `x\`, []string{"1:2: error P0005: a character must follow the backslash"}},
	}
	for _, test := range tests {
		var diags diag.List
		got := Unescape(test.text, source.NewFile("test.prism", test.text), 0, &diags)
		var faults []string
		for _, d := range diags {
			faults = append(faults, strings.TrimPrefix(d.Error(), "test.prism:"))
		}
		if got != test.want {
			t.Errorf("%q is %q, want %q", test.text, got, test.want)
		}
		if diff := cmp.Diff(test.faults, faults); diff != "" {
			t.Errorf("%q (-want +got)\n%s", test.text, diff)
		}
	}
}

func TestNumberValue(t *testing.T) {
	tests := map[string]float64{
		"0": 0, "7": 7, "42": 42, "3.14": 3.14, ".5": 0.5, "1e-9": 1e-9, "0x2A": 42, "0XfF": 255, "0b101": 5,
		"1_000_000": 1e6, "0xff_ff": 65535, "9007199254740993": 9007199254740992,
		"0x20000000000001": 9007199254740992, "007": 7, "1e400": math.Inf(1), "0x": 0, "1.": 1, "1.5.2": 0,
	}
	for text, want := range tests {
		if got := NumberValue(text); got != want {
			t.Errorf("NumberValue(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestDelimiters(t *testing.T) {
	tests := []struct {
		kind          token.Kind
		text          string
		before, after int
	}{
		{token.String, `"a"`, 1, 1}, {token.String, `"a`, 1, 0}, {token.String, `"`, 1, 0}, {token.String, `"a\"`, 1, 0},
		{token.String, `"a\\"`, 1, 1}, {token.String, "```a```", 3, 3}, {token.String, "```a", 3, 0}, {token.String, "'a'", 1, 1},
		{token.StringHead, `"a${`, 1, 2}, {token.StringHead, "```${", 3, 2}, {token.StringMiddle, "}a${", 1, 2},
		{token.StringTail, `}a"`, 1, 1}, {token.StringTail, "}```", 1, 3}, {token.StringTail, "}a", 1, 0}, {token.StringTail, "", 0, 0},
	}
	for _, test := range tests {
		before, after := Delimiters(test.kind, test.text)
		if before != test.before || after != test.after {
			t.Errorf("Delimiters(%v, %q) = %d, %d", test.kind, test.text, before, after)
		}
	}
}

func TestIsIdent(t *testing.T) {
	tests := map[string]bool{"a": true, "_x1": true, "größe": true, "$a": true, "in": true, "": false, "1a": false, "a-b": false, "if": false, "a b": false}
	for text, want := range tests {
		if IsIdent(text) != want {
			t.Errorf("IsIdent(%q) is not %t", text, want)
		}
	}
}

// TestParticiple checks the lexer behind participle's interface.
func TestParticiple(t *testing.T) {
	lex, err := Definition{}.Lex("p.prism", strings.NewReader("é x\n\"a\""))
	if err != nil {
		t.Fatal(err)
	}
	got, err := plex.ConsumeAll(lex)
	if err != nil {
		t.Fatal(err)
	}
	want := []plex.Token{
		{Type: plex.TokenType(token.Ident), Value: "é", Pos: plex.Position{Filename: "p.prism", Offset: 0, Line: 1, Column: 1}},
		{Type: plex.TokenType(token.Ident), Value: "x", Pos: plex.Position{Filename: "p.prism", Offset: 3, Line: 1, Column: 3}},
		{Type: plex.TokenType(token.String), Value: `"a"`, Pos: plex.Position{Filename: "p.prism", Offset: 5, Line: 2, Column: 1}},
		{Type: plex.EOF, Pos: plex.Position{Filename: "p.prism", Offset: 8, Line: 2, Column: 4}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	symbols := Definition{}.Symbols()
	if symbols["EOF"] != plex.EOF || symbols["~>"] != plex.TokenType(token.Attach) || len(symbols) < int(token.AttachAssign) {
		t.Errorf("%d symbols, EOF %d", len(symbols), symbols["EOF"])
	}
	if KindOf(plex.EOF) != token.EOF || KindOf(symbols["match"]) != token.Match {
		t.Error("kinds and token types disagree")
	}
	failure := errors.New("broken pipe")
	if _, err := (Definition{}).Lex("p.prism", failing{failure}); !errors.Is(err, failure) {
		t.Errorf("the reader's error is lost: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

var _ io.Reader = failing{}

// FuzzLex checks on any text that scanning ends and that the tokens and comments
// follow each other, cover everything but white space, and have right lines.
func FuzzLex(f *testing.F) {
	for _, src := range []string{
		"", "let a = 1 // c\n/* d */ b", `"a ${b + "c ${d}"} e" 'f'`, "```a\n${b}``` c", "1.5.2 1_ 0x 1..5 .5", "pattern p v1.2.0 {}",
		"\"a ${b\nc", "\uFEFFé “x” \x00 \xff", "`a` # b\n", "~||> ~?? ~/ ~// x", "/** @name x", "a\r\nb\u2028c",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		file := source.NewFile("fuzz.prism", src)
		l := New(file)
		if strings.Count(src, "\x00") >= maxNULs { // no text, which is read as empty
			if tok := l.Next(); tok.Kind != token.EOF || !l.Diagnostics().HasErrors() {
				t.Fatalf("%v and %v from %q", tok, l.Diagnostics(), src)
			}
			return
		}
		covered := make([]bool, len(src))
		cover := func(start, end int32) {
			for i := start; i < end; i++ {
				if covered[i] {
					t.Fatalf("byte %d belongs to two tokens or comments: %q", i, src)
				}
				covered[i] = true
			}
		}
		last, lastLine := int32(0), int32(1)
		for n := 0; ; n++ {
			if n > 2*len(src)+2 {
				t.Fatalf("too many tokens: %q", src)
			}
			tok := l.Next()
			if tok.Start < last || tok.End < tok.Start || int(tok.End) > len(src) {
				t.Fatalf("token %v behind %d: %q", tok, last, src)
			}
			if want := int32(file.Line(tok.Start)); tok.Line != want {
				t.Fatalf("token %v is on line %d: %q", tok, want, src)
			}
			if column := file.Position(tok.Start).Column; utf8.ValidString(src) && l.column != bomColumn(src, tok, column) {
				t.Fatalf("token %v has column %d, want %d: %q", tok, l.column, column, src)
			}
			if tok.NewLine && tok.Line == lastLine {
				t.Fatalf("no line break before %v: %q", tok, src)
			}
			cover(tok.Start, tok.End)
			if tok.Kind == token.EOF {
				break
			}
			last, lastLine = tok.End, tok.Line
		}
		for _, c := range l.Comments() {
			cover(c.Start, c.End)
		}
		if l.Next().Kind != token.EOF {
			t.Fatalf("a token behind the end: %q", src)
		}
		for _, d := range l.Diagnostics() {
			if d.Span.Start < 0 || d.Span.End < d.Span.Start || int(d.Span.End) > len(src) {
				t.Fatalf("%v at %v: %q", d, d.Span, src)
			}
		}
		// What "#" begins is reported and passed like a comment.
		rest := uncovered(src, covered)
		if !strings.Contains(rest, "#") && strings.TrimSpace(strings.TrimPrefix(rest, "\uFEFF")) != "" {
			t.Fatalf("text that no token covers: %q in %q", rest, src)
		}
	})
}

// bomColumn accounts for a byte order mark, which the lexer does not count.
func bomColumn(src string, tok Token, column int) int {
	if tok.Line == 1 && strings.HasPrefix(src, "\uFEFF") {
		return column - 1
	}
	return column
}

func uncovered(src string, covered []bool) string {
	var b strings.Builder
	for i, r := range src {
		if !covered[i] {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// BenchmarkLex protects the scanner: hundreds of MB/s and no allocation for a
// token.
func BenchmarkLex(b *testing.B) {
	src := strings.Repeat(`function score(items, limit = 10) {
  for item, i in items { if (item.value >= limit) { total += item.value * 1.5 ~> 0.75 } }
  return "group ${items.length}: ${total}" // done
}
`, 2000)
	f := source.NewFile("bench.prism", src)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		l := New(f)
		for l.Next().Kind != token.EOF {
		}
	}
}
