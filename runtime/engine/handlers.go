package engine

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// sleep waits for the requested number of milliseconds.
func sleep(ctx context.Context, e *effect.Effect) effect.Outcome {
	ms := e.Request.Plain()
	if ms.Kind() != value.Number || math.IsNaN(ms.Float()) || ms.Float() < 0 {
		return failed("INVALID_DURATION", "a time to wait is a number of milliseconds, not negative")
	}
	d := time.Duration(math.MaxInt64)
	if ns := ms.Float() * float64(time.Millisecond); ns < math.MaxInt64 {
		d = time.Duration(ns)
	}
	if err := Sleep(ctx, d); err != nil {
		return failed("CANCELLED", err.Error())
	}
	return effect.Outcome{}
}

// unsupported answers effects for which the host has no handler.
func unsupported(_ context.Context, e *effect.Effect) effect.Outcome {
	if e.Kind == effect.LLM {
		return effect.Outcome{Err: &effect.Error{Code: CodeLLMNotConfigured, Name: "LLM_NOT_CONFIGURED",
			Message: "No language model is configured, so llm() can't be called"}}
	}
	return failed("UNSUPPORTED_EFFECT", fmt.Sprintf("This host can't %s: nothing is configured for it", describeKind(e.Kind)))
}

func failed(name, message string) effect.Outcome {
	return effect.Outcome{Err: &effect.Error{Code: CodeNoHandler, Name: name, Message: message}}
}
