package library

// agentsEntries documents the category agents.
var agentsEntries = []*Entry{
	{
		Name: "select", Category: "agents", Signature: "select(options?: any, predicate?: any): any[]",
		Doc:     "Chooses agents that have all capabilities; min (fewer is an error), max, prefer, exclude, region, where: a => ... With an array and a predicate it filters records.",
		Example: "select([1, 2, 3], x => x > 1)\n// => [2, 3]",
		MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "call", Category: "agents", Signature: "call(agent: any, task: string, data?: any, options?: object): any",
		Doc:     "Asks one agent, given as an object, a name or {capabilities}; its result at its confidence. Options: timeout, retries.",
		Example: "typeof call\n// => \"function\"",
		MinArgs: 2, MaxArgs: 4, Module: preludeModule,
	},
	{
		Name: "map_agents", Category: "agents", Signature: "map_agents(agents: any[], f: (any, number) => any, options?: object): any[]",
		Doc:     "Calls f(agent, index) for each agent concurrently.",
		Example: "map_agents([1, 2], a => a * 2)\n// => [2, 4]\n// ~ 1",
		MinArgs: 2, MaxArgs: 3, Module: preludeModule,
	},
	{
		Name: "llm", Category: "agents", Signature: "llm(prompt: string, options?: object): any",
		Doc:     "Asks a model: a confident string, or an object under schema. Options: model, provider, temperature, maxTokens, schema, timeout, extractor. Without a stated confidence it is 0.5, with a warning.",
		Example: "typeof llm\n// => \"function\"",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "stream_llm", Category: "agents", Signature: "stream_llm(prompt: string, options?: object): object",
		Doc:     "Asks a model and gives its answer in chunks: next() gives {type, text} or null at the end, result() the whole answer as llm does, cancel() ends it.",
		Example: "typeof stream_llm\n// => \"function\"",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "ask", Category: "agents", Signature: "ask(question: string, options?: any): any",
		Doc:     "Asks a person and waits for the answer: text, or one of the options.",
		Example: "typeof ask\n// => \"function\"",
		MinArgs: 1, MaxArgs: 2,
	},
}
