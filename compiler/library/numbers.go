package library

// numbersEntries documents the category numbers.
var numbersEntries = []*Entry{
	{
		Name: "Math", Category: "numbers",
		Signature: "Math",
		Doc: "Mathematical functions and constants.\n\n" +
			"A result keeps the confidence of its argument, with several arguments the lowest. Arguments that are no numbers are errors; a result that is no real number is `NaN`.",
		Example: "Math.floor(2.7)\n// => 2",
	},
	{
		Name: "Math.abs", Category: "numbers",
		Signature: "Math.abs(x: number): number",
		Doc:       "The absolute value.",
		Example:   "Math.abs(-3)\n// => 3",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.floor", Category: "numbers",
		Signature: "Math.floor(x: number): number",
		Doc:       "The largest integer that is not above x.",
		Example:   "Math.floor(-1.5)\n// => -2",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.ceil", Category: "numbers",
		Signature: "Math.ceil(x: number): number",
		Doc:       "The smallest integer that is not below x.",
		Example:   "Math.ceil(1.2)\n// => 2",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.round", Category: "numbers",
		Signature: "Math.round(x: number): number",
		Doc:       "The nearest integer; halves go up, so that -2.5 becomes -2.",
		Example:   "Math.round(2.5)\n// => 3",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.trunc", Category: "numbers",
		Signature: "Math.trunc(x: number): number",
		Doc:       "The integer part, nearest to zero.",
		Example:   "Math.trunc(-1.7)\n// => -1",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.sign", Category: "numbers",
		Signature: "Math.sign(x: number): number",
		Doc:       "The sign: 1, -1, or the number itself where it is 0 or `NaN`.",
		Example:   "Math.sign(-8)\n// => -1",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.sqrt", Category: "numbers",
		Signature: "Math.sqrt(x: number): number",
		Doc:       "The square root; `NaN` of a negative number.",
		Example:   "Math.sqrt(9)\n// => 3",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.cbrt", Category: "numbers",
		Signature: "Math.cbrt(x: number): number",
		Doc:       "The cube root.",
		Example:   "Math.cbrt(27)\n// => 3",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.exp", Category: "numbers",
		Signature: "Math.exp(x: number): number",
		Doc:       "The power of e with the exponent x.",
		Example:   "Math.exp(0)\n// => 1",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.log", Category: "numbers",
		Signature: "Math.log(x: number): number",
		Doc:       "The natural logarithm; `NaN` of a negative number, `-Infinity` of 0.",
		Example:   "Math.log(Math.E ** 2)\n// => 2",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.log2", Category: "numbers",
		Signature: "Math.log2(x: number): number",
		Doc:       "The logarithm to base 2; `NaN` of a negative number.",
		Example:   "Math.log2(8)\n// => 3",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.log10", Category: "numbers",
		Signature: "Math.log10(x: number): number",
		Doc:       "The logarithm to base 10; `NaN` of a negative number.",
		Example:   "Math.log10(1000)\n// => 3",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.sin", Category: "numbers",
		Signature: "Math.sin(x: number): number",
		Doc:       "The sine of an angle in radians.",
		Example:   "Math.sin(0)\n// => 0",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.cos", Category: "numbers",
		Signature: "Math.cos(x: number): number",
		Doc:       "The cosine of an angle in radians.",
		Example:   "Math.cos(0)\n// => 1",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.tan", Category: "numbers",
		Signature: "Math.tan(x: number): number",
		Doc:       "The tangent of an angle in radians.",
		Example:   "Math.tan(0)\n// => 0",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.asin", Category: "numbers",
		Signature: "Math.asin(x: number): number",
		Doc:       "The angle in radians, -π/2 to π/2, whose sine is x; `NaN` outside -1 to 1.",
		Example:   "Math.asin(0)\n// => 0",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.acos", Category: "numbers",
		Signature: "Math.acos(x: number): number",
		Doc:       "The angle in radians, 0 to π, whose cosine is x; `NaN` outside -1 to 1.",
		Example:   "Math.acos(1)\n// => 0",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.atan", Category: "numbers",
		Signature: "Math.atan(x: number): number",
		Doc:       "The angle in radians, -π/2 to π/2, whose tangent is x.",
		Example:   "Math.atan(0)\n// => 0",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.sinh", Category: "numbers",
		Signature: "Math.sinh(x: number): number",
		Doc:       "The hyperbolic sine.",
		Example:   "Math.sinh(0)\n// => 0",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.cosh", Category: "numbers",
		Signature: "Math.cosh(x: number): number",
		Doc:       "The hyperbolic cosine.",
		Example:   "Math.cosh(0)\n// => 1",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.tanh", Category: "numbers",
		Signature: "Math.tanh(x: number): number",
		Doc:       "The hyperbolic tangent.",
		Example:   "Math.tanh(0)\n// => 0",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "Math.pow", Category: "numbers",
		Signature: "Math.pow(x: number, y: number): number",
		Doc:       "The power of x with the exponent y, as `x ** y`.",
		Example:   "Math.pow(2, 10)\n// => 1024",
		MinArgs:   2, MaxArgs: 2,
	},
	{
		Name: "Math.atan2", Category: "numbers",
		Signature: "Math.atan2(y: number, x: number): number",
		Doc:       "The angle in radians, -π to π, from the x axis to the point (x, y).",
		Example:   "Math.atan2(0, 1)\n// => 0",
		MinArgs:   2, MaxArgs: 2,
	},
	{
		Name: "Math.hypot", Category: "numbers",
		Signature: "Math.hypot(...values: number[]): number",
		Doc:       "The square root of the sum of squares; 0 without arguments.",
		Example:   "Math.hypot(3, 4)\n// => 5",
		MaxArgs:   -1,
	},
	{
		Name: "Math.max", Category: "numbers",
		Signature: "Math.max(first: number, ...more: number[]): number",
		Doc: "The largest argument.\n\n" +
			"The result keeps that argument's own confidence. An array is spread into the call: `Math.max(...xs)`. If any argument is `NaN`, that is the result; arguments that are no numbers are errors.",
		Example: "Math.max(1, 3, 2)\n// => 3",
		MinArgs: 1, MaxArgs: -1,
	},
	{
		Name: "Math.min", Category: "numbers",
		Signature: "Math.min(first: number, ...more: number[]): number",
		Doc: "The smallest argument.\n\n" +
			"The result keeps that argument's own confidence. An array is spread into the call: `Math.min(...xs)`. If any argument is `NaN`, that is the result; arguments that are no numbers are errors.",
		Example: "Math.min(3, 1, 2)\n// => 1",
		MinArgs: 1, MaxArgs: -1,
	},
	{
		Name: "Math.PI", Category: "numbers",
		Signature: "Math.PI: number",
		Doc:       "The ratio of a circle's circumference to its diameter.",
		Example:   "round(Math.PI, 5)\n// => 3.14159",
	},
	{
		Name: "Math.E", Category: "numbers",
		Signature: "Math.E: number",
		Doc:       "The base of the natural logarithm.",
		Example:   "round(Math.E, 5)\n// => 2.71828",
	},
	{
		Name: "Math.LN2", Category: "numbers",
		Signature: "Math.LN2: number",
		Doc:       "The natural logarithm of 2.",
		Example:   "round(Math.LN2, 5)\n// => 0.69315",
	},
	{
		Name: "Math.LN10", Category: "numbers",
		Signature: "Math.LN10: number",
		Doc:       "The natural logarithm of 10.",
		Example:   "round(Math.LN10, 5)\n// => 2.30259",
	},
	{
		Name: "Math.SQRT2", Category: "numbers",
		Signature: "Math.SQRT2: number",
		Doc:       "The square root of 2.",
		Example:   "round(Math.SQRT2, 5)\n// => 1.41421",
	},
	{
		Name: "max", Category: "numbers",
		Signature: "max(first: number, ...more: number[]): number",
		Doc: "The largest argument.\n\n" +
			"The result keeps that argument's own confidence. An array is spread into the call: `max(...xs)`. If any argument is `NaN`, that is the result; arguments that are no numbers are errors.",
		Example: "max(3 ~> 0.5, 1)\n// => 3\n// ~ 0.5",
		MinArgs: 1, MaxArgs: -1,
	},
	{
		Name: "min", Category: "numbers",
		Signature: "min(first: number, ...more: number[]): number",
		Doc: "The smallest argument.\n\n" +
			"The result keeps that argument's own confidence. An array is spread into the call: `min(...xs)`. If any argument is `NaN`, that is the result; arguments that are no numbers are errors.",
		Example: "min(3 ~> 0.5, 1 ~> 0.9)\n// => 1\n// ~ 0.9",
		MinArgs: 1, MaxArgs: -1,
	},
	{
		Name: "abs", Category: "numbers",
		Signature: "abs(x: number): number",
		Doc:       "The absolute value, with the argument's confidence.",
		Example:   "abs(-2 ~> 0.7)\n// => 2\n// ~ 0.7",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "floor", Category: "numbers",
		Signature: "floor(x: number): number",
		Doc:       "The largest integer that is not above x, with the argument's confidence.",
		Example:   "floor(2.9)\n// => 2",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "ceil", Category: "numbers",
		Signature: "ceil(x: number): number",
		Doc:       "The smallest integer that is not below x, with the argument's confidence.",
		Example:   "ceil(2.1)\n// => 3",
		MinArgs:   1, MaxArgs: 1,
	},
	{
		Name: "round", Category: "numbers",
		Signature: "round(x: number, digits?: number): number",
		Doc: "The nearest number with some digits after the point, none by default.\n\n" +
			"Halves go up. Negative digits round to tens, hundreds and so on; they range from -300 to 300. The argument's confidence stays.",
		Example: "round(2.345, 2)\n// => 2.35",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "sqrt", Category: "numbers",
		Signature: "sqrt(x: number): number",
		Doc: "The square root; `NaN` of a negative number.\n\n" +
			"The argument's confidence stays.",
		Example: "sqrt(16)\n// => 4",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "pow", Category: "numbers",
		Signature: "pow(x: number, y: number): number",
		Doc: "The power of x with the exponent y, as `x ** y`.\n\n" +
			"The confidence is the lower one of both.",
		Example: "pow(2, 3)\n// => 8",
		MinArgs: 2, MaxArgs: 2,
	},
	{
		Name: "sum", Category: "numbers",
		Signature: "sum(values: number[]): number",
		Doc: "The sum of the elements of an array, 0 of an empty one.\n\n" +
			"The confidence is the lowest of the confident elements, times the array's own if it has one; without any the result is plain. Elements that are no numbers are errors.",
		Example: "sum([1 ~> 0.9, 2 ~> 0.6, 3])\n// => 6\n// ~ 0.6",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "mean", Category: "numbers",
		Signature: "mean(values: number[]): number",
		Doc: "The arithmetic mean of an array.\n\n" +
			"The confidence is the lowest of the confident elements, times the array's own if it has one; without any the result is plain. Elements that are no numbers are errors, and so is an empty array.",
		Example: "mean([1, 2, 6])\n// => 3",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "median", Category: "numbers",
		Signature: "median(values: number[]): number",
		Doc: "The middle one of the sorted elements, or the mean of the two in the middle.\n\n" +
			"The confidence is the lowest of the confident elements, times the array's own if it has one; without any the result is plain. Elements that are no numbers are errors, and so is an empty array.",
		Example: "median([5, 1, 3, 4])\n// => 3.5",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "stdev", Category: "numbers",
		Signature: "stdev(values: number[]): number",
		Doc: "The standard deviation of the population: √(Σ(x − mean)² / n).\n\n" +
			"The confidence is the lowest of the confident elements, times the array's own if it has one; without any the result is plain. Elements that are no numbers are errors, and so is an empty array.",
		Example: "stdev([2, 4, 4, 4, 5, 5, 7, 9])\n// => 2",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Infinity", Category: "numbers",
		Signature: "Infinity: number",
		Doc:       "The number that is larger than all others.",
		Example:   "Infinity > 1e308\n// => true",
	},
	{
		Name: "NaN", Category: "numbers",
		Signature: "NaN: number",
		Doc: "The result of arithmetic that has none.\n\n" +
			"It equals nothing, itself included; `Number.isNaN` finds it. As a confidence it is an error.",
		Example: "NaN == NaN\n// => false",
	},
	{
		Name: "Number", Category: "numbers",
		Signature: "Number(value?: any): number",
		Doc: "The number that a value stands for.\n\n" +
			"Text is read as a number, `NaN` if it is none; null and empty text are 0, booleans 0 and 1; arrays, objects and functions `NaN`. The confidence stays.",
		Example: "Number(\"42\")\n// => 42",
		MaxArgs: 1,
	},
	{
		Name: "Number.isInteger", Category: "numbers",
		Signature: "Number.isInteger(value: any): boolean",
		Doc: "Whether a value is a number without fraction.\n\n" +
			"The confidence of the value stays.",
		Example: "Number.isInteger(3)\n// => true",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Number.isFinite", Category: "numbers",
		Signature: "Number.isFinite(value: any): boolean",
		Doc: "Whether a value is a number that is neither infinite nor `NaN`.\n\n" +
			"The confidence of the value stays.",
		Example: "Number.isFinite(Infinity)\n// => false",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Number.isNaN", Category: "numbers",
		Signature: "Number.isNaN(value: any): boolean",
		Doc: "Whether a value is the number `NaN`.\n\n" +
			"The confidence of the value stays.",
		Example: "Number.isNaN(NaN)\n// => true",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Number.isSafeInteger", Category: "numbers",
		Signature: "Number.isSafeInteger(value: any): boolean",
		Doc: "Whether a value is an integer that a number holds exactly, below 2^53.\n\n" +
			"The confidence of the value stays.",
		Example: "Number.isSafeInteger(2 ** 53)\n// => false",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Number.parseFloat", Category: "numbers",
		Signature: "Number.parseFloat(text: any): number",
		Doc: "The number that a text begins with, `NaN` without one.\n\n" +
			"White space in front is skipped. The confidence of the text stays.",
		Example: "Number.parseFloat(\"3.5 kg\")\n// => 3.5",
		MinArgs: 1, MaxArgs: 1,
	},
	{
		Name: "Number.parseInt", Category: "numbers",
		Signature: "Number.parseInt(text: any, radix?: number): number",
		Doc: "The integer that a text begins with, `NaN` without one.\n\n" +
			"The radix is 2 to 36 and 10 by default; others are errors. With 16 a leading `0x` is skipped. The confidence of the text stays.",
		Example: "Number.parseInt(\"ff\", 16)\n// => 255",
		MinArgs: 1, MaxArgs: 2,
	},
	{
		Name: "Number.MAX_SAFE_INTEGER", Category: "numbers",
		Signature: "Number.MAX_SAFE_INTEGER: number",
		Doc:       "The largest integer up to which all are exact, 2^53 - 1.",
		Example:   "Number.MAX_SAFE_INTEGER\n// => 9007199254740991",
	},
	{
		Name: "Number.MIN_SAFE_INTEGER", Category: "numbers",
		Signature: "Number.MIN_SAFE_INTEGER: number",
		Doc:       "The negative of MAX_SAFE_INTEGER.",
		Example:   "Number.MIN_SAFE_INTEGER\n// => -9007199254740991",
	},
	{
		Name: "Number.MAX_VALUE", Category: "numbers",
		Signature: "Number.MAX_VALUE: number",
		Doc:       "The largest finite number, about 1.8e308.",
		Example:   "Number.MAX_VALUE * 10 == Infinity\n// => true",
	},
	{
		Name: "Number.MIN_VALUE", Category: "numbers",
		Signature: "Number.MIN_VALUE: number",
		Doc:       "The smallest positive number, 5e-324.",
		Example:   "Number.MIN_VALUE / 2\n// => 0",
	},
	{
		Name: "Number.EPSILON", Category: "numbers",
		Signature: "Number.EPSILON: number",
		Doc:       "The gap between 1 and the next larger number, 2^-52.",
		Example:   "abs(0.1 + 0.2 - 0.3) < Number.EPSILON\n// => true",
	},
	{
		Name: "Number.POSITIVE_INFINITY", Category: "numbers",
		Signature: "Number.POSITIVE_INFINITY: number",
		Doc:       "The number that is larger than all others, `Infinity`.",
		Example:   "Number.POSITIVE_INFINITY == Infinity\n// => true",
	},
	{
		Name: "Number.NEGATIVE_INFINITY", Category: "numbers",
		Signature: "Number.NEGATIVE_INFINITY: number",
		Doc:       "The number that is smaller than all others, `-Infinity`.",
		Example:   "Number.NEGATIVE_INFINITY == -Infinity\n// => true",
	},
	{
		Name: "Number.NaN", Category: "numbers",
		Signature: "Number.NaN: number",
		Doc:       "The result of arithmetic that has none, `NaN`.",
		Example:   "Number.isNaN(Number.NaN)\n// => true",
	},
	{
		Name: "number.toFixed", Category: "numbers",
		Signature: "toFixed(digits?: number): string",
		Doc: "The number as text with exactly that many digits after the point.\n\n" +
			"Digits are 0 to 100, 0 by default; others are errors. Numbers from 1e21 on are written with an exponent.",
		Example: "(3.14159).toFixed(2)\n// => \"3.14\"",
		MaxArgs: 1,
	},
	{
		Name: "number.toString", Category: "numbers",
		Signature: "toString(radix?: number): string",
		Doc: "The number as text.\n\n" +
			"The radix, 2 to 36 and 10 by default, applies to integers; others are errors.",
		Example: "(255).toString(16)\n// => \"ff\"",
		MaxArgs: 1,
	},
	{
		Name: "Boolean", Category: "numbers",
		Signature: "Boolean(value?: any): boolean",
		Doc: "Whether a value counts as true.\n\n" +
			"All do but `false`, 0, `NaN`, `\"\"` and `null`. The confidence stays.",
		Example: "Boolean(\"\")\n// => false",
		MaxArgs: 1,
	},
	{
		Name: "boolean.toString", Category: "numbers",
		Signature: "toString(): string",
		Doc:       "The text `true` or `false`.",
		Example:   "true.toString()\n// => \"true\"",
	},
}
