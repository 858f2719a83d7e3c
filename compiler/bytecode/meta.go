package bytecode

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
