package library

// controlEntries documents the category control.
var controlEntries = []*Entry{
	{
		Name: "fail", Category: "control", Signature: "fail(message?: any, data?: any): any",
		Doc:     "Ends the pattern with an error that carries data; a caller may catch it.",
		Example: "try { fail(\"no\", { n: 1 }) } catch (e) { e.data.n }\n// => 1",
		MaxArgs: 2,
	},
	{
		Name: "emit", Category: "control", Signature: "emit(event: string, data?: any): null",
		Doc:     "Tells the host about something that happened.",
		Example: "emit(\"done\", { n: 1 })\n// => null",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "retry", Category: "control", Signature: "retry(f: (any) => any, options?: object): any",
		Doc:     "Calls a function until its result is good: no error and at least minConfidence; else the best attempt, else the last error. Options: attempts 3, delay 1000 ms, backoff exponential, linear or fixed, factor 2, maxDelay 30000.",
		Example: "retry(() => 5 ~> 0.9, attempts: 2)\n// => 5\n// ~ 0.9",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "timeout", Category: "control", Signature: "timeout(ms: number, f: () => any, ...fallback: any): any",
		Doc:     "A function's result if it comes in time; else the fallback at confidence 0.5 (its own if it has one), else a TIMEOUT error.",
		Example: "timeout(5, () => sleep(1000), \"late\")\n// => \"late\"\n// ~ 0.5",
		MinArgs: 2, MaxArgs: -1, Module: preludeModule,
	},
	{
		Name: "fallback", Category: "control", Signature: "fallback(...alternatives: any): any",
		Doc:     "The first of several functions or values that is neither an error nor null.",
		Example: "fallback(() => null, () => 7)\n// => 7",
		MaxArgs: -1, Module: preludeModule,
	},
	{
		Name: "parallel", Category: "control", Signature: "parallel(tasks: any[], options?: object): any[]",
		Doc:     "Runs tasks concurrently; failed ones are null at confidence 0. The list has the lowest confidence of the good ones. Options: max, timeout, minResults.",
		Example: "parallel([() => 1 ~> 0.9, () => 2 ~> 0.8]).length\n// => 2\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "sequential", Category: "control", Signature: "sequential(tasks: any[]): any",
		Doc:     "Runs tasks one after another, each with the result before; the last value at the product of all confidences.",
		Example: "sequential([() => 1 ~> 0.5, x => (x + 1) ~> 0.5])\n// => 2\n// ~ 0.25",
		MinArgs: 1, MaxArgs: 1, Module: preludeModule,
	},
	{
		Name: "race", Category: "control", Signature: "race(tasks: any[], options?: object): any",
		Doc:     "The first valid result; the others are cancelled. Null at confidence 0 when there is none. Options: minConfidence, timeout.",
		Example: "race([() => { sleep(50); 1 }, () => 2])\n// => 2",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "validate", Category: "control", Signature: "validate(result: any, options?: object): any",
		Doc:     "The result if its confidence reaches min_confidence and check(result) holds; else an error, or what on_failure says (a function, or \"fallback\" with fallback).",
		Example: "validate(5 ~> 0.9, min_confidence: 0.5)\n// => 5\n// ~ 0.9",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "escalate", Category: "control", Signature: "escalate(to: any, context?: any): object",
		Doc:     "Marks the execution for a person or another system; {escalated, to, context} at confidence 0.",
		Example: "escalate(\"human\").to\n// => \"human\"\n// ~ 0",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "batch", Category: "control", Signature: "batch(items: any[], size: number, f: (any[], number) => any): any[]",
		Doc:     "Calls a function with slices of at most size items, one after another, and joins the results.",
		Example: "batch([1, 2, 3], 2, xs => xs.length)\n// => [2, 1]",
		MinArgs: 3, MaxArgs: 3, Module: preludeModule,
	},
	{
		Name: "saga", Category: "control", Signature: "saga(steps: any[]): any[]",
		Doc:     "Runs {do, undo} steps in order; when one fails, those before are undone in reverse and the error goes on.",
		Example: "saga([{ do: () => 1 }, { do: r => r[0] + 1 }])\n// => [1, 2]",
		MinArgs: 1, MaxArgs: 1, Module: preludeModule,
	},
	{
		Name: "cache", Category: "control", Signature: "cache(f: (any) => any, options?: object): (any) => any",
		Doc:     "A function that remembers results by its argument. Options: ttl 300000 ms, key, minConfidence.",
		Example: "cache(x => x * 2)(4)\n// => 8",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "circuit", Category: "control", Signature: "circuit(f: (any) => any, options?: object): (any) => any",
		Doc:     "A function that fails at once while f keeps failing. Options: threshold 5 failures, timeout 30000 ms.",
		Example: "circuit(x => x)(1)\n// => 1",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
}
