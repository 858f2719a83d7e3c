package pattern

import (
	"errors"
	"strings"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// Natives are the aggregation functions of Prism by name.
func Natives() map[string]value.Value {
	out := map[string]value.Value{}
	def := func(name string, min, max int, fn vm.NativeFunc) {
		out[name] = vm.NewNative(name, min, max, fn).Value()
	}
	def("vote", 1, 2, voteNative)
	def("consensus", 1, 2, consensusNative)
	def("merge", 1, 2, mergeNative)
	def("best", 1, 2, bestNative)
	def("first", 1, 2, firstNative)
	def("synthesize", 1, 1, func(c *vm.Call) (value.Value, error) {
		list, err := answersOf(c, "synthesize")
		if err != nil {
			return value.NullValue, err
		}
		a, ok := top(valid(list))
		if !ok {
			return c.Attach(value.NullValue, 0, "synthesize"), nil
		}
		return c.Attach(a.Value, a.Confidence, "synthesize", a.Source), nil
	})
	def("majorityVote", 1, 1, func(c *vm.Call) (value.Value, error) {
		list, err := answersOf(c, "majorityVote")
		if err != nil {
			return value.NullValue, err
		}
		ok := valid(list)
		if len(ok) == 0 {
			return c.Attach(value.NullValue, 0, "majorityVote"), nil
		}
		var best *camp
		for _, camp := range camps(ok, func(Answer) float64 { return 1 }) {
			if best == nil || len(camp.answers) > len(best.answers) {
				best = camp
			}
		}
		return c.Attach(best.value, float64(len(best.answers))/float64(len(ok)), "majorityVote"), nil
	})
	def("average", 1, 1, func(c *vm.Call) (value.Value, error) {
		list, err := answersOf(c, "average")
		if err != nil {
			return value.NullValue, err
		}
		v, _ := average(valid(list))
		if v.IsNull() {
			return v, c.Errorf(codeArgument, "average needs numbers, and there are none")
		}
		return c.Combined(v, "average", c.Args[0].Plain().AsArray().Elems()...), nil
	})
	return out
}

// Codes of failed aggregations.
const (
	codeArgument diag.Code = "R1101"
	codeFailed   diag.Code = "R1102"
)

func answersOf(c *vm.Call, who string) ([]Answer, error) {
	p := c.Args[0].Plain()
	if p.Kind() != value.ArrayKind {
		return nil, c.Errorf(codeArgument, "%s needs an array of results, not %s", who, value.Inspect(p))
	}
	p.Share()
	value.ShareAll(p.AsArray().Elems())
	return Answers(p.AsArray().Elems()), nil
}

// options reads the trailing object; keys are found in snake_case and camelCase.
type options struct {
	c   *vm.Call
	who string
	obj *value.Object
	err error
}

func optionsOf(c *vm.Call, who string) *options {
	o := &options{c: c, who: who}
	switch p := c.Arg(1).Plain(); p.Kind() {
	case value.Null:
	case value.ObjectKind:
		o.obj = p.AsObject()
	default:
		o.err = c.Errorf(codeArgument, "the options of %s are an object, not %s", who, value.Inspect(p))
	}
	return o
}

func (o *options) get(key string) value.Value {
	if o.obj == nil {
		return value.NullValue
	}
	if v, ok := o.obj.Get(key); ok {
		return v.Plain()
	}
	var snake strings.Builder
	for _, r := range key {
		if r >= 'A' && r <= 'Z' {
			snake.WriteByte('_')
			r += 'a' - 'A'
		}
		snake.WriteRune(r)
	}
	v, _ := o.obj.Get(snake.String())
	return v.Plain()
}

func (o *options) fail(key, want string, got value.Value) {
	if o.err == nil {
		o.err = o.c.Errorf(codeArgument, "%s: %s is %s, not %s", o.who, key, want, value.Inspect(got))
	}
}

func (o *options) number(key string, lo, hi float64) float64 {
	v := o.get(key)
	if v.IsNull() {
		return 0
	}
	if !v.IsNumber() || !(v.Float() >= lo && v.Float() <= hi) {
		o.fail(key, "a number from "+value.NumberText(lo)+" to "+value.NumberText(hi), v)
		return 0
	}
	return v.Float()
}

func (o *options) count(key string) int { return int(o.number(key, 0, 1e9)) }

func (o *options) flag(key string) bool { return o.get(key).Truthy() }

// word reads one of a closed list of words.
func (o *options) word(key string, words ...string) string {
	v := o.get(key)
	if v.IsNull() {
		return ""
	}
	s := value.Text(v)
	s = strings.ReplaceAll(s, "_", "-")
	for _, w := range words {
		if s == w {
			return s
		}
	}
	if o.err == nil {
		hint := "it is one of " + strings.Join(words, ", ")
		if near := diag.Suggest(s, words); near != "" {
			hint = "did you mean " + near + "?"
		}
		o.err = o.c.Errorf(codeArgument, "%s: there is no %s %q; %s", o.who, key, s, hint)
	}
	return ""
}

// wrap makes a run-time error of a failed aggregation.
func wrap(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return &vm.Error{Code: codeFailed, Name: e.Code, Message: e.Message}
	}
	return err
}

