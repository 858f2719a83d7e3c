package grpcagent_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/transport/grpcagent"
	pb "github.com/parallaxai/parallax/runtime/agent/transport/grpcagent/confidencepb"
	"github.com/parallaxai/parallax/runtime/effect"
	"github.com/parallaxai/parallax/runtime/value"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// server is an agent; what it answers is told by functions.
type server struct {
	pb.UnimplementedConfidenceAgentServer
	analyze func(context.Context, *pb.AgentRequest) (*pb.ConfidenceResult, error)
	stream  func(*pb.AgentRequest, grpc.ServerStreamingServer[pb.ConfidenceResult]) error
	health  *pb.Health
}

func (s *server) Analyze(ctx context.Context, r *pb.AgentRequest) (*pb.ConfidenceResult, error) {
	return s.analyze(ctx, r)
}

func (s *server) StreamAnalyze(r *pb.AgentRequest, out grpc.ServerStreamingServer[pb.ConfidenceResult]) error {
	if s.stream == nil {
		return status.Error(codes.Unimplemented, "no streams here")
	}
	return s.stream(r, out)
}

func (s *server) GetCapabilities(context.Context, *emptypb.Empty) (*pb.Capabilities, error) {
	return &pb.Capabilities{Name: "tester", Capabilities: []string{"read", "write"}}, nil
}

func (s *server) HealthCheck(context.Context, *emptypb.Empty) (*pb.Health, error) {
	if s.health == nil {
		return nil, status.Error(codes.Unimplemented, "no check here")
	}
	return s.health, nil
}

