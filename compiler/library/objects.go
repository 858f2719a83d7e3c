package library

// objectsEntries documents the category objects.
var objectsEntries = []*Entry{
	{
		Name: "Object", Category: "objects", Signature: "Object",
		Doc:     "Functions over objects.",
		Example: "Object.keys({ a: 1 })\n// => [\"a\"]",
	},
	{
		Name: "Object.keys", Category: "objects", Signature: "Object.keys(object: object): string[]",
		Doc:     "The keys in order.",
		Example: "Object.keys({ a: 1, b: 2 })\n// => [\"a\", \"b\"]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Object.values", Category: "objects", Signature: "Object.values(object: object): any[]",
		Doc:     "The values in the order of their keys.",
		Example: "Object.values({ a: 1 })\n// => [1]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Object.entries", Category: "objects", Signature: "Object.entries(object: object): any[]",
		Doc:     "The pairs [key, value].",
		Example: "Object.entries({ a: 1 })\n// => [[\"a\", 1]]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Object.fromEntries", Category: "objects", Signature: "Object.fromEntries(entries: any[]): object",
		Doc:     "The object of [key, value] pairs.",
		Example: "Object.fromEntries([[\"a\", 1]])\n// => { a: 1 }",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Object.assign", Category: "objects", Signature: "Object.assign(first: object, ...more: object): object",
		Doc:     "A new object with the properties of all; later ones win.",
		Example: "Object.assign({ a: 1 }, { b: 2 })\n// => { a: 1, b: 2 }",
		MinArgs: 1, MaxArgs: -1,
	},
	{
		Name: "Object.has", Category: "objects", Signature: "Object.has(object: object, key: string): boolean",
		Doc:     "Whether an object has a key.",
		Example: "Object.has({ a: null }, \"a\")\n// => true",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "object.keys", Category: "objects", Signature: "keys(): string[]",
		Doc:     "The keys in order, for objects without a property of that name.",
		Example: "({ a: 1 }).keys()\n// => [\"a\"]",
	},
	{
		Name: "object.values", Category: "objects", Signature: "values(): any[]",
		Doc:     "The values, for objects without a property of that name.",
		Example: "({ a: 1 }).values()\n// => [1]",
	},
	{
		Name: "JSON", Category: "objects", Signature: "JSON",
		Doc:     "Reading and writing JSON.",
		Example: "JSON.stringify([1])\n// => \"[1]\"",
	},
	{
		Name: "JSON.parse", Category: "objects", Signature: "JSON.parse(text: string): any",
		Doc:     "The value of a JSON text, with the text's confidence. A malformed text is an error that tells line and column.",
		Example: "JSON.parse(\"[1, 2]\")\n// => [1, 2]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "JSON.stringify", Category: "objects", Signature: "JSON.stringify(value: any, indent?: any, more?: any): string",
		Doc:     "A value as JSON: on one line, or indented by a number of spaces or a text. Confidences are left out.",
		Example: "JSON.stringify({ a: 1 })\n// => \"{\\\"a\\\":1}\"",
		MinArgs: 1, MaxArgs: 3,
	},
}
