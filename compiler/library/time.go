package library

// timeEntries documents the category time.
var timeEntries = []*Entry{
	{
		Name: "now", Category: "time",
		Signature: "now(): number",
		Doc: "The time in milliseconds since 1970 began, UTC.\n\n" +
			"It is journalled: a replay sees the same time.",
		Example: "typeof now()\n// => \"number\"",
	},
	{
		Name: "random", Category: "time",
		Signature: "random(max?: number): number\n" +
			"random(min: number, max: number): number",
		Doc: "A random number from 0 up to 1, or from 0 or a lower bound up to an upper one.\n\n" +
			"The upper bound is not reached. It is journalled: a replay sees the same numbers.",
		Example: "let x = random(5, 10)\n" +
			"x >= 5 && x < 10\n" +
			"// => true",
		MaxArgs: 2,
	},
	{
		Name: "uuid", Category: "time",
		Signature: "uuid(): string",
		Doc: "A new random UUID, as text of 36 characters.\n\n" +
			"It is journalled: a replay sees the same one.",
		Example: "uuid().length\n// => 36",
	},
	{
		Name: "sleep", Category: "time",
		Signature: "sleep(ms: number): null",
		Doc: "Waits for some milliseconds; other fibers go on.\n\n" +
			"A negative number is an error.",
		Example: "sleep(1)\n// => null",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "delay", Category: "time",
		Signature: "delay(ms: number, value?: any): Promise<any>",
		Doc: "A promise that is fulfilled, with null or a value, after some milliseconds.\n\n" +
			"A negative number is an error.",
		Example: "await delay(1, 5)\n// => 5",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "debounce", Category: "time",
		Signature: "debounce(ms: number): Promise<null>\n" +
			"debounce(ms: number, f: (any) => any): (any) => Promise<any>",
		Doc: "A promise that is fulfilled after some milliseconds of quiet.\n\n" +
			"With a function it gives a function of which only the last call within that time runs; the others give null.",
		Example: "await debounce(1)\n// => null",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
}
