package sse_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/runtime/agent/transport/internal/sse"
)

// read returns all events of a stream and the error that ended it.
func read(r io.Reader, limit int64) ([]sse.Event, error) {
	var out []sse.Event
	events := sse.NewReader(r, limit)
	for {
		e, err := events.Next()
		if err != nil {
			return out, err
		}
		out = append(out, e)
	}
}

func TestNext(t *testing.T) {
	tests := []struct {
		name, text string
		want       []sse.Event
	}{
		{"data", "data: a\n\n", []sse.Event{{"message", "a", ""}}},
		{"type and id", "event: x\nid: 7\ndata: a\n\n", []sse.Event{{"x", "a", "7"}}},
		{"several lines", "data: a\ndata:  b\ndata:c\n\n", []sse.Event{{"message", "a\n b\nc", ""}}},
		{"comments", ": hello\n\ndata: a\n: again\n\n", []sse.Event{{"message", "a", ""}}},
		{"carriage returns", "event: x\rdata: a\r\rdata: b\r\n\r\n", []sse.Event{{"x", "a", ""}, {"message", "b", ""}}},
		{"unfinished", "data: a\n\ndata: b\n", []sse.Event{{"message", "a", ""}}},
		{"no data", "event: x\n\ndata: a\n\n", []sse.Event{{"message", "a", ""}}},
		{"empty data", "data\n\n", []sse.Event{{"message", "", ""}}},
		{"byte order mark", "\uFEFFdata: a\n\n", []sse.Event{{"message", "a", ""}}},
		{"unknown field", "retry: 5\nfoo: bar\ndata: a\n\n", []sse.Event{{"message", "a", ""}}},
		{"nothing", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(tt.text), iotest.OneByteReader(strings.NewReader(tt.text))} {
				got, err := read(r, 1000)
				if !errors.Is(err, io.EOF) {
					t.Errorf("ended with %v", err)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestTooLong(t *testing.T) {
	if _, err := read(strings.NewReader("data: "+strings.Repeat("x", 100)), 50); !errors.Is(err, sse.ErrTooLong) {
		t.Errorf("got %v", err)
	}
}

func FuzzNext(f *testing.F) {
	f.Add("event: x\r\ndata: a\n\ndata\r\r")
	f.Fuzz(func(t *testing.T, text string) {
		whole, err := read(strings.NewReader(text), 1<<20)
		if !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		pieces, err := read(iotest.OneByteReader(strings.NewReader(text)), 1<<20)
		if !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole, pieces); diff != "" {
			t.Error(diff)
		}
	})
}
