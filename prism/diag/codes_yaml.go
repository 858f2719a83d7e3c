package diag

// yamlCodes explains the diagnostics of YAML patterns and org charts. People and
// programs see their symbols.
var yamlCodes = []CodeInfo{
	{
		Code: "Y0001", Symbol: "EMPTY_DOCUMENT", Name: "yaml-empty-document", Title: "a file without anything in it",
		Explanation: "A pattern has at least a name and an output.",
		Example:     "# nothing yet", Fixed: "name: hello\noutput: $input",
	},
	{
		Code: "Y0002", Symbol: "YAML_SYNTAX", Name: "yaml-syntax", Title: "text that is not YAML",
		Explanation: "Blanks indent, tabs do not; all keys of a map stand in one column; brackets and quotes are closed. Text that begins with one of `* & ! @ % [ {` or a backquote, or that contains a colon and a blank, needs quotes. A file holds one document.",
		Example:     "name: p\nagents: [a, b\noutput: 1", Fixed: "name: p\nagents: [a, b]\noutput: 1",
	},
	{
		Code: "Y0003", Symbol: "DUPLICATE_KEY", Name: "yaml-duplicate-key", Title: "a key that a map has twice",
		Explanation: "Each key of a map can stand there once.",
		Example:     "name: p\noutput: 1\noutput: 2", Fixed: "name: p\noutput: 2",
	},
	{
		Code: "Y0004", Symbol: "WRONG_TYPE", Name: "yaml-wrong-type", Title: "a value of the wrong kind",
		Explanation: "The key takes another kind of value: a list, a map, text, a number, true or false. Only `true` and `false` are booleans; `yes`, `no`, `on` and `off` are text.",
		Example:     "name: p\nagents:\n  capabilities: sentiment\noutput: 1", Fixed: "name: p\nagents:\n  capabilities: [sentiment]\noutput: 1",
	},
	{
		Code: "Y0005", Symbol: "MISSING_KEY", Name: "yaml-missing-key", Title: "a map that lacks a key",
		Explanation: "The map cannot do without this key. A file with `goal` or `requirements` and without `output` asks for a pattern to be generated and can't be run.",
		Example:     "output: 1", Fixed: "name: p\noutput: 1",
	},
	{
		Code: "Y0006", Symbol: "UNKNOWN_VALUE", Name: "yaml-unknown-value", Title: "a word that is not among those a key takes",
		Explanation: "Strategies, methods, types and the like are fixed words.",
		Example:     "name: p\nagents: [a]\naggregation:\n  strategy: voteing\noutput: 1", Fixed: "name: p\nagents: [a]\naggregation:\n  strategy: voting\noutput: 1",
	},
	{
		Code: "Y0007", Symbol: "OUT_OF_RANGE", Name: "yaml-out-of-range", Title: "a value outside of what a key takes",
		Explanation: "Confidences and thresholds lie between 0 and 1, counts are not negative, a maximum is not below its minimum.",
		Example:     "name: p\nagents: [a]\nvalidation:\n  minConfidence: 70\noutput: 1", Fixed: "name: p\nagents: [a]\nvalidation:\n  minConfidence: 0.7\noutput: 1",
	},
	{
		Code: "Y0008", Symbol: "UNKNOWN_REFERENCE", Name: "yaml-unknown-reference", Title: "a $name that nothing defines",
		Explanation: "In an org chart, `${step_N_result}` counts the steps of the workflow from 0; one that does not exist gives null, with a warning. In other patterns, after `$` stands a built-in name (`$input`, `$results`, `$confidence`, ...), a group, a step, or what the aggregation gives (`$vote`, `$consensus`, `$merged`, `$best`). Text that only begins with a dollar sign is written `$$text`.",
		Example:     "name: p\nagents: [a]\noutput: $reslts", Fixed: "name: p\nagents: [a]\noutput: $results",
	},
	{
		Code: "Y0009", Symbol: "UNKNOWN_STEP", Name: "yaml-unknown-step", Title: "a step that the pattern does not have",
		Explanation: "`next`, `cases`, `onPass` and `onFail` name steps by their id.",
		Example:     "name: p\nsteps:\n  - id: a\n    agents: [m]\n    next: b\noutput: $a", Fixed: "name: p\nsteps:\n  - id: a\n    agents: [m]\noutput: $a",
	},
	{
		Code: "Y0010", Symbol: "DUPLICATE_STEP", Name: "yaml-duplicate-step", Title: "two steps of one id",
		Explanation: "Other steps and the output refer to a step by its id.",
		Example:     "name: p\nsteps:\n  - id: a\n    agents: [m]\n  - id: a\n    agents: [m]\noutput: $a", Fixed: "name: p\nsteps:\n  - id: a\n    agents: [m]\n  - id: b\n    agents: [m]\noutput: $b",
	},
	{
		Code: "Y0011", Symbol: "FORWARD_REFERENCE", Name: "yaml-forward-reference", Title: "a step that uses a later one",
		Explanation: "Steps run in the order of the list; a step sees the results of those before it. In an org chart a result that is not there yet is null, with a warning.",
		Example:     "name: p\nsteps:\n  - id: a\n    agents: [m]\n    input: $b\n  - id: b\n    agents: [m]\noutput: $b", Fixed: "name: p\nsteps:\n  - id: b\n    agents: [m]\n  - id: a\n    agents: [m]\n    input: $b\noutput: $a",
	},
	{
		Code: "Y0012", Symbol: "CYCLIC_STEPS", Name: "yaml-cyclic-steps", Title: "steps that never come to an end",
		Explanation: "Steps that need each other's results can't begin; steps that only ever lead back to each other can't end. A jump back is fine where some step on the way, a switch, a gate or a condition, can decide otherwise.",
		Example:     "name: p\nsteps:\n  - id: a\n    agents: [m]\n  - id: b\n    agents: [m]\n    next: a\noutput: $b", Fixed: "name: p\nsteps:\n  - id: a\n    agents: [m]\n  - id: b\n    agents: [m]\noutput: $b",
	},
	{
		Code: "Y0013", Symbol: "BAD_EXPRESSION", Name: "yaml-bad-expression", Title: "an expression that can't be read",
		Explanation: "Expressions have names with `$`, members, calls, `! - * / % + < <= > >= in contains matches == != && || ??` and `c ? a : b`.",
		Example:     "name: p\nagents: [a]\noutput: $totalCount +", Fixed: "name: p\nagents: [a]\noutput: $totalCount + 1",
	},
	{
		Code: "Y0014", Symbol: "UNKNOWN_ROLE", Name: "yaml-unknown-role", Title: "a role that the structure does not have",
		Explanation: "Steps, `reportsTo`, routing and escalation name roles by their key below `structure.roles`.",
		Example:     "name: p\nstructure:\n  roles:\n    clerk: {capabilities: [type]}\nworkflow:\n  steps:\n    - {type: assign, role: clrek, task: write}", Fixed: "name: p\nstructure:\n  roles:\n    clerk: {capabilities: [type]}\nworkflow:\n  steps:\n    - {type: assign, role: clerk, task: write}",
	},
	{
		Code: "Y0015", Symbol: "CYCLIC_ROLES", Name: "yaml-cyclic-roles", Title: "roles that report to each other",
		Explanation: "Following `reportsTo` must come to an end: to a role that reports to nobody.",
		Example:     "name: p\nstructure:\n  roles:\n    a: {capabilities: [x], reportsTo: b}\n    b: {capabilities: [y], reportsTo: a}\nworkflow:\n  steps:\n    - {type: assign, role: a, task: t}\n    - {type: assign, role: b, task: t}", Fixed: "name: p\nstructure:\n  roles:\n    a: {capabilities: [x], reportsTo: b}\n    b: {capabilities: [y]}\nworkflow:\n  steps:\n    - {type: assign, role: a, task: t}\n    - {type: assign, role: b, task: t}",
	},
	{
		Code: "Y0101", Symbol: "UNKNOWN_KEY", Name: "yaml-unknown-key", Title: "a key that has no meaning where it stands",
		Explanation: "It is probably misspelt or indented too far or too little; nothing reads it. With --strict it is an error.",
		Example:     "name: p\nagents:\n  capabilties: [a]\noutput: 1", Fixed: "name: p\nagents:\n  capabilities: [a]\noutput: 1",
	},
	{
		Code: "Y0102", Symbol: "SINGLETON_COUNTS", Name: "yaml-singleton-counts", Title: "a role that is a singleton and has counts",
		Explanation: "A singleton has exactly one instance; `minInstances` and `maxInstances` have no effect.",
		Example:     "name: p\nstructure:\n  roles:\n    boss: {capabilities: [lead], singleton: true, maxInstances: 2}\nworkflow:\n  steps:\n    - {type: assign, role: boss, task: t}", Fixed: "name: p\nstructure:\n  roles:\n    boss: {capabilities: [lead], singleton: true}\nworkflow:\n  steps:\n    - {type: assign, role: boss, task: t}",
	},
	{
		Code: "Y0103", Symbol: "UNUSED_GROUP", Name: "yaml-unused-group", Title: "a group that nothing refers to",
		Explanation: "Neither the output nor the confidence nor a condition names it.",
		Example:     "name: p\nagents: [a]\ngroups:\n  g: {match: result.ok}\noutput: 1", Fixed: "name: p\nagents: [a]\noutput: 1",
	},
	{
		Code: "Y0104", Symbol: "UNUSED_ROLE", Name: "yaml-unused-role", Title: "a role that no step uses",
		Explanation: "An agent is taken for it and is never asked anything. Roles that others report to, or that questions are routed to, count as used.",
		Example:     "name: p\nstructure:\n  roles:\n    a: {capabilities: [x]}\n    b: {capabilities: [y]}\nworkflow:\n  steps:\n    - {type: assign, role: a, task: t}", Fixed: "name: p\nstructure:\n  roles:\n    a: {capabilities: [x]}\nworkflow:\n  steps:\n    - {type: assign, role: a, task: t}",
	},
	{
		Code: "Y0105", Symbol: "NO_CAPABILITIES", Name: "yaml-no-capabilities", Title: "a role that asks for no capability",
		Explanation: "Any agent at all may fill it.",
		Example:     "name: p\nstructure:\n  roles:\n    a: {capabilities: []}\nworkflow:\n  steps:\n    - {type: assign, role: a, task: t}", Fixed: "name: p\nstructure:\n  roles:\n    a: {capabilities: [x]}\nworkflow:\n  steps:\n    - {type: assign, role: a, task: t}",
	},
	{
		Code: "Y0106", Symbol: "NO_STEPS", Name: "yaml-no-steps", Title: "a workflow without steps",
		Explanation: "Its result is null.",
		Example:     "name: p\nstructure:\n  roles:\n    a: {capabilities: [x]}\nworkflow:\n  steps: []", Fixed: "name: p\nstructure:\n  roles:\n    a: {capabilities: [x]}\nworkflow:\n  steps:\n    - {type: assign, role: a, task: t}",
	},
}
