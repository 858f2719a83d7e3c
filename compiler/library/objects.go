package library

// objectsEntries documents the category objects.
var objectsEntries = []*Entry{
	{
		Name: "Object", Category: "objects",
		Signature: "Object",
		Doc:       "Functions over objects: `keys`, `values`, `entries`, `fromEntries`, `assign`, `has`.",
		Example:   "Object.keys({ a: 1 })\n// => [\"a\"]",
	},
	{
		Name: "Object.keys", Category: "objects",
		Signature: "Object.keys(object: object): string[]",
		Doc: "The keys of an object, in the order in which they were added.\n\n" +
			"The object's confidence stays.",
		Example: "Object.keys({ a: 1, b: 2 })\n// => [\"a\", \"b\"]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Object.values", Category: "objects",
		Signature: "Object.values(object: object): any[]",
		Doc: "The values of an object, in the order of its keys.\n\n" +
			"The object's confidence stays.",
		Example: "Object.values({ a: 1 })\n// => [1]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Object.entries", Category: "objects",
		Signature: "Object.entries(object: object): [string, any][]",
		Doc: "The pairs [key, value] of an object, in the order of its keys.\n\n" +
			"The object's confidence stays.",
		Example: "Object.entries({ a: 1 })\n// => [[\"a\", 1]]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Object.fromEntries", Category: "objects",
		Signature: "Object.fromEntries(entries: [any, any][]): object",
		Doc: "The object of [key, value] pairs.\n\n" +
			"Of equal keys the last wins. Elements that are no pairs are errors. The array's confidence stays.",
		Example: "Object.fromEntries([[\"a\", 1]])\n// => { a: 1 }",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Object.assign", Category: "objects",
		Signature: "Object.assign(first: object | null, ...more: (object | null)[]): object",
		Doc: "A new object with the properties of all arguments; later ones win.\n\n" +
			"The arguments themselves do not change. Null counts as an empty object. A property of a confident object gets its confidence.",
		Example: "Object.assign({ a: 1 }, { b: 2 })\n// => { a: 1, b: 2 }",
		MinArgs: 1, MaxArgs: -1,
	},
	{
		Name: "Object.has", Category: "objects",
		Signature: "Object.has(object: object, key: string): boolean",
		Doc:       "Whether an object has a key, be its value null.",
		Example:   "Object.has({ a: null }, \"a\") && !Object.has({}, \"a\")\n// => true",
		MinArgs:   2, MaxArgs: 2,
	},
	{
		Name: "object.keys", Category: "objects",
		Signature: "keys(): string[]",
		Doc: "The keys in order, of objects that have no property of that name.\n\n" +
			"`Object.keys` works on all.",
		Example: "({ a: 1 }).keys()\n// => [\"a\"]",
	},
	{
		Name: "object.values", Category: "objects",
		Signature: "values(): any[]",
		Doc: "The values in order, of objects that have no property of that name.\n\n" +
			"`Object.values` works on all.",
		Example: "({ a: 1 }).values()\n// => [1]",
	},
}
