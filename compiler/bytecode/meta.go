package bytecode

import (
	"cmp"
	"slices"
	"strings"
)

// Meta is what the host needs to know before it runs a program.
type Meta struct {
	Name        string
	Version     string
	Description string
	Input       []byte // JSON Schema of the input, nil when any is accepted
	Output      []byte // JSON Schema of the output, nil without
	Agents      AgentSpec
	TimeoutMs   int64 // 0 without
	Strategy    Strategy
	// Explain is set when the program asks why(x), so that provenance is kept.
	Explain bool
	// Entries are the remaining header entries, in order: author, tags, ...
	Entries [][2]string
	// Places are the parts of a program that was written in another notation,
	// by ascending path; see Locate.
	Places []Place
}

// Place is where a part of a program stands in its source. Line and Column count
// from 1, columns in code points.
type Place struct {
	Path         string // keys and indices with points between: "steps.2.agents.min"
	Line, Column int
}

// Locate returns the place of a path, or of the nearest part around it that has
// one; ok is false when there is none.
func (m *Meta) Locate(path string) (p Place, ok bool) {
	for {
		if i, found := slices.BinarySearchFunc(m.Places, path, func(p Place, path string) int { return cmp.Compare(p.Path, path) }); found {
			return m.Places[i], true
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return Place{}, false
		}
		path = path[:cut]
	}
}

// AgentSpec says which agents a pattern asks for.
type AgentSpec struct {
	Declared      bool // the pattern says anything about agents
	Capabilities  []string
	MinConfidence float64
	Min, Max      int // Max 0 is no bound
}

// Strategy is how confidences combine; see DefaultStrategy.
type Strategy struct {
	Combine   Combine // + - * / % ** relations, interpolation
	Logic     Combine // ~&&
	Either    Combine // ~||
	Choose    Combine // ~? :
	Coalesce  float64 // ~??
	Gate      float64 // ~@>
	Reduction float64 // factor of a closed ~@>
	High      float64 // levels of uncertain
	Medium    float64
}

// Combine is a rule that makes one confidence of two.
type Combine uint8

const (
	Min Combine = iota
	Max
	Product
	Average
)

func (c Combine) String() string { return [...]string{"min", "max", "product", "average"}[c] }

// DefaultStrategy is the confidence table of the language.
var DefaultStrategy = Strategy{Combine: Min, Logic: Min, Either: Max, Choose: Product,
	Coalesce: 0.5, Gate: 0.7, Reduction: 0.5, High: 0.7, Medium: 0.5}
