package build

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
)

// Codes of the header and of input blocks.
const (
	codeHeaderJSON     diag.Code = "M0101"
	codeHeaderValue    diag.Code = "M0102"
	codeHeaderRepeated diag.Code = "M0103"
	codeConstraint     diag.Code = "M0110"
	codeConstraintArgs diag.Code = "M0111"
	codeNoPattern      diag.Code = "M0112"
)

// header reads the entries of a pattern header into Meta.
type header struct {
	file *source.File
	meta *bytecode.Meta
	list *diag.List
}

// metaOf collects what a file says about itself: its header, its pattern block,
// its name.
func metaOf(f *ast.File, opts Options) (bytecode.Meta, diag.List) {
	var list diag.List
	meta := bytecode.Meta{
		Name:     strings.TrimSuffix(path.Base(f.Source.Name), path.Ext(f.Source.Name)),
		Version:  "1.0.0",
		Strategy: bytecode.DefaultStrategy,
	}
	h := header{f.Source, &meta, &list}
	if f.Header != nil {
		h.read(f.Header)
	}
	for _, p := range f.Places {
		at := f.Source.Position(p.Span.Start)
		meta.Places = append(meta.Places, bytecode.Place{Path: p.Path, Line: at.Line, Column: at.Column})
	}
	slices.SortFunc(meta.Places, func(a, b bytecode.Place) int { return cmp.Compare(a.Path, b.Path) })
	if p := patternDecl(f, opts.Pattern); p != nil {
		meta.Name = p.Name.Name
		if p.Version != "" {
			meta.Version = p.Version
		}
		if p.Input != nil {
			meta.Input = inputSchema(f, p.Input, &list)
		}
	} else if opts.Pattern != "" {
		list.Add(codeNoPattern, diag.Error, f.Source, f.Span, "there is no pattern %s in this file", opts.Pattern)
	}
	if opts.Strategy != nil {
		meta.Strategy = *opts.Strategy
	}
	return meta, list
}

var versionText = regexp.MustCompile(`^v?\d+(\.\d+){0,2}([-+].*)?$`)

func (h *header) read(hd *ast.Header) {
	seen := map[string]ast.HeaderEntry{}
	for _, e := range hd.Entries {
		if first, ok := seen[e.Key]; ok && known[e.Key] {
			h.list.Add(codeHeaderRepeated, diag.Warning, h.file, e.Span, "@%s stands in the header twice; the first one counts", e.Key).
				WithRelated(first.Span, "the first @%s", e.Key)
			continue
		}
		seen[e.Key] = e
		h.entry(e)
	}
	if a := h.meta.Agents; a.Max > 0 && a.Max < a.Min {
		e := seen["maxAgents"]
		h.list.Add(codeHeaderValue, diag.Error, h.file, e.Span, "at most %d agents but at least %d", a.Max, a.Min)
	}
}

var known = map[string]bool{"name": true, "version": true, "description": true, "input": true, "output": true,
	"agents": true, "minAgents": true, "maxAgents": true, "timeout": true, "confidence": true}

func (h *header) entry(e ast.HeaderEntry) {
	text := strings.TrimSpace(e.Value)
	switch e.Key {
	case "name":
		if text != "" {
			h.meta.Name = text
		}
	case "version":
		if !versionText.MatchString(text) {
			h.list.Add(codeHeaderValue, diag.Warning, h.file, e.ValueSpan, "%q is no version", text).
				WithHint("write three numbers, such as 1.2.0")
		}
		h.meta.Version = strings.TrimPrefix(text, "v")
	case "description":
		h.meta.Description = text
	case "input":
		h.meta.Input = h.schema(e)
	case "output":
		h.meta.Output = h.schema(e)
	case "agents":
		h.agents(e)
	case "minAgents":
		h.count(e, &h.meta.Agents.Min)
	case "maxAgents":
		h.count(e, &h.meta.Agents.Max)
	case "timeout":
		if ms, ok := milliseconds(text); ok {
			h.meta.TimeoutMs = ms
		} else {
			h.list.Add(codeHeaderValue, diag.Error, h.file, e.ValueSpan, "%q is no time", text).
				WithHint("write milliseconds, such as 30000, or 30s or 2m")
		}
	case "confidence":
		h.strategy(e)
	default:
		h.meta.Entries = append(h.meta.Entries, [2]string{e.Key, text})
	}
}

