package httpagent_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/httpagent"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

func TestMain(m *testing.M) {
	if os.Getenv("HTTPAGENT_SERVER") != "" {
		serve()
		return
	}
	goleak.VerifyTestMain(m)
}

// load makes the agent a with some settings of its block http.
func load(t *testing.T, block string) *agent.Registry {
	t.Helper()
	return loadIn(t, "", "- {name: a, retry: 0, breaker: false, http: {"+block+"}}")
}

func loadIn(t *testing.T, dir, text string) *agent.Registry {
	t.Helper()
	r := &agent.Registry{}
	list := r.Read(source.NewFile("agents.yaml", text), agent.Options{Kinds: []agent.Kind{httpagent.Kind()}, Dir: dir})
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// ask gives the agent a a task and sums up the answer: its error, or result,
// confidence and whether it was stated.
func ask(t *testing.T, ctx context.Context, r *agent.Registry) string {
	t.Helper()
	return summary(t, answer(t, ctx, r))
}

func answer(t *testing.T, ctx context.Context, r *agent.Registry) value.Value {
	t.Helper()
	req, err := value.FromJSON([]byte(`{"agent": "a", "task": "analyze", "data": {"text": "hi", "n": 7}, "context": {"lang": "en"}}`))
	if err != nil {
		t.Fatal(err)
	}
	out := r.Handlers()[effect.Agent].Handle(ctx, &effect.Effect{Kind: effect.Agent, Path: "0/3.1", Request: value.Freeze(req)})
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	return out.Value
}

func summary(t *testing.T, v value.Value) string {
	t.Helper()
	get := func(key string) value.Value { x, _ := v.AsObject().Get(key); return x }
	if e := get("error"); !e.IsNull() {
		return "error: " + value.Text(e)
	}
	return value.Inspect(get("result")) + " " + value.Inspect(get("confidence")) + " " + value.Inspect(get("confidenceStated"))
}

func server(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestReplies(t *testing.T) {
	tests := []struct {
		name  string
		reply http.HandlerFunc
		want  string
	}{
		{"result", text(200, `{"result": {"b": 1, "a": 2}, "confidence": 0.9}`), `{ b: 1, a: 2 } 0.9 true`},
		{"value", text(200, `{"value": "x"}`), `"x" 0.5 false`},
		{"null", text(200, `{"result": null, "confidence": 1}`), `null 1 true`},
		{"created", text(201, `{"result": 1}`), `1 0.5 false`},
		{"lies: seven", text(200, `{"result": 1, "confidence": 7}`), `1 1 true`},
		{"lies: high", text(200, `{"result": 1, "confidence": "high"}`), `1 0.5 false`},
		{"lies: NaN", text(200, `{"result": 1, "confidence": NaN}`), `error: the reply is no JSON`},
		{"lies: null", text(200, `{"result": 1, "confidence": null}`), `1 0.5 false`},
		{"error in the reply", text(200, `{"error": "no idea"}`), `error: no idea`},
		{"error as object", text(200, `{"error": {"message": "no idea", "code": "E1"}}`), `error: no idea`},
		{"empty", text(200, ``), `error: the reply is no JSON`},
		{"garbage", text(200, "\x00\xff\xfe"), `error: the reply is no JSON`},
		{"HTML", text(200, "<html>"), `error: the reply is no JSON`},
		{"no object", text(200, `[1]`), `error: the reply is an array, not an object with a result`},
		{"no result", text(200, `{"answer": 1}`), `error: the reply has neither result nor value`},
		{"deep", text(200, strings.Repeat("[", 900)), `error: the reply is no JSON`},
		{"large", text(200, `{"result": "`+strings.Repeat("x", 2000)+`"}`), `error: the reply is larger than 1000 bytes`},
		{"status with text", text(500, "it broke\n  twice"), `error: HTTP 500 Internal Server Error: it broke twice`},
		{"status with JSON", text(422, `{"error": {"message": "bad task"}}`), `error: HTTP 422 Unprocessable Entity: bad task`},
		{"status with HTML", text(404, "<html>..."), `error: HTTP 404 Not Found`},
		{"strange status", text(599, ""), `error: HTTP 599`},
		{"broken off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"result":`)
		}, `error: the reply broke off`},
		{"hung up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, `error: no answer`},
		{"gzip", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			fmt.Fprint(z, `{"result": "small"}`)
			z.Close()
		}, `"small" 0.5 false`},
		{"gzip bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			z.Write(make([]byte, 1<<20))
			z.Close()
		}, `error: the reply is larger than 1000 bytes`},
		{"no gzip", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, `{"result": 1}`)
		}, `error: the reply broke off`},
		{"stream", stream("event: partial\ndata: {\"delta\": \"he\"}\n\nevent: result\ndata: {\"result\": \"hello\", \"confidence\": 0.8}\n\n"), `"hello" 0.8 true`},
		{"stream with an error", stream("event: error\ndata: {\"message\": \"gave up\"}\n\n"), `error: gave up`},
		{"stream with an error in text", stream("event: error\ndata: gave up\n\n"), `error: gave up`},
		{"stream without a result", stream("event: partial\ndata: {\"delta\": \"he\"}\n\n"), `error: the stream ended without a result`},
		{"stream of garbage", stream("data: x\n\nevent: partial\ndata: {{{\n\nevent: progress\ndata: 5\n\nevent: result\ndata: {\n\n"), `error: the reply is no JSON`},
		{"endless stream", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for r.Context().Err() == nil {
				if _, err := fmt.Fprint(w, "event: partial\ndata: {\"delta\": \"more\"}\n\n"); err != nil {
					return
				}
			}
		}, `error: the stream is too long: more than 1000 bytes`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := server(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // only so that the connection can be used again
				tt.reply(w, r)
			})
			got := ask(t, context.Background(), load(t, "url: '"+url+"', maxBytes: 1000"))
			if !strings.HasPrefix(got, tt.want) || !strings.HasPrefix(tt.want, "error: ") && got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// text answers with a status and a body.
