package pattern_test

import (
	"fmt"
	"math"
	"sort"
	"testing"

	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/pattern"
	"github.com/parallaxai/parallax/runtime/value"
)

// drawAnswers draws answers that often agree: few values, some of them lists
// and objects, failures and null among them.
func drawAnswers(t *rapid.T) []pattern.Answer {
	pool := []value.Value{
		value.Str("a"), value.Str("b"), value.Str("1"), value.Num(1), value.Num(2), value.Bool(true), value.NullValue,
		value.NewArray([]value.Value{value.Num(1), value.Str("x")}),
		value.ObjectOf([]string{"k"}, []value.Value{value.Num(1)}).Value(),
		value.ObjectOf([]string{"decision"}, []value.Value{value.Str("a")}).Value(),
		value.ObjectOf([]string{"vote"}, []value.Value{value.NullValue}).Value(),
	}
	for _, v := range pool {
		v.Share()
	}
	n := rapid.IntRange(0, 12).Draw(t, "n")
	out := make([]pattern.Answer, n)
	for i := range out {
		out[i] = pattern.Answer{
			Agent:      fmt.Sprintf("agent%d", i),
			Value:      rapid.SampledFrom(pool).Draw(t, "value"),
			Confidence: rapid.SampledFrom([]float64{0, 0.1, 0.25, 0.5, 0.7, 0.9, 1}).Draw(t, "confidence"),
			Failed:     rapid.IntRange(0, 9).Draw(t, "failed") == 0,
		}
	}
	return out
}

var methods = []string{"", "majority", "plurality", "unanimous", "weighted"}

func unit(c float64) bool { return c >= 0 && c <= 1 }

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// TestVoteAgainstRecount counts the ballots a second time, by their text.
func TestVoteAgainstRecount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawAnswers(t)
		method := rapid.SampledFrom(methods).Draw(t, "method")
		v, err := pattern.Count(list, pattern.VoteOptions{Method: method, Proceed: true})
		if err != nil {
			t.Fatal(err)
		}
		weights, total, ballots := map[string]float64{}, 0.0, 0
		var order []string
		for _, a := range list {
			if a.Failed || a.Value.IsNull() || a.Confidence == 0 {
				continue
			}
			ballot := a.Value
			if ballot.Kind() == value.ObjectKind {
				for _, k := range []string{"vote", "decision"} {
					if d, ok := a.Value.AsObject().Get(k); ok {
						ballot = d
					}
				}
			}
			if ballot.IsNull() {
				continue
			}
			w := 1.0
			if method == "weighted" {
				w = a.Confidence
			}
			key := value.Inspect(ballot)
			if _, ok := weights[key]; !ok {
				order = append(order, key)
			}
			weights[key] += w
			total += w
			ballots++
		}
		sort.SliceStable(order, func(i, k int) bool { return weights[order[i]] > weights[order[k]]+1e-12 })
		want, share := "null", 0.0
		if len(order) > 0 {
			share = weights[order[0]] / total
			switch {
			case method == "unanimous" && len(order) > 1, (method == "" || method == "majority") && share <= 0.5:
				share = 0
			default:
				want = order[0]
			}
		}
		if len(v.Ballots) != ballots {
			t.Fatalf("%d ballots, want %d", len(v.Ballots), ballots)
		}
		tied := len(order) > 1 && near(weights[order[0]], weights[order[1]])
		if got := value.Inspect(v.Winner); got != want && !tied {
			t.Fatalf("winner %s, want %s", got, want)
		}
		if !near(v.Confidence, share) || !unit(v.Confidence) {
			t.Fatalf("confidence %v, want %v", v.Confidence, share)
		}
	})
}

// TestVoteIgnoresOrder holds for all but ties, which the earliest ballot wins.
func TestVoteIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawAnswers(t)
		o := pattern.VoteOptions{Method: rapid.SampledFrom(methods).Draw(t, "method"), Proceed: true,
			Share: rapid.Bool().Draw(t, "share"), Normalize: rapid.Bool().Draw(t, "normalize")}
		a, errA := pattern.Count(list, o)
		shuffled := rapid.Permutation(list).Draw(t, "order")
		b, errB := pattern.Count(shuffled, o)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if !o.Share && !near(a.Confidence, b.Confidence) {
			t.Fatalf("confidence %v, in another order %v", a.Confidence, b.Confidence)
		}
		if a.Share > 0.5 && (!value.Same(a.Winner, b.Winner) || !near(a.Confidence, b.Confidence)) {
			t.Fatalf("%s at %v, in another order %s at %v", value.Inspect(a.Winner), a.Confidence, value.Inspect(b.Winner), b.Confidence)
		}
	})
}

// TestDissenterNeverRaisesVote adds a ballot against the winner.
func TestDissenterNeverRaisesVote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawAnswers(t)
		o := pattern.VoteOptions{Method: rapid.SampledFrom(methods).Draw(t, "method"), Proceed: true}
		before, err := pattern.Count(list, o)
		if err != nil {
			t.Fatal(err)
		}
		if before.Winner.IsNull() {
			return
		}
		after, err := pattern.Count(append(list, pattern.Answer{Agent: "dissenter", Value: value.Str("against"),
			Confidence: rapid.Float64Range(0.01, 1).Draw(t, "confidence")}), o)
		if err != nil {
			t.Fatal(err)
		}
		if value.Same(after.Winner, before.Winner) && after.Confidence > before.Confidence+1e-12 {
			t.Fatalf("%v became %v", before.Confidence, after.Confidence)
		}
	})
}