func voteNative(c *vm.Call) (value.Value, error) {
	list, err := answersOf(c, "vote")
	if err != nil {
		return value.NullValue, err
	}
	o := optionsOf(c, "vote")
	vo := VoteOptions{
		Method:     o.word("method", "majority", "plurality", "unanimous", "weighted"),
		MinVotes:   o.count("minVotes"),
		Proceed:    o.word("onInsufficientVotes", "fail", "proceed") == "proceed",
		TieBreaker: o.word("tieBreaker", "first", "random", "highest-confidence"),
		NoMajority: o.word("noMajorityBehavior", "none", "plurality", "fail"),
		Share:      o.word("confidence", "share", "weighted-share") == "weighted-share",
	}
	if f := o.get("field"); !f.IsNull() {
		vo.Field = value.Text(f)
	}
	if f := o.get("by"); !f.IsNull() {
		vo.Field = value.Text(f)
	}
	if w := o.get("weights"); w.Kind() == value.ObjectKind {
		vo.Weights = map[string]float64{}
		for k, v := range w.AsObject().All() {
			if !v.Plain().IsNumber() || !(v.Plain().Float() >= 0) {
				o.fail("weights."+k, "a number, not negative", v)
				break
			}
			vo.Weights[k] = v.Plain().Float()
		}
		if vo.Method == "" {
			vo.Method = "weighted"
		}
	}
	if o.err != nil {
		return value.NullValue, o.err
	}
	if vo.MinVotes == 0 && len(ballots(valid(list), vo.Field)) == 0 {
		vo.Proceed = true // nothing to count: null at confidence 0
	}
	v, err := Count(list, vo)
	if err != nil {
		return value.NullValue, wrap(err)
	}
	return c.Attach(v.object(c), v.Confidence, "vote", sources(v.Ballots)...), nil
}

func sources(list []Answer) []value.Value {
	out := make([]value.Value, len(list))
	for i, a := range list {
		out[i] = a.Source
	}
	return out
}

// keyOf is how a value names itself as a key: text, or compact JSON.
func keyOf(v value.Value) string {
	if v.Kind() == value.StringKind {
		return v.AsString().Go()
	}
	j, err := value.ToJSON(v, "")
	if err != nil {
		return value.Text(v)
	}
	return string(j.Text)
}

func (v *Vote) object(c *vm.Call) value.Value {
	var keys []string
	var shares, counts, rankings []value.Value
	for _, camp := range v.Camps {
		keys = append(keys, keyOf(camp.value))
		share := 0.0
		if v.Total > 0 {
			share = camp.weight / v.Total
		}
		shares = append(shares, value.Num(share))
		counts = append(counts, value.Int(len(camp.answers)))
		rankings = append(rankings, c.Object("value", camp.value, "score", value.Num(camp.weight), "count", value.Int(len(camp.answers))))
	}
	sortRankings(rankings)
	kind := "split"
	switch {
	case v.Unanimous && len(v.Ballots) > 0:
		kind = "unanimous"
	case !v.Winner.IsNull() && v.Confidence > 0.5:
		kind = "majority"
	}
	split := v.Winner.IsNull() || kind == "split"
	return c.Object(
		"result", v.Winner, "winner", v.Winner, "confidence", value.Num(v.Confidence),
		"distribution", value.ObjectOf(keys, shares).Value(), "counts", value.ObjectOf(append([]string(nil), keys...), counts).Value(),
		"rankings", value.NewArray(rankings), "votes", votes(c, v.Ballots),
		"unanimous", value.Bool(v.Unanimous), "isUnanimous", value.Bool(v.Unanimous), "isSplit", value.Bool(split),
		"consensusType", value.Str(kind), "count", value.Int(len(v.Ballots)), "score", value.Num(v.Confidence),
		"agents", agents(v.Ballots), "dissent", votes(c, v.Dissent))
}

