package library

// confidenceEntries documents the category confidence.
var confidenceEntries = []*Entry{
	{
		Name: "confidence", Category: "confidence", Signature: "confidence(level: number): (f: any) => any",
		Doc:     "Wraps functions so that their results carry a confidence: confidence(0.8)(f).",
		Example: "confidence(0.8)(x => x + 1)(4)\n// => 5\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "confidence.from_consistency", Category: "confidence", Signature: "confidence.from_consistency(values: any[]): number",
		Doc:     "The share of the most frequent value.",
		Example: "confidence.from_consistency([1, 1, 2, 1])\n// => 0.75",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "threshold", Category: "confidence", Signature: "threshold(level: any, min?: number): any",
		Doc:     "A function that keeps the elements of an array with at least a confidence. threshold(x, min) does so at once; of a value that is no array it gives the value or null.",
		Example: "threshold(0.5)([1 ~> 0.4, 2 ~> 0.6]).length\n// => 1",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "aggregate", Category: "confidence", Signature: "aggregate(values: any[], options?: {strategy?: string, combine?: (any) => any}): any",
		Doc:     "The array, or what combine makes of it, with the combined confidence of its elements: average (the default), min, max or product. Plain elements count 1.",
		Example: "aggregate([1 ~> 0.5, 2 ~> 0.9], { combine: xs => xs.length })\n// => 2\n// ~ 0.7",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "combine", Category: "confidence", Signature: "combine(values: any[], rule?: string): number",
		Doc:     "One confidence of those of several values: average (the default), min, max or product.",
		Example: "combine([1 ~> 0.5, 2 ~> 0.5], \"product\")\n// => 0.25",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "boost", Category: "confidence", Signature: "boost(value: any, factor?: number): any",
		Doc:     "The value with its confidence multiplied by a factor (1.2), at most 1.",
		Example: "boost(5 ~> 0.5)\n// => 5\n// ~ 0.6",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "decay", Category: "confidence", Signature: "decay(value: any, factor?: number): any",
		Doc:     "The value with its confidence multiplied by a factor (0.9).",
		Example: "decay(5 ~> 0.5, 0.5)\n// => 5\n// ~ 0.25",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "clamp", Category: "confidence", Signature: "clamp(value: any, lo: number, hi: number): any",
		Doc:     "A confident value with its confidence, or a plain number itself, kept between two bounds.",
		Example: "clamp(15, 0, 10)\n// => 10",
		MinArgs: 3, MaxArgs: 3,
	},
	{
		Name: "normalize", Category: "confidence", Signature: "normalize(values: any[]): any[]",
		Doc:     "The elements with their confidences scaled so that the highest is 1.",
		Example: "<~ normalize([1 ~> 0.4, 2 ~> 0.8])[0]\n// => 0.5",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "why", Category: "confidence", Signature: "why(value: any): object",
		Doc:     "How a value's confidence arose: {rule, confidence, operands, note, file, line, column}. A program that uses it keeps explanations.",
		Example: "why((2 ~> 0.5) + (3 ~> 0.9)).rule\n// => \"min\"",
		MinArgs: 1, MaxArgs: 1,
	},
}
