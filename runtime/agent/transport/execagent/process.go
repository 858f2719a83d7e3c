package execagent

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/parallaxai/parallax/runtime/agent"
)

// process is a running program. One task at a time uses it.
type process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan line     // from its standard output; closed at its end
	ended chan struct{} // closed when it has exited and all its output is read
	quit  chan struct{} // closed when nobody reads lines any more
	once  sync.Once
	given chan struct{} // closed when it is given up, so that what it writes does not matter
	up    sync.Once     // closes given
	limit int
	err   error // how it exited; after ended

	mu   sync.Mutex
	tail []string // the last lines of its standard error
}

type line struct {
	text []byte
	err  error
}

// start starts a process in a group of its own.
func start(c command) (*process, error) {
	env, err := c.environ()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Dir, cmd.Env = c.dir, env
	ownGroup(cmd)
	p := &process{cmd: cmd, lines: make(chan line), ended: make(chan struct{}), quit: make(chan struct{}), given: make(chan struct{}), limit: c.limit}
	if p.in, err = cmd.StdinPipe(); err != nil {
		return nil, agent.Retryf("can't start %s: %w", c.args[0], err)
	}
	// Pipes of our own: those of exec.Cmd are closed as soon as the process ends,
	// with what is left in them.
	out, outEnd, err := os.Pipe()
	if err != nil {
		return nil, agent.Retryf("can't start %s: %w", c.args[0], errors.Join(err, p.in.Close()))
	}
	diag, diagEnd, err := os.Pipe()
	if err != nil {
		return nil, agent.Retryf("can't start %s: %w", c.args[0], errors.Join(err, p.in.Close(), out.Close(), outEnd.Close()))
	}
	cmd.Stdout, cmd.Stderr = outEnd, diagEnd
	err = cmd.Start()
	closed := errors.Join(outEnd.Close(), diagEnd.Close())
	if err != nil {
		return nil, startError(c.args[0], errors.Join(err, closed, p.in.Close(), out.Close(), diag.Close()))
	}
	var readers sync.WaitGroup
	readers.Go(func() { p.readLines(out) })
	readers.Go(func() { p.readLog(diag, c.log) })
	go func() {
		p.err = cmd.Wait()
		killGroup(cmd) // children that outlive it would keep its output open
		read := make(chan struct{})
		go func() { readers.Wait(); close(read) }()
		// Those that left the group may do so all the same.
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-read:
		case <-p.given:
		case <-timer.C:
		}
		_, _ = out.Close(), diag.Close()
		<-read
		close(p.ended)
	}()
	return p, nil
}

func startError(name string, err error) error {
	switch {
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return agent.Failf("can't start %s: there is no such program", name)
	case errors.Is(err, fs.ErrPermission):
		return agent.Failf("can't start %s: it may not be executed", name)
	}
	return agent.Retryf("can't start %s: %w", name, err)
}

// readLines passes on the lines of the standard output. A line that is too long
// ends it.
func (p *process) readLines(out io.ReadCloser) {
	defer close(p.lines)
	defer out.Close()
	r := bufio.NewReaderSize(out, 64<<10)
	for {
		var text []byte
		for {
			part, err := r.ReadSlice('\n')
			text = append(text, part...)
			if len(text) > p.limit {
				p.pass(line{err: garbage{fmt.Sprintf("wrote a line of more than %d bytes", p.limit)}})
				_, _ = io.Copy(io.Discard, r) // so that it does not block before it is killed
				return
			}
			if err == nil {
				break
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				if len(bytes.TrimSpace(text)) > 0 {
					p.pass(line{text: text})
				}
				return
			}
		}
		if text = bytes.TrimSpace(text); len(text) > 0 && !p.pass(line{text: text}) {
			_, _ = io.Copy(io.Discard, r) // likewise
			return
		}
	}
}

func (p *process) pass(l line) bool {
	select {
	case p.lines <- l:
		return true
	case <-p.quit:
		return false
	}
}

