package module

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// archive is the content of a txtar file: texts with names, in order.
type archive struct{ files []archiveFile }

type archiveFile struct{ name, data string }

func readArchive(t testing.TB, name string) *archive {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return parseArchive(string(text))
}

func parseArchive(text string) *archive {
	ar := &archive{}
	for line := range strings.Lines(text) {
		name, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "-- ")
		if name, end := strings.CutSuffix(name, " --"); ok && end {
			ar.files = append(ar.files, archiveFile{name: name})
		} else if n := len(ar.files); n > 0 {
			ar.files[n-1].data += line
		}
	}
	return ar
}

func (ar *archive) String() string {
	var b strings.Builder
	for _, f := range ar.files {
		fmt.Fprintf(&b, "-- %s --\n%s", f.name, f.data)
	}
	return b.String()
}

// section returns the text of a name; ok is false when there is none.
func (ar *archive) section(name string) (text string, ok bool) {
	for _, f := range ar.files {
		if f.name == name {
			return f.data, true
		}
	}
	return "", false
}

// set replaces or adds the text of a name.
func (ar *archive) set(name, text string) {
	for i := range ar.files {
		if ar.files[i].name == name {
			ar.files[i].data = text
			return
		}
	}
	ar.files = append(ar.files, archiveFile{name, text})
}
