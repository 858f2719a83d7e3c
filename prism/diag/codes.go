package diag

import (
	"slices"
	"sync"
)

// CodeInfo explains one kind of diagnostic, for "prism explain" and the
// documentation.
type CodeInfo struct {
	Code        Code
	Name        string // kebab-case, as in "// prism-ignore name" and prism.yaml
	Symbol      string // UPPER_CASE, what people and programs see instead of the code; "" for most
	Title       string // one line, no final period
	Explanation string // Markdown: when it arises, why, and how to mend it
	Example     string // a program that has it
	Fixed       string // the same program without it
}

// Codes returns every kind of diagnostic, ordered by code.
func Codes() []CodeInfo {
	return slices.SortedFunc(slices.Values(slices.Concat(parseCodes, nameCodes, constantCodes, moduleCodes, buildCodes, yamlCodes, settingsCodes, runtimeCodes)), func(a, b CodeInfo) int {
		switch {
		case a.Code < b.Code:
			return -1
		case a.Code > b.Code:
			return 1
		}
		return 0
	})
}

// Lookup returns the explanation of a code.
func Lookup(c Code) (CodeInfo, bool) {
	codes := Codes()
	i := slices.IndexFunc(codes, func(info CodeInfo) bool { return info.Code == c })
	if i < 0 {
		return CodeInfo{}, false
	}
	return codes[i], true
}

// symbols are the codes that have a symbol.
var symbols = sync.OnceValue(func() map[Code]string {
	m := map[Code]string{}
	for _, info := range Codes() {
		if info.Symbol != "" {
			m[info.Code] = info.Symbol
		}
	}
	return m
})

// Public returns the code as people and programs see it: its symbol if it has
// one, else the code itself.
func (c Code) Public() string {
	if symbol := symbols()[c]; symbol != "" {
		return symbol
	}
	return string(c)
}
