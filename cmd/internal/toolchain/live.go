package toolchain

import (
	"context"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/parallaxai/parallax/cmd/internal/progress"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
)

// live is the progress of a run on a terminal; without one it shows nothing.
type live struct{ display *progress.Display }

// watch begins to show the progress of a run on standard error when that is a
// terminal. A trace is progress of its own.
func watch(cmd *cobra.Command, f runFlags) *live {
	out, ok := cmd.ErrOrStderr().(*os.File)
	if !ok || f.trace || !isTerminal(out) || os.Getenv("TERM") == "dumb" {
		return &live{}
	}
	size := func() (int, int) {
		w, h, err := term.GetSize(int(out.Fd()))
		if err != nil || w <= 0 || h <= 0 {
			return 80, 24
		}
		return w, h
	}
	return &live{progress.Start(out, size, colours(out))}
}

// events shows events and passes them on to a printer.
func (l *live) events(next func(engine.Event)) func(engine.Event) {
	if l.display == nil {
		return next
	}
	return func(e engine.Event) {
		l.display.Event(e)
		switch e.Type {
		case engine.Printed, engine.Logged:
			l.display.Aside(func() { next(e) })
		default:
			next(e)
		}
	}
}

// asking hides the progress while a person is asked.
func (l *live) asking(h engine.Handler) engine.Handler {
	if l.display == nil {
		return h
	}
	return engine.HandlerFunc(func(ctx context.Context, e *effect.Effect) effect.Outcome {
		l.display.Pause()
		defer l.display.Resume()
		return h.Handle(ctx, e)
	})
}

// close leaves the final state on the terminal.
func (l *live) close() {
	if l.display != nil {
		l.display.Close()
	}
}
