package grpcagent

import (
	"encoding/json"
	"math"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/parallaxai/parallax/runtime/agent"
	pb "github.com/parallaxai/parallax/runtime/agent/transport/grpcagent/confidencepb"
	"github.com/parallaxai/parallax/runtime/value"
)

// request makes the message of a task.
func request(t agent.Task) (*pb.AgentRequest, error) {
	r := &pb.AgentRequest{TaskId: t.ID, TaskDescription: t.Description, PatternName: t.Pattern, ExecutionId: t.ExecutionID, Step: t.Step,
		Attempt: int32(min(t.Attempt, math.MaxInt32)), TimeoutMs: int32(min(t.Timeout.Milliseconds(), math.MaxInt32))}
	data := t.Data.Plain()
	if !data.IsNull() {
		text, err := toJSON(data)
		if err != nil {
			return nil, err
		}
		if data.Kind() == value.ObjectKind {
			r.Data = &structpb.Struct{}
			if err := r.Data.UnmarshalJSON(text); err != nil {
				return nil, agent.Failf("the task can't be sent: %w", err)
			}
		} else {
			r.DataJson = string(text)
		}
	}
	if c := t.Context.Plain(); c.Kind() == value.ObjectKind {
		r.Context = map[string]string{}
		for k, v := range c.AsObject().All() {
			if v = v.Plain(); v.Kind() == value.StringKind {
				r.Context[k] = v.AsString().Go()
				continue
			}
			text, err := toJSON(v)
			if err != nil {
				return nil, err
			}
			r.Context[k] = string(text)
		}
	}
	return r, nil
}

func toJSON(v value.Value) (json.RawMessage, error) {
	text, err := value.ToJSON(v, "")
	if err != nil {
		return nil, agent.Failf("the task can't be sent: %w", err)
	}
	return text.Text, nil
}

// reply reads an answer.
func reply(res *pb.ConfidenceResult) (agent.Reply, error) {
	if res == nil {
		return agent.Reply{}, agent.Failf("the agent sent no answer")
	}
	if res.GetValueJson() == "" {
		return agent.Reply{}, agent.Failf("the answer has no value_json")
	}
	v, err := value.FromJSON([]byte(res.GetValueJson()))
	if err != nil {
		return agent.Reply{}, agent.Failf("value_json is no JSON: %w", err)
	}
	r := agent.Reply{Result: v, Reasoning: res.GetReasoning(), Uncertainties: res.GetUncertainties()}
	if res.Confidence != nil {
		r.Confidence = value.Num(*res.Confidence)
	}
	if u := res.GetUsage(); u != nil {
		// Amounts that can't be count as unknown.
		r.Usage.TokensIn, r.Usage.TokensOut = int(max(u.GetTokensIn(), 0)), int(max(u.GetTokensOut(), 0))
		if c := u.GetCost(); c >= 0 && !math.IsInf(c, 1) {
			r.Usage.Cost = c
		}
	}
	if m := res.GetMetadata(); len(m) > 0 {
		text, err := json.Marshal(m) // keys in order
		if err != nil {
			return r, agent.Failf("the answer's metadata can't be read: %w", err)
		}
		if r.Metadata, err = value.FromJSON(text); err != nil {
			return r, agent.Failf("the answer's metadata can't be read: %w", err)
		}
	}
	return r, nil
}

// partOf reads a part of an answer.
func partOf(p *pb.Partial) agent.Partial {
	out := agent.Partial{Text: p.GetDelta(), Note: p.GetNote()}
	if n := p.GetPercent(); n > 0 {
		out.Percent = min(n, 100)
	}
	return out
}
