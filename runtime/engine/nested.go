package engine

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/parallaxai/parallax/runtime/effect"
)

// nestedMark ends the path of an effect whose handler runs programs, and the
// number of such a program: the outcomes of the first program that answers the
// effect "0/3.1" stand in the journal under "0/3.1>0>" and their own path.
const nestedMark = ">"

// journals is how the goroutines of an execution share its journal: its own, and
// those of the executions within it.
type journals struct {
	mu     sync.Mutex
	target effect.Journal
	last   uint64                    // Seq of the last entry
	nested map[string][]effect.Entry // what a journal held at the beginning, by prefix
}

// append numbers an entry and records it.
func (j *journals) append(e effect.Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	e.Seq = j.last
	return j.target.Append(e)
}

// split takes the entries of executions within this one out of a journal.
func (j *journals) split(entries []effect.Entry) (own []effect.Entry) {
	j.last = uint64(len(entries))
	for _, e := range entries {
		prefix, inner := nestedPath(e.Path)
		if prefix == "" {
			own = append(own, e)
			continue
		}
		if j.nested == nil {
			j.nested = map[string][]effect.Entry{}
		}
		e.Path = inner
		j.nested[prefix] = append(j.nested[prefix], e)
	}
	return own
}

// nestedPath splits "0/3.1>0>0.2" into "0/3.1>0>" and "0.2"; an execution's own
// path has no prefix.
func nestedPath(path string) (prefix, inner string) {
	i := strings.Index(path, nestedMark)
	if i < 0 {
		return "", path
	}
	k := strings.Index(path[i+1:], nestedMark)
	if k < 0 {
		return "", path
	}
	at := i + 1 + k + 1
	return path[:at], path[at:]
}

// nestedJournal is the journal of an execution within another one.
type nestedJournal struct {
	of     *journals
	prefix string
}

// Append records an entry in the journal of the outer execution.
func (n nestedJournal) Append(e effect.Entry) error {
	e.Path = n.prefix + e.Path
	return n.of.append(e)
}

// Entries returns what the journal held when the outer execution began.
func (n nestedJournal) Entries() ([]effect.Entry, error) {
	n.of.mu.Lock()
	defer n.of.mu.Unlock()
	return n.of.nested[n.prefix], nil
}

// Nested returns what an execution needs that a handler runs in order to answer
// an effect: the handlers of the execution that asks, its virtual time if it has
// one, an id below its id, and a place in its journal. Resuming the outer
// execution resumes the inner one; once the effect has been answered, a replay
// does not run the inner one again. A handler runs such programs one after
// another, in the same order each time. nil outside of an execution.
func Nested(ctx context.Context) []Option {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return nil
	}
	f := c.flight
	n := int(c.programs.Add(1)) - 1
	id := f.id + "/" + c.effect.Path
	if n > 0 {
		id = fmt.Sprintf("%s+%d", id, n)
	}
	opts := []Option{WithHandlers(f.handlers), WithID(id)}
	if f.virtual {
		opts = append(opts, WithVirtualTime(f.now()), func(cfg *config) { cfg.parent = c })
	}
	if f.journals != nil {
		prefix := fmt.Sprintf("%s%s%d%s", c.effect.Path, nestedMark, n, nestedMark)
		opts = append(opts, WithJournal(nestedJournal{f.journals, prefix}))
	}
	return opts
}