func text(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func stream(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		fmt.Fprint(w, body)
	}
}

func TestRequest(t *testing.T) {
	t.Setenv("HTTPAGENT_TOKEN", "s3cret")
	var got struct {
		method, path, body string
		header             http.Header
	}
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // compared below
		got.method, got.path, got.body, got.header = r.Method, r.URL.String(), string(body), r.Header
		fmt.Fprint(w, `{"result": 1}`)
	})
	tests := []struct {
		name, block, path, body string
		header                  map[string]string
	}{
		{"contract", "endpoint: '" + url + "/v1/'", "/v1/analyze",
			`{"taskId":"/0/3.1","executionId":"","task":"analyze","input":{"text":"hi","n":7},"data":{"text":"hi","n":7},"context":{"lang":"en"},"agent":"a","pattern":"","step":"0/3.1","attempt":1,"timeoutMs":30000}`,
			map[string]string{"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": "/0/3.1/a/1"}},
		{"stream", "url: '" + url + "/x', stream: true", "/x", "", map[string]string{"Accept": "text/event-stream, application/json;q=0.5"}},
		{"bearer", "url: '" + url + "', auth: {bearer: 'env:HTTPAGENT_TOKEN'}", "/", "", map[string]string{"Authorization": "Bearer s3cret"}},
		{"basic", "url: '" + url + "', auth: {basic: {user: u, password: 'env:HTTPAGENT_TOKEN'}}", "/", "", map[string]string{"Authorization": "Basic dTpzM2NyZXQ="}},
		{"key", "url: '" + url + "', auth: {apiKey: k, header: X-Key}, headers: {X-Team: 'env:HTTPAGENT_TOKEN'}", "/", "",
			map[string]string{"X-Key": "k", "X-Team": "s3cret"}},
		{"foreign body", "url: '" + url + "', query: {lang: '${context.lang}', v: 2}, body: {prompt: 'Say ${input.text} ${input.n} $${x} times', n: '${input.n}', all: ['${input}', '${nothing}'], t: true}",
			"/?lang=en&v=2", `{"prompt":"Say hi 7 ${x} times","n":7,"all":[{"text":"hi","n":7},null],"t":true}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff("1 0.5 false", ask(t, context.Background(), load(t, tt.block))); diff != "" {
				t.Fatal(diff)
			}
			if diff := cmp.Diff("POST "+tt.path, got.method+" "+got.path); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.body, got.body); diff != "" && tt.body != "" {
				t.Error(diff)
			}
			for k, want := range tt.header {
				if diff := cmp.Diff(want, got.header.Get(k)); diff != "" {
					t.Errorf("%s: %s", k, diff)
				}
			}
		})
	}
	if got := ask(t, context.Background(), load(t, "url: '"+url+"', auth: {bearer: 'env:HTTPAGENT_NOBODY_SET_THIS'}")); got != "error: auth: the environment variable HTTPAGENT_NOBODY_SET_THIS is not set" {
		t.Error(got)
	}
}

func TestMapping(t *testing.T) {
	url := server(t, text(200, `{"choices": [{"message": {"content": "{\"label\": \"pos\", \"p\": 0.7}"}}], "usage": {"in": 5, "out": 6}, "why": "so", "fault": null}`))
	r := load(t, "url: '"+url+"', response: {result: 'choices[0].message.content', parse: true, tokensIn: usage.in, tokensOut: $.usage.out, reasoning: why, error: fault}")
	v := answer(t, context.Background(), r)
	if diff := cmp.Diff(`{ label: "pos", p: 0.7 } 0.5 false`, summary(t, v)); diff != "" {
		t.Error(diff)
	}
	usage, _ := v.AsObject().Get("usage")
	reasoning, _ := v.AsObject().Get("reasoning")
	if diff := cmp.Diff(`{ tokens: 11, tokensIn: 5, tokensOut: 6, cost: 0 } "so"`, value.Inspect(usage)+" "+value.Inspect(reasoning)); diff != "" {
		t.Error(diff)
	}
	for block, want := range map[string]string{
		"result: nowhere":                     "error: the reply has nothing where the result is looked for",
		"result: why, parse: true":            "error: the result is no JSON",
		"result: why, error: 'choices[0]'":    `error: { message: { content`,
		"result: why, confidence: 'usage.in'": `"so" 1 true`,
	} {
		if got := ask(t, context.Background(), load(t, "url: '"+url+"', response: {"+block+"}")); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s, want %s", block, got, want)
		}
	}
}

// Only 429, 503 and 504 are tried again, and not before the agent wants.
func TestRetries(t *testing.T) {
	for status, calls := range map[int]int32{200: 1, 400: 1, 401: 1, 404: 1, 429: 3, 500: 1, 501: 1, 503: 3, 504: 3} {
		var n atomic.Int32
		url := server(t, func(w http.ResponseWriter, _ *http.Request) {
			n.Add(1)
			w.Header().Set("Retry-After", "0.001")
			w.WriteHeader(status)
			fmt.Fprint(w, `{"result": 1}`)
		})
		ask(t, context.Background(), loadIn(t, "", "- {name: a, retry: {retries: 2, delay: 0}, http: {url: '"+url+"'}}"))
		if n.Load() != calls {
			t.Errorf("%d: called %d times, want %d", status, n.Load(), calls)
		}
	}
	var n atomic.Int32
	url := server(t, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) == 1 {
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, `{"result": "second"}`)
	})
	if got := ask(t, context.Background(), loadIn(t, "", "- {name: a, retry: {retries: 2, delay: 0}, http: {url: '"+url+"'}}")); got != `"second" 0.5 false` {
		t.Errorf("after a hang-up: %s", got)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{"": 0, "3": 3 * time.Second, "0": 0, "-1": 0, "x": 0, "NaN": 0, "1e300": 0,
		"Thu, 01 Jan 2026 00:01:00 GMT": time.Minute, "Wed, 31 Dec 2025 00:00:00 GMT": 0} {
		if got := httpagent.RetryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestRedirects(t *testing.T) {
	other := server(t, text(200, `{"result": "other"}`))
	url := ""
	url = server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/here", http.StatusPermanentRedirect)
		case "/found":
			http.Redirect(w, r, "/here", http.StatusFound)
		case "/other":
			http.Redirect(w, r, other, http.StatusTemporaryRedirect)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusTemporaryRedirect)
		default:
			body, _ := io.ReadAll(r.Body) // its length is the answer
			fmt.Fprintf(w, `{"result": %v}`, len(body) > 100)
		}
	})
	for path, want := range map[string]string{
		"/moved": `true 0.5 false`,
		"/found": "error: redirected to " + url + "/here in a way that does not repeat the request",
		"/other": "error: redirected to another host, " + other,
		"/loop":  "error: more than 3 redirects, the last one to " + url + "/loop",
	} {
		if diff := cmp.Diff(want, ask(t, context.Background(), load(t, "url: '"+url+path+"'"))); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(text(200, `{"result": "safe"}`))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // of refused handshakes
	s.StartTLS()
	defer s.Close()
	dir := t.TempDir()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), ca, 0o600); err != nil {
		t.Fatal(err)
	}
	for block, want := range map[string]string{
		"":                        "error: no trusted connection: ",
		", tls: {ca: ca.pem}":     `"safe" 0.5 false`,
		", tls: {insecure: true}": `"safe" 0.5 false`,
		", tls: {ca: ca.pem, serverName: elsewhere.example.org}": "error: no trusted connection: ",
	} {
		r := loadIn(t, dir, "- {name: a, retry: {retries: 3, delay: 1h}, http: {url: '"+s.URL+"'"+block+"}}")
		if got := ask(t, context.Background(), r); !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %s, want %s", block, got, want)
		}
	}
	plain := server(t, text(200, ""))
	if got := ask(t, context.Background(), load(t, "url: '"+strings.Replace(plain, "http:", "https:", 1)+"'")); got != "error: the agent speaks http, not https" {
		t.Error(got)
	}
}

func TestSettings(t *testing.T) {
	for block, want := range map[string]string{
		"":                                         "http needs the key url",
		"url: x":                                   `url is no URL: "x"`,
		"url: 'ftp://x/'":                          "url is no URL",
		"url: 'http://u:p@x/'":                     "url holds a password",
		"url: 'http://x', methd: POST":             `http has no key "methd"; did you mean method?`,
		"url: 'http://x', method: BREW":            "method is one of POST, PUT, PATCH, GET",
		"url: 'http://x', headers: {'a b': c}":     `"a b" can't be the name of a header`,
		"url: 'http://x', headers: {a: [1]}":       "a is a text, not a list",
		"url: 'http://x', auth: {}":                "auth needs one of bearer, basic and apiKey",
		"url: 'http://x', body: '${a'":             "a gap that begins with ${ does not end with }",
		"url: 'http://x', body: ['${a..b}']":       `the path "a..b" has no name behind a dot`,
		"url: 'http://x', response: {result: '['}": "does not end with a bracket",
		"url: 'http://x', maxBytes: 0":             "maxBytes is a whole number from 1",
		"url: 'http://x', tls: {ca: nowhere.pem}":  "ca can't be read",
		"url: 'http://x', tls: {cert: a}":          "tls needs the key key",
	} {
		_, err := agent.Load("agents.yaml", []byte("- {name: a, http: {"+block+"}}"), httpagent.Kind())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", block, err, want)
		}
	}
}

// A caller that gives up is answered at once, whatever the agent does.
func TestCancel(t *testing.T) {
	started := make(chan struct{}, 3)
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/body":
			fmt.Fprint(w, `{"result":`)
			w.(http.Flusher).Flush()
		case "/stream":
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprint(w, "event: partial\ndata: {\"delta\": \"x\"}\n\n")
			w.(http.Flusher).Flush()
		}
		_, _ = io.Copy(io.Discard, r.Body) // so that the server notices the hang-up
		started <- struct{}{}
		<-r.Context().Done()
	})
	for _, path := range []string{"/header", "/body", "/stream"} {
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			<-started
			cancel()
		}()
		if diff := cmp.Diff("error: context canceled", ask(t, ctx, load(t, "url: '"+url+path+"'"))); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

