package engine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// Terminal answers Ask effects: it prints the question and reads a line.
// Questions are asked one after another. The answer is the line as a string;
// for a question with options one of them, chosen by its text or number.
type Terminal struct {
	mu      sync.Mutex
	in      *bufio.Reader
	out     io.Writer
	pending chan line // a read that is under way, nil without
}

type line struct {
	text string
	err  error
}

// NewTerminal returns a handler of effect.Ask. When a question is cancelled while
// it waits for an answer, the read goes on and its line answers the next question,
// as a read can't be cancelled.
func NewTerminal(in io.Reader, out io.Writer) *Terminal {
	return &Terminal{in: bufio.NewReader(in), out: out}
}

// Handle asks the question of an effect.
func (t *Terminal) Handle(ctx context.Context, e *effect.Effect) effect.Outcome {
	t.mu.Lock()
	defer t.mu.Unlock()
	options := choices(e.Request)
	prompt := askText(e.Request, options)
	for {
		if ctx.Err() != nil {
			return askFailed(context.Cause(ctx))
		}
		if _, err := io.WriteString(t.out, prompt); err != nil {
			return askFailed(err)
		}
		l, err := t.readLine(ctx)
		if err != nil {
			return askFailed(err)
		}
		if v, ok := choose(l, options); ok {
			return effect.Outcome{Value: v}
		}
		prompt = fmt.Sprintf("Please answer with one of the options or its number, 1 to %d.\n> ", len(options))
	}
}

func (t *Terminal) readLine(ctx context.Context) (string, error) {
	if t.pending == nil {
		c := make(chan line, 1)
		t.pending = c
		go func() {
			text, err := t.in.ReadString('\n')
			if errors.Is(err, io.EOF) && text != "" {
				err = nil
			}
			c <- line{strings.TrimRight(text, "\r\n"), err}
		}()
	}
	select {
	case l := <-t.pending:
		t.pending = nil
		if errors.Is(l.err, io.EOF) {
			return "", errors.New("there is no answer: the input has ended")
		}
		return l.text, l.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

func askFailed(err error) effect.Outcome {
	return effect.Outcome{Err: &effect.Error{Code: CodeAskFailed, Name: "ASK_FAILED", Message: "The question was not answered: " + err.Error()}}
}

// choices returns the options of a question: the request's options are an array,
// or an object with the array "options" or "choices".
func choices(request value.Value) []value.Value {
	request = request.Plain()
	for range 2 {
		if !isObject(request) {
			break
		}
		o := request.AsObject()
		v, ok := o.Get("options")
		if !ok {
			v, _ = o.Get("choices")
		}
		request = v.Plain()
	}
	if request.Kind() != value.ArrayKind {
		return nil
	}
	return request.AsArray().Elems()
}

// askText is what the person sees.
func askText(request value.Value, options []value.Value) string {
	var b strings.Builder
	question := textOf(request, "question")
	if question == "" && !isObject(request.Plain()) {
		question = value.Text(request)
	}
	b.WriteString(question + "\n")
	for i, o := range options {
		fmt.Fprintf(&b, "  %d) %s\n", i+1, value.Text(o))
	}
	b.WriteString("> ")
	return b.String()
}

// choose finds the option that an answer means.
func choose(answer string, options []value.Value) (value.Value, bool) {
	if len(options) == 0 {
		return value.Str(strings.ToValidUTF8(answer, "\uFFFD")), true
	}
	answer = strings.TrimSpace(answer)
	for _, o := range options {
		if strings.EqualFold(value.Text(o), answer) {
			return o, true
		}
	}
	if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(options) {
		return options[n-1], true
	}
	return value.NullValue, false
}
