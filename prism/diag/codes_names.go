package diag

// nameCodes explains the diagnostics of compiler/check about names: what
// surely fails (N00xx) and what is probably a mistake (N01xx), and about limits
// of the compiler (N09xx).
var nameCodes = []CodeInfo{
	{
		Code: "N0001", Name: "unknown-name", Title: "a name that nothing declares",
		Explanation: "No variable, function, import, library function or predefined value of this name is visible here. A bare `x = e` declares `x` in the enclosing function, pattern or file, so a name that a function assigns is unknown outside of it, and one that a block declares with `let` is unknown after the block. Inside the bodies of `parallel`, `race` and `with_agents` a call of an unknown name is a task for the agent.",
		Example:     "total = 1\nprint(totl)", Fixed: "total = 1\nprint(total)",
	},
	{
		Code: "N0002", Name: "use-before-declaration", Title: "a variable that is used above its declaration",
		Explanation: "`let` and `const` declare a variable for the whole block around them, and it has no value before its declaration has run. A function may use variables that are declared further down, as long as it is called later. Functions, imports and types can be used anywhere in their block.",
		Example:     "print(x)\nlet x = 1", Fixed: "let x = 1\nprint(x)",
	},
	{
		Code: "N0003", Name: "use-before-assignment", Title: "a variable that is read before anything assigns it",
		Explanation: "The first assignment of a bare variable stands below this use, in the same function. An assignment to the name of a library function makes a variable of that name for the whole function or file; the value of that first assignment itself still sees the library: `max = max(1, 2)`.",
		Example:     "log(\"start\")\nlog = []\nlog", Fixed: "log(\"start\")\nlines = []\nlines",
	},
	{
		Code: "N0004", Name: "redeclaration", Title: "a name that is declared twice in one scope",
		Explanation: "A block, a function body or a file can declare each name once. Inside a block of its own a name may be declared anew; it then hides the outer one.",
		Example:     "let x = 1\nlet x = 2\nx", Fixed: "let x = 1\nx = 2\nx",
	},
	{
		Code: "N0005", Name: "assign-constant", Title: "an assignment to something that can't be assigned",
		Explanation: "Constants, imports, agents, the loop variable of `for const` and the `_` of a pipeline keep their value. That holds for their parts as well: `o.p = v` gives the variable `o` an updated copy, so `o` must be a variable. Names of the library and of the host can be hidden by a variable of the same name, but not changed.",
		Example:     "const limit = 3\nlimit = 4", Fixed: "let limit = 3\nlimit = 4",
	},
	{
		Code: "N0006", Name: "duplicate-parameter", Title: "two parameters of one name",
		Explanation: "Each parameter of a function needs a name of its own; the parts of a destructured parameter count. `_` may be repeated: it stands for a value that is not used.",
		Example:     "fn f(a, a) { a }\nf(1, 2)", Fixed: "fn f(a, b) { a + b }\nf(1, 2)",
	},
	{
		Code: "N0007", Name: "unassignable", Title: "a part of a value that no variable holds",
		Explanation: "Values are never changed in place. `o.p = v` and `a[i] = v` rebind the variable at their root to an updated copy, so there must be a variable at the root.",
		Example:     "fn f() { {x: 1} }\nf().x = 2", Fixed: "fn f() { {x: 1} }\no = f()\no.x = 2\no",
	},
	{
		Code: "N0008", Name: "outside-loop", Title: "`break` or `continue` outside of a loop",
		Explanation: "`break` and `continue` belong to the innermost loop of the same function. A lambda, and the body of a `parallel` or a `race`, is a function of its own: `return` ends it.",
		Example:     "for x in [1, 2] { [x].forEach(y => { break }) }", Fixed: "for x in [1, 2] { [x].forEach(y => { return }) }",
	},
	{
		Code: "N0009", Name: "misplaced-return", Title: "`return` inside a statement of `parallel { }`",
		Explanation: "The statements of `parallel { a = ...; b = ... }` run at the same time, each as a fiber that gives one value. None of them can leave the function around; return after the block, when all have ended.",
		Example:     "fn f() { parallel { a = { return 1 } } }\nf()", Fixed: "fn f() { parallel { a = 1 }\nreturn a }\nf()",
	},
	{
		Code: "N0010", Name: "unknown-type", Title: "a type that nothing declares",
		Explanation: "The types every file knows are `number`, `string`, `boolean`, `null`, `any`, `object`, `array`, `function`, `void` and `Promise<T>`. Others are declared with `type Name = ...`, above or below their use, or imported.",
		Example:     "let n: int = 1\nn", Fixed: "let n: number = 1\nn",
	},
	{
		Code: "N0011", Name: "argument-count", Title: "a call with too few or too many arguments",
		Explanation: "A function takes as many arguments as it has parameters. Parameters with a default value and those marked `?` can be left out, a rest parameter `...name` takes any number. Named arguments together are one trailing object. In a pipeline the left side is the first argument.",
		Example:     "fn add(a, b) { a + b }\nadd(1)", Fixed: "fn add(a, b = 0) { a + b }\nadd(1)",
	},
	{
		Code: "N0012", Name: "duplicate-export", Title: "a name that is exported twice",
		Explanation: "Importers find an export by its name, so a module can export each name once. `export {a as b}` exports under another name.",
		Example:     "export let a = 1\nexport {a}", Fixed: "export let a = 1",
	},
	{
		Code: "N0101", Name: "unused-variable", Title: "a variable that is never read",
		Explanation: "Nothing reads the value. Remove the variable, or begin its name with `_` to say that it is meant to be ignored.",
		Example:     "let x = 1\n2", Fixed: "2",
	},
	{
		Code: "N0102", Name: "unused-function", Title: "a function that is never used",
		Explanation: "Nothing in the file calls the function or passes it on, and it is not exported.",
		Example:     "fn helper() { 1 }\n2", Fixed: "2",
	},
	{
		Code: "N0103", Name: "unused-import", Title: "an import that is never used",
		Explanation: "The file imports the name and does nothing with it. `import \"./m.prism\"` runs a module for its effects alone.",
		Example:     "import {a} from \"./m.prism\"\n2", Fixed: "2",
	},
	{
		Code: "N0104", Name: "unreachable-code", Title: "statements that are never run",
		Explanation: "The statement before leaves the block in every case: by `return`, `throw`, `break` or `continue`. Functions and types are exempt; they are declared for the whole block.",
		Example:     "fn f() { return 1\nprint(\"done\") }\nf()", Fixed: "fn f() { print(\"done\")\nreturn 1 }\nf()",
	},
	{
		Code: "N0105", Name: "similar-name", Title: "a new variable whose name is nearly that of another",
		Explanation: "`x = e` makes a new variable where there is none. One letter away from an existing name that is often a slip. Declare the variable with `let` if it is meant.",
		Example:     "total = 1\ntotel = 2\ntotal", Fixed: "total = 1\ntotal = 2\ntotal",
	},
	{
		Code: "N0106", Name: "duplicate-key", Title: "a key that appears twice in an object",
		Explanation: "The later value replaces the earlier one.",
		Example:     "{a: 1, a: 2}", Fixed: "{a: 2}",
	},
	{
		Code: "N0107", Name: "duplicate-arm", Title: "two match arms for the same value",
		Explanation: "The first arm that matches wins, so the second is never reached.",
		Example:     "match 1 { 1 => \"a\", 1 => \"b\", _ => \"c\" }", Fixed: "match 1 { 1 => \"a\", _ => \"c\" }",
	},
	{
		Code: "N0108", Name: "unreachable-arm", Title: "a match arm behind one that matches everything",
		Explanation: "`_` and a plain name match every value; arms below them are never tried. A name in an arm binds a new variable, it does not compare with an existing one: for that, write `x if x === limit`.",
		Example:     "match 1 { n => n, 1 => 0 }", Fixed: "match 1 { 1 => 0, n => n }",
	},
	{
		Code: "N0109", Name: "uneven-alternatives", Title: "alternatives that bind different names",
		Explanation: "When another alternative matches, the name has no value and reads as null.",
		Example:     "match [1, 2] { [a, 1] | [1, b] => a, _ => 0 }", Fixed: "match [1, 2] { [a, 1] | [1, a] => a, _ => 0 }",
	},
	{
		Code: "N0110", Name: "empty-range", Title: "a range that contains nothing",
		Explanation: "In `lo..hi` both ends are included and the lower one comes first.",
		Example:     "match 3 { 5..1 => \"in\", _ => \"out\" }", Fixed: "match 3 { 1..5 => \"in\", _ => \"out\" }",
	},
	{
		Code: "N0111", Name: "parallel-dependency", Title: "a parallel statement that needs another's result",
		Explanation: "The statements of `parallel { }` run at the same time, so what one of them sets need not be there when another reads it.",
		Example:     "parallel { a = 1\nb = a + 1 }\nb", Fixed: "parallel { a = 1 }\nb = a + 1\nb",
	},
	{
		Code: "N0112", Name: "unknown-lint", Title: "a `prism-ignore` for a warning that does not exist",
		Explanation: "`// prism-ignore name` takes the names of warnings, or their codes, separated by commas; without a name it ignores all warnings of the line.",
		Example:     "// prism-ignore unused-varable\nlet x = 1", Fixed: "// prism-ignore unused-variable\nlet x = 1",
	},
	{
		Code: "N0113", Name: "no-effect", Title: "a statement that does nothing",
		Explanation: "A name, a literal or a comparison stands alone although another expression behind it gives the value of the block. Often the parentheses of a call are missing, or `==` was written for `=`.",
		Example:     "let x = 1\nprint x", Fixed: "let x = 1\nprint(x)",
	},
	{
		Code: "N0114", Name: "unused-result", Title: "a call that gives a new array nobody uses",
		Explanation: "Arrays never change: `push`, `pop`, `shift`, `unshift`, `splice`, `sort`, `reverse` and `fill` give a new array, so a call whose result is not used does nothing. Assign the result to the variable.",
		Example:     "let xs = [2, 1]\nxs.push(3)\nprint(xs)", Fixed: "let xs = [2, 1]\nxs = xs.push(3)\nprint(xs)",
	},
	{
		Code: "N0901", Name: "function-too-large", Title: "a function that is too large to be compiled",
		Explanation: "One function, or the statements of one module, can have up to 65,535 variables and temporaries, and as many property names, property accesses, shapes of object literals and captured variables. Only generated programs reach that: divide the function, or read large tables from the input.",
	},
}

