// Package grpcagent calls agents that are gRPC servers of the service
// ConfidenceAgent, see package confidencepb.
//
// One connection serves all calls of an agent; it is made when it is first needed
// and again after it broke. The deadline of a call goes with it. The status codes
// UNAVAILABLE, RESOURCE_EXHAUSTED, ABORTED and DEADLINE_EXCEEDED count as failures
// that another attempt may mend; how long to wait is taken from RetryInfo.
package grpcagent

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/parallaxai/parallax/runtime/agent"
	"github.com/parallaxai/parallax/runtime/agent/settings"
	pb "github.com/parallaxai/parallax/runtime/agent/transport/grpcagent/confidencepb"
	"github.com/parallaxai/parallax/runtime/agent/transport/internal/web"
)

// Kind returns the kind "grpc".
func Kind() agent.Kind {
	return agent.Kind{Name: "grpc", Real: true, Open: open,
		Inline: func(text string) (map[string]any, error) { return map[string]any{"address": text}, nil }}
}

// client is an agent behind an address.
type client struct {
	address string
	secure  *tls.Config // nil: without encryption
	headers []header
	stream  bool
	limit   int

	mu     sync.Mutex
	conn   *grpc.ClientConn
	closed bool
}

type header struct {
	name string
	text settings.Secret
}

func open(b *settings.Block, env agent.Env) agent.Transport {
	c := &client{address: b.Required("address"), stream: b.Bool("stream", true), limit: b.Int("maxBytes", agent.MaxReply, 1, 1<<30)}
	if strings.Contains(c.address, "://") && !strings.HasPrefix(c.address, "dns:") && !strings.HasPrefix(c.address, "unix:") && !strings.HasPrefix(c.address, "passthrough:") {
		b.Get("address").Errorf(settings.CodeWrong, "address is no address of a gRPC server: %q", c.address).
			WithHint("it is like host:50051; tls: true encrypts")
	}
	switch n := b.Get("tls"); {
	case !n.Exists():
	case n.IsScalar():
		if b.Bool("tls", false) {
			c.secure = &tls.Config{MinVersion: tls.VersionTLS12}
		}
	default:
		c.secure = web.ReadTLS(b, env.Dir)
	}
	names, texts := b.TextMap("metadata")
	for i, name := range names {
		text, _ := texts[i].Text()
		c.headers = append(c.headers, header{strings.ToLower(name), settings.SecretOf(text)})
	}
	if token := b.Secret("bearer"); token.IsSet() {
		c.headers = append(c.headers, header{authorization, token})
		if c.secure == nil {
			b.Get("bearer").Errorf(settings.CodeWrong, "a token would go over the network unencrypted").WithHint("write tls: true beside it")
		}
	}
	return c
}

const authorization = "authorization"

// errClosed is the error of calls after Close.
var errClosed = agent.Failf("the agent has been closed")

// connection returns the connection, which is made by the first call that uses it.
func (c *client) connection() (*grpc.ClientConn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errClosed
	}
	if c.conn != nil {
		return c.conn, nil
	}
	creds := insecure.NewCredentials()
	if c.secure != nil {
		creds = credentials.NewTLS(c.secure)
	}
	conn, err := grpc.NewClient(c.address,
		grpc.WithTransportCredentials(creds),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(c.limit)),
		grpc.WithConnectParams(grpc.ConnectParams{MinConnectTimeout: 5 * time.Second,
			Backoff: backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 5 * time.Second}}),
	)
	if err != nil {
		return nil, agent.Failf("the address %s can't be used: %w", c.address, err)
	}
	c.conn = conn
	return conn, nil
}

// outgoing puts metadata into the context of a call.
func (c *client) outgoing(ctx context.Context, pairs ...string) (context.Context, error) {
	for _, h := range c.headers {
		text, err := h.text.Reveal()
		if err != nil {
			return nil, agent.Failf("%w", err)
		}
		if h.name == authorization && !strings.Contains(text, " ") {
			text = "Bearer " + text
		}
		pairs = append(pairs, h.name, text)
	}
	return metadata.AppendToOutgoingContext(ctx, pairs...), nil
}

