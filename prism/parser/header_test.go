package parser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHeader(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"lines", "/**\n * @name Router \n * @version 1.0.0\n *\n * @description two\n *   lines\n */\n1", []string{
			"name=Router", "version=1.0.0", "description=two\n  lines",
		}},
		{"one line", `/** @name N  @version 1.0.0 @description mail me @ home, @you  @custom x @input {"type": "object"} @minAgents 2 */`, []string{
			"name=N", "version=1.0.0", "description=mail me @ home, @you", "custom=x", `input={"type": "object"}`, "minAgents=2",
		}},
		{"json over lines", "/**\n * @input {\n *   \"a\": \"@name { \\\" x\",\n *   \"b\": [1]\n * }\n * @timeout 30000\n */", []string{
			"input={\n  \"a\": \"@name { \\\" x\",\n  \"b\": [1]\n}", "timeout=30000",
		}},
		{"broken json", "/**\n * @input {\"a\": [1\n * @other x\n * @timeout 5\n */", []string{
			"input={\"a\": [1\n@other x", "timeout=5",
		}},
		{"without stars", "/**\n  @name a\n  @agents [\"x\"]\n*/", []string{"name=a", `agents=["x"]`}},
		{"empty value", "/** @name\n * @tags */", []string{"name=", "tags="}},
		{"crlf", "/**\r\n * @name a\r\n * @version 2\r\n */\r\n", []string{"name=a", "version=2"}},
		{"behind comments", "// first\n/* second */\n/** @name a */\n1", []string{"name=a"}},
		{"no keys", "/** just text, a@b.c */\n1", nil},
		{"only the first counts", "/** text */\n/** @name a */\n1", nil},
		{"behind a statement", "1\n/** @name a */", nil},
		{"plain comment", "/* @name a */\n1", nil},
		{"empty comment", "/**/ /***/\n1", nil},
		{"unterminated", "/** @name a", []string{"name=a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, _ := parse(t, test.src)
			var got []string
			if file.Header != nil {
				if text := file.Source.Text(file.Header.Span); !strings.HasPrefix(text, "/**") {
					t.Errorf("the header is %q", text)
				}
				for _, e := range file.Header.Entries {
					got = append(got, e.Key+"="+e.Value)
					if !strings.HasPrefix(file.Source.Text(e.Span), "@"+e.Key) {
						t.Errorf("%s stands at %q", e.Key, file.Source.Text(e.Span))
					}
					if len(e.Offsets) != len(e.Value) {
						t.Fatalf("%d offsets for %d bytes", len(e.Offsets), len(e.Value))
					}
					for i, offset := range e.Offsets {
						if test.src[offset] != e.Value[i] {
							t.Fatalf("byte %d of %q is not at %d", i, e.Value, offset)
						}
					}
					if e.Value != "" && (e.ValueSpan.Start != e.Offsets[0] || e.ValueSpan.End != e.Offsets[len(e.Offsets)-1]+1) {
						t.Errorf("%q is not at %v", e.Value, e.ValueSpan)
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestHeaderIsAComment checks that a header stays among the comments and moves
// no line.
func TestHeaderIsAComment(t *testing.T) {
	file, diags := parse(t, "/**\n * @name a\n */\nlet = 1")
	if len(file.Comments) != 1 || file.Comments[0].Span != file.Header.Span {
		t.Errorf("comments: %v", file.Comments)
	}
	if got, want := fmt.Sprint(diags[0]), "test.prism:4:5: error P0108: expected a name after `let`, found `=`"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
