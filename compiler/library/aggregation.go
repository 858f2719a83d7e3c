package library

// aggregationEntries documents the category aggregation.
var aggregationEntries = []*Entry{
	{
		Name: "vote", Category: "aggregation", Signature: "vote(results: any[], options?: object): object",
		Doc:     "Counts the answers as ballots. Options: method majority (more than half; the default), plurality, unanimous, weighted (by confidence or the map weights); minVotes, tieBreaker, noMajorityBehavior, field. The confidence is the winner's share: ballots / all, or weight / total. Gives {result, confidence, distribution, counts, rankings, votes, unanimous, dissent, ...}.",
		Example: "<~ vote([\"a\" ~> 0.9, \"b\" ~> 0.6, \"a\" ~> 0.9], method: \"weighted\")\n// => 0.75",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "consensus", Category: "aggregation", Signature: "consensus(results: any[], options?: object): any",
		Doc:     "What the answers agree on. The agreement is the share of the most frequent value, 1 - sigma / |mean| of numbers, the mean over the fields of objects; the confidence is agreement x mean confidence. Options: threshold (0.7), minVotes, minConfidence, conflictResolution, fields. {strategy: \"max\" or \"min\"} picks the most or least confident value instead.",
		Example: "consensus([\"a\" ~> 0.5, \"a\" ~> 0.7]).result\n// => \"a\"\n// ~ 0.6",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "merge", Category: "aggregation", Signature: "merge(results: any[], options?: object): object",
		Doc:     "Joins answers: objects by key, lists by element. Options: method shallow (later wins; the default), deep, concat, union, intersection; fields, arrayStrategy, conflictResolution, deduplication, deduplicationKey, limit. The confidence is the mean.",
		Example: "merge([{ a: 1 }, { b: 2 }]).result\n// => { a: 1, b: 2 }\n// ~ 1",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "best", Category: "aggregation", Signature: "best(results: any[], by?: (any) => number): object",
		Doc:     "The most confident answer, the first of equals, or the one for which a function gives the highest number: {result, confidence, agent, score}.",
		Example: "best([{ result: 1, confidence: 0.2 }, { result: 2, confidence: 0.8 }])~.result\n// => 2\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "first", Category: "aggregation", Signature: "first(results: any[], options?: object): object",
		Doc:     "The first valid answer with at least minConfidence.",
		Example: "first([1 ~> 0.3, 2 ~> 0.9], min_confidence: 0.5).result\n// => 2\n// ~ 0.9",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "synthesize", Category: "aggregation", Signature: "synthesize(results: any[]): any",
		Doc:     "The most confident answer's result at its confidence.",
		Example: "synthesize([1 ~> 0.4, 2 ~> 0.8])\n// => 2\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "majorityVote", Category: "aggregation", Signature: "majorityVote(results: any[]): any",
		Doc:     "The most frequent result, the first of equals; the confidence is its share.",
		Example: "majorityVote([1, 2, 1, 1])\n// => 1\n// ~ 0.75",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "average", Category: "aggregation", Signature: "average(results: any[]): number",
		Doc:     "The mean of numeric results; the confidence is the lowest.",
		Example: "average([1, 3])\n// => 2",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "group", Category: "aggregation", Signature: "group(results: any[], key: any): object",
		Doc:     "Collects records by a property or by what a function gives.",
		Example: "group([{ k: \"a\" }, { k: \"a\" }], \"k\").a.length\n// => 2",
		MinArgs: 2, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "quorum", Category: "aggregation", Signature: "quorum(results: any[], needed: number): object",
		Doc:     "Whether enough results are valid: {reached, count, needed} at the mean confidence of the valid ones.",
		Example: "quorum([1 ~> 0.5, null], 1).reached\n// => true\n// ~ 0.5",
		MinArgs: 2, MaxArgs: 2, Module: preludeModule,
	},
}
