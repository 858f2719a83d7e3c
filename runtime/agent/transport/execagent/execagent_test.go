package execagent_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/execagent"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

// The test binary is the program of most tests, when EXECAGENT_MODE says what it
// is to do.
func TestMain(m *testing.M) {
	if mode := os.Getenv("EXECAGENT_MODE"); mode != "" {
		program(mode)
		return
	}
	goleak.VerifyTestMain(m)
}

// program is an agent in Go.
func program(mode string) {
	in := bufio.NewReader(os.Stdin)
	if mode == "deaf" {
		time.Sleep(time.Hour) // neither reads nor writes, until it is killed
	}
	for n := 1; ; n++ {
		text, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var task struct {
			TaskID string `json:"taskId"`
			Input  string `json:"input"`
		}
		if err := json.Unmarshal(text, &task); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(9)
		}
		switch mode {
		case "echo":
			fmt.Fprintf(os.Stderr, "task %d\n", n)
			fmt.Printf("{\"event\": \"partial\", \"delta\": \"x\"}\n\n{\"result\": {\"input\": %q, \"n\": %d, \"pid\": %d, \"env\": %q}, \"confidence\": 0.9}\n",
				task.Input, n, os.Getpid(), os.Getenv("EXECAGENT_NAME"))
		case "crash":
			fmt.Fprintln(os.Stderr, "first\nout of memory")
			os.Exit(3)
		case "quit":
			os.Exit(0)
		case "garbage":
			fmt.Println("Loading model...")
			fmt.Println(`{"result": 1}`)
		case "list":
			fmt.Println(`[1]`)
		case "binary":
			os.Stdout.Write([]byte{0xff, 0, '\n'})
		case "endless":
			for {
				if _, err := os.Stdout.WriteString(strings.Repeat("x", 1000)); err != nil {
					return
				}
			}
		case "chatter":
			for {
				if _, err := fmt.Println(`{"event": "partial", "delta": "more"}`); err != nil {
					return
				}
			}
		case "lie":
			fmt.Println(`{"result": 1, "confidence": 7}`)
		case "mute":
			os.Stdout.Close()
			time.Sleep(time.Hour) // until it is killed
		case "unfinished":
			fmt.Print(`{"result": 1}`)
			return
		case "stubborn":
			fmt.Println(`{"result": 1}`)
			time.Sleep(time.Hour) // until it is killed
		case "half":
			fmt.Print(`{"result": `)
			return
		case "error":
			fmt.Println(`{"error": {"message": "no idea"}}`)
		case "event":
			fmt.Println(`{"event": "error", "message": "gave up"}`)
		case "twice":
			fmt.Printf("{\"taskId\": %q, \"result\": 1}\n{\"taskId\": %q, \"result\": \"again\"}\n", task.TaskID, task.TaskID)
		case "hang":
			fmt.Printf("{\"event\": \"progress\", \"percent\": 1, \"text\": \"%d\"}\n", os.Getpid())
			time.Sleep(time.Hour) // until it is killed
		case "children":
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), "EXECAGENT_MODE=deaf")
			child.Stdout = os.Stdout // keeps the output open
			if err := child.Start(); err != nil {
				os.Exit(8)
			}
			fmt.Printf("{\"event\": \"progress\", \"percent\": 1, \"text\": \"%d\"}\n", child.Process.Pid)
			time.Sleep(time.Hour) // until it is killed
		}
	}
}

// load makes the agent a of the program in some mode; block are more settings of
// exec.
func load(t *testing.T, mode, block string) *agent.Registry {
	t.Helper()
	return loadYAML(t, fmt.Sprintf("- {name: a, retry: 0, breaker: false, exec: {command: [%q], env: {EXECAGENT_MODE: %q}, maxBytes: 5000%s}}", os.Args[0], mode, block))
}

