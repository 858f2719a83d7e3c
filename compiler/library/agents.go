package library

// agentsEntries documents the category agents.
var agentsEntries = []*Entry{
	{
		Name: "select", Category: "agents",
		Signature: "select(options?: object): any[]\n" +
			"select(results: any[], predicate: (any) => any): any[]",
		Doc: "Chooses agents that have all of some capabilities.\n\n" +
			"Options: `capabilities`, `min` (fewer are the error `NOT_ENOUGH_AGENTS`), `max`, `prefer` (names that come first), `exclude`, `region`, `where` (a function of an agent). With an array and a predicate it filters records. Keys of options may be written in camelCase or snake_case.",
		Example: "let records = [{ agent: \"a\", result: 1 }, { agent: \"b\", result: 5 }]\n" +
			"select(records, r => r.result > 2).map(r => r.agent)\n" +
			"// => [\"b\"]",
		MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "call", Category: "agents",
		Signature: "call(agent: any, task: string, data?: any, options?: object): any",
		Doc: "Asks one agent to do a task and gives its result at its confidence.\n\n" +
			"The agent is an object, an id or name, or `{capabilities}`. An answer without a confidence counts 0.5; a failure is the error `AGENT_FAILED`. Options: `timeout` in ms, `retries`. Keys of options may be written in camelCase or snake_case.",
		Example: "fn summarise(agent, text) { call(agent, \"summarise\", { text }, timeout: 5000) }\n" +
			"typeof summarise\n" +
			"// => \"function\"",
		MinArgs: 2, MaxArgs: 4, Module: preludeModule,
	},
	{
		Name: "map_agents", Category: "agents",
		Signature: "map_agents(agents: any[], f: (any, number) => any, options?: object): any[]",
		Doc: "Calls a function for each agent, concurrently, and gives the results in order.\n\n" +
			"The function gets (agent, index). Failed ones are null at confidence 0; the list has the lowest confidence of the good ones. Options are those of `parallel`.",
		Example: "map_agents([\"a\", \"b\"], (name, i) => \"${name}${i}\")\n// => [\"a0\", \"b1\"]\n// ~ 1",
		MinArgs: 2, MaxArgs: 3, Module: preludeModule,
	},
	{
		Name: "llm", Category: "agents",
		Signature: "llm(prompt: string, options?: object): any",
		Doc: "Asks a language model: a confident text, or an object where `schema` is given.\n\n" +
			"Options: `model`, `provider`, `temperature`, `maxTokens`, `schema`, `timeout` in ms, `extractor`: a function of `{content, confidence, model, provider, tokensUsed}` that gives a number, a confident value or an object with `confidence`.\n\n" +
			"The confidence comes from the extractor, else from the model's log-probabilities or what it states itself; else it is 0.5 and a warning says so.",
		Example: "fn label(text) { llm(\"Label in one word: ${text}\", maxTokens: 5) ~?> 0.7 }\n" +
			"typeof label\n" +
			"// => \"function\"",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "stream_llm", Category: "agents",
		Signature: "stream_llm(prompt: string, options?: object): object",
		Doc: "Asks a language model and gives its answer in chunks.\n\n" +
			"`next()` waits for a chunk `{type, text}` and gives it, null at the end; a model that can't stream gives one chunk. `result()` a promise of the whole answer, as `llm` gives it; `cancel()` ends it. An error of the model is thrown by both. Options are those of `llm`.",
		Example: "fn show(prompt) {\n" +
			"  let answer = stream_llm(prompt)\n" +
			"  for let c = answer.next(); c != null; c = answer.next() { print(c.text) }\n" +
			"}\n" +
			"typeof show\n" +
			"// => \"function\"",
		MinArgs: 1, MaxArgs: 2, Module: preludeModule,
	},
	{
		Name: "ask", Category: "agents",
		Signature: "ask(question: string, options?: any): any",
		Doc: "Asks a person, or whoever runs the program, and waits for the answer.\n\n" +
			"The execution is suspended meanwhile. The answer is text, or one of the options.",
		Example: "fn approve(plan) { ask(\"Go ahead with ${plan}?\", [\"yes\", \"no\"]) == \"yes\" }\n" +
			"typeof approve\n" +
			"// => \"function\"",
		MinArgs: 1, MaxArgs: 2,
	},
}
