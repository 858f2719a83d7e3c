package agent

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent/settings"
)

// CodeUnknownTransport is the code of a transport that does not exist.
const CodeUnknownTransport diag.Code = "Y0906"

// Options say what a file of agents may use.
type Options struct {
	Kinds []Kind // ways of calling agents, beside mock, which is always there
	// Models reads the block "llm"; nil allows only a mock there.
	Models func(b *settings.Block, env Env) Models
	Dir    string       // where relative paths begin; "" is the working directory
	Log    *slog.Logger // nil discards
}

// known are the transports there are; a program may have fewer.
var known = []string{"http", "grpc", "exec", "mcp", "a2a", "llm", "builtin", "prism", "mock"}

// Load reads agents from the text of a file whose name is used in messages. The
// error is a *FileError.
func Load(name string, text []byte, kinds ...Kind) (*Registry, error) {
	r := &Registry{}
	if list := r.Read(source.NewFile(name, string(text)), Options{Kinds: kinds}); list.HasErrors() {
		return nil, &FileError{list}
	}
	return r, nil
}

// FileError tells what is wrong with a file of agents.
type FileError struct{ List diag.List }

func (e *FileError) Error() string {
	var lines []string
	for _, d := range e.List {
		line := d.Error()
		if d.Hint != "" {
			line += "; " + d.Hint
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// Read adds the agents of a file: a list of agents, or a map with the list under
// "agents" and models under "llm". What is wrong with it is returned; agents
// without fault are added all the same.
func (r *Registry) Read(file *source.File, opts Options) diag.List {
	var list diag.List
	root := settings.Parse(file, &list)
	switch {
	case list.HasErrors():
	case root.IsMap():
		b := root.Block("the file")
		r.readModels(b, opts)
		r.readAgents(b.Get("agents"), opts)
		b.Done()
	case root.IsList():
		r.readAgents(root, opts)
	default:
		root.Errorf(settings.CodeWrong, "a file of agents is a list of agents, or a map with agents and llm")
	}
	list.Sort()
	return list
}

// ReadProject adds what a prism.yaml says under "agents" and "llm". Where agents
// is the name of a file, it returns that name, relative to the project, and the
// caller reads it.
func (r *Registry) ReadProject(file *source.File, opts Options) (path string, list diag.List) {
	root := settings.Parse(file, &list)
	if !root.IsMap() {
		return "", list
	}
	b := root.Block("the project")
	r.readModels(b, opts)
	agents := b.Get("agents")
	if text, ok := agents.Text(); ok {
		path = text
	} else {
		r.readAgents(agents, opts)
	}
	list.Sort()
	return path, list
}

func (r *Registry) readModels(b *settings.Block, opts Options) {
	inner := b.Inner("llm")
	if inner == nil {
		return
	}
	if opts.Models == nil {
		r.models = OpenMockModels(inner)
		if !inner.Has("mock") {
			inner.Errorf(settings.CodeMissing, "only a mock model can be configured here").
				WithHint(`llm: {mock: [{match: "...", result: ...}]}`)
		}
	} else {
		r.models = opts.Models(inner, opts.env("", ""))
	}
	inner.Done()
}

func (o Options) env(id, name string) Env {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return Env{ID: id, Name: name, Dir: o.Dir, Log: log}
}

// names returns the transports that there are, here or elsewhere.
func (o Options) names() []string {
	names := slices.Clone(known)
	for _, k := range o.Kinds {
		if !slices.Contains(names, k.Name) {
			names = append(names, k.Name)
		}
	}
	return names
}

func (r *Registry) readAgents(n settings.Node, opts Options) {
	if !n.Exists() {
		return
	}
	if !n.IsList() {
		n.Errorf(settings.CodeWrong, "agents is a list")
		return
	}
	names := opts.names()
	for _, e := range n.Items() {
		if !e.IsMap() {
			e.Errorf(settings.CodeWrong, "an agent is a map with keys such as id, name, capabilities")
			continue
		}
		b := e.Block("an agent")
		a := readAgent(b, opts, names)
		if a == nil {
			continue
		}
		if err := r.Add(a); err != nil {
			at := b.Key("id")
			if !b.Has("id") {
				at = b.Key("name")
			}
			at.Errorf(settings.CodeDuplicate, "%v", err)
		}
	}
}

// readAgent returns nil when the agent can't be made. names are the transports
// that there are.
func readAgent(b *settings.Block, opts Options, names []string) *Agent {
	a := &Agent{ID: b.Text("id"), Name: b.Text("name")}
	if a.Name == "" && a.ID == "" {
		b.Errorf(settings.CodeMissing, "an agent needs a name")
		return nil
	}
	if a.ID == "" {
		a.ID = a.Name
	}
	if a.Name == "" {
		a.Name = a.ID
	}
	a.Capabilities = b.Texts("capabilities")
	a.Expertise = b.Number("expertise", 0.7, 0, 1)
	a.Historical = b.Number("historicalConfidence", 0.75, 0, 1)
	a.Region = b.Text("region")
	a.connect(b, opts, names)
	b.Done()
	if a.Transport == nil {
		return nil
	}
	return a
}

// connect makes the agent's transport: the one that "transport" names, else the
// one that has a block, else a mock whose fields stand on the agent itself.
func (a *Agent) connect(b *settings.Block, opts Options, names []string) {
	a.Kind = b.Text("transport")
	var blocks []string
	for _, name := range names {
		if b.Has(name) {
			blocks = append(blocks, name)
		}
	}
	b.Ignore(names...)
	switch {
	case a.Kind == "" && len(blocks) > 0:
		a.Kind = blocks[0]
	case a.Kind == "":
		a.Kind = mockName
	}
	for _, name := range blocks {
		if name != a.Kind {
			b.Key(name).Errorf(settings.CodeUnknown, "an agent has one transport; this one is called by %s", a.Kind).
				WithHint("remove the block %s", name)
		}
	}
	kind, ok := find(opts.Kinds, a.Kind)
	a.guard = ReadGuard(b, kind.Real)
	if a.Kind == mockName {
		if inner := b.Inner(mockName); inner != nil {
			b = inner
			defer inner.Done()
		}
		a.Transport = openMock(b)
		a.trust = loadTrust(b, true)
		return
	}
	if !ok {
		at := b.Get("transport")
		if !at.Exists() {
			at = b.Key(a.Kind)
		}
		d := at.Errorf(CodeUnknownTransport, "there is no transport %q", a.Kind)
		if slices.Contains(known, a.Kind) {
			d.Message = fmt.Sprintf("agents can't be called by %s here", a.Kind)
			d.Hint = "the transports here are " + strings.Join(append(kindNames(opts.Kinds), mockName), ", ")
		} else if near := diag.Suggest(a.Kind, names); near != "" {
			d.WithHint("did you mean %s?", near)
		} else {
			d.WithHint("the transports are %s", strings.Join(names, ", "))
		}
		b.Ignore(mockKeys...)
		return
	}
	inner, ok := kind.block(b)
	if !ok {
		return
	}
	if tr := kind.Open(inner, opts.env(a.ID, a.Name)); tr != nil {
		a.Transport = tr
	}
	inner.Done()
	a.trust = loadTrust(b, false)
}

// block returns the settings of an agent of the kind; a text is short for what it
// stands for on a command line. ok is false where it stands for nothing.
func (k Kind) block(b *settings.Block) (inner *settings.Block, ok bool) {
	n := b.Get(k.Name)
	if !n.Exists() {
		return b.Empty(k.Name), true
	}
	if text, ok := n.Text(); ok && k.Inline != nil {
		fields, err := k.Inline(text)
		if err == nil {
			n, err = n.Expand(fields)
		}
		if err != nil {
			b.Get(k.Name).Errorf(settings.CodeWrong, "%s: %v", k.Name, err)
			return nil, false
		}
	}
	return n.Block(k.Name), true
}

func find(kinds []Kind, name string) (Kind, bool) {
	for _, k := range kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

func kindNames(kinds []Kind) []string {
	var out []string
	for _, k := range kinds {
		out = append(out, k.Name)
	}
	return out
}

// errInline is returned for kinds that a command line can't express.
var errInline = errors.New("describe it in a file of agents")
