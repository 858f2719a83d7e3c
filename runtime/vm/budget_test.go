package vm_test

import (
	"testing"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// TestStepsOfFibers: a fiber that ends or waits gives back what is left of its
// share of steps, so that many short ones stay within the limit; fibers that only
// wake each other still come to it.
func TestStepsOfFibers(t *testing.T) {
	tests := []struct {
		name, src, want string
		steps           int64
	}{
		{"many short fibers", "async fn f(n) { return n } let s = 0; for let i = 0; i < 5000; i++ { s += await f(i) } s", "12497500", 50_000},
		{"effects", "let s = 0; for let i = 0; i < 5000; i++ { s += random() } s", "1250", 50_000},
		{"a loop that awaits for ever", "async fn f() { 1 } while true { await f() }", "R0010", 50_000},
		{"effects for ever", "while true { random() }", "R0010", 50_000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			im, err := compile("test.prism", tt.src, true)
			if err != nil {
				t.Fatal(err)
			}
			v, failure, _ := run(im, &world{}, vm.Config{Limits: vm.Limits{Steps: tt.steps}})
			got := value.Text(v)
			if failure != nil {
				got = string(failure.Code)
			}
			if got != tt.want {
				t.Errorf("got %s (%v), want %s", got, failure, tt.want)
			}
		})
	}
}
