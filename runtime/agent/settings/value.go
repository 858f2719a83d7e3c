package settings

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/parallaxai/parallax/runtime/value"
)

// Bounds of a value: what aliases can blow it up to, and its depth.
const (
	maxNodes = 100_000
	maxDepth = 200
)

// Value returns the node as a frozen value by the YAML 1.2 core schema, in which
// dates, yes and no are text; keys keep their order. It fails for values that
// are too large or contain themselves.
func (n Node) Value() (value.Value, error) {
	if n.n == nil {
		return value.NullValue, nil
	}
	budget := maxNodes
	v, err := convert(n.n, &budget, 0)
	if err != nil {
		return value.NullValue, err
	}
	return value.Freeze(v), nil
}

func convert(n *yaml.Node, budget *int, depth int) (value.Value, error) {
	if *budget--; *budget < 0 || depth > maxDepth {
		return value.NullValue, errors.New("the value is too large or refers to itself")
	}
	switch n.Kind {
	case yaml.AliasNode:
		return convert(n.Alias, budget, depth+1)
	case yaml.SequenceNode:
		out := make([]value.Value, 0, len(n.Content))
		for _, c := range n.Content {
			v, err := convert(c, budget, depth+1)
			if err != nil {
				return v, err
			}
			out = append(out, v)
		}
		return value.NewArray(out), nil
	case yaml.MappingNode:
		var keys []string
		var vals []value.Value
		for i := 0; i+1 < len(n.Content); i += 2 {
			v, err := convert(n.Content[i+1], budget, depth+1)
			if err != nil {
				return v, err
			}
			keys, vals = append(keys, n.Content[i].Value), append(vals, v)
		}
		return value.ObjectOf(keys, vals).Value(), nil
	case yaml.ScalarNode:
		return scalar(n), nil
	}
	return value.NullValue, nil
}

func scalar(n *yaml.Node) value.Value {
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 || n.Tag == "!!str" && n.Style&yaml.TaggedStyle != 0 {
		return value.Str(n.Value)
	}
	switch n.Value {
	case "", "~", "null", "Null", "NULL":
		return value.NullValue
	case "true", "True", "TRUE":
		return value.Bool(true)
	case "false", "False", "FALSE":
		return value.Bool(false)
	case ".nan", ".NaN", ".NAN":
		return value.Num(math.NaN())
	case ".inf", ".Inf", "+.inf":
		return value.Num(math.Inf(1))
	case "-.inf", "-.Inf":
		return value.Num(math.Inf(-1))
	}
	if c := n.Value[0]; c >= 'A' {
		return value.Str(n.Value)
	}
	if numberText.MatchString(n.Value) {
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil {
			return value.Num(f)
		}
	}
	if strings.HasPrefix(n.Value, "0x") || strings.HasPrefix(n.Value, "0o") {
		if i, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			return value.Num(float64(i))
		}
	}
	return value.Str(n.Value)
}

var numberText = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
