package engine_test

import (
	"strings"
	"testing"

	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/vm"
)

// A few calls that make large values are stopped at the limit of memory, long
// before the steps between two looks at the heap are used up.
func TestMemoryLimit(t *testing.T) {
	limits := engine.WithLimits(vm.Limits{Memory: 32 << 20})
	for _, src := range []string{
		"let a = range(100000)\nlet l = []\nwhile (true) { l = l.push(a.concat([1])) }",
	} {
		res := run(t, src, "", limits)
		if res.Error == nil || !strings.Contains(res.Error.Message, "larger than 32 MB") {
			t.Errorf("%s\nends with %v", src, res.Error)
		}
	}
	// Garbage does not count.
	res := run(t, "let a = range(100000)\nlet n = 0\nfor i in range(100) { n += a.concat([1]).length }\nn", "", limits)
	if res.Status != engine.StatusSuccess {
		t.Errorf("the execution ends with %v", res.Error)
	}
}
