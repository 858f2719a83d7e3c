package agent

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent/settings"
)

// ReadInline adds an agent from a text such as is given on a command line:
//
//	NAME[:CAPABILITY,...]=SPEC
//
// SPEC is a URL, or KIND:REST, such as exec:./prog, mock:positive@0.9 or
// builtin:sentiment-lexicon. An agent that is there already keeps its place and
// what the text does not say; a new one without capabilities can be asked for
// everything.
func (r *Registry) ReadInline(text string, opts Options) error {
	head, spec, ok := strings.Cut(text, "=")
	name, caps, hasCaps := strings.Cut(head, ":")
	if !ok || name == "" || spec == "" {
		return fmt.Errorf("an agent is name=spec, such as a=http://localhost:8080 or a=mock:yes@0.9, not %q", text)
	}
	kind, block, err := inline(spec, opts.Kinds)
	if err != nil {
		return fmt.Errorf("the agent %s: %w", name, err)
	}
	fields := map[string]any{"name": name, "transport": kind, kind: block}
	old := r.byKey[key{'i', name}]
	switch {
	case hasCaps:
		fields["capabilities"] = strings.Split(caps, ",")
	case old == nil:
		fields["capabilities"] = []string{AnyCapability}
	}
	out, err := yaml.Marshal(fields)
	if err != nil {
		return fmt.Errorf("the agent %s: %w", name, err)
	}
	var list diag.List
	b := settings.Parse(source.NewFile("--agent "+name, string(out)), &list).Block("an agent")
	a := readAgent(b, opts, opts.names())
	if list.HasErrors() || a == nil {
		return fmt.Errorf("the agent %s: %w", name, &FileError{list})
	}
	if old == nil {
		return r.Add(a)
	}
	if !hasCaps {
		a.Capabilities = old.Capabilities
	}
	a.Expertise, a.Historical, a.Region = old.Expertise, old.Historical, old.Region
	return r.replace(old, a)
}

// replace puts an agent in the place of another one of the same id, which it
// closes.
func (r *Registry) replace(old, a *Agent) error {
	agents := r.agents
	r.agents, r.byKey = nil, nil
	for _, o := range agents {
		if o == old {
			o = a
		}
		if err := r.Add(o); err != nil {
			return err
		}
	}
	return old.Transport.Close()
}

var (
	inlineKind = regexp.MustCompile(`^([a-z][a-z0-9]*):(.*)$`)
	mockSpec   = regexp.MustCompile(`^(.*)@([0-9.eE+-]+)$`)
)

// inline splits a specification into a kind and the block of its settings.
func inline(spec string, kinds []Kind) (name string, block map[string]any, err error) {
	m := inlineKind.FindStringSubmatch(spec)
	if m == nil {
		return "", nil, fmt.Errorf("%q is neither a URL nor kind:..., such as mock:yes@0.9", spec)
	}
	name, rest := m[1], m[2]
	switch name {
	case "https":
		name, rest = "http", spec
	case "http":
		if strings.HasPrefix(rest, "//") {
			rest = spec
		}
	case mockName:
		return name, inlineMock(rest), nil
	}
	kind, ok := find(kinds, name)
	switch {
	case !ok && slices.Contains(known, name):
		return "", nil, fmt.Errorf("agents can't be called by %s here", name)
	case !ok:
		names := append(slices.Clone(known), kindNames(kinds)...)
		if near := diag.Suggest(name, names); near != "" {
			return "", nil, fmt.Errorf("there is no transport %q; did you mean %s?", name, near)
		}
		return "", nil, fmt.Errorf("there is no transport %q; the transports are %s", name, strings.Join(names, ", "))
	case kind.Inline == nil:
		return "", nil, fmt.Errorf("%s: %w", name, errInline)
	}
	block, err = kind.Inline(rest)
	return name, block, err
}

// inlineMock reads RESULT[@CONFIDENCE]; the result is YAML, such as yes, 42 or
// {label: yes}.
func inlineMock(text string) map[string]any {
	block := map[string]any{}
	if m := mockSpec.FindStringSubmatch(text); m != nil {
		if c, err := strconv.ParseFloat(m[2], 64); err == nil {
			text, block["confidence"] = m[1], c
		}
	}
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil || len(n.Content) == 0 {
		block["result"] = text
	} else {
		block["result"] = n.Content[0]
	}
	return block
}
