package library

// confidenceEntries documents the category confidence.
var confidenceEntries = []*Entry{
	{
		Name: "confidence", Category: "confidence",
		Signature: "confidence(level: number): ((any) => any) => (any) => any",
		Doc: "Wraps functions so that their results carry a confidence, in place of their own.\n\n" +
			"`confidence(0.8)(f)` is f with results at 0.8. A level outside 0 to 1 is an error.",
		Example: "confidence(0.8)(x => x + 1)(4)\n// => 5\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "confidence.from_consistency", Category: "confidence",
		Signature: "confidence.from_consistency(values: any[]): number",
		Doc: "The share of the most frequent one of several values, 0 of none.\n\n" +
			"It is a plain number, count / total, with values equal as `===` tells.",
		Example: "confidence.from_consistency([1, 1, 2, 1])\n// => 0.75",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "confidence.create_budget", Category: "confidence",
		Signature: "confidence.create_budget(total: number, options?: {min_confidence?: number}): {total: number, add: (any) => any, met: () => boolean, remaining: () => number}",
		Doc: "How much confidence has been gathered towards a total.\n\n" +
			"`add(value)` counts the confidence of a value (of a result record its `confidence`, of a plain number the number itself) and gives the value; what is below `min_confidence` does not count. `met()` tells whether the total is reached, `remaining()` what is missing, 0 at least.",
		Example: "b = confidence.create_budget(1.5)\nb.add(\"yes\" ~> 0.9)\nb.add({ result: \"no\", confidence: 0.4 })\n[b.met(), round(b.remaining(), 2)]\n// => [false, 0.2]",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "threshold", Category: "confidence",
		Signature: "threshold(level: number): (any) => any\n" +
			"threshold(value: any, level: number): any",
		Doc: "A function that keeps the elements of an array with at least a confidence.\n\n" +
			"Plain elements count 1, result records what their `confidence` says. With the value as first argument, as in a pipeline, it does so at once; of a value that is no array it gives the value or null. The array's confidence stays. A level outside 0 to 1 is an error.",
		Example: "[1 ~> 0.4, 2 ~> 0.6] |> threshold(0.5) |> map(x => <~ x)\n// => [0.6]",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "aggregate", Category: "confidence",
		Signature: "aggregate(values: any[], options?: {strategy?: \"average\" | \"min\" | \"max\" | \"product\", combine?: (any[]) => any}): any",
		Doc: "An array, or what `combine` makes of it, at the combined confidence of its elements.\n\n" +
			"By strategy that is their `average` (Σc / n; the default), `min`, `max` or `product`; plain elements count 1; of none it is 0.",
		Example: "aggregate([1 ~> 0.5, 2 ~> 0.9], { combine: xs => xs.length })\n// => 2\n// ~ 0.7",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "combine", Category: "confidence",
		Signature: "combine(values: any[], rule?: \"average\" | \"min\" | \"max\" | \"product\"): number",
		Doc: "One confidence, a plain number, of those of several values.\n\n" +
			"By rule it is their `average` (Σc / n; the default), `min`, `max` or `product`; plain elements count 1; of none it is 0.",
		Example: "combine([1 ~> 0.5, 2 ~> 0.5], \"product\")\n// => 0.25",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "boost", Category: "confidence",
		Signature: "boost(value: any, factor?: number): any",
		Doc: "A value with its confidence raised by a factor, 1.2 by default.\n\n" +
			"The confidence is min(1, c × factor); a plain value counts 1. A negative factor is an error.",
		Example: "boost(5 ~> 0.5)\n// => 5\n// ~ 0.6",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "decay", Category: "confidence",
		Signature: "decay(value: any, factor?: number): any",
		Doc: "A value with its confidence lowered by a factor, 0.9 by default.\n\n" +
			"The confidence is c × factor, at most 1; a plain value counts 1. A negative factor is an error.",
		Example: "decay(5 ~> 0.5, 0.5)\n// => 5\n// ~ 0.25",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "clamp", Category: "confidence",
		Signature: "clamp(value: any, lo: number, hi: number): any",
		Doc: "A value with its confidence kept between two bounds; of a plain number the number itself.\n\n" +
			"The confidence is min(hi, max(lo, c)). Bounds in the wrong order are an error, and so is a plain value that is no number.",
		Example: "clamp(\"yes\" ~> 0.99, 0, 0.9)\n// => \"yes\"\n// ~ 0.9",
		MinArgs: 3, MaxArgs: 3,
	},
	{
		Name: "normalize", Category: "confidence",
		Signature: "normalize(values: any[]): any[]",
		Doc: "The elements with their confidences scaled so that the highest is 1.\n\n" +
			"Each is c / max c; if all are 0 they stay. Plain elements count 1.",
		Example: "normalize([1 ~> 0.4, 2 ~> 0.8]).map(x => <~ x)\n// => [0.5, 1]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "why", Category: "confidence",
		Signature: "why(value: any): object",
		Doc: "The explanation of a value's confidence: `{rule, confidence, operands, note, file, line, column}`.\n\n" +
			"`operands` are explanations of the same form; a value without a confidence has the rule `plain`. A program that calls it keeps explanations while it runs, which takes time and memory.",
		Example: "why((2 ~> 0.5) + (3 ~> 0.9)).rule\n// => \"min\"",
		MinArgs: 1, MaxArgs: 1,
	},
}