// Call gives the task to the agent, by StreamAnalyze where somebody wants to know
// of parts and the agent has it.
func (c *client) Call(ctx context.Context, t agent.Task) (agent.Reply, error) {
	conn, err := c.connection()
	if err != nil {
		return agent.Reply{}, err
	}
	req, err := request(t)
	if err != nil {
		return agent.Reply{}, err
	}
	var pairs []string
	if t.ExecutionID != "" {
		pairs = []string{"idempotency-key", t.Key()}
	}
	out, err := c.outgoing(ctx, pairs...)
	if err != nil {
		return agent.Reply{}, err
	}
	api := pb.NewConfidenceAgentClient(conn)
	if t.Partial != nil && c.stream {
		res, err := streamed(out, api, req, t.Partial)
		if status.Code(err) != codes.Unimplemented {
			return c.answer(ctx, res, err)
		}
	}
	res, err := api.Analyze(out, req)
	return c.answer(ctx, res, err)
}

// streamed returns the last result of a stream.
func streamed(ctx context.Context, api pb.ConfidenceAgentClient, req *pb.AgentRequest, partial func(agent.Partial)) (*pb.ConfidenceResult, error) {
	ctx, cancel := context.WithCancel(ctx) // ends the stream when this returns early
	defer cancel()
	s, err := api.StreamAnalyze(ctx, req)
	if err != nil {
		return nil, err
	}
	var last *pb.ConfidenceResult
	for {
		res, err := s.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return last, nil
		case err != nil:
			return nil, err
		case res.GetPartial() != nil:
			partial(partOf(res.GetPartial()))
		default:
			last = res
		}
	}
}

func (c *client) answer(ctx context.Context, res *pb.ConfidenceResult, err error) (agent.Reply, error) {
	if err != nil {
		return agent.Reply{}, c.failed(ctx, err)
	}
	return reply(res)
}

// failed makes an error of a status.
func (c *client) failed(ctx context.Context, err error) error {
	var known *agent.Error
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &known):
		return known
	}
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return errClosed
	}
	s := status.Convert(err)
	e := agent.Failf("%s (%s)", agent.Shorten(s.Message()), codeName(s.Code()))
	switch s.Code() {
	case codes.Unavailable, codes.ResourceExhausted, codes.Aborted, codes.DeadlineExceeded:
		e.Retryable = true
	}
	for _, d := range s.Details() {
		if info, ok := d.(*errdetails.RetryInfo); ok && info.GetRetryDelay().AsDuration() > 0 {
			e.Retryable, e.RetryAfter = true, info.GetRetryDelay().AsDuration()
		}
	}
	e.Err = err
	return e
}

// codeName is a code as the specification of gRPC spells it.
func codeName(c codes.Code) string {
	var b strings.Builder
	for i, r := range c.String() {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}

// Health asks the agent how it is; one that has no HealthCheck is asked by the
// standard service for health.
func (c *client) Health(ctx context.Context) error {
	conn, err := c.connection()
	if err != nil {
		return err
	}
	out, err := c.outgoing(ctx)
	if err != nil {
		return err
	}
	h, err := pb.NewConfidenceAgentClient(conn).HealthCheck(out, &emptypb.Empty{})
	if status.Code(err) == codes.Unimplemented {
		res, err := healthpb.NewHealthClient(conn).Check(out, &healthpb.HealthCheckRequest{})
		switch {
		case err != nil:
			return c.failed(ctx, err)
		case res.GetStatus() != healthpb.HealthCheckResponse_SERVING:
			return agent.Retryf("the agent is %s", res.GetStatus())
		}
		return nil
	}
	if err != nil {
		return c.failed(ctx, err)
	}
	if h.GetStatus() == pb.Health_UNHEALTHY {
		return agent.Retryf("the agent is unhealthy: %s", agent.Shorten(h.GetMessage()))
	}
	return nil
}

// Describe asks the agent what it can do.
func (c *client) Describe(ctx context.Context) (agent.Description, error) {
	conn, err := c.connection()
	if err != nil {
		return agent.Description{}, err
	}
	out, err := c.outgoing(ctx)
	if err != nil {
		return agent.Description{}, err
	}
	d, err := pb.NewConfidenceAgentClient(conn).GetCapabilities(out, &emptypb.Empty{})
	if err != nil {
		return agent.Description{}, c.failed(ctx, err)
	}
	return agent.Description{Name: d.GetName(), Capabilities: d.GetCapabilities()}, nil
}

// Close ends the connection; calls under way fail.
func (c *client) Close() error {
	c.mu.Lock()
	conn := c.conn
	c.conn, c.closed = nil, true
	c.mu.Unlock()
	if conn == nil {
		return nil
	}
	return conn.Close()
}
