package library

// hostEntries documents the category host.
var hostEntries = []*Entry{
	{
		Name: "input", Category: "host", Signature: "input",
		Doc:     "The execution's input.",
		Example: "typeof input != \"function\"\n// => true",
		Host:    true,
	},
	{
		Name: "agentResults", Category: "host", Signature: "agentResults",
		Doc:     "The answers of the agents that the header asks for, most confident first: {agentId, agentName, capabilities, expertise, result, confidence, reasoning, error}. They are asked only if the program reads this name.",
		Example: "typeof agentResults != \"function\"\n// => true",
		Host:    true,
	},
	{
		Name: "successfulResults", Category: "host", Signature: "successfulResults",
		Doc:     "Those of agentResults with a confidence above 0.",
		Example: "typeof successfulResults != \"function\"\n// => true",
		Host:    true,
	},
	{
		Name: "agentCount", Category: "host", Signature: "agentCount",
		Doc:     "The number of agents that the header asks for.",
		Example: "typeof agentCount != \"function\"\n// => true",
		Host:    true,
	},
	{
		Name: "agentList", Category: "host", Signature: "agentList",
		Doc:     "The agents that the header asks for: {id, name, capabilities, expertise}.",
		Example: "typeof agentList != \"function\"\n// => true",
		Host:    true,
	},
	{
		Name: "execution", Category: "host", Signature: "execution",
		Doc:     "{id, pattern, version, startedAt}.",
		Example: "typeof execution != \"function\"\n// => true",
		Host:    true,
	},
	{
		Name: "parallax", Category: "host", Signature: "parallax",
		Doc:     "What the host provides, as one object.",
		Example: "typeof parallax != \"function\"\n// => true",
		Host:    true,
	},
	{
		Name: "pattern", Category: "host", Signature: "pattern",
		Doc:     "{name, version}.",
		Example: "typeof pattern != \"function\"\n// => true",
		Host:    true,
	},
	{
		Name: "workspace", Category: "host", Signature: "workspace",
		Doc:     "The workspace that was prepared for the execution, null without.",
		Example: "typeof workspace != \"function\"\n// => true",
		Host:    true,
	},
}
