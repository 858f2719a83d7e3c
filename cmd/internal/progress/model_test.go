package progress

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/runtime/engine"
)

var start = time.Unix(1_700_000_000, 0)

// feed applies events, each a type and an agent, 100 ms apart.
func feed(m *Model, events ...engine.Event) {
	for i, e := range events {
		e.Time = start.Add(time.Duration(i) * 100 * time.Millisecond)
		m.Apply(e)
	}
}

func started(agent string) engine.Event {
	return engine.Event{Type: engine.AgentStarted, Data: map[string]any{"agent": agent, "id": agent, "task": "analyze"}}
}

func completed(agent string, c float64, ms float64) engine.Event {
	return engine.Event{Type: engine.AgentCompleted, Data: map[string]any{"agent": agent, "id": agent, "confidence": &c, "durationMs": ms}}
}

func failed(agent, message string) engine.Event {
	return engine.Event{Type: engine.AgentFailed, Data: map[string]any{"agent": agent, "id": agent, "error": message, "durationMs": 3.0}}
}

func TestLines(t *testing.T) {
	begin := engine.Event{Type: engine.Started, Data: map[string]any{"pattern": "panel"}}
	tests := []struct {
		name   string
		events []engine.Event
		view   View
		want   string
	}{
		{"running, answered, failed",
			[]engine.Event{begin, started("anna"), started("bert"), started("carla"), completed("anna", 0.918, 12.7), failed("carla", "the line is busy")},
			View{Frame: 0, Width: 60, Height: 20}, `
⠋ panel: 1 of 3 answered, 1 failed, 1.5 s
  ✓ anna    12 ms  0.92
  ⠋ bert    1.3 s
  ✗ carla    3 ms  the line is busy
`},
		{"the final state has no spinner",
			[]engine.Event{begin, started("anna"), started("bert"), completed("anna", 1, 1500)},
			View{Frame: -1, Width: 60, Height: 20}, `
panel: 1 of 2 answered, 1.5 s
  ✓ anna   1.5 s  1.00
  - bert  no answer
`},
		{"several calls of one agent",
			[]engine.Event{begin, started("anna"), started("anna"), started("bert"), completed("bert", 0.5, 1), started("bert"), completed("bert", 0.6, 2)},
			View{Frame: 11, Width: 60, Height: 20}, `
⠙ panel: 2 of 4 answered, 1.5 s
  ⠙ anna   1.3 s  2 calls
  ✓ bert    2 ms  0.60  2 calls
`},
		{"more agents than lines",
			[]engine.Event{begin, started("a"), started("b"), started("c"), started("d"), completed("a", 1, 1), completed("b", 1, 1), completed("d", 1, 1)},
			View{Frame: 0, Width: 60, Height: 4}, `
⠋ panel: 3 of 4 answered, 1.5 s
  ⠋ c   1.2 s
  ✓ a    1 ms  1.00
  ... and 2 more
`},
		{"long lines are cut and control characters replaced",
			[]engine.Event{begin, started("agent-with-a-very-long-name-indeed-yes"), failed("agent-with-a-very-long-name-indeed-yes", "bad\x1b[2Jnews\n"+strings.Repeat("x", 80))},
			View{Frame: -1, Width: 58, Height: 9}, `
panel: 0 of 1 answered, 1 failed, 1.5 s
  ✗ agent-with-a-very-long-name-ind…    3 ms  bad [2Jnews…
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var m Model
			feed(&m, tt.events...)
			tt.view.Now = start.Add(1500 * time.Millisecond)
			got := "\n" + strings.Join(m.Lines(tt.view), "\n") + "\n"
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestColors(t *testing.T) {
	var m Model
	feed(&m, started("a"), started("b"), completed("a", 1, 1), failed("b", "x"))
	got := m.Lines(View{Now: start, Frame: -1, Width: 80, Height: 9, Color: true})[1:]
	want := []string{"  \x1b[32m✓\x1b[0m a    1 ms  1.00", "  \x1b[31m✗\x1b[0m b    3 ms  x"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// screen is a terminal that understands what Display sends.
type screen struct {
	lines []string
	row   int
}

func (s *screen) Write(b []byte) (int, error) {
	text := string(b)
	for text != "" {
		if strings.HasPrefix(text, "\x1b[") {
			end := strings.IndexAny(text[2:], "AJKm") + 2
			n := 0
			if _, err := fmt.Sscanf(text[2:end], "%d", &n); err != nil {
				n = 0
			}
			switch text[end] {
			case 'A':
				s.row -= n
			case 'J':
				s.lines = s.lines[:min(s.row, len(s.lines))]
			case 'K':
				if s.row < len(s.lines) {
					s.lines[s.row] = ""
				}
			}
			text = text[end+1:]
			continue
		}
		r := []rune(text)[0]
		text = text[len(string(r)):]
		switch r {
		case '\r':
		case '\n':
			s.row++
		default:
			for s.row >= len(s.lines) {
				s.lines = append(s.lines, "")
			}
			s.lines[s.row] += string(r)
		}
	}
	return len(b), nil
}

// TestDisplay follows what stands on the terminal while other output and a
// question come in between.
func TestDisplay(t *testing.T) {
	s := &screen{}
	d := Start(s, func() (int, int) { return 80, 24 }, false)
	d.Event(started("anna"))
	d.Event(completed("anna", 0.9, 5))
	tick := func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.draw(0)
	}
	tick()
	d.Aside(func() { fmt.Fprintln(s, "printed") })
	tick()
	tick()
	d.Pause()
	fmt.Fprintln(s, "Publish?")
	d.Resume()
	d.Close()
	var got []string
	for _, l := range s.lines {
		got = append(got, strings.Split(l, " answered")[0])
	}
	want := []string{"printed", "Publish?", "running: 1 of 1", "  ✓ anna    5 ms  0.90"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDisplayWithoutAgents(t *testing.T) {
	s := &screen{}
	d := Start(s, func() (int, int) { return 80, 24 }, false)
	d.Event(engine.Event{Type: engine.Started, Time: start})
	d.Close()
	if len(s.lines) > 0 {
		t.Errorf("drew %q", s.lines)
	}
}