// Bounds of what is kept of the standard error.
const (
	tailLines  = 5
	maxLogLine = 4 << 10
)

func (p *process) readLog(diag io.ReadCloser, log func(string)) {
	defer diag.Close()
	r := bufio.NewReaderSize(diag, maxLogLine)
	for {
		part, err := r.ReadSlice('\n')
		if text := strings.TrimSpace(strings.ToValidUTF8(string(part), "\uFFFD")); text != "" {
			log(text)
			p.mu.Lock()
			p.tail = append(p.tail, text)
			if len(p.tail) > tailLines {
				p.tail = p.tail[1:]
			}
			p.mu.Unlock()
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

// alive reports whether the process has neither exited nor written anything that
// nobody asked for.
func (p *process) alive() bool {
	select {
	case <-p.ended:
		return false
	case <-p.lines: // a line without a task, or the end of the output
		return false
	default:
		return true
	}
}

// do gives the process a task and reads until the reply. healthy tells whether it
// can have another one. With last its input ends behind the task.
func (p *process) do(ctx context.Context, t agent.Task, text []byte, last bool) (reply agent.Reply, healthy bool, err error) {
	// The process may write before it reads, so that writing can block.
	written := make(chan error, 1)
	go func() {
		_, err := p.in.Write(append(text, '\n'))
		if last {
			err = errors.Join(err, p.in.Close())
		}
		written <- err
	}()
	for {
		select {
		case <-ctx.Done():
			p.abort()
			<-written
			return reply, false, context.Cause(ctx)
		case l, ok := <-p.lines:
			if ok && l.err == nil {
				var done bool
				if reply, done, err = decode(l.text, t); !done {
					continue
				}
			} else {
				err = l.err
			}
			if !ok {
				err = p.exitError(ctx)
			}
			var bad garbage
			if !ok || errors.As(err, &bad) {
				p.abort()
			}
			if werr := p.wait(ctx, written); err == nil && werr != nil {
				return reply, false, nil // the reply counts, but nothing more will come
			}
			return reply, ok && !errors.As(err, &bad), err
		}
	}
}

// wait waits until the task is written. A process that answers before it has read
// its task does not end by itself.
func (p *process) wait(ctx context.Context, written <-chan error) error {
	select {
	case err := <-written:
		return err
	case <-ctx.Done():
		p.abort()
		return <-written
	}
}

// exitError tells why the output ended before a reply. It waits a while for the end
// of the process, which tells more.
func (p *process) exitError(ctx context.Context) error {
	t := time.NewTimer(grace)
	defer t.Stop()
	how := "closed its output without a reply"
	select {
	case <-p.ended:
		var exit *exec.ExitError
		switch {
		case p.err == nil:
			how = "exited without a reply"
		case errors.As(p.err, &exit):
			how = "ended without a reply: " + exit.Error()
		}
	case <-t.C:
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.tail) > 0 {
		how += ": " + agent.Shorten(strings.Join(p.tail, " | "))
	}
	return agent.Retryf("the program %s", how)
}

// signal kills the process and its children.
func (p *process) signal() {
	select {
	case <-p.ended: // its number may be another one's by now
	default:
		killGroup(p.cmd)
	}
}

// abort is signal that ends writing to the process and reading from it as well,
// even if another one holds its input or output open.
func (p *process) abort() {
	p.up.Do(func() { close(p.given) })
	p.signal()
	_ = p.in.Close() // it may be closed already
}

// kill ends the process by force and waits for its end.
func (p *process) kill() {
	p.once.Do(func() { close(p.quit) })
	p.abort()
	<-p.ended
}

// finish ends the process by the end of its input, by force when that takes
// longer than d.
func (p *process) finish(d time.Duration) {
	p.once.Do(func() { close(p.quit) })
	_ = p.in.Close() // it may be closed already
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-p.ended:
	case <-t.C:
		p.kill()
	}
}
