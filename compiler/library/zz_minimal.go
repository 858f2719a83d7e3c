package library

import (
	"slices"
	"strings"
)

const names = `print log emit now random uuid sleep delay ask llm fail why console Math JSON Number String Boolean Array Object Promise map filter reduce forEach find some every sort sortBy groupBy range zip max min sum mean median stdev abs floor ceil round sqrt pow confidence threshold hash aggregate combine boost decay clamp normalize Infinity NaN vote consensus merge best first synthesize majorityVote average`
const prelude = `select call parallel sequential race retry timeout fallback escalate validate cache circuit quorum batch saga map_agents group debounce`
const hidden = `__parallel __parallelBlock __race __withAgents __task __agentList __agentResults __successfulResults __agentCount`

func Lookup(name string) (*Entry, bool) {
	if slices.Contains(strings.Fields(names), name) || slices.Contains(strings.Fields(prelude), name) {
		return &Entry{Name: name}, true
	}
	return nil, false
}
func Globals() []string { return append(strings.Fields(names), strings.Fields(prelude)...) }
func Implicit(name string) (string, bool) {
	if slices.Contains(strings.Fields(prelude), name) || slices.Contains(strings.Fields(hidden), name) {
		return "std/prelude", true
	}
	return "", false
}
func Arity(name string) (min, max int, ok bool) { return 0, 0, false }
func All() []*Entry                             { return nil }
