package library

// jsonEntries documents the category json.
var jsonEntries = []*Entry{
	{
		Name: "hash", Category: "json",
		Signature: "hash(value: any): string",
		Doc: "The SHA-256 of a value's canonical form, in 64 hexadecimal digits.\n\n" +
			"Equal values with their keys in the same order have equal hashes; confidences don't count. The value's confidence stays. Functions and promises are errors.",
		Example: "hash([1, 2]) == hash([1, 2])\n// => true",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "JSON", Category: "json",
		Signature: "JSON",
		Doc:       "Reading and writing JSON: `parse`, `stringify`.",
		Example:   "JSON.stringify([1])\n// => \"[1]\"",
	},
	{
		Name: "JSON.parse", Category: "json",
		Signature: "JSON.parse(text: string): any",
		Doc: "The value of a JSON text.\n\n" +
			"The text's confidence stays. A malformed text is an error that tells line and column.",
		Example: "JSON.parse(\"[1, 2]\" ~> 0.8)\n// => [1, 2]\n// ~ 0.8",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "JSON.stringify", Category: "json",
		Signature: "JSON.stringify(value: any, indent?: number | string): string\n" +
			"JSON.stringify(value: any, replacer: null, indent?: number | string): string",
		Doc: "A value as JSON text, on one line or indented by a number of spaces or a text.\n\n" +
			"Confidences inside are left out; the value's own stays on the text. `NaN`, infinities, functions and promises have no JSON form and become null. The form with three arguments is JavaScript's; its replacer is ignored.",
		Example: "JSON.stringify({ a: 1 })\n// => \"{\\\"a\\\":1}\"",
		MinArgs: 1, MaxArgs: 3,
	},
}