func (h *header) count(e ast.HeaderEntry, to *int) {
	n, err := strconv.Atoi(strings.TrimSpace(e.Value))
	if err != nil || n < 0 {
		h.list.Add(codeHeaderValue, diag.Error, h.file, e.ValueSpan, "@%s needs a number of agents, not %q", e.Key, strings.TrimSpace(e.Value))
		return
	}
	h.meta.Agents.Declared = true
	*to = n
}

var units = []struct {
	suffix string
	ms     float64
}{{"ms", 1}, {"s", 1000}, {"m", 60_000}, {"h", 3_600_000}, {"", 1}}

// milliseconds reads 30000, 30s, 2m or 1h.
func milliseconds(text string) (int64, bool) {
	for _, u := range units {
		if digits, ok := strings.CutSuffix(text, u.suffix); ok {
			f, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
			if err == nil && f >= 0 && f*u.ms < 1e15 {
				return int64(f * u.ms), true
			}
			if u.suffix != "" && err != nil {
				continue
			}
			return 0, false
		}
	}
	return 0, false
}

// json decodes the value of an entry; a mistake is reported at its character.
func (h *header) json(e ast.HeaderEntry) (any, bool) {
	d := json.NewDecoder(strings.NewReader(e.Value))
	d.UseNumber()
	var doc any
	err := d.Decode(&doc)
	if err == nil {
		if rest := strings.TrimSpace(e.Value[d.InputOffset():]); rest != "" {
			at := int(d.InputOffset()) + strings.Index(e.Value[d.InputOffset():], rest)
			h.list.Add(codeHeaderJSON, diag.Error, h.file, h.at(e, at), "unexpected text after the JSON of @%s", e.Key)
			return nil, false
		}
		return doc, true
	}
	at, message := len(strings.TrimRight(e.Value, " \t\r\n")), "the JSON of @"+e.Key+" ends too early"
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && int(syntax.Offset) < len(e.Value) {
		at = max(int(syntax.Offset)-1, 0)
		message = "the JSON of @" + e.Key + " is malformed: " + strings.TrimPrefix(syntax.Error(), "json: ")
	}
	h.list.Add(codeHeaderJSON, diag.Error, h.file, h.at(e, at), "%s", message).
		WithHint("JSON has its keys and strings in double quotes and no comma before a closing bracket")
	return nil, false
}

// at is the place of byte i of an entry's value in the file.
func (h *header) at(e ast.HeaderEntry, i int) source.Span {
	if i >= 0 && i < len(e.Offsets) {
		return source.Span{Start: e.Offsets[i], End: e.Offsets[i] + 1}
	}
	return source.Span{Start: max(e.ValueSpan.End-1, e.ValueSpan.Start), End: e.ValueSpan.End}
}

// schema is @input or @output: a JSON Schema or a short map from fields to types.
func (h *header) schema(e ast.HeaderEntry) []byte {
	doc, ok := h.json(e)
	if !ok {
		return nil
	}
	obj, ok := doc.(map[string]any)
	if !ok {
		h.list.Add(codeHeaderValue, diag.Error, h.file, e.ValueSpan, "@%s needs an object", e.Key).
			WithHint(`such as {"text": "string"} or a JSON Schema`)
		return nil
	}
	text := schemaText(obj, func(name string) {
		d := h.list.Add(codeHeaderValue, diag.Warning, h.file, h.word(e, name), "there is no type %q, so that any value is accepted", name)
		if near := diag.Suggest(name, typeNames); near != "" {
			d.WithHint("did you mean %q?", near)
		} else {
			d.WithHint("the types are %s", strings.Join(typeNames, ", "))
		}
	})
	if err := validSchema(text); err != nil {
		h.list.Add(codeHeaderValue, diag.Error, h.file, e.ValueSpan, "@%s is not a valid JSON Schema: %v", e.Key, err)
		return nil
	}
	return text
}

// word is the place of a string in the JSON of an entry.
func (h *header) word(e ast.HeaderEntry, s string) source.Span {
	i := strings.Index(e.Value, strconv.Quote(s))
	if i < 0 || i+1+len(s) > len(e.Offsets) {
		return e.ValueSpan
	}
	return source.Span{Start: e.Offsets[i+1], End: e.Offsets[i+len(s)] + 1}
}

