package httpagent

import (
	"testing"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
)

// Whatever a service answers, a mapping gives a reply or an error.
func FuzzMapping(f *testing.F) {
	for _, seed := range []string{`{"a": [{"b": "{\"x\": 1}"}], "c": 7, "u": {"in": -1, "out": 1e300}}`, `{"e": {"message": "no"}}`, `[]`, `"x"`, `{"a": 5}`} {
		f.Add([]byte(seed))
	}
	path := func(text string) settings.Path {
		p, err := settings.ParsePath(text)
		if err != nil {
			f.Fatal(err)
		}
		return p
	}
	mappings := []*mapping{{},
		{result: path("a[0].b"), confidence: path("c"), reasoning: path("a"), failure: path("e"), parse: true},
		{result: path("/a"), confidence: path("c"), tokensIn: path("u.in"), tokensOut: path("u.out"), cost: path("u")},
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, m := range mappings {
			r, err := m.reply(text)
			if err != nil {
				if e, ok := err.(*agent.Error); !ok || e == nil {
					t.Errorf("the error is %T", err)
				}
				continue
			}
			if r.Usage.TokensIn < 0 || r.Usage.TokensOut < 0 || !(r.Usage.Cost >= 0) {
				t.Errorf("usage %+v", r.Usage)
			}
		}
		_ = eventError(string(text)).Error() // it must not panic
	})
}