// TestConsensusProperties: everything lies in [0, 1], the confidence is
// agreement times mean, and a result that is not reached says so.
func TestConsensusProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawAnswers(t)
		o := pattern.ConsensusOptions{
			Threshold:     rapid.SampledFrom([]float64{0, 0.3, 0.7, 1}).Draw(t, "threshold"),
			MinConfidence: rapid.SampledFrom([]float64{0, 0.5}).Draw(t, "least"),
			Resolution:    rapid.SampledFrom([]string{"", "weighted", "first", "highest-confidence", "majority"}).Draw(t, "resolution"),
		}
		c, err := pattern.Agree(list, o)
		if err != nil {
			t.Fatal(err)
		}
		sum, n := 0.0, 0
		for _, a := range list {
			if !a.Failed && !a.Value.IsNull() && a.Confidence > 0 && a.Confidence >= o.MinConfidence {
				sum += a.Confidence
				n++
			}
		}
		if len(c.Answers) != n || !unit(c.Agreement) || !unit(c.Confidence) {
			t.Fatalf("%d answers (want %d), agreement %v, confidence %v", len(c.Answers), n, c.Agreement, c.Confidence)
		}
		if n > 0 && !near(c.Confidence, c.Agreement*sum/float64(n)) {
			t.Fatalf("confidence %v, want %v", c.Confidence, c.Agreement*sum/float64(n))
		}
		if c.Reached && len(c.Fields) == 0 && c.Agreement < o.Threshold-1e-6 {
			t.Fatalf("reached at %v below %v", c.Agreement, o.Threshold)
		}
	})
}

// TestUnsureDissenterNeverRaisesConsensus: one who is no surer than the others
// lowers the confidence.
func TestUnsureDissenterNeverRaisesConsensus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		c := rapid.Float64Range(0.05, 1).Draw(t, "confidence")
		list := make([]pattern.Answer, n)
		for i := range list {
			list[i] = pattern.Answer{Value: value.Str("yes"), Confidence: c}
		}
		o := pattern.ConsensusOptions{Threshold: 0.7, Resolution: "majority"}
		before, err := pattern.Agree(list, o)
		if err != nil {
			t.Fatal(err)
		}
		after, err := pattern.Agree(append(list, pattern.Answer{Value: value.Str("no"),
			Confidence: rapid.Float64Range(0.01, c).Draw(t, "dissenter")}), o)
		if err != nil {
			t.Fatal(err)
		}
		if after.Confidence >= before.Confidence {
			t.Fatalf("%v became %v", before.Confidence, after.Confidence)
		}
	})
}

// TestMergeProperties: no method invents elements, union and intersection have
// each element once, and the confidence is the mean.
func TestMergeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "n")
		list := make([]pattern.Answer, n)
		in := map[string]int{} // in how many lists
		sum, longest := 0.0, 0
		for i := range list {
			xs := rapid.SliceOfN(rapid.IntRange(0, 5), 0, 6).Draw(t, "list")
			own := map[string]bool{}
			elems := make([]value.Value, len(xs))
			for k, x := range xs {
				elems[k] = value.Int(x)
				own[value.Inspect(elems[k])] = true
			}
			for k := range own {
				in[k]++
			}
			longest += len(xs)
			list[i] = pattern.Answer{Value: value.NewArray(elems), Confidence: rapid.Float64Range(0.1, 1).Draw(t, "confidence")}
			sum += list[i].Confidence
		}
		method := rapid.SampledFrom([]string{"concat", "union", "intersection", "deep", "shallow"}).Draw(t, "method")
		v, confidence, _ := pattern.Merge(list, pattern.MergeOptions{Method: method})
		if !near(confidence, sum/float64(n)) || !unit(confidence) {
			t.Fatalf("confidence %v, want %v", confidence, sum/float64(n))
		}
		want := longest
		if method == "union" || method == "intersection" {
			want = 0
			for _, times := range in {
				if method == "union" || times == n {
					want++
				}
			}
		}
		if got := v.AsArray().Len(); got != want {
			t.Fatalf("%s gives %s: %d elements, want %d", method, value.Inspect(v), got, want)
		}
	})
}

// TestManyAnswers keeps counting thousands of different ballots cheap.
func TestManyAnswers(t *testing.T) {
	list := make([]pattern.Answer, 20_000)
	for i := range list {
		list[i] = pattern.Answer{Value: value.Int(i % 10_000), Confidence: 0.5}
	}
	v, err := pattern.Count(list, pattern.VoteOptions{Method: "plurality"})
	if err != nil || len(v.Camps) != 10_000 || v.Winner.Float() != 0 {
		t.Fatal(err, len(v.Camps), value.Inspect(v.Winner))
	}
}
