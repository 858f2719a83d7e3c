package library

// stringsEntries documents the category strings.
var stringsEntries = []*Entry{
	{
		Name: "String", Category: "strings",
		Signature: "String(value?: any): string",
		Doc: "The text form of a value, as `+` and interpolation write it.\n\n" +
			"The value's confidence stays.",
		Example: "String([1, \"two\", null])\n// => \"[1, two, null]\"",
		MaxArgs: 1,
	},
	{
		Name: "String.fromCodePoint", Category: "strings",
		Signature: "String.fromCodePoint(...points: number[]): string",
		Doc: "The string of some code points.\n\n" +
			"A number that is no code point is an error.",
		Example: "String.fromCodePoint(97, 98)\n// => \"ab\"",
		MaxArgs: -1,
	},
	{
		Name: "string.length", Category: "strings",
		Signature: "length: number",
		Doc:       "The number of code points. It is a property, written without parentheses.",
		Example:   "\"héllo\".length\n// => 5",
	},
	{
		Name: "string.at", Category: "strings",
		Signature: "at(index: number): string | null",
		Doc: "The code point at an index, null outside.\n\n" +
			"A negative index counts from the end.",
		Example: "\"abc\".at(-1)\n// => \"c\"",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.charAt", Category: "strings",
		Signature: "charAt(index: number): string",
		Doc:       "The code point at an index, `\"\"` outside.",
		Example:   "\"abc\".charAt(1)\n// => \"b\"",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "string.codePointAt", Category: "strings",
		Signature: "codePointAt(index?: number): number | null",
		Doc: "The number of the code point at an index, null outside.\n\n" +
			"The index is 0 by default.",
		Example: "\"a\".codePointAt(0)\n// => 97",
		MaxArgs: 1,
	},
	{
		Name: "string.slice", Category: "strings",
		Signature: "slice(from?: number, to?: number): string",
		Doc: "The text from one index up to, not including, another.\n\n" +
			"Indices count code points, negative ones from the end; by default all is taken.",
		Example: "\"hello\".slice(1, -1)\n// => \"ell\"",
		MaxArgs: 2,
	},
	{
		Name: "string.substring", Category: "strings",
		Signature: "substring(from: number, to?: number): string",
		Doc: "The text between two indices, in either order.\n\n" +
			"Indices count code points; negative ones count as 0. Without the second it goes to the end.",
		Example: "\"hello\".substring(2, 0)\n// => \"he\"",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "string.split", Category: "strings",
		Signature: "split(separator?: string, limit?: number): string[]",
		Doc: "The parts between separators.\n\n" +
			"`\"\"` splits into code points; without a separator the whole text is the only part. With a limit no more parts than that are given.",
		Example: "\"a,b\".split(\",\")\n// => [\"a\", \"b\"]",
		MaxArgs: 2,
	},
	{
		Name: "string.lines", Category: "strings",
		Signature: "lines(): string[]",
		Doc: "The lines, without their line breaks.\n\n" +
			"Lines end with LF or CRLF; a break at the very end begins no further line.",
		Example: "\"a\\nb\".lines()\n// => [\"a\", \"b\"]",
	},
	{
		Name: "string.trim", Category: "strings",
		Signature: "trim(): string",
		Doc:       "The text without white space at both ends.",
		Example:   "\" a \".trim()\n// => \"a\"",
	},
	{
		Name: "string.trimStart", Category: "strings",
		Signature: "trimStart(): string",
		Doc:       "The text without white space in front.",
		Example:   "\" a\".trimStart()\n// => \"a\"",
	},
	{
		Name: "string.trimEnd", Category: "strings",
		Signature: "trimEnd(): string",
		Doc:       "The text without white space at the end.",
		Example:   "\"a \".trimEnd()\n// => \"a\"",
	},
	{
		Name: "string.toUpperCase", Category: "strings",
		Signature: "toUpperCase(): string",
		Doc:       "The text in upper case.",
		Example:   "\"a\".toUpperCase()\n// => \"A\"",
	},
	{
		Name: "string.toLowerCase", Category: "strings",
		Signature: "toLowerCase(): string",
		Doc:       "The text in lower case.",
		Example:   "\"A\".toLowerCase()\n// => \"a\"",
	},
	{
		Name: "string.includes", Category: "strings",
		Signature: "includes(part: string): boolean",
		Doc: "Whether a text occurs in it.\n\n" +
			"A confident argument makes the result confident.",
		Example: "\"hello\".includes(\"ell\")\n// => true",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.contains", Category: "strings",
		Signature: "contains(part: string): boolean",
		Doc: "Whether a text occurs in it, as `includes`.\n\n" +
			"A confident argument makes the result confident.",
		Example: "\"hello\".contains(\"x\")\n// => false",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.startsWith", Category: "strings",
		Signature: "startsWith(part: string): boolean",
		Doc: "Whether it begins with a text.\n\n" +
			"A confident argument makes the result confident.",
		Example: "\"hello\".startsWith(\"he\")\n// => true",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.endsWith", Category: "strings",
		Signature: "endsWith(part: string): boolean",
		Doc: "Whether it ends with a text.\n\n" +
			"A confident argument makes the result confident.",
		Example: "\"hello\".endsWith(\"lo\")\n// => true",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.indexOf", Category: "strings",
		Signature: "indexOf(part: string): number",
		Doc:       "The index at which a text occurs first, in code points; -1 without.",
		Example:   "\"hello\".indexOf(\"l\")\n// => 2",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "string.lastIndexOf", Category: "strings",
		Signature: "lastIndexOf(part: string): number",
		Doc:       "The index at which a text occurs last, in code points; -1 without.",
		Example:   "\"hello\".lastIndexOf(\"l\")\n// => 3",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "string.replace", Category: "strings",
		Signature: "replace(part: string, with: string | (string) => any): string",
		Doc: "The text with the first occurrence of a part replaced.\n\n" +
			"The part is plain text, not a regular expression. A function gets each occurrence and gives what replaces it.",
		Example: "\"aa\".replace(\"a\", \"b\")\n// => \"ba\"",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "string.replaceAll", Category: "strings",
		Signature: "replaceAll(part: string, with: string | (string) => any): string",
		Doc: "The text with all occurrences of a part replaced.\n\n" +
			"The part is plain text, not a regular expression. A function gets each occurrence and gives what replaces it.",
		Example: "\"a-b-c\".replaceAll(\"-\", x => \"+\")\n// => \"a+b+c\"",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "string.match", Category: "strings",
		Signature: "match(pattern: string): {match: string, index: number, groups: any[], named: object} | null",
		Doc: "The first match of a regular expression, null without.\n\n" +
			"The syntax is RE2. `groups` are the parenthesised parts, null where one took no part; `named` those written `(?P<name>...)`; `index` counts code points. A malformed expression is an error.",
		Example: "\"id 42\".match(\"id ([0-9]+)\").groups\n// => [\"42\"]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "string.padStart", Category: "strings",
		Signature: "padStart(length: number, fill?: string): string",
		Doc: "The text, filled up in front to a length in code points.\n\n" +
			"The filling is a space by default. A text that is long enough stays as it is.",
		Example: "\"5\".padStart(3, \"0\")\n// => \"005\"",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "string.padEnd", Category: "strings",
		Signature: "padEnd(length: number, fill?: string): string",
		Doc: "The text, filled up at the end to a length in code points.\n\n" +
			"The filling is a space by default. A text that is long enough stays as it is.",
		Example: "\"5\".padEnd(3, \".\")\n// => \"5..\"",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "string.repeat", Category: "strings",
		Signature: "repeat(times: number): string",
		Doc: "The text several times in a row.\n\n" +
			"A negative number is an error.",
		Example: "\"ab\".repeat(2)\n// => \"abab\"",
		MinArgs: 1, MaxArgs: 1,
	},
}
