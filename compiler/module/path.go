package module

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// extension is that of modules; paths in imports may leave it out.
const extension = ".prism"

// aliases are other spellings of "std/", from the packages of earlier versions.
var aliases = []string{"@parallaxai/primitives/", "@parallax/"}

// candidates returns the paths that an import may mean, best first. With foreign
// files other notations than Prism are among them.
func candidates(importer *Module, written string, foreign bool) []string {
	if written == "" || strings.ContainsRune(written, 0) {
		return nil
	}
	for _, prefix := range append([]string{stdPrefix}, aliases...) {
		if rest, ok := strings.CutPrefix(written, prefix); ok {
			name := stdPath(rest)
			list := []string{stdPrefix + name}
			// Earlier versions had a file for each function of a module.
			if dir := path.Dir(name); dir != "." {
				list = append(list, stdPrefix+dir)
			}
			return list
		}
	}
	if importer.std {
		name := stdPath(path.Join(path.Dir(importer.Path), written))
		if !strings.HasPrefix(name, stdPrefix) {
			return nil
		}
		return []string{name}
	}
	name := path.Clean(written)
	if !path.IsAbs(name) {
		name = path.Join(path.Dir(importer.Path), name)
	}
	if strings.HasSuffix(name, extension) || isYAML(name) {
		return []string{name}
	}
	if foreign && isYAML(importer.Path) {
		// A pattern names others without saying in which notation they are.
		return []string{name + ".yaml", name + ".yml", name + extension}
	}
	if foreign {
		return []string{name + extension, name + ".yaml", name + ".yml"}
	}
	return []string{name + extension}
}

func isYAML(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}

// stdPath cleans the path of a library module below std.
func stdPath(name string) string {
	return strings.TrimPrefix(strings.TrimSuffix(path.Clean("/"+name), extension), "/")
}

// find returns the module that an import means, loading it when it is new;
// nil when there is none, which is then reported at the path.
func (l *linker) find(importer *Module, lit *ast.StringLit) *Module {
	written := lit.Value
	if m, ok := importer.paths[written]; ok {
		return m
	}
	m := l.open(importer, lit)
	importer.paths[written] = m
	return m
}

func (l *linker) open(importer *Module, lit *ast.StringLit) *Module {
	if l.unsupported(importer, lit) {
		return nil
	}
	paths := candidates(importer, lit.Value, l.opts.Foreign != nil)
	for _, name := range paths {
		m, err := l.module(name)
		switch {
		case err == nil:
			return m
		case errors.Is(err, fs.ErrNotExist):
			continue
		case errors.Is(err, errNotModule):
			l.err(codeUnreadable, importer, lit.Span, "`%s` is no file", lit.Value).
				WithHint("import one of the modules in it: `%s`", path.Join(lit.Value, "name"+extension))
			return nil
		default:
			l.err(codeUnreadable, importer, lit.Span, "the module `%s` can't be read: %s", lit.Value, err).
				WithHint("check that the file can be read and that no symbolic link leads in a circle")
			return nil
		}
	}
	l.missing(importer, lit, paths)
	return nil
}

// unsupported reports paths that can't name a module.
func (l *linker) unsupported(importer *Module, lit *ast.StringLit) bool {
	written := lit.Value
	switch ext := strings.ToLower(path.Ext(written)); {
	case written == "" || strings.ContainsRune(written, 0):
		if !importer.broken {
			l.err(codeUnsupported, importer, lit.Span, "the path of a module can't be empty").
				WithHint("write a path relative to this file, such as \"./name.prism\", or \"std/...\"")
		}
	case (ext == ".yaml" || ext == ".yml") && l.opts.Foreign == nil:
		l.err(codeUnsupported, importer, lit.Span, "a YAML pattern can't be imported").
			WithHint("import a .prism module; `prism build --emit prism` turns a YAML pattern into one")
	case strings.Contains(written, "://"):
		l.err(codeUnsupported, importer, lit.Span, "modules are not loaded from the network").
			WithHint("save the module beside this file and import it by its path")
	default:
		return false
	}
	return true
}

// missing reports a path that no module has, with a file of nearly that name.
func (l *linker) missing(importer *Module, lit *ast.StringLit, paths []string) {
	d := l.err(codeMissingModule, importer, lit.Span, "there is no module `%s`", lit.Value)
	if len(paths) == 0 {
		d.WithHint("modules of the standard library can import one another only")
		return
	}
	name := paths[0]
	from := l.loader
	if strings.HasPrefix(name, stdPrefix) {
		from = l.std
	}
	if from, ok := from.(lister); ok {
		near := diag.Suggest(moduleName(name), moduleNames(from, path.Dir(name)))
		if near != "" {
			fixed := lit.Value[:len(lit.Value)-len(path.Base(lit.Value))] + near
			if strings.HasSuffix(lit.Value, extension) {
				fixed += extension
			}
			d.WithHint("did you mean `%s`?", fixed).
				WithFix("Change to "+fixed, diag.Edit{Span: inner(lit), NewText: fixed})
			return
		}
	}
	switch ext := path.Ext(lit.Value); {
	case strings.HasPrefix(name, stdPrefix):
		d.WithHint("`prism doc std` lists the modules of the standard library")
	case ext != "" && ext != extension:
		d.WithHint("only %s files can be imported", extension)
	default:
		d.WithHint("paths are relative to this file; looked for `%s`", name)
	}
}

// inner is the text of a string literal without its quotes.
func inner(lit *ast.StringLit) source.Span {
	return source.Span{Start: lit.Start + 1, End: max(lit.End-1, lit.Start+1)}
}

func moduleName(p string) string { return strings.TrimSuffix(path.Base(p), extension) }

func moduleNames(from lister, dir string) []string {
	var names []string
	for _, n := range from.List(dir) {
		if strings.HasSuffix(n, extension) {
			names = append(names, moduleName(n))
		}
	}
	slices.Sort(names)
	return names
}
