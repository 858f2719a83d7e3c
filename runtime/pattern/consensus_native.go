package pattern

import (
	"cmp"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// consensusNative is consensus(results, options).
func consensusNative(c *vm.Call) (value.Value, error) {
	list, err := answersOf(c, "consensus")
	if err != nil {
		return value.NullValue, err
	}
	o := optionsOf(c, "consensus")
	// {strategy: "max" | "min"} picks the most or least confident value.
	switch o.word("strategy", "max", "min") {
	case "max", "min":
		if len(list) == 0 {
			return c.Attach(value.NullValue, 0, "consensus"), nil
		}
		pick := list[0]
		least := value.Text(o.get("strategy")) == "min"
		for _, a := range list[1:] {
			if (least && a.Confidence < pick.Confidence) || (!least && a.Confidence > pick.Confidence) {
				pick = a
			}
		}
		return c.Attach(pick.Value, pick.Confidence, "consensus", pick.Source), nil
	}
	co := ConsensusOptions{
		Threshold:     o.number("threshold", 0, 1, DefaultThreshold),
		MinVotes:      o.count("minVotes"),
		MinConfidence: o.number("minConfidence", 0, 1, 0),
		Resolution:    o.word("conflictResolution", "weighted", "first", "highest-confidence", "majority", "fail"),
		Fields:        o.fields(),
		Field:         cmp.Or(o.text("field"), o.text("by")),
		Normalize:     o.flag("normalize"),
	}
	if o.err != nil {
		return value.NullValue, o.err
	}
	r, err := Agree(list, co)
	if err != nil {
		return value.NullValue, wrap(err)
	}
	var keys []string
	var vals []value.Value
	for _, f := range r.Fields {
		keys = append(keys, f.Name)
		vals = append(vals, c.Object("value", f.Value, "agreement", value.Num(f.Agreement), "confidence", value.Num(f.Confidence), "reached", value.Bool(f.Reached)))
	}
	obj := c.Object("result", r.Value, "confidence", value.Num(r.Confidence), "agreement", value.Num(r.Agreement),
		"agreementScore", value.Num(r.Agreement), "reached", value.Bool(r.Reached), "fields", value.ObjectOf(keys, vals).Value(),
		"agreements", agents(r.Agreeing), "count", value.Int(len(r.Answers)), "agents", agents(r.Answers), "dissent", votes(c, r.Dissent))
	return c.Derive(obj, r.Confidence, "consensus", func() (string, []*value.Why) {
		return r.explain(co.Threshold), said(r.Answers, nil)
	}), nil
}
