package diag

// moduleCodes explains the diagnostics of compiler/module.
var moduleCodes = []CodeInfo{
	{
		Code: "M0001", Name: "missing-module", Title: "an import of a file that does not exist",
		Explanation: "Paths are relative to the importing file, with or without `.prism`; `std/...` names a module of the standard library.",
		Example:     "import {vote} from \"std/agregation\"\nvote", Fixed: "import {vote} from \"std/aggregation\"\nvote",
	},
	{
		Code: "M0002", Name: "missing-export", Title: "an import of a name that the module does not export",
		Explanation: "A module gives others what it marks with `export`, under that name or the one behind `as`. A default export is imported without braces.",
		Example:     "import {limt} from \"./limits.prism\"\nlimt", Fixed: "import {limit} from \"./limits.prism\"\nlimit",
	},
	{
		Code: "M0003", Name: "unsupported-module", Title: "an import of something that is no Prism module",
		Explanation: "Only `.prism` files on this machine can be imported: no YAML patterns, no addresses on the network.",
		Example:     "import {a} from \"./review.yaml\"\na", Fixed: "import {a} from \"./review.prism\"\na",
	},
	{
		Code: "M0004", Name: "unreadable-module", Title: "a module that can't be read",
		Explanation: "The path leads to a folder, to a file without permission to read, or in a circle of symbolic links.",
		Example:     "import {a} from \"./folder.prism\"\na", Fixed: "import {a} from \"./folder/a.prism\"\na",
	},
	{
		Code: "M0005", Name: "cyclic-read", Title: "a value that is read before its module has set it",
		Explanation: "Modules may import each other. They still run one after the other: the module that the loop was entered by runs last, so what the others read of it while they run is not set yet. Reading it inside a function that is called later is fine.",
		Example:     "// a.prism imports b.prism, and this is b.prism\nimport {limit} from \"./a.prism\"\nexport let twice = limit * 2",
		Fixed:       "// a.prism imports b.prism, and this is b.prism\nimport {limit} from \"./a.prism\"\nexport fn twice() { limit * 2 }",
	},
	{
		Code: "M0006", Name: "ambiguous-export", Title: "a name that two `export *` give different meanings",
		Explanation: "Importers would get the first one. Export the name explicitly from the module that is meant.",
		Example:     "export * from \"./a.prism\"\nexport * from \"./b.prism\"", Fixed: "export * from \"./a.prism\"\nexport {c} from \"./b.prism\"",
	},
}
