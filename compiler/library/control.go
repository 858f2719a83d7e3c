package library

// controlEntries documents the category control.
var controlEntries = []*Entry{
	{
		Name: "fail", Category: "control",
		Signature: "fail(message?: any, data?: any): any",
		Doc: "Ends the pattern with an error that carries data.\n\n" +
			"`catch (e)` gets it as `e.message` and `e.data`; uncaught it is the outcome of the execution.",
		Example: "try { fail(\"no\", { n: 1 }) } catch (e) { e.data.n }\n// => 1",
		MaxArgs: 2,
	},
	{
		Name: "emit", Category: "control",
		Signature: "emit(event: string, data?: any): null",
		Doc: "Tells the host about something that happened.\n\n" +
			"It reaches whoever watches the execution, at once; the result is null.",
		Example: "emit(\"done\", { n: 1 })\n// => null",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "retry", Category: "control",
		Signature: "retry(f: (number) => any, options?: object | number): any",
		Doc: "Calls a function until its result is good: no error, and at least `minConfidence`.\n\n" +
			"When no attempt is, it gives the most confident result; if all failed, the last error is thrown. The function gets the number of the attempt, from 1.\n\n" +
			"Options: `attempts` 3, `minConfidence` 0, `delay` 1000 ms before the second attempt, `backoff` `exponential` (times `factor` 2 each), `linear` or `fixed`, `maxDelay` 30000 ms. A number stands for `attempts`. Keys of options may be written in camelCase or snake_case.",
		Example: "retry(n => n ~> (n * 0.4), attempts: 3, minConfidence: 0.7, delay: 1)\n// => 2\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "timeout", Category: "control",
		Signature: "timeout(ms: number, f: () => any, fallback?: any): any",
		Doc: "The result of a function, if it comes within some milliseconds.\n\n" +
			"Else the function is cancelled and the fallback is given, or what it gives if it is a function, at its own confidence or 0.5. Without a fallback it is the error `TIMEOUT`.",
		Example: "timeout(5, () => sleep(1000), \"late\")\n// => \"late\"\n// ~ 0.5",
		MinArgs: 2, MaxArgs: 3, Module: preludeModule,
	},
	{
		Name: "fallback", Category: "control",
		Signature: "fallback(...alternatives: any[]): any",
		Doc: "The first of several functions or values that neither fails nor is null.\n\n" +
			"Its confidence stays. If there is none, the last error is thrown; without errors it is null.",
		Example: "fallback(() => fail(\"down\"), () => null, 7)\n// => 7",
		MaxArgs: -1, Module: preludeModule,
	},
	{
		Name: "parallel", Category: "control",
		Signature: "parallel(tasks: any[], options?: object): any[]",
		Doc: "Runs tasks concurrently and gives their results in order.\n\n" +
			"A task is a function, or a value that stands for itself. Failed ones are null at confidence 0. The list has the lowest confidence of the good ones, 0 without any.\n\n" +
			"Options: `max` tasks at a time, `timeout` in ms for each, `minResults` (fewer are the error `INSUFFICIENT_RESULTS`). Keys of options may be written in camelCase or snake_case.",
		Example: "parallel([() => 1 ~> 0.9, () => 2 ~> 0.8]).map(x => <~ x)\n// => [0.9, 0.8]\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "sequential", Category: "control",
		Signature: "sequential(tasks: any[]): any",
		Doc: "Runs tasks one after another, each with the result before, and gives the last.\n\n" +
			"A task is a function, or a value that stands for itself. The first failure ends it. The confidence is the product of all, plain ones counting 1.",
		Example: "sequential([() => 1 ~> 0.5, x => (x + 1) ~> 0.5])\n// => 2\n// ~ 0.25",
		MinArgs: 1, MaxArgs: 1, Module: preludeModule,
	},
	{
		Name: "race", Category: "control",
		Signature: "race(tasks: any[], options?: object): any",
		Doc: "The first good result of tasks that run concurrently; the others are cancelled.\n\n" +
			"A task is a function, or a value that stands for itself. Failures don't count. Without a good result it is null at confidence 0.\n\n" +
			"Options: `minConfidence` 0, `timeout` in ms for all. Keys of options may be written in camelCase or snake_case.",
		Example: "race([() => { sleep(50); 1 ~> 0.9 }, () => 2 ~> 0.3, () => 3 ~> 0.8], minConfidence: 0.7)\n// => 3\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "validate", Category: "control",
		Signature: "validate(result: any, options?: object): any",
		Doc: "A result, if it is good: its confidence reaches `minConfidence`, `check(result)` holds and it fits `schema`.\n\n" +
			"`schema` is a JSON Schema, as an object or as text; the confidence of a result record is its `confidence`. Else it is the error `VALIDATION_FAILED`, or what `onFailure` says: a function of the result, or `\"fallback\"` for the value of `fallback`. The result's confidence stays. Keys of options may be written in camelCase or snake_case.",
		Example: "validate(5 ~> 0.3, minConfidence: 0.5, onFailure: \"fallback\", fallback: 0)\n// => 0",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "escalate", Category: "control",
		Signature: "escalate(to: any, context?: any): object",
		Doc: "Marks the execution for a person or another system.\n\n" +
			"The result is `{escalated, to, context}` at confidence 0; the program goes on.",
		Example: "escalate(\"human\").to\n// => \"human\"\n// ~ 0",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "batch", Category: "control",
		Signature: "batch(items: any[], size: number, f: (any[], number) => any): any[]",
		Doc: "Calls a function with slices of at most some items, one after another, and joins the results.\n\n" +
			"The function gets (items, number of the slice from 0); what it gives, an array or one value, is appended.",
		Example: "batch([1, 2, 3], 2, xs => sum(xs))\n// => [3, 3]",
		MinArgs: 3, MaxArgs: 3, Module: preludeModule,
	},
	{
		Name: "saga", Category: "control",
		Signature: "saga(steps: {do: (any[]) => any, undo?: (any) => any}[]): any[]",
		Doc: "Runs `{do, undo}` steps in order and gives their results.\n\n" +
			"`do` gets the results before it. When a step fails, those before are undone in reverse, `undo` getting the step's result, and the error goes on.",
		Example: "let log = []\n" +
			"let book = { do: () => \"room\", undo: r => { log = log.push(\"undo ${r}\") } }\n" +
			"try { saga([book, { do: () => fail(\"no car\") }]) } catch (e) { log = log.push(e.message) }\n" +
			"log\n" +
			"// => [\"undo room\", \"no car\"]",
		MinArgs: 1, MaxArgs: 1, Module: preludeModule,
	},
	{
		Name: "cache", Category: "control",
		Signature: "cache(f: (any) => any, options?: object): (any) => any",
		Doc: "A function that remembers the results of another by its argument.\n\n" +
			"Options: `ttl` 300000 ms, `key` a function that names an argument (its JSON text by default), `minConfidence` 0: weaker results are not kept. Keys of options may be written in camelCase or snake_case.",
		Example: "let calls = 0\n" +
			"let twice = cache(x => { calls += 1; x * 2 })\n" +
			"[twice(4), twice(4), calls]\n" +
			"// => [8, 8, 1]",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "circuit", Category: "control",
		Signature: "circuit(f: (any) => any, options?: object): (any) => any",
		Doc: "A function that, after several failures in a row of another, fails at once for a while.\n\n" +
			"It is then the error `CIRCUIT_OPEN`, without a call. Options: `threshold` 5 failures, `timeout` 30000 ms. Keys of options may be written in camelCase or snake_case.",
		Example: "let broken = circuit(() => fail(\"down\"), threshold: 1)\n" +
			"try { broken() } catch (e) { e.message }\n" +
			"try { broken() } catch (e) { e.name }\n" +
			"// => \"CIRCUIT_OPEN\"",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
}
