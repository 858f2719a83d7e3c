// Package golden runs tests whose cases are programs and the texts that a stage
// of the compiler makes of them.
//
// The cases stand in testdata/*.txtar: a line "-- title --" and a program, then
// for each text a line "---- name" and the text. Lines that begin with "#" stand
// before the first case and say what the file is about. "go test -update" writes
// the texts anew.
package golden

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/ir"
	"github.com/parallaxai/parallax/prism/source"
)

var update = flag.Bool("update", false, "write the texts in testdata/*.txtar anew")

// Text is what a stage makes of a program.
type Text struct{ Name, Text string }

const (
	title   = "-- "
	section = "---- "
)

// Run runs every case; render gives the texts of a program. It demands at least
// a number of cases, so that a lost file shows.
func Run(t *testing.T, least int, render func(t *testing.T, src string) []Text) {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	n := 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		head, cases := split(string(data))
		out := head
		for _, c := range cases {
			n++
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar")+"/"+c.title, func(t *testing.T) {
				got := ""
				for _, text := range render(t, c.src) {
					got += section + text.Name + "\n" + text.Text
				}
				out += title + c.title + " --\n" + c.src + got
				if diff := cmp.Diff(c.texts, got); diff != "" && !*update {
					t.Errorf("%s(-want +got)\n%s", c.src, diff)
				}
			})
		}
		if *update && !t.Failed() {
			if err := os.WriteFile(name, []byte(out), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n < least {
		t.Errorf("only %d cases", n)
	}
}

type testCase struct{ title, src, texts string }

// split returns the comments at the start of an archive and its cases.
func split(data string) (head string, cases []testCase) {
	parts := strings.Split("\n"+data, "\n"+title)
	for _, part := range parts[1:] {
		name, text, _ := strings.Cut(part, " --\n")
		text = strings.TrimSuffix(text, "\n") + "\n"
		c := testCase{title: name, src: text}
		if i := strings.Index("\n"+text, "\n"+section); i >= 0 {
			c.src, c.texts = text[:i], text[i:]
		}
		cases = append(cases, c)
	}
	if head = strings.TrimPrefix(parts[0], "\n"); head != "" {
		head += "\n"
	}
	return head, cases
}

// Compile compiles a program that must have no errors.
func Compile(t *testing.T, src string, optimise bool) *build.Result {
	t.Helper()
	res, list := build.Compile(source.NewFile("case.prism", src), build.Options{NoOptimise: !optimise})
	if list.HasErrors() {
		t.Fatalf("%v\n%s", list[0], src)
	}
	return res
}

var spans = regexp.MustCompile(` @\d+:\d+`)

// IR returns the text of a program's functions, without the places in the source
// and without the start function, which only calls the module's body.
func IR(t *testing.T, p *ir.Program) string {
	t.Helper()
	if err := ir.Verify(p); err != nil {
		t.Fatalf("the IR is not valid: %v", err)
	}
	var b bytes.Buffer
	if err := ir.Print(&b, p); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	first, last := strings.Index(text, "\nfunc "), strings.LastIndex(text, "\nfunc ")
	if first < 0 || first == last {
		t.Fatalf("the IR has no functions:\n%s", text)
	}
	return strings.TrimSpace(spans.ReplaceAllString(text[first+1:last], "")) + "\n"
}
