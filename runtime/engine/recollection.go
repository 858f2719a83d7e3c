package engine

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// Recollection keeps the last good outcome of patterns by their inputs, for those
// that fall back on it ("fallback: {type: previous}"). It is safe for concurrent
// use, and one may serve any number of programs.
type Recollection struct {
	limit int

	mu      sync.Mutex
	byKey   map[effect.Digest]*list.Element
	ordered *list.List // of *recollected, the last used one in front
}

type recollected struct {
	key   effect.Digest
	value value.Value
	at    time.Time
}

// NewRecollection keeps at most limit outcomes; the one that was not used for the
// longest time goes first. It panics for a limit below 1.
func NewRecollection(limit int) *Recollection {
	if limit < 1 {
		panic(fmt.Sprintf("engine: a recollection of %d outcomes", limit))
	}
	return &Recollection{limit: limit, byKey: map[effect.Digest]*list.Element{}, ordered: list.New()}
}

// Handlers answer the effects by which patterns remember and recall.
func (r *Recollection) Handlers() map[string]Handler {
	return map[string]Handler{effect.Remember: HandlerFunc(r.remember), effect.Recall: HandlerFunc(r.recall)}
}

// keyOf is the digest of what an outcome belongs to.
func keyOf(e *effect.Effect) (effect.Digest, error) {
	of := value.NullValue
	if o := e.Request.Plain(); isObject(o) {
		of, _ = o.AsObject().Get("of")
	}
	return effect.DigestOf(effect.Recall, of)
}

func (r *Recollection) remember(ctx context.Context, e *effect.Effect) effect.Outcome {
	key, err := keyOf(e)
	if err != nil {
		return failed("REMEMBER_FAILED", err.Error())
	}
	v, _ := e.Request.Plain().AsObject().Get("value")
	r.mu.Lock()
	defer r.mu.Unlock()
	if old := r.byKey[key]; old != nil {
		r.ordered.Remove(old)
	}
	r.byKey[key] = r.ordered.PushFront(&recollected{key, v.Plain(), Now(ctx)})
	if r.ordered.Len() > r.limit {
		last := r.ordered.Remove(r.ordered.Back()).(*recollected)
		delete(r.byKey, last.key)
	}
	return effect.Outcome{}
}

// recall gives null when there is no outcome, or only one older than maxAge.
func (r *Recollection) recall(ctx context.Context, e *effect.Effect) effect.Outcome {
	key, err := keyOf(e)
	if err != nil {
		return failed("RECALL_FAILED", err.Error())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	found := r.byKey[key]
	if found == nil {
		return effect.Outcome{}
	}
	kept := found.Value.(*recollected)
	if age, _ := e.Request.Plain().AsObject().Get("maxAge"); age.PlainKind() == value.Number &&
		milliseconds(Now(ctx).Sub(kept.at)) > age.Plain().Float() {
		return effect.Outcome{}
	}
	r.ordered.MoveToFront(found)
	return effect.Outcome{Value: kept.value}
}
