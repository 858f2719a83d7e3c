package library

// stringsEntries documents the category strings.
var stringsEntries = []*Entry{
	{
		Name: "String", Category: "strings", Signature: "String(value?: any): string",
		Doc:     "The text form of a value, with its confidence.",
		Example: "String(1.5)\n// => \"1.5\"",
		MaxArgs: 1,
	},
	{
		Name: "String.fromCodePoint", Category: "strings", Signature: "String.fromCodePoint(...points: number): string",
		Doc:     "The string of some code points.",
		Example: "String.fromCodePoint(97, 98)\n// => \"ab\"",
		MaxArgs: -1,
	},
	{
		Name: "string.length", Category: "strings", Signature: "length",
		Doc:     "The number of code points.",
		Example: "\"héllo\".length\n// => 5",
	},
	{
		Name: "string.at", Category: "strings", Signature: "at(index: number): string",
		Doc:     "The code point at an index, from the end if it is negative; null outside.",
		Example: "\"abc\".at(-1)\n// => \"c\"",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.charAt", Category: "strings", Signature: "charAt(index: number): string",
		Doc:     "The code point at an index, \"\" outside.",
		Example: "\"abc\".charAt(1)\n// => \"b\"",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.codePointAt", Category: "strings", Signature: "codePointAt(index?: number): number",
		Doc:     "The number of the code point at an index, null outside.",
		Example: "\"a\".codePointAt(0)\n// => 97",
		MaxArgs: 1,
	},
	{
		Name: "string.slice", Category: "strings", Signature: "slice(from?: number, to?: number): string",
		Doc:     "The text from one index up to another; negative ones count from the end.",
		Example: "\"hello\".slice(1, -1)\n// => \"ell\"",
		MaxArgs: 2,
	},
	{
		Name: "string.substring", Category: "strings", Signature: "substring(from: number, to?: number): string",
		Doc:     "The text between two indices in either order; negative ones count as 0.",
		Example: "\"hello\".substring(2, 0)\n// => \"he\"",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "string.split", Category: "strings", Signature: "split(separator?: string, limit?: number): string[]",
		Doc:     "The parts between separators; \"\" splits into code points.",
		Example: "\"a,b\".split(\",\")\n// => [\"a\", \"b\"]",
		MaxArgs: 2,
	},
	{
		Name: "string.lines", Category: "strings", Signature: "lines(): string[]",
		Doc:     "The lines, without their line breaks.",
		Example: "\"a\\nb\".lines()\n// => [\"a\", \"b\"]",
	},
	{
		Name: "string.trim", Category: "strings", Signature: "trim(): string",
		Doc:     "The text without white space at both ends.",
		Example: "\" a \".trim()\n// => \"a\"",
	},
	{
		Name: "string.trimStart", Category: "strings", Signature: "trimStart(): string",
		Doc:     "The text without white space in front.",
		Example: "\" a\".trimStart()\n// => \"a\"",
	},
	{
		Name: "string.trimEnd", Category: "strings", Signature: "trimEnd(): string",
		Doc:     "The text without white space at the end.",
		Example: "\"a \".trimEnd()\n// => \"a\"",
	},
	{
		Name: "string.toUpperCase", Category: "strings", Signature: "toUpperCase(): string",
		Doc:     "The text in upper case.",
		Example: "\"a\".toUpperCase()\n// => \"A\"",
	},
	{
		Name: "string.toLowerCase", Category: "strings", Signature: "toLowerCase(): string",
		Doc:     "The text in lower case.",
		Example: "\"A\".toLowerCase()\n// => \"a\"",
	},
	{
		Name: "string.includes", Category: "strings", Signature: "includes(part: string): boolean",
		Doc:     "Whether a text occurs in it.",
		Example: "\"hello\".includes(\"ell\")\n// => true",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.contains", Category: "strings", Signature: "contains(part: string): boolean",
		Doc:     "The same as includes.",
		Example: "\"hello\".contains(\"x\")\n// => false",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.startsWith", Category: "strings", Signature: "startsWith(part: string): boolean",
		Doc:     "Whether it begins with a text.",
		Example: "\"hello\".startsWith(\"he\")\n// => true",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.endsWith", Category: "strings", Signature: "endsWith(part: string): boolean",
		Doc:     "Whether it ends with a text.",
		Example: "\"hello\".endsWith(\"lo\")\n// => true",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.indexOf", Category: "strings", Signature: "indexOf(part: string): number",
		Doc:     "Where a text occurs first, -1 without.",
		Example: "\"hello\".indexOf(\"l\")\n// => 2",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.lastIndexOf", Category: "strings", Signature: "lastIndexOf(part: string): number",
		Doc:     "Where a text occurs last, -1 without.",
		Example: "\"hello\".lastIndexOf(\"l\")\n// => 3",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.replace", Category: "strings", Signature: "replace(part: string, with: any): string",
		Doc:     "The text with the first occurrence replaced by a text, or by what a function gives for it.",
		Example: "\"aa\".replace(\"a\", \"b\")\n// => \"ba\"",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "string.replaceAll", Category: "strings", Signature: "replaceAll(part: string, with: any): string",
		Doc:     "The text with all occurrences replaced.",
		Example: "\"aa\".replaceAll(\"a\", \"b\")\n// => \"bb\"",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "string.match", Category: "strings", Signature: "match(pattern: string): any",
		Doc:     "The first match of a regular expression (RE2 syntax) as {match, index, groups, named}, null without.",
		Example: "\"id 42\".match(\"[0-9]+\").match\n// => \"42\"",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.padStart", Category: "strings", Signature: "padStart(length: number, fill?: string): string",
		Doc:     "The text, filled up in front to a length.",
		Example: "\"5\".padStart(3, \"0\")\n// => \"005\"",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "string.padEnd", Category: "strings", Signature: "padEnd(length: number, fill?: string): string",
		Doc:     "The text, filled up at the end to a length.",
		Example: "\"5\".padEnd(3, \".\")\n// => \"5..\"",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "string.repeat", Category: "strings", Signature: "repeat(times: number): string",
		Doc:     "The text several times in a row.",
		Example: "\"ab\".repeat(2)\n// => \"abab\"",
		MinArgs: 1, MaxArgs: 1,
	},
}
