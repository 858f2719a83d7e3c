package library

// timeEntries documents the category time.
var timeEntries = []*Entry{
	{
		Name: "now", Category: "time", Signature: "now(): number",
		Doc:     "The time in milliseconds since 1970. It is journalled, so that a replay sees the same time.",
		Example: "typeof now()\n// => \"number\"",
	},
	{
		Name: "random", Category: "time", Signature: "random(max?: number, to?: number): number",
		Doc:     "A number from 0 up to 1, to max, or between two bounds. It is journalled.",
		Example: "random() < 1\n// => true",
		MaxArgs: 2,
	},
	{
		Name: "uuid", Category: "time", Signature: "uuid(): string",
		Doc:     "A new UUID. It is journalled.",
		Example: "uuid().length\n// => 36",
	},
	{
		Name: "sleep", Category: "time", Signature: "sleep(ms: number): null",
		Doc:     "Waits for some milliseconds; other fibers go on.",
		Example: "sleep(1)\n// => null",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "delay", Category: "time", Signature: "delay(ms: number, value?: any): Promise<any>",
		Doc:     "A promise that is fulfilled with a value after some milliseconds.",
		Example: "await delay(1, 5)\n// => 5",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "debounce", Category: "time", Signature: "debounce(ms: number, f?: (any) => any): any",
		Doc:     "A promise that is fulfilled after some milliseconds of quiet; with a function, a function of which only the last call within that time runs.",
		Example: "await debounce(1)\n// => null",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
}
