package agent_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

func TestReadInline(t *testing.T) {
	tests := []struct{ text, want string }{
		{"bob=mock:yes@0.9", `bob [read] expertise 0.4: "yes" 0.9 true null null`},
		{"bob:write,draw=mock:{a: 1}@0.25", `bob [write draw] expertise 0.4: { a: 1 } 0.25 true null null`},
		{"eve=mock:42", `eve [*] expertise 0.7: 42 0.5 false null null`},
		{"eve=mock:ada@example.org", `eve [*] expertise 0.7: "ada@example.org" 0.5 false null null`},
		{"eve=mock:a: b: c", `eve [*] expertise 0.7: "a: b: c" 0.5 false null null`},
		{"eve=mock:", `eve [*] expertise 0.7: "" 0.5 false null null`},
		{"eve=builtin:language", `eve [*] expertise 0.7: "en" `},
		{"eve=exec:", "error: the agent eve: exec: needs a command"},
		{"eve=builtin:nothing", `error: the agent eve: `},
		{"eve=http:nowhere", `error: the agent eve: "nowhere" is no URL`},
		{"eve=prism:x", "error: the agent eve: agents can't be called by prism here"},
		{"eve=pigeon:x", `error: the agent eve: there is no transport "pigeon"; the transports are `},
		{"eve", "error: an agent is name=spec"},
		{"=mock:x", "error: an agent is name=spec"},
		{"eve=", "error: an agent is name=spec"},
		{"eve=yes", `error: the agent eve: "yes" is neither a URL nor kind:...`},
	}
	for _, tt := range tests {
		r := load(t, "- {name: ada, result: 1}\n- {name: bob, capabilities: [read], expertise: 0.4, result: 1}\n- {name: cyd, result: 1}")
		got := ""
		if err := r.ReadInline(tt.text, transport.Options()); err != nil {
			got = "error: " + err.Error()
		} else {
			name, _, _ := strings.Cut(strings.SplitN(tt.text, "=", 2)[0], ":")
			for i, a := range r.Agents() {
				if a.Name == name {
					got = name + " [" + strings.Join(a.Capabilities, " ") + "] expertise " + value.NumberText(a.Expertise) + ": " + answers(t, r, name, 1)[0]
					if want := map[string]int{"bob": 1, "eve": 3}[name]; i != want {
						t.Errorf("%s: at place %d", tt.text, i)
					}
				}
			}
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: got %s, want %s", tt.text, got, tt.want)
		}
	}
	// A program that has few kinds says so.
	if err := load(t, "[]").ReadInline("a=http://x", agent.Options{}); err == nil || !strings.Contains(err.Error(), "agents can't be called by http here") {
		t.Error(err)
	}
}

func TestReadProject(t *testing.T) {
	tests := []struct{ text, path, want string }{
		{"name: x\nagents: other.yaml\nwhatever: [1]", "other.yaml", ""},
		{"agents: [{name: a, result: 1}]\nllm: {mock: [{result: x}]}", "", "a"},
		{"name: x", "", ""},
		{"agents: [{nme: a}]", "", "p:1:10: error Y0904: an agent needs a name"},
		{"- x", "", ""},
		{"a: [", "", "p:1:1: error Y0901: this is no YAML: did not find expected node content"},
	}
	for _, tt := range tests {
		r := &agent.Registry{}
		path, list := r.ReadProject(source.NewFile("p", tt.text), agent.Options{})
		got := ""
		if list.HasErrors() {
			got = list[0].Error()
		} else if agents := r.Agents(); len(agents) > 0 {
			got = agents[0].Name
		}
		if diff := cmp.Diff([]string{tt.path, tt.want}, []string{path, got}); diff != "" {
			t.Errorf("%s: %s", tt.text, diff)
		}
	}
}

// A call that its caller gives up while a breaker tries an agent again says
// nothing about the agent, which can still be tried.
func TestBreakerGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	f := &fake{call: func(ctx context.Context, _ agent.Task) (agent.Reply, error) {
		switch n++; n {
		case 1:
			return agent.Reply{}, agent.Retryf("busy")
		case 2:
			cancel()
			<-ctx.Done()
			return agent.Reply{}, ctx.Err()
		}
		return agent.Reply{Result: value.Str("well")}, nil
	}}
	r, err := agent.Load("agents.yaml", []byte("- {name: a, transport: fake, breaker: {failures: 1, pause: 0, trials: 1}}"), f.kind(false))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range []context.Context{context.Background(), ctx, context.Background()} {
		out := r.Handlers()[effect.Agent].Handle(c, &effect.Effect{Kind: effect.Agent, Request: parse(t, `{"agent": "a"}`)})
		e, _ := out.Value.AsObject().Get("error")
		got = append(got, value.Inspect(e))
	}
	if diff := cmp.Diff([]string{`"busy"`, `"context canceled"`, "null"}, got); diff != "" {
		t.Error(diff)
	}
}