// agents is @agents: an object, or a list of capabilities, or text with commas.
func (h *header) agents(e ast.HeaderEntry) {
	spec := &h.meta.Agents
	spec.Declared = true
	text := strings.TrimSpace(e.Value)
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		for _, part := range strings.Split(text, ",") {
			if part = strings.Trim(strings.TrimSpace(part), `"'`); part != "" {
				spec.Capabilities = append(spec.Capabilities, part)
			}
		}
		return
	}
	doc, ok := h.json(e)
	if !ok {
		return
	}
	wrong := func(what string) {
		h.list.Add(codeHeaderValue, diag.Error, h.file, e.ValueSpan, "@agents: %s", what).
			WithHint(`such as {"capabilities": ["sentiment"], "minConfidence": 0.6}`)
	}
	names := func(v any) {
		list, ok := v.([]any)
		if s, single := v.(string); single {
			list, ok = []any{s}, true
		}
		if !ok {
			wrong("capabilities is a list of names")
			return
		}
		for _, c := range list {
			s, ok := c.(string)
			if !ok {
				wrong("capabilities is a list of names")
				return
			}
			spec.Capabilities = append(spec.Capabilities, s)
		}
	}
	obj, ok := doc.(map[string]any)
	if !ok {
		names(doc)
		return
	}
	number := func(v any) (float64, bool) {
		n, ok := v.(json.Number)
		if !ok {
			return 0, false
		}
		f, err := n.Float64()
		return f, err == nil && f >= 0
	}
	for _, key := range sortedKeys(obj) {
		v := obj[key]
		f, isNumber := number(v)
		switch key {
		case "capabilities", "capability":
			names(v)
		case "minConfidence", "min_confidence":
			if !isNumber || f > 1 {
				wrong("minConfidence is a number from 0 to 1")
			}
			spec.MinConfidence = f
		case "min", "minAgents", "min_agents":
			if !isNumber {
				wrong(key + " is a number of agents")
			}
			spec.Min = int(f)
		case "max", "maxAgents", "max_agents":
			if !isNumber {
				wrong(key + " is a number of agents")
			}
			spec.Max = int(f)
		default:
			d := h.list.Add(codeHeaderValue, diag.Warning, h.file, e.ValueSpan, "@agents has no setting %q", key)
			if near := diag.Suggest(key, agentSettings); near != "" {
				d.WithHint("did you mean %q?", near)
			} else {
				d.WithHint("the settings are %s", strings.Join(agentSettings, ", "))
			}
		}
	}
}

var agentSettings = []string{"capabilities", "minConfidence", "min", "max"}

var rules = map[string]bytecode.Combine{"min": bytecode.Min, "max": bytecode.Max, "product": bytecode.Product, "average": bytecode.Average}

// strategy is @confidence: the rules that differ from the language's own.
func (h *header) strategy(e ast.HeaderEntry) {
	doc, ok := h.json(e)
	if !ok {
		return
	}
	s := &h.meta.Strategy
	wrong := func(format string, args ...any) *diag.Diagnostic {
		return h.list.Add(codeHeaderValue, diag.Error, h.file, e.ValueSpan, "@confidence: "+format, args...)
	}
	if name, ok := doc.(string); ok {
		rule, ok := rules[name]
		if !ok {
			wrong("%q is no rule", name).WithHint("the rules are min, max, product and average")
			return
		}
		s.Combine, s.Logic, s.Choose = rule, rule, rule
		return
	}
	obj, ok := doc.(map[string]any)
	if !ok {
		wrong("needs an object of rules and thresholds")
		return
	}
	combine := map[string]*bytecode.Combine{"combine": &s.Combine, "logic": &s.Logic, "either": &s.Either, "choose": &s.Choose}
	numbers := map[string]*float64{"coalesce": &s.Coalesce, "gate": &s.Gate, "reduction": &s.Reduction, "high": &s.High, "medium": &s.Medium}
	for _, key := range sortedKeys(obj) {
		if to := combine[key]; to != nil {
			name, _ := obj[key].(string)
			rule, ok := rules[name]
			if !ok {
				wrong("%s has no rule %v", key, obj[key]).WithHint("the rules are min, max, product and average")
				continue
			}
			*to = rule
			continue
		}
		if to := numbers[key]; to != nil {
			n, _ := obj[key].(json.Number)
			f, err := n.Float64()
			if err != nil || f < 0 || f > 1 {
				wrong("%s is a number from 0 to 1", key)
				continue
			}
			*to = f
			continue
		}
		all := append(sortedKeys(combine), sortedKeys(numbers)...)
		d := wrong("there is no setting %q", key)
		if near := diag.Suggest(key, all); near != "" {
			d.WithHint("did you mean %q?", near)
		} else {
			d.WithHint("the settings are %s", strings.Join(all, ", "))
		}
	}
	if s.High < s.Medium {
		wrong("high (%v) is below medium (%v)", s.High, s.Medium)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// encode writes JSON with sorted keys and without escapes for HTML.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("build: " + err.Error()) // only what was decoded, or made here, is encoded
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
