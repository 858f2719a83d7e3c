package library

// promisesEntries documents the category promises.
var promisesEntries = []*Entry{
	{
		Name: "Promise", Category: "promises",
		Signature: "Promise",
		Doc:       "Functions over promises, the results to come of `async` functions.",
		Example:   "await Promise.all([1])\n// => [1]",
	},
	{
		Name: "Promise.all", Category: "promises",
		Signature: "Promise.all(promises: any[]): Promise<any[]>",
		Doc: "A promise of all results, in order.\n\n" +
			"It is rejected as soon as one of the promises is. Elements that are no promises count as fulfilled. Anything but an array is an error.",
		Example: "await Promise.all([1, delay(1, 2)])\n// => [1, 2]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Promise.race", Category: "promises",
		Signature: "Promise.race(promises: any[]): Promise<any>",
		Doc:       "A promise that is settled as the first of several is.",
		Example:   "await Promise.race([delay(50, 1), delay(1, 2)])\n// => 2",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Promise.any", Category: "promises",
		Signature: "Promise.any(promises: any[]): Promise<any>",
		Doc: "A promise of the first success.\n\n" +
			"It is rejected when all are, with an error whose `data` lists the reasons.",
		Example: "await Promise.any([Promise.reject(1), 2])\n// => 2",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Promise.allSettled", Category: "promises",
		Signature: "Promise.allSettled(promises: any[]): Promise<{status: \"fulfilled\" | \"rejected\", value?: any, reason?: any}[]>",
		Doc: "A promise of the outcomes of all: `{status, value}` or `{status, reason}`.\n\n" +
			"It is never rejected.",
		Example: "let all = await Promise.allSettled([1, Promise.reject(\"no\")])\n" +
			"all.map(x => x.status)\n" +
			"// => [\"fulfilled\", \"rejected\"]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Promise.resolve", Category: "promises",
		Signature: "Promise.resolve(value?: any): Promise<any>",
		Doc: "A promise that is fulfilled with a value; a promise stays itself.\n\n" +
			"`await` gives the value with its confidence.",
		Example: "await Promise.resolve(5 ~> 0.7)\n// => 5\n// ~ 0.7",
		MaxArgs: 1,
	},
	{
		Name: "Promise.reject", Category: "promises",
		Signature: "Promise.reject(reason?: any): Promise<any>",
		Doc:       "A promise that is rejected; `await` throws the reason.",
		Example:   "try { await Promise.reject(5) } catch (e) { e }\n// => 5",
		MaxArgs:   1,
	},
}
