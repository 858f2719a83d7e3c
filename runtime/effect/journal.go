package effect

import (
	"slices"
	"sync"
)

// Entry is one outcome as it was handed to a program.
type Entry struct {
	Seq     uint64 // 1, 2, 3, ... in the order of delivery
	Path    string // of the effect; "" for the first entry, which describes the run
	Kind    string
	Digest  Digest // of the request
	Outcome Outcome
}

// Journal keeps the outcomes of one execution in the order of their delivery.
//
// An execution appends each entry before the program sees the outcome; when
// Append fails the outcome is not delivered and the execution ends. Entries that
// stand in the journal when an execution begins are replayed.
type Journal interface {
	// Append records one entry. Its Seq is one more than that of the entry before.
	Append(Entry) error
	// Entries returns the entries recorded so far, in order.
	Entries() ([]Entry, error)
}

// Memory is a Journal that lives as long as the process. The zero Memory is
// empty and ready to use, by several goroutines at once.
type Memory struct {
	mu      sync.Mutex
	entries []Entry
}

// NewMemory returns a journal that begins with the given entries.
func NewMemory(entries ...Entry) *Memory { return &Memory{entries: slices.Clone(entries)} }

// Append records one entry; it never fails.
func (m *Memory) Append(e Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries = append(m.entries, e)
	return nil
}

// Entries returns a copy of the entries; it never fails.
func (m *Memory) Entries() ([]Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.entries), nil
}