// constantCodes explains the diagnostics about constant confidences and
// thresholds (C00xx).
var constantCodes = []CodeInfo{
	{
		Code: "C0001", Name: "confidence-range", Title: "a constant confidence outside of 0 to 1",
		Explanation: "Confidences and thresholds are shares, not percentages: 85 % is `0.85`.",
		Example:     "\"yes\" ~> 85", Fixed: "\"yes\" ~> 0.85",
	},
	{
		Code: "C0002", Name: "confidence-kind", Title: "a confidence that is no number",
		Explanation: "The right side of `~>` is a number between 0 and 1.",
		Example:     "\"yes\" ~> \"high\"", Fixed: "\"yes\" ~> 0.9",
	},
	{
		Code: "C0003", Name: "threshold-order", Title: "thresholds or ends of a range in the wrong order",
		Explanation: "In `threshold(h, m)` a confidence of at least `h` is high and one of at least `m` medium, so `h` can't be below `m`. A range of confidences `lo..hi` has its lower end first.",
		Example:     "uncertain if (1 ~> 0.7) threshold(0.5, 0.8) { high { 1 } low { 2 } }", Fixed: "uncertain if (1 ~> 0.7) threshold(0.8, 0.5) { high { 1 } low { 2 } }",
	},
	{
		Code: "C0004", Name: "no-branches", Title: "an uncertain statement without branches",
		Explanation: "`uncertain if`, `uncertain for` and `uncertain while` run the branch of the condition's level; without any they do nothing.",
		Example:     "uncertain if (1 ~> 0.7) { }", Fixed: "uncertain if (1 ~> 0.7) { high { 1 } }",
	},
}
