package spec

import (
	"path/filepath"
	"testing"
)

// FuzzRecording decodes any text as a recording; what can be decoded can be saved
// and decoded again.
func FuzzRecording(f *testing.F) {
	f.Add([]byte(`{"format":"prism-recording","version":1,"tests":{"a":[{"kind":"agent","asked":"a: b","digest":"00","durationMs":1,"answer":{"result":1}}]}}`))
	f.Add([]byte(`{"format":"prism-recording","version":1,"tests":{"a":[{"kind":"llm","digest":"00","error":{"message":"x"}}]}}`))
	f.Add([]byte(`{"format":"prism-recording","version":2}`))
	f.Add([]byte(`{"format":"prism-recording","version":1,"tests":{"a":[null]}}`))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := decodeRecording(text)
		if err != nil {
			return
		}
		n := 0
		for _, list := range r.tests {
			n += len(list)
		}
		r.path = filepath.Join(dir, "p.recorded.json")
		if err := r.save(); err != nil {
			t.Fatal(err)
		}
		again, err := readRecording(r.path)
		if err != nil {
			t.Fatal(err)
		}
		if (again == nil) != (n == 0) {
			t.Errorf("%d answers, but the recording is there: %v", n, again != nil)
		}
	})
}
