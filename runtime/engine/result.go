package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// Status is how an execution ended.
type Status string

const (
	StatusSuccess     Status = "success"
	StatusFailed      Status = "failed"
	StatusCancelled   Status = "cancelled"
	StatusTimedOut    Status = "timed_out"
	StatusNeedsReview Status = "needs_review" // a question is open that nobody here can answer
)

// Result is what an execution came to.
type Result struct {
	Status Status
	Value  value.Value // null unless Status is StatusSuccess
	// Confidence is the execution's: the value's own; else, of an object, its
	// numeric field "confidence" if that lies in [0, 1]; else nil.
	Confidence *float64
	// Confidences are those of the confident parts inside the value, by JSON
	// pointer.
	Confidences map[string]float64
	Pattern     string
	Version     string
	ExecutionID string
	Duration    time.Duration // of this run, on the execution's clock
	Agents      []AgentUse    // in the order of their first calls
	Calls       []string      // names of the agents, one for each call, in order
	Usage       Usage
	// Escalation is what the program handed to somebody else, or the question
	// that is open; nil without. It is JSON.
	Escalation json.RawMessage
	Warnings   []Warning
	// With WithExplain: what agents and models said, in the order of their
	// answers, and how aggregations counted it, in the order in which they did.
	Said        []Said
	Derivations []*value.Why
	Error       *Error // nil unless Status is failed, cancelled or timed_out

	json []byte // the value as JSON
}

// Said is one answer of an agent.
type Said struct {
	Agent      string
	Task       string
	Result     value.Value
	Confidence float64
	Stated     bool   // the agent gave the confidence itself
	Reasoning  string // "" without
	Error      string // why there is no answer, "" when there is one
}

// AgentUse sums up what one agent did in an execution.
type AgentUse struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Calls      int      `json:"calls"`
	Failed     int      `json:"failed"`
	Confidence *float64 `json:"confidence"` // of its last good answer, nil without
	DurationMs float64  `json:"durationMs"` // of all its calls together
	TokensIn   int      `json:"tokensIn,omitempty"`
	TokensOut  int      `json:"tokensOut,omitempty"`
	Cost       float64  `json:"cost,omitempty"` // in US dollars
}

// Usage is what an execution used up so far.
type Usage struct {
	Calls     int     `json:"calls"` // of agents and models
	TokensIn  int     `json:"tokensIn"`
	TokensOut int     `json:"tokensOut"`
	Cost      float64 `json:"cost"` // in US dollars, as far as prices are known
}

// Warning is something doubtful that did not stop the execution. Line and Column
// are 0 when it has no place.
type Warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
}

// Error is why an execution did not succeed.
type Error struct {
	Code    diag.Code
	Name    string // "TypeError", "INPUT_INVALID", ...
	Message string
	Hint    string
	File    string // "" when it has no place
	Line    int
	Column  int
	Stack   []vm.StackFrame
	Data    value.Value // what fail(message, data) attached, or a thrown object
}

func (e *Error) Error() string { return e.Message }

// PublicCode is the code that other programs see: the symbolic name of errors
// that have one (INPUT_INVALID), else the diagnostic code.
func (e *Error) PublicCode() string {
	if e.Name != "" && e.Name == strings.ToUpper(e.Name) {
		return e.Name
	}
	return string(e.Code)
}

// MarshalJSON prints {code, message, file, line, column, stack}, and data when
// the program attached any.
func (e *Error) MarshalJSON() ([]byte, error) {
	type frame struct {
		Function string `json:"function"`
		File     string `json:"file"`
		Line     int    `json:"line"`
		Column   int    `json:"column"`
	}
	out := struct {
		Code    string          `json:"code"`
		Message string          `json:"message"`
		File    string          `json:"file"`
		Line    int             `json:"line"`
		Column  int             `json:"column"`
		Stack   []frame         `json:"stack"`
		Data    json.RawMessage `json:"data,omitempty"`
	}{e.PublicCode(), e.Message, e.File, e.Line, e.Column, []frame{}, nil}
	for _, f := range e.Stack {
		out.Stack = append(out.Stack, frame{f.Function, f.File, f.Line, f.Column})
	}
	if !e.Data.Plain().IsNull() {
		out.Data = jsonOf(e.Data)
	}
	return marshal(out)
}

// JSON returns the value as plain JSON; NaN, infinities, functions and promises
// stand there as null.
func (r *Result) JSON() json.RawMessage {
	if r.json == nil {
		return json.RawMessage("null")
	}
	return r.json
}

// MarshalJSON prints the object that "prism run --output json" does.
func (r *Result) MarshalJSON() ([]byte, error) {
	if r.Error != nil {
		return marshal(struct {
			Status Status `json:"status"`
			Error  *Error `json:"error"`
		}{r.Status, r.Error})
	}
	out := struct {
		Status      Status             `json:"status"`
		Value       json.RawMessage    `json:"value"`
		Confidence  *float64           `json:"confidence"`
		Confidences map[string]float64 `json:"confidences"`
		Pattern     string             `json:"pattern"`
		Version     string             `json:"version"`
		ExecutionID string             `json:"executionId"`
		DurationMs  float64            `json:"durationMs"`
		Agents      []AgentUse         `json:"agents"`
		Calls       []string           `json:"calls"`
		Escalation  json.RawMessage    `json:"escalation"`
		Warnings    []Warning          `json:"warnings"`
	}{r.Status, r.JSON(), r.Confidence, r.Confidences, r.Pattern, r.Version, r.ExecutionID, milliseconds(r.Duration),
		r.Agents, r.Calls, r.Escalation, r.Warnings}
	if out.Confidences == nil {
		out.Confidences = map[string]float64{}
	}
	if out.Agents == nil {
		out.Agents = []AgentUse{}
	}
	if out.Calls == nil {
		out.Calls = []string{}
	}
	if out.Escalation == nil {
		out.Escalation = json.RawMessage("null")
	}
	if out.Warnings == nil {
		out.Warnings = []Warning{}
	}
	return marshal(out)
}

// marshal is json.Marshal without escapes for HTML.
func marshal(x any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(x); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

// setValue stores the value of a successful execution and what follows from it.
// It fails for values that can't be handed out.
func (r *Result) setValue(v value.Value) error {
	j, err := value.ToJSON(v, "")
	if err != nil {
		return fmt.Errorf("the result can't be handed out: %w", err)
	}
	r.Value, r.json, r.Confidences = v, j.Text, j.Confidences
	for _, text := range j.Warnings {
		r.warn(CodeNotData, "In the result, %s", text)
	}
	if c, ok := v.Confidence(); ok {
		r.Confidence = &c
	} else if v.Kind() == value.ObjectKind {
		f, ok := v.AsObject().Get("confidence")
		if f = f.Plain(); ok && f.Kind() == value.Number {
			if c := f.Float(); c >= 0 && c <= 1 {
				r.Confidence = &c
			} else {
				r.warn(CodeConfidenceField, "The field \"confidence\" of the result is not between 0 and 1, so the execution has no confidence")
			}
		}
	}
	return nil
}

func (r *Result) warn(code diag.Code, format string, args ...any) {
	r.Warnings = append(r.Warnings, Warning{Code: string(code), Message: fmt.Sprintf(format, args...)})
}

// milliseconds returns a duration in milliseconds, to the microsecond.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
