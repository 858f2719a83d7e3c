// Package sse reads streams of server-sent events, see
// https://html.spec.whatwg.org/multipage/server-sent-events.html.
package sse

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Event is one event of a stream.
type Event struct {
	Type string // "message" unless the stream says otherwise
	Data string
	ID   string
}

// ErrTooLong is returned for a stream that is longer than its reader allows.
var ErrTooLong = errors.New("the stream is too long")

// Reader reads events.
type Reader struct {
	r     *bufio.Reader
	left  int64
	limit int64
	cr    bool // the last line ended with a carriage return
}

// NewReader returns a reader that takes at most limit bytes.
func NewReader(r io.Reader, limit int64) *Reader {
	// A byte order mark may begin the stream.
	b := bufio.NewReader(r)
	if bom, err := b.Peek(3); err == nil && string(bom) == "\xEF\xBB\xBF" {
		_, _ = b.Discard(3) // they have been peeked
	}
	return &Reader{r: b, left: limit, limit: limit}
}

// Next returns the next event that has data. The error is io.EOF at the end; an
// event that is not finished there is left out, as the specification wants.
func (r *Reader) Next() (Event, error) {
	e := Event{Type: "message"}
	var data []string
	for {
		line, err := r.line()
		if err != nil {
			return Event{}, err
		}
		if line == "" {
			if data == nil {
				e = Event{Type: "message", ID: e.ID}
				continue
			}
			e.Data = strings.Join(data, "\n")
			return e, nil
		}
		field, val, _ := strings.Cut(line, ":")
		val = strings.TrimPrefix(val, " ")
		switch field {
		case "event":
			e.Type = val
		case "data":
			data = append(data, val)
		case "id":
			e.ID = val
		}
	}
}

// line reads up to a line feed, a carriage return or both.
func (r *Reader) line() (string, error) {
	var b strings.Builder
	for {
		c, err := r.r.ReadByte()
		if err != nil {
			return "", err
		}
		if r.left--; r.left < 0 {
			return "", fmt.Errorf("%w: more than %d bytes", ErrTooLong, r.limit)
		}
		second := r.cr && c == '\n' // of a pair that ends a line
		r.cr = c == '\r'
		switch {
		case second:
		case c == '\n' || c == '\r':
			return b.String(), nil
		default:
			b.WriteByte(c)
		}
	}
}
