// Package confidencepb is the generated code of confidence.proto, the contract of
// agents that speak gRPC.
package confidencepb

//go:generate go run github.com/bufbuild/buf/cmd/buf@v1.75.0 generate
