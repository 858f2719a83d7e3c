package diag_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/diag"
)

func explain(t *testing.T, code string) string {
	t.Helper()
	var b strings.Builder
	if err := diag.Explain(&b, code); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestExplainGolden(t *testing.T) {
	golden(t, "explain.txt", explain(t, "P0001")+"\n"+explain(t, "P0206"))
}

func TestExplainByName(t *testing.T) {
	want := explain(t, "P0003")
	for _, name := range []string{"p0003", "unterminated-comment", "Unterminated-Comment"} {
		if diff := cmp.Diff(want, explain(t, name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestExplainBySymbol(t *testing.T) {
	want := explain(t, "Y0006")
	if !strings.HasPrefix(want, "Y0006 UNKNOWN_VALUE\n") {
		t.Errorf("the explanation begins %q", want)
	}
	for _, name := range []string{"UNKNOWN_VALUE", "unknown_value", "yaml-unknown-value"} {
		if diff := cmp.Diff(want, explain(t, name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestExplainEveryCode(t *testing.T) {
	for _, info := range diag.Codes() {
		got := explain(t, string(info.Code))
		for _, part := range []string{info.Title, strings.Fields(info.Explanation)[0]} {
			if part == "" || !strings.Contains(got, part) {
				t.Errorf("the explanation of %s has no %q", info.Code, part)
			}
		}
		if info.Title == "" || strings.HasSuffix(info.Title, ".") || strings.Contains(info.Title, "\n") {
			t.Errorf("the title of %s is %q", info.Code, info.Title)
		}
		if info.Fixed != "" && (info.Example == "" || info.Example == info.Fixed) {
			t.Errorf("%s mends an example that shows nothing", info.Code)
		}
	}
}

func TestExplainUnknown(t *testing.T) {
	tests := []struct{ code, want string }{
		{"P003", `there is no diagnostic "P003"; did you mean P0003?`},
		{"unterminated-comments", `there is no diagnostic "unterminated-comments"; did you mean unterminated-comment?`},
		{"Unterminated-Coment", `there is no diagnostic "Unterminated-Coment"; did you mean unterminated-comment?`},
		{"xyzzyxyzzy", `there is no diagnostic "xyzzyxyzzy"`},
	}
	for _, tt := range tests {
		var b strings.Builder
		err := diag.Explain(&b, tt.code)
		var unknown *diag.UnknownCodeError
		if !errors.As(err, &unknown) || err.Error() != tt.want || b.Len() > 0 {
			t.Errorf("Explain(%q) = %v, want %s", tt.code, err, tt.want)
		}
	}
}

// TestEveryCodeIsDocumented looks for codes in the sources of the compiler.
func TestEveryCodeIsDocumented(t *testing.T) {
	literal := regexp.MustCompile(`"([PNTCMYR][0-9]{4})"`)
	used := 0
	for _, root := range []string{"..", "../../compiler", "../../stdlib/pattern"} {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			source := strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".prism")
			if err != nil || d.IsDir() || !source {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
				used++
				if _, ok := diag.Lookup(diag.Code(m[1])); !ok {
					t.Errorf("%s uses %s, which Codes does not explain", path, m[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if used < 50 {
		t.Errorf("only %d codes were found in the sources", used)
	}
}
