package effect_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// show makes entries comparable: values by their canonical encoding.
func show(t testing.TB, entries []effect.Entry) []string {
	t.Helper()
	var out []string
	for _, e := range entries {
		line := e.Path + " " + e.Kind + " " + e.Digest.String() + " "
		v := e.Outcome.Value
		if err := e.Outcome.Err; err != nil {
			line += "error " + string(err.Code) + " " + err.Name + " " + err.Message + " "
			v = err.Data
		}
		enc, err := value.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, line+string(enc))
	}
	return out
}

func sample(t testing.TB) []effect.Entry {
	t.Helper()
	d, err := effect.DigestOf(effect.LLM, value.Str("hello"))
	if err != nil {
		t.Fatal(err)
	}
	return []effect.Entry{
		{Seq: 1, Kind: "start", Outcome: effect.Outcome{Value: value.Str("run \"1\"\n")}},
		{Seq: 2, Path: "0/3.1", Kind: effect.LLM, Digest: d, Outcome: effect.Outcome{Value: value.Str("hi").WithConfidence(0.25, nil)}},
		{Seq: 3, Path: "0.2", Kind: effect.Now, Outcome: effect.Outcome{Value: value.Num(math.NaN())}},
		{Seq: 4, Path: "0.3", Kind: effect.Agent, Outcome: effect.Outcome{Err: &effect.Error{Code: "R0602", Name: "UNKNOWN_AGENT",
			Message: "There is no agent x", Data: value.NewArray([]value.Value{value.Int(1)})}}},
		{Seq: 5, Path: "0.4", Kind: effect.Sleep},
	}
}

