package grpcagent

import (
	"testing"

	"google.golang.org/protobuf/proto"

	pb "github.com/parallaxai/parallax/runtime/agent/transport/grpcagent/confidencepb"
	"github.com/parallaxai/parallax/runtime/value"
)

// FuzzAnswer checks that no bytes of an answer make the reader panic, and that
// what it accepts is data.
func FuzzAnswer(f *testing.F) {
	c := -0.5
	for _, m := range []*pb.ConfidenceResult{
		{ValueJson: `{"a": [1]}`, Confidence: &c, Metadata: map[string]string{"k": "v"}, Usage: &pb.Usage{TokensIn: -1, Cost: 1e300}},
		{ValueJson: "[", Uncertainties: []string{"x"}},
		{Partial: &pb.Partial{Delta: "x", Percent: -3}},
	} {
		text, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var m pb.ConfidenceResult
		if proto.Unmarshal(text, &m) != nil {
			return
		}
		if p := m.GetPartial(); p != nil {
			if n := partOf(p).Percent; !(n >= 0 && n <= 100) {
				t.Errorf("percent %v", n)
			}
		}
		r, err := reply(&m)
		if err != nil {
			return
		}
		if _, err := value.ToJSON(r.Result, ""); err != nil {
			t.Error(err)
		}
		if r.Usage.TokensIn < 0 || r.Usage.TokensOut < 0 || !(r.Usage.Cost >= 0) {
			t.Errorf("usage %+v", r.Usage)
		}
	})
}