// What a transport tells before its reply is heard by listeners of the execution.
func TestPartial(t *testing.T) {
	f := &fake{call: func(_ context.Context, task agent.Task) (agent.Reply, error) {
		for _, s := range []string{`{"delta": "he"}`, `{"percent": 150, "text": "half"}`, `{"text": "llo"}`} {
			p, ok := agent.PartialOf(s)
			if !ok {
				t.Errorf("%s is no part", s)
			}
			task.Partial(p)
		}
		return agent.Reply{Result: value.Str("hello"), Usage: agent.Usage{TokensIn: 1}.Add(agent.Usage{TokensOut: 2})}, nil
	}}
	for _, s := range []string{"", "5", "{}", `{"percent": "x"}`} {
		if _, ok := agent.PartialOf(s); ok {
			t.Errorf("%q is a part", s)
		}
	}
	r, err := agent.Load("agents.yaml", []byte("- {name: a, transport: fake}"), f.kind(false))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	res := run(t, r, `call("a", "work")`, engine.WithVirtualTime(time.Unix(0, 0)), engine.WithEvents(func(e engine.Event) {
		if e.Type == engine.PartialAnswer {
			j, _ := e.Data["chunk"].(interface{ MarshalJSON() ([]byte, error) }).MarshalJSON()
			got = append(got, e.Data["agent"].(string)+" "+string(j))
		}
	}))
	want := []string{`a {"type":"text","text":"he"}`, `a {"type":"progress","percent":100,"note":"half"}`, `a {"type":"text","text":"llo"}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff, res.Error)
	}
	if res.Usage != (engine.Usage{Calls: 1, TokensIn: 1, TokensOut: 2}) {
		t.Errorf("%+v", res.Usage)
	}
}

func TestDecodeReply(t *testing.T) {
	tests := []struct{ text, want string }{
		{`{"result": 1, "confidence": 0.5, "reasoning": "so", "uncertainties": ["a", {"name": "b"}, 3], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "cost": -1}}`,
			"1 0.5 so [a b] 3+4 0"},
		{`{"value": null, "reasoning": 5, "usage": [1], "confidence": "x"}`, `null "x"  [] 0+0 0`},
		{`{"error": null, "result": 1}`, "1 null  [] 0+0 0"},
		{`{"error": "", "result": 1}`, "1 null  [] 0+0 0"},
		{`{"error": "no"}`, "no false 0s"},
		{`{"error": {"detail": "no", "retryable": true, "retryAfterMs": 1500}}`, "no true 1.5s"},
		{`{"error": {"x": 1}}`, "{ x: 1 } false 0s"},
		{`{"error": 5}`, "5 false 0s"},
		{`{}`, "the reply has neither result nor value false 0s"},
		{`null`, "the reply is null, not an object with a result false 0s"},
		{`5`, "the reply is a number, not an object with a result false 0s"},
	}
	for _, tt := range tests {
		r, err := agent.DecodeReply([]byte(tt.text))
		got := ""
		if e, ok := err.(*agent.Error); ok {
			got = e.Message + " " + value.Text(value.Bool(agent.Retryable(err))) + " " + e.RetryAfter.String()
		} else {
			got = value.Inspect(r.Result) + " " + value.Inspect(r.Confidence) + " " + r.Reasoning + " [" + strings.Join(r.Uncertainties, " ") + "] " +
				value.Text(value.Int(r.Usage.TokensIn)) + "+" + value.Text(value.Int(r.Usage.TokensOut)) + " " + value.NumberText(r.Usage.Cost)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.text, diff)
		}
	}
}

func TestScripted(t *testing.T) {
	for text, want := range map[string]bool{
		"- {name: a, result: 1}": true,
		"[]":                     false,
		"- {name: a, result: 1}\n- {name: b, builtin: language}":     false,
		"agents: [{name: a, result: 1}]\nllm: {mock: [{result: 1}]}": true,
		"agents: [{name: a, result: 1}]\nllm: {openai: {}}":          false,
	} {
		r := &agent.Registry{}
		if list := r.Read(source.NewFile("f", text), transport.Options()); list.HasErrors() {
			t.Fatal(list[0])
		}
		if got := r.Scripted(); got != want {
			t.Errorf("%s: %v", text, got)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, ok := load(t, team).Handlers()[effect.Agent].(engine.Prompt); !ok {
		t.Error("mocks need a goroutine each")
	}
}