func TestJournalRoundTrip(t *testing.T) {
	var buf bytes.Buffer
	if err := effect.Write(&buf, sample(t)); err != nil {
		t.Fatal(err)
	}
	got, err := effect.Read(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(show(t, sample(t)), show(t, got)); diff != "" {
		t.Error(diff)
	}
	for i, e := range got {
		if e.Seq != uint64(i+1) {
			t.Errorf("entry %d has number %d", i+1, e.Seq)
		}
	}
}

// A crash can cut the file anywhere: the entries whose lines are complete must
// come back, without an error.
func TestReadTruncated(t *testing.T) {
	var buf bytes.Buffer
	if err := effect.Write(&buf, sample(t)); err != nil {
		t.Fatal(err)
	}
	text := buf.Bytes()
	for n := range text {
		got, err := effect.Read(bytes.NewReader(text[:n]))
		if err != nil {
			t.Fatalf("cut at byte %d: %v", n, err)
		}
		if want := max(bytes.Count(text[:n], []byte("\n"))-1, 0); len(got) != want {
			t.Fatalf("cut at byte %d: %d entries, want %d", n, len(got), want)
		}
	}
}

func TestReadDamaged(t *testing.T) {
	const head = `{"format":"prism-journal","version":1}` + "\n"
	digest := strings.Repeat("0", 64)
	tests := []struct{ name, text, want string }{
		{"other file", "hello\n", "line 1 of the journal: this is no journal"},
		{"other format", `{"format":"x"}` + "\n", "this is no journal"},
		{"newer version", `{"format":"prism-journal","version":2}` + "\n", "format version 2 is not supported, only 1"},
		{"no JSON", head + "{\n", "line 2 of the journal: not a valid entry"},
		{"gap", head + `{"seq":2,"path":"","kind":"now","digest":"` + digest + `","value":"AA=="}` + "\n", "entry 2 where 1 is expected"},
		{"short digest", head + `{"seq":1,"digest":"00","value":"AA=="}` + "\n", "64 hexadecimal digits"},
		{"odd digest", head + `{"seq":1,"digest":"zz","value":"AA=="}` + "\n", "64 hexadecimal digits"},
		{"no value", head + `{"seq":1,"digest":"` + digest + `"}` + "\n", "line 2 of the journal: value:"},
		{"bad value", head + `{"seq":1,"digest":"` + digest + `","value":"////"}` + "\n", "value:"},
		{"bad data", head + `{"seq":1,"digest":"` + digest + `","error":{"message":"m","data":"////"}}` + "\n", "data of the error:"},
		{"null", head + "null\n", "entry 0 where 1 is expected"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := effect.Read(strings.NewReader(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

type failingWriter struct{ after int }

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.after--; w.after < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func TestWriterFails(t *testing.T) {
	j := effect.NewWriter(&failingWriter{after: 1})
	if err := j.Append(effect.Entry{Seq: 1, Kind: "start"}); err != nil {
		t.Fatal(err)
	}
	err := j.Append(effect.Entry{Seq: 2, Kind: effect.Now})
	if err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("got %v", err)
	}
	entries, err := j.Entries()
	if err != nil || len(entries) != 1 {
		t.Errorf("%d entries (%v), want the one that was written", len(entries), err)
	}
}

func TestMemoryIsACopy(t *testing.T) {
	first := sample(t)
	m := effect.NewMemory(first...)
	first[0].Kind = "changed"
	got, err := m.Entries()
	if err != nil {
		t.Fatal(err)
	}
	got[1].Kind = "changed"
	again, err := m.Entries()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(show(t, sample(t)), show(t, again)); diff != "" {
		t.Error(diff)
	}
}

func TestDigest(t *testing.T) {
	digest := func(kind string, v value.Value) effect.Digest {
		d, err := effect.DigestOf(kind, v)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	base := digest(effect.LLM, value.Str("a"))
	if base != digest(effect.LLM, value.Str("a")) {
		t.Error("equal requests have different digests")
	}
	for name, other := range map[string]effect.Digest{
		"kind":       digest(effect.Ask, value.Str("a")),
		"request":    digest(effect.LLM, value.Str("b")),
		"confidence": digest(effect.LLM, value.Str("a").WithConfidence(0.5, nil)),
	} {
		if other == base {
			t.Errorf("another %s has the same digest", name)
		}
	}
}

// values generates data of all kinds, confident and plain.
func values() *rapid.Generator[value.Value] {
	leaf := rapid.OneOf(
		rapid.Just(value.NullValue),
		rapid.Map(rapid.Bool(), value.Bool),
		rapid.Map(rapid.Float64(), value.Num),
		rapid.Map(rapid.String(), value.Str),
	)
	var tree func(depth int) *rapid.Generator[value.Value]
	tree = func(depth int) *rapid.Generator[value.Value] {
		inner := leaf
		if depth > 0 {
			inner = rapid.OneOf(leaf, rapid.Map(rapid.SliceOfN(rapid.Deferred(func() *rapid.Generator[value.Value] { return tree(depth - 1) }), 0, 3), value.NewArray))
		}
		return rapid.Custom(func(t *rapid.T) value.Value {
			v := inner.Draw(t, "value")
			if rapid.Bool().Draw(t, "confident") {
				v = v.WithConfidence(rapid.Float64Range(0, 1).Draw(t, "confidence"), nil)
			}
			return v
		})
	}
	return tree(3)
}

func TestEntriesSurvive(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var entries []effect.Entry
		for i := range rapid.IntRange(0, 5).Draw(rt, "entries") {
			e := effect.Entry{Seq: uint64(i + 1), Path: rapid.String().Draw(rt, "path"), Kind: rapid.String().Draw(rt, "kind")}
			if rapid.Bool().Draw(rt, "failed") {
				e.Outcome.Err = &effect.Error{Message: rapid.String().Draw(rt, "message"), Data: values().Draw(rt, "data")}
			} else {
				e.Outcome.Value = values().Draw(rt, "value")
			}
			entries = append(entries, e)
		}
		var buf bytes.Buffer
		if err := effect.Write(&buf, entries); err != nil {
			rt.Fatal(err)
		}
		got, err := effect.Read(&buf)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(show(t, entries), show(t, got)); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func FuzzRead(f *testing.F) {
	var buf bytes.Buffer
	if err := effect.Write(&buf, sample(f)); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Add([]byte(`{"format":"prism-journal","version":1}` + "\n{}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		entries, err := effect.Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		// What was accepted must be written and read back as the same.
		var out bytes.Buffer
		if err := effect.Write(&out, entries); err != nil {
			t.Fatal(err)
		}
		again, err := effect.Read(&out)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(show(t, entries), show(t, again)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestStatedConfidence(t *testing.T) {
	tests := []struct {
		name   string
		in     value.Value
		want   float64
		stated bool
	}{
		{"in range", value.Num(0.3), 0.3, true},
		{"confident number", value.Num(0.3).WithConfidence(0.9, nil), 0.3, true},
		{"above one", value.Num(85), 1, true},
		{"negative", value.Num(-2), 0, true},
		{"infinite", value.Num(math.Inf(1)), 1, true},
		{"NaN", value.Num(math.NaN()), 0.5, false},
		{"missing", value.NullValue, 0.5, false},
		{"text", value.Str("0.9"), 0.5, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, stated := effect.StatedConfidence(tt.in)
			if got != tt.want || stated != tt.stated {
				t.Errorf("got %v %v, want %v %v", got, stated, tt.want, tt.stated)
			}
		})
	}
}

func TestAnswerValue(t *testing.T) {
	a := effect.Answer{Agent: effect.NewIdentity("a1", "alice", []string{"x", "y"}, 0.7), Result: value.Str("yes"),
		Confidence: 0.9, Stated: true, Timestamp: time.UnixMilli(1000), Duration: 1500 * time.Microsecond}
	want := `{ agentId: "a1", agentName: "alice", agent: "alice", capabilities: ["x", "y"], expertise: 0.7, result: "yes", ` +
		`confidence: 0.9, confidenceStated: true, reasoning: null, timestamp: 1000, durationMs: 1.5, error: null }`
	if diff := cmp.Diff(want, value.Inspect(a.Value())); diff != "" {
		t.Error(diff)
	}
}
