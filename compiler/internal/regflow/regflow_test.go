package regflow

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestStateKinds(t *testing.T) {
	s := NewState(130)
	for i, k := range []Kind{Value, Cell, Iterator, Exception, Array, Object} {
		r := i * 25
		s.Set(r, k)
		want := k
		if k == Array || k == Object {
			want = Value
		}
		if got, ok := s.Kind(r); !ok || got != want {
			t.Errorf("Kind(%d) = %v, %v, want %v", r, got, ok, want)
		}
		if !s.Has(r, k) {
			t.Errorf("register %d holds no %v", r, k)
		}
	}
	if k, ok := s.Kind(1); ok {
		t.Errorf("Kind of a register never written = %v", k)
	}
	s.Set(0, Cell)
	if s.Has(0, Value) || !s.Has(0, Cell) {
		t.Error("Set keeps the former kind")
	}
	s.Copy(1, 100)
	if s.Has(1, Array) || s.Has(100, Array) || !s.Has(1, Value) || !s.Has(100, Value) {
		t.Error("a copied literal is still being built")
	}
	s.Copy(1, 2)
	if _, ok := s.Kind(1); ok {
		t.Error("a copy of nothing is something")
	}
	s.Replaced(25, Cell)
	s.Replaced(125, Cell)
	if _, ok := s.Kind(125); ok || !s.Has(25, Cell) {
		t.Error("Replaced keeps another kind or drops the same")
	}
}

func TestKindString(t *testing.T) {
	var got []string
	for k := Value; k < planes; k++ {
		got = append(got, k.String())
	}
	if diff := cmp.Diff([]string{"value", "cell", "iterator", "exception", "new array", "new object"}, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// The state behaves as a map from registers to kinds.
func TestStateIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		regs := rapid.IntRange(1, 200).Draw(t, "regs")
		s, want := NewState(regs), map[int]Kind{}
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			r := rapid.IntRange(0, regs-1).Draw(t, "r")
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0, 1:
				k := Kind(rapid.IntRange(0, int(planes)-1).Draw(t, "kind"))
				s.Set(r, k)
				want[r] = k
			case 2:
				s.Clear(r)
				delete(want, r)
			case 3:
				from := rapid.IntRange(0, regs).Draw(t, "from")
				s.ClearFrom(from)
				for r := range want {
					if r >= from {
						delete(want, r)
					}
				}
			}
		}
		got := map[int]Kind{}
		for r := range regs {
			k, ok := s.Kind(r)
			for _, b := range []Kind{Array, Object} {
				if s.Has(r, b) {
					k = b
				}
			}
			if ok {
				got[r] = k
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("registers (-want +got):\n%s", diff)
		}
	})
}

// solve runs Solve on a graph in which block b writes the registers of
// writes[b], and returns the registers that hold a value at each block's start;
// blocks never reached are missing.
func solve(t *testing.T, regs int, succ [][]int, writes [][]int) map[int][]int {
	t.Helper()
	edges := make([]int32, len(succ))
	for _, list := range succ {
		for _, to := range list {
			edges[to]++
		}
	}
	got := map[int][]int{}
	err := Solve(regs, NewState(regs), edges, func(b int, s State, flow func(int, State)) {
		got[b] = []int{}
		for r := range regs {
			if s.Has(r, Value) {
				got[b] = append(got[b], r)
			}
		}
		for _, r := range writes[b] {
			s.Set(r, Value)
		}
		for _, to := range succ[b] {
			flow(to, s)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestSolve(t *testing.T) {
	tests := []struct {
		name   string
		succ   [][]int
		writes [][]int
		want   map[int][]int
	}{
		{"straight", [][]int{{1}, {}}, [][]int{{0}, {}}, map[int][]int{0: {}, 1: {0}}},
		{"branches meet", [][]int{{1, 2}, {3}, {3}, {}}, [][]int{{0}, {1, 2}, {2}, {}},
			map[int][]int{0: {}, 1: {0}, 2: {0}, 3: {0, 2}}},
		{"loop", [][]int{{1}, {2, 3}, {1}, {}}, [][]int{{0}, {1}, {2}, {}},
			map[int][]int{0: {}, 1: {0}, 2: {0, 1}, 3: {0, 1}}},
		{"blocks out of order", [][]int{{3}, {}, {1}, {2}}, [][]int{{0}, {}, {2}, {3}},
			map[int][]int{0: {}, 3: {0}, 2: {0, 3}, 1: {0, 2, 3}}},
		{"unreached", [][]int{{}, {0}}, [][]int{{}, {}}, map[int][]int{0: {}}},
		{"loop to the entry", [][]int{{1}, {0}}, [][]int{{1}, {2}}, map[int][]int{0: {}, 1: {1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, solve(t, 4, tt.succ, tt.writes)); diff != "" {
				t.Errorf("registers at the start of blocks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSolveWithoutRegisters(t *testing.T) {
	if diff := cmp.Diff(map[int][]int{0: {}, 1: {}}, solve(t, 0, [][]int{{1}, {0}}, [][]int{{}, {}})); diff != "" {
		t.Errorf("blocks reached (-want +got):\n%s", diff)
	}
}

// A function with very many registers and join points is refused instead of
// taking gigabytes.
func TestSolveBoundsMemory(t *testing.T) {
	const blocks = 20000
	edges := make([]int32, blocks)
	for i := range edges {
		edges[i] = 2
	}
	regs := 65535
	err := Solve(regs, NewState(regs), edges, func(b int, s State, flow func(int, State)) {
		if b+1 < blocks {
			flow(b+1, s)
		}
	})
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("Solve = %v, want ErrTooLarge", err)
	}
}

// States of blocks with one way in are given back, so that long straight code
// takes little memory.
func TestSolveReleasesStates(t *testing.T) {
	const blocks = 20000
	edges := make([]int32, blocks)
	for i := range edges {
		edges[i] = 1
	}
	regs, visits := 65535, 0
	err := Solve(regs, NewState(regs), edges, func(b int, s State, flow func(int, State)) {
		if visits++; b+1 < blocks {
			flow(b+1, s)
		}
	})
	if err != nil || visits != blocks {
		t.Errorf("Solve = %v after %d visits, want nil after %d", err, visits, blocks)
	}
}

// Control flow made to change states over and over is cut off.
func TestSolveBoundsVisits(t *testing.T) {
	const regs = 1 << 12
	edges := []int32{2, 2}
	entry := NewState(regs)
	for r := range regs {
		entry.Set(r, Value)
	}
	visits, gone := 0, 0
	err := Solve(regs, entry, edges, func(b int, s State, flow func(int, State)) {
		if visits++; b == 1 && gone < regs {
			s.Clear(gone)
			gone++
		}
		flow(1-b, s)
	})
	if err != nil || visits < regs {
		t.Errorf("Solve = %v after %d visits: every change must be seen", err, visits)
	}
	big := make([]int32, 2)
	big[0], big[1] = 2, 2
	visits, gone = 0, 0
	const many = 1 << 17
	entry = NewState(many)
	for r := range many {
		entry.Set(r, Value)
	}
	err = Solve(many, entry, big, func(b int, s State, flow func(int, State)) {
		if visits++; b == 1 {
			s.Clear(gone)
			gone++
		}
		flow(1-b, s)
	})
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("Solve = %v after %d visits, want ErrTooLarge", err, visits)
	}
}
