package library

// consoleEntries documents the category console.
var consoleEntries = []*Entry{
	{
		Name: "print", Category: "console",
		Signature: "print(...values: any[]): null",
		Doc: "Prints values on one line, separated by spaces.\n\n" +
			"Confidences are not shown. Where the program's result goes to standard output as JSON, the line goes to standard error.",
		Example: "print(\"a\", 1)\n// => null",
		MaxArgs: -1,
	},
	{
		Name: "log", Category: "console",
		Signature: "log(...values: any[]): null\n" +
			"log(level: \"trace\" | \"debug\" | \"info\" | \"warn\" | \"error\", ...values: any[]): null",
		Doc: "Writes values to the execution's log.\n\n" +
			"The first argument is the level if it names one and something follows; else the level is `info`.",
		Example: "log(\"warn\", \"low agreement\")\n// => null",
		MaxArgs: -1,
	},
	{
		Name: "console.log", Category: "console",
		Signature: "console.log(...values: any[]): null",
		Doc:       "Writes values to the execution's log at the level `info`.",
		Example:   "console.log(\"agreement\", 0.4)\n// => null",
		MaxArgs:   -1,
	},
	{
		Name: "console.info", Category: "console",
		Signature: "console.info(...values: any[]): null",
		Doc:       "Writes values to the execution's log at the level `info`.",
		Example:   "console.info(\"agreement\", 0.4)\n// => null",
		MaxArgs:   -1,
	},
	{
		Name: "console.warn", Category: "console",
		Signature: "console.warn(...values: any[]): null",
		Doc:       "Writes values to the execution's log at the level `warn`.",
		Example:   "console.warn(\"agreement\", 0.4)\n// => null",
		MaxArgs:   -1,
	},
	{
		Name: "console.error", Category: "console",
		Signature: "console.error(...values: any[]): null",
		Doc:       "Writes values to the execution's log at the level `error`.",
		Example:   "console.error(\"agreement\", 0.4)\n// => null",
		MaxArgs:   -1,
	},
	{
		Name: "console.debug", Category: "console",
		Signature: "console.debug(...values: any[]): null",
		Doc:       "Writes values to the execution's log at the level `debug`.",
		Example:   "console.debug(\"agreement\", 0.4)\n// => null",
		MaxArgs:   -1,
	},
	{
		Name: "console", Category: "console",
		Signature: "console",
		Doc:       "Functions that write to the execution's log, one for each level: `log`, `info`, `warn`, `error`, `debug`.",
		Example:   "typeof console\n// => \"object\"",
	},
}
