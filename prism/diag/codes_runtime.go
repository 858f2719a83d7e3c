package diag

// runtimeCodes explains what goes wrong while a program runs.
var runtimeCodes = []CodeInfo{
	{
		Code: "R0001", Name: "runtime-error", Title: "an error without a kind of its own",
		Explanation: "Something in the library failed; the message says what.",
		Example:     "JSON.parse(\"{\")", Fixed: "JSON.parse(\"{}\")",
	},
	{
		Code: "R0002", Name: "uncaught", Title: "a value was thrown and nobody caught it",
		Explanation: "`throw`, or a rejected promise that was awaited. The message is the text of the thrown value. Catch it with `try { ... } catch (e) { ... }`.",
		Example:     "throw \"no answer\"", Fixed: "try { throw \"no answer\" } catch (e) { e }",
	},
	{
		Code: "R0003", Name: "failed", Title: "the pattern gave up with fail(message, data)",
		Explanation: "The data stands in the result's error. A caller may catch it.",
		Example:     "fail(\"no agreement\")", Fixed: "try { fail(\"no agreement\") } catch (e) { e.message }",
	},
	{
		Code: "R0010", Name: "limit-exceeded", Title: "the execution used up what it may",
		Explanation: "Steps, call depth, fibers, memory, the length of strings and arrays, and time are limited. Depth and sizes can be caught; the others end the execution.",
		Example:     "fn f(n) { f(n + 1) }\nf(0)", Fixed: "fn f(n) { n > 100 ? n : f(n + 1) }\nf(0)",
	},
	{
		Code: "R0020", Name: "deadlock", Title: "everything waits for something that never comes",
		Explanation: "A promise is awaited that no running call will settle, such as `Promise.race([])`.",
		Example:     "await Promise.race([])", Fixed: "await Promise.race([delay(1)])",
	},
	{
		Code: "R0021", Name: "cancelled-call", Title: "a call was cancelled",
		Explanation: "The loser of a race, or what a timeout cut off.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0022", Name: "all-rejected", Title: "every promise was rejected",
		Explanation: "`Promise.any` found no success; `e.data` lists the reasons.",
		Example:     "await Promise.any([Promise.reject(1)])", Fixed: "await Promise.any([Promise.reject(1), 2])",
	},
	{
		Code: "R0099", Name: "internal-error", Title: "a bug in Prism",
		Explanation: "Please report it with the program.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0101", Name: "no-value-yet", Title: "a variable is read before it has a value",
		Explanation: "It is assigned only in a branch that did not run, or after the function that reads it was called, or in a module that imports this one and has not run yet.",
		Example:     "if (false) { x = 1 }\nx", Fixed: "x = null\nif (false) { x = 1 }\nx",
	},
	{
		Code: "R0102", Name: "wrong-operands", Title: "an operator on kinds it does not take",
		Explanation: "Arithmetic takes numbers, `+` also strings; relations take two numbers or two strings.",
		Example:     "[1] + [2]", Fixed: "[...[1], ...[2]]",
	},
	{
		Code: "R0103", Name: "division-by-zero", Title: "division or modulo by zero",
		Explanation: "Test the divisor before.",
		Example:     "n = 0\n1 / n", Fixed: "n = 0\nn == 0 ? 0 : 1 / n",
	},
	{
		Code: "R0104", Name: "unknown-type-name", Title: "instanceof with something that is no type",
		Explanation: "The right side is the name of a type: number, string, boolean, null, array, object, function or promise.",
		Example:     "5 instanceof \"float\"", Fixed: "5 instanceof \"number\"",
	},
	{
		Code: "R0105", Name: "bad-confidence", Title: "a confidence that is no number",
		Explanation: "The right side of `~>` is a number; values outside 0 to 1 are clamped, NaN and other kinds are errors.",
		Example:     "c = \"high\"\n5 ~> c", Fixed: "c = 0.9\n5 ~> c",
	},
	{
		Code: "R0106", Name: "not-an-array", Title: "something that is no array is taken apart as one",
		Explanation: "The right side of `[a, b] = e` must be an array.",
		Example:     "[a] = 5\na", Fixed: "[a] = [5]\na",
	},
	{
		Code: "R0107", Name: "not-an-object", Title: "something that is no object is taken apart as one",
		Explanation: "The right side of `{a} = e` must be an object.",
		Example:     "x = null\nlet {a} = x\na", Fixed: "x = {a: 1}\nlet {a} = x\na",
	},
	{
		Code: "R0108", Name: "not-iterable", Title: "a loop over something that has no elements",
		Explanation: "`for x in e` goes over arrays, strings and objects.",
		Example:     "for x in 5 { x }", Fixed: "for x in range(5) { x }",
	},
	{
		Code: "R0110", Name: "call-arguments", Title: "a call with too few or too many arguments",
		Explanation: "Give a parameter a default (`b = 1`), make it optional (`b?`), or take any number (`...rest`).",
		Example:     "f = (a, b) => a\ng = f\ng(1)", Fixed: "f = (a, b = 0) => a\ng = f\ng(1)",
	},
	{
		Code: "R0111", Name: "not-a-function", Title: "a call of something that is no function",
		Explanation: "The name holds another kind of value, or the object or value has no such method.",
		Example:     "x = 5\nx()", Fixed: "x = () => 5\nx()",
	},
	{
		Code: "R0112", Name: "no-members", Title: "a member of something that has none",
		Explanation: "null, booleans, numbers and functions have no properties. If the value may be missing, write `?.`.",
		Example:     "x = null\nx.name", Fixed: "x = null\nx?.name",
	},
	{
		Code: "R0113", Name: "wrong-key", Title: "an index or key of the wrong kind",
		Explanation: "Arrays and strings are indexed by numbers, objects by strings.",
		Example:     "({a: 1})[0]", Fixed: "({a: 1})[\"a\"]",
	},
	{
		Code: "R0114", Name: "out-of-range", Title: "an index outside the array or string",
		Explanation: "Indices go from 0 to length - 1; `.at(-1)` counts from the end and gives null outside.",
		Example:     "[1, 2][2]", Fixed: "[1, 2].at(-1)",
	},
	{
		Code: "R0115", Name: "not-assignable", Title: "a part of something that has no parts is assigned",
		Explanation: "Only arrays and objects have elements and properties to set.",
		Example:     "o = null\no.x = 1", Fixed: "o = {}\no.x = 1",
	},
	{
		Code: "R0116", Name: "spread-no-array", Title: "something that is no array is spread into an array or a call",
		Explanation: "`...e` needs an array there.",
		Example:     "[...5]", Fixed: "[...[5]]",
	},
	{
		Code: "R0117", Name: "spread-no-object", Title: "something that is no object is spread into an object",
		Explanation: "`...e` needs an object there.",
		Example:     "({...[1]})", Fixed: "({...{a: 1}})",
	},
	{
		Code: "R0120", Name: "wrong-argument", Title: "an argument of the wrong kind",
		Explanation: "The message names the function and what it needs; `prism doc NAME` shows its signature.",
		Example:     "Promise.all(5)", Fixed: "Promise.all([5])",
	},
	{
		Code: "R0501", Name: "input-invalid", Title: "the input does not fit the program",
		Explanation: "The header's `@input` or the input block says what the program takes. All violations are listed at once, each with its path.",
		Example:     "pattern p { input { n: number } input.n }", Fixed: "pattern p { input { n?: number } input.n }",
	},
	{
		Code: "R0502", Name: "nondeterminism", Title: "a replay that does not match the journal",
		Explanation: "The program asks for something else than it did when the journal was recorded: program or input have changed.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0503", Name: "timed-out", Title: "the execution took too long",
		Explanation: "`--timeout`, the header's `@timeout`, else five minutes.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0504", Name: "cancelled", Title: "the execution was cancelled",
		Explanation: "Whoever started it asked for that.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0505", Name: "stalled", Title: "nothing is left to wait for",
		Explanation: "The program waits although no effect is under way.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0506", Name: "unsupported-effect", Title: "this host can't do what the program asks for",
		Explanation: "The message says what is missing.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0507", Name: "journal-failed", Title: "an outcome could not be recorded",
		Explanation: "The execution ends, because what is not recorded can't be replayed.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0508", Name: "engine-error", Title: "a bug in the engine",
		Explanation: "Please report it with the program.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0509", Name: "ask-failed", Title: "a question was not answered",
		Explanation: "The input ended, or the question was cancelled.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0510", Name: "unknown-effect", Title: "an effect that nobody answers",
		Explanation: "The host has no handler of this kind.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0601", Name: "not-enough-agents", Title: "fewer agents than the pattern needs",
		Explanation: "Register more agents with these capabilities, or lower `min`.",
		Example:     "select(min: 3)", Fixed: "select(min: 0)",
	},
	{
		Code: "R0602", Name: "unknown-agent", Title: "a task for an agent that does not exist",
		Explanation: "The registry has no agent of this name, id or capability.",
		Example:     "call(\"nobody\", \"greet\")", Fixed: "select(min: 0)",
	},
	{
		Code: "R0603", Name: "llm-not-configured", Title: "llm without a model",
		Explanation: "Configure a model in the agents file.",
		Example:     "llm(\"hello\")", Fixed: "try { llm(\"hello\") } catch (e) { \"no model\" }",
	},
	{
		Code: "R0604", Name: "llm-failed", Title: "a model did not answer",
		Explanation: "The message is the provider's.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0605", Name: "insufficient-results", Title: "fewer results than wanted",
		Explanation: "Too many agents or tasks failed; `min_results` says how many are needed.",
		Example:     "parallel([], {minResults: 1})", Fixed: "parallel([() => 1], {minResults: 1})",
	},
	{
		Code: "R0606", Name: "timeout", Title: "a call took longer than its time",
		Explanation: "Give `timeout` a fallback as its third argument, or catch the error.",
		Example:     "timeout(1, () => sleep(1000))", Fixed: "timeout(1, () => sleep(1000), \"late\")",
	},
	{
		Code: "R0607", Name: "validation-failed", Title: "a result is not good enough",
		Explanation: "Its confidence is below `min_confidence`, or its check failed.",
		Example:     "validate(1 ~> 0.2, {min_confidence: 0.5})", Fixed: "validate(1 ~> 0.9, {min_confidence: 0.5})",
	},
	{
		Code: "R0608", Name: "circuit-open", Title: "a circuit breaker is open",
		Explanation: "The function failed too often; it is tried again after the pause.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0609", Name: "agent-failed", Title: "an agent failed",
		Explanation: "The message is the agent's.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0610", Name: "expectation-failed", Title: "a claim of a test does not hold",
		Explanation: "The report of `prism test` shows what was wanted and what there was.",
		Example:     "expect(1 + 1).toBe(3)", Fixed: "expect(1 + 1).toBe(2)",
	},
	{
		Code: "R0611", Name: "budget-exceeded", Symbol: "BUDGET_EXCEEDED", Title: "a pattern has used up its budget",
		Explanation: "`budget` bounds the tokens, the cost and the calls of a run; the call that would go beyond is not made.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0612", Name: "step-failed", Symbol: "STEP_FAILED", Title: "a step of a pattern failed",
		Explanation: "An agent of the step failed, or a pattern that it runs did; the message tells. `onError: continue`, or a default, lets a pattern go on.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0613", Name: "max-steps", Symbol: "MAX_STEPS", Title: "a pattern runs more steps than it may",
		Explanation: "Jumps lead back again and again: `execution.maxSteps`, 100 if not given, ends that.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0614", Name: "switch-no-match", Symbol: "SWITCH_NO_MATCH", Title: "a switch without a case for its value",
		Explanation: "None of the `cases` is for the value, and there is no `default`.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0615", Name: "step-timeout", Symbol: "STEP_TIMEOUT", Title: "a step of an org chart took longer than its time",
		Explanation: "The steps of a `parallel` were not done, or what a `wait` waits for did not come, within `timeout`.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0616", Name: "threads-unavailable", Symbol: "THREADS_UNAVAILABLE", Title: "a role that works in threads",
		Explanation: "`threadConfig` asks for long-lived sessions of an agent, which only hosts with a runtime for them have. `enabled: false` does without.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R0702", Name: "not-data", Title: "a part of the result that JSON can't express",
		Explanation: "Only data leaves a program: NaN, infinities, functions and promises are null in the JSON of a result. Was an `await` forgotten?",
		Example:     "[x => x]", Fixed: "[1]",
	},
	{
		Code: "R0703", Name: "confidence-field", Title: "a field \"confidence\" outside 0 to 1",
		Explanation: "It does not count as the execution's confidence.",
		Example:     "{confidence: 85}", Fixed: "{confidence: 0.85}",
	},
	{
		Code: "R0704", Name: "warned", Title: "something doubtful about an execution",
		Explanation: "The message says what.",
		Example:     "", Fixed: "",
	},
	{
		Code: "R1001", Name: "library-argument", Title: "an argument of the wrong kind for a library function",
		Explanation: "`prism doc NAME` shows its signature.",
		Example:     "[1].map(5)", Fixed: "[1].map(x => x + 5)",
	},
	{
		Code: "R1002", Name: "library-range", Title: "an argument outside what a library function allows",
		Explanation: "The message says the bounds.",
		Example:     "\"a\".repeat(-1)", Fixed: "\"a\".repeat(2)",
	},
	{
		Code: "R1003", Name: "library-empty", Title: "a library function with nothing to work on",
		Explanation: "An empty array has no mean, and reduce needs an initial value.",
		Example:     "[].reduce((a, b) => a + b)", Fixed: "[].reduce((a, b) => a + b, 0)",
	},
	{
		Code: "R1004", Name: "library-syntax", Title: "text that a library function can't read",
		Explanation: "JSON, a regular expression or a number is malformed; the message says where.",
		Example:     "JSON.parse(\"[1,]\")", Fixed: "JSON.parse(\"[1]\")",
	},
	{
		Code: "R1101", Name: "aggregation-argument", Title: "an option that an aggregation function does not take",
		Explanation: "The message names the words that it takes.",
		Example:     "vote([1], method: \"loudest\")", Fixed: "vote([1], method: \"majority\")",
	},
	{
		Code: "R1102", Name: "aggregation-failed", Title: "an aggregation without a result",
		Explanation: "Too few votes (INSUFFICIENT_VOTES), no majority where one was demanded (NO_MAJORITY), or no consensus (CONSENSUS_FAILED).",
		Example:     "vote([], {minVotes: 2})", Fixed: "vote([1, 1], {minVotes: 2})",
	},
}
