package library

// testingModule is the module of the standard library that implements what
// tests use.
const testingModule = "std/testing"

// testingEntries documents the category testing.
var testingEntries = []*Entry{
	{
		Name: "expect", Category: "testing",
		Signature: "expect(actual: any): object",
		Doc: "Makes a claim about a value; one that does not hold fails the test.\n\n" +
			"`toBe(y)` and `toEqual(y)` compare as `===` does, deeply and without confidences; `toStrictEqual(y)` compares these too. " +
			"`toMatchObject(part)` needs some properties only. Numbers: `toBeCloseTo(y, digits = 2)`, `toBeGreaterThan(y)`, `toBeGreaterThanOrEqual(y)`, `toBeLessThan(y)`, `toBeLessThanOrEqual(y)`. " +
			"Texts and lists: `toContain(x)`, `toMatch(regexp)`, `toHaveLength(n)`, `toHaveProperty(path, value?)`, `toBeOneOf(list)`. " +
			"Others: `toBeNull()`, `toBeDefined()`, `toBeTruthy()`, `toBeFalsy()`, `toBeType(name)`, `toThrow(text?)` of a function. " +
			"Confidence: `toBeConfident()`, `toHaveConfidence(c)`, `toHaveConfidence(min, max)`. `not` turns each around: `expect(x).not.toBe(y)`.",
		Example: "expect([1, 2]).toContain(2)\nexpect(\"x\" ~> 0.8).toHaveConfidence(0.7, 0.9)\nexpect({ a: 1, b: 2 }).not.toMatchObject({ a: 2 })\n// => null",
		MinArgs: 1, MaxArgs: 1, Module: testingModule,
	},
	{
		Name: "mockAgent", Category: "testing",
		Signature: "mockAgent(name: string, answer?: any): null",
		Doc: "Stands in for an agent while a test runs.\n\n" +
			"The answer is a result, possibly confident, or an object as in `agents.yaml`: `{result, confidence, capabilities, reasoning, delayMs, error, sequence}`. Without `capabilities` the agent has every capability.",
		Example: "fn prepare() { mockAgent(\"anna\", { result: \"positive\", confidence: 0.9, delayMs: 20 }) }\n" +
			"typeof prepare\n// => \"function\"",
		MinArgs: 1, MaxArgs: 2, Module: testingModule,
	},
	{
		Name: "mockModel", Category: "testing",
		Signature: "mockModel(prompt: string, answer?: any): null",
		Doc: "Answers prompts that match a regular expression while a test runs; the first match counts.\n\n" +
			"The answer is a result or `{result, confidence, delayMs, error}`.",
		Example: "fn prepare() { mockModel(\"^Label\", { result: \"spam\", confidence: 0.8 }) }\n" +
			"typeof prepare\n// => \"function\"",
		MinArgs: 1, MaxArgs: 2, Module: testingModule,
	},
	{
		Name: "mockAnswers", Category: "testing",
		Signature: "mockAnswers(...answers: any[]): null",
		Doc:       "Answers the next questions of `ask` while a test runs, one after another. A question without an answer leaves the execution in need of review.",
		Example: "fn prepare() { mockAnswers(\"yes\", \"no\") }\n" +
			"typeof prepare\n// => \"function\"",
		MaxArgs: -1, Module: testingModule,
	},
	{
		Name: "runPattern", Category: "testing",
		Signature: "runPattern(path: string, input?: any, options?: object): object",
		Doc: "Runs a pattern with the stand-ins of the running test.\n\n" +
			"The path is relative to the file of the test. The result is `{status, value, confidence, calls, agents, escalation, warnings, printed, error}`; the value carries the confidence. Options: `timeout` in ms, `pattern` to choose one of several.",
		Example: "fn outcome(text) { runPattern(\"./review.prism\", { text }).status }\n" +
			"typeof outcome\n// => \"function\"",
		MinArgs: 1, MaxArgs: 3, Module: testingModule,
	},
}
