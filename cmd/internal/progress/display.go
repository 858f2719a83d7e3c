package progress

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/parallaxai/parallax/runtime/engine"
)

// interval is the time between two drawings.
const interval = 100 * time.Millisecond

// Display draws the progress of one execution on a terminal. Its methods may be
// called by several goroutines at once.
type Display struct {
	w     io.Writer
	size  func() (width, height int)
	color bool

	mu     sync.Mutex
	model  Model
	frame  int
	drawn  int // lines on the terminal that belong to the display
	paused int
	stop   chan struct{}
	ended  chan struct{}
}

// Start begins to draw on a terminal whose size is asked before each drawing.
// Nothing is drawn before an agent is asked. Close must be called.
func Start(w io.Writer, size func() (width, height int), color bool) *Display {
	d := &Display{w: w, size: size, color: color, stop: make(chan struct{}), ended: make(chan struct{})}
	go d.animate()
	return d
}

func (d *Display) animate() {
	defer close(d.ended)
	t := time.NewTicker(interval)
	defer t.Stop()
	for {
		select {
		case <-d.stop:
			return
		case <-t.C:
			d.mu.Lock()
			d.frame++
			if d.paused == 0 {
				d.draw(d.frame)
			}
			d.mu.Unlock()
		}
	}
}

// Event takes in an event of the execution; it does not draw.
func (d *Display) Event(e engine.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.model.Apply(e)
}

// Aside clears the display, calls f, which may print to the terminal, and goes on.
func (d *Display) Aside(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.erase()
	f()
}

// Pause clears the display until Resume, so that a person can be asked.
func (d *Display) Pause() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.paused++
	d.erase()
}

// Resume goes on after Pause.
func (d *Display) Resume() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.paused--
}

// Close draws the final state, which stays on the terminal, and ends the drawing.
func (d *Display) Close() {
	close(d.stop)
	<-d.ended
	d.mu.Lock()
	defer d.mu.Unlock()
	d.draw(-1)
	d.drawn = 0
}

// draw replaces what the display has drawn before. A terminal that can't be
// written to is no reason to stop the execution, so that errors are dropped.
func (d *Display) draw(frame int) {
	if d.model.Empty() {
		return
	}
	width, height := d.size()
	lines := d.model.Lines(View{Now: time.Now(), Frame: frame, Width: max(width, 20), Height: max(min(height-1, maxLines), 3), Color: d.color})
	var b strings.Builder
	if d.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", d.drawn)
	}
	for _, l := range lines {
		b.WriteString("\r\x1b[2K" + l + "\n")
	}
	b.WriteString("\x1b[J")
	d.drawn = len(lines)
	_, _ = io.WriteString(d.w, b.String())
}

// maxLines is how much of a tall terminal the display takes.
const maxLines = 30

func (d *Display) erase() {
	if d.drawn == 0 {
		return
	}
	_, _ = fmt.Fprintf(d.w, "\x1b[%dA\r\x1b[J", d.drawn)
	d.drawn = 0
}
