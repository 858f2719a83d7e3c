package diag

// parseCodes explains the diagnostics of the lexer (P00xx) and of the parser:
// what is missing or stands in the wrong place (P01xx), and mistakes that are
// recognised as such (P02xx).
var parseCodes = []CodeInfo{
	{
		Code: "P0001", Name: "unexpected-character", Title: "a character that begins nothing",
		Explanation: "The character is no part of the language. Typical causes are typographic quotes and dashes from a word processor, invisible characters, and operators of other languages such as `&` or `^`.",
		Example:     "let a = 3 − 1", Fixed: "let a = 3 - 1",
	},
	{
		Code: "P0002", Name: "unterminated-string", Title: "a string that is never closed",
		Explanation: "Strings in `\"` and `'` end on the line on which they begin. For a text of several lines use three backquotes.",
		Example:     "let s = \"hello", Fixed: "let s = \"hello\"",
	},
	{
		Code: "P0003", Name: "unterminated-comment", Title: "a comment that is never closed",
		Explanation: "A comment that begins with `/*` goes on to the next `*/`. Comments do not nest.",
		Example:     "/* note\nlet a = 1", Fixed: "/* note */\nlet a = 1",
	},
	{
		Code: "P0004", Name: "invalid-number", Title: "a number that is wrongly spelled",
		Explanation: "Numbers look like `42`, `3.14`, `.5`, `1e-9`, `0x2A`, `0b101` or `1_000`. A digit must follow the point, an underscore stands between two digits, and the value must fit a 64-bit float (up to about 1.8e308).",
		Example:     "let n = 1.", Fixed: "let n = 1.0",
	},
	{
		Code: "P0005", Name: "invalid-escape", Title: "an unknown or incomplete escape in a string",
		Explanation: "The escapes are `\\n`, `\\t`, `\\r`, `\\\\`, `\\\"`, `\\'`, `\\$`, `` \\` ``, `\\xNN` and `\\u{...}`. Write `\\\\` for a backslash.",
		Example:     `let path = "C:\dir"`, Fixed: `let path = "C:\\dir"`,
	},
	{
		Code: "P0006", Name: "invalid-encoding", Title: "invalid UTF-8 or a NUL byte",
		Explanation: "Source files are UTF-8, without NUL bytes. Save the file in that encoding; inside a string write `\\x00` for a NUL character.",
		Example:     "let s = \"caf\xe9\"", Fixed: "let s = \"café\"",
	},
	{
		Code: "P0007", Name: "hash-comment", Title: "a comment that begins with `#`",
		Explanation: "Comments are written `// ...` or `/* ... */`.",
		Example:     "# set up\nlet a = 1", Fixed: "// set up\nlet a = 1",
	},
	{
		Code: "P0008", Name: "empty-interpolation", Title: "an interpolation without an expression",
		Explanation: "`${...}` in a string needs an expression. Write `\\${` when the characters themselves are meant.",
		Example:     `print("total: ${}")`, Fixed: "let n = 1\nprint(\"total: ${n}\")",
	},
	{
		Code: "P0009", Name: "single-backquote", Title: "a string in single backquotes",
		Explanation: "Prism's text of several lines is delimited by three backquotes. On one line use `\"...\"`; both interpolate `${...}`.",
		Example:     "let s = `hi`", Fixed: "let s = \"hi\"",
	},
	{
		Code: "P0010", Name: "plain-interpolation", Title: "`${` in a string with single quotes",
		Explanation: "Strings in single quotes do not interpolate, so `${...}` stays as it is. Use double quotes, or write `\\${` to say that the text is meant.",
		Example:     "let n = 1\nprint('n = ${n}')", Fixed: "let n = 1\nprint(\"n = ${n}\")",
	},
	{
		Code: "P0011", Name: "unterminated-template", Title: "a text of several lines that is never closed",
		Explanation: "A text that begins with three backquotes goes on to the next three, over line breaks.",
		Example:     "let s = ```hello\n", Fixed: "let s = ```hello\n```",
	},
	{
		Code: "P0012", Name: "file-too-large", Title: "a source file of more than a gibibyte",
		Explanation: "Split the file into modules, or read the data at run time.",
	},
	{
		Code: "P0013", Name: "triple-quote", Title: "a text between three quotes",
		Explanation: "A text of several lines stands between three backquotes. On one line write `\"...\"`.",
		Example:     "let s = \"\"\"hello\nworld\"\"\"", Fixed: "let s = ```hello\nworld```",
	},
	{
		Code: "P0101", Name: "expected-expression", Title: "an expression is missing",
		Explanation: "An operator, a bracket or a keyword calls for an expression that is not there.",
		Example:     "let a = 1 +", Fixed: "let a = 1 + 2",
	},
	{
		Code: "P0102", Name: "expected-token", Title: "something else must stand here",
		Explanation: "The construct calls for a certain word or mark at this place; the message names it.",
		Example:     "for let i = 0, i < 3; i++ { print(i) }", Fixed: "for let i = 0; i < 3; i++ { print(i) }",
	},
	{
		Code: "P0103", Name: "unclosed-bracket", Title: "a bracket that is never closed",
		Explanation: "The message says where the bracket was opened. Often an operator or a comma between two parts is missing instead.",
		Example:     "print(1 + 2", Fixed: "print(1 + 2)",
	},
	{
		Code: "P0104", Name: "unclosed-block", Title: "a block that is never closed",
		Explanation: "The file ends while a block is open. Where the indentation shows which block lacks its `}`, that one is marked, even if a later brace closed it by accident.",
		Example:     "function f(x) {\n  if (x) {\n    print(x)\n}\n", Fixed: "function f(x) {\n  if (x) {\n    print(x)\n  }\n}\n",
	},
	{
		Code: "P0105", Name: "unmatched-bracket", Title: "a closing bracket that closes nothing",
		Explanation: "There is one closing bracket too many, or its opening one is missing above.",
		Example:     "let a = 1 }", Fixed: "let a = 1",
	},
	{
		Code: "P0106", Name: "missing-comma", Title: "a comma is missing",
		Explanation: "The elements of arrays, objects, arguments and parameters are separated by commas, also where each stands on a line of its own.",
		Example:     "let xs = [1 2]", Fixed: "let xs = [1, 2]",
	},
	{
		Code: "P0107", Name: "wrong-separator", Title: "a semicolon in a list",
		Explanation: "The elements of arrays, objects, arguments and parameters are separated by commas.",
		Example:     "let o = {a: 1; b: 2}", Fixed: "let o = {a: 1, b: 2}",
	},
	{
		Code: "P0108", Name: "expected-name", Title: "a name is missing",
		Explanation: "A declaration, a property access or an import calls for a name here.",
		Example:     "let = 5", Fixed: "let x = 5",
	},
	{
		Code: "P0109", Name: "reserved-name", Title: "a reserved word used as a name",
		Explanation: "Reserved words can be property names (`o.if`, `{if: 1}`) but not variables, functions or parameters.",
		Example:     "let while = 1", Fixed: "let loop = 1",
	},
	{
		Code: "P0110", Name: "expected-block", Title: "a block or body is missing",
		Explanation: "The construct needs a body in braces. After `if`, `else` and loops a single statement will do.",
		Example:     "function f() 1", Fixed: "function f() { 1 }",
	},
	{
		Code: "P0111", Name: "expected-pattern", Title: "a pattern is missing or out of place",
		Explanation: "In declarations a pattern is a name, `[...]` or `{...}`. The arms of `match` also take literals, `_`, ranges and alternatives.",
		Example:     "let [1, b] = [1, 2]", Fixed: "let [a, b] = [1, 2]",
	},
	{
		Code: "P0112", Name: "expected-type", Title: "a type is missing",
		Explanation: "Types are written `number`, `T[]`, `[A, B]`, `{a: T, b?: U}`, `(A) => B`, `Promise<T>`, `A | B` and `T ~ 0.7..1`.",
		Example:     "type Score =", Fixed: "type Score = number",
	},
	{
		Code: "P0113", Name: "unexpected-token", Title: "something that begins no statement",
		Explanation: "What stands here can't begin a statement: an `else` without its `if`, a `catch` without its `try`, a `,` between two statements.",
		Example:     "else { print(1) }", Fixed: "if (true) { print(1) }",
	},
	{
		Code: "P0114", Name: "nesting-too-deep", Title: "more than 1,000 levels of nesting",
		Explanation: "Brackets, blocks and prefix operators may nest 1,000 levels deep. Chains such as `a + b + c` and `else if` do not count as nesting.",
	},
	{
		Code: "P0201", Name: "assign-in-expression", Title: "an assignment where a value is expected",
		Explanation: "`=` is a statement and has no value; a comparison is written `==` or `===`. In a call, a named argument is written `name: value`. In a lambda or a `match` arm, put the assignment into a block.",
		Example:     "let x = 1\nif (x = 5) { print(x) }", Fixed: "let x = 1\nif (x == 5) { print(x) }",
	},
	{
		Code: "P0202", Name: "invalid-target", Title: "something that can't be assigned to",
		Explanation: "Left of `=` stand a name, `o.p`, `a[i]`, or a pattern `[a, b]` or `{a, b}`. `++` and `--` need a name, `o.p` or `a[i]`.",
		Example:     "let a = 1\na + 1 = 2", Fixed: "let a = 1\na = 2",
	},
	{
		Code: "P0203", Name: "missing-value", Title: "a declaration without a value",
		Explanation: "`const` and destructuring declarations need a value; only `let name` may go without, and is then null.",
		Example:     "const limit", Fixed: "const limit = 10",
	},
	{
		Code: "P0204", Name: "bare-confidence", Title: "an operator behind the confidence of `~>`",
		Explanation: "The confidence in `e ~> c` is one value: a literal, a name, a call or a parenthesis. `a ~> b > c` could mean two things, so parentheses must say which: `(a ~> b) > c` or `a ~> (b > c)`.",
		Example:     "let a = 5 ~> 0.8 + 1", Fixed: "let a = (5 ~> 0.8) + 1",
	},
	{
		Code: "P0205", Name: "word-operator", Title: "`and`, `or` or `not` used as an operator",
		Explanation: "The logical operators are `&&`, `||` and `!`.",
		Example:     "let a = true and false", Fixed: "let a = true && false",
	},
	{
		Code: "P0206", Name: "foreign-keyword", Title: "a keyword of another language",
		Explanation: "Prism writes `else if` for `elif`, `function` or `fn` for `func` and `def`, `let` for `var`, `for x in xs` for `for x of xs`, `match` for `switch`, `catch` for `except`, and `x => ...` for `lambda`. There is no `then` and no `do` between a condition and its body, and no `case` before the arms of a `match`.",
		Example:     "var a = 1", Fixed: "let a = 1",
	},
	{
		Code: "P0207", Name: "foreign-operator", Title: "an operator of another language",
		Explanation: "Prism writes `=` for `:=`, `!=` for `<>`, `<=` for `=<`, `||` for `|`, `=>` for `->`, and `range(1, 11)` for `1..10`. There are no bit operators.",
		Example:     "let a = 1\na := 2", Fixed: "let a = 1\na = 2",
	},
	{
		Code: "P0208", Name: "argument-order", Title: "an argument without a name behind named ones",
		Explanation: "Named arguments form one object at the end of the call, so the others stand before them.",
		Example:     "vote(method: \"majority\", [1, 2])", Fixed: "vote([1, 2], method: \"majority\")",
	},
	{
		Code: "P0209", Name: "duplicate-branch", Title: "two branches for one level",
		Explanation: "An uncertain statement has at most one branch for each of `high`, `medium`, `low` and `default`.",
		Example:     "uncertain if (1 ~> 0.9) { high { 1 } high { 2 } }", Fixed: "uncertain if (1 ~> 0.9) { high { 1 } low { 2 } }",
	},
	{
		Code: "P0210", Name: "misplaced-module-statement", Title: "an import or export inside a block",
		Explanation: "Imports and exports belong to the file and stand at its top level.",
		Example:     "if (true) { import {a} from \"./a.prism\" }", Fixed: "import {a} from \"./a.prism\"",
	},
	{
		Code: "P0211", Name: "incomplete-try", Title: "a `try` without `catch` and `finally`",
		Explanation: "A `try` alone changes nothing. Add `catch (e) { ... }` to handle errors or `finally { ... }` to clean up.",
		Example:     "try { print(1) }", Fixed: "try { print(1) } catch (e) { print(e) }",
	},
	{
		Code: "P0212", Name: "misplaced-input", Title: "an `input` block that does not begin a pattern",
		Explanation: "The `input` block is the schema of a pattern and stands first in its body.",
		Example:     "pattern p {\n  let a = 1\n  input { n: number }\n}", Fixed: "pattern p {\n  input { n: number }\n  let a = 1\n}",
	},
	{
		Code: "P0213", Name: "rest-not-last", Title: "`...` that is not the last part",
		Explanation: "The rest of a pattern or of the parameters takes what is left, so nothing can follow it.",
		Example:     "let [...r, a] = [1, 2]", Fixed: "let [a, ...r] = [1, 2]",
	},
	{
		Code: "P0214", Name: "statement-as-value", Title: "a statement where a value is expected",
		Explanation: "`return`, `throw`, loops and declarations have no value. In a lambda or a `match` arm put them into a block.",
		Example:     "let f = x => return x", Fixed: "let f = x => { return x }",
	},
	{
		Code: "P0215", Name: "object-in-head", Title: "a `{` where the condition must stand",
		Explanation: "The first `{` behind `if` or `while` opens the body. Put an object literal into parentheses.",
		Example:     "if { print(1) }", Fixed: "if (true) { print(1) }",
	},
	{
		Code: "P0216", Name: "duplicate-input", Title: "two `input` blocks in a pattern",
		Explanation: "A pattern has one input schema. Merge the blocks.",
		Example:     "pattern p {\n  input { a: number }\n  input { b: number }\n}", Fixed: "pattern p {\n  input {\n    a: number\n    b: number\n  }\n}",
	},
}
