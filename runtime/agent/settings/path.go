package settings

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
)

// Path names a part of a JSON value: keys and indices, outermost first. A nil
// Path is the whole value.
type Path []step

type step struct {
	key   string
	index int // of an array, from the end when negative; used when key is ""
	isKey bool
}

// ParsePath reads the singular queries of JSONPath (RFC 9535): $.a.b[0]['c d'],
// where "$." may be left out, and JSON pointers: /a/b/0.
func ParsePath(text string) (Path, error) {
	if strings.HasPrefix(text, "/") {
		var p Path
		for _, part := range strings.Split(text[1:], "/") {
			part = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 {
				p = append(p, step{key: part, isKey: true})
			} else {
				p = append(p, step{key: part, index: i})
			}
		}
		return p, nil
	}
	rest := strings.TrimPrefix(text, "$")
	p := Path{}
	for first := true; rest != ""; first = false {
		switch {
		case rest[0] == '[':
			s, n, err := bracket(rest)
			if err != nil {
				return nil, fmt.Errorf("the path %q: %w", text, err)
			}
			p, rest = append(p, s), rest[n:]
		case rest[0] == '.' || first:
			rest = strings.TrimPrefix(rest, ".")
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			name := strings.TrimSpace(rest[:end])
			if name == "" || name == "*" {
				return nil, fmt.Errorf("the path %q has no name behind a dot", text)
			}
			p, rest = append(p, step{key: name, isKey: true}), rest[end:]
		default:
			return nil, fmt.Errorf("the path %q goes on with %q where a dot or bracket is needed", text, rest)
		}
	}
	return p, nil
}

// bracket reads [0] or ['key'] and returns its length.
func bracket(s string) (step, int, error) {
	if len(s) > 1 && (s[1] == '\'' || s[1] == '"') {
		end := strings.IndexByte(s[2:], s[1])
		if end < 0 || !strings.HasPrefix(s[2+end+1:], "]") {
			return step{}, 0, fmt.Errorf("%s does not end with a quote and a bracket", s)
		}
		return step{key: s[2 : 2+end], isKey: true}, 2 + end + 2, nil
	}
	end := strings.IndexByte(s, ']')
	if end < 0 {
		return step{}, 0, fmt.Errorf("%s does not end with a bracket", s)
	}
	i, err := strconv.Atoi(strings.TrimSpace(s[1:end]))
	if err != nil {
		return step{}, 0, fmt.Errorf("[%s] is no index; names stand in quotes there", s[1:end])
	}
	return step{index: i}, end + 1, nil
}

// Find returns the part of v that the path names; ok is false when there is none.
func (p Path) Find(v value.Value) (part value.Value, ok bool) {
	v = v.Plain()
	for _, s := range p {
		switch {
		case v.Kind() == value.ObjectKind && s.key != "" || v.Kind() == value.ObjectKind && s.isKey:
			if v, ok = v.AsObject().Get(s.key); !ok {
				return value.NullValue, false
			}
		case v.Kind() == value.ArrayKind && !s.isKey:
			a, i := v.AsArray(), s.index
			if i < 0 {
				i += a.Len()
			}
			if i < 0 || i >= a.Len() {
				return value.NullValue, false
			}
			v = a.At(i)
		default:
			return value.NullValue, false
		}
		v = v.Plain()
	}
	return v, true
}

// Path returns the path of a key, nil when it is not there or wrong.
func (b *Block) Path(key string) Path {
	text := b.Text(key)
	if text == "" {
		return nil
	}
	p, err := ParsePath(text)
	if err != nil {
		b.Get(key).Errorf(CodeWrong, "%v", err).WithHint("a path is like choices[0].message.content")
		return nil
	}
	return p
}
