package library

// consoleEntries documents the category console.
var consoleEntries = []*Entry{
	{
		Name: "print", Category: "console", Signature: "print(...values: any): null",
		Doc:     "Prints values on one line. Confidences are not shown; in JSON output mode the line goes to standard error.",
		Example: "print(\"a\", 1)\n// => null",
		MaxArgs: -1,
	},
	{
		Name: "log", Category: "console", Signature: "log(level?: string, ...values: any): null",
		Doc:     "Writes to the execution's log. The first argument is the level (trace, debug, info, warn, error) if it names one and something follows; else the level is info.",
		Example: "log(\"warn\", \"low agreement\")\n// => null",
		MaxArgs: -1,
	},
	{
		Name: "console.log", Category: "console", Signature: "console.log(...values: any): null",
		Doc:     "Writes values to the execution's log at the level info.",
		Example: "console.log(\"x\", 1)\n// => null",
		MaxArgs: -1,
	},
	{
		Name: "console.info", Category: "console", Signature: "console.info(...values: any): null",
		Doc:     "Writes values to the execution's log at the level info.",
		Example: "console.info(\"x\", 1)\n// => null",
		MaxArgs: -1,
	},
	{
		Name: "console.warn", Category: "console", Signature: "console.warn(...values: any): null",
		Doc:     "Writes values to the execution's log at the level warn.",
		Example: "console.warn(\"x\", 1)\n// => null",
		MaxArgs: -1,
	},
	{
		Name: "console.error", Category: "console", Signature: "console.error(...values: any): null",
		Doc:     "Writes values to the execution's log at the level error.",
		Example: "console.error(\"x\", 1)\n// => null",
		MaxArgs: -1,
	},
	{
		Name: "console.debug", Category: "console", Signature: "console.debug(...values: any): null",
		Doc:     "Writes values to the execution's log at the level debug.",
		Example: "console.debug(\"x\", 1)\n// => null",
		MaxArgs: -1,
	},
	{
		Name: "console", Category: "console", Signature: "console",
		Doc:     "Functions that write to the execution's log, one for each level.",
		Example: "typeof console\n// => \"object\"",
	},
}
