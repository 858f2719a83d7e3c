package engine_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/value"
)

// What an input calls secret is in no event and no error, and in the result only
// where the program puts it.
func TestSecrets(t *testing.T) {
	src := `pattern p {
  input {
    key: string secret min_length(5)
    pin: number secret
    name: string
  }
  print("key " + input.key, input.pin)
  log("warn", "the \"" + input.key + "\"")
  emit("seen", { [input.key]: [input.key, input.pin, input.name] })
  if (input.name == "eve") { throw "no " + input.key }
  input.key
}`
	in := `{"key": "s3cr\"et", "pin": 48151, "name": "ada"}`
	var events []string
	listen := engine.WithEvents(func(e engine.Event) {
		data, err := json.Marshal(e.Data)
		if err != nil {
			t.Error(err)
		}
		events = append(events, string(e.Type)+" "+string(data))
	})
	res := run(t, src, in, listen)
	if diff := cmp.Diff(`success "s3cr\"et"`, inspect(res)); diff != "" {
		t.Error(diff)
	}
	all := strings.Join(events, "\n")
	for _, secret := range []string{`s3cr`, "48151"} {
		if strings.Contains(all, secret) {
			t.Errorf("the secret %s is in the events:\n%s", secret, all)
		}
	}
	for _, want := range []string{`{"text":"key [redacted] [redacted]"}`, `the \"[redacted]\"`, `"data":{"[redacted]":["[redacted]","[redacted]","ada"]}`} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is not in the events:\n%s", want, all)
		}
	}
	res = run(t, src, strings.Replace(in, "ada", "eve", 1))
	if res.Error == nil || res.Error.Message != "no [redacted]" {
		t.Errorf("the error is %v", res.Error)
	}
	res = run(t, src, `{"key": "abc", "pin": "xyzzy", "name": 1}`)
	if res.Error == nil || strings.Contains(res.Error.Message, "xyzzy") {
		t.Errorf("the error is %v", res.Error)
	}
}

// Fields that the input lacks come from the environment variables that the
// program names, and from no others.
func TestEnvironment(t *testing.T) {
	src := `pattern p {
  input {
    key: string env("API_KEY") secret
    limit: number env("LIMIT") default(3)
    HOME: string optional
  }
  [input.key.length, input.limit, input.HOME]
}`
	env := engine.WithEnvironment(func(name string) (string, bool) {
		v, ok := map[string]string{"API_KEY": "12345", "LIMIT": "7", "HOME": "x"}[name]
		return v, ok
	})
	for in, want := range map[string]string{
		"":                            "success [5,7,null]",
		`{"key": "k", "limit": 1}`:    "success [1,1,null]",
		`{"limit": null, "key": "k"}`: "success [1,null,null]",
	} {
		if diff := cmp.Diff(want, inspect(run(t, src, in, env))); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
	res := run(t, src, "")
	if res.Error == nil || res.Error.Message != "input.key: is required" {
		t.Errorf("without an environment: %v", res.Error)
	}
	res = run(t, src, "", engine.WithEnvironment(func(string) (string, bool) { return "many", true }))
	if res.Error == nil || !strings.Contains(res.Error.Message, "input.limit: expected number, got string") {
		t.Errorf("with a text for a number: %v", res.Error)
	}
	if got := value.Inspect(res.Value); got != "null" {
		t.Errorf("the value is %s", got)
	}
}
