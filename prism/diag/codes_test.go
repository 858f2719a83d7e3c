package diag_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/prism/diag"
)

// TestCodes checks that the table is ordered and that codes and names are
// unique and well formed.
func TestCodes(t *testing.T) {
	codes := diag.Codes()
	if len(codes) < 40 {
		t.Fatalf("only %d codes", len(codes))
	}
	names := map[string]diag.Code{}
	for i, info := range codes {
		if len(info.Code) != 5 || !slices.Contains([]byte("PNTCMYR"), info.Code[0]) {
			t.Errorf("%q is not a letter of a stage and four digits", info.Code)
		}
		if i > 0 && codes[i-1].Code >= info.Code {
			t.Errorf("%s does not follow %s", info.Code, codes[i-1].Code)
		}
		if other, taken := names[info.Name]; taken || info.Name == "" {
			t.Errorf("%s has the name %q of %s", info.Code, info.Name, other)
		}
		names[info.Name] = info.Code
		if info.Symbol != "" {
			if other, taken := names[info.Symbol]; taken || info.Symbol != strings.ToUpper(info.Symbol) {
				t.Errorf("%s has the symbol %q of %s", info.Code, info.Symbol, other)
			}
			names[info.Symbol] = info.Code
			if got := info.Code.Public(); got != info.Symbol {
				t.Errorf("%s is shown as %s, not %s", info.Code, got, info.Symbol)
			}
		}
		if got, ok := diag.Lookup(info.Code); !ok || got != info {
			t.Errorf("Lookup(%s) = %v, %t", info.Code, got, ok)
		}
	}
	if info, ok := diag.Lookup("P9999"); ok || info != (diag.CodeInfo{}) {
		t.Errorf("an unknown code is found: %v", info)
	}
}
