// Package progress shows on a terminal what an execution is doing: a headline
// and a line for each agent with its state, latency and confidence.
//
// It is fed with the execution's events. Model is what is known so far and
// prints itself as lines; Display draws a Model again and again in the same
// place and gets out of the way of other output.
package progress

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parallaxai/parallax/runtime/engine"
)

// Model is what the events so far tell about an execution. Its zero value knows
// nothing.
type Model struct {
	title  string
	began  time.Time
	agents []*agentState
	byID   map[string]*agentState

	asked, answered, failed int
}

// agentState is what one agent did and does.
type agentState struct {
	name       string
	running    int // calls under way
	done       int
	started    time.Time // of the last call
	confidence *float64
	durationMs float64 // of the last answer
	err        string  // of the last answer, "" when it was good
}

// Apply takes in an event.
func (m *Model) Apply(e engine.Event) {
	text := func(key string) string { s, _ := e.Data[key].(string); return s }
	number := func(key string) float64 { f, _ := e.Data[key].(float64); return f }
	switch e.Type {
	case engine.Started:
		m.title, m.began = text("pattern"), e.Time
	case engine.AgentStarted:
		a := m.agent(text("id"), text("agent"))
		a.running++
		a.started = e.Time
		m.asked++
	case engine.AgentCompleted:
		a := m.agent(text("id"), text("agent"))
		a.ended(number("durationMs"))
		a.err = ""
		a.confidence, _ = e.Data["confidence"].(*float64)
		m.answered++
	case engine.AgentFailed:
		a := m.agent(text("id"), text("agent"))
		a.ended(number("durationMs"))
		a.err = text("error")
		if a.err == "" {
			a.err = "failed"
		}
		m.failed++
	}
}

func (m *Model) agent(id, name string) *agentState {
	if a := m.byID[id]; a != nil {
		return a
	}
	if m.byID == nil {
		m.byID = map[string]*agentState{}
	}
	a := &agentState{name: name}
	m.byID[id] = a
	m.agents = append(m.agents, a)
	return a
}

func (a *agentState) ended(ms float64) {
	a.running = max(a.running-1, 0)
	a.done++
	a.durationMs = ms
}

// Empty reports whether no agent has been asked.
func (m *Model) Empty() bool { return len(m.agents) == 0 }

// frames of the spinner.
var frames = []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

// Marks of agents that do nothing now.
const (
	goodMark = "✓"
	badMark  = "✗"
)

// View is how to print a Model.
type View struct {
	Now    time.Time // of the execution's clock
	Frame  int       // of the spinner; negative prints the final state, without one
	Width  int       // columns, at least 20
	Height int       // lines at most, at least 3
	Color  bool
}

// Lines prints the model. Where there are more agents than lines, those that are
// at work come first and a last line counts the others.
func (m *Model) Lines(v View) []string {
	spinner := ""
	if v.Frame >= 0 {
		spinner = frames[v.Frame%len(frames)] + " "
	}
	lines := []string{clip(spinner+m.headline(v.Now), v.Width)}
	shown := m.agents
	if room := max(v.Height-1, 2); len(shown) > room {
		shown = m.busiest(room - 1)
	}
	width := 0
	for _, a := range shown {
		width = max(width, min(utf8.RuneCountInString(a.name), 32))
	}
	for _, a := range shown {
		lines = append(lines, a.line(v, width))
	}
	if rest := len(m.agents) - len(shown); rest > 0 {
		lines = append(lines, clip(fmt.Sprintf("  ... and %d more", rest), v.Width))
	}
	return lines
}

func (m *Model) headline(now time.Time) string {
	title := m.title
	if title == "" {
		title = "running"
	}
	parts := []string{fmt.Sprintf("%s: %d of %d answered", title, m.answered, m.asked)}
	if m.failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", m.failed))
	}
	parts = append(parts, strings.TrimSpace(latency(float64(now.Sub(m.began).Microseconds())/1000)))
	return strings.Join(parts, ", ")
}

// busiest returns n agents, those at work before the others, in their order.
func (m *Model) busiest(n int) []*agentState {
	var out []*agentState
	for _, running := range []bool{true, false} {
		for _, a := range m.agents {
			if (a.running > 0) == running && len(out) < n {
				out = append(out, a)
			}
		}
	}
	return out
}

const (
	green = "\x1b[32m"
	red   = "\x1b[31m"
	plain = "\x1b[0m"
)

func (a *agentState) line(v View, width int) string {
	mark, colour, text := goodMark, green, ""
	switch {
	case a.running > 0 && v.Frame >= 0:
		mark, colour = frames[v.Frame%len(frames)], ""
		text = latency(float64(v.Now.Sub(a.started).Microseconds()) / 1000)
		if a.running > 1 {
			text += fmt.Sprintf("  %d calls", a.running)
		}
	case a.running > 0:
		mark, colour, text = "-", "", "no answer"
	case a.err != "":
		mark, colour = badMark, red
		text = latency(a.durationMs) + "  " + printable(a.err)
	default:
		text = latency(a.durationMs) + "  " + Confidence(a.confidence)
		if a.done > 1 {
			text += fmt.Sprintf("  %d calls", a.done)
		}
	}
	name := printable(a.name)
	if n := utf8.RuneCountInString(name); n > width {
		name = string([]rune(name)[:width-1]) + "…"
	} else {
		name += strings.Repeat(" ", width-n)
	}
	line := clip("  "+mark+" "+name+"  "+text, v.Width)
	if v.Color && colour != "" {
		line = strings.Replace(line, mark, colour+mark+plain, 1)
	}
	return line
}

// Confidence prints a confidence with two decimals, "-" when there is none.
func Confidence(c *float64) string {
	if c == nil {
		return "-"
	}
	return strconv.FormatFloat(math.Round(*c*100)/100, 'f', 2, 64)
}

// latency prints milliseconds for people, always six columns up to 999 seconds.
func latency(ms float64) string {
	if ms < 1000 {
		return fmt.Sprintf("%3.0f ms", math.Floor(ms))
	}
	return fmt.Sprintf("%4.1f s", ms/1000)
}

// printable replaces what would move the cursor: agents choose names and errors.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

// clip cuts a line to width columns, taking each character for one column.
func clip(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:max(width-1, 0)]) + "…"
}
