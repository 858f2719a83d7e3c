// Package regflow finds out what each register of a function surely holds at
// each point of its control flow.
//
// In go the number of registers, the number of blocks and a function that runs
// one block on a State; out come the calls of that function, each with the
// State at the block's start, until nothing changes any more. The package
// knows neither the IR nor the bytecode (both verifiers use it) and finds no
// fault itself: what a read of a register requires is the caller's business.
package regflow

import "errors"

// Kind is what a register holds.
type Kind uint8

const (
	Value     Kind = iota // a value of the language, or unset
	Cell                  // a variable shared with closures
	Iterator              // the state of a loop over a value
	Exception             // a raw exception
	Array                 // a Value: an array literal that is still being built
	Object                // a Value: an object literal that is still being built
	planes
)

func (k Kind) String() string {
	return [planes]string{"value", "cell", "iterator", "exception", "new array", "new object"}[k]
}

// State tells what each register surely holds. It is a bit set with one plane
// of bits for each kind; joining two paths is the intersection of the sets.
// Registers must lie in the range the state was made for.
type State []uint64

func stateWords(regs int) int { return int(planes) * ((regs + 63) / 64) }

// NewState returns a state in which no register of regs holds anything.
func NewState(regs int) State { return make(State, stateWords(regs)) }

// Has reports whether register r surely holds a k. Arrays and objects being
// built are values too.
func (s State) Has(r int, k Kind) bool {
	return s[int(k)*(len(s)/int(planes))+r>>6]>>(r&63)&1 != 0
}

// Kind returns what register r surely holds: Value also for literals being
// built. It reports false when the register is not written on every path, or
// holds different kinds on different paths.
func (s State) Kind(r int) (Kind, bool) {
	for k := Value; k <= Exception; k++ {
		if s.Has(r, k) {
			return k, true
		}
	}
	return 0, false
}

// Set makes register r hold a k and nothing else.
func (s State) Set(r int, k Kind) {
	s.Clear(r)
	w := len(s) / int(planes)
	s[int(k)*w+r>>6] |= 1 << (r & 63)
	if k == Array || k == Object {
		s[r>>6] |= 1 << (r & 63)
	}
}

// Copy makes register dst hold what src holds; a literal being built becomes
// an ordinary value on both sides, since it has two owners now.
func (s State) Copy(dst, src int) {
	s.Settle(src)
	if k, ok := s.Kind(src); ok {
		s.Set(dst, k)
	} else {
		s.Clear(dst)
	}
}

// Replaced takes note, in a state that tells what holds at every point of a
// stretch of code, that register r is overwritten with a k there.
func (s State) Replaced(r int, k Kind) {
	if s.Has(r, k) {
		s.Settle(r)
	} else {
		s.Clear(r)
	}
}

// Settle ends the building of a literal in register r: from here on it is an
// ordinary value.
func (s State) Settle(r int) {
	w := len(s) / int(planes)
	bit := uint64(1) << (r & 63)
	s[int(Array)*w+r>>6] &^= bit
	s[int(Object)*w+r>>6] &^= bit
}

// Clear forgets register r.
func (s State) Clear(r int) {
	w := len(s) / int(planes)
	bit := uint64(1) << (r & 63)
	for i := r >> 6; i < len(s); i += w {
		s[i] &^= bit
	}
}

// ClearFrom forgets register r and all above it, as a call does whose window
// begins at r. r may be the number of registers.
func (s State) ClearFrom(r int) {
	w := len(s) / int(planes)
	for p := 0; p < len(s); p += w {
		for i := r >> 6; i < w; i++ {
			if i == r>>6 {
				s[p+i] &= 1<<(r&63) - 1
			} else {
				s[p+i] = 0
			}
		}
	}
}

// meet keeps what both states know and reports whether s lost anything.
func (s State) meet(t State) bool {
	changed := uint64(0)
	for i, w := range t {
		changed |= s[i] &^ w
		s[i] &= w
	}
	return changed != 0
}

// ErrTooLarge is returned for functions whose control flow takes too much
// memory or time to follow. Programs that people write stay far below it.
var ErrTooLarge = errors.New("the control flow is too large to be verified")

// maxWords bounds the memory of all states of a function, 128 MB; maxVisits
// bounds the visits of a block on average.
const (
	maxWords  = 1 << 24
	maxVisits = 64
)

// Visit runs block b from the state at its start, which it may change, and
// calls flow for each edge that leaves the block.
type Visit func(b int, s State, flow func(to int, s State))

// Solve visits the blocks reachable from block 0 until the states at their
// starts are final: the last visit of each block sees what holds on all paths
// to it, earlier ones may see more. edges is the number of edges that enter
// each block (with more than one the block's state is kept); every edge that
// comes from more than one point of a block, as those to a handler do, counts
// as two. Blocks in order of execution take the fewest visits.
func Solve(regs int, entry State, edges []int32, visit Visit) error {
	var (
		words  = stateWords(regs)
		states = make([]State, len(edges)) // nil for blocks not reached, or released
		dirty  = make([]bool, len(edges))
		free   []State
		used   int
		budget = maxVisits*len(edges) + 1<<16
		work   = NewState(regs)
		err    error
		again  bool
		at     int
	)
	flow := func(to int, s State) {
		switch {
		case err != nil:
			return
		case states[to] != nil:
			if !states[to].meet(s) {
				return
			}
		default:
			if n := len(free); n > 0 {
				states[to], free = free[n-1], free[:n-1]
			} else {
				if used += words; used > maxWords {
					err = ErrTooLarge
					return
				}
				states[to] = make(State, words)
			}
			copy(states[to], s)
		}
		dirty[to] = true
		if to <= at {
			again = true
		}
	}
	flow(0, entry)
	for again = true; again; {
		again = false
		for b := range edges {
			if !dirty[b] {
				continue
			}
			if budget--; budget < 0 {
				return ErrTooLarge
			}
			dirty[b], at = false, b
			copy(work, states[b])
			if edges[b] <= 1 && b != 0 {
				free = append(free, states[b])
				states[b] = nil
			}
			if visit(b, work, flow); err != nil {
				return err
			}
		}
	}
	return nil
}
