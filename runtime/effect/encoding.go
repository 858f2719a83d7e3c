package effect

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/value"
)

// A saved journal is a text of JSON lines: a line that names the format, then a
// line for each entry. Values stand there in the canonical encoding of package
// value (base64), since JSON alone would lose confidences, NaN and -0.

// journalFormat is the first line of a saved journal.
type journalFormat struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
}

var currentFormat = journalFormat{Format: "prism-journal", Version: 1}

// maxLine bounds a line of a saved journal, in bytes, so that a damaged file
// can't exhaust the memory.
const maxLine = 256 << 20

type jsonEntry struct {
	Seq    uint64     `json:"seq"`
	Path   string     `json:"path"`
	Kind   string     `json:"kind"`
	Digest string     `json:"digest"`
	Value  []byte     `json:"value,omitempty"`
	Err    *jsonError `json:"error,omitempty"`
}

type jsonError struct {
	Code    string `json:"code,omitempty"`
	Name    string `json:"name,omitempty"`
	Message string `json:"message"`
	Data    []byte `json:"data,omitempty"`
}

// Writer is a Journal that writes each entry to a stream before it is
// delivered, and keeps it in memory as well.
type Writer struct {
	mu     sync.Mutex
	w      io.Writer
	memory Memory
	begun  bool
}

// NewWriter returns a journal that writes to w. Entries that were recorded
// elsewhere go in first by Append.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Append encodes and writes the entry.
func (j *Writer) Append(e Entry) error {
	line, err := encodeEntry(e)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.begun {
		head, err := json.Marshal(currentFormat)
		if err != nil {
			return err
		}
		line = append(append(head, '\n'), line...)
	}
	if _, err := j.w.Write(line); err != nil {
		return fmt.Errorf("the journal can't be written: %w", err)
	}
	j.begun = true
	return j.memory.Append(e)
}

// Entries returns the entries appended so far.
func (j *Writer) Entries() ([]Entry, error) { return j.memory.Entries() }

func encodeEntry(e Entry) ([]byte, error) {
	out := jsonEntry{Seq: e.Seq, Path: e.Path, Kind: e.Kind, Digest: e.Digest.String()}
	var err error
	if e.Outcome.Err != nil {
		oe := e.Outcome.Err
		out.Err = &jsonError{Code: string(oe.Code), Name: oe.Name, Message: oe.Message}
		out.Err.Data, err = value.Encode(oe.Data)
	} else {
		out.Value, err = value.Encode(e.Outcome.Value)
	}
	if err != nil {
		return nil, fmt.Errorf("the outcome of the effect %q can't be recorded: %w", e.Kind, err)
	}
	line, err := json.Marshal(out)
	if err != nil {
		return nil, err
	}
	return append(line, '\n'), nil
}

// Write saves entries as a journal text.
func Write(w io.Writer, entries []Entry) error {
	j := NewWriter(w)
	for _, e := range entries {
		if err := j.Append(e); err != nil {
			return err
		}
	}
	return nil
}

// Read reads a journal text and verifies it. An incomplete last line, which a
// crash leaves behind, is no error: the entry was never delivered.
func Read(r io.Reader) ([]Entry, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	var entries []Entry
	for n := 1; ; n++ {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) {
			return entries, nil
		}
		if err == nil {
			if n == 1 {
				err = checkFormat(line)
			} else {
				var e Entry
				if e, err = decodeEntry(line, uint64(len(entries)+1)); err == nil {
					entries = append(entries, e)
				}
			}
		}
		if err != nil {
			return nil, fmt.Errorf("line %d of the journal: %w", n, err)
		}
	}
}

// readLine returns a line without its end; io.EOF for an incomplete one.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return nil, fmt.Errorf("longer than %d bytes", maxLine)
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return line[:len(line)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

func checkFormat(line []byte) error {
	var f journalFormat
	if err := json.Unmarshal(line, &f); err != nil || f.Format != currentFormat.Format {
		return errors.New("this is no journal of a Prism execution")
	}
	if f.Version != currentFormat.Version {
		return fmt.Errorf("format version %d is not supported, only %d", f.Version, currentFormat.Version)
	}
	return nil
}

func decodeEntry(line []byte, seq uint64) (Entry, error) {
	var in jsonEntry
	if err := json.Unmarshal(line, &in); err != nil {
		return Entry{}, fmt.Errorf("not a valid entry: %w", err)
	}
	if in.Seq != seq {
		return Entry{}, fmt.Errorf("entry %d where %d is expected", in.Seq, seq)
	}
	e := Entry{Seq: seq, Path: in.Path, Kind: in.Kind}
	digest, err := hex.DecodeString(in.Digest)
	if err != nil || len(digest) != len(e.Digest) {
		return Entry{}, errors.New("the digest is not 64 hexadecimal digits")
	}
	copy(e.Digest[:], digest)
	switch {
	case in.Err != nil:
		data, err := value.Decode(in.Err.Data)
		if err != nil {
			return Entry{}, fmt.Errorf("data of the error: %w", err)
		}
		e.Outcome.Err = &Error{Code: diag.Code(in.Err.Code), Name: in.Err.Name, Message: in.Err.Message, Data: data}
	default:
		v, err := value.Decode(in.Value)
		if err != nil {
			return Entry{}, fmt.Errorf("value: %w", err)
		}
		e.Outcome.Value = v
	}
	return e, nil
}
