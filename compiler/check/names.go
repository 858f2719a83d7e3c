package check

import (
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
)

// foreignNames tells how to say in Prism what these names mean elsewhere.
var foreignNames = map[string]struct{ text, replace string }{
	"None": {"the missing value is `null`", "null"}, "nil": {"the missing value is `null`", "null"},
	"NULL": {"the missing value is `null`", "null"}, "Null": {"the missing value is `null`", "null"},
	"True": {"write `true`", "true"}, "TRUE": {"write `true`", "true"},
	"False": {"write `false`", "false"}, "FALSE": {"write `false`", "false"},
	"len":     {"the length of a string or an array is `x.length`", ""},
	"size":    {"the length of a string or an array is `x.length`", ""},
	"count":   {"the length of a string or an array is `x.length`", ""},
	"println": {"use `print`", "print"}, "printf": {"use `print`, with `${...}` in the string", "print"},
	"echo": {"use `print`", "print"}, "puts": {"use `print`", "print"}, "alert": {"use `print`", "print"},
	"and": {"write `&&`", ""}, "or": {"write `||`", ""}, "not": {"write `!`", ""},
	"elif": {"write `else if`", ""}, "elseif": {"write `else if`", ""}, "elsif": {"write `else if`", ""},
	"then": {"put the branch in braces: `if c { ... }`", ""}, "end": {"a block ends with `}`", ""},
	"def": {"write `function name(...) { ... }`", ""}, "func": {"write `fn name(...) { ... }`", ""},
	"fun": {"write `fn name(...) { ... }`", ""}, "lambda": {"write `x => ...`", ""},
	"var": {"write `let`", "let"}, "val": {"write `const`", "const"},
	"self":  {"there is no `self`; pass the object as an argument", ""},
	"this":  {"there is no `this`; pass the object as an argument", ""},
	"new":   {"there are no classes; write an object literal `{...}`", ""},
	"class": {"there are no classes; write an object literal `{...}`", ""},
	"raise": {"write `throw`", "throw"}, "except": {"write `catch`", ""}, "pass": {"an empty block `{}` does nothing", ""},
	"switch": {"write `match x { 1 => ..., _ => ... }`", ""}, "case": {"write `match x { 1 => ..., _ => ... }`", ""},
	"str": {"use `String(x)`", "String"}, "int": {"use `Math.floor(Number(x))`", ""}, "float": {"use `Number(x)`", "Number"},
	"bool": {"use `Boolean(x)`", "Boolean"}, "parseInt": {"use `Math.floor(Number(x))`", ""},
	"parseFloat": {"use `Number(x)`", "Number"}, "isinstance": {"write typeof x === \"number\"", ""},
	"require": {"write `import {name} from \"./file.prism\"`", ""}, "include": {"write `import {name} from \"./file.prism\"`", ""},
	"setTimeout": {"use `await delay(ms)`", ""}, "append": {"arrays have `push`: `xs = xs.push(x)`", ""},
	"foreach": {"use `xs.forEach(f)` or `for x in xs { ... }`", ""}, "Date": {"use `now()` for the time", ""},
}

// maxSuggestions bounds the unknown names of a file that get a near spelling;
// a file with more was not misspelt, and each search takes time.
const maxSuggestions = 100

// unknownName reports a name that nothing declares, with the name that was
// probably meant.
func (r *resolver) unknownName(id *ast.Ident, called bool) *diag.Diagnostic {
	what := "name"
	if called {
		what = "function"
	}
	d := r.err(codeUnknownName, id.Span, "there is no %s `%s`", what, id.Name)
	r.unknownNames[d] = id.Name
	r.suggest(d, id, called)
	return d
}

func (r *resolver) suggest(d *diag.Diagnostic, id *ast.Ident, called bool) {
	replace := func(name string) {
		d.WithFix("Change to "+name, diag.Edit{Span: id.Span, NewText: name})
	}
	if id.Name == "_" {
		d.WithHint("`_` stands for the left side on the right of `|>` only")
		return
	}
	if len(r.unknownNames) > maxSuggestions {
		d.WithHint("declare it, or import it")
		return
	}
	visible := r.visibleNames(id)
	if near := diag.Suggest(id.Name, visible); near != "" {
		d.WithHint("did you mean `%s`?", near)
		replace(near)
		if sym := r.visible(near); sym != nil && sym.Ident != nil {
			d.WithRelated(sym.Decl, "`%s` is declared here", near)
			sym.Uses++ // so that it isn't reported as unused on top
		}
		return
	}
	if f, ok := foreignNames[id.Name]; ok {
		d.WithHint("%s", f.text)
		if f.replace != "" {
			replace(f.replace)
		}
		return
	}
	global := append(HostNames(), r.opts.LibraryNames...)
	if near := diag.Suggest(id.Name, global); near != "" {
		kind := "the library's"
		if isHostName(near) {
			kind = "the predefined"
		}
		d.WithHint("did you mean %s `%s`?", kind, near)
		replace(near)
		return
	}
	r.unknown[d] = id.Name
	if called {
		d.WithHint("declare it with `function %s(...) { ... }` or import it; a task for an agent belongs inside `parallel`, `race` or `with_agents`", id.Name)
	} else {
		d.WithHint("assign or declare it before, or import it")
	}
}

// finishUnknown adds to unknown names that no spelling explains where a
// variable of that name lives out of reach.
func (r *resolver) finishUnknown() {
	for d, name := range r.unknown {
		for _, sym := range r.byName[name] {
			if sym.poisoned || sym.Ident == nil {
				continue
			}
			where := "inside a block"
			if sym.Owner != nil {
				switch n := sym.Owner.Node.(type) {
				case *ast.FuncLit:
					where = "inside a function"
					if n.Name != nil {
						where = "inside the function `" + n.Name.Name + "`"
					}
				case *ast.PatternDecl:
					where = "inside a pattern"
				case *ast.Parallel, *ast.Race:
					where = "inside the body of a `" + bodyWord(n) + "`"
				}
			}
			if sym.Kind == LoopVar {
				where = "inside a loop"
			}
			d.WithRelated(sym.Decl, "this `%s` lives %s only", name, where)
			d.WithHint("give `%s` a value outside, before the place that sets it", name)
			break
		}
	}
}

func bodyWord(n ast.Node) string {
	if _, ok := n.(*ast.Race); ok {
		return "race"
	}
	return "parallel"
}

// visible returns the variable that a name means at the current place.
func (r *resolver) visible(name string) *Symbol {
	for s := r.scope; s != nil; s = s.parent {
		if sym := s.names[name]; sym != nil && !sym.poisoned {
			return sym
		}
	}
	return nil
}

// visibleNames lists the variables that could have been meant by an
// identifier, session names included.
func (r *resolver) visibleNames(id *ast.Ident) []string {
	var names []string
	for s := r.scope; s != nil; s = s.parent {
		for name, sym := range s.names {
			early := sym.Owner == r.frame.fn && sym.unsetAt(id.Start)
			if !sym.poisoned && !early && sym.Kind != Placeholder && sym.Ident != id {
				names = append(names, name)
			}
		}
	}
	for name := range r.opts.Session {
		names = append(names, name)
	}
	return names
}
