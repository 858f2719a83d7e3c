package library

// promisesEntries documents the category promises.
var promisesEntries = []*Entry{
	{
		Name: "Promise", Category: "promises", Signature: "Promise",
		Doc:     "Functions over promises, the future results of async calls.",
		Example: "await Promise.all([1])\n// => [1]",
	},
	{
		Name: "Promise.all", Category: "promises", Signature: "Promise.all(promises: any[]): Promise<any[]>",
		Doc:     "A promise of all results in order; it is rejected as soon as one is.",
		Example: "await Promise.all([1, delay(1, 2)])\n// => [1, 2]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Promise.race", Category: "promises", Signature: "Promise.race(promises: any[]): Promise<any>",
		Doc:     "A promise that is settled as the first one is.",
		Example: "await Promise.race([delay(50, 1), delay(1, 2)])\n// => 2",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Promise.any", Category: "promises", Signature: "Promise.any(promises: any[]): Promise<any>",
		Doc:     "A promise of the first success; it is rejected when all are.",
		Example: "await Promise.any([Promise.reject(1), 2])\n// => 2",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Promise.allSettled", Category: "promises", Signature: "Promise.allSettled(promises: any[]): Promise<any[]>",
		Doc:     "A promise of {status, value} or {status, reason} for each.",
		Example: "(await Promise.allSettled([1]))[0].status\n// => \"fulfilled\"",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Promise.resolve", Category: "promises", Signature: "Promise.resolve(value?: any): Promise<any>",
		Doc:     "A promise that is fulfilled.",
		Example: "await Promise.resolve(5)\n// => 5",
		MaxArgs: 1,
	},
	{
		Name: "Promise.reject", Category: "promises", Signature: "Promise.reject(reason?: any): Promise<any>",
		Doc:     "A promise that is rejected.",
		Example: "try { await Promise.reject(5) } catch (e) { e }\n// => 5",
		MaxArgs: 1,
	},
}
