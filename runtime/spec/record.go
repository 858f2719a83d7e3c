package spec

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// A recording is a JSON file beside a file of tests: what agents and models
// answered in each test, by what they were asked. It is meant to be read and
// kept under version control.

// recordingFormat and recordingVersion stand in each recording.
const (
	recordingFormat  = "prism-recording"
	recordingVersion = 1
)

// maxRecording bounds the size of a recording, in bytes.
const maxRecording = 64 << 20

type recordingFile struct {
	Format  string              `json:"format"`
	Version int                 `json:"version"`
	Tests   map[string][]*taken `json:"tests"`
}

// taken is one recorded answer.
type taken struct {
	Kind string `json:"kind"` // agent or llm
	// Asked tells people what was asked; Digest is what identifies it.
	Asked      string          `json:"asked"`
	Digest     string          `json:"digest"`
	DurationMs float64         `json:"durationMs"`
	Answer     json.RawMessage `json:"answer,omitempty"`
	Error      *takenError     `json:"error,omitempty"`

	used bool
}

type takenError struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Message string `json:"message"`
}

// recording is that of a file of tests; one that is read is replayed, one that is
// written begins empty.
type recording struct {
	path    string
	writing bool
	mu      sync.Mutex
	tests   map[string][]*taken
}

// readRecording returns nil when there is none.
func readRecording(path string) (*recording, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && info.Size() > maxRecording {
		err = fmt.Errorf("it has %d bytes; a recording has at most %d", info.Size(), maxRecording)
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("the recording %s can't be read: %w", filepath.ToSlash(path), err)
	}
	r, err := decodeRecording(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(path), err)
	}
	r.path = path
	return r, nil
}

func decodeRecording(text []byte) (*recording, error) {
	var f recordingFile
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("this is no recording: %w", err)
	}
	if f.Format != recordingFormat {
		return nil, errors.New("this is no recording of tests")
	}
	if f.Version != recordingVersion {
		return nil, fmt.Errorf("the recording has version %d; this program reads version %d", f.Version, recordingVersion)
	}
	for name, list := range f.Tests {
		for i, t := range list {
			if t == nil || t.Digest == "" || (t.Error == nil) == (t.Answer == nil) || t.DurationMs < 0 || t.DurationMs > 1e12 {
				return nil, fmt.Errorf("answer %d of the test %q is damaged; record anew", i+1, name)
			}
		}
	}
	if f.Tests == nil {
		f.Tests = map[string][]*taken{}
	}
	return &recording{tests: f.Tests}, nil
}

// save writes the recording; without any answers it removes an old one.
func (r *recording) save() error {
	n := 0
	for name, list := range r.tests {
		if len(list) == 0 {
			delete(r.tests, name)
		}
		n += len(list)
	}
	if n == 0 {
		if err := os.Remove(r.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the recording: %w", err)
		}
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(recordingFile{recordingFormat, recordingVersion, r.tests}); err != nil {
		return fmt.Errorf("encode the recording: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(r.path), ".recording-*")
	if err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	_, err = tmp.Write(b.Bytes())
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), r.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write the recording: %w", err), os.Remove(tmp.Name()))
	}
	return nil
}

// take is the part of a recording that belongs to one test.
type take struct {
	recording *recording
	test      string
}

// forTest returns the part of a test; nil of no recording.
func (r *recording) forTest(name string) *take {
	if r == nil {
		return nil
	}
	return &take{r, name}
}

// answer gives the recorded answer of an effect after the time it took, or asks h
// and records what it says.
func (t *take) answer(ctx context.Context, e *effect.Effect, h engine.Handler) effect.Outcome {
	digest, err := effect.DigestOf(e.Kind, e.Request)
	if err != nil {
		return notRecorded("%v", err)
	}
	if t.recording.writing {
		began := time.Now()
		out := h.Handle(ctx, e)
		if ctx.Err() != nil {
			return out // cut off; no answer
		}
		if err := t.keep(e, digest.String(), out, time.Since(began)); err != nil {
			return notRecorded("the answer can't be recorded: %v", err)
		}
		return out
	}
	a := t.next(e.Kind, digest.String())
	if a == nil {
		return notRecorded("The recording has no answer to %s; record anew with --record", asked(e))
	}
	if err := engine.Sleep(ctx, time.Duration(a.DurationMs*float64(time.Millisecond))); err != nil {
		return notRecorded("%v", err)
	}
	if a.Error != nil {
		return effect.Outcome{Err: &effect.Error{Code: diag.Code(a.Error.Code), Name: a.Error.Name, Message: a.Error.Message}}
	}
	v, err := value.FromJSON(a.Answer)
	if err != nil {
		return notRecorded("the recorded answer to %s is damaged: %v", asked(e), err)
	}
	return effect.Outcome{Value: v}
}

func notRecorded(format string, args ...any) effect.Outcome {
	return effect.Outcome{Err: &effect.Error{Code: "R0610", Name: "NOT_RECORDED", Message: fmt.Sprintf(format, args...)}}
}

// next is the first recorded answer to a request that has not been given yet.
func (t *take) next(kind, digest string) *taken {
	t.recording.mu.Lock()
	defer t.recording.mu.Unlock()
	for _, a := range t.recording.tests[t.test] {
		if !a.used && a.Kind == kind && a.Digest == digest {
			a.used = true
			return a
		}
	}
	return nil
}

func (t *take) keep(e *effect.Effect, digest string, out effect.Outcome, took time.Duration) error {
	a := &taken{Kind: e.Kind, Asked: asked(e), Digest: digest, DurationMs: float64(took.Microseconds()) / 1000}
	if out.Err != nil {
		a.Error = &takenError{string(out.Err.Code), out.Err.Name, out.Err.Message}
	} else {
		j, err := value.ToJSON(out.Value, "")
		if err != nil {
			return err
		}
		a.Answer = j.Text
	}
	t.recording.mu.Lock()
	defer t.recording.mu.Unlock()
	t.recording.tests[t.test] = append(t.recording.tests[t.test], a)
	return nil
}

// stale counts the answers that nobody asked for.
func (t *take) stale() int {
	if t == nil || t.recording.writing {
		return 0
	}
	t.recording.mu.Lock()
	defer t.recording.mu.Unlock()
	n := 0
	for _, a := range t.recording.tests[t.test] {
		if !a.used {
			n++
		}
	}
	return n
}

// asked tells people what an effect asks: "anna: analyze", or the prompt.
func asked(e *effect.Effect) string {
	if e.Kind == effect.LLM {
		return shortenTo(textOr(field(e.Request, "prompt")), 120)
	}
	who := field(e.Request, "agent")
	name := textOr(field(who, "name"))
	if name == "" {
		name = textOr(who)
	}
	return name + ": " + shortenTo(textOr(field(e.Request, "task")), 120)
}

func shortenTo(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n]) + "..."
	}
	return text
}
