package format

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/parser"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// gaps returns the offsets between the tokens of a text, outside of strings.
func gaps(src string) []int {
	var at []int
	depth := 0
	for l := lexer.New(source.NewFile("", src)); ; {
		t := l.Next()
		if t.Kind == token.EOF {
			return append(at, len(src))
		}
		if depth == 0 {
			at = append(at, int(t.Start))
		}
		switch t.Kind {
		case token.StringHead:
			depth++
		case token.StringTail:
			depth--
		}
	}
}

// inserts is what disturb puts between tokens.
var inserts = []string{" /* a */ ", " // b\n", "\n// c\n", "\n/* d */\n", " /*\n * e\n */ ", "\n\n", "/*f\n  g*/", "\n\n\n// h\n\n\n", " "}

// disturb puts comments and line breaks into a text at random. It returns false
// when the result has errors or, because line breaks end statements, means
// something else only in ways that no test can foresee.
func disturb(src string, r *rand.Rand) (string, bool) {
	at := gaps(src)
	var b bytes.Buffer
	prev := 0
	for _, i := range at {
		b.WriteString(src[prev:i])
		prev = i
		if r.IntN(len(at)) < 3 {
			b.WriteString(inserts[r.IntN(len(inserts))])
		}
	}
	b.WriteString(src[prev:])
	_, diags := parser.ParseFile(source.NewFile("", b.String()))
	return b.String(), !diags.HasErrors()
}

func TestDisturbedInputs(t *testing.T) {
	rounds := 40
	tried, ok := 0, 0
	for _, name := range goldenFiles(t) {
		src := readGolden(t, name).in
		r := rand.New(rand.NewPCG(1, uint64(len(src))))
		for range rounds {
			tried++
			if text, valid := disturb(src, r); valid {
				ok++
				checkSource(t, text)
			}
		}
		if t.Failed() {
			t.Fatal(name)
		}
	}
	if ok < tried/4 {
		t.Errorf("only %d of %d disturbed inputs are valid", ok, tried)
	}
}

// TestRepositoryFiles formats every program of the repository. Files of test
// cases hold several, divided by lines of three dashes; those with syntax errors
// are tests of messages.
func TestRepositoryFiles(t *testing.T) {
	count := 0
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".prism") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, src := range strings.Split(string(data), "\n---\n") {
			if _, diags := parser.ParseFile(source.NewFile(path, src)); diags.HasErrors() {
				continue
			}
			count++
			t.Run(fmt.Sprintf("%s#%d", path, i), func(t *testing.T) { checkSource(t, src) })
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 100 {
		t.Errorf("only %d programs found", count)
	}
}
