package diag

// buildCodes explains the diagnostics of compiler/build: headers and input
// blocks.
var buildCodes = []CodeInfo{
	{
		Code: "M0101", Name: "header-json", Title: "a value in the header that is not JSON",
		Explanation: "`@input`, `@output`, `@agents` and `@confidence` take JSON, which may go over several lines: keys and strings in double quotes, no comma before a closing bracket.",
		Example:     "/** @name p\n * @input {text: \"string\"}\n */\ninput.text", Fixed: "/** @name p\n * @input {\"text\": \"string\"}\n */\ninput.text",
	},
	{
		Code: "M0102", Name: "header-value", Title: "a value in the header that its key does not take",
		Explanation: "`@version` is three numbers, `@minAgents` and `@maxAgents` are counts, `@timeout` is milliseconds or a time such as 30s, `@confidence` an object of rules (min, max, product, average) and thresholds from 0 to 1.",
		Example:     "/** @name p\n * @timeout soon\n */\n1", Fixed: "/** @name p\n * @timeout 30s\n */\n1",
	},
	{
		Code: "M0103", Name: "repeated-header-key", Title: "a key that stands in the header twice",
		Explanation: "The first one counts.",
		Example:     "/** @name a\n * @name b\n */\n1", Fixed: "/** @name a\n */\n1",
	},
	{
		Code: "M0110", Name: "unknown-constraint", Title: "a constraint that does not exist",
		Explanation: "Fields of an input block take optional, required, default, min, max, min_length, max_length, min_items, max_items, multiple_of, pattern, format, enum, items, unique, secret, env and description.",
		Example:     "pattern p {\n  input { n: number minimum(0) }\n  input.n\n}", Fixed: "pattern p {\n  input { n: number min(0) }\n  input.n\n}",
	},
	{
		Code: "M0111", Name: "constraint-arguments", Title: "a constraint with arguments it does not take",
		Explanation: "Arguments are constants of the right kind: numbers for min and max, a regular expression for pattern, at least one value for enum.",
		Example:     "pattern p {\n  input { n: number min(\"0\") }\n  input.n\n}", Fixed: "pattern p {\n  input { n: number min(0) }\n  input.n\n}",
	},
	{
		Code: "M0112", Name: "unknown-pattern", Title: "a pattern that the file does not have",
		Explanation: "`--pattern` names one of the `pattern` blocks of the file.",
		Example:     "pattern a { 1 }", Fixed: "pattern b { 1 }",
	},
	{
		Code: "M0120", Name: "invalid-artefact", Title: "a `.prismc` file that can't be run",
		Explanation: "The file is no artefact of `prism build`, is cut off or changed, or was built by another version of the compiler. An artefact is verified as a whole before anything of it runs. Build it again from its source.",
	},
}