func loadYAML(t *testing.T, text string) *agent.Registry {
	t.Helper()
	r := &agent.Registry{}
	if list := r.Read(source.NewFile("agents.yaml", text), agent.Options{Kinds: []agent.Kind{execagent.Kind()}}); list.HasErrors() {
		t.Fatal(list[0])
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// asked counts tasks, which have ids of their own.
var asked atomic.Int64

// ask gives the agent a task and returns its answer.
func ask(t *testing.T, r *agent.Registry, data string) value.Value {
	t.Helper()
	req, err := value.FromJSON([]byte(`{"agent": "a", "task": "analyze", "data": ` + data + `}`))
	if err != nil {
		t.Fatal(err)
	}
	asked.Add(1)
	out := r.Handlers()[effect.Agent].Handle(context.Background(), &effect.Effect{Kind: effect.Agent, Path: fmt.Sprintf("0.%d", asked.Load()), Request: value.Freeze(req)})
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	return out.Value
}

// summary is the error of an answer, else result and confidence.
func summary(v value.Value) string {
	get := func(key string) value.Value { x, _ := v.AsObject().Get(key); return x }
	if e := get("error"); !e.IsNull() {
		return "error: " + value.Text(e)
	}
	return value.Inspect(get("result")) + " " + value.Inspect(get("confidence"))
}

// field returns a field of an answer's result as text.
func field(t *testing.T, v value.Value, key string) string {
	t.Helper()
	result, _ := v.AsObject().Get("result")
	if result.Kind() != value.ObjectKind {
		t.Fatal(summary(v))
	}
	f, _ := result.AsObject().Get(key)
	return value.Text(f)
}

func TestKeptAlive(t *testing.T) {
	r := load(t, "echo", "")
	first, second := ask(t, r, `"one"`), ask(t, r, `"two"`)
	if diff := cmp.Diff("one 1, two 2", fmt.Sprintf("%s %s, %s %s", field(t, first, "input"), field(t, first, "n"), field(t, second, "input"), field(t, second, "n"))); diff != "" {
		t.Error(diff)
	}
	if field(t, first, "pid") != field(t, second, "pid") {
		t.Error("the program was not kept")
	}
}

func TestProcessPerTask(t *testing.T) {
	r := load(t, "echo", ", keep: false")
	first, second := ask(t, r, `"one"`), ask(t, r, `"two"`)
	if diff := cmp.Diff("1 1", field(t, first, "n")+" "+field(t, second, "n")); diff != "" {
		t.Error(diff)
	}
	if field(t, first, "pid") == field(t, second, "pid") {
		t.Error("the program was kept")
	}
}

func TestEnvironment(t *testing.T) {
	r := loadYAML(t, fmt.Sprintf("- {name: a, exec: {command: %q, env: {EXECAGENT_MODE: echo, EXECAGENT_NAME: ada}}}", os.Args[0]))
	if diff := cmp.Diff("ada", field(t, ask(t, r, `"x"`), "env")); diff != "" {
		t.Error(diff)
	}
	r = loadYAML(t, fmt.Sprintf("- {name: a, retry: 0, exec: {command: %q, env: {EXECAGENT_MODE: 'env:EXECAGENT_UNSET'}}}", os.Args[0]))
	if diff := cmp.Diff("error: env: EXECAGENT_MODE: the environment variable EXECAGENT_UNSET is not set", summary(ask(t, r, `"x"`))); diff != "" {
		t.Error(diff)
	}
}

// A program that misbehaves gives an error, and the next task another process.
func TestMisbehaviour(t *testing.T) {
	tests := []struct{ mode, want string }{
		{"crash", "error: the program ended without a reply: exit status 3: first | out of memory"},
		{"quit", "error: the program exited without a reply"},
		{"garbage", `error: the program wrote a line that is no JSON: "Loading model..."`},
		{"list", `error: the program wrote a line that is no reply: "[1]"`},
		{"binary", `error: the program wrote a line that is no JSON: "`},
		{"endless", "error: the program wrote a line of more than 5000 bytes"},
		{"lie", "1 1"},
		{"mute", "error: the program closed its output without a reply"},
		{"unfinished", "1 0.5"},
		{"half", `error: the program wrote a line that is no JSON: "{\"result\": "`},
		{"error", "error: no idea"},
		{"event", "error: gave up"},
	}
	for _, tt := range tests {
		t.Run(tt.mode, func(t *testing.T) {
			t.Parallel()
			r := load(t, tt.mode, "")
			for range 2 {
				if got := summary(ask(t, r, `"x"`)); !strings.HasPrefix(got, tt.want) {
					t.Errorf("got %s, want %s", got, tt.want)
				}
			}
		})
	}
	r := load(t, "twice", "")
	for range 5 {
		if diff := cmp.Diff("1 0.5", summary(ask(t, r, `"x"`))); diff != "" {
			t.Errorf("a second reply counts for the next task: %s", diff)
		}
	}
}

func TestNoProgram(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for command, want := range map[string]string{
		"./no/such/program":   "error: can't start ./no/such/program: there is no such program",
		"no-such-program-xyz": "error: can't start no-such-program-xyz: there is no such program",
		plain:                 "error: can't start " + plain + ": it may not be executed",
	} {
		r := loadYAML(t, fmt.Sprintf("- {name: a, retry: {retries: 3, delay: 1h}, exec: {command: [%q]}}", command))
		if diff := cmp.Diff(want, summary(ask(t, r, `1`))); diff != "" {
			t.Error(diff)
		}
	}
}

// gone waits until a process has ended; it may be a zombie of init for a moment.
func gone(t *testing.T, pid string) {
	t.Helper()
	n, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	for {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if os.IsNotExist(err) || strings.Contains(string(stat), ") Z ") || syscall.Kill(n, 0) == syscall.ESRCH {
			return
		}
	}
}

// A task that is given up ends its process, and the children of it.
func TestCancel(t *testing.T) {
	for _, mode := range []string{"hang", "children"} {
		r := load(t, mode, "")
		ctx, cancel := context.WithCancel(context.Background())
		pid := ""
		_, err := r.Agents()[0].Transport.Call(ctx, agent.Task{Partial: func(p agent.Partial) {
			pid = p.Note
			cancel()
		}})
		if err == nil || ctx.Err() == nil {
			t.Errorf("%s: got %v", mode, err)
		}
		gone(t, pid)
	}
	for _, mode := range []string{"deaf", "chatter"} { // with a task that does not fit into the pipe
		r := loadYAML(t, fmt.Sprintf("- {name: a, retry: 0, timeout: 50ms, exec: {command: %q, env: {EXECAGENT_MODE: %s}}}", os.Args[0], mode))
		if diff := cmp.Diff("error: timed out after 50ms", summary(ask(t, r, strconv.Quote(strings.Repeat("x", 1<<20))))); diff != "" {
			t.Error(diff)
		}
	}
}

// node returns the path of Node, which it installs when it is missing.
func node(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("node"); err == nil {
		return path
	}
	for _, args := range [][]string{{"apt-get", "update", "-qq"}, {"apt-get", "install", "-y", "-qq", "nodejs"}} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("this test needs Node; installing it failed: %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	path, err := exec.LookPath("node")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNode(t *testing.T) {
	r := loadYAML(t, fmt.Sprintf("- {name: a, exec: {command: [%q, testdata/agent.mjs], processes: 2}}", node(t)))
	for i := 1; i <= 3; i++ {
		if diff := cmp.Diff(fmt.Sprintf(`{ text: "HELLO", served: %d } 0.75`, i), summary(ask(t, r, `{"text": "hello"}`))); diff != "" {
			t.Error(diff)
		}
	}
}

func TestSettings(t *testing.T) {
	for block, want := range map[string]string{
		"":                          "exec needs the key command",
		"command: []":               "command is empty",
		"command: {}":               "command is a list of texts, not a map",
		"command: x, proceses: 2":   `exec has no key "proceses"; did you mean processes?`,
		"command: x, processes: 0":  "processes is a whole number from 1 to 1000",
		"command: x, env: {a: [1]}": "a is a text, not a list",
	} {
		_, err := agent.Load("agents.yaml", []byte("- {name: a, exec: {"+block+"}}"), execagent.Kind())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", block, err, want)
		}
	}
}

// Programs that do not end with their input end at once when nobody waits for them
// any more, idle or at work.
func TestAbort(t *testing.T) {
	r := load(t, "stubborn", "")
	if diff := cmp.Diff("1 0.5", summary(ask(t, r, `"x"`))); diff != "" {
		t.Error(diff)
	}
	r.Abort()
	if diff := cmp.Diff("error: the agent is closed", summary(ask(t, r, `"x"`))); diff != "" {
		t.Error(diff)
	}

	r = load(t, "children", "")
	pid := ""
	_, err := r.Agents()[0].Transport.Call(context.Background(), agent.Task{Partial: func(p agent.Partial) {
		pid = p.Note
		r.Abort()
	}})
	if err == nil {
		t.Error("the task was not given up")
	}
	gone(t, pid)
}
