package library

// aggregationEntries documents the category aggregation.
var aggregationEntries = []*Entry{
	{
		Name: "vote", Category: "aggregation",
		Signature: "vote(results: any[], options?: object): object",
		Doc: "Counts results as ballots and gives the winner.\n\n" +
			"The result is `{result, confidence, distribution, counts, rankings, votes, unanimous, isSplit, consensusType, count, score, agents, dissent, ...}` at that confidence; `result` is null without a winner.\n\n" +
			"Options: `method` is `majority` (more than half; the default), `plurality`, `unanimous` or `weighted` (by the map `weights` of agents, else by confidence); `minVotes`, `onInsufficientVotes` (`fail` or `proceed`), `tieBreaker` (`first`, `random`, `highest-confidence`), `noMajorityBehavior` (`none`, `plurality`, `fail`), `field`. Keys of options may be written in camelCase or snake_case.\n\n" +
			"The confidence is the winner's share: ballots / all ballots, or weight / total weight; 1 if unanimous, 0 without a winner.\n\n" +
			"Results are those of agents, `{result, confidence, agent, ...}`, or plain or confident values; plain ones count 1. Those with an error, with null or at confidence 0 don't count.",
		Example: "let votes = [\"a\" ~> 0.9, \"b\" ~> 0.6, \"a\" ~> 0.9]\n" +
			"vote(votes, method: \"weighted\").result\n" +
			"// => \"a\"\n" +
			"// ~ 0.75",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "consensus", Category: "aggregation",
		Signature: "consensus(results: any[], options?: object): any",
		Doc: "What results agree on.\n\n" +
			"The result is `{result, confidence, agreement, reached, fields, agreements, count, agents, dissent}` at that confidence.\n\n" +
			"The agreement is the share of the most frequent value; of numbers, whose result is their mean, max(0, 1 − σ / |mean|); of objects the mean over their fields. The confidence is agreement × mean confidence of the results.\n\n" +
			"Options: `threshold` (0.7) is the agreement to reach, below it `conflictResolution` (`weighted`, `first`, `highest-confidence`, `majority`, `fail`) chooses; `minVotes`, `minConfidence`, `fields`, `field`. `strategy: \"max\"` or `\"min\"` picks instead the most or least confident value. Keys of options may be written in camelCase or snake_case.\n\n" +
			"Results are those of agents, `{result, confidence, agent, ...}`, or plain or confident values; plain ones count 1. Those with an error, with null or at confidence 0 don't count.",
		Example: "consensus([\"a\" ~> 0.5, \"a\" ~> 0.7]).result\n// => \"a\"\n// ~ 0.6",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "merge", Category: "aggregation",
		Signature: "merge(results: any[], options?: object): object",
		Doc: "Joins results: objects key by key, lists one behind the other.\n\n" +
			"The result is `{result, confidence, count, agents}`; its confidence is the mean of the results'.\n\n" +
			"Options: `method` is `shallow` (later ones win; the default), `deep`, `concat`, `union` or `intersection`; `fields`, `arrayStrategy` (`concat`, `union`, `replace`, `vote`), `conflictResolution` (`last`, `first`, `majority`, `highest-confidence`), `deduplication`, `deduplicationKey`, `mergeFields`, `scoring`, `limit`, `minConfidence`. Keys of options may be written in camelCase or snake_case.\n\n" +
			"Results are those of agents, `{result, confidence, agent, ...}`, or plain or confident values; plain ones count 1. Those with an error, with null or at confidence 0 don't count.",
		Example: "merge([{ a: 1 } ~> 0.9, { b: 2 } ~> 0.7]).result\n// => { a: 1, b: 2 }\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "best", Category: "aggregation",
		Signature: "best(results: any[], by?: (any) => number): object",
		Doc: "The most confident result, the first of equals, or the one for which a function gives the highest number.\n\n" +
			"It is `{result, confidence, agent, score}` at the result's confidence; without results null at 0.\n\n" +
			"Results are those of agents, `{result, confidence, agent, ...}`, or plain or confident values; plain ones count 1. Those with an error, with null or at confidence 0 don't count.",
		Example: "best([1 ~> 0.2, 2 ~> 0.8]).result\n// => 2\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "first", Category: "aggregation",
		Signature: "first(results: any[], options?: object): object",
		Doc: "The first result with at least `minConfidence`, 0 by default.\n\n" +
			"It is `{result, confidence, agent, score}` at the result's confidence; without one null at 0. Keys of options may be written in camelCase or snake_case.\n\n" +
			"Results are those of agents, `{result, confidence, agent, ...}`, or plain or confident values; plain ones count 1. Those with an error, with null or at confidence 0 don't count.",
		Example: "first([1 ~> 0.3, 2 ~> 0.9], min_confidence: 0.5).result\n// => 2\n// ~ 0.9",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "synthesize", Category: "aggregation",
		Signature: "synthesize(results: any[]): any",
		Doc: "The most confident result, the first of equals, at its confidence.\n\n" +
			"Without results it is null at confidence 0.\n\n" +
			"Results are those of agents, `{result, confidence, agent, ...}`, or plain or confident values; plain ones count 1. Those with an error, with null or at confidence 0 don't count.",
		Example: "synthesize([1 ~> 0.4, 2 ~> 0.8])\n// => 2\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "majorityVote", Category: "aggregation",
		Signature: "majorityVote(results: any[]): any",
		Doc: "The most frequent result, the first of equals.\n\n" +
			"The confidence is its share, count / all; without results it is null at 0.\n\n" +
			"Results are those of agents, `{result, confidence, agent, ...}`, or plain or confident values; plain ones count 1. Those with an error, with null or at confidence 0 don't count.",
		Example: "majorityVote([1, 2, 1, 1])\n// => 1\n// ~ 0.75",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "average", Category: "aggregation",
		Signature: "average(results: any[]): number",
		Doc: "The mean of the numeric results.\n\n" +
			"The confidence is the lowest of theirs; of plain numbers alone the result is plain. No number at all is an error.\n\n" +
			"Results are those of agents, `{result, confidence, agent, ...}`, or plain or confident values; plain ones count 1. Those with an error, with null or at confidence 0 don't count.",
		Example: "average([1 ~> 0.9, 3 ~> 0.6])\n// => 2\n// ~ 0.6",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "group", Category: "aggregation",
		Signature: "group(results: any[], key: string | (any) => any): object",
		Doc: "Collects results by a property, or by what a function gives for each.\n\n" +
			"The result is an object of arrays, in order of first appearance, with the confidence of the list.",
		Example: "group([{ k: \"a\", n: 1 }, { k: \"b\", n: 2 }, { k: \"a\", n: 3 }], \"k\").a.map(x => x.n)\n// => [1, 3]",
		MinArgs: 2, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "quorum", Category: "aggregation",
		Signature: "quorum(results: any[], needed: number): object",
		Doc: "Whether enough results are valid: `{reached, count, needed}`.\n\n" +
			"Those that are null or at confidence 0 don't count. The confidence is the mean of the valid ones, 0 without.",
		Example: "quorum([1 ~> 0.5, null, 2 ~> 0.7], 2)\n// => { reached: true, count: 2, needed: 2 }\n// ~ 0.6",
		MinArgs: 2, MaxArgs: 2, Module: preludeModule,
	},
}
