package module

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/source"
)

// writeTree writes files below a new folder and returns it.
func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func paths(g *Graph) []string {
	var list []string
	for _, m := range g.Modules {
		list = append(list, m.Path)
	}
	return list
}

func symlink(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}

func TestDirLinksAreOneModule(t *testing.T) {
	dir := writeTree(t, map[string]string{"app/m.prism": "export let a = 1\n", "app/sub/n.prism": "import {a} from \"../alias\"\nexport let b = a\n"})
	symlink(t, "m.prism", filepath.Join(dir, "app/alias.prism"))
	symlink(t, "sub", filepath.Join(dir, "app/linked"))
	src := "import {a} from \"./m\"\nimport {a as a2} from \"./alias.prism\"\nimport {a as a3} from \"" + filepath.ToSlash(dir) +
		"/app/m\"\nimport {b} from \"./linked/n\"\nimport {b as b2} from \"./sub/n\"\n[a, a2, a3, b, b2]"
	g, list := Load(source.NewFile("app/main.prism", src), Dir(dir), Options{})
	if len(list) > 0 {
		t.Error(list)
	}
	if d := gocmp.Diff([]string{"app/m.prism", "app/sub/n.prism", "app/main.prism"}, paths(g)); d != "" {
		t.Error(d)
	}
	if g.Entry().Path != "app/main.prism" {
		t.Errorf("the entry is %s", g.Entry().Path)
	}
}

func TestDirEntryIsImported(t *testing.T) {
	src := "import {f} from \"./b\"\nexport let a = 1\nf()\n"
	dir := writeTree(t, map[string]string{"a.prism": src, "b.prism": "import {a} from \"./a\"\nexport fn f() { a }\n"})
	symlink(t, "a.prism", filepath.Join(dir, "entry.prism"))
	for _, name := range []string{"a.prism", "./a.prism", "entry.prism", filepath.Join(dir, "a.prism")} {
		g, list := Load(source.NewFile(name, src), Dir(dir), Options{})
		if len(list) > 0 || len(g.Modules) != 2 || len(g.Cycles) != 1 {
			t.Errorf("entry %s: modules %v, %d cycles, %v", name, paths(g), len(g.Cycles), list)
		}
	}
}

func TestDirOutsideRoot(t *testing.T) {
	dir := writeTree(t, map[string]string{"root/x.prism": "", "out/m.prism": "import {b} from \"./n\"\nexport let a = b\n", "out/n.prism": "export let b = 1\n"})
	g, list := Load(source.NewFile("main.prism", "import {a} from \"../out/m\"\na"), Dir(filepath.Join(dir, "root")), Options{})
	if len(list) > 0 || len(g.Modules) != 3 || !filepath.IsAbs(g.Modules[0].Path) {
		t.Errorf("modules %v, %v", paths(g), list)
	}
}

func TestDirUnreadable(t *testing.T) {
	dir := writeTree(t, map[string]string{"folder.prism/a.prism": "export let a = 1\n"})
	symlink(t, "loop2.prism", filepath.Join(dir, "loop1.prism"))
	symlink(t, "loop1.prism", filepath.Join(dir, "loop2.prism"))
	symlink(t, "nothing.prism", filepath.Join(dir, "dangling.prism"))
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.prism"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, code, want string }{
		{"./folder.prism", "M0004", "is no file"},
		{"./pipe", "M0004", "is no file"},
		{"./loop1", "M0004", "can't be read"},
		{"./dangling", "M0001", "there is no module"},
	} {
		_, list := Load(source.NewFile("main.prism", "import {a} from \""+c.path+"\"\na"), Dir(dir), Options{})
		if len(list) != 1 || string(list[0].Code) != c.code || !strings.Contains(list[0].Message, c.want) || list[0].Hint == "" {
			t.Errorf("%s: %v, want %s %q", c.path, list, c.code, c.want)
		}
	}
	if _, err := Dir(dir).Load("pipe.prism"); !errors.Is(err, errNotModule) {
		t.Errorf("loading a pipe gives %v", err)
	}
}

