package library

import (
	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

func (b *builder) json() {
	b.namespace("JSON", nil, map[string]value.Value{
		"parse": fn("JSON.parse", 1, 1, func(c *vm.Call) (value.Value, error) {
			s, err := text(c, "JSON.parse", c.Args[0])
			if err != nil {
				return value.NullValue, err
			}
			v, e := c.Realm().FromJSON(s.Go())
			if e != nil {
				return value.NullValue, c.Errorf(codeSyntax, "JSON.parse: %v", e)
			}
			return like(c, v, c.Args[0]), nil
		}),
		// stringify(value, indent): the second argument is a number of spaces or
		// the text to indent with. JavaScript's three-argument form works too.
		"stringify": fn("JSON.stringify", 1, 3, func(c *vm.Call) (value.Value, error) {
			indent := ""
			arg := c.Arg(1)
			if len(c.Args) == 3 {
				arg = c.Args[2]
			}
			switch p := arg.Plain(); p.Kind() {
			case value.Null:
			case value.Number:
				for range int(min(max(p.Float(), 0), 10)) {
					indent += " "
				}
			case value.StringKind:
				indent = p.AsString().Go()
			default:
				return value.NullValue, wrongKind(c, "JSON.stringify", "the indent as a number or string", arg)
			}
			j, err := value.ToJSON(c.Args[0].Plain(), indent)
			if err != nil {
				return value.NullValue, c.Errorf(codeArgument, "JSON.stringify: %v", err)
			}
			return like(c, value.Str(string(j.Text)), c.Args[0]), nil
		}),
	})
}
