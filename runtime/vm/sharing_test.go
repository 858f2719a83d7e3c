package vm_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// updates generates statements that copy, update and hand around the arrays a,
// b, c and d, whose first element is a number.
func updates(t *rapid.T, depth int) string {
	name := func() string { return rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "name") }
	num := func() string { return fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "num")) }
	forms := []func() string{
		func() string { return name() + "[0] = " + num() },
		func() string { return name() + "[1] = " + name() },
		func() string { return name() + " = " + name() },
		func() string { return name() + " = set(" + name() + ", " + num() + ")" },
		func() string { return name() + " = both(" + name() + ")" },
		func() string { return name() + " = [" + num() + ", " + name() + "]" },
		func() string { return name() + " = " + name() + ".push(" + num() + ")" },
		func() string { return name() + " = [..." + name() + ", " + num() + "]" },
		func() string { x, y := name(), name(); return "[" + x + ", " + y + "] = [" + y + ", " + x + "]" },
		func() string {
			x := name()
			return "if typeof " + x + "[1] == \"array\" && " + x + "[1].length > 0 { " + x + "[1][0] = " + num() + " }"
		},
		func() string { return name() + " = (z => { z[0] = " + num() + "; z })(" + name() + ")" },
		func() string { return "h = () => " + name() },
		func() string { return name() + " = h()" },
		func() string { return name() + " = w(" + num() + ")" },
		func() string { x := name(); return "o.p = [" + x + ".concat(w(" + num() + ")), " + x + " === w(1)]" },
		func() string { return "o.p = \"${c}${w(" + num() + ")}\"; o.p = [o.p]" },
		func() string { return name() + " = [" + num() + ", o.p ~> 0.5]" },
		func() string { return name() + " = (" + name() + " ~> 0.1) ~||> " + name() },
		func() string { return name() + " = " + name() + " ~~ " + name() },
		func() string { return name() + " = match " + name() + " { [p, ...q] => [p, q] }" },
		func() string { return name() + " = " + name() + " ~> 0." + num() },
		func() string { return name() + " = [1, 2].reduce((acc, x) => { acc[0] = x; acc }, " + name() + ")" },
		func() string { return "o.p = " + name() + "; o.p[0] = " + num() },
		func() string { return name() + " = o.p" },
		func() string { return "q = o; q.p = " + name() + "; o.p[0] = " + num() + "; " + name() + " = q.p" },
		func() string {
			x := name()
			return x + " = if " + num() + " > 4 { " + name() + " } else { " + name() + " }"
		},
	}
	if depth > 0 {
		block := func() string {
			n := rapid.IntRange(1, 4).Draw(t, "n")
			var b strings.Builder
			for range n {
				b.WriteString(updates(t, depth-1) + "\n")
			}
			return b.String()
		}
		forms = append(forms,
			func() string {
				return "if " + name() + "[0] > " + num() + " {\n" + block() + "} else {\n" + block() + "}"
			},
			func() string {
				return "for i in range(3) {\n" + block() + "if i == 1 { " + rapid.SampledFrom([]string{"break", "continue", "i"}).Draw(t, "way") + " }\n" + block() + "}"
			},
			func() string {
				return "try {\n" + block() + "if " + name() + "[0] > 4 { throw " + name() + " }\n" + block() + "} catch (e) { " +
					name() + " = e }" + rapid.SampledFrom([]string{"", " finally {\n" + block() + "}"}).Draw(t, "finally")
			},
			func() string { x := name(); return "{ let " + x + " = " + name() + "\n" + block() + "d = " + x + " }" },
			func() string { return "for x in " + name() + " {\n" + block() + "}" },
		)
	}
	return rapid.SampledFrom(forms).Draw(t, "form")()
}

// TestUpdatesInPlace: when the machine updates an array in place, nobody sees a
// difference. A program whose last uses are not known, so that nearly
// everything is copied, gives the same.
func TestUpdatesInPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var body strings.Builder
		for range rapid.IntRange(1, 8).Draw(t, "statements") {
			body.WriteString(updates(t, 2) + "\n")
		}
		src := "fn set(x, n) { x[0] = n; return x }\nfn both(x) { y = x; x[0] = x.length; [y[0], x, y] }\n" +
			"fn all() {\nlet a = [1, 2]; let b = [3, [4]]; let c = a; let d = [5, b]; let o = {p: [6]}; let h = () => a; let q = null; let w = n => { c[0] = n; return c }\n" +
			body.String() + "[a, b, c, d, o, q, h()]\n}\nall()"
		var got [2]string
		for i, optimise := range []bool{false, true} {
			im, err := compile("test.prism", src, optimise)
			if err != nil {
				t.Fatalf("%v in\n%s", err, src)
			}
			v, failure, _ := run(im, &world{}, vm.Config{})
			got[i] = value.Inspect(v)
			if failure != nil {
				got[i] = failure.Message
			}
		}
		if got[0] != got[1] {
			t.Fatalf("%s\nand with moves\n%s\nfrom\n%s", got[0], got[1], src)
		}
	})
}