// serve starts the agent on a port of its own.
func serve(t *testing.T, s *server, opts ...grpc.ServerOption) (address string, g *grpc.Server) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g = grpc.NewServer(opts...)
	pb.RegisterConfidenceAgentServer(g, s)
	done := make(chan error, 1)
	go func() { done <- g.Serve(l) }()
	t.Cleanup(func() {
		g.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String(), g
}

// answering is a server that always gives one answer.
func answering(res *pb.ConfidenceResult, err error) *server {
	return &server{analyze: func(context.Context, *pb.AgentRequest) (*pb.ConfidenceResult, error) { return res, err }}
}

func load(t testing.TB, text string) *agent.Registry {
	t.Helper()
	r, err := agent.Load("agents.yaml", []byte(text), grpcagent.Kind())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func transportOf(t testing.TB, block string) agent.Transport {
	t.Helper()
	return load(t, "- {name: a, grpc: {"+block+"}}").Agents()[0].Transport
}

func within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func data(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.FromJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func ptr(f float64) *float64 { return &f }

// What the agent gets is the whole task.
func TestRequest(t *testing.T) {
	seen := make(chan string, 1)
	keys := make(chan []string, 1)
	deadlines := make(chan time.Time, 1)
	address, _ := serve(t, &server{analyze: func(ctx context.Context, r *pb.AgentRequest) (*pb.ConfidenceResult, error) {
		text, err := protojson.MarshalOptions{}.Marshal(r)
		if err != nil {
			return nil, err
		}
		seen <- strings.ReplaceAll(string(text), " ", "")
		md, _ := metadata.FromIncomingContext(ctx)
		keys <- append(md.Get("idempotency-key"), md.Get("x-team")...)
		d, _ := ctx.Deadline()
		deadlines <- d
		return &pb.ConfidenceResult{ValueJson: "1"}, nil
	}})
	tr := transportOf(t, "address: '"+address+"', metadata: {X-Team: red}")
	tests := []struct{ data, context, want string }{
		{`{"text": "x", "n": [1, null]}`, `{"a": "b", "c": 5}`, `"data":{"n":[1,null],"text":"x"},"context":{"a":"b","c":"5"}`},
		{`"only text"`, `null`, `"dataJson":"\"onlytext\""`},
		{`[1, {"a": 2}]`, `"x"`, `"dataJson":"[1,{\"a\":2}]"`},
		{`null`, `null`, ``},
	}
	for _, tt := range tests {
		ctx := within(t, patience)
		_, err := tr.Call(ctx, agent.Task{ID: "e1/0.1", ExecutionID: "e1", Agent: "a", Description: "look", Data: data(t, tt.data), Context: data(t, tt.context),
			Pattern: "p", Step: "0.1", Attempt: 2, Timeout: patience})
		if err != nil {
			t.Fatal(err)
		}
		got := <-seen
		for _, part := range []string{tt.want, `"taskId":"e1/0.1"`, `"taskDescription":"look"`, `"timeoutMs":20000`, `"patternName":"p"`,
			`"executionId":"e1"`, `"step":"0.1"`, `"attempt":2`} {
			if !jsonContains(got, part) {
				t.Errorf("%s is not in %s", part, got)
			}
		}
		if diff := cmp.Diff([]string{"e1/0.1/a/2", "red"}, <-keys); diff != "" {
			t.Error(diff)
		}
		want, _ := ctx.Deadline()
		if d := <-deadlines; d.Sub(want).Abs() > 5*time.Second {
			t.Errorf("the agent has until %v, not %v", d, want)
		}
	}
}

// jsonContains looks for members of an object in any order.
func jsonContains(text, members string) bool {
	if strings.Contains(text, members) {
		return true
	}
	a, b, ok := strings.Cut(members, `},"context"`)
	return ok && strings.Contains(text, a+"}") && (strings.Contains(text, `"context"`+b) || strings.Contains(text, `"context":{"c":"5","a":"b"}`))
}

func TestReply(t *testing.T) {
	tests := []struct {
		name string
		res  *pb.ConfidenceResult
		want string // result, confidence
		fail string
	}{
		{"all", &pb.ConfidenceResult{ValueJson: `{"a": [1]}`, Confidence: ptr(0.25), Reasoning: "why", Uncertainties: []string{"u"},
			Metadata: map[string]string{"k": "v"}, Usage: &pb.Usage{TokensIn: 3, TokensOut: 4, Cost: 0.5}}, "{ a: [1] } 0.25", ""},
		{"no confidence", &pb.ConfidenceResult{ValueJson: `"x"`}, `"x" null`, ""},
		{"zero is stated", &pb.ConfidenceResult{ValueJson: `"x"`, Confidence: ptr(0)}, `"x" 0`, ""},
		{"too sure", &pb.ConfidenceResult{ValueJson: `"x"`, Confidence: ptr(7)}, `"x" 7`, ""},
		{"NaN", &pb.ConfidenceResult{ValueJson: `"x"`, Confidence: ptr(math.NaN())}, `"x" NaN`, ""},
		{"no value", &pb.ConfidenceResult{Confidence: ptr(1)}, "", "the answer has no value_json"},
		{"no JSON", &pb.ConfidenceResult{ValueJson: "yes!"}, "", "value_json is no JSON"},
		{"strange usage", &pb.ConfidenceResult{ValueJson: `1`, Usage: &pb.Usage{TokensIn: -5, Cost: math.NaN()}}, "1 null", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			address, _ := serve(t, answering(tt.res, nil))
			rep, err := transportOf(t, "address: '"+address+"'").Call(within(t, patience), agent.Task{})
			if tt.fail != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fail) || agent.Retryable(err) {
					t.Errorf("got %v, want %q", err, tt.fail)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, value.Inspect(rep.Result)+" "+value.Inspect(rep.Confidence)); diff != "" {
				t.Error(diff)
			}
			if tt.name == "all" {
				if rep.Reasoning != "why" || len(rep.Uncertainties) != 1 || value.Inspect(rep.Metadata) != `{ k: "v" }` {
					t.Errorf("%+v", rep)
				}
				if diff := cmp.Diff(agent.Usage{TokensIn: 3, TokensOut: 4, Cost: 0.5}, rep.Usage); diff != "" {
					t.Error(diff)
				}
			} else if rep.Usage != (agent.Usage{}) {
				t.Errorf("usage %+v", rep.Usage)
			}
		})
	}
}

func TestStatus(t *testing.T) {
	patient, err := status.New(codes.ResourceExhausted, "slow down").WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(3 * time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		err   error
		want  string
		retry bool
		after time.Duration
	}{
		{status.Error(codes.Unavailable, "restarting"), "restarting (UNAVAILABLE)", true, 0},
		{patient.Err(), "slow down (RESOURCE_EXHAUSTED)", true, 3 * time.Second},
		{status.Error(codes.Aborted, "x"), "x (ABORTED)", true, 0},
		{status.Error(codes.DeadlineExceeded, "my own"), "my own (DEADLINE_EXCEEDED)", true, 0},
		{status.Error(codes.InvalidArgument, "no text"), "no text (INVALID_ARGUMENT)", false, 0},
		{status.Error(codes.PermissionDenied, "no"), "no (PERMISSION_DENIED)", false, 0},
		{errors.New("plain"), "plain (UNKNOWN)", false, 0},
		{status.Error(codes.Unimplemented, "nothing"), "nothing (UNIMPLEMENTED)", false, 0},
	}
	for _, tt := range tests {
		address, _ := serve(t, answering(nil, tt.err))
		_, err := transportOf(t, "address: '"+address+"'").Call(within(t, patience), agent.Task{})
		var e *agent.Error
		if !errors.As(err, &e) || e.Message != tt.want || e.Retryable != tt.retry || e.RetryAfter != tt.after {
			t.Errorf("got %#v, want %q", err, tt.want)
		}
	}
}

// The registry tries again what is UNAVAILABLE.
func TestRetry(t *testing.T) {
	var calls atomic.Int32
	address, _ := serve(t, &server{analyze: func(_ context.Context, r *pb.AgentRequest) (*pb.ConfidenceResult, error) {
		if calls.Add(1); r.GetAttempt() < 3 {
			return nil, status.Error(codes.Unavailable, "not yet")
		}
		return &pb.ConfidenceResult{ValueJson: `"there"`, Confidence: ptr(0.9)}, nil
	}})
	r := load(t, "- {name: a, retry: {retries: 2, delay: 1}, grpc: {address: '"+address+"'}}")
	out := r.Handlers()[effect.Agent].Handle(within(t, patience), &effect.Effect{Kind: effect.Agent, Request: data(t, `{"agent": "a"}`)})
	if got := value.Inspect(out.Value); !strings.Contains(got, `result: "there", confidence: 0.9`) || calls.Load() != 3 {
		t.Errorf("%d calls: %s", calls.Load(), got)
	}
}

func TestStream(t *testing.T) {
	address, _ := serve(t, &server{stream: func(_ *pb.AgentRequest, out grpc.ServerStreamingServer[pb.ConfidenceResult]) error {
		for _, res := range []*pb.ConfidenceResult{
			{Partial: &pb.Partial{Percent: 40, Note: "reading"}},
			{Partial: &pb.Partial{Delta: "he"}},
			{ValueJson: `"draft"`, Confidence: ptr(0.1)}, // an agent of an earlier version improves its answer
			{Partial: &pb.Partial{Delta: "llo", Percent: 900}},
			{ValueJson: `"hello"`, Confidence: ptr(0.8)},
		} {
			if err := out.Send(res); err != nil {
				return err
			}
		}
		return nil
	}, analyze: func(context.Context, *pb.AgentRequest) (*pb.ConfidenceResult, error) {
		return &pb.ConfidenceResult{ValueJson: `"at once"`}, nil
	}})
	tr := transportOf(t, "address: '"+address+"'")
	var told []agent.Partial
	rep, err := tr.Call(within(t, patience), agent.Task{Partial: func(p agent.Partial) { told = append(told, p) }})
	if err != nil || value.Inspect(rep.Result) != `"hello"` || value.Inspect(rep.Confidence) != "0.8" {
		t.Errorf("%v %v", value.Inspect(rep.Result), err)
	}
	if diff := cmp.Diff([]agent.Partial{{Percent: 40, Note: "reading"}, {Text: "he"}, {Text: "llo", Percent: 100}}, told); diff != "" {
		t.Error(diff)
	}
	// Nobody listens: no stream.
	if rep, err = tr.Call(within(t, patience), agent.Task{}); err != nil || value.Inspect(rep.Result) != `"at once"` {
		t.Errorf("%v %v", value.Inspect(rep.Result), err)
	}
	// The agent has no streams.
	address, _ = serve(t, answering(&pb.ConfidenceResult{ValueJson: "2"}, nil))
	if rep, err = transportOf(t, "address: '"+address+"'").Call(within(t, patience), agent.Task{Partial: func(agent.Partial) {}}); err != nil || value.Inspect(rep.Result) != "2" {
		t.Errorf("%v %v", value.Inspect(rep.Result), err)
	}
	// A stream without an answer.
	address, _ = serve(t, &server{stream: func(*pb.AgentRequest, grpc.ServerStreamingServer[pb.ConfidenceResult]) error { return nil }})
	if _, err = transportOf(t, "address: '"+address+"'").Call(within(t, patience), agent.Task{Partial: func(agent.Partial) {}}); err == nil || err.Error() != "the agent sent no answer" {
		t.Errorf("got %v", err)
	}
}

// Giving up a call ends it at the agent too.
func TestCancel(t *testing.T) {
	started, ended := make(chan struct{}), make(chan struct{})
	address, _ := serve(t, &server{analyze: func(ctx context.Context, _ *pb.AgentRequest) (*pb.ConfidenceResult, error) {
		close(started)
		<-ctx.Done()
		close(ended)
		return nil, ctx.Err()
	}})
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		<-started
		cancel()
	})
	_, err := transportOf(t, "address: '"+address+"'").Call(ctx, agent.Task{})
	wg.Wait()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the agent goes on")
	}
}