func sortRankings(list []value.Value) {
	score := func(v value.Value) float64 {
		s, _ := v.AsObject().Get("score")
		return s.Float()
	}
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && score(list[j]) > score(list[j-1]); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

func votes(c *vm.Call, list []Answer) value.Value {
	out := make([]value.Value, len(list))
	for i, a := range list {
		out[i] = c.Object("agent", name(a), "value", a.Value, "confidence", value.Num(a.Confidence))
	}
	return value.NewArray(out)
}

func name(a Answer) value.Value {
	if a.Agent == "" {
		return value.NullValue
	}
	return value.Str(a.Agent)
}

func agents(list []Answer) value.Value {
	var out []value.Value
	for _, a := range list {
		if a.Agent != "" {
			out = append(out, value.Str(a.Agent))
		}
	}
	return value.NewArray(out)
}

func consensusNative(c *vm.Call) (value.Value, error) {
	list, err := answersOf(c, "consensus")
	if err != nil {
		return value.NullValue, err
	}
	o := optionsOf(c, "consensus")
	// {strategy: "max" | "min"} picks the most or least confident value.
	switch o.word("strategy", "max", "min", "agreement") {
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
		Threshold:     o.number("threshold", 0, 1),
		MinVotes:      o.count("minVotes"),
		MinConfidence: o.number("minConfidence", 0, 1),
		Resolution:    o.word("conflictResolution", "weighted", "first", "highest-confidence", "majority", "fail"),
		Fields:        o.fields(),
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
	var agreeing []value.Value
	for _, a := range r.Agreeing {
		agreeing = append(agreeing, value.Str(a))
	}
	obj := c.Object("result", r.Value, "confidence", value.Num(r.Confidence), "agreement", value.Num(r.Agreement),
		"agreementScore", value.Num(r.Agreement), "reached", value.Bool(r.Reached), "fields", value.ObjectOf(keys, vals).Value(),
		"agreements", value.NewArray(agreeing), "count", value.Int(len(r.Answers)), "dissent", votes(c, r.Dissent))
	return c.Attach(obj, r.Confidence, "consensus", sources(r.Answers)...), nil
}

// fields reads a list of names or {name, threshold, method}, or a map.
func (o *options) fields() []FieldRule {
	v := o.get("fields")
	rule := func(name string, x value.Value) FieldRule {
		r := FieldRule{Name: name}
		if x.Kind() == value.ObjectKind {
			sub := &options{c: o.c, who: o.who, obj: x.AsObject()}
			r.Threshold = sub.number("threshold", 0, 1)
			r.Method = sub.word("method", "union", "average", "majority")
			if n := sub.get("name"); !n.IsNull() {
				r.Name = value.Text(n)
			}
			if o.err == nil {
				o.err = sub.err
			}
		}
		return r
	}
	var out []FieldRule
	switch v.Kind() {
	case value.ArrayKind:
		for _, e := range v.AsArray().Elems() {
			if p := e.Plain(); p.Kind() == value.StringKind {
				out = append(out, FieldRule{Name: p.AsString().Go()})
			} else {
				out = append(out, rule("", p))
			}
		}
	case value.ObjectKind:
		for k, e := range v.AsObject().All() {
			out = append(out, rule(k, e.Plain()))
		}
	case value.Null:
	default:
		o.fail("fields", "a list of names or a map", v)
	}
	return out
}

func mergeNative(c *vm.Call) (value.Value, error) {
	list, err := answersOf(c, "merge")
	if err != nil {
		return value.NullValue, err
	}
	o := optionsOf(c, "merge")
	mo := MergeOptions{
		Method:        o.word("method", "shallow", "deep", "concat", "union", "intersection"),
		Arrays:        o.word("arrayStrategy", "concat", "union", "replace"),
		Conflict:      o.word("conflictResolution", "last", "first", "majority", "highest-confidence"),
		Deduplicate:   o.flag("deduplication") || o.flag("deduplicate"),
		Limit:         o.count("limit"),
		MinConfidence: o.number("minConfidence", 0, 1),
	}
	if k := o.get("deduplicationKey"); !k.IsNull() {
		mo.DedupKey = value.Text(k)
	}
	if f := o.get("fields"); f.Kind() == value.ArrayKind {
		mo.Fields = []string{}
		for _, e := range f.AsArray().Elems() {
			mo.Fields = append(mo.Fields, value.Text(e.Plain()))
		}
	}
	if o.err != nil {
		return value.NullValue, o.err
	}
	v, confidence, counted := Merge(list, mo)
	obj := c.Object("result", v, "confidence", value.Num(confidence), "count", value.Int(len(counted)), "agents", agents(counted))
	return c.Attach(obj, confidence, "merge", sources(counted)...), nil
}

// top is the most confident answer, the first of equals.
func top(list []Answer) (Answer, bool) {
	if len(list) == 0 {
		return Answer{}, false
	}
	best := list[0]
	for _, a := range list[1:] {
		if a.Confidence > best.Confidence {
			best = a
		}
	}
	return best, true
}

// record is the outcome of best and first.
func record(c *vm.Call, a Answer, ok bool, score value.Value, rule string) value.Value {
	if !ok {
		obj := c.Object("result", value.NullValue, "confidence", value.Num(0), "agent", value.NullValue, "score", value.NullValue)
		return c.Attach(obj, 0, rule)
	}
	obj := c.Object("result", a.Value, "confidence", value.Num(a.Confidence), "agent", name(a), "score", score)
	return c.Attach(obj, a.Confidence, rule, a.Source)
}

// bestNative is best(results) or best(results, by): the most confident answer,
// or the one for which a function gives the highest number.
func bestNative(c *vm.Call) (value.Value, error) {
	list, err := answersOf(c, "best")
	if err != nil {
		return value.NullValue, err
	}
	ok := valid(list)
	by := c.Arg(1)
	if p := by.Plain(); p.Kind() == value.ObjectKind {
		by, _ = p.AsObject().Get("by")
	}
	if by.PlainKind() == value.Function {
		return c.Begin(&bestStep{list: ok, by: by})
	}
	if !by.IsNull() {
		return value.NullValue, c.Errorf(codeArgument, "best: by is a function of the result, not %s", value.Inspect(by))
	}
	a, found := top(ok)
	return record(c, a, found, value.Num(a.Confidence), "best"), nil
}

type bestStep struct {
	list  []Answer
	by    value.Value
	i     int
	best  int
	score float64
}

func (s *bestStep) Step(c *vm.Call, ret value.Value) (value.Value, error) {
	if s.i > 0 {
		p := ret.Plain()
		if !p.IsNumber() {
			return value.NullValue, c.Errorf(codeArgument, "best: by must give a number, not %s", value.Inspect(p))
		}
		if s.i == 1 || p.Float() > s.score {
			s.best, s.score = s.i-1, p.Float()
		}
	}
	if s.i < len(s.list) {
		s.i++
		return c.Invoke(s.by, s.list[s.i-1].Source)
	}
	if len(s.list) == 0 {
		return record(c, Answer{}, false, value.NullValue, "best"), nil
	}
	return record(c, s.list[s.best], true, value.Num(s.score), "best"), nil
}

// firstNative is first(results, {minConfidence}): the earliest good answer.
func firstNative(c *vm.Call) (value.Value, error) {
	list, err := answersOf(c, "first")
	if err != nil {
		return value.NullValue, err
	}
	o := optionsOf(c, "first")
	least := o.number("minConfidence", 0, 1)
	if o.err != nil {
		return value.NullValue, o.err
	}
	for _, a := range valid(list) {
		if a.Confidence >= least {
			return record(c, a, true, value.Num(a.Confidence), "first"), nil
		}
	}
	return record(c, Answer{}, false, value.NullValue, "first"), nil
}