func TestMissingLibraryModule(t *testing.T) {
	entry := source.NewFile("main.prism", "vote([1])")
	_, list := Load(entry, Files{}, testOptions(nil))
	if len(list) != 1 || list[0].Code != codeMissingModule || !strings.Contains(list[0].Message, "`vote` needs") {
		t.Errorf("without the module: %v", list)
	}
	_, list = Load(entry, Files{}, testOptions(fstest.MapFS{"aggregation.prism": {Data: []byte("1")}}))
	if len(list) != 1 || list[0].Code != codeMissingExport || !strings.Contains(list[0].Message, "doesn't export the library function `vote`") {
		t.Errorf("without the export: %v", list)
	}
}

func TestFilesList(t *testing.T) {
	files := Files{"a.prism": "", "x/b.prism": "", "x/y/c.prism": "", "xx/d.prism": ""}
	for dir, want := range map[string][]string{".": {"a.prism", "x", "xx"}, "x": {"b.prism", "y"}, "z": nil} {
		if d := gocmp.Diff(want, files.List(dir)); d != "" {
			t.Errorf("List(%q): %s", dir, d)
		}
	}
	if _, err := files.Load("b.prism"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("loading a missing file gives %v", err)
	}
}

func TestLoop(t *testing.T) {
	g, _ := Load(source.NewFile("a.prism", "import \"./b\""), Files{"a.prism": "", "b.prism": "import \"./c\"\nimport \"./d\"", "c.prism": "import \"./a\"", "d.prism": ""}, Options{})
	byPath := map[string]*Module{}
	for _, m := range g.Modules {
		byPath[m.Path] = m
	}
	// The text of the entry is that given to Load, and c imports the entry.
	if got := loopText(g.Loop(byPath["c.prism"], byPath["a.prism"])); got != "a.prism -> b.prism -> c.prism -> a.prism" {
		t.Errorf("loop %s", got)
	}
	if got := g.Loop(byPath["d.prism"], byPath["c.prism"]); loopText(got) != "c.prism -> a.prism -> b.prism -> d.prism -> c.prism" {
		t.Errorf("path to a module outside of the loop: %s", loopText(got))
	}
	if got := g.Loop(byPath["a.prism"], byPath["d.prism"]); got != nil {
		t.Errorf("d leads nowhere, got %s", loopText(got))
	}
}

func TestWideGraph(t *testing.T) {
	files := Files{}
	var entry strings.Builder
	for i := range 300 {
		name := "m" + strings.Repeat("x", i) + ".prism"
		files[name] = "export let v = 1\n"
		entry.WriteString("import \"./" + name + "\"\n")
	}
	g, list := Load(source.NewFile("main.prism", entry.String()), files, Options{})
	if len(list) > 0 || len(g.Modules) != 301 {
		t.Errorf("%d modules, %v", len(g.Modules), list)
	}
}

// FuzzPath imports arbitrary paths: each is found, or reported once with a hint.
func FuzzPath(f *testing.F) {
	for _, p := range []string{"./a", "../a", "std/x", "@parallax/x", "/a", "a//b", "..", ".", "std/", "x.yaml", "http://a", "@parallaxai/primitives/a/b.prism", "std/../a"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		if strings.ContainsAny(p, "\"\\$\n\r\x00") || strings.ToValidUTF8(p, "") != p {
			return // not a plain string literal
		}
		files := Files{"dir/main.prism": "", "a.prism": "export let v = 1\n"}
		std := fstest.MapFS{"x.prism": {Data: []byte("export let v = 1\n")}}
		g, list := Load(source.NewFile("dir/main.prism", "import \""+p+"\"\n1"), files, Options{Std: std})
		if len(list) > 1 || len(list) == 1 && list[0].Hint == "" || len(list)+len(g.Entry().Deps) != 1 {
			t.Errorf("%q: %d modules, %v", p, len(g.Modules), list)
		}
	})
}
