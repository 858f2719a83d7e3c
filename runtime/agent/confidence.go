package agent

import (
	"github.com/parallaxai/parallax/runtime/agent/settings"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// trust says where the confidence of an agent's answers comes from. nil is what
// the reply states.
type trust struct {
	from  string // "stated", "field", "logprobs", "fixed"
	path  settings.Path
	fixed float64
}

// loadTrust reads {from: field, path: score}, {from: logprobs}, {from: stated} or
// {from: fixed, value: 0.8}; a number alone is fixed. On a mock only a map is a
// source: anything else is what it claims.
func loadTrust(b *settings.Block, mock bool) *trust {
	n := b.Get("confidence")
	if !n.Exists() || mock && !n.IsMap() {
		return nil
	}
	if n.IsScalar() {
		return &trust{from: "fixed", fixed: b.Number("confidence", 0.5, 0, 1)}
	}
	c := n.Block("confidence")
	t := &trust{from: c.OneOf("from", "stated", "field", "logprobs", "stated", "fixed")}
	switch t.from {
	case "field":
		t.path = c.Path("path")
		if t.path == nil && !c.Has("path") {
			c.Missing("path").WithHint("path names the field of the result that holds the confidence, such as scores.best")
		}
	case "fixed":
		if !c.Has("value") {
			c.Missing("value").WithHint("value is the confidence that every answer gets")
		}
		t.fixed = c.Number("value", 0.5, 0, 1)
	}
	c.Done()
	if t.from == "stated" {
		return nil
	}
	return t
}

// judge returns the confidence of a reply and whether it was stated, not assumed.
func (t *trust) judge(r Reply) (c float64, stated bool) {
	if t == nil {
		return effect.StatedConfidence(r.Confidence)
	}
	switch t.from {
	case "field":
		v, _ := t.path.Find(r.Result)
		return effect.StatedConfidence(v)
	case "logprobs":
		if r.TokenEvidence == nil {
			return effect.StatedConfidence(r.Confidence)
		}
		return effect.StatedConfidence(value.Num(*r.TokenEvidence))
	}
	return t.fixed, true
}