func TestHealth(t *testing.T) {
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/good/health" {
			w.WriteHeader(503)
		}
	})
	for block, want := range map[string]string{"endpoint: '" + url + "/good'": "", "endpoint: '" + url + "/bad'": "HTTP 503 Service Unavailable",
		"url: '" + url + "'": "the agent can't be checked", "url: '" + url + "', health: '" + url + "/good/health'": ""} {
		a := load(t, block).Agents()[0]
		got := ""
		if err := a.Check(context.Background()); err != nil {
			got = err.Error()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", block, diff)
		}
	}
}

// serve is an agent in a process of its own: it answers with what it got, in
// pieces when it is asked to.
func serve() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the test
		os.Exit(0)
	}()
	panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var task struct {
			Input struct{ Text string }
		}
		if err := json.NewDecoder(r.Body).Decode(&task); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if !strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
			fmt.Fprintf(w, `{"result": %q, "confidence": 0.9}`, task.Input.Text)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for _, c := range task.Input.Text {
			fmt.Fprintf(w, "event: partial\ndata: {\"delta\": %q}\n\n", string(c))
			w.(http.Flusher).Flush()
		}
		fmt.Fprintf(w, "event: progress\ndata: {\"percent\": 50, \"text\": \"half\"}\n\nevent: result\ndata: {\"value\": %q, \"confidence\": 0.9}\n\n", task.Input.Text)
	})))
}

func TestServerProcess(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "HTTPAGENT_SERVER=1")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	addr, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + strings.TrimSpace(addr)
	if diff := cmp.Diff(`"hi" 0.9 true`, ask(t, context.Background(), load(t, "url: '"+url+"'"))); diff != "" {
		t.Error(diff)
	}
	r := load(t, "url: '"+url+"', stream: true")
	var parts []agent.Partial
	data := value.ObjectOf([]string{"text"}, []value.Value{value.Str("yes")}).Value()
	reply, err := r.Agents()[0].Transport.Call(context.Background(), agent.Task{Data: data, Partial: func(p agent.Partial) { parts = append(parts, p) }})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]agent.Partial{{Text: "y"}, {Text: "e"}, {Text: "s"}, {Percent: 50, Note: "half"}}, parts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(`"yes"`, value.Inspect(reply.Result)); diff != "" {
		t.Error(diff)
	}
}