// An agent that is too slow fails after the agent's timeout.
func TestDeadline(t *testing.T) {
	address, _ := serve(t, &server{analyze: func(ctx context.Context, _ *pb.AgentRequest) (*pb.ConfidenceResult, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	r := load(t, "- {name: a, timeout: 50, retry: 0, grpc: {address: '"+address+"'}}")
	out := r.Handlers()[effect.Agent].Handle(within(t, patience), &effect.Effect{Kind: effect.Agent, Request: data(t, `{"agent": "a"}`)})
	if got := value.Inspect(out.Value); !strings.Contains(got, "timed out after 50ms") && !strings.Contains(got, "DEADLINE_EXCEEDED") {
		t.Error(got)
	}
}

// Agents that are not there, go away or are no gRPC servers.
func TestBadServers(t *testing.T) {
	_, err := transportOf(t, "address: '127.0.0.1:1'").Call(within(t, patience), agent.Task{})
	if err == nil || !agent.Retryable(err) || !strings.Contains(err.Error(), "UNAVAILABLE") {
		t.Errorf("nobody: %v", err)
	}

	var g *grpc.Server
	started := make(chan struct{})
	address, g := serve(t, &server{analyze: func(ctx context.Context, _ *pb.AgentRequest) (*pb.ConfidenceResult, error) {
		close(started)
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	var wg sync.WaitGroup
	wg.Go(func() {
		<-started
		g.Stop()
	})
	_, err = transportOf(t, "address: '"+address+"'").Call(within(t, patience), agent.Task{})
	wg.Wait()
	if err == nil || !agent.Retryable(err) {
		t.Errorf("died: %v", err)
	}

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\n\r\nhello, I am a web server\n"))
			_ = conn.Close()
		}
	})
	_, err = transportOf(t, "address: '"+l.Addr().String()+"'").Call(within(t, patience), agent.Task{})
	if err == nil || !agent.Retryable(err) {
		t.Errorf("no gRPC: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()

	address, _ = serve(t, answering(&pb.ConfidenceResult{ValueJson: `"` + strings.Repeat("x", 5000) + `"`}, nil))
	_, err = transportOf(t, "address: '"+address+"', maxBytes: 1000").Call(within(t, patience), agent.Task{})
	if err == nil || !strings.Contains(err.Error(), "larger than max") {
		t.Errorf("too large: %v", err)
	}
}

func TestClose(t *testing.T) {
	started := make(chan struct{})
	address, _ := serve(t, &server{analyze: func(ctx context.Context, _ *pb.AgentRequest) (*pb.ConfidenceResult, error) {
		close(started)
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	tr := transportOf(t, "address: '"+address+"'")
	var wg sync.WaitGroup
	wg.Go(func() {
		<-started
		if err := tr.Close(); err != nil {
			t.Error(err)
		}
	})
	for range 2 { // under way, and later
		if _, err := tr.Call(within(t, patience), agent.Task{}); err == nil || err.Error() != "the agent has been closed" {
			t.Errorf("got %v", err)
		}
		wg.Wait()
	}
}

func TestHealth(t *testing.T) {
	tests := []struct {
		health *pb.Health
		want   string
	}{
		{&pb.Health{Status: pb.Health_HEALTHY}, ""},
		{&pb.Health{Status: pb.Health_DEGRADED}, ""},
		{&pb.Health{}, ""},
		{&pb.Health{Status: pb.Health_UNHEALTHY, Message: "no disk"}, "the agent is unhealthy: no disk"},
		{nil, "unknown service grpc.health.v1.Health (UNIMPLEMENTED)"},
	}
	for _, tt := range tests {
		address, _ := serve(t, &server{health: tt.health})
		err := transportOf(t, "address: '"+address+"'").(agent.HealthChecker).Health(within(t, patience))
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || err.Error() != tt.want) {
			t.Errorf("%v: got %v, want %q", tt.health, err, tt.want)
		}
	}
	// The standard service for health serves as well.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := grpc.NewServer()
	h := health.NewServer()
	healthpb.RegisterHealthServer(g, h)
	done := make(chan error, 1)
	go func() { done <- g.Serve(l) }()
	defer func() {
		g.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	tr := transportOf(t, "address: '"+l.Addr().String()+"'")
	if err := tr.(agent.HealthChecker).Health(within(t, patience)); err != nil {
		t.Error(err)
	}
	h.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
	if err := tr.(agent.HealthChecker).Health(within(t, patience)); err == nil || err.Error() != "the agent is NOT_SERVING" {
		t.Errorf("got %v", err)
	}
}

func TestDescribe(t *testing.T) {
	address, _ := serve(t, &server{})
	d, err := transportOf(t, "address: '"+address+"'").(agent.Describer).Describe(within(t, patience))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(agent.Description{Name: "tester", Capabilities: []string{"read", "write"}}, d); diff != "" {
		t.Error(diff)
	}
}

// certificate makes a key pair for the host itself.
func certificate(t *testing.T) (pair tls.Certificate, pemFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pemFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(pemFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pemFile
}

// With TLS the server has to prove who it is, and gets the token.
func TestTLS(t *testing.T) {
	t.Setenv("GRPCAGENT_TEST_TOKEN", "s3cret")
	pair, ca := certificate(t)
	seen := make(chan []string, 1)
	address, _ := serve(t, &server{analyze: func(ctx context.Context, _ *pb.AgentRequest) (*pb.ConfidenceResult, error) {
		md, _ := metadata.FromIncomingContext(ctx)
		seen <- md.Get("authorization")
		return &pb.ConfidenceResult{ValueJson: "1"}, nil
	}}, grpc.Creds(credentials.NewServerTLSFromCert(&pair)))
	if _, err := transportOf(t, fmt.Sprintf("address: '%s', tls: {ca: '%s'}, bearer: 'env:GRPCAGENT_TEST_TOKEN'", address, ca)).Call(within(t, patience), agent.Task{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Bearer s3cret"}, <-seen); diff != "" {
		t.Error(diff)
	}
	for _, block := range []string{"tls: true", "stream: false"} { // an unknown authority, no encryption
		if _, err := transportOf(t, fmt.Sprintf("address: '%s', %s", address, block)).Call(within(t, patience), agent.Task{}); err == nil {
			t.Errorf("%s: a stranger was believed", block)
		}
	}
}

func TestSettings(t *testing.T) {
	tests := []struct{ text, want string }{
		{"- {name: a, transport: grpc}", "1:3: error Y0904: grpc needs the key address"},
		{"- name: a\n  grpc: {address: 'http://x'}", `2:19: error Y0903: address is no address of a gRPC server: "http://x"`},
		{"- name: a\n  grpc: {adress: x}", `error Y0902: grpc has no key "adress"; did you mean address?`},
		{"- name: a\n  grpc: {address: x, tls: 3}", "tls is true or false"},
		{"- name: a\n  grpc: {address: x, tls: {ca: gone.pem}}", "ca can't be read"},
		{"- name: a\n  grpc: {address: x, bearer: y}", "a token would go over the network unencrypted"},
	}
	for _, tt := range tests {
		_, err := agent.Load("agents.yaml", []byte(tt.text), grpcagent.Kind())
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.text, err, tt.want)
		}
	}
	_, err := transportOf(t, "address: 'localhost:1', metadata: {x: 'env:NO_SUCH_VARIABLE'}").Call(within(t, patience), agent.Task{})
	if err == nil || !strings.Contains(err.Error(), "NO_SUCH_VARIABLE is not set") {
		t.Errorf("got %v", err)
	}
	r := &agent.Registry{}
	if err := r.ReadInline("k=grpc:localhost:50051", agent.Options{Kinds: []agent.Kind{grpcagent.Kind()}}); err != nil {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
