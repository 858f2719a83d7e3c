package library

// hostEntries documents the category host.
var hostEntries = []*Entry{
	{
		Name: "input", Category: "host",
		Signature: "input: any",
		Doc:       "The execution's input, checked against the schema of the pattern's header or input block; null without.",
		Example:   "input?.text ?? \"no text\"\n// => \"no text\"",
		Host:      true,
	},
	{
		Name: "agentResults", Category: "host",
		Signature: "agentResults: object[]",
		Doc: "The answers of the agents that the header asks for, most confident first.\n\n" +
			"Each is `{agentId, agentName, capabilities, expertise, result, confidence, reasoning, error}`; a failed one has null at confidence 0. The agents are asked only if the program reads this name, `successfulResults` or `parallax`.",
		Example: "agentResults.map(r => r.result)\n// => []",
		Host:    true,
	},
	{
		Name: "successfulResults", Category: "host",
		Signature: "successfulResults: object[]",
		Doc:       "Those of `agentResults` with a confidence above 0.",
		Example:   "successfulResults.length\n// => 0",
		Host:      true,
	},
	{
		Name: "agentCount", Category: "host",
		Signature: "agentCount: number",
		Doc:       "The number of agents that the header asks for.",
		Example:   "agentCount\n// => 0",
		Host:      true,
	},
	{
		Name: "agentList", Category: "host",
		Signature: "agentList: object[]",
		Doc:       "The agents that the header asks for: `{id, name, capabilities, expertise, ...}`.",
		Example:   "agentList.map(a => a.name)\n// => []",
		Host:      true,
	},
	{
		Name: "execution", Category: "host",
		Signature: "execution: {id: string, pattern: string, version: string, startedAt: number}",
		Doc:       "The running execution; `startedAt` is in milliseconds since 1970 began, UTC.",
		Example:   "typeof execution.id\n// => \"string\"",
		Host:      true,
	},
	{
		Name: "parallax", Category: "host",
		Signature: "parallax: object",
		Doc:       "What the host provides, as one object: `{input, agentList, agentCount, agentResults, successfulResults}`.",
		Example:   "parallax.agentCount\n// => 0",
		Host:      true,
	},
	{
		Name: "pattern", Category: "host",
		Signature: "pattern: {name: string, version: string}",
		Doc:       "The running pattern, by the name and version of its header.",
		Example:   "typeof pattern.name\n// => \"string\"",
		Host:      true,
	},
	{
		Name: "workspace", Category: "host",
		Signature: "workspace: any",
		Doc:       "The workspace that was prepared for the execution, null without.",
		Example:   "workspace ?? \"none\"\n// => \"none\"",
		Host:      true,
	},
}
