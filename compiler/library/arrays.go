package library

// arraysEntries documents the category arrays.
var arraysEntries = []*Entry{
	{
		Name: "Array", Category: "arrays",
		Signature: "Array(length?: number, value?: any): any[]",
		Doc: "An array of a length, filled with null or a value.\n\n" +
			"A length that is negative or no integer is an error.",
		Example: "Array(2, 0)\n// => [0, 0]",
		MaxArgs: 2,
	},
	{
		Name: "Array.isArray", Category: "arrays",
		Signature: "Array.isArray(value: any): boolean",
		Doc:       "Whether a value is an array.",
		Example:   "Array.isArray([1])\n// => true",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Array.of", Category: "arrays",
		Signature: "Array.of(...values: any[]): any[]",
		Doc:       "An array of the arguments.",
		Example:   "Array.of(1, 2)\n// => [1, 2]",
		MaxArgs:   -1,
	},
	{
		Name: "Array.from", Category: "arrays",
		Signature: "Array.from(source: any, f?: (any, number) => any): any[]",
		Doc: "An array of what a container holds: elements, characters of a string, or [key, value] pairs of an object.\n\n" +
			"`{length: n}` gives n nulls. A function as second argument is applied to each and gets (element, index), as many of them as it declares.",
		Example: "Array.from({ length: 3 }, (x, i) => i * i)\n// => [0, 1, 4]",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "range", Category: "arrays",
		Signature: "range(to: number): number[]\n" +
			"range(from: number, to: number, step?: number): number[]",
		Doc: "The numbers from 0 or a start up to, not including, an end.\n\n" +
			"The step is 1 by default; a negative one counts down, 0 is an error. The confidence is the lowest of the arguments'.",
		Example: "range(2, 10, 3)\n// => [2, 5, 8]",
		MinArgs: 1, MaxArgs: 3,
	},
	{
		Name: "zip", Category: "arrays",
		Signature: "zip(first: any[], ...more: any[][]): any[][]",
		Doc: "Arrays of the elements with equal index, as many as the shortest array has.\n\n" +
			"An element taken from a confident array keeps that confidence.",
		Example: "zip([1, 2], [\"a\", \"b\"])\n// => [[1, \"a\"], [2, \"b\"]]",
		MinArgs: 1, MaxArgs: -1,
	},
	{
		Name: "array.map", Category: "arrays",
		Signature: "map(f: (any, number, any[]) => any): any[]",
		Doc: "The results of a function for each element.\n\n" +
			"The function gets (element, index, array), as many of them as it declares.",
		Example: "[1, 2].map(x => x * 2)\n// => [2, 4]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "map", Category: "arrays",
		Signature: "map(values: any[], f: (any, number, any[]) => any): any[]",
		Doc: "The results of a function for each element.\n\n" +
			"The function gets (element, index, array), as many of them as it declares.\n\n" +
			"A confident array gives a confident result: its confidence, times that of the result if that has one of its own.",
		Example: "[1, 2] ~> 0.8 |> map(x => x + 1)\n// => [2, 3]\n// ~ 0.8",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "array.filter", Category: "arrays",
		Signature: "filter(f: (any, number, any[]) => any): any[]",
		Doc: "The elements for which a function gives a true value.\n\n" +
			"The function gets (element, index, array), as many of them as it declares.",
		Example: "[1, 2, 3].filter(x => x > 1)\n// => [2, 3]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "filter", Category: "arrays",
		Signature: "filter(values: any[], f: (any, number, any[]) => any): any[]",
		Doc: "The elements for which a function gives a true value.\n\n" +
			"The function gets (element, index, array), as many of them as it declares.\n\n" +
			"A confident array gives a confident result: its confidence, times that of the result if that has one of its own.",
		Example: "filter([1, 2] ~> 0.6, x => x > 1)\n// => [2]\n// ~ 0.6",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "array.forEach", Category: "arrays",
		Signature: "forEach(f: (any, number, any[]) => any): null",
		Doc: "Calls a function for each element, for its effects; the result is null.\n\n" +
			"The function gets (element, index, array), as many of them as it declares.",
		Example: "let total = 0\n" +
			"[1, 2].forEach(x => { total += x })\n" +
			"total\n" +
			"// => 3",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "forEach", Category: "arrays",
		Signature: "forEach(values: any[], f: (any, number, any[]) => any): null",
		Doc: "Calls a function for each element, for its effects; the result is null.\n\n" +
			"The function gets (element, index, array), as many of them as it declares.\n\n" +
			"A confident array gives a confident result: its confidence, times that of the result if that has one of its own.",
		Example: "let seen = []\n" +
			"forEach([\"a\", \"b\"], (x, i) => { seen = seen.push(\"${i}${x}\") })\n" +
			"seen\n" +
			"// => [\"0a\", \"1b\"]",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "array.find", Category: "arrays",
		Signature: "find(f: (any, number, any[]) => any): any",
		Doc: "The first element for which a function gives a true value, null without.\n\n" +
			"The function gets (element, index, array), as many of them as it declares.",
		Example: "[1, 2, 3].find(x => x > 1)\n// => 2",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "find", Category: "arrays",
		Signature: "find(values: any[], f: (any, number, any[]) => any): any",
		Doc: "The first element for which a function gives a true value, null without.\n\n" +
			"The function gets (element, index, array), as many of them as it declares.\n\n" +
			"A confident array gives a confident result: its confidence, times that of the result if that has one of its own.",
		Example: "find([1, 2], x => x > 5)\n// => null",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "array.some", Category: "arrays",
		Signature: "some(f: (any, number, any[]) => any): boolean",
		Doc: "Whether a function gives a true value for any element.\n\n" +
			"The function gets (element, index, array), as many of them as it declares. It stops at the first.",
		Example: "[1, 2].some(x => x > 1)\n// => true",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "some", Category: "arrays",
		Signature: "some(values: any[], f: (any, number, any[]) => any): boolean",
		Doc: "Whether a function gives a true value for any element.\n\n" +
			"The function gets (element, index, array), as many of them as it declares. It stops at the first.\n\n" +
			"A confident array gives a confident result: its confidence, times that of the result if that has one of its own.",
		Example: "some([1, 2], x => x > 1)\n// => true",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "array.every", Category: "arrays",
		Signature: "every(f: (any, number, any[]) => any): boolean",
		Doc: "Whether a function gives a true value for all elements, as it does of none.\n\n" +
			"The function gets (element, index, array), as many of them as it declares. It stops at the first for which it doesn't.",
		Example: "[1, 2].every(x => x > 1)\n// => false",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "every", Category: "arrays",
		Signature: "every(values: any[], f: (any, number, any[]) => any): boolean",
		Doc: "Whether a function gives a true value for all elements, as it does of none.\n\n" +
			"The function gets (element, index, array), as many of them as it declares. It stops at the first for which it doesn't.\n\n" +
			"A confident array gives a confident result: its confidence, times that of the result if that has one of its own.",
		Example: "every([1, 2], x => x > 0)\n// => true",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "array.reduce", Category: "arrays",
		Signature: "reduce(f: (any, any, number, any[]) => any, initial?: any): any",
		Doc: "Folds the elements from the left into one value.\n\n" +
			"The function gets (accumulator, element, index, array), as many of them as it declares. Without an initial value the first element is it; then an empty array is an error.",
		Example: "[1, 2, 3].reduce((a, b) => a + b)\n// => 6",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "reduce", Category: "arrays",
		Signature: "reduce(values: any[], f: (any, any, number, any[]) => any, initial?: any): any",
		Doc: "Folds the elements from the left into one value.\n\n" +
			"The function gets (accumulator, element, index, array), as many of them as it declares. Without an initial value the first element is it; then an empty array is an error.\n\n" +
			"A confident array gives a confident result: its confidence, times that of the result if that has one of its own.",
		Example: "reduce([1, 2] ~> 0.7, (a, b) => a + b, 10)\n// => 13\n// ~ 0.7",
		MinArgs: 2, MaxArgs: 3,
	},
	{
		Name: "array.sort", Category: "arrays",
		Signature: "sort(compare?: (any, any) => number | boolean): any[]",
		Doc: "A sorted copy.\n\n" +
			"Equal elements stay in order. Without a comparison numbers go by value and text by code point, and null, booleans, numbers and text stand in that order; a comparison gives a negative number if its first argument belongs in front, or true if it belongs behind. The array itself does not change.",
		Example: "[3, 1, 2].sort((a, b) => b - a)\n// => [3, 2, 1]",
		MaxArgs: 1,
	},
	{
		Name: "sort", Category: "arrays",
		Signature: "sort(values: any[], compare?: (any, any) => number | boolean): any[]",
		Doc: "A sorted copy of an array.\n\n" +
			"Equal elements stay in order. Without a comparison numbers go by value and text by code point, and null, booleans, numbers and text stand in that order; a comparison gives a negative number if its first argument belongs in front, or true if it belongs behind.\n\n" +
			"The result carries the array's confidence.",
		Example: "sort([3, 1, 2])\n// => [1, 2, 3]",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "sortBy", Category: "arrays",
		Signature: "sortBy(key: string | (any) => any, direction?: \"asc\" | \"desc\"): (any[]) => any[]\n" +
			"sortBy(values: any[], key: string | (any) => any, direction?: \"asc\" | \"desc\"): any[]",
		Doc: "A function that sorts arrays by a property, or by what a function gives for each element.\n\n" +
			"With the array as first argument, as in a pipeline, it sorts at once. Equal elements stay in order. The array's confidence stays; sorting does not lower it.",
		Example: "[{ n: 1 }, { n: 3 }] |> sortBy(\"n\", \"desc\")\n// => [{ n: 3 }, { n: 1 }]",
		MinArgs: 1, MaxArgs: 3,
	},
	{
		Name: "groupBy", Category: "arrays",
		Signature: "groupBy(key: string | (any) => any): (any[]) => object\n" +
			"groupBy(values: any[], key: string | (any) => any): object",
		Doc: "A function that collects the elements of an array by a property, or by what a function gives for each.\n\n" +
			"The result is an object of arrays, in order of first appearance; its keys are text. With the array as first argument, as in a pipeline, it groups at once. The array's confidence stays.",
		Example: "[1, 2, 3] |> groupBy(x => x % 2 == 0 ? \"even\" : \"odd\")\n// => { odd: [1, 3], even: [2] }",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "array.length", Category: "arrays",
		Signature: "length: number",
		Doc:       "The number of elements. It is a property, written without parentheses.",
		Example:   "[1, 2].length\n// => 2",
	},
	{
		Name: "array.findIndex", Category: "arrays",
		Signature: "findIndex(f: (any, number, any[]) => any): number",
		Doc: "The index of the first element for which a function gives a true value, -1 without.\n\n" +
			"The function gets (element, index, array), as many of them as it declares.",
		Example: "[5, 6].findIndex(x => x == 6)\n// => 1",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "array.findLast", Category: "arrays",
		Signature: "findLast(f: (any, number, any[]) => any): any",
		Doc: "The last element for which a function gives a true value, null without.\n\n" +
			"The function gets (element, index, array), as many of them as it declares.",
		Example: "[1, 2, 3].findLast(x => x < 3)\n// => 2",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "array.flatMap", Category: "arrays",
		Signature: "flatMap(f: (any, number, any[]) => any): any[]",
		Doc: "The results of a function for each element, those that are arrays joined.\n\n" +
			"The function gets (element, index, array), as many of them as it declares. An element taken from a confident result keeps that confidence.",
		Example: "[1, 2].flatMap(x => [x, x])\n// => [1, 1, 2, 2]",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "array.includes", Category: "arrays",
		Signature: "includes(value: any): boolean",
		Doc:       "Whether an element equals the value, as `===` tells: arrays and objects by content.",
		Example:   "[1, 2].includes(2)\n// => true",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "array.indexOf", Category: "arrays",
		Signature: "indexOf(value: any): number",
		Doc:       "The index of the first element that equals the value as `===` tells, -1 without.",
		Example:   "[1, 2].indexOf(2)\n// => 1",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "array.slice", Category: "arrays",
		Signature: "slice(from?: number, to?: number): any[]",
		Doc: "The elements from one index up to, not including, another.\n\n" +
			"Negative indices count from the end; by default all are taken.",
		Example: "[1, 2, 3].slice(0, -1)\n// => [1, 2]",
		MaxArgs: 2,
	},
	{
		Name: "array.splice", Category: "arrays",
		Signature: "splice(from: number, count?: number, ...values: any[]): any[]",
		Doc: "A copy in which some elements are replaced by others.\n\n" +
			"It takes away count elements, by default all behind from, and puts the values there. A negative from counts from the end. Unlike JavaScript's, it gives the changed copy, not what was taken away.",
		Example: "[1, 2, 3].splice(1, 1, 9)\n// => [1, 9, 3]",
		MinArgs: 1, MaxArgs: -1,
	},
	{
		Name: "array.concat", Category: "arrays",
		Signature: "concat(...values: any[]): any[]",
		Doc: "A copy with the elements of other arrays, or other values, appended.\n\n" +
			"Elements of a confident array keep that confidence.",
		Example: "[1].concat([2], 3)\n// => [1, 2, 3]",
		MaxArgs: -1,
	},
	{
		Name: "array.push", Category: "arrays",
		Signature: "push(...values: any[]): any[]",
		Doc: "A copy with values appended.\n\n" +
			"The array itself does not change: write `a = a.push(x)`, which takes constant time on average.",
		Example: "[1].push(2)\n// => [1, 2]",
		MaxArgs: -1,
	},
	{
		Name: "array.pop", Category: "arrays",
		Signature: "pop(): any[]",
		Doc: "A copy without the last element; `.last()` gives the element.\n\n" +
			"The array itself does not change: write `a = a.pop()`. Of an empty array it is empty.",
		Example: "[1, 2].pop()\n// => [1]",
	},
	{
		Name: "array.shift", Category: "arrays",
		Signature: "shift(): any[]",
		Doc: "A copy without the first element; `.first()` gives the element.\n\n" +
			"The array itself does not change: write `a = a.shift()`. Of an empty array it is empty.",
		Example: "[1, 2].shift()\n// => [2]",
	},
	{
		Name: "array.unshift", Category: "arrays",
		Signature: "unshift(...values: any[]): any[]",
		Doc: "A copy with values put in front.\n\n" +
			"The array itself does not change: write `a = a.unshift(x)`.",
		Example: "[2].unshift(1)\n// => [1, 2]",
		MaxArgs: -1,
	},
	{
		Name: "array.reverse", Category: "arrays",
		Signature: "reverse(): any[]",
		Doc: "A copy in the opposite order.\n\n" +
			"The array itself does not change.",
		Example: "[1, 2].reverse()\n// => [2, 1]",
	},
	{
		Name: "array.flat", Category: "arrays",
		Signature: "flat(depth?: number): any[]",
		Doc: "A copy in which elements that are arrays are replaced by their elements.\n\n" +
			"It does so to a depth, 1 by default. An element taken from a confident array keeps that confidence.",
		Example: "[1, [2, [3]]].flat()\n// => [1, 2, [3]]",
		MaxArgs: 1,
	},
	{
		Name: "array.join", Category: "arrays",
		Signature: "join(separator?: string): string",
		Doc: "The text forms of the elements with a separator between them.\n\n" +
			"The separator is `,` by default and must be text. Null is written as nothing. The confidence is the lowest of the confident elements.",
		Example: "[1, 2].join(\"-\")\n// => \"1-2\"",
		MaxArgs: 1,
	},
	{
		Name: "array.at", Category: "arrays",
		Signature: "at(index: number): any",
		Doc: "The element at an index, null outside.\n\n" +
			"A negative index counts from the end. `a[i]` outside is an error.",
		Example: "[1, 2].at(-1)\n// => 2",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "array.fill", Category: "arrays",
		Signature: "fill(value: any, from?: number, to?: number): any[]",
		Doc: "A copy in which elements are replaced by a value.\n\n" +
			"It replaces those from one index up to, not including, another, by default all. Negative indices count from the end.",
		Example: "[1, 2, 3].fill(0, 1)\n// => [1, 0, 0]",
		MinArgs: 1, MaxArgs: 3,
	},
	{
		Name: "array.keys", Category: "arrays",
		Signature: "keys(): number[]",
		Doc:       "The indices of the elements.",
		Example:   "[5, 6].keys()\n// => [0, 1]",
	},
	{
		Name: "array.entries", Category: "arrays",
		Signature: "entries(): [number, any][]",
		Doc:       "The pairs [index, element].",
		Example:   "[\"a\"].entries()\n// => [[0, \"a\"]]",
	},
	{
		Name: "array.first", Category: "arrays",
		Signature: "first(): any",
		Doc:       "The first element, null of an empty array.",
		Example:   "[1, 2].first()\n// => 1",
	},
	{
		Name: "array.last", Category: "arrays",
		Signature: "last(): any",
		Doc:       "The last element, null of an empty array.",
		Example:   "[1, 2].last()\n// => 2",
	},
	{
		Name: "array.unique", Category: "arrays",
		Signature: "unique(): any[]",
		Doc: "A copy without repeated elements, the first of equals kept.\n\n" +
			"Elements are equal as `===` tells, whatever their confidence.",
		Example: "[1, 2, 1].unique()\n// => [1, 2]",
	},
	{
		Name: "array.sum", Category: "arrays",
		Signature: "sum(): number",
		Doc: "The sum of the elements, 0 of none.\n\n" +
			"The confidence is the lowest of the confident elements. Elements that are no numbers are errors.",
		Example: "[1, 2].sum()\n// => 3",
	},
}
